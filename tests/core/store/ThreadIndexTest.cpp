// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ThreadIndex.h"
#include "core/store/MessageStore.h"
#include "core/store/ThreadFolders.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

using namespace avocet;
using namespace avocet::test;

namespace {

/// One letter a message: its Message-ID, and those it refers to. Its UID is its place.
struct Mail {
    const char* id;
    const char* references;
    const char* inReplyTo = "";
};

NewMessage messageFrom(const Mail& mail, std::uint32_t uid)
{
    NewMessage message;
    message.uid = uid;
    message.internalDate = uid;
    const auto header = [](char letter) { return std::string(1, letter) + "@example.org"; };
    if (*mail.id)
        message.messageIdHeader = header(*mail.id);
    for (const char* letter = mail.references; *letter; ++letter)
        message.references.push_back(header(*letter));
    if (*mail.inReplyTo)
        message.inReplyTo = header(*mail.inReplyTo);
    return message;
}

Result<std::vector<MessageId>> conversation(Database& mail, MessageId of)
{
    const auto row = MessageStore(mail).row(of);
    return ThreadFolders(mail).threadMessages(row ? row->thread : ThreadId{});
}

} // namespace

Q_DECLARE_METATYPE(std::vector<Mail>)

class ThreadIndexTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void groupsByReferences_data();
    void groupsByReferences();
    void keepsThreadsOfAccountsApart();
    void givesAThreadOldestFirst();
    void forgetsAThreadWithItsLastMessage();
    void findsAThreadAgainAfterAFolderWasReset();
    void boundsTheReferences();
    void followsAChainOfMerges();
    void spansFoldersWhateverTheirOrder_data();
    void spansFoldersWhateverTheirOrder();
    void staysTogetherWithoutTheLink();
    void givesTheSameThreadsInAnyOrder_data();
    void givesTheSameThreadsInAnyOrder();
    void survivesTwoIdsOfOneHash();
    void hashesDifferByAccountAndText();
};

void ThreadIndexTest::groupsByReferences_data()
{
    QTest::addColumn<std::vector<Mail>>("mails");
    QTest::addColumn<QString>("threads"); // one letter a mail: the same letter, the same thread
    using List = std::vector<Mail>;
    QTest::newRow("nothing in common") << List{{"a", ""}, {"b", ""}} << "xy";
    QTest::newRow("a reply") << List{{"a", ""}, {"b", "a"}} << "xx";
    QTest::newRow("a reply that came first") << List{{"b", "a"}, {"a", ""}} << "xx";
    QTest::newRow("a reply by In-Reply-To alone") << List{{"a", ""}, {"b", "", "a"}} << "xx";
    QTest::newRow("two replies to what is not here") << List{{"b", "a"}, {"c", "a"}} << "xx";
    QTest::newRow("a link that comes later joins two threads")
        << List{{"a", ""}, {"c", "b"}, {"b", "a"}} << "xxx";
    QTest::newRow("one message joins three threads")
        << List{{"a", ""}, {"b", ""}, {"c", ""}, {"d", "abc"}, {"e", "c"}, {"f", ""}} << "xxxxxy";
    QTest::newRow("newest first, as a sync goes")
        << List{{"d", "abc"}, {"c", "ab"}, {"b", "a"}, {"a", ""}} << "xxxx";
    QTest::newRow("no ids at all") << List{{"", ""}, {"", ""}} << "xy";
    QTest::newRow("no id of its own, but references") << List{{"a", ""}, {"", "a"}} << "xx";
    QTest::newRow("refers to itself") << List{{"a", "a"}, {"b", ""}} << "xy";
    QTest::newRow("a circle") << List{{"a", "b"}, {"b", "a"}} << "xx";
    QTest::newRow("the same Message-ID twice") << List{{"a", ""}, {"a", ""}} << "xx";
}

