// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/SearchIndex.h"
#include "core/store/FolderRemoval.h"
#include "core/store/MessageStore.h"
#include "core/store/Migrations.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <map>
#include <set>
#include <sstream>

using namespace avocet;
using namespace avocet::test;

namespace {

struct Mail {
    std::string subject = {};
    std::string from = "Anna Berg";
    std::string text = {};
    std::int64_t date = 0; ///< 0: the later in the list, the newer
    Flags flags = Seen;
    bool attachment = false;
};

std::int64_t day(int year, int month, int day)
{
    return QDate(year, month, day).startOfDay(Qt::UTC).toSecsSinceEpoch();
}

/// A mail.db with its index; messages are put in whole, as after a fetch.
class Fixture {
public:
    Fixture()
        : mail(std::move(Database::open(folders.path("mail.db"), Schema::Mail).value()))
        , messages(*mail)
        , index(*mail)
        , inbox(addFolder(*mail, "INBOX"))
    {
    }

    MessageId insert(const Mail& one, FolderId folder)
    {
        NewMessage message;
        message.uid = ++uid;
        message.internalDate = one.date != 0 ? one.date : 1'700'000'000 + uid * 60;
        message.subject = one.subject;
        message.from = {{one.from, "sender@example.org"}};
        message.to = {{"Reader", "reader@example.net"}};
        message.flags = one.flags;
        message.hasAttachment = one.attachment;
        message.messageIdHeader = std::to_string(uid) + "@example.org";
        return messages.insert(folder, {&message, 1}).value().appeared.front();
    }

    SearchText textOf(const Mail& one)
    {
        SearchFields fields;
        fields.subject = one.subject;
        fields.from = {{one.from, "sender@example.org"}};
        fields.to = {{"Reader", "reader@example.net"}};
        fields.texts = {one.text};
        if (one.attachment)
            fields.names = {"Report.pdf"};
        fields.whole = true;
        return prepareSearchText(fields);
    }

    Status put(MessageId id, const Mail& one)
    {
        const SearchText text = textOf(one);
        const SearchEntry entry{id, &text};
        return index.put({&entry, 1});
    }

    MessageId add(const Mail& one, FolderId folder = {})
    {
        const MessageId id = insert(one, folder ? folder : inbox);
        if (!put(id, one))
            return {};
        return id;
    }

    std::vector<MessageId> find(const std::string& text)
    {
        return index.search(parseSearchQuery(text)).value();
    }

    /// Every word of the index stands in a stored text, and the other way round.
    bool isConsistent()
    {
        SQLite::Database& raw = mail->raw();
        raw.exec("INSERT INTO search(search) VALUES('integrity-check')");
        raw.exec("CREATE VIRTUAL TABLE IF NOT EXISTS temp.words "
                 "USING fts5vocab(main, search, instance)");
        std::multiset<std::string> indexed, expected;
        SQLite::Statement words(raw, "SELECT doc, col, term FROM temp.words");
        while (words.executeStep())
            if (words.getColumn(1).getString() != "marks")
                indexed.insert(words.getColumn(0).getString() + words.getColumn(1).getString() +
                               words.getColumn(2).getString());
        const char* names[]{"subject", "sender", "recipients", "body", "names"};
        SQLite::Statement texts(raw, "SELECT doc, stored FROM search_text");
        SearchTextReader reader;
        while (texts.executeStep()) {
            std::array<std::string, searchColumns> columns;
            if (!reader.read(texts.getColumn(1).getString(), columns))
                return false;
            for (std::size_t i = 0; i < columns.size(); ++i) {
                std::istringstream tokens(columns[i]);
                for (std::string token; tokens >> token;)
                    expected.insert(texts.getColumn(0).getString() + names[i] + token);
            }
        }
        return indexed == expected && number("SELECT count(*) FROM search_doc") ==
                                          number("SELECT count(*) FROM search_text");
    }

    std::int64_t number(const char* sql) { return mail->raw().execAndGet(sql).getInt64(); }

    Folders folders;
    std::unique_ptr<Database> mail;
    MessageStore messages;
    SearchIndex index;
    FolderId inbox;
    std::uint32_t uid = 0;
};

} // namespace

class SearchIndexTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void findsWhatIsAskedFor_data();
    void findsWhatIsAskedFor();
    void takesWhateverIsTyped();
    void givesTheNewestFirst();
    void keepsApartWhatHasOneDate();
    void ranksByRelevance();
    void narrowsToAccountAndFolder();
    void findsInASmallFolderAmongManyHits();
    void leavesOutWhatIsHidden();
    void findsABeginningHoweverFrequent();
    void indexesEnvelopesInSteps();
    void asksForBodiesThatCameBeforeTheIndex();
    void putsAgainInsteadOfTwice();
    void leavesNoGhosts_data();
    void leavesNoGhosts();
    void removesOnRequest();
    void fillsAgainAfterAClear();
    void rollsBackWithItsTransaction();
    void stopsWhenAsked();
    void saysThatAStoredTextIsDamaged();
    void takesOverAnOlderProfile();
};

void SearchIndexTest::findsWhatIsAskedFor_data()
{
    QTest::addColumn<QString>("query");
    QTest::addColumn<QString>("found"); // a letter a message, newest first
    QTest::newRow("a word of the subject") << "budget "
                                           << "a";
    QTest::newRow("a word of the text") << "glacier "
                                        << "b";
    QTest::newRow("another case, no accents") << "STRASSE "
                                              << "c";
    QTest::newRow("a word written with marks") << "Zürich "
                                               << "c";
    QTest::newRow("a person") << "berg "
                              << "eda";
    QTest::newRow("an address") << "sender@example.org "
                                << "edcba";
    QTest::newRow("an attachment's name") << "report.pdf "
                                          << "d";
    QTest::newRow("two words anywhere") << "budget anna "
                                        << "a";
    QTest::newRow("words that never meet") << "budget glacier "
                                           << "";
    QTest::newRow("a phrase") << "\"melting glacier\""
                              << "b";
    QTest::newRow("a phrase in another order") << "\"glacier melting\""
                                               << "";
    QTest::newRow("a beginning of two letters") << "gl"
                                                << "b";
    QTest::newRow("a beginning of six letters") << "glacie"
                                                << "b";
    QTest::newRow("a beginning that a space ends") << "glacie "
                                                   << "";
    QTest::newRow("a phrase's beginning") << "\"melting gla"
                                          << "b";
    QTest::newRow("Chinese of two characters") << "東京"
                                               << "d";
    QTest::newRow("Chinese in another order") << "京東"
                                              << "";
    QTest::newRow("from") << "from:berg "
                          << "eda";
    QTest::newRow("from with a beginning") << "from:be"
                                           << "eda";
    QTest::newRow("from with a long beginning") << "from:carls"
                                                << "cb";
    QTest::newRow("subject with a long beginning that the text has") << "subject:glaci"
                                                                     << "";
    QTest::newRow("from somebody who only wrote") << "from:glacier "
                                                  << "";
    QTest::newRow("to") << "to:reader "
                        << "edcba";
    QTest::newRow("subject") << "subject:glacier "
                             << "";
    QTest::newRow("with attachment") << "has:attachment"
                                     << "d";
    QTest::newRow("unread") << "is:unread"
                            << "eb";
    QTest::newRow("starred and read") << "is:starred is:read"
                                      << "c";
    QTest::newRow("before") << "before:2026-02"
                            << "ba";
    QTest::newRow("after") << "after:2026-02"
                           << "edc";
    QTest::newRow("on a day") << "on:2026-01-31"
                              << "b";
    QTest::newRow("in a folder by role's word") << "in:inbox anna "
                                                << "eda";
    QTest::newRow("in a folder that there is not") << "in:nowhere anna "
                                                   << "";
    QTest::newRow("signs only") << "?!"
                                << "";
    QTest::newRow("nothing") << ""
                             << "";
    QTest::newRow("syntax is words") << "budget OR glacier "
                                     << "";
}

void SearchIndexTest::findsWhatIsAskedFor()
{
    Fixture fixture;
    const std::string anna = "Anna Berg", bob = "Bob Carlsson";
    const std::vector<Mail> mails{
        {"Budget 2026", anna, "Please look at the figures.", day(2026, 1, 5)},
        {"Holiday", bob, "The melting glacier, and a hotel.", day(2026, 1, 31), 0},
        {"Adresse", bob, "Große Straße 7, Zürich", day(2026, 2, 1), Seen | Flagged},
        {"会議", anna, "東京で会いましょう", day(2026, 3, 1), Seen, true},
        {"None", anna, "", day(2026, 4, 1), 0},
    };
    std::map<MessageId, QChar> letters;
    for (std::size_t i = 0; i < mails.size(); ++i)
        letters[fixture.add(mails[i])] = QChar(u'a' + static_cast<char16_t>(i));
    QFETCH(QString, query);
    QFETCH(QString, found);
    QString letter;
    for (const MessageId id : fixture.find(query.toStdString()))
        letter += letters[id];
    QCOMPARE(letter, found);
}

