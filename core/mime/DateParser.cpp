// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MessageReader.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace avocet {
namespace {

using namespace mime;

std::optional<int> number(std::string_view text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || text.front() == '-')
        return std::nullopt;
    return value;
}

/// 1 to 12; English names, at least three letters.
int monthFromName(std::string_view word)
{
    constexpr std::array<std::string_view, 12> months{
        "january", "february", "march",     "april",   "may",      "june",
        "july",    "august",   "september", "october", "november", "december"};
    if (word.ends_with('.'))
        word.remove_suffix(1);
    if (word.size() < 3)
        return 0;
    for (std::size_t i = 0; i < months.size(); ++i)
        if (word.size() <= months[i].size() &&
            equalsIgnoreCase(months[i].substr(0, word.size()), word))
            return static_cast<int>(i) + 1;
    return equalsIgnoreCase(word, "sept") ? 9 : 0;
}

std::optional<int> namedZone(std::string_view word)
{
    struct Zone {
        std::string_view name;
        int hours;
    };
    constexpr std::array zones{Zone{"ut", 0},   Zone{"utc", 0},  Zone{"gmt", 0},  Zone{"z", 0},
                               Zone{"est", -5}, Zone{"edt", -4}, Zone{"cst", -6}, Zone{"cdt", -5},
                               Zone{"mst", -7}, Zone{"mdt", -6}, Zone{"pst", -8}, Zone{"pdt", -7},
                               Zone{"cet", 1},  Zone{"cest", 2}, Zone{"met", 1},  Zone{"mest", 2},
                               Zone{"bst", 1},  Zone{"wet", 0},  Zone{"west", 1}, Zone{"eet", 2},
                               Zone{"eest", 3}, Zone{"msk", 3},  Zone{"jst", 9},  Zone{"kst", 9}};
    const auto zone = std::find_if(zones.begin(), zones.end(),
                                   [&](const Zone& z) { return equalsIgnoreCase(z.name, word); });
    if (zone == zones.end())
        return std::nullopt;
    return zone->hours * 60;
}

struct Fields {
    int year = -1, month = 0, day = -1;
    int hour = -1, minute = 0, second = 0;
    std::optional<int> offset;
};

/// "+0100", "-07:00", "+1", "GMT+0100".
bool takeOffset(std::string_view word, Fields& fields)
{
    const std::size_t sign = word.find_first_of("+-");
    if (sign == std::string_view::npos || (sign > 0 && !namedZone(word.substr(0, sign))))
        return false;
    std::string digits(word.substr(sign + 1));
    std::erase(digits, ':');
    if (digits.empty() || digits.size() > 4 || !std::all_of(digits.begin(), digits.end(), isDigit))
        return false;
    const int value = *number(digits);
    const int minutes = digits.size() <= 2 ? value * 60 : value / 100 * 60 + value % 100;
    if (minutes > 24 * 60)
        return true; // nonsense, but a zone all the same
    fields.offset = word[sign] == '-' ? -minutes : minutes;
    return true;
}

/// "14:02", "14:02:03", "14:02:03.5", "2:02pm", "14.02.03".
bool takeTime(std::string_view word, Fields& fields)
{
    if (fields.hour >= 0)
        return false;
    const char separator = word.find(':') != std::string_view::npos ? ':' : '.';
    int parts[3] = {0, 0, 0};
    int count = 0;
    std::size_t pos = 0;
    while (count < 3 && pos < word.size() && isDigit(word[pos])) {
        std::size_t end = pos;
        while (end < word.size() && isDigit(word[end]) && end - pos < 3)
            ++end;
        parts[count++] = *number(word.substr(pos, end - pos));
        pos = end;
        if (pos >= word.size() || word[pos] != separator)
            break;
        ++pos;
    }
    if (count < 2 || (separator == '.' && count < 3) || parts[0] > 24 || parts[1] > 59 ||
        parts[2] > 61)
        return false;
    fields.hour = parts[0];
    fields.minute = parts[1];
    fields.second = std::min(parts[2], 59);
    const std::string_view rest = word.substr(pos);
    if (equalsIgnoreCase(rest, "pm") && fields.hour < 12)
        fields.hour += 12;
    if (equalsIgnoreCase(rest, "am") && fields.hour == 12)
        fields.hour = 0;
    const std::size_t zone = rest.find_first_of("+-Z");
    if (zone != std::string_view::npos && !takeOffset(rest.substr(zone), fields))
        fields.offset = 0;
    return true;
}

