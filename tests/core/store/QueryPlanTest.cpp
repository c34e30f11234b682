// SPDX-License-Identifier: GPL-3.0-or-later
// Listens to every statement that the read side and the steps of the background run, and asks SQLite how it would: none
// may read through a table or sort what it found, but for those that are named here with a reason.
#include "core/store/BodyStore.h"
#include "core/store/FolderRemoval.h"
#include "core/store/MessageLists.h"
#include "core/store/MessageStore.h"
#include "core/store/SearchIndex.h"
#include "core/store/ThreadFolders.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <sqlite3.h>

#include <functional>
#include <set>

using namespace avocet;
using namespace avocet::test;

namespace {

struct Exception {
    const char* part; ///< of the statement
    const char* why;
};

constexpr Exception exceptions[]{
    {"FROM folder", "an account has tens of folders"},
    {"search_state", "it has one row"},
    {"FROM search_doc WHERE message IS NULL", "its index holds nothing else"},
    {"FROM body_left", "it holds nothing else"},
    {"ORDER BY p.hidden, p.folder LIMIT 1", "a message lies in a few folders"},
    {"m.thread = ?1", "a thread is read whole and put in order"},
};

class Listening {
public:
    explicit Listening(Database& database)
        : m_handle(database.raw().getHandle())
    {
        sqlite3_trace_v2(m_handle, SQLITE_TRACE_STMT, &Listening::heard, &statements);
    }
    ~Listening() { sqlite3_trace_v2(m_handle, 0, nullptr, nullptr); }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

    std::set<std::string> statements;

private:
    static int heard(unsigned, void* self, void* statement, void*)
    {
        static_cast<std::set<std::string>*>(self)->insert(
            sqlite3_sql(static_cast<sqlite3_stmt*>(statement)));
        return 0;
    }

    sqlite3* m_handle;
};

/// What is wrong with how a statement runs; empty: nothing.
std::string complaint(Database& database, const std::string& sql)
{
    SQLite::Statement plan(database.raw(), "EXPLAIN QUERY PLAN " + sql);
    std::set<std::string> within; // what the statement itself has just found
    while (plan.executeStep()) {
        const std::string step = plan.getColumn(3).getString();
        for (const std::string part : {"CO-ROUTINE ", "MATERIALIZE "})
            if (step.starts_with(part))
                within.insert("SCAN " + step.substr(part.size()));
        const bool scans = !within.contains(step) && step.starts_with("SCAN ") &&
                           step.find("VIRTUAL TABLE") == std::string::npos &&
                           step.find("CONSTANT ROW") == std::string::npos &&
                           step.find("(subquery") == std::string::npos;
        if (scans || step.find("TEMP B-TREE") != std::string::npos)
            return step;
    }
    return {};
}

bool isExcepted(const std::string& sql)
{
    return std::any_of(std::begin(exceptions), std::end(exceptions), [&](const Exception& one) {
        return sql.find(one.part) != std::string::npos;
    });
}

} // namespace

class QueryPlanTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void noticesAScanAndASort();
    void readsOnlyByIndex();
    void listsByACoveringIndex();
};

void QueryPlanTest::noticesAScanAndASort()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    QVERIFY(!complaint(**mail, "SELECT id FROM message WHERE subject = 'x'").empty());
    QVERIFY(
        !complaint(**mail, "SELECT uid FROM placement WHERE folder = 1 ORDER BY mod_seq").empty());
    QVERIFY(complaint(**mail, "SELECT id FROM message WHERE id = 5").empty());
}

