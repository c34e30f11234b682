// SPDX-License-Identifier: GPL-3.0-or-later
// COPY, MOVE and UID EXPUNGE against transcripts.
#include "tests/core/protocol/ImapFixture.h"

#include <QObject>

using namespace avocet;
using namespace avocet::test;

using Uids = std::vector<std::uint32_t>;

class ImapMoveTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void copiesAndPairs();
    void copiesWithoutUidplus();
    void movesWithEarlyCopyuid();
    void movesInPieces();
    void startsAnewWhereTargetWasMadeAnew();
    void believesNoImpossiblePairs_data();
    void believesNoImpossiblePairs();
    void tellsRefusals_data();
    void tellsRefusals();
    void saysWhatServerLacks();
    void removesNothingButWhatIsNamed();
    void movesNothing();
    void tellsByeAtEachPoint_data();
    void tellsByeAtEachPoint();
};

void ImapMoveTest::copiesAndPairs()
{
    OPEN(o, "UIDPLUS",
         "C: {t} UID COPY 5:7,9 \"Archive \\\"x\\\"\"\n"
         "S: {t} OK [COPYUID 38505 5:7,9 3956:3958,4000] Done\n");
    const auto copied = o.session().copyMessages(Uids{9, 5, 6, 7}, "Archive \"x\"");
    VERIFY_RESULT(copied);
    QCOMPARE(copied->uidValidity, 38505u);
    QCOMPARE(copied->from, (Uids{5, 6, 7, 9}));
    QCOMPARE(copied->to, (Uids{3956, 3957, 3958, 4000}));
    VERIFY_SCRIPT(o.server);
}

void ImapMoveTest::copiesWithoutUidplus()
{
    OPEN(o, "", "C: {t} UID COPY 5 \"A\"\nS: {t} OK Done\n");
    const auto copied = o.session().copyMessages(Uids{5}, "A");
    VERIFY_RESULT(copied);
    QCOMPARE(copied->uidValidity, 0u);
    QVERIFY(copied->from.empty() && copied->to.empty());
}

void ImapMoveTest::movesWithEarlyCopyuid()
{
    // As in RFC 6851 4.3. One of the three was gone already.
    OPEN(o, "MOVE UIDPLUS",
         "C: {t} UID MOVE 42:44 \"foo\"\nS: * OK [COPYUID 432432 42,44 1202:1203]\n"
         "S: * 22 EXPUNGE\nS: * 23 EXPUNGE\nS: {t} OK Done\n");
    const auto moved = o.session().moveMessages(Uids{42, 43, 44}, "foo");
    VERIFY_RESULT(moved);
    QCOMPARE(moved->uidValidity, 432432u);
    QCOMPARE(moved->from, (Uids{42, 44}));
    QCOMPARE(moved->to, (Uids{1202, 1203}));
    VERIFY_SCRIPT(o.server);
}

void ImapMoveTest::movesInPieces()
{
    Uids uids;
    for (std::uint32_t uid = 1'000'002; uid < 1'001'500; uid += 2)
        uids.push_back(uid);
    OPEN(o, "MOVE",
         "C: {t} UID MOVE 1000002,...\nS: {t} OK [COPYUID 7 1000002 1]\n"
         "C: {t} UID MOVE ...\nS: * OK [COPYUID 7 1001498 2]\nS: {t} OK\n");
    const auto moved = o.session().moveMessages(uids, "A");
    VERIFY_RESULT(moved);
    QCOMPARE(moved->from, (Uids{1000002, 1001498}));
    QCOMPARE(moved->to, (Uids{1, 2}));
    VERIFY_SCRIPT(o.server);
}

void ImapMoveTest::startsAnewWhereTargetWasMadeAnew()
{
    OPEN(
        o, "MOVE",
        "C: {t} UID MOVE 1:2 \"A\"\nS: * OK [COPYUID 7 1 1]\nS: * OK [COPYUID 8 2 1]\nS: {t} OK\n");
    const auto moved = o.session().moveMessages(Uids{1, 2}, "A");
    VERIFY_RESULT(moved);
    QCOMPARE(moved->uidValidity, 8u);
    QCOMPARE(moved->from, Uids{2});
}

void ImapMoveTest::believesNoImpossiblePairs_data()
{
    QTest::addColumn<QByteArray>("code");
    const auto row = [](const char* name, const char* code) {
        QTest::newRow(name) << QByteArray(code);
    };
    row("more targets than sources", "38505 5:6 1:3");
    row("fewer targets than sources", "38505 5:7 1:2");
    row("more than was asked for", "38505 5:8 1:4");
    row("others than were asked for", "38505 8:10 1:3");
    row("all UIDs that there can be", "38505 1:4294967295 1:4294967295");
    row("all UIDs as targets", "38505 5:7 1:4294967295");
    row("UIDVALIDITY over 2^32", "4294967296 5:7 1:3");
    row("UID over 2^32", "38505 5:7 4294967296");
    row("no UIDVALIDITY", "0 5:7 1:3");
    row("one set", "38505 5:7");
    row("nothing", "");
    row("words", "a b c");
}

