// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/PartText.h"

#include "core/mime/Ascii.h"
#include "core/mime/Charset.h"
#include "core/mime/FlowedText.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Utf8.h"
#include "core/mime/Uuencode.h"

namespace avocet::mime {
namespace {

/// Text out of base64 that may be followed by plain lines, or that never was base64.
std::string decodedBase64Text(std::string_view body, Notes& notes)
{
    const std::size_t end = base64End(body);
    const std::string_view tail = body.substr(end);
    if (trimmed(tail).empty())
        return decodeBase64(body);
    if (trimmed(body.substr(0, end)).empty()) {
        notes.add("A text says that it is base64 and is not; it is shown raw.");
        return std::string(body);
    }
    notes.add("Plain lines behind base64 are shown raw.");
    std::string result = decodeBase64(body.substr(0, end));
    if (!result.empty() && result.back() != '\n')
        result += '\n';
    return result.append(tail);
}

std::string transferDecodedText(std::string_view body, const MimePart& part, Notes& notes)
{
    const TransferEncoding encoding = transferEncoding(part.encoding);
    if (encoding == TransferEncoding::Base64)
        return decodedBase64Text(body, notes);
    if (encoding == TransferEncoding::Unknown)
        notes.add("The transfer encoding \"" + part.encoding.substr(0, 60) +
                  "\" is unknown; the part is shown raw.");
    if (encoding == TransferEncoding::Uuencode && !findUuencoded(body, 0))
        notes.add("A text says that it is uuencoded and is not; it is shown raw.");
    return decodeTransfer(encoding, body);
}

/// A charset's name as a note can show it: it comes from the message and may be any bytes.
std::string asciiName(const std::string& charset)
{
    std::string name = charset.substr(0, 60);
    for (char& c : name)
        if (c < ' ' || c > '~')
            c = '?';
    return name;
}

/// What an HTML page says about its charset in its first bytes.
std::string charsetOfHtml(std::string_view html)
{
    const std::string head = lowered(html.substr(0, 2048));
    const std::size_t meta = head.find("<meta");
    const std::size_t at = meta == std::string::npos ? meta : head.find("charset=", meta);
    if (at == std::string::npos)
        return {};
    const std::size_t start = head.find_first_not_of(" \"'", at + 8);
    if (start == std::string::npos)
        return {};
    const std::size_t end = head.find_first_of(" \"';>/", start);
    const std::string charset = head.substr(start, end == std::string::npos ? end : end - start);
    // The bytes were readable so far, so it cannot be one of these.
    return charset.starts_with("utf-16") || charset.starts_with("utf-32") ? std::string() : charset;
}

} // namespace

std::string_view partBody(std::string_view message, const MimePart& part)
{
    if (part.bodyStart > message.size() || part.bodyEnd < part.bodyStart)
        return {};
    return message.substr(part.bodyStart, part.bodyEnd - part.bodyStart);
}

std::string rawText(std::string_view bytes)
{
    return cleanText(guessedUtf8(bytes));
}

std::string readPartText(std::string_view message, const MimePart& part, Notes& notes)
{
    std::string text = transferDecodedText(partBody(message, part), part, notes);
    std::string charset = part.charset;
    if (text.starts_with("\xEF\xBB\xBF") && isValidUtf8(text))
        charset = "utf-8";
    else if (charset.empty() && part.type == "text/html")
        charset = charsetOfHtml(text);
    CharsetOutcome outcome = CharsetOutcome::AsDeclared;
    text = toUtf8(text, charset, &outcome);
    const std::string named = asciiName(charset);
    if (outcome == CharsetOutcome::Damaged)
        notes.add("Some bytes are no valid " + named + "; they were replaced.");
    else if (outcome == CharsetOutcome::Guessed && !charset.empty())
        notes.add("A text is not readable as \"" + named + "\"; its charset was guessed.");
    else if (outcome == CharsetOutcome::Guessed)
        notes.add("A text does not name its charset; it was guessed.");
    text = cleanText(text);
    return part.flowed ? unflowed(text, part.delSp) : text;
}

} // namespace avocet::mime
