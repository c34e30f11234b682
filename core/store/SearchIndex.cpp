// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/SearchIndex.h"

#include "core/store/AddressCodec.h"
#include "core/store/SearchHits.h"
#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"

#include <sqlite3.h>

#include <algorithm>
#include <unordered_map>

namespace avocet {

namespace {

/// The year 36,812; dates beyond, and before 1970, are mistakes.
constexpr std::int64_t lastDate = std::int64_t{1} << 40;
/// What put() merges for each message that it writes: enough to keep up.
constexpr int mergedPages = 5;

std::int64_t firstDoc(std::int64_t date)
{
    return std::clamp(date, std::int64_t{0}, lastDate) << 4;
}

/// Where to look for a free number next: further and further away, so that a hundred thousand messages of one second, as an
/// import makes them, find their place as fast as others do.
std::int64_t candidate(std::int64_t first, MessageId message, int attempt)
{
    const int width = std::min(4 + attempt, 40);
    std::uint64_t mixed = static_cast<std::uint64_t>(message.value) * 0x9E3779B97F4A7C15ULL;
    mixed += static_cast<std::uint64_t>(attempt) * 0xBF58476D1CE4E5B9ULL;
    mixed ^= mixed >> 31;
    return first + static_cast<std::int64_t>(mixed & ((std::uint64_t{1} << width) - 1));
}

} // namespace

struct SearchIndex::Private {
    explicit Private(Database& mail)
        : database(mail)
        , raw(mail.raw())
    {
    }

    struct Place {
        std::int64_t doc = 0;
        AccountId account;
        bool isNew = false;
        bool wasWhole = false;
        const SearchText* text = nullptr;
    };

    bool placeOf(const SearchEntry& entry, Place& place);
    std::int64_t dateOf(MessageId message);
    std::int64_t freeDoc(MessageId message);
    Status takeOut(std::int64_t doc, AccountId account);
    void putIn(const Place& place);

    Database& database;
    SQLite::Database& raw;
    SearchTextReader reader;
    sql::Kept accountOf{"SELECT account FROM message WHERE id = ?1"};
    sql::Kept docOf{"SELECT doc, whole FROM search_doc WHERE message = ?1"};
    sql::Kept docTaken{"SELECT 1 FROM search_doc WHERE doc = ?1"};
    sql::Kept placedDate{"SELECT date FROM placement WHERE message = ?1 LIMIT 1"};
    sql::Kept headerDate{"SELECT date FROM message_header WHERE message = ?1"};
    sql::Kept addDoc{"INSERT INTO search_doc(doc, message, account, whole) VALUES(?1, ?2, ?3, ?4)"};
    sql::Kept setWhole{"UPDATE search_doc SET whole = ?2 WHERE doc = ?1"};
    sql::Kept removeDoc{"DELETE FROM search_doc WHERE doc = ?1"};
    sql::Kept forget{"UPDATE search_doc SET message = NULL WHERE message = ?1"};
    sql::Kept storedAt{"SELECT stored FROM search_text WHERE doc = ?1"};
    sql::Kept keepText{"INSERT OR REPLACE INTO search_text(doc, stored) VALUES(?1, ?2)"};
    sql::Kept removeText{"DELETE FROM search_text WHERE doc = ?1"};
    sql::Kept addWords{R"sql(
        INSERT INTO search(rowid, subject, sender, recipients, body, names, marks)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7))sql"};
    sql::Kept removeWords{R"sql(
        INSERT INTO search(search, rowid, subject, sender, recipients, body, names, marks)
        VALUES('delete', ?1, ?2, ?3, ?4, ?5, ?6, ?7))sql"};
    sql::Kept mergeSegments{"INSERT INTO search(search, rank) VALUES('merge', ?1)"};
    sql::Kept count{"UPDATE search_state SET docs = docs + ?1, whole = whole + ?2"};
    sql::Kept setSeen{"UPDATE search_state SET seen_up_to = ?1"};
    sql::Kept counters{R"sql(
        SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'message'), 0) - removed, docs,
               whole
        FROM search_state)sql"};
    sql::Kept unseen{R"sql(
        SELECT m.id, m.subject, m.from_addresses, m.to_addresses, h.cc, h.bcc
        FROM message AS m CROSS JOIN message_header AS h ON h.message = m.id
        WHERE m.id > (SELECT seen_up_to FROM search_state) ORDER BY m.id LIMIT ?1)sql"};
    sql::Kept gone{
        "SELECT doc, account FROM search_doc WHERE message IS NULL ORDER BY doc LIMIT ?1"};
    sql::Kept partial{R"sql(
        SELECT d.message, m.has_body FROM search_doc AS d CROSS JOIN message AS m ON m.id = d.message
        WHERE d.whole = 0 AND d.message > ?1 ORDER BY d.message LIMIT ?2)sql"};
};

