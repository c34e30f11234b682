// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/DraftStore.h"
#include "core/store/OperationStore.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>

using namespace avocet;
using namespace avocet::test;

class DraftStoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void keepsEveryWord();
    void replacesADraft();
    void remembersWhereItsCopyLies();
    void knowsWhatIsInNoCopy();
    void listsNewestFirstWithoutData();
    void removesADraftWithItsAttachments();
    void refusesWhatIsNotThere();

private:
    Draft sample()
    {
        Draft draft;
        draft.identity = m_identity;
        draft.to = {{"Zoë", "zoe@example.org"}, {"", "x@example.org"}};
        draft.cc = {{"", "c@example.org"}};
        draft.bcc = {{"", "secret@example.org"}};
        draft.subject = "Übung";
        draft.text = "First line\n\nThird line 🦜\n";
        draft.html = "<p>First line</p><p>Third line <img src=\"cid:a@x\"></p>";
        draft.inReplyTo = "a@example.org";
        draft.references = {"r1@example.org", "a@example.org"};
        draft.original = MessageId{77};
        draft.forwards = true;
        draft.attachments = {{"ä.bin", "application/octet-stream", std::string("\0\1\xff", 3)},
                             {"empty.txt", "text/plain", "", "a@x"}};
        draft.changed = 1'700'000'000;
        return draft;
    }
    static bool same(const Draft& a, const Draft& b)
    {
        const auto sameFiles = [](const DraftAttachment& x, const DraftAttachment& y) {
            return x.name == y.name && x.type == y.type && x.data == y.data &&
                   x.contentId == y.contentId;
        };
        return a.identity == b.identity && a.to == b.to && a.cc == b.cc && a.bcc == b.bcc &&
               a.subject == b.subject && a.text == b.text && a.html == b.html &&
               a.inReplyTo == b.inReplyTo && a.references == b.references &&
               a.original == b.original && a.forwards == b.forwards && a.changed == b.changed &&
               std::equal(a.attachments.begin(), a.attachments.end(), b.attachments.begin(),
                          b.attachments.end(), sameFiles);
    }

    std::unique_ptr<Folders> m_folders;
    std::unique_ptr<Database> m_user;
    AccountId m_account;
    IdentityId m_identity;
};

void DraftStoreTest::init()
{
    m_folders = std::make_unique<Folders>();
    auto user = Database::open(m_folders->path("user.db"), Schema::User);
    VERIFY_RESULT(user);
    m_user = std::move(*user);
    m_account = AccountStore(*m_user).add(sampleAccount()).value();
    m_identity = AccountStore(*m_user).identities()->front().id;
}

void DraftStoreTest::cleanup()
{
    m_user.reset();
    m_folders.reset();
}

void DraftStoreTest::keepsEveryWord()
{
    DraftStore store(*m_user);
    const auto id = store.save(sample());
    VERIFY_RESULT(id);
    const auto found = store.find(*id);
    VERIFY_RESULT(found);
    QCOMPARE(found->id, *id);
    QVERIFY(same(*found, sample()));
    const auto bare = store.save(Draft{});
    VERIFY_RESULT(bare);
    QVERIFY(same(*store.find(*bare), Draft{}));
}

void DraftStoreTest::replacesADraft()
{
    DraftStore store(*m_user);
    Draft draft = sample();
    draft.id = store.save(draft).value();
    // The same files are not written again.
    const int before = m_user->raw().getTotalChanges();
    draft.text += "more";
    QCOMPARE(store.save(draft).value(), draft.id);
    QCOMPARE(m_user->raw().getTotalChanges() - before, 1);
    QVERIFY(same(*store.find(draft.id), draft));
    draft.attachments[1].data = "no longer empty";
    VERIFY_RESULT(store.save(draft));
    QVERIFY(same(*store.find(draft.id), draft));
    draft.attachments.pop_back();
    VERIFY_RESULT(store.save(draft));
    QVERIFY(same(*store.find(draft.id), draft));
    draft.attachments.clear();
    draft.identity = {};
    VERIFY_RESULT(store.save(draft));
    QVERIFY(same(*store.find(draft.id), draft));
    QCOMPARE(store.all()->size(), std::size_t{1});
}

