// SPDX-License-Identifier: GPL-3.0-or-later
// The manual fields of the account form: both servers, the user name and, under Advanced, a CA file.
#pragma once

#include "core/model/Account.h"
#include "ui/accounts/AccountProblem.h"

#include <QWidget>

class QComboBox;

namespace avocet {

class Button;
class FormEdit;
class FormField;

/// Changing the security moves the port along while it is a usual one. Thread: the GUI's.
class ServerFields : public QWidget {
    Q_OBJECT
public:
    explicit ServerFields(QWidget* parent = nullptr);

    /// Fills the server part of `account`; name, address and password are not here.
    void setAccount(const Account& account);
    /// Writes imap, smtp, user and caFile into `account`.
    void apply(Account& account) const;
    /// Marks what cannot be right; false where something is.
    bool validate();
    /// The field, or null where it is not one of these.
    FormField* fieldFor(AccountField field) const;
    void clearProblems();
    void showAdvanced(bool on);

Q_SIGNALS:
    void edited();

private:
    struct Server {
        FormEdit* host = nullptr;
        QComboBox* security = nullptr;
        FormEdit* port = nullptr;
        FormField *hostField = nullptr, *securityField = nullptr, *portField = nullptr;
    };

    Server makeServer(const QString& title, bool imap);
    static void fill(Server& server, const ServerSettings& settings);
    static ServerSettings read(const Server& server);
    bool validate(const Server& server);
    void chooseCaFile();

    Server m_imap, m_smtp;
    FormEdit* m_user;
    FormEdit* m_caFile;
    FormField *m_userField, *m_caField;
    Button* m_advanced;
    QWidget* m_advancedBox;
};

} // namespace avocet
