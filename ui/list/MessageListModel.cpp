// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/MessageListModel.h"

#include "ui/words/DateWords.h"

#include <QStringList>

#include <algorithm>
#include <unordered_set>

namespace avocet {

namespace {

constexpr int cacheRows = 4'000;
constexpr int pageRows = 48; ///< looked up together: a tall window's worth
constexpr std::size_t maxPatches = 256;
/// No card shows more, and a hostile subject of a megabyte would be laid out at each paint.
constexpr qsizetype maxShown = 400;

bool isBefore(std::int64_t dateA, MessageId a, std::int64_t dateB, MessageId b)
{
    return dateA != dateB ? dateA > dateB : a > b;
}

QString shown(const std::string& text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(
                                              std::min<std::size_t>(text.size(), 4 * maxShown)))
        .left(maxShown);
}

QString personWords(const Address& address)
{
    return address.name.empty() ? shown(address.address) : shown(address.name);
}

} // namespace

QString correspondents(const MessageSummary& message, bool outgoing)
{
    const std::vector<Address>& people =
        outgoing && !message.to.empty() ? message.to : message.from;
    QStringList names;
    for (const Address& person : people) {
        if (names.size() == 4) {
            break;
        }
        names << personWords(person);
    }
    const QString joined = names.join(QStringLiteral(", "));
    if (joined.isEmpty()) {
        return MessageListModel::tr("Unknown sender");
    }
    return outgoing && !message.to.empty() ? MessageListModel::tr("To: %1").arg(joined) : joined;
}

QString subjectWords(const MessageSummary& message)
{
    const QString subject = shown(message.subject).simplified();
    return subject.isEmpty() ? MessageListModel::tr("No subject") : subject;
}

MessageListModel::MessageListModel(RowSource source, QObject* parent)
    : QAbstractListModel(parent)
    , m_source(std::move(source))
    , m_cache(cacheRows)
{
}

void MessageListModel::reset(FolderId folder)
{
    beginResetModel();
    m_folder = folder;
    m_ids.clear();
    m_sections.clear();
    m_cache.clear();
    endResetModel();
    Q_EMIT sectionsChanged();
}

void MessageListModel::setIds(std::vector<MessageId> ids)
{
    if (ids == m_ids) {
        return;
    }
    const bool grows =
        ids.size() > m_ids.size() && std::equal(m_ids.begin(), m_ids.end(), ids.begin());
    if (grows) {
        beginInsertRows({}, static_cast<int>(m_ids.size()), static_cast<int>(ids.size()) - 1);
        m_ids = std::move(ids);
        endInsertRows();
    } else if (!patchTo(ids)) {
        beginResetModel();
        m_ids = std::move(ids);
        endResetModel();
    }
    rebuildSections();
}

bool MessageListModel::patchTo(const std::vector<MessageId>& ids)
{
    const std::unordered_set<MessageId> wanted(ids.begin(), ids.end());
    const std::unordered_set<MessageId> present(m_ids.begin(), m_ids.end());
    std::vector<MessageId> gone;
    std::vector<MessageId> kept;
    std::size_t runs = 0;
    bool lastWasGone = false;
    for (const MessageId id : m_ids) {
        const bool isGone = !wanted.contains(id);
        isGone ? gone.push_back(id) : kept.push_back(id);
        runs += isGone && !lastWasGone ? 1 : 0;
        lastWasGone = isGone;
    }
    std::size_t at = 0;
    bool lastWasNew = false;
    for (const MessageId id : ids) {
        const bool isNew = !present.contains(id);
        runs += isNew && !lastWasNew ? 1 : 0;
        lastWasNew = isNew;
        if (!isNew && (at >= kept.size() || kept[at++] != id)) {
            return false;
        }
    }
    if (runs > maxPatches) {
        return false;
    }
    remove(gone);
    for (std::size_t row = 0; row < ids.size();) {
        if (row < m_ids.size() && m_ids[row] == ids[row]) {
            ++row;
            continue;
        }
        std::size_t end = row;
        while (end < ids.size() && !present.contains(ids[end])) {
            ++end;
        }
        beginInsertRows({}, static_cast<int>(row), static_cast<int>(end) - 1);
        m_ids.insert(m_ids.begin() + static_cast<std::ptrdiff_t>(row),
                     ids.begin() + static_cast<std::ptrdiff_t>(row),
                     ids.begin() + static_cast<std::ptrdiff_t>(end));
        endInsertRows();
        row = end;
    }
    return true;
}

