// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageId.h"

#include "core/mime/Ascii.h"
#include "core/mime/DomainNames.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <random>

namespace avocet::mime {
namespace {

std::string randomLetters(std::size_t count)
{
    constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
    std::random_device random; // the kernel's, on the systems that we build for
    std::string result;
    while (result.size() < count)
        result += alphabet[random() % alphabet.size()];
    return result;
}

} // namespace

bool isSameAddress(std::string_view a, std::string_view b)
{
    const std::size_t at = a.rfind('@');
    return at == b.rfind('@') && a.substr(0, at) == b.substr(0, at) && equalsIgnoreCase(a, b);
}

std::string newMessageId(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    std::string domain(at == std::string_view::npos ? std::string_view() : address.substr(at + 1));
    if (!isAscii(domain))
        domain = asciiDomain(domain);
    std::erase_if(domain, [](char c) { return byte(c) <= ' ' || c == '<' || c == '>'; });
    return randomLetters(32) + "@" + (domain.empty() ? "localhost" : domain);
}

std::string randomBoundary()
{
    // "=_" cannot occur in quoted-printable or base64 (RFC 2045 6.7).
    return "=_" + randomLetters(32);
}

void addRecipient(std::vector<std::string>& recipients, std::string_view address)
{
    const bool known = std::any_of(recipients.begin(), recipients.end(),
                                   [&](const std::string& r) { return isSameAddress(r, address); });
    if (!known && !address.empty())
        recipients.emplace_back(address);
}

} // namespace avocet::mime
