// SPDX-License-Identifier: GPL-3.0-or-later
// The user's answer to an invitation, as it is kept.
#pragma once

#include <cstdint>
#include <string>

namespace avocet {

struct InvitationAnswer {
    std::string uid;             ///< of the event
    std::int64_t occurrence = 0; ///< of a series the one that was meant, seconds since 1970; 0: all
    int sequence = 0;            ///< of the version that was answered
    std::string answer;          ///< "accepted", "tentative" or "declined"

    friend bool operator==(const InvitationAnswer&, const InvitationAnswer&) = default;
};

} // namespace avocet
