// SPDX-License-Identifier: GPL-3.0-or-later
// Writes what one folder's sync finds into the cache and announces it: the engine's side of FolderSync.
#pragma once

#include "core/engine/ChangePlanner.h"
#include "core/engine/FolderSync.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace avocet {

/// One line of a sync's report.
struct FolderReport {
    AccountId account;
    std::string folder;
    std::int64_t added = 0, changed = 0, removed = 0;
    std::int64_t bodies = 0;  ///< stored; not 0: a line about bodies alone
    std::int64_t ms = 0;      ///< SELECT to COMMIT
    std::int64_t bytesIn = 0; ///< from the server for this folder
};

/// Thread: the engine's. Lives as long as the sync.
class FolderWriter {
public:
    /// `progress` gets how many messages are here and how many there are.
    using Progress = std::function<void(std::int64_t done, std::int64_t total)>;

    FolderWriter(EngineContext& context, Folder folder, Progress progress);

    const Folder& folder() const { return m_folder; }
    FolderReport& report() { return m_report; }
    /// Messages that came or changed their flags, in the order of arrival: their bodies may be wanted.
    bool changedAnything() const
    {
        return m_report.added + m_report.changed + m_report.removed > 0;
    }

    Result<bool> emptySome();
    Status selected(const SelectedMailbox& mailbox);
    Status messages(const std::vector<NewMessage>& messages);
    Status flags(const std::vector<PlacementFlags>& flags);
    Status removed(const std::vector<std::uint32_t>& uids);
    Status finished(const SelectedMailbox& mailbox);
    Result<std::vector<std::uint32_t>> cachedUids();

private:
    Result<PendingFlags> pendingFlags();
    Status nameArrivals(const ListChange& change);
    void announce(ListChange change);

    EngineContext& m_context;
    ChangePlanner m_planner;
    Folder m_folder;
    Progress m_progress;
    std::int64_t m_exists = 0;
    FolderReport m_report;
};

std::shared_ptr<const FolderSyncSink> sinkOf(const std::shared_ptr<FolderWriter>& writer);

} // namespace avocet
