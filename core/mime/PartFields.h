// SPDX-License-Identifier: GPL-3.0-or-later
// What the Content-* fields of one part say, as far as they can be believed.
#pragma once

#include "core/mime/HeaderFields.h"
#include "core/mime/MimeStructure.h"

#include <string>
#include <vector>

namespace avocet::mime {

/// Fills type, charset, encoding, name, disposition, Content-ID and format of `part`; returns the
/// boundary, empty where there is none. `inDigest`: a part without a type is a message
/// (RFC 2046 5.1.5). Of repeated fields the first counts.
std::string readPartFields(const std::vector<HeaderField>& fields, bool inDigest, MimePart& part,
                           Notes& notes);

} // namespace avocet::mime
