// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession: opening, compression, changing flags, appending, the end. The commands that ask are in
// the files ImapFetch, ImapParts, ImapSearch, ImapMailboxes, ImapResync, ImapCopy and ImapIdle.
#include "core/protocol/ImapSession.h"

#include "core/protocol/FetchParser.h"
#include "core/protocol/ImapCursor.h"
#include "core/protocol/ImapSessionPrivate.h"

#include <algorithm>
#include <chrono>

namespace avocet {
namespace {

constexpr std::chrono::milliseconds logoutTimeout{400};
constexpr std::size_t uidsPerStore = 500;

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

tl::unexpected<Error> unsupported(const char* extension)
{
    return fail(ErrorKind::Rejected, std::string("the server has no ") + extension,
                ErrorCode::Unsupported);
}

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
    // Some providers let nobody in who does not say what program it is; an error is no harm.
    const bool tells = connection.has("ID");
    const bool enables = connection.has("QRESYNC") && offers("ENABLE");
    // Sent together: each would cost a round trip.
    std::string last;
    if (tells) {
        auto sent = connection.send(ImapCommand("ID (\"name\" \"Avocet\")"));
        if (!sent)
            return tl::unexpected(sent.error());
        last = *sent;
    }
    if (enables) {
        auto sent = connection.send(ImapCommand("ENABLE QRESYNC"));
        if (!sent)
            return tl::unexpected(sent.error());
        last = *sent;
    }
    while (!last.empty()) {
        const auto response = connection.receive();
        if (!response)
            return tl::unexpected(response.error());
        if (startsNoCase(response->untagged, "ENABLED ")) {
            const auto enabled = parseCapabilities(response->untagged.substr(8));
            qresync = std::find(enabled.begin(), enabled.end(), "QRESYNC") != enabled.end();
        }
        if (response->tag == last)
            last.clear();
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

bool ImapSession::qresync() const
{
    return d->qresync;
}

Status ImapSession::startCompression()
{
    if (d->connection.compressed() || !d->connection.has("COMPRESS=DEFLATE"))
        return {};
    const auto status = d->connection.require(ImapCommand("COMPRESS DEFLATE"), "COMPRESS");
    if (!status)
        return tl::unexpected(status.error());
    d->connection.startDeflate();
    return {};
}

Traffic ImapSession::traffic() const
{
    return d->connection.socket().traffic();
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
    if (d->selected && d->readOnly)
        if (const auto left = d->leave(mailbox); !left)
            return tl::unexpected(left.error());
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

void ImapSession::logout()
{
    ImapConnection& connection = d->connection;
    if (!connection.alive())
        return;
    connection.socket().setIoTimeout(logoutTimeout);
    // The answer is of no interest; after it, or without it, the connection closes.
    static_cast<void>(connection.run(ImapCommand("LOGOUT")));
    connection.kill();
}

} // namespace avocet