void SearchIndexTest::takesWhateverIsTyped()
{
    Fixture fixture;
    for (int i = 0; i < 30; ++i)
        fixture.add({"abacus NEAR or 東京 " + std::to_string(i), "A", "word and not that"});
    const std::vector<std::string> pieces{"a",
                                          "ab",
                                          "\"",
                                          " ",
                                          "*",
                                          ":",
                                          "(",
                                          ")",
                                          "^",
                                          "-",
                                          "+",
                                          "NEAR",
                                          "OR",
                                          "from:",
                                          "in:",
                                          "is:",
                                          "\\",
                                          "東",
                                          "%",
                                          "'",
                                          ";",
                                          "{",
                                          "}",
                                          ",",
                                          "before:",
                                          "2026",
                                          "\xff",
                                          "é",
                                          "\xEE\x80\x81"
                                          "1",
                                          "”",
                                          "subject:abac"};
    std::uint32_t random = 5;
    for (int round = 0; round < 3000; ++round) {
        std::string text;
        for (int i = 0; i < 8; ++i) {
            random = random * 1664525 + 1013904223;
            text += pieces[(random >> 16) % pieces.size()];
        }
        SearchQuery query = parseSearchQuery(text);
        query.order = round % 2 == 0 ? SearchOrder::Newest : SearchOrder::Relevance;
        query.limit = round % 3 == 0 ? 0 : 5;
        const auto found = fixture.index.search(query);
        QVERIFY2(found.has_value(), (text + ": " + (found ? "" : found.error().detail)).c_str());
    }
}

void SearchIndexTest::givesTheNewestFirst()
{
    Fixture fixture;
    std::vector<std::pair<std::int64_t, MessageId>> all;
    for (const int date : {500, 100, 900, 300, 700, 0, -5})
        all.emplace_back(date, fixture.add({"word", "", "", day(2020, 1, 1) + date * 1000}));
    std::sort(all.rbegin(), all.rend());
    SearchQuery query = parseSearchQuery("word ");
    const auto found = fixture.index.search(query).value();
    QCOMPARE(found.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        QCOMPARE(found[i].value, all[i].second.value);
    query.limit = 3;
    QCOMPARE(fixture.index.search(query)->size(), std::size_t{3});
    QCOMPARE(fixture.index.search(query)->front().value, all.front().second.value);
}

void SearchIndexTest::keepsApartWhatHasOneDate()
{
    Fixture fixture;
    std::vector<SearchText> texts(3000);
    std::vector<SearchEntry> entries;
    std::vector<NewMessage> rows(texts.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].uid = static_cast<std::uint32_t>(i + 1);
        rows[i].internalDate = day(2026, 1, 1);
    }
    const auto ids = fixture.messages.insert(fixture.inbox, rows)->appeared;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        SearchFields fields;
        const std::string subject = "import " + std::to_string(i);
        fields.subject = subject;
        texts[i] = prepareSearchText(fields);
        entries.push_back({ids[i], &texts[i]});
    }
    VERIFY_RESULT(fixture.index.put(entries));
    SearchQuery all = parseSearchQuery("import ");
    all.limit = 0;
    const auto found = fixture.index.search(all);
    const std::set<MessageId> different(found->begin(), found->end());
    QCOMPARE(different.size(), ids.size());
    QVERIFY(fixture.find("2999 ") == std::vector<MessageId>{ids[2999]});
    // They spread over the next hours at most.
    QVERIFY(fixture.number("SELECT max(doc) - min(doc) FROM search_doc") < 16 * 3600 * 12);
}

