// SPDX-License-Identifier: GPL-3.0-or-later
// The door without a server: what is durable, what is refused, what is said.
#include "core/engine/MailEngine.h"
#include "core/engine/Stores.h"
#include "tests/core/engine/RunCommand.h"

#include <SQLiteCpp/Database.h>

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <unistd.h>

using namespace avocet;
using namespace Qt::StringLiterals;

namespace {

/// CPU time of the engine's thread in clock ticks, -1 where there is no such thread.
long engineTicks()
{
    const QStringList threads =
        QDir(u"/proc/self/task"_qs).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString& thread : threads) {
        QFile stat(u"/proc/self/task/%1/stat"_qs.arg(thread));
        if (!stat.open(QIODevice::ReadOnly))
            continue;
        const QByteArray line = stat.readAll();
        const QByteArrayList fields = line.mid(line.lastIndexOf(')') + 2).split(' ');
        if (line.contains("(engine)") && fields.size() > 12)
            return fields[11].toLong() + fields[12].toLong();
    }
    return -1;
}

} // namespace

class MailEngineTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void refusesPlainTextToAnotherHost();
    void refusesTheSameAccountTwice();
    void keepsAnAccountButNotItsPasswordInTheDatabase();
    void aChangedNameIsTheSendersName();
    void aDraftIsKeptAndSentOnce();
    void aMessageWithoutRecipientsStaysADraft();
    void aWaitingMessageCanBeEditedAgain();
    void aHeldMessageComesBackAsItWasWritten();
    void aHoldSurvivesARestart();
    void aMessageWhoseTimePassedWaitsForTheUser_data();
    void aMessageWhoseTimePassedWaitsForTheUser();
    void anotherTimeIsKept();
    void whatIsTakenBackIsADraftWhateverGaveIt();
    void aPausedOutboxSaysSoAfterARestart();
    void aPausedOutboxLetsTheEngineRest();
    void onlyThoseWithoutItGetTheCorrectedMessage();
    void aDraftOfAnotherDeviceKeepsItsSender_data();
    void aDraftOfAnotherDeviceKeepsItsSender();
    void whoHasItIsKnownWhateverTheCaseOfItsDomain();
    void aFormatIsStoredAloneAndNothingCountedAnew();
    void aRedirectedMessageIsNoDraft();
    void aSentMessageTwiceIsRefused();
    void anAccountWithWaitingMailIsNotRemoved();
    void aRemovedFolderIsGoneAtOnceAndEmptiedLater_data();
    void aRemovedFolderIsGoneAtOnceAndEmptiedLater();
    void conversationsAreCountedInTheBackground();
    void aMarkIsShownAtOnceAndSurvivesARestart();
    void aHeldDeletionForGoodCanBeCalledOff();
    void aCutSendIsQueuedAndACutCommitIsUncertain();
    void twoEnginesReadTheSameProfile();

private:
    void open(bool online = false);
    DraftId saveDraft();
    void change(const char* sql);
    Result<QJsonObject> run(Command command);
    AccountId addAccount(const char* email = "anna@example.org");
    std::filesystem::path profile() const { return m_folder->path().toStdString(); }
    std::vector<OutboxItem> outbox() { return m_engine->queries().outbox(); }
    Result<QJsonObject> send(const char* id, const char* to = "to@example.org");

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MailEngine> m_engine;
};

void MailEngineTest::init()
{
    qputenv("AVOCET_SECRETS", "file");
    m_folder = std::make_unique<QTemporaryDir>();
    open();
}

void MailEngineTest::cleanup()
{
    m_engine.reset();
}

void MailEngineTest::open(bool online)
{
    m_engine.reset();
    m_engine = std::make_unique<MailEngine>(EngineOptions{profile(), online});
    QVERIFY(m_engine->open().has_value());
}

DraftId MailEngineTest::saveDraft()
{
    Draft draft;
    draft.identity = m_engine->queries().identities().front().id;
    draft.to = {{"Bo", "bo@example.org"}};
    draft.cc = {{"", "cc@example.org"}};
    draft.bcc = {{"", "hidden@example.org"}};
    draft.subject = "Hej";
    draft.text = "every word -- \nand  two spaces";
    draft.attachments = {{"a b.bin", "application/octet-stream", std::string("\0\r\n\xff", 4), {}}};
    const auto saved = run(command::SaveDraft{draft});
    return DraftId{saved ? saved->value(u"draftId"_qs).toInteger() : 0};
}

