// SPDX-License-Identifier: GPL-3.0-or-later
// Empties folders in steps, so that a large one that is removed or renumbered holds up nothing else.
#pragma once

#include "core/model/Message.h"
#include "core/store/Database.h"
#include "core/store/Sql.h"
#include "core/store/ThreadIndex.h"

#include <vector>

namespace avocet {

/// Needs the engine's ReadWrite database. May be cut off anywhere and taken up again. Of the messages that lie nowhere else
/// the bodies are left to MessageStore::bodiesLeft, and the words to SearchIndex::purge.
class FolderRemoval {
public:
    explicit FolderRemoval(Database& mail)
        : m_db(mail)
        , m_threads(mail.raw())
    {
    }

    struct Step {
        std::vector<MessageId> removed; ///< from the folder's list
        bool done = false;
    };

    /// Before FolderStore::reset, which then finds nothing left to do. Takes up to `limit` placements out (200 for 20 ms),
    /// the newest UIDs first, pending ones included. Links of threads stay: the same messages come back. The counts of the
    /// folder are right after each step.
    Result<Step> emptySome(FolderId folder, int limit);
    /// The same for a folder that FolderStore has removed, whichever it is, and in the end the folder itself. False: there
    /// is none.
    Result<bool> removeSome(int limit);

private:
    bool take(FolderId folder, int limit, bool comesBack, std::vector<MessageId>& removed);

    Database& m_db;
    ThreadIndex m_threads;
    sql::Kept m_nextFolder{"SELECT id FROM folder WHERE account = 0 LIMIT 1"};
    sql::Kept m_removeFolder{"DELETE FROM folder WHERE id = ?1"};
    sql::Kept m_unfold{"DELETE FROM thread_progress WHERE folder = ?1"};
    sql::Kept m_forgetThreads{R"sql(
        DELETE FROM thread_folder WHERE folder = ?1 AND thread IN (
            SELECT thread FROM thread_folder WHERE folder = ?1 LIMIT ?2))sql"};
    sql::Kept m_someThread{"SELECT 1 FROM thread_folder WHERE folder = ?1 LIMIT 1"};
    sql::Kept m_next{R"sql(
        SELECT uid, message, shown_flags, hidden FROM placement
        WHERE folder = ?1 ORDER BY uid DESC LIMIT ?2)sql"};
    sql::Kept m_remove{"DELETE FROM placement WHERE folder = ?1 AND uid = ?2"};
    sql::Kept m_anywhere{"SELECT 1 FROM placement WHERE message = ?1 LIMIT 1"};
    sql::Kept m_removeMessage{"DELETE FROM message WHERE id = ?1"};
    sql::Kept m_count{R"sql(
        UPDATE folder SET cached = cached - ?2, total = total - ?3, unread = unread - ?4
        WHERE id = ?1)sql"};
};

} // namespace avocet
