// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/AccountStore.h"
#include "core/store/BodyBudgetStore.h"
#include "core/store/DraftStore.h"
#include "core/store/OperationStore.h"
#include "core/store/OutboxStore.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>

using namespace avocet;
using namespace avocet::test;

class AccountStoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void keepsAnAccountAsItIs();
    void addsTheFirstIdentity();
    void keepsEveryFieldOfAnIdentity();
    void keepsTheOrderOfIdentities();
    void keepsTheDraftsOfAnIdentityThatGoes();
    void updatesAnAccount();
    void refusesABrokenPin();
    void removesAllThatBelongsToAnAccount();
    void keepsAnAccountWhoseMessagesWait_data();
    void keepsAnAccountWhoseMessagesWait();
    void neverReusesAnAccountsId();
    void keepsToTheBudgetOfADay();

private:
    Database& user() { return *m_user; }

    std::unique_ptr<Folders> m_folders;
    std::unique_ptr<Database> m_user;
};

void AccountStoreTest::init()
{
    m_folders = std::make_unique<Folders>();
    auto user = Database::open(m_folders->path("user.db"), Schema::User);
    VERIFY_RESULT(user);
    m_user = std::move(*user);
}

void AccountStoreTest::cleanup()
{
    m_user.reset();
    m_folders.reset();
}

void AccountStoreTest::keepsAnAccountAsItIs()
{
    AccountStore store(user());
    Account account = sampleAccount();
    const auto id = store.add(account);
    VERIFY_RESULT(id);
    for (const Security security : {Security::Plain, Security::StartTls, Security::Tls}) {
        account.id = *id;
        account.imap.security = account.smtp.security = security;
        account.secretPlace = security == Security::Tls ? SecretPlace::Keyring : SecretPlace::File;
        account.enabled = !account.enabled;
        VERIFY_RESULT(store.update(account));
        const auto found = store.find(*id);
        VERIFY_RESULT(found);
        QCOMPARE(found->id, *id);
        QCOMPARE(found->fullName, account.fullName);
        QCOMPARE(found->email, account.email);
        QCOMPARE(found->user, account.user);
        QVERIFY(found->imap == account.imap);
        QVERIFY(found->smtp == account.smtp);
        QCOMPARE(found->caFile, account.caFile);
        QVERIFY(found->pins == account.pins);
        QVERIFY(found->secretPlace == account.secretPlace);
        QCOMPARE(found->enabled, account.enabled);
    }
    QCOMPARE(store.all()->size(), std::size_t{1});
    VERIFY_FAILS(store.find(AccountId{9}), ErrorKind::Rejected, ErrorCode::NotFound);
}

void AccountStoreTest::addsTheFirstIdentity()
{
    AccountStore store(user());
    const auto id = store.add(sampleAccount());
    VERIFY_RESULT(id);
    auto identities = store.identities();
    VERIFY_RESULT(identities);
    QCOMPARE(identities->size(), std::size_t{1});
    Identity first = identities->front();
    QCOMPARE(first.account, *id);
    QCOMPARE(first.name, sampleAccount().fullName);
    QCOMPARE(first.email, sampleAccount().email);
    first.signature = "Regards,\nZoë";
    VERIFY_RESULT(store.updateIdentity(first));
    const auto second = store.addIdentity({{}, *id, "Z.", "z@example.net"});
    VERIFY_RESULT(second);
    identities = store.identities();
    QCOMPARE(identities->size(), std::size_t{2});
    QCOMPARE(identities->at(0).signature, first.signature);
    QCOMPARE(identities->at(1).id, *second);
    VERIFY_FAILS(store.updateIdentity({IdentityId{99}, *id, "", ""}), ErrorKind::Rejected,
                 ErrorCode::NotFound);
}

void AccountStoreTest::keepsEveryFieldOfAnIdentity()
{
    AccountStore store(user());
    const AccountId account = store.add(sampleAccount()).value();
    Identity identity{{}, account, "Zoë at work", "zoe@work.example"};
    identity.signature = "Zoë\nWork";
    identity.signatureHtml = "<b>Zoë</b>";
    identity.signatureAbove = true;
    identity.signatureDashes = false;
    identity.replyTo = "desk@work.example";
    identity.organisation = "Wörk";
    identity.aliases = {"z@work.example", "*@zoe.example"};
    identity.format = TextFormat::Plain;
    for (const bool changed : {false, true}) {
        if (changed) {
            identity.aliases.clear();
            identity.format = TextFormat::Rich;
            identity.signatureDashes = true;
            VERIFY_RESULT(store.updateIdentity(identity));
        } else {
            identity.id = store.addIdentity(identity).value();
        }
        const Identity kept = store.identities()->at(1);
        QCOMPARE(kept.id, identity.id);
        QCOMPARE(kept.signature, identity.signature);
        QCOMPARE(kept.signatureHtml, identity.signatureHtml);
        QCOMPARE(kept.signatureAbove, identity.signatureAbove);
        QCOMPARE(kept.signatureDashes, identity.signatureDashes);
        QCOMPARE(kept.replyTo, identity.replyTo);
        QCOMPARE(kept.organisation, identity.organisation);
        QVERIFY(kept.aliases == identity.aliases);
        QVERIFY(kept.format == identity.format);
    }
}

