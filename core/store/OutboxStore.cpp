// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/OutboxStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

#include <algorithm>

namespace avocet {

namespace {

constexpr const char* outboxColumns =
    "SELECT id, account, identity, state, message_id, sender, subject, bcc, size, attempts, "
    "created, next_try, reply, error_code, original, forwards, hold, not_before, report_delivery, "
    "filing, settled FROM outbox ";

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
    item.hold = outboxHoldFromName(text(16)).value_or(OutboxHold::None);
    item.notBefore = number(17);
    item.reportDelivery = number(18) != 0;
    item.filing = number(19) != 0;
    item.settled = number(20);
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

Result<std::vector<OutboxItem>> itemsFrom(SQLite::Database& database, SQLite::Statement& statement)
{
    std::vector<OutboxItem> items;
    while (statement.executeStep()) {
        Result<OutboxItem> item = itemFrom(statement);
        if (!item)
            return tl::unexpected<Error>(item.error());
        if (Status read = readRecipients(database, *item); !read)
            return tl::unexpected<Error>(read.error());
        items.push_back(std::move(*item));
    }
    return items;
}

bool leftForEverybody(const OutboxItem& item)
{
    return item.state == OutboxState::Done &&
           std::none_of(item.recipients.begin(), item.recipients.end(), [](const auto& recipient) {
               return recipient.state == RecipientState::Refused ||
                      recipient.state == RecipientState::Bounced;
           });
}

/// The bytes and the draft are kept as long as somebody may want to send them again.
void dropContent(SQLite::Database& database, const OutboxItem& item)
{
    if (item.state == OutboxState::Cancelled)
        sql::run(database, "UPDATE draft SET outbox = 0 WHERE outbox = ?1", item.id);
    else if (leftForEverybody(item))
        sql::run(database, "DELETE FROM draft WHERE outbox = ?1", item.id);
    else
        return;
    sql::run(database, "DELETE FROM outbox_message WHERE outbox = ?1", item.id);
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
                               attempts, created, next_try, reply, error_code, original, forwards,
                               hold, not_before, report_delivery)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,
                   ?18))sql",
                 item.account, sql::NullIfNone{item.identity}, name(OutboxState::Queued),
                 item.messageIdHeader, item.sender, item.subject, item.bcc, message.size(),
                 item.attempts, item.created, item.nextTry, item.reply, item.errorCode,
                 item.original, item.forwards, name(item.hold), item.notBefore,
                 item.reportDelivery);
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
        SQLite::Statement statement(m_db.raw(), std::string(outboxColumns) + "ORDER BY id");
        return itemsFrom(m_db.raw(), statement);
    });
}

Result<std::vector<OutboxItem>> OutboxStore::inState(AccountId account,
                                                     std::span<const OutboxState> states)
{
    return guarded(m_db, [&]() -> Result<std::vector<OutboxItem>> {
        std::string list;
        for (const OutboxState state : states)
            list += (list.empty() ? "'" : ", '") + std::string(name(state)) + "'";
        SQLite::Statement statement(m_db.raw(), std::string(outboxColumns) +
                                                    "WHERE account = ?1 AND state IN (" + list +
                                                    ") ORDER BY id");
        sql::bindAll(statement, account);
        return itemsFrom(m_db.raw(), statement);
    });
}

Result<OutboxItem> OutboxStore::find(OutboxId id)
{
    return guarded(m_db, [&]() -> Result<OutboxItem> {
        SQLite::Statement statement(m_db.raw(), std::string(outboxColumns) + "WHERE id = ?1");
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

Result<OutboxItem> OutboxStore::findByMessageId(const std::string& messageIdHeader)
{
    const auto id = guarded(m_db, [&]() -> Result<OutboxId> {
        SQLite::Statement row(m_db.raw(), "SELECT max(id) FROM outbox WHERE message_id = ?1");
        sql::bindAll(row, messageIdHeader);
        return OutboxId{row.executeStep() ? row.getColumn(0).getInt64() : 0};
    });
    return id ? find(*id) : tl::unexpected(id.error());
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
            UPDATE outbox SET state = ?2, attempts = ?3, next_try = ?4, reply = ?5, error_code = ?6,
                              hold = ?7, not_before = ?8, filing = ?9, settled = ?10
            WHERE id = ?1)sql",
                 item.id, name(item.state), item.attempts, item.nextTry, item.reply, item.errorCode,
                 name(item.hold), item.notBefore, item.filing, item.settled);
        writeRecipients(database, item.id, item.recipients);
        dropContent(database, item);
        return {};
    });
}

Status OutboxStore::remove(OutboxId id)
{
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), "UPDATE draft SET outbox = 0 WHERE outbox = ?1", id);
        if (sql::run(m_db.raw(), "DELETE FROM outbox WHERE id = ?1", id) == 0)
            return notFound();
        return {};
    });
}

Result<bool> OutboxStore::remembers()
{
    return guarded(m_db, [&]() -> Result<bool> {
        SQLite::Statement row(
            m_db.raw(),
            "SELECT 1 FROM outbox WHERE state IN ('sent', 'done', 'uncertain') LIMIT 1");
        return row.executeStep();
    });
}

Status OutboxStore::forgetBefore(std::int64_t time)
{
    return m_db.transaction([&]() -> Status {
        SQLite::Database& database = m_db.raw();
        sql::run(database, R"sql(
            DELETE FROM draft WHERE outbox IN (SELECT id FROM outbox WHERE state = 'done'
                AND max(created, settled) < ?1))sql",
                 time);
        sql::run(database, R"sql(
            DELETE FROM outbox WHERE state IN ('done', 'cancelled')
                AND max(created, settled) < ?1)sql",
                 time);
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