void ThreadIndexTest::groupsByReferences()
{
    QFETCH(std::vector<Mail>, mails);
    QFETCH(QString, threads);
    for (const bool oneBatch : {true, false}) {
        Folders folders;
        auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
        VERIFY_RESULT(mail);
        MessageStore store(**mail);
        const FolderId inbox = addFolder(**mail, "INBOX");
        std::vector<NewMessage> messages;
        for (std::uint32_t i = 0; i < mails.size(); ++i)
            messages.push_back(messageFrom(mails[i], i + 1));
        std::vector<MessageId> ids;
        if (oneBatch) {
            ids = store.insert(inbox, messages).value().appeared;
        } else {
            for (const NewMessage& message : messages)
                ids.push_back(store.insert(inbox, {&message, 1}).value().appeared.front());
        }
        std::map<QChar, ThreadId> byLetter;
        std::set<std::int64_t> different;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const ThreadId thread = store.row(ids[i])->thread;
            const QChar letter = threads[static_cast<qsizetype>(i)];
            if (!byLetter.contains(letter)) {
                byLetter[letter] = thread;
                QVERIFY2(different.insert(thread.value).second, "two threads became one");
            }
            QCOMPARE(thread, byLetter[letter]);
        }
        for (std::size_t i = 0; i < ids.size(); ++i)
            QCOMPARE(static_cast<qsizetype>(conversation(**mail, ids[i])->size()),
                     threads.count(threads[static_cast<qsizetype>(i)]));
    }
}

void ThreadIndexTest::keepsThreadsOfAccountsApart()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    MessageStore store(**mail);
    const NewMessage message = messageFrom({"b", "a"}, 1);
    const auto mine = store.insert(addFolder(**mail, "INBOX"), {&message, 1});
    const auto others = store.insert(addFolder(**mail, "INBOX", AccountId{2}), {&message, 1});
    QVERIFY(store.row(mine->appeared.front())->thread !=
            store.row(others->appeared.front())->thread);
    QCOMPARE(conversation(**mail, mine->appeared.front())->size(), std::size_t{1});
}

void ThreadIndexTest::givesAThreadOldestFirst()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    MessageStore store(**mail);
    std::vector<NewMessage> messages{messageFrom({"c", "ab"}, 30), messageFrom({"a", ""}, 10),
                                     messageFrom({"b", "a"}, 20)};
    const auto ids = store.insert(addFolder(**mail, "INBOX"), messages);
    VERIFY_RESULT(ids);
    const auto thread = conversation(**mail, ids->appeared.at(0));
    QVERIFY(*thread == (std::vector<MessageId>{ids->appeared.at(1), ids->appeared.at(2),
                                               ids->appeared.at(0)}));
    QVERIFY(conversation(**mail, MessageId{99})->empty());
}

void ThreadIndexTest::forgetsAThreadWithItsLastMessage()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    MessageStore store(**mail);
    const FolderId inbox = addFolder(**mail, "INBOX");
    const std::vector<NewMessage> messages{messageFrom({"a", ""}, 1), messageFrom({"b", "a"}, 2),
                                           messageFrom({"z", ""}, 3)};
    VERIFY_RESULT(store.insert(inbox, messages));
    const std::uint32_t first[]{1}, second[]{2};
    VERIFY_RESULT(store.removeUids(inbox, first));
    const auto links = [&] {
        return (*mail)->raw().execAndGet("SELECT count(*) FROM thread_link").getInt();
    };
    QCOMPARE(links(), 3); // b is still there and quotes a
    VERIFY_RESULT(store.removeUids(inbox, second));
    QCOMPARE(links(), 1);
}

void ThreadIndexTest::findsAThreadAgainAfterAFolderWasReset()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    MessageStore store(**mail);
    const FolderId inbox = addFolder(**mail, "INBOX");
    const std::vector<NewMessage> messages{messageFrom({"a", ""}, 1), messageFrom({"b", "a"}, 2),
                                           messageFrom({"z", ""}, 3)};
    VERIFY_RESULT(store.insert(inbox, messages));
    VERIFY_RESULT(FolderStore(**mail).reset(inbox, 2));
    const auto ids = store.insert(inbox, messages);
    VERIFY_RESULT(ids);
    QCOMPARE(conversation(**mail, ids->appeared.at(0))->size(), std::size_t{2});
    QCOMPARE(conversation(**mail, ids->appeared.at(2))->size(), std::size_t{1});
}

void ThreadIndexTest::boundsTheReferences()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    MessageStore store(**mail);
    NewMessage endless = messageFrom({"x", ""}, 1);
    for (int i = 0; i < 20'000; ++i)
        endless.references.push_back(std::to_string(i) + "@example.org");
    VERIFY_RESULT(store.insert(addFolder(**mail, "INBOX"), {&endless, 1}));
    QVERIFY((*mail)->raw().execAndGet("SELECT count(*) FROM thread_link").getInt() <= 66);
    // The ends of the chain are the ones that count.
    NewMessage root = messageFrom({"", ""}, 2), last = messageFrom({"", ""}, 3);
    root.messageIdHeader = "0@example.org";
    last.messageIdHeader = "19999@example.org";
    const std::vector<NewMessage> both{root, last};
    const auto ids = store.insert(FolderId{1}, both);
    VERIFY_RESULT(ids);
    QCOMPARE(conversation(**mail, ids->appeared.at(0))->size(), std::size_t{3});
}

