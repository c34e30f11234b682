// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/UidSets.h"

#include "core/protocol/ImapStatus.h"

#include <algorithm>
#include <charconv>

namespace avocet {
namespace {

bool parseUid(std::string_view text, std::uint32_t& into)
{
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, into);
    return error == std::errc{} && at == end && !text.empty();
}

bool parseRange(std::string_view text, UidRange& into)
{
    const std::size_t colon = text.find(':');
    if (!parseUid(text.substr(0, colon), into.first))
        return false;
    into.last = into.first;
    if (colon != text.npos && !parseUid(text.substr(colon + 1), into.last))
        return false;
    if (into.first > into.last)
        std::swap(into.first, into.last);
    into.first = std::max(into.first, std::min(into.last, 1u));
    return true;
}

} // namespace

std::string uidSet(const UidRange& range)
{
    return range.first == range.last
               ? std::to_string(range.first)
               : std::to_string(range.first) + ":" + std::to_string(range.last);
}

std::vector<UidPiece> uidPieces(std::span<const std::uint32_t> uids)
{
    std::vector<std::uint32_t> sorted(uids.begin(), uids.end());
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    std::vector<UidPiece> pieces;
    for (std::size_t i = 0; i < sorted.size();) {
        std::size_t last = i;
        while (last + 1 < sorted.size() && sorted[last + 1] - sorted[last] == 1)
            ++last;
        const std::string range = uidSet(UidRange{sorted[i], sorted[last]});
        if (pieces.empty() || pieces.back().set.size() + range.size() >= maxSetBytes)
            pieces.emplace_back();
        UidPiece& piece = pieces.back();
        if (!piece.set.empty())
            piece.set += ',';
        piece.set += range;
        piece.uids.insert(piece.uids.end(), sorted.begin() + static_cast<std::ptrdiff_t>(i),
                          sorted.begin() + static_cast<std::ptrdiff_t>(last) + 1);
        i = last + 1;
    }
    return pieces;
}

std::string uidSet(std::span<const std::uint32_t> uids)
{
    std::string result;
    for (const UidPiece& piece : uidPieces(uids)) {
        if (!result.empty())
            result += ',';
        result += piece.set;
    }
    return result;
}

bool forEachRange(std::string_view set, const std::function<bool(const UidRange&)>& visit)
{
    while (!set.empty()) {
        const std::string_view part = set.substr(0, set.find(','));
        UidRange range;
        if (!parseRange(part, range))
            return false;
        if (range.last != 0 && !visit(range))
            return false;
        set.remove_prefix(std::min(set.size(), part.size() + 1));
    }
    return true;
}

bool expandUidSet(std::string_view set, std::size_t limit, std::vector<std::uint32_t>& into)
{
    return forEachRange(set, [&](const UidRange& range) {
        if (into.size() >= limit || range.last - range.first >= limit - into.size())
            return false;
        for (std::uint64_t uid = range.first; uid <= range.last; ++uid)
            into.push_back(static_cast<std::uint32_t>(uid));
        return true;
    });
}

std::optional<VanishedSet> vanishedOf(std::string_view untagged)
{
    if (!startsNoCase(untagged, "VANISHED "))
        return std::nullopt;
    VanishedSet result;
    result.set = untagged.substr(9);
    if (startsNoCase(result.set, "(EARLIER) ")) {
        result.earlier = true;
        result.set.remove_prefix(10);
    }
    while (result.set.ends_with(' '))
        result.set.remove_suffix(1);
    return result;
}

} // namespace avocet
