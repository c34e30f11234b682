// SPDX-License-Identifier: GPL-3.0-or-later
// Asks to whom a message goes on, unchanged and as from its sender.
#pragma once

#include "core/engine/MailEngine.h"

#include <QDialog>

class QLabel;

namespace avocet {

class Button;
class RecipientField;

/// Hands the message to the outbox and closes; stays where that fails. Thread: the GUI's. Deletes itself once closed.
class RedirectSheet : public QDialog {
    Q_OBJECT
public:
    /// `wish` has all but the recipients; `sender` is who wrote the message, in words.
    RedirectSheet(MailEngine& engine, command::Redirect wish, const QString& sender,
                  QWidget* parent);

    RecipientField* to() const { return m_to; }

public Q_SLOTS:
    void send();

Q_SIGNALS:
    /// The outbox has it, durably.
    void sent(avocet::OutboxId item);

private:
    void finished(const Result<QJsonObject>& reply);
    void complain(const QString& words);

    MailEngine& m_engine;
    command::Redirect m_wish;
    RequestId m_request;
    RecipientField* m_to;
    QLabel* m_hint;
    QString m_explained;
    Button* m_send;
};

} // namespace avocet
