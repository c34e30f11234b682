// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Invitations.h"

#include "core/mime/AnswerBuilder.h"
#include "core/mime/Ascii.h"
#include "core/mime/CalendarTime.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <memory>

namespace avocet {
namespace {

using namespace mime;

constexpr std::size_t kLargest = std::size_t{2} << 20;
constexpr int kDeepest = 8; // libical frees components by recursion
constexpr int kMostComponents = 500;
constexpr std::size_t kMostAttendees = 1'000;
constexpr std::size_t kLongestLine = 1'000;
constexpr std::size_t kLongestText = 32 << 10;

struct Free {
    void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, Free>;

/// With \n as line ends, none of them folded (RFC 5545 3.1), so that what is counted is what libical reads.
std::string unfoldedCalendar(std::string_view calendar)
{
    std::string text;
    text.reserve(calendar.size());
    for (std::size_t i = 0; i < calendar.size(); ++i) {
        const char next = i + 1 < calendar.size() ? calendar[i + 1] : '\0';
        if (calendar[i] == '\r' && next == '\n')
            continue;
        const bool ends = calendar[i] == '\n' || calendar[i] == '\r';
        if (ends && (next == ' ' || next == '\t'))
            ++i;
        else
            text += ends ? '\n' : calendar[i];
    }
    return text;
}

/// Components nest no deeper and are no more than in any calendar.
bool isBounded(std::string_view calendar)
{
    int depth = 0;
    int components = 0;
    for (std::size_t at = 0; at < calendar.size();) {
        const std::size_t end = std::min(calendar.find('\n', at), calendar.size());
        const std::string_view line = trimmed(calendar.substr(at, end - at));
        if (startsWithIgnoreCase(line, "begin")) {
            ++components;
            ++depth;
        } else if (startsWithIgnoreCase(line, "end:")) {
            depth = std::max(depth - 1, 0);
        }
        if (depth > kDeepest || components > kMostComponents)
            return false;
        at = end + 1;
    }
    return true;
}

std::string line(const char* text)
{
    std::string_view view = text ? text : "";
    std::size_t size = std::min(view.size(), kLongestLine);
    while (size > 0 && size < view.size() && (byte(view[size]) & 0xC0) == 0x80)
        --size;
    return isValidUtf8(view) ? cleanLine(view.substr(0, size)) : std::string();
}

std::string paragraph(const char* text)
{
    std::string_view view = text ? text : "";
    std::size_t size = std::min(view.size(), kLongestText);
    while (size > 0 && size < view.size() && (byte(view[size]) & 0xC0) == 0x80)
        --size;
    return isValidUtf8(view) ? cleanText(view.substr(0, size)) : std::string();
}

std::string mailAddress(const char* uri)
{
    const std::string address = line(uri);
    const std::string_view mailto = "mailto:";
    return startsWithIgnoreCase(address, mailto)
               ? std::string(trimmed(std::string_view(address).substr(mailto.size())))
               : std::string();
}

Address addressOf(icalproperty* property, const char* uri)
{
    icalparameter* name = icalproperty_get_first_parameter(property, ICAL_CN_PARAMETER);
    icalparameter* mail = icalproperty_get_first_parameter(property, ICAL_EMAIL_PARAMETER);
    Address address{name ? line(icalparameter_get_cn(name)) : std::string(), mailAddress(uri)};
    if (address.address.empty() && mail)
        address.address = line(icalparameter_get_email(mail));
    return address;
}

Participation participationOf(icalproperty* property)
{
    icalparameter* status = icalproperty_get_first_parameter(property, ICAL_PARTSTAT_PARAMETER);
    switch (status ? icalparameter_get_partstat(status) : ICAL_PARTSTAT_NEEDSACTION) {
    case ICAL_PARTSTAT_ACCEPTED:
        return Participation::Accepted;
    case ICAL_PARTSTAT_DECLINED:
        return Participation::Declined;
    case ICAL_PARTSTAT_TENTATIVE:
        return Participation::Tentative;
    case ICAL_PARTSTAT_DELEGATED:
        return Participation::Delegated;
    default:
        return Participation::NeedsAction;
    }
}

std::vector<Attendee> attendeesOf(icalcomponent* event)
{
    std::vector<Attendee> attendees;
    for (icalproperty* property = icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY);
         property && attendees.size() < kMostAttendees;
         property = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY)) {
        Attendee attendee;
        attendee.who = addressOf(property, icalproperty_get_attendee(property));
        attendee.status = participationOf(property);
        icalparameter* role = icalproperty_get_first_parameter(property, ICAL_ROLE_PARAMETER);
        attendee.optional = role && icalparameter_get_role(role) == ICAL_ROLE_OPTPARTICIPANT;
        icalparameter* kind = icalproperty_get_first_parameter(property, ICAL_CUTYPE_PARAMETER);
        const auto type = kind ? icalparameter_get_cutype(kind) : ICAL_CUTYPE_INDIVIDUAL;
        attendee.isPerson = type != ICAL_CUTYPE_ROOM && type != ICAL_CUTYPE_RESOURCE;
        attendees.push_back(std::move(attendee));
    }
    return attendees;
}

InvitationMethod methodOf(icalcomponent* calendar)
{
    icalproperty* property = icalcomponent_get_first_property(calendar, ICAL_METHOD_PROPERTY);
    switch (property ? icalproperty_get_method(property) : ICAL_METHOD_PUBLISH) {
    case ICAL_METHOD_REQUEST:
        return InvitationMethod::Request;
    case ICAL_METHOD_REPLY:
        return InvitationMethod::Reply;
    case ICAL_METHOD_ADD:
        return InvitationMethod::Add;
    case ICAL_METHOD_CANCEL:
        return InvitationMethod::Cancel;
    case ICAL_METHOD_REFRESH:
        return InvitationMethod::Refresh;
    case ICAL_METHOD_COUNTER:
        return InvitationMethod::Counter;
    case ICAL_METHOD_DECLINECOUNTER:
        return InvitationMethod::DeclineCounter;
    default:
        return InvitationMethod::Publish;
    }
}

std::optional<Recurrence> recurrenceOf(icalcomponent* event)
{
    icalproperty* property = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
    if (!property)
        return std::nullopt;
    const icalrecurrencetype rule = icalproperty_get_rrule(property);
    Recurrence recurrence;
    using Frequency = Recurrence::Frequency;
    switch (rule.freq) {
    case ICAL_DAILY_RECURRENCE:
        recurrence.frequency = Frequency::Daily;
        break;
    case ICAL_WEEKLY_RECURRENCE:
        recurrence.frequency = Frequency::Weekly;
        break;
    case ICAL_MONTHLY_RECURRENCE:
        recurrence.frequency = Frequency::Monthly;
        break;
    case ICAL_YEARLY_RECURRENCE:
        recurrence.frequency = Frequency::Yearly;
        break;
    case ICAL_HOURLY_RECURRENCE:
        recurrence.frequency = Frequency::Hourly;
        break;
    default:
        return std::nullopt;
    }
    recurrence.interval = std::max<int>(rule.interval, 1);
    recurrence.count = std::max(rule.count, 0);
    if (!icaltime_is_null_time(rule.until) && rule.until.year > 1900 && rule.until.year < 2200)
        recurrence.until = icaltime_as_timet(rule.until);
    constexpr std::size_t mostDays = 35;
    for (std::size_t i = 0; i < mostDays && rule.by_day[i] != ICAL_RECURRENCE_ARRAY_MAX; ++i)
        recurrence.weekdays.emplace_back(icalrecurrencetype_day_day_of_week(rule.by_day[i]) - 1,
                                         icalrecurrencetype_day_position(rule.by_day[i]));
    for (std::size_t i = 0; i < 31 && rule.by_month_day[i] != ICAL_RECURRENCE_ARRAY_MAX; ++i)
        recurrence.monthDays.push_back(rule.by_month_day[i]);
    return recurrence;
}

std::optional<Moment> momentOf(icalcomponent* event, icalproperty_kind kind,
                               icalcomponent* calendar)
{
    return mime::momentOf(icalcomponent_get_first_property(event, kind), calendar);
}

std::optional<Moment> endOf(icalcomponent* event, icalcomponent* calendar, const Moment& start)
{
    if (auto end = momentOf(event, ICAL_DTEND_PROPERTY, calendar))
        return end->utc >= start.utc ? end : std::nullopt;
    icalproperty* property = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY);
    const int seconds = property ? icaldurationtype_as_int(icalproperty_get_duration(property)) : 0;
    if (seconds <= 0)
        return std::nullopt;
    Moment end = start;
    end.utc += seconds;
    return end;
}

