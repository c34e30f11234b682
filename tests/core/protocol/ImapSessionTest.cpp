// SPDX-License-Identifier: GPL-3.0-or-later
// The session against transcripts: flags, APPEND, refusals, a broken dialogue and the end.
#include "tests/core/protocol/ImapFixture.h"

#include <QElapsedTimer>
#include <QObject>
#include <thread>

using namespace avocet;
using namespace avocet::test;

class ImapSessionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void storesFlags();
    void storesManyFlagsInPieces();
    void appendsAtOnce();
    void appendsAfterContinuation();
    void tellsAppendRefusals_data();
    void tellsAppendRefusals();
    void staysAliveAfterRefusals_data();
    void staysAliveAfterRefusals();
    void diesOfBrokenDialogue_data();
    void diesOfBrokenDialogue();
    void diesOfEndlessWordsBehindTheSignIn();
    void cancelsCommandAtOnce();
    void logsOut();
};

void ImapSessionTest::storesFlags()
{
    OPEN(o, "",
         "C: {t} UID STORE 3:4,9 +FLAGS (\\Seen $Forwarded)\n"
         "S: * 1 FETCH (UID 3 FLAGS (\\Seen))\nS: {t} OK\n"
         "C: {t} UID STORE 3:4,9 -FLAGS (\\Flagged)\nS: {t} OK\n"
         "C: {t} NOOP\nS: {t} OK\n");
    const std::vector<std::uint32_t> uids{9, 3, 4};
    VERIFY_RESULT(o.session().storeFlags(uids, Flag::Seen | Flag::Forwarded, Flag::Flagged));
    QVERIFY(o.session().poll()->empty());
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::storesManyFlagsInPieces()
{
    OPEN(o, "",
         "C: {t} UID STORE 2,4,6,8,...\nS: {t} OK\nC: {t} UID STORE 1002 +FLAGS (\\Seen)\n"
         "S: {t} OK\n");
    std::vector<std::uint32_t> uids;
    for (std::uint32_t uid = 2; uid <= 1002; uid += 2)
        uids.push_back(uid);
    VERIFY_RESULT(o.session().storeFlags(uids, Flag::Seen, 0));
    VERIFY_SCRIPT(o.server);
    QVERIFY(o.server.received().size() < 4000);
}

void ImapSessionTest::appendsAtOnce()
{
    OPEN(o, "LITERAL+ UIDPLUS",
         "C: {t} APPEND \"Sent\" (\\Seen) \"29-Feb-2024 12:00:00 +0000\" {12+}\nN: 12\nC:\n"
         "S: {t} OK [APPENDUID 38505 3955] done\n");
    const auto uid = o.session().append("Sent", "a: b\r\n\r\n{3}\n", Flag::Seen, 1709208000);
    VERIFY_RESULT(uid);
    QCOMPARE(uid->uidValidity, 38505u);
    QCOMPARE(uid->uid, 3955u);
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::appendsAfterContinuation()
{
    OPEN(o, "LITERAL-",
         "C: {t} APPEND \"Sent\" () \"01-Jan-1970 00:00:00 +0000\" {5000}\nS: * 3 EXISTS\n"
         "S: + Ready {3}\nN: 5000\nC:\nS: {t} OK\n");
    const auto uid = o.session().append("Sent", std::string(5000, 'x'), 0, 0);
    VERIFY_RESULT(uid);
    QCOMPARE(uid->uidValidity, 0u);
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::tellsAppendRefusals_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const char* answer, ErrorKind kind, ErrorCode code) {
        QTest::newRow(name) << QByteArray(answer) << static_cast<int>(kind)
                            << static_cast<int>(code);
    };
    row("no such mailbox", "NO [TRYCREATE] no", ErrorKind::Rejected, ErrorCode::NoSuchFolder);
    row("over quota", "NO [OVERQUOTA] full", ErrorKind::Rejected, ErrorCode::None);
    row("too big", "NO [TOOBIG] big", ErrorKind::Rejected, ErrorCode::TooLarge);
    row("not now", "NO [UNAVAILABLE] later", ErrorKind::Transient, ErrorCode::None);
}

void ImapSessionTest::tellsAppendRefusals()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    QFETCH(int, code);
    OPEN(o, "", "C: {t} APPEND ...\nS: {t} " + answer.toStdString() + "\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_ERROR(o.session().append("Sent", "hello", 0, 0), static_cast<ErrorKind>(kind),
                 static_cast<ErrorCode>(code));
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::staysAliveAfterRefusals_data()
{
    QTest::addColumn<QByteArray>("answer");
    for (const char* answer : {"NO", "NO text", "BAD", "NO [UNAVAILABLE]", "NO [", "NO [X"})
        QTest::addRow("%s", answer) << QByteArray(answer);
}

void ImapSessionTest::staysAliveAfterRefusals()
{
    QFETCH(QByteArray, answer);
    OPEN(o, "",
         "C: {t} NOOP\nS: {t} " + answer.toStdString() + "\nC: {t} NOOP\nS:\nS: * OK\nS: {t} OK\n");
    QVERIFY(!o.session().poll());
    QVERIFY(o.session().alive());
    VERIFY_RESULT(o.session().poll());
}

void ImapSessionTest::diesOfBrokenDialogue_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("kind");
    const auto row = [](const char* name, const char* answer, ErrorKind kind) {
        QTest::newRow(name) << QByteArray(answer) << static_cast<int>(kind);
    };
    row("another tag", "S: T999 OK", ErrorKind::Protocol);
    row("no tag of ours", "S: a001 OK", ErrorKind::Protocol);
    row("no status", "S: {t} MAYBE", ErrorKind::Protocol);
    row("another protocol", "S: 220 hello", ErrorKind::Protocol);
    row("EXISTS over 2^32", "S: * 4294967296 EXISTS", ErrorKind::Protocol);
    row("literal of 4 GB", "S: * 1 FETCH (BODY[] {4294967295}", ErrorKind::Protocol);
    row("endless words", "FLOOD: * OK still at it", ErrorKind::Protocol);
    row("endless requests to go on", "FLOOD: + go on", ErrorKind::Protocol);
    row("closed", "CLOSE:", ErrorKind::Offline);
    row("BYE and closed", "S: * BYE idle for too long\nCLOSE:", ErrorKind::Offline);
}

