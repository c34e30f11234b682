// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/DomainNames.h"

#include "core/mime/Ascii.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <memory>
#include <unicode/idna.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>

namespace avocet::mime {
namespace {

constexpr std::size_t kLongestDomain = 1'000; // DNS says 253

struct Close {
    void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
};

/// Shared by all threads: ICU says that a checker is thread-safe once it is set up.
const USpoofChecker* checker()
{
    static const std::unique_ptr<USpoofChecker, Close> made = [] {
        UErrorCode error = U_ZERO_ERROR;
        std::unique_ptr<USpoofChecker, Close> result(uspoof_open(&error));
        if (U_FAILURE(error))
            return std::unique_ptr<USpoofChecker, Close>();
        uspoof_setRestrictionLevel(result.get(), USPOOF_HIGHLY_RESTRICTIVE);
        uspoof_setChecks(result.get(),
                         USPOOF_RESTRICTION_LEVEL | USPOOF_INVISIBLE | USPOOF_MIXED_NUMBERS,
                         &error);
        return result;
    }();
    return made.get();
}

const icu::IDNA* idna()
{
    static const std::unique_ptr<icu::IDNA> made = [] {
        UErrorCode error = U_ZERO_ERROR;
        return std::unique_ptr<icu::IDNA>(icu::IDNA::createUTS46Instance(
            UIDNA_NONTRANSITIONAL_TO_UNICODE | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI |
                UIDNA_CHECK_CONTEXTJ,
            error));
    }();
    return made.get();
}

using Convert = void (icu::IDNA::*)(icu::StringPiece, icu::ByteSink&, icu::IDNAInfo&,
                                    UErrorCode&) const;

/// Empty where it cannot be done.
std::string converted(std::string_view domain, Convert convert)
{
    if (!idna() || domain.size() > kLongestDomain || !isValidUtf8(domain))
        return {};
    std::string result;
    icu::StringByteSink<std::string> sink(&result);
    icu::IDNAInfo info;
    UErrorCode error = U_ZERO_ERROR;
    (idna()->*convert)(icu::StringPiece(domain.data(), static_cast<int32_t>(domain.size())), sink,
                       info, error);
    return U_FAILURE(error) || info.hasErrors() ? std::string() : result;
}

/// Nearly all are, and ICU takes its time.
bool isPlainDomain(std::string_view domain)
{
    return isAscii(domain) && domain.size() <= kLongestDomain &&
           domain.find("xn--") == domain.npos && domain.find("XN--") == domain.npos &&
           domain.find("Xn--") == domain.npos && domain.find("xN--") == domain.npos;
}

/// As ICU's tables have it for what domains are written with.
std::string asciiSkeleton(std::string_view text)
{
    std::string skeleton;
    for (const char c : text) {
        const char l = lower(c);
        if (l == 'm')
            skeleton += "rn";
        else
            skeleton += l == '0' ? 'o' : l == '1' ? 'l' : l;
    }
    return skeleton;
}

std::string skeletonOf(std::string_view text)
{
    if (isAscii(text))
        return asciiSkeleton(text);
    char buffer[4 * kLongestDomain];
    UErrorCode error = U_ZERO_ERROR;
    const int32_t length = !checker() ? 0
                                      : uspoof_getSkeletonUTF8(checker(), 0, text.data(),
                                                               static_cast<int32_t>(text.size()),
                                                               buffer, sizeof buffer, &error);
    return U_FAILURE(error) || length <= 0
               ? std::string(text)
               : lowered(std::string_view(buffer, static_cast<std::size_t>(length)));
}

/// A label that one alphabet writes and that still reads as a Latin word ("аррӏе" in Cyrillic letters).
bool isLatinInDisguise(std::string_view label)
{
    return !isAscii(label) && isAscii(skeletonOf(label));
}

bool isMisleadingLabel(std::string_view label)
{
    if (isAscii(label))
        return false;
    UErrorCode error = U_ZERO_ERROR;
    const int32_t failed =
        checker() ? uspoof_checkUTF8(checker(), label.data(), static_cast<int32_t>(label.size()),
                                     nullptr, &error)
                  : 1;
    return U_FAILURE(error) || failed != 0 || isLatinInDisguise(label);
}

std::string unicodeDomain(std::string_view domain)
{
    if (isPlainDomain(domain))
        return lowered(domain);
    return converted(lowered(domain), &icu::IDNA::nameToUnicodeUTF8);
}

} // namespace

std::string_view domainOf(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    return at == address.npos ? std::string_view() : address.substr(at + 1);
}

std::string asciiDomain(std::string_view domain)
{
    if (isPlainDomain(domain))
        return lowered(domain);
    const std::string ascii = converted(domain, &icu::IDNA::nameToASCII_UTF8);
    return ascii.empty() ? lowered(domain) : ascii;
}

bool isMisleadingDomain(std::string_view domain)
{
    if (isPlainDomain(domain))
        return false;
    const std::string unicode = unicodeDomain(domain);
    if (unicode.empty())
        return !isAscii(domain) || lowered(domain).find("xn--") != std::string::npos;
    for (std::size_t from = 0; from <= unicode.size();) {
        const std::size_t dot = std::min(unicode.find('.', from), unicode.size());
        if (isMisleadingLabel(std::string_view(unicode).substr(from, dot - from)))
            return true;
        from = dot + 1;
    }
    return false;
}

std::string displayDomain(std::string_view domain)
{
    if (isMisleadingDomain(domain))
        return asciiDomain(domain);
    const std::string unicode = unicodeDomain(domain);
    return unicode.empty() ? lowered(domain) : unicode;
}

std::string domainSkeleton(std::string_view domain)
{
    std::string unicode = unicodeDomain(domain);
    if (unicode.empty())
        unicode = lowered(domain.substr(0, kLongestDomain));
    std::erase(unicode, '-');
    std::string skeleton = skeletonOf(unicode);
    // Addresses are shown in all cases, and a capital i is an l to the eye.
    std::replace(skeleton.begin(), skeleton.end(), 'i', 'l');
    return skeleton;
}

bool areRelatedDomains(std::string_view one, std::string_view other)
{
    const std::string a = asciiDomain(one);
    const std::string b = asciiDomain(other);
    const auto isBelow = [](const std::string& name, const std::string& above) {
        return name == above || (name.size() > above.size() && name.ends_with(above) &&
                                 name[name.size() - above.size() - 1] == '.');
    };
    if (isBelow(a, b) || isBelow(b, a))
        return true;
    // The last two labels, three below short ones such as co.uk.
    const auto registered = [](const std::string& name) {
        std::size_t dot = name.rfind('.');
        if (dot == name.npos || dot == 0)
            return name;
        const std::size_t second = name.rfind('.', dot - 1);
        if (second == name.npos)
            return name;
        const bool isShort = dot - second - 1 <= 3 && name.size() - dot - 1 == 2;
        const std::size_t third = isShort && second > 0 ? name.rfind('.', second - 1) : second;
        return third == name.npos ? name : name.substr(third + 1);
    };
    return registered(a) == registered(b);
}

} // namespace avocet::mime
