// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/FolderSync.h"
#include "core/engine/EnvelopeMapper.h"

#include <QTest>

#include <numeric>

using namespace avocet;

class FolderSyncTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void newestComeFirstInASmallBatch();
    void batchesCoverEveryUidOnce();
    void nothingMissingNeedsNoBatch();
    void mapsAnEnvelopeToARow();
    void mapsGroupsAndMissingHosts();
};

void FolderSyncTest::newestComeFirstInASmallBatch()
{
    std::vector<std::uint32_t> missing(5000);
    std::iota(missing.begin(), missing.end(), 1U);
    const auto ranges = fetchBatches(missing);
    QCOMPARE(ranges.front().last, 5000U);
    QCOMPARE(ranges.front().first, 4901U);
    QCOMPARE(ranges[1].last, 4900U);
    QCOMPARE(ranges.back().first, 1U);
}

void FolderSyncTest::batchesCoverEveryUidOnce()
{
    std::vector<std::uint32_t> missing;
    for (std::uint32_t uid = 7; uid < 9000; uid += uid % 3 + 1)
        missing.push_back(uid);
    std::vector<std::uint32_t> covered;
    for (const UidRange& range : fetchBatches(missing))
        for (const std::uint32_t uid : missing)
            if (uid >= range.first && uid <= range.last)
                covered.push_back(uid);
    std::sort(covered.begin(), covered.end());
    QVERIFY(covered == missing);
}

void FolderSyncTest::nothingMissingNeedsNoBatch()
{
    QVERIFY(fetchBatches({}).empty());
}

void FolderSyncTest::mapsAnEnvelopeToARow()
{
    Envelope envelope;
    envelope.uid = 9;
    envelope.flags = Flag::Seen;
    envelope.internalDate = 100;
    envelope.date = "Thu, 1 Jan 1970 00:01:00 +0000";
    envelope.subject = "=?utf-8?q?Gr=C3=BC=C3=9Fe?=";
    envelope.from = {{"=?iso-8859-1?q?Bj=F8rn?=", "bjorn", "example.org"}};
    envelope.messageId = " <a@b> ";
    envelope.inReplyTo = "<x@y> (comment)";
    envelope.headerFields = "References: <1@x>\r\n <2@x>\r\nList-Id: News <news.x.org>\r\n\r\n";
    const NewMessage message = mapEnvelope(envelope);
    QCOMPARE(message.uid, 9U);
    QCOMPARE(message.date, std::int64_t(60));
    QCOMPARE(message.subject, std::string("Grüße"));
    QCOMPARE(message.from.size(), std::size_t(1));
    QCOMPARE(message.from[0].name, std::string("Bjørn"));
    QCOMPARE(message.from[0].address, std::string("bjorn@example.org"));
    QCOMPARE(message.messageIdHeader, std::string("a@b"));
    QCOMPARE(message.inReplyTo, std::string("x@y"));
    QCOMPARE(message.references, (std::vector<std::string>{"1@x", "2@x"}));
    QVERIFY(message.listId.find("news.x.org") != std::string::npos);
}

void FolderSyncTest::mapsGroupsAndMissingHosts()
{
    Envelope envelope;
    envelope.internalDate = 5;
    envelope.date = "no date at all";
    envelope.to = {{"", "undisclosed-recipients", ""}, {"", "", ""}, {"Local", "root", ""}};
    const NewMessage message = mapEnvelope(envelope);
    QCOMPARE(message.date, std::int64_t(5));
    QCOMPARE(message.to.size(), std::size_t(1));
    QCOMPARE(message.to[0].address, std::string("root"));
}

QTEST_GUILESS_MAIN(FolderSyncTest)
#include "FolderSyncTest.moc"
