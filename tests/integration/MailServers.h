// SPDX-License-Identifier: GPL-3.0-or-later
// A real IMAP server and Postfix for one test program, and the plainest possible look at them: no line
// of Avocet's own code takes part in judging Avocet.
#pragma once

#include <QByteArray>
#include <QByteArrayList>
#include <QJsonObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <QTcpSocket>

#include <map>
#include <memory>

namespace avocet::integration {

struct MailUser {
    QString address; ///< also the sign-in name
    QString password;
};

/// A server that a test runs on: a name, what mailserver wants to hear, and a sentence for the data row.
struct ServerKind {
    QString name;
    QStringList options;
    const char* sentence;
};

/// Those that AVOCET_TEST_SERVERS names, comma between them, else the `usual` ones: rich and poor are
/// Dovecot with everything and without any extension, cyrus and courier are themselves.
QList<ServerKind> chosenServers(const QString& usual);

/// Runs tests/support/mailserver; the servers end with this object, or with this process.
class MailServers {
public:
    /// An empty string where the servers answer, else why not. `missing` is set where that is only
    /// because something is not installed or not allowed here.
    QString start(const QStringList& options = {});
    ~MailServers();

    bool missing() const { return m_missing; }
    quint16 port(const char* name) const; ///< imap imaps smtp smtps lmtp
    QString caFile() const;
    /// What the folder is called here: with Courier everything is below INBOX.
    QString folder(const QString& name) const;
    QByteArray mailbox(const QByteArray& name) const
    {
        return folder(QString::fromLatin1(name)).toLatin1();
    }
    MailUser sender() const { return user(0); }
    MailUser reader() const { return user(1); }

    /// Puts a message (CRLF line ends) into a mailbox by LMTP. Empty where it worked.
    QString deliver(const MailUser& user, const QByteArray& message) const;

private:
    MailUser user(int index) const;

    QProcess m_process;
    QJsonObject m_about;
    bool m_missing = false;
};

/// One server of each chosen kind, for the global data rows of a test.
class ServerRows {
public:
    explicit ServerRows(const QString& usual);
    const QList<ServerKind>& kinds() const { return m_kinds; }
    /// As MailServers::start(), with what each kind wants as well.
    QString start(const QStringList& options = {});
    bool missing() const { return m_missing; }
    MailServers& at(const QString& kind) const { return *m_servers.at(kind); }

private:
    QList<ServerKind> m_kinds;
    std::map<QString, std::unique_ptr<MailServers>> m_servers;
    bool m_missing = false;
};

/// One signed-in IMAP connection that sends lines and returns what came back.
class ImapPeer {
public:
    ImapPeer(const MailServers& servers, const MailUser& user);
    /// All that the server said up to the tagged line, which comes last.
    QByteArray command(const QByteArray& text);
    bool append(const QByteArray& mailbox, const QByteArray& message);
    /// UIDs whose Message-ID field holds `id` (without <>).
    QByteArrayList find(const QByteArray& mailbox, const QByteArray& id);
    int count(const QByteArray& mailbox, const QByteArray& id);
    /// The bytes of a message, empty where it is not there.
    QByteArray raw(const QByteArray& mailbox, const QByteArray& uid);
    QByteArray flags(const QByteArray& mailbox, const QByteArray& uid);

private:
    QByteArray answer(const QByteArray& tag);

    QTcpSocket m_socket;
    QByteArray m_buffer;
    int m_serial = 0;
};

/// tests/faults/proxy.py between the program and the servers, plain on both sides.
class FaultProxy {
public:
    explicit FaultProxy(const MailServers& servers);
    ~FaultProxy();
    quint16 port(const char* protocol) const;
    /// From now on `action` ("cut", "stall") happens at `point` ("smtp:dot").
    void at(const QString& point, const QString& action);
    void clear();
    /// Waits until some rule has fired.
    bool waitUntilFired(int milliseconds = 20'000);

private:
    bool waitFor(const char* key, int milliseconds);
    void say(const QJsonObject& request);

    QProcess m_process;
    QJsonObject m_ports;
    QByteArray m_output;
};

QString sourcePath(const QString& relative);
/// A small message with CRLF line ends and its own Message-ID.
QByteArray message(const MailUser& from, const QString& to, const QByteArray& id,
                   const QByteArray& subject, const QByteArray& body = "Some words.\r\n");
/// A Message-ID (without <>) that no other run has.
QByteArray freshId();

} // namespace avocet::integration
