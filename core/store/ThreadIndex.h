// SPDX-License-Identifier: GPL-3.0-or-later
// Which conversation a message belongs to.
#pragma once

#include "core/model/Message.h"
#include "core/store/Sql.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace avocet {

/// A well mixed 64-bit hash of `text`, another one for each account.
std::int64_t accountHash(AccountId account, std::string_view text);

/// Threads by Message-ID, References and In-Reply-To (RFC 5256 REFERENCES, steps 1 to 3, without its
/// merging by subject). Ids are kept as hashes, in thread_link. Two threads that turn out to be one are
/// merged into the older. All inside the caller's transaction; throws SQLite::Exception.
class ThreadIndex {
public:
    explicit ThreadIndex(SQLite::Database& mail)
        : m_db(mail)
    {
    }

    /// At the start of each transaction: what was remembered may have been rolled back.
    void begin() { m_known.clear(); }
    /// The thread for a message that will be stored under `id`.
    ThreadId assign(AccountId account, MessageId id, const NewMessage& message);
    /// Deletes the message, and with the last one of a thread the links of that one's ids.
    void removeMessage(MessageId message);

private:
    void forget(AccountId account, ThreadId thread, const std::vector<std::string>& ids);
    ThreadId find(std::int64_t hash);
    ThreadId resolved(std::int64_t thread);
    void merge(ThreadId from, ThreadId into);

    SQLite::Database& m_db;
    std::vector<std::int64_t> m_hashes;
    std::vector<std::int64_t> m_unknown;
    /// Links seen in this transaction, resolved: the messages of a batch quote one another's ids.
    std::unordered_map<std::int64_t, ThreadId> m_known;
    sql::Kept m_find{"SELECT thread FROM thread_link WHERE hash = ?1"};
    sql::Kept m_link{"INSERT INTO thread_link(hash, thread) VALUES(?1, ?2)"};
    sql::Kept m_mergedInto{"SELECT into_thread FROM thread_merge WHERE thread = ?1"};
    sql::Kept m_noteMerge{"INSERT INTO thread_merge(thread, into_thread) VALUES(?1, ?2)"};
    sql::Kept m_shortenMerges{
        "UPDATE thread_merge SET into_thread = ?2 WHERE thread = ?1 AND into_thread <> ?2"};
    sql::Kept m_moveMessages{"UPDATE message SET thread = ?2 WHERE thread = ?1"};
    sql::Kept m_unlink{"DELETE FROM thread_link WHERE hash = ?1"};
    sql::Kept m_idsOf{R"sql(
        SELECT m.account, m.thread, h.message_id, h.in_reply_to, h.reference_ids
        FROM message AS m JOIN message_header AS h ON h.message = m.id WHERE m.id = ?1)sql"};
    sql::Kept m_removeMessage{"DELETE FROM message WHERE id = ?1"};
    sql::Kept m_anyInThread{"SELECT 1 FROM message WHERE thread = ?1 LIMIT 1"};
};

} // namespace avocet
