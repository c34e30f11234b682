// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/FolderSync.h"

#include "core/engine/EnvelopeMapper.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace avocet {

namespace {

constexpr std::size_t firstBatch = 100;
/// One transaction: about 15 ms. Fewer would write the scattered pages of the thread index more often.
constexpr std::size_t batch = 2000;
constexpr std::size_t flagBatch = 10'000;
/// So many UIDs are asked for in one FETCH without looking first which of them exist.
constexpr std::uint32_t smallGap = 500;

PlacementFlags toPlacementFlags(FlagState&& state)
{
    return {state.uid, state.modSeq, state.flags, std::move(state.keywords)};
}

/// One folder's sync under way.
class Run {
public:
    Run(ImapSession& session, const FolderSyncInput& input,
        const std::shared_ptr<const FolderSyncSink>& sink, Gate& gate, std::stop_token stop)
        : m_session(session)
        , m_input(input)
        , m_sink(sink)
        , m_gate(gate)
        , m_stop(std::move(stop))
    {
    }

    Status all();

private:
    Status empty();
    Status everything();
    Status difference();
    Status newMessages();
    Status changedFlags(std::uint64_t since);
    Status compareUids();
    Status fetch(const std::vector<UidRange>& ranges);
    Status remove(std::vector<std::uint32_t> uids);
    Status removeVanished(const std::vector<UidRange>& ranges);
    Status flags(std::vector<FlagState> states);
    Result<std::vector<std::uint32_t>> cachedUids();

