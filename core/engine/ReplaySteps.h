// SPDX-License-Identifier: GPL-3.0-or-later
// How a batch of waiting changes is told to an IMAP server, whatever it offers. The network's side, on a worker.
#pragma once

#include "core/model/Operation.h"
#include "core/protocol/ImapSession.h"

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace avocet {

/// Where a message arrived.
struct Arrival {
    std::uint32_t uidValidity = 0;
    std::uint32_t uid = 0;
};

struct ReplayOutcome {
    std::map<OperationId, Arrival> arrivals; ///< of those whose new UID the server told
    /// Moves and deletions: the original is gone from the server. False without UIDPLUS, where it stays with \Deleted.
    bool expunged = false;
};

/// What has to be on disk before the next step; each returns when it is.
struct ReplayJournal {
    std::function<Status(std::vector<OperationId>, std::uint32_t targetValidity,
                         std::uint32_t targetUidNext)>
        copyBegins;
    std::function<Status(std::vector<OperationId>)> copied;
    std::string message; ///< what an Append brings
};

/// `batch`: alike in all but uid and Message-ID. Safe to be cut anywhere and called again with what the journal
/// says: a move by COPY never copies blindly a second time, but looks at what arrived in the target since the first
/// try, and an Append, which is a batch of its own, looks for its Message-ID, which no other message has. Without UIDPLUS the originals get \Deleted and stay; a plain EXPUNGE, which would take along what others
/// marked, is never sent. What is gone from the server counts as done.
Result<ReplayOutcome> replayBatch(ImapSession& session, const std::vector<Operation>& batch,
                                  const ReplayJournal& journal);

} // namespace avocet
