// SPDX-License-Identifier: GPL-3.0-or-later
// Uuencoded blocks, as mail carried attachments before MIME and some programs still do.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace avocet::mime {

/// A complete block, from its "begin" line to behind its "end" line.
struct UuencodedBlock {
    std::size_t start = 0, end = 0;
    std::string_view name;
    std::size_t size = 0; ///< decoded bytes
};

/// The first complete block at or behind `from`; a begin without an end is plain text.
std::optional<UuencodedBlock> findUuencoded(std::string_view text, std::size_t from);
std::string decodeUuencoded(std::string_view block);

} // namespace avocet::mime
