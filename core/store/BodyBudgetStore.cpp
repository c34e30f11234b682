// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/BodyBudgetStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

#include <limits>

namespace avocet {

Status BodyBudgetStore::set(AccountId account, std::int64_t bytes)
{
    constexpr std::int64_t most = std::int64_t{1} << 40;
    if (bytes < unlimited || bytes > most)
        return fail(ErrorKind::Rejected, "a budget of at most a terabyte", ErrorCode::InvalidInput);
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(),
                 "INSERT INTO body_budget(account, bytes) VALUES(?1, ?2) "
                 "ON CONFLICT(account) DO UPDATE SET bytes = excluded.bytes",
                 account, bytes);
        return {};
    });
}

/// The largest number where there is no limit.
std::int64_t BodyBudgetStore::left(AccountId account, int day)
{
    SQLite::Statement row(m_db.raw(), "SELECT ifnull(bytes, ?2), iif(day = ?3, used, 0) "
                                      "FROM body_budget WHERE account = ?1");
    sql::bindAll(row, account, standard, day);
    if (!row.executeStep())
        return standard;
    const std::int64_t bytes = row.getColumn(0).getInt64();
    return bytes == unlimited ? std::numeric_limits<std::int64_t>::max()
                              : bytes - row.getColumn(1).getInt64();
}

Result<std::size_t> BodyBudgetStore::take(AccountId account, int day,
                                          const std::vector<Placement>& wanted)
{
    return guarded(m_db, [&]() -> Result<std::size_t> {
        const std::int64_t most = left(account, day);
        std::int64_t used = 0;
        std::size_t count = 0;
        for (; count < wanted.size() && used < most; ++count)
            used += wanted[count].size;
        if (used > 0)
            sql::run(m_db.raw(),
                     "INSERT INTO body_budget(account, day, used) VALUES(?1, ?2, ?3) "
                     "ON CONFLICT(account) DO UPDATE SET "
                     "used = iif(day = excluded.day, used, 0) + excluded.used, day = excluded.day",
                     account, day, used);
        return count;
    });
}

} // namespace avocet
