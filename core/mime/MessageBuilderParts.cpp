// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageBuilderParts.h"

#include "core/mime/Ascii.h"
#include "core/mime/FileNames.h"
#include "core/mime/FlowedText.h"
#include "core/mime/HeaderWriter.h"
#include "core/mime/MessageId.h"
#include "core/mime/SafeTransfer.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace avocet::mime {
namespace {

constexpr std::size_t kLongestLine = 998; // RFC 5322 2.1.1

enum class Encoding { SevenBit, EightBit, QuotedPrintable, Base64 };

/// 7bit where that is all it needs; base64 where most of it is not ASCII. Spaces at the ends of lines are how text flows
/// (RFC 3676).
Encoding encodingFor(std::string_view text, bool flows = false)
{
    std::size_t high = 0;
    std::size_t line = 0;
    bool longLine = false;
    bool fragile = false; // white space at a line's end, "From " and the like
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        high += (byte(c) & 0x80) != 0 ? 1 : 0;
        const bool atStart = line == 0;
        fragile = fragile || (atStart && text.substr(i).starts_with("From ")) ||
                  (c == '\r' && i > 0 && ((text[i - 1] == ' ' && !flows) || text[i - 1] == '\t')) ||
                  (byte(c) < ' ' && c != '\r' && c != '\n' && c != '\t');
        line = c == '\n' ? 0 : line + 1;
        longLine = longLine || line > kLongestLine / 2;
    }
    if (high == 0 && !longLine && !fragile)
        return Encoding::SevenBit;
    return high * 3 > text.size() ? Encoding::Base64 : Encoding::QuotedPrintable;
}

using Parameters = std::vector<std::pair<std::string_view, std::string>>;

/// The empty line behind the header, and the content.
std::string encodedContent(std::string_view data, Encoding encoding)
{
    switch (encoding) {
    case Encoding::SevenBit:
        return "Content-Transfer-Encoding: 7bit\r\n\r\n" + std::string(data);
    case Encoding::EightBit:
        return "Content-Transfer-Encoding: 8bit\r\n\r\n" + std::string(data);
    case Encoding::QuotedPrintable:
        return "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + encodeQuotedPrintable(data);
    case Encoding::Base64:
        break;
    }
    return "Content-Transfer-Encoding: base64\r\n\r\n" + encodeBase64(data);
}

std::string textPart(const std::string& text, const std::string& subtype)
{
    const bool plain = subtype == "plain";
    std::string lines = withCrLf(plain ? flowed(text) : text);
    if (!lines.ends_with("\r\n"))
        lines += "\r\n";
    Parameters parameters{{"charset", isAscii(lines) ? "us-ascii" : "utf-8"}};
    if (plain)
        parameters.emplace_back("format", "flowed");
    return parameterField("Content-Type", "text/" + subtype, parameters) +
           encodedContent(lines, encodingFor(lines, plain));
}

bool isMediaType(std::string_view type)
{
    const std::size_t slash = type.find('/');
    const auto plain = [](char c) {
        return isAlpha(c) || isDigit(c) ||
               std::string_view("-+._").find(c) != std::string_view::npos;
    };
    return slash != std::string_view::npos && slash > 0 && slash + 1 < type.size() &&
           std::count_if(type.begin(), type.end(), plain) + 1 ==
               static_cast<std::ptrdiff_t>(type.size());
}

