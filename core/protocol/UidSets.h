// SPDX-License-Identifier: GPL-3.0-or-later
// Sets of UIDs as IMAP writes them ("1:3,7"), in both directions. What a server wrote stays ranges
// until a bound is known: "1:4294967295" is twelve bytes.
#pragma once

#include "core/protocol/ImapSession.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// Of one set that is sent: a command line stays under the 8,000 bytes that every server takes.
constexpr std::size_t maxSetBytes = 4'000;

/// "1:3,7" for UIDs in any order; each UID once.
std::string uidSet(std::span<const std::uint32_t> uids);
std::string uidSet(const UidRange& range);

/// The same in pieces of at most maxSetBytes.
struct UidPiece {
    std::string set;
    std::vector<std::uint32_t> uids; ///< ascending, each once
};
std::vector<UidPiece> uidPieces(std::span<const std::uint32_t> uids);

/// Each range of a server's set, first <= last, without UID 0. False where the set is malformed, holds a
/// number over 2^32-1, or `visit` returned false.
bool forEachRange(std::string_view set, const std::function<bool(const UidRange&)>& visit);

/// Every UID of a server's set in its order; false where it is malformed or has more than `limit`.
bool expandUidSet(std::string_view set, std::size_t limit, std::vector<std::uint32_t>& into);

/// An untagged VANISHED (RFC 7162 3.2.10).
struct VanishedSet {
    bool earlier = false; ///< an answer to what was asked, else news
    std::string_view set;
};
std::optional<VanishedSet> vanishedOf(std::string_view untagged);

} // namespace avocet
