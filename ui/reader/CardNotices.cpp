// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/CardNotices.h"

#include "ui/reader/ReaderContext.h"
#include "ui/theme/InfoBar.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDesktopServices>

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

const QString doubtBar = QStringLiteral("doubt");
const QString listBar = QStringLiteral("list");
const QString receiptBar = QStringLiteral("receipt");
const QString deliveryBar = QStringLiteral("delivery");

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

QString listName(const OpenedMessage& message)
{
    const MailingList& list = message.insight.list;
    if (!list.name.empty())
        return text(list.name);
    if (!message.parsed.from.empty() && !message.parsed.from.front().name.empty())
        return text(message.parsed.from.front().name);
    return message.parsed.from.empty() ? text(list.id) : text(message.parsed.from.front().address);
}

/// RFC 3463, by class and subject; the rest in the server's own words.
QString reasonOf(const RecipientReport& report)
{
    const auto tr = [](const char* words) {
        return QCoreApplication::translate("avocet::CardNotices", words);
    };
    const std::string status = report.status.size() > 2 ? report.status.substr(2) : std::string();
    constexpr std::pair<const char*, const char*> known[] = {
        {"1.1", QT_TRANSLATE_NOOP("avocet::CardNotices", "there is no such address")},
        {"1.2", QT_TRANSLATE_NOOP("avocet::CardNotices", "there is no such domain")},
        {"1.10", QT_TRANSLATE_NOOP("avocet::CardNotices", "its domain takes no mail")},
        {"2.1", QT_TRANSLATE_NOOP("avocet::CardNotices", "the mailbox is closed")},
        {"2.2", QT_TRANSLATE_NOOP("avocet::CardNotices", "the mailbox is full")},
        {"2.3", QT_TRANSLATE_NOOP("avocet::CardNotices", "the message is too large")},
        {"3.4", QT_TRANSLATE_NOOP("avocet::CardNotices", "the message is too large")},
        {"4.1", QT_TRANSLATE_NOOP("avocet::CardNotices", "its server does not answer")},
        {"4.4", QT_TRANSLATE_NOOP("avocet::CardNotices", "its server was not found")},
        {"4.7", QT_TRANSLATE_NOOP("avocet::CardNotices", "its server did not answer for days")},
    };
    for (const auto& [code, words] : known)
        if (status == code)
            return tr(words);
    if (status.starts_with("7."))
        return tr(QT_TRANSLATE_NOOP("avocet::CardNotices", "its server refused the message"));
    return text(report.diagnostic).left(200);
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

QString deliveryWords(const RecipientReport& report)
{
    const QString reason = reasonOf(report);
    const QString who =
        report.recipient.empty() ? CardNotices::tr("a recipient") : text(report.recipient);
    return reason.isEmpty() ? who : who + QStringLiteral(": ") + reason;
}

CardNotices::CardNotices(ReaderContext& context, InfoBarStack& bars, QObject* parent)
    : QObject(parent)
    , m_context(context)
    , m_bars(bars)
{
    connect(&m_context.engine(), &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (request != m_sending)
                    return;
                m_sending = {};
                Q_EMIT m_context.toastRequested(reply ? tr("Receipt is in the outbox")
                                                      : tr("The receipt could not be sent"));
            });
}

