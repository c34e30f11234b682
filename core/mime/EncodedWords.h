// SPDX-License-Identifier: GPL-3.0-or-later
// RFC 2047 encoded words, and the other ways in which header text hides its charset.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace avocet::mime {

/// Length of the well-formed encoded word at `pos`, 0 where there is none.
std::size_t encodedWordLength(std::string_view text, std::size_t pos);

/// Raw header bytes as UTF-8: 8-bit bytes guessed, encoded words left alone.
std::string headerUtf8(std::string_view raw);

/// Replaces encoded words in UTF-8 text. Adjacent ones of a charset are joined before they are
/// converted, since some mailers split characters; malformed ones stay as they are. The result is
/// valid UTF-8 but may hold control characters: cleanLine it.
std::string decodeWords(std::string_view text);

} // namespace avocet::mime
