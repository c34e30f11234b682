// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession: opening, searching, changing flags, appending, waiting. Its FETCH commands are in
// ImapFetch.cpp, its mailbox commands in ImapMailboxes.cpp.
#include "core/protocol/ImapSession.h"

#include "core/protocol/FetchParser.h"
#include "core/protocol/ImapCursor.h"
#include "core/protocol/ImapSessionPrivate.h"

#include <algorithm>
#include <chrono>

namespace avocet {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds pollInterval{60};
// A cancelled IDLE may take this long to end in good order; then the connection is dropped.
constexpr std::chrono::milliseconds doneTimeout{400};
constexpr std::size_t maxUids = 5'000'000;
constexpr std::size_t uidsPerStore = 500;

void addRange(std::vector<std::uint32_t>& into, std::uint32_t first, std::uint32_t last,
              std::uint32_t least)
{
    if (first > last)
        std::swap(first, last);
    for (std::uint64_t uid = std::max(first, least); uid <= last && into.size() <= maxUids; ++uid)
        into.push_back(static_cast<std::uint32_t>(uid));
}

/// "1:3,7" of an ESEARCH reply.
bool parseUidSet(std::string_view set, std::uint32_t least, std::vector<std::uint32_t>& into)
{
    while (!set.empty()) {
        const std::string_view part = set.substr(0, set.find(','));
        const std::size_t colon = part.find(':');
        ImapCursor firstCursor(part.substr(0, colon));
        const std::uint32_t first = firstCursor.number32();
        std::uint32_t last = first;
        if (colon != part.npos) {
            ImapCursor lastCursor(part.substr(colon + 1));
            last = lastCursor.number32();
            if (lastCursor.bad())
                return false;
        }
        if (firstCursor.bad() || into.size() > maxUids)
            return false;
        addRange(into, first, last, least);
        set.remove_prefix(std::min(set.size(), part.size() + 1));
    }
    return true;
}

/// Behind "SEARCH" or "ESEARCH".
bool parseSearch(std::string_view text, bool extended, std::uint32_t least,
                 std::vector<std::uint32_t>& into)
{
    ImapCursor cursor(text);
    if (!extended) {
        while (!cursor.atEnd()) {
            if (cursor.peek() == '(') { // (MODSEQ n) behind the numbers
                cursor.skip();
                continue;
            }
            const std::uint32_t uid = cursor.number32();
            if (cursor.bad() || into.size() > maxUids)
                return false;
            if (uid >= least)
                into.push_back(uid);
        }
        return true;
    }
    while (!cursor.atEnd()) {
        if (cursor.peek() == '(') { // (TAG "T4")
            cursor.skip();
            continue;
        }
        const std::string_view word = cursor.atom();
        if (equalsNoCase(word, "UID"))
            continue;
        if (!equalsNoCase(word, "ALL"))
            cursor.skip();
        else if (!parseUidSet(cursor.atom(), least, into))
            return false;
    }
    return !cursor.bad();
}

Result<std::vector<std::uint32_t>> search(ImapConnection& connection, const ImapCommand& command,
                                          std::uint32_t least)
{
    std::vector<std::uint32_t> uids;
    const auto status =
        connection.require(command, "SEARCH", [&](std::string_view untagged) -> Status {
            const bool extended = startsNoCase(untagged, "ESEARCH");
            if (!extended && !startsNoCase(untagged, "SEARCH"))
                return {};
            if (!parseSearch(untagged.substr(extended ? 7 : 6), extended, least, uids))
                return fail(ErrorKind::Protocol, "a malformed or endless SEARCH response",
                            ErrorCode::LimitExceeded);
            return {};
        });
    if (!status)
        return tl::unexpected(status.error());
    if (!std::is_sorted(uids.begin(), uids.end()))
        std::sort(uids.begin(), uids.end());
    uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
    return uids;
}

MailboxChange takeChange(ImapConnection& connection)
{
    return std::exchange(connection.change(), MailboxChange{});
}

/// Sends IDLE and waits for the "+". False: the server refused.
Result<bool> beginIdle(ImapConnection& connection, std::string& tag)
{
    auto sent = connection.send(ImapCommand("IDLE"));
    if (!sent)
        return tl::unexpected(sent.error());
    tag = *sent;
    for (;;) {
        const auto response = connection.receive();
        if (!response)
            return tl::unexpected(response.error());
        if (response->continuation)
            return true;
        if (!response->tag.empty())
            return false;
    }
}

/// DONE, and everything up to the tagged answer.
Status endIdle(ImapConnection& connection, const std::string& tag, bool hurry)
{
    if (auto done = connection.writeRaw("DONE"); !done)
        return done;
    const auto usual = connection.socket().ioTimeout();
    if (hurry)
        connection.socket().setIoTimeout(std::min(usual, doneTimeout));
    const auto giveUp = Clock::now() + doneTimeout;
    Status result;
    for (;;) {
        const auto response = connection.receive();
        if (!response) {
            result = tl::unexpected(response.error());
            break;
        }
        if (response->tag == tag)
            break;
        if (hurry && Clock::now() > giveUp) {
            connection.kill();
            break;
        }
    }
    connection.socket().setIoTimeout(usual);
    return result;
}

tl::unexpected<Error> cancelled()
{
    return fail(ErrorKind::Cancelled, "waiting was cancelled");
}

} // namespace

