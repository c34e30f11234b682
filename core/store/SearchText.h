// SPDX-License-Identifier: GPL-3.0-or-later
// What the search index holds of a message. Pure, for any thread, so that the workers carry the cost and not the engine.
#pragma once

#include "core/model/Message.h"
#include "core/store/SearchTokens.h"

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// The columns of the index, in their order.
enum class SearchColumn { Subject, From, To, Text, Names };
inline constexpr std::size_t searchColumns = 5;

/// Bytes of each message that are indexed: the rest of an endless log is not worth a transaction of seconds.
inline constexpr std::size_t maxSearchedText = 256 << 10; ///< of all its text parts together
inline constexpr std::size_t maxSearchedField = 16 << 10; ///< of each other column

/// What is found of a message, as UTF-8 in natural form. The views live until prepareSearchText returns.
struct SearchFields {
    std::string_view subject;
    std::vector<Address> from;
    std::vector<Address> to; ///< To, Cc and Bcc
    std::vector<std::string_view> texts;
    std::vector<std::string> names; ///< of attachments
    bool whole = false;             ///< false: the envelope alone, there is no body yet
};

/// Normalised: words and single ideographs with one space between them.
struct SearchText {
    std::array<std::string, searchColumns> columns;
    std::string stored; ///< all columns, packed: taking a message out of the index needs them again
    bool whole = false;
};

/// Normalises and packs. Linear; at most maxSearchedText and maxSearchedField bytes of input are looked at.
SearchText prepareSearchText(const SearchFields& fields);

/// Reads SearchText::stored; kept for many of them, since making a decompressor costs more than using it.
class SearchTextReader {
public:
    SearchTextReader();
    ~SearchTextReader();
    SearchTextReader(const SearchTextReader&) = delete;
    SearchTextReader& operator=(const SearchTextReader&) = delete;

    /// The columns, each with a line feed behind it, until the next call; nullopt where `stored` is damaged.
    std::optional<std::string_view> read(std::string_view stored);
    /// The same, apart; false where it is damaged.
    bool read(std::string_view stored, std::array<std::string, searchColumns>& columns);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

/// What the index holds of a message beside its words: its account, and the beginnings of its words, once each. So the
/// beginning of a word is looked up like a word, instead of joining all words that begin with it.
std::string searchMarks(const std::array<std::string, searchColumns>& columns, AccountId account);
/// The mark for "a word begins with these characters", the first two to four of `token`, in the column (Subject, From or
/// To) or in any (nullopt). Empty where `token` is a single character.
std::string searchStartMark(std::string_view token, std::optional<SearchColumn> column);
/// The mark for "belongs to this account".
std::string searchAccountMark(AccountId account);

} // namespace avocet
