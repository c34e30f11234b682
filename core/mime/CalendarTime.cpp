// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/CalendarTime.h"

#include "core/mime/Utf8.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>
#include <unicode/gregocal.h>
#include <unicode/timezone.h>

namespace avocet::mime {
namespace {

constexpr int kFirstYear = 1900;
constexpr int kLastYear = 2200;

std::unique_ptr<icu::TimeZone> icuZone(const std::string& name)
{
    const auto known = [](const icu::UnicodeString& id) -> std::unique_ptr<icu::TimeZone> {
        std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
        return zone && *zone != icu::TimeZone::getUnknown() ? std::move(zone) : nullptr;
    };
    if (auto zone = known(icu::UnicodeString::fromUTF8(name)))
        return zone;
    // Outlook's names, then those that end in a name of the usual ones ("/mozilla.org/20050126_1/Europe/Berlin").
    icu::UnicodeString id;
    UErrorCode error = U_ZERO_ERROR;
    icu::TimeZone::getIDForWindowsID(icu::UnicodeString::fromUTF8(name), "001", id, error);
    if (U_SUCCESS(error) && !id.isEmpty())
        return known(id);
    const std::size_t city = name.rfind('/');
    const std::size_t area = city == name.npos || city == 0 ? name.npos : name.rfind('/', city - 1);
    return area == name.npos ? nullptr : known(icu::UnicodeString::fromUTF8(name.substr(area + 1)));
}

std::optional<std::int64_t> utcIn(const icu::TimeZone& zone, const icaltimetype& time)
{
    UErrorCode error = U_ZERO_ERROR;
    icu::GregorianCalendar calendar(zone, error);
    calendar.clear();
    calendar.set(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
    const UDate date = calendar.getTime(error);
    return U_FAILURE(error) ? std::nullopt : std::optional(static_cast<std::int64_t>(date / 1000));
}

std::int64_t asUtc(const icaltimetype& time)
{
    return utcIn(*icu::TimeZone::getGMT(), time).value_or(0);
}

icalcomponent* zoneNamed(icalcomponent* calendar, const std::string& name)
{
    icalcomponent* zone = icalcomponent_get_first_component(calendar, ICAL_VTIMEZONE_COMPONENT);
    for (; zone; zone = icalcomponent_get_next_component(calendar, ICAL_VTIMEZONE_COMPONENT)) {
        icalproperty* id = icalcomponent_get_first_property(zone, ICAL_TZID_PROPERTY);
        const char* value = id ? icalproperty_get_tzid(id) : nullptr;
        if (value && name == value)
            break;
    }
    return zone;
}

/// Where a yearly rule that first began at `begins` begins in `year`.
std::optional<icaltimetype> beginIn(int year, const icaltimetype& begins,
                                    const icalrecurrencetype& rule)
{
    icaltimetype time = begins;
    time.year = year;
    if (rule.by_month[0] != ICAL_RECURRENCE_ARRAY_MAX)
        time.month = rule.by_month[0];
    const short day = rule.by_day[0];
    if (day == ICAL_RECURRENCE_ARRAY_MAX || time.month < 1 || time.month > 12)
        return time;
    const int weekday = icalrecurrencetype_day_day_of_week(day);
    const int position = icalrecurrencetype_day_position(day);
    const int days = icaltime_days_in_month(time.month, year);
    if (weekday < 1 || weekday > 7 || position < -5 || position > 5)
        return std::nullopt;
    time.day = position < 0 ? days : 1;
    while (icaltime_day_of_week(time) != weekday)
        time.day += position < 0 ? -1 : 1;
    time.day += 7 * (position < 0 ? position + 1 : std::max(position, 1) - 1);
    return time.day >= 1 && time.day <= days ? std::optional(time) : std::nullopt;
}

/// The last time before `time` that a rule began.
icaltimetype lastBegin(icalproperty* start, icalproperty* repeats, const icaltimetype& time)
{
    const icaltimetype begins = icalproperty_get_dtstart(start);
    if (!repeats)
        return begins;
    const icalrecurrencetype rule = icalproperty_get_rrule(repeats);
    if (rule.freq == ICAL_YEARLY_RECURRENCE)
        for (int year = time.year; year >= time.year - 1 && year > begins.year; --year)
            if (const auto begin = beginIn(year, begins, rule);
                begin && asUtc(*begin) <= asUtc(time))
                return *begin;
    return begins;
}

/// How far a zone of the calendar's own is from UTC at `time`, in seconds. Only rules that come once a year are followed:
/// libical would go through each second of one that says so.
std::optional<int> offsetByRules(icalcomponent* calendar, const std::string& name,
                                 const icaltimetype& time)
{
    icalcomponent* zone = zoneNamed(calendar, name);
    if (!zone)
        return std::nullopt;
    std::optional<int> offset;
    std::int64_t latest = 0;
    for (icalcomponent* rule = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT); rule;
         rule = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT)) {
        icalproperty* to = icalcomponent_get_first_property(rule, ICAL_TZOFFSETTO_PROPERTY);
        icalproperty* start = icalcomponent_get_first_property(rule, ICAL_DTSTART_PROPERTY);
        if (!to || !start)
            continue;
        icalproperty* repeats = icalcomponent_get_first_property(rule, ICAL_RRULE_PROPERTY);
        const std::int64_t since = asUtc(lastBegin(start, repeats, time));
        if (since <= asUtc(time) && (!offset || since > latest)) {
            latest = since;
            offset = icalproperty_get_tzoffsetto(to);
        }
    }
    return offset;
}

} // namespace