bool Capabilities::has(std::string_view name) const
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

ImapSession::ImapSession(std::unique_ptr<Private> p)
    : d(std::move(p))
{
}

ImapSession::~ImapSession() = default;

Result<std::unique_ptr<ImapSession>> ImapSession::open(const ConnectOptions& options,
                                                       const Credentials& credentials,
                                                       std::stop_token stop)
{
    auto signedIn = signInImap(options, credentials, std::move(stop));
    if (!signedIn)
        return tl::unexpected(signedIn.error());
    std::unique_ptr<ImapSession> session(
        new ImapSession(std::make_unique<Private>(std::move(*signedIn), options)));
    if (auto ready = session->d->afterSignIn(); !ready)
        return tl::unexpected(ready.error());
    return session;
}

Status ImapSession::Private::afterSignIn()
{
    if (connection.capabilities().names.empty()) {
        const auto asked = connection.require(ImapCommand("CAPABILITY"), "CAPABILITY");
        if (!asked)
            return tl::unexpected(asked.error());
    }
    if (connection.has("ID")) {
        // Some providers let nobody in who does not say what program it is; an error is no harm.
        const auto told = connection.run(ImapCommand("ID (\"name\" \"Avocet\")"));
        if (!told)
            return tl::unexpected(told.error());
    }
    return {};
}

bool ImapSession::alive() const
{
    return d->connection.alive();
}

const Capabilities& ImapSession::capabilities() const
{
    return d->connection.capabilities();
}

Traffic ImapSession::traffic() const
{
    return d->connection.socket().traffic();
}

Result<std::vector<std::uint32_t>> ImapSession::searchUids(std::uint32_t first)
{
    const bool extended = d->connection.has("ESEARCH") || d->connection.has("IMAP4REV2");
    const std::string from = std::to_string(std::max(first, 1u));
    return search(
        d->connection,
        ImapCommand((extended ? "UID SEARCH RETURN (ALL) UID " : "UID SEARCH UID ") + from + ":*"),
        std::max(first, 1u));
}

Result<std::vector<std::uint32_t>> ImapSession::searchMessageId(const std::string& id)
{
    if (id.empty() || id.size() > 900 || !isQuotable(id))
        return fail(ErrorKind::Rejected, "no Message-ID that can be searched for",
                    ErrorCode::InvalidInput);
    return search(d->connection,
                  ImapCommand("UID SEARCH HEADER Message-ID " + quoted("<" + id + ">")), 1);
}

