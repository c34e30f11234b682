// SPDX-License-Identifier: GPL-3.0-or-later
// What a killed process leaves behind: a child writes in a loop and says over a pipe what the store has
// confirmed; it gets SIGKILL in the middle; then everything confirmed is there and the file is sound.
#include "core/store/MessageStore.h"
#include "core/store/OutboxStore.h"
#include "core/store/SearchIndex.h"
#include "core/store/ThreadFolders.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>

#include <csignal>
#include <cstdlib>
#include <functional>
#include <map>
#include <sys/wait.h>
#include <unistd.h>

using namespace avocet;
using namespace avocet::test;

namespace {

/// What the child has confirmed, in order. A short write cannot be: it is far below PIPE_BUF.
struct Confirmed {
    std::int64_t id = 0;
    std::int64_t value = 0;
};

using Say = std::function<void(Confirmed)>;

/// Runs `work`, which never returns by itself, in a child; kills it as soon as it has said `count` things. Returns all
/// that it said, the things it still said before the signal came included.
std::vector<Confirmed> killAfter(int count, const std::function<void(const Say&)>& work)
{
    int ends[2];
    if (::pipe(ends) != 0)
        qFatal("no pipe");
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(ends[0]);
        work([&](Confirmed one) {
            if (::write(ends[1], &one, sizeof one) != static_cast<ssize_t>(sizeof one))
                ::_exit(3);
        });
        ::_exit(2);
    }
    ::close(ends[1]);
    std::vector<Confirmed> said;
    Confirmed one;
    while (::read(ends[0], &one, sizeof one) == static_cast<ssize_t>(sizeof one)) {
        said.push_back(one);
        if (static_cast<int>(said.size()) == count)
            ::kill(child, SIGKILL);
    }
    ::close(ends[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFSIGNALED(status))
        qWarning("the child ended by itself: %d", status);
    return said;
}

bool isSound(Database& database)
{
    return database.raw().execAndGet("PRAGMA integrity_check").getString() == "ok" &&
           database.raw().execAndGet("SELECT count(*) FROM pragma_foreign_key_check").getInt() == 0;
}

constexpr int rounds = 12;

} // namespace

class KillTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void keepsEveryConfirmedOutboxState();
    void keepsWholeBatchesOfMessages();
    void keepsTheSearchIndexInStep();
    void migratesAgainAfterAKillWhileCreating();
};

