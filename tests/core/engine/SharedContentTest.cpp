// SPDX-License-Identifier: GPL-3.0-or-later
// One message however many folders show it: Gmail's labels (X-GM-MSGID) and OBJECTID (RFC 8474).
#include "core/engine/MailEngine.h"
#include "core/engine/Stores.h"
#include "tests/core/engine/RunCommand.h"
#include "tests/support/ScriptedServer.h"

#include <QTemporaryDir>
#include <QTest>

using namespace avocet;
using namespace avocet::test;

class SharedContentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void isOneMessageInAllItsFolders_data();
    void isOneMessageInAllItsFolders();
    void movesFromTheFolderThatDoesNotCollect();
    void opensWhatAnotherFolderStillHas();

private:
    void open();
    Result<QJsonObject> run(Command command);
    MessageId fileUnderTwoLabels(AccountId account);
    AccountId addAccount(std::uint16_t port);
    FolderId folder(const std::string& path);
    std::vector<MessageId> list(const std::string& path);
    std::filesystem::path profile() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MailEngine> m_engine;
};

namespace {

std::string envelope(int sequence, int uid, const std::string& content, const std::string& id)
{
    return "S: * " + std::to_string(sequence) + " FETCH (UID " + std::to_string(uid) +
           " FLAGS () INTERNALDATE \"01-Sep-2026 10:00:0" + std::to_string(sequence) +
           " +0000\" RFC822.SIZE 60 ENVELOPE (\"Tue, 1 Sep 2026 10:00:00 +0000\" \"about " + id +
           "\" ((NIL NIL \"a\" \"example.org\")) NIL NIL NIL NIL NIL NIL \"<" + id +
           "@example.org>\") BODYSTRUCTURE (\"TEXT\" \"PLAIN\" NIL NIL NIL \"7BIT\" 7 1 NIL NIL "
           "NIL "
           "NIL) BODY[HEADER.FIELDS (FROM SENDER REPLY-TO REFERENCES LIST-ID LIST-UNSUBSCRIBE "
           "LIST-UNSUBSCRIBE-POST AUTHENTICATION-RESULTS)] \"\" " +
           content + ")\n";
}

std::string body(int sequence, int uid, const std::string& words)
{
    const std::string size =
        std::to_string(std::string("Subject: s\r\n\r\n").size() + words.size());
    return "R: * " + std::to_string(sequence) + " FETCH (UID " + std::to_string(uid) + " BODY[] {" +
           size + "}\\r\\nSubject: s\\r\\n\\r\\n" + words + ")\\r\\n\n";
}

std::string selects(const std::string& mailbox, int exists, int uidNext)
{
    return "C: {t} SELECT \"" + mailbox + "\"\nS: * " + std::to_string(exists) +
           " EXISTS\nS: * OK [UIDVALIDITY 5] x\nS: * OK [UIDNEXT " + std::to_string(uidNext) +
           "] x\nS: {t} OK [READ-WRITE] done\n";
}

const std::string folders = R"(
C: {t} LIST ...
S: * LIST (\HasNoChildren) "/" "INBOX"
S: * LIST (\All \HasNoChildren) "/" "All"
S: {t} OK done
C: {t} LSUB ...
S: {t} OK done
)";

} // namespace

void SharedContentTest::init()
{
    qputenv("AVOCET_SECRETS", "file");
    m_engine.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    open();
}

void SharedContentTest::open()
{
    m_engine.reset();
    m_engine = std::make_unique<MailEngine>(EngineOptions{profile(), false});
    QVERIFY(m_engine->open().has_value());
}

Result<QJsonObject> SharedContentTest::run(Command command)
{
    return test::runCommand(*m_engine, std::move(command));
}

AccountId SharedContentTest::addAccount(std::uint16_t port)
{
    command::AddAccount add;
    add.account.email = "a@example.org";
    add.account.imap = {Security::Plain, "127.0.0.1", port};
    add.account.smtp = {Security::Plain, "127.0.0.1", 1};
    add.password = "p";
    add.verify = false;
    const auto reply = run(add);
    return AccountId{reply ? reply->value(QLatin1String("accountId")).toInteger() : 0};
}

