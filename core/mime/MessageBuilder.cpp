// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageBuilder.h"

#include "core/mime/Ascii.h"
#include "core/mime/FileNames.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MessageId.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <ctime>
#include <exception>
#include <vmime/contentDispositionField.hpp>
#include <vmime/contentTypeField.hpp>
#include <vmime/vmime.hpp>

namespace avocet {
namespace {

using namespace mime;

constexpr std::size_t kLongestLine = 998; // RFC 5322 2.1.1

bool hasLineBreakOrNul(std::string_view text)
{
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

tl::unexpected<Error> invalid(std::string detail)
{
    return fail(ErrorKind::Rejected, std::move(detail), ErrorCode::InvalidInput);
}

/// An address that can stand in a header and in RCPT TO.
bool isSendable(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    const auto bad = [](char c) { return byte(c) <= ' ' || c == 0x7F || c == '<' || c == '>'; };
    return at != std::string_view::npos && at > 0 && at + 1 < address.size() &&
           std::none_of(address.begin(), address.end(), bad) && isValidUtf8(address);
}

Status checkAddresses(const std::vector<Address>& list)
{
    for (const Address& address : list) {
        if (hasLineBreakOrNul(address.name) || !isValidUtf8(address.name))
            return invalid("A recipient's name has a line break or is no text");
        if (!isSendable(address.address))
            return invalid("Not a mail address: " + cleanLine(isValidUtf8(address.address)
                                                                  ? address.address
                                                                  : std::string()));
    }
    return {};
}

Status checkDraft(const Draft& draft, const Identity& identity)
{
    if (hasLineBreakOrNul(draft.subject) || !isValidUtf8(draft.subject))
        return invalid("The subject has a line break or is no text");
    if (Status from = checkAddresses({{identity.name, identity.email}}); !from)
        return from;
    if (Status replies =
            identity.replyTo.empty() ? Status() : checkAddresses({{{}, identity.replyTo}});
        !replies)
        return replies;
    if (hasLineBreakOrNul(identity.organisation) || !isValidUtf8(identity.organisation))
        return invalid("The organisation has a line break or is no text");
    for (const auto* list : {&draft.to, &draft.cc, &draft.bcc})
        if (Status status = checkAddresses(*list); !status)
            return status;
    if (!isValidUtf8(draft.text))
        return invalid("The text is not UTF-8");
    for (const DraftAttachment& attachment : draft.attachments)
        if (hasLineBreakOrNul(attachment.name) || hasLineBreakOrNul(attachment.type) ||
            !isValidUtf8(attachment.name))
            return invalid("An attachment's name or type has a line break or is no text");
    const auto badId = [](const std::string& id) {
        return std::any_of(id.begin(), id.end(),
                           [](char c) { return byte(c) <= ' ' || c == '<' || c == '>'; });
    };
    if (badId(draft.inReplyTo) ||
        std::any_of(draft.references.begin(), draft.references.end(), badId))
        return invalid("A Message-ID has a line break");
    return {};
}

vmime::text toText(const std::string& utf8)
{
    // One charset for a whole field: short words let vmime choose encoded words where needed.
    const vmime::charset charset(isAscii(utf8) ? vmime::charsets::US_ASCII
                                               : vmime::charsets::UTF_8);
    return vmime::text(vmime::word(utf8, charset));
}

vmime::shared_ptr<vmime::mailbox> toMailbox(const Address& address)
{
    const std::size_t at = address.address.rfind('@');
    const auto part = [](const std::string& text) {
        return vmime::word(text,
                           isAscii(text) ? vmime::charsets::US_ASCII : vmime::charsets::UTF_8);
    };
    const vmime::emailAddress email(part(address.address.substr(0, at)),
                                    part(address.address.substr(at + 1)));
    if (address.name.empty())
        return vmime::make_shared<vmime::mailbox>(email);
    return vmime::make_shared<vmime::mailbox>(toText(address.name), email);
}

vmime::addressList toList(const std::vector<Address>& list)
{
    vmime::addressList result;
    for (const Address& address : list)
        result.appendAddress(toMailbox(address));
    return result;
}

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

/// 7bit where that is all it needs; base64 where most of it is not ASCII.
vmime::encoding encodingFor(std::string_view text)
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
                  (c == '\r' && i > 0 && (text[i - 1] == ' ' || text[i - 1] == '\t')) ||
                  (byte(c) < ' ' && c != '\r' && c != '\n' && c != '\t');
        line = c == '\n' ? 0 : line + 1;
        longLine = longLine || line > kLongestLine / 2;
    }
    if (high == 0 && !longLine && !fragile)
        return vmime::encoding(vmime::encodingTypes::SEVEN_BIT);
    return vmime::encoding(high * 3 > text.size() ? vmime::encodingTypes::BASE64
                                                  : vmime::encodingTypes::QUOTED_PRINTABLE);
}

void fillText(vmime::bodyPart& part, const std::string& text)
{
    std::string lines = withCrLf(text);
    if (!lines.ends_with("\r\n"))
        lines += "\r\n";
    const vmime::encoding encoding = encodingFor(lines);
    const bool ascii = isAscii(lines);
    const auto contents = vmime::make_shared<vmime::stringContentHandler>(lines);
    part.getBody()->setContents(
        contents, vmime::mediaType(vmime::mediaTypes::TEXT, vmime::mediaTypes::TEXT_PLAIN),
        vmime::charset(ascii ? vmime::charsets::US_ASCII : vmime::charsets::UTF_8), encoding);
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

/// Attached messages go as they are (RFC 2046 5.2.1 forbids to encode them), unless a line is too
/// long for that; then they go as a plain file.
void fillAttachment(vmime::bodyPart& part, const DraftAttachment& attachment)
{
    const bool typed = isMediaType(attachment.type);
    std::string type = typed ? lowered(attachment.type) : "application/octet-stream";
    std::string data = attachment.data;
    vmime::encoding encoding(vmime::encodingTypes::BASE64);
    if (type == "message/rfc822" || type.starts_with("multipart/")) {
        data = withCrLf(data);
        const bool plain = isAscii(data) && data.find('\0') == std::string::npos &&
                           encodingFor(data) == vmime::encoding(vmime::encodingTypes::SEVEN_BIT);
        if (plain && type == "message/rfc822") {
            encoding = vmime::encoding(vmime::encodingTypes::SEVEN_BIT);
        } else {
            type = "application/octet-stream";
            data = attachment.data;
        }
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
    const auto disposition = part.getHeader()->getField<vmime::contentDispositionField>(
        vmime::fields::CONTENT_DISPOSITION);
    disposition->setValue(vmime::contentDisposition(vmime::contentDispositionTypes::ATTACHMENT));
    setFileName(*disposition, "filename", name);
}

void addReferences(vmime::header& header, const Draft& draft)
{
    const auto list = [](const std::vector<std::string>& ids) {
        std::string value;
        for (const std::string& id : ids)
            value += (value.empty() ? "<" : " <") + id + ">";
        return value;
    };
    const auto put = [&header](const char* name, const std::string& value) {
        vmime::messageIdSequence sequence;
        sequence.parse(value);
        header.getField(name)->setValue(sequence);
    };
    if (!draft.inReplyTo.empty())
        put(vmime::fields::IN_REPLY_TO, list({draft.inReplyTo}));
    if (!draft.references.empty())
        put(vmime::fields::REFERENCES, list(draft.references));
}

vmime::datetime localDate(std::int64_t now)
{
    const std::time_t time = now;
    std::tm local{};
    localtime_r(&time, &local);
    return vmime::datetime(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday, local.tm_hour,
                           local.tm_min, local.tm_sec, static_cast<int>(local.tm_gmtoff / 60));
}

std::string generated(const vmime::component& component)
{
    vmime::generationContext context;
    context.setMaxLineLength(76);
    context.setPrologText("");
    context.setEpilogText("");
    context.setEncodedParameterValueMode(
        vmime::generationContext::EncodedParameterValueModes::PARAMETER_VALUE_RFC2231_ONLY);
    std::string bytes;
    vmime::utility::outputStreamStringAdapter stream(bytes);
    component.generate(context, stream);
    stream.flush();
    return bytes;
}

/// With the line end that vmime leaves out behind base64.
std::string generatedMessage(const vmime::component& message)
{
    std::string bytes = generated(message);
    if (!bytes.ends_with("\r\n"))
        bytes += "\r\n";
    return bytes;
}

/// The Bcc field's body, encoded and on one line.
std::string bccField(const std::vector<Address>& bcc)
{
    if (bcc.empty())
        return {};
    const std::string folded = generated(toList(bcc));
    return std::string(trimmed(unfolded(folded)));
}

std::string messageBytes(const Draft& draft, const Identity& identity, std::int64_t now,
                         const std::string& id)
{
    vmime::message message;
    const auto header = message.getHeader();
    header->From()->setValue(toMailbox({identity.name, identity.email}));
    if (!draft.to.empty())
        header->To()->setValue(toList(draft.to));
    if (!draft.cc.empty())
        header->Cc()->setValue(toList(draft.cc));
    if (!identity.replyTo.empty())
        header->ReplyTo()->setValue(toMailbox({{}, identity.replyTo}));
    if (!identity.organisation.empty())
        header->Organization()->setValue(toText(identity.organisation));
    header->Subject()->setValue(toText(draft.subject));
    header->Date()->setValue(localDate(now));
    header->MessageId()->setValue(vmime::messageId("<" + id + ">"));
    addReferences(*header, draft);
    header->MimeVersion()->setValue(std::string("1.0"));
    if (draft.attachments.empty()) {
        fillText(message, draft.text);
        return generatedMessage(message);
    }
    const auto body = message.getBody();
    body->setContentType(
        vmime::mediaType(vmime::mediaTypes::MULTIPART, vmime::mediaTypes::MULTIPART_MIXED));
    header->getField<vmime::contentTypeField>(vmime::fields::CONTENT_TYPE)
        ->setBoundary(randomBoundary());
    const auto text = vmime::make_shared<vmime::bodyPart>();
    fillText(*text, draft.text);
    body->appendPart(text);
    for (const DraftAttachment& attachment : draft.attachments) {
        const auto part = vmime::make_shared<vmime::bodyPart>();
        fillAttachment(*part, attachment);
        body->appendPart(part);
    }
    return generatedMessage(message);
}

Result<BuiltMessage> build(const Draft& draft, Identity identity, std::int64_t now)
{
    if (!draft.from.empty())
        identity.email = draft.from;
    if (Status status = checkDraft(draft, identity); !status)
        return tl::unexpected<Error>(status.error());
    BuiltMessage built;
    try {
        built.messageId = newMessageId(identity.email);
        built.bytes = messageBytes(draft, identity, now, built.messageId);
        built.bcc = bccField(draft.bcc);
    } catch (const std::exception& error) {
        return fail(ErrorKind::Bug,
                    std::string("vmime could not build the message: ") + error.what());
    }
    built.sender = identity.email;
    built.from = identity.email;
    built.subject = draft.subject;
    for (const auto* list : {&draft.to, &draft.cc, &draft.bcc})
        for (const Address& address : *list)
            addRecipient(built.recipients, address.address);
    return built;
}

} // namespace

Result<BuiltMessage> buildMessage(const Draft& draft, const Identity& identity, std::int64_t now)
{
    if (draft.to.empty() && draft.cc.empty() && draft.bcc.empty())
        return fail(ErrorKind::Rejected, "The message has no recipient", ErrorCode::NoRecipients);
    return build(draft, identity, now);
}

Result<BuiltMessage> buildDraft(Draft draft, const Identity& identity, std::int64_t now)
{
    for (auto* list : {&draft.to, &draft.cc, &draft.bcc})
        std::erase_if(*list, [](const Address& one) { return !isSendable(one.address); });
    return build(draft, identity, now);
}

} // namespace avocet
