// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/OutboxStore.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>

using namespace avocet;
using namespace avocet::test;

namespace {

using enum OutboxState;
constexpr std::array allStates{Queued, Sending, Committing, Uncertain, Sent,
                               Filed,  Done,    Failed,     Cancelled};

/// A way from Queued to each state.
std::vector<OutboxState> wayTo(OutboxState state)
{
    switch (state) {
    case Queued:
        return {};
    case Sending:
        return {Sending};
    case Committing:
        return {Sending, Committing};
    case Uncertain:
        return {Sending, Committing, Uncertain};
    case Sent:
        return {Sending, Committing, Sent};
    case Filed:
        return {Sending, Committing, Sent, Filed};
    case Done:
        return {Sending, Committing, Sent, Done};
    case Failed:
        return {Failed};
    case Cancelled:
        return {Cancelled};
    }
    return {};
}

} // namespace

class OutboxStoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void keepsAMessageAsItIs();
    void keepsTheStateOfEachRecipient();
    void takesOnlyStepsThatMayFollow_data();
    void takesOnlyStepsThatMayFollow();
    void refusesAMessageThatIsThereAlready_data();
    void refusesAMessageThatIsThereAlready();
    void refusesWhatCannotBeSent();
    void startsQueuedWhateverTheItemSays();
    void recoversAfterARestart();
    void removesAMessageWhole();
    void reportsAnUnknownState();

private:
    OutboxItem sample(const std::string& id = "m@example.org")
    {
        OutboxItem item;
        item.account = m_account;
        item.messageIdHeader = id;
        item.sender = "zoe@example.org";
        item.subject = "Übung";
        item.recipients = {{"a@example.org", RecipientState::Pending, ""},
                           {"b@example.org", RecipientState::Pending, ""}};
        item.bcc = "Secret <s@example.org>";
        item.created = 1'700'000'000;
        item.original = MessageId{4};
        item.forwards = true;
        return item;
    }
    OutboxItem added(OutboxState state, const std::string& id = "m@example.org")
    {
        OutboxStore store(*m_user);
        OutboxItem item = sample(id);
        item.id = store.add(item, "bytes").value();
        for (const OutboxState step : wayTo(state)) {
            item.state = step;
            if (!store.save(item))
                qFatal("no way to %s", name(state));
        }
        return item;
    }

    std::unique_ptr<Folders> m_folders;
    std::unique_ptr<Database> m_user;
    AccountId m_account;
};

void OutboxStoreTest::init()
{
    m_folders = std::make_unique<Folders>();
    auto user = Database::open(m_folders->path("user.db"), Schema::User);
    VERIFY_RESULT(user);
    m_user = std::move(*user);
    m_account = AccountStore(*m_user).add(sampleAccount()).value();
}

void OutboxStoreTest::cleanup()
{
    m_user.reset();
    m_folders.reset();
}

void OutboxStoreTest::keepsAMessageAsItIs()
{
    OutboxStore store(*m_user);
    const std::string raw("Subject: x\r\n\r\n\0\xff.\r\n", 19);
    OutboxItem item = sample();
    item.identity = AccountStore(*m_user).identities()->front().id;
    const auto id = store.add(item, raw);
    VERIFY_RESULT(id);
    QCOMPARE(store.message(*id).value(), raw);
    const auto found = store.find(*id);
    VERIFY_RESULT(found);
    QCOMPARE(found->id, *id);
    QCOMPARE(found->account, m_account);
    QCOMPARE(found->identity, item.identity);
    QVERIFY(found->state == Queued);
    QCOMPARE(found->messageIdHeader, item.messageIdHeader);
    QCOMPARE(found->sender, item.sender);
    QCOMPARE(found->subject, item.subject);
    QCOMPARE(found->bcc, item.bcc);
    QCOMPARE(found->size, static_cast<std::int64_t>(raw.size()));
    QCOMPARE(found->created, item.created);
    QCOMPARE(found->original, item.original);
    QVERIFY(found->forwards);
    QCOMPARE(found->recipients.size(), std::size_t{2});
    QCOMPARE(found->recipients[1].address, std::string("b@example.org"));
    const auto second = store.add(sample("n@example.org"), "");
    VERIFY_RESULT(second);
    QCOMPARE(store.message(*second).value(), std::string());
    QCOMPARE(store.all()->size(), std::size_t{2});
    QCOMPARE(store.all()->at(0).id, *id);
}

void OutboxStoreTest::keepsTheStateOfEachRecipient()
{
    OutboxStore store(*m_user);
    OutboxItem item = added(Sending);
    item.state = Queued;
    item.attempts = 3;
    item.nextTry = 1'700'000'900;
    item.reply = "451 4.7.1 later";
    item.errorCode = "transient";
    item.recipients[0].state = RecipientState::Refused;
    item.recipients[0].reply = "550 5.1.1 who?";
    item.recipients[1].state = RecipientState::Deferred;
    VERIFY_RESULT(store.save(item));
    const auto found = store.find(item.id);
    VERIFY_RESULT(found);
    QCOMPARE(found->attempts, 3);
    QCOMPARE(found->nextTry, item.nextTry);
    QCOMPARE(found->reply, item.reply);
    QCOMPARE(found->errorCode, item.errorCode);
    QVERIFY(found->recipients[0].state == RecipientState::Refused);
    QCOMPARE(found->recipients[0].reply, std::string("550 5.1.1 who?"));
    QVERIFY(found->recipients[1].state == RecipientState::Deferred);
}