std::optional<Invitation> invitationOf(icalcomponent* event, icalcomponent* calendar)
{
    Invitation invitation;
    const auto start = momentOf(event, ICAL_DTSTART_PROPERTY, calendar);
    invitation.uid = line(icalcomponent_get_uid(event));
    if (!start || invitation.uid.empty())
        return std::nullopt;
    invitation.method = methodOf(calendar);
    invitation.sequence = std::max(icalcomponent_get_sequence(event), 0);
    invitation.cancelled = invitation.method == InvitationMethod::Cancel ||
                           icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED;
    invitation.summary = line(icalcomponent_get_summary(event));
    invitation.location = line(icalcomponent_get_location(event));
    invitation.description = paragraph(icalcomponent_get_description(event));
    invitation.start = *start;
    invitation.end = endOf(event, calendar, *start);
    invitation.recurrenceId = momentOf(event, ICAL_RECURRENCEID_PROPERTY, calendar);
    invitation.recurrence = recurrenceOf(event);
    if (icalproperty* organizer = icalcomponent_get_first_property(event, ICAL_ORGANIZER_PROPERTY))
        invitation.organizer = addressOf(organizer, icalproperty_get_organizer(organizer));
    invitation.attendees = attendeesOf(event);
    return invitation;
}

/// RFC 5545 3.3.11 and 3.1.
std::string contentLine(const std::string& name, const std::string& value)
{
    const std::string text = name + ":" + value;
    std::string folded;
    std::size_t used = 0;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t size = std::max<std::size_t>(sequenceLength(text, at), 1);
        if (used + size > 73) {
            folded += "\r\n ";
            used = 1;
        }
        folded.append(text, at, size);
        used += size;
        at += size;
    }
    return folded + "\r\n";
}

