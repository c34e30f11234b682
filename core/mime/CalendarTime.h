// SPDX-License-Identifier: GPL-3.0-or-later
// When a calendar's local time is (RFC 5545 3.2.19, 3.6.5): by the zone's name, else by the rules that came with it.
#pragma once

#include "core/mime/Invitations.h"

#include <libical/ical.h>

namespace avocet::mime {

/// `calendar`: the VCALENDAR around it.
std::optional<Moment> momentOf(icalproperty* property, icalcomponent* calendar);
/// "20261103T091500Z", or "20261103" for a day.
std::string icalTime(const Moment& moment);

} // namespace avocet::mime