void SearchIndexTest::ranksByRelevance()
{
    Fixture fixture;
    const MessageId inSubject = fixture.add({"Invoice", "A", "nothing else"});
    const MessageId often = fixture.add({"Hi", "A", "invoice invoice invoice"});
    const std::string words(3000, 'x');
    const MessageId once = fixture.add({"Hi", "A", words + " a b c d e f g h i j k l invoice"});
    SearchQuery query = parseSearchQuery("invoice ");
    QVERIFY(fixture.index.search(query).value() == (std::vector{once, often, inSubject}));
    query.order = SearchOrder::Relevance;
    QVERIFY(fixture.index.search(query).value() == (std::vector{inSubject, often, once}));
    query = parseSearchQuery("invoi");
    query.order = SearchOrder::Relevance;
    QCOMPARE(fixture.index.search(query)->size(), std::size_t{3});
}

void SearchIndexTest::narrowsToAccountAndFolder()
{
    Fixture fixture;
    const FolderId archive = addFolder(*fixture.mail, "Old/Archive 2020");
    const FolderId other = addFolder(*fixture.mail, "INBOX", AccountId{2});
    const MessageId here = fixture.add({"word"});
    const MessageId there = fixture.add({"word"}, archive);
    const MessageId others = fixture.add({"word"}, other);
    const auto find = [&](const char* text, AccountId account, FolderId folder) {
        SearchQuery query = parseSearchQuery(text);
        query.account = account;
        query.folder = folder;
        return fixture.index.search(query).value();
    };
    using Ids = std::vector<MessageId>;
    QVERIFY(find("word ", {}, {}) == (Ids{others, there, here}));
    QVERIFY(find("word ", AccountId{1}, {}) == (Ids{there, here}));
    QVERIFY(find("word ", AccountId{2}, {}) == (Ids{others}));
    QVERIFY(find("word ", {}, archive) == (Ids{there}));
    QVERIFY(find("is:read", AccountId{2}, {}) == (Ids{others}));
    QVERIFY(find("in:\"archive 2020\" ", {}, {}) == (Ids{there}));
    QVERIFY(find("in:old/archive-2020", {}, {}) == (Ids{there}));
    QVERIFY(find("word ", AccountId{2}, archive).empty());
    QVERIFY(find("", AccountId{2}, {}).empty());
}

void SearchIndexTest::findsInASmallFolderAmongManyHits()
{
    Fixture fixture;
    const FolderId small = addFolder(*fixture.mail, "Small");
    const MessageId old = fixture.add({"word", "A", "", day(2001, 1, 1)}, small);
    std::vector<NewMessage> rows(2500);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].uid = static_cast<std::uint32_t>(i + 1000);
        rows[i].internalDate = day(2020, 1, 1) + static_cast<std::int64_t>(i) * 60;
        rows[i].subject = "word";
    }
    VERIFY_RESULT(fixture.messages.insert(fixture.inbox, rows));
    while (fixture.index.indexHeaders(500).value() > 0) {
    }
    SearchQuery query = parseSearchQuery("word ");
    query.folder = small;
    QVERIFY(fixture.index.search(query).value() == std::vector<MessageId>{old});
}

void SearchIndexTest::leavesOutWhatIsHidden()
{
    Fixture fixture;
    const MessageId id = fixture.add({"word"});
    VERIFY_RESULT(fixture.messages.overlay(fixture.inbox, fixture.uid, {Deleted, 0}));
    QVERIFY(fixture.find("word ").empty());
    QVERIFY(fixture.find("is:read").empty());
    VERIFY_RESULT(fixture.messages.dropOverlay(fixture.inbox, fixture.uid, {}));
    QVERIFY(fixture.find("word ") == std::vector<MessageId>{id});
    // Moved away and not named by the server yet: shown there.
    const FolderId archive = addFolder(*fixture.mail, "Archive");
    VERIFY_RESULT(fixture.messages.overlay(fixture.inbox, fixture.uid, {Deleted, 0}));
    VERIFY_RESULT(fixture.messages.placePending(archive, firstPendingKey + 1, id, Seen, 5));
    QVERIFY(fixture.find("word ") == std::vector<MessageId>{id});
    QVERIFY(fixture.find("in:archive word ") == std::vector<MessageId>{id});
    QVERIFY(fixture.find("in:inbox word ").empty());
}