void AccountStoreTest::keepsTheOrderOfIdentities()
{
    AccountStore store(user());
    const AccountId account = store.add(sampleAccount()).value();
    const IdentityId first = store.identities()->front().id;
    const IdentityId second = store.addIdentity({{}, account, "B", "b@example.org"}).value();
    const IdentityId third = store.addIdentity({{}, account, "C", "c@example.org"}).value();
    VERIFY_RESULT(store.orderIdentities(account, {third, first, second}));
    const auto ordered = store.identities().value();
    QCOMPARE(ordered.at(0).id, third);
    QCOMPARE(ordered.at(1).id, first);
    QCOMPARE(ordered.at(2).id, second);
    VERIFY_FAILS(store.orderIdentities(account, {IdentityId{99}}), ErrorKind::Rejected,
                 ErrorCode::NotFound);
    VERIFY_FAILS(store.orderIdentities(AccountId{account.value + 1}, {first}), ErrorKind::Rejected,
                 ErrorCode::NotFound);
}

void AccountStoreTest::keepsTheDraftsOfAnIdentityThatGoes()
{
    AccountStore store(user());
    DraftStore drafts(user());
    const AccountId account = store.add(sampleAccount()).value();
    const IdentityId first = store.identities()->front().id;
    const IdentityId second = store.addIdentity({{}, account, "B", "b@example.org"}).value();
    Draft draft;
    draft.identity = second;
    draft.from = "b+list@example.org";
    draft.subject = "Begun";
    draft.id = drafts.save(draft).value();
    QCOMPARE(drafts.find(draft.id)->from, draft.from);
    VERIFY_RESULT(store.removeIdentity(second));
    const auto kept = drafts.find(draft.id);
    VERIFY_RESULT(kept);
    QCOMPARE(kept->identity, first);
    QVERIFY(kept->from.empty());
    VERIFY_FAILS(store.removeIdentity(first), ErrorKind::Rejected, ErrorCode::InvalidInput);
    VERIFY_FAILS(store.removeIdentity(second), ErrorKind::Rejected, ErrorCode::InvalidInput);
}

void AccountStoreTest::updatesAnAccount()
{
    AccountStore store(user());
    Account account = sampleAccount();
    account.id = store.add(account).value();
    account.pins.clear();
    account.imap.port = 65535;
    VERIFY_RESULT(store.update(account));
    QVERIFY(store.find(account.id)->pins.empty());
    QCOMPARE(static_cast<int>(store.find(account.id)->imap.port), 65535);
    account.id = AccountId{99};
    VERIFY_FAILS(store.update(account), ErrorKind::Rejected, ErrorCode::NotFound);
}

void AccountStoreTest::refusesABrokenPin()
{
    AccountStore store(user());
    Account account = sampleAccount();
    account.pins = {"a=b\nother.example.org:993=00"};
    VERIFY_FAILS(store.add(account), ErrorKind::Rejected, ErrorCode::InvalidInput);
    account.pins = {""};
    VERIFY_FAILS(store.update(account), ErrorKind::Rejected, ErrorCode::InvalidInput);
    QVERIFY(store.all()->empty());
}

void AccountStoreTest::removesAllThatBelongsToAnAccount()
{
    AccountStore store(user());
    const AccountId id = store.add(sampleAccount()).value();
    const AccountId other = store.add(sampleAccount()).value();
    const IdentityId identity = store.identities()->front().id;
    for (const AccountId account : {id, other}) {
        Operation operation;
        operation.account = account;
        operation.mailbox = "INBOX";
        operation.add = Seen;
        VERIFY_RESULT(OperationStore(user()).plan(operation));
    }
    Draft draft;
    draft.identity = identity;
    draft.attachments = {{"a.txt", "text/plain", "data"}};
    VERIFY_RESULT(DraftStore(user()).save(draft));
    OutboxItem item;
    item.account = id;
    item.identity = identity;
    item.messageIdHeader = "m@example.org";
    item.recipients = {{"to@example.org", {}, {}}};
    OutboxStore outbox(user());
    item.id = outbox.add(item, "bytes").value();
    item.state = OutboxState::Cancelled;
    VERIFY_RESULT(outbox.save(item));

    VERIFY_RESULT(store.remove(id));
    VERIFY_FAILS(store.remove(id), ErrorKind::Rejected, ErrorCode::NotFound);
    QCOMPARE(store.all()->size(), std::size_t{1});
    QCOMPARE(store.identities()->size(), std::size_t{1});
    QVERIFY(DraftStore(user()).all()->empty());
    QVERIFY(outbox.all()->empty());
    QVERIFY(OperationStore(user()).pending(id)->empty());
    QCOMPARE(OperationStore(user()).pending(other)->size(), std::size_t{1});
    for (const char* table : {"outbox_message", "outbox_recipient", "draft_attachment"})
        QCOMPARE(user().raw().execAndGet(std::string("SELECT count(*) FROM ") + table).getInt(), 0);
}

