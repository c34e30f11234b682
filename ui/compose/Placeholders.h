// SPDX-License-Identifier: GPL-3.0-or-later
// {first name} and the like in a template's text: where they stand, and what they mean for a message.
#pragma once

#include "core/model/Message.h"

#include <QDate>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>
#include <vector>

namespace avocet {

/// In a line of text, with its braces.
struct PlaceholderSpot {
    int start = 0;
    int length = 0;
    QString name; ///< in lower case, blanks made one
};

/// A name is one to forty letters, digits, blanks, - and _, and begins with a letter.
QList<PlaceholderSpot> placeholdersIn(const QString& line);

enum class Placeholder { FirstName, Name, Address, MyName, MyAddress, Date, Subject, Cursor };

/// As they are written, in the user's language, in the order of a menu.
struct PlaceholderName {
    Placeholder which;
    QString name;        ///< without braces
    QString description; ///< what it becomes
};
QList<PlaceholderName> placeholderNames();
/// By the user's name for it, or the English one: templates travel.
std::optional<Placeholder> placeholderCalled(const QString& name);

struct PlaceholderFacts {
    std::vector<Address> to;
    QString myName, myAddress, subject;
    QDate date;
};

/// One line without braces, so that what a stranger calls himself is no placeholder; empty where it is not known.
QString placeholderValue(Placeholder which, const PlaceholderFacts& facts);
/// A line with all that is known filled in, once. {cursor} goes.
QString filled(const QString& line, const PlaceholderFacts& facts);

} // namespace avocet