    ImapSession& m_session;
    const FolderSyncInput& m_input;
    std::shared_ptr<const FolderSyncSink> m_sink;
    Gate& m_gate;
    std::stop_token m_stop;
    SelectedMailbox m_mailbox;
    std::int64_t m_removed = 0;
    std::int64_t m_added = 0; ///< of those that SELECT counted
};

/// Neither number ever falls while UIDVALIDITY stays: the server came back from a backup, or has lied before. Then
/// nothing that it counted tells what differs.
bool wentBack(const SelectedMailbox& now, const Folder& then)
{
    return (now.uidNext != 0 && now.uidNext < then.uidNext) ||
           (now.highestModSeq != 0 && now.highestModSeq < then.highestModSeq);
}

/// Nothing can have changed since the last complete sync (RFC 7162 3.1.2.1).
bool unchanged(const SelectedMailbox& now, const Folder& then)
{
    return now.uidValidity == then.uidValidity && now.highestModSeq != 0 &&
           now.highestModSeq == then.highestModSeq && now.uidNext == then.uidNext &&
           now.exists == then.cached && then.syncedFrom == 1;
}

Result<std::vector<std::uint32_t>> Run::cachedUids()
{
    auto answer = std::make_shared<Result<std::vector<std::uint32_t>>>();
    const auto ask = [answer, sink = m_sink]() -> Status {
        *answer = sink->cachedUids();
        return *answer ? Status() : tl::unexpected(answer->error());
    };
    if (auto passed = m_gate.pass(ask, m_stop); !passed)
        return tl::unexpected(passed.error());
    if (auto done = m_gate.wait(m_stop); !done)
        return tl::unexpected(done.error());
    return std::move(*answer);
}

/// In steps, so that nobody waits for the whole of a large folder.
Status Run::empty()
{
    const auto more = std::make_shared<bool>(true);
    const auto step = [more, sink = m_sink]() -> Status {
        const auto left = sink->emptySome();
        *more = left && *left;
        return left ? Status() : tl::unexpected(left.error());
    };
    Status status;
    while (status && *more) {
        status = m_gate.pass(step, m_stop);
        if (status)
            status = m_gate.wait(m_stop);
    }
    return status;
}

Status Run::fetch(const std::vector<UidRange>& ranges)
{
    Status stored;
    std::vector<NewMessage> messages;
    const auto take = [&](const UidRange&, const Envelope& envelope) {
        m_added += m_mailbox.uidNext == 0 || envelope.uid < m_mailbox.uidNext;
        messages.push_back(mapEnvelope(envelope));
    };
    const auto store = [&](const UidRange&) {
        if (messages.empty())
            return true;
        const std::size_t room = messages.size();
        stored = m_gate.pass(
            [sink = m_sink, messages = std::exchange(messages, {})]() mutable {
                return sink->messages(std::move(messages));
            },
            m_stop);
        messages.reserve(room);
        return stored.has_value();
    };
    auto fetched = m_session.fetchEnvelopes(ranges, take, store);
    return stored ? fetched : stored;
}

Status Run::remove(std::vector<std::uint32_t> uids)
{
    if (uids.empty())
        return {};
    m_removed += static_cast<std::int64_t>(uids.size());
    return m_gate.pass(
        [sink = m_sink, uids = std::move(uids)]() mutable {
            return sink->removed(std::move(uids));
        },
        m_stop);
}

/// A server may name far more UIDs than there ever were: only those in the cache count.
Status Run::removeVanished(const std::vector<UidRange>& ranges)
{
    if (ranges.empty())
        return {};
    const auto cached = cachedUids();
    if (!cached)
        return tl::unexpected(cached.error());
    std::vector<std::uint32_t> gone;
    for (const UidRange& range : ranges) {
        const auto begin = std::lower_bound(cached->begin(), cached->end(), range.first);
        const auto end = std::upper_bound(begin, cached->end(), range.last);
        gone.insert(gone.end(), begin, end);
    }
    std::sort(gone.begin(), gone.end());
    gone.erase(std::unique(gone.begin(), gone.end()), gone.end());
    return remove(std::move(gone));
}

Status Run::flags(std::vector<FlagState> states)
{
    if (states.empty())
        return {};
    std::vector<PlacementFlags> flags;
    flags.reserve(states.size());
    for (FlagState& state : states)
        flags.push_back(toPlacementFlags(std::move(state)));
    return m_gate.pass(
        [sink = m_sink, flags = std::move(flags)]() mutable {
            return sink->flags(std::move(flags));
        },
        m_stop);
}

Status Run::changedFlags(std::uint64_t since)
{
    if (m_input.lastUid == 0 || m_mailbox.exists == 0)
        return {};
    std::vector<FlagState> states;
    Status stored;
    const auto flush = [&] {
        if (stored)
            stored = flags(std::exchange(states, {}));
    };
    auto fetched = m_session.fetchFlags({1, m_input.lastUid}, since, [&](FlagState state) {
        states.push_back(std::move(state));
        if (states.size() >= flagBatch)
            flush();
    });
    flush();
    return stored ? fetched : stored;
}

Status Run::newMessages()
{
    if (m_input.lastUid == std::numeric_limits<std::uint32_t>::max())
        return {};
    const std::uint32_t first = m_input.lastUid + 1;
    const bool known = m_mailbox.uidNext != 0;
    if (m_mailbox.exists == 0 || (known && m_mailbox.uidNext <= first))
        return {};
    if (known && m_mailbox.uidNext - first <= smallGap)
        return fetch({{first, m_mailbox.uidNext - 1}});
    const auto uids = m_session.searchUids(first);
    if (!uids)
        return tl::unexpected(uids.error());
    return uids->empty() ? Status() : fetch(fetchBatches(*uids));
}

/// What is gone, and what is missing besides the newest.
Status Run::compareUids()
{
    const auto cached = cachedUids();
    if (!cached)
        return tl::unexpected(cached.error());
    std::vector<std::uint32_t> server;
    if (m_mailbox.exists > 0) {
        auto found = m_session.searchUids();
        if (!found)
            return tl::unexpected(found.error());
        server = std::move(*found);
    }
    std::vector<std::uint32_t> gone;
    std::vector<std::uint32_t> missing;
    std::set_difference(cached->begin(), cached->end(), server.begin(), server.end(),
                        std::back_inserter(gone));
    std::set_difference(server.begin(), server.end(), cached->begin(), cached->end(),
                        std::back_inserter(missing));
    if (auto removed = remove(std::move(gone)); !removed)
        return removed;
    return missing.empty() ? Status() : fetch(fetchBatches(missing));
}

Status Run::difference()
{
    if (m_mailbox.resynced) {
        if (auto removed = removeVanished(m_mailbox.vanished); !removed)
            return removed;
    }
    if (auto added = newMessages(); !added)
        return added;
    auto changed = m_mailbox.resynced ? flags(std::move(m_mailbox.changed))
                                      : changedFlags(m_input.folder.highestModSeq);
    if (!changed)
        return changed;
    // The sum tells whether anything else went, and whether what a server reported was all.
    const std::int64_t expected = m_input.folder.cached - m_removed + m_added;
    return expected == m_mailbox.exists ? Status() : compareUids();
}

/// The first sync, one after a cut, one of a renumbered mailbox or of one that went back.
Status Run::everything()
{
    const bool sameEpoch = m_mailbox.uidValidity == m_input.folder.uidValidity;
    if (auto compared = compareUids(); !compared)
        return compared;
    if (!sameEpoch)
        return {};
    return changedFlags(wentBack(m_mailbox, m_input.folder) ? 0 : m_input.folder.highestModSeq);
}

Status Run::all()
{
    const Folder& folder = m_input.folder;
    const bool complete = folder.syncedFrom == 1;
    const KnownState known{folder.uidValidity, folder.highestModSeq, m_input.lastUid};
    auto selected = openMailbox(m_session, folder.mailbox, false,
                                complete && folder.highestModSeq != 0 ? &known : nullptr);
    if (!selected)
        return tl::unexpected(selected.error());
    m_mailbox = std::move(*selected);
    SelectedMailbox state = m_mailbox;
    state.changed.clear();
    state.vanished.clear();
    const bool sameEpoch = m_mailbox.uidValidity == folder.uidValidity;
    if (!sameEpoch && folder.uidValidity != 0)
        if (auto emptied = empty(); !emptied)
            return emptied;
    if (auto passed = m_gate.pass([sink = m_sink, state] { return sink->selected(state); }, m_stop);
        !passed)
        return passed;
    Status status;
    if (!unchanged(m_mailbox, folder))
        status =
            complete && sameEpoch && !wentBack(m_mailbox, folder) ? difference() : everything();
    if (status)
        status = m_gate.pass([sink = m_sink, state] { return sink->finished(state); }, m_stop);
    const Status drained = m_gate.wait(m_stop);
    return status ? drained : status;
}

} // namespace

Result<SelectedMailbox> openMailbox(ImapSession& session, const std::string& mailbox, bool readOnly,
                                    const KnownState* known)
{
    auto selected = session.select(mailbox, readOnly, known);
    if (selected && selected->uidValidity == 0)
        return fail(ErrorKind::Protocol, "SELECT without UIDVALIDITY");
    return selected;
}

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

bool isUnchanged(const ListedMailbox& now, const Folder& then)
{
    return then.syncedFrom == 1 && now.highestModSeq && *now.highestModSeq != 0 &&
           *now.highestModSeq == then.highestModSeq && now.uidValidity == then.uidValidity &&
           now.uidNext == then.uidNext && now.messages &&
           std::int64_t{*now.messages} == then.cached;
}

Status syncFolder(ImapSession& session, const FolderSyncInput& input,
                  const std::shared_ptr<const FolderSyncSink>& sink, Gate& gate,
                  std::stop_token stop)
{
    return Run(session, input, sink, gate, std::move(stop)).all();
}

} // namespace avocet
