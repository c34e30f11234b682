// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ThreadFolders.h"
#include "core/store/MessageStore.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <functional>
#include <random>

using namespace avocet;
using namespace avocet::test;

namespace {

class Fixture {
public:
    Fixture()
        : mail(std::move(Database::open(folders.path("mail.db"), Schema::Mail).value()))
        , messages(*mail)
        , threads(*mail)
        , inbox(addFolder(*mail, "INBOX"))
        , sent(addFolder(*mail, "Sent"))
    {
    }

    /// One letter a Message-ID, as in ThreadIndexTest.
    MessageId insert(FolderId folder, const std::string& id, const std::string& references,
                     Flags flags = 0, std::int64_t date = 0)
    {
        NewMessage message;
        message.uid = ++uid;
        message.internalDate = date != 0 ? date : uid;
        message.flags = flags;
        message.messageIdHeader = id.empty() ? id : id + "@example.org";
        for (const char letter : references)
            message.references.push_back(std::string(1, letter) + "@example.org");
        return messages.insert(folder, {&message, 1}).value().appeared.front();
    }

    void buildAll(FolderId folder)
    {
        while (!threads.build(folder, 3).value()) {
        }
    }

    /// What the triggers kept is what counting from the start gives.
    bool agrees(FolderId folder)
    {
        const auto rows = [&](const std::string& sql) {
            std::vector<std::string> all;
            SQLite::Statement statement(mail->raw(), sql);
            statement.bind(1, folder.value);
            while (statement.executeStep()) {
                std::string one;
                for (int i = 0; i < statement.getColumnCount(); ++i)
                    one += statement.getColumn(i).getString() + ' ';
                all.push_back(one);
            }
            return all;
        };
        const auto kept =
            rows("SELECT thread, date, newest, count, unread FROM thread_folder WHERE folder = ?1 "
                 "ORDER BY thread");
        const auto counted = rows(R"sql(
            SELECT thread, date, message, count(*) OVER t, sum(shown_flags & 1 = 0) OVER t FROM (
                SELECT m.thread, p.date, p.message, p.shown_flags,
                       row_number() OVER (PARTITION BY m.thread ORDER BY p.date DESC,
                                          p.message DESC) AS place
                FROM placement AS p JOIN message AS m ON m.id = p.message
                WHERE p.folder = ?1 AND p.hidden = 0)
            WINDOW t AS (PARTITION BY thread)
            ORDER BY thread, place)sql");
        // Of the second, the first row of each thread.
        std::vector<std::string> first;
        std::string last;
        for (const std::string& row : counted) {
            const std::string thread = row.substr(0, row.find(' '));
            if (thread != last)
                first.push_back(row);
            last = thread;
        }
        if (kept != first)
            qWarning("kept %zu threads, counted %zu", kept.size(), first.size());
        return kept == first;
    }

    Folders folders;
    std::unique_ptr<Database> mail;
    MessageStore messages;
    ThreadFolders threads;
    FolderId inbox, sent;
    std::uint32_t uid = 0;
};

} // namespace

class ThreadFoldersTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void listsThreadsNewestFirst();
    void pagesWithoutGapOrOverlap();
    void countsInSteps();
    void keepsUpWithEveryChange_data();
    void keepsUpWithEveryChange();
    void staysRightThroughRandomChanges();
    void givesAThreadAcrossFolders();
    void costsNothingWhereNobodyAsked();
};

void ThreadFoldersTest::listsThreadsNewestFirst()
{
    Fixture fixture;
    const MessageId a = fixture.insert(fixture.inbox, "a", "", Seen);
    const MessageId z = fixture.insert(fixture.inbox, "z", "");
    const MessageId b = fixture.insert(fixture.inbox, "b", "a");
    fixture.buildAll(fixture.inbox);
    QVERIFY(fixture.threads.isComplete(fixture.inbox).value());
    QVERIFY(!fixture.threads.isComplete(fixture.sent).value());
    const auto threads = fixture.threads.threads(fixture.inbox, 10).value();
    QCOMPARE(threads.size(), std::size_t{2});
    QCOMPARE(threads[0].newest.value, b.value);
    QCOMPARE(threads[0].count, 2);
    QCOMPARE(threads[0].unread, 1);
    QCOMPARE(threads[0].thread.value, a.value);
    QCOMPARE(threads[1].newest.value, z.value);
    QCOMPARE(threads[1].unread, 1);
}

