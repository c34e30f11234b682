// SPDX-License-Identifier: GPL-3.0-or-later
// Character references of HTML: the named ones that mail uses, and numeric ones as browsers read them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace avocet::mime {

/// Appends what the reference at `pos` (a "&") stands for and returns its length; appends nothing
/// and returns 0 where it is none.
std::size_t appendEntity(std::string_view html, std::size_t pos, std::string& out);

} // namespace avocet::mime
