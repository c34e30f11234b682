// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses in one text column: short, exact, and still readable to a text search. And as keys.
#pragma once

#include "core/model/Message.h"

#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// name US address RS name US address ..., with US = 0x1F and RS = 0x1E. A byte below 0x20 inside a name or an
/// address is written as ESC (0x1B) and the byte plus 0x40. No address: the empty text.
std::string encodeAddresses(const std::vector<Address>& addresses);
/// The inverse for what encodeAddresses made; takes any text, without end or crash.
std::vector<Address> decodeAddresses(std::string_view text);
/// For comparing: A to Z in lower case, all other bytes as they are.
std::string lowered(std::string_view text);

} // namespace avocet
