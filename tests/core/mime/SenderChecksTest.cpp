// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/SenderChecks.h"
#include "tests/core/mime/TestFiles.h"

#include <QtTest>

using namespace avocet;
using namespace avocet::test;

class SenderChecksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void doubtsSpoofedSenders_data();
    void doubtsSpoofedSenders();
    void listsEachCaseOnce();
    void judgesSenders_data();
    void judgesSenders();
    void repliesToAListGoToIt();
    void knowsWhomTheUserKnows();
    void showsDomainsInUnicodeWhereThatMisleadsNobody_data();
    void showsDomainsInUnicodeWhereThatMisleadsNobody();
};

namespace {

QByteArray nameOf(SenderDoubt doubt)
{
    switch (doubt) {
    case SenderDoubt::NoSender:
        return "NoSender";
    case SenderDoubt::SeveralSenders:
        return "SeveralSenders";
    case SenderDoubt::NameShowsAddress:
        return "NameShowsAddress";
    case SenderDoubt::MixedScripts:
        return "MixedScripts";
    case SenderDoubt::LookAlikeDomain:
        return "LookAlikeDomain";
    case SenderDoubt::ReplyToElsewhere:
        return "ReplyToElsewhere";
    case SenderDoubt::FirstTime:
        return "FirstTime";
    }
    return {};
}

KnownPeople knowing(const QByteArray& domains)
{
    KnownPeople known;
    for (const QByteArray& domain : domains.split(','))
        if (!domain.isEmpty())
            known.domains.push_back(domain.toStdString());
    return known;
}

QByteArray doubts(const QByteArray& header, const KnownPeople& known)
{
    QByteArrayList list;
    for (const SenderFinding& finding :
         checkSender(readMessage(toStd(header) + "\n\n"), known, false))
        list << (nameOf(finding.doubt) + ' ' + QByteArray::fromStdString(finding.shown)).trimmed();
    return list.join(", ");
}

} // namespace

void SenderChecksTest::doubtsSpoofedSenders_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("domains");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<QByteArray>("shown");
    for (const auto& row : tableRows(QStringLiteral("tests/cases/M10-17.tsv")))
        QTest::newRow(row.value(0).constData())
            << unescaped(row.value(1)) << row.value(2) << row.value(3) << row.value(4);
}

void SenderChecksTest::doubtsSpoofedSenders()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, domains);
    QFETCH(QByteArray, expected);
    QFETCH(QByteArray, shown);
    QCOMPARE(doubts(header, knowing(domains)), expected);
    const ParsedMessage message = readMessage(toStd(header) + "\n\n");
    QCOMPARE(QByteArray::fromStdString(shownAddress(message.from.front().address)), shown);
}

void SenderChecksTest::listsEachCaseOnce()
{
    QByteArrayList ids;
    for (const auto& row : tableRows(QStringLiteral("tests/cases/M10-17.tsv")))
        ids << row.value(0);
    QCOMPARE(ids.join(' '), QByteArray("M10 M11 M12 M13 M14 M15 M16 M17"));
}

void SenderChecksTest::judgesSenders_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const char* header, const char* expected) {
        QTest::newRow(name) << QByteArray(header) << QByteArray(expected);
    };
    row("an honest sender", "From: Mara <mara@example.org>", "");
    row("a name that is the address", "From: Mara@Example.org <mara@example.org>", "");
    row("a name with the address in brackets",
        "From: \"Mara (mara@example.org)\" <mara@example.org>", "");
    row("an at sign in a word of the name", "From: \"Mara @ Work\" <mara@example.org>", "");
    row("a domain below a known one", "From: a@mail.example.org", "");
    row("a domain that only ends alike", "From: a@notexample.org", "");
    row("a hyphen more", "From: a@exam-ple.org", "LookAlikeDomain example.org");
    row("a zero for an o", "From: a@example.0rg", "LookAlikeDomain example.org");
    row("a capital i for an l", "From: a@exampIe.org", "LookAlikeDomain example.org");
    row("rn for m", "From: a@exarnple.org", "LookAlikeDomain example.org");
    row("a letter of Greek", "From: a@ex\xCE\xB1mple.org",
        "LookAlikeDomain example.org, MixedScripts ex\xCE\xB1mple.org");
    row("no sender", "Subject: x", "NoSender");
    row("a sender without an address", "From: Mara", "NoSender Mara");
    row("replies to the same house", "From: a@example.org\nReply-To: b@shop.example.org", "");
    row("replies below another registered name", "From: a@one.co.uk\nReply-To: b@two.co.uk",
        "ReplyToElsewhere b@two.co.uk");
    row("a domain of invisible letters", "From: a@exa\xE2\x80\x8Bmple.org", "");
    row("a broken punycode label", "From: a@xn--\x7F\x7F.org", "MixedScripts xn--.org");
}

void SenderChecksTest::judgesSenders()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, expected);
    QCOMPARE(doubts(header, knowing("example.org")), expected);
}

void SenderChecksTest::repliesToAListGoToIt()
{
    const ParsedMessage message =
        readMessage("From: a@example.org\nReply-To: list@lists.example\n\n");
    QVERIFY(checkSender(message, {}, true).empty());
    QCOMPARE(checkSender(message, {}, false).size(), std::size_t{1});
}

void SenderChecksTest::knowsWhomTheUserKnows()
{
    KnownPeople known;
    known.isKnown = [](std::string_view address) { return address == "mara@example.org"; };
    QVERIFY(checkSender(readMessage("From: Mara@Example.ORG\n\n"), known, false).empty());
    const auto findings = checkSender(
        readMessage("From: otto@example.org\nReply-To: mara@example.org\n\n"), known, false);
    QCOMPARE(findings.size(), std::size_t{1});
    QVERIFY(findings.front().doubt == SenderDoubt::FirstTime);
}

void SenderChecksTest::showsDomainsInUnicodeWhereThatMisleadsNobody_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char* address, const char* shown) {
        QTest::newRow(address) << QString::fromUtf8(address) << QString::fromUtf8(shown);
    };
    row("a@xn--bcher-kva.example", "a@bücher.example");
    row("a@BÜCHER.example", "a@bücher.example");
    row("a@xn--fsqu00a.xn--0zwm56d", "a@例子.测试");
    row("a@пример.рф", "a@пример.рф");
    row("a@xn--80ak6aa92e.com", "a@xn--80ak6aa92e.com");
    row("a@gооgle.com", "a@xn--ggle-55da.com");
    row("a@", "a@");
    row("no address", "no address");
    row("a@[192.0.2.1]", "a@[192.0.2.1]");
}

void SenderChecksTest::showsDomainsInUnicodeWhereThatMisleadsNobody()
{
    QFETCH(QString, address);
    QFETCH(QString, shown);
    QCOMPARE(QString::fromStdString(shownAddress(address.toStdString())), shown);
}

QTEST_GUILESS_MAIN(SenderChecksTest)
#include "SenderChecksTest.moc"
