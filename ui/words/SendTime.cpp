// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/words/SendTime.h"

#include "ui/words/DateWords.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>
#include <cstdlib>

namespace avocet {

namespace {

const QTime morning{8, 0};
const QTime evening{18, 0};
constexpr int monday = 1;

QString tr(const char* text)
{
    return QCoreApplication::translate("SendTime", text);
}

/// The next day of this number (1: Monday), never today.
QDate nextDay(const QDate& today, int day)
{
    return today.addDays((day - today.dayOfWeek() + 6) % 7 + 1);
}

int dayNumber(const QString& word)
{
    static const QStringList days{QStringLiteral("monday"),    QStringLiteral("tuesday"),
                                  QStringLiteral("wednesday"), QStringLiteral("thursday"),
                                  QStringLiteral("friday"),    QStringLiteral("saturday"),
                                  QStringLiteral("sunday")};
    for (int i = 0; i < days.size(); ++i)
        if (days[i] == word || (word.size() == 3 && days[i].startsWith(word)))
            return i + 1;
    return 0;
}

QTime clock(const QString& text)
{
    const QTime time = QTime::fromString(text, QStringLiteral("H:mm"));
    return time.isValid() ? time : QTime::fromString(text, QStringLiteral("H:mm:ss"));
}

QDateTime fromNow(const QString& text, const QDateTime& now)
{
    static const QRegularExpression form(
        QStringLiteral("^in ([0-9]{1,4}) (minute|hour|day|week)s?$"));
    const auto match = form.match(text);
    if (!match.hasMatch())
        return {};
    const int count = match.captured(1).toInt();
    const QString unit = match.captured(2);
    if (unit == u"minute")
        return now.addSecs(count * 60LL);
    if (unit == u"hour")
        return now.addSecs(count * 3600LL);
    return now.addDays(unit == u"week" ? count * 7LL : count);
}

QDateTime named(const QString& text, const QDateTime& now)
{
    if (const QTime time = clock(text); time.isValid()) {
        const QDateTime today(now.date(), time);
        return today > now ? today : QDateTime(now.date().addDays(1), time);
    }
    const qsizetype space = text.indexOf(u' ');
    const QString day = text.left(space);
    const QTime time = space < 0 ? morning : clock(text.mid(space + 1).trimmed());
    if (!time.isValid())
        return {};
    if (day == u"today")
        return QDateTime(now.date(), time);
    if (day == u"tomorrow")
        return QDateTime(now.date().addDays(1), time);
    if (const int number = dayNumber(day))
        return QDateTime(nextDay(now.date(), number), time);
    return {};
}

} // namespace

Result<QDateTime> parseSendTime(const QString& text, const QDateTime& now)
{
    const QString words = text.simplified().toLower();
    QDateTime time = named(words, now);
    if (!time.isValid())
        time = fromNow(words, now);
    if (!time.isValid()) {
        QString iso = text.trimmed();
        if (iso.size() > 10 && iso[10] == u' ')
            iso[10] = u'T';
        if (iso.contains(u'T'))
            time = QDateTime::fromString(iso, Qt::ISODate);
    }
    if (!time.isValid())
        return fail(ErrorKind::Rejected,
                    "no time: " + text.left(100).toStdString() +
                        " (2026-11-24T18:30, 18:30, tomorrow 08:00, monday 9:00, in 2 hours)",
                    ErrorCode::InvalidInput);
    if (time <= now)
        return fail(ErrorKind::Rejected, "this time is past: " + text.left(100).toStdString(),
                    ErrorCode::InvalidInput);
    return time;
}

QList<SendTimeChoice> sendTimeChoices(const QDateTime& now)
{
    const QDate today = now.date();
    QDateTime hour = now.addSecs(3600);
    hour.setTime(QTime(hour.time().hour(), hour.time().minute()));
    const QList<SendTimeChoice> all{
        {tr("In an hour"), hour},
        {tr("This evening"), QDateTime(today, evening)},
        {tr("Tomorrow morning"), QDateTime(today.addDays(1), morning)},
        {tr("Monday morning"), QDateTime(nextDay(today, monday), morning)}};
    QList<SendTimeChoice> choices;
    for (const SendTimeChoice& choice : all) {
        const bool same = std::any_of(choices.cbegin(), choices.cend(),
                                      [&](const auto& other) { return other.time == choice.time; });
        if (choice.time > now && !same)
            choices.append(choice);
    }
    return choices;
}

QString sendTimeWords(const QDateTime& time, const QDateTime& now)
{
    const QLocale locale;
    const QString at = clockTime(time, locale);
    if (time.date() == now.date())
        return at;
    const qint64 days = std::abs(now.date().daysTo(time.date()));
    const QString day =
        days < 7 ? locale.standaloneDayName(time.date().dayOfWeek(), QLocale::ShortFormat)
                 : locale.toString(time.date(), QLocale::ShortFormat);
    return QStringLiteral("%1 %2").arg(day, at);
}

} // namespace avocet
