// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/FolderRemoval.h"

#include "core/store/StoreGuard.h"

#include <algorithm>

namespace avocet {

Result<FolderRemoval::Step> FolderRemoval::removeSome(FolderId folder, int limit)
{
    return inTransaction(m_db, [&]() -> Result<Step> {
        SQLite::Database& raw = m_db.raw();
        limit = std::max(limit, 1);
        // Without its progress no trigger counts the folder's threads any more.
        m_unfold.run(raw, folder);
        m_forgetThreads.run(raw, folder, limit);

        struct Row {
            PlacementKey uid;
            MessageId message;
            Flags flags;
            bool shown;
        };
        std::vector<Row> rows;
        for (auto row = m_next.begin(raw, folder, limit); row.step();)
            rows.push_back(
                {row.number(0), MessageId{row.number(1)}, row.number32(2), row.number(3) == 0});
        Step step;
        std::int64_t cached = 0, total = 0, unread = 0;
        for (const Row& row : rows) {
            m_remove.run(raw, folder, row.uid);
            cached += row.uid < firstPendingKey;
            total += row.shown;
            unread += row.shown && (row.flags & Seen) == 0;
            if (row.shown)
                step.removed.push_back(row.message);
            if (m_anywhere.begin(raw, row.message).step())
                continue;
            m_removeMessage.run(raw, row.message);
            step.gone.push_back(row.message);
        }
        if (!rows.empty())
            m_count.run(raw, folder, cached, total, unread);
        step.done = std::ssize(rows) < limit && !m_someThread.begin(raw, folder).step();
        return step;
    });
}

} // namespace avocet
