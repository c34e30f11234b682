// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/ReceivedHop.h"

#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"

#include <algorithm>
#include <array>

namespace avocet::mime {

namespace {

constexpr std::size_t kLongestReceived = 4 << 10;
constexpr std::size_t kMostAddresses = 10;

bool isPrivate(std::string_view address)
{
    if (startsWithIgnoreCase(address, "ipv6:"))
        address.remove_prefix(5);
    constexpr std::array<std::string_view, 6> beginnings{"127.",     "10.", "192.168.",
                                                         "169.254.", "fd",  "fe80:"};
    if (address == "::1" || std::any_of(beginnings.begin(), beginnings.end(), [&](auto beginning) {
            return startsWithIgnoreCase(address, beginning);
        }))
        return true;
    for (int second = 16; second < 32; ++second)
        if (address.starts_with("172." + std::to_string(second) + "."))
            return true;
    return false;
}

} // namespace

bool ReceivedHop::isInside() const
{
    return with.starts_with("lmtp") ||
           (!addresses.empty() && std::all_of(addresses.begin(), addresses.end(), isPrivate));
}

ReceivedHop receivedHop(std::string_view value)
{
    const std::string field = unfolded(value.substr(0, kLongestReceived));
    ReceivedHop hop;
    std::string word;
    std::string clause; // the word that began it: from, by, with, ...
    int depth = 0;
    const auto endWord = [&] {
        const std::string low = lowered(word);
        word.clear();
        if (low.empty())
            return;
        if (low == "from" || low == "by" || low == "with" || low == "id" || low == "for" ||
            low == "via")
            clause = low;
        else if (clause == "by" && hop.by.empty())
            hop.by = low;
        else if (clause == "with" && hop.with.empty())
            hop.with = low;
    };
    for (std::size_t i = 0; i < field.size() && field[i] != ';'; ++i) {
        const char c = field[i];
        if (c == '[' && (clause == "from" || lowered(word) == "from") &&
            hop.addresses.size() < kMostAddresses) {
            const std::size_t end = std::min(field.find(']', i), field.size());
            hop.addresses.push_back(lowered(field.substr(i + 1, end - i - 1)));
        }
        if (c == '(') {
            endWord();
            ++depth;
        } else if (c == ')' && depth > 0) {
            --depth;
        } else if (depth == 0 && isSpace(c)) {
            endWord();
        } else if (depth == 0) {
            word += c;
        }
    }
    endWord();
    return hop;
}

} // namespace avocet::mime
