// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/NetworkState.h"

#include "tests/support/OwnNetwork.h"

#include <QTest>

#include <net/if.h>

using namespace avocet;
using avocet::test::ip;

class NetworkStateTest : public QObject {
    Q_OBJECT
public:
    explicit NetworkStateTest(bool ownNetwork)
        : m_ownNetwork(ownNetwork)
    {
    }

private Q_SLOTS:
    void initTestCase();
    void init();
    void tellsAnotherNetworkFromMoreOfTheSame_data();
    void tellsAnotherNetworkFromMoreOfTheSame();
    void knowsServersThatNeedNoNetwork_data();
    void knowsServersThatNeedNoNetwork();
    void seesAddressesAndRoutes();
    void aPrivacyAddressIsNoNewNetwork();
    void aCableThatIsPulledTakesTheAddressWithIt();
    void aBridgeOfContainersDoesNotCount();

private:
    bool m_ownNetwork;
};

#define NEEDS_OWN_NETWORK()                                                                        \
    if (!m_ownNetwork)                                                                             \
    QSKIP("no network of its own for this test (user namespace, iproute2, veth)")

void NetworkStateTest::initTestCase()
{
    m_ownNetwork = m_ownNetwork && test::canLayCables();
}

void NetworkStateTest::init()
{
    if (m_ownNetwork)
        for (const char* name : {"here", "docker9"})
            if (::if_nametoindex(name) != 0)
                QVERIFY(ip(QByteArray("link del ") + name + '\n'));
}

void NetworkStateTest::tellsAnotherNetworkFromMoreOfTheSame_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::addColumn<bool>("other");
    const auto row = [](const char* sentence, const char* before, const char* after, bool other) {
        QTest::newRow(sentence) << QString::fromLatin1(before) << QString::fromLatin1(after)
                                << other;
    };
    row("all as it was", "2 10.0.0.2,out", "2 10.0.0.2,out", false);
    row("another address on the same interface", "2 10.0.0.2,out", "2 10.0.0.3,out", true);
    row("the address is gone", "2 10.0.0.2,out", "", true);
    row("an address came where none was", "", "2 10.0.0.2", true);
    row("IPv6 came after IPv4", "2 10.0.0.2,out", "2 10.0.0.2,2 2001:db8::,out", false);
    row("IPv6 went", "2 10.0.0.2,2 2001:db8::,out", "2 10.0.0.2,out", true);
    row("a VPN came up", "2 10.0.0.2,out", "2 10.0.0.2,7 172.30.0.9,out", true);
    row("the VPN went down", "2 10.0.0.2,7 172.30.0.9,out", "2 10.0.0.2,out", true);
    row("the first way out", "2 10.0.0.2", "2 10.0.0.2,out", true);
    row("the way out is gone, the local network stays", "2 10.0.0.2,out", "2 10.0.0.2", false);
    row("the same address on another interface", "2 10.0.0.2,out", "3 10.0.0.2,out", true);
}

void NetworkStateTest::tellsAnotherNetworkFromMoreOfTheSame()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    QFETCH(bool, other);
    const auto read = [](const QString& text) {
        NetworkState state;
        for (const QString& word : text.split(u',', Qt::SkipEmptyParts)) {
            if (word == u"out") {
                state.hasDefaultRoute = true;
                continue;
            }
            state.hasAddress = true;
            state.networks.insert(word.toStdString());
            state.interfaces.insert(word.section(u' ', 0, 0).toUInt());
        }
        return state;
    };
    QCOMPARE(isOtherNetwork(read(before), read(after)), other);
}

void NetworkStateTest::knowsServersThatNeedNoNetwork_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<bool>("here");
    QTest::newRow("IPv4 loopback") << QByteArray("127.0.0.1") << true;
    QTest::newRow("all of 127/8") << QByteArray("127.8.9.10") << true;
    QTest::newRow("IPv6 loopback") << QByteArray("::1") << true;
    QTest::newRow("in brackets") << QByteArray("[::1]") << true;
    QTest::newRow("by name") << QByteArray("LocalHost") << true;
    QTest::newRow("below the name") << QByteArray("bridge.localhost.") << true;
    QTest::newRow("a name that only ends alike") << QByteArray("notlocalhost") << false;
    QTest::newRow("a name that begins alike") << QByteArray("127.0.0.1.example.org") << false;
    QTest::newRow("a private address") << QByteArray("192.168.0.1") << false;
    QTest::newRow("any other name") << QByteArray("imap.example.org") << false;
    QTest::newRow("nothing") << QByteArray() << false;
}

