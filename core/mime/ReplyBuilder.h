// SPDX-License-Identifier: GPL-3.0-or-later
// Starts a draft as an answer to, or a forward of, a message that was read.
#pragma once

#include "core/mime/MessageReader.h"
#include "core/mime/RichText.h"
#include "core/model/Account.h"
#include "core/model/Outgoing.h"

#include <string>
#include <string_view>
#include <vector>

namespace avocet {

enum class ReplyKind { Reply, ReplyAll, Forward, ReplyList };

struct ReplyOptions {
    bool rich = false;          ///< the original's HTML stays HTML; else plain text is written
    bool below = false;         ///< the answer stands under what it quotes
    bool sign = false;          ///< with the identity's signature
    bool asAttachment = false;  ///< forwards the message as a file
    std::string selection = {}; ///< quoted alone where it is not empty
    std::string cutWords = {};  ///< stands behind what was too long to be quoted whole
    RichLimits limits = {};
};

/// Reply-To before From; a reply to the list goes to List-Post (RFC 2369) alone; reply all takes To and Cc without the user's own addresses; "Re:" and
/// "Fwd:" once; References as RFC 5322 3.6.4; the text quoted under an attribution line, or,
/// forwarded, behind a header block with the original's attachments kept. Pictures inside the text come along.
/// `attribution`: the translated line, e.g. "On 3 May 2026 at 14:02, Anna wrote:".
Draft draftReply(ReplyKind kind, std::string_view raw, const ParsedMessage& message,
                 const Identity& identity, const std::vector<std::string>& ownAddresses,
                 const std::string& attribution, const ReplyOptions& options = {});

/// The draft's text, and its HTML where it is `rich`.
void setText(Draft& draft, const RichText& text, bool rich);

} // namespace avocet
