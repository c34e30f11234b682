// SPDX-License-Identifier: GPL-3.0-or-later
// The one place that decides what an attachment may be called: what is shown is what is saved.
#pragma once

#include <string>
#include <string_view>

namespace avocet::mime {

/// Base name only, without control, bidi and invisible characters, reserved names and leading dots
/// defused, at most 255 bytes with its extension kept. Valid UTF-8 in and out; may be empty.
std::string safeFileName(std::string_view name);

/// The same name for one more file: "plan (2).pdf" of "plan.pdf", within the same 255 bytes.
std::string numberedFileName(std::string_view name, int number);

/// A name for a part that has none, such as "image.png".
std::string fileNameForType(std::string_view type);

} // namespace avocet::mime
