// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/MailServers.h"
#include "tests/integration/Program.h"

#include <QJsonArray>
#include <QTest>

#include <csignal>
#include <memory>
#include <vector>

using namespace avocet::integration;
using namespace Qt::Literals::StringLiterals;

/// One process owns a profile: invocations at the same time, beside an owner, and after its death.
class OwnerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();
    void sendsAtOnceAreEachSentOnce_data();
    void sendsAtOnceAreEachSentOnce();
    void syncWorksBesideAnOwner();
    void forwardsStandardInput();
    void forwardsFailuresWithTheirExitCode();
    void addsAnAccountBesideAnOwner();
    void anInvocationIsCutShortWithoutHarmToTheOwner();
    void endsCleanlyWhileItServesOthers_data();
    void endsCleanlyWhileItServesOthers();
    void goesOnAfterTheOwnerWasKilled_data();
    void goesOnAfterTheOwnerWasKilled();
    void aDeadOwnersLockAndSocketAreNoHindrance();

private:
    QByteArray mail(const QByteArray& id) const
    {
        return message(servers().sender(), servers().reader().address, id, "Owner " + id);
    }
    RunningProgram watch(const Program& program) const
    {
        auto process = program.start({u"watch"_s, u"--json"_s});
        process->closeReadChannel(QProcess::StandardOutput);
        return process;
    }

    MailServers& servers() const { return m_rows.at(m_server); }

    ServerRows m_rows{u"rich"_s};
    QString m_server;
};

void OwnerTest::initTestCase_data()
{
    QTest::addColumn<QString>("server");
    for (const ServerKind& kind : m_rows.kinds())
        QTest::newRow(kind.sentence) << kind.name;
}

void OwnerTest::initTestCase()
{
    const QString problem = m_rows.start();
    if (m_rows.missing())
        QSKIP(qPrintable(problem));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void OwnerTest::init()
{
    QFETCH_GLOBAL(QString, server);
    m_server = server;
}

void OwnerTest::sendsAtOnceAreEachSentOnce_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<bool>("withOwner");
    QTest::newRow("two, none of them an owner yet") << 2 << false;
    QTest::newRow("two, beside an owner") << 2 << true;
    QTest::newRow("eight, none of them an owner yet") << 8 << false;
}

void OwnerTest::sendsAtOnceAreEachSentOnce()
{
    QFETCH(int, count);
    QFETCH(bool, withOwner);
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    RunningProgram owner;
    if (withOwner) {
        owner = watch(program);
        QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
    }
    QByteArrayList ids;
    std::vector<RunningProgram> sends;
    for (int i = 0; i < count; ++i) {
        ids.append(freshId());
        const QString path = program.file(u"%1.eml"_s.arg(i), mail(ids.constLast()));
        sends.push_back(program.start({u"send"_s, u"--wait"_s, path}));
    }
    for (const auto& send : sends) {
        const Outcome outcome = Program::finish(*send);
        QVERIFY2(outcome.code == 0, outcome.words().constData());
    }
    ImapPeer reader(servers(), servers().reader());
    ImapPeer sender(servers(), servers().sender());
    for (const QByteArray& id : ids) {
        QTRY_COMPARE_WITH_TIMEOUT(reader.count("INBOX", id), 1, 15'000);
        QTRY_COMPARE_WITH_TIMEOUT(sender.count(servers().mailbox("Sent"), id), 1, 15'000);
    }
}

void OwnerTest::syncWorksBesideAnOwner()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const auto owner = watch(program);
    QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
    const QByteArray id = freshId();
    QCOMPARE(servers().deliver(
                 servers().sender(),
                 message(servers().reader(), servers().sender().address, id, "Beside " + id)),
             QString());
    const Outcome synced = program.run({u"sync"_s, u"--json"_s});
    QVERIFY2(synced.code == 0, synced.words().constData());
    QVERIFY2(!synced.line(u"folder"_s, u"INBOX"_s).isEmpty(), synced.words().constData());
    const Outcome listed = program.run({u"list"_s, u"--folder"_s, u"INBOX"_s, u"--json"_s});
    QVERIFY2(!listed.line(u"subject"_s, u"Beside "_s + QString::fromUtf8(id)).isEmpty(),
             listed.words().constData());
    QCOMPARE(owner->state(), QProcess::Running);
    QVERIFY(program.hasOwner());
}

void OwnerTest::forwardsStandardInput()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const auto owner = watch(program);
    QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
    const QByteArray id = freshId();
    // Bytes that are no UTF-8, and more than one pipe holds.
    QByteArray data = mail(id) + QByteArray("\xff\xfe 8-bit \xe4\r\n");
    data += QByteArray("a line of filler that makes the message long\r\n").repeated(20'000);
    data.insert(data.indexOf("Subject:"),
                "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=iso-8859-1\r\n"
                "Content-Transfer-Encoding: 8bit\r\n");
    const Outcome sent = program.run({u"send"_s, u"--wait"_s, u"-"_s}, data);
    QVERIFY2(sent.code == 0, sent.words().constData());
    ImapPeer reader(servers(), servers().reader());
    QTRY_COMPARE_WITH_TIMEOUT(reader.count("INBOX", id), 1, 15'000);
    QVERIFY(reader.raw("INBOX", reader.find("INBOX", id).value(0)).endsWith(data));
}

void OwnerTest::forwardsFailuresWithTheirExitCode()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const QStringList arguments{u"list"_s, u"--folder"_s, u"Nowhere"_s};
    const Outcome alone = program.run(arguments);
    const auto owner = watch(program);
    QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
    const Outcome beside = program.run(arguments);
    QCOMPARE(beside.code, 1);
    QCOMPARE(beside.code, alone.code);
    QCOMPARE(beside.err, alone.err);
    QVERIFY2(beside.saysOnePlainLine(), beside.words().constData());
}

void OwnerTest::addsAnAccountBesideAnOwner()
{
    const Program program;
    const auto owner = watch(program);
    QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
    const Outcome added = program.addAccount(servers());
    QVERIFY2(added.code == 0, added.words().constData());
    QCOMPARE(program.run({u"account"_s, u"list"_s, u"--json"_s}).lines().size(), 1);
    QCOMPARE(owner->state(), QProcess::Running);
}

void OwnerTest::anInvocationIsCutShortWithoutHarmToTheOwner()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    const auto owner = watch(program);
    QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
    for (int i = 0; i < 5; ++i) {
        const auto client = program.start({u"watch"_s, u"--json"_s});
        client->kill();
        client->waitForFinished();
    }
    const Outcome folders = program.run({u"folders"_s, u"--json"_s});
    QVERIFY2(folders.code == 0, folders.words().constData());
    QCOMPARE(owner->state(), QProcess::Running);
}

