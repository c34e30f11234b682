// SPDX-License-Identifier: GPL-3.0-or-later
// One reply of an SMTP server (RFC 5321 4.2), bounded, and what a refusal means to us.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/LineReader.h"

#include <string>
#include <string_view>
#include <vector>

namespace avocet {

class ProtocolLog;

struct SmtpReply {
    static constexpr std::size_t maxLines = 512;
    static constexpr std::size_t maxBytes = 65'536;

    int code = 0;
    std::vector<std::string> lines; ///< text behind the code, line by line

    bool positive() const { return code >= 200 && code < 400; }
    /// Code and text in one line, at most 1,000 bytes, control characters removed.
    std::string words() const;
};

/// Reads a whole reply. NotSmtp where it has no code, LimitExceeded where it does not end.
Result<SmtpReply> readSmtpReply(LineReader& lines, ProtocolLog* log, std::string_view label);

/// 4xx: Transient, 5xx: Rejected, with the code and the server's words.
Error smtpRefusal(const SmtpReply& reply, std::string_view command);

} // namespace avocet
