// SPDX-License-Identifier: GPL-3.0-or-later
// What a list shows of a message of which only the beginning of its text was fetched.
#pragma once

#include "core/protocol/BodyStructure.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace avocet {

/// So many bytes of the part, still encoded, are enough; HTML begins with what nobody sees.
std::uint64_t previewLength(const TextPart& part);

/// `bytes`: the beginning of the part as the server keeps it, previewLength() or less. Never throws.
std::string previewOfPart(const TextPart& part, std::string_view bytes);

/// The server's own preview (RFC 8970), made as ours are.
std::string previewOfServer(std::string_view text);

} // namespace avocet
