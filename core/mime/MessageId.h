// SPDX-License-Identifier: GPL-3.0-or-later
// Random names for messages and boundaries, which say nothing about the machine or the time; and the
// list of recipients that both ways of building a message share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace avocet::mime {

/// random@domain of `address`, without <>.
std::string newMessageId(std::string_view address);
std::string randomBoundary();

/// Domains are compared without case, what stands before them with it.
bool isSameAddress(std::string_view a, std::string_view b);
/// Adds an address once; domains are compared without case.
void addRecipient(std::vector<std::string>& recipients, std::string_view address);

} // namespace avocet::mime
