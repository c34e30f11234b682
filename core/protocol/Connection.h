// SPDX-License-Identifier: GPL-3.0-or-later
// What a session needs to reach a server, and what it may report of it. Qt-free.
#pragma once

#include "core/model/Account.h"
#include "core/model/Error.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace avocet {

class ProtocolLog;

/// Held in memory only while a connection is made.
struct Credentials {
    std::string user;
    std::string password;
    std::string accessToken; ///< OAuth 2.0; used instead of the password where not empty
};

struct ConnectOptions {
    ServerSettings server;
    std::string caFile;            ///< extra PEM roots, or empty for the system's alone
    std::vector<std::string> pins; ///< see Account::pins
    std::chrono::milliseconds connectTimeout{20'000}; ///< name, TCP and TLS together
    std::chrono::milliseconds ioTimeout{60'000};      ///< without a single byte
    ProtocolLog* log = nullptr;                       ///< redacted transcript, optional
};

/// Byte counters of one connection since it was opened, after decryption and before decompression.
struct Traffic {
    std::uint64_t in = 0;
    std::uint64_t out = 0;
};

} // namespace avocet
