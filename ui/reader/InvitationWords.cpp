// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/InvitationWords.h"

#include "core/mime/SenderChecks.h"
#include "ui/reader/InvitationCard.h"
#include "ui/words/DateWords.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace avocet {

namespace {

QString invitedLine(const std::string& utf8)
{
    return QString::fromStdString(utf8).left(300);
}

QDateTime localTime(const Moment& moment)
{
    const QDateTime utc = QDateTime::fromSecsSinceEpoch(moment.utc, Qt::UTC);
    return moment.floating || moment.isDay ? QDateTime(utc.date(), utc.time()) : utc.toLocalTime();
}

bool sameMail(const std::string& a, const std::string& b)
{
    return QString::fromStdString(a).trimmed().compare(QString::fromStdString(b).trimmed(),
                                                       Qt::CaseInsensitive) == 0;
}

bool isIn(const std::vector<Address>& people, const std::string& address)
{
    return std::any_of(people.begin(), people.end(),
                       [&](const Address& each) { return sameMail(each.address, address); });
}

/// Whatever its zone is called.
bool sameMoment(const Moment& a, const Moment& b)
{
    return a.utc == b.utc && a.isDay == b.isDay && a.floating == b.floating;
}

QString shownMail(const std::string& address)
{
    return QString::fromStdString(shownAddress(address)).left(300);
}

/// "the second Friday", of each week only "Friday"; empty where there are no words for it.
QString weekdayWords(const std::pair<int, int>& weekday)
{
    if (weekday.first < 0 || weekday.first > 6) {
        return {};
    }
    const QString day = QLocale().dayName(weekday.first == 0 ? 7 : weekday.first);
    switch (weekday.second) {
    case 0:
        return day;
    case 1:
        return InvitationCard::tr("the first %1").arg(day);
    case 2:
        return InvitationCard::tr("the second %1").arg(day);
    case 3:
        return InvitationCard::tr("the third %1").arg(day);
    case 4:
        return InvitationCard::tr("the fourth %1").arg(day);
    case 5:
        return InvitationCard::tr("the fifth %1").arg(day);
    case -1:
        return InvitationCard::tr("the last %1").arg(day);
    default:
        return {};
    }
}

QString dayWords(const Recurrence& every)
{
    if (every.frequency == Recurrence::Frequency::Yearly) {
        return {}; // in which months is not known here
    }
    QStringList days;
    for (const auto& weekday : every.weekdays) {
        days.append(weekdayWords(weekday));
    }
    if (every.weekdays.empty() && every.frequency == Recurrence::Frequency::Monthly) {
        for (const int day : every.monthDays) {
            days.append(day > 0     ? InvitationCard::tr("day %1").arg(day)
                        : day == -1 ? InvitationCard::tr("the last day")
                                    : QString());
        }
    }
    // Half of a rule would be a wrong one.
    return days.contains(QString()) || days.size() > 10 ? QString()
                                                        : QLocale().createSeparatedList(days);
}

} // namespace

QString invitationState(const Invitation& invitation)
{
    const QString who = invitedLine(invitation.organizer.name.empty() ? invitation.organizer.address
                                                                      : invitation.organizer.name);
    if (invitation.cancelled || invitation.method == InvitationMethod::Cancel) {
        return InvitationCard::tr("This meeting was called off.");
    }
    if (invitation.method == InvitationMethod::Reply && !invitation.attendees.empty()) {
        const Attendee& each = invitation.attendees.front();
        const QString name = invitedLine(each.who.name.empty() ? each.who.address : each.who.name);
        switch (each.status) {
        case Participation::Accepted:
            return InvitationCard::tr("%1 accepted.").arg(name);
        case Participation::Declined:
            return InvitationCard::tr("%1 declined.").arg(name);
        case Participation::Tentative:
            return InvitationCard::tr("%1 may come.").arg(name);
        default:
            return InvitationCard::tr("%1 answered.").arg(name);
        }
    }
    const auto people = invitation.attendees.size();
    if (who.isEmpty()) {
        return people > 1 ? InvitationCard::tr("%1 people are invited").arg(people) : QString();
    }
    return people > 1 ? InvitationCard::tr("%1 invites %2 people").arg(who).arg(people)
                      : InvitationCard::tr("%1 invites you").arg(who);
}

QString meetingTime(const Invitation& invitation)
{
    const QLocale locale;
    const QDateTime start = localTime(invitation.start);
    const QString day = locale.toString(start.date(), QLocale::LongFormat);
    if (invitation.start.isDay) {
        const QDate last =
            invitation.end ? localTime(*invitation.end).date().addDays(-1) : start.date();
        return last <= start.date() ? InvitationCard::tr("%1, all day").arg(day)
                                    : InvitationCard::tr("%1 to %2")
                                          .arg(day, locale.toString(last, QLocale::LongFormat));
    }
    if (!invitation.end) {
        return QStringLiteral("%1, %2").arg(day, clockTime(start));
    }
    const QDateTime end = localTime(*invitation.end);
    const QString until =
        end.date() == start.date()
            ? clockTime(end)
            : QStringLiteral("%1, %2").arg(locale.toString(end.date(), QLocale::LongFormat),
                                           clockTime(end));
    return InvitationCard::tr("%1, %2 to %3").arg(day, clockTime(start), until);
}

