// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/outbox/OutboxModel.h"

#include "ui/words/DateWords.h"

#include "core/model/Error.h"

#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

constexpr std::size_t namedRecipients = 2;

QString timeText(const QDateTime& time, const QDateTime& now)
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

QString joined(const QStringList& names)
{
    if (names.size() < 2)
        return names.join(QString());
    return OutboxModel::tr("%1 and %2")
        .arg(names.mid(0, names.size() - 1).join(QLatin1String(", ")), names.last());
}

QStringList refusedAddresses(const OutboxItem& item)
{
    QStringList refused;
    for (const OutboxRecipient& recipient : item.recipients)
        if (recipient.state == RecipientState::Refused)
            refused.append(QString::fromStdString(recipient.address));
    return refused;
}

QString refusal(const QStringList& refused)
{
    if (refused.size() > 2)
        return OutboxModel::tr("%1 and %n others were refused", nullptr,
                               static_cast<int>(refused.size()) - 1)
            .arg(refused.front());
    return refused.size() == 1 ? OutboxModel::tr("%1 was refused").arg(refused.front())
                               : OutboxModel::tr("%1 were refused").arg(joined(refused));
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

OutboxWords queuedWords(const OutboxItem& item, const QDateTime& now)
{
    OutboxWords words;
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
    // A reply begins with the server's number; what broke before one is in our own words.
    const bool answered = !item.reply.empty() && item.reply.front() == '4';
    words.state = (answered ? OutboxModel::tr("Server busy. Next try %1")
                            : OutboxModel::tr("No connection. Next try %1"))
                      .arg(timeText(next, now));
    words.actions = {OutboxAction::TryNow, OutboxAction::Edit};
    return words;
}

OutboxWords failedWords(const OutboxItem& item)
{
    const QStringList refused = refusedAddresses(item);
    OutboxWords words;
    words.tone = OutboxTone::Danger;
    if (!refused.isEmpty())
        words.state = OutboxModel::tr("Not sent: %1").arg(refusal(refused));
    else if (lastError(item) == ErrorCode::TooLarge)
        words.state =
            OutboxModel::tr("Not sent: %1 is more than the server takes")
                .arg(QLocale().formattedDataSize(item.size, 0, QLocale::DataSizeSIFormat));
    else if (lastError(item) == ErrorCode::NoRecipients)
        words.state = OutboxModel::tr("Not sent: it has no recipients");
    else
        words.state = OutboxModel::tr("Not sent: the server refused this message");
    words.actions = {OutboxAction::Edit};
    return words;
}

} // namespace

OutboxWords outboxWords(const OutboxItem& item, const QDateTime& now, const QDateTime& settled)
{
    const QStringList refused = refusedAddresses(item);
    OutboxWords words;
    switch (item.state) {
    case OutboxState::Queued:
        words = queuedWords(item, now);
        break;
    case OutboxState::Sending:
        words = {OutboxModel::tr("Sending, %1")
                     .arg(QLocale().formattedDataSize(item.size, 1, QLocale::DataSizeSIFormat)),
                 OutboxTone::Busy,
                 {OutboxAction::Cancel},
                 {}};
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
                ? OutboxModel::tr("Accepted %1. Saving to Sent").arg(timeText(settled, now))
                : OutboxModel::tr("Accepted. Saving to Sent");
        break;
    case OutboxState::Filed:
    case OutboxState::Done:
        words.tone = OutboxTone::Good;
        words.state = settled.isValid() ? OutboxModel::tr("Sent %1").arg(timeText(settled, now))
                                        : OutboxModel::tr("Sent");
        break;
    case OutboxState::Cancelled:
        words.state = OutboxModel::tr("Not sent, taken back");
        break;
    }
    words.details = serverWords(item);
    const bool partly = item.state == OutboxState::Sent || item.state == OutboxState::Filed ||
                        item.state == OutboxState::Done;
    if (partly && !refused.isEmpty()) {
        words.tone = OutboxTone::Danger;
        words.state = OutboxModel::tr("The server refused %1. The others were accepted.")
                          .arg(joined(refused));
        words.actions = {};
    }
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
    case OutboxAction::Edit:
        return OutboxModel::tr("Edit");
    case OutboxAction::Cancel:
        return OutboxModel::tr("Cancel");
    case OutboxAction::CheckAgain:
        return OutboxModel::tr("Check again");
    case OutboxAction::SendAgain:
        return OutboxModel::tr("Send again…");
    case OutboxAction::Details:
        return OutboxModel::tr("Details");
    }
    return {};
}

