// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/MailServers.h"
#include "tests/integration/Program.h"

#include <QTest>

using namespace avocet::integration;
using namespace Qt::Literals::StringLiterals;

/// Moves, copies, deletions and folders, on servers that offer everything, something and nothing.
class MoveTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();

    void movesAndKeepsTheId();
    void showsAMoveAtOnceAndTellsTheServerLater();
    void forgetsAMoveThatWasTakenBack();
    void movesOnceWhereTheUserMovedTwice();
    void marksAMessageOnItsWay();
    void copiesAndLeavesTheOriginal();
    void movesAMessageWithoutMessageId();
    void deletesIntoTrashThenForGood();
    void settlesAMoveThatSomebodyElseMade();
    void takesBackWhatTheServerRefuses();
    void createsRenamesAndDeletesFolders();
    void renamesAFolderWithItsMailOffline();
    void carriesAChangeIntoAFolderThatWasMadeAnew();
    void refusesAMoveToNowhere();

private:
    MailServers& servers() const { return m_rows.at(m_server); }
    QByteArray delivered(const QByteArray& id, const QByteArray& subject);
    QString idOf(const QByteArray& subject, const QString& folder = u"INBOX"_s) const;
    QStringList folders() const;
    void run(const QStringList& arguments, int code = 0) const;
    /// Those without \Deleted.
    int shownOnServer(const QByteArray& mailbox, const QByteArray& id);

    /// What the folder is called on the server of this row.
    QString named(const QString& folder) const { return servers().folder(folder); }
    QByteArray mailbox(const QByteArray& folder) const { return servers().mailbox(folder); }

    ServerRows m_rows{u"rich,poor"_s};
    std::unique_ptr<Program> m_program;
    std::unique_ptr<ImapPeer> m_peer;
    QString m_server;
    bool m_uidplus = false;
};

void MoveTest::initTestCase_data()
{
    QTest::addColumn<QString>("server");
    for (const ServerKind& kind : m_rows.kinds())
        QTest::newRow(kind.sentence) << kind.name;
}

