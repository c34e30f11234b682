// SPDX-License-Identifier: GPL-3.0-or-later
// Mailboxes against transcripts: LIST and its extensions, STATUS, SELECT and names.
#include "tests/core/protocol/ImapFixture.h"

#include <QObject>

using namespace avocet;
using namespace avocet::test;

class ImapMailboxesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void listsWithStatusInOneCommand();
    void asksAFewForTheirStatusWithTheInboxFirst();
    void listsInOneCommandWhereManyAreKnown();
    void listsWithoutStatusWhereNobodyNeedsIt();
    void listsOnPoorServer();
    void listsPlainlyWhereExtendedIsRefused();
    void listsStrangeNames();
    void endsEndlessLists();
    void asksForStatus();
    void takesMailboxIdsFromSelectAlone();
    void leavesTheOpenMailboxFirst_data();
    void leavesTheOpenMailboxFirst();
    void tellsNamespaces_data();
    void tellsNamespaces();
    void findsDelimiterWithoutNamespaces();
    void diesOfBrokenNamespaces();
    void makesAndUnmakesMailboxes();
    void tellsMailboxRefusals_data();
    void tellsMailboxRefusals();
    void selects();
    void selectsOnPoorServer();
    void tellsSelectRefusals_data();
    void tellsSelectRefusals();
    void sendsNamesAsLiterals();
};

void ImapMailboxesTest::listsWithStatusInOneCommand()
{
    OPEN(o, "LIST-EXTENDED SPECIAL-USE LIST-STATUS CONDSTORE",
         "C: {t} LIST \"\" \"*\" RETURN (SUBSCRIBED SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT "
         "UIDVALIDITY HIGHESTMODSEQ))\n"
         "S: * LIST (\\HasNoChildren) \"/\" inbox\n"
         "S: * STATUS INBOX (MESSAGES 17 UNSEEN 3 UIDNEXT 40 UIDVALIDITY 9 HIGHESTMODSEQ 77)\n"
         "S: * LIST (\\Noselect) \"/\" \"Work\"\n"
         "S: * LIST (\\Sent \\HasNoChildren \\Subscribed) \"/\" \"Postausgang\"\n"
         "S: * STATUS Postausgang (MESSAGES 2 X-NEW (1 2))\n"
         "S: {t} OK\n");
    const auto list = o.session().listMailboxes();
    VERIFY_RESULT(list);
    QCOMPARE(list->size(), std::size_t{3});
    const ListedMailbox& inbox = list->at(0);
    QCOMPARE(inbox.mailbox, std::string("INBOX"));
    QCOMPARE(inbox.role, FolderRole::Inbox);
    QCOMPARE(inbox.messages.value_or(0), 17u);
    QCOMPARE(inbox.unseen.value_or(0), 3u);
    QCOMPARE(inbox.uidNext.value_or(0), 40u);
    QCOMPARE(inbox.uidValidity.value_or(0), 9u);
    QCOMPARE(inbox.highestModSeq.value_or(0), std::uint64_t{77});
    QVERIFY(!list->at(1).selectable);
    QCOMPARE(list->at(1).subscribed, std::optional(false));
    QCOMPARE(list->at(2).subscribed, std::optional(true));
    QVERIFY(!list->at(1).messages);
    QCOMPARE(list->at(2).role, FolderRole::Sent);
    QCOMPARE(list->at(2).messages.value_or(0), 2u);
    VERIFY_SCRIPT(o.server);
}

