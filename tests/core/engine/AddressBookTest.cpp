// SPDX-License-Identifier: GPL-3.0-or-later
// What is suggested for what was typed, and in which order.
#include "core/engine/AddressIndex.h"
#include "core/engine/MailQueries.h"
#include "core/engine/Stores.h"

#include <QTemporaryDir>
#include <QTest>

using namespace avocet;

class AddressBookTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsByTheBeginningOfWords_data();
    void findsByTheBeginningOfWords();
    void ranksThoseFirstWhoAreWrittenTo();
    void ranksByHowOftenAndHowRecently();
    void hidesUntilWrittenToAgain();
    void prefersTheNameOfACard();
    void survivesHostileNames();
    void answersFromTheDatabases();
};

namespace {

constexpr std::int64_t now = 1'700'000'000;
constexpr std::int64_t day = 86'400;

Correspondent person(const std::string& address, const std::string& name, std::int64_t sent = 0,
                     std::int64_t daysAgo = 0)
{
    return {address, name, sent, 1, sent > 0 ? now - daysAgo * day : 0, now, 0};
}

QStringList addresses(const std::vector<Suggestion>& found)
{
    QStringList list;
    for (const Suggestion& one : found)
        list.append(QString::fromStdString(one.address));
    return list;
}

} // namespace

void AddressBookTest::findsByTheBeginningOfWords_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<bool>("found");
    const auto row = [](const char* name, const char* typed, bool found) {
        QTest::newRow(name) << QString::fromUtf8(typed) << found;
    };
    row("the first name", "bjø", true);
    row("without accents", "bjorn", true);
    row("in capitals", "BJØRN", true);
    row("the family name", "åb", true);
    row("both, in whatever order", "ab bj", true);
    row("the second half of a double name", "erik", true);
    row("the local part", "b.aab", true);
    row("a word of the local part", "aabe", true);
    row("the domain", "nord", true);
    row("the whole address", "b.aaberg@nordlys.example", true);
    row("an address half typed", "b.aaberg@nor", true);
    row("name and domain", "bjorn nordlys", true);
    row("the middle of a word", "jorn", false);
    row("one of two does not begin so", "bjorn x", false);
    row("nothing", "", false);
    row("blanks", "   ", false);
    row("signs alone", "@.-", false);
}

void AddressBookTest::findsByTheBeginningOfWords()
{
    QFETCH(QString, typed);
    QFETCH(bool, found);
    AddressIndex::Builder builder;
    builder.add(person("b.aaberg@nordlys.example", "Bjørn-Erik Åberg"));
    const auto hits = builder.build(now).find(typed.toStdString(), 8);
    QCOMPARE(!hits.empty(), found);
    if (found)
        QVERIFY((hits.front() == Suggestion{"Bjørn-Erik Åberg", "b.aaberg@nordlys.example"}));
}

void AddressBookTest::ranksThoseFirstWhoAreWrittenTo()
{
    AddressIndex::Builder builder;
    Correspondent news = person("anna@shop.example", "Anna's shop");
    news.received = news.bulk = 500;
    Correspondent named = person("anna@named.example", "Anna");
    named.received = 0;
    Correspondent wrote = person("anna@wrote.example", "Anna");
    wrote.received = 900;
    builder.add(news);
    builder.add(person("anna-no-reply@example.org", "Anna", 3));
    builder.add(named);
    builder.add(wrote);
    builder.add(Contact{{}, "anna@card.example", "Anna", "", "a.vcf"});
    builder.add(person("anna@written.example", "Anna", 1, 300));
    const AddressIndex index = builder.build(now);
    QCOMPARE(addresses(index.find("anna", 8)),
             (QStringList{u"anna@written.example"_qs, u"anna@card.example"_qs,
                          u"anna@wrote.example"_qs, u"anna@named.example"_qs,
                          u"anna@shop.example"_qs, u"anna-no-reply@example.org"_qs}));
    QCOMPARE(index.find("anna", 2).size(), std::size_t{2});
}

void AddressBookTest::ranksByHowOftenAndHowRecently()
{
    AddressIndex::Builder builder;
    builder.add(person("once-today@example.org", "", 1, 0));
    builder.add(person("often-now@example.org", "", 20, 5));
    builder.add(person("often-long-ago@example.org", "", 30, 2000));
    builder.add(person("once-long-ago@example.org", "", 1, 2000));
    QCOMPARE(addresses(builder.build(now).find("example", 8)),
             (QStringList{u"often-now@example.org"_qs, u"once-today@example.org"_qs,
                          u"often-long-ago@example.org"_qs, u"once-long-ago@example.org"_qs}));
}

