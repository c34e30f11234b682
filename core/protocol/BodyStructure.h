// SPDX-License-Identifier: GPL-3.0-or-later
// What the list of messages has to know of a BODYSTRUCTURE: whether there is something to save.
#pragma once

namespace avocet {

class ImapCursor;

/// Levels of a body structure that are looked into for attachments.
constexpr int maxStructureDepth = 100;

/// Passes one BODYSTRUCTURE and says whether it holds an attachment. What it does not understand leaves
/// the cursor bad().
bool passStructure(ImapCursor& cursor);

} // namespace avocet
