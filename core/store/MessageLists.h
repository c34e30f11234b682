// SPDX-License-Identifier: GPL-3.0-or-later
// A folder's ordered rows in pieces of bounded time, so that a list of a million keeps nobody waiting.
#pragma once

#include "core/model/ListRow.h"
#include "core/store/Database.h"
#include "core/store/MessageStore.h"
#include "core/store/Sql.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace avocet {

/// The row behind which the next piece begins; a position and never a number of rows, so it costs nothing to come back.
struct ListPosition {
    std::int64_t date = std::numeric_limits<std::int64_t>::max();
    MessageId message{std::numeric_limits<std::int64_t>::max()};
};

struct ListPiece {
    std::vector<ListRow> rows; ///< newest first
    ListPosition next;
    bool last = false; ///< nothing follows
};

/// Any connection; what is hidden is left out. Pieces of one list are not one snapshot of the folder: what changes
/// between them is announced by the engine as it always is.
class MessageLists {
public:
    explicit MessageLists(Database& mail)
        : m_db(mail)
    {
    }

    /// Looks at `rows` placements behind `after` and gives those that pass the filter. Without a filter that is a range of
    /// one covering index (10,000 rows: 1.2 ms), by flags a look-up a row (5,000: 1.7 ms), by text or attachments
    /// the message's row as well (1,500: 2 ms).
    Result<ListPiece> piece(FolderId folder, const ListFilter& filter, const ListPosition& after,
                            int rows);
    /// Rows for a piece of about 2 ms.
    static int stepOf(const ListFilter& filter);

private:
    Database& m_db;
    sql::Kept m_ids{R"sql(
        SELECT message, date FROM placement
        WHERE folder = ?1 AND hidden = 0 AND (date, message) < (?2, ?3)
        ORDER BY date DESC, message DESC LIMIT ?4)sql"};
    sql::Kept m_flags{R"sql(
        SELECT message, date, shown_flags FROM placement
        WHERE folder = ?1 AND hidden = 0 AND (date, message) < (?2, ?3)
        ORDER BY date DESC, message DESC LIMIT ?4)sql"};
    sql::Kept m_rows{R"sql(
        SELECT p.message, p.date, p.shown_flags, m.has_attachment, m.subject, m.from_addresses,
               m.to_addresses, h.cc
        FROM placement AS p CROSS JOIN message AS m ON m.id = p.message
             CROSS JOIN message_header AS h ON h.message = p.message
        WHERE p.folder = ?1 AND p.hidden = 0 AND (p.date, p.message) < (?2, ?3)
        ORDER BY p.date DESC, p.message DESC LIMIT ?4)sql"};
};

} // namespace avocet
