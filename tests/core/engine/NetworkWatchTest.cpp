// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/NetworkWatch.h"

#include "tests/support/FakeSystemBus.h"
#include "tests/support/OwnNetwork.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDir>
#include <QElapsedTimer>
#include <QLocalServer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <memory>

#include <net/if.h>

using namespace avocet;
using namespace std::chrono_literals;
using namespace avocet::test;

namespace {

NetworkState connected(const char* address)
{
    NetworkState state;
    state.interfaces = {4'000'000};
    state.networks = {std::string("4000000 ") + address};
    state.hasAddress = state.hasDefaultRoute = true;
    return state;
}

/// The watch with a kernel and clocks that the test sets, and what it said.
struct Watched {
    explicit Watched(const QString& bus = {}, std::chrono::milliseconds settle = 30ms)
        : watch(NetworkSources{bus, [this] { return network; }, [this] { return asleep; }, settle})
    {
    }
    NetworkState network = connected("10.0.0.2");
    std::chrono::nanoseconds asleep = 5h;
    NetworkWatch watch;
    QSignalSpy away{&watch, &NetworkWatch::wentAway};
    QSignalSpy back{&watch, &NetworkWatch::cameBack};
};

/// Context switches by their own will of all threads of this process.
long wakeUps()
{
    long sum = 0;
    const QStringList threads =
        QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString& thread : threads) {
        QFile status(QStringLiteral("/proc/self/task/%1/status").arg(thread));
        if (!status.open(QIODevice::ReadOnly))
            continue;
        for (const QByteArray& line : status.readAll().split('\n'))
            if (line.startsWith("voluntary_ctxt_switches:"))
                sum += line.mid(line.indexOf(':') + 1).trimmed().toLong();
    }
    return sum;
}

constexpr int quiet = 250; ///< ms in which nothing must be told

} // namespace

#define NEEDS_BUS(bus)                                                                             \
    if (!PrivateBus::isInstalled())                                                                \
        QSKIP("no dbus-daemon on this machine");                                                   \
    QVERIFY((bus).start())
#define NEEDS_OWN_NETWORK()                                                                        \
    if (!m_ownNetwork)                                                                             \
    QSKIP("no network of its own for this test (user namespace, iproute2, veth)")

class NetworkWatchTest : public QObject {
    Q_OBJECT
public:
    explicit NetworkWatchTest(bool ownNetwork)
        : m_ownNetwork(ownNetwork)
    {
    }

private Q_SLOTS:
    void initTestCase();
    void init();
    void sleepIsSeenByTheClocksAlone();
    void aSetClockIsNoSleep();
    void severalSignalsWithinTheSettlingTimeAreOne();
    void theSettlingTimeIsTwoSeconds();

    void logindWakesUpAtOnce();
    void networkManagerWithoutNetworkIsAway();
    void hearsWhetherTheLineIsMetered();
    void anotherPrimaryConnectionIsComingBack();
    void aCaptivePortalPassedIsComingBack();
    void networkManagerThatManagesNothingDoesNotTakeUsOffline();
    void aDefaultRouteContradictsNetworkManager();
    void aStrangerOnTheBusIsNotBelieved();
    void networkManagerThatStartsLaterIsHeard();
    void networkManagerThatDiesIsNoVerdict();

    void anAbsentBusCostsNothing_data();
    void anAbsentBusCostsNothing();
    void aBusThatNeverAnswersIsNotWaitedFor();
    void aStoppedDaemonIsNotWaitedFor();
    void aDaemonThatDiesTakesNothingWithIt();
    void anIdleMachineIsNeverWoken();

    void theKernelAloneTellsOfAddresses();
    void theKernelAloneTellsOfACablePulled();
    void theSameAddressAfterALossIsANewNetwork();
    void aBridgeOfContainersIsNoChange();
    void moreOfTheSameNetworkIsNoChange();

private:
    void connectHere(const char* address);
    bool m_ownNetwork;
};

