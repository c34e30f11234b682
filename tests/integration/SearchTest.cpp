// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/MailServers.h"
#include "tests/integration/Program.h"

#include <QTest>

using namespace avocet::integration;
using namespace Qt::Literals::StringLiterals;

namespace {

/// A server's mailbox, and a profile that has synced it.
struct World {
    std::unique_ptr<Program> program;
    std::unique_ptr<ImapPeer> peer;
};

} // namespace

/// Search over a mailbox that came from a real server.
class SearchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void initTestCase();
    void init();
    void findsMail_data();
    void findsMail();
    void findsEnvelopesWithoutBodies();
    void fetchesTextsWithinAFoldersWindow();
    void forgetsWhatTheServerDeleted();
    void followsAMessageThatWasMoved();
    void takesAnyInput_data();
    void takesAnyInput();

private:
    void fill(const QString& server);
    QStringList subjects(const Program& program, const QStringList& words) const;
    MailServers& servers() const { return m_rows.at(m_server); }
    QString travel() const { return servers().folder(u"Travel"_s); }

    ServerRows m_rows{u"rich"_s};
    std::map<QString, World> m_worlds;
    QString m_server;
    Program* m_program = nullptr;
    ImapPeer* m_peer = nullptr;
};

void SearchTest::initTestCase_data()
{
    QTest::addColumn<QString>("server");
    for (const ServerKind& kind : m_rows.kinds())
        QTest::newRow(kind.sentence) << kind.name;
}

void SearchTest::init()
{
    QFETCH_GLOBAL(QString, server);
    m_server = server;
    m_program = m_worlds.at(server).program.get();
    m_peer = m_worlds.at(server).peer.get();
}

void SearchTest::initTestCase()
{
    const QString problem = m_rows.start();
    if (m_rows.missing())
        QSKIP(qPrintable(problem));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    for (const ServerKind& kind : m_rows.kinds())
        fill(kind.name);
}

void SearchTest::fill(const QString& server)
{
    m_server = server;
    World& world = m_worlds[server];
    world.peer = std::make_unique<ImapPeer>(servers(), servers().sender());
    m_peer = world.peer.get();
    const QByteArray travelling = servers().mailbox("Travel");
    m_peer->command("CREATE " + travelling);
    m_peer->command("SUBSCRIBE " + travelling);
    const auto add = [&](const QByteArray& mailbox, const QByteArray& head,
                         const QByteArray& body) {
        return m_peer->append(mailbox, head + "Message-ID: <" + freshId() +
                                           ">\r\nMIME-Version: 1.0\r\n" + body);
    };
    const QByteArray plain = "Content-Type: text/plain; charset=utf-8\r\n\r\n";
    QVERIFY(add("INBOX", "From: Marta Nowak <marta@example.org>\r\nSubject: Invoice\r\n",
                plain + "Zażółć gęślą jaźń, the łódź is late.\r\n"));
    QVERIFY(add("INBOX", "From: =?utf-8?B?5bGx55Sw?= <yamada@example.org>\r\nSubject: Meeting\r\n",
                plain + "来週の打ち合わせについて\r\n"));
    QVERIFY(add(travelling, "From: Northern Rail <rail@example.org>\r\nSubject: Ticket\r\n",
                "Content-Type: text/html; charset=utf-8\r\n\r\n<p>Coach <b>seven</b>, seat "
                "forty</p><style>.hidden{}</style>\r\n"));
    QVERIFY(
        add("INBOX", "From: Clara <clara@example.org>\r\nSubject: Drawings\r\n",
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
            "Content-Type: text/plain\r\n\r\nSee below.\r\n--b\r\nContent-Type: application/pdf\r\n"
            "Content-Disposition: attachment; filename=glasswall.pdf\r\n\r\nx\r\n--b--\r\n"));
    world.program = std::make_unique<Program>();
    QCOMPARE(world.program->addAccount(servers()).code, 0);
    const Outcome synced = world.program->run({u"sync"_s});
    QVERIFY2(synced.code == 0, synced.words().constData());
}

QStringList SearchTest::subjects(const Program& program, const QStringList& words) const
{
    const Outcome found = program.run(QStringList{u"search"_s, u"--json"_s} + words);
    if (found.code != 0)
        return {QString::fromUtf8(found.words())};
    QStringList list;
    for (const QJsonObject& line : found.lines())
        list.append(line.value(u"subject"_s).toString());
    list.sort();
    return list;
}

void SearchTest::findsMail_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QStringList>("found");
    const auto row = [](const char* name, const QStringList& words, const QStringList& found) {
        QTest::newRow(name) << words << found;
    };
    row("a word of the text", {u"late"_s}, {u"Invoice"_s});
    row("a word without its marks", {u"zazolc"_s}, {u"Invoice"_s});
    row("a word with its marks, in capitals", {u"ŁÓDŹ"_s}, {u"Invoice"_s});
    row("two ideographs out of a sentence", {u"来週"_s}, {u"Meeting"_s});
    row("a sender's name in another script", {u"山田"_s}, {u"Meeting"_s});
    row("words of an HTML part", {u"coach"_s, u"forty"_s}, {u"Ticket"_s});
    row("nothing of a style sheet", {u"hidden"_s}, {});
    row("an attachment's name", {u"glasswall"_s}, {u"Drawings"_s});
    row("an attachment at all", {u"has:attachment"_s}, {u"Drawings"_s});
    row("an address", {u"from:marta@example.org"_s}, {u"Invoice"_s});
    row("a folder", {u"in:Travel"_s}, {u"Ticket"_s});
    row("words that stand apart, as a phrase", {u"\"łódź late\""_s}, {});
    row("words that stand together, as a phrase", {u"\"łódź is late\""_s}, {u"Invoice"_s});
    row("two words of two messages", {u"late"_s, u"coach"_s}, {});
}

