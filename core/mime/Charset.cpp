// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Charset.h"

#include "core/mime/Ascii.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

namespace avocet::mime {
namespace {

struct CloseConverter {
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, CloseConverter>;

struct CloseDetector {
    void operator()(UCharsetDetector* detector) const { ucsdet_close(detector); }
};

struct Alias {
    std::string_view label;
    std::string_view name;
};

// Only labels that ICU does not know or that mail means otherwise than they say.
constexpr std::array kAliases{
    Alias{"iso-8859-1", "windows-1252"},
    Alias{"iso8859-1", "windows-1252"},
    Alias{"iso_8859-1", "windows-1252"},
    Alias{"iso_8859-1:1987", "windows-1252"},
    Alias{"iso88591", "windows-1252"},
    Alias{"latin1", "windows-1252"},
    Alias{"latin-1", "windows-1252"},
    Alias{"l1", "windows-1252"},
    Alias{"cp819", "windows-1252"},
    Alias{"cp1252", "windows-1252"},
    Alias{"x-cp1252", "windows-1252"},
    Alias{"x-ansi", "windows-1252"},
    Alias{"iso-8859-9", "windows-1254"},
    Alias{"iso8859-9", "windows-1254"},
    Alias{"latin5", "windows-1254"},
    Alias{"iso-8859-11", "windows-874"},
    Alias{"tis-620", "windows-874"},
    Alias{"tis620", "windows-874"},
    Alias{"gb2312", "gb18030"},
    Alias{"gb_2312-80", "gb18030"},
    Alias{"gb2312-80", "gb18030"},
    Alias{"csgb2312", "gb18030"},
    Alias{"chinese", "gb18030"},
    Alias{"euc-cn", "gb18030"},
    Alias{"gbk", "gb18030"},
    Alias{"x-gbk", "gb18030"},
    Alias{"cp936", "gb18030"},
    Alias{"windows-936", "gb18030"},
    Alias{"hz-gb-2312", "HZ"},
    Alias{"ks_c_5601-1987", "windows-949"},
    Alias{"ks_c_5601-1989", "windows-949"},
    Alias{"ks_c_5601", "windows-949"},
    Alias{"ksc5601", "windows-949"},
    Alias{"ksc_5601", "windows-949"},
    Alias{"csksc56011987", "windows-949"},
    Alias{"korean", "windows-949"},
    Alias{"euc-kr", "windows-949"},
    Alias{"cp949", "windows-949"},
    Alias{"shift_jis", "windows-31j"},
    Alias{"shift-jis", "windows-31j"},
    Alias{"sjis", "windows-31j"},
    Alias{"x-sjis", "windows-31j"},
    Alias{"ms_kanji", "windows-31j"},
    Alias{"cp932", "windows-31j"},
    Alias{"ms932", "windows-31j"},
    Alias{"big5", "Big5-HKSCS"},
    Alias{"cn-big5", "Big5-HKSCS"},
    Alias{"x-x-big5", "Big5-HKSCS"},
    Alias{"csbig5", "Big5-HKSCS"},
    Alias{"iso-8859-8-i", "iso-8859-8"},
    Alias{"iso-8859-8-e", "iso-8859-8"},
    Alias{"iso-8859-6-i", "iso-8859-6"},
    Alias{"koi8-ru", "koi8-u"},
    Alias{"utf8", "utf-8"},
    Alias{"unicode-1-1-utf-8", "utf-8"},
    Alias{"utf-8-mac", "utf-8"},
    Alias{"x-unicode-2-0-utf-8", "utf-8"},
    Alias{"unicode-1-1-utf-7", "utf-7"},
    Alias{"x-unicode-2-0-utf-7", "utf-7"},
    Alias{"x-mac-roman", "macintosh"},
};

constexpr std::array<std::string_view, 15> kNothingSaid{
    "",        "us-ascii",     "ascii",   "ansi_x3.4-1968", "iso646-us",
    "646",     "unknown-8bit", "unknown", "x-unknown",      "x-user-defined",
    "default", "binary",       "8bit",    "7bit",           "none"};

/// The name to open a converter with; empty where nothing useful was declared.
std::string converterName(std::string_view charset)
{
    std::string label = lowered(trimmed(charset));
    while (!label.empty() && (label.front() == '"' || label.front() == '\''))
        label.erase(0, 1);
    while (!label.empty() && (label.back() == '"' || label.back() == '\'' || label.back() == ';'))
        label.pop_back();
    if (label.size() > 64)
        return {};
    // ICU takes options behind a comma: a mail may not choose those.
    const auto allowed = [](char c) {
        return isAlpha(c) || isDigit(c) ||
               std::string_view("-_.:+()").find(c) != std::string_view::npos;
    };
    if (!std::all_of(label.begin(), label.end(), allowed))
        return {};
    if (std::find(kNothingSaid.begin(), kNothingSaid.end(), label) != kNothingSaid.end())
        return {};
    const auto alias = std::find_if(kAliases.begin(), kAliases.end(),
                                    [&](const Alias& a) { return a.label == label; });
    if (alias != kAliases.end())
        return std::string(alias->name);
    // "win-1251", "windows1251", "cp1251", "x-cp1251", "cp-1251" and their like.
    const std::size_t digits = label.find("125");
    if (digits != std::string::npos && digits + 4 == label.size() && isDigit(label.back())) {
        const std::string_view before = std::string_view(label).substr(0, digits);
        if (before == "win" || before == "win-" || before == "windows" || before == "windows-" ||
            before == "cp" || before == "cp-" || before == "x-cp" || before == "ms-")
            return "windows-" + label.substr(digits);
    }
    return label;
}

Converter openConverter(const std::string& name)
{
    UErrorCode error = U_ZERO_ERROR;
    Converter converter(ucnv_open(name.c_str(), &error));
    if (U_FAILURE(error))
        return nullptr;
    return converter;
}

/// Strict: nullopt at the first byte that the charset does not have. Else such bytes become U+FFFD.
std::optional<std::string> convert(std::string_view bytes, const std::string& name, bool strict)
{
    const Converter source = openConverter(name);
    if (!source)
        return std::nullopt;
    UErrorCode error = U_ZERO_ERROR;
    if (strict)
        ucnv_setToUCallBack(source.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                            &error);
    std::string result;
    result.reserve(bytes.size() + bytes.size() / 8 + 16);
    std::array<char16_t, 4096> wide{};
    const char* from = bytes.data();
    const char* const end = from + bytes.size();
    char16_t surrogate = 0;
    do {
        char16_t* to = wide.data();
        error = U_ZERO_ERROR;
        ucnv_toUnicode(source.get(), &to, wide.data() + wide.size(), &from, end, nullptr, true,
                       &error);
        if (U_FAILURE(error) && error != U_BUFFER_OVERFLOW_ERROR)
            return std::nullopt;
        for (const char16_t* c = wide.data(); c != to; ++c) {
            if (surrogate != 0 && *c >= 0xDC00 && *c <= 0xDFFF) {
                appendCodePoint(result, 0x10000 + ((surrogate - 0xD800u) << 10) + (*c - 0xDC00u));
                surrogate = 0;
                continue;
            }
            if (surrogate != 0)
                appendCodePoint(result, 0xFFFD);
            surrogate = *c >= 0xD800 && *c <= 0xDBFF ? *c : char16_t{0};
            if (surrogate == 0)
                appendCodePoint(result, *c);
        }
    } while (error == U_BUFFER_OVERFLOW_ERROR);
    if (surrogate != 0)
        appendCodePoint(result, 0xFFFD);
    return result;
}

std::size_t countReplacements(std::string_view text)
{
    constexpr std::string_view replacement = "\xEF\xBF\xBD";
    std::size_t count = 0;
    for (std::size_t at = text.find(replacement); at != std::string_view::npos;
         at = text.find(replacement, at + replacement.size()))
        ++count;
    return count;
}

constexpr std::array<std::uint16_t, 32> kWindows1252{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0x8D,   0x017D, 0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};

void appendWindows1252(std::string& out, char c)
{
    const unsigned char value = byte(c);
    appendCodePoint(out, value >= 0x80 && value < 0xA0 ? kWindows1252[value - 0x80u] : value);
}

std::string fromWindows1252(std::string_view bytes)
{
    std::string result;
    result.reserve(bytes.size() + bytes.size() / 4);
    for (const char c : bytes)
        appendWindows1252(result, c);
    return result;
}

/// UTF-8 that was cut or patched with something else: good sequences stay, stray bytes are read as
/// windows-1252. nullopt where it does not look like UTF-8 at all.
std::optional<std::string> mostlyUtf8(std::string_view bytes)
{
    std::string result;
    result.reserve(bytes.size() + 16);
    std::size_t good = 0;
    std::size_t stray = 0;
    for (std::size_t pos = 0; pos < bytes.size();) {
        const std::size_t length = sequenceLength(bytes, pos);
        if (length == 0) {
            ++stray;
            appendWindows1252(result, bytes[pos++]);
            continue;
        }
        good += length > 1 ? 1 : 0;
        result.append(bytes.substr(pos, length));
        pos += length;
    }
    if (good <= stray)
        return std::nullopt;
    return result;
}

/// Name of what ICU takes the bytes for, empty where it is not sure.
std::string detectedCharset(std::string_view bytes, bool header)
{
    constexpr std::size_t sampleSize = 8 << 10;
    constexpr std::size_t tooShort = 12;
    constexpr int sure = 25;
    if (bytes.size() < tooShort)
        return {};
    const auto firstHigh =
        std::find_if(bytes.begin(), bytes.end(), [](char c) { return (byte(c) & 0x80) != 0; });
    const std::size_t at = static_cast<std::size_t>(firstHigh - bytes.begin());
    const std::string_view sample = bytes.substr(at > 256 ? at - 256 : 0, sampleSize);
    UErrorCode error = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, CloseDetector> detector(ucsdet_open(&error));
    ucsdet_setText(detector.get(), sample.data(), static_cast<std::int32_t>(sample.size()), &error);
    const UCharsetMatch* match = ucsdet_detect(detector.get(), &error);
    if (U_FAILURE(error) || match == nullptr)
        return {};
    const int confidence = ucsdet_getConfidence(match, &error);
    const char* name = ucsdet_getName(match, &error);
    if (U_FAILURE(error) || name == nullptr || confidence < sure)
        return {};
    std::string result = converterName(name);
    if (result == "utf-8" || result.starts_with("ibm"))
        return {};
    if (header && (result.starts_with("utf-") || result.starts_with("iso-2022")))
        return {};
    return result;
}

} // namespace

std::string guessedUtf8(std::string_view bytes, bool header)
{
    if (isValidUtf8(bytes))
        return std::string(bytes);
    const std::string detected = detectedCharset(bytes, header);
    if (!detected.empty())
        if (auto text = convert(bytes, detected, false))
            return std::move(*text);
    return fromWindows1252(bytes);
}

std::string toUtf8(std::string_view bytes, std::string_view charset, CharsetOutcome* outcome)
{
    CharsetOutcome ignored = CharsetOutcome::AsDeclared;
    CharsetOutcome& result = outcome != nullptr ? *outcome : ignored;
    result = CharsetOutcome::AsDeclared;
    const std::string name = converterName(charset);
    if (name.empty()) {
        if (!isAscii(bytes))
            result = CharsetOutcome::Guessed;
        return guessedUtf8(bytes);
    }
    if (name == "utf-8") {
        if (isValidUtf8(bytes))
            return std::string(bytes.starts_with("\xEF\xBB\xBF") ? bytes.substr(3) : bytes);
        if (auto text = mostlyUtf8(bytes)) {
            result = CharsetOutcome::Damaged;
            return std::move(*text);
        }
        result = CharsetOutcome::Guessed;
        return guessedUtf8(bytes);
    }
    if (name == "windows-1252")
        return isAscii(bytes) ? std::string(bytes) : fromWindows1252(bytes);
    if (auto text = convert(bytes, name, true))
        return std::move(*text);
    result = CharsetOutcome::Guessed;
    if (!isValidUtf8(bytes)) {
        // One bad character in a long text of the declared charset is damage, not a lie.
        auto text = convert(bytes, name, false);
        if (text && countReplacements(*text) * 50 <= text->size()) {
            result = CharsetOutcome::Damaged;
            return std::move(*text);
        }
    }
    return guessedUtf8(bytes);
}

} // namespace avocet::mime
