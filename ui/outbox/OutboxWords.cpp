// SPDX-License-Identifier: GPL-3.0-or-later
// What the outbox says of each message.
#include "ui/outbox/OutboxModel.h"

#include "core/model/Error.h"
#include "ui/words/DateWords.h"
#include "ui/words/SmtpWords.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>

namespace avocet {

QString outboxTime(const QDateTime& time, const QDateTime& now)
{
    const QLocale locale;
    const QString clock = clockTime(time, locale);
    if (time.date() == now.date())
        return clock;
    if (std::abs(time.daysTo(now)) < 7)
        return OutboxModel::tr("%1 %2").arg(
            locale.standaloneDayName(time.date().dayOfWeek(), QLocale::LongFormat), clock);
    return OutboxModel::tr("%1 %2").arg(locale.toString(time.date(), QLocale::ShortFormat), clock);
}

namespace {

constexpr std::size_t namedRecipients = 2;

QString joined(const QStringList& names)
{
    if (names.size() < 2)
        return names.join(QString());
    return OutboxModel::tr("%1 and %2")
        .arg(names.mid(0, names.size() - 1).join(QLatin1String(", ")), names.last());
}

QStringList addressesIn(const OutboxItem& item, RecipientState state)
{
    QStringList refused;
    for (const OutboxRecipient& recipient : item.recipients)
        if (recipient.state == state)
            refused.append(QString::fromStdString(recipient.address));
    return refused;
}

/// Two by name, of more the first.
QString shortly(const QStringList& addresses)
{
    if (addresses.size() <= 2)
        return joined(addresses);
    return OutboxModel::tr("%1 and %n others", nullptr, static_cast<int>(addresses.size()) - 1)
        .arg(addresses.front());
}

/// What all in that state were told, in plain words; empty where they were told different things, or nothing that is known.
QString commonReason(const OutboxItem& item, RecipientState state)
{
    std::optional<QString> common;
    for (const OutboxRecipient& recipient : item.recipients) {
        if (recipient.state != state)
            continue;
        const QString reason = smtpReason(QString::fromStdString(recipient.reply));
        if (common.value_or(reason) != reason)
            return {};
        common = reason;
    }
    return common.value_or(QString());
}

/// "anna@x.org was refused: there is no such address".
QString refusal(const OutboxItem& item)
{
    const QStringList refused = addressesIn(item, RecipientState::Refused);
    const QString words = (refused.size() == 1 ? OutboxModel::tr("%1 was refused")
                                               : OutboxModel::tr("%1 were refused"))
                              .arg(shortly(refused));
    const QString reason = commonReason(item, RecipientState::Refused);
    return reason.isEmpty() ? words : OutboxModel::tr("%1: %2").arg(words, reason);
}

QString serverWords(const OutboxItem& item)
{
    QStringList lines;
    for (const OutboxRecipient& recipient : item.recipients)
        if (!recipient.reply.empty() && recipient.state != RecipientState::Accepted)
            lines.append(QString::fromStdString(recipient.address + ": " + recipient.reply));
    const QString last = QString::fromStdString(item.reply);
    if (!last.isEmpty() && !lines.join(u'\n').contains(last))
        lines.append(last);
    return lines.join(u'\n');
}

ErrorCode lastError(const OutboxItem& item)
{
    bool isNumber = false;
    const int code = QString::fromStdString(item.errorCode).toInt(&isNumber);
    const bool known = isNumber && code > 0 && code <= static_cast<int>(ErrorCode::Uncertain);
    return known ? static_cast<ErrorCode>(code) : ErrorCode::None;
}

/// Why the whole account stands still; empty where it does not.
QString pauseWords(ErrorCode code)
{
    switch (code) {
    case ErrorCode::WrongPassword:
    case ErrorCode::NoMechanism:
        return OutboxModel::tr("Waiting: the server did not accept the password");
    case ErrorCode::NoPassword:
        return OutboxModel::tr("Waiting: there is no password for this account");
    case ErrorCode::CertificateUnknownIssuer:
    case ErrorCode::CertificateSelfSigned:
    case ErrorCode::CertificateWrongHost:
    case ErrorCode::CertificateExpired:
    case ErrorCode::CertificateNotYetValid:
    case ErrorCode::CertificateChanged:
    case ErrorCode::CertificateOther:
    case ErrorCode::StartTlsMissing:
    case ErrorCode::StartTlsRefused:
    case ErrorCode::PlaintextInjected:
    case ErrorCode::PreAuth:
    case ErrorCode::PlaintextForbidden:
    case ErrorCode::TlsHandshake:
        return OutboxModel::tr("Waiting: the connection to the server is not safe");
    default:
        return {};
    }
}

OutboxWords heldWords(const OutboxItem& item, const QDateTime& now)
{
    OutboxWords words;
    const QDateTime time = QDateTime::fromSecsSinceEpoch(item.notBefore);
    switch (item.hold) {
    case OutboxHold::Undo:
        words.state = OutboxModel::tr("Sends in %1 s")
                          .arg(std::max<qint64>(0, (now.msecsTo(time) + 999) / 1000));
        words.actions = {OutboxAction::Undo, OutboxAction::SendNow};
        break;
    case OutboxHold::Later:
        words.state = OutboxModel::tr("Sends %1").arg(outboxTime(time, now));
        words.actions = {OutboxAction::SendNow, OutboxAction::Reschedule, OutboxAction::Edit};
        break;
    default:
        words.tone = OutboxTone::Warning;
        words.state =
            OutboxModel::tr("Was to be sent %1, when Avocet was closed").arg(outboxTime(time, now));
        words.actions = {OutboxAction::SendNow, OutboxAction::Reschedule,
                         OutboxAction::KeepAsDraft};
    }
    return words;
}

/// Why a message that was tried waits, as a sentence.
QString waitingReason(const OutboxItem& item)
{
    QStringList deferred;
    QStringList reasons;
    // What they were told counts where the last try came as far as that: else it failed otherwise, and says so itself.
    for (const OutboxRecipient& recipient : item.recipients)
        if (isOpen(recipient.state) && recipient.reply.starts_with('4') &&
            (item.errorCode.empty() || recipient.reply == item.reply)) {
            deferred.append(QString::fromStdString(recipient.address));
            reasons.append(smtpReason(QString::fromStdString(recipient.reply)));
        }
    reasons.removeDuplicates();
    if (!deferred.isEmpty() && reasons.size() == 1 && !reasons.front().isEmpty())
        return OutboxModel::tr("Waiting for %1: %2.").arg(shortly(deferred), reasons.front());
    if (!deferred.isEmpty())
        return OutboxModel::tr("%1 could not be reached yet.").arg(shortly(deferred));
    // A reply begins with the server's number; what broke before one is in our own words.
    if (item.reply.empty() || item.reply.front() != '4')
        return OutboxModel::tr("No connection.");
    const QString reason = smtpReason(QString::fromStdString(item.reply), SmtpSubject::Message);
    return reason.isEmpty() ? OutboxModel::tr("Server busy.")
                            : OutboxModel::tr("Waiting: %1.").arg(reason);
}

OutboxWords queuedWords(const OutboxItem& item, const QDateTime& now, bool paused)
{
    if (item.hold != OutboxHold::None)
        return heldWords(item, now);
    OutboxWords words;
    if (paused) {
        words.state = OutboxModel::tr("Waiting: sending is paused");
        words.actions = {OutboxAction::Edit};
        return words;
    }
    words.state = pauseWords(lastError(item));
    if (!words.state.isEmpty()) {
        words.tone = OutboxTone::Warning;
        words.actions = {OutboxAction::TryNow, OutboxAction::Edit};
        return words;
    }
    const QDateTime next = QDateTime::fromSecsSinceEpoch(item.nextTry);
    if (item.attempts == 0 || item.nextTry == 0 || next <= now) {
        words.state = OutboxModel::tr("Waiting for a connection");
        words.actions = {OutboxAction::Edit};
        return words;
    }
    words.state =
        waitingReason(item) + u' ' + OutboxModel::tr("Next try %1").arg(outboxTime(next, now));
    words.actions = {OutboxAction::TryNow, OutboxAction::Edit};
    return words;
}

QString messageRefusal(const OutboxItem& item)
{
    const QString reason = smtpReason(QString::fromStdString(item.reply), SmtpSubject::Message);
    return reason.isEmpty() ? OutboxModel::tr("Not sent: the server refused this message")
                            : OutboxModel::tr("Not sent: %1").arg(reason);
}

OutboxWords failedWords(const OutboxItem& item)
{
    const QStringList refused = addressesIn(item, RecipientState::Refused);
    OutboxWords words;
    words.tone = OutboxTone::Danger;
    if (!refused.isEmpty())
        words.state = OutboxModel::tr("Not sent: %1").arg(refusal(item));
    else if (lastError(item) == ErrorCode::TooLarge)
        words.state =
            OutboxModel::tr("Not sent: %1 is more than the server takes").arg(sizeWords(item.size));
    else if (lastError(item) == ErrorCode::NoRecipients)
        words.state = OutboxModel::tr("Not sent: it has no recipients");
    else
        words.state = messageRefusal(item);
    words.actions = {OutboxAction::Edit};
    return words;
}

QString sendingWords(const OutboxItem& item, const OutboxProgress& progress)
{
    if (progress.total <= 0)
        return OutboxModel::tr("Sending, %1").arg(sizeWords(item.size));
    return OutboxModel::tr("Sending, %1 of %2")
        .arg(sizeWords(std::min(progress.written, progress.total)), sizeWords(progress.total));
}

/// What became known behind the sending: who did not get it.
void addFailures(OutboxWords& words, const OutboxItem& item)
{
    const QStringList refused = addressesIn(item, RecipientState::Refused);
    const QStringList bounced = addressesIn(item, RecipientState::Bounced);
    if (refused.isEmpty() && bounced.isEmpty())
        return;
    words.tone = OutboxTone::Danger;
    if (!bounced.isEmpty()) {
        const QString reason = commonReason(item, RecipientState::Bounced);
        words.state =
            reason.isEmpty()
                ? OutboxModel::tr("Not delivered to %1").arg(shortly(bounced))
                : OutboxModel::tr("Not delivered to %1: %2").arg(shortly(bounced), reason);
    } else {
        words.state = OutboxModel::tr("%1. The others were accepted.").arg(refusal(item));
    }
    words.actions = {};
    if (item.state == OutboxState::Done)
        words.actions = {OutboxAction::EditAndResend};
}

} // namespace

bool needsAttention(const OutboxItem& item)
{
    if (item.state == OutboxState::Failed || item.state == OutboxState::Uncertain)
        return true;
    if (item.state == OutboxState::Queued)
        return item.hold == OutboxHold::Overdue;
    return item.state == OutboxState::Done &&
           (!addressesIn(item, RecipientState::Refused).isEmpty() ||
            !addressesIn(item, RecipientState::Bounced).isEmpty());
}

OutboxWords outboxWords(const OutboxItem& item, const QDateTime& now, const QDateTime& settled,
                        const OutboxProgress& progress, bool paused)
{
    OutboxWords words;
    switch (item.state) {
    case OutboxState::Queued:
        words = queuedWords(item, now, paused);
        break;
    case OutboxState::Sending:
        words = {sendingWords(item, progress), OutboxTone::Busy, {OutboxAction::Cancel}, {}};
        break;
    case OutboxState::Committing:
        words = {OutboxModel::tr("Finishing"), OutboxTone::Busy, {}, {}};
        break;
    case OutboxState::Uncertain:
        words = {OutboxModel::tr("May already have been sent"),
                 OutboxTone::Warning,
                 {OutboxAction::CheckAgain, OutboxAction::SendAgain},
                 {}};
        break;
    case OutboxState::Failed:
        words = failedWords(item);
        break;
    case OutboxState::Sent:
        words.tone = OutboxTone::Good;
        words.state =
            settled.isValid()
                ? OutboxModel::tr("Accepted %1. Saving to Sent").arg(outboxTime(settled, now))
                : OutboxModel::tr("Accepted. Saving to Sent");
        break;
    case OutboxState::Filed:
    case OutboxState::Done:
        words.tone = OutboxTone::Good;
        words.state = settled.isValid() ? OutboxModel::tr("Sent %1").arg(outboxTime(settled, now))
                                        : OutboxModel::tr("Sent");
        break;
    case OutboxState::Cancelled:
        words.state = OutboxModel::tr("Not sent, taken back");
        break;
    }
    words.details = serverWords(item);
    if (item.state == OutboxState::Sent || item.state == OutboxState::Filed ||
        item.state == OutboxState::Done)
        addFailures(words, item);
    if (!words.details.isEmpty())
        words.actions.append(OutboxAction::Details);
    return words;
}

QString recipientsLine(const OutboxItem& item)
{
    QStringList names;
    for (const OutboxRecipient& recipient : item.recipients)
        names.append(QString::fromStdString(recipient.address));
    if (names.isEmpty())
        return OutboxModel::tr("No recipients");
    if (names.size() <= static_cast<qsizetype>(namedRecipients) + 1)
        return joined(names);
    const int others = static_cast<int>(names.size()) - static_cast<int>(namedRecipients);
    return OutboxModel::tr("%1 and %n others", nullptr, others)
        .arg(names.mid(0, static_cast<qsizetype>(namedRecipients)).join(QLatin1String(", ")));
}

QString actionText(OutboxAction action)
{
    switch (action) {
    case OutboxAction::TryNow:
        return OutboxModel::tr("Try now");
    case OutboxAction::SendNow:
        return OutboxModel::tr("Send now");
    case OutboxAction::Undo:
        return OutboxModel::tr("Undo");
    case OutboxAction::Edit:
        return OutboxModel::tr("Edit");
    case OutboxAction::EditAndResend:
        return OutboxModel::tr("Edit and resend");
    case OutboxAction::Reschedule:
        return OutboxModel::tr("Another time…");
    case OutboxAction::KeepAsDraft:
        return OutboxModel::tr("Keep as draft");
    case OutboxAction::Cancel:
        return OutboxModel::tr("Cancel");
    case OutboxAction::CheckAgain:
        return OutboxModel::tr("Check again");
    case OutboxAction::SendAgain:
        return OutboxModel::tr("Send again…");
    case OutboxAction::Settle:
        return OutboxModel::tr("It has arrived");
    case OutboxAction::Details:
        return OutboxModel::tr("Details");
    }
    return {};
}

QString uncertainFacts(const OutboxItem& item, const QDateTime& now, bool looked)
{
    QStringList facts;
    if (item.settled > 0)
        facts << OutboxModel::tr("All of it left %1, and the server did not answer any more.")
                     .arg(outboxTime(QDateTime::fromSecsSinceEpoch(item.settled), now));
    else
        facts << OutboxModel::tr("All of it left, and the server did not answer any more.");
    if (!isProvenByCopy(item))
        facts << OutboxModel::tr("Some had it before, so a copy in Sent proves nothing.");
    else if (looked)
        facts << OutboxModel::tr("It is neither in Sent nor in the inbox.");
    else
        facts << OutboxModel::tr("Sent and the inbox could not be looked into.");
    const QStringList taken = addressesIn(item, RecipientState::Uncertain);
    if (!taken.isEmpty())
        facts << OutboxModel::tr("Sent again, %1 may get it twice.")
                     .arg(taken.size() > 3 ? OutboxModel::tr("%n people", nullptr,
                                                             static_cast<int>(taken.size()))
                                           : joined(taken));
    return facts.join(u' ');
}

} // namespace avocet
