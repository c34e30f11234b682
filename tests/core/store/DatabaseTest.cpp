// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Database.h"
#include "core/store/BodyStore.h"
#include "core/store/MessageStore.h"
#include "core/store/Migrations.h"
#include "core/store/StoreGuard.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace avocet;
using namespace avocet::test;
namespace fs = std::filesystem;

namespace {

std::string contentOf(const fs::path& file)
{
    std::ifstream input(file, std::ios::binary);
    std::ostringstream content;
    content << input.rdbuf();
    return content.str();
}

void overwrite(const fs::path& file, std::streamoff offset, const std::string& bytes)
{
    std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
    stream.seekp(offset);
    stream << bytes;
}

unsigned modeOf(const fs::path& file)
{
    struct stat info {};
    return ::stat(file.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

int countOf(Database& database, const std::string& table)
{
    return database.raw().execAndGet("SELECT count(*) FROM " + table).getInt();
}

Status addAddress(Database& user, const std::string& name)
{
    Account account = sampleAccount();
    account.fullName = name;
    const auto added = AccountStore(user).add(account);
    if (!added)
        return tl::unexpected<Error>(added.error());
    return {};
}

bool anySetAside(const Folders& folders)
{
    for (const auto& entry : fs::directory_iterator(folders.path()))
        if (entry.path().filename().string().find(".corrupt-") != std::string::npos)
            return true;
    return false;
}

} // namespace

class DatabaseTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void migratesFromEmptyAndStaysSo_data();
    void migratesFromEmptyAndStaysSo();
    void appliesOnlyTheStepsThatAreMissing();
    void leavesNothingOfAStepThatFails();
    void refusesWhatANewerProgramWrote_data();
    void refusesWhatANewerProgramWrote();
    void keepsFilesPrivate();
    void setsACorruptCacheAside_data();
    void setsACorruptCacheAside();
    void refusesACorruptUserFileAndLeavesItAlone_data();
    void refusesACorruptUserFileAndLeavesItAlone();
    void remembersDamageThatIsMetLater();
    void keepsTheUserFileWhereTheMarkerWasWrong();
    void saysThatTheDiskIsFullAndRollsBack();
    void saysWhatIsWrongWithAFileThatCannotBeWritten();
    void readOnlyNeedsAnExistingFile();
    void readersSeeWhatWasCommitted();
    void rollsBackWhatFails();
    void rollsBackWhatThrows();
    void joinsNestedTransactions();
    void neverCommitsHalfOfANestedStep();
    void syncsEachCommitButThoseThatMayComeSoon();
    void interruptsALongQuery();
    void enforcesForeignKeys();
};

void DatabaseTest::migratesFromEmptyAndStaysSo_data()
{
    QTest::addColumn<int>("schema");
    QTest::addColumn<QString>("table");
    QTest::newRow("user.db") << static_cast<int>(Schema::User) << "outbox";
    QTest::newRow("mail.db") << static_cast<int>(Schema::Mail) << "placement";
    QTest::newRow("bodies.db") << static_cast<int>(Schema::Bodies) << "body";
}

void DatabaseTest::migratesFromEmptyAndStaysSo()
{
    QFETCH(int, schema);
    QFETCH(QString, table);
    const auto kind = static_cast<Schema>(schema);
    Folders folders;
    std::string before;
    for (int round = 0; round < 3; ++round) {
        auto database = Database::open(folders.path("a.db"), kind);
        VERIFY_RESULT(database);
        QVERIFY(!(*database)->wasSetAside());
        QVERIFY((*database)->raw().tableExists(table.toStdString()));
        QCOMPARE((*database)->raw().execAndGet("PRAGMA user_version").getInt(),
                 static_cast<int>(migrations(kind).size()));
        QCOMPARE((*database)->raw().execAndGet("PRAGMA journal_mode").getString(),
                 std::string("wal"));
        QCOMPARE((*database)->raw().execAndGet("PRAGMA foreign_keys").getInt(), 1);
        QCOMPARE((*database)->raw().execAndGet("PRAGMA synchronous").getInt(),
                 kind == Schema::User ? 2 : 1);
        const std::string schemaText =
            (*database)
                ->raw()
                .execAndGet("SELECT group_concat(sql, ';') FROM sqlite_schema")
                .getString();
        if (round > 0)
            QCOMPARE(schemaText, before);
        before = schemaText;
    }
}

void DatabaseTest::appliesOnlyTheStepsThatAreMissing()
{
    SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
    const std::array<const char*, 1> first{"CREATE TABLE a(x); INSERT INTO a VALUES(1);"};
    const std::array<const char*, 2> both{first[0], "CREATE TABLE b(x); UPDATE a SET x = x + 1;"};
    VERIFY_RESULT(migrate(database, Schema::Mail, first));
    VERIFY_RESULT(migrate(database, Schema::Mail, both));
    VERIFY_RESULT(migrate(database, Schema::Mail, both));
    QCOMPARE(database.execAndGet("SELECT x FROM a").getInt(), 2);
    QCOMPARE(database.execAndGet("PRAGMA user_version").getInt(), 2);
    VERIFY_FAILS(migrate(database, Schema::Mail, first), ErrorKind::Storage,
                 ErrorCode::NewerVersion);
    VERIFY_FAILS(migrate(database, Schema::User, both), ErrorKind::Storage, ErrorCode::Corrupt);
}

void DatabaseTest::leavesNothingOfAStepThatFails()
{
    SQLite::Database database(":memory:", SQLite::OPEN_READWRITE);
    const std::array<const char*, 2> steps{"CREATE TABLE a(x);",
                                           "CREATE TABLE b(x); INSERT INTO missing VALUES(1);"};
    QVERIFY_THROWS_EXCEPTION(SQLite::Exception,
                             static_cast<void>(migrate(database, Schema::Mail, steps)));
    QVERIFY(database.tableExists("a"));
    QVERIFY(!database.tableExists("b"));
    QCOMPARE(database.execAndGet("PRAGMA user_version").getInt(), 1);
}

void DatabaseTest::refusesWhatANewerProgramWrote_data()
{
    QTest::addColumn<int>("schema");
    QTest::addColumn<int>("access");
    for (const auto schema : {Schema::User, Schema::Mail, Schema::Bodies})
        for (const auto access : {Access::ReadWrite, Access::ReadOnly})
            QTest::addRow("schema %d, %s", static_cast<int>(schema),
                          access == Access::ReadOnly ? "reading" : "writing")
                << static_cast<int>(schema) << static_cast<int>(access);
}

void DatabaseTest::refusesWhatANewerProgramWrote()
{
    QFETCH(int, schema);
    QFETCH(int, access);
    Folders folders;
    const fs::path file = folders.path("a.db");
    {
        auto database = Database::open(file, static_cast<Schema>(schema));
        VERIFY_RESULT(database);
        (*database)->raw().exec("PRAGMA user_version = 4711");
    }
    const std::string before = contentOf(file);
    const auto refused =
        Database::open(file, static_cast<Schema>(schema), static_cast<Access>(access));
    VERIFY_FAILS(refused, ErrorKind::Storage, ErrorCode::NewerVersion);
    QCOMPARE(contentOf(file), before);
    QVERIFY(!anySetAside(folders));
}

void DatabaseTest::keepsFilesPrivate()
{
    const mode_t old = ::umask(0);
    Folders folders;
    {
        auto database = Database::open(folders.path("user.db"), Schema::User);
        VERIFY_RESULT(database);
        VERIFY_RESULT(addAddress(**database, "a"));
        for (const char* name : {"user.db", "user.db-wal", "user.db-shm"})
            QCOMPARE(modeOf(folders.path(name)), 0600u);
    }
    ::chmod(folders.path("user.db").c_str(), 0644);
    VERIFY_RESULT(Database::open(folders.path("user.db"), Schema::User));
    QCOMPARE(modeOf(folders.path("user.db")), 0600u);
    ::umask(old);
}

void DatabaseTest::setsACorruptCacheAside_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<int>("schema");
    QTest::addColumn<int>("damage");
    const std::pair<const char*, int> damages[] = {{"not a database", 0},
                                                   {"cut short", 1},
                                                   {"a broken first page", 2},
                                                   {"of another kind", 3}};
    for (const auto& [what, damage] : damages) {
        QTest::addRow("mail.db, %s", what) << "mail.db" << static_cast<int>(Schema::Mail) << damage;
        QTest::addRow("bodies.db, %s", what)
            << "bodies.db" << static_cast<int>(Schema::Bodies) << damage;
    }
}

