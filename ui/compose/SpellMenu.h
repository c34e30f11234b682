// SPDX-License-Identifier: GPL-3.0-or-later
// Which languages are looked at while one writes: the menu that asks, the same in the composer and in the settings.
#pragma once

#include "ui/compose/ComposeSettings.h"

#include <QString>
#include <QStringList>

#include <functional>

class QMenu;

namespace avocet {

struct SpellChoice {
    bool on = true;
    QStringList languages = {}; ///< empty: those of the desktop and English

    friend bool operator==(const SpellChoice&, const SpellChoice&) = default;
};

SpellChoice spellChoice(const ComposeSettings& settings);
ComposeSettings withSpellChoice(ComposeSettings settings, const SpellChoice& choice);

/// "Deutsch (Schweiz)" for "de_CH".
QString languageName(const QString& dictionary);
/// Those of the desktop's languages that have a dictionary, one each, and English, which many write besides.
QStringList usualLanguages(const QStringList& installed);
/// "Off", "Automatic", or the names.
QString spellChoiceWords(const SpellChoice& choice);

/// Fills it anew; `choose` is told what the user made of `now`. Those that are not installed any more are left out.
void fillSpellMenu(QMenu& menu, const QStringList& installed, const SpellChoice& now,
                   const std::function<void(const SpellChoice&)>& choose);

} // namespace avocet