void AccountStoreTest::keepsAnAccountWhoseMessagesWait_data()
{
    QTest::addColumn<QList<int>>("path");
    QTest::addColumn<bool>("refused");
    using enum OutboxState;
    const auto path = [](std::initializer_list<OutboxState> states) {
        QList<int> list;
        for (const OutboxState state : states)
            list << static_cast<int>(state);
        return list;
    };
    QTest::newRow("queued") << path({}) << true;
    QTest::newRow("sending") << path({Sending}) << true;
    QTest::newRow("committing") << path({Sending, Committing}) << true;
    QTest::newRow("uncertain") << path({Sending, Committing, Uncertain}) << true;
    QTest::newRow("failed, to be edited") << path({Sending, Failed}) << true;
    QTest::newRow("sent") << path({Sending, Committing, Sent}) << false;
    QTest::newRow("filed") << path({Sending, Committing, Sent, Filed}) << false;
    QTest::newRow("done") << path({Sending, Committing, Sent, Done}) << false;
    QTest::newRow("cancelled") << path({Cancelled}) << false;
}

void AccountStoreTest::keepsAnAccountWhoseMessagesWait()
{
    QFETCH(QList<int>, path);
    QFETCH(bool, refused);
    AccountStore store(user());
    OutboxStore outbox(user());
    OutboxItem item;
    item.account = store.add(sampleAccount()).value();
    item.messageIdHeader = "m@example.org";
    item.recipients = {{"to@example.org", {}, {}}};
    item.id = outbox.add(item, "bytes").value();
    for (const int state : path) {
        item.state = static_cast<OutboxState>(state);
        VERIFY_RESULT(outbox.save(item));
    }
    const Status status = store.remove(item.account);
    if (refused) {
        VERIFY_FAILS(status, ErrorKind::Rejected, ErrorCode::InvalidInput);
        QCOMPARE(outbox.all()->size(), std::size_t{1});
        QCOMPARE(store.identities()->size(), std::size_t{1});
    } else {
        VERIFY_RESULT(status);
        QVERIFY(outbox.all()->empty());
    }
}

void AccountStoreTest::neverReusesAnAccountsId()
{
    AccountStore store(user());
    const AccountId first = store.add(sampleAccount()).value();
    VERIFY_RESULT(store.remove(first));
    QVERIFY(store.add(sampleAccount()).value() > first);
}

void AccountStoreTest::keepsToTheBudgetOfADay()
{
    const AccountId account = AccountStore(user()).add(sampleAccount()).value();
    std::vector<Placement> wanted(8);
    for (Placement& place : wanted)
        place.size = 10 << 20;
    constexpr int today = 20261231;
    QCOMPARE(BodyBudgetStore(user()).take(account, today, wanted).value(), std::size_t{5});
    m_user = Database::open(m_folders->path("user.db"), Schema::User).value(); // a restart
    BodyBudgetStore budget(user());
    QCOMPARE(budget.take(account, today, wanted).value(), std::size_t{0});
    QCOMPARE(budget.take(account, 20270101, wanted).value(), std::size_t{5});
    VERIFY_RESULT(budget.set(account, 75 << 20)); // what was used today stays used
    QCOMPARE(budget.take(account, 20270101, wanted).value(), std::size_t{3}); // the last one beyond
    VERIFY_RESULT(budget.set(account, BodyBudgetStore::unlimited));
    QCOMPARE(budget.take(account, 20270101, wanted).value(), std::size_t{8});
    VERIFY_RESULT(budget.set(account, 0));
    wanted.front().size = 0;
    QCOMPARE(budget.take(account, 20270102, wanted).value(), std::size_t{0});
    VERIFY_FAILS(budget.set(account, -2), ErrorKind::Rejected, ErrorCode::InvalidInput);
}

QTEST_APPLESS_MAIN(AccountStoreTest)
#include "AccountStoreTest.moc"
