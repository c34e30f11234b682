// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Utf8.h"

#include "core/mime/Ascii.h"

#include <cstring>

namespace avocet::mime {

bool isAscii(std::string_view bytes)
{
    std::size_t i = 0;
    for (; i + 8 <= bytes.size(); i += 8) {
        std::uint64_t word = 0;
        std::memcpy(&word, bytes.data() + i, 8);
        if (word & 0x8080808080808080u)
            return false;
    }
    for (; i < bytes.size(); ++i)
        if (byte(bytes[i]) & 0x80)
            return false;
    return true;
}

std::size_t sequenceLength(std::string_view bytes, std::size_t pos)
{
    const unsigned char first = byte(bytes[pos]);
    if (first < 0x80)
        return 1;
    std::size_t length = 0;
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    if (first >= 0xC2 && first <= 0xDF) {
        length = 2;
    } else if (first >= 0xE0 && first <= 0xEF) {
        length = 3;
        low = first == 0xE0 ? 0xA0 : 0x80;
        high = first == 0xED ? 0x9F : 0xBF;
    } else if (first >= 0xF0 && first <= 0xF4) {
        length = 4;
        low = first == 0xF0 ? 0x90 : 0x80;
        high = first == 0xF4 ? 0x8F : 0xBF;
    }
    if (length == 0 || length > bytes.size() - pos)
        return 0;
    const unsigned char second = byte(bytes[pos + 1]);
    if (second < low || second > high)
        return 0;
    for (std::size_t i = 2; i < length; ++i)
        if ((byte(bytes[pos + i]) & 0xC0) != 0x80)
            return 0;
    return length;
}

bool isValidUtf8(std::string_view bytes)
{
    std::size_t pos = 0;
    while (pos < bytes.size()) {
        if (pos + 8 <= bytes.size()) {
            std::uint64_t word = 0;
            std::memcpy(&word, bytes.data() + pos, 8);
            if (!(word & 0x8080808080808080u)) {
                pos += 8;
                continue;
            }
        }
        const std::size_t length = sequenceLength(bytes, pos);
        if (length == 0)
            return false;
        pos += length;
    }
    return true;
}

std::uint32_t takeCodePoint(std::string_view text, std::size_t& pos)
{
    const std::size_t length = sequenceLength(text, pos);
    if (length <= 1)
        return byte(text[pos++]);
    std::uint32_t codePoint = byte(text[pos]) & (0xFFu >> (length + 1));
    for (std::size_t i = 1; i < length; ++i)
        codePoint = codePoint << 6 | (byte(text[pos + i]) & 0x3Fu);
    pos += length;
    return codePoint;
}

void appendCodePoint(std::string& out, std::uint32_t c)
{
    const auto put = [&out](std::uint32_t value) {
        out += static_cast<char>(static_cast<unsigned char>(value));
    };
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xC0 | c >> 6);
        put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        put(0xE0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    } else {
        put(0xF0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3F));
        put(0x80 | (c >> 6 & 0x3F));
        put(0x80 | (c & 0x3F));
    }
}

bool isBidiControl(std::uint32_t c)
{
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

std::string cleanLine(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    bool space = false;
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t start = pos;
        const std::uint32_t c = takeCodePoint(text, pos);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029) {
            space = true;
            continue;
        }
        if (c < 0x20 || (c >= 0x7F && c < 0xA0) || isBidiControl(c))
            continue;
        if (space && !result.empty())
            result += ' ';
        space = false;
        result.append(text.substr(start, pos - start));
    }
    return result;
}

std::string cleanText(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    std::size_t kept = 0;
    const auto keepUpTo = [&](std::size_t end) {
        result.append(text.substr(kept, end - kept));
        kept = end + 1;
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const unsigned char c = byte(text[i]);
        if ((c >= 0x20 && c != 0x7F) || c == '\n' || c == '\t')
            continue;
        keepUpTo(i);
        const bool beforeLineFeed = i + 1 < text.size() && text[i + 1] == '\n';
        if ((c == '\r' && !beforeLineFeed) || c == '\f' || c == '\v')
            result += '\n';
    }
    keepUpTo(text.size());
    return result;
}

} // namespace avocet::mime