void OutboxStoreTest::takesOnlyStepsThatMayFollow_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    for (const OutboxState from : allStates)
        for (const OutboxState to : allStates)
            QTest::addRow("%s to %s", name(from), name(to))
                << static_cast<int>(from) << static_cast<int>(to);
}

void OutboxStoreTest::takesOnlyStepsThatMayFollow()
{
    QFETCH(int, from);
    QFETCH(int, to);
    OutboxStore store(*m_user);
    OutboxItem item = added(static_cast<OutboxState>(from));
    item.state = static_cast<OutboxState>(to);
    item.reply = "changed";
    item.recipients.pop_back();
    const Status saved = store.save(item);
    const auto found = store.find(item.id);
    VERIFY_RESULT(found);
    if (mayFollow(static_cast<OutboxState>(from), item.state)) {
        VERIFY_RESULT(saved);
        QVERIFY(found->state == item.state);
        QCOMPARE(found->recipients.size(), std::size_t{1});
        return;
    }
    VERIFY_FAILS(saved, ErrorKind::Bug, ErrorCode::None);
    QVERIFY(found->state == static_cast<OutboxState>(from));
    QVERIFY(found->reply.empty());
    QCOMPARE(found->recipients.size(), std::size_t{2});
}

void OutboxStoreTest::refusesAMessageThatIsThereAlready_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<bool>("refused");
    for (const OutboxState state : allStates)
        QTest::newRow(name(state))
            << static_cast<int>(state) << !(state == Failed || state == Cancelled || state == Done);
}

void OutboxStoreTest::refusesAMessageThatIsThereAlready()
{
    QFETCH(int, state);
    QFETCH(bool, refused);
    OutboxStore store(*m_user);
    added(static_cast<OutboxState>(state));
    const auto again = store.add(sample(), "bytes");
    if (refused)
        VERIFY_FAILS(again, ErrorKind::Rejected, ErrorCode::InvalidInput);
    else
        VERIFY_RESULT(again);
    QCOMPARE(store.all()->size(), refused ? std::size_t{1} : std::size_t{2});
}

void OutboxStoreTest::refusesWhatCannotBeSent()
{
    OutboxStore store(*m_user);
    OutboxItem nobody = sample();
    nobody.recipients.clear();
    VERIFY_FAILS(store.add(nobody, "x"), ErrorKind::Rejected, ErrorCode::NoRecipients);
    VERIFY_FAILS(store.add(sample(""), "x"), ErrorKind::Rejected, ErrorCode::InvalidInput);
    OutboxItem stranger = sample();
    stranger.account = AccountId{99};
    VERIFY_FAILS(store.add(stranger, "x"), ErrorKind::Rejected, ErrorCode::InvalidInput);
    QVERIFY(store.all()->empty());
    QCOMPARE(m_user->raw().execAndGet("SELECT count(*) FROM outbox_message").getInt(), 0);
}

void OutboxStoreTest::startsQueuedWhateverTheItemSays()
{
    OutboxStore store(*m_user);
    OutboxItem item = sample();
    item.state = Sent;
    item.size = 12345;
    const auto id = store.add(item, "four");
    VERIFY_RESULT(id);
    QVERIFY(store.find(*id)->state == Queued);
    QCOMPARE(store.find(*id)->size, 4);
}

void OutboxStoreTest::recoversAfterARestart()
{
    OutboxStore store(*m_user);
    std::vector<OutboxItem> items;
    for (const OutboxState state : allStates)
        items.push_back(added(state, std::string(name(state)) + "@example.org"));
    const auto changed = store.recoverAfterRestart();
    VERIFY_RESULT(changed);
    QVERIFY(*changed == (std::vector<OutboxId>{items[1].id, items[2].id}));
    for (const OutboxItem& item : items)
        QVERIFY(store.find(item.id)->state == afterRestart(item.state));
    QVERIFY(store.recoverAfterRestart()->empty());
}

void OutboxStoreTest::removesAMessageWhole()
{
    OutboxStore store(*m_user);
    const OutboxItem item = added(Cancelled);
    VERIFY_RESULT(store.remove(item.id));
    VERIFY_FAILS(store.find(item.id), ErrorKind::Rejected, ErrorCode::NotFound);
    VERIFY_FAILS(store.message(item.id), ErrorKind::Rejected, ErrorCode::NotFound);
    VERIFY_FAILS(store.save(item), ErrorKind::Rejected, ErrorCode::NotFound);
    VERIFY_FAILS(store.remove(item.id), ErrorKind::Rejected, ErrorCode::NotFound);
    for (const char* table : {"outbox_message", "outbox_recipient"})
        QCOMPARE(m_user->raw().execAndGet(std::string("SELECT count(*) FROM ") + table).getInt(),
                 0);
}

void OutboxStoreTest::reportsAnUnknownState()
{
    OutboxStore store(*m_user);
    const OutboxItem item = added(Queued);
    m_user->raw().exec("PRAGMA ignore_check_constraints = ON; UPDATE outbox SET state = 'lost'");
    VERIFY_FAILS(store.find(item.id), ErrorKind::Storage, ErrorCode::Corrupt);
    VERIFY_FAILS(store.all(), ErrorKind::Storage, ErrorCode::Corrupt);
    VERIFY_FAILS(store.save(item), ErrorKind::Storage, ErrorCode::Corrupt);
    m_user->raw().exec(
        "UPDATE outbox SET state = 'queued'; UPDATE outbox_recipient SET state = 'x'");
    VERIFY_FAILS(store.find(item.id), ErrorKind::Storage, ErrorCode::Corrupt);
}

QTEST_APPLESS_MAIN(OutboxStoreTest)
#include "OutboxStoreTest.moc"