Status ImapSession::storeFlags(std::span<const std::uint32_t> uids, Flags add, Flags remove)
{
    const ExpectedFetches expected(d->connection);
    for (std::size_t at = 0; at < uids.size(); at += uidsPerStore) {
        const std::string set = uidSet(uids.subspan(at, std::min(uidsPerStore, uids.size() - at)));
        for (const bool adding : {true, false}) {
            const Flags flags = adding ? add : remove & ~add;
            if (!flags)
                continue;
            const auto status = d->connection.require(
                ImapCommand("UID STORE " + set + (adding ? " +FLAGS (" : " -FLAGS (") +
                            flagNames(flags) + ")"),
                "STORE");
            if (!status)
                return tl::unexpected(status.error());
        }
    }
    return {};
}

Result<AppendedUid> ImapSession::append(const std::string& mailbox, std::string_view message,
                                        Flags flags, std::int64_t internalDate)
{
    ImapCommand command("APPEND ");
    command.astring(mailbox)
        .text(" (" + flagNames(flags) + ") \"" + formatInternalDate(internalDate) + "\" ")
        .literal(message);
    const auto status = d->connection.require(command, "APPEND");
    if (!status)
        return tl::unexpected(status.error());
    AppendedUid result;
    if (status->code == "APPENDUID") {
        ImapCursor cursor(status->arguments);
        result.uidValidity = cursor.number32();
        result.uid = cursor.number32();
        if (cursor.bad())
            return AppendedUid{};
    }
    return result;
}

Result<MailboxChange> ImapSession::poll()
{
    const auto status = d->connection.require(ImapCommand("NOOP"), "NOOP");
    if (!status)
        return tl::unexpected(status.error());
    return takeChange(d->connection);
}

Result<MailboxChange> ImapSession::idle(std::chrono::seconds renewAfter, std::stop_token stop)
{
    ImapConnection& connection = d->connection;
    const CancelSignal interrupt(std::move(stop));
    const auto until = Clock::now() + renewAfter;
    const auto remaining = [&] {
        return std::max(std::chrono::milliseconds(0),
                        std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()));
    };
    if (interrupt.raised())
        return cancelled();
    std::string tag;
    bool idling = false;
    if (connection.change().empty() && connection.has("IDLE")) {
        auto begun = beginIdle(connection, tag);
        if (!begun)
            return tl::unexpected(begun.error());
        idling = *begun;
    }
    bool stopped = false;
    while (connection.change().empty() || connection.buffered()) {
        if (!connection.buffered()) {
            const auto limit = idling
                                   ? remaining()
                                   : std::min<std::chrono::milliseconds>(remaining(), pollInterval);
            const auto wait = connection.socket().waitReadable(limit, &interrupt);
            if (!wait) {
                connection.kill();
                return tl::unexpected(wait.error());
            }
            stopped = *wait == TlsSocket::Wait::Interrupted;
            const bool timedOut = *wait == TlsSocket::Wait::TimedOut;
            if (stopped || (timedOut && idling))
                break;
            if (timedOut) {
                if (auto change = poll(); !change || !change->empty() || remaining().count() == 0)
                    return change;
                continue;
            }
        }
        const auto response = connection.receive();
        if (!response)
            return tl::unexpected(response.error());
        if (idling && response->tag == tag) // some servers end IDLE by themselves
            idling = false;
    }
    if (idling) {
        if (auto ended = endIdle(connection, tag, stopped); !ended && !stopped)
            return tl::unexpected(ended.error());
    }
    if (stopped)
        return cancelled();
    return takeChange(connection);
}

void ImapSession::logout()
{
    ImapConnection& connection = d->connection;
    if (!connection.alive())
        return;
    connection.socket().setIoTimeout(doneTimeout);
    // The answer is of no interest; after it, or without it, the connection closes.
    static_cast<void>(connection.run(ImapCommand("LOGOUT")));
    connection.kill();
}

} // namespace avocet
