// SPDX-License-Identifier: GPL-3.0-or-later
// The one normalisation that indexing and searching share: text to the words that the index holds.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace avocet {

inline constexpr std::size_t maxSearchToken =
    64; ///< bytes of a word; what is longer is cut, when searching too

/// NFKC with case folded (Unicode's NFKC_Casefold), marks removed, split into words at everything that is neither letter
/// nor digit, with one space between them. Scripts that set no spaces (Han, Kana, Hangul, Thai, Lao, Khmer, Burmese)
/// become a token a character, and words of them are found as phrases. Invalid UTF-8 separates. Any thread.
std::string searchTokens(std::string_view text);
/// Appends to what is there, as a further word.
void appendSearchTokens(std::string_view text, std::string& tokens);

} // namespace avocet
