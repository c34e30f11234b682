// SPDX-License-Identifier: GPL-3.0-or-later
// NOTIFY (RFC 5465) against transcripts, and what a server says of other mailboxes.
#include "tests/core/protocol/ImapFixture.h"

#include <QObject>

using namespace avocet;
using namespace avocet::test;

class ImapNotifyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reportsStateOfAllAtOnce();
    void staysUsableWhereRefused_data();
    void staysUsableWhereRefused();
    void saysWhereItIsNotOffered();
    void idlesForOtherMailboxes();
    void keepsNewestWordOnEach();
    void keepsNewsOfOthersOverSelect();
    void tellsNewsFromAnswers();
    void boundsNews();
    void passesOverBrokenNews();
    void tellsBye();
};

void ImapNotifyTest::reportsStateOfAllAtOnce()
{
    OPEN(o, "NOTIFY",
         "C: {t} NOTIFY SET STATUS (selected (MessageNew MessageExpunge FlagChange)) (personal "
         "(MessageNew MessageExpunge MailboxName SubscriptionChange))\n"
         "S: * STATUS INBOX (MESSAGES 10 UIDNEXT 20 UIDVALIDITY 5 UNSEEN 1)\n"
         "S: * STATUS Entw&APw-rfe (MESSAGES 3 UIDNEXT 4 UIDVALIDITY 6 HIGHESTMODSEQ 77)\n"
         "S: {t} OK Done\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_RESULT(o.session().notifyPersonal());
    const auto change = o.session().poll();
    VERIFY_RESULT(change);
    QVERIFY(!change->empty());
    QVERIFY(!change->mailboxesChanged);
    QCOMPARE(change->statuses.size(), std::size_t{2});
    QCOMPARE(change->statuses[0].mailbox, std::string("INBOX"));
    QCOMPARE(change->statuses[0].messages.value_or(0), 10u);
    QCOMPARE(change->statuses[1].path, std::string("Entw\xc3\xbcrfe"));
    QCOMPARE(change->statuses[1].highestModSeq.value_or(0), std::uint64_t{77});
    VERIFY_SCRIPT(o.server);
}

void ImapNotifyTest::staysUsableWhereRefused_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("code");
    QTest::newRow("events that it does not know")
        << QByteArray("NO [BADEVENT (MessageNew)] no") << static_cast<int>(ErrorCode::None);
    QTest::newRow("not understood")
        << QByteArray("BAD x") << static_cast<int>(ErrorCode::InvalidInput);
}

void ImapNotifyTest::staysUsableWhereRefused()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, code);
    OPEN(o, "NOTIFY",
         "C: {t} NOTIFY ...\nS: {t} " + answer.toStdString() + "\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_ERROR(o.session().notifyPersonal(), ErrorKind::Rejected, static_cast<ErrorCode>(code));
    QVERIFY(o.session().poll()->empty());
    QVERIFY(o.session().alive());
}