/// Behind the back of the engine, which is closed.
void MailEngineTest::change(const char* sql)
{
    m_engine.reset();
    auto stores = Stores::open(profile(), Access::ReadWrite);
    QVERIFY(stores.has_value());
    (*stores)->user->raw().exec(sql);
}

Result<QJsonObject> MailEngineTest::run(Command command)
{
    return test::runCommand(*m_engine, std::move(command));
}

AccountId MailEngineTest::addAccount(const char* email)
{
    command::AddAccount add;
    add.account.fullName = "Anna";
    add.account.email = email;
    add.account.imap = {Security::Tls, "imap.invalid", 993};
    add.account.smtp = {Security::Tls, "smtp.invalid", 465};
    add.password = "correct horse battery";
    add.verify = false;
    const auto reply = run(add);
    return AccountId{reply ? reply->value(u"accountId"_qs).toInteger() : 0};
}

Result<QJsonObject> MailEngineTest::send(const char* id, const char* to)
{
    command::SendRaw raw;
    raw.message = std::string("From: anna@example.org\r\nTo: ") + to + "\r\nMessage-ID: <" + id +
                  ">\r\nSubject: s\r\n\r\ntext\r\n";
    return run(raw);
}

void MailEngineTest::refusesPlainTextToAnotherHost()
{
    command::AddAccount add;
    add.account.email = "a@example.org";
    add.account.imap = {Security::Plain, "imap.example.org", 143};
    add.account.smtp = {Security::Tls, "smtp.example.org", 465};
    add.verify = false;
    const auto reply = run(add);
    QVERIFY(!reply);
    QVERIFY(reply.error().code == ErrorCode::PlaintextForbidden);
    QVERIFY(m_engine->queries().accounts().empty());
}

void MailEngineTest::refusesTheSameAccountTwice()
{
    QVERIFY(addAccount());
    QVERIFY(!addAccount());
    QCOMPARE(m_engine->queries().accounts().size(), std::size_t(1));
}

void MailEngineTest::keepsAnAccountButNotItsPasswordInTheDatabase()
{
    QVERIFY(addAccount());
    m_engine.reset();
    for (const auto& file : std::filesystem::directory_iterator(profile())) {
        QFile content(QString::fromStdString(file.path().string()));
        QVERIFY(content.open(QIODevice::ReadOnly));
        const QByteArray bytes = content.readAll();
        const QByteArray secret("correct horse battery");
        QVERIFY(!bytes.contains(secret));
        QVERIFY(!bytes.contains(secret.toBase64()));
    }
    open();
    QCOMPARE(m_engine->queries().accounts().size(), std::size_t(1));
}

void MailEngineTest::aChangedNameIsTheSendersName()
{
    QVERIFY(addAccount());
    command::UpdateAccount update;
    update.account = m_engine->queries().accounts().front();
    update.account.fullName = "Anna Larsen";
    update.verify = false;
    QVERIFY(run(update).has_value());
    QCOMPARE(m_engine->queries().identities().front().name, std::string("Anna Larsen"));
}

void MailEngineTest::aDraftIsKeptAndSentOnce()
{
    QVERIFY(addAccount());
    Draft draft;
    draft.identity = m_engine->queries().identities().front().id;
    draft.to = {{"Bo", "bo@example.org"}};
    draft.bcc = {{"", "hidden@example.org"}};
    draft.subject = "Hej";
    draft.text = "every word";
    const auto saved = run(command::SaveDraft{draft});
    QVERIFY(saved.has_value());
    const DraftId id{saved->value(u"draftId"_qs).toInteger()};
    open(); // as after a crash
    QCOMPARE(m_engine->queries().draft(id)->text, std::string("every word"));

    QVERIFY(run(command::SendDraft{id}).has_value());
    QVERIFY(m_engine->queries().drafts().empty());
    QVERIFY(!run(command::SendDraft{id}));
    QCOMPARE(outbox().size(), std::size_t(1));
    const OutboxItem item = outbox().front();
    QVERIFY(item.state == OutboxState::Queued);
    QCOMPARE(item.recipients.size(), std::size_t(2));
    QVERIFY(item.bcc.find("hidden@example.org") != std::string::npos);
}