bool MessageListModel::add(std::span<const MessageId> ids)
{
    std::unordered_set<MessageId> fresh(ids.begin(), ids.end());
    for (const MessageId id : m_ids) {
        fresh.erase(id);
    }
    const std::vector<MessageId> asked(fresh.begin(), fresh.end());
    std::vector<MessageSummary> rows = m_source(m_folder, asked);
    std::sort(rows.begin(), rows.end(), [](const MessageSummary& a, const MessageSummary& b) {
        return isBefore(a.date, a.id, b.date, b.id);
    });
    std::size_t runs = 0;
    for (std::size_t i = 0; i < rows.size();) {
        if (++runs > maxPatches) {
            rebuildSections();
            return false;
        }
        const int place = placeFor(rows[i]);
        std::size_t end = i + 1;
        if (place == rowCount()) {
            end = rows.size();
        } else {
            const std::int64_t nextDate = dateAt(place);
            const MessageId next = m_ids[static_cast<std::size_t>(place)];
            while (end < rows.size() && isBefore(rows[end].date, rows[end].id, nextDate, next)) {
                ++end;
            }
        }
        std::vector<MessageId> run;
        for (std::size_t k = i; k < end; ++k) {
            run.push_back(rows[k].id);
        }
        beginInsertRows({}, place, place + static_cast<int>(run.size()) - 1);
        m_ids.insert(m_ids.begin() + place, run.begin(), run.end());
        endInsertRows();
        i = end;
    }
    for (const MessageSummary& row : rows) {
        m_cache.insert(row.id.value, new MessageSummary(row));
    }
    rebuildSections();
    return true;
}

void MessageListModel::refresh(std::span<const MessageId> ids)
{
    const std::unordered_set<MessageId> changed(ids.begin(), ids.end());
    for (const MessageId id : ids) {
        m_cache.remove(id.value);
    }
    std::size_t left = changed.size();
    for (std::size_t row = 0; row < m_ids.size() && left > 0; ++row) {
        if (changed.contains(m_ids[row])) {
            const QModelIndex at = index(static_cast<int>(row));
            Q_EMIT dataChanged(at, at);
            --left;
        }
    }
}

void MessageListModel::remove(std::span<const MessageId> ids)
{
    const std::unordered_set<MessageId> gone(ids.begin(), ids.end());
    if (gone.empty()) {
        return;
    }
    std::vector<std::pair<int, int>> runs;
    for (int row = 0; row < rowCount(); ++row) {
        if (!gone.contains(m_ids[static_cast<std::size_t>(row)])) {
            continue;
        }
        if (!runs.empty() && runs.back().second == row - 1) {
            runs.back().second = row;
        } else {
            runs.emplace_back(row, row);
        }
    }
    if (runs.size() > maxPatches) {
        beginResetModel();
        std::erase_if(m_ids, [&gone](MessageId id) { return gone.contains(id); });
        endResetModel();
        runs.clear();
    }
    for (auto run = runs.rbegin(); run != runs.rend(); ++run) {
        beginRemoveRows({}, run->first, run->second);
        m_ids.erase(m_ids.begin() + run->first, m_ids.begin() + run->second + 1);
        endRemoveRows();
    }
    for (const MessageId id : ids) {
        m_cache.remove(id.value);
    }
    rebuildSections();
}

void MessageListModel::refreshAll()
{
    m_cache.clear();
    rebuildSections();
    if (!m_ids.empty()) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
}

int MessageListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_ids.size());
}

QVariant MessageListModel::data(const QModelIndex& at, int role) const
{
    if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    if (role == IdRole) {
        return QVariant::fromValue<qlonglong>(idAt(at.row()).value);
    }
    const MessageSummary* message = summary(at.row());
    if (!message) {
        return {};
    }
    switch (role) {
    case Qt::DisplayRole:
        return subjectWords(*message);
    case Qt::AccessibleTextRole: {
        const QString state = message->flags & Seen ? QString() : tr("Unread. ");
        return state + QStringLiteral("%1. %2. %3")
                           .arg(correspondents(*message, false), subjectWords(*message),
                                listDate(message->date));
    }
    case UnreadRole:
        return !(message->flags & Seen);
    case StarredRole:
        return (message->flags & Flagged) != 0;
    case DateRole:
        return QVariant::fromValue<qlonglong>(message->date);
    default:
        return {};
    }
}

Qt::ItemFlags MessageListModel::flags(const QModelIndex& at) const
{
    const Qt::ItemFlags usual = QAbstractListModel::flags(at);
    return at.isValid() ? usual | Qt::ItemIsDragEnabled : usual;
}

MessageId MessageListModel::idAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_ids[static_cast<std::size_t>(row)] : MessageId{};
}

int MessageListModel::rowOf(MessageId id) const
{
    const auto found = std::find(m_ids.begin(), m_ids.end(), id);
    return found == m_ids.end() ? -1 : static_cast<int>(found - m_ids.begin());
}

const MessageSummary* MessageListModel::summary(int row) const
{
    const MessageId id = idAt(row);
    if (!id) {
        return nullptr;
    }
    if (const MessageSummary* cached = m_cache.object(id.value)) {
        return cached;
    }
    const int first = std::max(0, row - pageRows / 2);
    const int last = std::min(rowCount(), first + pageRows);
    std::vector<MessageId> missing;
    for (int i = first; i < last; ++i) {
        const MessageId each = m_ids[static_cast<std::size_t>(i)];
        if (each == id || !m_cache.contains(each.value)) {
            missing.push_back(each);
        }
    }
    for (MessageSummary& read : m_source(m_folder, missing)) {
        const qint64 key = read.id.value;
        m_cache.insert(key, new MessageSummary(std::move(read)));
    }
    return m_cache.object(id.value);
}

std::int64_t MessageListModel::dateAt(int row) const
{
    // One row at a time: the steps of a binary search lie far apart.
    const MessageId id = m_ids[static_cast<std::size_t>(row)];
    if (const MessageSummary* cached = m_cache.object(id.value)) {
        return cached->date;
    }
    const std::vector<MessageSummary> read = m_source(m_folder, std::span(&id, 1));
    if (read.empty()) {
        return 0; // gone already; its removal is on the way
    }
    m_cache.insert(id.value, new MessageSummary(read.front()));
    return read.front().date;
}

int MessageListModel::firstOlder(std::int64_t date, int low) const
{
    int high = rowCount();
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (dateAt(middle) >= date) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

int MessageListModel::placeFor(const MessageSummary& message) const
{
    int low = 0;
    int high = rowCount();
    while (low < high) {
        const int middle = low + (high - low) / 2;
        const MessageId there = m_ids[static_cast<std::size_t>(middle)];
        if (isBefore(dateAt(middle), there, message.date, message.id)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void MessageListModel::rebuildSections()
{
    std::vector<Section> sections;
    const QDateTime now = QDateTime::currentDateTime();
    for (int row = 0; row < rowCount();) {
        const DateGroup group = dateGroup(dateAt(row), now);
        sections.push_back({row, group.title});
        row = std::max(row + 1, firstOlder(group.from, row + 1));
    }
    if (sections != m_sections) {
        m_sections = std::move(sections);
        Q_EMIT sectionsChanged();
    }
}

} // namespace avocet
