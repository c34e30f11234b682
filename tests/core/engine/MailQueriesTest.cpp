// SPDX-License-Identifier: GPL-3.0-or-later
// The read side of the door, over a profile that the test itself writes.
#include "core/engine/MailQueries.h"
#include "core/engine/Stores.h"

#include <QTemporaryDir>
#include <QTest>

using namespace avocet;

class MailQueriesTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();
    void givesTheHeadThenAll();
    void aShortListComesInOneCall();
    void aNewListReplacesTheOldOne();
    void filtersInPieces();
    void listsThreads();
    void searchesInTwoCalls();
    void aNewSearchReplacesTheOldOne();
    void aCancelledSearchIsSilent();
    void twoPanesSearchAtOnce();
    void callsNobodyWhoIsGone();
    void saysHowMuchItKnows();
    void knowsWhoWroteBefore();
    void knowsWhomTheUserWroteTo();
    void remembersWhoIsTrusted();
    void tellsWhatTheOwnServerFound();

private:
    std::vector<MessageId> fill(int count);
    /// A message and its place in the search index.
    MessageId letter(const std::string& from, const std::string& to);
    bool isKnown(const std::string& address, MessageId except);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Stores> m_stores;
    std::unique_ptr<MailQueries> m_queries;
    FolderId m_inbox;
};

void MailQueriesTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const std::filesystem::path profile = m_folder->path().toStdString();
    auto stores = Stores::open(profile, Access::ReadWrite);
    QVERIFY(stores.has_value());
    m_stores = std::move(*stores);
    Folder inbox;
    inbox.mailbox = inbox.path = "INBOX";
    inbox.role = FolderRole::Inbox;
    QVERIFY(m_stores->folders.replaceAll(AccountId{1}, {inbox}).has_value());
    m_inbox = m_stores->folders.findByRole(AccountId{1}, FolderRole::Inbox)->id;
    m_queries = std::make_unique<MailQueries>();
    QVERIFY(m_queries->open(profile).has_value());
}

void MailQueriesTest::cleanup()
{
    m_queries.reset();
    m_stores.reset();
}

/// Newest first.
std::vector<MessageId> MailQueriesTest::fill(int count)
{
    std::vector<NewMessage> rows(static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].uid = static_cast<std::uint32_t>(i + 1);
        rows[i].internalDate = 1'700'000'000 + static_cast<std::int64_t>(i) * 60;
        rows[i].subject = i % 10 == 0 ? "rare word" : "word";
        rows[i].messageIdHeader = std::to_string(i) + "@example.org";
        if (i % 2 == 1)
            rows[i].references = {std::to_string(i - 1) + "@example.org"};
    }
    auto ids = m_stores->messages.insert(m_inbox, rows)->appeared;
    std::reverse(ids.begin(), ids.end());
    return ids;
}

