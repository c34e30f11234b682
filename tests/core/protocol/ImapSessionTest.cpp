// SPDX-License-Identifier: GPL-3.0-or-later
// ImapSession against transcripts: the rich server, the poor one, and the broken ones.
#include "core/protocol/ImapSession.h"
#include "tests/core/protocol/ProtocolFixture.h"

#include <QElapsedTimer>
#include <QObject>
#include <latch>
#include <map>
#include <thread>

using namespace avocet;
using namespace avocet::test;

namespace {

const std::string items =
    "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (FROM "
    "SENDER REPLY-TO REFERENCES LIST-ID LIST-UNSUBSCRIBE LIST-UNSUBSCRIBE-POST "
    "AUTHENTICATION-RESULTS)]";

/// A script that begins behind the sign-in, with these capabilities.
std::string signedIn(const std::string& capabilities, const std::string& script)
{
    return "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi\nC: {v} AUTHENTICATE PLAIN ...\n"
           "S: {v} OK [CAPABILITY IMAP4rev1 " +
           capabilities + "] in\n" + script;
}

std::string fetched(unsigned uid)
{
    const std::string n = std::to_string(uid);
    return "S: * " + n + " FETCH (UID " + n + " FLAGS () ENVELOPE (NIL \"subject " + n +
           "\" NIL NIL NIL NIL NIL NIL NIL NIL))\n";
}

/// A scripted server with a session on it.
struct Opened {
    explicit Opened(const std::string& capabilities, const std::string& script)
        : server(signedIn(capabilities, script))
        , result(ImapSession::open(optionsFor(server), credentials(), stop.get_token()))
    {
    }
    ImapSession& session() { return **result; }
    std::stop_source stop;
    ScriptedServer server;
    Result<std::unique_ptr<ImapSession>> result;
};

std::vector<std::uint32_t> uidsOf(const std::vector<Envelope>& envelopes)
{
    std::vector<std::uint32_t> uids;
    for (const Envelope& envelope : envelopes)
        uids.push_back(envelope.uid);
    return uids;
}

} // namespace

#define OPEN(name, capabilities, script)                                                           \
    Opened name(capabilities, script);                                                             \
    QVERIFY2(name.result.has_value(), (describe(name.result) + name.server.problem()).c_str())

class ImapSessionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void listsWithStatusInOneCommand();
    void listsOnPoorServer();
    void listsPlainlyWhereExtendedIsRefused();
    void listsStrangeNames();
    void asksForStatus();
    void selects();
    void selectsOnPoorServer();
    void tellsSelectRefusals_data();
    void tellsSelectRefusals();
    void sendsNamesAsLiterals();
    void searchesWithRanges();
    void searchesOnPoorServer();
    void searchesMessageId();
    void refusesStrangeMessageIds();
    void refusesSearchBombs_data();
    void refusesSearchBombs();
    void fetchesEnvelopesThreeInFlight();
    void sortsAnswersByUid();
    void asksForProviderIds();
    void stopsFetchingWhenAsked();
    void reportsRefusedFetchAfterTheOthers();
    void keepsNewsThatNobodyAskedFor();
    void fetchesChangedFlags();
    void fetchesBodies();
    void storesFlags();
    void storesManyFlagsInPieces();
    void appendsAtOnce();
    void appendsAfterContinuation();
    void tellsAppendRefusals_data();
    void tellsAppendRefusals();
    void staysAliveAfterRefusals_data();
    void staysAliveAfterRefusals();
    void diesOfBrokenDialogue_data();
    void diesOfBrokenDialogue();
    void tellsByeInTheMiddleOfABatch();
    void idlesUntilNews();
    void endsIdleWhenStopped();
    void dropsConnectionThatDoesNotEndIdle();
    void renewsIdle();
    void returnsOldNewsAtOnce();
    void pollsWithoutIdle();
    void noticesCutDuringIdle();
    void cancelsCommandAtOnce();
    void logsOut();
};

