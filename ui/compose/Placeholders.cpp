// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/Placeholders.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <array>

namespace avocet {

namespace {

constexpr std::size_t mostGreeted = 3; // a longer list is nothing to begin a letter with

struct PlaceholderEntry {
    Placeholder which;
    const char* name;
    const char* description;
};

constexpr std::array<PlaceholderEntry, 8> placeholderTable{{
    {Placeholder::FirstName, QT_TRANSLATE_NOOP("avocet::Placeholders", "first name"),
     QT_TRANSLATE_NOOP("avocet::Placeholders", "The first name of who it goes to")},
    {Placeholder::Name, QT_TRANSLATE_NOOP("avocet::Placeholders", "name"),
     QT_TRANSLATE_NOOP("avocet::Placeholders", "The whole name of who it goes to")},
    {Placeholder::Address, QT_TRANSLATE_NOOP("avocet::Placeholders", "address"),
     QT_TRANSLATE_NOOP("avocet::Placeholders", "The address that it goes to")},
    {Placeholder::MyName, QT_TRANSLATE_NOOP("avocet::Placeholders", "my name"),
     QT_TRANSLATE_NOOP("avocet::Placeholders", "Your name")},
    {Placeholder::MyAddress, QT_TRANSLATE_NOOP("avocet::Placeholders", "my address"),
     QT_TRANSLATE_NOOP("avocet::Placeholders", "Your address")},
    {Placeholder::Date, QT_TRANSLATE_NOOP("avocet::Placeholders", "date"),
     QT_TRANSLATE_NOOP("avocet::Placeholders", "Today's date")},
    {Placeholder::Subject, QT_TRANSLATE_NOOP("avocet::Placeholders", "subject"),
     QT_TRANSLATE_NOOP("avocet::Placeholders", "The message's subject")},
    {Placeholder::Cursor, QT_TRANSLATE_NOOP("avocet::Placeholders", "cursor"),
     QT_TRANSLATE_NOOP("avocet::Placeholders", "Where you go on writing")},
}};

QString translated(const char* text)
{
    return QCoreApplication::translate("avocet::Placeholders", text);
}

QString foldedName(const QString& name)
{
    return name.simplified().toLower();
}

QString wholeName(const Address& address)
{
    QString name = QString::fromStdString(address.name).simplified();
    const auto comma = name.indexOf(u',');
    if (comma > 0 && name.indexOf(u',', comma + 1) < 0) // "Berg, Anna"
        name = (name.mid(comma + 1) + u' ' + name.left(comma)).simplified();
    return name.contains(u'@') ? QString() : name; // an address is nobody's name
}

QString firstName(const Address& address)
{
    return wholeName(address).section(u' ', 0, 0);
}

/// Of each recipient; nothing where one has none, or they are too many.
template <class Part>
QString listed(const std::vector<Address>& people, Part part)
{
    QStringList parts;
    for (const Address& one : people) {
        parts.append(part(one));
        if (parts.last().isEmpty() || people.size() > mostGreeted)
            return {};
    }
    return QLocale().createSeparatedList(parts);
}

} // namespace

QList<PlaceholderSpot> placeholdersIn(const QString& line)
{
    static const QRegularExpression pattern(
        QStringLiteral("\\{[ ]*(\\p{L}[\\p{L}\\p{M}\\p{N} _-]{0,39})\\}"));
    QList<PlaceholderSpot> spots;
    if (!line.contains(u'{'))
        return spots;
    for (auto match = pattern.globalMatch(line); match.hasNext();) {
        const QRegularExpressionMatch one = match.next();
        spots.append({static_cast<int>(one.capturedStart()), static_cast<int>(one.capturedLength()),
                      foldedName(one.captured(1))});
    }
    return spots;
}

QList<PlaceholderName> placeholderNames()
{
    QList<PlaceholderName> names;
    for (const PlaceholderEntry& one : placeholderTable)
        names.append({one.which, translated(one.name), translated(one.description)});
    return names;
}

std::optional<Placeholder> placeholderCalled(const QString& name)
{
    const QString wanted = foldedName(name);
    for (const PlaceholderEntry& one : placeholderTable)
        if (wanted == foldedName(translated(one.name)) || wanted == QLatin1String(one.name))
            return one.which;
    return std::nullopt;
}

QString placeholderValue(Placeholder which, const PlaceholderFacts& facts)
{
    QString value;
    switch (which) {
    case Placeholder::FirstName:
        value = listed(facts.to, firstName);
        break;
    case Placeholder::Name:
        value = listed(facts.to, wholeName);
        break;
    case Placeholder::Address:
        value = listed(facts.to,
                       [](const Address& one) { return QString::fromStdString(one.address); });
        break;
    case Placeholder::MyName:
        value = facts.myName;
        break;
    case Placeholder::MyAddress:
        value = facts.myAddress;
        break;
    case Placeholder::Date:
        value = QLocale().toString(facts.date, QLocale::LongFormat);
        break;
    case Placeholder::Subject:
        value = facts.subject;
        break;
    case Placeholder::Cursor:
        break;
    }
    value.removeIf([](QChar c) { return c == u'{' || c == u'}'; });
    return value.simplified();
}

QString filled(const QString& line, const PlaceholderFacts& facts)
{
    QString result = line;
    const QList<PlaceholderSpot> spots = placeholdersIn(line);
    for (auto spot = spots.crbegin(); spot != spots.crend(); ++spot) {
        const auto which = placeholderCalled(spot->name);
        const QString value = which ? placeholderValue(*which, facts) : QString();
        if (!value.isEmpty() || which == Placeholder::Cursor)
            result.replace(spot->start, spot->length, value);
    }
    return result;
}

} // namespace avocet
