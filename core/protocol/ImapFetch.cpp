// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession: everything that FETCH brings, several commands in flight.
#include "core/protocol/CancelSignal.h"
#include "core/protocol/FetchParser.h"
#include "core/protocol/ImapCursor.h"
#include "core/protocol/ImapSessionPrivate.h"

#include <algorithm>
#include <deque>
#include <unordered_set>

namespace avocet {
namespace {

constexpr std::size_t commandsInFlight = 3;
constexpr std::size_t bodiesPerCommand = 100;

tl::unexpected<Error> endless()
{
    return fail(ErrorKind::Protocol, "the server's reply does not end", ErrorCode::LimitExceeded);
}

/// Runs commands with a few in flight; answers come in the order of the commands.
class Pipeline {
public:
    Pipeline(ImapConnection& connection, std::string_view name)
        : m_connection(connection)
        , m_name(name)
    {
    }

    using Command = std::function<std::optional<ImapCommand>()>; ///< nothing: no more
    using Fetched = std::function<Status(std::string_view items)>;
    using Finished = std::function<void()>; ///< the oldest command in flight was answered

    /// Stops asking for commands after the first refusal, which is returned once all are answered.
    Status run(const Command& next, const Fetched& fetched, const Finished& finished)
    {
        bool more = true;
        std::optional<Error> refused;
        for (;;) {
            while (more && !refused && m_tags.size() < commandsInFlight) {
                const auto command = next();
                more = command.has_value();
                if (!more)
                    break;
                auto tag = m_connection.send(*command);
                if (!tag)
                    return tl::unexpected(tag.error());
                m_tags.push_back(std::move(*tag));
            }
            if (m_tags.empty())
                break;
            if (auto step = receive(fetched, finished, refused); !step)
                return step;
        }
        if (refused)
            return tl::unexpected(std::move(*refused));
        return {};
    }

private:
    Status receive(const Fetched& fetched, const Finished& finished, std::optional<Error>& refused)
    {
        const auto response = m_connection.receive();
        if (!response)
            return tl::unexpected(response.error());
        if (!response->tag.empty()) {
            if (response->tag != m_tags.front()) {
                m_connection.kill();
                return fail(ErrorKind::Protocol, "an answer to another command");
            }
            m_tags.pop_front();
            // EXPUNGEISSUED: what still exists was sent (RFC 5530).
            if (response->status.condition != ImapStatus::Condition::Ok &&
                response->status.code != "EXPUNGEISSUED" && !refused)
                refused = refusal(response->status, m_name);
            finished();
            return {};
        }
        const auto items = fetchItemsOf(response->untagged);
        if (!items)
            return {};
        auto taken = fetched(*items);
        if (!taken)
            m_connection.kill();
        return taken;
    }

    ImapConnection& m_connection;
    std::string_view m_name;
    std::deque<std::string> m_tags;
};

struct RangeInFlight {
    UidRange range;
    std::uint64_t taken = 0;

