// SPDX-License-Identifier: GPL-3.0-or-later
// Messages on their way out, in user.db with synchronous=FULL: a returned state is on disk.
#pragma once

#include "core/model/Outgoing.h"
#include "core/store/Database.h"
#include "core/store/Sql.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

class OutboxStore {
public:
    explicit OutboxStore(Database& user);

    /// Adds item (state Queued) with its bytes and recipients. A messageIdHeader that is in the outbox
    /// already and not Failed, Cancelled or Done is refused (Rejected/InvalidInput).
    Result<OutboxId> add(const OutboxItem& item, std::string_view message);
    Result<std::vector<OutboxItem>> all(); ///< oldest first
    /// The account's messages in one of these states, oldest first.
    Result<std::vector<OutboxItem>> inState(AccountId account, std::span<const OutboxState> wanted);
    /// The account's messages that wait for their time: undo's or the user's.
    Result<std::vector<OutboxItem>> held(AccountId account);
    Result<OutboxItem> find(OutboxId id); ///< Rejected/NotFound
    /// The newest with this Message-ID; Rejected/NotFound.
    Result<OutboxItem> findByMessageId(const std::string& messageIdHeader);
    Result<std::string> message(OutboxId id);
    /// All that may change of `item` but its place: state (checked with mayFollow, Bug otherwise), tries, hold, replies and
    /// recipients. With it go the bytes and the draft of what has left for everybody; the draft of what is cancelled
    /// is one again. In one transaction.
    Status save(const OutboxItem& item);
    Status remove(OutboxId id);
    Result<bool> remembers(); ///< something that has, or may have, left
    /// What has left (or was cancelled) is known until then.
    Status forgetBefore(std::int64_t time);
    /// sending -> queued, committing -> uncertain. Returns what changed.
    Result<std::vector<OutboxId>> recoverAfterRestart();

private:
    Result<OutboxState> currentState(OutboxId id);
    Status readRecipients(OutboxItem& item);
    void writeRecipients(OutboxId id, const std::vector<OutboxRecipient>& recipients);
    Result<std::vector<OutboxItem>> itemsOf(sql::Kept::Run rows);

    Database& m_db;
    sql::Kept m_all, m_held, m_find, m_message, m_state, m_save;
    sql::Kept m_recipients, m_removeRecipients, m_addRecipient;
};

} // namespace avocet
