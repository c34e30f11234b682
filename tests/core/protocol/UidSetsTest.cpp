// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/UidSets.h"

#include <QObject>
#include <QTest>
#include <string>

using namespace avocet;

class UidSetsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesRanges();
    void writesPiecesOfBoundedLength();
    void readsRanges_data();
    void readsRanges();
    void expandsNoFurtherThanAllowed();
    void knowsVanished_data();
    void knowsVanished();
};

void UidSetsTest::writesRanges()
{
    const std::vector<std::uint32_t> uids{9, 3, 4, 9, 4294967295, 5, 4294967294};
    QCOMPARE(uidSet(uids), std::string("3:5,9,4294967294:4294967295"));
    QCOMPARE(uidSet(std::vector<std::uint32_t>{}), std::string());
    QCOMPARE(uidSet(UidRange{7, 7}), std::string("7"));
}

void UidSetsTest::writesPiecesOfBoundedLength()
{
    std::vector<std::uint32_t> uids;
    for (std::uint32_t i = 0; i < 3'000; ++i)
        uids.push_back(4'000'000'000 + 2 * i);
    std::vector<std::uint32_t> together;
    const auto pieces = uidPieces(uids);
    QVERIFY(pieces.size() > 5);
    for (const UidPiece& piece : pieces) {
        QVERIFY(piece.set.size() <= maxSetBytes);
        std::vector<std::uint32_t> read;
        QVERIFY(expandUidSet(piece.set, 10'000, read));
        QCOMPARE(read, piece.uids);
        together.insert(together.end(), read.begin(), read.end());
    }
    QCOMPARE(together, uids);
    uids.clear();
    for (std::uint32_t uid = 1; uid <= 100'000; ++uid)
        uids.push_back(uid);
    QCOMPARE(uidPieces(uids).size(), std::size_t{1}); // one range is one command
}

void UidSetsTest::readsRanges_data()
{
    QTest::addColumn<QByteArray>("set");
    QTest::addColumn<QByteArray>("expected"); // empty: malformed
    const auto row = [](const char* name, const char* set, const char* expected) {
        QTest::newRow(name) << QByteArray(set) << QByteArray(expected);
    };
    row("one", "5", "5-5;");
    row("several", "1:3,7,9:10", "1-3;7-7;9-10;");
    row("backwards", "4:2", "2-4;");
    row("everything there can be", "1:4294967295", "1-4294967295;");
    row("from nothing", "0:3", "1-3;");
    row("a star", "1:*", "");
    row("over 2^32", "4294967296", "");
    row("far over 2^32", "1:18446744073709551617", "");
    row("negative", "-1", "");
    row("no end", "1:", "");
    row("no beginning", ":1", "");
    row("two colons", "1:2:3", "");
    row("letters", "12x", "");
    row("a space", "1 2", "");
    row("an empty piece", "1,,2", "");
    row("NIL", "NIL", "");
}

void UidSetsTest::readsRanges()
{
    QFETCH(QByteArray, set);
    QFETCH(QByteArray, expected);
    std::string shown;
    const bool good = forEachRange(set.toStdString(), [&](const UidRange& range) {
        shown += std::to_string(range.first) + "-" + std::to_string(range.last) + ";";
        return true;
    });
    QCOMPARE(good, !expected.isEmpty());
    if (good)
        QCOMPARE(QByteArray::fromStdString(shown), expected);
}

void UidSetsTest::expandsNoFurtherThanAllowed()
{
    std::vector<std::uint32_t> uids;
    QVERIFY(expandUidSet("1:3,9", 4, uids));
    QCOMPARE(uids, (std::vector<std::uint32_t>{1, 2, 3, 9}));
    uids.clear();
    QVERIFY(!expandUidSet("1:4294967295", 1'000, uids));
    QVERIFY(uids.capacity() <= 1'000);
    uids.clear();
    QVERIFY(!expandUidSet("1:3,9:10", 4, uids));
    QVERIFY(uids.size() <= 4);
    uids.clear();
    QVERIFY(!expandUidSet("1", 0, uids));
    QVERIFY(expandUidSet("4294967295", 1, uids));
    QCOMPARE(uids, (std::vector<std::uint32_t>{4294967295}));
}

void UidSetsTest::knowsVanished_data()
{
    QTest::addColumn<QByteArray>("response");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("news") << QByteArray("VANISHED 3:5") << QByteArray("now 3:5");
    QTest::newRow("an answer") << QByteArray("vanished (earlier) 41") << QByteArray("earlier 41");
    QTest::newRow("another word") << QByteArray("VANISHEDX 3") << QByteArray("none");
    QTest::newRow("a FETCH") << QByteArray("3 FETCH (UID 3)") << QByteArray("none");
}

void UidSetsTest::knowsVanished()
{
    QFETCH(QByteArray, response);
    QFETCH(QByteArray, expected);
    const std::string text = response.toStdString();
    const auto vanished = vanishedOf(text);
    const std::string shown =
        vanished ? (vanished->earlier ? "earlier " : "now ") + std::string(vanished->set) : "none";
    QCOMPARE(QByteArray::fromStdString(shown), expected);
}

QTEST_GUILESS_MAIN(UidSetsTest)
#include "UidSetsTest.moc"
