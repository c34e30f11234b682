// SPDX-License-Identifier: GPL-3.0-or-later
// Settings, Composing: how messages begin and what is asked before they leave.
#pragma once

#include "ui/settings/Preferences.h"
#include "ui/settings/SettingRow.h"

namespace avocet {

/// Each change applies to the next composer. Thread: the GUI's.
class ComposingPage : public SettingsPage {
    Q_OBJECT
public:
    explicit ComposingPage(Preferences& preferences, QWidget* parent = nullptr);

private:
    void addChoice(const QString& name, bool ComposeSettings::*field, const QString& label,
                   const QString& description, const QString& off, const QString& on);
    void addSwitch(const QString& name, bool ComposeSettings::*field, const QString& label,
                   const QString& description);
    void addUndo();
    void addSpelling();
    void set(bool ComposeSettings::*field, bool on);

    Preferences& m_preferences;
};

} // namespace avocet
