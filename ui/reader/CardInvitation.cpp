// SPDX-License-Identifier: GPL-3.0-or-later
// The invitation in a card's message, and the user's answer to it.
#include "ui/OnWorker.h"
#include "ui/reader/InvitationCard.h"
#include "ui/reader/InvitationWords.h"
#include "ui/reader/MessageCard.h"
#include "ui/reader/OwnIdentity.h"
#include "ui/reader/ReaderContext.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"
#include "ui/words/ErrorWords.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QPointer>
#include <QUrl>

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

constexpr std::pair<Participation, const char*> answerNames[] = {
    {Participation::Accepted, "accepted"},
    {Participation::Tentative, "tentative"},
    {Participation::Declined, "declined"}};

const QString answerBar = QStringLiteral("invitation");

bool mayHoldInvitation(const ParsedMessage& parsed)
{
    return std::any_of(parsed.parts.begin(), parsed.parts.end(), [](const MimePart& part) {
        return part.type == "text/calendar" || part.type == "application/ics" ||
               part.name.ends_with(".ics");
    });
}

const char* answerName(Participation answer)
{
    for (const auto& [known, name] : answerNames) {
        if (known == answer) {
            return name;
        }
    }
    return "";
}

std::int64_t occurrenceOf(const Invitation& invitation)
{
    return invitation.recurrenceId ? invitation.recurrenceId->utc : 0;
}

} // namespace

/// Unfolded or not: a later version or a cancellation counts for the cards above it before anybody opens it.
void MessageCard::readInvitation(const std::shared_ptr<const OpenedMessage>& message)
{
    onWorker(
        this, [message] { return invitationIn(message->raw, message->parsed); },
        [this, message](std::optional<Invitation> found) {
            if (!found || (m_opened && m_opened != message)) {
                return;
            }
            m_invited = std::move(found);
            m_invitedByAuthor = isFromItsAuthor(*m_invited, message->parsed.from);
            if (m_opened) {
                presentInvitation();
            }
            Q_EMIT invitationFound();
        });
}

void MessageCard::lookForInvitation()
{
    if (m_opened) {
        if (mayHoldInvitation(m_opened->parsed)) {
            readInvitation(m_opened);
        }
        return;
    }
    if (std::exchange(m_lookedAhead, true) || !m_summary.id) {
        return;
    }
    m_context.engine().queries().openMessage(
        this, m_summary.id, [this](Result<OpenedMessage> message) {
            if (message && message->hasBody && !m_opened && mayHoldInvitation(message->parsed)) {
                readInvitation(std::make_shared<const OpenedMessage>(std::move(*message)));
            }
        });
}

/// The invited address above all: the answer is for whoever was invited under it.
std::optional<Identity> MessageCard::invitedIdentity() const
{
    MailQueries& queries = m_context.engine().queries();
    OpenedMessage invited;
    for (const Attendee& each : m_invited->attendees) {
        invited.parsed.to.push_back(each.who);
    }
    const auto identity = identityWrittenTo(queries, {}, invited);
    return identity ? identity : identityWrittenTo(queries, m_summary.folder, *m_opened);
}

void MessageCard::presentInvitation()
{
    constexpr int place = 2; // behind the banners
    const Invitation& invitation = *m_invited;
    auto* column = static_cast<QVBoxLayout*>(m_content->layout());
    if (m_invitation) {
        delete m_invitation;
        delete column->takeAt(place);
    }
    const auto own = m_context.ownAddresses();
    const bool mine = own.contains(QString::fromStdString(invitation.organizer.address).toLower());
    const bool asks = invitation.method == InvitationMethod::Request && !invitation.cancelled &&
                      !invitation.organizer.address.empty() && !mine;
    m_invitation = new InvitationCard(invitation, asks,
                                      originWarning(invitation, m_opened->parsed.from), m_content);
    auto* row = new QHBoxLayout;
    row->setContentsMargins(metrics::space2, metrics::space4, metrics::space2, 0);
    row->addWidget(m_invitation, 100); // at the reading edge, wherever it ends
    row->addStretch(1);
    column->insertLayout(place, row);
    connect(m_invitation, &InvitationCard::answered, this, &MessageCard::answerInvitation);
    // A later version of it is to be answered anew.
    const auto before =
        m_context.engine().queries().answerTo(invitation.uid, occurrenceOf(invitation));
    for (const auto& [answer, name] : answerNames) {
        if (before && asks && before->sequence >= invitation.sequence && before->answer == name) {
            m_invitation->setAnswer(answer);
        }
    }
}

/// Null where it has none, or was not opened yet.
InvitationCard* MessageCard::invitationCard() const
{
    return m_invitation;
}

void MessageCard::answerFailed(const QString& words)
{
    m_invitation->setAnswering(false);
    const QUrl organizer(QStringLiteral("mailto:") +
                         QString::fromLatin1(QUrl::toPercentEncoding(
                             QString::fromStdString(m_invited->organizer.address), "@")));
    m_bars->show({answerBar,
                  Severity::Danger,
                  words,
                  {{tr("Write to organizer"),
                    [this, organizer] { Q_EMIT m_context.mailtoRequested(organizer); }}},
                  true});
}

void MessageCard::answerInvitation(Participation answer)
{
    const Invitation& invitation = *m_invited;
    const auto identity = invitedIdentity();
    if (!identity) {
        answerFailed(tr("None of your addresses was invited, so nobody would know whose answer "
                        "this is."));
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
    const auto built = buildInvitationReply(invitation, answer, *identity, subject.toStdString(),
                                            words.toStdString(), QDateTime::currentSecsSinceEpoch(),
                                            m_context.sendingStyle());
    if (!built) {
        answerFailed(tr("The answer could not be sent.") + u' ' + errorSentence(built.error(), {}));
        return;
    }
    m_bars->dismiss(answerBar);
    m_invitation->setAnswering(true);
    const command::RememberAnswer remembered{
        {invitation.uid, occurrenceOf(invitation), invitation.sequence, answerName(answer)}};
    m_context.submit(command::SendRaw{built->bytes, identity->account, false},
                     [self = QPointer(this), &context = m_context, remembered,
                      answer](const Result<QJsonObject>& reply) {
                         const QString failed = reply ? QString()
                                                      : tr("The answer could not be sent.") + u' ' +
                                                            errorSentence(reply.error(), {});
                         if (reply) {
                             context.engine().submit(remembered);
                             Q_EMIT context.toastRequested(tr("Answer is on its way"));
                         } else if (!self || !self->m_invitation) {
                             Q_EMIT context.toastRequested(failed);
                         }
                         if (self && self->m_invitation) {
                             self->m_invitation->setAnswering(false);
                             reply ? self->m_invitation->setAnswer(answer)
                                   : self->answerFailed(failed);
                         }
                     });
}

} // namespace avocet
