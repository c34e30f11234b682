// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/MailServers.h"
#include "tests/integration/Program.h"

#include <QDateTime>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <csignal>

using namespace avocet::integration;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int failed = 1;
constexpr int wrongUsage = 2;
constexpr int uncertain = 3;

/// The message as it was submitted: what the servers put on top is taken off.
QByteArray withoutTrace(QByteArray raw)
{
    const QByteArrayList trace{"Return-Path:",   "Delivered-To:",       "Received:",
                               "X-Original-To:", "X-Cyrus-Session-Id:", "X-Sieve:"};
    while (true) {
        bool isTrace = false;
        for (const QByteArray& name : trace)
            isTrace = isTrace || raw.startsWith(name);
        if (!isTrace)
            return raw;
        qsizetype end = raw.indexOf("\r\n") + 2;
        while (end < raw.size() && (raw[end] == ' ' || raw[end] == '\t'))
            end = raw.indexOf("\r\n", end) + 2;
        raw.remove(0, end);
    }
}

QByteArray headerOf(const QByteArray& raw)
{
    return raw.left(raw.indexOf("\r\n\r\n") + 2);
}

QByteArray bodyOf(const QByteArray& raw)
{
    return raw.mid(raw.indexOf("\r\n\r\n") + 4);
}

QByteArray fieldOf(const QByteArray& raw, const QByteArray& name)
{
    const QByteArray header = "\r\n" + headerOf(raw);
    const qsizetype start = header.toLower().indexOf("\r\n" + name.toLower() + ':');
    if (start < 0)
        return {};
    const qsizetype from = start + name.size() + 3;
    return header.mid(from, header.indexOf("\r\n", from) - from).trimmed();
}

/// The header's lines without those fields, to compare the others byte for byte.
QByteArray headerWithout(const QByteArray& raw, const QByteArrayList& names)
{
    QByteArray kept;
    for (const QByteArray& line : headerOf(raw).split('\n')) {
        bool drop = false;
        for (const QByteArray& name : names)
            drop = drop || line.toLower().startsWith(name.toLower() + ':');
        if (!drop && !line.isEmpty())
            kept += line + '\n';
    }
    return kept;
}

QStringList accountArguments(const MailServers& servers)
{
    const MailUser user = servers.sender();
    return {u"account"_s,         u"add"_s,
            u"--name"_s,          u"Sanderling Sender"_s,
            u"--email"_s,         user.address,
            u"--imap"_s,          u"imaps://localhost:%1"_s.arg(servers.port("imaps")),
            u"--smtp"_s,          u"smtp+starttls://localhost:%1"_s.arg(servers.port("smtp")),
            u"--ca-file"_s,       servers.caFile(),
            u"--password-stdin"_s};
}

void replaceAfter(QStringList& arguments, const QString& option, const QString& value)
{
    arguments[arguments.indexOf(option) + 1] = value;
}

} // namespace

/// The command line against real servers. Each function has a fresh profile; the mailboxes are shared,
/// so each looks for Message-IDs of its own.
class CliTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();

    void addsAnAccount_data();
    void addsAnAccount();
    void refusesAnAccount_data();
    void refusesAnAccount();
    void refusesWrongUsage_data();
    void refusesWrongUsage();
    void listsAndTestsAndRemovesAccounts();

    void syncsAndListsFoldersAndMessages();
    void showsAMessage();
    void marksAtTheServer_data();
    void marksAtTheServer();

    void sendsOnceAndKeepsBccToItself();
    void sendsOtherBytesUnchanged_data();
    void sendsOtherBytesUnchanged();
    void addsAMissingDateAndMessageId();
    void keepsARefusedMessageInTheOutbox();
    void saysThatAnOutcomeIsUncertain();
    void queuesWhileTheServerIsAway();
    void cancelsAQueuedMessage();

    void watchReportsADeliveryAndEndsBySigint();
    void parsesAFile();

private:
    QString idOf(const Program& program, const QByteArray& subject);

    MailServers& servers() const { return m_rows.at(m_server); }

    ServerRows m_rows{u"rich"_s};
    QString m_server;
};

void CliTest::initTestCase_data()
{
    QTest::addColumn<QString>("server");
    for (const ServerKind& kind : m_rows.kinds())
        QTest::newRow(kind.sentence) << kind.name;
}

