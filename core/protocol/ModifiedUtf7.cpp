// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/ModifiedUtf7.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace avocet {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
constexpr std::string_view hexDigits = "0123456789ABCDEF";

void appendUtf8(std::string& out, std::uint32_t c)
{
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | (c >> 6));
        put(0x80 | (c & 63));
    } else if (c < 0x10000) {
        put(0xE0 | (c >> 12));
        put(0x80 | ((c >> 6) & 63));
        put(0x80 | (c & 63));
    } else {
        put(0xF0 | (c >> 18));
        put(0x80 | ((c >> 12) & 63));
        put(0x80 | ((c >> 6) & 63));
        put(0x80 | (c & 63));
    }
}

/// The character at the beginning of `text` and its length; nothing for malformed UTF-8.
std::optional<std::uint32_t> takeUtf8(std::string_view text, std::size_t& length)
{
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    std::uint32_t c = lead;
    std::uint32_t least = 0;
    length = 1;
    if (lead >= 0xF0 && lead < 0xF5) {
        length = 4;
        c = lead & 7u;
        least = 0x10000;
    } else if (lead >= 0xE0 && lead < 0xF0) {
        length = 3;
        c = lead & 15u;
        least = 0x800;
    } else if (lead >= 0xC2 && lead < 0xE0) {
        length = 2;
        c = lead & 31u;
        least = 0x80;
    } else if (lead >= 0x80) {
        return std::nullopt;
    }
    if (text.size() < length)
        return std::nullopt;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80)
            return std::nullopt;
        c = (c << 6) | (byte(i) & 63u);
    }
    if (c < least || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        return std::nullopt;
    return c;
}

/// C0, DEL, C1, and what turns or hides text (bidirectional controls, zero-width, line breaks).
bool isShowable(std::uint32_t c)
{
    return c >= 32 && c != 127 && !(c >= 0x80 && c < 0xA0) && !(c >= 0x200B && c <= 0x200F) &&
           !(c >= 0x2028 && c <= 0x202E) && !(c >= 0x2060 && c <= 0x206F) && c != 0xFEFF;
}

void appendEscape(std::string& out, unsigned char byte)
{
    out += "\\x";
    out += hexDigits[byte >> 4];
    out += hexDigits[byte & 15];
}

void encodeRun(std::string& out, const std::vector<std::uint16_t>& units)
{
    out += '&';
    std::uint32_t bits = 0;
    int count = 0;
    for (const std::uint16_t unit : units) {
        bits = (bits << 16) | unit;
        count += 16;
        while (count >= 6) {
            count -= 6;
            out += alphabet[(bits >> count) & 63];
        }
        bits &= (1u << count) - 1;
    }
    if (count > 0)
        out += alphabet[(bits << (6 - count)) & 63];
    out += '-';
}

/// The UTF-8 of what stands between "&" and "-", or nothing where it is not in canonical form.
std::optional<std::string> decodeRun(std::string_view run)
{
    std::vector<std::uint16_t> units;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : run) {
        const std::size_t value = alphabet.find(c);
        if (value == alphabet.npos)
            return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count >= 16) {
            count -= 16;
            units.push_back(static_cast<std::uint16_t>(bits >> count));
            bits &= (1u << count) - 1;
        }
    }
    if (count >= 6 || bits != 0 || units.empty())
        return std::nullopt;
    std::string result;
    for (std::size_t i = 0; i < units.size(); ++i) {
        std::uint32_t c = units[i];
        if (c >= 0xD800 && c < 0xDC00 && i + 1 < units.size() && units[i + 1] >= 0xDC00 &&
            units[i + 1] < 0xE000)
            c = 0x10000 + ((c - 0xD800) << 10) + (units[++i] - 0xDC00u);
        else if (c >= 0xD800 && c < 0xE000)
            return std::nullopt;
        if (c < 127 || !isShowable(c)) // printable ASCII must not be encoded
            return std::nullopt;
        appendUtf8(result, c);
    }
    return result;
}

std::optional<unsigned char> takeEscape(std::string_view text)
{
    if (text.size() < 4 || text[0] != '\\' || text[1] != 'x')
        return std::nullopt;
    const std::size_t high = hexDigits.find(text[2]);
    const std::size_t low = hexDigits.find(text[3]);
    if (high == hexDigits.npos || low == hexDigits.npos)
        return std::nullopt;
    return static_cast<unsigned char>(high * 16 + low);
}

} // namespace

bool isShowableUtf8(std::string_view text)
{
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = 1;
        const auto c = takeUtf8(text.substr(i), length);
        if (!c || !isShowable(*c))
            return false;
        i += length;
    }
    return true;
}

std::string mailboxToUtf8(std::string_view mailbox)
{
    std::string out;
    bool afterRun = false; // two runs in a row are not canonical, since one would do
    for (std::size_t i = 0; i < mailbox.size();) {
        const auto byte = static_cast<unsigned char>(mailbox[i]);
        const std::size_t end = byte == '&' ? mailbox.find('-', i) : mailbox.npos;
        if (end == i + 1) {
            out += '&';
            i = end + 1;
            afterRun = false;
            continue;
        }
        if (end != mailbox.npos && !afterRun) {
            if (const auto run = decodeRun(mailbox.substr(i + 1, end - i - 1))) {
                out += *run;
                i = end + 1;
                afterRun = true;
                continue;
            }
        }
        afterRun = false;
        const bool looksEscaped = byte == '\\' && takeEscape(mailbox.substr(i));
        if (byte < 32 || byte >= 127 || byte == '&' || looksEscaped)
            appendEscape(out, byte);
        else
            out += mailbox[i];
        ++i;
    }
    return out;
}

std::string mailboxFromUtf8(std::string_view path)
{
    std::string out;
    std::vector<std::uint16_t> units;
    const auto flush = [&] {
        if (!units.empty())
            encodeRun(out, units);
        units.clear();
    };
    for (std::size_t i = 0; i < path.size();) {
        if (const auto escaped = takeEscape(path.substr(i))) {
            flush();
            out += static_cast<char>(*escaped);
            i += 4;
            continue;
        }
        std::size_t length = 1;
        const auto c = takeUtf8(path.substr(i), length);
        if (!c) {
            flush();
            out += path[i++];
            continue;
        }
        i += length;
        if (*c >= 32 && *c < 127) {
            flush();
            out += static_cast<char>(*c);
            if (*c == '&')
                out += '-';
        } else if (*c >= 0x10000) {
            units.push_back(static_cast<std::uint16_t>(0xD800 + ((*c - 0x10000) >> 10)));
            units.push_back(static_cast<std::uint16_t>(0xDC00 + ((*c - 0x10000) & 0x3FF)));
        } else {
            units.push_back(static_cast<std::uint16_t>(*c));
        }
    }
    flush();
    return out;
}

} // namespace avocet
