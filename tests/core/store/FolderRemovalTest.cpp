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
    void removesAFolderFromEverySightAtOnce();
    void removesFoldersInSteps();
    void leavesTheBodiesOfWhatIsGone();
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
    std::size_t removed = 0;
    for (int steps = 1;; ++steps) {
        const auto step = removal.emptySome(inbox, 10);
        VERIFY_RESULT(step);
        left = std::max(0, left - 10);
        removed += step->removed.size();
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
    const auto step = FolderRemoval(**mail).emptySome(inbox, 10);
    VERIFY_RESULT(step);
    QVERIFY(step->done);
    QVERIFY(step->removed == (std::vector<MessageId>{ids[2], ids[1], ids[0]}));
    QVERIFY(!messages.row(ids[0]));
    QVERIFY(!messages.row(ids[2]));
    QVERIFY(messages.list(archive).value() == std::vector<MessageId>{ids[1]});
    QVERIFY(FolderRemoval(**mail).emptySome(archive, 10)->done);
    QCOMPARE(FolderStore(**mail).find(archive)->total, 0);
}

void FolderRemovalTest::takesAnEmptyFolderInOneStep()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    const auto step = FolderRemoval(**mail).emptySome(addFolder(**mail, "INBOX"), 10);
    VERIFY_RESULT(step);
    QVERIFY(step->done && step->removed.empty());
}

void FolderRemovalTest::removesAFolderFromEverySightAtOnce()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    const FolderId inbox = addFolder(**mail, "INBOX"), old = addFolder(**mail, "Old");
    FolderStore store(**mail);
    MessageStore messages(**mail);
    SearchIndex index(**mail);
    auto rows = sample(2);
    rows[0].contentId = "both"; // in both folders one message
    rows[1].references = {rows[0].messageIdHeader};
    const MessageId both = messages.insert(inbox, {rows.data(), 1})->appeared.front();
    const MessageId only = messages.insert(old, rows)->appeared.back();
    const ThreadId thread = messages.row(both)->thread;
    QCOMPARE(ThreadFolders(**mail).threadMessages(thread)->size(), std::size_t{2});
    QCOMPARE(index.indexHeaders(100).value(), 2);
    QCOMPARE(index.search(parseSearchQuery("word "))->size(), std::size_t{2});

    Folder kept;
    kept.account = AccountId{1};
    kept.mailbox = kept.path = "INBOX";
    VERIFY_RESULT(store.replaceAll(AccountId{1}, {kept}));
    QCOMPARE(store.all()->size(), std::size_t{1});
    QCOMPARE(store.ofAccount(AccountId{1})->size(), std::size_t{1});
    QVERIFY(!store.find(old));
    QVERIFY(messages.placements(only)->empty());
    QVERIFY(!messages.row(only));
    QCOMPARE(messages.placements(both)->size(), std::size_t{1});
    QCOMPARE(messages.row(both)->folder, inbox);
    QVERIFY(ThreadFolders(**mail).threadMessages(thread).value() == std::vector<MessageId>{both});
    QVERIFY(index.search(parseSearchQuery("word ")).value() == std::vector<MessageId>{both});
    QVERIFY(index.search(parseSearchQuery("word in:old "))->empty());
    // A sync that is under way finds it gone.
    VERIFY_FAILS(messages.insert(old, rows), ErrorKind::Rejected, ErrorCode::NotFound);
    Folder state;
    state.id = old;
    VERIFY_FAILS(store.saveSyncState(state), ErrorKind::Rejected, ErrorCode::NotFound);
    // Another may have its name.
    const FolderId again = addFolder(**mail, "Old");
    QVERIFY(again != old);
    QCOMPARE(store.find(again)->total, 0);
}

void FolderRemovalTest::removesFoldersInSteps()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    const FolderId stays = addFolder(**mail, "INBOX", AccountId{2});
    MessageStore messages(**mail);
    SearchIndex index(**mail);
    VERIFY_RESULT(messages.insert(stays, sample(5)));
    for (const char* name : {"INBOX", "Archive"}) {
        const FolderId folder = addFolder(**mail, name);
        VERIFY_RESULT(messages.insert(folder, sample(25)));
        QVERIFY(ThreadFolders(**mail).build(folder, 100).value());
    }
    QCOMPARE(index.indexHeaders(100).value(), 55);
    QVERIFY(!FolderRemoval(**mail).removeSome(10).value());
    const AccountId left[]{AccountId{2}};
    VERIFY_RESULT(FolderStore(**mail).removeAllBut(left));
    const auto count = [&](const std::string& table) {
        return (*mail)->raw().execAndGet("SELECT count(*) FROM " + table).getInt();
    };
    for (int steps = 0; FolderRemoval(**mail).removeSome(10).value(); ++steps) {
        QVERIFY(steps < 10);
        QCOMPARE(index.search(parseSearchQuery("word "))->size(), std::size_t{5});
    }
    QCOMPARE(count("folder"), 1);
    QCOMPARE(count("message"), 5);
    QCOMPARE(count("placement"), 5);
    QCOMPARE(count("thread_folder"), 0);
    QCOMPARE(count("thread_link"), 5); // those of account 2
    QCOMPARE(index.coverage()->total, 5);
    QCOMPARE(index.purge(100).value(), 50);
    QCOMPARE(FolderStore(**mail).find(stays)->total, 5);
}

void FolderRemovalTest::leavesTheBodiesOfWhatIsGone()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    const FolderId inbox = addFolder(**mail, "INBOX");
    MessageStore messages(**mail);
    const auto ids = messages.insert(inbox, sample(4))->appeared;
    for (const MessageId id : {ids[0], ids[1], ids[3]})
        VERIFY_RESULT(messages.setBody(id, true));
    const std::uint32_t uids[]{2};
    VERIFY_RESULT(messages.removeUids(inbox, uids));
    QVERIFY(messages.bodiesLeft(10).value() == std::vector<MessageId>{ids[1]});
    VERIFY_RESULT(FolderStore(**mail).removeAllBut({}));
    while (FolderRemoval(**mail).removeSome(10).value()) {
    }
    QVERIFY(messages.bodiesLeft(2).value() == (std::vector<MessageId>{ids[0], ids[1]}));
    VERIFY_RESULT(messages.bodiesGone(messages.bodiesLeft(2).value()));
    QVERIFY(messages.bodiesLeft(2).value() == std::vector<MessageId>{ids[3]});
}

QTEST_APPLESS_MAIN(FolderRemovalTest)
#include "FolderRemovalTest.moc"