void CliTest::initTestCase()
{
    const QString problem = m_rows.start();
    if (m_rows.missing())
        QSKIP(qPrintable(problem));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void CliTest::init()
{
    QFETCH_GLOBAL(QString, server);
    m_server = server;
}

void CliTest::addsAnAccount_data()
{
    QTest::addColumn<QString>("imap");
    QTest::addColumn<QString>("smtp");
    QTest::newRow("TLS from the first byte, submission by STARTTLS")
        << u"imaps://localhost:%1"_s << u"smtp+starttls://localhost:%1"_s;
    QTest::newRow("STARTTLS for IMAP, TLS from the first byte for submission")
        << u"imap+starttls://localhost:%1"_s << u"smtps://localhost:%1"_s;
    QTest::newRow("plain text to this machine by name")
        << u"imap://localhost:%1"_s << u"smtp://localhost:%1"_s;
    QTest::newRow("plain text to this machine by address")
        << u"imap://127.0.0.1:%1"_s << u"smtp://127.0.0.1:%1"_s;
}

void CliTest::addsAnAccount()
{
    QFETCH(QString, imap);
    QFETCH(QString, smtp);
    if (m_server == u"courier"_s && imap.startsWith(u"imap+starttls"_s))
        QSKIP("Courier offers STARTTLS only where it is installed"); // see imapservers.py
    const Program program;
    QStringList arguments = accountArguments(servers());
    const quint16 imapPort = servers().port(imap.startsWith(u"imaps"_s) ? "imaps" : "imap");
    const quint16 smtpPort = servers().port(smtp.startsWith(u"smtps"_s) ? "smtps" : "smtp");
    replaceAfter(arguments, u"--imap"_s, imap.arg(imapPort));
    replaceAfter(arguments, u"--smtp"_s, smtp.arg(smtpPort));
    const Outcome added = program.run(arguments, servers().sender().password.toUtf8() + '\n');
    QVERIFY2(added.code == 0, added.words().constData());
    const Outcome synced = program.run({u"sync"_s, u"--json"_s});
    QVERIFY2(synced.code == 0, synced.words().constData());
    QVERIFY2(!synced.line(u"folder"_s, u"INBOX"_s).isEmpty(), synced.words().constData());
}

void CliTest::refusesAnAccount_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QByteArray>("password");
    const QByteArray right = "over-the-dunes\n";
    QTest::newRow("wrong password") << u"--name"_s << u"Same"_s << QByteArray("under-the-dunes\n");
    QTest::newRow("nobody listens at the IMAP port")
        << u"--imap"_s << u"imaps://localhost:1"_s << right;
    QTest::newRow("nobody listens at the SMTP port")
        << u"--smtp"_s << u"smtp+starttls://localhost:1"_s << right;
    QTest::newRow("the IMAP port speaks SMTP")
        << u"--imap"_s << u"imap+starttls://localhost:%smtp"_s << right;
    QTest::newRow("the CA is not known") << u"--ca-file"_s << QString() << right;
    QTest::newRow("plain text to another host for IMAP")
        << u"--imap"_s << u"imap://mail.example.org:143"_s << right;
    QTest::newRow("plain text to another host for submission")
        << u"--smtp"_s << u"smtp://mail.example.org:587"_s << right;
}

