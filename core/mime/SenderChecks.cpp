// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/SenderChecks.h"

#include "core/mime/Ascii.h"
#include "core/mime/DomainNames.h"
#include "core/mime/Utf8.h"

#include <algorithm>

namespace avocet {
namespace {

using namespace mime;

constexpr std::size_t kMostSenders = 50;
constexpr std::size_t kMostReplies = 20; // each may be looked up in the store

bool isAddress(std::string_view text)
{
    const std::size_t at = text.rfind('@');
    return at != text.npos && at > 0 && at + 1 < text.size();
}

/// Wide and small forms of the at sign read the same to people.
std::string withPlainSigns(std::string_view name)
{
    std::string plain;
    for (std::size_t pos = 0; pos < name.size();) {
        const std::uint32_t c = takeCodePoint(name, pos);
        const bool at = c == 0xFF20 || c == 0xFE6B;
        const bool dot = c == 0xFF0E || c == 0x3002 || c == 0xFE52;
        appendCodePoint(plain, at ? U'@' : dot ? U'.' : c);
    }
    return plain;
}

/// The first address that a name holds, or empty.
std::string addressIn(std::string_view name)
{
    constexpr std::string_view ends = " \t<>()[]\"',;:|";
    const std::string plain = lowered(withPlainSigns(name));
    for (std::size_t at = plain.find('@'); at != plain.npos; at = plain.find('@', at + 1)) {
        const std::size_t before = plain.find_last_of(ends, at);
        const std::size_t from = before == plain.npos ? 0 : before + 1;
        const std::size_t end = std::min(plain.find_first_of(ends, at), plain.size());
        std::string found = plain.substr(from, end - from);
        while (found.ends_with('.'))
            found.pop_back();
        if (isAddress(found) && domainOf(found).find('.') != std::string_view::npos)
            return found;
    }
    return {};
}

/// The known domain that `domain` could be taken for, or empty.
std::string lookAlike(std::string_view domain, const std::vector<std::string>& known)
{
    const std::string own = asciiDomain(domain);
    for (const std::string& other : known)
        if (areRelatedDomains(own, other))
            return {};
    const std::string skeleton = domainSkeleton(domain);
    for (const std::string& other : known) {
        const bool inFront =
            other.find('.') != other.npos && own.starts_with(asciiDomain(other) + ".");
        if (inFront || domainSkeleton(other) == skeleton)
            return displayDomain(other);
    }
    return {};
}

} // namespace

std::string shownAddress(std::string_view address)
{
    const std::string_view domain = domainOf(address);
    if (domain.empty())
        return std::string(address);
    return std::string(address.substr(0, address.size() - domain.size())) + displayDomain(domain);
}

std::vector<SenderFinding> checkSender(const ParsedMessage& message, const KnownPeople& known,
                                       bool fromList)
{
    using enum SenderDoubt;
    std::vector<SenderFinding> findings;
    const auto& from = message.from;
    const auto first = std::find_if(from.begin(), from.end(),
                                    [](const Address& a) { return isAddress(a.address); });
    if (first == from.end())
        return {{NoSender,
                 from.empty() ? std::string() : from.front().name + from.front().address,
                 {}}};
    const std::string really = lowered(first->address);
    const auto add = [&](SenderDoubt doubt, std::string shown, std::string isReally) {
        findings.push_back({doubt, std::move(shown), std::move(isReally)});
    };
    if (from.size() > 1) {
        std::string all;
        for (std::size_t i = 0; i < from.size() && i < kMostSenders; ++i)
            all += (i > 0 ? ", " : "") + shownAddress(from[i].address);
        add(SeveralSenders, std::move(all), shownAddress(really));
    }
    if (const std::string named = addressIn(first->name); !named.empty() && named != really)
        add(NameShowsAddress, named, shownAddress(really));
    const std::string_view domain = domainOf(really);
    const std::string similar = lookAlike(domain, known.domains);
    if (!similar.empty())
        add(LookAlikeDomain, similar, displayDomain(domain));
    if (isMisleadingDomain(domain))
        add(MixedScripts, std::string(domain), asciiDomain(domain));
    const bool isKnown = !known.isKnown || known.isKnown(really);
    for (std::size_t i = 0; i < message.replyTo.size() && i < kMostReplies; ++i) {
        const Address& reply = message.replyTo[i];
        const std::string address = lowered(reply.address);
        if (fromList || !isAddress(address) || areRelatedDomains(domainOf(address), domain) ||
            (known.isKnown && known.isKnown(address)))
            continue;
        add(ReplyToElsewhere, shownAddress(address), shownAddress(really));
        break;
    }
    if (!isKnown)
        add(FirstTime, {}, shownAddress(really));
    return findings;
}

} // namespace avocet
