// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/OwnerClient.h"

#include "app/OwnerServer.h"
#include "core/engine/Command.h"

#include <QJsonDocument>

namespace avocet {

OwnerClient::OwnerClient(QJsonObject question, QObject* parent)
    : QObject(parent)
    , m_question(std::move(question))
{
    connect(&m_socket, &QLocalSocket::readyRead, this, &OwnerClient::read);
    connect(&m_socket, &QLocalSocket::disconnected, this, &OwnerClient::lost);
    connect(&m_socket, &QLocalSocket::errorOccurred, this, &OwnerClient::lost);
}

void OwnerClient::ask(const QString& socketName)
{
    m_socket.connectToServer(socketName);
}

void OwnerClient::read()
{
    while (!m_done && m_socket.canReadLine()) {
        const QJsonObject message = QJsonDocument::fromJson(m_socket.readLine()).object();
        if (!m_asked) {
            m_asked = true;
            writeJsonLine(m_socket, m_question);
        } else if (message.contains(QStringLiteral("line"))) {
            Q_EMIT line(message.value(QStringLiteral("line")).toObject());
        } else if (message.contains(QStringLiteral("error"))) {
            m_done = true;
            Q_EMIT finished(
                tl::unexpected(errorFromJson(message.value(QStringLiteral("error")).toObject())));
        } else {
            m_done = true;
            Q_EMIT finished(message.value(QStringLiteral("reply")).toObject());
        }
    }
}

void OwnerClient::lost()
{
    if (m_done)
        return;
    read(); // what came before the end
    if (std::exchange(m_done, true))
        return;
    if (!m_asked)
        Q_EMIT missed();
    else
        Q_EMIT finished(fail(ErrorKind::Transient,
                             "the avocet that owns this profile ended before it answered",
                             ErrorCode::Uncertain));
}

} // namespace avocet
