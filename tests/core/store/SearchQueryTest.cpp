// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/SearchQuery.h"
#include "core/store/SearchMatch.h"
#include "tests/core/store/StoreFixture.h"

#include <functional>

using namespace avocet;

namespace {

std::int64_t day(int year, int month, int day)
{
    return QDate(year, month, day).startOfDay(Qt::UTC).toSecsSinceEpoch();
}

SearchTerm term(const char* words, SearchField field = SearchField::Any, bool prefix = false)
{
    return {field, words, prefix};
}

} // namespace

Q_DECLARE_METATYPE(SearchQuery)

class SearchQueryTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void readsWhatPeopleType_data();
    void readsWhatPeopleType();
    void countsDaysFromLocalMidnight();
    void boundsTheTerms();
    void isNeverSyntax_data();
    void isNeverSyntax();
};

void SearchQueryTest::readsWhatPeopleType_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<SearchQuery>("query");
    const auto row = [](const char* name, const char* text, std::vector<SearchTerm> terms,
                        const std::function<void(SearchQuery&)>& more = {}) {
        SearchQuery query;
        query.terms = std::move(terms);
        if (more)
            more(query);
        QTest::newRow(name) << QString::fromUtf8(text) << query;
    };
    constexpr auto any = SearchField::Any;
    row("nothing", "", {});
    row("only spaces", "  \t ", {});
    row("a word being typed", "invo", {term("invo", any, true)});
    row("a word that is finished", "invoice ", {term("invoice")});
    row("two words", "late invoice", {term("late"), term("invoice", any, true)});
    row("a phrase", "\"late invoice\"", {term("late invoice")});
    row("a phrase being typed", "\"late inv", {term("late inv", any, true)});
    row("typographic quotes", "“late invoice” x ", {term("late invoice"), term("x")});
    row("quotes in the middle of a word", "ab\"c d\"", {term("ab"), term("c d")});
    row("empty quotes", "\"\" a ", {term("a")});
    row("from", "from:anna ", {term("anna", SearchField::From)});
    row("from with a phrase", "FROM:\"Anna Berg\"", {term("Anna Berg", SearchField::From)});
    row("from being typed", "from:an", {term("an", SearchField::From, true)});
    row("to and subject", "to:ben subject:offer ",
        {term("ben", SearchField::To), term("offer", SearchField::Subject)});
    row("an operator without a value yet", "hello from:", {term("hello")});
    row("is and has", "is:unread has:attachment is:starred x ", {term("x")},
        [](SearchQuery& query) {
            query.unread = true;
            query.attachment = true;
            query.starred = true;
        });
    row("is being typed is words", "is:unre", {term("is:unre", any, true)});
    row("read and not starred", "is:read is:unstarred", {}, [](SearchQuery& query) {
        query.unread = false;
        query.starred = false;
    });
    row("in", "in:\"Old Mail\" in:sent", {}, [](SearchQuery& query) {
        query.in = {"Old Mail", "sent"};
    });
    row("after a day and before a month", "after:2026-03-05 before:2026/4", {},
        [](SearchQuery& query) {
            query.after = day(2026, 3, 5);
            query.before = day(2026, 4, 1);
        });
    row("on a day", "on:2024-2-29", {}, [](SearchQuery& query) {
        query.after = day(2024, 2, 29);
        query.before = day(2024, 3, 1);
    });
    row("on a month", "on:2025-12", {}, [](SearchQuery& query) {
        query.after = day(2025, 12, 1);
        query.before = day(2026, 1, 1);
    });
    row("on a year", "on:2025", {}, [](SearchQuery& query) {
        query.after = day(2025, 1, 1);
        query.before = day(2026, 1, 1);
    });
    row("the narrower of two bounds", "before:2025 before:2024 after:2020 after:2019", {},
        [](SearchQuery& query) {
            query.before = day(2024, 1, 1);
            query.after = day(2020, 1, 1);
        });
    row("a day that is none is words", "before:2026-02-30 ", {term("before:2026-02-30")});
    row("a date in words is words", "after:yesterday ", {term("after:yesterday")});
    row("an unknown operator is words", "colour:red ", {term("colour:red")});
    row("a web address is words", "https://example.org/ ", {term("https://example.org/")});
    row("a time is words", "10:30 ", {term("10:30")});
}

