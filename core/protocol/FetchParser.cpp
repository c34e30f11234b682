// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/FetchParser.h"

#include "core/protocol/BodyStructure.h"
#include "core/protocol/ImapCursor.h"
#include "core/protocol/ImapStatus.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace avocet {
namespace {

struct FlagName {
    std::string_view name;
    Flag flag;
};

constexpr std::array<FlagName, 8> flagTable{{{"\\Seen", Flag::Seen},
                                             {"\\Answered", Flag::Answered},
                                             {"\\Flagged", Flag::Flagged},
                                             {"\\Deleted", Flag::Deleted},
                                             {"\\Draft", Flag::DraftFlag},
                                             {"$Forwarded", Flag::Forwarded},
                                             {"$Junk", Flag::Junk},
                                             {"$MDNSent", Flag::MdnSent}}};

// The years 1 to 9999: what four digits can say.
constexpr std::int64_t firstSecond = -62'135'596'800;
constexpr std::int64_t lastSecond = 253'402'300'799;

constexpr std::string_view monthNames = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// Days since 1970-01-01 of a proleptic Gregorian date; the year begins in March here, so that
/// the leap day is its last.
std::int64_t daysOf(std::int64_t year, int month, int day)
{
    if (month <= 2)
        --year;
    const std::int64_t monthFromMarch = (month + 9) % 12;
    const std::int64_t dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
    return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719'468;
}

/// Over the addresses that are there already; how many of them are now of this list.
std::size_t overwriteAddresses(ImapCursor& cursor, std::vector<RawAddress>& into)
{
    std::string store;
    if (cursor.nil())
        return 0;
    if (cursor.peek() != '(') { // "" instead of NIL
        cursor.string(store);
        return 0;
    }
    cursor.want('(');
    std::size_t count = 0;
    while (!cursor.bad() && !cursor.eat(')')) {
        if (count >= maxAddresses) {
            cursor.skip();
            continue;
        }
        if (!cursor.want('('))
            break;
        RawAddress& address = count < into.size() ? into[count] : into.emplace_back();
        ++count;
        cursor.copyString(address.name, maxEnvelopeText);
        cursor.string(store); // the route
        cursor.copyString(address.mailbox, maxEnvelopeText);
        cursor.copyString(address.host, maxEnvelopeText);
        cursor.want(')');
    }
    return count;
}

bool parseEnvelope(ImapCursor& cursor, Envelope& into)
{
    cursor.want('(');
    cursor.copyString(into.date, maxEnvelopeText);
    cursor.copyString(into.subject, maxEnvelopeText);
    for (auto* list : {&into.from, &into.sender, &into.replyTo, &into.to, &into.cc, &into.bcc})
        list->resize(overwriteAddresses(cursor, *list));
    cursor.copyString(into.inReplyTo, maxEnvelopeText);
    cursor.copyString(into.messageId, maxEnvelopeText);
    cursor.want(')');
    return !cursor.bad();
}

void clearEnvelope(Envelope& envelope)
{
    for (auto* text : {&envelope.date, &envelope.subject, &envelope.inReplyTo, &envelope.messageId})
        text->clear();
    for (auto* list : {&envelope.from, &envelope.sender, &envelope.replyTo, &envelope.to,
                       &envelope.cc, &envelope.bcc})
        list->clear();
}

/// All but what an ENVELOPE overwrites; the strings keep their room.
void clearItems(Envelope& envelope)
{
    envelope.uid = 0;
    envelope.modSeq = 0;
    envelope.flags = 0;
    envelope.keywords.clear();
    envelope.internalDate = 0;
    envelope.size = 0;
    envelope.bodyStructure.clear();
    envelope.hasAttachment = false;
    envelope.headerFields.clear();
    envelope.contentId.clear();
}

void takeStructure(ImapCursor& cursor, Envelope& into)
{
    cursor.peek();
    ImapCursor probe = cursor;
    const bool attachment = passStructure(probe);
    std::string_view bytes;
    if (probe.bad()) {
        bytes = cursor.skip();
    } else {
        into.hasAttachment = attachment;
        bytes = probe.since(cursor);
        cursor = probe;
    }
    if (bytes.size() <= maxEnvelopeText)
        into.bodyStructure = bytes;
}

void takeEnvelope(ImapCursor& cursor, Envelope& into)
{
    ImapCursor probe = cursor;
    if (parseEnvelope(probe, into)) {
        cursor = probe;
        return;
    }
    clearEnvelope(into);
    cursor.skip();
}

void takeFlags(ImapCursor& cursor, Envelope& into)
{
    cursor.want('(');
    while (!cursor.bad() && !cursor.eat(')'))
        addFlag(cursor.atom(), into.flags, into.keywords);
}

std::uint64_t parenthesised(ImapCursor& cursor)
{
    const bool opened = cursor.eat('(');
    const std::uint64_t value = cursor.number();
    if (opened)
        cursor.want(')');
    return value;
}

/// "BODY[1.2]<0>".
void takeSection(std::string_view item, ImapCursor& cursor, FetchContents& contents)
{
    const std::size_t end = item.find(']');
    if (end == item.npos) {
        cursor.skip();
        return;
    }
    contents.sectionName = item.substr(5, end - 5);
    if (item.substr(end + 1).starts_with('<'))
        contents.sectionOrigin = ImapCursor(item.substr(end + 2)).number();
    contents.section = !cursor.nil();
    if (contents.section)
        contents.sectionBytes = cursor.string(contents.bodyStore);
}

void takePreview(ImapCursor& cursor, FetchContents& contents)
{
    contents.previewed = true;
    std::string store;
    const bool draft = cursor.eat('('); // (FUZZY "text")
    if (draft)
        cursor.atom();
    std::string_view text = cursor.string(store);
    if (text.size() > maxPreview) {
        std::size_t end = maxPreview;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            --end;
        text = text.substr(0, end);
    }
    contents.preview = text;
    if (draft)
        cursor.want(')');
}

void takeBody(ImapCursor& cursor, FetchContents& contents)
{
    if (cursor.nil()) // expunged meanwhile
        return;
    contents.bodyBytes = contents.sectionBytes = cursor.string(contents.bodyStore);
    contents.body = contents.section = true;
}

void takeEmailId(ImapCursor& cursor, Envelope& into)
{
    std::string store;
    cursor.eat('(');
    if (into.contentId.empty())
        cursor.copyString(into.contentId, maxEnvelopeText);
    else
        cursor.string(store);
    cursor.eat(')');
}

/// The items that every message brings stand first.
void takeItem(std::string_view item, ImapCursor& cursor, Envelope& into, FetchContents& contents)
{
    if (equalsNoCase(item, "UID")) {
        into.uid = cursor.number32();
        contents.uid = true;
    } else if (equalsNoCase(item, "FLAGS")) {
        takeFlags(cursor, into);
        contents.flags = true;
    } else if (equalsNoCase(item, "INTERNALDATE")) {
        std::string store;
        into.internalDate = parseInternalDate(cursor.string(store));
    } else if (equalsNoCase(item, "RFC822.SIZE")) {
        into.size = static_cast<std::int64_t>(cursor.number());
    } else if (equalsNoCase(item, "ENVELOPE")) {
        takeEnvelope(cursor, into);
        contents.envelope = true;
    } else if (equalsNoCase(item, "BODYSTRUCTURE")) {
        takeStructure(cursor, into);
    } else if (startsNoCase(item, "BODY[HEADER.FIELDS")) {
        cursor.copyString(into.headerFields, maxEnvelopeText);
    } else if (equalsNoCase(item, "MODSEQ")) {
        into.modSeq = parenthesised(cursor);
    } else if (equalsNoCase(item, "BODY[]")) {
        takeBody(cursor, contents);
    } else if (startsNoCase(item, "BODY[")) {
        takeSection(item, cursor, contents);
    } else if (equalsNoCase(item, "PREVIEW")) {
        takePreview(cursor, contents);
    } else if (equalsNoCase(item, "EMAILID")) {
        takeEmailId(cursor, into);
    } else if (equalsNoCase(item, "X-GM-MSGID")) {
        into.contentId = cursor.atom();
    } else {
        cursor.skip();
    }
}

} // namespace

