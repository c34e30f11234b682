// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/OutboxStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

#include <algorithm>

namespace avocet {

namespace {

std::string items(const std::string& which)
{
    return "SELECT id, account, identity, state, message_id, sender, subject, bcc, size, attempts, "
           "created, next_try, reply, error_code, original, forwards, hold, not_before, "
           "report_delivery, filing, settled FROM outbox " +
           which;
}

tl::unexpected<Error> notFound()
{
    return fail(ErrorKind::Rejected, "no such message in the outbox", ErrorCode::NotFound);
}

tl::unexpected<Error> unknownState(const std::string& text)
{
    return fail(ErrorKind::Storage, "an unknown state in the outbox: " + text, ErrorCode::Corrupt);
}

Result<OutboxItem> itemFrom(sql::Kept::Run& row)
{
    const auto text = [&](int column) { return row.text(column); };
    const auto number = [&](int column) { return row.number(column); };
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

// The statements that run several times for each message on its way are kept.
OutboxStore::OutboxStore(Database& user)
    : m_db(user)
    , m_all(items("ORDER BY id"))
    , m_held(items("WHERE account = ?1 AND state = 'queued' AND hold IN ('undo', 'later') "
                   "ORDER BY id"))
    , m_find(items("WHERE id = ?1"))
    , m_message("SELECT data FROM outbox_message WHERE outbox = ?1")
    , m_state("SELECT state FROM outbox WHERE id = ?1")
    , m_save(R"sql(
        UPDATE outbox SET state = ?2, attempts = ?3, next_try = ?4, reply = ?5, error_code = ?6,
                          hold = ?7, not_before = ?8, filing = ?9, settled = ?10
        WHERE id = ?1)sql")
    , m_recipients("SELECT address, state, reply FROM outbox_recipient "
                   "WHERE outbox = ?1 ORDER BY position")
    , m_removeRecipients("DELETE FROM outbox_recipient WHERE outbox = ?1")
    , m_addRecipient(R"sql(
        INSERT INTO outbox_recipient(outbox, position, address, state, reply)
        VALUES(?1, ?2, ?3, ?4, ?5))sql")
{
}

Result<OutboxState> OutboxStore::currentState(OutboxId id)
{
    auto row = m_state.begin(m_db.raw(), id);
    if (!row.step())
        return notFound();
    const std::string text = row.text(0);
    const auto state = outboxStateFromName(text);
    if (!state)
        return unknownState(text);
    return *state;
}

Status OutboxStore::readRecipients(OutboxItem& item)
{
    auto row = m_recipients.begin(m_db.raw(), item.id);
    while (row.step()) {
        const auto state = recipientStateFromName(row.text(1));
        if (!state)
            return unknownState(row.text(1));
        item.recipients.push_back({row.text(0), *state, row.text(2)});
    }
    return {};
}

void OutboxStore::writeRecipients(OutboxId id, const std::vector<OutboxRecipient>& recipients)
{
    m_removeRecipients.run(m_db.raw(), id);
    int position = 0;
    for (const OutboxRecipient& recipient : recipients)
        m_addRecipient.run(m_db.raw(), id, position++, recipient.address, name(recipient.state),
                           recipient.reply);
}

Result<std::vector<OutboxItem>> OutboxStore::itemsOf(sql::Kept::Run rows)
{
    std::vector<OutboxItem> items;
    while (rows.step()) {
        Result<OutboxItem> item = itemFrom(rows);
        if (!item)
            return tl::unexpected<Error>(item.error());
        if (Status read = readRecipients(*item); !read)
            return tl::unexpected<Error>(read.error());
        items.push_back(std::move(*item));
    }
    return items;
}

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
        writeRecipients(id, item.recipients);
        return id;
    });
}

Result<std::vector<OutboxItem>> OutboxStore::all()
{
    return guarded(m_db, [&]() -> Result<std::vector<OutboxItem>> {
        return itemsOf(m_all.begin(m_db.raw()));
    });
}

Result<std::vector<OutboxItem>> OutboxStore::inState(AccountId account,
                                                     std::span<const OutboxState> wanted)
{
    return guarded(m_db, [&]() -> Result<std::vector<OutboxItem>> {
        std::string list;
        for (const OutboxState state : wanted)
            list += (list.empty() ? "'" : ", '") + std::string(name(state)) + "'";
        sql::Kept statement(items("WHERE account = ?1 AND state IN (" + list + ") ORDER BY id"));
        return itemsOf(statement.begin(m_db.raw(), account));
    });
}

Result<std::vector<OutboxItem>> OutboxStore::held(AccountId account)
{
    return guarded(m_db, [&]() -> Result<std::vector<OutboxItem>> {
        return itemsOf(m_held.begin(m_db.raw(), account));
    });
}

Result<OutboxItem> OutboxStore::find(OutboxId id)
{
    return guarded(m_db, [&]() -> Result<OutboxItem> {
        auto row = m_find.begin(m_db.raw(), id);
        if (!row.step())
            return notFound();
        Result<OutboxItem> item = itemFrom(row);
        if (!item)
            return item;
        if (Status read = readRecipients(*item); !read)
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
        auto row = m_message.begin(m_db.raw(), id);
        if (!row.step())
            return notFound();
        return row.text(0);
    });
}

Status OutboxStore::save(const OutboxItem& item)
{
    return m_db.transaction([&]() -> Status {
        SQLite::Database& database = m_db.raw();
        const Result<OutboxState> current = currentState(item.id);
        if (!current)
            return tl::unexpected<Error>(current.error());
        if (!mayFollow(*current, item.state))
            return fail(ErrorKind::Bug, std::string("the outbox cannot go from ") + name(*current) +
                                            " to " + name(item.state));
        m_save.run(database, item.id, name(item.state), item.attempts, item.nextTry, item.reply,
                   item.errorCode, name(item.hold), item.notBefore, item.filing, item.settled);
        writeRecipients(item.id, item.recipients);
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
