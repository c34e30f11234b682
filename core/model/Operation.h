// SPDX-License-Identifier: GPL-3.0-or-later
// A change that the user made and the server has yet to hear of.
#pragma once

#include "core/model/Ids.h"
#include "core/model/Message.h"

#include <cstdint>
#include <string>

namespace avocet {

enum class OperationState { Planned, InFlight, Done, Refused };

/// Sets and clears flags on one placement. Named by server coordinates plus Message-ID so that
/// it survives a rebuilt cache. Only Planned ones merge (the last wins for each flag).
struct FlagOperation {
    OperationId id;
    AccountId account;
    std::string mailbox;
    std::uint32_t uidValidity = 0;
    std::uint32_t uid = 0;
    std::string messageIdHeader;
    Flags add = 0;
    Flags remove = 0;
    OperationState state = OperationState::Planned;
    std::string error; ///< the server's words where refused
};

} // namespace avocet
