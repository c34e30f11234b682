// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/FolderStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

#include <algorithm>
#include <map>

namespace avocet {

namespace {

// The numbers are in every mail.db.
static_assert(static_cast<int>(FolderRole::None) == 0 && static_cast<int>(FolderRole::Inbox) == 1 &&
              static_cast<int>(FolderRole::Flagged) == 8);

constexpr const char* folderColumns =
    "SELECT id, account, mailbox, path, delimiter, role, selectable, uid_validity, uid_next, "
    "highest_mod_seq, synced_from, total, unread, server_total, cached, subscribed FROM folder ";

Folder folderFrom(SQLite::Statement& row)
{
    const auto number = [&](int column) { return row.getColumn(column).getInt64(); };
    Folder folder;
    folder.id.value = number(0);
    folder.account.value = number(1);
    folder.mailbox = row.getColumn(2).getString();
    folder.path = row.getColumn(3).getString();
    folder.delimiter = static_cast<char>(number(4));
    const std::int64_t role = number(5);
    if (role >= 0 && role <= static_cast<int>(FolderRole::Flagged))
        folder.role = static_cast<FolderRole>(role);
    folder.selectable = number(6) != 0;
    folder.uidValidity = static_cast<std::uint32_t>(number(7));
    folder.uidNext = static_cast<std::uint32_t>(number(8));
    folder.highestModSeq = static_cast<std::uint64_t>(number(9));
    folder.syncedFrom = static_cast<std::uint32_t>(number(10));
    folder.total = number(11);
    folder.unread = number(12);
    folder.serverTotal = number(13);
    folder.cached = number(14);
    folder.subscribed = number(15) != 0;
    return folder;
}

template <class... Values>
std::vector<Folder> folders(Database& database, const std::string& rest, const Values&... values)
{
    SQLite::Statement statement(database.raw(), folderColumns + rest);
    sql::bindAll(statement, values...);
    std::vector<Folder> found;
    while (statement.executeStep())
        found.push_back(folderFrom(statement));
    return found;
}

template <class... Values>
Result<Folder> oneFolder(Database& database, const std::string& rest, const Values&... values)
{
    return guarded(database, [&]() -> Result<Folder> {
        std::vector<Folder> found = folders(database, rest, values...);
        if (found.empty())
            return fail(ErrorKind::Rejected, "no such folder", ErrorCode::NotFound);
        return std::move(found.front());
    });
}

/// Messages that lie nowhere else go with their placements. Links of their threads stay: after a
/// UIDVALIDITY change the same messages come back.
void removePlacements(SQLite::Database& database, FolderId folder)
{
    sql::run(database, R"sql(
        DELETE FROM message WHERE id IN (
            SELECT message FROM placement AS p WHERE folder = ?1 AND NOT EXISTS (
                SELECT 1 FROM placement WHERE message = p.message AND folder <> ?1)))sql",
             folder);
    sql::run(database, "DELETE FROM placement WHERE folder = ?1", folder);
}

/// FolderRemoval does the rest, in steps.
void retire(SQLite::Database& database, FolderId folder)
{
    sql::run(database, "UPDATE folder SET account = 0, mailbox = id WHERE id = ?1", folder);
    sql::run(database, "DELETE FROM thread_progress WHERE folder = ?1", folder);
}

bool sameListing(const Folder& a, const Folder& b)
{
    return a.path == b.path && a.role == b.role && a.delimiter == b.delimiter &&
           a.selectable == b.selectable && a.serverTotal == b.serverTotal &&
           a.subscribed == b.subscribed;
}

int delimiterCode(const Folder& folder)
{
    return static_cast<unsigned char>(folder.delimiter);
}

} // namespace

