// SPDX-License-Identifier: GPL-3.0-or-later
// Settings, Privacy: whose pictures from the internet are loaded without asking.
#pragma once

#include "core/engine/MailEngine.h"
#include "ui/settings/SettingRow.h"

class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace avocet {

class Preferences;

/// A row for each trusted address or domain, kept up while the page is there. Thread: the GUI's.
class PrivacyPage : public SettingsPage {
    Q_OBJECT
public:
    PrivacyPage(MailEngine& engine, Preferences& preferences, QWidget* parent = nullptr);

private:
    void fill();
    void add();
    QWidget* makeRow(const QString& pattern);

    MailEngine& m_engine;
    QWidget* m_list;
    QVBoxLayout* m_rows;
    QLineEdit* m_field;
    QLabel* m_problem;
    RequestId m_adding;
};

} // namespace avocet
