// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/TransferEncoding.h"

#include "core/mime/Ascii.h"
#include "core/mime/Uuencode.h"

#include <array>
#include <cstdint>

namespace avocet::mime {
namespace {

constexpr std::uint8_t kPad = 64;
constexpr std::uint8_t kOther = 65;

constexpr std::array<std::uint8_t, 256> base64Table()
{
    std::array<std::uint8_t, 256> table{};
    for (auto& value : table)
        value = kOther;
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (std::size_t i = 0; i < alphabet.size(); ++i)
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    table['='] = kPad;
    return table;
}

constexpr std::array<std::uint8_t, 256> kBase64 = base64Table();

struct ToString {
    std::string& out;
    void put(char c) { out += c; }
    void put(std::string_view text) { out.append(text); }
};

struct ToCount {
    std::size_t count = 0;
    void put(char) { ++count; }
    void put(std::string_view text) { count += text.size(); }
};

template <class Sink>
void base64Into(std::string_view bytes, Sink& sink)
{
    std::uint32_t bits = 0;
    int sextets = 0;
    const auto flush = [&] {
        if (sextets == 2)
            sink.put(static_cast<char>(bits >> 4 & 0xFF));
        if (sextets == 3) {
            sink.put(static_cast<char>(bits >> 10 & 0xFF));
            sink.put(static_cast<char>(bits >> 2 & 0xFF));
        }
        bits = 0;
        sextets = 0;
    };
    for (const char c : bytes) {
        const std::uint8_t value = kBase64[byte(c)];
        if (value < kPad) {
            bits = bits << 6 | value;
            if (++sextets == 4) {
                sink.put(static_cast<char>(bits >> 16 & 0xFF));
                sink.put(static_cast<char>(bits >> 8 & 0xFF));
                sink.put(static_cast<char>(bits & 0xFF));
                bits = 0;
                sextets = 0;
            }
        } else if (value == kPad) {
            flush();
        }
    }
    flush();
}

/// Length of the line end at `pos`, 0 where there is none.
std::size_t lineEndAt(std::string_view bytes, std::size_t pos)
{
    if (pos >= bytes.size())
        return 0;
    if (bytes[pos] == '\n')
        return 1;
    if (bytes[pos] != '\r')
        return 0;
    return pos + 1 < bytes.size() && bytes[pos + 1] == '\n' ? 2 : 1;
}

template <class Sink>
void quotedPrintableInto(std::string_view bytes, Sink& sink)
{
    std::size_t pos = 0;
    while (pos < bytes.size()) {
        const char c = bytes[pos];
        if (c == ' ' || c == '\t') {
            std::size_t end = pos;
            while (end < bytes.size() && (bytes[end] == ' ' || bytes[end] == '\t'))
                ++end;
            // White space before a line end was added on the way (RFC 2045 6.7 rule 3).
            if (end < bytes.size() && lineEndAt(bytes, end) == 0)
                sink.put(bytes.substr(pos, end - pos));
            pos = end;
            continue;
        }
        if (c != '=') {
            const std::size_t end = std::min(bytes.find_first_of("= \t", pos), bytes.size());
            sink.put(bytes.substr(pos, end - pos));
            pos = end;
            continue;
        }
        if (pos + 2 < bytes.size() && hexValue(bytes[pos + 1]) >= 0 &&
            hexValue(bytes[pos + 2]) >= 0) {
            sink.put(static_cast<char>(hexValue(bytes[pos + 1]) << 4 | hexValue(bytes[pos + 2])));
            pos += 3;
            continue;
        }
        std::size_t end = pos + 1;
        while (end < bytes.size() && (bytes[end] == ' ' || bytes[end] == '\t'))
            ++end;
        const std::size_t lineEnd = lineEndAt(bytes, end);
        if (lineEnd > 0 || end >= bytes.size()) {
            pos = end + lineEnd;
        } else {
            sink.put('=');
            ++pos;
        }
    }
}

/// Nothing but base64, at least one character of it; `padded`: a "=" is in it.
bool isBase64Line(std::string_view line, bool& padded)
{
    const std::string_view text = trimmed(line);
    for (const char c : text) {
        if (kBase64[byte(c)] == kOther)
            return false;
        padded = padded || c == '=';
    }
    return true;
}

} // namespace

TransferEncoding transferEncoding(std::string_view name)
{
    if (name.empty() || name == "7bit" || name == "8bit" || name == "binary" || name == "7-bit" ||
        name == "8-bit" || name == "none")
        return TransferEncoding::Identity;
    if (name == "base64" || name == "base-64")
        return TransferEncoding::Base64;
    if (name == "quoted-printable" || name == "quotedprintable")
        return TransferEncoding::QuotedPrintable;
    if (name == "x-uuencode" || name == "uuencode" || name == "x-uue" || name == "uue")
        return TransferEncoding::Uuencode;
    return TransferEncoding::Unknown;
}

std::string decodeBase64(std::string_view bytes)
{
    std::string result;
    result.reserve(bytes.size() / 4 * 3 + 3);
    ToString sink{result};
    base64Into(bytes, sink);
    return result;
}

std::string encodeBase64(std::string_view bytes)
{
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    constexpr std::size_t lineBytes = 57; // become 76 characters
    std::string result;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t given = std::min<std::size_t>(3, bytes.size() - i);
        unsigned value = 0;
        for (std::size_t j = 0; j < 3; ++j)
            value = value << 8 | (j < given ? byte(bytes[i + j]) : 0u);
        for (std::size_t j = 0; j < 4; ++j)
            result += j <= given ? alphabet[value >> (18 - 6 * j) & 63] : '=';
        if ((i + 3) % lineBytes == 0 || i + 3 >= bytes.size())
            result += "\r\n";
    }
    return result;
}