void SearchTest::findsMail()
{
    QFETCH(QStringList, words);
    QFETCH(QStringList, found);
    words.replaceInStrings(u"in:Travel"_s, u"in:"_s + travel());
    QCOMPARE(subjects(*m_program, words), found);
}

void SearchTest::findsEnvelopesWithoutBodies()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    QCOMPARE(program.run({u"sync"_s, u"--headers-only"_s}).code, 0);
    QCOMPARE(subjects(program, {u"invoice"_s}), QStringList{u"Invoice"_s});
    QCOMPARE(subjects(program, {u"nowak"_s}), QStringList{u"Invoice"_s});
    QCOMPARE(subjects(program, {u"late"_s}), QStringList());
    QCOMPARE(program.run({u"sync"_s}).code, 0);
    QCOMPARE(subjects(program, {u"late"_s}), QStringList{u"Invoice"_s});
}

void SearchTest::fetchesTextsWithinAFoldersWindow()
{
    const Program program;
    QCOMPARE(program.addAccount(servers()).code, 0);
    QCOMPARE(program.run({u"sync"_s, u"--headers-only"_s}).code, 0);
    QCOMPARE(program.run({u"folder"_s, u"keep"_s, travel(), u"headers"_s}).code, 0);
    QCOMPARE(program.run({u"sync"_s}).code, 0);
    QCOMPARE(subjects(program, {u"late"_s}), QStringList{u"Invoice"_s});
    QCOMPARE(subjects(program, {u"coach"_s}), QStringList());
    QCOMPARE(program.run({u"folder"_s, u"keep"_s, travel(), u"1"_s}).code, 0);
    QCOMPARE(program.run({u"sync"_s}).code, 0);
    QCOMPARE(subjects(program, {u"coach"_s}), QStringList{u"Ticket"_s});
    QCOMPARE(program.run({u"folder"_s, u"keep"_s, travel(), u"sometimes"_s}).code, 2);
}

void SearchTest::forgetsWhatTheServerDeleted()
{
    const QByteArray id = freshId();
    QVERIFY(m_peer->append("INBOX", message(servers().reader(), u"a@example.org"_s, id, "Passing",
                                            "A kingfisher by the river.\r\n")));
    QCOMPARE(m_program->run({u"sync"_s}).code, 0);
    QCOMPARE(subjects(*m_program, {u"kingfisher"_s}), QStringList{u"Passing"_s});
    const QByteArray uid = m_peer->find("INBOX", id).value(0);
    m_peer->command("SELECT INBOX");
    m_peer->command("UID STORE " + uid + " +FLAGS (\\Deleted)");
    m_peer->command("EXPUNGE");
    QCOMPARE(m_program->run({u"sync"_s}).code, 0);
    QCOMPARE(subjects(*m_program, {u"kingfisher"_s}), QStringList());
}

void SearchTest::followsAMessageThatWasMoved()
{
    const QByteArray id = freshId();
    QVERIFY(m_peer->append("INBOX", message(servers().reader(), u"a@example.org"_s, id, "Mover",
                                            "A cormorant on the pier.\r\n")));
    QCOMPARE(m_program->run({u"sync"_s}).code, 0);
    const Outcome before = m_program->run({u"search"_s, u"--json"_s, u"cormorant"_s});
    const QJsonObject row = before.lines().value(0);
    const QString shown = QString::number(row.value(u"id"_s).toInteger());
    QCOMPARE(m_program->run({u"move"_s, shown, u"--to"_s, travel()}).code, 0);
    const auto folder = [&] {
        return m_program->run({u"search"_s, u"--json"_s, u"cormorant"_s})
            .lines()
            .value(0)
            .value(u"folder"_s)
            .toString();
    };
    QCOMPARE(folder(), travel());
    QCOMPARE(subjects(*m_program, {u"in:inbox"_s, u"cormorant"_s}), QStringList());
    QCOMPARE(m_program->run({u"sync"_s}).code, 0);
    QCOMPARE(folder(), travel());
}

void SearchTest::takesAnyInput_data()
{
    QTest::addColumn<QString>("words");
    for (const char* words : {"\"", "*", "late*", "AND OR NOT", "NEAR(a b)", "subject:", "(late",
                              "a\"b\"c", "from:\"", "text:late", "^late", ":", "late\\"})
        QTest::newRow(words) << QString::fromLatin1(words);
}

void SearchTest::takesAnyInput()
{
    QFETCH(QString, words);
    const Outcome found = m_program->run({u"search"_s, words});
    QVERIFY2(found.code == 0, found.words().constData());
}

QTEST_GUILESS_MAIN(SearchTest)
#include "SearchTest.moc"
