// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/CorrespondentStore.h"
#include "core/store/MessageStore.h"
#include "tests/core/store/StoreFixture.h"

#include <map>

using namespace avocet;
using namespace avocet::test;

class CorrespondentStoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void countsWhatIsReceivedAndSent();
    void countsEachMessageOnce();
    void takesTheNewestName();
    void neverTakesANameThatHoldsAnAddress();
    void knowsListsAndNewsletters();
    void leavesOutJunkAndDrafts();
    void countsWhatLiesInSentAsSent();
    void notesWhoWasNamedBesideTheUser();
    void believesNoDateOfTheFuture();
    void leavesOutWhatIsNoAddress();
    void startsOver();

private:
    NewMessage letter(const Address& from, const std::vector<Address>& to, std::int64_t date);
    void put(const NewMessage& message, FolderRole role = FolderRole::Inbox);
    void countAll();
    std::map<std::string, Correspondent> people();

    static constexpr std::int64_t now = 1'700'000'000;
    Folders m_files;
    std::unique_ptr<Database> m_mail;
    std::unique_ptr<CorrespondentStore> m_store;
    std::map<FolderRole, FolderId> m_folders;
    std::uint32_t m_uid = 0;
    int m_run = 0;
};

void CorrespondentStoreTest::init()
{
    m_mail = std::move(*Database::open(m_files.path("mail" + std::to_string(++m_run) + ".db"),
                                       Schema::Mail, Access::ReadWrite));
    m_store = std::make_unique<CorrespondentStore>(*m_mail);
    std::vector<Folder> folders;
    for (const FolderRole role :
         {FolderRole::Inbox, FolderRole::Sent, FolderRole::Junk, FolderRole::Drafts})
        folders.push_back(sampleFolder("F" + std::to_string(static_cast<int>(role)), role));
    FolderStore store(*m_mail);
    VERIFY_RESULT(store.replaceAll(AccountId{1}, folders));
    const auto listed = store.ofAccount(AccountId{1});
    VERIFY_RESULT(listed);
    for (const Folder& folder : *listed)
        m_folders[folder.role] = folder.id;
}

void CorrespondentStoreTest::cleanup()
{
    m_store.reset();
    m_mail.reset();
}

NewMessage CorrespondentStoreTest::letter(const Address& from, const std::vector<Address>& to,
                                          std::int64_t date)
{
    NewMessage message;
    message.uid = ++m_uid;
    message.from = {from};
    message.to = to;
    message.date = message.internalDate = date;
    return message;
}

void CorrespondentStoreTest::put(const NewMessage& message, FolderRole role)
{
    MessageStore messages(*m_mail);
    VERIFY_RESULT(messages.insert(m_folders[role], std::vector{message}));
}

void CorrespondentStoreTest::countAll()
{
    const auto isOwn = [](std::string_view address) { return address == "me@example.org"; };
    for (;;) {
        const auto counted = m_store->countSome(2, isOwn, now);
        VERIFY_RESULT(counted);
        if (*counted == 0)
            return;
    }
}

std::map<std::string, Correspondent> CorrespondentStoreTest::people()
{
    std::map<std::string, Correspondent> people;
    std::string after;
    for (;;) {
        const auto piece = m_store->piece(after, 2);
        if (!piece || piece->empty())
            return people;
        for (const Correspondent& person : *piece)
            people[person.address] = person;
        after = piece->back().address;
    }
}

void CorrespondentStoreTest::countsWhatIsReceivedAndSent()
{
    put(letter({"Anna", "Anna@Example.org"}, {{"", "me@example.org"}}, 100));
    put(letter({"Anna", "anna@example.org"}, {{"", "me@example.org"}}, 300));
    NewMessage answer = letter({"Me", "me@example.org"}, {{"Anna", "anna@example.org"}}, 200);
    answer.cc = {{"Bo", "bo@example.org"}};
    answer.bcc = {{"", "secret@example.org"}};
    put(answer, FolderRole::Sent);
    countAll();
    const auto all = people();
    const Correspondent anna = all.at("anna@example.org");
    QCOMPARE(anna.name, std::string("Anna"));
    QCOMPARE(anna.received, std::int64_t{2});
    QCOMPARE(anna.lastReceived, std::int64_t{300});
    QCOMPARE(anna.sent, std::int64_t{1});
    QCOMPARE(anna.lastSent, std::int64_t{200});
    QCOMPARE(all.at("bo@example.org").sent, std::int64_t{1});
    QCOMPARE(all.at("secret@example.org").sent, std::int64_t{1});
}

