// SPDX-License-Identifier: GPL-3.0-or-later
// Brings one folder of the cache up to date: the network's side, on a worker, without a database.
#pragma once

#include "core/engine/EngineThread.h"
#include "core/model/Folder.h"
#include "core/protocol/ImapSession.h"
#include "core/store/MessageStore.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace avocet {

struct FolderSyncInput {
    Folder folder;             ///< as cached
    std::uint32_t lastUid = 0; ///< the highest in the cache; 0: none
};

/// Called on the engine thread, each inside one transaction of its own.
struct FolderSyncSink {
    /// One step of emptying a folder that was renumbered; true: there is more.
    std::function<Result<bool>()> emptySome;
    std::function<Status(const SelectedMailbox&)> selected; ///< resets it where UIDVALIDITY is new
    std::function<Status(std::vector<NewMessage>)> messages;
    std::function<Status(std::vector<PlacementFlags>)> flags;
    std::function<Status(std::vector<std::uint32_t>)> removed;
    std::function<Status(const SelectedMailbox&)> finished; ///< sync state can be saved
    /// The UIDs in the cache, ascending. Asked for only where a difference cannot be told otherwise.
    std::function<Result<std::vector<std::uint32_t>>()> cachedUids;
};

/// Brings a folder up to date, newest first. What changed since the last complete sync comes from QRESYNC where the
/// server has it, else flags from CONDSTORE, else all flags; new messages are those from the cached UIDs on; only
/// where the number of messages says that something went are all UIDs compared. Safe to be cut anywhere: the sync
/// state is saved at the end, and all steps are idempotent.
Status syncFolder(ImapSession& session, const FolderSyncInput& input,
                  const std::shared_ptr<const FolderSyncSink>& sink, Gate& gate,
                  std::stop_token stop);

/// SELECT. Protocol where the server does not say its UIDVALIDITY: without it no UID that is known means anything, and to
/// believe that all is gone would empty the cache and give waiting changes up.
Result<SelectedMailbox> openMailbox(ImapSession& session, const std::string& mailbox,
                                    bool readOnly = false, const KnownState* known = nullptr);

/// Nothing can have changed since the last complete sync (RFC 7162 3.1.2.1), by what LIST-STATUS says. False where
/// the server knows no HIGHESTMODSEQ.
bool isUnchanged(const ListedMailbox& now, const Folder& then);

/// Splits UIDs into inclusive ranges for FETCH, newest first: a small first batch for the first
/// screenful, then batches of about a thousand. `missing` is ascending.
std::vector<UidRange> fetchBatches(const std::vector<std::uint32_t>& missing);

} // namespace avocet
