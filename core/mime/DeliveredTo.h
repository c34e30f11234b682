// SPDX-License-Identifier: GPL-3.0-or-later
// For whom a server took a message in, which To and Cc need not say.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// The addresses of X-Original-To, Envelope-To, Delivered-To and X-Delivered-To at the top of a message, in this order, each
/// once; at most 20. A sender may write such fields, too: they choose among the user's own addresses and nothing more.
std::vector<std::string> deliveredTo(std::string_view raw);

} // namespace avocet
