// SPDX-License-Identifier: GPL-3.0-or-later
// When a message is to be sent, as people say it: on the command line, and as choices in the composer.
#pragma once

#include "core/model/Error.h"

#include <QDateTime>
#include <QList>
#include <QString>

namespace avocet {

/// "2026-11-24T18:30" (local, or with an offset), "2026-11-24 18:30", "18:30" (today, or tomorrow where that is past), "today
/// 18:30", "tomorrow 08:00", "monday 9:00", "in 2 hours", "in 30 minutes". Rejected/InvalidInput where it is none of these or
/// is past.
Result<QDateTime> parseSendTime(const QString& text, const QDateTime& now);

struct SendTimeChoice {
    QString label;
    QDateTime time;
};

/// In an hour, this evening, tomorrow morning, Monday morning: those that are still to come and no two the same.
QList<SendTimeChoice> sendTimeChoices(const QDateTime& now);

/// "18:30", "Tue 08:00" within a week, else with the date.
QString sendTimeWords(const QDateTime& time, const QDateTime& now);

} // namespace avocet
