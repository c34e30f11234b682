// SPDX-License-Identifier: GPL-3.0-or-later
// From a host name to a connected TCP socket: look-up off the thread, then several addresses
// raced against each other (RFC 8305).
#pragma once

#include "core/model/Error.h"

#include <chrono>
#include <cstdint>
#include <string>

namespace avocet {

class CancelSignal;

/// "localhost", 127.0.0.0/8 and ::1: the only peers that plaintext may go to.
bool isLoopbackHost(const std::string& host);

/// Strips the brackets of an IPv6 literal and the root dot, so that one form is resolved, verified
/// and pinned.
std::string canonicalHost(const std::string& host);

/// A non-blocking, connected descriptor that the caller owns. `loopbackOnly` drops every other
/// address that the name resolves to. Errors: HostNotFound, ConnectionRefused, Offline, Timeout,
/// Cancelled.
Result<int> connectHost(const std::string& host, std::uint16_t port, bool loopbackOnly,
                        std::chrono::steady_clock::time_point deadline, const CancelSignal& cancel);

} // namespace avocet
