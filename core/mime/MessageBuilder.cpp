// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageBuilder.h"

#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/HeaderWriter.h"
#include "core/mime/MessageBuilderParts.h"
#include "core/mime/MessageId.h"
#include "core/mime/Utf8.h"

#include <algorithm>

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
    if (at == std::string_view::npos || at == 0 || at + 1 >= address.size())
        return false;
    const auto bad = [](char c) { return byte(c) <= ' ' || c == 0x7F || c == '<' || c == '>'; };
    // The local part is quoted where it has to be; a domain cannot be.
    const std::string_view domain = address.substr(at + 1);
    const bool literal = domain.starts_with('[') && domain.ends_with(']');
    return std::none_of(address.begin(), address.end(), bad) && isValidUtf8(address) &&
           (literal || domain.find_first_of("()[]\\,;:\"") == std::string_view::npos);
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

/// The Bcc field's body, encoded and on one line.
std::string bccField(const std::vector<Address>& bcc)
{
    return bcc.empty() ? std::string() : unfolded(addressField("", bcc).substr(1));
}

std::string messageBytes(const Draft& draft, const Identity& identity, std::int64_t now,
                         const std::string& id, const SendingStyle& style)
{
    const std::vector<Address> self{{identity.name, identity.email}};
    std::string bytes = addressField("From", self);
    if (!draft.to.empty())
        bytes += addressField("To", draft.to);
    if (!draft.cc.empty())
        bytes += addressField("Cc", draft.cc);
    if (!identity.replyTo.empty())
        bytes += addressField("Reply-To", {{{}, identity.replyTo}});
    if (draft.readReceipt)
        bytes += addressField("Disposition-Notification-To", self);
    if (!identity.organisation.empty())
        bytes += textField("Organization", identity.organisation);
    bytes += textField("Subject", draft.subject);
    bytes += dateField(now, style.utcDate);
    if (style.userAgent)
        bytes += textField("User-Agent", "Avocet/" AVOCET_VERSION);
    bytes += idsField("Message-ID", {id});
    if (!draft.inReplyTo.empty())
        bytes += idsField("In-Reply-To", {draft.inReplyTo});
    if (!draft.references.empty())
        bytes += idsField("References", draft.references);
    bytes += "MIME-Version: 1.0\r\n";
    return bytes + bodyOf(draft);
}

Result<BuiltMessage> build(const Draft& draft, Identity identity, std::int64_t now,
                           const SendingStyle& style)
{
    if (!draft.from.empty())
        identity.email = draft.from;
    if (Status status = checkDraft(draft, identity); !status)
        return tl::unexpected<Error>(status.error());
    BuiltMessage built;
    built.messageId = newMessageId(identity.email);
    built.bytes = messageBytes(draft, identity, now, built.messageId, style);
    built.bcc = bccField(draft.bcc);
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
