// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/CardNotices.h"

#include "core/mime/MessageBuilder.h"
#include "ui/reader/OwnIdentity.h"
#include "ui/reader/ReaderContext.h"
#include "ui/theme/InfoBar.h"
#include "ui/words/ErrorWords.h"

#include <QDateTime>
#include <QPointer>

#include <algorithm>
#include <chrono>

namespace avocet {

using namespace std::chrono_literals;

namespace {

const QString doubtBar = QStringLiteral("doubt");
const QString receiptBar = QStringLiteral("receipt");

QString text(const std::string& words)
{
    return QString::fromStdString(words);
}

Severity weightOf(SenderDoubt doubt)
{
    switch (doubt) {
    case SenderDoubt::NameShowsAddress:
    case SenderDoubt::MixedScripts:
    case SenderDoubt::LookAlikeDomain:
        return Severity::Danger;
    case SenderDoubt::FirstTime:
        return Severity::Info;
    default:
        return Severity::Warning;
    }
}

constexpr const char* receiptKind = "receipt";

std::string receiptKey(const OpenedMessage& message)
{
    const ParsedMessage& parsed = message.parsed;
    if (!parsed.messageId.empty())
        return parsed.messageId;
    return (parsed.from.empty() ? std::string() : parsed.from.front().address) + ' ' +
           std::to_string(parsed.date.value_or(0)) + ' ' + parsed.subject;
}

/// Nobody asks again, here or in another program (RFC 3503); here also where the server keeps no such mark.
void receiptAnswered(MailEngine& engine, const OpenedMessage& message, const char* answer)
{
    engine.submit(command::RememberNotice{{receiptKind, receiptKey(message), answer}});
    if (message.summary.id)
        engine.submit(command::Mark{{message.summary.id}, MdnSent, 0, false});
}

} // namespace

QString doubtWords(const SenderFinding& finding)
{
    const QString shown = text(finding.shown), really = text(finding.really);
    switch (finding.doubt) {
    case SenderDoubt::NoSender:
        return CardNotices::tr("This message does not say who sent it.");
    case SenderDoubt::SeveralSenders:
        return CardNotices::tr("This message names several senders: %1.").arg(shown);
    case SenderDoubt::NameShowsAddress:
        return CardNotices::tr("The name shows %1, but the message comes from %2.")
            .arg(shown, really);
    case SenderDoubt::MixedScripts:
        return CardNotices::tr("The sender's domain is written in letters that look like others. "
                               "It is really %1.")
            .arg(really);
    case SenderDoubt::LookAlikeDomain:
        return CardNotices::tr("%1 looks like %2, which you know, but is another domain.")
            .arg(really, shown);
    case SenderDoubt::ReplyToElsewhere:
        return CardNotices::tr("Replies go to %1, not to the sender %2.").arg(shown, really);
    case SenderDoubt::FirstTime:
        return CardNotices::tr("This is the first message from %1.").arg(really);
    }
    return {};
}

CardNotices::CardNotices(ReaderContext& context, InfoBarStack& bars, QObject* parent)
    : QObject(parent)
    , m_context(context)
    , m_bars(bars)
{
    connect(&m_bars, &InfoBarStack::closedByUser, this, &CardNotices::listBarClosed);
    // A report may come while the message is read; many messages that come at once cost one look.
    m_reportsSoon.setSingleShot(true);
    m_reportsSoon.setInterval(300ms);
    connect(&m_reportsSoon, &QTimer::timeout, this, &CardNotices::lookForReports);
    connect(&m_context.engine(), &MailEngine::previewsArrived, &m_reportsSoon,
            qOverload<>(&QTimer::start));
}

void CardNotices::setMessage(std::shared_ptr<const OpenedMessage> message)
{
    m_message = std::move(message);
    m_reportsShown = 0;
    for (const QString& key : {doubtBar, receiptBar})
        m_bars.dismiss(key);
    dismissReports();
    dropListBars();
    if (!m_message)
        return;
    showDoubts();
    showDelivery();
    showReceipt();
    lookForReports();
    offerUnsubscribe();
    askReceipt();
}

/// The worst alone: whoever pretends to be somebody else is also new.
void CardNotices::showDoubts()
{
    const auto& doubts = m_message->insight.doubts;
    if (!doubts.empty())
        m_bars.show(
            {doubtBar, weightOf(doubts.front().doubt), doubtWords(doubts.front()), {}, true});
}

void CardNotices::askReceipt()
{
    const auto& wish = m_message->insight.receiptWish;
    MailEngine& engine = m_context.engine();
    if (!wish || wish->to.empty() || (m_message->summary.flags & MdnSent) ||
        engine.queries().noticeAnswer(receiptKind, receiptKey(*m_message)))
        return;
    const QString to = text(wish->to.front().address);
    m_bars.show({receiptBar,
                 wish->elsewhere ? Severity::Warning : Severity::Info,
                 wish->elsewhere
                     ? tr("A receipt is asked for by %1, which is not the sender.").arg(to)
                     : tr("%1 asks to be told that you have read this.").arg(to),
                 {{tr("Send receipt"), [this] { sendReceipt(); }},
                  {tr("No"),
                   [this] {
                       m_bars.dismiss(receiptBar);
                       receiptAnswered(m_context.engine(), *m_message, "no");
                   }}},
                 false});
}

void CardNotices::sendReceipt()
{
    const auto message = m_message;
    const auto identity =
        identityWrittenTo(m_context.engine().queries(), message->summary.folder, *message);
    if (!identity) {
        receiptFailed(*message, tr("It was sent to none of your addresses, so no receipt can be "
                                   "sent."));
        return;
    }
    const QString subject = text(message->parsed.subject);
    const SendingStyle style = m_context.sendingStyle();
    const QDateTime now = QDateTime::currentDateTime();
    const auto built =
        buildReadReceipt(*message->insight.receiptWish, message->parsed, *identity,
                         tr("Read: %1").arg(subject).toStdString(),
                         tr("Your message \"%1\" was read on %2.")
                             .arg(subject, QLocale().toString(style.utcDate ? now.toUTC() : now,
                                                              QLocale::LongFormat))
                             .toStdString(),
                         now.toSecsSinceEpoch(), style);
    if (!built) {
        receiptFailed(*message, errorSentence(built.error(), {}));
        return;
    }
    m_bars.dismiss(receiptBar);
    m_context.submit(
        command::SendRaw{built->bytes, identity->account, false, true},
        [self = QPointer(this), &context = m_context, message](const Result<QJsonObject>& reply) {
            if (reply) {
                receiptAnswered(context.engine(), *message, "sent");
                Q_EMIT context.toastRequested(tr("Receipt is in the outbox"));
            } else if (self) {
                self->receiptFailed(*message, errorSentence(reply.error(), {}));
            } else {
                Q_EMIT context.toastRequested(tr("The receipt could not be sent"));
            }
        });
}

void CardNotices::receiptFailed(const OpenedMessage& message, const QString& words)
{
    if (m_message.get() != &message) {
        Q_EMIT m_context.toastRequested(tr("The receipt could not be sent"));
        return;
    }
    m_bars.show({receiptBar,
                 Severity::Danger,
                 tr("The receipt could not be sent.") + u' ' + words,
                 {{tr("Try again"), [this] { sendReceipt(); }}},
                 true});
}

} // namespace avocet
