// SPDX-License-Identifier: GPL-3.0-or-later
// The invitation in a card's message, and the user's answer to it.
#include "ui/reader/InvitationCard.h"
#include "ui/reader/MessageCard.h"
#include "ui/reader/ReaderContext.h"
#include "ui/theme/Theme.h"
#include "ui/words/ErrorWords.h"

#include <QBoxLayout>
#include <QCoreApplication>
#include <QDateTime>
#include <QPointer>
#include <QThreadPool>

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

constexpr std::pair<Participation, const char*> answerNames[] = {
    {Participation::Accepted, "accepted"},
    {Participation::Tentative, "tentative"},
    {Participation::Declined, "declined"}};

std::int64_t occurrenceOf(const Invitation& invitation)
{
    return invitation.recurrenceId ? invitation.recurrenceId->utc : 0;
}

} // namespace

void MessageCard::lookForInvitation()
{
    const ParsedMessage& parsed = m_opened->parsed;
    const bool calendar =
        std::any_of(parsed.parts.begin(), parsed.parts.end(), [](const MimePart& part) {
            return part.type == "text/calendar" || part.name.ends_with(".ics");
        });
    if (!calendar) {
        return;
    }
    QThreadPool::globalInstance()->start([self = QPointer(this), message = m_opened] {
        auto found = std::make_shared<std::optional<Invitation>>(
            invitationIn(message->raw, message->parsed));
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, message, found] {
                if (self && self->m_opened == message && *found) {
                    self->presentInvitation(**found);
                }
            },
            Qt::QueuedConnection);
    });
}

std::optional<Identity> MessageCard::ownIdentity() const
{
    const std::vector<Identity> all = m_context.engine().queries().identities();
    AccountId account;
    for (const Folder& folder : m_context.engine().queries().folders()) {
        if (folder.id == m_summary.folder) {
            account = folder.account;
        }
    }
    std::optional<Identity> found;
    for (const Identity& each : all) {
        if (account && each.account != account) {
            continue;
        }
        for (const auto* list : {&m_opened->parsed.to, &m_opened->parsed.cc}) {
            for (const Address& person : *list) {
                if (QString::fromStdString(person.address)
                        .compare(QString::fromStdString(each.email), Qt::CaseInsensitive) == 0) {
                    return each;
                }
            }
        }
        found = found ? found : each;
    }
    return found;
}

void MessageCard::presentInvitation(const Invitation& invitation)
{
    constexpr int place = 2; // behind the banners
    auto* column = static_cast<QVBoxLayout*>(m_content->layout());
    if (m_invitation) {
        delete m_invitation;
        delete column->takeAt(place);
    }
    const auto own = m_context.ownAddresses();
    const bool mine = own.contains(QString::fromStdString(invitation.organizer.address).toLower());
    const bool asks = invitation.method == InvitationMethod::Request && !invitation.cancelled &&
                      !invitation.organizer.address.empty() && !mine;
    m_invitation = new InvitationCard(invitation, asks, m_content);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(metrics::space2, metrics::space4, metrics::space2, 0);
    row->addWidget(m_invitation, 100); // at the reading edge, wherever it ends
    row->addStretch(1);
    column->insertLayout(place, row);
    connect(m_invitation, &InvitationCard::answered, this,
            [this, invitation](Participation answer) { answerInvitation(invitation, answer); });
    // A later version of it is to be answered anew.
    const auto before =
        m_context.engine().queries().answerTo(invitation.uid, occurrenceOf(invitation));
    for (const auto& [answer, name] : answerNames) {
        if (before && asks && before->sequence >= invitation.sequence && before->answer == name) {
            m_invitation->setAnswer(answer);
        }
    }
}

void MessageCard::answerInvitation(const Invitation& invitation, Participation answer)
{
    const auto identity = ownIdentity();
    if (!identity) {
        return;
    }
    const QString what = QString::fromStdString(invitation.summary);
    const QString name =
        QString::fromStdString(identity->name.empty() ? identity->email : identity->name);
    const QString words = answer == Participation::Accepted ? tr("%1 accepts: %2").arg(name, what)
                          : answer == Participation::Declined
                              ? tr("%1 declines: %2").arg(name, what)
                              : tr("%1 may come: %2").arg(name, what);
    const QString subject = answer == Participation::Accepted   ? tr("Accepted: %1").arg(what)
                            : answer == Participation::Declined ? tr("Declined: %1").arg(what)
                                                                : tr("Tentative: %1").arg(what);
    const auto built =
        buildInvitationReply(invitation, answer, *identity, subject.toStdString(),
                             words.toStdString(), QDateTime::currentSecsSinceEpoch(),
                             m_context.sendingStyle());
    if (!built) {
        Q_EMIT m_context.toastRequested(errorSentence(built.error(), {}));
        return;
    }
    m_context.engine().submit(command::SendRaw{built->bytes, identity->account, false});
    Q_EMIT m_context.toastRequested(tr("Answer is on its way"));
    m_invitation->setAnswer(answer);
    for (const auto& [known, word] : answerNames) {
        if (known == answer) {
            m_context.engine().submit(command::RememberAnswer{
                {invitation.uid, occurrenceOf(invitation), invitation.sequence, word}});
        }
    }
}

} // namespace avocet