void SearchQueryTest::readsWhatPeopleType()
{
    QFETCH(QString, text);
    QFETCH(SearchQuery, query);
    const SearchQuery read = parseSearchQuery(text.toStdString());
    QCOMPARE(read.terms.size(), query.terms.size());
    for (std::size_t i = 0; i < read.terms.size(); ++i) {
        QCOMPARE(read.terms[i].words, query.terms[i].words);
        QCOMPARE(read.terms[i].prefix, query.terms[i].prefix);
        QVERIFY(read.terms[i].field == query.terms[i].field);
    }
    QVERIFY(read == query);
}

void SearchQueryTest::countsDaysFromLocalMidnight()
{
    const SearchQuery query = parseSearchQuery("on:2026-03-05", 2 * 3600);
    QCOMPARE(*query.after, day(2026, 3, 5) - 2 * 3600);
    QCOMPARE(*query.before, day(2026, 3, 6) - 2 * 3600);
}

void SearchQueryTest::boundsTheTerms()
{
    std::string text;
    for (int i = 0; i < 500; ++i)
        text += "word" + std::to_string(i) + " in:folder ";
    text += std::string(5000, 'x');
    const SearchQuery query = parseSearchQuery(text);
    QVERIFY(query.terms.size() <= 32);
    QVERIFY(query.in.size() <= 32);
    QVERIFY(parseSearchQuery(std::string(5000, 'x')).terms.front().words.size() <= 200);
}

void SearchQueryTest::isNeverSyntax_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("expression"); // empty: nothing can be found
    QTest::newRow("a quote inside a word") << "o\"brien "
                                           << "(\"o\") AND (\"brien\")";
    QTest::newRow("FTS operators") << "a OR b NOT c "
                                   << "(\"a\") AND (\"or\") AND (\"b\") AND (\"not\") AND (\"c\")";
    QTest::newRow("FTS columns") << "marks:x {subject}:y "
                                 << "(\"marks x\") AND (\"subject y\")";
    QTest::newRow("brackets and stars") << "NEAR(a*, 5) ^b "
                                        << "(\"near a\") AND (\"5\") AND (\"b\")";
    QTest::newRow("from with syntax") << "from:\"a) OR (b\" "
                                      << "(sender : \"a or b\")";
    QTest::newRow("only signs") << "!!! (("
                                << "";
    QTest::newRow("only a quote") << "\""
                                  << "";
    QTest::newRow("signs beside a word") << "!!! word "
                                         << "(\"word\")";
    QTest::newRow("our own marks") << "\uE001 7 "
                                   << "(\"7\")";
    QTest::newRow("Chinese is a phrase") << "東京"
                                         << "(\"東 京\")";
    QTest::newRow("one letter is a word") << "a"
                                          << "(\"a\")";
    QTest::newRow("one letter after a word being typed") << "\"late i"
                                                         << "(\"late\")";
    QTest::newRow("a beginning") << "lat"
                                 << "(\"\uE000lat\")";
    QTest::newRow("a beginning of the sender") << "from:lat"
                                               << "(\"\uE003lat\")";
    QTest::newRow("a longer beginning") << "latest"
                                        << "(\"latest\" *)";
    QTest::newRow("a phrase's beginning") << "an.be"
                                          << "(\"an be\" *)";
}

void SearchQueryTest::isNeverSyntax()
{
    QFETCH(QString, text);
    QFETCH(QString, expression);
    const auto match = searchMatchOf(parseSearchQuery(text.toStdString()));
    QCOMPARE(match.has_value(), !expression.isEmpty());
    if (match)
        QCOMPARE(QString::fromStdString(match->exact), expression);
}

QTEST_APPLESS_MAIN(SearchQueryTest)
#include "SearchQueryTest.moc"
