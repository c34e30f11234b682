// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/OutboxPolicy.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

namespace avocet {

Result<bool> OutboxPolicy::paused()
{
    return guarded(m_db, [&]() -> Result<bool> {
        SQLite::Statement row(m_db.raw(), "SELECT paused FROM outbox_policy");
        return row.executeStep() && row.getColumn(0).getInt() != 0;
    });
}

Status OutboxPolicy::setPaused(bool paused)
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), "UPDATE outbox_policy SET paused = ?1", paused);
        return {};
    });
}

Result<OverduePolicy> OutboxPolicy::overdue()
{
    return guarded(m_db, [&]() -> Result<OverduePolicy> {
        SQLite::Statement row(m_db.raw(), "SELECT overdue FROM outbox_policy");
        if (!row.executeStep())
            return OverduePolicy::Ask;
        return overduePolicyFromName(row.getColumn(0).getString()).value_or(OverduePolicy::Ask);
    });
}

Status OutboxPolicy::setOverdue(OverduePolicy policy)
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), "UPDATE outbox_policy SET overdue = ?1", name(policy));
        return {};
    });
}

Result<SendingFacts> OutboxPolicy::facts(AccountId account)
{
    return guarded(m_db, [&]() -> Result<SendingFacts> {
        SQLite::Statement row(m_db.raw(), "SELECT files_sent, max_size, takes_reports "
                                          "FROM sending_facts WHERE account = ?1");
        sql::bindAll(row, account);
        SendingFacts facts;
        if (row.executeStep()) {
            facts.filesSent = row.getColumn(0).getInt() != 0;
            facts.maxSize = row.getColumn(1).getInt64();
            facts.takesReports = row.getColumn(2).getInt() != 0;
        }
        return facts;
    });
}

Status OutboxPolicy::setFacts(AccountId account, const SendingFacts& facts)
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(),
                 "INSERT OR REPLACE INTO sending_facts(account, files_sent, max_size, "
                 "takes_reports) VALUES(?1, ?2, ?3, ?4)",
                 account, facts.filesSent, facts.maxSize, facts.takesReports);
        return {};
    });
}

} // namespace avocet