void MailEngineTest::aMessageWithoutRecipientsStaysADraft()
{
    QVERIFY(addAccount());
    Draft draft;
    draft.identity = m_engine->queries().identities().front().id;
    draft.text = "to nobody";
    const auto saved = run(command::SaveDraft{draft});
    const auto sent = run(command::SendDraft{DraftId{saved->value(u"draftId"_qs).toInteger()}});
    QVERIFY(!sent);
    QCOMPARE(m_engine->queries().drafts().size(), std::size_t(1));
    QVERIFY(outbox().empty());
}

void MailEngineTest::aWaitingMessageCanBeEditedAgain()
{
    QVERIFY(addAccount());
    QVERIFY(send("e@x").has_value());
    const auto edited = run(command::EditOutbox{outbox().front().id});
    QVERIFY(edited.has_value());
    const auto draft = m_engine->queries().draft(DraftId{edited->value(u"draftId"_qs).toInteger()});
    QVERIFY(draft.has_value());
    QCOMPARE(draft->to.front().address, std::string("to@example.org"));
    QVERIFY(draft->text.starts_with("text"));
    QVERIFY(outbox().front().state == OutboxState::Cancelled);
}

void MailEngineTest::aHeldMessageComesBackAsItWasWritten()
{
    QVERIFY(addAccount());
    const DraftId id = saveDraft();
    const auto sent = run(command::SendDraft{id, 0, 10});
    QVERIFY(sent.has_value());
    QVERIFY(m_engine->queries().drafts().empty());
    QVERIFY(outbox().front().hold == OutboxHold::Undo);
    QVERIFY(outbox().front().notBefore > 0);
    const auto back = run(command::EditOutbox{outbox().front().id});
    QVERIFY(back.has_value());
    QCOMPARE(back->value(u"draftId"_qs).toInteger(), static_cast<qint64>(id.value));
    const auto draft = m_engine->queries().draft(id);
    QCOMPARE(draft->text, std::string("every word -- \nand  two spaces"));
    QCOMPARE(draft->bcc.front().address, std::string("hidden@example.org"));
    QCOMPARE(draft->attachments.front().data, std::string("\0\r\n\xff", 4));
    QVERIFY(outbox().front().state == OutboxState::Cancelled);
    QCOMPARE(m_engine->queries().drafts().size(), std::size_t(1));
    QVERIFY(run(command::SendDraft{id}).has_value()); // and leaves once more
}

void MailEngineTest::aHoldSurvivesARestart()
{
    QVERIFY(addAccount());
    QVERIFY(run(command::SendDraft{saveDraft(), 0, 60}).has_value());
    const std::int64_t notBefore = outbox().front().notBefore;
    open();
    QVERIFY(outbox().front().hold == OutboxHold::Undo);
    QCOMPARE(outbox().front().notBefore, notBefore);
    change("UPDATE outbox SET not_before = 1000");
    open(true); // what was held goes at once where its time is over
    QTRY_VERIFY(outbox().front().hold == OutboxHold::None);
}

void MailEngineTest::aMessageWhoseTimePassedWaitsForTheUser_data()
{
    QTest::addColumn<QString>("policy");
    QTest::addColumn<QString>("becomes");
    QTest::newRow("nothing was said") << u""_qs << u"queued overdue"_qs;
    QTest::newRow("always ask") << u"ask"_qs << u"queued overdue"_qs;
    QTest::newRow("always send") << u"send"_qs << u"queued none"_qs;
    QTest::newRow("always keep as a draft") << u"draft"_qs << u"cancelled later"_qs;
}