OutboxModel::OutboxModel(QObject* parent, std::function<QDateTime()> clock)
    : QAbstractListModel(parent)
    , m_clock(std::move(clock))
{
}

int OutboxModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_items.size());
}

QVariant OutboxModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const OutboxItem& entry = item(index.row());
    const QString subject =
        entry.subject.empty() ? tr("(No subject)") : QString::fromStdString(entry.subject);
    switch (role) {
    case Qt::DisplayRole:
    case RecipientsRole:
        return recipientsLine(entry);
    case SubjectRole:
        return subject;
    case StateRole:
        return words(index.row()).state;
    case TimeRole:
        return timeText(QDateTime::fromSecsSinceEpoch(entry.created), m_clock());
    case IdRole:
        return QVariant::fromValue<qlonglong>(entry.id.value);
    case Qt::AccessibleTextRole:
        return tr("To %1, %2, %3").arg(recipientsLine(entry), subject, words(index.row()).state);
    default:
        return {};
    }
}

bool OutboxModel::isShown(const OutboxItem& entry) const
{
    switch (entry.state) {
    case OutboxState::Cancelled:
        return false;
    case OutboxState::Filed:
    case OutboxState::Done:
        return m_settled.contains(entry.id);
    default:
        return true;
    }
}

void OutboxModel::noteSettled(const OutboxItem& entry)
{
    const auto isSettled = [](OutboxState state) {
        return state == OutboxState::Sent || state == OutboxState::Filed ||
               state == OutboxState::Done;
    };
    const auto last = m_lastState.find(entry.id);
    const bool wasSeen = last != m_lastState.end();
    const bool isNew = !wasSeen && m_filled;
    if (isSettled(entry.state) && (isNew || (wasSeen && !isSettled(last->second))))
        m_settled.insert_or_assign(entry.id, m_clock());
    m_lastState.insert_or_assign(entry.id, entry.state);
}

void OutboxModel::setItems(std::vector<OutboxItem> items)
{
    for (const OutboxItem& entry : items)
        noteSettled(entry);
    m_filled = true;
    std::erase_if(items, [this](const OutboxItem& entry) { return !isShown(entry); });
    std::sort(items.begin(), items.end(),
              [](const OutboxItem& a, const OutboxItem& b) { return a.id > b.id; });
    // Both lists are ordered by id, newest first: one walk finds what came, went or changed.
    int row = 0;
    for (OutboxItem& fresh : items) {
        while (row < rowCount() && item(row).id > fresh.id) {
            beginRemoveRows({}, row, row);
            m_items.erase(m_items.begin() + row);
            endRemoveRows();
        }
        if (row < rowCount() && item(row).id == fresh.id) {
            m_items[static_cast<std::size_t>(row)] = std::move(fresh);
            Q_EMIT dataChanged(index(row), index(row));
        } else {
            beginInsertRows({}, row, row);
            m_items.insert(m_items.begin() + row, std::move(fresh));
            endInsertRows();
        }
        ++row;
    }
    if (row < rowCount()) {
        beginRemoveRows({}, row, rowCount() - 1);
        m_items.erase(m_items.begin() + row, m_items.end());
        endRemoveRows();
    }
}

int OutboxModel::rowOf(OutboxId id) const
{
    const auto found = std::find_if(m_items.begin(), m_items.end(),
                                    [&](const OutboxItem& entry) { return entry.id == id; });
    return found == m_items.end() ? -1 : static_cast<int>(found - m_items.begin());
}

OutboxWords OutboxModel::words(int row) const
{
    const OutboxItem& entry = item(row);
    const auto settled = m_settled.find(entry.id);
    return outboxWords(entry, m_clock(),
                       settled == m_settled.end() ? QDateTime() : settled->second);
}

void OutboxModel::refreshTimes()
{
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

int OutboxModel::waiting() const
{
    return static_cast<int>(std::count_if(m_items.begin(), m_items.end(), [](const auto& entry) {
        return entry.state != OutboxState::Sent && entry.state != OutboxState::Filed &&
               entry.state != OutboxState::Done;
    }));
}

bool OutboxModel::needsAttention() const
{
    return std::any_of(m_items.begin(), m_items.end(), [](const auto& entry) {
        return entry.state == OutboxState::Failed || entry.state == OutboxState::Uncertain;
    });
}

} // namespace avocet
