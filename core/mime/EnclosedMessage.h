// SPDX-License-Identifier: GPL-3.0-or-later
// A message that goes along within another: nothing around it may be encoded (RFC 2046 5.2.1), so what does not fit the
// wire is mended inside.
#pragma once

#include <string>
#include <string_view>

namespace avocet::mime {

enum class Enclosing { SevenBit, EightBit, Impossible };

struct EnclosedMessage {
    std::string bytes; ///< CRLF line ends
    Enclosing how = Enclosing::SevenBit;
};

/// `message` with each byte kept where it can be. Parts with lines over 998 bytes or with NUL (RFC 5322 2.1.1) become
/// quoted-printable or base64; Impossible where even that does not help: its header is at fault.
EnclosedMessage enclosed(std::string_view message);

} // namespace avocet::mime