/// Frequent beginnings are looked at hit by hit, rare ones are joined: both must give the same.
void SearchIndexTest::findsABeginningHoweverFrequent()
{
    Fixture fixture;
    std::vector<MessageId> rare, half;
    for (int i = 0; i < 300; ++i) {
        const bool isRare = i % 60 == 0, isHalf = i % 2 == 0;
        const MessageId id = fixture.add({"conversation", "A",
                                          isRare   ? "converge x"
                                          : isHalf ? "convert"
                                                   : "other"});
        if (isRare)
            rare.insert(rare.begin(), id);
        if (isHalf)
            half.insert(half.begin(), id);
    }
    QVERIFY(fixture.find("converg") == rare);
    QVERIFY(fixture.find("\"converge x") == rare);
    QCOMPARE(fixture.find("conver").size(), std::size_t{300});
    SearchQuery query = parseSearchQuery("conve");
    query.limit = 10;
    QCOMPARE(fixture.index.search(query)->size(), std::size_t{10});
    QCOMPARE(fixture.find("convert").size(), std::size_t{145});
    QVERIFY(fixture.find("converz").empty());
    QVERIFY(fixture.find("subject:converge").empty());
}

void SearchIndexTest::indexesEnvelopesInSteps()
{
    Fixture fixture;
    for (int i = 0; i < 25; ++i)
        fixture.insert({"Subject number" + std::to_string(i), "Berta", "unknown yet"},
                       fixture.inbox);
    QVERIFY(fixture.find("berta ").empty());
    QCOMPARE(fixture.index.coverage()->total, 25);
    QCOMPARE(fixture.index.coverage()->headersOnly, 0);
    QCOMPARE(fixture.index.indexHeaders(10).value(), 10);
    QCOMPARE(fixture.find("berta ").size(), std::size_t{10});
    QCOMPARE(fixture.index.coverage()->headersOnly, 10);
    const MessageId late = fixture.add({"Whole", "Berta", "text"});
    QCOMPARE(fixture.index.indexHeaders(10).value(), 10);
    QCOMPARE(fixture.index.indexHeaders(10).value(),
             6); // the late one is looked at and stays whole
    QCOMPARE(fixture.index.indexHeaders(10).value(), 0);
    QCOMPARE(fixture.find("berta ").size(), std::size_t{26});
    QVERIFY(fixture.find("text ") == std::vector<MessageId>{late});
    QCOMPARE(fixture.index.coverage()->headersOnly, 25);
    QCOMPARE(fixture.index.coverage()->whole, 1);
    QCOMPARE(fixture.index.coverage()->total, 26);
    QVERIFY(fixture.isConsistent());
}

void SearchIndexTest::asksForBodiesThatCameBeforeTheIndex()
{
    Fixture fixture;
    const Mail mail{"Subject", "A", "inside"};
    const MessageId with = fixture.insert(mail, fixture.inbox);
    const MessageId without = fixture.insert(mail, fixture.inbox);
    VERIFY_RESULT(fixture.messages.setBody(with, true));
    MessageId cursor;
    QVERIFY(fixture.index.bodiesWanted(cursor, 10)->bodies.empty()); // the envelopes go first
    QCOMPARE(fixture.index.indexHeaders(10).value(), 2);
    const auto wanted = fixture.index.bodiesWanted(cursor, 10);
    QVERIFY(wanted->bodies == std::vector<MessageId>{with} && !wanted->more);
    QVERIFY(fixture.index.bodiesWanted(cursor, 10)->bodies.empty());
    cursor = {};
    QVERIFY(fixture.index.bodiesWanted(cursor, 1)->more);
    cursor = {};
    VERIFY_RESULT(fixture.put(with, mail));
    QVERIFY(fixture.index.bodiesWanted(cursor, 10)->bodies.empty());
    QVERIFY(fixture.find("inside ") == std::vector<MessageId>{with});
    QVERIFY(without != with);
}

void SearchIndexTest::putsAgainInsteadOfTwice()
{
    Fixture fixture;
    const MessageId id = fixture.add({"Subject", "A", "first"});
    VERIFY_RESULT(fixture.put(id, {"Subject", "A", "second"}));
    QVERIFY(fixture.find("first ").empty());
    QCOMPARE(fixture.find("second ").size(), std::size_t{1});
    // An envelope that comes late does not push the text out.
    SearchFields fields;
    fields.subject = "Envelope";
    const SearchText envelope = prepareSearchText(fields);
    const SearchText third = fixture.textOf({"Subject", "A", "third"});
    const SearchText fourth = fixture.textOf({"Subject", "A", "fourth"});
    const SearchEntry entries[]{
        {id, &envelope}, {id, &third}, {MessageId{999}, &third}, {id, &fourth}};
    VERIFY_RESULT(fixture.index.put({entries, 1}));
    QCOMPARE(fixture.find("second ").size(), std::size_t{1});
    VERIFY_RESULT(fixture.index.put(entries));
    QVERIFY(fixture.find("third ").empty());
    QCOMPARE(fixture.find("fourth ").size(), std::size_t{1});
    QCOMPARE(fixture.index.coverage()->whole, 1);
    QCOMPARE(fixture.number("SELECT count(*) FROM search_doc"), 1);
    QVERIFY(fixture.isConsistent());
}