void ImapSessionTest::diesOfBrokenDialogue()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    OPEN(o, "", "C: {t} NOOP\n" + answer.toStdString() + "\n");
    const auto change = o.session().poll();
    QVERIFY(!change);
    QVERIFY2(change.error().kind == static_cast<ErrorKind>(kind), describe(change).c_str());
    QVERIFY(!o.session().alive());
    VERIFY_ERROR(o.session().poll(), ErrorKind::Offline, ErrorCode::ConnectionLost);
    o.session().logout();
}

void ImapSessionTest::diesOfEndlessWordsBehindTheSignIn()
{
    const ScriptedServer server(signedIn("ID", "C: {i} ID ...\nFLOOD: * OK still at it\n"));
    const auto session = ImapSession::open(optionsFor(server), credentials(), {});
    VERIFY_ERROR(session, ErrorKind::Protocol, ErrorCode::LimitExceeded);
}

void ImapSessionTest::cancelsCommandAtOnce()
{
    OPEN(o, "", "C: {t} NOOP\nEOF:\n");
    QElapsedTimer sinceStop;
    Result<MailboxChange> change;
    std::jthread worker([&] { change = o.session().poll(); });
    QVERIFY(o.server.waitForStep(4));
    sinceStop.start();
    o.stop.request_stop();
    worker.join();
    QVERIFY(sinceStop.elapsed() < 500);
    VERIFY_ERROR(change, ErrorKind::Cancelled, ErrorCode::None);
    QVERIFY(!o.session().alive());
}

void ImapSessionTest::logsOut()
{
    OPEN(o, "", "C: {t} LOGOUT\nS: * BYE\nS: {t} OK\nEOF:\n");
    o.session().logout();
    QVERIFY(!o.session().alive());
    VERIFY_SCRIPT(o.server);
}

QTEST_GUILESS_MAIN(ImapSessionTest)
#include "ImapSessionTest.moc"