FolderId SharedContentTest::folder(const std::string& path)
{
    for (const Folder& each : m_engine->queries().folders())
        if (each.path == path)
            return each.id;
    return {};
}

std::vector<MessageId> SharedContentTest::list(const std::string& path)
{
    std::vector<MessageId> ids;
    bool done = false;
    m_engine->queries().list(this, folder(path), {}, [&](std::vector<ListRow> found, bool last) {
        ids.clear();
        for (const ListRow& row : found)
            ids.push_back(row.id);
        done = last;
    });
    (void)QTest::qWaitFor([&] { return done; }, 20'000);
    return ids;
}

void SharedContentTest::isOneMessageInAllItsFolders_data()
{
    QTest::addColumn<QString>("capability");
    QTest::addColumn<QStringList>("contents");
    QTest::newRow("Gmail: a label is a folder")
        << QStringLiteral("X-GM-EXT-1")
        << QStringList{QStringLiteral("X-GM-MSGID 1278455344230334865"),
                       QStringLiteral("X-GM-MSGID 1278455344230334866")};
    QTest::newRow("a server with OBJECTID")
        << QStringLiteral("OBJECTID")
        << QStringList{QStringLiteral("EMAILID (M6d99ac3275bb4e)"),
                       QStringLiteral("EMAILID (M5fdc09b49ea703)")};
}

void SharedContentTest::isOneMessageInAllItsFolders()
{
    QFETCH(QString, capability);
    QFETCH(QStringList, contents);
    const std::string one = contents[0].toStdString(), other = contents[1].toStdString();
    const std::string script =
        "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\nC: {v} AUTHENTICATE PLAIN ...\n"
        "S: {v} OK [CAPABILITY IMAP4rev1 SPECIAL-USE " +
        capability.toStdString() + "] in\n" + folders +
        // The first sync: headers of both, then the bodies, that of the shared message once.
        selects("INBOX", 1, 11) + "C: {t} UID SEARCH ...\nS: * SEARCH 10\nS: {t} OK done\n" +
        "C: {t} UID FETCH 10 ...\n" + envelope(1, 10, one, "x") + "S: {t} OK done\n" +
        selects("All", 2, 102) + "C: {t} UID SEARCH ...\nS: * SEARCH 100 101\nS: {t} OK done\n" +
        "C: {t} UID FETCH 100:101 ...\n" + envelope(1, 100, one, "x") +
        envelope(2, 101, other, "y") + "S: {t} OK done\n" + "C: {t} EXAMINE \"INBOX\"\n" +
        "S: * 1 EXISTS\nS: * OK [UIDVALIDITY 5] x\nS: {t} OK done\n" +
        "C: {t} UID FETCH 10 (UID BODY.PEEK[])\n" + body(1, 10, "shared words") +
        "S: {t} OK done\n" + "C: {t} EXAMINE \"All\"\n" +
        "S: * 2 EXISTS\nS: * OK [UIDVALIDITY 5] x\nS: {t} OK done\n" +
        "C: {t} UID FETCH 101 (UID BODY.PEEK[])\n" + body(2, 101, "other words") +
        "S: {t} OK done\n" +
        // The second: the label INBOX was taken away.
        folders + selects("INBOX", 0, 11) + selects("All", 2, 102) +
        "C: {t} UID FETCH 1:101 (UID FLAGS)\nS: * 1 FETCH (UID 100 FLAGS (\\Seen))\n"
        "S: * 2 FETCH (UID 101 FLAGS ())\nS: {t} OK done\n";
    ScriptedServer server(script);
    QVERIFY(addAccount(server.port()));
    const auto synced = run(command::Sync{});
    QVERIFY2(synced.has_value(), server.problem().c_str());

    const auto inbox = list("INBOX"), all = list("All");
    QCOMPARE(inbox.size(), std::size_t(1));
    QCOMPARE(all.size(), std::size_t(2));
    const MessageId shared = inbox.front();
    QCOMPARE(all.back().value, shared.value);
    const ThreadId thread = m_engine->queries().rows(std::span(&shared, 1)).front().thread;
    QCOMPARE(m_engine->queries().threadMessages(thread).size(), std::size_t(1));
    std::vector<MessageId> found;
    bool done = false;
    m_engine->queries().search(this, parseSearchQuery("shared "),
                               [&](const Result<std::vector<MessageId>>& ids, bool last) {
                                   found = ids.value();
                                   done = last;
                               });
    QTRY_VERIFY(done);
    QVERIFY(found == std::vector<MessageId>{shared});

    const auto again = run(command::Sync{});
    QVERIFY2(again.has_value(), server.problem().c_str());
    QVERIFY(list("INBOX").empty());
    QCOMPARE(list("All").size(), std::size_t(2));
    bool hasBody = false;
    done = false;
    m_engine->queries().openMessage(this, shared, [&](const Result<OpenedMessage>& opened) {
        hasBody = opened && opened->hasBody;
        done = true;
    });
    QTRY_VERIFY(done);
    QVERIFY(hasBody);
    m_engine.reset();
    server.finish();
    QCOMPARE(server.problem(), std::string());
}

/// UID 3 of All and of INBOX. The engine is closed afterwards.
MessageId SharedContentTest::fileUnderTwoLabels(AccountId account)
{
    m_engine.reset();
    MessageId message;
    auto stores = Stores::open(profile(), Access::ReadWrite);
    std::vector<Folder> all(3);
    const char* names[]{"All", "INBOX", "Work"};
    for (std::size_t i = 0; i < 3; ++i)
        all[i].mailbox = all[i].path = names[i];
    all[0].role = FolderRole::All;
    if (!stores || !(*stores)->folders.replaceAll(account, all))
        return {};
    NewMessage row;
    row.uid = 3;
    row.contentId = "1278455344230334865";
    for (const char* name : {"All", "INBOX"}) {
        const auto id = (*stores)->folders.findByMailbox(account, name)->id;
        if (!(*stores)->folders.reset(id, 5))
            return {};
        const auto inserted = (*stores)->messages.insert(id, std::span(&row, 1));
        message = inserted ? inserted->appeared.front() : MessageId{};
    }
    return message;
}

void SharedContentTest::movesFromTheFolderThatDoesNotCollect()
{
    const AccountId account = addAccount(1);
    const MessageId message = fileUnderTwoLabels(account);
    open();
    command::Move move;
    move.messages = {message};
    move.path = "Work";
    QVERIFY(run(move).has_value());
    m_engine.reset();
    auto stores = Stores::open(profile(), Access::ReadWrite);
    const auto planned = (*stores)->operations.pending(account);
    QCOMPARE(planned->size(), std::size_t(1));
    QCOMPARE(planned->front().mailbox, std::string("INBOX"));
}

void SharedContentTest::opensWhatAnotherFolderStillHas()
{
    ScriptedServer server(
        "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\nC: {v} AUTHENTICATE PLAIN ...\n"
        "S: {v} OK [CAPABILITY IMAP4rev1] in\nC: {t} EXAMINE ...\nS: * 0 EXISTS\n"
        "S: * OK [UIDVALIDITY 5] x\nS: {t} OK done\nC: {t} UID FETCH 3 ...\nS: {t} OK done\n"
        "C: {t} EXAMINE ...\nS: * 1 EXISTS\nS: * OK [UIDVALIDITY 5] x\nS: {t} OK done\n"
        "C: {t} UID FETCH 3 ...\n" +
        body(1, 3, "still there") + "S: {t} OK done\n");
    const MessageId message = fileUnderTwoLabels(addAccount(server.port()));
    QVERIFY(message);
    open();
    const auto fetched = run(command::FetchBody{message});
    QVERIFY2(fetched.has_value(), server.problem().c_str());
    server.finish();
    QCOMPARE(server.problem(), std::string());
}

QTEST_GUILESS_MAIN(SharedContentTest)
#include "SharedContentTest.moc"
