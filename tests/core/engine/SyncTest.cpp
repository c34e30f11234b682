// SPDX-License-Identifier: GPL-3.0-or-later
// What a sync makes of servers that tell strange things, told as dialogues.
#include "core/engine/MailEngine.h"
#include "tests/core/engine/RunCommand.h"
#include "tests/support/ScriptedServer.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace avocet;
using namespace avocet::test;
using namespace Qt::StringLiterals;

namespace {

std::string signedIn(const std::string& capabilities, const std::string& script)
{
    return "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\nC: {v} AUTHENTICATE PLAIN ...\n"
           "S: {v} OK [CAPABILITY IMAP4rev1" +
           capabilities + "] in\n" + script;
}

std::string listing(const std::string& mailboxes)
{
    return "C: {l} LIST \"\" \"*\"\n" + mailboxes +
           "S: {l} OK\nC: {s} LSUB \"\" \"*\"\nS: {s} OK\n";
}

const std::string inbox = "S: * LIST () \"/\" INBOX\n";

/// The answer to a SELECT that was asked as `asked`.
std::string selected(const std::string& asked, const std::string& more)
{
    return "C: {o} SELECT \"INBOX\"" + asked + "\nS: * 1 EXISTS\nS: * OK [UIDVALIDITY 7] ok\n" +
           more + "S: {o} OK [READ-WRITE] in\n";
}

/// The one message that there is, and the question that finds it.
std::string firstMessage(const std::string& uid)
{
    return "C: {u} UID SEARCH UID 1:*\nS: * SEARCH " + uid + "\nS: {u} OK\nC: {f} UID FETCH " +
           uid + " ...\nS: * 1 FETCH (UID " + uid +
           " FLAGS () ENVELOPE (NIL \"Invoice\" NIL NIL NIL NIL NIL NIL NIL \"<a@b>\"))\nS: {f} "
           "OK\n";
}

} // namespace

class SyncTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup() { m_engine.reset(); }
    void syncsAnAccountWithoutFolders_data();
    void syncsAnAccountWithoutFolders();
    void comparesAllWhereTheServerWentBack_data();
    void comparesAllWhereTheServerWentBack();
    void asksForNothingAboveTheLargestUid();
    void keepsAllWhereAServerSaysNothingOfAFolder();
    void tellsOfAChangeThatIsNotTaken_data();
    void tellsOfAChangeThatIsNotTaken();
    void listsOnceWhereAFolderChangeWasRefused();
    void learnsAtTheFirstSignInWhatTheServerTakes();

private:
    void open(const ScriptedServer& server);
    Result<QJsonObject> run(Command command);
    Result<QJsonObject> sync() { return run(command::Sync{{}, {}, true}); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MailEngine> m_engine;
};

void SyncTest::init()
{
    qputenv("AVOCET_SECRETS", "file");
    m_folder = std::make_unique<QTemporaryDir>();
}

void SyncTest::open(const ScriptedServer& server)
{
    m_engine = std::make_unique<MailEngine>(EngineOptions{m_folder->path().toStdString(), false});
    QVERIFY(m_engine->open().has_value());
    command::AddAccount add;
    add.account.fullName = "Anna";
    add.account.email = "anna@example.org";
    add.account.imap = {Security::Plain, "localhost", server.port()};
    add.account.smtp = {Security::Tls, "smtp.invalid", 465};
    add.password = "s3cret-Passw0rd";
    add.verify = false;
    QVERIFY(run(add).has_value());
}

Result<QJsonObject> SyncTest::run(Command command)
{
    return test::runCommand(*m_engine, std::move(command));
}

void SyncTest::syncsAnAccountWithoutFolders_data()
{
    QTest::addColumn<QByteArray>("mailboxes");
    QTest::newRow("none is listed") << QByteArray();
    QTest::newRow("none can be opened") << QByteArray("S: * LIST (\\Noselect) \"/\" INBOX\n");
}