SearchIndex::SearchIndex(Database& mail)
    : d(std::make_unique<Private>(mail))
{
}

SearchIndex::~SearchIndex() = default;

std::int64_t SearchIndex::Private::dateOf(MessageId message)
{
    if (auto row = placedDate.begin(raw, message); row.step())
        return row.number(0);
    auto row = headerDate.begin(raw, message);
    return row.step() ? row.number(0) : 0;
}

std::int64_t SearchIndex::Private::freeDoc(MessageId message)
{
    const std::int64_t first = firstDoc(dateOf(message));
    for (int attempt = 0;; ++attempt) {
        const std::int64_t doc = candidate(first, message, attempt);
        if (!docTaken.begin(raw, doc).step())
            return doc;
    }
}

/// False: there is nothing to index.
bool SearchIndex::Private::placeOf(const SearchEntry& entry, Place& place)
{
    {
        auto row = accountOf.begin(raw, entry.message);
        if (!row.step())
            return false;
        place.account.value = row.number(0);
    }
    place.text = entry.text;
    if (auto row = docOf.begin(raw, entry.message); row.step()) {
        place.doc = row.number(0);
        place.wasWhole = row.number(1) != 0;
        return entry.text->whole || !place.wasWhole;
    }
    place.isNew = true;
    place.doc = freeDoc(entry.message);
    addDoc.run(raw, place.doc, entry.message, place.account, entry.text->whole);
    return true;
}

Status SearchIndex::Private::takeOut(std::int64_t doc, AccountId account)
{
    std::array<std::string, searchColumns> columns;
    {
        auto row = storedAt.begin(raw, doc);
        if (!row.step())
            return {};
        if (!reader.read(row.text(0), columns))
            return fail(ErrorKind::Storage, "a text of the search index is damaged",
                        ErrorCode::Corrupt);
    }
    removeWords.run(raw, doc, columns[0], columns[1], columns[2], columns[3], columns[4],
                    searchMarks(columns, account));
    removeText.run(raw, doc);
    return {};
}

void SearchIndex::Private::putIn(const Place& place)
{
    const auto& columns = place.text->columns;
    addWords.run(raw, place.doc, columns[0], columns[1], columns[2], columns[3], columns[4],
                 searchMarks(columns, place.account));
    keepText.run(raw, place.doc, sql::Blob{place.text->stored});
}

Status SearchIndex::put(std::span<const SearchEntry> entries)
{
    return d->database.transaction([&]() -> Status {
        // Of one message's texts the last counts.
        std::unordered_map<std::int64_t, std::size_t> last;
        for (std::size_t i = 0; i < entries.size(); ++i)
            last[entries[i].message.value] = i;

        std::vector<Private::Place> places;
        std::int64_t docs = 0, whole = 0;
        for (std::size_t i = 0; i < entries.size(); ++i) {
            Private::Place place;
            if (last[entries[i].message.value] != i || !d->placeOf(entries[i], place))
                continue;
            docs += place.isNew;
            whole += place.text->whole && !place.wasWhole;
            places.push_back(place);
        }
        // FTS5 starts a new segment each time that a row's id is not above the one before.
        std::sort(places.begin(), places.end(),
                  [](const auto& a, const auto& b) { return a.doc < b.doc; });
        for (const Private::Place& place : places) {
            if (!place.isNew) {
                if (Status out = d->takeOut(place.doc, place.account); !out)
                    return out;
                d->setWhole.run(d->raw, place.doc, place.text->whole);
            }
            d->putIn(place);
        }
        if (places.empty())
            return {};
        if (docs != 0 || whole != 0)
            d->count.run(d->raw, docs, whole);
        d->mergeSegments.run(d->raw, mergedPages * std::ssize(places));
        return {};
    });
}

