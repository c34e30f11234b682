// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/EnvelopeMapper.h"

#include "core/mime/Ascii.h"
#include "core/mime/MessageReader.h"

#include <algorithm>

namespace avocet {

namespace {

std::vector<Address> mapAddresses(const std::vector<RawAddress>& raw)
{
    std::vector<Address> addresses;
    addresses.reserve(raw.size());
    std::string whole;
    for (const RawAddress& entry : raw) {
        if (entry.host.empty() && entry.name.empty())
            continue; // the start or end of a group
        whole = entry.mailbox;
        if (!entry.host.empty())
            whole.append("@").append(entry.host);
        addresses.push_back({decodeHeaderText(entry.name), decodeHeaderText(whole)});
    }
    return addresses;
}

/// Whether a look for the field is worth it; "X-List-Id" and the like cost one, and no more.
bool mayHold(std::string_view block, std::string_view name)
{
    for (std::size_t at = 0; at < block.size();) {
        if (block.size() - at > name.size() &&
            mime::equalsIgnoreCase(block.substr(at, name.size()), name))
            return true;
        const std::size_t end = block.find('\n', at);
        at = end == block.npos ? end : end + 1;
    }
    return false;
}

std::string firstId(std::string_view raw)
{
    if (raw.empty())
        return {};
    auto ids = parseMessageIds(raw);
    return ids.empty() ? std::string() : std::move(ids.front());
}

std::string field(const std::string& block, std::string_view name)
{
    return mayHold(block, name) ? headerField(block, name).value_or(std::string()) : std::string();
}

} // namespace

NewMessage mapEnvelope(const Envelope& envelope)
{
    NewMessage message;
    message.uid = envelope.uid;
    message.modSeq = envelope.modSeq;
    message.flags = envelope.flags;
    message.keywords = envelope.keywords;
    message.internalDate = envelope.internalDate;
    message.date = parseMailDate(envelope.date).value_or(envelope.internalDate);
    message.size = envelope.size;
    message.subject = decodeHeaderText(envelope.subject);
    message.from = mapAddresses(envelope.from);
    // RFC 3501 7.4.2: servers repeat From where a message has no Sender or Reply-To.
    if (envelope.sender != envelope.from)
        message.sender = mapAddresses(envelope.sender);
    if (envelope.replyTo != envelope.from)
        message.replyTo = mapAddresses(envelope.replyTo);
    message.to = mapAddresses(envelope.to);
    message.cc = mapAddresses(envelope.cc);
    message.bcc = mapAddresses(envelope.bcc);
    message.messageIdHeader = firstId(envelope.messageId);
    message.inReplyTo = firstId(envelope.inReplyTo);
    if (envelope.headerFields.size() > 2) {
        message.references = parseMessageIds(field(envelope.headerFields, "References"));
        message.listId = field(envelope.headerFields, "List-Id");
        message.listUnsubscribe = field(envelope.headerFields, "List-Unsubscribe");
        message.listUnsubscribePost = field(envelope.headerFields, "List-Unsubscribe-Post");
        message.authenticationResults = field(envelope.headerFields, "Authentication-Results");
    }
    message.contentId = envelope.contentId;
    message.bodyStructure = envelope.bodyStructure;
    message.hasAttachment = envelope.hasAttachment;
    return message;
}

} // namespace avocet