/// Attached messages go as they are (RFC 2046 5.2.1 forbids to encode them); only what has lines that no server takes is
/// encoded inside. One that cannot be helped, and what only claims to be a multipart, goes as a plain file.
std::string attachmentPart(const DraftAttachment& attachment, bool shown)
{
    const bool typed = isMediaType(attachment.type);
    std::string type = typed ? lowered(attachment.type) : "application/octet-stream";
    std::string message;
    if (type == "message/rfc822") {
        if (auto safe = safeForTransfer(withCrLf(attachment.data), Transfer::ShortLines))
            message = std::move(*safe);
        else
            type = "application/octet-stream";
    } else if (type.starts_with("multipart/")) {
        type = "application/octet-stream";
    }
    const bool asIs = type == "message/rfc822";
    const std::string safe = safeFileName(attachment.name);
    const std::string name = safe.empty() ? fileNameForType(type) : safe;
    std::string part = parameterField("Content-Type", type, {{"name", name}});
    if (shown) // its place in the text names it so
        part += idsField("Content-ID", {attachment.contentId});
    part += parameterField("Content-Disposition", shown ? "inline" : "attachment",
                           {{"filename", name}});
    return part + encodedContent(asIs ? message : attachment.data, !asIs ? Encoding::Base64
                                                                   : isAscii(message)
                                                                       ? Encoding::SevenBit
                                                                       : Encoding::EightBit);
}

std::string multipart(const std::string& subtype, const std::vector<std::string>& parts,
                      Parameters parameters = {})
{
    const std::string boundary = randomBoundary();
    parameters.emplace_back("boundary", boundary);
    std::string result = parameterField("Content-Type", "multipart/" + subtype, parameters);
    // What holds a part of 8bit is 8bit itself (RFC 2045 6.4).
    if (!std::all_of(parts.begin(), parts.end(),
                     [](const std::string& one) { return isAscii(one); }))
        result += "Content-Transfer-Encoding: 8bit\r\n";
    std::size_t size = result.size() + 100;
    for (const std::string& part : parts)
        size += part.size() + boundary.size() + 8;
    result.reserve(size);
    for (const std::string& part : parts)
        result.append("\r\n--").append(boundary).append("\r\n").append(part);
    return result.append("\r\n--").append(boundary).append("--\r\n");
}

std::string pagePart(const std::string& html)
{
    return textPart("<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n" + html +
                        "</body></html>\n",
                    "html");
}

/// The page, with its pictures beside it where it has some (RFC 2387).
std::string relatedPart(const Draft& draft, const std::vector<const DraftAttachment*>& pictures)
{
    std::vector<std::string> parts{pagePart(draft.html)};
    for (const DraftAttachment* picture : pictures)
        parts.push_back(attachmentPart(*picture, true));
    return pictures.empty() ? parts.front() : multipart("related", parts, {{"type", "text/html"}});
}

/// The words of the message, without its files.
std::string wordsPart(const Draft& draft, const std::vector<const DraftAttachment*>& pictures)
{
    std::string text = textPart(draft.text, "plain");
    return draft.html.empty() ? text
                              : multipart("alternative", {text, relatedPart(draft, pictures)});
}

bool isShown(const Draft& draft, const DraftAttachment& attachment)
{
    return !attachment.contentId.empty() && isMediaType(attachment.type) &&
           draft.html.find("\"cid:" + attachment.contentId + "\"") != std::string::npos;
}

} // namespace

std::string withCrLf(std::string_view text)
{
    std::string result;
    result.reserve(text.size() + text.size() / 32);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n')
            continue;
        if (c == '\r' || c == '\n')
            result += "\r\n";
        else
            result += c;
    }
    return result;
}

std::string withLastCrLf(std::string_view text)
{
    std::string result = withCrLf(text);
    if (!result.empty() && !result.ends_with("\r\n"))
        result += "\r\n";
    return result;
}

tl::unexpected<Error> invalid(std::string detail)
{
    return fail(ErrorKind::Rejected, std::move(detail), ErrorCode::InvalidInput);
}

std::string bodyOf(const Draft& draft)
{
    std::vector<const DraftAttachment*> pictures;
    std::vector<const DraftAttachment*> files;
    for (const DraftAttachment& attachment : draft.attachments)
        (isShown(draft, attachment) ? pictures : files).push_back(&attachment);
    std::vector<std::string> parts{wordsPart(draft, pictures)};
    for (const DraftAttachment* file : files)
        parts.push_back(attachmentPart(*file, false));
    return files.empty() ? parts.front() : multipart("mixed", parts);
}

} // namespace avocet::mime