std::optional<Moment> momentOf(icalproperty* property, icalcomponent* calendar)
{
    icalvalue* value = property ? icalproperty_get_value(property) : nullptr;
    const icalvalue_kind kind = value ? icalvalue_isa(value) : ICAL_NO_VALUE;
    if (kind != ICAL_DATETIME_VALUE && kind != ICAL_DATE_VALUE)
        return std::nullopt;
    const icaltimetype time =
        kind == ICAL_DATE_VALUE ? icalvalue_get_date(value) : icalvalue_get_datetime(value);
    if (icaltime_is_null_time(time) || time.year < kFirstYear || time.year > kLastYear)
        return std::nullopt;
    Moment moment;
    moment.utc = asUtc(time);
    moment.isDay = time.is_date != 0;
    if (moment.isDay || icaltime_is_utc(time))
        return moment;
    icalparameter* zoneName = icalproperty_get_first_parameter(property, ICAL_TZID_PARAMETER);
    const char* name = zoneName ? icalparameter_get_tzid(zoneName) : nullptr;
    moment.zone = name ? cleanLine(name) : std::string();
    moment.floating = moment.zone.empty();
    if (moment.floating)
        return moment;
    const auto zone = icuZone(moment.zone);
    if (const auto utc = zone ? utcIn(*zone, time) : std::nullopt) {
        moment.utc = *utc;
    } else if (const auto offset = offsetByRules(calendar, name, time);
               offset && std::abs(*offset) <= 24 * 3600) {
        moment.utc -= *offset;
    } else {
        moment.floating = true;
    }
    return moment;
}

std::string icalTime(const Moment& moment)
{
    const icaltimetype time =
        icaltime_from_timet_with_zone(moment.utc, moment.isDay ? 1 : 0, nullptr);
    std::array<char, 64> text{};
    const char* zone = moment.floating ? "" : "Z";
    if (moment.isDay)
        std::snprintf(text.data(), text.size(), "%04d%02d%02d", time.year, time.month, time.day);
    else
        std::snprintf(text.data(), text.size(), "%04d%02d%02dT%02d%02d%02d%s", time.year,
                      time.month, time.day, time.hour, time.minute, time.second, zone);
    return text.data();
}

} // namespace avocet::mime
