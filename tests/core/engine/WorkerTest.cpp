// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/Worker.h"
#include "core/engine/EngineThread.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <future>
#include <vector>

using namespace avocet;

class WorkerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void runsJobsInOrder();
    void whatTheUserWaitsForOvertakes();
    void endsAJobThatObeysItsToken();
    void tellsWaitingJobsToStopWhenItEnds();
    void gateRunsWorksOnItsThreadInOrder();
    void gateHoldsTheWorkerBackAtItsPlaces();
    void gatePassesTheFirstFailureOn();
    void gateGivesUpWhenStopped();
};

namespace {

/// A job that holds the worker until it is let go.
struct Hold {
    std::promise<void> begun;
    std::promise<void> release;

    Worker::Job job()
    {
        return [this](std::stop_token) {
            begun.set_value();
            release.get_future().wait();
        };
    }
};

} // namespace

void WorkerTest::runsJobsInOrder()
{
    std::vector<int> order;
    std::promise<void> last;
    Worker worker("test");
    for (int i = 0; i < 50; ++i)
        worker.post([&order, i](std::stop_token) { order.push_back(i); });
    worker.post([&last](std::stop_token) { last.set_value(); });
    last.get_future().wait();
    for (int i = 0; i < 50; ++i)
        QCOMPARE(order[static_cast<std::size_t>(i)], i);
}

void WorkerTest::whatTheUserWaitsForOvertakes()
{
    std::vector<int> order;
    std::promise<void> last;
    Hold hold;
    Worker worker("test");
    worker.post(hold.job());
    hold.begun.get_future().wait();
    worker.post([&](std::stop_token) {
        order.push_back(1);
        last.set_value();
    });
    worker.postFirst([&](std::stop_token) { order.push_back(2); });
    hold.release.set_value();
    last.get_future().wait();
    QCOMPARE(order, (std::vector<int>{2, 1}));
}

void WorkerTest::endsAJobThatObeysItsToken()
{
    std::promise<void> begun;
    auto worker = std::make_unique<Worker>("test");
    worker->post([&begun](std::stop_token stop) {
        std::promise<void> stopped;
        std::stop_callback callback(stop, [&stopped] { stopped.set_value(); });
        begun.set_value();
        stopped.get_future().wait();
    });
    begun.get_future().wait();
    QElapsedTimer timer;
    timer.start();
    worker.reset();
    QVERIFY(timer.elapsed() < 5000);
}

void WorkerTest::tellsWaitingJobsToStopWhenItEnds()
{
    std::atomic<bool> told = false;
    Hold hold;
    {
        Worker worker("test");
        worker.post(hold.job());
        hold.begun.get_future().wait();
        worker.post([&told](std::stop_token stop) { told = stop.stop_requested(); });
        worker.requestStop();
        hold.release.set_value();
    }
    QVERIFY(told); // whoever waits for its end hears of it
}

void WorkerTest::gateRunsWorksOnItsThreadInOrder()
{
    QObject context;
    const auto gate = std::make_shared<Gate>(&context, 2);
    std::vector<int> order;
    std::atomic<bool> done = false;
    const auto here = std::this_thread::get_id();
    bool rightThread = true;
    Worker worker("test");
    worker.post([&](std::stop_token stop) {
        for (int i = 0; i < 20; ++i)
            (void)gate->pass(
                [&, i]() -> Status {
                    rightThread = rightThread && std::this_thread::get_id() == here;
                    order.push_back(i);
                    return {};
                },
                stop);
        done = gate->wait(stop).has_value();
    });
    QTRY_VERIFY(done);
    QVERIFY(rightThread);
    QCOMPARE(order.size(), std::size_t(20));
    QVERIFY(std::is_sorted(order.begin(), order.end()));
}

void WorkerTest::gateHoldsTheWorkerBackAtItsPlaces()
{
    QObject context;
    const auto gate = std::make_shared<Gate>(&context, 2);
    std::atomic<int> passed = 0;
    std::promise<void> two;
    Worker worker("test");
    worker.post([&](std::stop_token stop) {
        for (int i = 0; i < 3; ++i) {
            (void)gate->pass([]() -> Status { return {}; }, stop);
            if (++passed == 2)
                two.set_value();
        }
    });
    two.get_future().wait(); // no event was handled here yet, so the third has no place
    QCOMPARE(passed.load(), 2);
    QTRY_COMPARE(passed.load(), 3);
}

void WorkerTest::gatePassesTheFirstFailureOn()
{
    QObject context;
    const auto gate = std::make_shared<Gate>(&context);
    std::atomic<int> code = -1;
    Worker worker("test");
    worker.post([&](std::stop_token stop) {
        (void)gate->pass(
            []() -> Status { return fail(ErrorKind::Storage, "full", ErrorCode::DiskFull); }, stop);
        const Status status = gate->wait(stop);
        code = status ? 0 : static_cast<int>(status.error().code);
    });
    QTRY_COMPARE(code.load(), static_cast<int>(ErrorCode::DiskFull));
}

void WorkerTest::gateGivesUpWhenStopped()
{
    QObject context;
    const auto gate = std::make_shared<Gate>(&context, 1);
    std::atomic<int> kind = -1;
    std::promise<void> posted;
    Worker worker("test");
    worker.post([&](std::stop_token stop) {
        (void)gate->pass([]() -> Status { return {}; }, stop);
        posted.set_value();
        const Status status = gate->wait(stop);
        kind = status ? 0 : static_cast<int>(status.error().kind);
    });
    posted.get_future().wait();
    worker.requestStop();
    while (kind < 0) // the event loop must not run here, or the work would be done
        std::this_thread::yield();
    QCOMPARE(kind.load(), static_cast<int>(ErrorKind::Cancelled));
}

QTEST_GUILESS_MAIN(WorkerTest)
#include "WorkerTest.moc"
