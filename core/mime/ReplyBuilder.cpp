// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/ReplyBuilder.h"

#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"

#include <algorithm>

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

/// The original's text without its signature, each line behind "> ".
std::string quoted(std::string_view text)
{
    std::string result;
    result.reserve(text.size() + text.size() / 16);
    text = trimmedEnd(text);
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t end = std::min(text.find('\n', pos), text.size());
        const std::string_view line = text.substr(pos, end - pos);
        if (line == "-- ")
            break;
        result += line.starts_with('>') ? ">" : line.empty() ? ">" : "> ";
        result.append(line) += '\n';
        pos = end + 1;
    }
    while (result.ends_with("\n>\n"))
        result.resize(result.size() - 2);
    return result;
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

std::string forwardText(std::string_view raw, const ParsedMessage& message,
                        const std::string& attribution)
{
    std::string result = attribution.empty() ? "" : attribution + "\n";
    const auto line = [&result](std::string_view name, const std::string& value) {
        if (!value.empty())
            result.append(name).append(": ").append(value) += '\n';
    };
    const std::size_t start = message.parts.empty() ? 0 : message.parts.front().headerStart;
    const std::size_t end = message.parts.empty() ? 0 : message.parts.front().bodyStart;
    const std::string_view header =
        start <= end && end <= raw.size() ? raw.substr(start, end - start) : std::string_view();
    line("From", listed(message.from));
    line("Date", decodeHeaderText(headerField(header, "Date").value_or("")));
    line("Subject", message.subject);
    line("To", listed(message.to));
    line("Cc", listed(message.cc));
    result += '\n';
    return result + message.text;
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

std::string signatureOf(const Identity& identity)
{
    return identity.signature.empty() ? std::string() : "\n-- \n" + identity.signature + "\n";
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

} // namespace

Draft draftReply(ReplyKind kind, std::string_view raw, const ParsedMessage& message,
                 const Identity& identity, const std::vector<std::string>& ownAddresses,
                 const std::string& attribution)
{
    Draft draft;
    draft.identity = identity.id;
    draft.subject = prefixed(message.subject, kind == ReplyKind::Forward);
    draft.references = referencesFor(message);
    if (kind == ReplyKind::Forward) {
        draft.forwards = true;
        draft.text = "\n" + signatureOf(identity) + "\n" + forwardText(raw, message, attribution);
        for (const ParsedAttachment& attachment : message.attachments)
            draft.attachments.push_back(
                {attachment.name, attachment.type, decodedAttachment(raw, message, attachment)});
        return draft;
    }
    std::vector<std::string> own = ownAddresses;
    own.push_back(identity.email);
    addressReply(draft, kind, message, own);
    draft.inReplyTo = message.messageId;
    draft.text = "\n\n" + (attribution.empty() ? "" : attribution + "\n") + quoted(message.text) +
                 signatureOf(identity);
    return draft;
}

} // namespace avocet