void MailQueriesTest::givesTheHeadThenAll()
{
    const auto ids = fill(25'000);
    std::vector<std::vector<MessageId>> calls;
    std::vector<bool> last;
    m_queries->list(this, m_inbox, {}, [&](const std::vector<ListRow>& rows, bool isLast) {
        calls.push_back(idsOf(rows));
        last.push_back(isLast);
    });
    QTRY_COMPARE(calls.size(), std::size_t{2});
    QVERIFY(calls[0] == std::vector<MessageId>(ids.begin(), ids.begin() + 200));
    QVERIFY(calls[1] == ids);
    QVERIFY(last == (std::vector<bool>{false, true}));
}

void MailQueriesTest::aShortListComesInOneCall()
{
    const auto ids = fill(30);
    int calls = 0;
    std::vector<MessageId> found;
    m_queries->list(this, m_inbox, {}, [&](const std::vector<ListRow>& rows, bool last) {
        found = idsOf(rows);
        calls += last ? 1 : 100;
    });
    QTRY_COMPARE(calls, 1);
    QVERIFY(found == ids);
}

void MailQueriesTest::aNewListReplacesTheOldOne()
{
    fill(30'000);
    int old = 0;
    bool done = false;
    ListFilter none;
    none.starred = true;
    m_queries->list(this, m_inbox, {}, [&](const auto&, bool) { ++old; });
    m_queries->list(this, m_inbox, none, [&](const auto& ids, bool last) {
        QVERIFY(ids.empty());
        done = last;
    });
    QTRY_VERIFY(done);
    QCOMPARE(old, 0);
}

void MailQueriesTest::filtersInPieces()
{
    fill(5'000);
    std::vector<MessageId> found;
    int calls = 0;
    bool done = false;
    ListFilter filter;
    filter.text = "RARE";
    m_queries->list(this, m_inbox, filter, [&](const std::vector<ListRow>& rows, bool last) {
        found = idsOf(rows);
        ++calls;
        done = last;
    });
    QTRY_VERIFY(done);
    QCOMPARE(found.size(), std::size_t{500});
    QCOMPARE(calls, 2);
}

void MailQueriesTest::listsThreads()
{
    const auto ids = fill(600);
    while (!m_stores->threads.build(m_inbox, 100).value()) {
    }
    std::vector<ThreadSummary> found;
    int calls = 0;
    bool done = false;
    m_queries->threads(this, m_inbox, [&](std::vector<ThreadSummary> threads, bool last) {
        found = std::move(threads);
        ++calls;
        done = last;
    });
    QTRY_VERIFY(done);
    QCOMPARE(calls, 2);
    QCOMPARE(found.size(), std::size_t{300});
    QCOMPARE(found.front().newest.value, ids.front().value);
    QCOMPARE(found.front().count, 2);
    const auto thread = m_queries->threadMessages(found.front().thread);
    QVERIFY(thread == (std::vector<MessageId>{ids[1], ids[0]}));
    QCOMPARE(m_queries->rows(thread).size(), std::size_t{2});
}

void MailQueriesTest::searchesInTwoCalls()
{
    const auto ids = fill(500);
    QCOMPARE(m_stores->search.indexHeaders(1000).value(), 500);
    std::vector<std::size_t> sizes;
    bool done = false;
    const auto collect = [&](const Result<std::vector<MessageId>>& found, bool last) {
        QVERIFY(found.has_value());
        QCOMPARE(found->front().value, ids.front().value);
        sizes.push_back(found->size());
        done = last;
    };
    m_queries->search(this, parseSearchQuery("word "), collect);
    QTRY_VERIFY(done);
    QVERIFY(sizes == (std::vector<std::size_t>{50, 500}));
    done = false;
    sizes.clear();
    SearchQuery ranked = parseSearchQuery("word ");
    ranked.limit = 20;
    m_queries->search(this, ranked, collect);
    QTRY_VERIFY(done);
    QVERIFY(sizes == (std::vector<std::size_t>{20}));
}

void MailQueriesTest::aNewSearchReplacesTheOldOne()
{
    fill(500);
    QCOMPARE(m_stores->search.indexHeaders(1000).value(), 500);
    int old = 0;
    std::size_t found = 0;
    for (const char* text : {"w", "wo", "wor", "word"})
        m_queries->search(this, parseSearchQuery(text), [&](const auto&, bool) { ++old; });
    bool done = false;
    m_queries->search(this, parseSearchQuery("rare "), [&](const auto& ids, bool last) {
        found = ids.value().size();
        done = last;
    });
    QTRY_VERIFY(done);
    QCOMPARE(found, std::size_t{50});
    QCOMPARE(old, 0);
}

void MailQueriesTest::aCancelledSearchIsSilent()
{
    fill(100);
    QCOMPARE(m_stores->search.indexHeaders(1000).value(), 100);
    int calls = 0;
    m_queries->search(this, parseSearchQuery("word "), [&](const auto&, bool) { ++calls; });
    m_queries->cancelSearch(this);
    bool listed = false;
    m_queries->list(this, m_inbox, {}, [&](const auto&, bool last) { listed = last; });
    QTRY_VERIFY(listed);
    QCOMPARE(calls, 0);
}

void MailQueriesTest::twoPanesSearchAtOnce()
{
    fill(100);
    QCOMPARE(m_stores->search.indexHeaders(1000).value(), 100);
    QObject other;
    bool first = false, second = false;
    m_queries->search(this, parseSearchQuery("word "),
                      [&](const auto&, bool last) { first = last; });
    m_queries->search(&other, parseSearchQuery("rare "),
                      [&](const auto&, bool last) { second = last; });
    QTRY_VERIFY(first && second);
}

void MailQueriesTest::callsNobodyWhoIsGone()
{
    fill(3'000);
    int calls = 0;
    {
        QObject pane;
        m_queries->list(&pane, m_inbox, {}, [&](const auto&, bool) { ++calls; });
        m_queries->search(&pane, parseSearchQuery("word "), [&](const auto&, bool) { ++calls; });
    }
    bool listed = false;
    m_queries->list(this, m_inbox, {}, [&](const auto&, bool last) { listed = last; });
    QTRY_VERIFY(listed);
    QCOMPARE(calls, 0);
}

void MailQueriesTest::saysHowMuchItKnows()
{
    fill(100);
    QCOMPARE(m_stores->search.indexHeaders(40).value(), 40);
    QCOMPARE(m_queries->coverage().total, 100);
    QCOMPARE(m_queries->coverage().headersOnly, 40);
    QCOMPARE(m_queries->coverage().whole, 0);
}

MessageId MailQueriesTest::letter(const std::string& from, const std::string& to)
{
    static std::uint32_t uid = 0;
    NewMessage row;
    row.uid = ++uid;
    row.internalDate = 1'700'000'000 + uid;
    row.from = {{"Somebody", from}};
    row.to = {{"", to}};
    const auto inserted = m_stores->messages.insert(m_inbox, std::span(&row, 1));
    while (m_stores->search.indexHeaders(100).value_or(0) > 0) {
    }
    return inserted->appeared.front();
}

bool MailQueriesTest::isKnown(const std::string& address, MessageId except)
{
    std::optional<bool> answer;
    m_queries->isKnownSender(this, address, except, [&](bool known) { answer = known; });
    (void)QTest::qWaitFor([&] { return answer.has_value(); }, 20'000);
    return answer.value_or(false);
}

void MailQueriesTest::knowsWhoWroteBefore()
{
    const MessageId first = letter("anna@example.org", "me@example.com");
    QVERIFY(!isKnown("anna@example.org", first));
    const MessageId other = letter("anna@example.org.evil.test", "me@example.com");
    QVERIFY(!isKnown("anna@example.org", first)); // the words of one address within another
    QVERIFY(!isKnown("anna@example.org.evil.test", other));
    const MessageId second = letter("Anna@Example.org", "me@example.com");
    QVERIFY(isKnown("anna@example.org", first));
    QVERIFY(isKnown("Anna@Example.org", second));
}

void MailQueriesTest::knowsWhomTheUserWroteTo()
{
    Account account;
    account.email = "me@example.com";
    account.imap.host = account.smtp.host = "h";
    QVERIFY(m_stores->accounts.add(account).has_value());
    const MessageId from = letter("bo@example.org", "me@example.com");
    letter("stranger@example.net",
           "bo@example.org"); // somebody else's letter to them proves nothing
    QVERIFY(!isKnown("bo@example.org", from));
    letter("me@example.com", "bo@example.org");
    QVERIFY(isKnown("bo@example.org", from));
}

void MailQueriesTest::remembersWhoIsTrusted()
{
    TrustStore& trust = m_stores->trust;
    QVERIFY(!m_queries->isTrusted("anna@example.org"));
    QVERIFY(trust.set("Anna@Example.org", true).has_value());
    QVERIFY(trust.set("@shop.example", true).has_value());
    QVERIFY(trust.set("@shop.example", true).has_value());
    QVERIFY(m_queries->isTrusted("anna@EXAMPLE.org"));
    QVERIFY(!m_queries->isTrusted("bo@example.org"));
    QVERIFY(m_queries->isTrusted("news@shop.example"));
    QVERIFY(!m_queries->isTrusted("news@mail.shop.example"));
    QVERIFY(!m_queries->isTrusted("shop.example"));
    QCOMPARE(m_queries->trusted(), (std::vector<std::string>{"@shop.example", "anna@example.org"}));
    QVERIFY(trust.set("anna@example.org", false).has_value());
    QVERIFY(!m_queries->isTrusted("anna@example.org"));
    for (const char* bad : {"", "@", "anna", "anna@", "a b@example.org"})
        QVERIFY(!trust.set(bad, true).has_value());
}

void MailQueriesTest::tellsWhatTheOwnServerFound()
{
    Account account;
    account.email = account.user = "me@example.com";
    account.imap.host = "imap.example.com";
    account.smtp.host = "smtp.example.com";
    QVERIFY(m_stores->accounts.add(account) == AccountId{1});
    const auto authentication = [this](const std::string& server) -> std::optional<Authentication> {
        const MessageId message = letter("anna@example.org", "me@example.com");
        if (!m_stores->bodies.put(message, "Authentication-Results: " + server +
                                               "; dmarc=fail\r\nFrom: anna@example.org\r\n\r\n"))
            return std::nullopt;
        std::optional<Result<OpenedMessage>> opened;
        m_queries->openMessage(this, message, [&](const auto& result) { opened = result; });
        (void)QTest::qWaitFor([&] { return opened.has_value(); }, 20'000);
        return opened && *opened ? (*opened)->insight.authentication : std::nullopt;
    };
    const auto own = authentication("mx.example.com");
    QVERIFY(own && own->of("dmarc"));
    QVERIFY(own->of("dmarc")->outcome == AuthOutcome::Fail);
    QVERIFY(!authentication("mx.evil.example"));
}

QTEST_GUILESS_MAIN(MailQueriesTest)
#include "MailQueriesTest.moc"
