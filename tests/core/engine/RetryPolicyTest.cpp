// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/RetryPolicy.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <vector>

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
    void tenAccountsThatLostTheNetworkSpreadTheirTries();
    void tenAccountsNeverComeBackInTheSame100Ms();
    void theFirstAccountComesBackAtOnce();
};

namespace {

/// The most of `times` that fall into any 100 ms.
int mostWithin100Ms(std::vector<std::chrono::milliseconds> times)
{
    std::sort(times.begin(), times.end());
    long most = 0;
    for (auto first = times.begin(); first != times.end(); ++first)
        most = std::max(most, std::lower_bound(first, times.end(), *first + 100ms) - first);
    return static_cast<int>(most);
}

} // namespace

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

void RetryPolicyTest::tenAccountsThatLostTheNetworkSpreadTheirTries()
{
    std::mt19937 engine(1);
    std::uniform_real_distribution<double> chance(0, 1);
    for (int attempt = 1; attempt <= 6; ++attempt) {
        for (int round = 0; round < 1000; ++round) {
            std::vector<std::chrono::milliseconds> times;
            for (int account = 0; account < 10; ++account)
                times.push_back(retryDelay(attempt, chance(engine)));
            QVERIFY(mostWithin100Ms(times) <= 6);
            const auto [first, last] = std::minmax_element(times.begin(), times.end());
            QVERIFY(*last - *first > 500ms);
        }
    }
}

void RetryPolicyTest::tenAccountsNeverComeBackInTheSame100Ms()
{
    // The worst that chance can do: neighbours that are drawn to each other.
    std::vector<std::chrono::milliseconds> times;
    for (std::size_t account = 0; account < 10; ++account)
        times.push_back(comeBackDelay(account, account % 2 ? 0.0 : 0.999999));
    QCOMPARE(mostWithin100Ms(times), 1);
    QVERIFY(*std::max_element(times.begin(), times.end()) <= 2s);

    std::mt19937 engine(1);
    std::uniform_real_distribution<double> chance(0, 1);
    for (int round = 0; round < 1000; ++round) {
        times.clear();
        for (std::size_t account = 0; account < 10; ++account)
            times.push_back(comeBackDelay(account, chance(engine)));
        QCOMPARE(mostWithin100Ms(times), 1);
    }
}

void RetryPolicyTest::theFirstAccountComesBackAtOnce()
{
    QVERIFY(comeBackDelay(0, 0.999999) < 100ms);
    QVERIFY(comeBackDelay(1'000'000, 0.999999) <= 1min);
}

QTEST_GUILESS_MAIN(RetryPolicyTest)
#include "RetryPolicyTest.moc"
