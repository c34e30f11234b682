// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/EnclosedMessage.h"

#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MessageBuilderParts.h"
#include "core/mime/MessageReader.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Utf8.h"

namespace avocet::mime {
namespace {

constexpr std::size_t kLongestWireLine = 998; // RFC 5322 2.1.1
constexpr std::size_t kLongestEncodedLine = 76;

/// Lines and bytes that every server takes.
bool fitsWire(std::string_view text)
{
    std::size_t line = 0;
    for (const char c : text) {
        if (c == '\0')
            return false;
        line = c == '\n' || c == '\r' ? 0 : line + 1;
        if (line > kLongestWireLine)
            return false;
    }
    return true;
}

/// RFC 2045 6.7, of text with CRLF line ends.
std::string asQuotedPrintable(std::string_view text)
{
    constexpr char digits[] = "0123456789ABCDEF";
    std::string result;
    std::size_t column = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (text.substr(i).starts_with("\r\n")) {
            result += "\r\n";
            column = 0;
            ++i;
            continue;
        }
        const bool atEnd = i + 1 == text.size() || text.substr(i + 1).starts_with("\r\n");
        const bool plain = (c > ' ' && c < 0x7f && c != '=') || ((c == ' ' || c == '\t') && !atEnd);
        const std::size_t width = plain ? 1 : 3;
        if (column + width > kLongestEncodedLine - 1) { // room for the "=" that breaks it
            result += "=\r\n";
            column = 0;
        }
        if (plain) {
            result += c;
        } else {
            result += '=';
            result += digits[byte(c) >> 4];
            result += digits[byte(c) & 15];
        }
        column += width;
    }
    return result;
}

bool isUnencoded(const MimePart& part)
{
    return part.encoding.empty() || part.encoding == "7bit" || part.encoding == "8bit" ||
           part.encoding == "binary";
}

/// The header block with this encoding in place of the one that it names.
std::string withEncoding(std::string_view header, std::string_view encoding)
{
    std::string result;
    std::size_t kept = 0;
    for (const HeaderField& field : headerFields(header, false)) {
        if (!equalsIgnoreCase(field.name, "Content-Transfer-Encoding"))
            continue;
        result.append(header, kept, field.start - kept);
        kept = field.end;
    }
    result.append(header.substr(kept));
    // In front of the empty line that ends it.
    const std::size_t end = result.ends_with("\r\n\r\n") ? result.size() - 2 : result.size();
    result.insert(end, "Content-Transfer-Encoding: " + std::string(encoding) + "\r\n");
    return result;
}

/// Every part that does not fit, encoded.
std::string mended(const std::string& message)
{
    const ParsedMessage read = readMessage(message);
    const std::string_view bytes = message;
    std::string result;
    std::size_t kept = 0;
    for (const MimePart& part : read.parts) {
        const std::string_view body = bytes.substr(part.bodyStart, part.bodyEnd - part.bodyStart);
        if (!part.children.empty() || part.headerStart < kept || !isUnencoded(part) ||
            fitsWire(body))
            continue;
        const bool text = part.type.starts_with("text/");
        result.append(bytes, kept, part.headerStart - kept);
        result += withEncoding(bytes.substr(part.headerStart, part.bodyStart - part.headerStart),
                               text ? "quoted-printable" : "base64");
        result += text ? asQuotedPrintable(body) : encodeBase64(body);
        kept = part.bodyEnd;
    }
    return result.append(bytes, kept);
}

} // namespace

EnclosedMessage enclosed(std::string_view message)
{
    EnclosedMessage result{withCrLf(message), Enclosing::SevenBit};
    if (!fitsWire(result.bytes))
        result.bytes = mended(result.bytes);
    if (!fitsWire(result.bytes))
        result.how = Enclosing::Impossible;
    else if (!isAscii(result.bytes))
        result.how = Enclosing::EightBit;
    return result;
}

} // namespace avocet::mime
