// SPDX-License-Identifier: GPL-3.0-or-later
// The MIME structure of what a draft says: MessageBuilder's, for the body below the header.
#pragma once

#include "core/model/Outgoing.h"

namespace vmime {
class bodyPart;
}

namespace avocet::mime {

/// text/plain (flowed), or multipart/alternative with the HTML; in it multipart/related where the HTML shows pictures; around it
/// multipart/mixed where there are files. Throws as vmime does.
void fillBody(vmime::bodyPart& message, const Draft& draft);

} // namespace avocet::mime
