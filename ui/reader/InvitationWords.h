// SPDX-License-Identifier: GPL-3.0-or-later
// What an invitation says, in sentences. All of it comes from a stranger.
#pragma once

#include "core/mime/Invitations.h"

#include <QString>

#include <vector>

namespace avocet {

/// "Friday, 27 November 2026, 10:00 to 11:00", in the reader's time zone.
QString meetingTime(const Invitation& invitation);
/// "Every 2 weeks on Monday and Friday, 5 times"; empty where it happens once.
QString recurrenceWords(const Invitation& invitation);
/// Who invites, answers or calls off.
QString invitationState(const Invitation& invitation);
/// "Ola Berg <ola@example.org>": the name is the file's, the address is what an answer goes to.
QString personWords(const Address& person);
QString attendeeWords(const Attendee& attendee);

/// The file can name anybody. Whether its message is from whom the file says that it is: its organizer, of an answer the
/// attendee.
bool isFromItsAuthor(const Invitation& invitation, const std::vector<Address>& from);
/// What to say where it is not; else empty.
QString originWarning(const Invitation& invitation, const std::vector<Address>& from);

/// What of `before` is another now: "Before: ...", a line for time and for place; empty: neither.
QString changeWords(const Invitation& before, const Invitation& now);

} // namespace avocet