std::string decodeQuotedPrintable(std::string_view bytes)
{
    std::string result;
    result.reserve(bytes.size());
    ToString sink{result};
    quotedPrintableInto(bytes, sink);
    return result;
}

std::string percentDecoded(std::string_view text)
{
    std::string decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool encoded = text[i] == '%' && i + 2 < text.size() && hexValue(text[i + 1]) >= 0 &&
                             hexValue(text[i + 2]) >= 0;
        decoded += encoded ? static_cast<char>(hexValue(text[i + 1]) * 16 + hexValue(text[i + 2]))
                           : text[i];
        i += encoded ? 2 : 0;
    }
    return decoded;
}

std::string encodeQuotedPrintable(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::size_t longest = 75; // and the "=" of a soft line break
    std::string result;
    result.reserve(text.size() + text.size() / 4);
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string_view rest = text.substr(i);
        if (rest.starts_with("\r\n")) {
            result += "\r\n";
            column = 0;
            ++i;
            continue;
        }
        const unsigned char c = byte(text[i]);
        const bool blank = c == ' ' || c == '\t';
        const bool ends = rest.size() == 1 || rest.substr(1).starts_with("\r\n");
        const bool plain = blank ? !ends : c > ' ' && c < 0x7F && c != '=';
        if (column + (plain ? 1 : 3) > longest) {
            result += "=\r\n";
            column = 0;
        }
        if (plain)
            result += text[i];
        else
            (result += '=').append({digits[c >> 4], digits[c & 15]});
        column += plain ? 1 : 3;
    }
    return result;
}

std::string decodeTransfer(TransferEncoding encoding, std::string_view bytes)
{
    switch (encoding) {
    case TransferEncoding::Base64:
        return decodeBase64(bytes);
    case TransferEncoding::QuotedPrintable:
        return decodeQuotedPrintable(bytes);
    case TransferEncoding::Uuencode:
        if (const auto block = findUuencoded(bytes, 0))
            return decodeUuencoded(bytes.substr(block->start, block->end - block->start));
        break;
    case TransferEncoding::Identity:
    case TransferEncoding::Unknown:
        break;
    }
    return std::string(bytes);
}

std::size_t decodedSize(TransferEncoding encoding, std::string_view bytes)
{
    ToCount sink;
    switch (encoding) {
    case TransferEncoding::Base64:
        base64Into(bytes, sink);
        return sink.count;
    case TransferEncoding::QuotedPrintable:
        quotedPrintableInto(bytes, sink);
        return sink.count;
    case TransferEncoding::Uuencode:
        if (const auto block = findUuencoded(bytes, 0))
            return block->size;
        break;
    case TransferEncoding::Identity:
    case TransferEncoding::Unknown:
        break;
    }
    return bytes.size();
}

std::size_t base64End(std::string_view bytes)
{
    constexpr std::size_t fullLine = 40; // a plain word may look like base64, a long line does not
    std::size_t end = bytes.size();
    bool ended = false;
    bool padded = false;
    std::size_t afterPadding = bytes.size();
    for (std::size_t pos = 0; pos < bytes.size();) {
        const std::size_t lineFeed = bytes.find('\n', pos);
        const std::size_t next = lineFeed == std::string_view::npos ? bytes.size() : lineFeed + 1;
        const std::string_view line = bytes.substr(pos, next - pos);
        const bool wasPadded = padded;
        if (!isBase64Line(line, padded)) {
            if (!ended)
                end = wasPadded ? afterPadding : pos;
            ended = true;
            if (wasPadded)
                return end;
        } else if (ended && trimmed(line).size() >= fullLine) {
            ended = false;
            end = bytes.size();
        }
        if (!wasPadded && padded)
            afterPadding = next;
        pos = next;
    }
    return end;
}

} // namespace avocet::mime
