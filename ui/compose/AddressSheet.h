// SPDX-License-Identifier: GPL-3.0-or-later
// Asks for another address of one's own to write from: a plus address, or one of a domain that is all one's own.
#pragma once

#include "core/model/Account.h"
#include "core/model/IdentityMatch.h"

#include <QDialog>

#include <vector>

class QLabel;
class QLineEdit;

namespace avocet {

class Button;

/// Takes what IdentityMatch finds among the user's identities, and nothing else.
class AddressSheet : public QDialog {
    Q_OBJECT
public:
    AddressSheet(std::vector<Identity> identities, AccountId account, QWidget* parent);

Q_SIGNALS:
    void chosen(const avocet::AnsweringIdentity& sender);

private:
    std::optional<AnsweringIdentity> sender() const;
    void check();
    void choose();

    std::vector<Identity> m_identities;
    AccountId m_account;
    QLineEdit* m_address;
    QLabel* m_hint;
    Button* m_use;
};

} // namespace avocet
