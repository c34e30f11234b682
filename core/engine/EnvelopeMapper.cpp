// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/EnvelopeMapper.h"

#include "core/mime/MessageReader.h"

namespace avocet {

namespace {

std::vector<Address> mapAddresses(const std::vector<RawAddress>& raw)
{
    std::vector<Address> addresses;
    addresses.reserve(raw.size());
    for (const RawAddress& entry : raw) {
        if (entry.host.empty() && entry.name.empty())
            continue; // the start or end of a group
        Address address;
        address.name = decodeHeaderText(entry.name);
        address.address =
            decodeHeaderText(entry.host.empty() ? entry.mailbox : entry.mailbox + "@" + entry.host);
        addresses.push_back(std::move(address));
    }
    return addresses;
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
    return headerField(block, name).value_or(std::string());
}

} // namespace

NewMessage mapEnvelope(Envelope&& envelope)
{
    NewMessage message;
    message.uid = envelope.uid;
    message.modSeq = envelope.modSeq;
    message.flags = envelope.flags;
    message.keywords = std::move(envelope.keywords);
    message.internalDate = envelope.internalDate;
    message.date = parseMailDate(envelope.date).value_or(envelope.internalDate);
    message.size = envelope.size;
    message.subject = decodeHeaderText(envelope.subject);
    message.from = mapAddresses(envelope.from);
    message.sender = mapAddresses(envelope.sender);
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
    message.contentId = std::move(envelope.contentId);
    message.bodyStructure = std::move(envelope.bodyStructure);
    message.hasAttachment = envelope.hasAttachment;
    return message;
}

} // namespace avocet