void NetworkWatchTest::initTestCase()
{
    m_ownNetwork = m_ownNetwork && test::canLayCables();
}

void NetworkWatchTest::init()
{
    if (m_ownNetwork)
        for (const char* name : {"here", "docker9"})
            if (::if_nametoindex(name) != 0)
                QVERIFY(ip(QByteArray("link del ") + name + '\n'));
}

void NetworkWatchTest::sleepIsSeenByTheClocksAlone()
{
    Watched it;
    it.watch.start();
    it.watch.checkClocks();
    QVERIFY(!it.back.wait(quiet));
    it.asleep += 8h;
    it.watch.checkClocks();
    QTRY_COMPARE(it.back.count(), 1);
    it.watch.checkClocks(); // the same sleep is not told twice
    QVERIFY(!it.back.wait(quiet));
    QCOMPARE(it.away.count(), 0);
}

void NetworkWatchTest::aSetClockIsNoSleep()
{
    Watched it;
    it.watch.start();
    it.asleep += 3us; // what two readings differ by
    it.watch.checkClocks();
    QVERIFY(!it.back.wait(quiet));
}

void NetworkWatchTest::severalSignalsWithinTheSettlingTimeAreOne()
{
    Watched it({}, 200ms);
    it.watch.start();
    QElapsedTimer time;
    time.start();
    for (int count = 0; count < 20; ++count) {
        it.asleep += 1min;
        it.watch.checkClocks();
    }
    QVERIFY(it.back.wait());
    QVERIFY(time.elapsed() >= 190);
    QVERIFY(!it.back.wait(quiet));
    QCOMPARE(it.back.count(), 1);
}

void NetworkWatchTest::theSettlingTimeIsTwoSeconds()
{
    QVERIFY(NetworkSources().settle == 2s);
}

void NetworkWatchTest::logindWakesUpAtOnce()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    Speaker logind(bus, logindName);
    Watched it(bus.address());
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsLogind());
    logind.fallAsleep(true);
    QVERIFY(!it.back.wait(quiet)); // to fall asleep is not to wake up
    it.asleep += 1h;
    logind.fallAsleep(false);
    QTRY_COMPARE(it.back.count(), 1);
    it.watch.checkClocks(); // the clocks know of the same sleep
    QVERIFY(!it.back.wait(quiet));
}

void NetworkWatchTest::networkManagerWithoutNetworkIsAway()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    FakeNetworkManager manager(bus, 70);
    Watched it(bus.address());
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsNetworkManager());
    it.network.hasDefaultRoute = false; // only a bridge of containers still has an address
    manager.setState(20);
    QTRY_COMPARE(it.away.count(), 1);
    QVERIFY(!it.watch.available());
    it.network = connected("10.0.0.2");
    manager.setState(40);
    manager.setState(70);
    QTRY_COMPARE(it.back.count(), 1);
    QVERIFY(it.watch.available());
}

void NetworkWatchTest::hearsWhetherTheLineIsMetered()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    auto manager = std::make_unique<FakeNetworkManager>(bus, 70);
    Watched it(bus.address());
    QSignalSpy metered(&it.watch, &NetworkWatch::meteredChanged);
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsNetworkManager());
    QVERIFY(!it.watch.metered());
    manager->setMetered(3); // guessed yes
    QTRY_VERIFY(it.watch.metered());
    manager->setMetered(1);
    manager->setMetered(2);
    QTRY_VERIFY(!it.watch.metered());
    QCOMPARE(metered.count(), 2);
    manager->setMetered(1);
    QTRY_VERIFY(it.watch.metered());
    manager.reset(); // nobody says so any longer
    QTRY_VERIFY(!it.watch.metered());
}

void NetworkWatchTest::anotherPrimaryConnectionIsComingBack()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    FakeNetworkManager manager(bus, 70);
    Watched it(bus.address());
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsNetworkManager());
    manager.setPrimary(managerPath + u"/ActiveConnection/1"_qs);
    QVERIFY(!it.back.wait(quiet)); // the one it was
    manager.setPrimary(managerPath + u"/ActiveConnection/2"_qs);
    QTRY_COMPARE(it.back.count(), 1);
    QCOMPARE(it.away.count(), 0);
}