bool parseFetch(std::string_view items, Envelope& into, FetchContents& contents)
{
    clearItems(into);
    ImapCursor cursor(items);
    cursor.want('(');
    while (!cursor.bad() && !cursor.eat(')')) {
        const std::string_view item = cursor.item();
        takeItem(item, cursor, into, contents);
    }
    if (!contents.envelope)
        clearEnvelope(into);
    return !cursor.bad() && !(contents.uid && into.uid == 0);
}

std::int64_t parseInternalDate(std::string_view text)
{
    if (text.size() < 26)
        return 0;
    const auto two = [&](std::size_t at) {
        const int high = text[at] == ' ' ? 0 : text[at] - '0';
        return high * 10 + (text[at + 1] - '0');
    };
    for (const std::size_t at : {0u, 7u, 9u, 12u, 15u, 18u, 22u, 24u}) {
        const bool digits = (text[at] == ' ' || (text[at] >= '0' && text[at] <= '9')) &&
                            text[at + 1] >= '0' && text[at + 1] <= '9';
        if (!digits)
            return 0;
    }
    const std::size_t month = monthNames.find(text.substr(3, 3));
    if (month == monthNames.npos || month % 3 != 0)
        return 0;
    const std::int64_t days =
        daysOf(two(7) * 100 + two(9), static_cast<int>(month / 3) + 1, two(0));
    const std::int64_t zone = (two(22) * 60 + two(24)) * 60;
    return days * 86'400 + two(12) * 3600 + two(15) * 60 + two(18) -
           (text[21] == '-' ? -zone : zone);
}

