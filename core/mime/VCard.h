// SPDX-License-Identifier: GPL-3.0-or-later
// Files of address cards (.vcf), as other programs write them.
#pragma once

#include "core/model/Contact.h"
#include "core/model/Error.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace avocet {

struct VCards {
    std::vector<Contact> contacts; ///< one for each address of a card
    std::size_t cards = 0;         ///< that were read, those without an address included
    bool cut = false;              ///< there were more than are taken
};

/// vCard 4.0 (RFC 6350), 3.0 (RFC 2426) and 2.1, damaged as they come: whatever has an address is taken, whatever else is
/// passed over. Takes at most 50,000 addresses, 50 of a card. Linear; any thread. InvalidInput where there is no card,
/// TooLarge over 64 MB.
Result<VCards> readVCards(std::string_view bytes);

} // namespace avocet
