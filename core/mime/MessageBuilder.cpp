// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageBuilder.h"

#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MessageBuilderParts.h"
#include "core/mime/MessageId.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <ctime>
#include <exception>
#include <vmime/vmime.hpp>

namespace avocet {
namespace {

using namespace mime;

bool hasLineBreakOrNul(std::string_view text)
{
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
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
    if (!isValidUtf8(draft.text) || !isValidUtf8(draft.html))
        return invalid("The text is not UTF-8");
    for (const DraftAttachment& attachment : draft.attachments)
        if (hasLineBreakOrNul(attachment.name) || hasLineBreakOrNul(attachment.type) ||
            !isValidUtf8(attachment.name))
            return invalid("An attachment's name or type has a line break or is no text");
    const auto badId = [](const std::string& id) {
        return std::any_of(id.begin(), id.end(),
                           [](char c) { return byte(c) <= ' ' || c == '<' || c == '>'; });
    };
    if (std::any_of(draft.attachments.begin(), draft.attachments.end(),
                    [&](const DraftAttachment& one) { return badId(one.contentId); }))
        return invalid("A Content-ID has a line break");
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

vmime::datetime dateOf(std::int64_t now, bool utc)
{
    const std::time_t time = now;
    std::tm local{};
    utc ? gmtime_r(&time, &local) : localtime_r(&time, &local);
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
                         const std::string& id, const SendingStyle& style)
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
    if (draft.readReceipt)
        header->DispositionNotificationTo()->setValue(toList({{identity.name, identity.email}}));
    if (!identity.organisation.empty())
        header->Organization()->setValue(toText(identity.organisation));
    header->Subject()->setValue(toText(draft.subject));
    header->Date()->setValue(dateOf(now, style.utcDate));
    if (style.userAgent)
        header->UserAgent()->setValue(toText("Avocet/" AVOCET_VERSION));
    header->MessageId()->setValue(vmime::messageId("<" + id + ">"));
    addReferences(*header, draft);
    header->MimeVersion()->setValue(std::string("1.0"));
    mime::fillBody(message, draft);
    return generatedMessage(message);
}

Result<BuiltMessage> build(const Draft& draft, Identity identity, std::int64_t now,
                           const SendingStyle& style)
{
    if (!draft.from.empty())
        identity.email = draft.from;
    if (Status status = checkDraft(draft, identity); !status)
        return tl::unexpected<Error>(status.error());
    BuiltMessage built;
    try {
        built.messageId = newMessageId(identity.email);
        built.bytes = messageBytes(draft, identity, now, built.messageId, style);
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

Result<BuiltMessage> buildMessage(const Draft& draft, const Identity& identity, std::int64_t now,
                                  const SendingStyle& style)
{
    if (draft.to.empty() && draft.cc.empty() && draft.bcc.empty())
        return fail(ErrorKind::Rejected, "The message has no recipient", ErrorCode::NoRecipients);
    return build(draft, identity, now, style);
}

Result<BuiltMessage> buildDraft(Draft draft, const Identity& identity, std::int64_t now)
{
    for (auto* list : {&draft.to, &draft.cc, &draft.bcc})
        std::erase_if(*list, [](const Address& one) { return !isSendable(one.address); });
    return build(draft, identity, now, {});
}

} // namespace avocet