void ThreadFoldersTest::pagesWithoutGapOrOverlap()
{
    Fixture fixture;
    for (int i = 0; i < 25; ++i)
        fixture.insert(fixture.inbox, "", "", 0, 1000 + i / 3);
    fixture.buildAll(fixture.inbox);
    std::vector<std::int64_t> seen;
    ThreadPosition position;
    for (;;) {
        const auto page = fixture.threads.threads(fixture.inbox, 4, position).value();
        for (const ThreadSummary& thread : page)
            seen.push_back(thread.newest.value);
        if (page.size() < 4)
            break;
        position = {page.back().date, page.back().newest};
    }
    QCOMPARE(seen.size(), std::size_t{25});
    QVERIFY(std::is_sorted(seen.rbegin(), seen.rend()));
    QVERIFY(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
}

void ThreadFoldersTest::countsInSteps()
{
    Fixture fixture;
    for (int i = 0; i < 10; ++i)
        fixture.insert(fixture.inbox, std::string(1, static_cast<char>('a' + i)), "");
    QVERIFY(!fixture.threads.build(fixture.inbox, 4).value());
    QCOMPARE(fixture.threads.threads(fixture.inbox, 100)->size(), std::size_t{4});
    // What changes in between is counted once, whichever side of the cursor it is on.
    fixture.insert(fixture.inbox, "x", "a");
    const std::uint32_t counted[]{2};
    VERIFY_RESULT(fixture.messages.removeUids(fixture.inbox, counted));
    const std::uint32_t uncounted[]{9};
    VERIFY_RESULT(fixture.messages.removeUids(fixture.inbox, uncounted));
    VERIFY_RESULT(fixture.messages.overlay(fixture.inbox, 3, {Seen, 0}));
    VERIFY_RESULT(fixture.messages.overlay(fixture.inbox, 10, {Seen, 0}));
    VERIFY_RESULT(fixture.messages.overlay(fixture.inbox, 6, {Deleted, 0}));
    fixture.buildAll(fixture.inbox);
    QVERIFY(fixture.agrees(fixture.inbox));
    QVERIFY(fixture.threads.build(fixture.inbox, 4).value());
    QVERIFY(fixture.agrees(fixture.inbox));
}

void ThreadFoldersTest::keepsUpWithEveryChange_data()
{
    using Change = std::function<void(Fixture&)>;
    QTest::addColumn<Change>("change");
    const auto row = [](const char* name, Change change) {
        QTest::newRow(name) << std::move(change);
    };
    row("a reply arrives", [](Fixture& f) { f.insert(f.inbox, "n", "a"); });
    row("an older message of a thread arrives",
        [](Fixture& f) { f.insert(f.inbox, "n", "b", Seen, 1); });
    row("a message joins two threads", [](Fixture& f) { f.insert(f.inbox, "n", "az"); });
    row("a message in another folder joins two threads",
        [](Fixture& f) { f.insert(f.sent, "n", "az"); });
    row("the newest of a thread goes", [](Fixture& f) {
        const std::uint32_t uids[]{3};
        QVERIFY(f.messages.removeUids(f.inbox, uids));
    });
    row("the oldest of a thread goes", [](Fixture& f) {
        const std::uint32_t uids[]{1};
        QVERIFY(f.messages.removeUids(f.inbox, uids));
    });
    row("a thread goes whole", [](Fixture& f) {
        const std::uint32_t uids[]{1, 2, 3};
        QVERIFY(f.messages.removeUids(f.inbox, uids));
    });
    row("one is read", [](Fixture& f) { QVERIFY(f.messages.overlay(f.inbox, 2, {Seen, 0})); });
    row("one is unread again", [](Fixture& f) {
        QVERIFY(f.messages.overlay(f.inbox, 1, {0, Seen}));
    });
    row("one is starred", [](Fixture& f) {
        QVERIFY(f.messages.overlay(f.inbox, 2, {Flagged, 0}));
    });
    row("the newest is hidden", [](Fixture& f) {
        QVERIFY(f.messages.overlay(f.inbox, 3, {Deleted, 0}));
    });
    row("one is hidden and shown again", [](Fixture& f) {
        QVERIFY(f.messages.overlay(f.inbox, 3, {Deleted, 0}));
        QVERIFY(f.agrees(f.inbox));
        QVERIFY(f.messages.dropOverlay(f.inbox, 3, {}));
    });
    row("a pending message comes and is named", [](Fixture& f) {
        const MessageId id = f.insert(f.sent, "n", "a");
        QVERIFY(f.messages.placePending(f.inbox, firstPendingKey + 5, id, 0, 77));
        QVERIFY(f.agrees(f.inbox));
        QVERIFY(f.messages.nameArrival(f.inbox, firstPendingKey + 5, 50));
    });
    row("a pending message comes and goes", [](Fixture& f) {
        const MessageId id = f.insert(f.sent, "n", "a");
        QVERIFY(f.messages.placePending(f.inbox, firstPendingKey + 5, id, 0, 77));
        QVERIFY(f.messages.removePending(f.inbox, firstPendingKey + 5));
    });
    row("another folder of the same threads is removed", [](Fixture& f) {
        QVERIFY(FolderStore(*f.mail).replaceAll(AccountId{1}, {sampleFolder("INBOX")}));
    });
    row("the message itself is deleted",
        [](Fixture& f) { f.mail->raw().exec("DELETE FROM message WHERE id = 3"); });
    row("the folder is renumbered and filled again", [](Fixture& f) {
        QVERIFY(FolderStore(*f.mail).reset(f.inbox, 99));
        QVERIFY(f.threads.threads(f.inbox, 10)->empty());
        QVERIFY(!f.threads.isComplete(f.inbox).value());
        f.insert(f.inbox, "a", "");
        f.insert(f.inbox, "b", "a");
        f.buildAll(f.inbox);
    });
}

void ThreadFoldersTest::keepsUpWithEveryChange()
{
    QFETCH(std::function<void(Fixture&)>, change);
    Fixture fixture;
    fixture.insert(fixture.inbox, "a", "", Seen);
    fixture.insert(fixture.inbox, "b", "a");
    fixture.insert(fixture.inbox, "c", "ab");
    fixture.insert(fixture.inbox, "z", "");
    fixture.insert(fixture.sent, "s", "c");
    fixture.buildAll(fixture.inbox);
    fixture.buildAll(fixture.sent);
    QVERIFY(fixture.agrees(fixture.inbox) && fixture.agrees(fixture.sent));
    change(fixture);
    QVERIFY(fixture.agrees(fixture.inbox));
    QVERIFY(fixture.agrees(fixture.sent));
}

void ThreadFoldersTest::staysRightThroughRandomChanges()
{
    Fixture fixture;
    std::mt19937 random(7);
    const auto letter = [&] { return std::string(1, static_cast<char>('a' + random() % 26)); };
    for (int step = 0; step < 600; ++step) {
        const FolderId folder = random() % 3 == 0 ? fixture.sent : fixture.inbox;
        const std::uint32_t uid = 1 + static_cast<std::uint32_t>(random()) % (fixture.uid + 1);
        switch (random() % 8) {
        case 0:
        case 1:
        case 2:
            fixture.insert(folder, letter() + letter(),
                           letter() + (random() % 4 == 0 ? letter() : ""),
                           random() % 2 == 0 ? Seen : Flags{0}, 1 + random() % 500);
            break;
        case 3:
            VERIFY_RESULT(fixture.messages.overlay(folder, uid, {Seen, 0}));
            break;
        case 4:
            VERIFY_RESULT(fixture.messages.overlay(folder, uid, {0, Seen | Deleted}));
            break;
        case 5:
            VERIFY_RESULT(fixture.messages.overlay(folder, uid, {Deleted, 0}));
            break;
        case 6:
            VERIFY_RESULT(fixture.messages.removeUids(folder, {&uid, 1}));
            break;
        default:
            VERIFY_RESULT(fixture.threads.build(folder, 5));
        }
        if (step % 20 == 0)
            for (const FolderId one : {fixture.inbox, fixture.sent})
                if (fixture.threads.isComplete(one).value())
                    QVERIFY(fixture.agrees(one));
    }
    fixture.buildAll(fixture.inbox);
    fixture.buildAll(fixture.sent);
    QVERIFY(fixture.agrees(fixture.inbox) && fixture.agrees(fixture.sent));
}

void ThreadFoldersTest::givesAThreadAcrossFolders()
{
    Fixture fixture;
    const MessageId question = fixture.insert(fixture.inbox, "a", "", 0, 10);
    const MessageId late = fixture.insert(fixture.inbox, "c", "ab", 0, 30);
    const MessageId answer = fixture.insert(fixture.sent, "b", "a", Seen, 20);
    const MessageId hidden = fixture.insert(fixture.inbox, "d", "a", 0, 40);
    VERIFY_RESULT(fixture.messages.overlay(fixture.inbox, fixture.uid, {Deleted, 0}));
    fixture.insert(fixture.inbox, "z", "");
    const ThreadId thread = fixture.messages.row(question)->thread;
    QVERIFY(fixture.threads.threadMessages(thread).value() ==
            (std::vector<MessageId>{question, answer, late}));
    QVERIFY(hidden);
    QVERIFY(fixture.threads.threadMessages(ThreadId{999})->empty());
}

void ThreadFoldersTest::costsNothingWhereNobodyAsked()
{
    Fixture fixture;
    for (int i = 0; i < 10; ++i)
        fixture.insert(fixture.inbox, std::string(1, static_cast<char>('a' + i)), "a");
    QCOMPARE(fixture.mail->raw().execAndGet("SELECT count(*) FROM thread_folder").getInt(), 0);
    QVERIFY(fixture.threads.threads(fixture.inbox, 10)->empty());
}

QTEST_APPLESS_MAIN(ThreadFoldersTest)
#include "ThreadFoldersTest.moc"
