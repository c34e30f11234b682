// SPDX-License-Identifier: GPL-3.0-or-later
// A session that is signed in to a scripted server: what the tests of ImapSession's commands share.
#pragma once

#include "core/protocol/ImapSession.h"
#include "tests/core/protocol/ProtocolFixture.h"

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace avocet::test {

/// A script that begins behind the sign-in, with these capabilities.
inline std::string signedIn(const std::string& capabilities, const std::string& script)
{
    return "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\nC: {v} AUTHENTICATE PLAIN ...\n"
           "S: {v} OK [CAPABILITY IMAP4rev1 " +
           capabilities + "] in\n" + script;
}

/// A scripted server with a session on it.
struct Opened {
    explicit Opened(const std::string& capabilities, const std::string& script)
        : server(signedIn(capabilities, script))
        , result(ImapSession::open(optionsFor(server), credentials(), stop.get_token()))
    {
    }
    ImapSession& session() { return **result; }
    std::stop_source stop;
    ScriptedServer server;
    Result<std::unique_ptr<ImapSession>> result;
};

/// fetchEnvelopes with the envelopes of a range in one piece.
inline Status
fetchBatches(ImapSession& session, std::span<const UidRange> ranges,
             const std::function<bool(const UidRange&, const std::vector<Envelope>&)>& deliver)
{
    std::map<std::uint32_t, std::vector<Envelope>> batches;
    return session.fetchEnvelopes(
        ranges,
        [&](const UidRange& range, const Envelope& envelope) {
            batches[range.first].push_back(envelope);
        },
        [&](const UidRange& range) { return deliver(range, batches[range.first]); });
}

/// One part of one message, or what says that it is not there.
inline Result<std::string> section(ImapSession& session, std::uint32_t uid,
                                   const SectionRequest& request)
{
    Result<std::string> found = fail(ErrorKind::Rejected, "nothing came", ErrorCode::NotFound);
    const auto done =
        session.fetchSections({&uid, 1}, request, [&](std::uint32_t of, std::string text) {
            if (of == uid)
                found = std::move(text);
        });
    return done ? found : tl::unexpected(done.error());
}

/// The capabilities and the dialogue that enable QRESYNC.
inline const std::string resyncing = "CONDSTORE QRESYNC ENABLE";
inline const std::string enabled = "C: {e} ENABLE QRESYNC\nS: * ENABLED QRESYNC\nS: {e} OK\n";

} // namespace avocet::test

#define OPEN(name, capabilities, script)                                                           \
    Opened name(capabilities, script);                                                             \
    QVERIFY2(name.result.has_value(), (describe(name.result) + name.server.problem()).c_str())
