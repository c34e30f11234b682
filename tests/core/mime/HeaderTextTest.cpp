// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageReader.h"
#include "tests/core/mime/TestFiles.h"

#include <QtTest>

using namespace avocet;
using namespace avocet::test;

/// Dates, single fields and attachment names; encoded words are in the corpus.
class HeaderTextTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsDates_data();
    void readsDates();
    void refusesDatesThatAreNone_data();
    void refusesDatesThatAreNone();
    void findsAField();
    void defusesAttachmentNames_data();
    void defusesAttachmentNames();
    void holdsEachNameCase();
};

void HeaderTextTest::readsDates_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<qlonglong>("seconds");
    QTest::addColumn<int>("offset");
    const auto row = [](const char* name, const char* field, qlonglong seconds, int offset) {
        QTest::newRow(name) << QByteArray(field) << seconds << offset;
    };
    row("RFC 5322", "Fri, 01 Mar 2024 12:00:00 +0530", 1709274600, 330);
    row("a comment behind the zone", "Fri, 1 Mar 2024 06:30:00 +0000 (UTC)", 1709274600, 0);
    row("no day name", "1 Mar 2024 06:30:00 GMT", 1709274600, 0);
    row("a leap day", "Thu, 29 Feb 2024 00:00:00 +0000", 1709164800, 0);
    row("before 1970", "Wed, 31 Dec 1969 23:59:59 +0000", -1, 0);
    row("a year of two digits", "1 Mar 24 06:30 GMT", 1709274600, 0);
    row("a year of three digits", "1 Mar 124 06:30 GMT", 1709274600, 0);
    row("a year of the last century", "1 Jan 70 00:00:00 +0000", 0, 0);
    row("US zones", "Fri, 1 Mar 2024 01:30:00 EST", 1709274600, -300);
    row("zone with a name before it", "Fri, 1 Mar 2024 07:30:00 GMT+0100", 1709274600, 60);
    row("a colon in the zone", "Fri, 1 Mar 2024 07:30:00 +01:00", 1709274600, 60);
    row("dashes in the date", "01-Mar-2024 06:30:00 +0000", 1709274600, 0);
    row("a full month name", "1 March 2024 06:30:00 +0000", 1709274600, 0);
    row("the afternoon", "March 1, 2024 6:30 PM", 1709317800, 0);
    row("dots in the time", "1 Mar 2024 06.30.00 +0000", 1709274600, 0);
    row("ISO with Z", "2024-03-01T06:30:00Z", 1709274600, 0);
    row("ISO with a space", "2024-03-01 07:30:00 +0100", 1709274600, 60);
    row("fractions of a second", "2024-03-01T06:30:00.123456Z", 1709274600, 0);
    row("a zone of nonsense counts as UTC", "1 Mar 2024 06:30:00 +9999", 1709274600, 0);
    row("folded over lines", "Fri,\r\n 1 Mar 2024\r\n 06:30:00 +0000", 1709274600, 0);
}

void HeaderTextTest::readsDates()
{
    QFETCH(QByteArray, field);
    QFETCH(qlonglong, seconds);
    QFETCH(int, offset);
    int found = 0;
    const auto date = parseMailDate(toStd(field), &found);
    QVERIFY(date.has_value());
    QCOMPARE(static_cast<qlonglong>(*date), seconds);
    QCOMPARE(found, offset);
}

void HeaderTextTest::refusesDatesThatAreNone_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("words") << QByteArray("some time last week");
    QTest::newRow("30 February") << QByteArray("30 Feb 2024 00:00:00 +0000");
    QTest::newRow("no year") << QByteArray("1 Mar 06:30:00");
    QTest::newRow("a year out of range") << QByteArray("1 Mar 99999999999 06:30:00");
    QTest::newRow("only a comment") << QByteArray("(((1 Mar 2024");
}

void HeaderTextTest::refusesDatesThatAreNone()
{
    QFETCH(QByteArray, field);
    QVERIFY(!parseMailDate(toStd(field)).has_value());
}

void HeaderTextTest::findsAField()
{
    const std::string block = "Received: one\r\nSUBJECT: first\r\n second\r\nReceived: two\r\n\r\n";
    QCOMPARE(headerField(block, "subject").value_or("-"), std::string("first second"));
    QCOMPARE(headerField(block, "Received").value_or("-"), std::string("one"));
    QVERIFY(!headerField(block, "To").has_value());
}

void HeaderTextTest::defusesAttachmentNames_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("shown");
    for (const auto& row : tableRows(QStringLiteral("tests/cases/A1-20.tsv")))
        QTest::newRow(row.value(0).constData()) << row.value(1) << row.value(2);
}

void HeaderTextTest::defusesAttachmentNames()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, shown);
    const ParsedMessage message =
        readMessage("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: image/png\n"
                    "Content-Disposition: attachment; filename*=utf-8''" +
                    toStd(sent) + "\n\nabc\n--b--\n");
    QCOMPARE(message.attachments.size(), std::size_t{1});
    QCOMPARE(message.parts.at(1).name, toStd(shown));
    // Where nothing is left of the name, the attachment still has one.
    QCOMPARE(message.attachments.at(0).name, shown.isEmpty() ? "image.png" : toStd(shown));
    QVERIFY(message.attachments.at(0).name.size() <= 255);
}

void HeaderTextTest::holdsEachNameCase()
{
    QByteArrayList ids;
    for (const auto& row : tableRows(QStringLiteral("tests/cases/A1-20.tsv")))
        ids << row.value(0);
    QByteArrayList wanted;
    for (int i = 1; i <= 20; ++i)
        wanted << "A" + QByteArray::number(i);
    QCOMPARE(ids, wanted);
}

QTEST_GUILESS_MAIN(HeaderTextTest)
#include "HeaderTextTest.moc"
