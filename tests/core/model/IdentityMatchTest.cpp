// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/IdentityMatch.h"

#include <QTest>

using namespace avocet;

using Addresses = std::vector<std::string>;

class IdentityMatchTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void answersAsTheAddressThatWasWrittenTo_data();
    void answersAsTheAddressThatWasWrittenTo();
    void tellsAddresses_data();
    void tellsAddresses();
    void tellsPatterns();
};

namespace {

/// Account 1: home (1), with an old address and a domain of its own; account 2: work (2), a desk there (3).
std::vector<Identity> identities()
{
    Identity home{IdentityId{1}, AccountId{1}, "Robin", "robin@example.org"};
    home.aliases = {"old@example.net", "*@robin.example"};
    return {home,
            {IdentityId{2}, AccountId{2}, "Robin Hale", "r.hale@work.example"},
            {IdentityId{3}, AccountId{2}, "Desk", "desk@work.example"}};
}

} // namespace

void IdentityMatchTest::answersAsTheAddressThatWasWrittenTo_data()
{
    QTest::addColumn<int>("account");
    QTest::addColumn<Addresses>("delivered");
    QTest::addColumn<Addresses>("visible");
    QTest::addColumn<int>("identity");
    QTest::addColumn<std::string>("from");
    const auto row = [](const char* name, int account, const Addresses& delivered,
                        const Addresses& visible, int identity, const char* from) {
        QTest::newRow(name) << account << delivered << visible << identity << std::string(from);
    };
    row("its own address, whatever the case", 1, {}, {"x@y.org", "Robin@Example.ORG"}, 1, "");
    row("an alias", 1, {}, {"old@example.net"}, 1, "old@example.net");
    row("a plus address", 1, {}, {"robin+shop@example.org"}, 1, "robin+shop@example.org");
    row("a plus address of an alias", 1, {}, {"old+x@example.net"}, 1, "old+x@example.net");
    row("whatever comes to a domain", 1, {}, {"bank@robin.example"}, 1, "bank@robin.example");
    row("the closest of several", 1, {}, {"bank@robin.example", "robin@example.org"}, 1, "");
    row("another identity of the account", 2, {}, {"desk@work.example"}, 3, "");
    row("the first of two that were written to alike", 2, {},
        {"desk@work.example", "r.hale@work.example"}, 2, "");
    row("that of two which it was delivered to", 2, {"desk@work.example"},
        {"desk@work.example", "r.hale@work.example"}, 3, "");
    row("the plus address, though the mailbox is another", 1, {"robin@example.org"},
        {"robin+shop@example.org"}, 1, "robin+shop@example.org");
    row("a blind copy", 2, {"desk@work.example"}, {"list@lists.example"}, 3, "");
    row("the original recipient before the mailbox", 1, {"bank@robin.example", "robin@example.org"},
        {}, 1, "bank@robin.example");
    row("its account before another", 2, {}, {"robin@example.org", "desk@work.example"}, 3, "");
    row("another account where its own was not written to", 2, {}, {"robin@example.org"}, 1, "");
    row("nobody", 1, {"x@y.org"}, {"z@y.org"}, 0, "");
    row("no plus in front", 1, {}, {"+robin@example.org"}, 0, "");
    row("a plus with nothing behind it", 1, {}, {"robin+@example.org"}, 0, "");
    row("a name that only begins alike", 1, {}, {"robinson@example.org"}, 0, "");
    row("a domain below the pattern's", 1, {}, {"a@sub.robin.example"}, 0, "");
    row("a line break", 1, {}, {"x\r\nBcc: y@robin.example"}, 0, "");
}

void IdentityMatchTest::answersAsTheAddressThatWasWrittenTo()
{
    QFETCH(int, account);
    QFETCH(Addresses, delivered);
    QFETCH(Addresses, visible);
    QFETCH(int, identity);
    QFETCH(std::string, from);
    const auto answer = answeringIdentity(identities(), AccountId{account}, delivered, visible);
    QCOMPARE(answer.has_value(), identity != 0);
    if (!answer)
        return;
    QCOMPARE(answer->identity, IdentityId{identity});
    QCOMPARE(answer->from, from);
}

void IdentityMatchTest::tellsAddresses_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<bool>("plain");
    QTest::newRow("an address") << std::string("a.b+c@example.org") << true;
    QTest::newRow("beyond ASCII") << std::string("jörg@exämple.org") << true;
    QTest::newRow("nothing") << std::string() << false;
    QTest::newRow("no domain") << std::string("a@") << false;
    QTest::newRow("no local part") << std::string("@example.org") << false;
    QTest::newRow("two at signs") << std::string("a@b@c.org") << false;
    QTest::newRow("a space") << std::string("a b@c.org") << false;
    QTest::newRow("a line break") << std::string("a@c.org\nBcc: x@y.org") << false;
    QTest::newRow("a comma") << std::string("a@c.org,b@c.org") << false;
    QTest::newRow("brackets") << std::string("<a@c.org>") << false;
    QTest::newRow("far too long") << std::string(400, 'a') + "@c.org" << false;
}

void IdentityMatchTest::tellsAddresses()
{
    QFETCH(std::string, text);
    QTEST(isPlainAddress(text), "plain");
}

void IdentityMatchTest::tellsPatterns()
{
    QVERIFY(isAliasPattern("*@example.org"));
    QVERIFY(isAliasPattern("a@example.org"));
    QVERIFY(!isAliasPattern("*"));
    QVERIFY(!isAliasPattern("*@"));
    QVERIFY(!isAliasPattern("a*@example.org"));
    QVERIFY(!isAliasPattern("*@*"));
    QVERIFY(!isAliasPattern("@example.org"));
}

QTEST_APPLESS_MAIN(IdentityMatchTest)
#include "IdentityMatchTest.moc"
