// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/CorrespondentStore.h"

#include "core/model/Folder.h"
#include "core/model/IdentityMatch.h"
#include "core/store/AddressCodec.h"
#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

#include <algorithm>
#include <unordered_map>

namespace avocet {

namespace {

constexpr std::size_t mostRecipients = 200; ///< of one message
constexpr std::size_t smallGroup =
    20; ///< others who got the same message are people to know, up to here
constexpr std::size_t longestName = 200;

/// A name that holds an address could speak for another one.
bool isUsableName(const std::string& name)
{
    return !name.empty() && name.size() <= longestName && name.find('@') == std::string::npos;
}

struct Counted {
    Correspondent person;
    std::int64_t nameDate = 0;
};

/// What a batch of messages adds.
class Tally {
public:
    Tally(const std::function<bool(std::string_view)>& isOwn, std::int64_t now)
        : m_isOwn(isOwn)
        , m_now(now)
    {
    }

    struct Row {
        std::vector<Address> from, recipients;
        std::int64_t date = 0;
        bool list = false, sentFolder = false;
    };

    void add(const Row& row)
    {
        const std::int64_t date = std::clamp<std::int64_t>(row.date, 0, m_now);
        const bool isOurs =
            row.sentFolder || std::any_of(row.from.begin(), row.from.end(),
                                          [&](const Address& one) { return m_isOwn(one.address); });
        if (isOurs) {
            for (std::size_t i = 0; i < std::min(row.recipients.size(), mostRecipients); ++i)
                if (Counted* found = at(row.recipients[i], date)) {
                    ++found->person.sent;
                    found->person.lastSent = std::max(found->person.lastSent, date);
                }
            return;
        }
        if (Counted* found = row.from.empty() ? nullptr : at(row.from.front(), date)) {
            ++found->person.received;
            found->person.bulk += row.list ? 1 : 0;
            found->person.lastReceived = std::max(found->person.lastReceived, date);
        }
        if (!row.list && row.recipients.size() <= smallGroup)
            for (const Address& other : row.recipients)
                if (!m_isOwn(other.address))
                    at(other, date);
    }

    const std::unordered_map<std::string, Counted>& people() const { return m_people; }

private:
    Counted* at(const Address& address, std::int64_t date)
    {
        if (!isPlainAddress(address.address))
            return nullptr;
        Counted& found = m_people[lowered(address.address)];
        if (isUsableName(address.name) && (found.person.name.empty() || date >= found.nameDate)) {
            found.person.name = address.name;
            found.nameDate = date;
        }
        return &found;
    }

    const std::function<bool(std::string_view)>& m_isOwn;
    std::int64_t m_now;
    std::unordered_map<std::string, Counted> m_people;
};

void append(std::vector<Address>& list, const std::string& encoded)
{
    std::vector<Address> more = decodeAddresses(encoded);
    list.insert(list.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

void save(SQLite::Database& database, const std::unordered_map<std::string, Counted>& people)
{
    sql::Kept upsert(R"sql(
        INSERT INTO correspondent(address, name, name_date, sent, last_sent, received,
                                  last_received, bulk)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        ON CONFLICT(address) DO UPDATE SET
            name = CASE WHEN excluded.name != '' AND
                             (name = '' OR excluded.name_date >= name_date)
                        THEN excluded.name ELSE name END,
            name_date = max(name_date, excluded.name_date),
            sent = sent + excluded.sent,
            last_sent = max(last_sent, excluded.last_sent),
            received = received + excluded.received,
            last_received = max(last_received, excluded.last_received),
            bulk = bulk + excluded.bulk)sql");
    for (const auto& [address, counted] : people) {
        const Correspondent& person = counted.person;
        upsert.run(database, address, person.name, counted.nameDate, person.sent, person.lastSent,
                   person.received, person.lastReceived, person.bulk);
    }
}

} // namespace

Result<int> CorrespondentStore::countSome(int limit,
                                          const std::function<bool(std::string_view)>& isOwn,
                                          std::int64_t now)
{
    const auto behind = progress();
    if (!behind)
        return tl::unexpected(behind.error());
    return inTransaction(m_db, [&]() -> Result<int> {
        SQLite::Statement message(m_db.raw(), R"sql(
            SELECT m.id, m.from_addresses, m.to_addresses, ifnull(h.cc, ''), ifnull(h.bcc, ''),
                   ifnull(h.date, 0), h.list_id IS NOT NULL OR h.list_unsubscribe IS NOT NULL,
                   EXISTS(SELECT 1 FROM placement AS p JOIN folder AS f ON f.id = p.folder
                          WHERE p.message = m.id AND f.role = ?3),
                   EXISTS(SELECT 1 FROM placement AS p JOIN folder AS f ON f.id = p.folder
                          WHERE p.message = m.id AND f.role IN (?4, ?5))
            FROM message AS m LEFT JOIN message_header AS h ON h.message = m.id
            WHERE m.id > ?1 ORDER BY m.id LIMIT ?2)sql");
        sql::bindAll(message, *behind, limit, static_cast<int>(FolderRole::Sent),
                     static_cast<int>(FolderRole::Junk), static_cast<int>(FolderRole::Drafts));
        Tally tally(isOwn, now);
        std::int64_t last = *behind;
        int seen = 0;
        while (message.executeStep()) {
            last = message.getColumn(0).getInt64();
            ++seen;
            if (message.getColumn(8).getInt() != 0)
                continue;
            Tally::Row row;
            row.from = decodeAddresses(message.getColumn(1).getString());
            for (const int column : {2, 3, 4})
                append(row.recipients, message.getColumn(column).getString());
            row.date = message.getColumn(5).getInt64();
            row.list = message.getColumn(6).getInt() != 0;
            row.sentFolder = message.getColumn(7).getInt() != 0;
            tally.add(row);
        }
        if (seen > 0) {
            save(m_db.raw(), tally.people());
            sql::run(m_db.raw(), "UPDATE correspondent_progress SET message = ?1", last);
        }
        return seen;
    });
}

Status CorrespondentStore::startOver()
{
    return m_db.transaction([&]() -> Status {
        sql::run(m_db.raw(), "DELETE FROM correspondent");
        sql::run(m_db.raw(), "UPDATE correspondent_progress SET message = 0");
        return {};
    });
}

Result<std::int64_t> CorrespondentStore::progress()
{
    return guarded(m_db, [&]() -> Result<std::int64_t> {
        SQLite::Statement row(m_db.raw(), "SELECT message FROM correspondent_progress");
        return row.executeStep() ? row.getColumn(0).getInt64() : 0;
    });
}

Result<std::vector<Correspondent>> CorrespondentStore::piece(const std::string& after, int limit)
{
    return guarded(m_db, [&]() -> Result<std::vector<Correspondent>> {
        SQLite::Statement row(m_db.raw(), R"sql(
            SELECT address, name, sent, received, last_sent, last_received, bulk
            FROM correspondent WHERE address > ?1 ORDER BY address LIMIT ?2)sql");
        sql::bindAll(row, after, limit);
        std::vector<Correspondent> people;
        while (row.executeStep()) {
            const auto number = [&](int column) { return row.getColumn(column).getInt64(); };
            people.push_back({row.getColumn(0).getString(), row.getColumn(1).getString(), number(2),
                              number(3), number(4), number(5), number(6)});
        }
        return people;
    });
}

} // namespace avocet