void QueryPlanTest::readsOnlyByIndex()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    auto bodyFile = Database::open(folders.path("bodies.db"), Schema::Bodies);
    VERIFY_RESULT(bodyFile);
    const FolderId inbox = addFolder(**mail, "INBOX");
    MessageStore messages(**mail);
    MessageLists lists(**mail);
    ThreadFolders threads(**mail);
    SearchIndex index(**mail);
    BodyStore bodies(**bodyFile);
    FolderRemoval removal(**mail);

    std::vector<NewMessage> rows(50);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].uid = static_cast<std::uint32_t>(i + 1);
        rows[i].internalDate = static_cast<std::int64_t>(i / 2);
        rows[i].messageIdHeader = std::to_string(i) + "@example.org";
        rows[i].subject = "Subject with words";
    }
    const auto ids = messages.insert(inbox, rows).value().appeared;
    VERIFY_RESULT(bodies.put(ids[0], "raw"));

    const Listening mailHears(**mail), bodiesHear(**bodyFile);
    VERIFY_RESULT(index.indexHeaders(20));
    VERIFY_RESULT(index.indexHeaders(100));
    QVERIFY(threads.build(inbox, 100).value());
    MessageId wantedFrom;
    VERIFY_RESULT(index.bodiesWanted(wantedFrom, 10));
    VERIFY_RESULT(index.coverage());
    VERIFY_RESULT(index.purge(10));

    VERIFY_RESULT(messages.uids(inbox));
    VERIFY_RESULT(messages.lastUid(inbox));
    VERIFY_RESULT(messages.pendingKeys(inbox));
    VERIFY_RESULT(messages.placements(ids[0]));
    VERIFY_RESULT(messages.withoutPreview(inbox, ids));
    VERIFY_RESULT(messages.placementAt(inbox, 3));
    VERIFY_RESULT(messages.findByMessageIdHeader(inbox, "5@example.org"));
    BodyCursor cursor;
    VERIFY_RESULT(messages.withoutBody(inbox, cursor, 10, 1 << 20));
    VERIFY_RESULT(messages.list(inbox));
    VERIFY_RESULT(messages.rows(inbox, ids));
    VERIFY_RESULT(messages.row(ids[0]));
    VERIFY_RESULT(threads.nextToBuild());
    ListFilter unread, text;
    unread.unread = true;
    text.text = "words";
    for (const ListFilter& filter : {ListFilter{}, unread, text}) {
        VERIFY_RESULT(messages.list(inbox, filter));
        VERIFY_RESULT(lists.piece(inbox, filter, {}, 10));
    }
    VERIFY_RESULT(threads.threads(inbox, 10));
    VERIFY_RESULT(threads.threadMessages(ThreadId{ids[0].value}));
    VERIFY_RESULT(threads.isComplete(inbox));
    VERIFY_RESULT(FolderStore(**mail).all());
    VERIFY_RESULT(FolderStore(**mail).find(inbox));
    for (const char* query :
         {"words ", "wor", "words subj", "\"with words\"", "from:abcde", "is:unread",
          "has:attachment words ", "in:inbox words ", "before:2026 words"})
        for (const SearchOrder order : {SearchOrder::Newest, SearchOrder::Relevance})
            for (const AccountId account : {AccountId{}, AccountId{1}}) {
                SearchQuery asked = parseSearchQuery(query);
                asked.order = order;
                asked.account = account;
                VERIFY_RESULT(index.search(asked));
            }
    VERIFY_RESULT(bodies.get(ids[0]));
    VERIFY_RESULT(bodies.has(ids[0]));
    VERIFY_RESULT(messages.bodiesLeft(10));
    VERIFY_RESULT(removal.emptySome(inbox, 20));
    VERIFY_RESULT(removal.removeSome(20));
    VERIFY_RESULT(index.purge(10));

    QVERIFY2(mailHears.statements.size() > 60,
             qPrintable(QString::number(mailHears.statements.size())));
    int wrong = 0;
    std::set<std::string> used;
    const auto check = [&](Database& database, const std::set<std::string>& statements) {
        for (const std::string& sql : statements) {
            const auto start = sql.find_first_not_of(" \n");
            const std::string verb = sql.substr(start, sql.find_first_of(" (\n", start) - start);
            // INSERT ... VALUES and the like have nothing to look for.
            if (verb != "SELECT" && verb != "UPDATE" && verb != "DELETE" && verb != "INSERT")
                continue;
            const std::string what = complaint(database, sql);
            if (!what.empty() && !isExcepted(sql)) {
                qWarning("%s\n    %s", sql.c_str(), what.c_str());
                ++wrong;
            }
            for (const Exception& one : exceptions)
                if (!what.empty() && sql.find(one.part) != std::string::npos)
                    used.insert(one.part);
        }
    };
    check(**mail, mailHears.statements);
    check(**bodyFile, bodiesHear.statements);
    QCOMPARE(wrong, 0);
    QCOMPARE(used.size(), std::size(exceptions)); // none is named for nothing
}

void QueryPlanTest::listsByACoveringIndex()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    const FolderId inbox = addFolder(**mail, "INBOX");
    MessageStore messages(**mail);
    MessageLists lists(**mail);
    ThreadFolders threads(**mail);
    const Listening listening(**mail);
    VERIFY_RESULT(messages.list(inbox));
    VERIFY_RESULT(lists.piece(inbox, {}, {}, 10));
    VERIFY_RESULT(threads.threads(inbox, 10));
    QCOMPARE(listening.statements.size(), std::size_t{3});
    for (const std::string& sql : listening.statements) {
        SQLite::Statement plan((*mail)->raw(), "EXPLAIN QUERY PLAN " + sql);
        QVERIFY(plan.executeStep());
        QVERIFY2(plan.getColumn(3).getString().find("USING COVERING INDEX") != std::string::npos,
                 plan.getColumn(3).getString().c_str());
    }
}

QTEST_APPLESS_MAIN(QueryPlanTest)
#include "QueryPlanTest.moc"