void DraftStoreTest::remembersWhereItsCopyLies()
{
    DraftStore store(*m_user);
    const AccountId account = AccountStore(*m_user).add(sampleAccount()).value();
    const DraftId id = store.save(Draft{}).value();
    QVERIFY(!store.copyOf(id).value());
    Operation append;
    append.id.value = 9;
    append.account = account;
    append.mailbox = "Drafts";
    append.uidValidity = 7;
    append.uid = 70;
    append.replaces = "old@example.org";
    VERIFY_RESULT(store.setCopy(id, {account, "Drafts", 0, pendingKey(append.id), "new@x", false}));
    QCOMPARE(store.copyOf(id).value()->uid, pendingKey(append.id));
    VERIFY_RESULT(OperationStore(*m_user).nameArrival(account, pendingKey(append.id), 8, 80));
    QCOMPARE(store.copyOf(id).value()->uid, PlacementKey{80});
    QCOMPARE(store.copyOf(id).value()->uidValidity, 8u);
    VERIFY_RESULT(store.setCopy(id, {account, "Drafts", 0, pendingKey(append.id), "new@x", false}));
    QVERIFY(!store.filed(account)->front().changed);
    VERIFY_RESULT(store.copyRefused(append));
    QVERIFY(store.filed(account)->front().changed); // what was refused is in no copy
    const DraftCopy copy = store.copyOf(id).value().value();
    QVERIFY(copy.refused);
    QCOMPARE(copy.uid, PlacementKey{70});
    QCOMPARE(copy.messageIdHeader, std::string("old@example.org"));
    VERIFY_RESULT(store.remove(id));
    QVERIFY(!store.copyOf(id).value());
}

void DraftStoreTest::knowsWhatIsInNoCopy()
{
    DraftStore store(*m_user);
    Draft draft = sample();
    draft.id = store.save(draft).value();
    QCOMPARE(*store.unfiled(), std::vector{draft.id});
    VERIFY_RESULT(store.setCopy(draft.id, {m_account, "Drafts", 7, 70, "a@x", false}));
    QVERIFY(store.unfiled()->empty());
    VERIFY_RESULT(store.save(draft));
    QCOMPARE(*store.unfiled(), std::vector{draft.id});
    QVERIFY(store.filed(m_account)->front().changed);
    VERIFY_RESULT(store.moveCopy(draft.id, 8, 80));
    QCOMPARE(store.filed(m_account)->front().copy.uid, PlacementKey{80});
    QVERIFY(store.filed(m_account)->front().changed);
    QVERIFY(store.exists(draft.id).value());
    QVERIFY(!store.exists(DraftId{99}).value());
}

void DraftStoreTest::listsNewestFirstWithoutData()
{
    DraftStore store(*m_user);
    Draft older = sample(), newer = sample();
    older.changed = 10;
    newer.changed = 20;
    const DraftId second = store.save(newer).value();
    const DraftId first = store.save(older).value();
    const auto all = store.all();
    VERIFY_RESULT(all);
    QCOMPARE(all->at(0).id, second);
    QCOMPARE(all->at(1).id, first);
    QCOMPARE(all->at(0).attachments.size(), std::size_t{2});
    QCOMPARE(all->at(0).attachments[0].name, std::string("ä.bin"));
    QVERIFY(all->at(0).attachments[0].data.empty());
}

void DraftStoreTest::removesADraftWithItsAttachments()
{
    DraftStore store(*m_user);
    const DraftId id = store.save(sample()).value();
    VERIFY_RESULT(store.remove(id));
    QVERIFY(store.all()->empty());
    QCOMPARE(m_user->raw().execAndGet("SELECT count(*) FROM draft_attachment").getInt(), 0);
    // An id is never given to another draft.
    QVERIFY(store.save(sample()).value() > id);
}

void DraftStoreTest::refusesWhatIsNotThere()
{
    DraftStore store(*m_user);
    VERIFY_FAILS(store.find(DraftId{9}), ErrorKind::Rejected, ErrorCode::NotFound);
    VERIFY_FAILS(store.remove(DraftId{9}), ErrorKind::Rejected, ErrorCode::NotFound);
    Draft gone = sample();
    gone.id = DraftId{9};
    VERIFY_FAILS(store.save(gone), ErrorKind::Rejected, ErrorCode::NotFound);
    Draft stranger = sample();
    stranger.identity = IdentityId{99};
    VERIFY_FAILS(store.save(stranger), ErrorKind::Rejected, ErrorCode::InvalidInput);
    QVERIFY(store.all()->empty());
}

QTEST_APPLESS_MAIN(DraftStoreTest)
#include "DraftStoreTest.moc"