void CorrespondentStoreTest::countsEachMessageOnce()
{
    put(letter({"Anna", "anna@example.org"}, {}, 100));
    countAll();
    countAll();
    QCOMPARE(people().at("anna@example.org").received, std::int64_t{1});
    const auto before = m_store->progress().value();
    put(letter({"Anna", "anna@example.org"}, {}, 100));
    countAll();
    QCOMPARE(people().at("anna@example.org").received, std::int64_t{2});
    QVERIFY(m_store->progress().value() > before);
}

void CorrespondentStoreTest::takesTheNewestName()
{
    put(letter({"Anna Holm", "anna@example.org"}, {}, 200));
    put(letter({"Anna Berg", "anna@example.org"}, {}, 100));
    put(letter({"", "anna@example.org"}, {}, 300));
    countAll();
    QCOMPARE(people().at("anna@example.org").name, std::string("Anna Holm"));
    put(letter({"Anna Lund", "anna@example.org"}, {}, 400));
    countAll();
    QCOMPARE(people().at("anna@example.org").name, std::string("Anna Lund"));
}

void CorrespondentStoreTest::neverTakesANameThatHoldsAnAddress()
{
    put(letter({"ceo@bank.example", "x@evil.example"}, {}, 100));
    put(letter({std::string(10'000, 'a'), "y@evil.example"}, {}, 100));
    countAll();
    QVERIFY(people().at("x@evil.example").name.empty());
    QVERIFY(people().at("y@evil.example").name.empty());
}

void CorrespondentStoreTest::knowsListsAndNewsletters()
{
    NewMessage news = letter({"News", "news@shop.example"}, {}, 100);
    news.listUnsubscribe = "<https://shop.example/u>";
    put(news);
    NewMessage list = letter({"Anna", "anna@example.org"}, {{"", "list@lists.example"}}, 100);
    list.listId = "list.lists.example";
    put(list);
    put(letter({"Anna", "anna@example.org"}, {}, 200));
    countAll();
    const auto all = people();
    QCOMPARE(all.at("news@shop.example").bulk, std::int64_t{1});
    QCOMPARE(all.at("anna@example.org").bulk, std::int64_t{1});
    QCOMPARE(all.at("anna@example.org").received, std::int64_t{2});
    QVERIFY(!all.contains("list@lists.example"));
}

void CorrespondentStoreTest::leavesOutJunkAndDrafts()
{
    put(letter({"Spam", "spam@evil.example"}, {}, 100), FolderRole::Junk);
    put(letter({"Me", "me@example.org"}, {{"", "half@written.example"}}, 100), FolderRole::Drafts);
    countAll();
    QVERIFY(people().empty());
}

void CorrespondentStoreTest::countsWhatLiesInSentAsSent()
{
    put(letter({"", "shop@me.example"}, {{"", "anna@example.org"}}, 100), FolderRole::Sent);
    countAll();
    QCOMPARE(people().at("anna@example.org").sent, std::int64_t{1});
}

void CorrespondentStoreTest::notesWhoWasNamedBesideTheUser()
{
    NewMessage invitation =
        letter({"Anna", "anna@example.org"}, {{"", "me@example.org"}, {"Bo", "bo@example.org"}}, 1);
    put(invitation);
    NewMessage round = letter({"Cleo", "cleo@example.org"}, {}, 1);
    for (int i = 0; i < 50; ++i)
        round.to.push_back({"", "n" + std::to_string(i) + "@example.org"});
    put(round);
    countAll();
    const auto all = people();
    QCOMPARE(all.at("bo@example.org").received, std::int64_t{0});
    QCOMPARE(all.at("bo@example.org").name, std::string("Bo"));
    QVERIFY(!all.contains("me@example.org"));
    QVERIFY(!all.contains("n1@example.org"));
}

void CorrespondentStoreTest::believesNoDateOfTheFuture()
{
    put(letter({"Anna", "anna@example.org"}, {}, now * 2));
    countAll();
    QCOMPARE(people().at("anna@example.org").lastReceived, now);
}

void CorrespondentStoreTest::leavesOutWhatIsNoAddress()
{
    put(letter({"", "undisclosed-recipients:;"}, {}, 1));
    put(letter({"", "a@b\r\nBcc: c@d"}, {}, 1));
    put(letter({"", std::string(5000, 'a') + "@example.org"}, {}, 1));
    countAll();
    QVERIFY(people().empty());
}

void CorrespondentStoreTest::startsOver()
{
    put(letter({"Anna", "anna@example.org"}, {}, 100));
    countAll();
    VERIFY_RESULT(m_store->startOver());
    QVERIFY(people().empty());
    countAll();
    QCOMPARE(people().at("anna@example.org").received, std::int64_t{1});
}

QTEST_APPLESS_MAIN(CorrespondentStoreTest)
#include "CorrespondentStoreTest.moc"