void ImapMailboxesTest::asksAFewForTheirStatusWithTheInboxFirst()
{
    OPEN(o, "LIST-EXTENDED SPECIAL-USE LIST-STATUS",
         "C: {t} STATUS \"INBOX\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\n"
         "S: * STATUS INBOX (MESSAGES 17)\nS: {t} OK\n"
         "C: {t} LIST \"\" \"*\" RETURN (SUBSCRIBED SPECIAL-USE)\n"
         "S: * LIST () \"/\" INBOX\nS: * LIST () \"/\" Old\nS: * LIST () \"/\" New\nS: {t} OK\n"
         "C: {t} STATUS \"Gone\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\nS: {t} NO no such mailbox\n"
         "C: {t} STATUS \"Old\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\n"
         "S: * STATUS Old (MESSAGES 2)\nS: {t} OK\n");
    const auto list = o.session().listMailboxes(true, {"Gone", "Old", "Two\nlines", "INBOX"});
    VERIFY_RESULT(list);
    QCOMPARE(list->size(), std::size_t{3});
    QCOMPARE(list->at(0).messages, std::optional(17u));
    QCOMPARE(list->at(1).messages, std::optional(2u));
    QVERIFY(!list->at(2).messages);
    VERIFY_SCRIPT(o.server);
}

void ImapMailboxesTest::listsInOneCommandWhereManyAreKnown()
{
    OPEN(o, "LIST-EXTENDED LIST-STATUS",
         "C: {t} LIST \"\" \"*\" RETURN (SUBSCRIBED STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY))\n"
         "S: * LIST () \"/\" INBOX\nS: {t} OK\n");
    VERIFY_RESULT(o.session().listMailboxes(true, std::vector<std::string>(51, "Folder")));
    VERIFY_SCRIPT(o.server);
}

void ImapMailboxesTest::listsWithoutStatusWhereNobodyNeedsIt()
{
    OPEN(o, "LIST-EXTENDED SPECIAL-USE LIST-STATUS CONDSTORE",
         "C: {t} LIST \"\" \"*\" RETURN (SUBSCRIBED SPECIAL-USE)\n"
         "S: * LIST (\\Sent \\Subscribed) \"/\" \"Postausgang\"\nS: {t} OK\n");
    const auto list = o.session().listMailboxes(false);
    VERIFY_RESULT(list);
    QCOMPARE(list->size(), std::size_t{1});
    QCOMPARE(list->at(0).role, FolderRole::Sent);
    QVERIFY(!list->at(0).messages);
    VERIFY_SCRIPT(o.server);
}