Result<bool> FolderStore::replaceAll(AccountId account, const std::vector<Folder>& listed)
{
    return inTransaction(m_db, [&]() -> Result<bool> {
        SQLite::Database& database = m_db.raw();
        std::map<std::string, Folder> gone;
        for (Folder& folder : folders(m_db, "WHERE account = ?1", account))
            gone.emplace(folder.mailbox, std::move(folder));
        std::map<std::string, bool> seen;
        bool changed = false;
        for (const Folder& folder : listed) {
            // Some servers list INBOX twice.
            if (!seen.emplace(folder.mailbox, true).second)
                continue;
            const auto known = gone.find(folder.mailbox);
            if (known == gone.end()) {
                sql::run(database, R"sql(
                    INSERT INTO folder(account, mailbox, path, delimiter, role, selectable,
                                       server_total, subscribed)
                    VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8))sql",
                         account, folder.mailbox, folder.path, delimiterCode(folder),
                         static_cast<int>(folder.role), folder.selectable, folder.serverTotal,
                         folder.subscribed);
                changed = true;
                continue;
            }
            if (!sameListing(known->second, folder)) {
                sql::run(database, R"sql(
                    UPDATE folder SET path = ?2, delimiter = ?3, role = ?4, selectable = ?5,
                                      server_total = ?6, subscribed = ?7 WHERE id = ?1)sql",
                         known->second.id, folder.path, delimiterCode(folder),
                         static_cast<int>(folder.role), folder.selectable, folder.serverTotal,
                         folder.subscribed);
                changed = true;
            }
            gone.erase(known);
        }
        for (const auto& [mailbox, folder] : gone) {
            retire(database, folder.id);
            changed = true;
        }
        return changed;
    });
}

Result<std::vector<Folder>> FolderStore::all()
{
    return guarded(m_db, [&]() -> Result<std::vector<Folder>> {
        return folders(m_db, "WHERE account <> 0 ORDER BY account, role = 0, role, path");
    });
}

Result<std::vector<Folder>> FolderStore::ofAccount(AccountId account)
{
    return guarded(m_db, [&]() -> Result<std::vector<Folder>> {
        return folders(m_db, "WHERE account = ?1 ORDER BY role = 0, role, path", account);
    });
}

Result<Folder> FolderStore::find(FolderId id)
{
    return oneFolder(m_db, "WHERE id = ?1 AND account <> 0", id);
}

Result<Folder> FolderStore::findByMailbox(AccountId account, const std::string& mailbox)
{
    return oneFolder(m_db, "WHERE account = ?1 AND mailbox = ?2", account, mailbox);
}

Result<Folder> FolderStore::findByRole(AccountId account, FolderRole role)
{
    return oneFolder(m_db, "WHERE account = ?1 AND role = ?2 ORDER BY id LIMIT 1", account,
                     static_cast<int>(role));
}

Status FolderStore::saveSyncState(const Folder& folder)
{
    return guarded(m_db, [&]() -> Status {
        const int changed = sql::run(m_db.raw(), R"sql(
                UPDATE folder SET uid_validity = ?2, uid_next = ?3, highest_mod_seq = ?4,
                                  synced_from = ?5, server_total = ?6
                WHERE id = ?1 AND account <> 0)sql",
                                     folder.id, folder.uidValidity, folder.uidNext,
                                     folder.highestModSeq, folder.syncedFrom, folder.serverTotal);
        if (changed == 0)
            return fail(ErrorKind::Rejected, "no such folder", ErrorCode::NotFound);
        return {};
    });
}

Status FolderStore::reset(FolderId id, std::uint32_t uidValidity)
{
    return m_db.transaction([&]() -> Status {
        removePlacements(m_db.raw(), id);
        const int changed = sql::run(m_db.raw(), R"sql(
            UPDATE folder SET uid_validity = ?2, uid_next = 0, highest_mod_seq = 0,
                              synced_from = 0, total = 0, unread = 0, cached = 0
            WHERE id = ?1 AND account <> 0)sql",
                                     id, uidValidity);
        if (changed == 0)
            return fail(ErrorKind::Rejected, "no such folder", ErrorCode::NotFound);
        return {};
    });
}

Status FolderStore::rename(FolderId id, const std::string& mailbox, const std::string& path)
{
    return guarded(m_db, [&]() -> Status {
        if (sql::run(m_db.raw(), R"sql(
                UPDATE folder SET mailbox = ?2, path = ?3 WHERE id = ?1 AND account <> 0)sql",
                     id, mailbox, path) == 0)
            return fail(ErrorKind::Rejected, "no such folder", ErrorCode::NotFound);
        return {};
    });
}

Status FolderStore::removeAllBut(std::span<const AccountId> accounts)
{
    return m_db.transaction([&]() -> Status {
        for (const Folder& folder : folders(m_db, "WHERE account <> 0"))
            if (std::find(accounts.begin(), accounts.end(), folder.account) == accounts.end())
                retire(m_db.raw(), folder.id);
        return {};
    });
}

} // namespace avocet