QString recurrenceWords(const Invitation& invitation)
{
    if (!invitation.recurrence || invitation.recurrenceId) {
        return {};
    }
    const Recurrence& every = *invitation.recurrence;
    const int n = every.interval;
    QString words;
    switch (every.frequency) {
    case Recurrence::Frequency::Hourly:
        words =
            n == 1 ? InvitationCard::tr("Every hour") : InvitationCard::tr("Every %1 hours").arg(n);
        break;
    case Recurrence::Frequency::Daily:
        words =
            n == 1 ? InvitationCard::tr("Every day") : InvitationCard::tr("Every %1 days").arg(n);
        break;
    case Recurrence::Frequency::Weekly:
        words =
            n == 1 ? InvitationCard::tr("Every week") : InvitationCard::tr("Every %1 weeks").arg(n);
        break;
    case Recurrence::Frequency::Monthly:
        words = n == 1 ? InvitationCard::tr("Every month")
                       : InvitationCard::tr("Every %1 months").arg(n);
        break;
    case Recurrence::Frequency::Yearly:
        words =
            n == 1 ? InvitationCard::tr("Every year") : InvitationCard::tr("Every %1 years").arg(n);
        break;
    }
    if (const QString days = dayWords(every); !days.isEmpty()) {
        words = InvitationCard::tr("%1 on %2").arg(words, days);
    }
    if (every.count > 0) {
        return InvitationCard::tr("%1, %2 times").arg(words).arg(every.count);
    }
    if (every.until) {
        const QDateTime last = QDateTime::fromSecsSinceEpoch(*every.until, Qt::UTC).toLocalTime();
        return InvitationCard::tr("%1 until %2")
            .arg(words, QLocale().toString(last.date(), QLocale::LongFormat));
    }
    return words;
}

QString personWords(const Address& person)
{
    const QString address = shownMail(person.address);
    return person.name.empty() ? address
           : address.isEmpty() ? invitedLine(person.name)
                               : QStringLiteral("%1 <%2>").arg(invitedLine(person.name), address);
}

QString attendeeWords(const Attendee& attendee)
{
    const QString who = personWords(attendee.who);
    switch (attendee.status) {
    case Participation::Accepted:
        return InvitationCard::tr("%1, accepted").arg(who);
    case Participation::Declined:
        return InvitationCard::tr("%1, declined").arg(who);
    case Participation::Tentative:
        return InvitationCard::tr("%1, may come").arg(who);
    case Participation::Delegated:
        return InvitationCard::tr("%1, sends somebody else").arg(who);
    case Participation::NeedsAction:
        break;
    }
    return attendee.optional ? InvitationCard::tr("%1, optional").arg(who) : who;
}

bool isFromItsAuthor(const Invitation& invitation, const std::vector<Address>& from)
{
    if (invitation.method != InvitationMethod::Reply) {
        return isIn(from, invitation.organizer.address);
    }
    return std::any_of(invitation.attendees.begin(), invitation.attendees.end(),
                       [&](const Attendee& each) { return isIn(from, each.who.address); });
}

QString originWarning(const Invitation& invitation, const std::vector<Address>& from)
{
    const bool reply = invitation.method == InvitationMethod::Reply;
    const std::string author = !reply ? invitation.organizer.address
                               : invitation.attendees.empty()
                                   ? std::string()
                                   : invitation.attendees.front().who.address;
    if (author.empty() || isFromItsAuthor(invitation, from)) {
        return {};
    }
    const QString really = from.empty() ? QString() : shownMail(from.front().address);
    if (really.isEmpty()) {
        return InvitationCard::tr("This message does not say that it is from %1.")
            .arg(shownMail(author));
    }
    return reply ? InvitationCard::tr("This answer is said to be by %1, but it came from %2.")
                       .arg(shownMail(author), really)
                 : InvitationCard::tr("This is said to be by %1, but it came from %2.")
                       .arg(shownMail(author), really);
}

QString changeWords(const Invitation& before, const Invitation& now)
{
    QStringList changes;
    const bool end = before.end.has_value() == now.end.has_value() &&
                     (!before.end || sameMoment(*before.end, *now.end));
    if (!end || !sameMoment(before.start, now.start)) {
        changes.append(InvitationCard::tr("The time was %1.").arg(meetingTime(before)));
    }
    if (before.location != now.location) {
        changes.append(
            before.location.empty()
                ? InvitationCard::tr("The place is new.")
                : InvitationCard::tr("The place was %1.").arg(invitedLine(before.location)));
    }
    return changes.join(u'\n');
}

} // namespace avocet
