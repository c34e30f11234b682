// SPDX-License-Identifier: GPL-3.0-or-later
// All settings in one place: pages at the left, changes that apply at once.
#pragma once

#include "core/engine/MailEngine.h"
#include "ui/settings/Preferences.h"

#include <QDialog>
#include <QList>

class QLineEdit;
class QListWidget;
class QStackedWidget;

namespace avocet {

class AccountsPage;
class SettingsPage;

/// 880x620, not modal: show it with show(). Search hides what does not match. Thread: the GUI's.
class SettingsDialog : public QDialog {
    Q_OBJECT
public:
    enum class Page {
        Accounts,
        Appearance,
        Reading,
        Composing,
        Templates,
        Contacts,
        Privacy,
        Advanced
    };

    /// `profile`: shown under Advanced.
    SettingsDialog(MailEngine& engine, Preferences& preferences, const QString& profile,
                   QWidget* parent = nullptr);

    void openPage(Page page);
    Page page() const;
    AccountsPage* accounts() const { return m_accounts; }
    void search(const QString& text);

private:
    void addPage(const char* icon, const QString& title, QWidget* page, const QString& words);
    SettingsPage* makeAppearance();
    SettingsPage* makeReading();
    SettingsPage* makeAdvanced(const QString& profile);

    struct Entry {
        const char* icon;
        QWidget* page;
        QString words; ///< for search, where the page is no SettingsPage
    };

    Preferences& m_preferences;
    AccountsPage* m_accounts;
    QLineEdit* m_search;
    QListWidget* m_list;
    QStackedWidget* m_pages;
    QList<Entry> m_entries;
};

} // namespace avocet