void NetworkWatchTest::aCaptivePortalPassedIsComingBack()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    FakeNetworkManager manager(bus, 60);
    Watched it(bus.address());
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsNetworkManager());
    manager.setState(70);
    QTRY_COMPARE(it.back.count(), 1);
}

void NetworkWatchTest::networkManagerThatManagesNothingDoesNotTakeUsOffline()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    FakeNetworkManager manager(bus, 20);
    Watched it(bus.address());
    it.network.hasDefaultRoute = false; // the mail server is in this house
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsNetworkManager());
    manager.setState(40);
    manager.setState(20);
    QVERIFY(!it.away.wait(quiet));
    QVERIFY(it.watch.available());
}

void NetworkWatchTest::aDefaultRouteContradictsNetworkManager()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    FakeNetworkManager manager(bus, 70);
    Watched it(bus.address());
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsNetworkManager());
    manager.setState(20);
    QVERIFY(!it.away.wait(quiet));
    QVERIFY(it.watch.available());
}

void NetworkWatchTest::aStrangerOnTheBusIsNotBelieved()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    FakeNetworkManager manager(bus, 60);
    Speaker logind(bus, logindName), stranger(bus, QString());
    Watched it(bus.address());
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsNetworkManager() && it.watch.hearsLogind());
    stranger.fallAsleep(false);
    stranger.say(managerPath, managerName, "StateChanged", {70U});
    stranger.say(managerPath, QStringLiteral("org.freedesktop.DBus.Properties"),
                 "PropertiesChanged",
                 {managerName,
                  QVariantMap{{QStringLiteral("PrimaryConnection"),
                               QVariant::fromValue(QDBusObjectPath(QStringLiteral("/forged")))}},
                  QStringList()});
    QVERIFY(!it.back.wait(quiet));
    QCOMPARE(it.away.count(), 0);
    logind.fallAsleep(false); // the right one is heard
    QTRY_COMPARE(it.back.count(), 1);
}

void NetworkWatchTest::networkManagerThatStartsLaterIsHeard()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    Watched it(bus.address());
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsBus());
    FakeNetworkManager manager(bus, 60);
    QTRY_VERIFY(it.watch.hearsNetworkManager());
    QCOMPARE(it.back.count(), 0);
    manager.setState(70);
    QTRY_COMPARE(it.back.count(), 1);
}

void NetworkWatchTest::networkManagerThatDiesIsNoVerdict()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    auto manager = std::make_unique<FakeNetworkManager>(bus, 70);
    Watched it(bus.address());
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsNetworkManager());
    it.network.hasDefaultRoute = false;
    manager->setState(20);
    QTRY_COMPARE(it.away.count(), 1);
    manager.reset();
    // Nobody says no any longer, and there is an address: better a try in vain.
    QTRY_COMPARE(it.back.count(), 1);
    QVERIFY(it.watch.available());
}

void NetworkWatchTest::anAbsentBusCostsNothing_data()
{
    QTest::addColumn<QString>("address");
    QTest::newRow("no address") << QString();
    QTest::newRow("no such socket") << QStringLiteral("unix:path=/nonexistent/bus");
    QTest::newRow("no such abstract socket") << QStringLiteral("unix:abstract=avocet-no-such-bus");
    QTest::newRow("another machine") << QStringLiteral("tcp:host=192.0.2.1,port=1");
    QTest::newRow("nonsense") << QStringLiteral("%%%;;unix:;=,");
}

void NetworkWatchTest::anAbsentBusCostsNothing()
{
    QFETCH(QString, address);
    Watched it(address);
    QElapsedTimer time;
    time.start();
    it.watch.start();
    QVERIFY(time.elapsed() < 500);
    it.asleep += 1h;
    it.watch.checkClocks(); // the other sources work
    QTRY_COMPARE(it.back.count(), 1);
    QVERIFY(!it.watch.hearsBus());
}