void CliTest::refusesAnAccount()
{
    QFETCH(QString, option);
    QFETCH(QString, value);
    QFETCH(QByteArray, password);
    const Program program;
    QStringList arguments = accountArguments(servers());
    value.replace(u"%smtp"_s, QString::number(servers().port("smtp")));
    if (option == u"--ca-file"_s)
        arguments.remove(arguments.indexOf(option), 2);
    else
        replaceAfter(arguments, option, value);
    const Outcome added = program.run(arguments, password, 40'000);
    QVERIFY2(added.code == failed, added.words().constData());
    QVERIFY2(added.saysOnePlainLine(), added.words().constData());
    QVERIFY(!added.err.contains(password.trimmed()));
    const Outcome listed = program.run({u"account"_s, u"list"_s, u"--json"_s});
    QVERIFY2(listed.code == 0 && listed.lines().isEmpty(), listed.words().constData());
}

void CliTest::refusesWrongUsage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::newRow("an unknown subcommand") << QStringList{u"frobnicate-the-mail"_s, u"now"_s};
    QTest::newRow("an unknown option") << QStringList{u"sync"_s, u"--sideways"_s};
    QTest::newRow("account add without servers")
        << QStringList{u"account"_s, u"add"_s, u"--name"_s, u"N"_s};
    QTest::newRow("a scheme that does not exist")
        << QStringList{u"account"_s,         u"add"_s,
                       u"--name"_s,          u"N"_s,
                       u"--email"_s,         u"a@b.example"_s,
                       u"--imap"_s,          u"gopher://localhost:70"_s,
                       u"--smtp"_s,          u"smtps://localhost:1"_s,
                       u"--password-stdin"_s};
    QTest::newRow("list without a folder") << QStringList{u"list"_s};
    QTest::newRow("show without a message") << QStringList{u"show"_s};
    QTest::newRow("mark without a flag") << QStringList{u"mark"_s, u"1"_s};
    QTest::newRow("an id that is no number") << QStringList{u"show"_s, u"twelve"_s};
    QTest::newRow("send without a message") << QStringList{u"send"_s};
    QTest::newRow("a password on the command line")
        << QStringList{u"account"_s, u"add"_s, u"--password"_s, u"secret"_s};
}

void CliTest::refusesWrongUsage()
{
    QFETCH(QStringList, arguments);
    const Program program;
    const Outcome outcome = program.run(arguments);
    QVERIFY2(outcome.code == wrongUsage, outcome.words().constData());
    QVERIFY2(!outcome.err.trimmed().isEmpty(), "nothing on stderr");
}

void CliTest::listsAndTestsAndRemovesAccounts()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const Outcome listed = program.run({u"account"_s, u"list"_s, u"--json"_s});
    QCOMPARE(listed.lines().size(), 1);
    const QJsonObject account = listed.lines().constFirst();
    QCOMPARE(account.value(u"email"_s).toString(), servers().sender().address);
    QVERIFY(!listed.out.contains(servers().sender().password.toUtf8()));
    const QString id = QString::number(account.value(u"id"_s).toInt());
    const Outcome tested = program.run({u"account"_s, u"test"_s, id});
    QVERIFY2(tested.code == 0, tested.words().constData());
    const Outcome removed = program.run({u"account"_s, u"remove"_s, id});
    QVERIFY2(removed.code == 0, removed.words().constData());
    QVERIFY(program.run({u"account"_s, u"list"_s, u"--json"_s}).lines().isEmpty());
    const Outcome again = program.run({u"account"_s, u"remove"_s, id});
    QVERIFY2(again.code == failed && again.saysOnePlainLine(), again.words().constData());
}

QString CliTest::idOf(const Program& program, const QByteArray& subject)
{
    const Outcome listed = program.run({u"list"_s, u"--folder"_s, u"INBOX"_s, u"--json"_s});
    const QJsonObject row = listed.line(u"subject"_s, QString::fromUtf8(subject));
    return row.isEmpty() ? QString() : QString::number(row.value(u"id"_s).toInteger());
}

