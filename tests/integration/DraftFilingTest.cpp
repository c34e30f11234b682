// SPDX-License-Identifier: GPL-3.0-or-later
// Drafts go into the server's Drafts folder, once, whatever is cut, and stay here whatever it says.
#include "core/engine/Stores.h"
#include "tests/integration/EngineRig.h"

#include <QSignalSpy>

using namespace avocet;
using namespace avocet::integration;
using namespace Qt::Literals::StringLiterals;

class DraftFilingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();
    void filesADraftAndReplacesIt();
    void filesADraftThatHasNoRecipientYet();
    void showsItAtOnceAndTellsTheServerTheLastVersion();
    void isThereOnceWhateverIsCut_data();
    void isThereOnceWhateverIsCut();
    void removesTheCopyOfWhatIsGivenUp();
    void staysHereWhereTheServerRefuses();
    void picksUpWhatAnotherDeviceBegan();
    void followsWhatAnotherDeviceDidToACopy();
    void keepsBothWhereTwoDevicesWrote();
    void filesAtTheNextStartWhatACrashLeft();
    void keepsADraftThatComesBackFromTheOutbox();

private:
    MailServers& servers() const { return m_rows.at(m_server); }
    std::string path() const { return servers().folder(u"Drafts"_s).toStdString(); }
    /// Subjects of what lies in the server's Drafts folder without \Deleted.
    QStringList onServer() const;
    bool sync(EngineRig& rig) const;
    DraftId save(EngineRig& rig, const char* subject, DraftId id = {}) const;
    std::size_t waiting(EngineRig& rig) const;
    /// As another device would; \\Draft and \\Seen are set.
    void appendElsewhere(const QByteArray& subject) const;
    void removeElsewhere() const; ///< all

    ServerRows m_rows{u"rich,poor"_s};
    QString m_server;
};

void DraftFilingTest::initTestCase_data()
{
    QTest::addColumn<QString>("server");
    for (const ServerKind& kind : m_rows.kinds())
        QTest::newRow(kind.sentence) << kind.name;
}

