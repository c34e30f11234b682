// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/SpellMenu.h"

#include <QCoreApplication>
#include <QLocale>
#include <QMenu>

#include <algorithm>
#include <utility>

namespace avocet {

namespace {

QString spellMenuText(const char* text)
{
    return QCoreApplication::translate("avocet::SpellMenu", text);
}

} // namespace

SpellChoice spellChoice(const ComposeSettings& settings)
{
    SpellChoice choice{settings.spelling, {}};
    for (const std::string& one : settings.dictionaries)
        choice.languages.append(QString::fromStdString(one));
    return choice;
}

ComposeSettings withSpellChoice(ComposeSettings settings, const SpellChoice& choice)
{
    settings.spelling = choice.on;
    settings.dictionaries.clear();
    for (const QString& one : choice.languages)
        settings.dictionaries.push_back(one.toStdString());
    return settings;
}

QString languageName(const QString& dictionary)
{
    const QLocale locale(dictionary);
    if (locale.language() == QLocale::C)
        return dictionary;
    QString name = locale.nativeLanguageName();
    if (dictionary.contains(u'_'))
        name += QStringLiteral(" (%1)").arg(locale.nativeTerritoryName());
    return name.left(1).toUpper() + name.mid(1);
}

QStringList usualLanguages(const QStringList& installed)
{
    const auto stem = [](const QString& language) { return language.section(u'_', 0, 0); };
    QStringList wanted;
    for (QString language : QLocale::system().uiLanguages() + QStringList(QStringLiteral("en"))) {
        language.replace(u'-', u'_');
        QStringList closest = installed; // the desktop's own territory goes first
        std::stable_partition(closest.begin(), closest.end(),
                              [&](const QString& one) { return one == language; });
        for (const QString& dictionary : std::as_const(closest))
            if (stem(dictionary) == stem(language) && !wanted.contains(dictionary) &&
                std::none_of(wanted.begin(), wanted.end(),
                             [&](const QString& one) { return stem(one) == stem(dictionary); }))
                wanted.append(dictionary);
    }
    return wanted;
}

QString spellChoiceWords(const SpellChoice& choice)
{
    if (!choice.on)
        return spellMenuText("Off");
    if (choice.languages.isEmpty())
        return spellMenuText("Automatic");
    QStringList names;
    for (const QString& language : choice.languages)
        names.append(languageName(language));
    return QLocale().createSeparatedList(names);
}

void fillSpellMenu(QMenu& menu, const QStringList& installed, const SpellChoice& now,
                   const std::function<void(const SpellChoice&)>& choose)
{
    menu.clear();
    const auto add = [&](const QString& name, bool on, const SpellChoice& then) {
        QAction* action = menu.addAction(name, &menu, [choose, then] { choose(then); });
        action->setCheckable(true);
        action->setChecked(on);
    };
    if (installed.isEmpty()) {
        menu.addAction(spellMenuText("No dictionary is installed"))->setEnabled(false);
        return;
    }
    QStringList chosen = now.languages;
    chosen.removeIf([&](const QString& one) { return !installed.contains(one); });
    add(spellMenuText("Off"), !now.on, {false, chosen});
    add(spellMenuText("Automatic"), now.on && chosen.isEmpty(), {true, {}});
    menu.addSeparator();
    for (const QString& language : installed) {
        const bool on = now.on && chosen.contains(language);
        SpellChoice then{true, chosen};
        if (on)
            then.languages.removeAll(language);
        else if (!chosen.contains(language))
            then.languages.append(language);
        add(languageName(language), on, then);
    }
}

} // namespace avocet
