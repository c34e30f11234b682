// SPDX-License-Identifier: GPL-3.0-or-later
// Dates, sizes and counts as people write them, by locale. Times are seconds since 1970, UTC.
#pragma once

#include <QDateTime>
#include <QLocale>
#include <QString>

#include <cstdint>

namespace avocet {

/// Hours and minutes, by locale.
QString clockFormat(const QLocale& locale = QLocale());
/// The time of day without seconds, by locale.
QString clockTime(const QDateTime& when, const QLocale& locale = QLocale());

/// For a list: "14:32" today, "Tue" within the last six days, "12 Sep" this year, else "12 Sep 2024".
QString listDate(std::int64_t seconds, const QDateTime& now = QDateTime::currentDateTime(),
                 const QLocale& locale = QLocale());
/// For a message: "Today at 14:32", "Yesterday at 09:12", else "Tuesday, 12 September 2026 at 14:32".
QString messageDate(std::int64_t seconds, const QDateTime& now = QDateTime::currentDateTime(),
                    const QLocale& locale = QLocale());
/// With seconds and time zone, for a tool tip.
QString fullDate(std::int64_t seconds, const QLocale& locale = QLocale());

/// The stretch of time that a list groups a message under, and where it begins.
struct DateGroup {
    QString title;         ///< "Today", "Yesterday", "Last 7 days", "September", "2024"
    std::int64_t from = 0; ///< every message of the group has a date of at least this
};
DateGroup dateGroup(std::int64_t seconds, const QDateTime& now = QDateTime::currentDateTime(),
                    const QLocale& locale = QLocale());

/// "1.2 MB"; 1 KB is 1,000 bytes, as desktops count.
QString sizeWords(std::int64_t bytes, const QLocale& locale = QLocale());
/// "50,000"
QString countWords(std::int64_t count, const QLocale& locale = QLocale());

} // namespace avocet
