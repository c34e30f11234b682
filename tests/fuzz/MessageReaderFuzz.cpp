// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer target: whatever bytes come, the reader must keep its promises. Built and started by
// tests/fuzz/run.
#include "core/mime/AuthenticationResults.h"
#include "core/mime/CompressedRtf.h"
#include "core/mime/Invitations.h"
#include "core/mime/MailingList.h"
#include "core/mime/MessageBuilder.h"
#include "core/mime/MessageReader.h"
#include "core/mime/ReplyBuilder.h"
#include "core/mime/Reports.h"
#include "core/mime/SenderChecks.h"
#include "core/mime/Tnef.h"
#include "core/mime/Trackers.h"
#include "core/mime/Utf8.h"
#include "tests/fuzz/Require.h"

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

using namespace avocet;
using fuzz::require;

namespace {

void requireText(const std::string& text)
{
    require(mime::isValidUtf8(text), "all text is valid UTF-8");
}

void requireLine(const std::string& text)
{
    requireText(text);
    for (const char c : text)
        require(static_cast<unsigned char>(c) >= ' ' && c != 0x7F,
                "headers have no control characters");
}

void requireAddresses(const std::vector<Address>& list)
{
    for (const Address& address : list) {
        requireLine(address.name);
        requireLine(address.address);
        require(!address.name.empty() || !address.address.empty(), "no address is empty");
    }
}

bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Each ASCII word of `body` occurs in `text`, in the same order.
void requireWords(std::string_view body, std::string_view text)
{
    std::size_t found = 0;
    for (std::size_t pos = 0; pos < body.size();) {
        if (!isWord(body[pos])) {
            ++pos;
            continue;
        }
        std::size_t end = pos;
        while (end < body.size() && isWord(body[end]))
            ++end;
        const std::string_view word = body.substr(pos, end - pos);
        found = text.find(word, found);
        require(found != std::string_view::npos, "no word is lost");
        found += word.size();
        pos = end;
    }
}

void requireStructure(std::string_view message, const ParsedMessage& parsed)
{
    require(!parsed.parts.empty(), "there is a root part");
    require(parsed.parts.size() <= 10'000, "the part limit holds");
    for (std::size_t i = 0; i < parsed.parts.size(); ++i) {
        const MimePart& part = parsed.parts[i];
        require(part.headerStart <= part.bodyStart && part.bodyStart <= part.bodyEnd &&
                    part.bodyEnd <= message.size(),
                "offsets are in order and within the message");
        require(part.parent < static_cast<int>(i) && (i == 0) == (part.parent < 0),
                "a parent comes before its children");
        if (part.parent >= 0) {
            const MimePart& parent = parsed.parts[static_cast<std::size_t>(part.parent)];
            require(part.headerStart >= parent.bodyStart && part.bodyEnd <= parent.bodyEnd,
                    "a part lies within its parent");
        }
        requireLine(part.type);
        requireLine(part.charset);
        requireLine(part.encoding);
        requireLine(part.name);
        requireLine(part.disposition);
        requireLine(part.contentId);
        require(part.name.size() <= 256 && part.name.find('/') == std::string::npos,
                "a name is a base name");
    }
}

void requireAttachments(std::string_view message, const ParsedMessage& parsed)
{
    for (const ParsedAttachment& attachment : parsed.attachments) {
        requireLine(attachment.name);
        require(!attachment.name.empty(), "an attachment has a name");
        require(decodedAttachment(message, parsed, attachment).size() ==
                    static_cast<std::size_t>(attachment.size),
                "the listed size is the decoded size");
    }
}

ParsedMessage readChecked(std::string_view message)
{
    ParsedMessage parsed = readMessage(message);
    requireStructure(message, parsed);
    requireAttachments(message, parsed);
    requireText(parsed.text);
    for (const ShownPart& shown : parsed.shown) {
        requireText(shown.content);
        require(shown.part < static_cast<int>(parsed.parts.size()), "what is shown is of a part");
    }
    requireLine(parsed.subject);
    requireLine(parsed.messageId);
    requireLine(parsed.inReplyTo);
    for (const auto& id : parsed.references)
        requireLine(id);
    for (const auto& note : parsed.notes)
        requireText(note);
    for (const auto* list :
         {&parsed.from, &parsed.sender, &parsed.replyTo, &parsed.to, &parsed.cc, &parsed.bcc})
        requireAddresses(*list);
    require(parsed.text.size() <= 40 * message.size() + 100'000, "text does not explode");
    requireLine(previewOf(parsed));
    return parsed;
}

/// The bytes as the body of an honest message: no word of it may get lost.
void checkPlainBody(std::string_view body)
{
    for (const char c : body)
        if ((static_cast<unsigned char>(c) & 0x80) != 0)
            return;
    const std::string plain = "Subject: words\nX-Test: 1\n\n" + std::string(body);
    const ParsedMessage one = readChecked(plain);
    if (one.attachments.empty())
        requireWords(body, one.text);
    const std::string mark = "=_a mark that no input will hit 7f3a9c";
    if (body.find(mark) != std::string_view::npos)
        return;
    const std::string parts = "Content-Type: multipart/mixed; boundary=\"" + mark + "\"\n\n--" +
                              mark + "\n\n" + std::string(body) + "\n--" + mark + "--\n";
    const ParsedMessage two = readChecked(parts);
    if (two.attachments.empty())
        requireWords(body, two.text);
}

void checkHelpers(std::string_view bytes)
{
    requireLine(decodeHeaderText(bytes));
    requireAddresses(parseAddressList(bytes));
    for (const auto& id : parseMessageIds(bytes))
        requireLine(id);
    int offset = 0;
    if (parseMailDate(bytes, &offset))
        require(offset >= -1440 && offset <= 1440, "a zone is within a day");
    const std::string text = htmlToText(bytes);
    requireText(text);
    require(text.size() <= 4 * bytes.size() + 100'000, "HTML does not explode");
}

void checkInvitation(const std::optional<Invitation>& invitation)
{
    if (!invitation)
        return;
    requireLine(invitation->uid);
    requireLine(invitation->summary);
    requireLine(invitation->location);
    requireText(invitation->description);
    requireLine(invitation->start.zone);
    require(invitation->attendees.size() <= 1'000, "attendees are bounded");
    Identity identity;
    identity.email = "me@example.org";
    const auto reply =
        buildInvitationReply(*invitation, Participation::Accepted, identity, "yes", "yes", 0);
    if (!reply)
        return;
    const auto read = invitationIn(reply->bytes, readMessage(reply->bytes));
    require(read && read->method == InvitationMethod::Reply, "an answer is an answer");
    require(read->uid == invitation->uid && read->start.utc == invitation->start.utc,
            "an answer is to what was asked");
}

/// What the window shows beside a message.
void checkSurroundings(std::string_view message, const ParsedMessage& parsed)
{
    const auto server = topAuthServer(message);
    const auto found = readAuthentication(message, server.value_or("mx.example"));
    if (found)
        for (const AuthResult& result : found->results) {
            requireLine(result.method);
            requireLine(result.domain);
            requireLine(result.reason);
        }
    const MailingList list = readMailingList(message);
    for (const auto* text : {&list.id, &list.name, &list.post, &list.unsubscribeWeb,
                             &list.unsubscribeMail, &list.archive})
        requireLine(*text);
    KnownPeople known;
    known.domains = {"example.org", "paypal.com"};
    for (const SenderFinding& finding : checkSender(parsed, known, list.isList())) {
        requireLine(finding.shown);
        requireLine(finding.really);
    }
    if (const auto report = readDeliveryReport(message, parsed)) {
        require(!report->recipients.empty() && report->recipients.size() <= 1'000,
                "a report is about somebody");
        for (const RecipientReport& recipient : report->recipients)
            for (const auto* text : {&recipient.recipient, &recipient.status, &recipient.diagnostic,
                                     &recipient.server})
                requireLine(*text);
        requireLine(report->messageId);
        requireLine(report->subject);
    }
    if (const auto receipt = readReadReceipt(message, parsed))
        requireLine(receipt->recipient);
    if (const auto request = receiptRequest(message, parsed)) {
        Identity identity;
        identity.email = "me@example.org";
        if (const auto built = buildReadReceipt(*request, parsed, identity, "seen", "seen", 0))
            require(readReadReceipt(built->bytes, readMessage(built->bytes)).has_value(),
                    "a receipt is a receipt");
    }
    checkInvitation(invitationIn(message, parsed));
}

/// The bytes as what a part may hold.
void checkContents(std::string_view bytes)
{
    if (const auto content = mime::readTnef(bytes)) {
        requireText(content->text);
        requireText(content->html);
        for (const auto& file : content->files) {
            requireLine(file.name);
            requireLine(file.type);
            requireLine(file.contentId);
            require(!file.name.empty() && file.name.find('/') == std::string::npos,
                    "a file's name is a base name");
        }
    }
    if (const auto rtf = mime::decompressedRtf(bytes))
        require(rtf->size() <= bytes.size() * 9, "rich text does not explode");
    checkInvitation(readInvitation(bytes));
    require(stripTracking(bytes).size() <= bytes.size(), "an address does not grow");
    trackerCompany(bytes);
}

void checkEdits(std::string_view message, const ParsedMessage& parsed)
{
    if (const auto built = prepareRaw(message, 1'700'000'000)) {
        require(!headerField(built->bytes, "Bcc"), "Bcc is never in what is sent");
        require(headerField(built->bytes, "Message-ID").has_value(), "there is a Message-ID");
        require(!built->recipients.empty(), "there is a recipient");
    }
    Identity identity;
    identity.email = "me@example.org";
    for (const ReplyKind kind : {ReplyKind::Reply, ReplyKind::ReplyAll, ReplyKind::Forward}) {
        const Draft draft = draftReply(kind, message, parsed, identity, {}, "They wrote:");
        requireText(draft.text);
        requireLine(draft.subject);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const auto cpuTime = [] {
        timespec now{};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
        return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
    };
    const double start = cpuTime();
    const ParsedMessage parsed = readChecked(bytes);
    checkEdits(bytes, parsed);
    checkSurroundings(bytes, parsed);
    checkContents(bytes);
    checkPlainBody(bytes);
    checkHelpers(bytes);
    // Far above what an instrumented build needs, far below what a quadratic step would take.
    require(cpuTime() - start < 1.0 + static_cast<double>(size) * 40e-6, "reading is linear");
    return 0;
}
