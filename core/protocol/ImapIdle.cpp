// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession: what the server says by itself: IDLE (RFC 2177), NOTIFY (RFC 5465), else NOOP.
#include "core/protocol/ImapSessionPrivate.h"

#include <algorithm>
#include <chrono>

namespace avocet {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds pollInterval{60};
// Of one IDLE. Beyond it a new connection, and a pause before that, is cheaper than to listen on.
constexpr std::uint32_t maxNews = 200'000;
// A cancelled IDLE may take this long to end in good order; then the connection is dropped.
constexpr std::chrono::milliseconds doneTimeout{400};

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

/// `news` is counted up.
Status checkNews(ImapConnection& connection, std::uint32_t& news)
{
    if (++news <= maxNews)
        return {};
    connection.kill();
    return fail(ErrorKind::Protocol, "the server's news do not end", ErrorCode::LimitExceeded);
}

/// DONE, and everything up to the tagged answer.
Status endIdle(ImapConnection& connection, const std::string& tag, bool hurry, std::uint32_t& news)
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
        result = checkNews(connection, news);
        if (!result)
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

Status ImapSession::notifyPersonal()
{
    if (!d->connection.has("NOTIFY"))
        return unsupported("NOTIFY");
    const auto status = d->connection.require(
        ImapCommand("NOTIFY SET STATUS (selected (MessageNew MessageExpunge FlagChange)) (personal "
                    "(MessageNew MessageExpunge MailboxName SubscriptionChange))"),
        "NOTIFY");
    if (!status)
        return tl::unexpected(status.error());
    return {};
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
    std::uint32_t news = 0;
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
        if (auto bearable = checkNews(connection, news); !bearable)
            return tl::unexpected(bearable.error());
        if (idling && response->tag == tag) // some servers end IDLE by themselves
            idling = false;
    }
    if (idling) {
        if (auto ended = endIdle(connection, tag, stopped, news); !ended && !stopped)
            return tl::unexpected(ended.error());
    }
    if (stopped)
        return cancelled();
    return takeChange(connection);
}

} // namespace avocet
