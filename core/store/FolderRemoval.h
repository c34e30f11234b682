// SPDX-License-Identifier: GPL-3.0-or-later
// Empties a folder in steps, so that a large one that is removed or renumbered holds up nothing else.
#pragma once

#include "core/model/Message.h"
#include "core/store/Database.h"
#include "core/store/Sql.h"

#include <vector>

namespace avocet {

/// Before FolderStore::reset or a removal, which then find nothing left to do. Needs the engine's ReadWrite database.
/// May be cut off anywhere and taken up again: the counts of the folder are right after each step.
class FolderRemoval {
public:
    explicit FolderRemoval(Database& mail)
        : m_db(mail)
    {
    }

    struct Step {
        std::vector<MessageId> removed; ///< from the folder's list
        std::vector<MessageId> gone; ///< of them those that lie nowhere else: their bodies can go
        bool done = false;
    };

    /// Takes up to `limit` placements out (200 for 20 ms), the newest UIDs first, pending ones included. Links of threads
    /// stay: after a change of UIDVALIDITY the same messages come back.
    Result<Step> removeSome(FolderId folder, int limit);

private:
    Database& m_db;
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