void ImapNotifyTest::saysWhereItIsNotOffered()
{
    OPEN(o, "IDLE", "C: {t} NOOP\nS: {t} OK\n");
    VERIFY_ERROR(o.session().notifyPersonal(), ErrorKind::Rejected, ErrorCode::Unsupported);
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapNotifyTest::idlesForOtherMailboxes()
{
    OPEN(o, "NOTIFY IDLE",
         "C: {t} IDLE\nS: + idling\nS: * STATUS \"My Folder\" (MESSAGES 4 UIDNEXT 9)\nC: DONE\n"
         "S: {t} OK\nC: {t} IDLE\nS: + idling\nS: * LIST () \"/\" New\nC: DONE\nS: {t} OK\n");
    auto change = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_RESULT(change);
    QCOMPARE(change->statuses.size(), std::size_t{1});
    QCOMPARE(change->statuses[0].mailbox, std::string("My Folder"));
    QVERIFY(!change->mailboxesChanged && !change->exists);
    change = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_RESULT(change);
    QVERIFY(change->mailboxesChanged);
    QVERIFY(change->statuses.empty());
    VERIFY_SCRIPT(o.server);
}

void ImapNotifyTest::keepsNewestWordOnEach()
{
    OPEN(o, "NOTIFY",
         "C: {t} NOOP\nS: * STATUS A (MESSAGES 4 UIDNEXT 9 UIDVALIDITY 3)\n"
         "S: * STATUS B (MESSAGES 1)\nS: * STATUS A (MESSAGES 5 UIDNEXT 10)\nS: {t} OK\n");
    const auto change = o.session().poll();
    VERIFY_RESULT(change);
    QCOMPARE(change->statuses.size(), std::size_t{2});
    QCOMPARE(change->statuses[0].messages.value_or(0), 5u);
    QCOMPARE(change->statuses[0].uidNext.value_or(0), 10u);
    QCOMPARE(change->statuses[0].uidValidity.value_or(0), 3u);
}

void ImapNotifyTest::keepsNewsOfOthersOverSelect()
{
    OPEN(o, "NOTIFY",
         "C: {t} CREATE \"x\"\nS: * STATUS A (MESSAGES 4)\nS: * LIST () \"/\" x\nS: * 3 EXISTS\n"
         "S: {t} OK\nC: {t} SELECT \"B\"\nS: * 7 EXISTS\nS: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_RESULT(o.session().createMailbox("x"));
    VERIFY_RESULT(o.session().select("B"));
    const auto change = o.session().poll();
    VERIFY_RESULT(change);
    QCOMPARE(change->statuses.size(), std::size_t{1});
    QVERIFY(change->mailboxesChanged);
    QVERIFY(!change->exists);
}

void ImapNotifyTest::tellsNewsFromAnswers()
{
    OPEN(o, "NOTIFY",
         "C: {t} STATUS \"inbox\" ...\nS: * STATUS Other (MESSAGES 2)\nS: * STATUS INBOX (MESSAGES "
         "1)\n"
         "S: {t} OK\nC: {t} LIST ...\nS: * LIST () \"/\" A\nS: {t} OK\nC: {t} LSUB ...\n"
         "S: * LSUB () \"/\" A\nS: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    const auto status = o.session().status("inbox");
    VERIFY_RESULT(status);
    QCOMPARE(status->messages.value_or(0), 1u);
    VERIFY_RESULT(o.session().listMailboxes());
    const auto change = o.session().poll();
    VERIFY_RESULT(change);
    QVERIFY(!change->mailboxesChanged);
    QCOMPARE(change->statuses.size(), std::size_t{1});
    QCOMPARE(change->statuses[0].mailbox, std::string("Other"));
}

void ImapNotifyTest::boundsNews()
{
    std::string script = "C: {t} NOOP\nR: ";
    for (int i = 0; i < 6'000; ++i)
        script += "* STATUS m" + std::to_string(i) + " (MESSAGES 1)\\r\\n";
    OPEN(o, "NOTIFY", script + "\nS: {t} OK\n");
    const auto change = o.session().poll();
    VERIFY_RESULT(change);
    QCOMPARE(change->statuses.size(), std::size_t{5'000});
    QVERIFY(change->mailboxesChanged); // so that nothing is missed
}

void ImapNotifyTest::passesOverBrokenNews()
{
    OPEN(o, "NOTIFY",
         "C: {t} NOOP\nS: * STATUS A (MESSAGES 4294967296)\nS: * STATUS A (UIDNEXT\nS: * STATUS\n"
         "S: * STATUS A MESSAGES 3\nS: {t} OK\n");
    const auto change = o.session().poll();
    VERIFY_RESULT(change);
    QVERIFY(change->empty());
}

void ImapNotifyTest::tellsBye()
{
    OPEN(o, "NOTIFY",
         "C: {t} NOTIFY ...\nS: * STATUS A (MESSAGES 1)\nS: * BYE maintenance\nCLOSE:\n");
    const auto done = o.session().notifyPersonal();
    VERIFY_ERROR(done, ErrorKind::Offline, ErrorCode::ConnectionLost);
    QCOMPARE(done.error().serverText, std::string("maintenance"));
}

QTEST_GUILESS_MAIN(ImapNotifyTest)
#include "ImapNotifyTest.moc"
