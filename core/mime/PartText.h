// SPDX-License-Identifier: GPL-3.0-or-later
// One text part's bytes to text: transfer encoding, charset, flowed lines, and what to say where
// one of them was wrong.
#pragma once

#include "core/mime/MimeStructure.h"

#include <string>
#include <string_view>

namespace avocet::mime {

std::string_view partBody(std::string_view message, const MimePart& part);

/// Bytes of a range that is shown as it stands.
std::string rawText(std::string_view bytes);

/// As partText, and says in `notes` what was damaged.
std::string readPartText(std::string_view message, const MimePart& part, Notes& notes);

} // namespace avocet::mime