void DatabaseTest::setsACorruptCacheAside()
{
    QFETCH(QString, name);
    QFETCH(int, schema);
    QFETCH(int, damage);
    Folders folders;
    const fs::path file = folders.path(name.toStdString());
    const auto kind = static_cast<Schema>(schema);
    VERIFY_RESULT(Database::open(file, kind));
    switch (damage) {
    case 0:
        overwrite(file, 0, "This is no database at all.");
        break;
    case 1:
        fs::resize_file(file, fs::file_size(file) - 16384);
        break;
    case 2:
        overwrite(file, 100, std::string(200, '\xff'));
        break;
    default:
        fs::remove(file);
        VERIFY_RESULT(Database::open(file, Schema::User));
    }
    const std::string before = contentOf(file);

    // A reader never takes a file away from under the writer.
    QVERIFY(!Database::open(file, kind, Access::ReadOnly));
    QCOMPARE(contentOf(file), before);

    auto database = Database::open(file, kind);
    VERIFY_RESULT(database);
    QVERIFY((*database)->wasSetAside());
    QVERIFY(anySetAside(folders));
    for (const auto& entry : fs::directory_iterator(folders.path()))
        if (entry.path().string().find(".corrupt-") != std::string::npos)
            QCOMPARE(contentOf(entry.path()), before);
    database->reset();
    auto again = Database::open(file, kind);
    VERIFY_RESULT(again);
    QVERIFY(!(*again)->wasSetAside());
}