void ThreadIndexTest::followsAChainOfMerges()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    MessageStore store(**mail);
    const FolderId inbox = addFolder(**mail, "INBOX");
    std::uint32_t uid = 1;
    std::vector<MessageId> ids;
    const auto insert = [&](const Mail& one) {
        const NewMessage message = messageFrom(one, uid++);
        ids.push_back(store.insert(inbox, {&message, 1}).value().appeared.front());
    };
    for (const char* letter : {"a", "b", "c", "d", "e"})
        insert({letter, ""});
    // Always the two youngest, so that each merge leads to the next.
    insert({"1", "de"});
    insert({"2", "cd"});
    insert({"3", "bc"});
    insert({"4", "ab"});
    insert({"5", "e"});
    QCOMPARE(conversation(**mail, ids[0])->size(), std::size_t{10});
    QCOMPARE(store.row(ids.back())->thread.value, ids.front().value);
    QCOMPARE(store.findByMessageIdHeader(inbox, "e@example.org")->size(), std::size_t{1});
}

void ThreadIndexTest::spansFoldersWhateverTheirOrder_data()
{
    QTest::addColumn<QString>(
        "order"); // I: question and second answer, S: what we sent between them, A: archived
    for (const char* order : {"ISA", "IAS", "SIA", "SAI", "AIS", "ASI"})
        QTest::newRow(order) << QString::fromUtf8(order);
}

void ThreadIndexTest::spansFoldersWhateverTheirOrder()
{
    QFETCH(QString, order);
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    MessageStore store(**mail);
    const FolderId inbox = addFolder(**mail, "INBOX"), sent = addFolder(**mail, "Sent"),
                   archive = addFolder(**mail, "Archive");
    std::vector<MessageId> ids;
    for (const QChar folder : order) {
        if (folder == u'I') {
            const std::vector<NewMessage> two{messageFrom({"a", ""}, 10),
                                              messageFrom({"d", "abc"}, 40)};
            const auto both = store.insert(inbox, two)->appeared;
            ids.insert(ids.end(), both.begin(), both.end());
            continue;
        }
        const NewMessage one =
            folder == u'S' ? messageFrom({"b", "", "a"}, 20) : messageFrom({"c", "b"}, 30);
        ids.push_back(store.insert(folder == u'S' ? sent : archive, {&one, 1})->appeared.front());
    }
    const auto thread = conversation(**mail, ids.front());
    QCOMPARE(thread->size(), std::size_t{4});
    std::vector<std::int64_t> dates;
    for (const MessageId id : *thread)
        dates.push_back(store.row(id)->date);
    QVERIFY(dates == (std::vector<std::int64_t>{10, 20, 30, 40}));
}

/// As in the conversations that people remember: deleting a message tears nothing apart, and a late answer still finds it.
void ThreadIndexTest::staysTogetherWithoutTheLink()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    MessageStore store(**mail);
    const FolderId inbox = addFolder(**mail, "INBOX");
    const std::vector<NewMessage> messages{messageFrom({"a", ""}, 1), messageFrom({"b", "a"}, 2),
                                           messageFrom({"c", "b"}, 3)};
    const auto ids = store.insert(inbox, messages)->appeared;
    const std::uint32_t link[]{2};
    VERIFY_RESULT(store.removeUids(inbox, link));
    QCOMPARE(conversation(**mail, ids[0])->size(), std::size_t{2});
    const NewMessage late = messageFrom({"x", "", "b"}, 4);
    VERIFY_RESULT(store.insert(inbox, {&late, 1}));
    QCOMPARE(conversation(**mail, ids[0])->size(), std::size_t{3});
}

void ThreadIndexTest::givesTheSameThreadsInAnyOrder_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 6; ++seed)
        QTest::addRow("mailbox %u", seed) << seed;
}

