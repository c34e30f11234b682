// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/SmtpEnvelope.h"

#include <algorithm>
#include <charconv>

namespace avocet {
namespace {

constexpr std::size_t maxAddress = 1000;
constexpr std::size_t maxEnvelopeId = 100; // RFC 3461 4.4, behind the encoding

bool isAscii(std::string_view text)
{
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/// Nothing that could end the path or the command line.
bool isPath(std::string_view address)
{
    return address.size() <= maxAddress && std::none_of(address.begin(), address.end(), [](char c) {
               return static_cast<unsigned char>(c) <= 32 || c == 127 || c == '<' || c == '>';
           });
}

/// RFC 3461 4.
std::string xtext(std::string_view text)
{
    constexpr char digits[] = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 32 && byte < 127 && c != '+' && c != '=') {
            result += c;
            continue;
        }
        result += '+';
        result += digits[byte >> 4];
        result += digits[byte & 15];
    }
    return result;
}

Error invalid(std::string detail, ErrorCode code = ErrorCode::InvalidInput)
{
    return Error{ErrorKind::Rejected, std::move(detail), {}, code, 0};
}

bool wantsReports(const SmtpEnvelope& envelope, const SmtpOffers& offers)
{
    return envelope.reportDelivery && !envelope.sender.empty() && offers.has("DSN");
}

} // namespace

bool SmtpOffers::has(std::string_view keyword) const
{
    return std::any_of(m_lines.begin(), m_lines.end(), [&](const std::string& line) {
        return line.starts_with(keyword) &&
               (line.size() == keyword.size() || line[keyword.size()] == ' ');
    });
}

std::int64_t SmtpOffers::maxSize() const
{
    for (const std::string& line : m_lines) {
        if (!line.starts_with("SIZE "))
            continue;
        std::int64_t size = 0;
        const char* end = line.data() + line.size();
        const auto parsed = std::from_chars(line.data() + 5, end, size);
        return parsed.ec == std::errc() && size > 0 ? size : 0;
    }
    return 0;
}

std::optional<Error> checkEnvelope(const SmtpEnvelope& envelope, const MessageNeeds& needs,
                                   const SmtpOffers& offers)
{
    if (const std::int64_t limit = offers.maxSize(); limit > 0 && needs.size > limit)
        return invalid("the message has " + std::to_string(needs.size) +
                           " bytes, the server takes " + std::to_string(limit),
                       ErrorCode::TooLarge);
    if (envelope.recipients.empty())
        return invalid("no recipients", ErrorCode::NoRecipients);
    if (!isAscii(envelope.sender) && !offers.has("SMTPUTF8"))
        return invalid("the server does not take the address " + envelope.sender);
    if (!isPath(envelope.sender))
        return invalid("the sender's address cannot be sent");
    for (const std::string& recipient : envelope.recipients) {
        if (recipient.empty() || !isPath(recipient))
            return invalid("a recipient's address cannot be sent");
        if (!isAscii(recipient) && !offers.has("SMTPUTF8"))
            return invalid("the server does not take the address " + recipient);
    }
    return std::nullopt;
}

std::string mailCommand(const SmtpEnvelope& envelope, const MessageNeeds& needs,
                        const SmtpOffers& offers)
{
    std::string command = "MAIL FROM:<" + envelope.sender + ">";
    if (offers.has("SIZE"))
        command += " SIZE=" + std::to_string(needs.size);
    if (needs.eightBit && offers.has("8BITMIME"))
        command += " BODY=8BITMIME";
    const bool foreign =
        needs.eightBitHeader || !isAscii(envelope.sender) ||
        !std::all_of(envelope.recipients.begin(), envelope.recipients.end(), isAscii);
    if (foreign && offers.has("SMTPUTF8"))
        command += " SMTPUTF8";
    if (wantsReports(envelope, offers)) {
        command += " RET=HDRS";
        if (const std::string id = xtext(envelope.id); !id.empty() && id.size() <= maxEnvelopeId)
            command += " ENVID=" + id;
    }
    return command;
}

std::string rcptCommand(const SmtpEnvelope& envelope, const std::string& recipient,
                        const SmtpOffers& offers)
{
    std::string command = "RCPT TO:<" + recipient + ">";
    if (wantsReports(envelope, offers)) {
        command += " NOTIFY=SUCCESS,FAILURE,DELAY";
        if (isAscii(recipient))
            command += " ORCPT=rfc822;" + xtext(recipient);
    }
    return command;
}

} // namespace avocet
