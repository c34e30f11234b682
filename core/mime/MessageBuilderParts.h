// SPDX-License-Identifier: GPL-3.0-or-later
// The MIME structure of what a draft says: MessageBuilder's, for the body below the header.
#pragma once

#include "core/model/Error.h"
#include "core/model/Outgoing.h"

#include <string>
#include <string_view>

namespace avocet::mime {

/// CRLF for each CR, LF or CRLF.
std::string withCrLf(std::string_view text);
/// The same, and one behind the last line, unless there is none.
std::string withLastCrLf(std::string_view text);
/// Rejected: what the draft or message says cannot be sent.
tl::unexpected<Error> invalid(std::string detail);

/// The fields of the content, an empty line and the content: text/plain (flowed), or multipart/alternative with the HTML; in it
/// multipart/related where the HTML shows pictures; around it multipart/mixed where there are files. Ends with CRLF.
std::string bodyOf(const Draft& draft);

} // namespace avocet::mime
