// SPDX-License-Identifier: GPL-3.0-or-later
// Folded lists: the threads of a folder, newest first, each with its counts.
#pragma once

#include "core/model/Message.h"
#include "core/store/Database.h"
#include "core/store/Sql.h"

#include <cstdint>
#include <limits>
#include <vector>

namespace avocet {

/// What a thread has in one folder, of what is shown there.
struct ThreadSummary {
    ThreadId thread;
    MessageId newest;
    std::int64_t date = 0; ///< of `newest`; what the list is ordered by
    std::int64_t count = 0;
    std::int64_t unread = 0;
};

/// The row behind which the next page begins.
struct ThreadPosition {
    std::int64_t date = std::numeric_limits<std::int64_t>::max();
    MessageId newest{std::numeric_limits<std::int64_t>::max()};
};

/// Once a folder is counted, whatever transaction changes a placement keeps it: MessageStore where it inserts one, triggers
/// (004_threads.sql) for the rest. It is counted in the background as soon as its first sync is over: during that it would
/// add half to each insert. Threads themselves (ThreadIndex) are always up to date, and so are threadMessages().
///
/// build() needs the engine's ReadWrite database, the rest works on any connection.
class ThreadFolders {
public:
    explicit ThreadFolders(Database& mail)
        : m_db(mail)
    {
    }

    /// Counts up to `limit` more placements of the folder (2,000 for 20 ms); true once it is complete, and then it
    /// stays so until the folder is renumbered.
    Result<bool> build(FolderId folder, int limit);
    Result<bool> isComplete(FolderId folder);
    /// A folder that is synced and yet to be counted, or none.
    Result<FolderId> nextToBuild();

    /// Up to `limit` threads behind `after`, newest first, by a covering index. Of a folder that is not complete: what is
    /// counted so far.
    Result<std::vector<ThreadSummary>> threads(FolderId folder, int limit,
                                               const ThreadPosition& after = {});
    /// A conversation: the thread's messages in all folders of its account, Sent included, that are shown in one of them;
    /// each once, oldest first.
    Result<std::vector<MessageId>> threadMessages(ThreadId thread);

private:
    Database& m_db;
    sql::Kept m_progress{"SELECT up_to FROM thread_progress WHERE folder = ?1"};
    sql::Kept m_uncounted{R"sql(
        SELECT id FROM folder WHERE account <> 0 AND synced_from = 1 AND id NOT IN (
            SELECT folder FROM thread_progress WHERE up_to = ?1) LIMIT 1)sql"};
    sql::Kept m_setProgress{"INSERT OR REPLACE INTO thread_progress(folder, up_to) VALUES(?1, ?2)"};
    sql::Kept m_stepEnd{R"sql(
        SELECT max(uid), count(*) FROM (
            SELECT uid FROM placement WHERE folder = ?1 AND uid > ?2 ORDER BY uid LIMIT ?3))sql"};
    sql::Kept m_count{R"sql(
        INSERT INTO thread_change
        SELECT p.folder, m.thread, p.message, p.date, p.shown_flags & 1 = 0, 1
        FROM placement AS p CROSS JOIN message AS m ON m.id = p.message
        WHERE p.folder = ?1 AND p.uid > ?2 AND p.uid <= ?3 AND p.hidden = 0)sql"};
    sql::Kept m_threads{R"sql(
        SELECT thread, newest, date, count, unread FROM thread_folder
        WHERE folder = ?1 AND (date, newest) < (?2, ?3)
        ORDER BY date DESC, newest DESC LIMIT ?4)sql"};
    sql::Kept m_messages{R"sql(
        SELECT m.id, min(p.date) AS first
        FROM message AS m CROSS JOIN placement AS p ON p.message = m.id
             CROSS JOIN folder AS f ON f.id = p.folder
        WHERE m.thread = ?1 AND p.hidden = 0 AND f.account <> 0
        GROUP BY m.id ORDER BY first, m.id)sql"};
};

} // namespace avocet