void SyncTest::syncsAnAccountWithoutFolders()
{
    QFETCH(QByteArray, mailboxes);
    ScriptedServer server(signedIn("", listing(mailboxes.toStdString())));
    open(server);
    const auto reply = run(command::Sync{{}, {}, false});
    QVERIFY2(reply.has_value(), server.problem().c_str());
}

void SyncTest::comparesAllWhereTheServerWentBack_data()
{
    QTest::addColumn<QByteArray>("now");
    QTest::newRow("changes are counted lower")
        << QByteArray("S: * OK [UIDNEXT 10] ok\nS: * OK [HIGHESTMODSEQ 50] ok\n");
    QTest::newRow("UIDs begin lower")
        << QByteArray("S: * OK [UIDNEXT 9] ok\nS: * OK [HIGHESTMODSEQ 100] ok\n");
}

void SyncTest::comparesAllWhereTheServerWentBack()
{
    QFETCH(QByteArray, now);
    const std::string asked = " (CONDSTORE)";
    ScriptedServer server(
        signedIn(" CONDSTORE",
                 listing(inbox) +
                     selected(asked, "S: * OK [UIDNEXT 10] ok\nS: * OK [HIGHESTMODSEQ 100] ok\n") +
                     firstMessage("8") + listing(inbox) + selected(asked, now.toStdString()) +
                     "C: {u} UID SEARCH UID 1:*\nS: * SEARCH 8\nS: {u} OK\n"
                     "C: {f} UID FETCH 1:8 (UID FLAGS MODSEQ)\n"
                     "S: * 1 FETCH (UID 8 FLAGS (\\Flagged) MODSEQ (3))\nS: {f} OK\n"));
    open(server);
    QVERIFY2(sync().has_value(), server.problem().c_str());
    QVERIFY2(sync().has_value(), server.problem().c_str());
    server.finish(100);
    QCOMPARE(server.problem(), std::string());
}

void SyncTest::asksForNothingAboveTheLargestUid()
{
    ScriptedServer server(signedIn("", listing(inbox) + selected("", "") +
                                           firstMessage("4294967295") + listing(inbox) +
                                           selected("", "") +
                                           "C: {f} UID FETCH 1:4294967295 (UID FLAGS)\n"
                                           "S: * 1 FETCH (UID 4294967295 FLAGS ())\nS: {f} OK\n"));
    open(server);
    QVERIFY2(sync().has_value(), server.problem().c_str());
    QVERIFY2(sync().has_value(), server.problem().c_str());
    server.finish(100);
    QCOMPARE(server.problem(), std::string());
}

void SyncTest::keepsAllWhereAServerSaysNothingOfAFolder()
{
    ScriptedServer server(signedIn("", listing(inbox) + selected("", "") + firstMessage("8") +
                                           listing(inbox) +
                                           "C: {o} SELECT \"INBOX\"\nS: {o} OK\n"));
    open(server);
    QVERIFY2(sync().has_value(), server.problem().c_str());
    const auto reply = sync();
    QVERIFY(!reply);
    QCOMPARE(reply.error().kind, ErrorKind::Protocol);
    QCOMPARE(m_engine->queries().folders().front().total, 1);
}

void SyncTest::tellsOfAChangeThatIsNotTaken_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<bool>("forGood");
    QTest::newRow("refused for good: the sync itself is well")
        << QByteArray("NO not for you") << true;
    QTest::newRow("not now") << QByteArray("NO [INUSE] in a minute") << false;
}

