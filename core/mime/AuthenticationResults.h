// SPDX-License-Identifier: GPL-3.0-or-later
// What the user's own server found out about a message's origin (RFC 8601). Anybody can write such a field, so only those
// count that this server put on top.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

enum class AuthOutcome { None, Pass, Fail, SoftFail, Neutral, Policy, TempError, PermError };

struct AuthResult {
    std::string method; ///< "spf", "dkim", "dmarc", ... lower case
    AuthOutcome outcome = AuthOutcome::None;
    std::string
        domain; ///< that it is about: header.d, header.from or smtp.mailfrom's; may be empty
    std::string reason; ///< as the server words it, one line, may be empty
};

struct Authentication {
    std::string server; ///< its authserv-id, of several the topmost
    std::vector<AuthResult> results;

    /// The best of a method (a message may carry several DKIM signatures); nullptr: not checked.
    const AuthResult* of(std::string_view method) const;
};

/// The authserv-id of the topmost Authentication-Results field, lower case: what a server that always adds one calls itself.
std::optional<std::string> topAuthServer(std::string_view message);

/// The topmost fields of `server` (case-insensitive), down to the first one of somebody else or the first Received behind
/// them. Nothing where that server put none on top. Bounded, never throws, any thread.
std::optional<Authentication> readAuthentication(std::string_view message, std::string_view server);

/// The same for whatever names the mail provider's servers use that keep the mailbox on `host`: below one registered
/// domain, or known to belong together. What could be the sender's own is left out: of fields that do not stand above the
/// Received of the server that took the message in, and whose server is not known to add one always, only failures count.
std::optional<Authentication> readOwnAuthentication(std::string_view message,
                                                    std::string_view host);

} // namespace avocet