void DatabaseTest::refusesACorruptUserFileAndLeavesItAlone_data()
{
    QTest::addColumn<qint64>("offset");
    QTest::newRow("the header") << qint64{0};
    QTest::newRow("the schema") << qint64{100};
    QTest::newRow("a page in the middle") << qint64{5 * 4096};
}

void DatabaseTest::refusesACorruptUserFileAndLeavesItAlone()
{
    QFETCH(qint64, offset);
    Folders folders;
    const fs::path file = folders.path("user.db");
    {
        auto database = Database::open(file, Schema::User);
        VERIFY_RESULT(database);
        VERIFY_RESULT(addAddress(**database, "a"));
    }
    overwrite(file, offset, std::string(64, '\x7f'));
    const std::string before = contentOf(file);
    VERIFY_FAILS(Database::open(file, Schema::User), ErrorKind::Storage, ErrorCode::Corrupt);
    QCOMPARE(contentOf(file), before);
    QVERIFY(!anySetAside(folders));
}

void DatabaseTest::remembersDamageThatIsMetLater()
{
    Folders folders;
    const fs::path file = folders.path("mail.db");
    FolderId inbox;
    {
        auto database = Database::open(file, Schema::Mail);
        VERIFY_RESULT(database);
        inbox = addFolder(**database, "INBOX");
        std::vector<NewMessage> messages(3000);
        for (std::uint32_t i = 0; i < messages.size(); ++i) {
            messages[i].uid = i + 1;
            messages[i].messageIdHeader = std::to_string(i) + "@example.org";
            messages[i].subject = std::string(100, 's');
        }
        VERIFY_RESULT(MessageStore(**database).insert(inbox, messages));
    }
    for (std::uintmax_t page = 80; page < fs::file_size(file) / 4096; ++page)
        overwrite(file, static_cast<std::streamoff>(page * 4096), std::string(4096, '\x55'));
    {
        auto database = Database::open(file, Schema::Mail);
        VERIFY_RESULT(database);
        QVERIFY(!(*database)->wasSetAside());
        VERIFY_FAILS(MessageStore(**database).list(inbox), ErrorKind::Storage, ErrorCode::Corrupt);
    }
    auto database = Database::open(file, Schema::Mail);
    VERIFY_RESULT(database);
    QVERIFY((*database)->wasSetAside());
    QCOMPARE(countOf(**database, "message"), 0);
    database->reset();
    database = Database::open(file, Schema::Mail);
    VERIFY_RESULT(database);
    QVERIFY(!(*database)->wasSetAside());
}

void DatabaseTest::keepsTheUserFileWhereTheMarkerWasWrong()
{
    Folders folders;
    {
        auto database = Database::open(folders.path("user.db"), Schema::User);
        VERIFY_RESULT(database);
        VERIFY_RESULT(addAddress(**database, "a"));
        (*database)->noteCorruption();
    }
    QVERIFY(fs::exists(folders.path("user.db.suspect")));
    auto database = Database::open(folders.path("user.db"), Schema::User);
    VERIFY_RESULT(database);
    QCOMPARE(countOf(**database, "account"), 1);
    QVERIFY(!fs::exists(folders.path("user.db.suspect")));
}

