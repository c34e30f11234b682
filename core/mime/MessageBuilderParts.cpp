// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageBuilderParts.h"

#include "core/mime/Ascii.h"
#include "core/mime/EnclosedMessage.h"
#include "core/mime/FileNames.h"
#include "core/mime/FlowedText.h"
#include "core/mime/MessageId.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <vmime/contentDispositionField.hpp>
#include <vmime/contentTypeField.hpp>
#include <vmime/vmime.hpp>

namespace avocet::mime {
namespace {

constexpr std::size_t kLongestLine = 998; // RFC 5322 2.1.1

/// 7bit where that is all it needs; base64 where most of it is not ASCII. Spaces at the ends of lines are how text flows
/// (RFC 3676).
vmime::encoding encodingFor(std::string_view text, bool flows = false)
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
        return vmime::encoding(vmime::encodingTypes::SEVEN_BIT);
    return vmime::encoding(high * 3 > text.size() ? vmime::encodingTypes::BASE64
                                                  : vmime::encodingTypes::QUOTED_PRINTABLE);
}

void fillText(vmime::bodyPart& part, const std::string& text, const char* subtype)
{
    const bool plain = std::string_view(subtype) == vmime::mediaTypes::TEXT_PLAIN;
    std::string lines = withCrLf(plain ? flowed(text) : text);
    if (!lines.ends_with("\r\n"))
        lines += "\r\n";
    const bool ascii = isAscii(lines);
    const auto contents = vmime::make_shared<vmime::stringContentHandler>(lines);
    part.getBody()->setContents(
        contents, vmime::mediaType(vmime::mediaTypes::TEXT, subtype),
        vmime::charset(ascii ? vmime::charsets::US_ASCII : vmime::charsets::UTF_8),
        encodingFor(lines, plain));
    if (!plain)
        return;
    const auto type =
        part.getHeader()->getField<vmime::parameterizedHeaderField>(vmime::fields::CONTENT_TYPE);
    type->appendParameter(vmime::make_shared<vmime::parameter>("format", vmime::word("flowed")));
}

void setFileName(vmime::parameterizedHeaderField& field, const char* parameter,
                 const std::string& name)
{
    field.appendParameter(vmime::make_shared<vmime::parameter>(
        parameter,
        vmime::word(name, isAscii(name) ? vmime::charsets::US_ASCII : vmime::charsets::UTF_8)));
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

/// Attached messages go as they are (RFC 2046 5.2.1 forbids to encode them); one that no part of it lets be
/// sent, and what only claims to be a multipart, as a plain file.
void fillAttachment(vmime::bodyPart& part, const DraftAttachment& attachment, bool shown)
{
    const bool typed = isMediaType(attachment.type);
    std::string type = typed ? lowered(attachment.type) : "application/octet-stream";
    std::string data = attachment.data;
    vmime::encoding encoding(vmime::encodingTypes::BASE64);
    if (type == "message/rfc822") {
        EnclosedMessage message = enclosed(data);
        if (message.how == Enclosing::Impossible) {
            type = "application/octet-stream";
        } else {
            data = std::move(message.bytes);
            encoding = vmime::encoding(message.how == Enclosing::SevenBit
                                           ? vmime::encodingTypes::SEVEN_BIT
                                           : vmime::encodingTypes::EIGHT_BIT);
        }
    } else if (type.starts_with("multipart/")) {
        type = "application/octet-stream";
    }
    const std::size_t slash = type.find('/');
    const auto contents = vmime::make_shared<vmime::stringContentHandler>(data);
    part.getBody()->setContents(contents,
                                vmime::mediaType(type.substr(0, slash), type.substr(slash + 1)));
    part.getHeader()->ContentTransferEncoding()->setValue(encoding);
    contents->setContentTypeHint(vmime::mediaType(type.substr(0, slash), type.substr(slash + 1)));
    const std::string safe = safeFileName(attachment.name);
    const std::string name = safe.empty() ? fileNameForType(type) : safe;
    const auto typeField =
        part.getHeader()->getField<vmime::parameterizedHeaderField>(vmime::fields::CONTENT_TYPE);
    setFileName(*typeField, "name", name);
    if (shown) // its place in the text names it so
        part.getHeader()->ContentId()->setValue(vmime::messageId("<" + attachment.contentId + ">"));
    const auto disposition = part.getHeader()->getField<vmime::contentDispositionField>(
        vmime::fields::CONTENT_DISPOSITION);
    disposition->setValue(
        vmime::contentDisposition(shown ? vmime::contentDispositionTypes::INLINE
                                        : vmime::contentDispositionTypes::ATTACHMENT));
    setFileName(*disposition, "filename", name);
}

vmime::shared_ptr<vmime::bodyPart> newPart()
{
    return vmime::make_shared<vmime::bodyPart>();
}

void makeMultipart(vmime::bodyPart& part, const char* subtype)
{
    part.getBody()->setContentType(vmime::mediaType(vmime::mediaTypes::MULTIPART, subtype));
    part.getHeader()
        ->getField<vmime::contentTypeField>(vmime::fields::CONTENT_TYPE)
        ->setBoundary(randomBoundary());
}

void fillPage(vmime::bodyPart& part, const std::string& html)
{
    fillText(part,
             "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head><body>\n" + html +
                 "</body></html>\n",
             vmime::mediaTypes::TEXT_HTML);
}

/// The page, with its pictures beside it where it has some (RFC 2387).
void fillRelated(vmime::bodyPart& part, const Draft& draft,
                 const std::vector<const DraftAttachment*>& pictures)
{
    if (pictures.empty()) {
        fillPage(part, draft.html);
        return;
    }
    makeMultipart(part, vmime::mediaTypes::MULTIPART_RELATED);
    part.getHeader()
        ->getField<vmime::parameterizedHeaderField>(vmime::fields::CONTENT_TYPE)
        ->appendParameter(vmime::make_shared<vmime::parameter>("type", vmime::word("text/html")));
    const auto page = newPart();
    fillPage(*page, draft.html);
    part.getBody()->appendPart(page);
    for (const DraftAttachment* picture : pictures) {
        const auto shown = newPart();
        fillAttachment(*shown, *picture, true);
        part.getBody()->appendPart(shown);
    }
}

/// The words of the message, without its files.
void fillWords(vmime::bodyPart& part, const Draft& draft,
               const std::vector<const DraftAttachment*>& pictures)
{
    if (draft.html.empty()) {
        fillText(part, draft.text, vmime::mediaTypes::TEXT_PLAIN);
        return;
    }
    makeMultipart(part, vmime::mediaTypes::MULTIPART_ALTERNATIVE);
    const auto text = newPart();
    fillText(*text, draft.text, vmime::mediaTypes::TEXT_PLAIN);
    part.getBody()->appendPart(text);
    const auto page = newPart();
    fillRelated(*page, draft, pictures);
    part.getBody()->appendPart(page);
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

void fillBody(vmime::bodyPart& message, const Draft& draft)
{
    std::vector<const DraftAttachment*> pictures;
    std::vector<const DraftAttachment*> files;
    for (const DraftAttachment& attachment : draft.attachments)
        (isShown(draft, attachment) ? pictures : files).push_back(&attachment);
    if (files.empty()) {
        fillWords(message, draft, pictures);
        return;
    }
    makeMultipart(message, vmime::mediaTypes::MULTIPART_MIXED);
    const auto words = newPart();
    fillWords(*words, draft, pictures);
    message.getBody()->appendPart(words);
    for (const DraftAttachment* file : files) {
        const auto part = newPart();
        fillAttachment(*part, *file, false);
        message.getBody()->appendPart(part);
        // What holds a part of 8bit is 8bit itself (RFC 2045 6.4).
        const vmime::encoding eightBit(vmime::encodingTypes::EIGHT_BIT);
        const auto encoding = part->getHeader()->ContentTransferEncoding();
        if (*encoding->getValue<vmime::encoding>() == eightBit)
            message.getHeader()->ContentTransferEncoding()->setValue(eightBit);
    }
}

} // namespace avocet::mime