void ImapSessionTest::listsWithStatusInOneCommand()
{
    OPEN(o, "LIST-EXTENDED SPECIAL-USE LIST-STATUS CONDSTORE",
         "C: {t} LIST \"\" \"*\" RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN UIDNEXT UIDVALIDITY "
         "HIGHESTMODSEQ))\n"
         "S: * LIST (\\HasNoChildren) \"/\" inbox\n"
         "S: * STATUS INBOX (MESSAGES 17 UNSEEN 3 UIDNEXT 40 UIDVALIDITY 9 HIGHESTMODSEQ 77)\n"
         "S: * LIST (\\Noselect) \"/\" \"Work\"\n"
         "S: * LIST (\\Sent \\HasNoChildren) \"/\" \"Postausgang\"\n"
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
    QVERIFY(!list->at(1).messages);
    QCOMPARE(list->at(2).role, FolderRole::Sent);
    QCOMPARE(list->at(2).messages.value_or(0), 2u);
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::listsOnPoorServer()
{
    OPEN(o, "CHILDREN",
         "C: {t} LIST \"\" \"*\"\nS: * LIST (\\HasChildren) \".\" INBOX\n"
         "S: * LIST () \".\" \"INBOX.Gesendete Objekte\"\nS: * LIST () \".\" INBOX.Trash\n"
         "S: * LIST () NIL \"News\"\nS: {t} OK\n");
    const auto list = o.session().listMailboxes();
    VERIFY_RESULT(list);
    QCOMPARE(list->size(), std::size_t{4});
    QCOMPARE(list->at(1).role, FolderRole::Sent);
    QCOMPARE(list->at(2).role, FolderRole::Trash);
    QCOMPARE(list->at(3).delimiter, '\0');
    QVERIFY(!list->at(0).messages);
}

void ImapSessionTest::listsPlainlyWhereExtendedIsRefused()
{
    OPEN(o, "LIST-EXTENDED SPECIAL-USE",
         "C: {t} LIST \"\" \"*\" RETURN (SPECIAL-USE)\nS: * LIST () \"/\" A\nS: {t} BAD what\n"
         "C: {t} LIST \"\" \"*\"\nS: * LIST () \"/\" A\nS: {t} OK\n");
    const auto list = o.session().listMailboxes();
    VERIFY_RESULT(list);
    QCOMPARE(list->size(), std::size_t{1});
}

void ImapSessionTest::listsStrangeNames()
{
    OPEN(o, "",
         "C: {t} LIST \"\" \"*\"\nS: * LIST () \"/\" \"..\"\nS: * LIST () \"/\" \"/\"\n"
         "R: * LIST () \"/\" {7}\\r\\na\\r\\nb\"\\\\(\\r\\n\n"
         "S: * LIST () \"/\" \"Entw&APw-rfe\"\nS: * LIST () \"/\" \"Broken&APw\"\n"
         "R: * LIST () \"/\" \"raw \\xc3\\xbc\"\\r\\n\n"
         "S: * LIST () \"/\" \"quote\\\"d\"\nS: {t} OK\n");
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

void ImapSessionTest::asksForStatus()
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

void ImapSessionTest::selects()
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

void ImapSessionTest::selectsOnPoorServer()
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

void ImapSessionTest::tellsSelectRefusals_data()
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

void ImapSessionTest::tellsSelectRefusals()
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

void ImapSessionTest::sendsNamesAsLiterals()
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

void ImapSessionTest::searchesWithRanges()
{
    OPEN(o, "ESEARCH",
         "C: {t} UID SEARCH RETURN (ALL) UID 5:*\n"
         "S: * ESEARCH (TAG \"{t}\") UID COUNT 5 ALL 12,6:8,2 MODSEQ 9\nS: {t} OK\n"
         "C: {t} UID SEARCH RETURN (ALL) UID 1:*\nS: * ESEARCH (TAG \"{t}\") UID\nS: {t} OK\n");
    const auto uids = o.session().searchUids(5);
    VERIFY_RESULT(uids);
    QCOMPARE(*uids, (std::vector<std::uint32_t>{6, 7, 8, 12}));
    QVERIFY(o.session().searchUids()->empty());
}

void ImapSessionTest::searchesOnPoorServer()
{
    OPEN(o, "",
         "C: {t} UID SEARCH UID 1:*\nS: * SEARCH 9 3 3\nS: * 4 EXISTS\nS: * SEARCH 7 (MODSEQ 8)\n"
         "S: {t} OK\nC: {t} UID SEARCH UID 20:*\nS: * SEARCH 9\nS: {t} OK\n"
         "C: {t} UID SEARCH UID 1:*\nS: * SEARCH\nS: {t} OK\n");
    QCOMPARE(*o.session().searchUids(), (std::vector<std::uint32_t>{3, 7, 9}));
    QVERIFY(o.session().searchUids(20)->empty()); // n:* names the last message in any case
    QVERIFY(o.session().searchUids()->empty());
}

void ImapSessionTest::searchesMessageId()
{
    OPEN(o, "ESEARCH",
         "C: {t} UID SEARCH HEADER Message-ID \"<a\\\"b@c>\"\nS: * SEARCH 4\nS: {t} OK\n");
    QCOMPARE(*o.session().searchMessageId("a\"b@c"), (std::vector<std::uint32_t>{4}));
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::refusesStrangeMessageIds()
{
    OPEN(o, "", "EOF:\n");
    for (const std::string id : {"", "a\r\nT9 LOGOUT", "a\xc3\xbc"})
        VERIFY_ERROR(o.session().searchMessageId(id), ErrorKind::Rejected, ErrorCode::InvalidInput);
    VERIFY_ERROR(o.session().searchMessageId(std::string(2000, 'a')), ErrorKind::Rejected,
                 ErrorCode::InvalidInput);
    o.result->reset();
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::refusesSearchBombs_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("all UIDs that there can be") << QByteArray("* ESEARCH UID ALL 1:4294967295");
    QTest::newRow("UID over 2^32") << QByteArray("* ESEARCH UID ALL 4294967296");
    QTest::newRow("negative") << QByteArray("* SEARCH -1");
    QTest::newRow("words") << QByteArray("* SEARCH all of them");
}

void ImapSessionTest::refusesSearchBombs()
{
    QFETCH(QByteArray, answer);
    OPEN(o, "ESEARCH",
         "C: {t} UID SEARCH ...\nS: " + answer.toStdString() + "\nS: " + answer.toStdString() +
             "\nS: {t} OK\n");
    VERIFY_ERROR(o.session().searchUids(), ErrorKind::Protocol, ErrorCode::LimitExceeded);
    QVERIFY(!o.session().alive());
}

void ImapSessionTest::fetchesEnvelopesThreeInFlight()
{
    // The server answers nothing before it has three commands, and takes a fourth behind the first.
    OPEN(o, "CONDSTORE",
         "C: {s} SELECT \"INBOX\" (CONDSTORE)\nS: {s} OK\n"
         "C: {a} UID FETCH 31:40 " +
             items +
             " MODSEQ)\nC: {b} UID FETCH 21:30 ...\n"
             "C: {c} UID FETCH 11:20 ...\n" +
             fetched(31) + fetched(40) +
             "S: {a} OK\n"
             "C: {d} UID FETCH 10 ...\n" +
             fetched(22) + "S: {b} OK\nS: {c} OK\n" + fetched(10) + "S: {d} OK\n");
    VERIFY_RESULT(o.session().select("INBOX"));
    const std::vector<UidRange> ranges{{31, 40}, {21, 30}, {11, 20}, {10, 10}};
    std::vector<std::uint32_t> firsts;
    std::vector<std::vector<std::uint32_t>> batches;
    const auto done = o.session().fetchEnvelopes(
        ranges, [&](const UidRange& range, std::vector<Envelope> envelopes) {
            firsts.push_back(range.first);
            batches.push_back(uidsOf(envelopes));
            return true;
        });
    VERIFY_RESULT(done);
    QCOMPARE(firsts, (std::vector<std::uint32_t>{31, 21, 11, 10}));
    QCOMPARE(batches, (std::vector<std::vector<std::uint32_t>>{{31, 40}, {22}, {}, {10}}));
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::sortsAnswersByUid()
{
    OPEN(o, "",
         "C: {a} UID FETCH 5:8 " + items + ")\nC: {b} UID FETCH 1:4 ...\n" + fetched(2) +
             fetched(6) + fetched(99) + "S: {a} OK\n" + fetched(3) + "S: {b} OK\n");
    std::vector<std::vector<std::uint32_t>> batches;
    const std::vector<UidRange> ranges{{5, 8}, {1, 4}};
    VERIFY_RESULT(
        o.session().fetchEnvelopes(ranges, [&](const UidRange&, std::vector<Envelope> envelopes) {
            batches.push_back(uidsOf(envelopes));
            return true;
        }));
    QCOMPARE(batches, (std::vector<std::vector<std::uint32_t>>{{6}, {2, 3}}));
}

void ImapSessionTest::asksForProviderIds()
{
    const auto fetchOne = [](Opened& o) {
        std::string id;
        const std::vector<UidRange> ranges{{1, 1}};
        static_cast<void>(o.session().fetchEnvelopes(ranges, [&](const UidRange&, auto envelopes) {
            id = envelopes.empty() ? "" : envelopes[0].contentId;
            return true;
        }));
        return id;
    };
    OPEN(gmail, "X-GM-EXT-1 OBJECTID",
         "C: {a} UID FETCH 1 " + items +
             " X-GM-MSGID)\n"
             "S: * 1 FETCH (X-GM-MSGID 1278455344230334865 UID 1 ENVELOPE NIL)\nS: {a} OK\n");
    QCOMPARE(fetchOne(gmail), std::string("1278455344230334865"));
    OPEN(other, "OBJECTID",
         "C: {a} UID FETCH 1 " + items +
             " EMAILID)\n"
             "S: * 1 FETCH (EMAILID (M6d99) UID 1 ENVELOPE NIL)\nS: {a} OK\n");
    QCOMPARE(fetchOne(other), std::string("M6d99"));
}

void ImapSessionTest::stopsFetchingWhenAsked()
{
    OPEN(o, "",
         "C: {a} UID FETCH 4 ...\nC: {b} UID FETCH 3 ...\nC: {c} UID FETCH 2 ...\n" + fetched(4) +
             "S: {a} OK\n" + fetched(3) + "S: {b} OK\n" + fetched(2) +
             "S: {c} OK\nC: {n} NOOP\nS: {n} OK\n");
    const std::vector<UidRange> ranges{{4, 4}, {3, 3}, {2, 2}, {1, 1}};
    int delivered = 0;
    VERIFY_RESULT(o.session().fetchEnvelopes(ranges, [&](const UidRange&, std::vector<Envelope>) {
        ++delivered;
        return false;
    }));
    QCOMPARE(delivered, 1);
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::reportsRefusedFetchAfterTheOthers()
{
    OPEN(o, "",
         "C: {a} UID FETCH 4 ...\nC: {b} UID FETCH 3 ...\nS: {a} NO [LIMIT] slow down\n" +
             fetched(3) + "S: {b} OK\nC: {n} NOOP\nS: {n} OK\n");
    const std::vector<UidRange> ranges{{4, 4}, {3, 3}};
    std::size_t count = 0;
    VERIFY_ERROR(o.session().fetchEnvelopes(ranges,
                                            [&](const UidRange&, std::vector<Envelope> e) {
                                                count += e.size();
                                                return true;
                                            }),
                 ErrorKind::Transient, ErrorCode::None);
    QCOMPARE(count, std::size_t{1});
    VERIFY_RESULT(o.session().poll());
}

void ImapSessionTest::keepsNewsThatNobodyAskedFor()
{
    OPEN(o, "",
         "C: {a} UID FETCH 4 ...\nS: * 7 EXISTS\nS: * 2 EXPUNGE\nS: * 1 FETCH (FLAGS (\\Seen))\n" +
             fetched(4) + "S: {a} OK\nC: {n} NOOP\nS: {n} OK\nC: {n} NOOP\nS: {n} OK\n");
    const std::vector<UidRange> ranges{{4, 4}};
    std::size_t count = 0;
    VERIFY_RESULT(o.session().fetchEnvelopes(ranges, [&](const UidRange&, auto envelopes) {
        count = envelopes.size();
        return true;
    }));
    QCOMPARE(count, std::size_t{1});
    const auto change = o.session().poll();
    VERIFY_RESULT(change);
    QCOMPARE(change->exists.value_or(0), 7u);
    QVERIFY(change->expunged);
    QVERIFY(change->flagsChanged);
    QVERIFY(o.session().poll()->empty());
}

void ImapSessionTest::fetchesChangedFlags()
{
    OPEN(o, "CONDSTORE",
         "C: {t} SELECT \"INBOX\" (CONDSTORE)\nS: {t} OK\n"
         "C: {t} UID FETCH 1:9 (UID FLAGS MODSEQ) (CHANGEDSINCE 12)\n"
         "S: * 3 FETCH (UID 3 FLAGS (\\Seen $Junk Later) MODSEQ (13))\nS: {t} OK\n"
         "C: {t} NOOP\nS: {t} OK\nC: {t} SELECT \"Other\" (CONDSTORE)\nS: * OK [NOMODSEQ] none\n"
         "S: {t} OK\nC: {t} UID FETCH 1:9 (UID FLAGS)\nS: {t} OK\n");
    VERIFY_RESULT(o.session().select("INBOX"));
    std::vector<FlagState> states;
    VERIFY_RESULT(
        o.session().fetchFlags({1, 9}, 12, [&](FlagState state) { states.push_back(state); }));
    QCOMPARE(states.size(), std::size_t{1});
    QCOMPARE(states[0].uid, 3u);
    QCOMPARE(states[0].modSeq, std::uint64_t{13});
    QCOMPARE(states[0].flags, Flags(Flag::Seen | Flag::Junk));
    QCOMPARE(states[0].keywords, std::vector<std::string>{"Later"});
    QVERIFY(o.session().poll()->empty());
    VERIFY_RESULT(o.session().select("Other"));
    VERIFY_RESULT(o.session().fetchFlags({1, 9}, 12, [](FlagState) {}));
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::fetchesBodies()
{
    OPEN(o, "",
         "C: {a} UID FETCH 2,5:6,9 (UID BODY.PEEK[])\n"
         "R: * 1 FETCH (UID 5 BODY[] {6}\\r\\na\\r\\n)\\r\\n)\\r\\n\n"
         "R: * 2 FETCH (BODY[] {0}\\r\\n UID 6)\\r\\n\n"
         "S: * 3 FETCH (UID 9 BODY[] NIL)\nS: {a} NO [EXPUNGEISSUED] some are gone\n");
    std::map<std::uint32_t, std::string> bodies;
    const std::vector<std::uint32_t> uids{9, 5, 6, 2};
    const auto done = o.session().fetchBodies(uids, [&](std::uint32_t uid, std::string body) {
        bodies[uid] = body;
        return true;
    });
    VERIFY_RESULT(done);
    QCOMPARE(bodies.size(), std::size_t{2});
    QCOMPARE(bodies[5], std::string("a\r\n)\r\n"));
    QCOMPARE(bodies[6], std::string());
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::storesFlags()
{
    OPEN(o, "",
         "C: {t} UID STORE 3:4,9 +FLAGS (\\Seen $Forwarded)\n"
         "S: * 1 FETCH (UID 3 FLAGS (\\Seen))\nS: {t} OK\n"
         "C: {t} UID STORE 3:4,9 -FLAGS (\\Flagged)\nS: {t} OK\n"
         "C: {t} NOOP\nS: {t} OK\n");
    const std::vector<std::uint32_t> uids{9, 3, 4};
    VERIFY_RESULT(o.session().storeFlags(uids, Flag::Seen | Flag::Forwarded, Flag::Flagged));
    QVERIFY(o.session().poll()->empty());
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::storesManyFlagsInPieces()
{
    OPEN(o, "",
         "C: {t} UID STORE 2,4,6,8,...\nS: {t} OK\nC: {t} UID STORE 1002 +FLAGS (\\Seen)\n"
         "S: {t} OK\n");
    std::vector<std::uint32_t> uids;
    for (std::uint32_t uid = 2; uid <= 1002; uid += 2)
        uids.push_back(uid);
    VERIFY_RESULT(o.session().storeFlags(uids, Flag::Seen, 0));
    VERIFY_SCRIPT(o.server);
    QVERIFY(o.server.received().size() < 4000);
}

void ImapSessionTest::appendsAtOnce()
{
    OPEN(o, "LITERAL+ UIDPLUS",
         "C: {t} APPEND \"Sent\" (\\Seen) \"29-Feb-2024 12:00:00 +0000\" {12+}\nN: 12\nC:\n"
         "S: {t} OK [APPENDUID 38505 3955] done\n");
    const auto uid = o.session().append("Sent", "a: b\r\n\r\n{3}\n", Flag::Seen, 1709208000);
    VERIFY_RESULT(uid);
    QCOMPARE(uid->uidValidity, 38505u);
    QCOMPARE(uid->uid, 3955u);
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::appendsAfterContinuation()
{
    OPEN(o, "LITERAL-",
         "C: {t} APPEND \"Sent\" () \"01-Jan-1970 00:00:00 +0000\" {5000}\nS: * 3 EXISTS\n"
         "S: + Ready {3}\nN: 5000\nC:\nS: {t} OK\n");
    const auto uid = o.session().append("Sent", std::string(5000, 'x'), 0, 0);
    VERIFY_RESULT(uid);
    QCOMPARE(uid->uidValidity, 0u);
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::tellsAppendRefusals_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const char* answer, ErrorKind kind, ErrorCode code) {
        QTest::newRow(name) << QByteArray(answer) << static_cast<int>(kind)
                            << static_cast<int>(code);
    };
    row("no such mailbox", "NO [TRYCREATE] no", ErrorKind::Rejected, ErrorCode::NoSuchFolder);
    row("over quota", "NO [OVERQUOTA] full", ErrorKind::Rejected, ErrorCode::None);
    row("too big", "NO [TOOBIG] big", ErrorKind::Rejected, ErrorCode::TooLarge);
    row("not now", "NO [UNAVAILABLE] later", ErrorKind::Transient, ErrorCode::None);
}

void ImapSessionTest::tellsAppendRefusals()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    QFETCH(int, code);
    OPEN(o, "", "C: {t} APPEND ...\nS: {t} " + answer.toStdString() + "\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_ERROR(o.session().append("Sent", "hello", 0, 0), static_cast<ErrorKind>(kind),
                 static_cast<ErrorCode>(code));
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::staysAliveAfterRefusals_data()
{
    QTest::addColumn<QByteArray>("answer");
    for (const char* answer : {"NO", "NO text", "BAD", "NO [UNAVAILABLE]", "NO [", "NO [X"})
        QTest::addRow("%s", answer) << QByteArray(answer);
}

void ImapSessionTest::staysAliveAfterRefusals()
{
    QFETCH(QByteArray, answer);
    OPEN(o, "",
         "C: {t} NOOP\nS: {t} " + answer.toStdString() + "\nC: {t} NOOP\nS:\nS: * OK\nS: {t} OK\n");
    QVERIFY(!o.session().poll());
    QVERIFY(o.session().alive());
    VERIFY_RESULT(o.session().poll());
}

void ImapSessionTest::diesOfBrokenDialogue_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("kind");
    const auto row = [](const char* name, const char* answer, ErrorKind kind) {
        QTest::newRow(name) << QByteArray(answer) << static_cast<int>(kind);
    };
    row("another tag", "S: T999 OK", ErrorKind::Protocol);
    row("no tag of ours", "S: a001 OK", ErrorKind::Protocol);
    row("no status", "S: {t} MAYBE", ErrorKind::Protocol);
    row("another protocol", "S: 220 hello", ErrorKind::Protocol);
    row("EXISTS over 2^32", "S: * 4294967296 EXISTS", ErrorKind::Protocol);
    row("literal of 4 GB", "S: * 1 FETCH (BODY[] {4294967295}", ErrorKind::Protocol);
    row("closed", "CLOSE:", ErrorKind::Offline);
    row("BYE and closed", "S: * BYE idle for too long\nCLOSE:", ErrorKind::Offline);
}

void ImapSessionTest::diesOfBrokenDialogue()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    OPEN(o, "", "C: {t} NOOP\n" + answer.toStdString() + "\n");
    const auto change = o.session().poll();
    QVERIFY(!change);
    QVERIFY2(change.error().kind == static_cast<ErrorKind>(kind), describe(change).c_str());
    QVERIFY(!o.session().alive());
    VERIFY_ERROR(o.session().poll(), ErrorKind::Offline, ErrorCode::ConnectionLost);
    o.session().logout();
}

void ImapSessionTest::tellsByeInTheMiddleOfABatch()
{
    OPEN(o, "",
         "C: {a} UID FETCH 4 ...\nC: {b} UID FETCH 3 ...\n" + fetched(4) +
             "S: {a} OK\nS: * BYE going down for maintenance\nCLOSE:\n");
    const std::vector<UidRange> ranges{{4, 4}, {3, 3}};
    int delivered = 0;
    const auto done = o.session().fetchEnvelopes(ranges, [&](const UidRange&, auto) {
        ++delivered;
        return true;
    });
    VERIFY_ERROR(done, ErrorKind::Offline, ErrorCode::ConnectionLost);
    QCOMPARE(done.error().serverText, std::string("going down for maintenance"));
    QCOMPARE(delivered, 1);
    QVERIFY(!o.session().alive());
}

void ImapSessionTest::idlesUntilNews()
{
    OPEN(o, "IDLE",
         "C: {t} IDLE\nS: + idling\nS: * OK still here\nS: * 5 EXISTS\nC: DONE\nS: {t} OK\n"
         "C: {t} NOOP\nS: {t} OK\n");
    const auto change = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_RESULT(change);
    QCOMPARE(change->exists.value_or(0), 5u);
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::endsIdleWhenStopped()
{
    OPEN(o, "IDLE", "C: {t} IDLE\nS: + idling\nC: DONE\nS: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    std::stop_source stop;
    QElapsedTimer sinceStop;
    Result<MailboxChange> change;
    std::jthread worker(
        [&] { change = o.session().idle(std::chrono::seconds(20), stop.get_token()); });
    QVERIFY(o.server.waitForStep(5)); // the server waits for DONE
    sinceStop.start();
    stop.request_stop();
    worker.join();
    QVERIFY(sinceStop.elapsed() < 500);
    VERIFY_ERROR(change, ErrorKind::Cancelled, ErrorCode::None);
    QVERIFY(o.session().alive());
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
    VERIFY_ERROR(o.session().idle(std::chrono::seconds(20), stop.get_token()), ErrorKind::Cancelled,
                 ErrorCode::None);
}

void ImapSessionTest::dropsConnectionThatDoesNotEndIdle()
{
    OPEN(o, "IDLE", "C: {t} IDLE\nS: + idling\nC: DONE\n");
    std::stop_source stop;
    QElapsedTimer sinceStop;
    Result<MailboxChange> change;
    std::jthread worker(
        [&] { change = o.session().idle(std::chrono::seconds(20), stop.get_token()); });
    QVERIFY(o.server.waitForStep(5));
    sinceStop.start();
    stop.request_stop();
    worker.join();
    QVERIFY(sinceStop.elapsed() < 600);
    VERIFY_ERROR(change, ErrorKind::Cancelled, ErrorCode::None);
    QVERIFY(!o.session().alive());
}

void ImapSessionTest::renewsIdle()
{
    OPEN(o, "IDLE", "C: {t} IDLE\nS: + idling\nC: DONE\nS: {t} OK\n");
    const auto change = o.session().idle(std::chrono::seconds(0), {});
    VERIFY_RESULT(change);
    QVERIFY(change->empty());
    QVERIFY(o.session().alive());
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::returnsOldNewsAtOnce()
{
    OPEN(o, "IDLE", "C: {t} CREATE \"x\"\nS: * 9 EXISTS\nS: {t} OK\nEOF:\n");
    VERIFY_RESULT(o.session().createMailbox("x"));
    const auto change = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_RESULT(change);
    QCOMPARE(change->exists.value_or(0), 9u);
    o.result->reset();
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::pollsWithoutIdle()
{
    // News that the server sends by itself, then the end of the time, then a stop.
    OPEN(o, "", "SYNC: push\nS: * 2 EXISTS\nC: {t} NOOP\nS: {t} OK\nEOF:\n");
    o.server.release("push");
    const auto pushed = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_RESULT(pushed);
    QCOMPARE(pushed->exists.value_or(0), 2u);
    const auto nothing = o.session().idle(std::chrono::seconds(0), {});
    VERIFY_RESULT(nothing);
    QVERIFY(nothing->empty());
    std::stop_source stop;
    QElapsedTimer sinceStop;
    Result<MailboxChange> change;
    std::latch started(1);
    std::jthread worker([&] {
        started.count_down();
        change = o.session().idle(std::chrono::seconds(20), stop.get_token());
    });
    started.wait();
    sinceStop.start();
    stop.request_stop();
    worker.join();
    QVERIFY(sinceStop.elapsed() < 500);
    VERIFY_ERROR(change, ErrorKind::Cancelled, ErrorCode::None);
    QVERIFY(o.session().alive());
    o.result->reset();
    VERIFY_SCRIPT(o.server);
}

void ImapSessionTest::noticesCutDuringIdle()
{
    OPEN(o, "IDLE", "C: {t} IDLE\nS: + idling\nS: * BYE autologout\nCLOSE:\n");
    const auto change = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_ERROR(change, ErrorKind::Offline, ErrorCode::ConnectionLost);
    QCOMPARE(change.error().serverText, std::string("autologout"));
    QVERIFY(!o.session().alive());
}

void ImapSessionTest::cancelsCommandAtOnce()
{
    OPEN(o, "", "C: {t} NOOP\nEOF:\n");
    QElapsedTimer sinceStop;
    Result<MailboxChange> change;
    std::jthread worker([&] { change = o.session().poll(); });
    QVERIFY(o.server.waitForStep(4));
    sinceStop.start();
    o.stop.request_stop();
    worker.join();
    QVERIFY(sinceStop.elapsed() < 500);
    VERIFY_ERROR(change, ErrorKind::Cancelled, ErrorCode::None);
    QVERIFY(!o.session().alive());
}

void ImapSessionTest::logsOut()
{
    OPEN(o, "", "C: {t} LOGOUT\nS: * BYE\nS: {t} OK\nEOF:\n");
    o.session().logout();
    QVERIFY(!o.session().alive());
    VERIFY_SCRIPT(o.server);
}

QTEST_GUILESS_MAIN(ImapSessionTest)
#include "ImapSessionTest.moc"