std::string formatInternalDate(std::int64_t seconds)
{
    seconds = std::clamp(seconds, firstSecond, lastSecond);
    const std::int64_t days = seconds >= 0 ? seconds / 86'400 : (seconds - 86'399) / 86'400;
    const auto inDay = static_cast<int>(seconds - days * 86'400);
    // Never too late, so that counting forward arrives.
    std::int64_t year = days >= 0 ? 1970 + days / 366 : 1969 + days / 365;
    while (daysOf(year + 1, 1, 1) <= days)
        ++year;
    int month = 12;
    while (daysOf(year, month, 1) > days)
        --month;
    const auto day = static_cast<int>(days - daysOf(year, month, 1)) + 1;
    const std::string_view name = monthNames.substr(static_cast<std::size_t>(month - 1) * 3, 3);
    char text[64];
    std::snprintf(text, sizeof text, "%02d-%.3s-%04d %02d:%02d:%02d +0000", day, name.data(),
                  static_cast<int>(year), inDay / 3600, inDay / 60 % 60, inDay % 60);
    return text;
}

void addFlag(std::string_view flag, Flags& flags, std::vector<std::string>& keywords)
{
    for (const FlagName& known : flagTable) {
        if (equalsNoCase(known.name, flag)) {
            flags |= known.flag;
            return;
        }
    }
    if (!flag.empty() && flag.size() <= maxKeyword && keywords.size() < maxKeywords &&
        !equalsNoCase(flag, "\\Recent"))
        keywords.emplace_back(flag);
}

std::string flagNames(Flags flags)
{
    std::string result;
    for (const FlagName& known : flagTable) {
        if (!(flags & known.flag))
            continue;
        if (!result.empty())
            result += ' ';
        result += known.name;
    }
    return result;
}

} // namespace avocet
