// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses what of a message is its readable text, its HTML body and its attachments.
#pragma once

#include "core/mime/MimeStructure.h"

#include <string_view>

namespace avocet::mime {

/// Fills text, html and attachments of `parsed` from its parts, in the order of the message. Of
/// alternatives the plain text is the text; where there is none it comes out of the HTML.
void readBodies(std::string_view message, const MimeStructure& structure, ParsedMessage& parsed,
                Notes& notes);

} // namespace avocet::mime
