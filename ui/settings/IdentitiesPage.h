// SPDX-License-Identifier: GPL-3.0-or-later
// Settings, Accounts: the addresses that an account writes as.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/model/Account.h"
#include "ui/settings/SettingRow.h"

class QVBoxLayout;

namespace avocet {

class IdentityForm;
class InfoBarStack;

/// The first is the one that new messages come from. Kept up while it is there. Thread: the GUI's.
class IdentitiesPage : public SettingsPage {
    Q_OBJECT
public:
    IdentitiesPage(MailEngine& engine, const Account& account, QWidget* parent = nullptr);

    /// While one is edited, else null.
    IdentityForm* form() const { return m_form; }

Q_SIGNALS:
    void left();

private:
    std::vector<Identity> identities() const;
    void fill();
    void clear();
    QWidget* makeRow(const Identity& identity, bool isFirst, bool isOnly);
    void edit(const Identity& identity);
    void closeForm();
    void makeFirst(IdentityId id);
    void remove(const Identity& identity);

    MailEngine& m_engine;
    Account m_account;
    QWidget* m_list;
    QVBoxLayout* m_rows;
    InfoBarStack* m_bars;
    IdentityForm* m_form = nullptr;
};

} // namespace avocet
