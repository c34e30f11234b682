// SPDX-License-Identifier: GPL-3.0-or-later
// The list: which properties and functions of a stranger's style sheet come out.
#pragma once

#include <string_view>

namespace avocet::mime {

/// All names in lower case. It shapes the page, loads nothing but by url(), and moves nothing.
bool isShapingProperty(std::string_view name);
bool isValueFunction(std::string_view name);
bool isSelectorFunction(std::string_view name);

} // namespace avocet::mime
