// SPDX-License-Identifier: GPL-3.0-or-later
// Settings, Templates: texts that are used again.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/model/Template.h"
#include "ui/settings/Preferences.h"
#include "ui/settings/SettingRow.h"

class QVBoxLayout;

namespace avocet {

class Button;
class InfoBarStack;
class TemplateForm;

/// Kept up while it is there. Thread: the GUI's.
class TemplatesPage : public SettingsPage {
    Q_OBJECT
public:
    TemplatesPage(MailEngine& engine, Preferences& preferences, QWidget* parent = nullptr);

    /// While one is edited, else null.
    TemplateForm* form() const { return m_form; }

private:
    void fill();
    void clear();
    QWidget* makeRow(const Template& one);
    void edit(const Template& one);
    void closeForm();
    void remove(const Template& one);

    MailEngine& m_engine;
    Preferences& m_preferences;
    SettingRow* m_intro;
    Button* m_add;
    InfoBarStack* m_bars;
    QWidget* m_list;
    QVBoxLayout* m_rows;
    TemplateForm* m_form = nullptr;
};

} // namespace avocet