void ImapMailboxesTest::listsOnPoorServer()
{
    OPEN(o, "CHILDREN",
         "C: {t} LIST \"\" \"*\"\nS: * LIST (\\HasChildren) \".\" INBOX\n"
         "S: * LIST () \".\" \"INBOX.Gesendete Objekte\"\nS: * LIST () \".\" INBOX.Trash\n"
         "S: * LIST () NIL \"News\"\nS: {t} OK\n"
         "C: {t} LSUB \"\" \"*\"\nS: * LSUB () \".\" inbox\nS: * LSUB () \".\" INBOX.Gone\n"
         "S: * LSUB () \".\" \"INBOX.Trash\"\nS: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    const auto list = o.session().listMailboxes();
    VERIFY_RESULT(list);
    QCOMPARE(list->size(), std::size_t{4});
    QCOMPARE(list->at(1).role, FolderRole::Sent);
    QCOMPARE(list->at(2).role, FolderRole::Trash);
    QCOMPARE(list->at(3).delimiter, '\0');
    QVERIFY(!list->at(0).messages);
    QCOMPARE(list->at(0).subscribed, std::optional(true));
    QCOMPARE(list->at(1).subscribed, std::optional(false));
    QCOMPARE(list->at(2).subscribed, std::optional(true));
    QVERIFY(o.session().poll()->empty()); // what was asked for is no news
}

void ImapMailboxesTest::listsPlainlyWhereExtendedIsRefused()
{
    OPEN(o, "LIST-EXTENDED SPECIAL-USE",
         "C: {t} LIST \"\" \"*\" RETURN (SUBSCRIBED SPECIAL-USE)\nS: * LIST () \"/\" A\nS: {t} BAD "
         "what\n"
         "C: {t} LIST \"\" \"*\"\nS: * LIST () \"/\" A\nS: {t} OK\n"
         "C: {t} LSUB \"\" \"*\"\nS: * LSUB () \"/\" A\nS: {t} NO not here\n");
    const auto list = o.session().listMailboxes();
    VERIFY_RESULT(list);
    QCOMPARE(list->size(), std::size_t{1});
    QVERIFY(!list->at(0).subscribed); // nobody knows
}

void ImapMailboxesTest::listsStrangeNames()
{
    OPEN(o, "",
         "C: {t} LIST \"\" \"*\"\nS: * LIST () \"/\" \"..\"\nS: * LIST () \"/\" \"/\"\n"
         "R: * LIST () \"/\" {7}\\r\\na\\r\\nb\"\\\\(\\r\\n\n"
         "S: * LIST () \"/\" \"Entw&APw-rfe\"\nS: * LIST () \"/\" \"Broken&APw\"\n"
         "R: * LIST () \"/\" \"raw \\xc3\\xbc\"\\r\\n\n"
         "S: * LIST () \"/\" \"quote\\\"d\"\nS: {t} OK\nC: {t} LSUB ...\nS: {t} OK\n");
    const auto list = o.session().listMailboxes();
    VERIFY_RESULT(list);
    QCOMPARE(list->size(), std::size_t{7});
    QCOMPARE(list->at(0).path, std::string(".."));
    QCOMPARE(list->at(2).mailbox, std::string("a\r\nb\"\\("));
    QCOMPARE(list->at(2).path, std::string("a\\x0D\\x0Ab\"\\("));
    QCOMPARE(list->at(3).path, std::string("Entw\xc3\xbcrfe"));
    QCOMPARE(list->at(3).role, FolderRole::Drafts);
    QCOMPARE(list->at(4).path, std::string("Broken\\x26APw"));
    QCOMPARE(list->at(5).path, std::string("raw \xc3\xbc"));
    QCOMPARE(list->at(6).mailbox, std::string("quote\"d"));
}

void ImapMailboxesTest::endsEndlessLists()
{
    // The same name again and again is no bomb, but an answer without an end is none to wait for.
    OPEN(o, "",
         "C: {t} LIST ...\nS: * LIST () \"/\" A\nS: * LIST () \"/\" A\nFLOOD: * LIST () \"/\" A\n");
    VERIFY_ERROR(o.session().listMailboxes(), ErrorKind::Protocol, ErrorCode::LimitExceeded);
    QVERIFY(!o.session().alive());
}

void ImapMailboxesTest::takesMailboxIdsFromSelectAlone()
{
    // Cyrus 3.6 answers STATUS with an id out of freed memory, in SELECT it tells the right one.
    OPEN(o, "OBJECTID",
         "C: {t} STATUS \"A\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\n"
         "S: * STATUS A (MESSAGES 1)\nS: {t} OK\n"
         "C: {t} SELECT \"A\"\nS: * OK [MAILBOXID (F2212ea8-3)] Ok\nS: {t} OK\n");
    VERIFY_RESULT(o.session().status("A"));
    const auto selected = o.session().select("A");
    VERIFY_RESULT(selected);
    QCOMPARE(selected->mailboxId, std::string("F2212ea8-3"));
}

void ImapMailboxesTest::leavesTheOpenMailboxFirst_data()
{
    QTest::addColumn<QByteArray>("capabilities");
    QTest::addColumn<QByteArray>("opened");
    QTest::addColumn<QByteArray>("left");
    QTest::newRow("by UNSELECT where it is offered")
        << QByteArray("UNSELECT") << QByteArray("A") << QByteArray("C: {t} UNSELECT\nS: {t} OK\n");
    QTest::newRow("by opening another one elsewhere")
        << QByteArray() << QByteArray("A") << QByteArray("C: {t} EXAMINE INBOX\nS: {t} OK\n");
    QTest::newRow("not where another one is open")
        << QByteArray("UNSELECT") << QByteArray("B") << QByteArray();
}

void ImapMailboxesTest::leavesTheOpenMailboxFirst()
{
    QFETCH(QByteArray, capabilities);
    QFETCH(QByteArray, opened);
    QFETCH(QByteArray, left);
    const std::string open = "C: {t} EXAMINE \"" + opened.toStdString() + "\"\nS: {t} OK\n";
    const std::string leave = left.toStdString();
    OPEN(o, capabilities.toStdString(),
         open + leave + "C: {t} RENAME \"A\" \"Z\"\nS: {t} OK\n" + open + leave +
             "C: {t} DELETE \"A\"\nS: {t} OK\n" + open + leave +
             "C: {t} APPEND \"A\" ...\nS: + go on\nC: ...\nS: {t} OK\n");
    const std::string mailbox = opened.toStdString();
    VERIFY_RESULT(o.session().select(mailbox, true));
    VERIFY_RESULT(o.session().renameMailbox("A", "Z"));
    VERIFY_RESULT(o.session().select(mailbox, true));
    VERIFY_RESULT(o.session().deleteMailbox("A"));
    VERIFY_RESULT(o.session().select(mailbox, true));
    VERIFY_RESULT(o.session().append("A", "x", {}, 0));
    VERIFY_SCRIPT(o.server);
}

void ImapMailboxesTest::tellsNamespaces_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QByteArray>("expected"); // prefix and delimiter of each, kinds divided by "|"
    const auto row = [](const char* name, const char* answer, const char* expected) {
        QTest::newRow(name) << QByteArray(answer) << QByteArray(expected);
    };
    row("one personal", "((\"\" \"/\")) NIL NIL", "</>||");
    row("all kinds", "((\"INBOX.\" \".\")) ((\"~\" \"/\")) ((\"#a/\" \"/\")(\"#b\" NIL))",
        "INBOX.<.>|~</>|#a/</>#b<>");
    row("with extensions", "((\"\" \"/\" \"X-PARAM\" (\"F1\" \"F2\"))) NIL NIL", "</>||");
    row("a prefix as a literal", "(({3}\\r\\nA\"B \"/\")) NIL NIL", "A\"B</>||");
}

