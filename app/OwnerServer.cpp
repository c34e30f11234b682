// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/OwnerServer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocalSocket>

#include <algorithm>

namespace avocet {

namespace {

/// A message to be sent comes as base64 in one line.
constexpr qint64 longestLine = 256LL << 20;

} // namespace

void writeJsonLine(QLocalSocket& socket, const QJsonObject& object)
{
    socket.write(QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n');
}

OwnerServer::OwnerServer(MailEngine& engine, QObject* parent)
    : QObject(parent)
    , m_engine(engine)
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &OwnerServer::accept);
    connect(&engine, &MailEngine::reported, this,
            [this](RequestId request, const QJsonObject& line) {
                for (auto& [socket, client] : m_clients)
                    if (client.asked && client.request == request)
                        writeJsonLine(*socket, {{QStringLiteral("line"), line}});
            });
    connect(&engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                for (auto& [socket, client] : m_clients) {
                    if (!client.asked || client.request != request)
                        continue;
                    client.request = {};
                    end(socket,
                        reply ? QJsonObject{{QStringLiteral("reply"), *reply}}
                              : QJsonObject{{QStringLiteral("error"), toJson(reply.error())}});
                    return;
                }
            });
}

/// The sockets outlive m_clients; their end must not be told to it.
OwnerServer::~OwnerServer()
{
    for (auto& [socket, client] : m_clients)
        socket->disconnect(this);
}

Status OwnerServer::listen(const QString& socketName)
{
    // The lock is ours, so a socket that is still there belongs to an owner that was killed.
    QLocalServer::removeServer(socketName);
    if (m_server.listen(socketName))
        return {};
    return fail(ErrorKind::Storage,
                "cannot listen on the profile's socket: " + m_server.errorString().toStdString());
}

bool OwnerServer::busy() const
{
    return std::any_of(m_clients.begin(), m_clients.end(),
                       [](const auto& client) { return !client.second.endless; });
}

void OwnerServer::accept()
{
    while (QLocalSocket* socket = m_server.nextPendingConnection()) {
        m_clients.emplace(socket, Client{});
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] { read(socket); });
        connect(socket, &QLocalSocket::disconnected, this, [this, socket] { forget(socket); });
        writeJsonLine(*socket, {{QStringLiteral("hello"), 1}});
    }
}

void OwnerServer::read(QLocalSocket* socket)
{
    if (!socket->canReadLine()) {
        if (socket->bytesAvailable() > longestLine)
            socket->abort();
        return;
    }
    const auto client = m_clients.find(socket);
    if (client == m_clients.end() || client->second.asked)
        return;
    const QJsonDocument document = QJsonDocument::fromJson(socket->readLine());
    client->second.asked = true;
    ask(socket, document.object());
}

void OwnerServer::ask(QLocalSocket* socket, const QJsonObject& message)
{
    const auto refuse = [&](ErrorKind kind, const char* why, ErrorCode code) {
        end(socket, {{QStringLiteral("error"), toJson(Error{kind, why, {}, code, 0})}});
    };
    if (message.contains(QStringLiteral("activate"))) {
        if (!m_activatable) {
            refuse(ErrorKind::Storage, "a command without a window uses this profile",
                   ErrorCode::ProfileBusy);
            return;
        }
        QStringList arguments;
        for (const QJsonValue& value : message.value(QStringLiteral("activate")).toArray())
            arguments.append(value.toString());
        end(socket, {{QStringLiteral("reply"), QJsonObject()}});
        Q_EMIT activated(arguments);
        return;
    }
    auto command = commandFromJson(message.value(QStringLiteral("command")).toObject());
    if (command) {
        Client& client = m_clients[socket];
        client.endless = std::holds_alternative<command::Watch>(*command);
        client.request = m_engine.submit(std::move(*command));
        if (client.endless && !busy())
            Q_EMIT becameIdle();
    } else {
        refuse(command.error().kind, "this avocet does not know the command", command.error().code);
    }
}

void OwnerServer::end(QLocalSocket* socket, const QJsonObject& last)
{
    writeJsonLine(*socket, last);
    socket->flush();
    socket->disconnectFromServer();
}

void OwnerServer::forget(QLocalSocket* socket)
{
    const auto client = m_clients.find(socket);
    if (client == m_clients.end())
        return;
    if (client->second.request)
        m_engine.cancel(client->second.request);
    m_clients.erase(client);
    socket->deleteLater();
    if (!busy())
        Q_EMIT becameIdle();
}

} // namespace avocet