void CliTest::syncsAndListsFoldersAndMessages()
{
    const QByteArray id = freshId();
    QCOMPARE(servers().deliver(servers().sender(),
                               message(servers().reader(), servers().sender().address, id,
                                       "=?UTF-8?Q?Gr=C3=BC=C3=9Fe?= " + id)),
             QString());
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const Outcome synced = program.run({u"sync"_s, u"--json"_s});
    QVERIFY2(synced.code == 0, synced.words().constData());
    const QJsonObject inbox = synced.line(u"folder"_s, u"INBOX"_s);
    for (const char* name : {"account", "folder", "new", "changed", "removed", "ms", "bytesIn"})
        QVERIFY2(inbox.contains(QLatin1String(name)), name);
    QVERIFY(inbox.value(u"new"_s).toInt() >= 1);

    const Outcome folders = program.run({u"folders"_s, u"--json"_s});
    const QJsonObject folder = folders.line(u"path"_s, u"INBOX"_s);
    for (const char* name : {"id", "account", "path", "role", "total", "unread"})
        QVERIFY2(folder.contains(QLatin1String(name)), name);
    QCOMPARE(folder.value(u"role"_s).toString().toLower(), u"inbox"_s);
    QCOMPARE(
        folders.line(u"path"_s, servers().folder(u"Sent"_s)).value(u"role"_s).toString().toLower(),
        u"sent"_s);

    const Outcome listed = program.run({u"list"_s, u"--folder"_s, u"INBOX"_s, u"--json"_s});
    const QJsonObject row = listed.line(u"subject"_s, u"Grüße "_s + QString::fromUtf8(id));
    QVERIFY2(!row.isEmpty(), listed.words().constData());
    for (const char* name :
         {"id", "folder", "uid", "date", "from", "subject", "flags", "size", "threadId"})
        QVERIFY2(row.contains(QLatin1String(name)), name);
    QCOMPARE(listed.lines().size(), folder.value(u"total"_s).toInt());
    const Outcome limited =
        program.run({u"list"_s, u"--folder"_s, u"INBOX"_s, u"--limit"_s, u"1"_s, u"--json"_s});
    QCOMPARE(limited.lines().size(), 1);

    const Outcome again = program.run({u"sync"_s, u"--json"_s});
    QCOMPARE(again.line(u"folder"_s, u"INBOX"_s).value(u"new"_s).toInt(-1), 0);
    const Outcome plain = program.run({u"list"_s, u"--folder"_s, u"INBOX"_s});
    QVERIFY2(plain.code == 0 && plain.out.contains("Grüße"), plain.words().constData());
    const Outcome nowhere = program.run({u"list"_s, u"--folder"_s, u"Nowhere"_s});
    QVERIFY2(nowhere.code == failed && nowhere.saysOnePlainLine(), nowhere.words().constData());
}

void CliTest::showsAMessage()
{
    const QByteArray id = freshId();
    const QByteArray sent =
        message(servers().reader(), servers().sender().address, id, "Show " + id,
                "The first line.\r\n.dotted\r\nThe last line.\r\n");
    QByteArray stuffed = sent;
    stuffed.replace("\r\n.dotted", "\r\n..dotted");
    QCOMPARE(servers().deliver(servers().sender(), stuffed), QString());
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    QCOMPARE(program.run({u"sync"_s, u"--headers-only"_s}).code, 0);
    const QString shown = idOf(program, "Show " + id);
    QVERIFY(!shown.isEmpty());

    ImapPeer peer(servers(), servers().sender());
    const QByteArrayList uids = peer.find("INBOX", id);
    QCOMPARE(uids.size(), 1);
    const Outcome raw = program.run({u"show"_s, shown, u"--raw"_s});
    QCOMPARE(raw.code, 0);
    QCOMPARE(raw.out, peer.raw("INBOX", uids.constFirst()));
    const Outcome text = program.run({u"show"_s, shown, u"--text"_s});
    QCOMPARE(text.code, 0);
    QVERIFY2(text.out.contains("The first line.") && text.out.contains("The last line."),
             text.out.constData());
    const Outcome json = program.run({u"show"_s, shown, u"--json"_s});
    QCOMPARE(json.lines().size(), 1);
    const QJsonObject object = json.lines().constFirst();
    QCOMPARE(object.value(u"subject"_s).toString(), u"Show "_s + QString::fromUtf8(id));
    QVERIFY(object.value(u"text"_s).toString().contains(u".dotted"_s));
    QVERIFY2(!peer.flags("INBOX", uids.constFirst()).contains("\\Seen"),
             "show must not mark as read");
    const Outcome nothing = program.run({u"show"_s, u"987654321"_s});
    QVERIFY2(nothing.code == failed && nothing.saysOnePlainLine(), nothing.words().constData());
}

void CliTest::marksAtTheServer_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QByteArray>("flag");
    QTest::addColumn<bool>("set");
    QTest::newRow("read") << u"--read"_s << QByteArray("\\Seen") << true;
    QTest::newRow("unread") << u"--unread"_s << QByteArray("\\Seen") << false;
    QTest::newRow("star") << u"--star"_s << QByteArray("\\Flagged") << true;
    QTest::newRow("unstar") << u"--unstar"_s << QByteArray("\\Flagged") << false;
}