    bool owns(std::uint32_t uid) const { return uid >= range.first && uid <= range.last; }
    /// Twice the messages that there can be: servers may repeat one, but not for ever.
    bool overfull() const { return taken / 2 > std::uint64_t{range.last} - range.first; }
};

/// As long as it lives somebody watches what arrives, and can end it alone.
class Attended {
public:
    Attended(ImapConnection& connection, const ImapReader::Watch& progress, std::stop_token stop)
        : m_connection(connection)
        , m_signal(std::move(stop))
    {
        m_connection.socket().setJobSignal(&m_signal);
        m_connection.watchLiterals(progress);
    }
    ~Attended()
    {
        m_connection.watchLiterals({});
        m_connection.socket().setJobSignal(nullptr);
    }
    Attended(const Attended&) = delete;
    Attended& operator=(const Attended&) = delete;

private:
    ImapConnection& m_connection;
    CancelSignal m_signal;
};

} // namespace

std::optional<std::string_view> fetchItemsOf(std::string_view untagged)
{
    std::size_t at = 0;
    while (at < untagged.size() && untagged[at] >= '0' && untagged[at] <= '9')
        ++at;
    if (at == 0 || !startsNoCase(untagged.substr(at), " FETCH "))
        return std::nullopt;
    return untagged.substr(at + 7);
}

bool parseFlagState(std::string_view items, FlagState& into)
{
    Envelope envelope;
    FetchContents contents;
    if (!parseFetch(items, envelope, contents))
        return false;
    into.uid = contents.uid && contents.flags ? envelope.uid : 0;
    into.modSeq = envelope.modSeq;
    into.flags = envelope.flags;
    into.keywords = std::move(envelope.keywords);
    return true;
}

std::string ImapSession::Private::fetchItems() const
{
    std::string items = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE "
                        "BODY.PEEK[HEADER.FIELDS (FROM SENDER REPLY-TO REFERENCES LIST-ID "
                        "LIST-UNSUBSCRIBE LIST-UNSUBSCRIBE-POST AUTHENTICATION-RESULTS)]";
    if (condstore)
        items += " MODSEQ";
    if (connection.has("X-GM-EXT-1"))
        items += " X-GM-MSGID";
    else if (connection.has("OBJECTID"))
        items += " EMAILID";
    return items + ")";
}

Status
ImapSession::fetchEnvelopes(std::span<const UidRange> ranges,
                            const std::function<void(const UidRange&, const Envelope&)>& take,
                            const std::function<bool(const UidRange&)>& finished)
{
    std::deque<RangeInFlight> inFlight;
    std::size_t nextRange = 0;
    bool wanted = true;
    const std::string items = d->fetchItems();
    ExpectedFetches expected(d->connection);
    Envelope envelope;

    const auto next = [&]() -> std::optional<ImapCommand> {
        if (!wanted || nextRange == ranges.size())
            return std::nullopt;
        const UidRange range = ranges[nextRange++];
        inFlight.push_back({range});
        return ImapCommand("UID FETCH " + uidSet(range) + " " + items);
    };
    const auto fetched = [&](std::string_view text) -> Status {
        FetchContents contents;
        if (!parseFetch(text, envelope, contents))
            return malformedFetch();
        if (!contents.uid || !contents.envelope) {
            expected.sawUnexpected();
            return {};
        }
        // A server may answer a later command early; the UID tells whose it is.
        const auto owner =
            std::find_if(inFlight.begin(), inFlight.end(),
                         [&](const RangeInFlight& range) { return range.owns(envelope.uid); });
        if (owner == inFlight.end())
            return {};
        ++owner->taken;
        if (owner->overfull())
            return endless();
        if (wanted)
            take(owner->range, envelope);
        return {};
    };
    const auto answered = [&] {
        const UidRange range = inFlight.front().range;
        inFlight.pop_front();
        wanted = wanted && finished(range);
    };
    return Pipeline(d->connection, "FETCH").run(next, fetched, answered);
}

Status ImapSession::fetchFlags(const UidRange& range, std::uint64_t changedSince,
                               const std::function<void(FlagState)>& deliver)
{
    ExpectedFetches expected(d->connection);
    std::string text = "UID FETCH " + std::to_string(range.first) + ":" +
                       (range.last == 0 ? std::string("*") : std::to_string(range.last)) +
                       (d->condstore ? " (UID FLAGS MODSEQ)" : " (UID FLAGS)");
    if (changedSince > 0 && d->condstore)
        text += " (CHANGEDSINCE " + std::to_string(changedSince) + ")";
    const auto status =
        d->connection.require(ImapCommand(text), "FETCH", [&](std::string_view untagged) -> Status {
            const auto items = fetchItemsOf(untagged);
            if (!items)
                return {};
            FlagState state;
            if (!parseFlagState(*items, state))
                return malformedFetch();
            if (state.uid == 0) {
                expected.sawUnexpected();
                return {};
            }
            if (state.uid >= range.first && (range.last == 0 || state.uid <= range.last))
                deliver(std::move(state));
            return {};
        });
    if (!status)
        return tl::unexpected(status.error());
    return {};
}

Status ImapSession::fetchBodies(std::span<const std::uint32_t> uids,
                                const std::function<bool(std::uint32_t, std::string)>& deliver,
                                const std::function<void(std::size_t, std::size_t)>& progress,
                                std::stop_token stop)
{
    ExpectedFetches expected(d->connection);
    std::size_t at = 0;
    bool wanted = true;
    std::unordered_set<std::uint32_t> missing; // asked for and not yet delivered
    const auto next = [&]() -> std::optional<ImapCommand> {
        if (!wanted || at == uids.size())
            return std::nullopt;
        const auto batch = uids.subspan(at, std::min(bodiesPerCommand, uids.size() - at));
        at += batch.size();
        missing.insert(batch.begin(), batch.end());
        return ImapCommand("UID FETCH " + uidSet(batch) + " (UID BODY.PEEK[])");
    };
    const auto fetched = [&](std::string_view text) -> Status {
        Envelope envelope;
        FetchContents contents;
        if (!parseFetch(text, envelope, contents))
            return malformedFetch();
        if (!contents.uid || !contents.body) {
            expected.sawUnexpected();
            return {};
        }
        if (missing.erase(envelope.uid) > 0 &&
            !deliver(envelope.uid, std::string(contents.bodyBytes)))
            wanted = false;
        return {};
    };
    const Attended attended(d->connection, progress, std::move(stop));
    return Pipeline(d->connection, "FETCH").run(next, fetched, [] {});
}

} // namespace avocet