void NetworkStateTest::knowsServersThatNeedNoNetwork()
{
    QFETCH(QByteArray, host);
    QFETCH(bool, here);
    QCOMPARE(isThisMachine(host.toStdString()), here);
}

void NetworkStateTest::seesAddressesAndRoutes()
{
    NEEDS_OWN_NETWORK();
    QVERIFY(ip("link set lo up\n"));
    QCOMPARE(readNetworkState(), NetworkState()); // loopback is no network
    QVERIFY(ip("link add here type veth peer name there\nlink set there up\nlink set here up\n"
               "addr add 169.254.3.4/16 dev here\n"));
    QVERIFY(!readNetworkState().hasAddress); // nor is what reaches the link alone
    QVERIFY(ip("addr add 10.1.2.3/24 dev here\n"));
    NetworkState state = readNetworkState();
    QVERIFY(state.hasAddress);
    QVERIFY(!state.hasDefaultRoute);
    QCOMPARE(state.interfaces.size(), 1U);
    QVERIFY(state.networks.begin()->ends_with(" 10.1.2.3"));
    QVERIFY(ip("route add default via 10.1.2.1\n"));
    QVERIFY(readNetworkState().hasDefaultRoute);
    QVERIFY(ip("route del default\naddr add 2001:db8::9/64 dev here nodad\n"
               "route add default via 2001:db8::1 dev here\n"));
    state = readNetworkState();
    QVERIFY(state.hasDefaultRoute);
    QCOMPARE(state.networks.size(), 2U);
    QVERIFY(ip("route del ::/0 dev here\nroute add unreachable ::/0\n"));
    QVERIFY(!readNetworkState().hasDefaultRoute);
    QVERIFY(ip("route del unreachable ::/0\nlink del here\n"));
}

void NetworkStateTest::aPrivacyAddressIsNoNewNetwork()
{
    NEEDS_OWN_NETWORK();
    QVERIFY(ip("link add here type veth peer name there\nlink set there up\nlink set here up\n"
               "addr add 2001:db8::9/64 dev here nodad\n"));
    const NetworkState before = readNetworkState();
    QVERIFY(ip("addr add 2001:db8::abcd:1/64 dev here nodad\n"));
    QCOMPARE(readNetworkState(), before);
    QVERIFY(ip("link del here\n"));
}

void NetworkStateTest::aCableThatIsPulledTakesTheAddressWithIt()
{
    NEEDS_OWN_NETWORK();
    QVERIFY(ip("link add here type veth peer name there\nlink set there up\nlink set here up\n"
               "addr add 10.1.2.3/24 dev here\n"));
    QVERIFY(readNetworkState().hasAddress);
    QVERIFY(ip("link set there down\n"));
    QTRY_VERIFY(
        !readNetworkState().hasAddress); // the kernel takes note of a carrier in its own time
    QVERIFY(ip("link del here\n"));
}

void NetworkStateTest::aBridgeOfContainersDoesNotCount()
{
    NEEDS_OWN_NETWORK();
    QVERIFY(ip("link add docker9 type bridge\nlink add here type veth peer name there\n"
               "link set here master docker9\nlink set there up\nlink set here up\n"
               "link set docker9 up\naddr add 172.17.0.1/16 dev docker9\n"));
    QTRY_VERIFY(readNetworkState().hasAddress);
    QVERIFY(readNetworkState().interfaces.empty());
    QVERIFY(ip("route add default via 172.17.0.2\n")); // now it is how this machine gets out
    QCOMPARE(readNetworkState().interfaces.size(), 1U);
    QVERIFY(ip("link del here\nlink del docker9\n"));
}

int main(int argc, char** argv)
{
    NetworkStateTest test(avocet::test::enterOwnNetwork());
    QCoreApplication application(argc, argv);
    return QTest::qExec(&test, argc, argv);
}

#include "NetworkStateTest.moc"
