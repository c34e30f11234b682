// SPDX-License-Identifier: GPL-3.0-or-later
// Invitations to meetings that come by mail (iCalendar, RFC 5545; iTIP, RFC 5546; iMIP, RFC 6047), and the answer to one.
#pragma once

#include "core/mime/MessageBuilder.h"
#include "core/mime/MessageReader.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

enum class InvitationMethod {
    Publish,
    Request,
    Reply,
    Add,
    Cancel,
    Refresh,
    Counter,
    DeclineCounter
};
enum class Participation { NeedsAction, Accepted, Declined, Tentative, Delegated };

struct Attendee {
    Address who;
    Participation status = Participation::NeedsAction;
    bool optional = false;
    bool isPerson = true; ///< else a room or a thing

    friend bool operator==(const Attendee&, const Attendee&) = default;
};

/// A point in time, or a day of whoever looks at it.
struct Moment {
    std::int64_t utc = 0; ///< seconds since 1970; of a day its midnight as if it were UTC
    bool isDay = false;
    bool floating = false; ///< no zone was named: local time, written as if it were UTC
    std::string zone;      ///< as the sender names it, for people; empty: UTC

    friend bool operator==(const Moment&, const Moment&) = default;
};

/// In numbers; the words are the window's.
struct Recurrence {
    enum class Frequency { Hourly, Daily, Weekly, Monthly, Yearly };
    Frequency frequency = Frequency::Weekly;
    int interval = 1;
    int count = 0;                     ///< 0: no such limit
    std::optional<std::int64_t> until; ///< seconds since 1970, UTC
    std::vector<std::pair<int, int>>
        weekdays; ///< 0 is Sunday; with its position in the month, 0: each, -1: the last
    std::vector<int> monthDays; ///< -1: the last
};

/// All text is one line without control characters, but the description. Everything comes from a stranger.
struct Invitation {
    InvitationMethod method = InvitationMethod::Publish;
    std::string uid;
    int sequence = 0;
    bool cancelled = false;
    std::string summary, location, description;
    Moment start;
    std::optional<Moment> end;          ///< of days the first one behind it
    std::optional<Moment> recurrenceId; ///< only this one of a series is meant
    std::optional<Recurrence> recurrence;
    Address organizer;               ///< its address may be empty
    std::vector<Attendee> attendees; ///< at most a thousand
};

/// The first event of a calendar. Nothing where there is none, or where it is built to exhaust a reader. `calendar` is UTF-8.
std::optional<Invitation> readInvitation(std::string_view calendar);
/// The same for the first text/calendar part or .ics file of a message.
std::optional<Invitation> invitationIn(std::string_view raw, const ParsedMessage& message);

/// The answer of `identity` to the organizer. `words` say the same in the reader's language, with `subject`. InvalidInput:
/// the invitation names nobody to answer.
Result<BuiltMessage> buildInvitationReply(const Invitation& invitation, Participation answer,
                                          const Identity& identity, const std::string& subject,
                                          const std::string& words, std::int64_t now,
                                          const SendingStyle& style = {});

} // namespace avocet
