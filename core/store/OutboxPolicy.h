// SPDX-License-Identifier: GPL-3.0-or-later
// What holds for the outbox as a whole, and what sending taught about each account's servers; in user.db.
#pragma once

#include "core/model/Outgoing.h"
#include "core/store/Database.h"

namespace avocet {

class OutboxPolicy {
public:
    explicit OutboxPolicy(Database& user)
        : m_db(user)
    {
    }

    Result<bool> paused();
    Status setPaused(bool paused);
    Result<OverduePolicy> overdue();
    Status setOverdue(OverduePolicy policy);

    Result<SendingFacts> facts(AccountId account);
    Status setFacts(AccountId account, const SendingFacts& facts);

private:
    Database& m_db;
};

} // namespace avocet
