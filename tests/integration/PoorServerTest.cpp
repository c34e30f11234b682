// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/MailServers.h"
#include "tests/integration/Program.h"

#include <QJsonDocument>
#include <QTest>

using namespace avocet::integration;
using namespace Qt::Literals::StringLiterals;

/// The same work on a server that announces no extension at all, and on others than Dovecot.
class PoorServerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();
    void syncsWithoutCondstore();
    void marksWithoutUidplus();
    void sendsAndFilesOneCopy();
    void filesIntoASentFolderThatItMakes();
    void watchNoticesADelivery();

private:
    QJsonObject row(const Program& program, const QByteArray& subject) const
    {
        return program.run({u"list"_s, u"--folder"_s, u"INBOX"_s, u"--json"_s})
            .line(u"subject"_s, QString::fromUtf8(subject));
    }
    QByteArray delivered(const QByteArray& subject)
    {
        const QByteArray id = freshId();
        const QString problem = servers().deliver(
            servers().sender(),
            message(servers().reader(), servers().sender().address, id, subject + ' ' + id));
        return problem.isEmpty() ? id : QByteArray();
    }

    MailServers& servers() const { return m_rows.at(m_server); }

    ServerRows m_rows{u"poor"_s};
    QString m_server;
};

void PoorServerTest::initTestCase_data()
{
    QTest::addColumn<QString>("server");
    for (const ServerKind& kind : m_rows.kinds())
        QTest::newRow(kind.sentence) << kind.name;
}

void PoorServerTest::initTestCase()
{
    const QString problem = m_rows.start();
    if (m_rows.missing())
        QSKIP(qPrintable(problem));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void PoorServerTest::init()
{
    QFETCH_GLOBAL(QString, server);
    m_server = server;
    ImapPeer peer(servers(), servers().sender());
    const QByteArray capability = peer.command("CAPABILITY");
    QVERIFY2(m_server == u"cyrus"_s || m_server == u"rich"_s ||
                 (!capability.contains("CONDSTORE") && !capability.contains("SPECIAL-USE") &&
                  !capability.contains("MOVE")),
             capability.constData());
    QVERIFY2(m_server != u"poor"_s ||
                 (!capability.contains("UIDPLUS") && !capability.contains("IDLE")),
             capability.constData());
}

void PoorServerTest::syncsWithoutCondstore()
{
    const QByteArray first = delivered("First");
    const QByteArray second = delivered("Second");
    QVERIFY(!first.isEmpty() && !second.isEmpty());
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const Outcome synced = program.run({u"sync"_s, u"--json"_s});
    QVERIFY2(synced.code == 0, synced.words().constData());
    QVERIFY(!row(program, "First " + first).isEmpty());
    const Outcome folders = program.run({u"folders"_s, u"--json"_s});
    QCOMPARE(
        folders.line(u"path"_s, servers().folder(u"Sent"_s)).value(u"role"_s).toString().toLower(),
        u"sent"_s);

    ImapPeer peer(servers(), servers().sender());
    const QByteArray uid = peer.find("INBOX", first).value(0);
    const QByteArray gone = peer.find("INBOX", second).value(0);
    peer.command("SELECT INBOX");
    peer.command("UID STORE " + uid + " +FLAGS (\\Flagged)");
    peer.command("UID STORE " + gone + " +FLAGS (\\Deleted)");
    peer.command("EXPUNGE");
    QCOMPARE(program.run({u"sync"_s}).code, 0);
    const QByteArray flags =
        QJsonDocument(row(program, "First " + first)).toJson(QJsonDocument::Compact).toLower();
    QVERIFY2(flags.contains("flagged") || flags.contains("starred"), flags.constData());
    QVERIFY(row(program, "Second " + second).isEmpty());
}

void PoorServerTest::marksWithoutUidplus()
{
    const QByteArray id = delivered("Mark");
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    QCOMPARE(program.run({u"sync"_s}).code, 0);
    const QString shown = QString::number(row(program, "Mark " + id).value(u"id"_s).toInteger());
    const Outcome marked = program.run({u"mark"_s, shown, u"--read"_s, u"--star"_s, u"--wait"_s});
    QVERIFY2(marked.code == 0, marked.words().constData());
    ImapPeer peer(servers(), servers().sender());
    const QByteArray flags = peer.flags("INBOX", peer.find("INBOX", id).value(0));
    QVERIFY2(flags.contains("\\Seen") && flags.contains("\\Flagged"), flags.constData());
}

void PoorServerTest::sendsAndFilesOneCopy()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const QByteArray id = freshId();
    const QByteArray data = message(servers().sender(), servers().reader().address, id, "Poor");
    const Outcome sent = program.run({u"send"_s, u"--wait"_s, u"-"_s}, data);
    QVERIFY2(sent.code == 0, sent.words().constData());
    ImapPeer reader(servers(), servers().reader());
    ImapPeer sender(servers(), servers().sender());
    QTRY_COMPARE_WITH_TIMEOUT(reader.count("INBOX", id), 1, 15'000);
    QTRY_COMPARE_WITH_TIMEOUT(sender.count(servers().mailbox("Sent"), id), 1, 15'000);
    QCOMPARE(program.run({u"sync"_s}).code, 0);
    QCOMPARE(sender.count(servers().mailbox("Sent"), id), 1);
}

void PoorServerTest::filesIntoASentFolderThatItMakes()
{
    ImapPeer sender(servers(), servers().sender());
    const QByteArray folder = servers().mailbox("Sent");
    sender.command("DELETE " + folder);
    if (!sender.command("EXAMINE " + folder).contains(" NO "))
        QSKIP("this server makes it by itself"); // the Dovecots of the tests
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const QByteArray id = freshId();
    const QByteArray data = message(servers().sender(), servers().reader().address, id, "First");
    const Outcome sent = program.run({u"send"_s, u"--wait"_s, u"-"_s}, data);
    QVERIFY2(sent.code == 0, sent.words().constData());
    QTRY_COMPARE_WITH_TIMEOUT(sender.count(folder, id), 1, 15'000);
    QCOMPARE(program.run({u"sync"_s, u"--headers-only"_s}).code, 0);
    const Outcome folders = program.run({u"folders"_s, u"--json"_s});
    QCOMPARE(folders.line(u"role"_s, u"sent"_s).value(u"path"_s).toString(),
             servers().folder(u"Sent"_s));
}

void PoorServerTest::watchNoticesADelivery()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    QCOMPARE(program.run({u"sync"_s}).code, 0);
    const auto watch = program.start({u"watch"_s, u"--json"_s});
    QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
    const QByteArray id = delivered("Noticed");
    // Without IDLE the client asks once a minute.
    QTRY_VERIFY_WITH_TIMEOUT(!row(program, "Noticed " + id).isEmpty(), 75'000);
}

QTEST_GUILESS_MAIN(PoorServerTest)
#include "PoorServerTest.moc"
