// SPDX-License-Identifier: GPL-3.0-or-later
// Settings > Accounts: the list, and the account form for adding and editing.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/model/Account.h"
#include "ui/accounts/AccountProblem.h"

#include <QWidget>

#include <map>

class QStackedLayout;
class QVBoxLayout;

namespace avocet {

class AccountSetup;
class IdentitiesPage;
class InfoBarStack;

/// Live through accountsChanged. Thread: the GUI's.
class AccountsPage : public QWidget {
    Q_OBJECT
public:
    explicit AccountsPage(MailEngine& engine, QWidget* parent = nullptr);

    void addAccount();
    void editAccount(AccountId account);
    void editIdentities(AccountId account);
    /// While it is open, else null.
    IdentitiesPage* identities() const { return m_identities; }
    /// The form while it is open, else null.
    AccountSetup* form() const { return m_form; }
    InfoBarStack* bars() const { return m_bars; }
    void showList();

private:
    struct Pending {
        Account account;
        bool removes = false;
        SignInStep step = SignInStep::Imap; ///< of a test: how far it got
    };

    void reload();
    QWidget* makeEntry(const Account& account, int index);
    void openForm(const Account* account);
    void test(const Account& account);
    void askRemove(const Account& account);
    static QString problemWords(const Pending& pending, const Error& error);
    void finish(RequestId request, const Result<QJsonObject>& reply);

    MailEngine& m_engine;
    QStackedLayout* m_stack;
    QWidget* m_listPage;
    QVBoxLayout* m_entries;
    InfoBarStack* m_bars;
    AccountSetup* m_form = nullptr;
    IdentitiesPage* m_identities = nullptr;
    std::map<RequestId, Pending> m_pending;
};

} // namespace avocet
