// SPDX-License-Identifier: GPL-3.0-or-later
// Changes that the server has yet to hear of, in user.db.
#pragma once

#include "core/model/Operation.h"
#include "core/store/Database.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

class OperationStore {
public:
    explicit OperationStore(Database& user)
        : m_db(user)
    {
    }

    /// Adds. A change of flags merges into a Planned one on the same placement (the last wins for each flag).
    Result<OperationId> plan(const Operation& operation);
    /// An Append with the message that it brings. Its id is the message's until the server has it.
    Result<OperationId> planAppend(const Operation& operation, std::string_view message);
    Result<std::string> message(OperationId append); ///< Rejected/NotFound
    /// All but the refused ones, in order.
    Result<std::vector<Operation>> pending(AccountId account);
    Result<Operation> find(OperationId id); ///< Rejected/NotFound
    /// Done ones are deleted; Refused ones keep the server's words.
    Status setState(OperationId id, OperationState state, const std::string& error = {});
    /// Before a copy is tried: InFlight, and where its arrivals would be found after a cut.
    Status beginCopy(std::span<const OperationId> ids, std::uint32_t targetValidity,
                     std::uint32_t targetUidNext);
    /// A planned move or copy goes to another folder instead.
    Status retarget(OperationId id, const std::string& target);
    /// Planned: as if it had never been. Rejected/InvalidInput once it was tried.
    Status cancel(OperationId id);
    /// The placement known as `key` has got its UID: later operations on it are told, and drafts whose copy it is.
    Status nameArrival(AccountId account, PlacementKey key, std::uint32_t uidValidity,
                       std::uint32_t uid);
    /// The placement known as `key` goes to (or comes from) another folder than planned: so do later operations on it.
    Status redirectArrival(AccountId account, PlacementKey key, const std::string& mailbox);
    /// InFlight -> Planned after a restart where a repeat does no harm; what brings something to a folder stays InFlight,
    /// to be looked after.
    Status recoverAfterRestart();

private:
    Database& m_db;
};

} // namespace avocet
