// SPDX-License-Identifier: GPL-3.0-or-later
// Messages on their way out, in user.db with synchronous=FULL: a returned state is on disk.
#pragma once

#include "core/model/Outgoing.h"
#include "core/store/Database.h"

#include <string>
#include <string_view>
#include <vector>

namespace avocet {

class OutboxStore {
public:
    explicit OutboxStore(Database& user)
        : m_db(user)
    {
    }

    /// Adds item (state Queued) with its bytes and recipients. A messageIdHeader that is in the outbox
    /// already and not Failed, Cancelled or Done is refused (Rejected/InvalidInput).
    Result<OutboxId> add(const OutboxItem& item, std::string_view message);
    Result<std::vector<OutboxItem>> all(); ///< oldest first
    Result<OutboxItem> find(OutboxId id);  ///< Rejected/NotFound
    Result<std::string> message(OutboxId id);
    /// state (checked with mayFollow, Bug otherwise), attempts, nextTry, reply, errorCode and
    /// recipients of `item`, in one transaction.
    Status save(const OutboxItem& item);
    Status remove(OutboxId id);
    /// sending -> queued, committing -> uncertain. Returns what changed.
    Result<std::vector<OutboxId>> recoverAfterRestart();

private:
    Database& m_db;
};

} // namespace avocet
