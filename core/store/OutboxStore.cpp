// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/OutboxStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

namespace avocet {

namespace {

constexpr const char* columns =
    "SELECT id, account, identity, state, message_id, sender, subject, bcc, size, attempts, "
    "created, next_try, reply, error_code, original, forwards FROM outbox ";

tl::unexpected<Error> notFound()
{
    return fail(ErrorKind::Rejected, "no such message in the outbox", ErrorCode::NotFound);
}

tl::unexpected<Error> unknownState(const std::string& text)
{
    return fail(ErrorKind::Storage, "an unknown state in the outbox: " + text, ErrorCode::Corrupt);
}

Result<OutboxItem> itemFrom(SQLite::Statement& row)
{
    const auto text = [&](int column) { return row.getColumn(column).getString(); };
    const auto number = [&](int column) { return row.getColumn(column).getInt64(); };
    OutboxItem item;
    item.id.value = number(0);
    item.account.value = number(1);
    item.identity.value = number(2);
    const auto state = outboxStateFromName(text(3));
    if (!state)
        return unknownState(text(3));
    item.state = *state;
    item.messageIdHeader = text(4);
    item.sender = text(5);
    item.subject = text(6);
    item.bcc = text(7);
    item.size = number(8);
    item.attempts = static_cast<int>(number(9));
    item.created = number(10);
    item.nextTry = number(11);
    item.reply = text(12);
    item.errorCode = text(13);
    item.original.value = number(14);
    item.forwards = number(15) != 0;
    return item;
}

Status readRecipients(SQLite::Database& database, OutboxItem& item)
{
    SQLite::Statement row(database, "SELECT address, state, reply FROM outbox_recipient "
                                    "WHERE outbox = ?1 ORDER BY position");
    sql::bindAll(row, item.id);
    while (row.executeStep()) {
        const auto state = recipientStateFromName(row.getColumn(1).getString());
        if (!state)
            return unknownState(row.getColumn(1).getString());
        item.recipients.push_back(
            {row.getColumn(0).getString(), *state, row.getColumn(2).getString()});
    }
    return {};
}

void writeRecipients(SQLite::Database& database, OutboxId id,
                     const std::vector<OutboxRecipient>& recipients)
{
    sql::run(database, "DELETE FROM outbox_recipient WHERE outbox = ?1", id);
    SQLite::Statement insert(database, R"sql(
        INSERT INTO outbox_recipient(outbox, position, address, state, reply)
        VALUES(?1, ?2, ?3, ?4, ?5))sql");
    int position = 0;
    for (const OutboxRecipient& recipient : recipients) {
        sql::bindAll(insert, id, position++, recipient.address, name(recipient.state),
                     recipient.reply);
        insert.exec();
        insert.reset();
    }
}

Result<OutboxState> currentState(SQLite::Database& database, OutboxId id)
{
    SQLite::Statement row(database, "SELECT state FROM outbox WHERE id = ?1");
    sql::bindAll(row, id);
    if (!row.executeStep())
        return notFound();
    const std::string text = row.getColumn(0).getString();
    const auto state = outboxStateFromName(text);
    if (!state)
        return unknownState(text);
    return *state;
}

Status checkNew(SQLite::Database& database, const OutboxItem& item)
{
    if (item.recipients.empty())
        return fail(ErrorKind::Rejected, "a message without recipients", ErrorCode::NoRecipients);
    if (item.messageIdHeader.empty())
        return fail(ErrorKind::Rejected, "a message without Message-ID", ErrorCode::InvalidInput);
    SQLite::Statement same(database, R"sql(
        SELECT 1 FROM outbox WHERE message_id = ?1
            AND state NOT IN ('failed', 'cancelled', 'done') LIMIT 1)sql");
    sql::bindAll(same, item.messageIdHeader);
    if (same.executeStep())
        return fail(ErrorKind::Rejected, "already in the outbox: <" + item.messageIdHeader + ">",
                    ErrorCode::InvalidInput);
    return {};
}

} // namespace

Result<OutboxId> OutboxStore::add(const OutboxItem& item, std::string_view message)
{
    return inTransaction(m_db, [&]() -> Result<OutboxId> {
        SQLite::Database& database = m_db.raw();
        if (Status valid = checkNew(database, item); !valid)
            return tl::unexpected<Error>(valid.error());
        sql::run(database, R"sql(
            INSERT INTO outbox(account, identity, state, message_id, sender, subject, bcc, size,
                               attempts, created, next_try, reply, error_code, original, forwards)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15))sql",
                 item.account, sql::NullIfNone{item.identity}, name(OutboxState::Queued),
                 item.messageIdHeader, item.sender, item.subject, item.bcc, message.size(),
                 item.attempts, item.created, item.nextTry, item.reply, item.errorCode,
                 item.original, item.forwards);
        const OutboxId id{database.getLastInsertRowid()};
        sql::run(database, "INSERT INTO outbox_message(outbox, data) VALUES(?1, ?2)", id,
                 sql::Blob{message});
        writeRecipients(database, id, item.recipients);
        return id;
    });
}

