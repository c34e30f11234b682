// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/outbox/OutboxModel.h"

#include <algorithm>
#include <utility>

namespace avocet {

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
        return outboxTime(QDateTime::fromSecsSinceEpoch(entry.created), m_clock());
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
        return m_settled.contains(entry.id) || avocet::needsAttention(entry);
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
    for (const OutboxItem& entry : items) {
        noteSettled(entry);
        if (entry.state != OutboxState::Sending)
            m_progress.erase(entry.id);
    }
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
    const auto progress = m_progress.find(entry.id);
    return outboxWords(entry, m_clock(), settled == m_settled.end() ? QDateTime() : settled->second,
                       progress == m_progress.end() ? OutboxProgress() : progress->second,
                       m_paused);
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
    return std::any_of(m_items.begin(), m_items.end(),
                       [](const auto& entry) { return avocet::needsAttention(entry); });
}

void OutboxModel::setProgress(OutboxId id, const OutboxProgress& progress)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    m_progress.insert_or_assign(id, progress);
    Q_EMIT dataChanged(index(row), index(row));
}

void OutboxModel::setPaused(bool paused)
{
    if (std::exchange(m_paused, paused) != paused)
        refreshTimes();
}

bool OutboxModel::countsDown() const
{
    return std::any_of(m_items.begin(), m_items.end(), [](const auto& entry) {
        return entry.state == OutboxState::Queued && entry.hold == OutboxHold::Undo;
    });
}

std::vector<OutboxItem> OutboxModel::overdue() const
{
    std::vector<OutboxItem> late;
    for (const OutboxItem& entry : m_items)
        if (entry.state == OutboxState::Queued && entry.hold == OutboxHold::Overdue)
            late.push_back(entry);
    return late;
}

} // namespace avocet
