// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/HeaderWriter.h"
#include "core/mime/MessageBuilder.h"
#include "core/mime/MessageBuilderParts.h"
#include "core/mime/MessageId.h"
#include "core/mime/MessageReader.h"
#include "core/mime/SafeTransfer.h"

#include <algorithm>
#include <array>
#include <utility>

// Edits of finished messages. They work on bytes and lines, so that what they do not change stays
// as it was written, signatures included.

namespace avocet {
namespace {

using namespace mime;

struct Header {
    std::vector<HeaderField> fields;
    std::size_t end = 0; ///< start of the empty line, or of what is no header any more
};

/// Fields up to the first line that is neither a field nor a continuation.
Header strictHeader(std::string_view message)
{
    Header header;
    const LineCutter lines(message, false);
    std::size_t pos = 0;
    while (pos < message.size()) {
        const Line line = lines.at(pos);
        const std::string_view text = message.substr(line.start, line.end - line.start);
        const bool folded = !text.empty() && (text.front() == ' ' || text.front() == '\t');
        if (text.empty() || (!folded && fieldNameLength(text) == 0) || (folded && pos == 0))
            break;
        pos = line.next;
    }
    header.end = pos;
    header.fields = headerFields(message.substr(0, pos), false);
    return header;
}

bool isBlind(const HeaderField& field)
{
    return equalsIgnoreCase(field.name, "Bcc") || equalsIgnoreCase(field.name, "Resent-Bcc");
}

void addRecipients(const std::vector<HeaderField>& fields, std::vector<std::string>& recipients)
{
    constexpr std::array<std::string_view, 3> names{"To", "Cc", "Bcc"};
    for (const std::string_view name : names)
        for (const HeaderField& field : fields)
            if (equalsIgnoreCase(field.name, name))
                for (const Address& address : parseAddressList(field.value))
                    if (address.address.find('@') != std::string::npos)
                        addRecipient(recipients, address.address);
}

std::string valueOf(const std::vector<HeaderField>& fields, std::string_view name)
{
    for (const HeaderField& field : fields)
        if (equalsIgnoreCase(field.name, name))
            return unfolded(field.value);
    return {};
}

} // namespace

Result<BuiltMessage> prepareRaw(std::string_view message, std::int64_t now)
{
    std::string bytes = withLastCrLf(message);
    if (isMboxLine(bytes))
        bytes.erase(0, bytes.find("\r\n") + 2);
    if (auto safe = safeForTransfer(bytes, Transfer::ShortLines))
        bytes = std::move(*safe);
    else
        return tl::unexpected(safe.error());
    const Header header = strictHeader(bytes);
    const std::vector<HeaderField>& fields = header.fields;
    BuiltMessage built;
    const std::vector<Address> from = parseAddressList(valueOf(fields, "From"));
    if (from.empty() || from.front().address.find('@') == std::string::npos)
        return invalid("The message has no From address");
    built.from = from.front().address;
    built.sender = built.from;
    addRecipients(fields, built.recipients);
    if (built.recipients.empty())
        return fail(ErrorKind::Rejected, "The message has no recipient", ErrorCode::NoRecipients);
    built.subject = decodeHeaderText(valueOf(fields, "Subject"));

    std::size_t kept = 0;
    for (const HeaderField& field : fields) {
        if (!isBlind(field))
            continue;
        built.bytes.append(bytes, kept, field.start - kept);
        kept = field.end;
        const std::string value = unfolded(field.value);
        if (equalsIgnoreCase(field.name, "Bcc") && !value.empty())
            built.bcc += (built.bcc.empty() ? "" : ", ") + value;
    }
    built.bytes.append(bytes, kept, header.end - kept);
    if (valueOf(fields, "Date").empty())
        built.bytes += dateField(now, false);
    const std::vector<std::string> ids = parseMessageIds(valueOf(fields, "Message-ID"));
    built.messageId = ids.empty() ? newMessageId(built.from) : ids.front();
    if (ids.empty())
        built.bytes += "Message-ID: <" + built.messageId + ">\r\n";
    if (!std::string_view(bytes).substr(header.end).starts_with("\r\n"))
        built.bytes += "\r\n";
    built.bytes.append(bytes, header.end);
    return built;
}

Result<BuiltMessage> buildRedirect(std::string_view message, const Identity& identity,
                                   const std::vector<Address>& to, const std::vector<Address>& cc,
                                   const std::vector<Address>& bcc, std::int64_t now,
                                   const SendingStyle& style)
{
    // The addresses' form and all checks of them are buildMessage's.
    Draft fields;
    fields.identity = identity.id;
    fields.to = to;
    fields.cc = cc;
    fields.bcc = bcc;
    auto built = buildMessage(fields, identity, now, style);
    if (!built)
        return built;
    const Header made = strictHeader(built->bytes);
    std::string resent;
    for (const char* name : {"From", "To", "Cc", "Date", "Message-ID"})
        for (const HeaderField& field : made.fields)
            if (equalsIgnoreCase(field.name, name))
                resent +=
                    "Resent-" + std::string(built->bytes, field.start, field.end - field.start);
    std::string bytes = withLastCrLf(message);
    if (isMboxLine(bytes))
        bytes.erase(0, bytes.find("\r\n") + 2);
    const Header header = strictHeader(bytes);
    built->bytes = std::move(resent);
    std::size_t kept = 0;
    for (const HeaderField& field : header.fields) {
        if (!isBlind(field) && !equalsIgnoreCase(field.name, "Return-Path"))
            continue;
        built->bytes.append(bytes, kept, field.start - kept);
        kept = field.end;
    }
    built->bytes.append(bytes, kept);
    built->subject = decodeHeaderText(valueOf(header.fields, "Subject"));
    return built;
}

bool isRedirect(std::string_view message)
{
    return message.starts_with("Resent-");
}

std::string withBcc(std::string_view message, std::string_view bcc)
{
    if (bcc.empty())
        return std::string(message);
    // What is sent on keeps its own fields together, in front (RFC 5322 3.6.6).
    const bool resent = isRedirect(message);
    const std::size_t end = resent ? 0 : strictHeader(message).end;
    std::string result(message.substr(0, end));
    result += resent ? "Resent-Bcc: " : "Bcc: ";
    // Folded at spaces, so that a long list keeps to RFC 5322's line length.
    std::size_t column = 5;
    for (std::size_t pos = 0; pos < bcc.size();) {
        const std::size_t space = std::min(bcc.find(' ', pos), bcc.size());
        const std::string_view word = bcc.substr(pos, space - pos);
        if (pos > 0) {
            const bool fold = column + word.size() > 76;
            result += fold ? "\r\n " : " ";
            column = fold ? 1 : column + 1;
        }
        for (const char c : word)
            result += c == '\r' || c == '\n' ? ' ' : c;
        column += word.size();
        pos = space + 1;
    }
    result += "\r\n";
    return result.append(message.substr(end));
}

} // namespace avocet
