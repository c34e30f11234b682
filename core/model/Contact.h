// SPDX-License-Identifier: GPL-3.0-or-later
// People: those on cards that the user brought along, those that mail was exchanged with, and what is suggested of both.
#pragma once

#include "core/model/Ids.h"

#include <cstdint>
#include <string>

namespace avocet {

using ContactId = Id<struct ContactTag>;

/// One address of a card.
struct Contact {
    ContactId id;
    std::string address;
    std::string name;         ///< one line of UTF-8, or empty
    std::string organisation; ///< the same
    std::string source;       ///< the file that it came with
};

/// What the mail that is here says of an address.
struct Correspondent {
    std::string address; ///< in lower case
    std::string name;    ///< the newest; never one that holds an address
    std::int64_t sent = 0, received = 0;
    std::int64_t lastSent = 0, lastReceived = 0; ///< seconds since 1970, UTC; 0: never
    std::int64_t bulk = 0;                       ///< of `received`: lists and newsletters
};

struct Suggestion {
    std::string name; ///< or empty
    std::string address;

    friend bool operator==(const Suggestion&, const Suggestion&) = default;
};

} // namespace avocet