void SyncTest::tellsOfAChangeThatIsNotTaken()
{
    QFETCH(QByteArray, answer);
    QFETCH(bool, forGood);
    const std::string next = "S: * OK [UIDNEXT 9] ok\n";
    const std::string flags =
        "C: {f} UID FETCH 1:8 (UID FLAGS)\nS: * 1 FETCH (UID 8 FLAGS ())\nS: {f} OK\n";
    ScriptedServer server(
        signedIn("", listing(inbox) + selected("", next) + firstMessage("8")) + "NEXT:\n" +
        signedIn("", selected("", next) + "C: {x} UID STORE 8 +FLAGS (\\Flagged)\nS: {x} " +
                         answer.toStdString() + "\n") +
        "NEXT:\n" + signedIn("", listing(inbox) + selected("", next) + flags));
    open(server);
    QVERIFY2(sync().has_value(), server.problem().c_str());
    const auto folders = m_engine->queries().folders();
    QCOMPARE(folders.size(), std::size_t(1));
    std::vector<ListRow> messages;
    m_engine->queries().list(this, folders.front().id, {},
                             [&](std::vector<ListRow> rows, bool) { messages = std::move(rows); });
    QTRY_COMPARE(messages.size(), std::size_t(1));
    command::Mark mark;
    mark.messages = {messages.front().id};
    mark.add = Flag::Flagged;
    QVERIFY(run(mark).has_value());
    const auto reply = sync();
    QVERIFY2(reply.has_value() == forGood, server.problem().c_str());
    const Error error =
        forGood ? errorFromJson(reply->value(u"refused"_qs).toObject()) : reply.error();
    QCOMPARE(error.kind, forGood ? ErrorKind::Rejected : ErrorKind::Transient);
    QCOMPARE(error.serverText, std::string(forGood ? "not for you" : "in a minute"));
    server.finish(100);
    QCOMPARE(server.problem(), std::string());
}

void SyncTest::listsOnceWhereAFolderChangeWasRefused()
{
    // The change looks for itself whether it was done before a cut; then the sync lists, and nobody else.
    ScriptedServer server(
        signedIn("", listing("")) + "NEXT:\n" +
        signedIn("", "C: {x} CREATE \"New\"\nS: {x} NO not for you\n" + listing("")) + "NEXT:\n" +
        signedIn("", listing("")));
    open(server);
    QVERIFY2(sync().has_value(), server.problem().c_str());
    command::CreateFolder create;
    create.path = "New";
    QVERIFY(run(create).has_value());
    const auto reply = sync();
    QVERIFY2(reply.has_value(), server.problem().c_str());
    QVERIFY(reply->contains(u"refused"_qs));
    server.finish(100);
    QCOMPARE(server.problem(), std::string());
}

void SyncTest::learnsAtTheFirstSignInWhatTheServerTakes()
{
    const auto submission = [](const std::string& size) {
        return "S: 220 hi\nC: EHLO ...\nS: 250-mail\nS: 250-SIZE " + size +
               "\nS: 250 AUTH PLAIN\nC: AUTH PLAIN ...\nS: 235 in\nC: QUIT\nS: 221 bye\n";
    };
    const std::string reading = signedIn("", "C: {l} LOGOUT\nS: * BYE\nS: {l} OK\n");
    ScriptedServer imap(reading + "NEXT:\n" + reading);
    ScriptedServer smtp(submission("12345678") + "NEXT:\n" + submission("23456789"));
    m_engine = std::make_unique<MailEngine>(EngineOptions{m_folder->path().toStdString(), false});
    QVERIFY(m_engine->open().has_value());
    command::AddAccount add;
    add.account.email = "anna@example.org";
    add.account.imap = {Security::Plain, "localhost", imap.port()};
    add.account.smtp = {Security::Plain, "localhost", smtp.port()};
    add.password = "s3cret-Passw0rd";
    const auto added = run(add);
    QVERIFY2(added.has_value(), added ? "" : added.error().detail.c_str());
    const AccountId account{added->value(u"accountId"_s).toInteger()};
    const auto limit = [&] {
        return run(command::SetOutboxPolicy{})
            ->value(u"maxSize"_s)
            .toObject()
            .value(QString::number(account.value))
            .toInteger();
    };
    QCOMPARE(limit(), 12'345'678);
    QVERIFY(run(command::TestAccount{account}).has_value());
    QCOMPARE(limit(), 23'456'789);
}

QTEST_GUILESS_MAIN(SyncTest)
#include "SyncTest.moc"
