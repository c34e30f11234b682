// SPDX-License-Identifier: GPL-3.0-or-later
// Leaving the list or newsletter that a message came by.
#include "ui/reader/CardNotices.h"

#include "core/mime/MessageBuilder.h"
#include "ui/reader/OwnIdentity.h"
#include "ui/reader/ReaderContext.h"
#include "ui/theme/InfoBar.h"
#include "ui/words/ErrorWords.h"

#include <QDateTime>
#include <QDesktopServices>
#include <QLocale>
#include <QPointer>
#include <QUrl>

namespace avocet {

namespace {

const QString listBar = QStringLiteral("list"); ///< offers and asks
const QString leftBar = QStringLiteral("left"); ///< what became of it
constexpr const char* listKind = "list";

QString listText(const std::string& words)
{
    return QString::fromStdString(words);
}

QString listName(const OpenedMessage& message)
{
    const MailingList& list = message.insight.list;
    if (!list.name.empty())
        return listText(list.name);
    if (!message.parsed.from.empty() && !message.parsed.from.front().name.empty())
        return listText(message.parsed.from.front().name);
    return message.parsed.from.empty() ? listText(list.id)
                                       : listText(message.parsed.from.front().address);
}

/// A list that was left may take so long to notice.
constexpr std::int64_t leavingTakes = 10 * 24 * 3600;

std::string listKey(const OpenedMessage& message)
{
    const std::string& id = message.insight.list.id;
    const auto& from = message.parsed.from;
    const QString key = listText(!id.empty()    ? id
                                 : from.empty() ? std::string()
                                                : from.front().address);
    return key.toLower().toStdString();
}

} // namespace

bool CardNotices::canUnsubscribe() const
{
    return m_message && !m_message->insight.own && m_message->insight.list.canUnsubscribe();
}

void CardNotices::dropListBars()
{
    m_bars.dismiss(listBar);
    m_bars.dismiss(leftBar);
}

/// To close the offer is to decline it.
void CardNotices::listBarClosed(const QString& key)
{
    if (key == listBar && m_message)
        keepList();
}

void CardNotices::offerUnsubscribe()
{
    if (!canUnsubscribe())
        return;
    const auto answer = m_context.engine().queries().noticeAnswer(listKind, listKey(*m_message));
    const bool left = answer && answer->answer == "left";
    if (answer && (!left || m_message->summary.date < answer->answered + leavingTakes))
        return;
    const QString day =
        left ? QLocale().toString(QDateTime::fromSecsSinceEpoch(answer->answered).date(),
                                  QLocale::LongFormat)
             : QString();
    m_bars.show({listBar,
                 left ? Severity::Warning : Severity::Info,
                 left ? tr("You unsubscribed from %1 on %2, but it still sends.")
                            .arg(listName(*m_message), day)
                      : tr("%1 sends to a list.").arg(listName(*m_message)),
                 {{tr("Unsubscribe"), [this] { askUnsubscribe(); }}},
                 true,
                 true});
}

/// It tells the sender that somebody reads this address, so a slip of the mouse should not do it.
void CardNotices::askUnsubscribe()
{
    const MailingList& list = m_message->insight.list;
    if (!list.unsubscribesAtOnce && list.unsubscribeMail.empty()) {
        leaveByBrowser();
        return;
    }
    const QString name = listName(*m_message);
    const bool byMail = !list.unsubscribesAtOnce;
    const Draft draft = byMail ? leavingDraft(QUrl(listText(list.unsubscribeMail))) : Draft();
    const QString words =
        !byMail ? tr("Unsubscribe from %1? %2 is told so.")
                      .arg(name, QUrl(listText(list.unsubscribeWeb)).host())
                : tr("Unsubscribe from %1? A message is sent to %2.")
                      .arg(name, draft.to.empty() ? QString() : listText(draft.to.front().address));
    m_bars.show(
        {listBar,
         Severity::Info,
         words,
         {{tr("Unsubscribe"), [this, byMail] { byMail ? unsubscribeByMail() : unsubscribe(); }},
          {tr("Keep"), [this] { keepList(); }}},
         true});
}

void CardNotices::keepList()
{
    m_bars.dismiss(listBar);
    m_context.engine().submit(command::RememberNotice{{listKind, listKey(*m_message), "kept"}});
}

void CardNotices::leftList(const OpenedMessage& message)
{
    m_context.engine().submit(command::RememberNotice{{listKind, listKey(message), "left"}});
}

void CardNotices::unsubscribeByMail()
{
    const auto message = m_message;
    const auto identity =
        identityWrittenTo(m_context.engine().queries(), message->summary.folder, *message);
    const QUrl mailto(listText(message->insight.list.unsubscribeMail));
    m_bars.dismiss(listBar);
    if (!identity) {
        m_bars.show({leftBar,
                     Severity::Warning,
                     tr("None of your addresses is on this list."),
                     {{tr("Write"), [this, mailto] { Q_EMIT m_context.mailtoRequested(mailto); }}},
                     true});
        return;
    }
    const auto built =
        buildMessage(leavingDraft(mailto), *identity, QDateTime::currentSecsSinceEpoch());
    const auto fails = [self = QPointer(this), &context = m_context, message,
                        mailto](const Error& error) {
        if (!self || self->m_message != message) {
            Q_EMIT context.toastRequested(errorSentence(error, {}));
            return;
        }
        self->m_bars.show(
            {leftBar,
             Severity::Danger,
             errorSentence(error, {}),
             {{tr("Write"), [&context, mailto] { Q_EMIT context.mailtoRequested(mailto); }}},
             true});
    };
    if (!built) {
        fails(built.error());
        return;
    }
    m_context.submit(
        command::SendRaw{built->bytes, identity->account},
        [self = QPointer(this), &context = m_context, message,
         fails](const Result<QJsonObject>& reply) {
            if (!reply) {
                fails(reply.error());
                return;
            }
            context.engine().submit(command::RememberNotice{{listKind, listKey(*message), "left"}});
            Q_EMIT context.toastRequested(tr("The message that unsubscribes you is in the outbox"));
        });
}

void CardNotices::unsubscribe()
{
    m_bars.dismiss(leftBar);
    m_bars.show({listBar, Severity::Info, tr("Unsubscribing"), {}, false});
    const auto message = m_message;
    m_context.unsubscriber().unsubscribe(
        this, QUrl(listText(message->insight.list.unsubscribeWeb)),
        [this, message](Unsubscriber::Answer answer) {
            const bool done = answer == Unsubscriber::Answer::Done;
            if (done)
                leftList(*message);
            if (message != m_message)
                return;
            m_bars.dismiss(listBar);
            if (done)
                m_bars.show({leftBar,
                             Severity::Success,
                             tr("Unsubscribed from %1.").arg(listName(*message)),
                             {},
                             true});
            else
                m_bars.show(
                    {leftBar,
                     Severity::Warning,
                     answer == Unsubscriber::Answer::Unreached
                         ? tr("%1 could not be reached. You are still on its list.")
                               .arg(QUrl(listText(message->insight.list.unsubscribeWeb)).host())
                         : tr("%1 did not take it.").arg(listName(*message)),
                     {{tr("Open in browser"), [this] { leaveByBrowser(); }},
                      {tr("Try again"), [this] { unsubscribe(); }}},
                     true});
        });
}

void CardNotices::leaveByBrowser()
{
    dropListBars();
    QDesktopServices::openUrl(QUrl(listText(m_message->insight.list.unsubscribeWeb)));
}

} // namespace avocet