void KillTest::keepsEveryConfirmedOutboxState()
{
    Folders folders;
    const auto file = folders.path("user.db");
    AccountId account;
    {
        auto user = Database::open(file, Schema::User);
        VERIFY_RESULT(user);
        account = AccountStore(**user).add(sampleAccount()).value();
    }
    using enum OutboxState;
    std::map<std::int64_t, std::int64_t> confirmed;
    for (int round = 0; round < rounds; ++round) {
        const auto said = killAfter(2 + round * 3, [&](const Say& say) {
            auto user = Database::open(file, Schema::User);
            if (!user)
                ::_exit(4);
            OutboxStore store(**user);
            for (int number = 0;; ++number) {
                OutboxItem item;
                item.account = account;
                item.messageIdHeader = std::to_string(round) + "." + std::to_string(number);
                item.recipients = {{"a@example.org", {}, {}}, {"b@example.org", {}, {}}};
                const auto id = store.add(item, std::string(20'000, 'm'));
                if (!id)
                    ::_exit(5);
                item.id = *id;
                say({id->value, static_cast<std::int64_t>(Queued)});
                for (const OutboxState state : {Sending, Committing, Sent, Filed, Done}) {
                    item.state = state;
                    item.reply = name(state);
                    if (!store.save(item))
                        ::_exit(6);
                    say({id->value, static_cast<std::int64_t>(state)});
                }
            }
        });
        QVERIFY(static_cast<int>(said.size()) >= 2 + round * 3);
        for (const Confirmed& one : said)
            confirmed[one.id] = one.value;

        auto user = Database::open(file, Schema::User);
        VERIFY_RESULT(user);
        QVERIFY(isSound(**user));
        OutboxStore store(**user);
        const auto all = store.all();
        VERIFY_RESULT(all);
        std::map<std::int64_t, OutboxItem> found;
        for (const OutboxItem& item : *all) {
            found[item.id.value] = item;
            // Of what is done the bytes go, in the same step.
            const auto message = store.message(item.id);
            QCOMPARE(message.has_value(), item.state != Done);
            QVERIFY(!message || message->size() == 20'000);
            QCOMPARE(item.recipients.size(), std::size_t{2});
            // The reply was written with the state, never without it.
            QCOMPARE(item.reply,
                     item.state == Queued ? std::string() : std::string(name(item.state)));
        }
        for (const auto& [id, state] : confirmed) {
            QVERIFY2(found.contains(id), "a confirmed message is gone");
            // At most one step further than what was confirmed: that one may have been cut off on its way to us.
            const auto was = static_cast<OutboxState>(state);
            QVERIFY(found[id].state == was || mayFollow(was, found[id].state));
        }
        QVERIFY(found.size() <= confirmed.size() + 1);
        // Every row is as it is found: the next round begins from it.
        for (const OutboxItem& item : *all)
            confirmed[item.id.value] = static_cast<std::int64_t>(item.state);
    }
}

void KillTest::keepsWholeBatchesOfMessages()
{
    Folders folders;
    const auto file = folders.path("mail.db");
    FolderId inbox;
    {
        auto mail = Database::open(file, Schema::Mail);
        VERIFY_RESULT(mail);
        inbox = addFolder(**mail, "INBOX");
    }
    constexpr std::uint32_t batch = 200;
    std::int64_t last = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto said = killAfter(1 + round, [&](const Say& say) {
            auto mail = Database::open(file, Schema::Mail);
            if (!mail)
                ::_exit(4);
            MessageStore store(**mail);
            for (std::uint32_t next = static_cast<std::uint32_t>(last) + 1;; next += batch) {
                std::vector<NewMessage> messages(batch);
                for (std::uint32_t i = 0; i < batch; ++i) {
                    messages[i].uid = next + i;
                    messages[i].internalDate = next + i;
                    messages[i].messageIdHeader = std::to_string(next + i);
                    messages[i].inReplyTo = std::to_string((next + i) / 3);
                }
                if (!store.insert(inbox, messages))
                    ::_exit(5);
                say({0, static_cast<std::int64_t>(next + batch - 1)});
            }
        });
        QVERIFY(static_cast<int>(said.size()) >= 1 + round);

        auto mail = Database::open(file, Schema::Mail);
        VERIFY_RESULT(mail);
        QVERIFY(!(*mail)->wasSetAside());
        QVERIFY(isSound(**mail));
        const auto uids = MessageStore(**mail).uids(inbox);
        VERIFY_RESULT(uids);
        last = static_cast<std::int64_t>(uids->size());
        QCOMPARE(last % batch, 0);
        QCOMPARE(static_cast<std::int64_t>(uids->back()), last);
        QVERIFY(last == said.back().value || last == said.back().value + batch);
        const auto folder = FolderStore(**mail).find(inbox);
        QCOMPARE(folder->total, last);
        QCOMPARE(folder->unread, last);
    }
}

namespace {

/// Inserts, indexes, removes and purges for ever, each round saying how far it is.
void indexForEver(Database& mail, FolderId inbox, std::uint32_t next, const Say& say)
{
    MessageStore store(mail);
    SearchIndex index(mail);
    ThreadFolders threads(mail);
    constexpr std::uint32_t batch = 20;
    for (;; next += batch) {
        const Status stored = mail.transaction([&]() -> Status {
            std::vector<NewMessage> messages(batch);
            for (std::uint32_t i = 0; i < batch; ++i) {
                messages[i].uid = next + i;
                messages[i].internalDate = next + i;
                messages[i].subject = "number" + std::to_string(next + i) + " every";
                messages[i].messageIdHeader = std::to_string(next + i);
                messages[i].inReplyTo = std::to_string((next + i) / 4);
            }
            const auto added = store.insert(inbox, messages);
            if (!added)
                return tl::unexpected(added.error());
            // Half of them whole, the rest wait for indexHeaders.
            std::vector<SearchText> texts(batch / 2);
            std::vector<SearchEntry> entries;
            for (std::size_t i = 0; i < texts.size(); ++i) {
                SearchFields fields;
                fields.subject = messages[i].subject;
                fields.texts = {"text of it"};
                fields.whole = true;
                texts[i] = prepareSearchText(fields);
                entries.push_back({added->appeared[i], &texts[i]});
            }
            return index.put(entries);
        });
        const std::uint32_t old[]{next / 2, next / 2 + 1, next + 3};
        if (!stored || !index.indexHeaders(15) || !store.removeUids(inbox, old) ||
            !index.purge(2) || !threads.build(inbox, 50) || !index.merge(4))
            ::_exit(5);
        say({0, next});
    }
}

} // namespace

void KillTest::keepsTheSearchIndexInStep()
{
    Folders folders;
    const auto file = folders.path("mail.db");
    FolderId inbox;
    {
        auto mail = Database::open(file, Schema::Mail);
        VERIFY_RESULT(mail);
        inbox = addFolder(**mail, "INBOX");
    }
    for (int round = 0; round < rounds; ++round) {
        std::uint32_t next = 1;
        {
            auto mail = Database::open(file, Schema::Mail);
            VERIFY_RESULT(mail);
            next = MessageStore(**mail).lastUid(inbox).value() + 1;
        }
        const auto said = killAfter(2 + round * 2, [&](const Say& say) {
            auto mail = Database::open(file, Schema::Mail);
            if (!mail)
                ::_exit(4);
            indexForEver(**mail, inbox, next, say);
        });
        QVERIFY(static_cast<int>(said.size()) >= 2 + round * 2);

        auto mail = Database::open(file, Schema::Mail);
        VERIFY_RESULT(mail);
        QVERIFY(!(*mail)->wasSetAside());
        QVERIFY(isSound(**mail));
        SQLite::Database& raw = (*mail)->raw();
        raw.exec("INSERT INTO search(search) VALUES('integrity-check')");
        const auto number = [&](const char* sql) { return raw.execAndGet(sql).getInt64(); };
        SearchIndex index(**mail);
        const auto coverage = index.coverage();
        QCOMPARE(coverage->total, number("SELECT count(*) FROM message"));
        QCOMPARE(coverage->whole,
                 number("SELECT count(*) FROM search_doc WHERE message IS NOT NULL AND whole"));
        QCOMPARE(coverage->headersOnly,
                 number("SELECT count(*) FROM search_doc WHERE message IS NOT NULL AND NOT whole"));
        QCOMPARE(number("SELECT count(*) FROM search WHERE search MATCH 'every'"),
                 number("SELECT count(*) FROM search_doc"));
        SearchQuery every = parseSearchQuery("every ");
        every.limit = 0;
        QCOMPARE(std::ssize(index.search(every).value()), coverage->whole + coverage->headersOnly);
        QCOMPARE(
            number("SELECT sum(count) FROM thread_folder"),
            number(
                "SELECT count(*) FROM placement WHERE uid <= (SELECT up_to FROM thread_progress)"));
    }
}

void KillTest::migratesAgainAfterAKillWhileCreating()
{
    for (int round = 0; round < rounds; ++round) {
        Folders folders;
        // The child creates one profile after the other; the last is cut off somewhere.
        const auto said = killAfter(1 + round % 4, [&](const Say& say) {
            for (int number = 0;; ++number) {
                const auto name = std::to_string(number);
                if (!Database::open(folders.path(name + ".user"), Schema::User) ||
                    !Database::open(folders.path(name + ".mail"), Schema::Mail))
                    ::_exit(4);
                say({0, number});
            }
        });
        for (std::int64_t number = 0; number <= said.back().value + 1; ++number) {
            const auto name = std::to_string(number);
            auto user = Database::open(folders.path(name + ".user"), Schema::User);
            VERIFY_RESULT(user);
            VERIFY_RESULT(AccountStore(**user).add(sampleAccount()));
            auto mail = Database::open(folders.path(name + ".mail"), Schema::Mail);
            VERIFY_RESULT(mail);
            QVERIFY(!(*mail)->wasSetAside());
            QVERIFY(addFolder(**mail, "INBOX"));
        }
    }
}

QTEST_APPLESS_MAIN(KillTest)
#include "KillTest.moc"
