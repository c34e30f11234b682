// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a finished message fit for every server: no line over 998 bytes (RFC 5322 2.1.1), and seven bits where the server
// takes no more (RFC 6152).
#pragma once

#include "core/model/Error.h"

#include <string>
#include <string_view>

namespace avocet::mime {

enum class Transfer {
    ShortLines, ///< bytes beyond ASCII stay
    SevenBit,   ///< these go too; a header that has some cannot be helped
};

/// `message` with CRLF line ends. Parts that cannot leave as they are get another transfer encoding, header lines are folded
/// anew, and all else stays byte for byte. Rejected/InvalidInput where that would break a signature or is impossible.
Result<std::string> safeForTransfer(std::string_view message, Transfer transfer);

} // namespace avocet::mime