std::string escaped(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (c == '\\' || c == ',' || c == ';')
            result += '\\';
        result += c == '\n' ? "\\n" : std::string(1, c);
    }
    return result;
}

/// A parameter's value: quoted, which leaves no way to write a quote.
std::string quoted(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text)
        if (c != '"' && byte(c) >= ' ')
            result += c;
    return result + "\"";
}

const char* nameOf(Participation answer)
{
    switch (answer) {
    case Participation::Accepted:
        return "ACCEPTED";
    case Participation::Declined:
        return "DECLINED";
    case Participation::Tentative:
        return "TENTATIVE";
    case Participation::Delegated:
        return "DELEGATED";
    case Participation::NeedsAction:
        break;
    }
    return "NEEDS-ACTION";
}

std::string replyCalendar(const Invitation& invitation, Participation answer,
                          const Identity& identity, std::int64_t now)
{
    const auto timed = [](const char* name, const Moment& moment) {
        return contentLine(moment.isDay ? std::string(name) + ";VALUE=DATE" : name,
                           icalTime(moment));
    };
    std::string text = "BEGIN:VCALENDAR\r\nPRODID:-//Avocet//"
                       "EN\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n";
    text += contentLine("UID", escaped(invitation.uid));
    text += contentLine("SEQUENCE", std::to_string(invitation.sequence));
    text += timed("DTSTAMP", {now, false, false, {}});
    text += timed("DTSTART", invitation.start);
    if (invitation.end)
        text += timed("DTEND", *invitation.end);
    if (invitation.recurrenceId)
        text += timed("RECURRENCE-ID", *invitation.recurrenceId);
    if (!invitation.summary.empty())
        text += contentLine("SUMMARY", escaped(invitation.summary));
    const std::string& name = invitation.organizer.name;
    text += contentLine(name.empty() ? "ORGANIZER" : "ORGANIZER;CN=" + quoted(name),
                        "mailto:" + invitation.organizer.address);
    std::string attendee = std::string("ATTENDEE;PARTSTAT=") + nameOf(answer);
    if (!identity.name.empty())
        attendee += ";CN=" + quoted(identity.name);
    return text + contentLine(attendee, "mailto:" + identity.email) +
           "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

} // namespace

