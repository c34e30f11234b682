// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/words/DateWords.h"

#include <QCoreApplication>

#include <limits>

namespace avocet {

namespace {

struct DateTexts {
    Q_DECLARE_TR_FUNCTIONS(avocet::DateWords)
};

QString day(const QDate& date, const QString& format, const QLocale& locale)
{
    return locale.toString(date, format);
}

} // namespace

QString clockFormat(const QLocale& locale)
{
    // The C locale, which a session without language settings has, would show seconds.
    return locale.language() == QLocale::C ? QStringLiteral("HH:mm")
                                           : locale.timeFormat(QLocale::ShortFormat);
}

QString clockTime(const QDateTime& when, const QLocale& locale)
{
    return locale.toString(when.time(), clockFormat(locale));
}

QString listDate(std::int64_t seconds, const QDateTime& now, const QLocale& locale)
{
    const QDateTime when = QDateTime::fromSecsSinceEpoch(seconds);
    const qint64 daysAgo = when.date().daysTo(now.date());
    if (daysAgo == 0) {
        return clockTime(when, locale);
    }
    if (daysAgo > 0 && daysAgo < 7) {
        return day(when.date(), QStringLiteral("ddd"), locale);
    }
    if (when.date().year() == now.date().year()) {
        return day(when.date(), QStringLiteral("d MMM"), locale);
    }
    return day(when.date(), QStringLiteral("d MMM yyyy"), locale);
}

QString messageDate(std::int64_t seconds, const QDateTime& now, const QLocale& locale)
{
    const QDateTime when = QDateTime::fromSecsSinceEpoch(seconds);
    const qint64 daysAgo = when.date().daysTo(now.date());
    if (daysAgo == 0) {
        return DateTexts::tr("Today at %1").arg(clockTime(when, locale));
    }
    if (daysAgo == 1) {
        return DateTexts::tr("Yesterday at %1").arg(clockTime(when, locale));
    }
    const QString format = when.date().year() == now.date().year()
                               ? QStringLiteral("dddd, d MMMM")
                               : QStringLiteral("dddd, d MMMM yyyy");
    return DateTexts::tr("%1 at %2", "date, time")
        .arg(day(when.date(), format, locale), clockTime(when, locale));
}

QString fullDate(std::int64_t seconds, const QLocale& locale)
{
    const QDateTime when = QDateTime::fromSecsSinceEpoch(seconds);
    return QStringLiteral("%1 %2").arg(locale.toString(when, QLocale::LongFormat),
                                       when.timeZoneAbbreviation());
}

DateGroup dateGroup(std::int64_t seconds, const QDateTime& now, const QLocale& locale)
{
    const QDate today = now.date();
    const QDate date = QDateTime::fromSecsSinceEpoch(seconds).date();
    const auto startOf = [](const QDate& d) {
        const QDateTime start = d.startOfDay();
        return start.isValid() ? start.toSecsSinceEpoch()
                               : std::numeric_limits<std::int64_t>::min();
    };
    if (date > today) {
        return {DateTexts::tr("Later"), startOf(today.addDays(1))};
    }
    if (date == today) {
        return {DateTexts::tr("Today"), startOf(today)};
    }
    if (date == today.addDays(-1)) {
        return {DateTexts::tr("Yesterday"), startOf(today.addDays(-1))};
    }
    if (date > today.addDays(-7)) {
        return {DateTexts::tr("Last 7 days"), startOf(today.addDays(-6))};
    }
    if (date.year() == today.year()) {
        const QDate first(date.year(), date.month(), 1);
        return {locale.standaloneMonthName(date.month()), startOf(first)};
    }
    return {QString::number(date.year()), startOf(QDate(date.year(), 1, 1))};
}

QString sizeWords(std::int64_t bytes, const QLocale& locale)
{
    if (bytes < 1000) {
        return DateTexts::tr("%n bytes", nullptr, static_cast<int>(bytes));
    }
    const double kilo = static_cast<double>(bytes) / 1000.0;
    if (kilo < 1000) {
        return DateTexts::tr("%1 KB").arg(locale.toString(kilo, 'f', 0));
    }
    const double mega = kilo / 1000;
    if (mega < 1000) {
        return DateTexts::tr("%1 MB").arg(locale.toString(mega, 'f', mega < 10 ? 1 : 0));
    }
    return DateTexts::tr("%1 GB").arg(locale.toString(mega / 1000, 'f', 1));
}

QString countWords(std::int64_t count, const QLocale& locale)
{
    if (locale.language() == QLocale::C) {
        return QLocale(QLocale::English).toString(count);
    }
    return locale.toString(count);
}

} // namespace avocet