void MailEngineTest::aMessageWhoseTimePassedWaitsForTheUser()
{
    QFETCH(QString, policy);
    QFETCH(QString, becomes);
    QVERIFY(addAccount());
    if (!policy.isEmpty())
        QVERIFY(run(command::SetOutboxPolicy{-1, policy.toStdString()}).has_value());
    const std::int64_t later = QDateTime::currentSecsSinceEpoch() + 3600;
    QVERIFY(run(command::SendDraft{saveDraft(), later, 10}).has_value());
    QVERIFY(outbox().front().hold == OutboxHold::Later);
    QCOMPARE(outbox().front().notBefore, later);
    change("UPDATE outbox SET not_before = not_before - 7200");
    open(true);
    const auto words = [this] {
        const OutboxItem item = outbox().front();
        return QString::fromLatin1(name(item.state)) + u' ' + QLatin1String(name(item.hold));
    };
    if (becomes.startsWith(u"queued")) // on its way it is tried, and waits again
        QTRY_COMPARE(QString(words().section(u' ', 1)), becomes.section(u' ', 1));
    else
        QTRY_COMPARE(words(), becomes);
    QCOMPARE(m_engine->queries().drafts().size(), std::size_t(policy == u"draft" ? 1 : 0));
}

void MailEngineTest::anotherTimeIsKept()
{
    QVERIFY(addAccount());
    QVERIFY(send("later@x").has_value());
    const OutboxId id = outbox().front().id;
    const std::int64_t later = QDateTime::currentSecsSinceEpoch() + 90'000;
    QVERIFY(run(command::RescheduleOutbox{id, later}).has_value());
    open();
    QVERIFY(outbox().front().hold == OutboxHold::Later);
    QCOMPARE(outbox().front().notBefore, later);
    QVERIFY(run(command::RescheduleOutbox{id, 0}).has_value());
    QVERIFY(outbox().front().hold == OutboxHold::None);
    QVERIFY(run(command::CancelOutbox{id}).has_value());
    QVERIFY(!run(command::RescheduleOutbox{id, later}));
}

void MailEngineTest::whatIsTakenBackIsADraftWhateverGaveIt()
{
    QVERIFY(addAccount());
    QVERIFY(send("raw@x").has_value()); // bytes, of which nobody keeps a draft
    QVERIFY(run(command::CancelOutbox{outbox().front().id}).has_value());
    QCOMPARE(m_engine->queries().drafts().size(), std::size_t(1));
    QCOMPARE(m_engine->queries().drafts().front().subject, std::string("s"));
}

void MailEngineTest::aPausedOutboxSaysSoAfterARestart()
{
    QVERIFY(!run(command::SetOutboxPolicy{})->value(u"paused"_qs).toBool());
    QVERIFY(run(command::SetOutboxPolicy{1, {}})->value(u"paused"_qs).toBool());
    open();
    QVERIFY(run(command::SetOutboxPolicy{})->value(u"paused"_qs).toBool());
    QVERIFY(!run(command::SetOutboxPolicy{-1, "sometimes"}));
    QVERIFY(!run(command::SetOutboxPolicy{0, {}})->value(u"paused"_qs).toBool());
}

