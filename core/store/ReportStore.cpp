// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ReportStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"
#include "core/store/ThreadIndex.h"

namespace avocet {

namespace {

constexpr std::size_t longestMessageId = 998; // RFC 5322 2.1.1

} // namespace

Status ReportStore::add(MessageId report, const std::string& about)
{
    if (about.empty() || about.size() > longestMessageId)
        return {};
    return guarded(m_db, [&]() -> Status {
        sql::run(m_db.raw(), "INSERT OR IGNORE INTO report(about, message) VALUES(?1, ?2)", about,
                 report);
        return {};
    });
}

Result<std::vector<MessageId>> ReportStore::about(const std::string& messageIdHeader)
{
    return guarded(m_db, [&]() -> Result<std::vector<MessageId>> {
        std::vector<MessageId> reports;
        SQLite::Statement row(m_db.raw(), R"sql(
            SELECT r.message FROM report AS r WHERE r.about = ?1
              AND EXISTS (SELECT 1 FROM placement AS p WHERE p.message = r.message AND p.hidden = 0)
            ORDER BY r.message DESC LIMIT 20)sql");
        sql::bindAll(row, messageIdHeader);
        while (row.executeStep())
            reports.push_back(MessageId{row.getColumn(0).getInt64()});
        return reports;
    });
}

/// By its thread, which is found by any Message-ID in it: no index over the headers has to be kept for this.
Result<std::optional<MessageId>> ReportStore::messageCalled(AccountId account,
                                                            const std::string& messageIdHeader)
{
    return guarded(m_db, [&]() -> Result<std::optional<MessageId>> {
        SQLite::Statement row(m_db.raw(), R"sql(
            WITH RECURSIVE known(thread) AS (
                SELECT thread FROM thread_link WHERE hash = ?1
                UNION
                SELECT g.into_thread FROM known CROSS JOIN thread_merge AS g ON g.thread = known.thread)
            SELECT m.id
            FROM known CROSS JOIN message AS m ON m.thread = known.thread
                 CROSS JOIN message_header AS h ON h.message = m.id
            WHERE h.message_id = ?2
              AND EXISTS (SELECT 1 FROM placement AS p WHERE p.message = m.id AND p.hidden = 0)
            LIMIT 1)sql");
        sql::bindAll(row, accountHash(account, messageIdHeader), messageIdHeader);
        if (messageIdHeader.empty() || !row.executeStep())
            return std::optional<MessageId>{};
        return std::optional<MessageId>{MessageId{row.getColumn(0).getInt64()}};
    });
}

} // namespace avocet