void DraftFilingTest::initTestCase()
{
    const QString problem = m_rows.start();
    if (m_rows.missing())
        QSKIP(qPrintable(problem));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void DraftFilingTest::init()
{
    QFETCH_GLOBAL(QString, server);
    m_server = server;
    ImapPeer peer(servers(), servers().sender());
    const QByteArray drafts = servers().mailbox("Drafts");
    peer.command("CREATE " + drafts);
    peer.command("SELECT " + drafts);
    peer.command("STORE 1:* +FLAGS (\\Deleted)");
    peer.command("EXPUNGE");
}

QStringList DraftFilingTest::onServer() const
{
    ImapPeer peer(servers(), servers().sender());
    peer.command("SELECT " + servers().mailbox("Drafts"));
    QStringList subjects;
    const QByteArray found = peer.command("SEARCH UNDELETED DRAFT SEEN");
    const QByteArray line = found.left(found.indexOf('\r'));
    for (const QByteArray& number : line.mid(qstrlen("* SEARCH")).simplified().split(' ')) {
        if (number.isEmpty())
            continue;
        const QByteArray header =
            peer.command("FETCH " + number + " BODY.PEEK[HEADER.FIELDS (SUBJECT)]");
        const qsizetype at = header.indexOf("Subject: ") + 9;
        subjects << QString::fromLatin1(header.mid(at, header.indexOf('\r', at) - at));
    }
    return subjects;
}

bool DraftFilingTest::sync(EngineRig& rig) const
{
    command::Sync all;
    all.headersOnly = true;
    return rig.run(all).has_value();
}

DraftId DraftFilingTest::save(EngineRig& rig, const char* subject, DraftId id) const
{
    Draft draft;
    draft.id = id;
    draft.identity = rig.engine().queries().identities().front().id;
    draft.to = {{"Bo", "bo@example.org"}};
    draft.bcc = {{"", "hidden@example.org"}};
    draft.subject = subject;
    draft.text = "every word";
    draft.attachments = {{"list.pdf", "application/pdf", "%PDF"}};
    const auto saved = rig.run(command::SaveDraft{draft});
    return DraftId{saved ? saved->value(u"draftId"_s).toInteger() : 0};
}

std::size_t DraftFilingTest::waiting(EngineRig& rig) const
{
    const AccountId account = rig.engine().queries().accounts().front().id;
    auto stores = Stores::open(rig.profile(), Access::ReadOnly);
    return (*stores)->operations.pending(account)->size();
}

void DraftFilingTest::appendElsewhere(const QByteArray& subject) const
{
    const QByteArray message =
        "From: Ada <ada@example.org>\r\nTo: Bo <bo@example.org>\r\n"
        "Bcc: hidden@example.org\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\nSubject: " +
        subject + "\r\nMessage-ID: <" + subject +
        "@elsewhere.example.org>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\nfrom the other one\r\n";
    ImapPeer peer(servers(), servers().sender());
    const QByteArray drafts = servers().mailbox("Drafts");
    QVERIFY(peer.append(drafts, message));
    peer.command("SELECT " + drafts);
    peer.command("STORE * +FLAGS (\\Draft \\Seen)");
}

void DraftFilingTest::removeElsewhere() const
{
    ImapPeer peer(servers(), servers().sender());
    peer.command("SELECT " + servers().mailbox("Drafts"));
    peer.command("STORE 1:* +FLAGS (\\Deleted)");
    peer.command("EXPUNGE");
}

void DraftFilingTest::filesADraftAndReplacesIt()
{
    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    QVERIFY(sync(rig));
    const DraftId draft = save(rig, "First");
    const auto filed = rig.run(command::FileDraft{draft, true});
    QVERIFY2(filed.has_value(), filed ? "" : filed.error().detail.c_str());
    QCOMPARE(onServer(), QStringList{u"First"_s});
    QCOMPARE(rig.rows(path()).size(), std::size_t(1));
    QVERIFY(rig.rows(path()).front().hasBody);
    QVERIFY(rig.rows(path()).front().hasAttachment);
    QCOMPARE(rig.rows(path()).front().to.front().address, std::string("bo@example.org"));
    QTRY_VERIFY(rig.rows(path()).front().preview.starts_with("every word"));

    QCOMPARE(save(rig, "Second", draft).value, draft.value);
    QVERIFY(rig.run(command::FileDraft{draft, true}).has_value());
    QCOMPARE(onServer(), QStringList{u"Second"_s});
    QVERIFY(sync(rig));
    QCOMPARE(rig.rows(path()).size(), std::size_t(1));
    QCOMPARE(rig.rows(path()).front().subject, std::string("Second"));
    QVERIFY(rig.rows(path()).front().uid != 0);
    QCOMPARE(waiting(rig), std::size_t(0));
    QCOMPARE(rig.engine().queries().drafts().size(), std::size_t(1));
}

void DraftFilingTest::filesADraftThatHasNoRecipientYet()
{
    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    QVERIFY(sync(rig));
    Draft draft;
    draft.identity = rig.engine().queries().identities().front().id;
    draft.to = {{"", "half@"}};
    draft.text = "only words so far";
    const auto saved = rig.run(command::SaveDraft{draft});
    QVERIFY(saved.has_value());
    const DraftId id{saved->value(u"draftId"_s).toInteger()};
    const auto filed = rig.run(command::FileDraft{id, true});
    QVERIFY2(filed.has_value(), filed ? "" : filed.error().detail.c_str());
    QCOMPARE(onServer(), QStringList{QString()});
    QCOMPARE(rig.engine().queries().drafts().size(), std::size_t(1));
}

void DraftFilingTest::showsItAtOnceAndTellsTheServerTheLastVersion()
{
    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    QVERIFY(sync(rig));
    const DraftId draft = save(rig, "First");
    for (const char* subject : {"First", "Second", "Third"}) {
        save(rig, subject, draft);
        QVERIFY(rig.run(command::FileDraft{draft}).has_value());
        QCOMPARE(rig.rows(path()).size(), std::size_t(1));
        QCOMPARE(rig.rows(path()).front().subject, std::string(subject));
        QCOMPARE(waiting(rig), std::size_t(1));
    }
    QVERIFY(onServer().isEmpty());
    rig.stop();
    { // A crash came before it was shown.
        auto stores = Stores::open(rig.profile(), Access::ReadWrite);
        const AccountId account = (*stores)->accounts.all()->front().id;
        const auto folder = (*stores)->folders.findByRole(account, FolderRole::Drafts);
        const auto key = pendingKey((*stores)->operations.pending(account)->front().id);
        QVERIFY((*stores)->messages.removePending(folder->id, key).has_value());
    }
    rig.restart();
    QCOMPARE(rig.rows(path()).size(), std::size_t(1));
    QVERIFY(sync(rig));
    QCOMPARE(onServer(), QStringList{u"Third"_s});
    QCOMPARE(rig.rows(path()).size(), std::size_t(1));
    QCOMPARE(waiting(rig), std::size_t(0));
}

void DraftFilingTest::isThereOnceWhateverIsCut_data()
{
    QTest::addColumn<QString>("point");
    QTest::newRow("in the middle of the message") << u"imap:append-half"_s;
    QTest::newRow("between the server's work and its reply") << u"imap:append-held"_s;
    QTest::newRow("behind the reply") << u"imap:append-done"_s;
}

void DraftFilingTest::isThereOnceWhateverIsCut()
{
    QFETCH(QString, point);
    FaultProxy proxy(servers());
    EngineRig rig;
    QVERIFY(rig.addAccount(servers(), proxy.port("imap")));
    QVERIFY(sync(rig));
    const DraftId draft = save(rig, "Old");
    QVERIFY(rig.run(command::FileDraft{draft, true}).has_value());
    save(rig, "New", draft);
    proxy.at(point, u"cut"_s);
    (void)rig.run(command::FileDraft{draft, true});
    QVERIFY(proxy.waitUntilFired());
    proxy.clear();
    rig.restart();
    QCOMPARE(rig.rows(path()).size(), std::size_t(1));
    QCOMPARE(rig.rows(path()).front().subject, std::string("New"));
    QVERIFY(sync(rig));
    QCOMPARE(onServer(), QStringList{u"New"_s});
    QCOMPARE(rig.rows(path()).size(), std::size_t(1));
    QCOMPARE(rig.rows(path()).front().subject, std::string("New"));
    QCOMPARE(waiting(rig), std::size_t(0));
}

void DraftFilingTest::removesTheCopyOfWhatIsGivenUp()
{
    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    QVERIFY(sync(rig));
    const DraftId kept = save(rig, "Kept"), given = save(rig, "Given up"), never = save(rig, "N");
    QVERIFY(rig.run(command::FileDraft{kept, true}).has_value());
    QVERIFY(rig.run(command::FileDraft{given, true}).has_value());
    QCOMPARE(onServer().size(), 2);
    QVERIFY(rig.run(command::FileDraft{never}).has_value());
    QVERIFY(rig.run(command::DiscardDraft{never}).has_value());
    QVERIFY(rig.run(command::DiscardDraft{given}).has_value());
    QCOMPARE(rig.rows(path()).size(), std::size_t(1));
    QVERIFY(sync(rig));
    QCOMPARE(onServer(), QStringList{u"Kept"_s});
    QVERIFY(rig.run(command::SendDraft{kept}).has_value());
    QVERIFY(rig.rows(path()).empty());
    QCOMPARE(waiting(rig), std::size_t(1));
}

void DraftFilingTest::staysHereWhereTheServerRefuses()
{
    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    QVERIFY(sync(rig));
    const DraftId draft = save(rig, "Refused");
    rig.stop();
    { // Somebody else has removed the folder meanwhile.
        auto stores = Stores::open(rig.profile(), Access::ReadWrite);
        const AccountId account = (*stores)->accounts.all()->front().id;
        const auto folder = (*stores)->folders.findByRole(account, FolderRole::Drafts);
        const std::string gone = servers().folder(u"Gone"_s).toStdString();
        QVERIFY((*stores)->folders.rename(folder->id, gone, gone).has_value());
    }
    rig.restart();
    QSignalSpy refused(&rig.engine(), &MailEngine::operationRefused);
    QVERIFY(!rig.run(command::FileDraft{draft, true}));
    QCOMPARE(refused.size(), 1);
    QVERIFY(rig.rows(path()).empty());
    QCOMPARE(rig.engine().queries().draft(draft)->subject, std::string("Refused"));
    // Not again and again while somebody writes.
    QVERIFY(rig.run(command::FileDraft{draft, true}).has_value());
    QCOMPARE(refused.size(), 1);
    QCOMPARE(waiting(rig), std::size_t(0));
}

void DraftFilingTest::picksUpWhatAnotherDeviceBegan()
{
    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    appendElsewhere("Begun");
    QVERIFY(sync(rig));
    const auto elsewhere = rig.engine().queries().draftsElsewhere();
    QCOMPARE(elsewhere.size(), std::size_t(1));
    const MessageId message = elsewhere.front().id;
    const auto opened = rig.run(command::OpenDraft{message});
    QVERIFY2(opened.has_value(), opened ? "" : opened.error().detail.c_str());
    const DraftId id{opened->value(u"draftId"_s).toInteger()};
    auto draft = rig.engine().queries().draft(id);
    QVERIFY(draft.has_value());
    QCOMPARE(draft->subject, std::string("Begun"));
    QCOMPARE(draft->to.front().address, std::string("bo@example.org"));
    QCOMPARE(draft->bcc.front().address, std::string("hidden@example.org"));
    QVERIFY(draft->text.starts_with("from the other one"));
    QVERIFY(draft->identity);
    QCOMPARE(draft->changed, std::int64_t(1'793'613'600)); // a look at it changes nothing
    QVERIFY(rig.engine().queries().draftsElsewhere().empty());
    QCOMPARE(rig.run(command::OpenDraft{message})->value(u"draftId"_s).toInteger(), id.value);
    QCOMPARE(rig.engine().queries().drafts().size(), std::size_t(1));

    draft->subject = "Gone on with";
    QVERIFY(rig.run(command::SaveDraft{*draft}).has_value());
    QVERIFY(rig.run(command::FileDraft{id, true}).has_value());
    QCOMPARE(onServer(), QStringList{u"Gone on with"_s});
    QVERIFY(sync(rig));
    QVERIFY(rig.engine().queries().draftsElsewhere().empty());
    QCOMPARE(rig.engine().queries().drafts().size(), std::size_t(1));
}

void DraftFilingTest::followsWhatAnotherDeviceDidToACopy()
{
    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    QVERIFY(sync(rig));
    const DraftId draft = save(rig, "Mine");
    QVERIFY(rig.run(command::FileDraft{draft, true}).has_value());
    removeElsewhere();
    appendElsewhere("Theirs");
    QVERIFY(sync(rig));
    QVERIFY(rig.engine().queries().drafts().empty());
    QCOMPARE(rig.engine().queries().draftsElsewhere().size(), std::size_t(1));
    QCOMPARE(onServer(), QStringList{u"Theirs"_s});

    // A window may still show it: what is written there is a draft of its own from here on.
    const DraftId again = save(rig, "Mine, gone on with", draft);
    QVERIFY(again && again != draft);
}

void DraftFilingTest::keepsBothWhereTwoDevicesWrote()
{
    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    QVERIFY(sync(rig));
    const DraftId draft = save(rig, "Mine");
    QVERIFY(rig.run(command::FileDraft{draft, true}).has_value());
    QCOMPARE(save(rig, "Mine, gone on with", draft).value, draft.value);
    removeElsewhere();
    appendElsewhere("Theirs");
    QVERIFY(sync(rig));
    QCOMPARE(rig.engine().queries().draft(draft)->subject, std::string("Mine, gone on with"));
    QCOMPARE(rig.engine().queries().draftsElsewhere().size(), std::size_t(1));
    QVERIFY(rig.run(command::FileDraft{draft, true}).has_value());
    QCOMPARE(onServer(), (QStringList{u"Theirs"_s, u"Mine, gone on with"_s}));
    QVERIFY(sync(rig));
    QCOMPARE(rig.engine().queries().drafts().size(), std::size_t(1));
    QCOMPARE(rig.engine().queries().draftsElsewhere().size(), std::size_t(1));
}

void DraftFilingTest::filesAtTheNextStartWhatACrashLeft()
{
    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    QVERIFY(sync(rig));
    const DraftId draft = save(rig, "Filed");
    QVERIFY(rig.run(command::FileDraft{draft, true}).has_value());
    QCOMPARE(save(rig, "Typed last", draft).value, draft.value);
    QVERIFY(save(rig, "Never filed"));
    rig.restart();
    QVERIFY(sync(rig));
    QStringList there = onServer();
    there.sort();
    QCOMPARE(there, (QStringList{u"Never filed"_s, u"Typed last"_s}));
    QCOMPARE(rig.engine().queries().drafts().size(), std::size_t(2));
    QVERIFY(rig.engine().queries().draftsElsewhere().empty());
}

void DraftFilingTest::keepsADraftThatComesBackFromTheOutbox()
{
    EngineRig rig;
    QVERIFY(rig.addAccount(servers()));
    QVERIFY(sync(rig));
    const DraftId draft = save(rig, "Taken back");
    QVERIFY(rig.run(command::FileDraft{draft, true}).has_value());
    command::SendDraft send;
    send.draft = draft;
    send.undoSeconds = 3'600;
    const auto sent = rig.run(send);
    QVERIFY2(sent.has_value(), sent ? "" : sent.error().detail.c_str());
    (void)sync(rig); // the submission server answers nobody
    QTRY_COMPARE(onServer(), QStringList{});
    const auto back =
        rig.run(command::EditOutbox{OutboxId{sent->value(u"outboxId"_s).toInteger()}});
    QVERIFY2(back.has_value(), back ? "" : back.error().detail.c_str());
    QVERIFY(sync(rig));
    const DraftId again{back->value(u"draftId"_s).toInteger()};
    QCOMPARE(rig.engine().queries().draft(again)->subject, std::string("Taken back"));
    QVERIFY(rig.run(command::FileDraft{again, true}).has_value());
    QVERIFY(sync(rig));
    QCOMPARE(onServer(), QStringList{u"Taken back"_s});
    QCOMPARE(rig.engine().queries().drafts().size(), std::size_t(1));
}

QTEST_GUILESS_MAIN(DraftFilingTest)
#include "DraftFilingTest.moc"
