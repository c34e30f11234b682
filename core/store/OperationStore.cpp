// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/OperationStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

#include <array>
#include <string_view>
#include <utility>

namespace avocet {

namespace {

/// Refused operations are kept to be told about, not for ever.
constexpr int refusedKept = 200;

constexpr std::array<std::pair<OperationKind, const char*>, 10> kinds{{
    {OperationKind::Mark, "mark"},
    {OperationKind::Move, "move"},
    {OperationKind::Copy, "copy"},
    {OperationKind::Delete, "delete"},
    {OperationKind::Append, "append"},
    {OperationKind::CreateFolder, "create"},
    {OperationKind::RenameFolder, "rename"},
    {OperationKind::DeleteFolder, "remove"},
    {OperationKind::Subscribe, "subscribe"},
    {OperationKind::Unsubscribe, "unsubscribe"},
}};

constexpr std::array<std::pair<OperationState, const char*>, 4> states{{
    {OperationState::Planned, "planned"},
    {OperationState::InFlight, "inflight"},
    {OperationState::Copied, "copied"},
    {OperationState::Refused, "refused"},
}};

template <class Names, class Value>
const char* nameOf(const Names& names, Value value)
{
    for (const auto& [each, name] : names)
        if (each == value)
            return name;
    return names.front().second;
}

template <class Value, std::size_t Count>
Value valueOf(const std::array<std::pair<Value, const char*>, Count>& names, std::string_view name)
{
    for (const auto& [value, each] : names)
        if (name == each)
            return value;
    return names.front().first;
}

constexpr const char* operationColumns =
    "SELECT id, account, kind, mailbox, uid_validity, uid, message_id, size, date, add_flags, "
    "remove_flags, target, not_before, target_validity, target_uid_next, state, error, "
    "(SELECT replaces FROM operation_message WHERE operation = id) FROM operation ";

Operation operationFrom(SQLite::Statement& row)
{
    Operation operation;
    operation.id.value = row.getColumn(0).getInt64();
    operation.account.value = row.getColumn(1).getInt64();
    operation.kind = valueOf(kinds, row.getColumn(2).getString());
    operation.mailbox = row.getColumn(3).getString();
    operation.uidValidity = row.getColumn(4).getUInt();
    operation.uid = row.getColumn(5).getInt64();
    operation.messageIdHeader = row.getColumn(6).getString();
    operation.size = row.getColumn(7).getInt64();
    operation.internalDate = row.getColumn(8).getInt64();
    operation.add = row.getColumn(9).getUInt();
    operation.remove = row.getColumn(10).getUInt();
    operation.target = row.getColumn(11).getString();
    operation.notBefore = row.getColumn(12).getInt64();
    operation.targetValidity = row.getColumn(13).getUInt();
    operation.targetUidNext = row.getColumn(14).getUInt();
    operation.state = valueOf(states, row.getColumn(15).getString());
    operation.error = row.getColumn(16).getString();
    operation.replaces = row.getColumn(17).getString();
    return operation;
}

Status valid(const Operation& operation)
{
    const bool flags = operation.kind == OperationKind::Mark;
    if (flags &&
        ((operation.add & operation.remove) != 0 || (operation.add | operation.remove) == 0))
        return fail(ErrorKind::Rejected, "an operation sets or clears each flag, and at least one",
                    ErrorCode::InvalidInput);
    if (operation.kind == OperationKind::Append) {
        const bool whole =
            !operation.target.empty() && operation.mailbox.empty() == (operation.uid == 0);
        return whole ? Status()
                     : fail(ErrorKind::Rejected, "an append to nowhere", ErrorCode::InvalidInput);
    }
    const bool aims = operation.bringsToTarget() || operation.kind == OperationKind::RenameFolder;
    if (operation.mailbox.empty() || aims == operation.target.empty() ||
        (aims && operation.target == operation.mailbox))
        return fail(ErrorKind::Rejected, "an operation that leads from nowhere or to nowhere",
                    ErrorCode::InvalidInput);
    return {};
}

/// Whether it could be laid onto a planned change of the same flags.
bool mergeFlags(SQLite::Database& database, const Operation& operation, OperationId& into)
{
    SQLite::Statement planned(database, R"sql(
        SELECT id, kind, add_flags, remove_flags FROM operation
        WHERE account = ?1 AND mailbox = ?2 AND uid_validity = ?3 AND uid = ?4
          AND state = 'planned' ORDER BY id DESC LIMIT 1)sql");
    sql::bindAll(planned, operation.account, operation.mailbox, operation.uidValidity,
                 operation.uid);
    if (!planned.executeStep() || planned.getColumn(1).getString() != "mark")
        return false;
    into.value = planned.getColumn(0).getInt64();
    const Flags add = (planned.getColumn(2).getUInt() & ~operation.remove) | operation.add;
    const Flags remove = (planned.getColumn(3).getUInt() & ~operation.add) | operation.remove;
    planned.reset();
    sql::run(database, "UPDATE operation SET add_flags = ?2, remove_flags = ?3 WHERE id = ?1", into,
             add, remove);
    return true;
}

} // namespace

Result<OperationId> OperationStore::plan(const Operation& operation)
{
    if (auto checked = valid(operation); !checked)
        return tl::unexpected(checked.error());
    return inTransaction(m_db, [&]() -> Result<OperationId> {
        OperationId merged;
        if (operation.kind == OperationKind::Mark && mergeFlags(m_db.raw(), operation, merged))
            return merged;
        sql::run(m_db.raw(), R"sql(
            INSERT INTO operation(account, kind, mailbox, uid_validity, uid, message_id, size, date,
                                  add_flags, remove_flags, target, not_before, state, error)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'planned', ''))sql",
                 operation.account, nameOf(kinds, operation.kind), operation.mailbox,
                 operation.uidValidity, operation.uid, operation.messageIdHeader, operation.size,
                 operation.internalDate, operation.add, operation.remove, operation.target,
                 operation.notBefore);
        return OperationId{m_db.raw().getLastInsertRowid()};
    });
}

