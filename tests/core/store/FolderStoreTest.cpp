// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/FolderStore.h"
#include "core/store/MessageStore.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>

using namespace avocet;
using namespace avocet::test;

class FolderStoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void takesTheServersList();
    void keepsIdsAndStateOfKnownFolders();
    void removesFoldersThatWent();
    void ordersSpecialFoldersFirst();
    void keepsStrangeNames();
    void savesTheSyncState();
    void emptiesAFolderOnAnotherUidValidity();
    void removesAnAccount();

private:
    std::unique_ptr<Folders> m_folders;
    std::unique_ptr<Database> m_mail;
};

void FolderStoreTest::init()
{
    m_folders = std::make_unique<Folders>();
    auto mail = Database::open(m_folders->path("mail.db"), Schema::Mail);
    VERIFY_RESULT(mail);
    m_mail = std::move(*mail);
}

void FolderStoreTest::cleanup()
{
    m_mail.reset();
    m_folders.reset();
}

void FolderStoreTest::takesTheServersList()
{
    FolderStore store(*m_mail);
    Folder inbox = sampleFolder("INBOX", FolderRole::Inbox);
    inbox.serverTotal = 12;
    Folder parent = sampleFolder("Lists");
    parent.selectable = false;
    parent.delimiter = '.';
    QCOMPARE(store.replaceAll(AccountId{1}, {inbox, parent, inbox}).value_or(false), true);
    QCOMPARE(store.replaceAll(AccountId{1}, {parent, inbox}).value_or(true), false);
    const auto found = store.find(store.findByMailbox(AccountId{1}, "INBOX")->id);
    VERIFY_RESULT(found);
    QCOMPARE(found->serverTotal, 12);
    QVERIFY(found->role == FolderRole::Inbox);
    QCOMPARE(found->account, AccountId{1});
    const auto lists = store.findByMailbox(AccountId{1}, "Lists");
    QVERIFY(!lists->selectable);
    QCOMPARE(lists->delimiter, '.');
    VERIFY_FAILS(store.find(FolderId{99}), ErrorKind::Rejected, ErrorCode::NotFound);
    VERIFY_FAILS(store.findByMailbox(AccountId{2}, "INBOX"), ErrorKind::Rejected,
                 ErrorCode::NotFound);
    VERIFY_FAILS(store.findByRole(AccountId{1}, FolderRole::Sent), ErrorKind::Rejected,
                 ErrorCode::NotFound);
}

void FolderStoreTest::keepsIdsAndStateOfKnownFolders()
{
    FolderStore store(*m_mail);
    VERIFY_RESULT(store.replaceAll(AccountId{1}, {sampleFolder("INBOX"), sampleFolder("Old")}));
    Folder inbox = store.findByMailbox(AccountId{1}, "INBOX").value();
    inbox.uidValidity = 7;
    inbox.syncedFrom = 1;
    VERIFY_RESULT(store.saveSyncState(inbox));
    Folder renamed = sampleFolder("INBOX", FolderRole::Inbox);
    renamed.path = "Inbox";
    QCOMPARE(store.replaceAll(AccountId{1}, {renamed, sampleFolder("Old")}).value_or(false), true);
    const auto found = store.findByMailbox(AccountId{1}, "INBOX");
    QCOMPARE(found->id, inbox.id);
    QCOMPARE(found->uidValidity, 7u);
    QCOMPARE(found->syncedFrom, 1u);
    QCOMPARE(found->path, std::string("Inbox"));
    QVERIFY(found->role == FolderRole::Inbox);
}

void FolderStoreTest::removesFoldersThatWent()
{
    FolderStore store(*m_mail);
    MessageStore messages(*m_mail);
    const FolderId inbox = addFolder(*m_mail, "INBOX");
    const FolderId old = addFolder(*m_mail, "Old");
    NewMessage shared;
    shared.uid = 1;
    shared.contentId = "s";
    NewMessage only;
    only.uid = 2;
    const std::vector<NewMessage> both{shared, only};
    VERIFY_RESULT(messages.insert(inbox, {&shared, 1}));
    const auto ids = messages.insert(old, both);
    VERIFY_RESULT(ids);
    QCOMPARE(store.replaceAll(AccountId{1}, {sampleFolder("INBOX")}).value_or(false), true);
    VERIFY_FAILS(store.find(old), ErrorKind::Rejected, ErrorCode::NotFound);
    VERIFY_RESULT(messages.row(ids->appeared.at(0)));
    VERIFY_FAILS(messages.row(ids->appeared.at(1)), ErrorKind::Rejected, ErrorCode::NotFound);
    // The other account's folders are none of this list's business.
    const FolderId other = addFolder(*m_mail, "INBOX", AccountId{2});
    VERIFY_RESULT(store.replaceAll(AccountId{1}, {}));
    VERIFY_RESULT(store.find(other));
}