void OwnerTest::endsCleanlyWhileItServesOthers_data()
{
    QTest::addColumn<QString>("point");
    QTest::newRow("before the message is sent") << u"smtp:mail"_s;
    QTest::newRow("between the final dot and its reply") << u"smtp:dot"_s;
}

void OwnerTest::endsCleanlyWhileItServesOthers()
{
    QFETCH(QString, point);
    FaultProxy proxy(servers());
    const Program program;
    QCOMPARE(program.addAccount(servers(), proxy.port("imap"), proxy.port("smtp")).code, 0);
    const auto owner = watch(program);
    QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
    proxy.at(point, u"stall"_s);
    const QByteArray id = freshId();
    const auto send = program.start({u"send"_s, u"--wait"_s, program.file(u"m.eml"_s, mail(id))});
    const auto listener = program.start({u"watch"_s, u"--json"_s});
    QVERIFY(proxy.waitUntilFired());
    ::kill(static_cast<pid_t>(owner->processId()), SIGINT);
    const Outcome end = Program::finish(*owner, 10'000);
    QVERIFY2(end.code == 0, end.words().constData());
    const Outcome told = Program::finish(*send, 10'000);
    QVERIFY2(told.code > 0, told.words().constData());
    QVERIFY2(told.saysOnePlainLine(), told.words().constData());
    // The other watch takes the profile over.
    QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
    QCOMPARE(listener->state(), QProcess::Running);
}

void OwnerTest::goesOnAfterTheOwnerWasKilled_data()
{
    QTest::addColumn<QString>("point");
    QTest::newRow("before the message is sent") << u"smtp:mail"_s;
    QTest::newRow("in the middle of the transaction") << u"smtp:data"_s;
    QTest::newRow("while the copy is filed") << u"imap:append"_s;
}

void OwnerTest::goesOnAfterTheOwnerWasKilled()
{
    QFETCH(QString, point);
    FaultProxy proxy(servers());
    const Program program;
    QCOMPARE(program.addAccount(servers(), proxy.port("imap"), proxy.port("smtp")).code, 0);
    const auto owner = watch(program);
    QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
    proxy.at(point, u"stall"_s);
    const QByteArray id = freshId();
    const auto client = program.start({u"send"_s, u"--wait"_s, program.file(u"m.eml"_s, mail(id))});
    QVERIFY(proxy.waitUntilFired());
    owner->kill();
    QVERIFY(owner->waitForFinished());
    const Outcome orphan = Program::finish(*client, 30'000);
    QVERIFY2(orphan.code >= 0, "the forwarding invocation hangs or crashes when its owner dies");
    proxy.clear();
    const auto next = watch(program);
    ImapPeer reader(servers(), servers().reader());
    ImapPeer sender(servers(), servers().sender());
    QTRY_COMPARE_WITH_TIMEOUT(sender.count(servers().mailbox("Sent"), id), 1, 30'000);
    QTRY_COMPARE_WITH_TIMEOUT(reader.count("INBOX", id), 1, 15'000);
    const auto settled = [&] {
        const Outcome outbox = program.run({u"outbox"_s, u"--json"_s});
        const QString state = outbox.lines().value(0).value(u"state"_s).toString();
        return outbox.code == 0 && (state.isEmpty() || state == u"done"_s);
    };
    QTRY_VERIFY_WITH_TIMEOUT(settled(), 20'000);
    QCOMPARE(sender.count(servers().mailbox("Sent"), id), 1);
    QCOMPARE(reader.count("INBOX", id), 1);
}

void OwnerTest::aDeadOwnersLockAndSocketAreNoHindrance()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    for (int i = 0; i < 3; ++i) {
        const auto owner = watch(program);
        QTRY_VERIFY_WITH_TIMEOUT(program.hasOwner(), 10'000);
        owner->kill();
        QVERIFY(owner->waitForFinished());
        const Outcome folders = program.run({u"folders"_s, u"--json"_s}, {}, 10'000);
        QVERIFY2(folders.code == 0, folders.words().constData());
    }
}

QTEST_GUILESS_MAIN(OwnerTest)
#include "OwnerTest.moc"
