// SPDX-License-Identifier: GPL-3.0-or-later
// Which of the user's addresses a message is sent as.
#pragma once

#include "core/model/Account.h"

#include <QComboBox>

#include <string>
#include <vector>

namespace avocet {

/// Each identity, its aliases, the address that was written to where it is none of them (a plus address, one of a
/// catch-all), and at the end a way to type such a one. Thread: the GUI's.
class FromChoice : public QComboBox {
    Q_OBJECT
public:
    FromChoice(const std::vector<Identity>& identities, IdentityId identity,
               const std::string& from, QWidget* parent);

    /// Whether there is anything to choose.
    static bool isNeeded(const std::vector<Identity>& identities, const std::string& from);

    IdentityId identity() const;
    /// For Draft::from; empty: the identity's own address.
    std::string from() const;

protected:
    /// Neither a wheel nor an arrow asks for an address: that is chosen in the list.
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    void add(const Identity& identity, const std::string& from);
    void insert(int index, const Identity& identity, const std::string& from);
    int indexOf(IdentityId identity, const std::string& from) const;
    bool isOther(int index) const;
    void askForOther();

    std::vector<Identity> m_identities;
    int m_last = 0; ///< what was chosen before
};

} // namespace avocet
