// SPDX-License-Identifier: GPL-3.0-or-later
// UTF-8 as the reader's own currency: everything that it hands out has passed one of these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace avocet::mime {

bool isAscii(std::string_view bytes);
bool isValidUtf8(std::string_view bytes);

/// Length of the well-formed sequence at `pos` (RFC 3629), 0 where it is not one.
std::size_t sequenceLength(std::string_view bytes, std::size_t pos);
/// The code point at `pos` of valid UTF-8; moves `pos` behind it.
std::uint32_t takeCodePoint(std::string_view text, std::size_t& pos);
void appendCodePoint(std::string& out, std::uint32_t codePoint);

/// Embeddings, overrides and isolates: they can turn a name into another one.
bool isBidiControl(std::uint32_t codePoint);

/// One line for a header or a name: control and bidi control characters removed, runs of white
/// space made one space. Valid UTF-8 in, valid UTF-8 out.
std::string cleanLine(std::string_view text);
/// Body text: \n line ends, no NUL or other control characters but tab and line feed.
std::string cleanText(std::string_view text);

} // namespace avocet::mime
