// SPDX-License-Identifier: GPL-3.0-or-later
// Which certificates are accepted, and how a refusal is told. The interface reads the facts of a
// refused certificate back from the error to offer pinning. Qt-free, no OpenSSL type outside.
#pragma once

#include "core/model/Error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// What a certificate error says of the certificate. `Error::detail` of every Certificate... code
/// ends with "; sha256=<64 hex digits>; notAfter=<YYYY-MM-DD>". The date is the one of the
/// certificate that failed (a link of the chain may be the expired one).
struct CertificateFacts {
    std::string sha256;   ///< of the server's own certificate, lower-case hex
    std::string notAfter; ///< YYYY-MM-DD, UTC
};

std::optional<CertificateFacts> certificateFacts(const Error& error);

/// The form that Account::pins and ConnectOptions::pins hold: "host:port=sha256".
std::string makePin(std::string_view host, std::uint16_t port, std::string_view sha256);

/// The fingerprints that `pins` holds for this host and port.
std::vector<std::string> pinsFor(const std::vector<std::string>& pins, std::string_view host,
                                 std::uint16_t port);

} // namespace avocet
