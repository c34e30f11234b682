// SPDX-License-Identifier: GPL-3.0-or-later
// Changes that the server has yet to hear of, in user.db.
#pragma once

#include "core/model/Operation.h"
#include "core/store/Database.h"

#include <string>
#include <vector>

namespace avocet {

class OperationStore {
public:
    explicit OperationStore(Database& user)
        : m_db(user)
    {
    }

    /// Adds, or merges into a Planned one on the same placement (the last wins for each flag).
    Result<OperationId> plan(const FlagOperation& operation);
    /// Planned and InFlight, in order.
    Result<std::vector<FlagOperation>> pending(AccountId account);
    Result<std::vector<FlagOperation>> pending(AccountId account, const std::string& mailbox);
    /// Done ones are deleted; Refused ones keep the server's words.
    Status setState(OperationId id, OperationState state, const std::string& error = {});
    /// InFlight -> Planned after a restart (flag changes are idempotent).
    Status recoverAfterRestart();

private:
    Database& m_db;
};

} // namespace avocet