void SearchIndexTest::leavesNoGhosts_data()
{
    QTest::addColumn<QString>("way");
    for (const char* way : {"expunged", "the folder was renumbered", "the folder went",
                            "the account was removed", "the last of two placements went"})
        QTest::newRow(way) << QString::fromUtf8(way);
}

void SearchIndexTest::leavesNoGhosts()
{
    QFETCH(QString, way);
    Fixture fixture;
    const FolderId other = addFolder(*fixture.mail, "INBOX", AccountId{2});
    const MessageId stays = fixture.add({"word", "A", "here"}, other);
    fixture.add({"word", "A", "gone"});
    const std::uint32_t uid = fixture.uid;
    const MessageId id = fixture.find("gone ").front();
    FolderStore folders(*fixture.mail);
    const FolderId archive = addFolder(*fixture.mail, "Archive");
    if (way == u"expunged") {
        VERIFY_RESULT(fixture.messages.removeUids(fixture.inbox, {&uid, 1}));
    } else if (way == u"the folder was renumbered") {
        VERIFY_RESULT(folders.reset(fixture.inbox, 77));
    } else if (way == u"the folder went") {
        VERIFY_RESULT(folders.replaceAll(AccountId{1}, {}));
    } else if (way == u"the account was removed") {
        const AccountId left[]{AccountId{2}};
        VERIFY_RESULT(folders.removeAllBut(left));
    } else {
        VERIFY_RESULT(fixture.messages.placePending(archive, firstPendingKey + 1, id, Seen, 5));
        VERIFY_RESULT(fixture.messages.removeUids(fixture.inbox, {&uid, 1}));
        QCOMPARE(fixture.find("gone ").size(), std::size_t{1});
        QCOMPARE(fixture.index.purge(10).value(), 0);
        VERIFY_RESULT(fixture.messages.removePending(archive, firstPendingKey + 1));
    }
    QVERIFY(fixture.find("gone ").empty());
    QVERIFY(fixture.find("word ") == std::vector<MessageId>{stays});
    while (FolderRemoval(*fixture.mail).removeSome(10).value()) {
    }
    QCOMPARE(fixture.index.coverage()->total, 1);
    QCOMPARE(fixture.index.coverage()->whole, 1);
    QVERIFY(fixture.isConsistent());
    QCOMPARE(fixture.index.purge(10).value(), 1);
    QCOMPARE(fixture.index.purge(10).value(), 0);
    QCOMPARE(fixture.number("SELECT count(*) FROM search WHERE search MATCH 'gone'"), 0);
    QCOMPARE(fixture.number("SELECT count(*) FROM search WHERE search MATCH 'word'"), 1);
    QVERIFY(fixture.isConsistent());
}

void SearchIndexTest::removesOnRequest()
{
    Fixture fixture;
    const MessageId id = fixture.add({"word"});
    const MessageId ids[]{id, MessageId{99}};
    VERIFY_RESULT(fixture.index.remove(ids));
    VERIFY_RESULT(fixture.index.remove(ids));
    QVERIFY(fixture.find("word ").empty());
    QCOMPARE(fixture.index.coverage()->total, 1);
    QCOMPARE(fixture.index.coverage()->whole, 0);
    VERIFY_RESULT(fixture.put(id, {"word"}));
    QCOMPARE(fixture.find("word ").size(), std::size_t{1});
    QCOMPARE(fixture.index.purge(10).value(), 1);
    QVERIFY(fixture.isConsistent());
}

