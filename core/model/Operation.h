// SPDX-License-Identifier: GPL-3.0-or-later
// A change that the user made and the server has yet to hear of.
#pragma once

#include "core/model/Ids.h"
#include "core/model/Message.h"

#include <cstdint>
#include <string>
#include <vector>

namespace avocet {

enum class OperationKind {
    Mark,   ///< set and clear flags on one placement
    Move,   ///< one placement to `target`
    Copy,   ///< the same, and it stays
    Delete, ///< for good: \Deleted, and UID EXPUNGE where the server has UIDPLUS
    Append, ///< a message of its own to `target`; then the version before it goes, the placement
    CreateFolder, ///< `mailbox`
    RenameFolder, ///< `mailbox` and what lies below it to `target`
    DeleteFolder, ///< `mailbox`
    Subscribe,    ///< `mailbox`
    Unsubscribe,
};

enum class OperationState {
    Planned,
    InFlight, ///< a move or a copy: the server may have done it
    Copied,   ///< a move by COPY: the copy is there, the original is not gone yet
    Done,     ///< never stored
    Refused,
};

/// Named by server coordinates plus Message-ID so that it survives a rebuilt cache. Only Planned ones merge.
/// They are carried out in the order of their ids.
struct Operation {
    OperationId id;
    AccountId account;
    OperationKind kind = OperationKind::Mark;
    std::string mailbox;
    std::uint32_t uidValidity = 0;
    PlacementKey uid = 0; ///< pending while the operation that brings it here is not done
    std::string messageIdHeader;
    std::string replaces;  ///< Append: the Message-ID of what lies at (mailbox, uid)
    std::int64_t size = 0; ///< with internalDate: which message it is where it has no Message-ID
    std::int64_t internalDate = 0; ///< seconds since 1970, UTC
    Flags add = 0;
    Flags remove = 0;
    std::string target;
    std::int64_t notBefore = 0; ///< seconds since 1970: what no server can undo waits; 0: at once
    /// Where copies begin to arrive in `target`: its UIDVALIDITY and UIDNEXT from before the try.
    std::uint32_t targetValidity = 0;
    std::uint32_t targetUidNext = 0;
    OperationState state = OperationState::Planned;
    std::string error; ///< the server's words where refused

    bool changesFolders() const { return kind >= OperationKind::CreateFolder; }
    /// What lies at (mailbox, uid) is not there any more afterwards.
    bool takesAway() const
    {
        return kind == OperationKind::Move || kind == OperationKind::Delete ||
               kind == OperationKind::Append;
    }
    bool bringsToTarget() const
    {
        return kind == OperationKind::Move || kind == OperationKind::Copy ||
               kind == OperationKind::Append;
    }
};

/// What an operation does to the shown flags of its source: one that moves or deletes hides it.
struct FlagChange {
    Flags add = 0;
    Flags remove = 0;
    Flags appliedTo(Flags flags) const { return (flags | add) & ~remove; }
};
FlagChange shownChange(const Operation& operation);

/// The key of the placement that a move or copy makes in its target until the server says the UID.
inline PlacementKey pendingKey(OperationId id)
{
    return firstPendingKey + id.value;
}
inline OperationId operationOf(PlacementKey key)
{
    return OperationId{key - firstPendingKey};
}

/// `mailbox` after a rename of `from` to `to`, which takes along what lies below it.
std::string renamedMailbox(const std::string& mailbox, const std::string& from,
                           const std::string& to, char delimiter);

} // namespace avocet