int fullYear(int year, std::size_t digits)
{
    if (digits <= 2)
        return year < 50 ? year + 2000 : year + 1900;
    return digits == 3 ? year + 1900 : year;
}

/// "2026-11-23" and the time behind a T.
bool takeIsoDate(std::string_view word, Fields& fields)
{
    if (word.size() < 10 || word[4] != '-' || word[7] != '-')
        return false;
    const auto year = number(word.substr(0, 4));
    const auto month = number(word.substr(5, 2));
    const auto day = number(word.substr(8, 2));
    if (!year || !month || !day)
        return false;
    fields.year = *year;
    fields.month = *month;
    fields.day = *day;
    if (word.size() > 11 && (word[10] == 'T' || word[10] == 't'))
        takeTime(word.substr(11), fields);
    return true;
}

void takeNumber(std::string_view word, Fields& fields)
{
    const auto value = number(word);
    if (!value)
        return;
    if (word.size() <= 2 && fields.day < 0)
        fields.day = *value;
    else if (fields.year < 0)
        fields.year = fullYear(*value, word.size());
}

void takeWord(std::string_view word, Fields& fields)
{
    if (takeIsoDate(word, fields))
        return;
    const bool digitFirst = isDigit(word.front());
    if (digitFirst && word.find_first_of(":.") != std::string_view::npos && takeTime(word, fields))
        return;
    if (!digitFirst && takeOffset(word, fields))
        return;
    if (const std::size_t dash = word.find_first_of("-/"); dash != std::string_view::npos) {
        // "23-Nov-2026"
        for (std::size_t pos = 0; pos < word.size();) {
            const std::size_t end = std::min(word.find_first_of("-/", pos), word.size());
            if (end > pos)
                takeWord(word.substr(pos, end - pos), fields);
            pos = end + 1;
        }
        return;
    }
    if (digitFirst) {
        takeNumber(word, fields);
        return;
    }
    if (const int month = monthFromName(word); month > 0 && fields.month == 0) {
        fields.month = month;
        return;
    }
    if (equalsIgnoreCase(word, "pm") && fields.hour >= 0 && fields.hour < 12)
        fields.hour += 12;
    else if (equalsIgnoreCase(word, "am") && fields.hour == 12)
        fields.hour = 0;
    else if (const auto zone = namedZone(word); zone && !fields.offset && fields.hour >= 0)
        fields.offset = *zone;
}

/// Days since 1970-01-01 in the Gregorian calendar (months counted from March, so that the leap day
/// is the last of its year).
std::int64_t daysSinceEpoch(int year, int month, int day)
{
    const std::int64_t y = month <= 2 ? year - 1 : year;
    const std::int64_t monthFromMarch = (month + 9) % 12;
    const std::int64_t dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
    const std::int64_t leapDays = y / 4 - y / 100 + y / 400;
    constexpr std::int64_t epoch = 719'468; // of 1970-01-01, counted from 0000-03-01
    return y * 365 + leapDays + dayOfYear - epoch;
}

int daysInMonth(int year, int month)
{
    constexpr std::array days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[static_cast<std::size_t>(month - 1)];
}

} // namespace

std::optional<std::int64_t> parseMailDate(std::string_view raw, int* offsetMinutes)
{
    constexpr std::size_t longest = 1000;
    const std::string text = unfolded(raw.substr(0, longest));
    Fields fields;
    int comment = 0;
    for (std::size_t pos = 0; pos < text.size();) {
        const char c = text[pos];
        if (c == '(' || c == ')')
            comment = std::max(0, comment + (c == '(' ? 1 : -1));
        if (comment > 0 || c == ')' || isSpace(c) || c == ',' || c == '"') {
            ++pos;
            continue;
        }
        const std::size_t end = std::min(text.find_first_of(" \t,()\"", pos), text.size());
        takeWord(std::string_view(text).substr(pos, end - pos), fields);
        pos = end;
    }
    if (fields.year < 1 || fields.year > 9999 || fields.month < 1 || fields.month > 12 ||
        fields.day < 1 || fields.day > daysInMonth(fields.year, fields.month))
        return std::nullopt;
    const int offset = fields.offset.value_or(0);
    if (offsetMinutes != nullptr)
        *offsetMinutes = offset;
    return daysSinceEpoch(fields.year, fields.month, fields.day) * 86'400 +
           std::max(fields.hour, 0) * 3600 + fields.minute * 60 + fields.second - offset * 60;
}

} // namespace avocet
