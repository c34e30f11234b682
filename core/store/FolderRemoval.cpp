// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/FolderRemoval.h"

#include "core/store/StoreGuard.h"

#include <algorithm>

namespace avocet {

/// True: the folder is empty.
bool FolderRemoval::take(FolderId folder, int limit, bool comesBack,
                         std::vector<MessageId>& removed)
{
    SQLite::Database& raw = m_db.raw();
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
    m_threads.begin();
    std::int64_t cached = 0, total = 0, unread = 0;
    for (const Row& row : rows) {
        m_remove.run(raw, folder, row.uid);
        cached += row.uid < firstPendingKey;
        total += row.shown;
        unread += row.shown && (row.flags & Seen) == 0;
        if (row.shown)
            removed.push_back(row.message);
        if (m_anywhere.begin(raw, row.message).step())
            continue;
        if (comesBack)
            m_removeMessage.run(raw, row.message);
        else
            m_threads.removeMessage(row.message);
    }
    if (!rows.empty())
        m_count.run(raw, folder, cached, total, unread);
    return std::ssize(rows) < limit && !m_someThread.begin(raw, folder).step();
}

Result<FolderRemoval::Step> FolderRemoval::emptySome(FolderId folder, int limit)
{
    return inTransaction(m_db, [&]() -> Result<Step> {
        Step step;
        step.done = take(folder, std::max(limit, 1), true, step.removed);
        return step;
    });
}

Result<bool> FolderRemoval::removeSome(int limit)
{
    return inTransaction(m_db, [&]() -> Result<bool> {
        FolderId folder;
        if (auto row = m_nextFolder.begin(m_db.raw()); row.step())
            folder.value = row.number(0);
        if (!folder)
            return false;
        std::vector<MessageId> removed;
        if (take(folder, std::max(limit, 1), false, removed))
            m_removeFolder.run(m_db.raw(), folder);
        return true;
    });
}

} // namespace avocet
