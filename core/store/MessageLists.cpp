// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/MessageLists.h"

#include "core/store/StoreGuard.h"
#include "core/store/TextMatcher.h"

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

bool needsMessage(const ListFilter& filter)
{
    return filter.attachments || !filter.text.empty();
}

bool passesFlags(const ListFilter& filter, Flags shown)
{
    return !(filter.unread && (shown & Seen)) && !(filter.starred && !(shown & Flagged));
}

} // namespace

int MessageLists::stepOf(const ListFilter& filter)
{
    return filter.empty() ? 10'000 : needsMessage(filter) ? 1500 : 5000;
}

Result<ListPiece> MessageLists::piece(FolderId folder, const ListFilter& filter,
                                      const ListPosition& after, int rows)
{
    return guarded(m_db, [&]() -> Result<ListPiece> {
        const TextMatcher matcher(filter.text);
        const auto passes = [&](sql::Kept::Run& row) {
            if (filter.empty())
                return true;
            if (!passesFlags(filter, row.number32(2)))
                return false;
            if (filter.attachments && row.number(3) == 0)
                return false;
            return filter.text.empty() || matcher.matches(row.text(4)) ||
                   matcher.matches(row.text(5)) || matcher.matches(row.text(6)) ||
                   matcher.matches(row.text(7));
        };
        rows = std::max(rows, 1);
        sql::Kept& statement = filter.empty() ? m_ids : needsMessage(filter) ? m_rows : m_flags;
        ListPiece piece;
        piece.next = after;
        if (filter.empty())
            piece.rows.reserve(static_cast<std::size_t>(rows));
        int looked = 0;
        for (auto row = statement.begin(m_db.raw(), folder, after.date, after.message, rows);
             row.step(); ++looked) {
            piece.next = {row.number(1), MessageId{row.number(0)}};
            if (passes(row))
                piece.rows.push_back({piece.next.message, piece.next.date});
        }
        piece.last = looked < rows;
        return piece;
    });
}

} // namespace avocet