void ImapMoveTest::believesNoImpossiblePairs()
{
    QFETCH(QByteArray, code);
    OPEN(o, "UIDPLUS",
         "C: {t} UID COPY 5:7 \"A\"\nS: {t} OK [COPYUID " + code.toStdString() +
             "] Done\nC: {t} NOOP\nS: {t} OK\n");
    // The copies are there all the same.
    const auto copied = o.session().copyMessages(Uids{5, 6, 7}, "A");
    VERIFY_RESULT(copied);
    QCOMPARE(copied->uidValidity, 0u);
    QVERIFY(copied->from.empty() && copied->to.empty());
    VERIFY_RESULT(o.session().poll());
}

void ImapMoveTest::tellsRefusals_data()
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
    row("not now", "NO [INUSE] later", ErrorKind::Transient, ErrorCode::None);
    row("not understood", "BAD x", ErrorKind::Rejected, ErrorCode::InvalidInput);
}

void ImapMoveTest::tellsRefusals()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    QFETCH(int, code);
    const std::string no = "S: {t} " + answer.toStdString() + "\n";
    OPEN(o, "MOVE UIDPLUS",
         "C: {t} UID COPY 1 \"A\"\n" + no + "C: {t} UID MOVE 1 \"A\"\n" + no +
             "C: {t} UID EXPUNGE 1\n" + no + "C: {t} NOOP\nS: {t} OK\n");
    const auto expectedKind = static_cast<ErrorKind>(kind);
    const auto expectedCode = static_cast<ErrorCode>(code);
    VERIFY_ERROR(o.session().copyMessages(Uids{1}, "A"), expectedKind, expectedCode);
    VERIFY_ERROR(o.session().moveMessages(Uids{1}, "A"), expectedKind, expectedCode);
    VERIFY_ERROR(o.session().expungeUids(Uids{1}), expectedKind, expectedCode);
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapMoveTest::saysWhatServerLacks()
{
    OPEN(o, "", "C: {t} NOOP\nS: {t} OK\nEOF:\n");
    VERIFY_ERROR(o.session().moveMessages(Uids{1}, "A"), ErrorKind::Rejected,
                 ErrorCode::Unsupported);
    VERIFY_ERROR(o.session().expungeUids(Uids{1}), ErrorKind::Rejected, ErrorCode::Unsupported);
    VERIFY_RESULT(o.session().poll());
    o.result->reset();
    VERIFY_SCRIPT(o.server);
}

void ImapMoveTest::removesNothingButWhatIsNamed()
{
    OPEN(o, "UIDPLUS",
         "C: {t} UID EXPUNGE 9,3000:3002\nS: * 3 EXPUNGE\nS: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_RESULT(o.session().expungeUids(Uids{3002, 3000, 9, 3001}));
    QVERIFY(o.session().poll()->expunged);
    VERIFY_SCRIPT(o.server);
    QVERIFY(o.server.received().find(" EXPUNGE\r\n") == std::string::npos);
}

void ImapMoveTest::movesNothing()
{
    OPEN(o, "MOVE UIDPLUS", "EOF:\n");
    QVERIFY(o.session().moveMessages({}, "A")->from.empty());
    QVERIFY(o.session().copyMessages({}, "A")->from.empty());
    VERIFY_RESULT(o.session().expungeUids({}));
    o.result->reset();
    VERIFY_SCRIPT(o.server);
}

void ImapMoveTest::tellsByeAtEachPoint_data()
{
    QTest::addColumn<QByteArray>("before");
    QTest::newRow("at once") << QByteArray("");
    QTest::newRow("behind COPYUID") << QByteArray("S: * OK [COPYUID 1 1 1]\n");
    QTest::newRow("behind an EXPUNGE") << QByteArray("S: * OK [COPYUID 1 1 1]\nS: * 1 EXPUNGE\n");
}

void ImapMoveTest::tellsByeAtEachPoint()
{
    QFETCH(QByteArray, before);
    OPEN(o, "MOVE",
         "C: {t} UID MOVE 1 \"A\"\n" + before.toStdString() + "S: * BYE maintenance\nCLOSE:\n");
    const auto moved = o.session().moveMessages(Uids{1}, "A");
    VERIFY_ERROR(moved, ErrorKind::Offline, ErrorCode::ConnectionLost);
    QCOMPARE(moved.error().serverText, std::string("maintenance"));
    QVERIFY(!o.session().alive());
}

QTEST_GUILESS_MAIN(ImapMoveTest)
#include "ImapMoveTest.moc"
