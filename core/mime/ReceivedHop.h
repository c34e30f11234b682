// SPDX-License-Identifier: GPL-3.0-or-later
// One Received field (RFC 5321 4.4): which server took the message in, and from where.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace avocet::mime {

struct ReceivedHop {
    std::string by;   ///< host, lower case; may be empty
    std::string with; ///< protocol, lower case; may be empty
    std::vector<std::string>
        addresses; ///< all in brackets of the from clause: the peer's, and what it called itself

    /// Handed over within the receiver's own machines: by LMTP, or from private addresses alone.
    bool isInside() const;
};

/// `value`: raw, may be folded. Never throws.
ReceivedHop receivedHop(std::string_view value);

} // namespace avocet::mime
