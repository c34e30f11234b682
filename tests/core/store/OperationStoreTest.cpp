// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/OperationStore.h"
#include "tests/core/store/StoreFixture.h"

#include <SQLiteCpp/Database.h>

using namespace avocet;
using namespace avocet::test;

class OperationStoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void keepsWhatItIsToldInOrder();
    void letsTheLastWinForEachFlag_data();
    void letsTheLastWinForEachFlag();
    void mergesOnlyOnTheSamePlacement();
    void neverMergesIntoWhatIsInFlight();
    void plansAgainAfterARestart();
    void keepsTheServersWords();
    void keepsEveryFieldOfAMove();
    void remembersWhereCopiesArrive();
    void redirectsAndCallsOffOnlyWhatIsPlanned();
    void tellsLaterChangesTheUidOfAnArrival();
    void keepsTheMessageOfAnAppend();
    void refusesNonsense();

private:
    Operation operation(Flags add, Flags remove, std::uint32_t uid = 5)
    {
        Operation operation;
        operation.account = m_account;
        operation.mailbox = "INBOX";
        operation.uidValidity = 4'000'000'000u;
        operation.uid = uid;
        operation.messageIdHeader = "m@example.org";
        operation.add = add;
        operation.remove = remove;
        return operation;
    }

    std::unique_ptr<Folders> m_folders;
    std::unique_ptr<Database> m_user;
    AccountId m_account;
};

void OperationStoreTest::init()
{
    m_folders = std::make_unique<Folders>();
    auto user = Database::open(m_folders->path("user.db"), Schema::User);
    VERIFY_RESULT(user);
    m_user = std::move(*user);
    m_account = AccountStore(*m_user).add(sampleAccount()).value();
}

void OperationStoreTest::cleanup()
{
    m_user.reset();
    m_folders.reset();
}

