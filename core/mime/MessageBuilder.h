// SPDX-License-Identifier: GPL-3.0-or-later
// Draft to RFC 5322 bytes, and the few careful edits of finished messages.
#pragma once

#include "core/model/Account.h"
#include "core/model/Error.h"
#include "core/model/Outgoing.h"

#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// Ready for the outbox: the Bcc field is not in `bytes`.
struct BuiltMessage {
    std::string bytes;                   ///< CRLF line ends
    std::string messageId;               ///< without <>
    std::string sender;                  ///< envelope sender
    std::vector<std::string> recipients; ///< To, Cc, Bcc; each once, as written
    std::string bcc;     ///< the Bcc field's body, encoded and unfolded; empty: none
    std::string subject; ///< decoded
    std::string from;    ///< address of From, to find the account by
};

/// Builds text/plain (format=flowed, RFC 3676), multipart/alternative where the draft has HTML, with the pictures that it shows
/// as multipart/related, and multipart/mixed with attachments; US-ASCII or UTF-8, quoted-printable or base64. CR or LF in a header field is refused (InvalidInput). `now`: seconds
/// since 1970, UTC; local offset in Date, unless the style says otherwise. Message-ID: random@domain of the identity.
/// Without a recipient: NoRecipients.
Result<BuiltMessage> buildMessage(const Draft& draft, const Identity& identity, std::int64_t now,
                                  const SendingStyle& style = {});

/// The same for the copy of an unfinished message, which needs no recipient; an address that is no address yet is left out.
Result<BuiltMessage> buildDraft(Draft draft, const Identity& identity, std::int64_t now);

/// A message given as bytes (`avocet send`): recipients from To, Cc and Bcc, Bcc taken out, a missing
/// Date or Message-ID added; all other bytes unchanged but for line ends made CRLF and lines over 998 bytes, which are folded
/// or encoded (refused in what is signed: InvalidInput).
/// Rejected/NoRecipients or InvalidInput (no From) otherwise.
Result<BuiltMessage> prepareRaw(std::string_view message, std::int64_t now);

/// A message sent on as it is (RFC 5322 3.6.6): Resent-* fields before its first, every byte of it kept but line ends made
/// CRLF; delivery fields of an mbox and old Bcc fields go. `messageId` of the result is the Resent-Message-ID. Without a
/// recipient: NoRecipients.
Result<BuiltMessage> buildRedirect(std::string_view message, const Identity& identity,
                                   const std::vector<Address>& to, const std::vector<Address>& cc,
                                   const std::vector<Address>& bcc, std::int64_t now,
                                   const SendingStyle& style = {});
/// What buildRedirect() made: it is not to be edited.
bool isRedirect(std::string_view message);

/// The message with its Bcc field back, for the copy in Sent.
std::string withBcc(std::string_view message, std::string_view bcc);

} // namespace avocet
