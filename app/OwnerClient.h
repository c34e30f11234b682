// SPDX-License-Identifier: GPL-3.0-or-later
// Asks the owner of a profile to carry out something.
#pragma once

#include "core/model/Error.h"

#include <QJsonObject>
#include <QLocalSocket>
#include <QObject>

namespace avocet {

/// One question. See OwnerServer for the words. Emits exactly one of missed and finished.
class OwnerClient : public QObject {
    Q_OBJECT
public:
    explicit OwnerClient(QJsonObject question, QObject* parent = nullptr);
    void ask(const QString& socketName);

Q_SIGNALS:
    /// No owner took the question: it is safe to ask again or to become the owner.
    void missed();
    void line(const QJsonObject& line);
    void finished(const avocet::Result<QJsonObject>& reply);

private:
    void read();
    void lost();

    QJsonObject m_question;
    QLocalSocket m_socket;
    bool m_asked = false;
    bool m_done = false;
};

} // namespace avocet
