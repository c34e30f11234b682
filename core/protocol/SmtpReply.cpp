// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/SmtpReply.h"

#include "core/protocol/ImapStatus.h"
#include "core/protocol/ProtocolLog.h"

#include <algorithm>

namespace avocet {

std::string SmtpReply::words() const
{
    std::string result = std::to_string(code);
    for (const std::string& line : lines)
        result += " " + line;
    return printable(result);
}

Result<SmtpReply> readSmtpReply(LineReader& lines, ProtocolLog* log, std::string_view label)
{
    SmtpReply reply;
    std::size_t bytes = 0;
    for (;;) {
        auto line = lines.line();
        if (!line)
            return tl::unexpected(line.error());
        if (log)
            log->received(label, *line);
        const bool wellFormed = line->size() >= 3 &&
                                std::all_of(line->begin(), line->begin() + 3,
                                            [](char c) { return c >= '0' && c <= '9'; }) &&
                                (line->size() == 3 || (*line)[3] == ' ' || (*line)[3] == '-');
        if (!wellFormed)
            return fail(ErrorKind::Protocol, "not an SMTP reply", ErrorCode::NotSmtp,
                        printable(*line));
        bytes += line->size();
        if (reply.lines.size() >= SmtpReply::maxLines || bytes > SmtpReply::maxBytes)
            return fail(ErrorKind::Protocol, "the server's reply does not end",
                        ErrorCode::LimitExceeded);
        reply.code = ((*line)[0] - '0') * 100 + ((*line)[1] - '0') * 10 + ((*line)[2] - '0');
        reply.lines.push_back(line->size() > 4 ? line->substr(4) : std::string());
        if (line->size() == 3 || (*line)[3] == ' ')
            return reply;
    }
}

Error smtpRefusal(const SmtpReply& reply, std::string_view command)
{
    Error error;
    error.kind = reply.code >= 500 && reply.code < 600   ? ErrorKind::Rejected
                 : reply.code >= 400 && reply.code < 500 ? ErrorKind::Transient
                                                         : ErrorKind::Protocol;
    error.detail = std::string(command) + " was answered with " + std::to_string(reply.code);
    error.serverText = reply.words();
    error.reply = reply.code;
    return error;
}

} // namespace avocet
