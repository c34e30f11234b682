// SPDX-License-Identifier: GPL-3.0-or-later
// format=flowed text (RFC 3676), unwrapped into paragraphs.
#pragma once

#include <string>
#include <string_view>

namespace avocet::mime {

/// `text` with \n line ends. Quoted lines come out with "> " for each level.
std::string unflowed(std::string_view text, bool delSp);

} // namespace avocet::mime