void SearchIndexTest::fillsAgainAfterAClear()
{
    Fixture fixture;
    const Mail mail{"word", "A", "inside"};
    const MessageId id = fixture.add(mail);
    VERIFY_RESULT(fixture.messages.setBody(id, true));
    VERIFY_RESULT(fixture.index.clear());
    QVERIFY(fixture.find("word ").empty());
    QVERIFY(fixture.isConsistent());
    QCOMPARE(fixture.index.coverage()->total, 1);
    QCOMPARE(fixture.index.indexHeaders(10).value(), 1);
    MessageId cursor;
    QVERIFY(fixture.index.bodiesWanted(cursor, 10)->bodies == std::vector<MessageId>{id});
    VERIFY_RESULT(fixture.put(id, mail));
    QCOMPARE(fixture.find("inside ").size(), std::size_t{1});
}

void SearchIndexTest::rollsBackWithItsTransaction()
{
    Fixture fixture;
    const Mail mail{"word", "A", "inside"};
    const Status failed = fixture.mail->transaction([&]() -> Status {
        const MessageId id = fixture.insert(mail, fixture.inbox);
        if (Status put = fixture.put(id, mail); !put)
            return put;
        return fail(ErrorKind::Cancelled, "on purpose");
    });
    QVERIFY(!failed);
    QVERIFY(fixture.find("word ").empty());
    QCOMPARE(fixture.index.coverage()->total, 0);
    QVERIFY(fixture.isConsistent());
    QVERIFY(fixture.add(mail));
    QCOMPARE(fixture.find("word ").size(), std::size_t{1});
}

void SearchIndexTest::stopsWhenAsked()
{
    Fixture fixture;
    std::vector<NewMessage> rows(5000);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].uid = static_cast<std::uint32_t>(i + 1);
        rows[i].subject = "word";
    }
    VERIFY_RESULT(fixture.messages.insert(fixture.inbox, rows));
    while (fixture.index.indexHeaders(1000).value() > 0) {
    }
    std::stop_source stop;
    stop.request_stop();
    SearchQuery query = parseSearchQuery("word is:unread has:attachment");
    VERIFY_FAILS(fixture.index.search(query, stop.get_token()), ErrorKind::Cancelled,
                 ErrorCode::None);
    // And nothing of it stays with the connection.
    VERIFY_RESULT(fixture.index.search(query));
}

void SearchIndexTest::saysThatAStoredTextIsDamaged()
{
    Fixture fixture;
    const MessageId id = fixture.add({"word"});
    fixture.mail->raw().exec("UPDATE search_text SET stored = x'09'");
    VERIFY_FAILS(fixture.put(id, {"other"}), ErrorKind::Storage, ErrorCode::Corrupt);
    VERIFY_RESULT(fixture.index.clear());
    VERIFY_RESULT(fixture.put(id, {"other"}));
    QCOMPARE(fixture.find("other ").size(), std::size_t{1});
    QVERIFY(fixture.isConsistent());
}

void SearchIndexTest::takesOverAnOlderProfile()
{
    Folders folders;
    {
        SQLite::Database raw(folders.path("mail.db").string(),
                             SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        QVERIFY(migrate(raw, Schema::Mail, migrations(Schema::Mail).first(2)));
        raw.exec(R"sql(
            INSERT INTO folder(account, mailbox, path, delimiter, role, selectable)
            VALUES(1, 'INBOX', 'INBOX', 0, 1, 1);
            INSERT INTO message(id, account, thread, size, has_attachment, from_addresses,
                                to_addresses, subject, has_body)
            VALUES(1, 1, 1, 5, 0, '', '', 'gone', 0), (2, 1, 2, 5, 0, '', '', 'older', 1),
                  (3, 1, 3, 5, 0, '', '', 'old', 0);
            DELETE FROM message WHERE id = 1;
            INSERT INTO message_header(message, date) SELECT id, 7 FROM message;
            INSERT INTO placement(folder, uid, message, date, server_flags, shown_flags, mod_seq)
            SELECT 1, id, id, 7, 1, 1, 0 FROM message;)sql");
    }
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    SearchIndex index(**mail);
    QCOMPARE(index.coverage()->total, 2);
    QCOMPARE(index.indexHeaders(10).value(), 2);
    QCOMPARE(index.coverage()->headersOnly, 2);
    QCOMPARE(index.search(parseSearchQuery("old"))->size(), std::size_t{2});
    MessageId cursor;
    QVERIFY(index.bodiesWanted(cursor, 10)->bodies == std::vector<MessageId>{MessageId{2}});
}

QTEST_APPLESS_MAIN(SearchIndexTest)
#include "SearchIndexTest.moc"
