// SPDX-License-Identifier: GPL-3.0-or-later
// Settings, Contacts: people from address card files, for suggestions.
#pragma once

#include "core/engine/MailEngine.h"
#include "ui/settings/SettingRow.h"

#include <QStringList>
#include <QTimer>

class QLabel;
class QLineEdit;
class QListView;
class QSortFilterProxyModel;
class QStandardItemModel;

namespace avocet {

class Button;
class InfoBarStack;

/// Files are read and parsed on another thread and handed over in parts. Thread: the GUI's.
class ContactsPage : public SettingsPage {
    Q_OBJECT
public:
    explicit ContactsPage(MailEngine& engine, QWidget* parent = nullptr);

    void importFiles(const QStringList& paths);

private:
    void chooseFiles();
    void imported(const QString& name, const std::vector<Contact>& contacts, bool cut);
    void fill();
    void show(const std::vector<Contact>& contacts);
    void removeSelected();
    void showHidden();
    void updateButtons();

    MailEngine& m_engine;
    InfoBarStack* m_bars;
    QLineEdit* m_search;
    QStandardItemModel* m_model;
    QSortFilterProxyModel* m_filter;
    QListView* m_list;
    QLabel* m_count;
    Button* m_remove;
    SettingRow* m_hidden;
    Button* m_unhide;
    QTimer m_refill;
    RequestId m_last; ///< of an import: its last part
    QString m_words;  ///< what is said when that is stored
};

} // namespace avocet
