// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/MessageStore.h"
#include "core/store/ThreadFolders.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <algorithm>

using namespace avocet;
using namespace avocet::test;

namespace {

NewMessage message(std::uint32_t uid, Flags flags = 0)
{
    NewMessage message;
    message.uid = uid;
    message.flags = flags;
    message.internalDate = 1'700'000'000 + uid;
    message.messageIdHeader = std::to_string(uid) + "@example.org";
    message.subject = "Subject " + std::to_string(uid);
    return message;
}

/// Every statement that a connection runs while this lives, as it was prepared.
class Trace {
public:
    explicit Trace(SQLite::Database& database)
        : m_handle(database.getHandle())
    {
        sqlite3_trace_v2(m_handle, SQLITE_TRACE_STMT, &Trace::note, this);
    }
    ~Trace() { sqlite3_trace_v2(m_handle, 0, nullptr, nullptr); }
    Trace(const Trace&) = delete;
    Trace& operator=(const Trace&) = delete;

    std::vector<std::string> statements;

private:
    static int note(unsigned, void* self, void* statement, void*)
    {
        static_cast<Trace*>(self)->statements.emplace_back(
            sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
        return 0;
    }

    sqlite3* m_handle;
};

std::string planOf(SQLite::Database& database, const std::string& text)
{
    SQLite::Statement statement(database, "EXPLAIN QUERY PLAN " + text);
    std::string plan;
    while (statement.executeStep())
        plan += statement.getColumn(3).getString() + "\n";
    return plan;
}

} // namespace

class MessageStoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void returnsTheIdsOfNewMessagesInOrder();
    void keepsWhatTheServerSaid();
    void updatesFlagsOfWhatIsThere();
    void takesAUidTwiceInOneBatch();
    void refusesWhatItCannotPlace();
    void givesOneMessageToOneContent();
    void keepsAContentTwiceInOneFolderApart();
    void neverMixesTheContentsOfTwoAccounts();
    void countsByShownFlags();
    void countsStayRightThroughEverything();
    void tellsWhoseFlagsChanged();
    void removesAMessageWithItsLastPlacement();
    void neverReusesIds();
    void laysChangesOverAndTakesThemBack();
    void hidesWhatIsMarkedDeleted();
    void showsAMovedMessageBeforeTheServerNamesIt();
    void knowsAMovedMessageAgainWhenTheServerNamesIt();
    void dropsAnArrivalThatNeverComes();
    void listsNewestFirst();
    void filters_data();
    void filters();
    void leavesOutRowsThatAreGone();
    void findsByMessageIdHeader();
    void knowsUidsAndPlacements();
    void remembersBodies();
    void rollsABatchBackWhole();
    void neverScansForAListOrItsRows();
    void readsOnAReadOnlyConnection();
    void writesFailCleanlyOnAReadOnlyConnection();

private:
    std::vector<MessageId> insert(FolderId folder, const std::vector<NewMessage>& messages)
    {
        const auto list = m_store->insert(folder, messages);
        if (!list)
            qWarning("%s", list.error().detail.c_str());
        return list.value_or(ListChange{}).appeared;
    }
    Folder folder(FolderId id) { return FolderStore(*m_mail).find(id).value_or(Folder{}); }
    /// Counts as they should be, from the placements themselves.
    bool countsAreTrue();

    std::unique_ptr<Folders> m_folders;
    std::unique_ptr<Database> m_mail;
    std::unique_ptr<MessageStore> m_store;
    FolderId m_inbox, m_archive;
};

