// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/FolderWindowStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

namespace avocet {

Result<std::optional<int>> FolderWindowStore::find(AccountId account, const std::string& mailbox)
{
    return guarded(m_db, [&]() -> Result<std::optional<int>> {
        SQLite::Statement row(
            m_db.raw(), "SELECT months FROM folder_window WHERE account = ?1 AND mailbox = ?2");
        sql::bindAll(row, account, mailbox);
        return row.executeStep() ? std::optional(row.getColumn(0).getInt()) : std::nullopt;
    });
}

Status FolderWindowStore::set(AccountId account, const std::string& mailbox,
                              std::optional<int> months)
{
    if (months && (*months < 0 || *months > 1200))
        return fail(ErrorKind::Rejected, "a window of 0 to 1200 months", ErrorCode::InvalidInput);
    return guarded(m_db, [&]() -> Status {
        if (months)
            sql::run(m_db.raw(),
                     "INSERT OR REPLACE INTO folder_window(account, mailbox, months) "
                     "VALUES(?1, ?2, ?3)",
                     account, mailbox, *months);
        else
            sql::run(m_db.raw(), "DELETE FROM folder_window WHERE account = ?1 AND mailbox = ?2",
                     account, mailbox);
        return {};
    });
}

Status FolderWindowStore::rename(AccountId account, const std::string& from, const std::string& to)
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(),
                 "UPDATE OR REPLACE folder_window SET mailbox = ?3 "
                 "WHERE account = ?1 AND mailbox = ?2",
                 account, from, to);
        return {};
    });
}

} // namespace avocet
