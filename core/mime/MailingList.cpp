// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MailingList.h"

#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MessageReader.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <array>
#include <vector>

namespace avocet {
namespace {

using namespace mime;

constexpr std::size_t kHeader = 1 << 20;
constexpr std::size_t kLongestField = 16 << 10;
constexpr std::size_t kLongestAddress = 8'192;
constexpr std::size_t kMostAddresses = 20;

/// What stands in <>. Comments between are passed over, white space of folding inside is dropped (RFC 2369 2).
std::vector<std::string> addressesIn(std::string_view value)
{
    std::vector<std::string> found;
    int depth = 0;
    for (std::size_t i = 0; i < value.size() && found.size() < kMostAddresses; ++i) {
        depth += value[i] == '(' ? 1 : value[i] == ')' && depth > 0 ? -1 : 0;
        if (value[i] != '<' || depth > 0)
            continue;
        const std::size_t end = value.find('>', i);
        if (end == value.npos)
            break;
        std::string address;
        bool good = end - i <= kLongestAddress;
        for (const char c : value.substr(i + 1, end - i - 1)) {
            good = good && (byte(c) > 0x20 || isSpace(c)) && c != '"' && c != '<' && c != '\\' &&
                   byte(c) < 0x7F;
            if (!isSpace(c))
                address += c;
        }
        if (good)
            found.push_back(std::move(address));
        i = end;
    }
    return found;
}

std::string firstWith(const std::vector<std::string>& addresses, std::string_view scheme)
{
    const auto found =
        std::find_if(addresses.begin(), addresses.end(), [&](const std::string& address) {
            return startsWithIgnoreCase(address, scheme) && address.size() > scheme.size();
        });
    return found == addresses.end() ? std::string() : *found;
}

std::string webAddress(const std::vector<std::string>& addresses)
{
    const std::string safe = firstWith(addresses, "https://");
    return safe.empty() ? firstWith(addresses, "http://") : safe;
}

/// "Some words <id.example>"; some write the identifier alone.
void readId(std::string_view value, MailingList& list)
{
    const std::size_t open = value.rfind('<');
    const std::size_t close = open == value.npos ? value.npos : value.find('>', open);
    const bool bracketed = close != value.npos;
    list.id =
        cleanLine(decodeHeaderText(bracketed ? value.substr(open + 1, close - open - 1) : value))
            .substr(0, 255);
    if (!isValidUtf8(list.id))
        list.id.clear();
    if (bracketed) {
        std::string_view words = trimmed(value.substr(0, open));
        if (words.size() > 1 && words.front() == '"' && words.back() == '"')
            words = words.substr(1, words.size() - 2);
        list.name = decodeHeaderText(words);
    }
}

} // namespace

MailingList readMailingList(std::string_view message)
{
    constexpr std::array<std::string_view, 5> names{"list-id", "list-post", "list-unsubscribe",
                                                    "list-unsubscribe-post", "list-archive"};
    MailingList list;
    bool atOnce = false;
    std::vector<std::string> seen;
    for (const HeaderField& field : headerFields(message.substr(0, kHeader), usesBareCr(message))) {
        const std::string name = lowered(field.name.substr(0, 40));
        const bool known = std::find(names.begin(), names.end(), name) != names.end();
        if (!known || std::find(seen.begin(), seen.end(), name) != seen.end())
            continue;
        seen.push_back(name);
        const std::string value = unfolded(field.value.substr(0, kLongestField));
        const std::vector<std::string> addresses = addressesIn(value);
        if (name == "list-id") {
            readId(value, list);
        } else if (name == "list-post") {
            list.post = firstWith(addresses, "mailto:");
            list.postingClosed = addresses.empty() && startsWithIgnoreCase(trimmed(value), "no");
        } else if (name == "list-unsubscribe") {
            list.unsubscribeWeb = webAddress(addresses);
            list.unsubscribeMail = firstWith(addresses, "mailto:");
        } else if (name == "list-unsubscribe-post") {
            atOnce = equalsIgnoreCase(trimmed(value), "List-Unsubscribe=One-Click");
        } else if (name == "list-archive") {
            list.archive = webAddress(addresses);
        }
    }
    list.unsubscribesAtOnce = atOnce && startsWithIgnoreCase(list.unsubscribeWeb, "https://");
    return list;
}

} // namespace avocet
