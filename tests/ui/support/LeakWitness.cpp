// SPDX-License-Identifier: GPL-3.0-or-later
#include "LeakWitness.h"

#include "tests/support/OwnNetwork.h"

#include <QHostAddress>
#include <QTcpSocket>
#include <QtEndian>

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <array>
#include <cstdlib>

namespace avocet::test {

namespace {

int packetSocket = -1, nameSocket = -1, webSocket = -1;

bool writeFile(const char* path, const QByteArray& text)
{
    QFile file(QString::fromLatin1(path));
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.flush();
}

/// `text` in the place of a file of the system, for this process and those that it starts.
bool layOver(const char* path, const QByteArray& text)
{
    std::array<char, 32> name{"/tmp/leakwitness-XXXXXX"};
    const int file = ::mkstemp(name.data());
    const bool done = file >= 0 && ::write(file, text.data(), text.size()) == text.size() &&
                      ::mount(name.data(), path, nullptr, MS_BIND, nullptr) == 0;
    ::close(file);
    ::unlink(name.data());
    return done;
}

int serverSocket(int type, quint16 port)
{
    const int made = ::socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    const bool bound =
        ::bind(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    return bound && (type == SOCK_DGRAM || ::listen(made, 50) == 0) ? made : -1;
}

/// An ordinary user once more, without any right over the network that it is in.
bool becomeOrdinary(const QByteArray& user, const QByteArray& group)
{
    // The leak sanitizer looks into its own process at the end.
    return ::unshare(CLONE_NEWUSER) == 0 && writeFile("/proc/self/uid_map", user + " 0 1\n") &&
           writeFile("/proc/self/gid_map", group + " 0 1\n") && ::prctl(PR_SET_DUMPABLE, 1) == 0;
}

quint16 word(const QByteArray& bytes, int at)
{
    return qFromBigEndian<quint16>(bytes.constData() + at);
}

/// What an IP packet wants; empty for answers.
QString wishOf(const QByteArray& packet)
{
    const bool six = (packet.at(0) & 0xf0) == 0x60;
    if (packet.size() < (six ? 44 : 24))
        return {};
    const int head = six ? 40 : (packet.at(0) & 0x0f) * 4;
    const int protocol = static_cast<unsigned char>(packet.at(six ? 6 : 9));
    if ((protocol != IPPROTO_TCP && protocol != IPPROTO_UDP) || packet.size() < head + 14)
        return six && protocol == IPPROTO_ICMPV6 ? QString()
                                                 : QStringLiteral("protocol %1").arg(protocol);
    constexpr char synAndAck = 0x12;
    const bool opens = protocol == IPPROTO_TCP ? (packet.at(head + 13) & synAndAck) == 0x02
                                               : word(packet, head) != 53;
    if (!opens)
        return {};
    const QHostAddress to =
        six ? QHostAddress(reinterpret_cast<const quint8*>(packet.constData() + 24))
            : QHostAddress(qFromBigEndian<quint32>(packet.constData() + 16));
    return QStringLiteral("%1 %2:%3")
        .arg(protocol == IPPROTO_TCP ? QStringLiteral("tcp") : QStringLiteral("udp"), to.toString())
        .arg(word(packet, head + 2));
}

} // namespace

bool LeakWitness::enter()
{
    const QByteArray user = QByteArray::number(::getuid()), group = QByteArray::number(::getgid());
    if (!enterOwnNetwork() || ::unshare(CLONE_NEWNS) != 0)
        return false;
    // Every address there is belongs to this machine.
    if (!ip("link set lo up\nroute add local 0.0.0.0/0 dev lo\nroute add local ::/0 dev lo\n") ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
        return false;
    if (!layOver("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n") ||
        !layOver("/etc/nsswitch.conf", "hosts: files dns\npasswd: files\ngroup: files\n"))
        return false;
    packetSocket = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, htons(ETH_P_ALL));
    nameSocket = serverSocket(SOCK_DGRAM, 53);
    webSocket = serverSocket(SOCK_STREAM, 80);
    return packetSocket >= 0 && nameSocket >= 0 && webSocket >= 0 && becomeOrdinary(user, group);
}

LeakWitness::LeakWitness()
    : m_packetSocket(packetSocket, QSocketNotifier::Read)
{
    connect(&m_packetSocket, &QSocketNotifier::activated, this, &LeakWitness::sniff);
    m_nameServer.setSocketDescriptor(nameSocket, QAbstractSocket::BoundState);
    connect(&m_nameServer, &QUdpSocket::readyRead, this, &LeakWitness::answerName);
    m_webServer.setSocketDescriptor(webSocket);
    connect(&m_webServer, &QTcpServer::newConnection, this, &LeakWitness::answerRequest);
}

void LeakWitness::forget()
{
    sniff();
    m_packets.clear();
    m_names.clear();
    m_requests.clear();
}

void LeakWitness::sniff()
{
    QByteArray packet(2'048, '\0');
    sockaddr_ll from{};
    socklen_t length = sizeof from;
    for (;;) {
        const auto size =
            ::recvfrom(packetSocket, packet.data(), static_cast<std::size_t>(packet.size()), 0,
                       reinterpret_cast<sockaddr*>(&from), &length);
        if (size <= 0)
            return;
        if (from.sll_pkttype == PACKET_OUTGOING)
            continue; // comes in again
        if (const QString wish = wishOf(packet.left(size)); !wish.isEmpty()) {
            m_packets.append(wish);
            Q_EMIT seen();
        }
    }
}

void LeakWitness::answerName()
{
    while (m_nameServer.hasPendingDatagrams()) {
        QHostAddress from;
        quint16 port = 0;
        QByteArray query(1'500, '\0');
        query.resize(m_nameServer.readDatagram(query.data(), query.size(), &from, &port));
        QByteArray name;
        int at = 12;
        while (at < query.size() && query.at(at) > 0) {
            name += query.mid(at + 1, query.at(at)) + '.';
            at += 1 + query.at(at);
        }
        m_names.append(QString::fromLatin1(name.chopped(name.isEmpty() ? 0 : 1)));
        Q_EMIT seen();
        const QByteArray question = query.mid(12, at + 5 - 12);
        const bool v4 = question.endsWith(QByteArray("\0\1\0\1", 4));
        QByteArray answer = query.left(2) + QByteArray("\x81\x80\0\1\0", 5) + (v4 ? '\1' : '\0') +
                            QByteArray(4, '\0') + question;
        if (v4)
            answer += QByteArray("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xcb\0\x71\7", 16); // 203.0.113.7
        m_nameServer.writeDatagram(answer, from, port);
    }
}

void LeakWitness::answerRequest()
{
    while (QTcpSocket* client = m_webServer.nextPendingConnection()) {
        connect(client, &QTcpSocket::disconnected, client, &QObject::deleteLater);
        connect(client, &QTcpSocket::readyRead, this, [this, client] {
            if (!client->peek(65'536).contains("\r\n\r\n"))
                return;
            m_requests.append(client->readAll());
            Q_EMIT seen();
            client->write(m_answer);
            client->disconnectFromHost();
        });
    }
}

} // namespace avocet::test