void ImapMailboxesTest::tellsNamespaces()
{
    QFETCH(QByteArray, answer);
    QFETCH(QByteArray, expected);
    OPEN(o, "NAMESPACE",
         "C: {t} NAMESPACE\nR: * NAMESPACE " + answer.toStdString() + "\\r\\n\nS: {t} OK\n");
    const auto spaces = o.session().namespaces();
    VERIFY_RESULT(spaces);
    std::string shown;
    for (const auto* kind : {&spaces->personal, &spaces->others, &spaces->shared}) {
        for (const Namespaces::Entry& entry : *kind)
            shown +=
                entry.prefix + "<" + (entry.delimiter ? std::string(1, entry.delimiter) : "") + ">";
        shown += "|";
    }
    shown.pop_back();
    QCOMPARE(QByteArray::fromStdString(shown), expected);
    VERIFY_SCRIPT(o.server);
}

void ImapMailboxesTest::findsDelimiterWithoutNamespaces()
{
    const std::string root =
        "C: {t} LIST \"\" \"\"\nS: * LIST (\\Noselect) \".\" \"\"\nS: {t} OK\n";
    OPEN(poor, "", root);
    OPEN(liar, "NAMESPACE", "C: {t} NAMESPACE\nS: {t} BAD what\n" + root);
    for (Opened* o : {&poor, &liar}) {
        const auto spaces = o->session().namespaces();
        VERIFY_RESULT(spaces);
        QCOMPARE(spaces->personal.size(), std::size_t{1});
        QCOMPARE(spaces->personal[0].prefix, std::string());
        QCOMPARE(spaces->personal[0].delimiter, '.');
        VERIFY_SCRIPT(o->server);
    }
}

void ImapMailboxesTest::diesOfBrokenNamespaces()
{
    OPEN(o, "NAMESPACE", "C: {t} NAMESPACE\nS: * NAMESPACE ((\"\" \"/\") NIL\nS: {t} OK\n");
    VERIFY_ERROR(o.session().namespaces(), ErrorKind::Protocol, ErrorCode::None);
    QVERIFY(!o.session().alive());
}