void NetworkWatchTest::aBusThatNeverAnswersIsNotWaitedFor()
{
    QTemporaryDir directory;
    QLocalServer silent;
    QVERIFY(silent.listen(directory.filePath(QStringLiteral("bus"))));
    QElapsedTimer time;
    time.start();
    {
        Watched it(QStringLiteral("unix:path=") + silent.fullServerName());
        it.watch.start();
        it.asleep += 1h;
        it.watch.checkClocks();
        QTRY_COMPARE(it.back.count(), 1);
        QVERIFY(!it.watch.hearsBus());
    }
    QVERIFY(time.elapsed() < 3000);
}

void NetworkWatchTest::aStoppedDaemonIsNotWaitedFor()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    bus.signal(SIGSTOP);
    QElapsedTimer time;
    time.start();
    Watched it(bus.address());
    it.watch.start();
    it.asleep += 1h;
    it.watch.checkClocks();
    QTRY_COMPARE(it.back.count(), 1);
    const qint64 elapsed = time.elapsed();
    const bool heard = it.watch.hearsBus();
    bus.signal(SIGCONT);
    QVERIFY(elapsed < 3000);
    QVERIFY(!heard);
    QTRY_VERIFY(it.watch.hearsBus()); // and once it goes on it is used
}

void NetworkWatchTest::aDaemonThatDiesTakesNothingWithIt()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    Watched it(bus.address());
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsBus());
    bus.stop();
    QTRY_VERIFY(!it.watch.hearsBus());
    it.asleep += 1h;
    it.watch.checkClocks();
    QTRY_COMPARE(it.back.count(), 1);
    QCOMPARE(it.away.count(), 0);
    NEEDS_BUS(bus);
    Speaker logind(bus, logindName);
    it.asleep += 1h;
    it.watch.checkClocks(); // whatever wakes us has the bus looked for again
    QTRY_VERIFY(it.watch.hearsLogind());
}

void NetworkWatchTest::anIdleMachineIsNeverWoken()
{
    PrivateBus bus;
    NEEDS_BUS(bus);
    FakeNetworkManager manager(bus, 70);
    Watched it(bus.address());
    it.watch.start();
    QTRY_VERIFY(it.watch.hearsNetworkManager());
    QVERIFY(!it.back.wait(quiet)); // until QtDBus has tidied up behind the questions
    const long before = wakeUps();
    QVERIFY(!it.back.wait(2000));
    // The waiting itself ends with a wake-up.
    QVERIFY2(wakeUps() - before <= 3, qPrintable(QString::number(wakeUps() - before)));
}

/// A cable with a far end, `there`, that can be pulled.
void NetworkWatchTest::connectHere(const char* address)
{
    QVERIFY(ip(QByteArray("link add here type veth peer name there\nlink set there up\n"
                          "link set here up\naddr add ") +
               address + " dev here\n"));
}

void NetworkWatchTest::theKernelAloneTellsOfAddresses()
{
    NEEDS_OWN_NETWORK();
    NetworkWatch watch(NetworkSources{{}, readNetworkState, timeAsleep, 50ms});
    QSignalSpy away(&watch, &NetworkWatch::wentAway), back(&watch, &NetworkWatch::cameBack);
    watch.start();
    QVERIFY(!watch.available());
    connectHere("10.1.2.3/24");
    QTRY_COMPARE(back.count(), 1);
    QVERIFY(watch.available());
    QVERIFY(ip("route add default via 10.1.2.1\n"));
    QTRY_COMPARE(back.count(), 2);
    QVERIFY(ip("addr add 10.9.9.9/24 dev here\naddr del 10.1.2.3/24 dev here\n"));
    QTRY_COMPARE(back.count(), 3);
    QCOMPARE(away.count(), 0);
    QVERIFY(ip("addr del 10.9.9.9/24 dev here\n"));
    QTRY_COMPARE(away.count(), 1);
    QVERIFY(!watch.available());
    QVERIFY(ip("addr add 2001:db8::9/64 dev here nodad\n"));
    QTRY_COMPARE(back.count(), 4);
    QVERIFY(ip("addr del 2001:db8::9/64 dev here\n"));
    QTRY_COMPARE(away.count(), 2);
}