/// A made-up mailbox of answers to answers, with lost links, answers that name one ancestor or all, and now and then one
/// that belongs to two conversations: in whatever order and folders it comes, and also where some of it goes and comes
/// again meanwhile (a move), the threads are those of the mailbox as it was written.
void ThreadIndexTest::givesTheSameThreadsInAnyOrder()
{
    QFETCH(unsigned, seed);
    std::mt19937 random(seed);
    const auto below = [&](std::size_t bound) { return random() % bound; };
    std::vector<NewMessage> written;
    for (std::uint32_t i = 1; i <= 80; ++i) {
        NewMessage message;
        message.uid = i;
        message.internalDate = i;
        message.messageIdHeader = std::to_string(i) + "@example.org";
        for (std::size_t parents = below(5) == 0 ? 0 : 1 + (below(12) == 0); parents > 0;
             --parents) {
            if (written.empty())
                break;
            const NewMessage& parent = written[below(written.size())];
            if (below(3) == 0) {
                message.inReplyTo = parent.messageIdHeader;
                continue;
            }
            if (below(2) == 0)
                message.references = parent.references;
            message.references.push_back(parent.messageIdHeader);
        }
        written.push_back(message);
    }
    std::vector<std::set<std::uint32_t>> expected;
    for (int order = 0; order < 4; ++order) {
        Folders folders;
        auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
        VERIFY_RESULT(mail);
        MessageStore store(**mail);
        const FolderId targets[]{addFolder(**mail, "INBOX"), addFolder(**mail, "Sent")};
        std::vector<NewMessage> arriving = written;
        if (order > 0)
            std::shuffle(arriving.begin(), arriving.end(), random);
        for (std::size_t at = 0; at < arriving.size();) {
            const std::size_t count = std::min(1 + below(20), arriving.size() - at);
            const std::size_t where = below(2);
            const auto batch = std::span(arriving).subspan(at, count);
            VERIFY_RESULT(store.insert(targets[where], batch));
            if (order > 1 &&
                below(2) == 0) { // moved: it comes in the other folder before it goes here
                VERIFY_RESULT(store.insert(targets[1 - where], batch.first(1)));
                VERIFY_RESULT(store.removeUids(targets[where], {&batch[0].uid, 1}));
            }
            at += count;
        }
        std::map<std::int64_t, std::set<std::uint32_t>> byThread;
        for (const FolderId folder : targets) {
            const std::vector<MessageId> list = store.list(folder).value();
            for (const MessageId id : list)
                byThread[store.row(id)->thread.value].insert(store.row(id)->uid);
        }
        std::vector<std::set<std::uint32_t>> threads;
        for (auto& [thread, uids] : byThread) {
            QCOMPARE(ThreadFolders(**mail).threadMessages(ThreadId{thread})->size(), uids.size());
            threads.push_back(std::move(uids));
        }
        std::sort(threads.begin(), threads.end());
        if (order == 0)
            expected = threads;
        QVERIFY(expected.size() > 1);
        QVERIFY(threads == expected);
    }
}

/// Nobody meets one by chance. Who makes one on purpose gets no more than References would give: a place in the thread.
void ThreadIndexTest::survivesTwoIdsOfOneHash()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    MessageStore store(**mail);
    const FolderId inbox = addFolder(**mail, "INBOX");
    const NewMessage first = messageFrom({"a", ""}, 1), second = messageFrom({"z", ""}, 2);
    const auto a = store.insert(inbox, {&first, 1})->appeared;
    (*mail)->raw().exec("INSERT INTO thread_link VALUES(" +
                        std::to_string(accountHash(AccountId{1}, "z@example.org")) + ", " +
                        std::to_string(a[0].value) + ")");
    const auto z = store.insert(inbox, {&second, 1})->appeared;
    QCOMPARE(conversation(**mail, z[0])->size(), std::size_t{2});
    const auto found = store.findByMessageIdHeader(inbox, "z@example.org");
    QCOMPARE(found->size(), std::size_t{1});
    QCOMPARE(found->front().message.value, z[0].value);
}

void ThreadIndexTest::hashesDifferByAccountAndText()
{
    std::set<std::int64_t> seen;
    for (std::int64_t account = 1; account <= 20; ++account)
        for (int i = 0; i < 5000; ++i)
            seen.insert(accountHash(AccountId{account}, std::to_string(i) + "@example.org"));
    QCOMPARE(seen.size(), std::size_t{100'000});
    QCOMPARE(accountHash(AccountId{1}, "a"), accountHash(AccountId{1}, "a"));
}

QTEST_APPLESS_MAIN(ThreadIndexTest)
#include "ThreadIndexTest.moc"