void MoveTest::initTestCase()
{
    const QString problem = m_rows.start();
    if (m_rows.missing())
        QSKIP(qPrintable(problem));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void MoveTest::init()
{
    QFETCH_GLOBAL(QString, server);
    m_server = server;
    m_program = std::make_unique<Program>();
    m_peer = std::make_unique<ImapPeer>(servers(), servers().sender());
    for (const char* folder : {"Archive", "Trash", "Projects"})
        m_peer->command("CREATE " + mailbox(folder));
    m_uidplus = m_peer->command("CAPABILITY").contains("UIDPLUS");
    QCOMPARE(m_program->addAccount(servers()).code, 0);
}

void MoveTest::run(const QStringList& arguments, int code) const
{
    const Outcome outcome = m_program->run(arguments);
    QVERIFY2(outcome.code == code, outcome.words().constData());
}

QByteArray MoveTest::delivered(const QByteArray& id, const QByteArray& subject)
{
    const QString problem = servers().deliver(
        servers().sender(), message(servers().reader(), servers().sender().address, id, subject));
    if (!problem.isEmpty())
        qWarning("%s", qPrintable(problem));
    run({u"sync"_s, u"--headers-only"_s});
    return subject;
}

QString MoveTest::idOf(const QByteArray& subject, const QString& folder) const
{
    const QJsonObject row = m_program->run({u"list"_s, u"--folder"_s, folder, u"--json"_s})
                                .line(u"subject"_s, QString::fromUtf8(subject));
    return row.isEmpty() ? QString() : QString::number(row.value(u"id"_s).toInteger());
}

QStringList MoveTest::folders() const
{
    QStringList paths;
    for (const QJsonObject& line : m_program->run({u"folders"_s, u"--json"_s}).lines())
        paths.append(line.value(u"path"_s).toString());
    return paths;
}

int MoveTest::shownOnServer(const QByteArray& mailbox, const QByteArray& id)
{
    int count = 0;
    for (const QByteArray& uid : m_peer->find(mailbox, id))
        count += !m_peer->flags(mailbox, uid).contains("\\Deleted");
    return count;
}

void MoveTest::movesAndKeepsTheId()
{
    const QByteArray id = freshId();
    const QByteArray subject = delivered(id, "Moved " + id);
    const QString shown = idOf(subject);
    QVERIFY(!shown.isEmpty());
    run({u"move"_s, shown, u"--to"_s, named(u"Archive"_s), u"--wait"_s});
    QCOMPARE(shownOnServer("INBOX", id), 0);
    QCOMPARE(m_peer->count(mailbox("Archive"), id), 1);
    QCOMPARE(idOf(subject), QString());
    QCOMPARE(idOf(subject, named(u"Archive"_s)), shown);
    run({u"sync"_s});
    QCOMPARE(idOf(subject), QString());
    QCOMPARE(idOf(subject, named(u"Archive"_s)), shown);
    QCOMPARE(m_peer->count(mailbox("Archive"), id), 1);
}

void MoveTest::showsAMoveAtOnceAndTellsTheServerLater()
{
    const QByteArray id = freshId();
    const QByteArray subject = delivered(id, "Later " + id);
    const QString shown = idOf(subject);
    run({u"move"_s, shown, u"--to"_s, named(u"Archive"_s)}); // nobody is online
    QCOMPARE(idOf(subject), QString());
    QCOMPARE(idOf(subject, named(u"Archive"_s)), shown);
    QCOMPARE(m_peer->count(mailbox("Archive"), id), 0);
    run({u"sync"_s, u"--headers-only"_s});
    QCOMPARE(m_peer->count(mailbox("Archive"), id), 1);
    QCOMPARE(shownOnServer("INBOX", id), 0);
    QCOMPARE(idOf(subject, named(u"Archive"_s)), shown);
}

void MoveTest::forgetsAMoveThatWasTakenBack()
{
    const QByteArray id = freshId();
    const QByteArray subject = delivered(id, "Back " + id);
    const QString shown = idOf(subject);
    const QByteArray uid = m_peer->find("INBOX", id).value(0);
    run({u"move"_s, shown, u"--to"_s, named(u"Archive"_s)});
    run({u"mark"_s, shown, u"--star"_s});
    run({u"move"_s, shown, u"--to"_s, u"INBOX"_s});
    QCOMPARE(idOf(subject), shown);
    QCOMPARE(idOf(subject, named(u"Archive"_s)), QString());
    run({u"sync"_s, u"--headers-only"_s});
    QCOMPARE(m_peer->find("INBOX", id).value(0), uid); // it has never been away
    QVERIFY(m_peer->flags("INBOX", uid).contains("\\Flagged"));
    QCOMPARE(idOf(subject), shown);
}

void MoveTest::movesOnceWhereTheUserMovedTwice()
{
    const QByteArray id = freshId();
    const QByteArray subject = delivered(id, "Twice " + id);
    const QString shown = idOf(subject);
    run({u"move"_s, shown, u"--to"_s, named(u"Archive"_s)});
    run({u"move"_s, shown, u"--to"_s, named(u"Projects"_s)});
    QCOMPARE(idOf(subject, named(u"Archive"_s)), QString());
    QCOMPARE(idOf(subject, named(u"Projects"_s)), shown);
    run({u"sync"_s, u"--headers-only"_s});
    QCOMPARE(m_peer->count(mailbox("Archive"), id), 0);
    QCOMPARE(m_peer->count(mailbox("Projects"), id), 1);
    QCOMPARE(idOf(subject, named(u"Projects"_s)), shown);
}

void MoveTest::marksAMessageOnItsWay()
{
    const QByteArray id = freshId();
    const QByteArray subject = delivered(id, "Way " + id);
    const QString shown = idOf(subject);
    run({u"move"_s, shown, u"--to"_s, named(u"Archive"_s)});
    run({u"mark"_s, shown, u"--read"_s, u"--star"_s});
    run({u"sync"_s, u"--headers-only"_s});
    run({u"sync"_s, u"--headers-only"_s});
    const QByteArray flags =
        m_peer->flags(mailbox("Archive"), m_peer->find(mailbox("Archive"), id).value(0));
    QVERIFY2(flags.contains("\\Seen") && flags.contains("\\Flagged"), flags.constData());
}

void MoveTest::copiesAndLeavesTheOriginal()
{
    const QByteArray id = freshId();
    const QByteArray subject = delivered(id, "Copied " + id);
    const QString shown = idOf(subject);
    run({u"move"_s, shown, u"--to"_s, named(u"Archive"_s), u"--copy"_s, u"--wait"_s});
    QCOMPARE(shownOnServer("INBOX", id), 1);
    QCOMPARE(m_peer->count(mailbox("Archive"), id), 1);
    run({u"sync"_s, u"--headers-only"_s});
    QCOMPARE(idOf(subject), shown);
    QVERIFY(!idOf(subject, named(u"Archive"_s)).isEmpty());
    QCOMPARE(m_peer->count(mailbox("Archive"), id), 1);
}

void MoveTest::movesAMessageWithoutMessageId()
{
    const QByteArray subject = "Nameless " + freshId();
    const QByteArray data = "From: a@example.org\r\nTo: b@example.org\r\nSubject: " + subject +
                            "\r\nDate: Mon, 2 Mar 2026 10:00:00 +0000\r\n\r\nWords.\r\n";
    QVERIFY(m_peer->append("INBOX", data));
    run({u"sync"_s, u"--headers-only"_s});
    const QString shown = idOf(subject);
    run({u"move"_s, shown, u"--to"_s, named(u"Archive"_s), u"--wait"_s});
    run({u"sync"_s, u"--headers-only"_s});
    QCOMPARE(idOf(subject), QString());
    QCOMPARE(idOf(subject, named(u"Archive"_s)), shown);
}

void MoveTest::deletesIntoTrashThenForGood()
{
    const QByteArray id = freshId();
    const QByteArray subject = delivered(id, "Deleted " + id);
    const QString shown = idOf(subject);
    run({u"delete"_s, shown, u"--wait"_s});
    QCOMPARE(m_peer->count(mailbox("Trash"), id), 1);
    run({u"sync"_s, u"--headers-only"_s});
    QCOMPARE(idOf(subject, named(u"Trash"_s)), shown);
    run({u"delete"_s, shown, u"--wait"_s});
    QCOMPARE(shownOnServer(mailbox("Trash"), id), 0);
    // Without UIDPLUS the others' marked messages are left alone, and so is ours.
    QCOMPARE(m_peer->count(mailbox("Trash"), id), m_uidplus ? 0 : 1);
    run({u"sync"_s, u"--headers-only"_s});
    QCOMPARE(idOf(subject, named(u"Trash"_s)), QString());
}

void MoveTest::settlesAMoveThatSomebodyElseMade()
{
    const QByteArray id = freshId();
    const QByteArray subject = delivered(id, "Raced " + id);
    const QString shown = idOf(subject);
    run({u"move"_s, shown, u"--to"_s, named(u"Archive"_s)});
    const QByteArray uid = m_peer->find("INBOX", id).value(0);
    m_peer->command("SELECT INBOX");
    m_peer->command("UID COPY " + uid + ' ' + mailbox("Projects"));
    m_peer->command("UID STORE " + uid + " +FLAGS (\\Deleted)");
    m_peer->command("EXPUNGE");
    run({u"sync"_s, u"--headers-only"_s});
    run({u"sync"_s, u"--headers-only"_s});
    QCOMPARE(idOf(subject), QString());
    QCOMPARE(idOf(subject, named(u"Archive"_s)), QString());
    QVERIFY(!idOf(subject, named(u"Projects"_s)).isEmpty());
    QCOMPARE(m_peer->count(mailbox("Projects"), id), 1);
}

void MoveTest::takesBackWhatTheServerRefuses()
{
    const QByteArray id = freshId();
    const QByteArray subject = delivered(id, "Refused " + id);
    const QString shown = idOf(subject);
    const QStringList move{u"move"_s, shown, u"--to"_s, named(u"Doomed"_s)};
    const auto doom = [&] {
        m_peer->command("CREATE " + mailbox("Doomed"));
        run({u"sync"_s, u"--headers-only"_s});
        // Not while a connection that ends has it open still.
        bool gone = false;
        QTRY_VERIFY(gone = gone || m_peer->command("DELETE " + mailbox("Doomed")).contains(" OK"));
    };
    doom();
    const Outcome outcome = m_program->run(move + QStringList{u"--wait"_s});
    QVERIFY2(outcome.code == 1, outcome.words().constData());
    QVERIFY2(outcome.saysOnePlainLine(), outcome.words().constData());
    QCOMPARE(idOf(subject), shown);
    QCOMPARE(shownOnServer("INBOX", id), 1);
    // Told later, by a sync that does all else.
    doom();
    run(move);
    constexpr int changeRefused = 4;
    const Outcome synced = m_program->run({u"sync"_s, u"--headers-only"_s});
    QVERIFY2(synced.code == changeRefused, synced.words().constData());
    QVERIFY2(synced.err.contains("refused a waiting change"), synced.words().constData());
    QCOMPARE(idOf(subject), shown);
    QCOMPARE(shownOnServer("INBOX", id), 1);
    run({u"sync"_s, u"--headers-only"_s});
}

void MoveTest::createsRenamesAndDeletesFolders()
{
    run({u"sync"_s, u"--headers-only"_s});
    run({u"folder"_s, u"create"_s, named(u"Reisen & Spaß"_s), u"--wait"_s});
    QVERIFY(m_peer->command("LIST \"\" \"*\"").contains("Reisen &- Spa&AN8-"));
    QVERIFY(folders().contains(named(u"Reisen & Spaß"_s)));
    run({u"folder"_s, u"rename"_s, named(u"Reisen & Spaß"_s), named(u"旅"_s)});
    QVERIFY(folders().contains(named(u"旅"_s)) && !folders().contains(named(u"Reisen & Spaß"_s)));
    run({u"sync"_s, u"--headers-only"_s});
    QVERIFY(folders().contains(named(u"旅"_s)));
    QVERIFY(!m_peer->command("LIST \"\" \"*\"").contains("Reisen"));
    run({u"folder"_s, u"delete"_s, named(u"旅"_s), u"--wait"_s});
    QVERIFY(!folders().contains(named(u"旅"_s)));
    run({u"sync"_s, u"--headers-only"_s});
    QVERIFY(!folders().contains(named(u"旅"_s)));
    run({u"folder"_s, u"create"_s, named(u"Archive"_s)}, 1);
    run({u"folder"_s, u"delete"_s, u"INBOX"_s}, 1);
}

void MoveTest::renamesAFolderWithItsMailOffline()
{
    m_peer->command("CREATE " + mailbox("Old"));
    const QByteArray id = freshId();
    const QByteArray subject = "Inside " + id;
    QVERIFY(m_peer->append(mailbox("Old"),
                           message(servers().reader(), u"b@example.org"_s, id, subject)));
    run({u"sync"_s, u"--headers-only"_s});
    const QString shown = idOf(subject, named(u"Old"_s));
    QVERIFY(!shown.isEmpty());
    run({u"mark"_s, shown, u"--star"_s});
    run({u"folder"_s, u"rename"_s, named(u"Old"_s), named(u"New"_s)});
    run({u"move"_s, shown, u"--to"_s, named(u"Archive"_s)});
    QCOMPARE(idOf(subject, named(u"New"_s)), QString());
    QCOMPARE(idOf(subject, named(u"Archive"_s)), shown);
    run({u"sync"_s, u"--headers-only"_s});
    QCOMPARE(m_peer->count(mailbox("Archive"), id), 1);
    QVERIFY(m_peer->flags(mailbox("Archive"), m_peer->find(mailbox("Archive"), id).value(0))
                .contains("\\Flagged"));
    QVERIFY(!folders().contains(named(u"Old"_s)));
    QCOMPARE(idOf(subject, named(u"Archive"_s)), shown);
    run({u"folder"_s, u"delete"_s, named(u"New"_s), u"--wait"_s});
}

/// The same mail under another UIDVALIDITY (case I2).
void MoveTest::carriesAChangeIntoAFolderThatWasMadeAnew()
{
    const QByteArray folder = mailbox("Anew");
    const QByteArray first = freshId();
    const QByteArray second = freshId();
    const auto numbered = [&] { return m_peer->command("STATUS " + folder + " (UIDVALIDITY)"); };
    const auto fill = [&] {
        for (const QByteArray& id : {first, second})
            if (!m_peer->append(folder,
                                message(servers().reader(), u"b@example.org"_s, id, "Anew " + id)))
                return false;
        return true;
    };
    m_peer->command("CREATE " + folder);
    QVERIFY(fill());
    run({u"sync"_s, u"--headers-only"_s});
    const QString path = named(u"Anew"_s);
    run({u"mark"_s, idOf("Anew " + second, path), u"--star"_s});
    const QByteArray before = numbered().split(')').first();
    m_peer->command("SELECT INBOX");
    const auto madeAnew = [&] { // some servers number by the second
        m_peer->command("DELETE " + folder);
        m_peer->command("CREATE " + folder);
        return numbered().split(')').first() != before;
    };
    QTRY_VERIFY(madeAnew());
    QVERIFY(fill());
    run({u"sync"_s, u"--headers-only"_s});
    run({u"sync"_s, u"--headers-only"_s});
    QCOMPARE(m_program->run({u"list"_s, u"--folder"_s, path, u"--json"_s}).lines().size(), 2);
    const QByteArray flags = m_peer->flags(folder, m_peer->find(folder, second).value(0));
    QVERIFY2(flags.contains("\\Flagged"), flags.constData());
    QVERIFY(!m_peer->flags(folder, m_peer->find(folder, first).value(0)).contains("\\Flagged"));
    m_peer->command("SELECT INBOX");
    m_peer->command("DELETE " + folder);
}

void MoveTest::refusesAMoveToNowhere()
{
    const QByteArray id = freshId();
    const QString shown = idOf(delivered(id, "Nowhere " + id));
    const Outcome outcome = m_program->run({u"move"_s, shown, u"--to"_s, u"No such folder"_s});
    QCOMPARE(outcome.code, 1);
    QVERIFY2(outcome.saysOnePlainLine(), outcome.words().constData());
    run({u"move"_s, u"99999"_s, u"--to"_s, named(u"Archive"_s)}, 1);
    run({u"move"_s, shown}, 2);
}

QTEST_GUILESS_MAIN(MoveTest)
#include "MoveTest.moc"