void AddressBookTest::hidesUntilWrittenToAgain()
{
    for (const bool writtenSince : {false, true}) {
        AddressIndex::Builder builder;
        builder.add(person("anna@example.org", "Anna", 5, 10));
        builder.hide("anna@example.org", now - (writtenSince ? 11 : 9) * day);
        QCOMPARE(builder.build(now).find("anna", 8).size(), std::size_t{writtenSince ? 1U : 0U});
    }
}

void AddressBookTest::prefersTheNameOfACard()
{
    AddressIndex::Builder builder;
    builder.add(person("anna@example.org", "A. B.", 5));
    builder.add(Contact{{}, "Anna@Example.org", "Anna Berg", "", "a.vcf"});
    builder.add(person("bo@example.org", "Bo", 5));
    builder.add(Contact{{}, "bo@example.org", "ceo@bank.example", "", "a.vcf"});
    const AddressIndex index = builder.build(now);
    QCOMPARE(index.size(), std::size_t{2});
    QVERIFY((index.find("anna", 8).front() == Suggestion{"Anna Berg", "Anna@Example.org"}));
    QVERIFY((index.find("bo", 8).front() == Suggestion{"Bo", "bo@example.org"}));
}

void AddressBookTest::survivesHostileNames()
{
    AddressIndex::Builder builder;
    builder.add(person("a@example.org", std::string(10'000, 'x')));
    builder.add(person("b@example.org", "\xFF\xFE\x80 broken"));
    builder.add(person("c@example.org", std::string("nul\0inside", 10)));
    std::string accents = "e";
    for (int i = 0; i < 3000; ++i)
        accents += "\xCC\x81";
    builder.add(person("d@example.org", accents));
    const AddressIndex index = builder.build(now);
    QCOMPARE(index.size(), std::size_t{4});
    QCOMPARE(index.find("example", 8).size(), std::size_t{4});
    for (const Suggestion& one : index.find("example", 8))
        QVERIFY(one.name.size() <= 500);
    QVERIFY(index.find(std::string(100'000, 'x'), 8).size() <= 1);
    QCOMPARE(index.find("broken", 8).size(), std::size_t{1});
}

void AddressBookTest::answersFromTheDatabases()
{
    QTemporaryDir folder;
    const std::filesystem::path profile = folder.path().toStdString();
    const auto stores = std::move(*Stores::open(profile, Access::ReadWrite));
    Folder inbox;
    inbox.mailbox = inbox.path = "INBOX";
    inbox.role = FolderRole::Inbox;
    QVERIFY(stores->folders.replaceAll(AccountId{1}, {inbox}).has_value());
    const auto ask = [](MailQueries& queries, const std::string& typed) {
        std::optional<QStringList> found;
        QObject context;
        queries.suggest(&context, typed, 8, [&](const std::vector<Suggestion>& suggestions) {
            found = addresses(suggestions);
        });
        return QTest::qWaitFor([&] { return found.has_value(); }) ? *found : QStringList{u"?"_qs};
    };
    std::uint32_t uid = 0;
    const auto receive = [&](const std::string& from) {
        NewMessage message;
        message.uid = ++uid;
        message.from = {{"Anna", from}};
        message.date = message.internalDate = now;
        const auto folderId = stores->folders.findByRole(AccountId{1}, FolderRole::Inbox)->id;
        return stores->messages.insert(folderId, std::vector{message}).has_value() &&
               stores->correspondents
                   .countSome(
                       100, [](std::string_view) { return false; }, now)
                   .has_value();
    };
    QVERIFY(receive("anna@example.org"));
    MailQueries queries;
    QVERIFY(queries.open(profile).has_value());
    QCOMPARE(ask(queries, "ann"), QStringList{u"anna@example.org"_qs});
    // What comes later is found from the next refresh on.
    QVERIFY(receive("annie@example.org"));
    QVERIFY(stores->contacts.add("a.vcf", std::vector{Contact{{}, "anton@example.org", "", "", ""}})
                .has_value());
    QVERIFY(stores->contacts.hide("anna@example.org", now).has_value());
    queries.refreshSuggestions();
    QTRY_COMPARE(ask(queries, "an"),
                 (QStringList{u"anton@example.org"_qs, u"annie@example.org"_qs}));
    QCOMPARE(queries.hiddenSuggestions(), std::size_t{1});
}

QTEST_GUILESS_MAIN(AddressBookTest)
#include "AddressBookTest.moc"
