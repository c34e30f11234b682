// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/RetryPolicy.h"

#include <QTest>

using namespace avocet;
using namespace std::chrono_literals;

class RetryPolicyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyKindHasItsVerdict_data();
    void everyKindHasItsVerdict();
    void pausesGrowUntilTheCap();
    void jitterStaysWithinAQuarter();
    void manyAttemptsDoNotOverflow();
};

void RetryPolicyTest::everyKindHasItsVerdict_data()
{
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("verdict");
    const auto row = [](const char* sentence, ErrorKind kind, RetryVerdict verdict) {
        QTest::newRow(sentence) << static_cast<int>(kind) << static_cast<int>(verdict);
    };
    row("without a network it is tried again", ErrorKind::Offline, RetryVerdict::Again);
    row("after silence it is tried again", ErrorKind::Timeout, RetryVerdict::Again);
    row("a busy server is asked again", ErrorKind::Transient, RetryVerdict::Again);
    row("after a broken protocol it is tried again", ErrorKind::Protocol, RetryVerdict::Again);
    row("a full disk may be freed", ErrorKind::Storage, RetryVerdict::Again);
    row("a wrong password waits for the user", ErrorKind::Auth, RetryVerdict::Paused);
    row("a bad certificate waits for the user", ErrorKind::Tls, RetryVerdict::Paused);
    row("a refusal is final", ErrorKind::Rejected, RetryVerdict::Never);
    row("a bug is not repeated", ErrorKind::Bug, RetryVerdict::Never);
    row("a cancelled try counts as none", ErrorKind::Cancelled, RetryVerdict::Stopped);
}

void RetryPolicyTest::everyKindHasItsVerdict()
{
    QFETCH(int, kind);
    QFETCH(int, verdict);
    QCOMPARE(static_cast<int>(retryVerdict(static_cast<ErrorKind>(kind))), verdict);
}

void RetryPolicyTest::pausesGrowUntilTheCap()
{
    QCOMPARE(retryDelay(1, 0.5), 5s);
    QCOMPARE(retryDelay(2, 0.5), 10s);
    QCOMPARE(retryDelay(4, 0.5), 40s);
    QCOMPARE(retryDelay(30, 0.5), 15min);
    QCOMPARE(retryDelay(30, 0.5, 5min), 5min);
}

void RetryPolicyTest::jitterStaysWithinAQuarter()
{
    QCOMPARE(retryDelay(1, 0.0), 3750ms);
    QVERIFY(retryDelay(1, 0.999) < 6250ms);
}

void RetryPolicyTest::manyAttemptsDoNotOverflow()
{
    QVERIFY(retryDelay(1'000'000, 0.999) <= 1125s);
    QVERIFY(retryDelay(0, 0.0) > 0s);
}

QTEST_GUILESS_MAIN(RetryPolicyTest)
#include "RetryPolicyTest.moc"
