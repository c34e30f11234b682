// SPDX-License-Identifier: GPL-3.0-or-later
// Serves other invocations of avocet: the owner of a profile runs their commands.
#pragma once

#include "core/engine/MailEngine.h"

#include <QLocalServer>
#include <QObject>
#include <QStringList>

#include <map>

class QLocalSocket;

namespace avocet {

/// Thread: the engine's owner. JSON lines. The server says {"hello":1} and only then the client sends one
/// {"command":...}; the answer is any number of {"line":...} and one {"reply":...} or {"error":...}. A client
/// that was greeted is served before the owner ends, but for a watch, which finds another owner.
class OwnerServer : public QObject {
    Q_OBJECT
public:
    OwnerServer(MailEngine& engine, QObject* parent = nullptr);
    ~OwnerServer() override;

    Status listen(const QString& socketName);
    /// Whether a client waits for an end. A watch has none: it finds another owner when this one goes.
    bool busy() const;
    /// Whether this owner has a window that takes activations.
    void setActivatable(bool activatable) { m_activatable = activatable; }

Q_SIGNALS:
    void becameIdle();
    void activated(const QStringList& arguments);

private:
    struct Client {
        RequestId request;
        bool asked = false;
        bool endless = false;
    };
    void accept();
    void read(QLocalSocket* socket);
    void ask(QLocalSocket* socket, const QJsonObject& message);
    void end(QLocalSocket* socket, const QJsonObject& last);
    void forget(QLocalSocket* socket);

    MailEngine& m_engine;
    QLocalServer m_server;
    std::map<QLocalSocket*, Client> m_clients;
    bool m_activatable = false;
};

void writeJsonLine(QLocalSocket& socket, const QJsonObject& object);

} // namespace avocet