void OperationStoreTest::keepsWhatItIsToldInOrder()
{
    OperationStore store(*m_user);
    Operation other = operation(Flagged, Seen, 9);
    other.mailbox = "Archive";
    const auto first = store.plan(operation(Seen, 0));
    const auto second = store.plan(other);
    VERIFY_RESULT(first);
    VERIFY_RESULT(second);
    const auto pending = store.pending(m_account);
    VERIFY_RESULT(pending);
    QCOMPARE(pending->size(), std::size_t{2});
    const Operation& found = pending->at(0);
    QCOMPARE(found.id, *first);
    QCOMPARE(found.account, m_account);
    QCOMPARE(found.mailbox, std::string("INBOX"));
    QCOMPARE(found.uidValidity, 4'000'000'000u);
    QCOMPARE(found.uid, 5u);
    QCOMPARE(found.messageIdHeader, std::string("m@example.org"));
    QCOMPARE(found.add, Flags{Seen});
    QVERIFY(found.state == OperationState::Planned);
    QCOMPARE(pending->at(1).mailbox, std::string("Archive"));
    QCOMPARE(pending->at(1).id, *second);
    QVERIFY(store.pending(AccountId{99})->empty());
}

void OperationStoreTest::letsTheLastWinForEachFlag_data()
{
    QTest::addColumn<uint>("firstAdd");
    QTest::addColumn<uint>("firstRemove");
    QTest::addColumn<uint>("nextAdd");
    QTest::addColumn<uint>("nextRemove");
    QTest::addColumn<uint>("add");
    QTest::addColumn<uint>("remove");
    const uint seen = Seen, flagged = Flagged, none = 0;
    QTest::newRow("read, then unread") << seen << none << none << seen << none << seen;
    QTest::newRow("unread, then read") << none << seen << seen << none << seen << none;
    QTest::newRow("read twice") << seen << none << seen << none << seen << none;
    QTest::newRow("read, then starred")
        << seen << none << flagged << none << (seen | flagged) << none;
    QTest::newRow("read, then unstarred") << seen << none << none << flagged << seen << flagged;
    QTest::newRow("both, then one back")
        << (seen | flagged) << none << none << seen << flagged << seen;
}

void OperationStoreTest::letsTheLastWinForEachFlag()
{
    QFETCH(uint, firstAdd);
    QFETCH(uint, firstRemove);
    QFETCH(uint, nextAdd);
    QFETCH(uint, nextRemove);
    QFETCH(uint, add);
    QFETCH(uint, remove);
    OperationStore store(*m_user);
    const auto first = store.plan(operation(firstAdd, firstRemove));
    const auto second = store.plan(operation(nextAdd, nextRemove));
    VERIFY_RESULT(second);
    QCOMPARE(*second, *first);
    const auto pending = store.pending(m_account);
    QCOMPARE(pending->size(), std::size_t{1});
    QCOMPARE(pending->front().add, Flags{add});
    QCOMPARE(pending->front().remove, Flags{remove});
}

void OperationStoreTest::mergesOnlyOnTheSamePlacement()
{
    OperationStore store(*m_user);
    VERIFY_RESULT(store.plan(operation(Seen, 0)));
    Operation uid = operation(Seen, 0, 6), mailbox = operation(Seen, 0),
              validity = operation(Seen, 0), account = operation(Seen, 0);
    mailbox.mailbox = "inbox";
    validity.uidValidity = 1;
    account.account = AccountStore(*m_user).add(sampleAccount()).value();
    for (const Operation& other : {uid, mailbox, validity, account})
        VERIFY_RESULT(store.plan(other));
    QCOMPARE(store.pending(m_account)->size(), std::size_t{4});
    QCOMPARE(store.pending(account.account)->size(), std::size_t{1});
}

void OperationStoreTest::neverMergesIntoWhatIsInFlight()
{
    OperationStore store(*m_user);
    const OperationId first = store.plan(operation(Seen, 0)).value();
    VERIFY_RESULT(store.setState(first, OperationState::InFlight));
    const OperationId second = store.plan(operation(0, Seen)).value();
    QVERIFY(second != first);
    auto pending = store.pending(m_account);
    QCOMPARE(pending->size(), std::size_t{2});
    QVERIFY(pending->at(0).state == OperationState::InFlight);
    QCOMPARE(pending->at(0).add, Flags{Seen});
    QCOMPARE(store.plan(operation(Flagged, 0)).value(), second);
    VERIFY_RESULT(store.setState(first, OperationState::Done));
    pending = store.pending(m_account);
    QCOMPARE(pending->size(), std::size_t{1});
    QCOMPARE(pending->front().id, second);
}

void OperationStoreTest::plansAgainAfterARestart()
{
    OperationStore store(*m_user);
    const OperationId first = store.plan(operation(Seen, 0)).value();
    VERIFY_RESULT(store.setState(first, OperationState::InFlight));
    const OperationId second = store.plan(operation(0, Seen)).value();
    VERIFY_RESULT(store.recoverAfterRestart());
    auto pending = store.pending(m_account);
    QVERIFY(pending->at(0).state == OperationState::Planned);
    QCOMPARE(pending->at(0).id, first);
    // The youngest is the one that goes on growing: it is replayed last.
    QCOMPARE(store.plan(operation(Flagged, 0)).value(), second);
}

void OperationStoreTest::keepsTheServersWords()
{
    OperationStore store(*m_user);
    for (std::uint32_t uid = 1; uid <= 205; ++uid) {
        const OperationId id = store.plan(operation(Seen, 0, uid)).value();
        VERIFY_RESULT(store.setState(id, OperationState::Refused, "NO [NOPERM] not yours"));
    }
    QVERIFY(store.pending(m_account)->empty());
    QCOMPARE(m_user->raw().execAndGet("SELECT count(*) FROM operation").getInt(), 200);
    QCOMPARE(m_user->raw().execAndGet("SELECT max(error) FROM operation").getString(),
             std::string("NO [NOPERM] not yours"));
    QCOMPARE(m_user->raw().execAndGet("SELECT min(uid) FROM operation").getInt(), 6);
}

void OperationStoreTest::keepsEveryFieldOfAMove()
{
    OperationStore store(*m_user);
    Operation move = operation(0, 0, 8);
    move.kind = OperationKind::Move;
    move.size = 1234;
    move.internalDate = 5678;
    move.target = "Archive";
    move.notBefore = 99;
    const auto id = store.plan(move);
    VERIFY_RESULT(id);
    const auto found = store.find(*id);
    VERIFY_RESULT(found);
    QVERIFY(found->kind == OperationKind::Move);
    QCOMPARE(found->target, std::string("Archive"));
    QCOMPARE(found->size, 1234);
    QCOMPARE(found->internalDate, 5678);
    QCOMPARE(found->notBefore, 99);
    // A change of flags behind it is one of its own.
    QVERIFY(store.plan(operation(Seen, 0, 8)).value() != *id);
}

void OperationStoreTest::remembersWhereCopiesArrive()
{
    OperationStore store(*m_user);
    Operation copy = operation(0, 0);
    copy.kind = OperationKind::Copy;
    copy.target = "Archive";
    const OperationId id[] = {store.plan(copy).value()};
    VERIFY_RESULT(store.beginCopy(id, 77, 1001));
    VERIFY_RESULT(store.recoverAfterRestart());
    const auto begun = store.find(id[0]);
    QVERIFY(begun->state == OperationState::InFlight);
    QCOMPARE(begun->targetValidity, 77u);
    QCOMPARE(begun->targetUidNext, 1001u);
    VERIFY_RESULT(store.setState(id[0], OperationState::Copied));
    VERIFY_RESULT(store.recoverAfterRestart());
    QVERIFY(store.find(id[0])->state == OperationState::Copied);
}

void OperationStoreTest::redirectsAndCallsOffOnlyWhatIsPlanned()
{
    OperationStore store(*m_user);
    Operation move = operation(0, 0);
    move.kind = OperationKind::Move;
    move.target = "Archive";
    const OperationId id = store.plan(move).value();
    VERIFY_RESULT(store.retarget(id, "Trash"));
    QCOMPARE(store.find(id)->target, std::string("Trash"));
    VERIFY_RESULT(store.setState(id, OperationState::InFlight));
    VERIFY_FAILS(store.retarget(id, "Junk"), ErrorKind::Rejected, ErrorCode::InvalidInput);
    VERIFY_FAILS(store.cancel(id), ErrorKind::Rejected, ErrorCode::InvalidInput);
    VERIFY_RESULT(store.setState(id, OperationState::Planned));
    VERIFY_RESULT(store.cancel(id));
    VERIFY_FAILS(store.find(id), ErrorKind::Rejected, ErrorCode::NotFound);
}

void OperationStoreTest::tellsLaterChangesTheUidOfAnArrival()
{
    OperationStore store(*m_user);
    Operation star = operation(Flagged, 0);
    star.uid = firstPendingKey + 3;
    star.uidValidity = 0;
    const OperationId id = store.plan(star).value();
    VERIFY_RESULT(store.nameArrival(m_account, firstPendingKey + 3, 77, 12));
    QCOMPARE(store.find(id)->uid, PlacementKey{12});
    QCOMPARE(store.find(id)->uidValidity, 77u);
}

void OperationStoreTest::keepsTheMessageOfAnAppend()
{
    OperationStore store(*m_user);
    Operation append;
    append.account = m_account;
    append.kind = OperationKind::Append;
    append.target = "Drafts";
    append.messageIdHeader = "new@example.org";
    const std::string bytes("Subject: s\r\n\r\n\0\xff", 17);
    const auto first = store.planAppend(append, bytes);
    VERIFY_RESULT(first);
    QCOMPARE(store.message(*first).value(), bytes);
    // The next version takes the place of what this one brings.
    append.mailbox = "Drafts";
    append.uid = pendingKey(*first);
    append.replaces = "new@example.org";
    append.messageIdHeader = "newer@example.org";
    const auto second = store.planAppend(append, "newer");
    VERIFY_RESULT(second);
    QCOMPARE(store.pending(m_account)->size(), std::size_t{2});
    QCOMPARE(store.pending(m_account)->back().replaces, std::string("new@example.org"));
    VERIFY_RESULT(store.setState(*first, OperationState::InFlight));
    VERIFY_RESULT(store.recoverAfterRestart());
    QVERIFY(store.find(*first)->state == OperationState::InFlight);
    VERIFY_RESULT(store.nameArrival(m_account, pendingKey(*first), 7, 70));
    VERIFY_RESULT(store.setState(*first, OperationState::Done));
    VERIFY_FAILS(store.message(*first), ErrorKind::Rejected, ErrorCode::NotFound);
    QCOMPARE(store.find(*second)->uid, PlacementKey{70});
    QCOMPARE(store.find(*second)->uidValidity, 7u);
    VERIFY_RESULT(store.setState(*second, OperationState::Refused, "over quota"));
    VERIFY_FAILS(store.message(*second), ErrorKind::Rejected, ErrorCode::NotFound);
    append.target.clear();
    VERIFY_FAILS(store.planAppend(append, "x"), ErrorKind::Rejected, ErrorCode::InvalidInput);
}

void OperationStoreTest::refusesNonsense()
{
    OperationStore store(*m_user);
    VERIFY_FAILS(store.plan(operation(Seen, Seen)), ErrorKind::Rejected, ErrorCode::InvalidInput);
    VERIFY_FAILS(store.plan(operation(0, 0)), ErrorKind::Rejected, ErrorCode::InvalidInput);
    Operation stranger = operation(Seen, 0);
    stranger.account = AccountId{99};
    VERIFY_FAILS(store.plan(stranger), ErrorKind::Rejected, ErrorCode::InvalidInput);
    VERIFY_FAILS(store.setState(OperationId{99}, OperationState::Done), ErrorKind::Rejected,
                 ErrorCode::NotFound);
}

QTEST_APPLESS_MAIN(OperationStoreTest)
#include "OperationStoreTest.moc"
