// SPDX-License-Identifier: GPL-3.0-or-later
// Decodes an attachment a piece at a time, so that one that is larger than the memory can spare still gets to disk.
#pragma once

#include "core/mime/MessageReader.h"

#include <functional>
#include <string_view>

namespace avocet {

/// Calls `take` with one piece after the other, together what decodedAttachment() returns; ends early where it says false.
/// Pieces are of a megabyte at most, except for what cannot be cut: files in a winmail.dat or within text, and base64 with
/// padding in its middle.
void decodeInPieces(std::string_view message, const ParsedMessage& parsed,
                    const ParsedAttachment& attachment,
                    const std::function<bool(std::string_view piece)>& take);

} // namespace avocet
