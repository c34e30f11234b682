// SPDX-License-Identifier: GPL-3.0-or-later
// What comes by itself over a line that costs money: no more than the account's budget of the day.
#include "core/store/BodyBudgetStore.h"
#include "tests/integration/EngineRig.h"
#include "tests/support/FakeSystemBus.h"

using namespace avocet;
using namespace avocet::integration;
using namespace avocet::test;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int letters = 60;
constexpr int letterSize = 10'000;
constexpr int newest = 20; ///< beyond any budget, where they came by a notice of new mail

} // namespace

class MeteredTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void keepsToTheBudgetOfTheDay();
    void goesOnWhereTheBudgetIsRaised();
    void fetchesTheRestOverAnotherLine();
    void remembersWhatWasUsedAfterARestart();

private:
    bool waits() const
    {
        const auto all = m_rig->engine().accountStatus();
        return !all.empty() && all.front().bodiesWait;
    }
    int bodies()
    {
        const auto rows = m_rig->rows("INBOX");
        return static_cast<int>(
            std::count_if(rows.begin(), rows.end(), [](const auto& row) { return row.hasBody; }));
    }
    void setBudget(std::int64_t bytes)
    {
        const auto set = m_rig->run(command::SetBodyBudget{m_account, bytes});
        QVERIFY2(set.has_value(), set ? "" : set.error().detail.c_str());
    }
    void start(std::int64_t budget);

    ServerRows m_rows{u"rich"_s};
    std::unique_ptr<PrivateBus> m_bus;
    std::unique_ptr<FakeNetworkManager> m_manager;
    std::unique_ptr<EngineRig> m_rig;
    AccountId m_account;
};

void MeteredTest::initTestCase()
{
    if (!PrivateBus::isInstalled())
        QSKIP("no dbus-daemon on this machine");
    const QString problem = m_rows.start();
    if (m_rows.missing())
        QSKIP(qPrintable(problem));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    const MailServers& servers = m_rows.at(u"rich"_s);
    ImapPeer peer(servers, servers.sender());
    for (int i = 0; i < letters; ++i)
        QVERIFY(
            peer.append("INBOX", "Subject: " + QByteArray::number(i) + "\r\n\r\n" +
                                     QByteArray(letterSize / 50, 'x').append("\r\n").repeated(49)));
}

void MeteredTest::init()
{
    m_bus = std::make_unique<PrivateBus>();
    QVERIFY(m_bus->start());
    qputenv("DBUS_SYSTEM_BUS_ADDRESS", m_bus->address().toLocal8Bit());
    m_manager = std::make_unique<FakeNetworkManager>(*m_bus, 70);
    m_manager->setMetered(1);
}

void MeteredTest::cleanup()
{
    m_rig.reset();
    m_manager.reset();
    m_bus.reset();
    qunsetenv("DBUS_SYSTEM_BUS_ADDRESS");
}

/// Online from the beginning, as the window is, with nothing in the cache.
void MeteredTest::start(std::int64_t budget)
{
    m_rig = std::make_unique<EngineRig>();
    m_account = m_rig->addAccount(m_rows.at(u"rich"_s));
    QVERIFY(m_account);
    setBudget(budget);
    m_rig->setOnline(true);
    m_rig->restart();
}

void MeteredTest::keepsToTheBudgetOfTheDay()
{
    start(10 * letterSize);
    QTRY_VERIFY_WITH_TIMEOUT(waits(), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(bodies() >= 10, 20'000);
    command::Sync round;
    round.headersOnly = true;
    QVERIFY(m_rig->run(round).has_value());
    QVERIFY(m_rig->run(round).has_value());
    QVERIFY2(bodies() <= newest + 11, qPrintable(QString::number(bodies())));
    QVERIFY(waits());
}

void MeteredTest::goesOnWhereTheBudgetIsRaised()
{
    start(0);
    QTRY_VERIFY_WITH_TIMEOUT(waits(), 20'000);
    QVERIFY(bodies() <= newest);
    setBudget(BodyBudgetStore::unlimited);
    QTRY_COMPARE_WITH_TIMEOUT(bodies(), letters, 20'000);
    QTRY_VERIFY(!waits());
}

void MeteredTest::fetchesTheRestOverAnotherLine()
{
    start(0);
    QTRY_VERIFY_WITH_TIMEOUT(waits(), 20'000);
    m_manager->setMetered(2);
    QTRY_COMPARE_WITH_TIMEOUT(bodies(), letters, 20'000);
    QTRY_VERIFY(!waits());
}

void MeteredTest::remembersWhatWasUsedAfterARestart()
{
    start(10 * letterSize);
    QTRY_VERIFY_WITH_TIMEOUT(waits(), 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(bodies() >= 10, 20'000);
    m_rig->restart();
    QTRY_VERIFY_WITH_TIMEOUT(waits(), 20'000);
    QVERIFY2(bodies() <= newest + 11, qPrintable(QString::number(bodies())));
}

QTEST_GUILESS_MAIN(MeteredTest)
#include "MeteredTest.moc"
