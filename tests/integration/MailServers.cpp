// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/MailServers.h"

#include <QDeadlineTimer>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>
#include <QUuid>

namespace avocet::integration {

namespace {

constexpr int patience = 20'000;
constexpr int startPatience = 60'000;

QByteArray readLine(QIODevice& device, QByteArray& buffer, int milliseconds)
{
    const QDeadlineTimer deadline(milliseconds);
    qsizetype end = -1;
    while ((end = buffer.indexOf('\n')) < 0) {
        // An event loop that ran meanwhile has taken it in already.
        if (device.bytesAvailable() == 0 &&
            (deadline.hasExpired() ||
             !device.waitForReadyRead(static_cast<int>(deadline.remainingTime()))))
            return {};
        buffer += device.readAll();
    }
    const QByteArray line = buffer.left(end + 1);
    buffer.remove(0, end + 1);
    return line;
}

QByteArray quoted(const QString& text)
{
    return '"' + text.toUtf8() + '"';
}

} // namespace

QString sourcePath(const QString& relative)
{
    return QStringLiteral(AVOCET_SOURCE) + u'/' + relative;
}

QByteArray freshId()
{
    return QUuid::createUuid().toByteArray(QUuid::WithoutBraces) + "@client.test";
}

QByteArray message(const MailUser& from, const QString& to, const QByteArray& id,
                   const QByteArray& subject, const QByteArray& body)
{
    return "From: <" + from.address.toUtf8() + ">\r\nTo: <" + to.toUtf8() +
           ">\r\nSubject: " + subject +
           "\r\nDate: Mon, 23 Nov 2026 12:00:00 +0000\r\nMessage-ID: <" + id + ">\r\n\r\n" + body;
}

QList<ServerKind> chosenServers(const QString& usual)
{
    const QList<ServerKind> all{
        {QStringLiteral("rich"), {}, "a server with MOVE, UIDPLUS and QRESYNC"},
        {QStringLiteral("poor"), {QStringLiteral("--poor")}, "a server without extensions"},
        {QStringLiteral("cyrus"),
         {QStringLiteral("--imap"), QStringLiteral("cyrus")},
         "Cyrus IMAP"},
        {QStringLiteral("courier"),
         {QStringLiteral("--imap"), QStringLiteral("courier")},
         "Courier IMAP, where every folder is below INBOX"}};
    const QStringList wanted = qEnvironmentVariable("AVOCET_TEST_SERVERS", usual).split(u',');
    QList<ServerKind> chosen;
    for (const ServerKind& kind : all)
        if (wanted.contains(kind.name))
            chosen.append(kind);
    return chosen;
}

QString MailServers::start(const QStringList& options)
{
    const QStringList users{QStringLiteral("sender@avocet.example:over-the-dunes"),
                            QStringLiteral("reader@avocet.example:under-the-bridge")};
    m_process.setProgram(sourcePath(QStringLiteral("tests/support/mailserver")));
    m_process.setArguments(
        QStringList{QStringLiteral("--until-eof"), QStringLiteral("--users"), users.join(u',')} +
        options);
    m_process.start();
    QByteArray buffer;
    const QByteArray line = readLine(m_process, buffer, startPatience);
    m_about = QJsonDocument::fromJson(line).object();
    if (!m_about.isEmpty())
        return {};
    m_process.closeWriteChannel();
    m_process.waitForFinished(patience);
    constexpr int somethingIsMissing = 2;
    m_missing = m_process.exitCode() == somethingIsMissing;
    return QString::fromUtf8(m_process.readAllStandardError()).trimmed();
}

MailServers::~MailServers()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(patience))
        m_process.kill();
}

quint16 MailServers::port(const char* name) const
{
    return static_cast<quint16>(m_about.value(QLatin1String(name)).toInt());
}

QString MailServers::caFile() const
{
    return m_about.value(QLatin1String("ca")).toString();
}

QString MailServers::folder(const QString& name) const
{
    const QString prefix = m_about.value(QLatin1String("prefix")).toString();
    return name == QLatin1String("INBOX") ? name : prefix + name;
}

MailUser MailServers::user(int index) const
{
    const QJsonObject entry = m_about.value(QLatin1String("users")).toArray().at(index).toObject();
    return {entry.value(QLatin1String("email")).toString(),
            entry.value(QLatin1String("password")).toString()};
}

QString MailServers::deliver(const MailUser& user, const QByteArray& message) const
{
    QTcpSocket socket;
    socket.connectToHost(QStringLiteral("127.0.0.1"), port("lmtp"));
    if (!socket.waitForConnected(patience))
        return socket.errorString();
    QByteArray buffer;
    const auto expect = [&](char digit) {
        QByteArray line;
        do
            line = readLine(socket, buffer, patience);
        while (line.size() > 3 && line[3] == '-');
        return line.startsWith(digit) ? QString() : QString::fromUtf8("LMTP: " + line);
    };
    QString wrong = expect('2');
    const QByteArrayList lines{"LHLO localhost\r\n", "MAIL FROM:<someone@example.org>\r\n",
                               "RCPT TO:<" + user.address.toUtf8() + ">\r\n"};
    for (const QByteArray& line : lines) {
        if (!wrong.isEmpty())
            return wrong;
        socket.write(line);
        wrong = expect('2');
    }
    if (!wrong.isEmpty())
        return wrong;
    socket.write("DATA\r\n");
    wrong = expect('3');
    if (!wrong.isEmpty())
        return wrong;
    socket.write(message + ".\r\n");
    return expect('2');
}