void CardNotices::setMessage(std::shared_ptr<const OpenedMessage> message)
{
    m_message = std::move(message);
    for (const QString& key : {doubtBar, listBar, receiptBar, deliveryBar})
        m_bars.dismiss(key);
    if (!m_message)
        return;
    showDoubts();
    showDelivery();
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

void CardNotices::showDelivery()
{
    const auto& report = m_message->insight.delivery;
    if (!report || report->recipients.empty())
        return;
    const auto first =
        std::find_if(report->recipients.begin(), report->recipients.end(),
                     [](const auto& one) { return one.action == DeliveryAction::Failed; });
    const bool failed = first != report->recipients.end();
    const RecipientReport& shown = failed ? *first : report->recipients.front();
    const bool delayed = !failed && shown.action == DeliveryAction::Delayed;
    QString words =
        failed ? tr("Not delivered to %1.").arg(deliveryWords(shown))
        : delayed
            ? tr("Not delivered yet to %1. The server keeps trying.").arg(deliveryWords(shown))
            : tr("Delivered to %1.").arg(text(shown.recipient));
    if (report->recipients.size() > 1)
        words += u' ' + tr("%n more", nullptr, static_cast<int>(report->recipients.size()) - 1);
    m_bars.show({deliveryBar,
                 failed    ? Severity::Danger
                 : delayed ? Severity::Warning
                           : Severity::Success,
                 words,
                 {},
                 true});
}

void CardNotices::offerUnsubscribe()
{
    const MessageInsight& insight = m_message->insight;
    if (insight.own || !insight.list.canUnsubscribe())
        return;
    m_bars.show({listBar,
                 Severity::Info,
                 tr("%1 sends to a list.").arg(listName(*m_message)),
                 {{tr("Unsubscribe"), [this] { askUnsubscribe(); }}},
                 true,
                 true});
}

/// It tells the sender that somebody reads this address, so a slip of the mouse should not do it.
void CardNotices::askUnsubscribe()
{
    const MailingList& list = m_message->insight.list;
    const QString host = QUrl(text(list.unsubscribeWeb)).host();
    if (!list.unsubscribesAtOnce && !list.unsubscribeMail.empty()) {
        Q_EMIT m_context.mailtoRequested(QUrl(text(list.unsubscribeMail)));
        return;
    }
    if (!list.unsubscribesAtOnce) {
        leaveByBrowser();
        return;
    }
    m_bars.show({listBar,
                 Severity::Info,
                 tr("Unsubscribe from %1? %2 is told so.").arg(listName(*m_message), host),
                 {{tr("Unsubscribe"), [this] { unsubscribe(); }},
                  {tr("Keep"), [this] { offerUnsubscribe(); }}},
                 true});
}

void CardNotices::unsubscribe()
{
    m_bars.show({listBar, Severity::Info, tr("Unsubscribing"), {}, false});
    const auto message = m_message;
    m_context.unsubscriber().unsubscribe(
        this, QUrl(text(message->insight.list.unsubscribeWeb)), [this, message](bool done) {
            if (message != m_message)
                return;
            if (done)
                m_bars.show({listBar,
                             Severity::Success,
                             tr("Unsubscribed from %1.").arg(listName(*message)),
                             {},
                             true});
            else
                m_bars.show({listBar,
                             Severity::Warning,
                             tr("%1 did not take it.").arg(listName(*message)),
                             {{tr("Open in browser"), [this] { leaveByBrowser(); }},
                              {tr("Try again"), [this] { unsubscribe(); }}},
                             true});
        });
}

void CardNotices::leaveByBrowser()
{
    m_bars.dismiss(listBar);
    QDesktopServices::openUrl(QUrl(text(m_message->insight.list.unsubscribeWeb)));
}

void CardNotices::askReceipt()
{
    const auto& wish = m_message->insight.receiptWish;
    if (!wish || wish->to.empty() || (m_message->summary.flags & MdnSent))
        return;
    const QString to = text(wish->to.front().address);
    m_bars.show({receiptBar,
                 wish->elsewhere ? Severity::Warning : Severity::Info,
                 wish->elsewhere
                     ? tr("A receipt is asked for by %1, which is not the sender.").arg(to)
                     : tr("%1 asks to be told that you have read this.").arg(to),
                 {{tr("Send receipt"), [this] { sendReceipt(); }},
                  {tr("No"), [this] { receiptAnswered(); }}},
                 false});
}

/// Nobody asks again, here or in another program (RFC 3503).
void CardNotices::receiptAnswered()
{
    m_bars.dismiss(receiptBar);
    if (m_message->summary.id)
        m_context.engine().submit(command::Mark{{m_message->summary.id}, MdnSent, 0, false});
}

void CardNotices::sendReceipt()
{
    const auto identities = m_context.engine().queries().identities();
    if (identities.empty())
        return;
    const auto& parsed = m_message->parsed;
    const auto isTold = [&](const Identity& own) {
        const auto same = [&](const Address& one) {
            return text(one.address).compare(text(own.email), Qt::CaseInsensitive) == 0;
        };
        return std::any_of(parsed.to.begin(), parsed.to.end(), same) ||
               std::any_of(parsed.cc.begin(), parsed.cc.end(), same);
    };
    auto identity = std::find_if(identities.begin(), identities.end(), isTold);
    if (identity == identities.end())
        identity = identities.begin();
    const QString subject = text(parsed.subject);
    const SendingStyle style = m_context.sendingStyle();
    const QDateTime now = QDateTime::currentDateTime();
    const auto built =
        buildReadReceipt(*m_message->insight.receiptWish, parsed, *identity,
                         tr("Read: %1").arg(subject).toStdString(),
                         tr("Your message \"%1\" was read on %2.")
                             .arg(subject, QLocale().toString(style.utcDate ? now.toUTC() : now,
                                                              QLocale::LongFormat))
                             .toStdString(),
                         now.toSecsSinceEpoch(), style);
    if (!built) {
        Q_EMIT m_context.toastRequested(tr("The receipt could not be sent"));
        return;
    }
    receiptAnswered();
    m_sending =
        m_context.engine().submit(command::SendRaw{built->bytes, identity->account, false, true});
}

} // namespace avocet
