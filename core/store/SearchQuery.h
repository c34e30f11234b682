// SPDX-License-Identifier: GPL-3.0-or-later
// What is searched for, and how it is read out of what people type.
#pragma once

#include "core/model/Ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

enum class SearchField { Any, From, To, Subject };
enum class SearchOrder {
    Newest,
    Relevance, ///< of the newest 2,000 hits, the best first
};

/// `words` as typed; they are found next to one another and in this order.
struct SearchTerm {
    SearchField field = SearchField::Any;
    std::string words;
    bool prefix = false; ///< the last word is only its beginning, as long as it is being typed

    friend bool operator==(const SearchTerm&, const SearchTerm&) = default;
};

/// All of it must hold. Scope and operators that are not set leave everything in.
struct SearchQuery {
    std::vector<SearchTerm> terms;
    AccountId account;
    FolderId folder;
    std::vector<std::string>
        in; ///< each: a folder's path, the end of it, or "inbox", "sent", "drafts", ...
    std::optional<bool> unread, starred, attachment;
    std::optional<std::int64_t> after;  ///< seconds since 1970, this one included
    std::optional<std::int64_t> before; ///< seconds since 1970, this one not included
    SearchOrder order = SearchOrder::Newest;
    std::int64_t limit = 1000; ///< 0: all

    /// Nothing to look for: no term and no operator.
    bool empty() const;
    friend bool operator==(const SearchQuery&, const SearchQuery&) = default;
};

/// Words, "phrases", from: to: subject: in: has:attachment, is:unread, is:read, is:starred, is:unstarred, and before: after: on:
/// with a day (2026-03-01, 2026/3/1), a month or a year, which begin at midnight `utcOffset` seconds east of UTC. There is no
/// wrong syntax: what is not understood is words to look for, an unclosed quote ends with the text, an operator that has no
/// value yet is left out. The last word is a prefix unless a space or quote follows it. At most 32 terms of 200 bytes.
SearchQuery parseSearchQuery(std::string_view text, std::int64_t utcOffset = 0);

} // namespace avocet
