// SPDX-License-Identifier: GPL-3.0-or-later
// A query's terms as FTS5 reads them. Nothing in an expression is the user's but normalised words in quotes, so no input
// is ever syntax.
#pragma once

#include "core/store/SearchQuery.h"
#include "core/store/SearchText.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// Tokens that must stand in a text with its last word going on.
struct Beginning {
    std::optional<SearchColumn> column; ///< nullopt: in any of them
    std::string tokens;
    std::string mark; ///< what stands in the index for its first letters, in quotes

    /// `text` as SearchTextReader gives it.
    bool isIn(std::string_view text) const;
};

/// To find all words with a beginning FTS5 first joins all that they are in: tens of milliseconds for a frequent one. `quick`
/// finds a little too much by marks, newest first, and `checks` say of each hit whether it holds: better for those.
struct SearchMatch {
    std::string exact; ///< empty: no words, only operators
    std::string quick;
    std::vector<Beginning> checks; ///< none: quick is exact
};

/// nullopt: nothing can be found, since there is neither a word nor an operator, as in "!!!".
std::optional<SearchMatch> searchMatchOf(const SearchQuery& query);

} // namespace avocet
