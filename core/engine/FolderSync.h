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
#include <vector>

namespace avocet {

struct FolderSyncInput {
    Folder folder;                     ///< as cached
    std::vector<std::uint32_t> cached; ///< its UIDs, ascending
};

/// Called on the engine thread, each inside one transaction of its own.
struct FolderSyncSink {
    std::function<Status(const SelectedMailbox&)>
        selected; ///< resets the folder where UIDVALIDITY is new
    std::function<Status(std::vector<NewMessage>)> messages;
    std::function<Status(std::vector<PlacementFlags>)> flags;
    std::function<Status(std::vector<std::uint32_t>)> removed;
    std::function<Status(const SelectedMailbox&)> finished; ///< sync state can be saved
};

/// SELECT, what is gone, what is new (newest first, in pipelined batches), what changed its flags. Safe to
/// be cut anywhere: the sync state is saved at the end, and all steps are idempotent. Right on servers
/// that offer nothing beyond RFC 3501, quick where they offer CONDSTORE and ESEARCH.
Status syncFolder(ImapSession& session, const FolderSyncInput& input,
                  const std::shared_ptr<const FolderSyncSink>& sink, Gate& gate,
                  std::stop_token stop);

/// Splits UIDs into inclusive ranges for FETCH, newest first: a small first batch for the first
/// screenful, then batches of about a thousand. `missing` is ascending.
std::vector<UidRange> fetchBatches(const std::vector<std::uint32_t>& missing);

} // namespace avocet
