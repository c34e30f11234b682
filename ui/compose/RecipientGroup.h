// SPDX-License-Identifier: GPL-3.0-or-later
// To, Cc and Bcc together: nobody gets a message twice, and what concerns all three is asked here.
#pragma once

#include "core/model/Outgoing.h"
#include "ui/compose/RecipientField.h"

#include <QObject>
#include <QString>

#include <array>
#include <string>

namespace avocet {

/// Whoever stands in a field stays there when added to another one. Thread: the GUI's. Owner: the composer.
class RecipientGroup : public QObject {
    Q_OBJECT
public:
    RecipientGroup(RecipientField* to, RecipientField* cc, RecipientField* bcc, QObject* parent);

    /// As a draft has them; who stands in several fields stays in the first.
    void setAddresses(const Draft& draft);
    bool holds(const std::string& address) const;
    bool isEmpty() const;
    /// Of To and Cc: those whose addresses all recipients see.
    qsizetype visibleCount() const;
    /// The field that holds something which is no address, or null.
    RecipientField* invalidField() const;
    void complete();
    /// All of To and Cc become blind copies.
    void moveToBcc();

Q_SIGNALS:
    /// Said quietly: "Anna Berg is in To already".
    void merged(const QString& words);

private:
    void merge(RecipientField* changed);

    std::array<RecipientField*, 3> m_fields;
};

} // namespace avocet
