// SPDX-License-Identifier: GPL-3.0-or-later
// How MessageListModel follows its folder.
#include "ui/list/MessageListModel.h"

#include <algorithm>
#include <bitset>
#include <unordered_set>

namespace avocet {

namespace {

/// Insertions and removals one by one, and look-ups at once; beyond that the list is shown anew.
constexpr std::size_t maxRuns = 256;
/// Each removal moves the rows behind it: some milliseconds in all.
constexpr std::size_t maxMoved = 50'000'000;
/// Two lists that differ in more rows are not compared further.
constexpr std::size_t maxCompared = 20'000;

} // namespace

void MessageListModel::setIds(std::span<const MessageId> ids)
{
    std::vector<ListRow> rows;
    rows.reserve(ids.size());
    for (const MessageId id : ids) {
        rows.push_back({id, unknownDate});
    }
    setRows(std::move(rows));
}

void MessageListModel::setRows(std::vector<ListRow> rows)
{
    const std::size_t shorter = std::min(rows.size(), m_rows.size());
    std::size_t head = 0;
    while (head < shorter && rows[head].id == m_rows[head].id) {
        ++head;
    }
    std::size_t tail = 0;
    while (tail < shorter - head &&
           rows[rows.size() - 1 - tail].id == m_rows[m_rows.size() - 1 - tail].id) {
        ++tail;
    }
    if (head == rows.size() && head == m_rows.size()) {
        return;
    }
    if (head + tail == m_rows.size()) {
        beginInsertRows({}, static_cast<int>(head), static_cast<int>(rows.size() - tail) - 1);
        m_rows = std::move(rows);
        endInsertRows();
    } else if (!patchTo(rows, head, tail)) {
        beginResetModel();
        m_rows = std::move(rows);
        m_sections = sectionsNow();
        endResetModel();
    }
    rebuildSections();
}

/// All but the first `head` and the last `tail` rows may differ. False: more than a few steps lie between the two, and
/// nothing was changed.
bool MessageListModel::patchTo(const std::vector<ListRow>& rows, std::size_t head, std::size_t tail)
{
    const auto middleOf = [head, tail](const std::vector<ListRow>& all) {
        return std::span(all).subspan(head, all.size() - head - tail);
    };
    const std::span<const ListRow> now = middleOf(rows);
    const std::vector<ListRow> before(middleOf(m_rows).begin(), middleOf(m_rows).end());
    if (now.size() + before.size() > maxCompared) {
        return false;
    }
    const auto idsIn = [](std::span<const ListRow> some) {
        std::unordered_set<MessageId> ids;
        for (const ListRow& row : some) {
            ids.insert(row.id);
        }
        return ids;
    };
    const std::unordered_set<MessageId> wanted = idsIn(now);
    const std::unordered_set<MessageId> present = idsIn(before);
    std::vector<ListRow> kept;
    std::size_t runs = 0;
    bool inRun = false;
    for (const ListRow& row : before) {
        const bool gone = !wanted.contains(row.id);
        runs += gone && !inRun ? 1 : 0;
        inRun = gone;
        if (!gone) {
            kept.push_back(row);
        }
    }
    inRun = false;
    std::size_t at = 0;
    for (const ListRow& row : now) {
        const bool fresh = !present.contains(row.id);
        runs += fresh && !inRun ? 1 : 0;
        inRun = fresh;
        if (!fresh && (at >= kept.size() || kept[at++].id != row.id)) {
            return false;
        }
    }
    if (runs > maxRuns) {
        return false;
    }
    for (std::size_t end = before.size(); end > 0;) {
        std::size_t first = end;
        while (first > 0 && !wanted.contains(before[first - 1].id)) {
            --first;
        }
        if (first < end) {
            removeRun(static_cast<int>(head + first), static_cast<int>(head + end) - 1);
        }
        end = first > 0 ? first - 1 : 0;
    }
    for (std::size_t first = 0; first < now.size();) {
        std::size_t end = first;
        while (end < now.size() && !present.contains(now[end].id)) {
            ++end;
        }
        if (first < end) {
            insertRun(static_cast<int>(head + first), now.subspan(first, end - first));
        }
        first = end + 1;
    }
    return true;
}

void MessageListModel::insertRun(int place, std::span<const ListRow> rows)
{
    beginInsertRows({}, place, place + static_cast<int>(rows.size()) - 1);
    m_rows.insert(m_rows.begin() + place, rows.begin(), rows.end());
    endInsertRows();
}

void MessageListModel::removeRun(int first, int last)
{
    for (int row = first; row <= last; ++row) {
        m_cache.remove(m_rows[static_cast<std::size_t>(row)].id.value);
    }
    beginRemoveRows({}, first, last);
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
    endRemoveRows();
}

bool MessageListModel::add(std::span<const MessageId> ids)
{
    if (ids.size() > maxRuns) {
        return false;
    }
    std::vector<MessageSummary> read = m_source(m_folder, ids);
    std::vector<ListRow> rows;
    for (MessageSummary& message : read) {
        const int place = placeFor(message.id, message.date);
        if (idAt(place) != message.id) {
            rows.push_back({message.id, message.date});
        }
        const qint64 key = message.id.value;
        m_cache.insert(key, new MessageSummary(std::move(message)));
    }
    std::sort(rows.begin(), rows.end(), isAbove);
    rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
    for (std::size_t first = 0; first < rows.size();) {
        const int place = placeFor(rows[first].id, rows[first].date);
        std::size_t end = first + 1;
        while (end < rows.size() && placeFor(rows[end].id, rows[end].date) == place) {
            ++end;
        }
        insertRun(place, std::span(rows).subspan(first, end - first));
        first = end;
    }
    rebuildSections();
    return true;
}

void MessageListModel::refresh(std::span<const MessageId> ids)
{
    for (const MessageId id : ids) {
        // What is not in the cache was not shown.
        const MessageSummary* known = m_cache.object(id.value);
        if (!known) {
            continue;
        }
        const int row = placeFor(id, known->date);
        m_cache.remove(id.value);
        if (idAt(row) == id) {
            Q_EMIT dataChanged(index(row), index(row));
        }
    }
}

void MessageListModel::remove(std::span<const MessageId> ids)
{
    const std::unordered_set<MessageId> gone(ids.begin(), ids.end());
    // Most rows are told by a glance at a small table that they stay.
    std::bitset<1 << 14> marks;
    for (const MessageId id : ids) {
        marks.set(static_cast<std::size_t>(id.value) % marks.size());
    }
    const auto leaves = [&](const ListRow& row) {
        return marks[static_cast<std::size_t>(row.id.value) % marks.size()] &&
               gone.contains(row.id);
    };
    std::vector<std::pair<int, int>> runs;
    for (int row = 0; row < rowCount(); ++row) {
        if (!leaves(m_rows[static_cast<std::size_t>(row)])) {
            continue;
        }
        if (!runs.empty() && runs.back().second == row - 1) {
            runs.back().second = row;
        } else {
            runs.emplace_back(row, row);
        }
    }
    if (runs.size() > maxRuns || runs.size() * m_rows.size() > maxMoved) {
        beginResetModel();
        std::erase_if(m_rows, leaves);
        m_cache.clear();
        m_sections = sectionsNow();
        endResetModel();
        runs.clear();
    }
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
        removeRun(run->first, run->second);
    }
    rebuildSections();
}

} // namespace avocet
