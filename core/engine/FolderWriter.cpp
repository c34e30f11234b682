// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/FolderWriter.h"

#include "core/engine/DraftPickup.h"

namespace avocet {

FolderWriter::FolderWriter(EngineContext& context, Folder folder, Progress progress)
    : m_context(context)
    , m_planner(context)
    , m_folder(std::move(folder))
    , m_progress(std::move(progress))
{
    m_report.account = m_folder.account;
    m_report.folder = m_folder.path;
}

Result<PendingFlags> FolderWriter::pendingFlags()
{
    const auto changes = m_planner.pending(m_folder.account);
    if (!changes)
        return tl::unexpected(changes.error());
    return changes->flagsIn(m_folder.mailbox, m_folder.uidValidity);
}

void FolderWriter::announce(ListChange change)
{
    if (!change.appeared.empty() || !change.vanished.empty())
        m_context.mailChanged();
    announceList(m_context, m_folder.id, m_folder.account, std::move(change));
}

Result<bool> FolderWriter::emptySome()
{
    constexpr int placements = 200; // 20 ms
    auto step = m_context.stores.removal.emptySome(m_folder.id, placements);
    if (!step)
        return tl::unexpected(step.error());
    const bool more = !step->done;
    announce({{}, {}, std::move(step->removed), {}});
    return more;
}

Status FolderWriter::selected(const SelectedMailbox& mailbox)
{
    Stores& stores = m_context.stores;
    m_exists = mailbox.exists;
    m_folder.serverTotal = mailbox.exists;
    if (m_folder.uidValidity != mailbox.uidValidity) {
        const bool wasKnown = m_folder.uidValidity != 0;
        if (auto reset = stores.folders.reset(m_folder.id, mailbox.uidValidity); !reset)
            return reset;
        m_folder.uidValidity = mailbox.uidValidity;
        m_folder.uidNext = 0;
        m_folder.highestModSeq = 0;
        m_folder.syncedFrom = 0;
        m_folder.cached = 0;
        if (wasKnown)
            m_context.announce(
                [id = m_folder.id](MailEngine& engine) { Q_EMIT engine.folderReset(id); });
    }
    return stores.folders.saveSyncState(m_folder);
}

Status FolderWriter::messages(const std::vector<NewMessage>& messages)
{
    Stores& stores = m_context.stores;
    const auto pending = pendingFlags();
    if (!pending)
        return tl::unexpected(pending.error());
    auto inserted = stores.messages.insert(m_folder.id, messages, *pending);
    if (!inserted)
        return tl::unexpected(inserted.error());
    if (auto named = nameArrivals(*inserted); !named)
        return named;
    m_report.added += static_cast<std::int64_t>(inserted->appeared.size());
    m_progress(m_folder.cached + m_report.added, m_exists);
    announce(std::move(*inserted));
    return {};
}

/// Changes that wait for a message on its way are for its UID from now on.
Status FolderWriter::nameArrivals(const ListChange& change)
{
    if (change.named.empty())
        return {};
    Stores& stores = m_context.stores;
    for (const auto& [key, uid] : change.named)
        if (auto named =
                stores.operations.nameArrival(m_folder.account, key, m_folder.uidValidity, uid);
            !named)
            return named;
    const auto pending = pendingFlags();
    if (!pending)
        return tl::unexpected(pending.error());
    for (const auto& [key, uid] : change.named) {
        const auto found = pending->find(uid);
        if (found == pending->end())
            continue;
        auto laid = stores.messages.overlay(m_folder.id, uid, found->second);
        if (!laid)
            return tl::unexpected(laid.error());
        announce(std::move(*laid));
    }
    return {};
}

Status FolderWriter::flags(const std::vector<PlacementFlags>& flags)
{
    const auto pending = pendingFlags();
    if (!pending)
        return tl::unexpected(pending.error());
    auto changed = m_context.stores.messages.updateFlags(m_folder.id, flags, *pending);
    if (!changed)
        return tl::unexpected(changed.error());
    m_report.changed += static_cast<std::int64_t>(
        changed->changed.size() + changed->appeared.size() + changed->vanished.size());
    announce(std::move(*changed));
    return {};
}

Status FolderWriter::removed(const std::vector<std::uint32_t>& uids)
{
    auto removed = m_context.stores.messages.removeUids(m_folder.id, uids);
    if (!removed)
        return tl::unexpected(removed.error());
    m_report.removed += static_cast<std::int64_t>(removed->size());
    m_folder.cached -= static_cast<std::int64_t>(removed->size());
    announce({{}, {}, std::move(*removed), {}});
    return {};
}

Status FolderWriter::finished(const SelectedMailbox& mailbox)
{
    Stores& stores = m_context.stores;
    m_folder.uidNext = mailbox.uidNext;
    m_folder.highestModSeq = mailbox.highestModSeq;
    m_folder.syncedFrom = 1;
    // What no waiting operation brings any more, and no UID came for, does not come.
    const auto keys = stores.messages.pendingKeys(m_folder.id);
    if (!keys)
        return tl::unexpected(keys.error());
    if (!keys->empty()) {
        const auto changes = m_planner.pending(m_folder.account);
        if (!changes)
            return tl::unexpected(changes.error());
        const auto expected = changes->arrivalsIn(m_folder.mailbox);
        for (const PlacementKey key : *keys) {
            if (expected.contains(key))
                continue;
            auto gone = stores.messages.removePending(m_folder.id, key);
            if (!gone)
                return tl::unexpected(gone.error());
            announce({{}, {}, std::move(*gone), {}});
        }
    }
    if (auto followed = DraftPickup(m_context).follow(m_folder); !followed)
        return followed;
    return stores.folders.saveSyncState(m_folder);
}

Result<std::vector<std::uint32_t>> FolderWriter::cachedUids()
{
    return m_context.stores.messages.uids(m_folder.id);
}

std::shared_ptr<const FolderSyncSink> sinkOf(const std::shared_ptr<FolderWriter>& writer)
{
    auto sink = std::make_shared<FolderSyncSink>();
    sink->emptySome = [writer] { return writer->emptySome(); };
    sink->selected = [writer](const SelectedMailbox& mailbox) { return writer->selected(mailbox); };
    sink->messages = [writer](std::vector<NewMessage> messages) {
        return writer->messages(messages);
    };
    sink->flags = [writer](std::vector<PlacementFlags> flags) { return writer->flags(flags); };
    sink->removed = [writer](std::vector<std::uint32_t> uids) { return writer->removed(uids); };
    sink->finished = [writer](const SelectedMailbox& mailbox) { return writer->finished(mailbox); };
    sink->cachedUids = [writer] { return writer->cachedUids(); };
    return sink;
}

} // namespace avocet