Result<OperationId> OperationStore::planAppend(const Operation& operation, std::string_view message)
{
    return inTransaction(m_db, [&]() -> Result<OperationId> {
        auto id = plan(operation);
        if (id)
            sql::run(m_db.raw(),
                     "INSERT INTO operation_message(operation, replaces, data) VALUES(?1, ?2, ?3)",
                     *id, operation.replaces, sql::Blob{message});
        return id;
    });
}

Result<std::string> OperationStore::message(OperationId append)
{
    return guarded(m_db, [&]() -> Result<std::string> {
        SQLite::Statement row(m_db.raw(),
                              "SELECT data FROM operation_message WHERE operation = ?1");
        sql::bindAll(row, append);
        if (!row.executeStep())
            return fail(ErrorKind::Rejected, "no such message", ErrorCode::NotFound);
        return row.getColumn(0).getString();
    });
}

Result<std::vector<Operation>> OperationStore::pending(AccountId account)
{
    return guarded(m_db, [&]() -> Result<std::vector<Operation>> {
        SQLite::Statement row(m_db.raw(),
                              std::string(operationColumns) +
                                  "WHERE account = ?1 AND state <> 'refused' ORDER BY id");
        sql::bindAll(row, account);
        std::vector<Operation> operations;
        while (row.executeStep())
            operations.push_back(operationFrom(row));
        return operations;
    });
}

Result<Operation> OperationStore::find(OperationId id)
{
    return guarded(m_db, [&]() -> Result<Operation> {
        SQLite::Statement row(m_db.raw(), std::string(operationColumns) + "WHERE id = ?1");
        sql::bindAll(row, id);
        if (!row.executeStep())
            return fail(ErrorKind::Rejected, "no such operation", ErrorCode::NotFound);
        return operationFrom(row);
    });
}

Status OperationStore::setState(OperationId id, OperationState state, const std::string& error)
{
    return m_db.transaction([&]() -> Status {
        const int changed =
            state == OperationState::Done
                ? sql::run(m_db.raw(), "DELETE FROM operation WHERE id = ?1", id)
                : sql::run(m_db.raw(), "UPDATE operation SET state = ?2, error = ?3 WHERE id = ?1",
                           id, nameOf(states, state), error);
        if (changed == 0)
            return fail(ErrorKind::Rejected, "no such operation", ErrorCode::NotFound);
        if (state == OperationState::Refused) {
            sql::run(m_db.raw(), "DELETE FROM operation_message WHERE operation = ?1", id);
            sql::run(m_db.raw(), R"sql(
                DELETE FROM operation WHERE state = 'refused' AND id NOT IN (
                    SELECT id FROM operation WHERE state = 'refused'
                    ORDER BY id DESC LIMIT ?1))sql",
                     refusedKept);
        }
        return {};
    });
}

Status OperationStore::beginCopy(std::span<const OperationId> ids, std::uint32_t targetValidity,
                                 std::uint32_t targetUidNext)
{
    return m_db.transaction([&]() -> Status {
        for (const OperationId id : ids)
            sql::run(m_db.raw(), R"sql(
                UPDATE operation SET state = 'inflight', target_validity = ?2, target_uid_next = ?3
                WHERE id = ?1)sql",
                     id, targetValidity, targetUidNext);
        return {};
    });
}

Status OperationStore::retarget(OperationId id, const std::string& target)
{
    return guarded(m_db, [&]() -> Status {
        const int changed = sql::run(
            m_db.raw(), "UPDATE operation SET target = ?2 WHERE id = ?1 AND state = 'planned'", id,
            target);
        if (changed == 0)
            return fail(ErrorKind::Rejected, "no planned operation", ErrorCode::InvalidInput);
        return {};
    });
}

Status OperationStore::cancel(OperationId id)
{
    return guarded(m_db, [&]() -> Status {
        if (sql::run(m_db.raw(), "DELETE FROM operation WHERE id = ?1 AND state = 'planned'", id) ==
            0)
            return fail(ErrorKind::Rejected, "no planned operation", ErrorCode::InvalidInput);
        return {};
    });
}

Status OperationStore::nameArrival(AccountId account, PlacementKey key, std::uint32_t uidValidity,
                                   std::uint32_t uid)
{
    return m_db.transaction([&]() -> Status {
        sql::run(m_db.raw(), R"sql(
            UPDATE operation SET uid = ?4, uid_validity = ?3 WHERE account = ?1 AND uid = ?2)sql",
                 account, key, uidValidity, uid);
        sql::run(m_db.raw(), R"sql(
            UPDATE draft_copy SET uid = ?4, uid_validity = ?3 WHERE account = ?1 AND uid = ?2)sql",
                 account, key, uidValidity, uid);
        return {};
    });
}

Status OperationStore::redirectArrival(AccountId account, PlacementKey key,
                                       const std::string& mailbox)
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), "UPDATE operation SET mailbox = ?3 WHERE account = ?1 AND uid = ?2",
                 account, key, mailbox);
        return {};
    });
}

Status OperationStore::recoverAfterRestart()
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), R"sql(
            UPDATE operation SET state = 'planned'
            WHERE state = 'inflight' AND kind NOT IN ('move', 'copy', 'append'))sql");
        return {};
    });
}

} // namespace avocet