void DatabaseTest::saysThatTheDiskIsFullAndRollsBack()
{
    Folders folders;
    auto bodies = Database::open(folders.path("bodies.db"), Schema::Bodies);
    VERIFY_RESULT(bodies);
    BodyStore store(**bodies);
    std::string noise(300'000, '\0');
    std::uint32_t state = 1;
    for (char& byte : noise)
        byte = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    VERIFY_RESULT(store.put(MessageId{1}, noise));
    (*bodies)->raw().exec("PRAGMA max_page_count = 30");
    Status status;
    std::int64_t id = 2;
    for (; status && id < 100; ++id)
        status = store.put(MessageId{id}, noise);
    VERIFY_FAILS(status, ErrorKind::Storage, ErrorCode::DiskFull);
    QVERIFY(!*store.has(MessageId{id - 1}));
    QCOMPARE(**store.get(MessageId{1}), noise);
    (*bodies)->raw().exec("PRAGMA max_page_count = 100000");
    VERIFY_RESULT(store.put(MessageId{id}, noise));
    QCOMPARE((*bodies)->raw().execAndGet("PRAGMA integrity_check").getString(), std::string("ok"));
}

void DatabaseTest::saysWhatIsWrongWithAFileThatCannotBeWritten()
{
    Folders folders;
    const fs::path file = folders.path("user.db");
    {
        auto database = Database::open(file, Schema::User);
        VERIFY_RESULT(database);
        VERIFY_RESULT(addAddress(**database, "a"));
    }
    auto reader = Database::open(file, Schema::User, Access::ReadOnly);
    VERIFY_RESULT(reader);
    const Status refused = addAddress(**reader, "b");
    VERIFY_FAILS(refused, ErrorKind::Storage, ErrorCode::None);
    QVERIFY(refused.error().detail.find("cannot be written") != std::string::npos);
    QCOMPARE(countOf(**reader, "account"), 1);

    if (::geteuid() == 0)
        return; // root writes what it likes
    reader->reset();
    fs::permissions(folders.path(), fs::perms::owner_read | fs::perms::owner_exec);
    const auto missing = Database::open(folders.path("mail.db"), Schema::Mail);
    fs::permissions(folders.path(), fs::perms::owner_all);
    VERIFY_FAILS(missing, ErrorKind::Storage, ErrorCode::None);
    QVERIFY(missing.error().detail.find("mail.db") != std::string::npos);
}

void DatabaseTest::readOnlyNeedsAnExistingFile()
{
    Folders folders;
    VERIFY_FAILS(Database::open(folders.path("user.db"), Schema::User, Access::ReadOnly),
                 ErrorKind::Storage, ErrorCode::None);
    QVERIFY(!fs::exists(folders.path("user.db")));
    std::ofstream(folders.path("empty.db")).close();
    VERIFY_FAILS(Database::open(folders.path("empty.db"), Schema::Mail, Access::ReadOnly),
                 ErrorKind::Storage, ErrorCode::None);
    VERIFY_FAILS(Database::open(folders.path("no/such/folder/user.db"), Schema::User),
                 ErrorKind::Storage, ErrorCode::None);
}

void DatabaseTest::readersSeeWhatWasCommitted()
{
    Folders folders;
    auto writer = Database::open(folders.path("user.db"), Schema::User);
    VERIFY_RESULT(writer);
    auto reader = Database::open(folders.path("user.db"), Schema::User, Access::ReadOnly);
    VERIFY_RESULT(reader);
    VERIFY_RESULT((*writer)->transaction([&]() -> Status {
        Status added = addAddress(**writer, "a");
        if (countOf(**reader, "account") != 0)
            return fail(ErrorKind::Bug, "the reader saw what was not committed");
        return added;
    }));
    QCOMPARE(countOf(**reader, "account"), 1);
}

void DatabaseTest::rollsBackWhatFails()
{
    Folders folders;
    auto user = Database::open(folders.path("user.db"), Schema::User);
    VERIFY_RESULT(user);
    const Status status = (*user)->transaction([&]() -> Status {
        if (Status added = addAddress(**user, "a"); !added)
            return added;
        return fail(ErrorKind::Rejected, "no", ErrorCode::InvalidInput);
    });
    VERIFY_FAILS(status, ErrorKind::Rejected, ErrorCode::InvalidInput);
    QCOMPARE(countOf(**user, "account"), 0);
    VERIFY_RESULT(addAddress(**user, "b"));
}

void DatabaseTest::rollsBackWhatThrows()
{
    Folders folders;
    auto user = Database::open(folders.path("user.db"), Schema::User);
    VERIFY_RESULT(user);
    const Status status = (*user)->transaction([&]() -> Status {
        if (Status added = addAddress(**user, "a"); !added)
            return added;
        throw std::runtime_error("thrown");
    });
    VERIFY_FAILS(status, ErrorKind::Storage, ErrorCode::None);
    QCOMPARE(countOf(**user, "account"), 0);
    VERIFY_FAILS((*user)->transaction([&]() -> Status {
        (*user)->raw().exec("INSERT INTO nothing VALUES(1)");
        return {};
    }),
                 ErrorKind::Bug, ErrorCode::None);
    VERIFY_RESULT(addAddress(**user, "b"));
}

void DatabaseTest::joinsNestedTransactions()
{
    Folders folders;
    auto user = Database::open(folders.path("user.db"), Schema::User);
    VERIFY_RESULT(user);
    VERIFY_RESULT((*user)->transaction([&]() -> Status {
        if (Status added = addAddress(**user, "a"); !added)
            return added;
        // Refused before it changed anything: no harm to what is around it.
        if (AccountStore(**user).remove(AccountId{99}))
            return fail(ErrorKind::Bug, "removed what is not there");
        return addAddress(**user, "b");
    }));
    QCOMPARE(countOf(**user, "account"), 2);
}

void DatabaseTest::neverCommitsHalfOfANestedStep()
{
    Folders folders;
    auto user = Database::open(folders.path("user.db"), Schema::User);
    VERIFY_RESULT(user);
    const Status status = (*user)->transaction([&]() -> Status {
        const Status ignored = (*user)->transaction([&]() -> Status {
            if (Status added = addAddress(**user, "a"); !added)
                return added;
            return fail(ErrorKind::Transient, "half way");
        });
        return {};
    });
    VERIFY_FAILS(status, ErrorKind::Transient, ErrorCode::None);
    QCOMPARE(countOf(**user, "account"), 0);
    VERIFY_RESULT(addAddress(**user, "b"));
}

void DatabaseTest::syncsEachCommitButThoseThatMayComeSoon()
{
    Folders folders;
    auto user = Database::open(folders.path("user.db"), Schema::User);
    VERIFY_RESULT(user);
    auto reader = Database::open(folders.path("user.db"), Schema::User, Access::ReadOnly);
    VERIFY_RESULT(reader);
    enum Synchronous { Normal = 1, Full = 2 };
    const auto synchronous = [&] {
        return (*user)->raw().execAndGet("PRAGMA synchronous").getInt();
    };
    int within = 0;
    const auto add = [&]() -> Status {
        within = synchronous();
        return addAddress(**user, "a");
    };
    VERIFY_RESULT((*user)->transaction(add));
    QCOMPARE(within, int(Full));
    VERIFY_RESULT((*user)->transaction(add, Durable::Soon));
    QCOMPARE(within, int(Normal));
    QCOMPARE(synchronous(), int(Full));
    QCOMPARE(countOf(**reader, "account"), 2);
    VERIFY_RESULT((*user)->sync());
    // Within another transaction it is that one's end that counts.
    VERIFY_RESULT((*user)->transaction([&] { return (*user)->transaction(add, Durable::Soon); }));
    QCOMPARE(within, int(Full));
    const auto refuse = []() -> Status { return fail(ErrorKind::Rejected, "no"); };
    VERIFY_FAILS((*user)->transaction(refuse, Durable::Soon), ErrorKind::Rejected, ErrorCode::None);
    QCOMPARE(synchronous(), int(Full));
}

void DatabaseTest::interruptsALongQuery()
{
    Folders folders;
    auto mail = Database::open(folders.path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    std::atomic<bool> over{false};
    std::thread other([&] {
        while (!over)
            (*mail)->interrupt();
    });
    const Status status = guarded(**mail, [&]() -> Status {
        (*mail)->raw().execAndGet(
            "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) "
            "SELECT count(*) FROM n");
        return {};
    });
    over = true;
    other.join();
    VERIFY_FAILS(status, ErrorKind::Cancelled, ErrorCode::None);
}

void DatabaseTest::enforcesForeignKeys()
{
    Folders folders;
    auto user = Database::open(folders.path("user.db"), Schema::User);
    VERIFY_RESULT(user);
    VERIFY_FAILS(AccountStore(**user).addIdentity({{}, AccountId{7}, "n", "e"}),
                 ErrorKind::Rejected, ErrorCode::InvalidInput);
}

QTEST_APPLESS_MAIN(DatabaseTest)
#include "DatabaseTest.moc"
