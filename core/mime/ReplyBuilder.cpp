// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/ReplyBuilder.h"

#include "core/mime/Ascii.h"
#include "core/mime/FileNames.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MailingList.h"
#include "core/mime/OriginalText.h"
#include "core/mime/SignatureText.h"
#include "core/mime/TransferEncoding.h"

#include <algorithm>
#include <iterator>

namespace avocet {
namespace {

using namespace mime;

bool contains(const std::vector<std::string>& addresses, const std::string& address)
{
    return std::any_of(addresses.begin(), addresses.end(),
                       [&](const std::string& own) { return equalsIgnoreCase(own, address); });
}

/// Adds those that can be written to and are not in the list yet.
void addAddresses(std::vector<Address>& list, const std::vector<Address>& more,
                  const std::vector<std::string>& without, const std::vector<Address>& elsewhere)
{
    const auto holds = [](const std::vector<Address>& where, const Address& address) {
        return std::any_of(where.begin(), where.end(), [&](const Address& a) {
            return equalsIgnoreCase(a.address, address.address);
        });
    };
    for (const Address& address : more)
        if (address.address.find('@') != std::string::npos && !contains(without, address.address) &&
            !holds(list, address) && !holds(elsewhere, address))
            list.push_back(address);
}

/// Length of one "Re:", "AW[2]:" or the like at the start, 0 where there is none.
std::size_t prefixLength(std::string_view subject, bool forward)
{
    constexpr std::string_view replies[] = {"re", "aw", "sv", "antw", "ref", "vs"};
    constexpr std::string_view forwards[] = {"fwd", "fw", "wg", "tr", "vb", "vl"};
    const auto tryPrefix = [&](std::string_view prefix) -> std::size_t {
        if (!startsWithIgnoreCase(subject, prefix))
            return 0;
        std::size_t pos = prefix.size();
        if (pos < subject.size() && (subject[pos] == '[' || subject[pos] == '(')) {
            const std::size_t close = subject.find_first_of("])", pos);
            pos = close == std::string_view::npos ? pos : close + 1;
        }
        return pos < subject.size() && subject[pos] == ':' ? pos + 1 : 0;
    };
    std::size_t length = 0;
    if (forward) {
        for (const std::string_view prefix : forwards)
            length = std::max(length, tryPrefix(prefix));
    } else {
        for (const std::string_view prefix : replies)
            length = std::max(length, tryPrefix(prefix));
    }
    return length;
}

std::string prefixed(std::string_view subject, bool forward)
{
    std::string_view rest = trimmed(subject);
    while (const std::size_t length = prefixLength(rest, forward))
        rest = trimmed(rest.substr(length));
    return std::string(forward ? "Fwd:" : "Re:") + (rest.empty() ? "" : " ") + std::string(rest);
}

RichBlock line(std::string words)
{
    RichBlock block;
    if (!words.empty())
        block.runs = {{std::move(words)}};
    return block;
}

/// Without the signature and empty lines at the end.
void trimOriginal(RichText& text)
{
    const auto isSignature = [](const RichBlock& block) {
        return block.quote == 0 && block.runs.size() == 1 && block.runs.front().text == "-- ";
    };
    const auto end = std::find_if(text.blocks.begin(), text.blocks.end(), isSignature);
    text.blocks.erase(end, text.blocks.end());
    while (!text.blocks.empty() && text.blocks.back().runs.empty() &&
           text.blocks.back().kind == RichBlock::Kind::Paragraph)
        text.blocks.pop_back();
}

void append(RichText& text, RichText more)
{
    std::move(more.blocks.begin(), more.blocks.end(), std::back_inserter(text.blocks));
}

std::string listed(const std::vector<Address>& addresses)
{
    std::string result;
    for (const Address& address : addresses) {
        result += result.empty() ? "" : ", ";
        if (address.name.empty() || address.address.empty())
            result += address.name + address.address;
        else
            result += address.name + " <" + address.address + ">";
    }
    return result;
}

/// What is said about a forwarded message in front of it.
RichText forwardHeader(std::string_view raw, const ParsedMessage& message,
                       const std::string& attribution)
{
    RichText result;
    if (!attribution.empty())
        result.blocks.push_back(line(attribution));
    const auto field = [&result](const std::string& name, const std::string& value) {
        if (value.empty())
            return;
        RichBlock block;
        block.runs = {{name + ":"}, {" " + value}};
        block.runs.front().style.bold = true;
        result.blocks.push_back(std::move(block));
    };
    const std::size_t start = message.parts.empty() ? 0 : message.parts.front().headerStart;
    const std::size_t end = message.parts.empty() ? 0 : message.parts.front().bodyStart;
    const std::string_view header =
        start <= end && end <= raw.size() ? raw.substr(start, end - start) : std::string_view();
    field("From", listed(message.from));
    field("Date", decodeHeaderText(headerField(header, "Date").value_or("")));
    field("Subject", message.subject);
    field("To", listed(message.to));
    field("Cc", listed(message.cc));
    result.blocks.emplace_back();
    return result;
}

std::vector<std::string> referencesFor(const ParsedMessage& message)
{
    std::vector<std::string> result = message.references;
    if (result.empty() && !message.inReplyTo.empty())
        result.push_back(message.inReplyTo);
    if (!message.messageId.empty()) {
        std::erase(result, message.messageId);
        result.push_back(message.messageId);
    }
    // The first one names the conversation, the newest ones its place in it.
    constexpr std::size_t most = 50;
    if (result.size() > most)
        result.erase(result.begin() + 1, result.end() - static_cast<std::ptrdiff_t>(most - 1));
    return result;
}

void addressReply(Draft& draft, ReplyKind kind, const ParsedMessage& message,
                  const std::vector<std::string>& own)
{
    const bool mine = !message.from.empty() && contains(own, message.from.front().address);
    if (mine) // a reply to one's own message goes to those it was sent to
        addAddresses(draft.to, message.to, own, {});
    else
        addAddresses(draft.to, !message.replyTo.empty() ? message.replyTo : message.from, {}, {});
    if (kind == ReplyKind::ReplyAll) {
        addAddresses(draft.cc, message.to, own, draft.to);
        addAddresses(draft.cc, message.cc, own, draft.to);
    }
    if (draft.to.empty() && mine)
        addAddresses(draft.to, message.from, {}, {});
}

/// Where a list takes answers; empty: nowhere.
std::string listAddress(std::string_view raw)
{
    const MailingList list = readMailingList(raw);
    constexpr std::string_view scheme = "mailto:";
    if (list.postingClosed || !startsWithIgnoreCase(list.post, scheme))
        return {};
    const std::string_view written = std::string_view(list.post).substr(
        scheme.size(), std::min(list.post.find('?'), list.post.size()) - scheme.size());
    const std::string address = percentDecoded(written);
    const bool one = address.find('@') != std::string::npos &&
                     std::none_of(address.begin(), address.end(), [](char c) {
                         return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == '<';
                     });
    return one ? address : std::string();
}

void forward(Draft& draft, RichText& text, std::string_view raw, const ParsedMessage& message,
             const std::string& attribution, const ReplyOptions& options)
{
    draft.forwards = true;
    if (options.asAttachment) {
        const std::string name = message.subject.empty() ? "message" : message.subject;
        draft.attachments.push_back(
            {safeFileName(name + ".eml"), "message/rfc822", std::string(raw)});
        return;
    }
    OriginalText original = originalText(raw, message, options.rich, options.limits);
    text.blocks.emplace_back();
    append(text, forwardHeader(raw, message, attribution));
    if (original.text.cut)
        original.text.blocks.push_back(line(options.cutWords));
    append(text, std::move(original.text));
    draft.attachments = std::move(original.pictures);
    for (const ParsedAttachment& attachment : message.attachments)
        if (attachment.part < 0 || std::find(original.shownParts.begin(), original.shownParts.end(),
                                             attachment.part) == original.shownParts.end())
            draft.attachments.push_back(
                {attachment.name, attachment.type, decodedAttachment(raw, message, attachment)});
}

/// The attribution and what is quoted under it.
RichText quotation(Draft& draft, std::string_view raw, const ParsedMessage& message,
                   const std::string& attribution, const ReplyOptions& options)
{
    OriginalText original;
    if (options.selection.empty())
        original = originalText(raw, message, options.rich, options.limits);
    else
        original.text = richFromPlain(options.selection, options.limits);
    trimOriginal(original.text);
    if (original.text.cut)
        original.text.blocks.push_back(line(options.cutWords));
    quoteDeeper(original.text);
    draft.attachments = std::move(original.pictures);
    RichText result;
    if (!attribution.empty())
        result.blocks.push_back(line(attribution));
    append(result, std::move(original.text));
    return result;
}

} // namespace

Draft draftReply(ReplyKind kind, std::string_view raw, const ParsedMessage& message,
                 const Identity& identity, const std::vector<std::string>& ownAddresses,
                 const std::string& attribution, const ReplyOptions& options)
{
    Draft draft;
    draft.identity = identity.id;
    draft.subject = prefixed(message.subject, kind == ReplyKind::Forward);
    draft.references = referencesFor(message);
    const RichText signature = options.sign ? signatureText(identity) : RichText();
    RichText text;
    if (kind == ReplyKind::Forward) {
        text.blocks.emplace_back();
        append(text, signature);
        forward(draft, text, raw, message, attribution, options);
        setText(draft, text, options.rich);
        return draft;
    }
    std::vector<std::string> own = ownAddresses;
    own.push_back(identity.email);
    const std::string list = kind == ReplyKind::ReplyList ? listAddress(raw) : std::string();
    if (list.empty())
        addressReply(draft, kind, message, own);
    else
        draft.to.push_back({readMailingList(raw).name, list});
    draft.inReplyTo = message.messageId;
    RichText quoted = quotation(draft, raw, message, attribution, options);
    if (options.below) {
        append(text, std::move(quoted));
        text.blocks.resize(text.blocks.size() + 2);
        append(text, signature);
    } else {
        text.blocks.emplace_back();
        if (identity.signatureAbove)
            append(text, signature);
        text.blocks.emplace_back();
        append(text, std::move(quoted));
        if (!identity.signatureAbove)
            append(text, signature);
    }
    setText(draft, text, options.rich);
    return draft;
}

void setText(Draft& draft, const RichText& text, bool rich)
{
    draft.text = writePlain(text);
    draft.html = rich ? writeHtml(text) : std::string();
}

} // namespace avocet
