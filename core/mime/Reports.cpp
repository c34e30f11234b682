// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Reports.h"

#include "core/mime/AnswerBuilder.h"
#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <array>

namespace avocet {
namespace {

using namespace mime;

constexpr std::size_t kHeader = 1 << 20;
constexpr std::size_t kLargestStatus = 4 << 20;
constexpr std::size_t kMostRecipients = 1'000;
constexpr std::size_t kLongestText = 1'000;

std::string line(std::string_view value)
{
    return decodeHeaderText(value.substr(0, kLongestText));
}

/// The value behind "rfc822;", "dns;" and the like (RFC 3464 2.1.2), for which we have no use.
std::string typedValue(std::string_view value)
{
    const std::size_t semicolon = value.find(';');
    return line(trimmed(semicolon == value.npos ? value : value.substr(semicolon + 1)));
}

std::optional<DeliveryAction> actionOf(std::string_view word)
{
    constexpr std::array<std::pair<std::string_view, DeliveryAction>, 5> words{
        {{"failed", DeliveryAction::Failed},
         {"delayed", DeliveryAction::Delayed},
         {"delivered", DeliveryAction::Delivered},
         {"relayed", DeliveryAction::Relayed},
         {"expanded", DeliveryAction::Expanded}}};
    const std::string_view first = trimmed(word).substr(0, trimmed(word).find_first_of(" \t("));
    for (const auto& [name, action] : words)
        if (equalsIgnoreCase(first, name))
            return action;
    return std::nullopt;
}

/// Groups of fields with empty lines between them.
std::vector<std::string_view> blocksOf(std::string_view status)
{
    std::vector<std::string_view> blocks;
    std::size_t from = 0;
    const LineCutter lines(status, false);
    for (std::size_t at = 0; at < status.size();) {
        const Line line = lines.at(at);
        if (trimmed(status.substr(line.start, line.end - line.start)).empty()) {
            if (at > from)
                blocks.push_back(status.substr(from, at - from));
            from = line.next;
        }
        at = line.next;
    }
    if (from < status.size())
        blocks.push_back(status.substr(from));
    return blocks;
}

/// "5.1.1" of what begins like that (RFC 3463 2); empty where it does not.
std::string statusCode(std::string_view value)
{
    constexpr std::size_t longest = 9; // three digits behind each dot
    value = trimmed(value);
    const std::size_t end = value.find_first_not_of("0123456789.");
    const std::string_view code = value.substr(0, end);
    return code.size() >= 5 && code.size() <= longest ? std::string(code) : std::string();
}

void readRecipient(std::string_view block, DeliveryReport& report)
{
    RecipientReport recipient;
    std::string original;
    bool known = false;
    for (const HeaderField& field : headerFields(block, false)) {
        const std::string value = unfolded(field.value.substr(0, 4 * kLongestText));
        const auto is = [&](std::string_view name) { return equalsIgnoreCase(field.name, name); };
        if (is("Final-Recipient"))
            recipient.recipient = typedValue(value);
        else if (is("Original-Recipient"))
            original = typedValue(value);
        else if (is("Status"))
            recipient.status = statusCode(value);
        else if (is("Diagnostic-Code"))
            recipient.diagnostic = typedValue(value);
        else if (is("Remote-MTA"))
            recipient.server = typedValue(value);
        else if (const auto action = is("Action") ? actionOf(value) : std::nullopt) {
            recipient.action = *action;
            known = true;
        } else if (is("Reporting-MTA"))
            report.reporter = typedValue(value);
    }
    // What the sender wrote rather than what an alias made of it.
    if (!original.empty())
        recipient.recipient = original;
    if (known && report.recipients.size() < kMostRecipients)
        report.recipients.push_back(std::move(recipient));
}

/// A report holds the message that it is about, or its header, as its last part.
void readOriginal(std::string_view raw, const ParsedMessage& message, DeliveryReport& report)
{
    for (const MimePart& part : message.parts) {
        const bool whole = part.type == "message/rfc822" || part.type == "message/global";
        const bool header =
            part.type == "text/rfc822-headers" || part.type == "message/global-headers";
        if (!whole && !header)
            continue;
        const std::string text =
            header ? decodedPart(raw, part).substr(0, kHeader)
                   : std::string(raw.substr(part.bodyStart,
                                            std::min(part.bodyEnd - part.bodyStart, kHeader)));
        if (const auto id = headerField(text, "Message-ID"))
            if (auto ids = parseMessageIds(*id); !ids.empty())
                report.messageId = std::move(ids.front());
        if (const auto subject = headerField(text, "Subject"))
            report.subject = decodeHeaderText(subject->substr(0, 4 * kLongestText));
        return;
    }
}

const MimePart* partOf(const ParsedMessage& message, std::string_view type, std::string_view global)
{
    // A report within a forwarded message is not about ours.
    for (const MimePart& part : message.parts)
        if ((part.type == type || part.type == global) && part.parent <= 0)
            return &part;
    return nullptr;
}

} // namespace

std::optional<DeliveryReport> readDeliveryReport(std::string_view raw, const ParsedMessage& message)
{
    DeliveryReport report;
    if (const MimePart* part =
            partOf(message, "message/delivery-status", "message/global-delivery-status")) {
        const std::string status = decodedPart(raw, *part).substr(0, kLargestStatus);
        for (const std::string_view block : blocksOf(status))
            readRecipient(block, report);
    }
    const auto failed = headerField(raw.substr(0, kHeader), "X-Failed-Recipients");
    if (report.recipients.empty() && failed)
        for (const Address& address : parseAddressList(*failed))
            if (report.recipients.size() < kMostRecipients)
                report.recipients.push_back({address.address, DeliveryAction::Failed, {}, {}, {}});
    if (report.recipients.empty())
        return std::nullopt;
    readOriginal(raw, message, report);
    return report;
}

std::optional<ReadReceipt> readReadReceipt(std::string_view raw, const ParsedMessage& message)
{
    const MimePart* part = partOf(message, "message/disposition-notification",
                                  "message/global-disposition-notification");
    if (!part)
        return std::nullopt;
    ReadReceipt receipt;
    bool disposed = false;
    const std::string fields = decodedPart(raw, *part).substr(0, kLargestStatus);
    for (const HeaderField& field : headerFields(fields, false)) {
        const std::string value = unfolded(field.value.substr(0, 4 * kLongestText));
        if (equalsIgnoreCase(field.name, "Final-Recipient")) {
            receipt.recipient = typedValue(value);
        } else if (equalsIgnoreCase(field.name, "Original-Message-ID")) {
            if (auto ids = parseMessageIds(value); !ids.empty())
                receipt.messageId = std::move(ids.front());
        } else if (equalsIgnoreCase(field.name, "Disposition")) {
            disposed = true;
            const std::string words = lowered(value);
            const std::size_t semicolon = words.find(';');
            receipt.bySomebody = words.find("mdn-sent-manually") < semicolon;
            receipt.displayed =
                semicolon != words.npos && words.find("displayed", semicolon) != words.npos;
        }
    }
    return disposed ? std::optional(std::move(receipt)) : std::nullopt;
}

std::string reportedMessageId(std::string_view raw, const ParsedMessage& message)
{
    const bool mayReport =
        message.from.empty() || message.parts.front().type == "multipart/report" ||
        std::any_of(message.parts.begin(), message.parts.end(), [](const MimePart& part) {
            return part.type.starts_with("message/") && part.parent <= 0;
        });
    if (!mayReport)
        return {};
    if (auto delivery = readDeliveryReport(raw, message))
        return std::move(delivery->messageId);
    if (auto receipt = readReadReceipt(raw, message))
        return std::move(receipt->messageId);
    return {};
}

std::optional<ReceiptRequest> receiptRequest(std::string_view raw, const ParsedMessage& message)
{
    const auto field = headerField(raw.substr(0, kHeader), "Disposition-Notification-To");
    if (!field)
        return std::nullopt;
    ReceiptRequest request;
    for (Address& address : parseAddressList(*field))
        if (address.address.find('@') != std::string::npos && request.to.size() < 10)
            request.to.push_back(std::move(address));
    if (request.to.empty())
        return std::nullopt;
    request.elsewhere = std::any_of(request.to.begin(), request.to.end(), [&](const Address& to) {
        return std::none_of(message.from.begin(), message.from.end(), [&](const Address& from) {
            return equalsIgnoreCase(from.address, to.address);
        });
    });
    return request;
}

Result<BuiltMessage> buildReadReceipt(const ReceiptRequest& request, const ParsedMessage& message,
                                      const Identity& identity, const std::string& subject,
                                      const std::string& words, std::int64_t now,
                                      const SendingStyle& style)
{
    Draft draft;
    draft.to = request.to;
    draft.subject = subject;
    draft.text = words;
    draft.inReplyTo = message.messageId;
    if (!message.messageId.empty())
        draft.references = {message.messageId};
    auto built = buildMessage(draft, identity, now, style);
    if (!built)
        return built;
    std::string fields = "Final-Recipient: rfc822;" + identity.email + "\r\n";
    if (!message.messageId.empty())
        fields += "Original-Message-ID: <" + message.messageId + ">\r\n";
    fields += "Disposition: manual-action/MDN-sent-manually; displayed\r\n";
    BuiltMessage receipt =
        withAnswer(std::move(*built), "multipart/report; report-type=disposition-notification",
                   {{"message/disposition-notification", fields}});
    receipt.sender.clear();
    return receipt;
}

} // namespace avocet
