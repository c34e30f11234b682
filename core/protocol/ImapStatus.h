// SPDX-License-Identifier: GPL-3.0-or-later
// The status part of an IMAP response (RFC 3501 7.1), read tolerantly, and what a refusal means to us.
#pragma once

#include "core/model/Error.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

constexpr std::size_t maxMailboxId = 255; // RFC 8474 7

struct ImapStatus {
    enum class Condition { Ok, No, Bad, PreAuth, Bye };
    Condition condition = Condition::Ok;
    std::string code;      ///< response code's name in upper case, or empty
    std::string arguments; ///< what follows the name inside the brackets
    std::string text;
};

/// `text` begins behind the tag or "* ". Takes an OK without text. Nothing: it is no status.
std::optional<ImapStatus> parseImapStatus(std::string_view text);

/// A NO or BAD of an established session. [UNAVAILABLE], [INUSE], [SERVERBUG], [LIMIT] and
/// [CORRUPTION] are Transient; any other NO is Rejected, with NoSuchFolder for
/// [NONEXISTENT] and [TRYCREATE], AlreadyExists for [ALREADYEXISTS]; BAD is Rejected/InvalidInput, since the connection survives it.
Error refusal(const ImapStatus& status, std::string_view command);

/// Whether the response code says that the same request may work later (RFC 5530).
bool isTemporary(const ImapStatus& status);

/// At most 1,000 bytes, control characters removed, never cut inside a UTF-8 sequence.
std::string printable(std::string_view text);

std::string upperCase(std::string_view text);
bool differsInCaseAlone(std::string_view a, std::string_view b);
/// ASCII letters without case. What is sent the way RFC 3501 prints it costs one comparison.
inline bool equalsNoCase(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && (a == b || differsInCaseAlone(a, b));
}
inline bool startsNoCase(std::string_view text, std::string_view prefix)
{
    return text.size() >= prefix.size() && equalsNoCase(text.substr(0, prefix.size()), prefix);
}

/// Atoms of a CAPABILITY response, upper case; at most 1,000.
std::vector<std::string> parseCapabilities(std::string_view atoms);

/// A quoted string of RFC 3501; only for bytes that isQuotable() takes.
std::string quoted(std::string_view text);
/// No CR, LF, NUL and no byte above 126.
bool isQuotable(std::string_view text);

} // namespace avocet
