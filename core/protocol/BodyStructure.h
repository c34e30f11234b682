// SPDX-License-Identifier: GPL-3.0-or-later
// What the list of messages has to know of a BODYSTRUCTURE: whether there is something to save, and where the text begins.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace avocet {

class ImapCursor;

/// Levels of a body structure that are looked into for attachments.
constexpr int maxStructureDepth = 100;

/// Passes one BODYSTRUCTURE and says whether it holds an attachment. What it does not understand leaves
/// the cursor bad().
bool passStructure(ImapCursor& cursor);

/// A leaf, as the server described it: any bytes.
struct TextPart {
    std::string section; ///< "1", "1.2"
    bool html = false;
    std::string charset, encoding; ///< at most 100 bytes each; empty: not said
};

/// The first plain or HTML text that is no attachment, in the order of the parts; those of attached messages do not
/// count.
std::optional<TextPart> firstText(std::string_view bodyStructure);

} // namespace avocet
