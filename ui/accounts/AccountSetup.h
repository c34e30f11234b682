// SPDX-License-Identifier: GPL-3.0-or-later
// Adds an account, or changes one: the same form at first start and in the settings.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/model/Account.h"
#include "ui/accounts/AccountProblem.h"

#include <QWidget>

#include <optional>

class QLabel;
class QScrollArea;

namespace avocet {

class Button;
class FormEdit;
class FormField;
class InfoBarStack;
class ServerFields;
class StepList;

/// A column of 400. Signs in to both servers before anything is saved; each failure is shown beside the
/// field that mends it. Never blocks, can be cancelled at any time. Thread: the GUI's.
///
/// States: filling in -> signing in -> done, or back to filling in with what went wrong.
class AccountSetup : public QWidget {
    Q_OBJECT
public:
    explicit AccountSetup(MailEngine& engine, QWidget* parent = nullptr);
    ~AccountSetup() override;

    /// Changes this account instead of adding one; an empty password keeps the stored one.
    void editAccount(const Account& account);
    /// Where something can be gone back to; shows Cancel, which otherwise appears only while signing in.
    void setCancellable(bool on);
    /// The title can stand elsewhere (the settings have their own).
    void setTitleVisible(bool on);
    bool isBusy() const { return m_request.value != 0; }

    void showManual(bool on);
    /// Shows what a failed sign-in needs.
    void showProblem(const Error& error, SignInStep step);

    FormField* fieldFor(AccountField field) const;

public Q_SLOTS:
    void submit();
    void cancel();

Q_SIGNALS:
    void added(avocet::AccountId account);
    void saved(avocet::AccountId account);
    void cancelled();

private:
    void build();
    QWidget* makeButtons();
    bool validate();
    bool validateBasics();
    Account enteredAccount() const;
    void emailEdited();
    void suggestServers();
    void setBusy(bool busy);
    void noteStep(const QJsonObject& line);
    void finish(const Result<QJsonObject>& reply);
    void offerTrust(const AccountProblem& problem);
    void clearProblems();
    void passwordHint();

    MailEngine& m_engine;
    std::optional<Account> m_edited;
    RequestId m_request;
    SignInStep m_step = SignInStep::Imap;
    std::vector<std::string> m_pins;
    bool m_serversTouched = false;
    bool m_manual = false;
    bool m_cancellable = false;

    QScrollArea* m_scroll;
    QWidget* m_column;
    QLabel* m_title;
    QLabel* m_subtitle;
    InfoBarStack* m_bars;
    FormEdit *m_name, *m_email, *m_password;
    FormField *m_nameField, *m_emailField, *m_passwordField;
    ServerFields* m_servers;
    Button *m_continue, *m_manualButton, *m_cancel;
    StepList* m_steps;
};

} // namespace avocet
