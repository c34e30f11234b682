// SPDX-License-Identifier: GPL-3.0-or-later
// format=flowed text (RFC 3676): unwrapped into paragraphs, and paragraphs wrapped.
#pragma once

#include <string>
#include <string_view>

namespace avocet::mime {

/// `text` with \n line ends. Quoted lines come out with "> " for each level.
std::string unflowed(std::string_view text, bool delSp);

/// The other way: paragraphs of a line each, quotes behind ">", in lines of at most 72 characters where a space allows it;
/// DelSp=no. Spaces at the ends of paragraphs go, but for the signature's line.
std::string flowed(std::string_view text);

} // namespace avocet::mime
