// SPDX-License-Identifier: GPL-3.0-or-later
// A network of the test's own in which every address answers, every name resolves, and nothing goes unseen.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>
#include <QStringList>
#include <QTcpServer>
#include <QUdpSocket>

namespace avocet::test {

/// The sockets are opened while this process may do so; after enter() it is an ordinary user again, as a browser
/// engine's sandbox wants it.
class LeakWitness : public QObject {
    Q_OBJECT
public:
    /// To be called before any thread runs: first thing in main(). False where the machine forbids it.
    static bool enter();

    /// Where enter() succeeded.
    LeakWitness();

    /// What each packet wanted that went anywhere at all: "tcp 203.0.113.7:80". Answers are left out.
    const QStringList& packets() const { return m_packets; }
    const QStringList& names() const { return m_names; }             ///< that were looked up
    const QList<QByteArray>& requests() const { return m_requests; } ///< heads of HTTP
    void forget();

    /// What the HTTP server says to everybody.
    void setAnswer(const QByteArray& answer) { m_answer = answer; }

Q_SIGNALS:
    void seen();

private:
    void sniff();
    void answerName();
    void answerRequest();

    QSocketNotifier m_packetSocket;
    QUdpSocket m_nameServer;
    QTcpServer m_webServer;
    QStringList m_packets;
    QStringList m_names;
    QList<QByteArray> m_requests;
    QByteArray m_answer;
};

} // namespace avocet::test