Status SearchIndex::remove(std::span<const MessageId> messages)
{
    return d->database.transaction([&]() -> Status {
        for (const MessageId message : messages) {
            std::int64_t whole = 0;
            {
                auto row = d->docOf.begin(d->raw, message);
                if (!row.step())
                    continue;
                whole = row.number(1);
            }
            d->forget.run(d->raw, message);
            d->count.run(d->raw, -1, -whole);
        }
        return {};
    });
}

Result<int> SearchIndex::indexHeaders(int limit)
{
    return inTransaction(d->database, [&]() -> Result<int> {
        std::vector<MessageId> ids;
        std::vector<SearchText> texts;
        for (auto row = d->unseen.begin(d->raw, std::max(limit, 0)); row.step();) {
            const std::string subject = row.text(1);
            SearchFields fields;
            fields.subject = subject;
            fields.from = decodeAddresses(row.text(2));
            for (int column = 3; column <= 5; ++column)
                for (Address& person : decodeAddresses(row.text(column)))
                    fields.to.push_back(std::move(person));
            ids.push_back(MessageId{row.number(0)});
            texts.push_back(prepareSearchText(fields));
        }
        if (ids.empty())
            return 0;
        std::vector<SearchEntry> entries;
        for (std::size_t i = 0; i < ids.size(); ++i)
            entries.push_back({ids[i], &texts[i]});
        if (Status stored = put(entries); !stored)
            return tl::unexpected<Error>(stored.error());
        d->setSeen.run(d->raw, ids.back());
        return static_cast<int>(ids.size());
    });
}

Result<int> SearchIndex::purge(int limit)
{
    return inTransaction(d->database, [&]() -> Result<int> {
        std::vector<std::pair<std::int64_t, AccountId>> docs;
        for (auto row = d->gone.begin(d->raw, std::max(limit, 0)); row.step();)
            docs.emplace_back(row.number(0), AccountId{row.number(1)});
        for (const auto& [doc, account] : docs) {
            if (Status out = d->takeOut(doc, account); !out)
                return tl::unexpected<Error>(out.error());
            d->removeDoc.run(d->raw, doc);
        }
        return static_cast<int>(docs.size());
    });
}

Result<SearchIndex::Wanted> SearchIndex::bodiesWanted(MessageId& cursor, int limit)
{
    constexpr int mostLookedAt = 2000;
    return guarded(d->database, [&]() -> Result<Wanted> {
        Wanted wanted;
        int looked = 0;
        for (auto row = d->partial.begin(d->raw, cursor, mostLookedAt);
             std::ssize(wanted.bodies) < limit && row.step(); ++looked) {
            cursor.value = row.number(0);
            if (row.number(1) != 0)
                wanted.bodies.push_back(cursor);
        }
        wanted.more = looked == mostLookedAt || std::ssize(wanted.bodies) >= limit;
        return wanted;
    });
}

Result<bool> SearchIndex::merge(int pages)
{
    return inTransaction(d->database, [&]() -> Result<bool> {
        // As SQLite's documentation puts it: fewer than two changes, and there was nothing to do.
        const std::int64_t before = sqlite3_total_changes64(d->raw.getHandle());
        d->mergeSegments.run(d->raw, pages);
        return sqlite3_total_changes64(d->raw.getHandle()) - before >= 2;
    });
}

Status SearchIndex::clear()
{
    return d->database.transaction([&]() -> Status {
        d->raw.exec("INSERT INTO search(search) VALUES('delete-all')");
        d->raw.exec("DELETE FROM search_doc");
        d->raw.exec("DELETE FROM search_text");
        d->raw.exec("UPDATE search_state SET docs = 0, whole = 0, seen_up_to = 0");
        return {};
    });
}

Result<SearchCoverage> SearchIndex::coverage()
{
    return guarded(d->database, [&]() -> Result<SearchCoverage> {
        SearchCoverage coverage;
        if (auto row = d->counters.begin(d->raw); row.step()) {
            coverage.total = row.number(0);
            coverage.whole = row.number(2);
            coverage.headersOnly = row.number(1) - coverage.whole;
        }
        return coverage;
    });
}

Result<std::vector<MessageId>> SearchIndex::search(const SearchQuery& query, std::stop_token stop)
{
    return findMessages(d->database, query, std::move(stop));
}

} // namespace avocet
