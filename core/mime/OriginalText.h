// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a received message with its pictures, as something to write on with: what is quoted, forwarded or taken up again.
#pragma once

#include "core/mime/MessageReader.h"
#include "core/mime/RichText.h"
#include "core/model/Outgoing.h"

#include <string_view>
#include <vector>

namespace avocet {

struct OriginalText {
    RichText text;
    std::vector<DraftAttachment> pictures; ///< shown in the text by their new Content-IDs
    std::vector<int> shownParts;           ///< which parts of the message they were
};

/// All that is shown of `message`, which was read from `raw`. `rich`: from its HTML where it has some; else its plain text.
OriginalText originalText(std::string_view raw, const ParsedMessage& message, bool rich,
                          const RichLimits& limits = {});

} // namespace avocet