Result<std::vector<OutboxItem>> OutboxStore::all()
{
    return guarded(m_db, [&]() -> Result<std::vector<OutboxItem>> {
        SQLite::Statement statement(m_db.raw(), std::string(columns) + "ORDER BY id");
        std::vector<OutboxItem> items;
        while (statement.executeStep()) {
            Result<OutboxItem> item = itemFrom(statement);
            if (!item)
                return tl::unexpected<Error>(item.error());
            if (Status read = readRecipients(m_db.raw(), *item); !read)
                return tl::unexpected<Error>(read.error());
            items.push_back(std::move(*item));
        }
        return items;
    });
}

Result<OutboxItem> OutboxStore::find(OutboxId id)
{
    return guarded(m_db, [&]() -> Result<OutboxItem> {
        SQLite::Statement statement(m_db.raw(), std::string(columns) + "WHERE id = ?1");
        sql::bindAll(statement, id);
        if (!statement.executeStep())
            return notFound();
        Result<OutboxItem> item = itemFrom(statement);
        if (item)
            if (Status read = readRecipients(m_db.raw(), *item); !read)
                return tl::unexpected<Error>(read.error());
        return item;
    });
}

Result<std::string> OutboxStore::message(OutboxId id)
{
    return guarded(m_db, [&]() -> Result<std::string> {
        SQLite::Statement row(m_db.raw(), "SELECT data FROM outbox_message WHERE outbox = ?1");
        sql::bindAll(row, id);
        if (!row.executeStep())
            return notFound();
        return row.getColumn(0).getString();
    });
}

Status OutboxStore::save(const OutboxItem& item)
{
    return m_db.transaction([&]() -> Status {
        SQLite::Database& database = m_db.raw();
        const Result<OutboxState> current = currentState(database, item.id);
        if (!current)
            return tl::unexpected<Error>(current.error());
        if (!mayFollow(*current, item.state))
            return fail(ErrorKind::Bug, std::string("the outbox cannot go from ") + name(*current) +
                                            " to " + name(item.state));
        sql::run(database, R"sql(
            UPDATE outbox SET state = ?2, attempts = ?3, next_try = ?4, reply = ?5, error_code = ?6
            WHERE id = ?1)sql",
                 item.id, name(item.state), item.attempts, item.nextTry, item.reply,
                 item.errorCode);
        writeRecipients(database, item.id, item.recipients);
        return {};
    });
}

Status OutboxStore::remove(OutboxId id)
{
    return guarded(m_db, [&]() -> Status {
        if (sql::run(m_db.raw(), "DELETE FROM outbox WHERE id = ?1", id) == 0)
            return notFound();
        return {};
    });
}

Result<std::vector<OutboxId>> OutboxStore::recoverAfterRestart()
{
    return inTransaction(m_db, [&]() -> Result<std::vector<OutboxId>> {
        std::vector<std::pair<OutboxId, OutboxState>> found;
        {
            SQLite::Statement row(m_db.raw(), "SELECT id, state FROM outbox ORDER BY id");
            while (row.executeStep())
                if (const auto state = outboxStateFromName(row.getColumn(1).getString()))
                    found.emplace_back(OutboxId{row.getColumn(0).getInt64()}, *state);
        }
        std::vector<OutboxId> changed;
        for (const auto& [id, state] : found) {
            const OutboxState next = afterRestart(state);
            if (next == state)
                continue;
            sql::run(m_db.raw(), "UPDATE outbox SET state = ?2 WHERE id = ?1", id, name(next));
            changed.push_back(id);
        }
        return changed;
    });
}

} // namespace avocet