void ImapMailboxesTest::makesAndUnmakesMailboxes()
{
    OPEN(o, "",
         "C: {t} CREATE \"A\"\nS: {t} OK\nC: {t} RENAME \"A\" \"B \\\"c\\\"\"\nS: {t} OK\n"
         "C: {t} SUBSCRIBE \"B\"\nS: {t} OK\nC: {t} UNSUBSCRIBE \"B\"\nS: {t} OK\n"
         "C: {t} DELETE \"B\"\nS: {t} OK\n");
    VERIFY_RESULT(o.session().createMailbox("A"));
    VERIFY_RESULT(o.session().renameMailbox("A", "B \"c\""));
    VERIFY_RESULT(o.session().subscribeMailbox("B", true));
    VERIFY_RESULT(o.session().subscribeMailbox("B", false));
    VERIFY_RESULT(o.session().deleteMailbox("B"));
    VERIFY_SCRIPT(o.server);
}

void ImapMailboxesTest::tellsMailboxRefusals_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("code");
    QTest::newRow("it is there already")
        << QByteArray("NO [ALREADYEXISTS] x") << static_cast<int>(ErrorCode::AlreadyExists);
    QTest::newRow("it is not there")
        << QByteArray("NO [NONEXISTENT] x") << static_cast<int>(ErrorCode::NoSuchFolder);
    QTest::newRow("not allowed") << QByteArray("NO [NOPERM] x")
                                 << static_cast<int>(ErrorCode::None);
    QTest::newRow("not understood")
        << QByteArray("BAD x") << static_cast<int>(ErrorCode::InvalidInput);
}

void ImapMailboxesTest::tellsMailboxRefusals()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, code);
    const std::string no = "S: {t} " + answer.toStdString() + "\n";
    OPEN(o, "",
         "C: {t} CREATE ...\n" + no + "C: {t} RENAME ...\n" + no + "C: {t} DELETE ...\n" + no +
             "C: {t} SUBSCRIBE ...\n" + no + "C: {t} NOOP\nS: {t} OK\n");
    const auto expected = static_cast<ErrorCode>(code);
    VERIFY_ERROR(o.session().createMailbox("A"), ErrorKind::Rejected, expected);
    VERIFY_ERROR(o.session().renameMailbox("A", "B"), ErrorKind::Rejected, expected);
    VERIFY_ERROR(o.session().deleteMailbox("A"), ErrorKind::Rejected, expected);
    VERIFY_ERROR(o.session().subscribeMailbox("A", true), ErrorKind::Rejected, expected);
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapMailboxesTest::asksForStatus()
{
    OPEN(o, "",
         "C: {t} STATUS \"My Folder\" (MESSAGES UNSEEN UIDNEXT UIDVALIDITY)\n"
         "S: * STATUS \"My Folder\" (UIDNEXT 5 MESSAGES 4)\nS: {t} OK\n"
         "C: {t} STATUS \"None\" ...\nS: {t} NO [NONEXISTENT] no\n");
    const auto status = o.session().status("My Folder");
    VERIFY_RESULT(status);
    QCOMPARE(status->messages.value_or(0), 4u);
    QVERIFY(!status->highestModSeq);
    VERIFY_ERROR(o.session().status("None"), ErrorKind::Rejected, ErrorCode::NoSuchFolder);
}

