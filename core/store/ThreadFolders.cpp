// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ThreadFolders.h"

#include "core/store/StoreGuard.h"

#include <algorithm>

namespace avocet {

namespace {

constexpr std::int64_t complete = std::numeric_limits<std::int64_t>::max();

} // namespace

Result<bool> ThreadFolders::build(FolderId folder, int limit)
{
    return inTransaction(m_db, [&]() -> Result<bool> {
        std::int64_t from = 0;
        if (auto row = m_progress.begin(m_db.raw(), folder); row.step())
            from = row.number(0);
        if (from == complete)
            return true;
        std::int64_t to = complete;
        {
            auto row = m_stepEnd.begin(m_db.raw(), folder, from, std::max(limit, 1));
            if (row.step() && row.number(1) >= limit)
                to = row.number(0);
        }
        m_count.run(m_db.raw(), folder, from, to);
        m_setProgress.run(m_db.raw(), folder, to);
        return to == complete;
    });
}

Result<bool> ThreadFolders::isComplete(FolderId folder)
{
    return guarded(m_db, [&]() -> Result<bool> {
        auto row = m_progress.begin(m_db.raw(), folder);
        return row.step() && row.number(0) == complete;
    });
}

Result<FolderId> ThreadFolders::nextToBuild()
{
    return guarded(m_db, [&]() -> Result<FolderId> {
        auto row = m_uncounted.begin(m_db.raw(), complete);
        return FolderId{row.step() ? row.number(0) : 0};
    });
}

Result<std::vector<ThreadSummary>> ThreadFolders::threads(FolderId folder, int limit,
                                                          const ThreadPosition& after)
{
    return guarded(m_db, [&]() -> Result<std::vector<ThreadSummary>> {
        std::vector<ThreadSummary> found;
        auto row =
            m_threads.begin(m_db.raw(), folder, after.date, after.newest, std::max(limit, 0));
        while (row.step())
            found.push_back({ThreadId{row.number(0)}, MessageId{row.number(1)}, row.number(2),
                             row.number(3), row.number(4)});
        return found;
    });
}

Result<std::vector<MessageId>> ThreadFolders::threadMessages(ThreadId thread)
{
    return guarded(m_db, [&]() -> Result<std::vector<MessageId>> {
        std::vector<MessageId> ids;
        for (auto row = m_messages.begin(m_db.raw(), thread); row.step();)
            ids.push_back(MessageId{row.number(0)});
        return ids;
    });
}

} // namespace avocet
