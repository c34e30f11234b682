// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageReader.h"
#include "tests/core/mime/TestFiles.h"

#include <QtTest>

using namespace avocet;
using namespace avocet::test;

class AddressParserTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void neverTakesAnEncodedWordForAnAddress_data();
    void neverTakesAnEncodedWordForAnAddress();
    void holdsEachCase();
    void readsLists_data();
    void readsLists();
    void readsMessageIds_data();
    void readsMessageIds();
};

namespace {

QByteArray listed(const std::vector<Address>& list)
{
    QByteArrayList cells;
    for (const Address& address : list)
        cells << QByteArray::fromStdString(address.name + "|" + address.address);
    return cells.join(';');
}

} // namespace

void AddressParserTest::neverTakesAnEncodedWordForAnAddress_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("shown");
    for (const auto& row : tableRows(QStringLiteral("tests/cases/M1-9.tsv")))
        QTest::newRow(row.value(0).constData())
            << unescaped(row.value(1)) << unescaped(row.value(2));
}

void AddressParserTest::neverTakesAnEncodedWordForAnAddress()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, shown);
    QCOMPARE(listed(parseAddressList(toStd(field))), shown);
    // As it arrives in a message, too.
    const ParsedMessage message = readMessage("From: " + toStd(field) + "\r\n\r\nhi\r\n");
    QCOMPARE(listed(message.from), shown);
}

void AddressParserTest::holdsEachCase()
{
    QByteArrayList ids;
    for (const auto& row : tableRows(QStringLiteral("tests/cases/M1-9.tsv")))
        ids << row.value(0);
    QByteArrayList wanted;
    for (int i = 1; i <= 9; ++i)
        wanted << "M" + QByteArray::number(i);
    QCOMPARE(ids, wanted);
}

void AddressParserTest::readsLists_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("shown");
    const auto row = [](const char* name, const char* field, const char* shown) {
        QTest::newRow(name) << QByteArray(field) << QByteArray(shown);
    };
    row("an empty field has no address", "", "");
    row("only commas have no address", " , ,, ", "");
    row("a bare address", "a@example.org", "|a@example.org");
    row("an address in brackets", "<a@example.org>", "|a@example.org");
    row("escapes in quotes are undone", "\"A \\\"B\\\" C\" <a@example.org>",
        "A \"B\" C|a@example.org");
    row("a comma in quotes does not split", "\"B, A\" <a@example.org>, c@example.org",
        "B, A|a@example.org;|c@example.org");
    row("words and encoded words make one name", "Dr. =?utf-8?Q?M=C3=BCller?= II <a@example.org>",
        "Dr. Müller II|a@example.org");
    row("encoded words in quotes are decoded", "\"=?utf-8?Q?M=C3=BCller?=\" <a@example.org>",
        "Müller|a@example.org");
    row("spaces around the at sign are skipped", "a @ example . org", "|a@example.org");
    row("a comment inside an address is skipped", "a(work)@example.org", "work|a@example.org");
    row("an empty bracket keeps its name", "Nobody <>", "Nobody|");
    row("double brackets are one", "A <<a@example.org>>", "A|a@example.org");
    row("an encoded address in brackets stays raw", "A <=?utf-8?Q?b=40c?=@example.org>",
        "A|=?utf-8?Q?b=40c?=@example.org");
    row("an IPv6 domain keeps its colons", "a@[IPv6:2001:db8::1]", "|a@[IPv6:2001:db8::1]");
    row("a local name is an address", "root", "|root");
    row("a mailto scheme is skipped", "mailto:a@example.org", "|a@example.org");
    row("addresses without commas are apart", "a@example.org b@example.org",
        "|a@example.org;|b@example.org");
    row("raw UTF-8 in address and name is kept", "Jörg <jörg@exämple.org>",
        "Jörg|jörg@exämple.org");
    row("a group without an end keeps its members", "Team: a@example.org, b@example.org",
        "|a@example.org;|b@example.org");
    row("nested groups do not hide addresses", "A: B: a@example.org;; c@example.org",
        "|a@example.org;|c@example.org");
    row("a backslash at the end is no danger", "\"A\\", "|\"A\\");
}

void AddressParserTest::readsLists()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, shown);
    QCOMPARE(listed(parseAddressList(toStd(field))), shown);
}

void AddressParserTest::readsMessageIds_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("ids");
    QTest::newRow("one id") << QByteArray("<a@b>") << QByteArray("a@b");
    QTest::newRow("ids over folded lines")
        << QByteArray("<a@b>\r\n\t<c@d>") << QByteArray("a@b c@d");
    QTest::newRow("ids without brackets") << QByteArray("a@b c@d") << QByteArray("a@b c@d");
    QTest::newRow("an id that is not closed") << QByteArray("<a@b <c@d>") << QByteArray("a@b c@d");
    QTest::newRow("words around ids are skipped")
        << QByteArray("Your mail of today <a@b> was nice") << QByteArray("a@b");
    QTest::newRow("a fold inside an id is removed")
        << QByteArray("<a\r\n @b>") << QByteArray("a@b");
    QTest::newRow("nothing") << QByteArray("<>") << QByteArray("");
}

void AddressParserTest::readsMessageIds()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, ids);
    QByteArrayList found;
    for (const std::string& id : parseMessageIds(toStd(field)))
        found << QByteArray::fromStdString(id);
    QCOMPARE(found.join(' '), ids);
}

QTEST_GUILESS_MAIN(AddressParserTest)
#include "AddressParserTest.moc"
