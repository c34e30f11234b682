// SPDX-License-Identifier: GPL-3.0-or-later
// The packed rich text of Outlook's messages (MS-OXRTFCP).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace avocet::mime {

/// Nothing where it is none. Never makes more than 17 bytes of two, and none of what was only announced.
std::optional<std::string> decompressedRtf(std::string_view packed);

} // namespace avocet::mime
