// SPDX-License-Identifier: GPL-3.0-or-later
// How bodies and indexed texts are packed: zstd's fastest ordinary level packs mail better than zlib's and takes a fifth of
// its time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace avocet {

/// Appends a frame that ends in a check of its bytes. False, and nothing appended: it would not be shorter than `raw`.
bool appendZstd(std::string_view raw, std::string& packed);
/// Appends exactly `size` bytes, or says no and appends nothing. Never makes more than that, whatever the frame claims.
bool appendUnzstd(std::string_view frame, std::size_t size, std::string& raw);
/// What the frame claims to hold; nullopt: no frame, or it does not say.
std::optional<std::size_t> zstdSize(std::string_view frame);

} // namespace avocet