void ImapMailboxesTest::selects()
{
    OPEN(o, "CONDSTORE",
         "C: {t} SELECT \"INBOX\" (CONDSTORE)\nS: * FLAGS (\\Seen)\nS: * 172 EXISTS\n"
         "S: * 1 RECENT\nS: * OK [UIDVALIDITY 3857529045]\nS: * OK [UIDNEXT 4392] next\n"
         "S: * OK [HIGHESTMODSEQ 90060115205545359]\nS: * OK [UNSEEN 12] first\nS: * OK\n"
         "S: {t} OK [READ-WRITE] done\nC: {t} NOOP\nS: {t} OK\n");
    const auto selected = o.session().select("INBOX");
    VERIFY_RESULT(selected);
    QCOMPARE(selected->exists, 172u);
    QCOMPARE(selected->uidValidity, 3857529045u);
    QCOMPARE(selected->uidNext, 4392u);
    QCOMPARE(selected->highestModSeq, std::uint64_t{90060115205545359});
    QVERIFY(!selected->readOnly);
    QVERIFY(o.session().poll()->empty());
}

void ImapMailboxesTest::selectsOnPoorServer()
{
    OPEN(o, "",
         "C: {t} EXAMINE \"INBOX\"\nS: * 0 EXISTS\nS: * OK [UIDVALIDITY 1]\nS: {t} OK\n"
         "C: {t} SELECT \"INBOX\"\nS: * 2 EXISTS\nS: {t} OK [READ-ONLY]\n");
    const auto examined = o.session().select("INBOX", true);
    VERIFY_RESULT(examined);
    QVERIFY(examined->readOnly);
    QCOMPARE(examined->uidNext, 0u);
    QCOMPARE(examined->highestModSeq, std::uint64_t{0});
    const auto selected = o.session().select("INBOX");
    VERIFY_RESULT(selected);
    QVERIFY(selected->readOnly);
    QCOMPARE(selected->exists, 2u);
}

void ImapMailboxesTest::tellsSelectRefusals_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const char* answer, ErrorKind kind, ErrorCode code) {
        QTest::newRow(name) << QByteArray(answer) << static_cast<int>(kind)
                            << static_cast<int>(code);
    };
    row("a bare NO", "NO no such mailbox", ErrorKind::Rejected, ErrorCode::NoSuchFolder);
    row("NONEXISTENT", "NO [NONEXISTENT] x", ErrorKind::Rejected, ErrorCode::NoSuchFolder);
    row("no permission", "NO [NOPERM] x", ErrorKind::Rejected, ErrorCode::None);
    row("not now", "NO [UNAVAILABLE] x", ErrorKind::Transient, ErrorCode::None);
    row("server bug", "NO [SERVERBUG] x", ErrorKind::Transient, ErrorCode::None);
    row("BAD", "BAD x", ErrorKind::Rejected, ErrorCode::InvalidInput);
}

void ImapMailboxesTest::tellsSelectRefusals()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    QFETCH(int, code);
    OPEN(o, "",
         "C: {t} SELECT \"X\"\nS: {t} " + answer.toStdString() + "\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_ERROR(o.session().select("X"), static_cast<ErrorKind>(kind),
                 static_cast<ErrorCode>(code));
    QVERIFY(o.session().alive());
    VERIFY_RESULT(o.session().poll());
}

void ImapMailboxesTest::sendsNamesAsLiterals()
{
    OPEN(
        poor, "",
        "C: {t} CREATE {4}\nS: + go\nN: 4\nC:\nS: {t} OK\n"
        "C: {t} CREATE {4}\nS: * 3 EXISTS\nS: {t} NO no such names here\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_RESULT(poor.session().createMailbox("a\r\nb"));
    VERIFY_ERROR(poor.session().createMailbox("a\r\nb"), ErrorKind::Rejected, ErrorCode::None);
    VERIFY_RESULT(poor.session().poll());
    VERIFY_SCRIPT(poor.server);
    QVERIFY(poor.server.received().find("CREATE {4}\r\na\r\nb\r\n") != std::string::npos);

    OPEN(rich, "LITERAL+", "C: {t} CREATE {3+}\nN: 3\nC:\nS: {t} OK\n");
    VERIFY_RESULT(rich.session().createMailbox("\xc3\xbc!"));
    VERIFY_SCRIPT(rich.server);
}

QTEST_GUILESS_MAIN(ImapMailboxesTest)
#include "ImapMailboxesTest.moc"