std::optional<Invitation> readInvitation(std::string_view calendar)
{
    if (calendar.size() > kLargest || !isValidUtf8(calendar) ||
        calendar.find('\0') != calendar.npos)
        return std::nullopt;
    const std::string text = unfoldedCalendar(calendar);
    if (!isBounded(text))
        return std::nullopt;
    // A variable of the whole process, so it is written once.
    [[maybe_unused]] static const bool mayFail = (icalerror_set_errors_are_fatal(0), true);
    const Component root(icalparser_parse_string(text.c_str()));
    if (!root)
        return std::nullopt;
    icalcomponent* inner =
        icalcomponent_isa(root.get()) == ICAL_VCALENDAR_COMPONENT
            ? root.get()
            : icalcomponent_get_first_component(root.get(), ICAL_VCALENDAR_COMPONENT);
    if (!inner)
        return std::nullopt;
    // The series itself rather than what differs of it.
    std::optional<Invitation> found;
    for (icalcomponent* event = icalcomponent_get_first_component(inner, ICAL_VEVENT_COMPONENT);
         event; event = icalcomponent_get_next_component(inner, ICAL_VEVENT_COMPONENT)) {
        auto invitation = invitationOf(event, inner);
        if (invitation && (!found || (found->recurrenceId && !invitation->recurrenceId)))
            found = std::move(invitation);
        if (found && !found->recurrenceId)
            break;
    }
    return found;
}

std::optional<Invitation> invitationIn(std::string_view raw, const ParsedMessage& message)
{
    for (const MimePart& part : message.parts) {
        const bool named =
            part.name.size() > 4 &&
            equalsIgnoreCase(std::string_view(part.name).substr(part.name.size() - 4), ".ics");
        if (part.type != "text/calendar" && part.type != "application/ics" &&
            !(named && part.children.empty()))
            continue;
        // One within a forwarded message is not to be answered.
        bool inside = false;
        for (int up = part.parent; up >= 0; up = message.parts[static_cast<std::size_t>(up)].parent)
            inside = inside || message.parts[static_cast<std::size_t>(up)].type == "message/rfc822";
        if (inside || part.bodyEnd - part.bodyStart > 2 * kLargest)
            continue;
        if (auto invitation = readInvitation(partText(raw, part)))
            return invitation;
    }
    return std::nullopt;
}

Result<BuiltMessage> buildInvitationReply(const Invitation& invitation, Participation answer,
                                          const Identity& identity, const std::string& subject,
                                          const std::string& words, std::int64_t now,
                                          const SendingStyle& style)
{
    Draft draft;
    draft.to = {invitation.organizer};
    draft.subject = subject;
    draft.text = words;
    auto built = buildMessage(draft, identity, now, style);
    if (!built)
        return built;
    return withAnswer(std::move(*built), "multipart/alternative",
                      {{"text/calendar; charset=utf-8; method=REPLY",
                        replyCalendar(invitation, answer, identity, now)}});
}

} // namespace avocet