void NetworkWatchTest::theKernelAloneTellsOfACablePulled()
{
    NEEDS_OWN_NETWORK();
    connectHere("10.1.2.3/24");
    NetworkWatch watch(NetworkSources{{}, readNetworkState, timeAsleep, 50ms});
    QSignalSpy away(&watch, &NetworkWatch::wentAway), back(&watch, &NetworkWatch::cameBack);
    watch.start();
    QVERIFY(watch.available());
    QVERIFY(ip("link set there down\n"));
    QTRY_COMPARE(away.count(), 1);
    QVERIFY(ip("link set there up\n"));
    QTRY_COMPARE(back.count(), 1);
    QCOMPARE(away.count(), 1);
}

void NetworkWatchTest::theSameAddressAfterALossIsANewNetwork()
{
    NEEDS_OWN_NETWORK();
    connectHere("192.168.1.23/24");
    NetworkWatch watch(NetworkSources{{}, readNetworkState, timeAsleep, 100ms});
    QSignalSpy away(&watch, &NetworkWatch::wentAway), back(&watch, &NetworkWatch::cameBack);
    watch.start();
    // One café and the next: all of it between two looks.
    QVERIFY(ip("addr del 192.168.1.23/24 dev here\naddr add 192.168.1.23/24 dev here\n"));
    QTRY_COMPARE(back.count(), 1);
    QCOMPARE(away.count(), 0);
}

void NetworkWatchTest::aBridgeOfContainersIsNoChange()
{
    NEEDS_OWN_NETWORK();
    connectHere("10.1.2.3/24");
    NetworkWatch watch(NetworkSources{{}, readNetworkState, timeAsleep, 50ms});
    QSignalSpy away(&watch, &NetworkWatch::wentAway), back(&watch, &NetworkWatch::cameBack);
    watch.start();
    QVERIFY(ip("link add docker9 type bridge\nlink add one type veth peer name inside\n"
               "link set one master docker9\nlink set one up\nlink set inside up\n"
               "addr add 172.17.0.1/16 dev docker9\nlink set docker9 up\n"));
    QVERIFY(!back.wait(quiet));
    QVERIFY(ip("link del one\nlink del docker9\n"));
    QVERIFY(!back.wait(quiet));
    QCOMPARE(away.count(), 0);
}

void NetworkWatchTest::moreOfTheSameNetworkIsNoChange()
{
    NEEDS_OWN_NETWORK();
    connectHere("10.1.2.3/24");
    QVERIFY(ip("route add default via 10.1.2.1\n"));
    NetworkWatch watch(NetworkSources{{}, readNetworkState, timeAsleep, 50ms});
    QSignalSpy away(&watch, &NetworkWatch::wentAway), back(&watch, &NetworkWatch::cameBack);
    watch.start();
    QVERIFY(ip("addr add 2001:db8::9/64 dev here nodad\n"
               "addr change 2001:db8::9/64 dev here valid_lft 900 preferred_lft 800\n"
               "addr change 10.1.2.3/24 dev here valid_lft 900 preferred_lft 800\n"
               "route add 10.77.0.0/16 via 10.1.2.1\n"));
    QVERIFY(!back.wait(quiet));
    QVERIFY(ip("route del 10.77.0.0/16\naddr add 2001:db8::abcd/64 dev here nodad\n"
               "addr del 2001:db8::abcd/64 dev here\n"));
    QVERIFY(!back.wait(quiet));
    QCOMPARE(away.count(), 0);
}

int main(int argc, char** argv)
{
    NetworkWatchTest test(avocet::test::enterOwnNetwork());
    QCoreApplication application(argc, argv);
    return QTest::qExec(&test, argc, argv);
}

#include "NetworkWatchTest.moc"