void FolderStoreTest::ordersSpecialFoldersFirst()
{
    FolderStore store(*m_mail);
    VERIFY_RESULT(store.replaceAll(AccountId{1},
                                   {sampleFolder("Zebra"), sampleFolder("Trash", FolderRole::Trash),
                                    sampleFolder("Apple"), sampleFolder("INBOX", FolderRole::Inbox),
                                    sampleFolder("Sent", FolderRole::Sent)}));
    VERIFY_RESULT(store.replaceAll(AccountId{2}, {sampleFolder("INBOX", FolderRole::Inbox)}));
    std::string order;
    const auto ofAccount = store.ofAccount(AccountId{1});
    VERIFY_RESULT(ofAccount);
    for (const Folder& folder : *ofAccount)
        order += folder.mailbox + " ";
    QCOMPARE(order, std::string("INBOX Sent Trash Apple Zebra "));
    QCOMPARE(store.all()->size(), std::size_t{6});
    QCOMPARE(store.findByRole(AccountId{1}, FolderRole::Sent)->mailbox, std::string("Sent"));
}

void FolderStoreTest::keepsStrangeNames()
{
    FolderStore store(*m_mail);
    std::vector<Folder> strange;
    for (const std::string& name :
         {std::string("../../etc"), std::string("a/b'; DROP TABLE folder"), std::string("&Jjo-"),
          std::string("\xff\xfe"), std::string(""), std::string("nul\0inside", 10),
          std::string("inbox")})
        strange.push_back(sampleFolder(name));
    VERIFY_RESULT(store.replaceAll(AccountId{1}, strange));
    for (const Folder& folder : strange)
        QCOMPARE(store.findByMailbox(AccountId{1}, folder.mailbox)->mailbox, folder.mailbox);
    QCOMPARE(store.replaceAll(AccountId{1}, strange).value_or(true), false);
}

void FolderStoreTest::savesTheSyncState()
{
    FolderStore store(*m_mail);
    Folder folder = store.find(addFolder(*m_mail, "INBOX")).value();
    folder.uidValidity = 4'294'967'295u;
    folder.uidNext = 4'294'967'295u;
    folder.highestModSeq = 9'223'372'036'854'775'807ull;
    folder.syncedFrom = 77;
    folder.serverTotal = 50'000;
    folder.total = 999; // kept by the messages alone
    VERIFY_RESULT(store.saveSyncState(folder));
    const Folder found = store.find(folder.id).value();
    QCOMPARE(found.uidValidity, folder.uidValidity);
    QCOMPARE(found.uidNext, folder.uidNext);
    QCOMPARE(found.highestModSeq, folder.highestModSeq);
    QCOMPARE(found.syncedFrom, 77u);
    QCOMPARE(found.serverTotal, 50'000);
    QCOMPARE(found.total, 0);
    folder.id = FolderId{99};
    VERIFY_FAILS(store.saveSyncState(folder), ErrorKind::Rejected, ErrorCode::NotFound);
}

void FolderStoreTest::emptiesAFolderOnAnotherUidValidity()
{
    FolderStore store(*m_mail);
    MessageStore messages(*m_mail);
    const FolderId inbox = addFolder(*m_mail, "INBOX");
    std::vector<NewMessage> many(100);
    for (std::uint32_t i = 0; i < many.size(); ++i)
        many[i].uid = i + 1;
    VERIFY_RESULT(messages.insert(inbox, many));
    QCOMPARE(store.find(inbox)->total, 100);
    VERIFY_RESULT(store.reset(inbox, 5));
    const Folder found = store.find(inbox).value();
    QCOMPARE(found.total, 0);
    QCOMPARE(found.unread, 0);
    QCOMPARE(found.uidValidity, 5u);
    QCOMPARE(found.syncedFrom, 0u);
    QVERIFY(messages.list(inbox)->empty());
    QCOMPARE(m_mail->raw().execAndGet("SELECT count(*) FROM message").getInt(), 0);
    QCOMPARE(m_mail->raw().execAndGet("SELECT count(*) FROM message_header").getInt(), 0);
    VERIFY_FAILS(store.reset(FolderId{99}, 1), ErrorKind::Rejected, ErrorCode::NotFound);
}

void FolderStoreTest::removesAnAccount()
{
    FolderStore store(*m_mail);
    MessageStore messages(*m_mail);
    NewMessage message;
    message.uid = 1;
    VERIFY_RESULT(messages.insert(addFolder(*m_mail, "INBOX"), {&message, 1}));
    VERIFY_RESULT(messages.insert(addFolder(*m_mail, "INBOX", AccountId{2}), {&message, 1}));
    const AccountId left[]{AccountId{2}, AccountId{3}};
    VERIFY_RESULT(store.removeAllBut(left));
    QVERIFY(store.ofAccount(AccountId{1})->empty());
    QCOMPARE(store.ofAccount(AccountId{2})->size(), std::size_t{1});
    QCOMPARE(store.all()->size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(FolderStoreTest)
#include "FolderStoreTest.moc"
