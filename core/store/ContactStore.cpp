// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ContactStore.h"

#include "core/model/IdentityMatch.h"
#include "core/store/AddressCodec.h"
#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

namespace avocet {

namespace {

constexpr std::int64_t mostContacts = 100'000;

void touch(SQLite::Database& database)
{
    sql::run(database, "UPDATE contact_revision SET value = value + 1");
}

} // namespace

Status ContactStore::add(const std::string& source, std::span<const Contact> contacts)
{
    return m_db.transaction([&]() -> Status {
        sql::Kept insert(R"sql(
            INSERT INTO contact(address, name, organisation, source) VALUES(?1, ?2, ?3, ?4)
            ON CONFLICT(address, source) DO UPDATE SET name = excluded.name,
                organisation = excluded.organisation)sql");
        for (const Contact& contact : contacts)
            if (isPlainAddress(contact.address))
                insert.run(m_db.raw(), contact.address, contact.name, contact.organisation, source);
        SQLite::Statement count(m_db.raw(), "SELECT count(*) FROM contact");
        count.executeStep();
        if (count.getColumn(0).getInt64() > mostContacts)
            return fail(ErrorKind::Rejected, "too many contacts", ErrorCode::TooLarge);
        touch(m_db.raw());
        return {};
    });
}

Status ContactStore::remove(std::span<const ContactId> contacts)
{
    return m_db.transaction([&]() -> Status {
        sql::Kept remove("DELETE FROM contact WHERE id = ?1");
        for (const ContactId id : contacts)
            remove.run(m_db.raw(), id);
        touch(m_db.raw());
        return {};
    });
}

Result<std::vector<Contact>> ContactStore::all()
{
    return guarded(m_db, [&]() -> Result<std::vector<Contact>> {
        std::vector<Contact> contacts;
        SQLite::Statement row(m_db.raw(), "SELECT id, address, name, organisation, source "
                                          "FROM contact ORDER BY name, address, id");
        while (row.executeStep())
            contacts.push_back({ContactId{row.getColumn(0).getInt64()},
                                row.getColumn(1).getString(), row.getColumn(2).getString(),
                                row.getColumn(3).getString(), row.getColumn(4).getString()});
        return contacts;
    });
}

Status ContactStore::hide(const std::string& address, std::int64_t since)
{
    if (!isPlainAddress(address))
        return fail(ErrorKind::Rejected, "not a mail address", ErrorCode::InvalidInput);
    return m_db.transaction([&]() -> Status {
        const std::string key = lowered(address);
        sql::run(m_db.raw(), "INSERT OR REPLACE INTO hidden_suggestion VALUES(?1, ?2)", key, since);
        touch(m_db.raw());
        return {};
    });
}

Status ContactStore::unhideAll()
{
    return m_db.transaction([&]() -> Status {
        sql::run(m_db.raw(), "DELETE FROM hidden_suggestion");
        touch(m_db.raw());
        return {};
    });
}

Result<std::map<std::string, std::int64_t>> ContactStore::hidden()
{
    return guarded(m_db, [&]() -> Result<std::map<std::string, std::int64_t>> {
        std::map<std::string, std::int64_t> hidden;
        SQLite::Statement row(m_db.raw(), "SELECT address, since FROM hidden_suggestion");
        while (row.executeStep())
            hidden[row.getColumn(0).getString()] = row.getColumn(1).getInt64();
        return hidden;
    });
}

Result<std::int64_t> ContactStore::revision()
{
    return guarded(m_db, [&]() -> Result<std::int64_t> {
        SQLite::Statement row(m_db.raw(), "SELECT value FROM contact_revision");
        return row.executeStep() ? row.getColumn(0).getInt64() : 0;
    });
}

} // namespace avocet
