// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/AccountStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

#include <algorithm>

namespace avocet {

namespace {

const char* name(Security security)
{
    switch (security) {
    case Security::Plain:
        return "plain";
    case Security::StartTls:
        return "starttls";
    case Security::Tls:
        break;
    }
    return "tls";
}

/// What is not known is read as the safest.
Security securityFromName(const std::string& text)
{
    if (text == "plain")
        return Security::Plain;
    return text == "starttls" ? Security::StartTls : Security::Tls;
}

const char* name(SecretPlace place)
{
    return place == SecretPlace::File ? "file" : "keyring";
}

constexpr const char* accountColumns =
    "SELECT id, full_name, email, user, imap_security, imap_host, imap_port, smtp_security, "
    "smtp_host, smtp_port, ca_file, pins, secret_place, enabled FROM account ";

Account accountFrom(SQLite::Statement& row)
{
    const auto text = [&](int column) { return row.getColumn(column).getString(); };
    const auto port = [&](int column) {
        return static_cast<std::uint16_t>(row.getColumn(column).getInt());
    };
    Account account;
    account.id.value = row.getColumn(0).getInt64();
    account.fullName = text(1);
    account.email = text(2);
    account.user = text(3);
    account.imap = {securityFromName(text(4)), text(5), port(6)};
    account.smtp = {securityFromName(text(7)), text(8), port(9)};
    account.caFile = text(10);
    account.pins = sql::split(text(11), '\n');
    account.secretPlace = text(12) == "file" ? SecretPlace::File : SecretPlace::Keyring;
    account.enabled = row.getColumn(13).getInt() != 0;
    return account;
}

Identity identityFrom(SQLite::Statement& row)
{
    const auto text = [&](int column) { return row.getColumn(column).getString(); };
    const int format = row.getColumn(11).getInt();
    Identity identity;
    identity.id.value = row.getColumn(0).getInt64();
    identity.account.value = row.getColumn(1).getInt64();
    identity.name = text(2);
    identity.email = text(3);
    identity.signature = text(4);
    identity.signatureHtml = text(5);
    identity.signatureAbove = row.getColumn(6).getInt() != 0;
    identity.signatureDashes = row.getColumn(7).getInt() != 0;
    identity.replyTo = text(8);
    identity.organisation = text(9);
    identity.aliases = sql::split(text(10), '\n');
    if (format == static_cast<int>(TextFormat::Rich) ||
        format == static_cast<int>(TextFormat::Plain))
        identity.format = static_cast<TextFormat>(format);
    return identity;
}

tl::unexpected<Error> notFound(const char* what)
{
    return fail(ErrorKind::Rejected, std::string("no such ") + what, ErrorCode::NotFound);
}

Status checkPins(const Account& account)
{
    const bool broken = std::any_of(account.pins.begin(), account.pins.end(), [](const auto& pin) {
        return pin.empty() || pin.find('\n') != std::string::npos;
    });
    if (broken)
        return fail(ErrorKind::Rejected, "a broken pin", ErrorCode::InvalidInput);
    return {};
}

} // namespace

Result<AccountId> AccountStore::add(const Account& account)
{
    if (Status pins = checkPins(account); !pins)
        return tl::unexpected<Error>(pins.error());
    return inTransaction(m_db, [&]() -> Result<AccountId> {
        const std::string pins = sql::joined(account.pins, '\n');
        sql::run(m_db.raw(), R"sql(
            INSERT INTO account(full_name, email, user, imap_security, imap_host, imap_port,
                                smtp_security, smtp_host, smtp_port, ca_file, pins, secret_place,
                                enabled)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13))sql",
                 account.fullName, account.email, account.user, name(account.imap.security),
                 account.imap.host, account.imap.port, name(account.smtp.security),
                 account.smtp.host, account.smtp.port, account.caFile, pins,
                 name(account.secretPlace), account.enabled);
        const AccountId id{m_db.raw().getLastInsertRowid()};
        const Result<IdentityId> identity = addIdentity({{}, id, account.fullName, account.email});
        if (!identity)
            return tl::unexpected<Error>(identity.error());
        return id;
    });
}

Status AccountStore::update(const Account& account)
{
    if (Status pins = checkPins(account); !pins)
        return pins;
    return guarded(m_db, [&]() -> Status {
        const std::string pins = sql::joined(account.pins, '\n');
        const int changed = sql::run(
            m_db.raw(), R"sql(
                UPDATE account SET full_name = ?2, email = ?3, user = ?4, imap_security = ?5,
                    imap_host = ?6, imap_port = ?7, smtp_security = ?8, smtp_host = ?9,
                    smtp_port = ?10, ca_file = ?11, pins = ?12, secret_place = ?13, enabled = ?14
                WHERE id = ?1)sql",
            account.id, account.fullName, account.email, account.user, name(account.imap.security),
            account.imap.host, account.imap.port, name(account.smtp.security), account.smtp.host,
            account.smtp.port, account.caFile, pins, name(account.secretPlace), account.enabled);
        if (changed == 0)
            return notFound("account");
        return {};
    });
}