void CliTest::marksAtTheServer()
{
    QFETCH(QString, option);
    QFETCH(QByteArray, flag);
    QFETCH(bool, set);
    const QByteArray id = freshId();
    QCOMPARE(servers().deliver(
                 servers().sender(),
                 message(servers().reader(), servers().sender().address, id, "Mark " + id)),
             QString());
    ImapPeer peer(servers(), servers().sender());
    const QByteArray uid = peer.find("INBOX", id).value(0);
    if (!set) {
        peer.command("SELECT INBOX");
        peer.command("UID STORE " + uid + " +FLAGS (" + flag + ")");
    }
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    QCOMPARE(program.run({u"sync"_s, u"--headers-only"_s}).code, 0);
    const Outcome marked =
        program.run({u"mark"_s, idOf(program, "Mark " + id), option, u"--wait"_s});
    QVERIFY2(marked.code == 0, marked.words().constData());
    QCOMPARE(peer.flags("INBOX", uid).contains(flag), set);
    QCOMPARE(program.run({u"sync"_s, u"--headers-only"_s}).code, 0);
    QCOMPARE(peer.flags("INBOX", uid).contains(flag), set);
}

void CliTest::sendsOnceAndKeepsBccToItself()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const QByteArray id = freshId();
    QByteArray data = message(servers().sender(), servers().reader().address, id, "Blind " + id);
    const QByteArray bcc = "Bcc: " + servers().sender().address.toUtf8() + "\r\n";
    data.insert(data.indexOf("Subject:"), bcc);
    const Outcome sent = program.run({u"send"_s, u"--wait"_s, program.file(u"m.eml"_s, data)});
    QVERIFY2(sent.code == 0, sent.words().constData());

    ImapPeer reader(servers(), servers().reader());
    ImapPeer sender(servers(), servers().sender());
    QTRY_COMPARE_WITH_TIMEOUT(reader.count("INBOX", id), 1, 15'000);
    QTRY_COMPARE_WITH_TIMEOUT(sender.count("INBOX", id), 1, 15'000);
    QTRY_COMPARE_WITH_TIMEOUT(sender.count(servers().mailbox("Sent"), id), 1, 15'000);
    const QByteArray received = reader.raw("INBOX", reader.find("INBOX", id).value(0));
    QVERIFY2(!received.toLower().contains("bcc"), received.constData());
    QByteArray withoutBcc = data;
    withoutBcc.replace(bcc, "");
    QCOMPARE(withoutTrace(received), withoutBcc);
    const QByteArray blind = sender.raw("INBOX", sender.find("INBOX", id).value(0));
    QVERIFY2(!headerOf(blind).toLower().contains("\r\nbcc"), blind.constData());
    const QByteArray filed =
        sender.raw(servers().mailbox("Sent"), sender.find(servers().mailbox("Sent"), id).value(0));
    QCOMPARE(fieldOf(filed, "Bcc"), servers().sender().address.toUtf8());
    QCOMPARE(headerWithout(filed, {"Bcc"}), headerOf(withoutBcc));
    QCOMPARE(bodyOf(filed), bodyOf(data));
    QVERIFY(
        sender.flags(servers().mailbox("Sent"), sender.find(servers().mailbox("Sent"), id).value(0))
            .contains("\\Seen"));

    const Outcome second = program.run({u"sync"_s});
    QVERIFY2(second.code == 0, second.words().constData());
    QCOMPARE(reader.count("INBOX", id), 1);
    QCOMPARE(sender.count(servers().mailbox("Sent"), id), 1);
}

void CliTest::sendsOtherBytesUnchanged_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("body");
    QTest::newRow("lines that begin with dots")
        << QByteArray() << QByteArray("one\r\n.\r\n..\r\n.two\r\n...three\r\n");
    QTest::newRow("8-bit text")
        << QByteArray("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8"
                      "\r\nContent-Transfer-Encoding: 8bit\r\n")
        << QByteArray("Grüße aus Zürich, 日本語\r\n");
    QTest::newRow("spaces at line ends, tabs and folded fields")
        << QByteArray("X-Folded: one\r\n\ttwo  \r\n  three\r\nx-lower:no space\r\n")
        << QByteArray("trailing   \r\n\ttab\t\r\n\r\n\r\n");
    QTest::newRow("a body of 300 KB")
        << QByteArray() << QByteArray("0123456789 filler line of text\r\n").repeated(10'000);
    QTest::newRow("an empty body") << QByteArray() << QByteArray();
}

void CliTest::sendsOtherBytesUnchanged()
{
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, body);
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const QByteArray id = freshId();
    QByteArray data = message(servers().sender(), servers().reader().address, id, "Bytes", body);
    data.insert(data.indexOf("Subject:"), fields);
    const Outcome sent = program.run({u"send"_s, u"--wait"_s, u"-"_s}, data);
    QVERIFY2(sent.code == 0, sent.words().constData());
    ImapPeer reader(servers(), servers().reader());
    ImapPeer sender(servers(), servers().sender());
    QTRY_COMPARE_WITH_TIMEOUT(reader.count("INBOX", id), 1, 15'000);
    QCOMPARE(withoutTrace(reader.raw("INBOX", reader.find("INBOX", id).value(0))), data);
    QTRY_COMPARE_WITH_TIMEOUT(sender.count(servers().mailbox("Sent"), id), 1, 15'000);
    QCOMPARE(
        sender.raw(servers().mailbox("Sent"), sender.find(servers().mailbox("Sent"), id).value(0)),
        data);
}

void CliTest::addsAMissingDateAndMessageId()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const QByteArray mark = freshId();
    const QByteArray data = "From: " + servers().sender().address.toUtf8() +
                            "\r\nTo: " + servers().reader().address.toUtf8() +
                            "\r\nSubject: Bare\r\n\r\n" + mark + "\r\n";
    const Outcome sent = program.run({u"send"_s, u"--wait"_s, u"-"_s}, data);
    QVERIFY2(sent.code == 0, sent.words().constData());
    ImapPeer sender(servers(), servers().sender());
    const auto filed = [&] {
        sender.command("EXAMINE " + servers().mailbox("Sent"));
        const QByteArray reply = sender.command("UID SEARCH BODY \"" + mark + '"');
        const QByteArray uid =
            reply.mid(8, reply.indexOf('\r') - 8).simplified().split(' ').constLast();
        return uid.isEmpty() ? QByteArray() : sender.raw(servers().mailbox("Sent"), uid);
    };
    QTRY_VERIFY_WITH_TIMEOUT(!filed().isEmpty(), 15'000);
    const QByteArray copy = filed();
    const QByteArray id = fieldOf(copy, "Message-ID").mid(1).chopped(1);
    QVERIFY2(id.contains('@'), copy.constData());
    const QDateTime date =
        QDateTime::fromString(QString::fromUtf8(fieldOf(copy, "Date")), Qt::RFC2822Date);
    QVERIFY2(qAbs(date.secsTo(QDateTime::currentDateTimeUtc())) < 120, copy.constData());
    QCOMPARE(headerWithout(copy, {"Date", "Message-ID"}), headerOf(data));
    QCOMPARE(bodyOf(copy), bodyOf(data));
    // The copy in Sent went past Postfix: the reader has the same id, so Avocet made it.
    ImapPeer reader(servers(), servers().reader());
    QTRY_COMPARE_WITH_TIMEOUT(reader.count("INBOX", id), 1, 15'000);
}

void CliTest::keepsARefusedMessageInTheOutbox()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const QByteArray id = freshId();
    const QByteArray data =
        message(servers().sender(), u"nobody.there@avocet.example"_s, id, "Refused");
    const Outcome sent = program.run({u"send"_s, u"--wait"_s, u"-"_s}, data);
    QVERIFY2(sent.code == failed && sent.saysOnePlainLine(), sent.words().constData());
    const Outcome outbox = program.run({u"outbox"_s, u"--json"_s});
    QCOMPARE(outbox.lines().size(), 1);
    const QJsonObject item = outbox.lines().constFirst();
    for (const char* name :
         {"id", "messageId", "state", "attempts", "nextTry", "reply", "recipients"})
        QVERIFY2(item.contains(QLatin1String(name)), name);
    QCOMPARE(item.value(u"state"_s).toString(), u"failed"_s);
    const QJsonObject recipient = item.value(u"recipients"_s).toArray().at(0).toObject();
    QCOMPARE(recipient.value(u"address"_s).toString(), u"nobody.there@avocet.example"_s);
    QCOMPARE(recipient.value(u"state"_s).toString(), u"refused"_s);
    QVERIFY(recipient.value(u"reply"_s).toString().startsWith(u"550"_s));
    ImapPeer sender(servers(), servers().sender());
    QCOMPARE(sender.count(servers().mailbox("Sent"), id), 0);
    const QString itemId = QString::number(item.value(u"id"_s).toInteger());
    QCOMPARE(program.run({u"outbox"_s, u"cancel"_s, itemId}).code, 0);
}

void CliTest::saysThatAnOutcomeIsUncertain()
{
    FaultProxy proxy(servers());
    const Program program;
    QCOMPARE(program.addAccount(servers(), proxy.port("imap"), proxy.port("smtp")).code, 0);
    proxy.at(u"smtp:dot"_s, u"cut"_s);
    const QByteArray id = freshId();
    const QByteArray data = message(servers().sender(), servers().reader().address, id, "Perhaps");
    const Outcome sent = program.run({u"send"_s, u"--wait"_s, u"-"_s}, data);
    QVERIFY2(sent.code == uncertain && sent.saysOnePlainLine(), sent.words().constData());
    proxy.clear();
    const Outcome outbox = program.run({u"outbox"_s, u"--json"_s});
    QCOMPARE(outbox.lines().value(0).value(u"state"_s).toString(), u"uncertain"_s);
    // A sync that goes well must not send it again by itself.
    QCOMPARE(program.run({u"sync"_s}).code, 0);
    ImapPeer reader(servers(), servers().reader());
    QCOMPARE(reader.count("INBOX", id), 0);
    const QString item = QString::number(outbox.lines().value(0).value(u"id"_s).toInteger());
    const Outcome retried = program.run({u"outbox"_s, u"retry"_s, item});
    QVERIFY2(retried.code == 0, retried.words().constData());
    const auto watch = program.start({u"watch"_s});
    QTRY_COMPARE_WITH_TIMEOUT(reader.count("INBOX", id), 1, 20'000);
}

void CliTest::queuesWhileTheServerIsAway()
{
    FaultProxy proxy(servers());
    const Program program;
    QCOMPARE(program.addAccount(servers(), proxy.port("imap"), proxy.port("smtp")).code, 0);
    proxy.at(u"smtp:connect"_s, u"cut"_s);
    const QByteArray id = freshId();
    const QByteArray data = message(servers().sender(), servers().reader().address, id, "Later");
    const Outcome sent = program.run({u"send"_s, u"-"_s}, data);
    QVERIFY2(sent.code == 0, sent.words().constData());
    const QJsonObject item = program.run({u"outbox"_s, u"--json"_s}).lines().value(0);
    QCOMPARE(item.value(u"state"_s).toString(), u"queued"_s);
    QCOMPARE(item.value(u"messageId"_s).toString().remove(u'<').remove(u'>'),
             QString::fromUtf8(id));
    proxy.clear();
    const auto watch = program.start({u"watch"_s});
    ImapPeer reader(servers(), servers().reader());
    QTRY_COMPARE_WITH_TIMEOUT(reader.count("INBOX", id), 1, 20'000);
}

void CliTest::cancelsAQueuedMessage()
{
    FaultProxy proxy(servers());
    const Program program;
    QCOMPARE(program.addAccount(servers(), proxy.port("imap"), proxy.port("smtp")).code, 0);
    proxy.at(u"smtp:connect"_s, u"cut"_s);
    const QByteArray id = freshId();
    const QByteArray data = message(servers().sender(), servers().reader().address, id, "Never");
    QCOMPARE(program.run({u"send"_s, u"-"_s}, data).code, 0);
    const QJsonObject item = program.run({u"outbox"_s, u"--json"_s}).lines().value(0);
    const QString itemId = QString::number(item.value(u"id"_s).toInteger());
    const Outcome cancelled = program.run({u"outbox"_s, u"cancel"_s, itemId});
    QVERIFY2(cancelled.code == 0, cancelled.words().constData());
    proxy.clear();
    QCOMPARE(program.run({u"sync"_s}).code, 0);
    const QJsonObject left = program.run({u"outbox"_s, u"--json"_s}).lines().value(0);
    QVERIFY(left.isEmpty() || left.value(u"state"_s).toString() == u"cancelled"_s);
    ImapPeer reader(servers(), servers().reader());
    QCOMPARE(reader.count("INBOX", id), 0);
}

void CliTest::watchReportsADeliveryAndEndsBySigint()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    QCOMPARE(program.run({u"sync"_s}).code, 0);
    const auto watch = program.start({u"watch"_s, u"--json"_s});
    QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
    const QByteArray id = freshId();
    QCOMPARE(servers().deliver(
                 servers().sender(),
                 message(servers().reader(), servers().sender().address, id, "Watch " + id)),
             QString());
    Outcome seen;
    const auto event = [&]() -> QJsonObject {
        seen.out += watch->readAllStandardOutput();
        for (const QJsonObject& object : seen.lines())
            if (object.value(u"id"_s).toInteger() > 0 &&
                idOf(program, "Watch " + id) == QString::number(object.value(u"id"_s).toInteger()))
                return object;
        return {};
    };
    QTRY_VERIFY2_WITH_TIMEOUT(!event().isEmpty(), seen.out.constData(), 20'000);
    for (const char* name : {"event", "id", "folder", "at"})
        QVERIFY2(event().contains(QLatin1String(name)), name);
    QVERIFY(QDateTime::fromString(event().value(u"at"_s).toString(), Qt::ISODateWithMs).isValid());
    ::kill(static_cast<pid_t>(watch->processId()), SIGINT);
    const Outcome end = Program::finish(*watch, 10'000);
    QVERIFY2(end.code == 0, end.words().constData());
    QVERIFY(!program.hasOwner());
}

void CliTest::parsesAFile()
{
    const Program program;
    const QByteArray data =
        "From: =?iso-8859-1?Q?J=F6rg?= <joerg@example.org>\r\nTo: a@example.org, B "
        "<b@example.org>\r\n"
        "Subject: Two parts\r\nDate: Mon, 23 Nov 2026 12:00:00 +0100\r\nMessage-ID: <p1@x.test>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nWords.\r\n--b\r\n"
        "Content-Type: application/pdf; name=a.pdf\r\nContent-Disposition: attachment; "
        "filename=a.pdf\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nYWJj\r\n--b--\r\n";
    const QString path = program.file(u"two.eml"_s, data);
    const Outcome parsed = program.run({u"parse"_s, u"--json"_s, path, path});
    QVERIFY2(parsed.code == 0, parsed.words().constData());
    QCOMPARE(parsed.lines().size(), 2);
    const QJsonObject object = parsed.lines().constFirst();
    for (const char* name : {"file", "subject", "from", "to", "cc", "date", "messageId", "text",
                             "html", "structure", "attachments", "notes"})
        QVERIFY2(object.contains(QLatin1String(name)), name);
    QCOMPARE(object.value(u"subject"_s).toString(), u"Two parts"_s);
    const QJsonValue from = object.value(u"from"_s);
    const QJsonObject author = from.isArray() ? from.toArray().at(0).toObject() : from.toObject();
    QCOMPARE(author.value(u"name"_s).toString(), u"Jörg"_s);
    QCOMPARE(author.value(u"address"_s).toString(), u"joerg@example.org"_s);
    QCOMPARE(object.value(u"to"_s).toArray().size(), 2);
    QCOMPARE(QDateTime::fromString(object.value(u"date"_s).toString(), Qt::ISODate).toUTC(),
             QDateTime(QDate(2026, 11, 23), QTime(11, 0), Qt::UTC));
    QCOMPARE(object.value(u"text"_s).toString().trimmed(), u"Words."_s);
    const QJsonObject attachment = object.value(u"attachments"_s).toArray().at(0).toObject();
    QCOMPARE(attachment.value(u"name"_s).toString(), u"a.pdf"_s);
    QCOMPARE(attachment.value(u"size"_s).toInt(), 3);
    QCOMPARE(attachment.value(u"sha256"_s).toString(),
             u"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"_s);
    const Outcome missing =
        program.run({u"parse"_s, program.file(u"two.eml"_s, data) + u".none"_s});
    QVERIFY2(missing.code == failed && missing.saysOnePlainLine(), missing.words().constData());
}

QTEST_GUILESS_MAIN(CliTest)
#include "CliTest.moc"
