// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/FolderRemoval.h"
#include "core/store/MessageStore.h"
#include "core/store/SearchIndex.h"
#include "core/store/ThreadFolders.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>

using namespace avocet;
using namespace avocet::test;

class FolderRemovalTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void emptiesAFolderInSteps();
    void keepsWhatLiesElsewhere();
    void takesAnEmptyFolderInOneStep();
};

namespace {

std::vector<NewMessage> sample(int count)
{
    std::vector<NewMessage> rows(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].uid = static_cast<std::uint32_t>(i + 1);
        rows[i].internalDate = 1000 + static_cast<std::int64_t>(i);
        rows[i].flags = i % 2 == 0 ? Seen : Flags{0};
        rows[i].messageIdHeader = std::to_string(i) + "@example.org";
        rows[i].subject = "word";
    }
    return rows;
}

} // namespace

void FolderRemovalTest::emptiesAFolderInSteps()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    const FolderId inbox = addFolder(**mail, "INBOX");
    MessageStore messages(**mail);
    SearchIndex index(**mail);
    ThreadFolders threads(**mail);
    FolderRemoval removal(**mail);
    const auto rows = sample(25);
    const auto inserted = messages.insert(inbox, rows);
    VERIFY_RESULT(inserted);
    VERIFY_RESULT(messages.overlay(inbox, 7, {Deleted, 0}));
    QCOMPARE(index.indexHeaders(100).value(), 25);
    QVERIFY(threads.build(inbox, 100).value());

    int left = 25;
    std::size_t removed = 0, gone = 0;
    for (int steps = 1;; ++steps) {
        const auto step = removal.removeSome(inbox, 10);
        VERIFY_RESULT(step);
        left = std::max(0, left - 10);
        removed += step->removed.size();
        gone += step->gone.size();
        const Folder folder = FolderStore(**mail).find(inbox).value();
        QCOMPARE(folder.cached, left);
        QCOMPARE(messages.list(inbox)->size(), static_cast<std::size_t>(folder.total));
        ListFilter unread;
        unread.unread = true;
        QCOMPARE(messages.list(inbox, unread)->size(), static_cast<std::size_t>(folder.unread));
        if (step->done)
            break;
        QVERIFY(steps < 5);
    }
    QCOMPARE(removed, std::size_t{24}); // the hidden one was in no list
    QCOMPARE(gone, std::size_t{25});
    QVERIFY(threads.threads(inbox, 10)->empty());
    QVERIFY(index.search(parseSearchQuery("word "))->empty());
    QCOMPARE(index.coverage()->total, 0);
    QCOMPARE((*mail)->raw().execAndGet("SELECT count(*) FROM message").getInt(), 0);
    // The same messages find their threads again.
    const auto again = messages.insert(inbox, rows);
    VERIFY_RESULT(again);
    QCOMPARE(messages.row(again->appeared.front())->thread.value, inserted->appeared.front().value);
}

void FolderRemovalTest::keepsWhatLiesElsewhere()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    const FolderId inbox = addFolder(**mail, "INBOX"), archive = addFolder(**mail, "Archive");
    MessageStore messages(**mail);
    const auto ids = messages.insert(inbox, sample(3))->appeared;
    VERIFY_RESULT(messages.placePending(archive, firstPendingKey + 1, ids[1], Seen, 5));
    const auto step = FolderRemoval(**mail).removeSome(inbox, 10);
    VERIFY_RESULT(step);
    QVERIFY(step->done);
    QVERIFY(step->removed == (std::vector<MessageId>{ids[2], ids[1], ids[0]}));
    QVERIFY(step->gone == (std::vector<MessageId>{ids[2], ids[0]}));
    QVERIFY(messages.list(archive).value() == std::vector<MessageId>{ids[1]});
    QVERIFY(FolderRemoval(**mail).removeSome(archive, 10)->done);
    QCOMPARE(FolderStore(**mail).find(archive)->total, 0);
}

void FolderRemovalTest::takesAnEmptyFolderInOneStep()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    const auto step = FolderRemoval(**mail).removeSome(addFolder(**mail, "INBOX"), 10);
    VERIFY_RESULT(step);
    QVERIFY(step->done && step->removed.empty() && step->gone.empty());
}

QTEST_APPLESS_MAIN(FolderRemovalTest)
#include "FolderRemovalTest.moc"
