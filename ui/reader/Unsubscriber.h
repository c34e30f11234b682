// SPDX-License-Identifier: GPL-3.0-or-later
// Leaves a newsletter by the one request that its sender offers for that (RFC 8058).
#pragma once

#include "core/model/Outgoing.h"

#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QObject>
#include <QUrl>

#include <functional>

namespace avocet {

/// Thread: the GUI's. One POST without cookies and credentials; a redirect counts as no.
class Unsubscriber : public QObject {
    Q_OBJECT
public:
    enum class Answer { Done, Refused, Unreached };
    using Done = std::function<void(Answer answer)>;

    explicit Unsubscriber(QObject* parent = nullptr);

    /// Loopback and private addresses too. For tests.
    void allowPrivateAddresses() { m_privateAddresses = true; }
    /// `url` as List-Unsubscribe has it. Calls back while `context` lives.
    void unsubscribe(QObject* context, const QUrl& url, Done done);

private:
    void post(QObject* context, const QUrl& url, const QHostAddress& address, Done done);

    QNetworkAccessManager m_network;
    bool m_privateAddresses = false;
};

/// The message that a mailto: of List-Unsubscribe asks for: its recipients, subject and text, and nothing else of it.
Draft leavingDraft(const QUrl& mailto);

} // namespace avocet
