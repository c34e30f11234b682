// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/IdentityMatch.h"

#include <algorithm>
#include <iterator>

namespace avocet {

namespace {

constexpr std::size_t longestAddress = 320;

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same(std::string_view a, std::string_view b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view domainOf(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    return at == std::string_view::npos ? std::string_view() : address.substr(at + 1);
}

std::string_view localOf(std::string_view address)
{
    return address.substr(0, std::min(address.size(), address.rfind('@')));
}

bool isPattern(std::string_view alias)
{
    return alias.starts_with("*@");
}

/// robin+shop@example.org for robin@example.org.
bool isPlusOf(std::string_view own, std::string_view address)
{
    const std::string_view mine = localOf(own);
    const std::string_view local = localOf(address);
    return local.size() > mine.size() + 1 && local[mine.size()] == '+' &&
           same(local.substr(0, mine.size()), mine) && same(domainOf(own), domainOf(address));
}

std::optional<AnsweringIdentity> closest(const std::vector<const Identity*>& identities,
                                         const std::vector<std::string>& addresses)
{
    AddressMatch best = AddressMatch::None;
    AnsweringIdentity answer;
    for (const Identity* identity : identities) {
        for (const std::string& address : addresses) {
            const AddressMatch match = matchOf(*identity, address);
            if (match >= best)
                continue;
            best = match;
            answer = {identity->id, match == AddressMatch::Own ? std::string() : address};
        }
    }
    return best == AddressMatch::None ? std::nullopt : std::optional(std::move(answer));
}

} // namespace

bool isPlainAddress(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    const auto isOutOfPlace = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 0x7f ||
               std::string_view("<>,;:\"()[]\\").find(c) != std::string_view::npos;
    };
    return at != std::string_view::npos && at > 0 && at + 1 < address.size() &&
           address.size() <= longestAddress && address.find('@') == at &&
           std::none_of(address.begin(), address.end(), isOutOfPlace);
}

bool isAliasPattern(std::string_view pattern)
{
    return isPlainAddress(pattern) &&
           pattern.find('*', isPattern(pattern) ? 1 : 0) == std::string_view::npos;
}

AddressMatch matchOf(const Identity& identity, std::string_view address)
{
    if (!isPlainAddress(address))
        return AddressMatch::None;
    if (same(identity.email, address))
        return AddressMatch::Own;
    AddressMatch best = isPlusOf(identity.email, address) ? AddressMatch::Plus : AddressMatch::None;
    for (const std::string& alias : identity.aliases) {
        if (isPattern(alias)) {
            if (same(domainOf(alias), domainOf(address)))
                best = std::min(best, AddressMatch::Pattern);
        } else if (same(alias, address)) {
            best = std::min(best, AddressMatch::Alias);
        } else if (isPlusOf(alias, address)) {
            best = std::min(best, AddressMatch::Plus);
        }
    }
    return best;
}

std::optional<AnsweringIdentity> answeringIdentity(const std::vector<Identity>& identities,
                                                   AccountId account,
                                                   const std::vector<std::string>& delivered,
                                                   const std::vector<std::string>& visible)
{
    std::vector<std::string> both;
    std::copy_if(visible.begin(), visible.end(), std::back_inserter(both),
                 [&](const std::string& address) {
                     return std::any_of(delivered.begin(), delivered.end(),
                                        [&](const std::string& one) { return same(one, address); });
                 });
    for (const bool ofAccount : {true, false}) {
        std::vector<const Identity*> candidates;
        for (const Identity& identity : identities)
            if ((identity.account == account) == ofAccount)
                candidates.push_back(&identity);
        std::optional<AnsweringIdentity> answer = closest(candidates, both);
        if (!answer)
            answer = closest(candidates, visible);
        for (const std::string& address : delivered)
            if (!answer)
                answer = closest(candidates, {address});
        if (answer)
            return answer;
    }
    return std::nullopt;
}

} // namespace avocet
