// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting for news against transcripts: IDLE, NOTIFY and NOOP.
#include "tests/core/protocol/ImapFixture.h"

#include <QElapsedTimer>
#include <QObject>
#include <latch>
#include <thread>

using namespace avocet;
using namespace avocet::test;

class ImapIdleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void diesOfEndlessNewsWhileIdling_data();
    void diesOfEndlessNewsWhileIdling();
    void idlesUntilNews();
    void endsIdleWhenStopped();
    void dropsConnectionThatDoesNotEndIdle();
    void renewsIdle();
    void returnsOldNewsAtOnce();
    void pollsWithoutIdle();
    void noticesCutDuringIdle();
};

void ImapIdleTest::idlesUntilNews()
{
    OPEN(o, "IDLE",
         "C: {t} IDLE\nS: + idling\nS: * OK still here\nS: * 5 EXISTS\nC: DONE\nS: {t} OK\n"
         "C: {t} NOOP\nS: {t} OK\n");
    const auto change = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_RESULT(change);
    QCOMPARE(change->exists.value_or(0), 5u);
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapIdleTest::endsIdleWhenStopped()
{
    OPEN(o, "IDLE", "C: {t} IDLE\nS: + idling\nC: DONE\nS: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    std::stop_source stop;
    QElapsedTimer sinceStop;
    Result<MailboxChange> change;
    std::jthread worker(
        [&] { change = o.session().idle(std::chrono::seconds(20), stop.get_token()); });
    QVERIFY(o.server.waitForStep(5)); // the server waits for DONE
    sinceStop.start();
    stop.request_stop();
    worker.join();
    QVERIFY(sinceStop.elapsed() < 500);
    VERIFY_ERROR(change, ErrorKind::Cancelled, ErrorCode::None);
    QVERIFY(o.session().alive());
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
    VERIFY_ERROR(o.session().idle(std::chrono::seconds(20), stop.get_token()), ErrorKind::Cancelled,
                 ErrorCode::None);
}

void ImapIdleTest::dropsConnectionThatDoesNotEndIdle()
{
    OPEN(o, "IDLE", "C: {t} IDLE\nS: + idling\nC: DONE\n");
    std::stop_source stop;
    QElapsedTimer sinceStop;
    Result<MailboxChange> change;
    std::jthread worker(
        [&] { change = o.session().idle(std::chrono::seconds(20), stop.get_token()); });
    QVERIFY(o.server.waitForStep(5));
    sinceStop.start();
    stop.request_stop();
    worker.join();
    QVERIFY(sinceStop.elapsed() < 600);
    VERIFY_ERROR(change, ErrorKind::Cancelled, ErrorCode::None);
    QVERIFY(!o.session().alive());
}

void ImapIdleTest::renewsIdle()
{
    OPEN(o, "IDLE", "C: {t} IDLE\nS: + idling\nC: DONE\nS: {t} OK\n");
    const auto change = o.session().idle(std::chrono::seconds(0), {});
    VERIFY_RESULT(change);
    QVERIFY(change->empty());
    QVERIFY(o.session().alive());
    VERIFY_SCRIPT(o.server);
}

void ImapIdleTest::returnsOldNewsAtOnce()
{
    OPEN(o, "IDLE", "C: {t} CREATE \"x\"\nS: * 9 EXISTS\nS: {t} OK\nEOF:\n");
    VERIFY_RESULT(o.session().createMailbox("x"));
    const auto change = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_RESULT(change);
    QCOMPARE(change->exists.value_or(0), 9u);
    o.result->reset();
    VERIFY_SCRIPT(o.server);
}

void ImapIdleTest::pollsWithoutIdle()
{
    // News that the server sends by itself, then the end of the time, then a stop.
    OPEN(o, "", "SYNC: push\nS: * 2 EXISTS\nC: {t} NOOP\nS: {t} OK\nEOF:\n");
    o.server.release("push");
    const auto pushed = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_RESULT(pushed);
    QCOMPARE(pushed->exists.value_or(0), 2u);
    const auto nothing = o.session().idle(std::chrono::seconds(0), {});
    VERIFY_RESULT(nothing);
    QVERIFY(nothing->empty());
    std::stop_source stop;
    QElapsedTimer sinceStop;
    Result<MailboxChange> change;
    std::latch started(1);
    std::jthread worker([&] {
        started.count_down();
        change = o.session().idle(std::chrono::seconds(20), stop.get_token());
    });
    started.wait();
    sinceStop.start();
    stop.request_stop();
    worker.join();
    QVERIFY(sinceStop.elapsed() < 500);
    VERIFY_ERROR(change, ErrorKind::Cancelled, ErrorCode::None);
    QVERIFY(o.session().alive());
    o.result->reset();
    VERIFY_SCRIPT(o.server);
}

void ImapIdleTest::noticesCutDuringIdle()
{
    OPEN(o, "IDLE", "C: {t} IDLE\nS: + idling\nS: * BYE autologout\nCLOSE:\n");
    const auto change = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_ERROR(change, ErrorKind::Offline, ErrorCode::ConnectionLost);
    QCOMPARE(change.error().serverText, std::string("autologout"));
    QVERIFY(!o.session().alive());
}

void ImapIdleTest::diesOfEndlessNewsWhileIdling_data()
{
    QTest::addColumn<QByteArray>("news");
    QTest::newRow("words") << QByteArray("* OK still here");
    QTest::newRow("messages") << QByteArray("* 1 EXPUNGE");
    QTest::newRow("other mailboxes") << QByteArray("* STATUS x (MESSAGES 1)");
}

void ImapIdleTest::diesOfEndlessNewsWhileIdling()
{
    QFETCH(QByteArray, news);
    OPEN(o, "IDLE", "C: {t} IDLE\nS: + idling\nFLOOD: " + news.toStdString() + "\n");
    // The flood may pause for a moment, and what came so far is news.
    Result<MailboxChange> change;
    while (change)
        change = o.session().idle(std::chrono::minutes(1), {});
    VERIFY_ERROR(change, ErrorKind::Protocol, ErrorCode::LimitExceeded);
}

QTEST_GUILESS_MAIN(ImapIdleTest)
#include "ImapIdleTest.moc"