void MailEngineTest::aPausedOutboxLetsTheEngineRest()
{
    open(true);
    QVERIFY(addAccount());
    QVERIFY(run(command::SetOutboxPolicy{1, {}}).has_value());
    QVERIFY(send("waits@x").has_value());
    QTest::qWait(500); // the first attempts to connect
    const long before = engineTicks();
    QVERIFY(before >= 0);
    QTest::qWait(1'000);
    QVERIFY2(engineTicks() - before < sysconf(_SC_CLK_TCK) / 4, "turns round and round");
    QVERIFY(outbox().front().state == OutboxState::Queued);
}

void MailEngineTest::onlyThoseWithoutItGetTheCorrectedMessage()
{
    QVERIFY(addAccount());
    QVERIFY(run(command::SendDraft{saveDraft()}).has_value());
    const OutboxId id = outbox().front().id;
    change("UPDATE outbox_recipient SET state = iif(address LIKE 'cc%', 'refused', 'accepted')");
    change("UPDATE outbox SET state = 'done'");
    open();
    const auto back = run(command::EditOutbox{id});
    QVERIFY(back.has_value());
    const auto draft = m_engine->queries().draft(DraftId{back->value(u"draftId"_qs).toInteger()});
    QVERIFY(draft->to.empty());
    QVERIFY(draft->bcc.empty());
    QCOMPARE(draft->cc.size(), std::size_t(1));
    QCOMPARE(draft->cc.front().address, std::string("cc@example.org"));
    QVERIFY(!run(command::EditOutbox{id})); // once
}

void MailEngineTest::whoHasItIsKnownWhateverTheCaseOfItsDomain()
{
    QVERIFY(addAccount());
    QVERIFY(run(command::SendDraft{saveDraft()}).has_value());
    const OutboxId id = outbox().front().id;
    change("UPDATE outbox_recipient SET state = iif(address LIKE 'cc%', 'refused', 'accepted'), "
           "address = replace(address, '@example', '@EXAMPLE')");
    change("UPDATE outbox SET state = 'done'");
    open();
    const auto back = run(command::EditOutbox{id});
    QVERIFY(back.has_value());
    const auto draft = m_engine->queries().draft(DraftId{back->value(u"draftId"_qs).toInteger()});
    QVERIFY(draft->to.empty() && draft->bcc.empty());
    QCOMPARE(draft->cc.size(), std::size_t(1));
}

void MailEngineTest::aDraftOfAnotherDeviceKeepsItsSender_data()
{
    QTest::addColumn<QString>("writer");
    QTest::addColumn<bool>("second"); // identity
    QTest::addColumn<QString>("from");
    QTest::newRow("the account's address") << u"anna@example.org"_qs << false << QString();
    QTest::newRow("its address in capitals") << u"Anna@Example.ORG"_qs << false << QString();
    QTest::newRow("another identity") << u"INFO@example.org"_qs << true << QString();
    QTest::newRow("an alias") << u"shop@anna.example"_qs << true << u"shop@anna.example"_qs;
    QTest::newRow("nobody known") << u"who@else.example"_qs << false << QString();
}

void MailEngineTest::aDraftOfAnotherDeviceKeepsItsSender()
{
    QFETCH(QString, writer);
    QFETCH(bool, second);
    const AccountId account = addAccount();
    Identity info;
    info.account = account;
    info.email = "info@example.org";
    info.aliases = {"*@anna.example"};
    QVERIFY(run(command::SaveIdentity{info}).has_value());
    m_engine.reset();
    MessageId message;
    {
        auto stores = Stores::open(profile(), Access::ReadWrite);
        Folder drafts;
        drafts.account = account;
        drafts.mailbox = drafts.path = "Drafts";
        drafts.role = FolderRole::Drafts;
        QVERIFY((*stores)->folders.replaceAll(account, {drafts}).has_value());
        const FolderId folder = (*stores)->folders.findByRole(account, FolderRole::Drafts)->id;
        QVERIFY((*stores)->folders.reset(folder, 7).has_value());
        NewMessage row;
        row.uid = 3;
        row.messageIdHeader = "m@x";
        message = (*stores)->messages.insert(folder, std::span(&row, 1))->appeared.front();
        QVERIFY((*stores)
                    ->bodies
                    .put(message, "From: A <" + writer.toStdString() +
                                      ">\r\nDisposition-Notification-To: A <" +
                                      writer.toStdString() + ">\r\nSubject: s\r\n\r\nwords\r\n")
                    .has_value());
    }
    open();
    const auto opened = run(command::OpenDraft{message});
    QVERIFY(opened.has_value());
    const auto draft = m_engine->queries().draft(DraftId{opened->value(u"draftId"_qs).toInteger()});
    QVERIFY(draft.has_value());
    const auto identities = m_engine->queries().identities();
    QCOMPARE(draft->identity, identities.at(second ? 1 : 0).id);
    QTEST(QString::fromStdString(draft->from), "from");
    QVERIFY(draft->readReceipt);
}

void MailEngineTest::aFormatIsStoredAloneAndNothingCountedAnew()
{
    QVERIFY(addAccount());
    Identity identity = m_engine->queries().identities().front();
    m_engine.reset();
    {
        auto stores = Stores::open(profile(), Access::ReadWrite);
        (*stores)->mail->raw().exec("UPDATE correspondent_progress SET message = 1000");
    }
    open();
    const auto counted = [this] {
        auto stores = Stores::open(profile(), Access::ReadOnly);
        return (*stores)->correspondents.progress().value_or(-1);
    };
    identity.name = "Anna B.";
    QVERIFY(run(command::SaveIdentity{identity}).has_value());
    QVERIFY(run(command::SetIdentityFormat{identity.id, TextFormat::Plain}).has_value());
    QCOMPARE(counted(), 1000);
    const Identity stored = m_engine->queries().identities().front();
    QVERIFY(stored.format == TextFormat::Plain);
    QCOMPARE(stored.name, std::string("Anna B."));
    identity.aliases = {"berg@example.org"};
    QVERIFY(run(command::SaveIdentity{identity}).has_value());
    QCOMPARE(counted(), 0);
    QVERIFY(!run(command::SetIdentityFormat{IdentityId{99}, TextFormat::Rich}));
}

void MailEngineTest::aRedirectedMessageIsNoDraft()
{
    QVERIFY(addAccount());
    command::Redirect redirect;
    redirect.message = "From: bo@example.org\r\nTo: anna@example.org\r\nSubject: s\r\n\r\nhej\r\n";
    redirect.identity = m_engine->queries().identities().front().id;
    redirect.to = {{"Cleo", "cleo@example.org"}};
    redirect.undoSeconds = 30;
    QVERIFY(run(redirect).has_value());
    const OutboxItem item = outbox().front();
    QVERIFY(item.hold == OutboxHold::Undo);
    QCOMPARE(item.recipients.size(), std::size_t(1));
    QCOMPARE(item.recipients.front().address, std::string("cleo@example.org"));
    QCOMPARE(item.sender, std::string("anna@example.org"));
    {
        auto stores = Stores::open(profile(), Access::ReadOnly);
        const auto raw = (*stores)->outbox.message(item.id);
        QVERIFY(raw->starts_with("Resent-From: ") && raw->ends_with(redirect.message));
    }
    // Its words and recipients are another's: it can be taken back, not edited.
    QVERIFY(run(command::EditOutbox{item.id})->isEmpty());
    QVERIFY(outbox().front().state == OutboxState::Cancelled);
    redirect.undoSeconds = 0;
    QVERIFY(run(redirect).has_value());
    QVERIFY(!run(command::EditOutbox{outbox().back().id}));
    QVERIFY(outbox().back().state == OutboxState::Queued);
    QVERIFY(run(command::CancelOutbox{outbox().back().id}).has_value());
    QVERIFY(outbox().back().state == OutboxState::Cancelled);
    QVERIFY(m_engine->queries().drafts().empty());
    redirect.to.clear();
    QCOMPARE(run(redirect).error().code, ErrorCode::NoRecipients);
}

void MailEngineTest::aSentMessageTwiceIsRefused()
{
    QVERIFY(addAccount());
    QVERIFY(send("same@x").has_value());
    QVERIFY(!send("same@x"));
    QCOMPARE(outbox().size(), std::size_t(1));
}

void MailEngineTest::anAccountWithWaitingMailIsNotRemoved()
{
    const AccountId account = addAccount();
    QVERIFY(send("w@x").has_value());
    QVERIFY(!run(command::RemoveAccount{account}));
    QVERIFY(run(command::CancelOutbox{outbox().front().id}).has_value());
    QVERIFY(run(command::RemoveAccount{account}).has_value());
    QVERIFY(m_engine->queries().accounts().empty());
}

void MailEngineTest::aRemovedFolderIsGoneAtOnceAndEmptiedLater_data()
{
    QTest::addColumn<QString>("way");
    QTest::newRow("the user deletes the folder") << u"folder"_s;
    QTest::newRow("the user removes the account") << u"account"_s;
    QTest::newRow("a kill came between the account and its folders") << u"kill"_s;
}

void MailEngineTest::aRemovedFolderIsGoneAtOnceAndEmptiedLater()
{
    QFETCH(QString, way);
    const AccountId account = addAccount();
    m_engine.reset();
    constexpr int count = 400; // several steps
    FolderId folder;
    {
        auto stores = Stores::open(profile(), Access::ReadWrite);
        Folder lists;
        lists.account = account;
        lists.mailbox = lists.path = "Lists";
        QVERIFY((*stores)->folders.replaceAll(account, {lists}).has_value());
        folder = (*stores)->folders.findByMailbox(account, "Lists")->id;
        std::vector<NewMessage> rows(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            rows[i].uid = i + 1;
            rows[i].messageIdHeader = std::to_string(i) + "@example.org";
        }
        const auto inserted = (*stores)->messages.insert(folder, rows);
        QVERIFY(inserted.has_value());
        for (const MessageId message : inserted->appeared) {
            QVERIFY((*stores)->bodies.put(message, "raw").has_value());
            QVERIFY((*stores)->messages.setBody(message, true).has_value());
        }
        if (way == u"kill")
            QVERIFY((*stores)->accounts.remove(account).has_value());
    }
    open();
    if (way == u"folder") {
        command::DeleteFolder remove;
        remove.folder = folder;
        QVERIFY(run(remove).has_value());
    } else if (way == u"account") {
        QVERIFY(run(command::RemoveAccount{account}).has_value());
    }
    QVERIFY(m_engine->queries().folders().empty());
    open(); // whatever was done by then, the next start goes on with it
    QVERIFY(m_engine->queries().folders().empty());
    auto stores = Stores::open(profile(), Access::ReadOnly);
    const auto number = [](const std::unique_ptr<Database>& database, const char* sql) {
        return database->raw().execAndGet(sql).getInt();
    };
    QTRY_COMPARE_WITH_TIMEOUT(number((*stores)->mail, "SELECT count(*) FROM message"), 0, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(number((*stores)->mail, "SELECT count(*) FROM body_left"), 0, 20'000);
    QCOMPARE(number((*stores)->mail, "SELECT count(*) FROM folder"), 0);
    QCOMPARE(number((*stores)->bodyFile, "SELECT count(*) FROM body"), 0);
}

void MailEngineTest::conversationsAreCountedInTheBackground()
{
    const AccountId account = addAccount();
    m_engine.reset();
    FolderId inbox;
    ThreadId thread;
    {
        auto stores = Stores::open(profile(), Access::ReadWrite);
        std::vector<Folder> both(2);
        both[0].mailbox = both[0].path = "INBOX";
        both[1].mailbox = both[1].path = "Sent";
        QVERIFY((*stores)->folders.replaceAll(account, both).has_value());
        std::vector<NewMessage> rows(2);
        for (std::uint32_t i = 0; i < 2; ++i) {
            rows[i].uid = i + 1;
            rows[i].internalDate = i;
            rows[i].messageIdHeader = std::to_string(i) + "@example.org";
        }
        rows[1].references = {rows[0].messageIdHeader};
        Folder folder = (*stores)->folders.findByMailbox(account, "INBOX").value();
        inbox = folder.id;
        const auto first = (*stores)->messages.insert(inbox, {rows.data(), 1});
        thread = (*stores)->messages.row(first->appeared.front())->thread;
        const FolderId sent = (*stores)->folders.findByMailbox(account, "Sent")->id;
        QVERIFY((*stores)->messages.insert(sent, {rows.data() + 1, 1}).has_value());
        folder.syncedFrom = 1; // the other one's first sync is not over
        QVERIFY((*stores)->folders.saveSyncState(folder).has_value());
    }
    open();
    QSignalSpy counted(m_engine.get(), &MailEngine::threadsCounted);
    QTRY_COMPARE_WITH_TIMEOUT(counted.size(), 1, 20'000);
    QVERIFY(m_engine->queries().threadsComplete(inbox));
    std::vector<ThreadSummary> found;
    m_engine->queries().threads(this, inbox,
                                [&](std::vector<ThreadSummary> threads, bool) { found = threads; });
    QTRY_COMPARE(found.size(), std::size_t(1));
    QCOMPARE(found.front().thread.value, thread.value);
    QCOMPARE(found.front().count, 1); // here; the conversation has both
    QCOMPARE(m_engine->queries().threadMessages(thread).size(), std::size_t(2));
}

void MailEngineTest::aMarkIsShownAtOnceAndSurvivesARestart()
{
    const AccountId account = addAccount();
    m_engine.reset();
    MessageId message;
    FolderId folder;
    {
        auto stores = Stores::open(profile(), Access::ReadWrite);
        Folder inbox;
        inbox.account = account;
        inbox.mailbox = inbox.path = "INBOX";
        inbox.role = FolderRole::Inbox;
        QVERIFY((*stores)->folders.replaceAll(account, {inbox}).has_value());
        folder = (*stores)->folders.findByRole(account, FolderRole::Inbox)->id;
        QVERIFY((*stores)->folders.reset(folder, 7).has_value());
        NewMessage row;
        row.uid = 3;
        row.messageIdHeader = "m@x";
        message = (*stores)->messages.insert(folder, std::span(&row, 1))->appeared.front();
    }
    open();
    QSignalSpy changed(m_engine.get(), &MailEngine::messagesChanged);
    QVERIFY(run(command::Mark{{message}, Flag::Seen, 0, false}).has_value());
    QCOMPARE(changed.size(), 1);
    QCOMPARE(m_engine->queries().rows(folder, std::span(&message, 1)).front().flags,
             Flags(Flag::Seen));
    m_engine.reset();
    {
        // The operation had reached the disk, what is shown had not.
        auto stores = Stores::open(profile(), Access::ReadWrite);
        QVERIFY((*stores)->messages.dropOverlay(folder, 3, {}).has_value());
        QCOMPARE((*stores)->operations.pending(account)->size(), std::size_t(1));
    }
    open();
    QCOMPARE(m_engine->queries().rows(folder, std::span(&message, 1)).front().flags,
             Flags(Flag::Seen));
}

void MailEngineTest::aHeldDeletionForGoodCanBeCalledOff()
{
    const AccountId account = addAccount();
    m_engine.reset();
    MessageId message;
    FolderId folder;
    {
        auto stores = Stores::open(profile(), Access::ReadWrite);
        Folder trash;
        trash.account = account;
        trash.mailbox = trash.path = "Trash";
        trash.role = FolderRole::Trash;
        QVERIFY((*stores)->folders.replaceAll(account, {trash}).has_value());
        folder = (*stores)->folders.findByRole(account, FolderRole::Trash)->id;
        QVERIFY((*stores)->folders.reset(folder, 7).has_value());
        NewMessage row;
        row.uid = 3;
        row.messageIdHeader = "m@x";
        message = (*stores)->messages.insert(folder, std::span(&row, 1))->appeared.front();
    }
    open();
    QSignalSpy added(m_engine.get(), &MailEngine::messagesAdded);
    QSignalSpy removed(m_engine.get(), &MailEngine::messagesRemoved);
    QVERIFY(run(command::Delete{{message}, folder, false, 10, false}).has_value());
    QCOMPARE(removed.size(), 1);
    QCOMPARE(run(command::CancelDelete{{message}, FolderId{folder.value + 1}})
                 ->value(u"messages"_s)
                 .toInt(),
             0);
    QCOMPARE(run(command::CancelDelete{{message}, folder})->value(u"messages"_s).toInt(), 1);
    QCOMPARE(added.size(), 1);
    QCOMPARE(run(command::CancelDelete{{message}, folder})->value(u"messages"_s).toInt(), 0);
    m_engine.reset();
    auto stores = Stores::open(profile(), Access::ReadWrite);
    QVERIFY((*stores)->operations.pending(account)->empty());
}

void MailEngineTest::aCutSendIsQueuedAndACutCommitIsUncertain()
{
    QVERIFY(addAccount());
    QVERIFY(send("sending@x").has_value());
    QVERIFY(send("committing@x").has_value());
    const auto items = outbox();
    m_engine.reset();
    {
        auto stores = Stores::open(profile(), Access::ReadWrite);
        for (OutboxItem item : items) {
            item.state = OutboxState::Sending;
            QVERIFY((*stores)->outbox.save(item).has_value());
            if (item.messageIdHeader != "committing@x")
                continue;
            item.state = OutboxState::Committing;
            QVERIFY((*stores)->outbox.save(item).has_value());
        }
    }
    open();
    for (const OutboxItem& item : outbox())
        QVERIFY(item.state == (item.messageIdHeader == "committing@x" ? OutboxState::Uncertain
                                                                      : OutboxState::Queued));
}

void MailEngineTest::twoEnginesReadTheSameProfile()
{
    QVERIFY(addAccount());
    MailQueries queries;
    QVERIFY(queries.open(profile()).has_value());
    QCOMPARE(queries.accounts().size(), std::size_t(1));
}

QTEST_GUILESS_MAIN(MailEngineTest)
#include "MailEngineTest.moc"
