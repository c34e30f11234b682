// SPDX-License-Identifier: GPL-3.0-or-later
// What became of a message that was sent, in words: above the report itself, and above the message that it is about.
#include "ui/reader/CardNotices.h"

#include "ui/reader/ReaderContext.h"
#include "ui/theme/InfoBar.h"
#include "ui/words/DateWords.h"
#include "ui/words/SmtpWords.h"

#include <QDateTime>

#include <algorithm>

namespace avocet {

namespace {

const QString deliveryBar = QStringLiteral("delivery");
const QString readBar = QStringLiteral("read");

QString reported(const std::string& words)
{
    return QString::fromStdString(words);
}

/// In plain words where the code is known, else in the server's own.
QString reasonOf(const RecipientReport& report)
{
    const QString reason = smtpReason(reported(report.status + ' ' + report.diagnostic));
    return reason.isEmpty() ? reported(report.diagnostic).left(200) : reason;
}

/// "12 Sep 14:02", of today the time alone.
QString shortTime(std::int64_t seconds)
{
    const QString day = listDate(seconds), time = clockTime(QDateTime::fromSecsSinceEpoch(seconds));
    return day == time ? time : day + QLatin1Char(' ') + time;
}

QString receiptWords(const ReadReceipt& receipt, std::int64_t date)
{
    const QString who =
        receipt.recipient.empty() ? CardNotices::tr("a recipient") : reported(receipt.recipient);
    return receipt.displayed
               ? CardNotices::tr("Read by %1, %2.").arg(who, shortTime(date))
               : CardNotices::tr("Put away unread by %1, %2.").arg(who, shortTime(date));
}

/// What is known of each recipient, the gravest first.
struct Outcome {
    std::vector<RecipientReport> recipients;

    void add(const RecipientReport& report)
    {
        const auto isSame = [&](const RecipientReport& one) {
            return reported(one.recipient)
                       .compare(reported(report.recipient), Qt::CaseInsensitive) == 0;
        };
        if (std::none_of(recipients.begin(), recipients.end(), isSame))
            recipients.push_back(report);
    }
    void sort()
    {
        std::stable_sort(recipients.begin(), recipients.end(),
                         [](const auto& a, const auto& b) { return a.action < b.action; });
    }
    QStringList failed() const
    {
        QStringList all;
        for (const RecipientReport& one : recipients)
            if (one.action == DeliveryAction::Failed && !one.recipient.empty())
                all << reported(one.recipient);
        return all;
    }
    Severity severity() const
    {
        const DeliveryAction worst = recipients.front().action;
        return worst == DeliveryAction::Failed    ? Severity::Danger
               : worst == DeliveryAction::Delayed ? Severity::Warning
                                                  : Severity::Success;
    }
    QString words() const
    {
        const RecipientReport& worst = recipients.front();
        const QString who = deliveryWords(worst);
        QString all =
            worst.action == DeliveryAction::Failed
                ? CardNotices::tr("Not delivered to %1.").arg(who)
            : worst.action == DeliveryAction::Delayed
                ? CardNotices::tr("Not delivered yet to %1. The server keeps trying.").arg(who)
                : CardNotices::tr("Delivered to %1.").arg(reported(worst.recipient));
        if (recipients.size() > 1)
            all +=
                u' ' + CardNotices::tr("%n more", nullptr, static_cast<int>(recipients.size()) - 1);
        return all;
    }
};

} // namespace

QString deliveryWords(const RecipientReport& report)
{
    const QString reason = reasonOf(report);
    const QString who =
        report.recipient.empty() ? CardNotices::tr("a recipient") : reported(report.recipient);
    return reason.isEmpty() ? who : who + QStringLiteral(": ") + reason;
}

void CardNotices::dismissReports()
{
    m_bars.dismiss(deliveryBar);
    m_bars.dismiss(readBar);
}

/// The way from a report to what it is about, where that is here.
QList<BarAction> CardNotices::originalOf(const std::string& messageId) const
{
    const MessageId original = m_context.engine().queries().messageCalled(messageId);
    if (!original)
        return {};
    return {
        {tr("Show message"), [this, original] { Q_EMIT m_context.windowRequested({}, original); }}};
}

void CardNotices::showDelivery()
{
    const auto& report = m_message->insight.delivery;
    if (!report || report->recipients.empty())
        return;
    Outcome outcome{report->recipients};
    outcome.sort();
    m_bars.show(
        {deliveryBar, outcome.severity(), outcome.words(), originalOf(report->messageId), true});
}

void CardNotices::showReceipt()
{
    const auto& receipt = m_message->insight.receipt;
    if (receipt)
        m_bars.show(
            {readBar, receipt->displayed ? Severity::Success : Severity::Info,
             receiptWords(*receipt, m_message->parsed.date.value_or(m_message->summary.date)),
             originalOf(receipt->messageId), true});
}

void CardNotices::lookForReports()
{
    if (!m_message || !m_message->insight.own || m_message->parsed.messageId.empty())
        return;
    m_context.engine().queries().reportsAbout(
        this, m_message->parsed.messageId,
        [this, message = m_message](const std::vector<ReportOnSent>& reports) {
            if (message == m_message && reports.size() != m_reportsShown)
                showReports(reports);
        });
}

/// Of each recipient what was told last.
void CardNotices::showReports(const std::vector<ReportOnSent>& reports)
{
    m_reportsShown = reports.size(); // what the user closed comes back with more news alone
    Outcome outcome;
    MessageId report;
    const ReportOnSent* read = nullptr;
    int readers = 0;
    for (const ReportOnSent& one : reports) {
        for (const RecipientReport& recipient :
             one.delivery ? one.delivery->recipients : std::vector<RecipientReport>())
            outcome.add(recipient);
        readers += one.receipt ? 1 : 0;
        read = one.receipt && (!read || one.receipt->displayed) ? &one : read;
    }
    outcome.sort();
    for (const ReportOnSent& one : reports) // the newest that tells the worst
        if (!report && one.delivery &&
            std::any_of(
                one.delivery->recipients.begin(), one.delivery->recipients.end(),
                [&](const auto& each) { return each.action == outcome.recipients.front().action; }))
            report = one.report;
    const auto show = [this](const QString& verb, MessageId which) {
        return BarAction{verb, [this, which] { Q_EMIT m_context.windowRequested({}, which); }};
    };
    if (!outcome.recipients.empty()) {
        QList<BarAction> actions{show(tr("Show report"), report)};
        if (const QStringList failed = outcome.failed(); !failed.isEmpty())
            actions.prepend({tr("Edit and resend"), [this, failed] {
                                 Q_EMIT m_context.resendRequested(*m_message, failed);
                             }});
        m_bars.show({deliveryBar, outcome.severity(), outcome.words(), actions, true});
    }
    if (read) {
        QString words = receiptWords(*read->receipt, read->date);
        if (readers > 1)
            words += u' ' + tr("%n more", nullptr, readers - 1);
        m_bars.show({readBar,
                     read->receipt->displayed ? Severity::Success : Severity::Info,
                     words,
                     {show(tr("Show receipt"), read->report)},
                     true});
    }
}

} // namespace avocet
