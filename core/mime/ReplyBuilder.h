// SPDX-License-Identifier: GPL-3.0-or-later
// Starts a draft as an answer to, or a forward of, a message that was read.
#pragma once

#include "core/mime/MessageReader.h"
#include "core/model/Account.h"
#include "core/model/Outgoing.h"

#include <string>
#include <string_view>
#include <vector>

namespace avocet {

enum class ReplyKind { Reply, ReplyAll, Forward };

/// Reply-To before From; reply all takes To and Cc without the user's own addresses; "Re:" and
/// "Fwd:" once; References as RFC 5322 3.6.4; the text quoted with "> " under an attribution line, or,
/// forwarded, behind a header block with the original's attachments kept.
/// `attribution`: the translated line, e.g. "On 3 May 2026 at 14:02, Anna wrote:".
Draft draftReply(ReplyKind kind, std::string_view raw, const ParsedMessage& message,
                 const Identity& identity, const std::vector<std::string>& ownAddresses,
                 const std::string& attribution);

} // namespace avocet
