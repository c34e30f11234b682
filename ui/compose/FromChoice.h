// SPDX-License-Identifier: GPL-3.0-or-later
// Which of the user's addresses a message is sent as.
#pragma once

#include "core/model/Account.h"

#include <QComboBox>

#include <string>
#include <vector>

namespace avocet {

/// Each identity, its aliases, and the address that was written to where it is none of them (a plus address, one of a
/// catch-all). Thread: the GUI's.
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
    void paintEvent(QPaintEvent* event) override;

private:
    void add(const Identity& identity, const std::string& from);
};

} // namespace avocet
