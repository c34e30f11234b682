// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/OperationStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

namespace avocet {

namespace {

/// Refused operations are kept to be told about, not for ever.
constexpr int refusedKept = 200;

const char* name(OperationState state)
{
    switch (state) {
    case OperationState::InFlight:
        return "inflight";
    case OperationState::Refused:
        return "refused";
    case OperationState::Planned:
    case OperationState::Done: // never stored
        break;
    }
    return "planned";
}

constexpr const char* columns =
    "SELECT id, account, mailbox, uid_validity, uid, message_id, add_flags, remove_flags, state, "
    "error FROM operation WHERE state IN ('planned', 'inflight') AND account = ?1 ";

template <class... Values>
Result<std::vector<FlagOperation>> pendingWhere(Database& database, const std::string& rest,
                                                const Values&... values)
{
    return guarded(database, [&]() -> Result<std::vector<FlagOperation>> {
        SQLite::Statement row(database.raw(), columns + rest);
        sql::bindAll(row, values...);
        std::vector<FlagOperation> operations;
        while (row.executeStep()) {
            FlagOperation operation;
            operation.id.value = row.getColumn(0).getInt64();
            operation.account.value = row.getColumn(1).getInt64();
            operation.mailbox = row.getColumn(2).getString();
            operation.uidValidity = row.getColumn(3).getUInt();
            operation.uid = row.getColumn(4).getUInt();
            operation.messageIdHeader = row.getColumn(5).getString();
            operation.add = row.getColumn(6).getUInt();
            operation.remove = row.getColumn(7).getUInt();
            operation.state = row.getColumn(8).getString() == "inflight" ? OperationState::InFlight
                                                                         : OperationState::Planned;
            operation.error = row.getColumn(9).getString();
            operations.push_back(std::move(operation));
        }
        return operations;
    });
}

} // namespace

Result<OperationId> OperationStore::plan(const FlagOperation& operation)
{
    if ((operation.add & operation.remove) != 0 || (operation.add | operation.remove) == 0)
        return fail(ErrorKind::Rejected, "an operation sets or clears each flag, and at least one",
                    ErrorCode::InvalidInput);
    return inTransaction(m_db, [&]() -> Result<OperationId> {
        SQLite::Statement planned(m_db.raw(), R"sql(
            SELECT id, add_flags, remove_flags FROM operation
            WHERE account = ?1 AND mailbox = ?2 AND uid_validity = ?3 AND uid = ?4
              AND state = 'planned' ORDER BY id DESC LIMIT 1)sql");
        sql::bindAll(planned, operation.account, operation.mailbox, operation.uidValidity,
                     operation.uid);
        if (planned.executeStep()) {
            const OperationId id{planned.getColumn(0).getInt64()};
            const Flags add = (planned.getColumn(1).getUInt() & ~operation.remove) | operation.add;
            const Flags remove =
                (planned.getColumn(2).getUInt() & ~operation.add) | operation.remove;
            planned.reset();
            sql::run(m_db.raw(),
                     "UPDATE operation SET add_flags = ?2, remove_flags = ?3 WHERE id = ?1", id,
                     add, remove);
            return id;
        }
        sql::run(m_db.raw(), R"sql(
            INSERT INTO operation(account, mailbox, uid_validity, uid, message_id, add_flags,
                                  remove_flags, state, error)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, 'planned', ''))sql",
                 operation.account, operation.mailbox, operation.uidValidity, operation.uid,
                 operation.messageIdHeader, operation.add, operation.remove);
        return OperationId{m_db.raw().getLastInsertRowid()};
    });
}

Result<std::vector<FlagOperation>> OperationStore::pending(AccountId account)
{
    return pendingWhere(m_db, "ORDER BY id", account);
}

Result<std::vector<FlagOperation>> OperationStore::pending(AccountId account,
                                                           const std::string& mailbox)
{
    return pendingWhere(m_db, "AND mailbox = ?2 ORDER BY id", account, mailbox);
}

Status OperationStore::setState(OperationId id, OperationState state, const std::string& error)
{
    return m_db.transaction([&]() -> Status {
        const int changed =
            state == OperationState::Done
                ? sql::run(m_db.raw(), "DELETE FROM operation WHERE id = ?1", id)
                : sql::run(m_db.raw(), "UPDATE operation SET state = ?2, error = ?3 WHERE id = ?1",
                           id, name(state), error);
        if (changed == 0)
            return fail(ErrorKind::Rejected, "no such operation", ErrorCode::NotFound);
        if (state == OperationState::Refused)
            sql::run(m_db.raw(), R"sql(
                DELETE FROM operation WHERE state = 'refused' AND id NOT IN (
                    SELECT id FROM operation WHERE state = 'refused'
                    ORDER BY id DESC LIMIT ?1))sql",
                     refusedKept);
        return {};
    });
}

Status OperationStore::recoverAfterRestart()
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), "UPDATE operation SET state = 'planned' WHERE state = 'inflight'");
        return {};
    });
}

} // namespace avocet
