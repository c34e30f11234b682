// SPDX-License-Identifier: GPL-3.0-or-later
// A folder's messages for the list view: sixteen bytes a row, the rest looked up by id when it is
// painted, so that a million messages cost no more than a screenful.
#pragma once

#include "core/model/Ids.h"
#include "core/model/ListRow.h"
#include "core/model/Message.h"

#include <QAbstractListModel>
#include <QCache>
#include <QDateTime>
#include <QString>

#include <functional>
#include <limits>
#include <span>
#include <vector>

namespace avocet {

/// Thread: the GUI's. Ordered by date, newest first. The owner feeds rows (setRows, then add, refresh
/// and remove as the engine tells) and gives the function that looks messages up; the model keeps a
/// bounded cache of them. No change but a new list costs more than the messages that it is about.
class MessageListModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { IdRole = Qt::UserRole + 1, UnreadRole, StarredRole, DateRole };

    /// Rows by id in the order of `ids`; ids that are gone are left out.
    using RowSource =
        std::function<std::vector<MessageSummary>(FolderId, std::span<const MessageId>)>;

    /// A date header stands above row `first`.
    struct Section {
        int first = 0;
        QString title;

        friend bool operator==(const Section&, const Section&) = default;
    };

    explicit MessageListModel(RowSource source, QObject* parent = nullptr);

    /// Another folder: everything goes at once. None: rows of any folder, as a search finds them.
    void reset(FolderId folder);
    FolderId folder() const { return m_folder; }
    /// The whole ordered list. Applied as insertions and removals where that is few steps, so that
    /// selection and scrolling stay.
    void setRows(std::vector<ListRow> rows);
    /// The same, where nobody said the dates: they are looked up as they are needed.
    void setIds(std::span<const MessageId> ids);

    /// New messages of this folder, in any order. False: too many to look up and place one by one; ask
    /// for the whole list again.
    bool add(std::span<const MessageId> ids);
    void refresh(std::span<const MessageId> ids);
    void remove(std::span<const MessageId> ids);
    /// Forget every cached row (time zone, language or midnight changed).
    void refreshAll();

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    Qt::DropActions supportedDragActions() const override
    {
        return Qt::MoveAction | Qt::CopyAction;
    }

    MessageId idAt(int row) const;
    /// -1 where it is not in the list.
    int rowOf(MessageId id) const;
    /// The row's summary, or nullptr where it is gone. Valid until the next call.
    const MessageSummary* summary(int row) const;
    std::vector<MessageId> ids() const { return idsOf(m_rows); }
    const std::vector<Section>& sections() const { return m_sections; }

Q_SIGNALS:
    void sectionsChanged();

private:
    static constexpr std::int64_t unknownDate = std::numeric_limits<std::int64_t>::min();

    std::int64_t dateAt(int row) const;
    /// First row whose date is below `date`, searching from `low`.
    int firstOlder(std::int64_t date, int low) const;
    /// The row of a message of this date, or where it would be inserted.
    int placeFor(MessageId id, std::int64_t date) const;
    bool patchTo(const std::vector<ListRow>& rows, std::size_t head, std::size_t tail);
    void insertRun(int place, std::span<const ListRow> rows);
    void removeRun(int first, int last);
    std::vector<Section> sectionsNow() const;
    void rebuildSections();

    RowSource m_source;
    FolderId m_folder;
    mutable std::vector<ListRow> m_rows; ///< dates come to be known
    std::vector<Section> m_sections;
    mutable QCache<qint64, MessageSummary> m_cache;
};

/// The sender's name for people, else the address; of a message in Sent or Drafts the recipients.
QString correspondents(const MessageSummary& message, bool outgoing);
QString subjectWords(const MessageSummary& message);

} // namespace avocet