void MessageStoreTest::init()
{
    m_folders = std::make_unique<Folders>();
    auto mail = Database::open(m_folders->path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    m_mail = std::move(*mail);
    m_store = std::make_unique<MessageStore>(*m_mail);
    m_inbox = addFolder(*m_mail, "INBOX");
    m_archive = addFolder(*m_mail, "Archive");
    QVERIFY(m_inbox && m_archive);
}

void MessageStoreTest::cleanup()
{
    m_store.reset();
    m_mail.reset();
    m_folders.reset();
}

bool MessageStoreTest::countsAreTrue()
{
    return m_mail->raw()
               .execAndGet(R"sql(
        SELECT NOT EXISTS (SELECT 1 FROM folder AS f
            WHERE total <> (SELECT count(*) FROM placement
                            WHERE folder = f.id AND hidden = 0)
               OR cached <> (SELECT count(*) FROM placement
                             WHERE folder = f.id AND uid < 4294967296)
               OR unread <> (SELECT count(*) FROM placement
                             WHERE folder = f.id AND shown_flags & 9 = 0)))sql")
               .getInt() == 1;
}

void MessageStoreTest::returnsTheIdsOfNewMessagesInOrder()
{
    const auto first = insert(m_inbox, {message(7), message(3), message(5)});
    QCOMPARE(first.size(), std::size_t{3});
    const auto rows = m_store->rows(m_inbox, first);
    VERIFY_RESULT(rows);
    QCOMPARE(rows->at(0).uid, 7u);
    QCOMPARE(rows->at(1).uid, 3u);
    QCOMPARE(rows->at(2).uid, 5u);
    const auto second = insert(m_inbox, {message(3), message(9), message(7)});
    QCOMPARE(second.size(), std::size_t{1});
    QCOMPARE(m_store->rows(m_inbox, second)->at(0).uid, 9u);
    QVERIFY(insert(m_inbox, {}).empty());
}

void MessageStoreTest::keepsWhatTheServerSaid()
{
    NewMessage sent = message(4'000'000'000u, Seen | Flagged);
    sent.modSeq = 9'000'000'000'000'000'000ull;
    sent.keywords = {"$Label1", "work"};
    sent.date = 1'600'000'000;
    sent.size = 5'000'000'000;
    sent.subject = std::string("Grüße \0 und \x1f mehr", 20);
    sent.from = {{"Zoë, \"the\" one", "zoe@example.org"}, {"", "only@example.org"}};
    sent.to = {{"Name without address", ""}};
    sent.cc = {{"C", "c@example.org"}};
    sent.references = {"a@b", "c@d"};
    sent.hasAttachment = true;
    const auto ids = insert(m_inbox, {sent});
    QCOMPARE(ids.size(), std::size_t{1});
    const auto row = m_store->row(ids[0]);
    VERIFY_RESULT(row);
    QCOMPARE(row->folder, m_inbox);
    QCOMPARE(row->uid, sent.uid);
    QCOMPARE(row->date, sent.internalDate);
    QCOMPARE(row->subject, sent.subject);
    QVERIFY(row->from == sent.from);
    QVERIFY(row->to == sent.to);
    QCOMPARE(row->flags, sent.flags);
    QCOMPARE(row->size, sent.size);
    QVERIFY(row->hasAttachment);
    QVERIFY(!row->hasBody);
    SQLite::Statement stored(m_mail->raw(), R"sql(
        SELECT p.mod_seq, p.keywords, h.date, h.reference_ids, h.list_id
        FROM placement AS p JOIN message_header AS h ON h.message = p.message)sql");
    QVERIFY(stored.executeStep());
    QCOMPARE(static_cast<std::uint64_t>(stored.getColumn(0).getInt64()), sent.modSeq);
    QCOMPARE(stored.getColumn(1).getString(), std::string("$Label1 work"));
    QCOMPARE(stored.getColumn(2).getInt64(), sent.date);
    QCOMPARE(stored.getColumn(3).getString(), std::string("a@b\nc@d"));
    QVERIFY(stored.getColumn(4).isNull());
}

void MessageStoreTest::updatesFlagsOfWhatIsThere()
{
    const auto ids = insert(m_inbox, {message(1), message(2)});
    NewMessage again = message(1, Seen);
    again.subject = "another subject is not believed";
    QVERIFY(insert(m_inbox, {again}).empty());
    const auto row = m_store->row(ids[0]);
    QCOMPARE(row->flags, Flags{Seen});
    QCOMPARE(row->subject, std::string("Subject 1"));
    QCOMPARE(folder(m_inbox).unread, 1);
    QVERIFY(countsAreTrue());
}

void MessageStoreTest::takesAUidTwiceInOneBatch()
{
    const auto ids = insert(m_inbox, {message(1), message(1, Seen)});
    QCOMPARE(ids.size(), std::size_t{1});
    QCOMPARE(m_store->row(ids[0])->flags, Flags{Seen});
    QVERIFY(countsAreTrue());
}

void MessageStoreTest::refusesWhatItCannotPlace()
{
    const std::vector<NewMessage> one{message(1)};
    VERIFY_FAILS(m_store->insert(FolderId{999}, one), ErrorKind::Rejected, ErrorCode::NotFound);
    const std::vector<NewMessage> zero{message(1), message(0)};
    VERIFY_FAILS(m_store->insert(m_inbox, zero), ErrorKind::Rejected, ErrorCode::InvalidInput);
    QCOMPARE(folder(m_inbox).total, 0);
}

void MessageStoreTest::givesOneMessageToOneContent()
{
    NewMessage labelled = message(10);
    labelled.contentId = "1278455344230334865";
    const auto inInbox = insert(m_inbox, {labelled});
    labelled.uid = 77;
    const auto inArchive = insert(m_archive, {labelled});
    QCOMPARE(inInbox.size(), std::size_t{1});
    QVERIFY(inInbox == inArchive);
    const auto placements = m_store->placements(inInbox[0]);
    VERIFY_RESULT(placements);
    QCOMPARE(placements->size(), std::size_t{2});
    QCOMPARE(placements->at(0).uid, 10u);
    QCOMPARE(placements->at(1).uid, 77u);
    const ThreadId thread = m_store->row(inInbox[0])->thread;
    QCOMPARE(ThreadFolders(*m_mail).threadMessages(thread)->size(), std::size_t{1});
    // It stays while it lies anywhere.
    const std::uint32_t gone[]{10};
    QCOMPARE(m_store->removeUids(m_inbox, gone)->size(), std::size_t{1});
    QCOMPARE(m_store->row(inInbox[0])->folder, m_archive);
    QVERIFY(countsAreTrue());
}

void MessageStoreTest::keepsAContentTwiceInOneFolderApart()
{
    NewMessage first = message(1);
    first.contentId = "M6d99ac3275bb4e";
    NewMessage second = first;
    second.uid = 2;
    const auto ids = insert(m_inbox, {first, second});
    QCOMPARE(ids.size(), std::size_t{2});
    QVERIFY(ids[0] != ids[1]);
    const auto list = m_store->list(m_inbox);
    QCOMPARE(list->size(), std::size_t{2});
    QVERIFY(list->at(0) != list->at(1));
    // Two in another folder, too: one is each one's.
    const auto archived = insert(m_archive, {first, second});
    QVERIFY(archived == ids);
}

void MessageStoreTest::neverMixesTheContentsOfTwoAccounts()
{
    const FolderId other = addFolder(*m_mail, "INBOX", AccountId{2});
    NewMessage same = message(1);
    same.contentId = "42";
    const auto mine = insert(m_inbox, {same});
    const auto others = insert(other, {same});
    QVERIFY(mine[0] != others[0]);
    QVERIFY(m_store->row(mine[0])->thread != m_store->row(others[0])->thread);
}

void MessageStoreTest::countsByShownFlags()
{
    insert(m_inbox, {message(1), message(2, Seen), message(3)});
    QCOMPARE(folder(m_inbox).total, 3);
    QCOMPARE(folder(m_inbox).unread, 2);
    VERIFY_RESULT(m_store->overlay(m_inbox, 1, {Seen, 0}));
    QCOMPARE(folder(m_inbox).unread, 1);
    VERIFY_RESULT(m_store->dropOverlay(m_inbox, 1, {}));
    QCOMPARE(folder(m_inbox).unread, 2);
}

void MessageStoreTest::countsStayRightThroughEverything()
{
    std::uint32_t random = 12345;
    const auto next = [&](std::uint32_t bound) {
        random = random * 1664525 + 1013904223;
        return (random >> 8) % bound;
    };
    for (int step = 0; step < 300; ++step) {
        const FolderId where = next(2) ? m_inbox : m_archive;
        const std::uint32_t uid = 1 + next(40);
        switch (next(6)) {
        case 0: {
            NewMessage added = message(uid, next(16));
            if (next(2))
                added.contentId = std::to_string(next(20));
            insert(where, {added, message(uid + 1, next(16))});
            break;
        }
        case 1: {
            const PlacementFlags flags[]{{uid, 1, next(16), {}}};
            VERIFY_RESULT(m_store->updateFlags(where, flags));
            break;
        }
        case 2: {
            const std::uint32_t gone[]{uid, uid + 1, uid};
            VERIFY_RESULT(m_store->removeUids(where, gone));
            break;
        }
        case 3:
            VERIFY_RESULT(m_store->overlay(where, uid, {next(16), next(16)}));
            break;
        case 4:
            VERIFY_RESULT(m_store->dropOverlay(where, uid, {}));
            break;
        default:
            if (next(10) == 0)
                VERIFY_RESULT(FolderStore(*m_mail).reset(where, step + 1));
        }
        QVERIFY2(countsAreTrue(), qPrintable(QStringLiteral("after step %1").arg(step)));
    }
    QCOMPARE(m_mail->raw()
                 .execAndGet(R"sql(
        SELECT count(*) FROM message
        WHERE id NOT IN (SELECT message FROM placement))sql")
                 .getInt(),
             0);
    QCOMPARE(m_mail->raw()
                 .execAndGet(R"sql(
        SELECT count(*) FROM message_header
        WHERE message NOT IN (SELECT id FROM message))sql")
                 .getInt(),
             0);
}

void MessageStoreTest::tellsWhoseFlagsChanged()
{
    const auto ids = insert(m_inbox, {message(1), message(2, Seen), message(3)});
    const PlacementFlags flags[]{
        {1, 5, Seen, {}}, {2, 6, Seen, {"k"}}, {99, 7, Seen, {}}, {3, 8, Flagged, {}}};
    const auto changed = m_store->updateFlags(m_inbox, flags);
    VERIFY_RESULT(changed);
    QVERIFY(changed->changed == (std::vector<MessageId>{ids[0], ids[2]}));
    QVERIFY(changed->appeared.empty() && changed->vanished.empty());
    QCOMPARE(folder(m_inbox).unread, 1);
}

void MessageStoreTest::removesAMessageWithItsLastPlacement()
{
    const auto ids = insert(m_inbox, {message(1), message(2), message(3)});
    const std::uint32_t gone[]{1, 3, 1, 50};
    const auto removed = m_store->removeUids(m_inbox, gone);
    VERIFY_RESULT(removed);
    QVERIFY(*removed == (std::vector<MessageId>{ids[0], ids[2]}));
    VERIFY_FAILS(m_store->row(ids[0]), ErrorKind::Rejected, ErrorCode::NotFound);
    QCOMPARE(m_mail->raw().execAndGet("SELECT count(*) FROM message_header").getInt(), 1);
    QCOMPARE(m_mail->raw().execAndGet("SELECT count(*) FROM thread_link").getInt(), 1);
    QVERIFY(countsAreTrue());
}

void MessageStoreTest::neverReusesIds()
{
    const auto first = insert(m_inbox, {message(1)});
    const std::uint32_t gone[]{1};
    VERIFY_RESULT(m_store->removeUids(m_inbox, gone));
    QVERIFY(insert(m_inbox, {message(2)})[0] > first[0]);
}

void MessageStoreTest::laysChangesOverAndTakesThemBack()
{
    NewMessage shared = message(1, Answered);
    shared.contentId = "c";
    const auto ids = insert(m_inbox, {shared});
    insert(m_archive, {shared});
    for (const FolderId where : {m_inbox, m_archive})
        VERIFY_RESULT(m_store->overlay(where, 1, {Seen | Flagged, Answered}));
    const auto placements = m_store->placements(ids[0]);
    for (const Placement& placement : *placements) {
        QCOMPARE(placement.shownFlags, Flags{Seen | Flagged});
        QCOMPARE(placement.serverFlags, Flags{Answered});
    }
    QCOMPARE(folder(m_inbox).unread, 0);
    QCOMPARE(folder(m_archive).unread, 0);
    VERIFY_RESULT(m_store->dropOverlay(m_archive, 1, {}));
    QCOMPARE(folder(m_archive).unread, 1);
    const auto changed = m_store->overlay(m_inbox, 1, {0, Flagged});
    QVERIFY(changed->changed == ids);
    QVERIFY(m_store->overlay(m_inbox, 1, {0, Flagged})->empty());
    QVERIFY(m_store->overlay(m_inbox, 999, {Seen, 0})->empty());
}

void MessageStoreTest::hidesWhatIsMarkedDeleted()
{
    const auto ids = insert(m_inbox, {message(1), message(2, Seen), message(3, Deleted)});
    QCOMPARE(ids.size(), std::size_t{2});
    QCOMPARE(folder(m_inbox).total, 2);
    QCOMPARE(folder(m_inbox).cached, 3);
    const auto hidden = m_store->overlay(m_inbox, 1, {Deleted, 0});
    VERIFY_RESULT(hidden);
    QVERIFY(hidden->vanished == std::vector<MessageId>{ids[0]});
    QVERIFY(*m_store->list(m_inbox) == std::vector<MessageId>{ids[1]});
    QCOMPARE(folder(m_inbox).total, 1);
    QCOMPARE(folder(m_inbox).unread, 0);
    // The server's word comes in between: what waits still lies over it.
    const PlacementFlags flags[]{{1, 9, Flagged, {}}};
    VERIFY_RESULT(m_store->updateFlags(m_inbox, flags, {{1, {Deleted, 0}}}));
    QCOMPARE(folder(m_inbox).total, 1);
    const auto back = m_store->dropOverlay(m_inbox, 1, {});
    VERIFY_RESULT(back);
    QVERIFY(back->appeared == std::vector<MessageId>{ids[0]});
    QCOMPARE(m_store->rows(m_inbox, ids)->front().flags, Flags{Flagged});
    QVERIFY(countsAreTrue());
}

void MessageStoreTest::showsAMovedMessageBeforeTheServerNamesIt()
{
    const PlacementKey key = firstPendingKey + 7;
    const auto ids = insert(m_inbox, {message(1)});
    VERIFY_RESULT(m_store->overlay(m_inbox, 1, {Deleted, 0}));
    QVERIFY(m_store->placePending(m_archive, key, ids[0], Seen, 50).value());
    QVERIFY(!m_store->placePending(m_archive, key, ids[0], Seen, 50).value());
    QVERIFY(*m_store->list(m_archive) == ids);
    QCOMPARE(m_store->rows(m_archive, ids)->front().uid, 0u);
    QCOMPARE(folder(m_archive).total, 1);
    QCOMPARE(folder(m_archive).cached, 0);
    QCOMPARE(m_store->lastUid(m_archive).value(), 0u);
    QVERIFY(m_store->uids(m_archive)->empty());
    VERIFY_RESULT(m_store->nameArrival(m_archive, key, 12));
    const std::uint32_t gone[]{1};
    VERIFY_RESULT(m_store->removeUids(m_inbox, gone));
    QVERIFY(*m_store->uids(m_archive) == std::vector<std::uint32_t>{12});
    QCOMPARE(folder(m_archive).cached, 1);
    QCOMPARE(m_store->row(ids[0])->uid, 12u);
    QVERIFY(countsAreTrue());
}

void MessageStoreTest::knowsAMovedMessageAgainWhenTheServerNamesIt()
{
    NewMessage named = message(1);
    NewMessage nameless = message(2);
    nameless.messageIdHeader.clear();
    const auto ids = insert(m_inbox, {named, nameless});
    for (std::size_t i = 0; i < 2; ++i)
        VERIFY_RESULT(m_store->placePending(m_archive, firstPendingKey + 1 + PlacementKey(i),
                                            ids[i], 0,
                                            i == 0 ? named.internalDate : nameless.internalDate));
    named.uid = 31;
    nameless.uid = 32;
    NewMessage stranger = message(33);
    stranger.messageIdHeader = "another@example.org";
    const std::vector<NewMessage> arrived{named, nameless, stranger};
    const auto list = m_store->insert(m_archive, arrived);
    VERIFY_RESULT(list);
    QCOMPARE(list->appeared.size(), std::size_t{1});
    QVERIFY(list->named == (std::vector<std::pair<PlacementKey, std::uint32_t>>{
                               {firstPendingKey + 1, 31}, {firstPendingKey + 2, 32}}));
    QVERIFY(m_store->pendingKeys(m_archive)->empty());
    QCOMPARE(m_store->placements(ids[0])->size(), std::size_t{2});
    QVERIFY(countsAreTrue());
}

void MessageStoreTest::dropsAnArrivalThatNeverComes()
{
    const auto ids = insert(m_inbox, {message(1)});
    VERIFY_RESULT(m_store->placePending(m_archive, firstPendingKey, ids[0], 0, 1));
    QVERIFY(*m_store->removePending(m_archive, firstPendingKey) == ids);
    QVERIFY(m_store->removePending(m_archive, firstPendingKey)->empty());
    VERIFY_RESULT(m_store->row(ids[0]));
    QVERIFY(countsAreTrue());
}

void MessageStoreTest::listsNewestFirst()
{
    NewMessage old = message(9);
    old.internalDate = 5;
    const auto ids = insert(m_inbox, {message(1), old, message(2)});
    insert(m_archive, {message(3)});
    const auto list = m_store->list(m_inbox);
    VERIFY_RESULT(list);
    QVERIFY(*list == (std::vector<MessageId>{ids[2], ids[0], ids[1]}));
    QVERIFY(*m_store->list(m_inbox, {}, 2) == (std::vector<MessageId>{ids[2], ids[0]}));
    QVERIFY(m_store->list(FolderId{999})->empty());
}

void MessageStoreTest::filters_data()
{
    QTest::addColumn<bool>("unread");
    QTest::addColumn<bool>("starred");
    QTest::addColumn<bool>("attachments");
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<int>>("uids");
    QTest::newRow("unread only") << true << false << false << "" << QList<int>{4, 1};
    QTest::newRow("starred only") << false << true << false << "" << QList<int>{3, 1};
    QTest::newRow("unread and starred") << true << true << false << "" << QList<int>{1};
    QTest::newRow("with attachments") << false << false << true << "" << QList<int>{2};
    QTest::newRow("subject in another case") << false << false << false << "ÜBUNG" << QList<int>{2};
    QTest::newRow("sender's name") << false << false << false << "ågot" << QList<int>{3};
    QTest::newRow("recipient's address")
        << false << false << false << "DESK@example" << QList<int>{4};
    QTest::newRow("copy's address") << false << false << false << "copied@" << QList<int>{1};
    QTest::newRow("text with wildcards") << false << false << false << "100%" << QList<int>{4};
    QTest::newRow("text that is nowhere") << false << false << false << "zzz" << QList<int>{};
    QTest::newRow("text and a flag") << true << false << false << "e" << QList<int>{4, 1};
}

void MessageStoreTest::filters()
{
    QFETCH(bool, unread);
    QFETCH(bool, starred);
    QFETCH(bool, attachments);
    QFETCH(QString, text);
    QFETCH(QList<int>, uids);
    NewMessage one = message(1, Flagged), two = message(2, Seen),
               three = message(3, Seen | Flagged), four = message(4);
    one.cc = {{"", "copied@example.org"}};
    one.subject = "One";
    two.subject = "Die Übung";
    two.hasAttachment = true;
    three.from = {{"ÅGOT", "agot@sub.test"}};
    three.subject = "Third";
    four.to = {{"Desk", "desk@example.net"}};
    four.subject = "100% sure, 1000 times";
    insert(m_inbox, {one, two, three, four});
    const ListFilter filter{unread, starred, attachments, text.toStdString()};
    const auto ids = m_store->list(m_inbox, filter);
    VERIFY_RESULT(ids);
    QList<int> found;
    const auto rows = m_store->rows(m_inbox, *ids);
    VERIFY_RESULT(rows);
    for (const MessageSummary& row : *rows)
        found << static_cast<int>(row.uid);
    QCOMPARE(found, uids);
    const auto limited = m_store->list(m_inbox, filter, 1);
    QCOMPARE(limited->size(), std::min<std::size_t>(1, ids->size()));
}

void MessageStoreTest::leavesOutRowsThatAreGone()
{
    const auto ids = insert(m_inbox, {message(1), message(2), message(3)});
    const std::uint32_t gone[]{2};
    VERIFY_RESULT(m_store->removeUids(m_inbox, gone));
    const MessageId wanted[]{ids[2], ids[1], MessageId{12345}, ids[0]};
    const auto rows = m_store->rows(m_inbox, wanted);
    VERIFY_RESULT(rows);
    QCOMPARE(rows->size(), std::size_t{2});
    QCOMPARE(rows->at(0).id, ids[2]);
    QCOMPARE(rows->at(1).id, ids[0]);
    QVERIFY(m_store->rows(m_archive, wanted)->empty());
}

void MessageStoreTest::findsByMessageIdHeader()
{
    const auto ids = insert(m_inbox, {message(1), message(2)});
    insert(m_archive, {message(1)});
    const auto found = m_store->findByMessageIdHeader(m_inbox, "1@example.org");
    VERIFY_RESULT(found);
    QCOMPARE(found->size(), std::size_t{1});
    QCOMPARE(found->at(0).message, ids[0]);
    QCOMPARE(found->at(0).messageIdHeader, std::string("1@example.org"));
    QVERIFY(m_store->findByMessageIdHeader(m_inbox, "3@example.org")->empty());
    QVERIFY(m_store->findByMessageIdHeader(m_inbox, "")->empty());
    // Still found where its thread was merged into an older one.
    NewMessage link = message(3);
    link.references = {"1@example.org", "2@example.org"};
    insert(m_inbox, {link});
    QCOMPARE(m_store->findByMessageIdHeader(m_inbox, "2@example.org")->size(), std::size_t{1});
    // Only mentioned by others is not here.
    NewMessage mentions = message(4);
    mentions.references = {"elsewhere@example.org"};
    insert(m_inbox, {mentions});
    QVERIFY(m_store->findByMessageIdHeader(m_inbox, "elsewhere@example.org")->empty());
}

void MessageStoreTest::knowsUidsAndPlacements()
{
    Folder state = folder(m_inbox);
    state.uidValidity = 4711;
    VERIFY_RESULT(FolderStore(*m_mail).saveSyncState(state));
    const auto ids = insert(m_inbox, {message(30), message(10), message(4'294'967'295u)});
    QVERIFY(*m_store->uids(m_inbox) == (std::vector<std::uint32_t>{10, 30, 4'294'967'295u}));
    QVERIFY(*m_store->uids(m_inbox, 11) == (std::vector<std::uint32_t>{30, 4'294'967'295u}));
    const auto placement = m_store->placements(ids[0]);
    QCOMPARE(placement->at(0).uidValidity, 4711u);
    QVERIFY(m_store->placements(MessageId{999})->empty());
}

void MessageStoreTest::remembersBodies()
{
    const auto ids = insert(m_inbox, {message(1)});
    VERIFY_RESULT(m_store->setBody(ids[0], true));
    VERIFY_RESULT(m_store->setPreview(ids[0], "Dear Zoë,"));
    QVERIFY(m_store->row(ids[0])->hasBody);
    QCOMPARE(m_store->row(ids[0])->preview, std::string("Dear Zoë,"));
    VERIFY_RESULT(m_store->setBody(ids[0], false));
    QVERIFY(!m_store->row(ids[0])->hasBody);
}

void MessageStoreTest::rollsABatchBackWhole()
{
    insert(m_inbox, {message(1)});
    const Status status = m_mail->transaction([&]() -> Status {
        insert(m_inbox, {message(2), message(3)});
        return fail(ErrorKind::Cancelled, "stop");
    });
    QVERIFY(!status);
    QCOMPARE(m_store->list(m_inbox)->size(), std::size_t{1});
    // What was remembered of the links went with it: the thread exists again, not a ghost of it.
    NewMessage reply = message(4);
    reply.inReplyTo = "2@example.org";
    const auto ids = insert(m_inbox, {reply});
    QCOMPARE(m_store->row(ids[0])->thread.value, ids[0].value);
    QVERIFY(countsAreTrue());
}

void MessageStoreTest::neverScansForAListOrItsRows()
{
    const auto ids = insert(m_inbox, {message(1), message(2)});
    std::vector<std::string> statements;
    {
        Trace trace(m_mail->raw());
        VERIFY_RESULT(m_store->list(m_inbox));
        VERIFY_RESULT(m_store->list(m_inbox, {}, 200));
        VERIFY_RESULT(m_store->rows(m_inbox, ids));
        VERIFY_RESULT(m_store->row(ids[0]));
        VERIFY_RESULT(m_store->uids(m_inbox));
        VERIFY_RESULT(m_store->placements(ids[0]));
        VERIFY_RESULT(m_store->findByMessageIdHeader(m_inbox, "1@example.org"));
        statements = trace.statements;
    }
    QVERIFY(statements.size() >= 7);
    for (const std::string& statement : statements) {
        const std::string plan = planOf(m_mail->raw(), statement);
        const std::string both = statement + "\n" + plan;
        QVERIFY2(!plan.empty(), both.c_str());
        QVERIFY2(plan.find("SCAN") == std::string::npos, both.c_str());
        // The few messages of one thread and the few placements of one message may be sorted.
        const bool few = statement.find("ORDER BY p.uid") != std::string::npos ||
                         statement.find("ORDER BY p.hidden") != std::string::npos;
        QVERIFY2(few || plan.find("TEMP B-TREE") == std::string::npos, both.c_str());
    }
    const std::string listPlan = planOf(m_mail->raw(), statements.front());
    QVERIFY2(listPlan.find("COVERING INDEX placement_by_date (folder=? AND hidden=?)") !=
                 std::string::npos,
             listPlan.c_str());
    const std::string rowPlan = planOf(m_mail->raw(), statements[2]);
    QVERIFY2(rowPlan.find("placement_by_message (message=? AND folder=?)") != std::string::npos,
             rowPlan.c_str());
}

void MessageStoreTest::readsOnAReadOnlyConnection()
{
    const auto ids = insert(m_inbox, {message(1)});
    auto other = Database::open(m_folders->path("mail.db"), Schema::Mail, Access::ReadOnly);
    VERIFY_RESULT(other);
    MessageStore reader(**other);
    QCOMPARE(reader.list(m_inbox)->size(), std::size_t{1});
    insert(m_inbox, {message(2)});
    QCOMPARE(reader.list(m_inbox)->size(), std::size_t{2});
    QCOMPARE(reader.rows(m_inbox, ids)->size(), std::size_t{1});
}

void MessageStoreTest::writesFailCleanlyOnAReadOnlyConnection()
{
    insert(m_inbox, {message(1)});
    auto other = Database::open(m_folders->path("mail.db"), Schema::Mail, Access::ReadOnly);
    VERIFY_RESULT(other);
    MessageStore reader(**other);
    const std::vector<NewMessage> one{message(2)};
    VERIFY_FAILS(reader.insert(m_inbox, one), ErrorKind::Storage, ErrorCode::None);
    QCOMPARE(reader.list(m_inbox)->size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(MessageStoreTest)
#include "MessageStoreTest.moc"