Status AccountStore::remove(AccountId id)
{
    return m_db.transaction([&]() -> Status {
        // A failed message is still the user's: it can be edited. What was accepted is out of the house.
        SQLite::Statement waiting(m_db.raw(), R"sql(
            SELECT count(*) FROM outbox
            WHERE account = ?1 AND state NOT IN ('sent', 'filed', 'done', 'cancelled'))sql");
        sql::bindAll(waiting, id);
        waiting.executeStep();
        if (waiting.getColumn(0).getInt64() > 0)
            return fail(ErrorKind::Rejected, "messages of this account wait in the outbox",
                        ErrorCode::InvalidInput);
        sql::run(m_db.raw(), "DELETE FROM outbox WHERE account = ?1", id);
        // Identities, drafts and operations go by their foreign keys.
        if (sql::run(m_db.raw(), "DELETE FROM account WHERE id = ?1", id) == 0)
            return notFound("account");
        return {};
    });
}

Result<std::vector<Account>> AccountStore::all()
{
    return guarded(m_db, [&]() -> Result<std::vector<Account>> {
        SQLite::Statement statement(m_db.raw(), std::string(accountColumns) + "ORDER BY id");
        std::vector<Account> accounts;
        while (statement.executeStep())
            accounts.push_back(accountFrom(statement));
        return accounts;
    });
}

Result<Account> AccountStore::find(AccountId id)
{
    return guarded(m_db, [&]() -> Result<Account> {
        SQLite::Statement statement(m_db.raw(), std::string(accountColumns) + "WHERE id = ?1");
        sql::bindAll(statement, id);
        if (!statement.executeStep())
            return notFound("account");
        return accountFrom(statement);
    });
}

Result<std::vector<Identity>> AccountStore::identities()
{
    return guarded(m_db, [&]() -> Result<std::vector<Identity>> {
        SQLite::Statement row(m_db.raw(), R"sql(
            SELECT id, account, name, email, signature, signature_html, signature_above,
                   signature_dashes, reply_to, organisation, aliases, format
            FROM identity ORDER BY account, position, id)sql");
        std::vector<Identity> identities;
        while (row.executeStep())
            identities.push_back(identityFrom(row));
        return identities;
    });
}

Result<IdentityId> AccountStore::addIdentity(const Identity& identity)
{
    return guarded(m_db, [&]() -> Result<IdentityId> {
        const std::string aliases = sql::joined(identity.aliases, '\n');
        sql::run(m_db.raw(), R"sql(
            INSERT INTO identity(account, name, email, signature, signature_html, signature_above,
                                 signature_dashes, reply_to, organisation, aliases, format, position)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,
                   (SELECT ifnull(max(position), 0) + 1 FROM identity WHERE account = ?1)))sql",
                 identity.account, identity.name, identity.email, identity.signature,
                 identity.signatureHtml, identity.signatureAbove, identity.signatureDashes,
                 identity.replyTo, identity.organisation, aliases,
                 static_cast<int>(identity.format));
        return IdentityId{m_db.raw().getLastInsertRowid()};
    });
}

Status AccountStore::updateIdentity(const Identity& identity)
{
    return guarded(m_db, [&]() -> Status {
        const std::string aliases = sql::joined(identity.aliases, '\n');
        const int changed = sql::run(
            m_db.raw(), R"sql(
                UPDATE identity SET name = ?2, email = ?3, signature = ?4, signature_html = ?5,
                    signature_above = ?6, signature_dashes = ?7, reply_to = ?8, organisation = ?9,
                    aliases = ?10, format = ?11
                WHERE id = ?1)sql",
            identity.id, identity.name, identity.email, identity.signature, identity.signatureHtml,
            identity.signatureAbove, identity.signatureDashes, identity.replyTo,
            identity.organisation, aliases, static_cast<int>(identity.format));
        if (changed == 0)
            return notFound("identity");
        return {};
    });
}

Status AccountStore::removeIdentity(IdentityId id)
{
    return m_db.transaction([&]() -> Status {
        SQLite::Statement heir(m_db.raw(), R"sql(
            SELECT other.id FROM identity AS gone JOIN identity AS other
                ON other.account = gone.account AND other.id <> gone.id
            WHERE gone.id = ?1 ORDER BY other.position, other.id LIMIT 1)sql");
        sql::bindAll(heir, id);
        if (!heir.executeStep())
            return fail(ErrorKind::Rejected, "an account keeps one identity",
                        ErrorCode::InvalidInput);
        // What was begun as it is still the user's.
        const IdentityId other{heir.getColumn(0).getInt64()};
        sql::run(m_db.raw(),
                 "UPDATE draft SET identity = ?2, from_address = '' WHERE identity = ?1", id,
                 other);
        sql::run(m_db.raw(), "DELETE FROM identity WHERE id = ?1", id);
        return {};
    });
}

Status AccountStore::orderIdentities(AccountId account, const std::vector<IdentityId>& order)
{
    return m_db.transaction([&]() -> Status {
        int position = 0;
        for (const IdentityId id : order)
            if (sql::run(m_db.raw(),
                         "UPDATE identity SET position = ?3 WHERE id = ?1 AND account = ?2", id,
                         account, ++position) == 0)
                return notFound("identity");
        return {};
    });
}

} // namespace avocet
