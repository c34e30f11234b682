// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/FolderSync.h"

#include "core/engine/EnvelopeMapper.h"

#include <algorithm>
#include <iterator>

namespace avocet {

namespace {

constexpr std::size_t firstBatch = 100;
constexpr std::size_t batch = 1000;
constexpr std::size_t flagBatch = 2000;

PlacementFlags toPlacementFlags(FlagState&& state)
{
    return {state.uid, state.modSeq, state.flags, std::move(state.keywords)};
}

Status fetchNew(ImapSession& session, const std::vector<std::uint32_t>& missing,
                const std::shared_ptr<const FolderSyncSink>& sink, Gate& gate, std::stop_token stop)
{
    const auto ranges = fetchBatches(missing);
    Status stored;
    auto fetched = session.fetchEnvelopes(ranges, [&](const UidRange&, std::vector<Envelope> list) {
        std::vector<NewMessage> messages;
        messages.reserve(list.size());
        for (Envelope& envelope : list)
            messages.push_back(mapEnvelope(std::move(envelope)));
        stored = gate.pass(
            [sink, messages = std::move(messages)]() mutable {
                return sink->messages(std::move(messages));
            },
            stop);
        return stored.has_value();
    });
    return stored ? fetched : stored;
}

Status fetchChangedFlags(ImapSession& session, const Folder& folder, std::uint32_t lastCached,
                         const std::shared_ptr<const FolderSyncSink>& sink, Gate& gate,
                         std::stop_token stop)
{
    std::vector<PlacementFlags> states;
    Status stored;
    const auto flush = [&] {
        if (states.empty() || !stored)
            return;
        stored = gate.pass(
            [sink, states = std::move(states)]() mutable { return sink->flags(std::move(states)); },
            stop);
        states = {};
    };
    auto fetched = session.fetchFlags({1, lastCached}, folder.highestModSeq, [&](FlagState state) {
        states.push_back(toPlacementFlags(std::move(state)));
        if (states.size() >= flagBatch)
            flush();
    });
    flush();
    return stored ? fetched : stored;
}

/// Nothing can have changed since the last complete sync (RFC 7162 3.1.2.1).
bool unchanged(const SelectedMailbox& now, const FolderSyncInput& input)
{
    const Folder& then = input.folder;
    return now.uidValidity == then.uidValidity && now.highestModSeq != 0 &&
           now.highestModSeq == then.highestModSeq && now.uidNext == then.uidNext &&
           now.exists == input.cached.size();
}

} // namespace

std::vector<UidRange> fetchBatches(const std::vector<std::uint32_t>& missing)
{
    std::vector<UidRange> ranges;
    std::size_t end = missing.size();
    std::size_t size = firstBatch;
    while (end > 0) {
        const std::size_t begin = end > size ? end - size : 0;
        ranges.push_back({missing[begin], missing[end - 1]});
        end = begin;
        size = batch;
    }
    return ranges;
}

Status syncFolder(ImapSession& session, const FolderSyncInput& input,
                  const std::shared_ptr<const FolderSyncSink>& sink, Gate& gate,
                  std::stop_token stop)
{
    const auto selected = session.select(input.folder.mailbox);
    if (!selected)
        return tl::unexpected(selected.error());
    const SelectedMailbox mailbox = *selected;
    if (auto passed = gate.pass([sink, mailbox] { return sink->selected(mailbox); }, stop); !passed)
        return passed;
    if (unchanged(mailbox, input))
        return gate.wait(stop);

    const bool sameEpoch = mailbox.uidValidity == input.folder.uidValidity;
    const std::vector<std::uint32_t> none;
    const auto& cached = sameEpoch ? input.cached : none;
    std::vector<std::uint32_t> server;
    if (mailbox.exists > 0) {
        auto found = session.searchUids();
        if (!found)
            return tl::unexpected(found.error());
        server = std::move(*found);
        std::sort(server.begin(), server.end());
    }
    std::vector<std::uint32_t> gone;
    std::vector<std::uint32_t> missing;
    std::set_difference(cached.begin(), cached.end(), server.begin(), server.end(),
                        std::back_inserter(gone));
    std::set_difference(server.begin(), server.end(), cached.begin(), cached.end(),
                        std::back_inserter(missing));

    Status status;
    if (!gone.empty())
        status = gate.pass(
            [sink, gone = std::move(gone)]() mutable { return sink->removed(std::move(gone)); },
            stop);
    if (status && !missing.empty())
        status = fetchNew(session, missing, sink, gate, stop);
    if (status && !cached.empty() && !server.empty())
        status = fetchChangedFlags(session, input.folder, cached.back(), sink, gate, stop);
    if (status)
        status = gate.pass([sink, mailbox] { return sink->finished(mailbox); }, stop);

    const Status drained = gate.wait(stop);
    return status ? drained : status;
}

} // namespace avocet
