// SPDX-License-Identifier: GPL-3.0-or-later
// One FETCH response into an Envelope, in one pass.
#pragma once

#include "core/protocol/ImapSession.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace avocet {

/// What a FETCH response held besides the fields of the envelope.
struct FetchContents {
    bool uid = false;
    bool flags = false;
    bool envelope = false;
    bool body = false;
    std::string_view bodyBytes; ///< BODY[]; a view into the response or bodyStore
    std::string bodyStore;      ///< holds a body that came quoted with escapes
    bool section = false;       ///< BODY[1.2], BODY[]<0>, BODY[TEXT], but not NIL
    std::string_view sectionName;
    std::optional<std::uint64_t> sectionOrigin;
    std::string_view sectionBytes; ///< as bodyBytes
    bool previewed = false;
    std::string preview; ///< empty for NIL
};

/// Kept of one string of an envelope, of the header fields, and of a body structure (where a longer
/// one is dropped as a whole, since half of it says nothing).
constexpr std::size_t maxEnvelopeText = 65'536;
/// Kept of one address list.
constexpr std::size_t maxAddresses = 2'000;
/// Kept of a message's keywords, and longer ones are none.
constexpr std::size_t maxKeywords = 500;
constexpr std::size_t maxKeyword = 255;
/// Kept of a PREVIEW: RFC 8970 allows 200 characters, of up to four bytes.
constexpr std::size_t maxPreview = 1'000;

/// `items` begins at the parenthesis behind "* n FETCH". Unknown items are passed over; an
/// ENVELOPE or BODYSTRUCTURE that cannot be understood leaves its fields empty. False: the
/// response as a whole is malformed, or has a UID that is none (0, or above 2^32-1). `into` may hold another
/// message: all of it is overwritten, in the memory that it has.
bool parseFetch(std::string_view items, Envelope& into, FetchContents& contents);

/// "17-Jul-1996 02:44:25 -0700" as seconds since 1970; 0 where it is no date.
std::int64_t parseInternalDate(std::string_view text);
/// The reverse, in UTC, as APPEND wants it.
std::string formatInternalDate(std::int64_t seconds);

/// One flag into the mask, or into the keywords.
void addFlag(std::string_view flag, Flags& flags, std::vector<std::string>& keywords);
/// "\Seen $Forwarded" for a mask.
std::string flagNames(Flags flags);

inline tl::unexpected<Error> malformedFetch()
{
    return fail(ErrorKind::Protocol, "a malformed FETCH response");
}

} // namespace avocet
