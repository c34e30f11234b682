// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/MessageListModel.h"

#include "ui/words/DateWords.h"

#include <QStringList>

#include <algorithm>

namespace avocet {

namespace {

constexpr int cacheRows = 4'000;
constexpr int pageRows = 48; ///< looked up together: a tall window's worth
/// No card shows more, and a hostile subject of a megabyte would be laid out at each paint.
constexpr qsizetype maxShown = 400;

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
    m_rows.clear();
    m_sections.clear();
    m_cache.clear();
    endResetModel();
    Q_EMIT sectionsChanged();
}

void MessageListModel::refreshAll()
{
    m_cache.clear();
    rebuildSections();
    if (!m_rows.empty()) {
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
}

int MessageListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
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
    return row >= 0 && row < rowCount() ? m_rows[static_cast<std::size_t>(row)].id : MessageId{};
}

int MessageListModel::rowOf(MessageId id) const
{
    if (const MessageSummary* known = m_cache.object(id.value)) {
        if (const int row = placeFor(id, known->date); idAt(row) == id) {
            return row;
        }
    }
    const auto found = std::find_if(m_rows.begin(), m_rows.end(),
                                    [id](const ListRow& row) { return row.id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
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
        const MessageId each = m_rows[static_cast<std::size_t>(i)].id;
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
    ListRow& at = m_rows[static_cast<std::size_t>(row)];
    if (at.date != unknownDate) {
        return at.date;
    }
    if (const MessageSummary* cached = m_cache.object(at.id.value)) {
        at.date = cached->date;
        return at.date;
    }
    // One row at a time: the steps of a binary search lie far apart.
    const std::vector<MessageSummary> read = m_source(m_folder, std::span(&at.id, 1));
    if (read.empty()) {
        return 0; // gone already; its removal is on the way
    }
    at.date = read.front().date;
    m_cache.insert(at.id.value, new MessageSummary(read.front()));
    return at.date;
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

int MessageListModel::placeFor(MessageId id, std::int64_t date) const
{
    int low = 0;
    int high = rowCount();
    while (low < high) {
        const int middle = low + (high - low) / 2;
        if (isAbove({idAt(middle), dateAt(middle)}, {id, date})) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

std::vector<MessageListModel::Section> MessageListModel::sectionsNow() const
{
    std::vector<Section> sections;
    const QDateTime now = QDateTime::currentDateTime();
    for (int row = 0; row < rowCount();) {
        const DateGroup group = dateGroup(dateAt(row), now);
        sections.push_back({row, group.title});
        row = std::max(row + 1, firstOlder(group.from, row + 1));
    }
    return sections;
}

void MessageListModel::rebuildSections()
{
    if (std::vector<Section> sections = sectionsNow(); sections != m_sections) {
        m_sections = std::move(sections);
        Q_EMIT sectionsChanged();
    }
}

} // namespace avocet