ServerRows::ServerRows(const QString& usual)
    : m_kinds(chosenServers(usual))
{
}

QString ServerRows::start(const QStringList& options)
{
    for (const ServerKind& kind : m_kinds) {
        auto server = std::make_unique<MailServers>();
        const QString problem = server->start(kind.options + options);
        m_missing = server->missing();
        if (!problem.isEmpty())
            return kind.name + QStringLiteral(": ") + problem;
        m_servers[kind.name] = std::move(server);
    }
    return {};
}

ImapPeer::ImapPeer(const MailServers& servers, const MailUser& user)
{
    m_socket.connectToHost(QStringLiteral("127.0.0.1"), servers.port("imap"));
    m_socket.waitForConnected(patience);
    readLine(m_socket, m_buffer, patience);
    command("LOGIN " + quoted(user.address) + ' ' + quoted(user.password));
}

QByteArray ImapPeer::answer(const QByteArray& tag)
{
    QByteArray all;
    while (true) {
        const QByteArray line = readLine(m_socket, m_buffer, patience);
        all += line;
        if (line.isEmpty() || line.startsWith(tag + ' '))
            return all;
    }
}

QByteArray ImapPeer::command(const QByteArray& text)
{
    const QByteArray tag = "p" + QByteArray::number(++m_serial);
    m_socket.write(tag + ' ' + text + "\r\n");
    return answer(tag);
}

bool ImapPeer::append(const QByteArray& mailbox, const QByteArray& message)
{
    const QByteArray tag = "p" + QByteArray::number(++m_serial);
    m_socket.write(tag + " APPEND " + mailbox + " {" + QByteArray::number(message.size()) +
                   "}\r\n");
    if (!readLine(m_socket, m_buffer, patience).startsWith('+'))
        return false;
    m_socket.write(message + "\r\n");
    return answer(tag).contains(tag + " OK");
}

QByteArrayList ImapPeer::find(const QByteArray& mailbox, const QByteArray& id)
{
    command("EXAMINE " + mailbox);
    const QByteArray reply = command("UID SEARCH HEADER Message-ID \"" + id + '"');
    const qsizetype start = reply.indexOf("* SEARCH");
    if (start < 0)
        return {};
    QByteArrayList uids =
        reply.mid(start + 8, reply.indexOf('\r', start) - start - 8).simplified().split(' ');
    uids.removeAll(QByteArray());
    return uids;
}

int ImapPeer::count(const QByteArray& mailbox, const QByteArray& id)
{
    return static_cast<int>(find(mailbox, id).size());
}

QByteArray ImapPeer::raw(const QByteArray& mailbox, const QByteArray& uid)
{
    command("EXAMINE " + mailbox);
    const QByteArray reply = command("UID FETCH " + uid + " BODY.PEEK[]");
    const qsizetype open = reply.indexOf('{');
    const qsizetype close = reply.indexOf("}\r\n", open);
    if (open < 0 || close < 0)
        return {};
    return reply.mid(close + 3, reply.mid(open + 1, close - open - 1).toLongLong());
}

QByteArray ImapPeer::flags(const QByteArray& mailbox, const QByteArray& uid)
{
    command("EXAMINE " + mailbox);
    const QByteArray reply = command("UID FETCH " + uid + " FLAGS");
    const qsizetype start = reply.indexOf("FLAGS (", reply.indexOf("FETCH ("));
    return start < 0 ? QByteArray() : reply.mid(start + 7, reply.indexOf(')', start) - start - 7);
}

FaultProxy::FaultProxy(const MailServers& servers)
{
    const auto target = [&](const char* name) {
        return QStringLiteral("127.0.0.1:%1").arg(servers.port(name));
    };
    m_process.start(QStringLiteral("python3"),
                    {sourcePath(QStringLiteral("tests/faults/proxy.py")), QStringLiteral("--imap"),
                     target("imap"), QStringLiteral("--smtp"), target("smtp")});
    m_ports = QJsonDocument::fromJson(readLine(m_process, m_output, patience)).object();
}

FaultProxy::~FaultProxy()
{
    m_process.closeWriteChannel();
    if (!m_process.waitForFinished(patience))
        m_process.kill();
}

quint16 FaultProxy::port(const char* protocol) const
{
    return static_cast<quint16>(m_ports.value(QLatin1String(protocol)).toInt());
}

void FaultProxy::say(const QJsonObject& request)
{
    m_process.write(QJsonDocument(request).toJson(QJsonDocument::Compact) + '\n');
}

void FaultProxy::at(const QString& point, const QString& action)
{
    say({{QStringLiteral("at"), point}, {QStringLiteral("do"), action}});
    waitFor("armed", patience);
}

void FaultProxy::clear()
{
    say({{QStringLiteral("clear"), true}});
    waitFor("cleared", patience);
}

bool FaultProxy::waitUntilFired(int milliseconds)
{
    return waitFor("fired", milliseconds);
}

bool FaultProxy::waitFor(const char* key, int milliseconds)
{
    const QDeadlineTimer deadline(milliseconds);
    while (!deadline.hasExpired()) {
        const QByteArray line =
            readLine(m_process, m_output, static_cast<int>(deadline.remainingTime()));
        if (QJsonDocument::fromJson(line).object().contains(QLatin1String(key)))
            return true;
    }
    return false;
}

} // namespace avocet::integration
