// SPDX-License-Identifier: GPL-3.0-or-later
// Mailbox names between the server's modified UTF-7 (RFC 3501 5.1.3) and UTF-8 for people.
#pragma once

#include <string>
#include <string_view>

namespace avocet {

/// A mailbox name as people read it. Never fails and never loses anything: what is no proper
/// modified UTF-7 is shown escaped, so that mailboxFromUtf8() gives the server's bytes back for
/// every input.
///
/// Escapes: a byte that cannot be shown becomes "\xNN", a backslash that such an escape could be
/// mistaken for becomes "\x5C", and a broken or non-canonical "&...-" run stays as it stands with
/// its "&" as "\x26".
std::string mailboxToUtf8(std::string_view mailbox);

/// The reverse, for names that people type as well. Ampersands and everything outside printable
/// ASCII are encoded; escapes as above become their bytes.
std::string mailboxFromUtf8(std::string_view path);

/// Well-formed UTF-8 without controls, bidirectional or zero-width characters.
bool isShowableUtf8(std::string_view text);

} // namespace avocet
