// SPDX-License-Identifier: GPL-3.0-or-later
// FETCH and SEARCH against transcripts: envelopes, flags and bodies, several commands in flight.
#include "tests/core/protocol/ImapFixture.h"

#include <QObject>
#include <map>

using namespace avocet;
using namespace avocet::test;

namespace {

const std::string items =
    "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODYSTRUCTURE BODY.PEEK[HEADER.FIELDS (FROM "
    "SENDER REPLY-TO REFERENCES LIST-ID LIST-UNSUBSCRIBE LIST-UNSUBSCRIBE-POST "
    "AUTHENTICATION-RESULTS)]";

std::string fetched(unsigned uid)
{
    const std::string n = std::to_string(uid);
    return "S: * " + n + " FETCH (UID " + n + " FLAGS () ENVELOPE (NIL \"subject " + n +
           "\" NIL NIL NIL NIL NIL NIL NIL NIL))\n";
}

std::vector<std::uint32_t> uidsOf(const std::vector<Envelope>& envelopes)
{
    std::vector<std::uint32_t> uids;
    for (const Envelope& envelope : envelopes)
        uids.push_back(envelope.uid);
    return uids;
}

} // namespace

class ImapFetchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
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
    void endsEndlessEnvelopes();
    void tellsHowFarALargeBodyIs();
    void endsABodyThatNobodyWaitsFor();
    void takesBodiesOnceAndNoOthers();
    void asksForNoMoreBodiesWhereNoneAreWanted();
    void tellsByeInTheMiddleOfABatch();
};

void ImapFetchTest::searchesWithRanges()
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

void ImapFetchTest::searchesOnPoorServer()
{
    OPEN(o, "",
         "C: {t} UID SEARCH UID 1:*\nS: * SEARCH 9 3 3\nS: * 4 EXISTS\nS: * SEARCH 7 (MODSEQ 8)\n"
         "S: {t} OK\nC: {t} UID SEARCH UID 20:*\nS: * SEARCH 9\nS: {t} OK\n"
         "C: {t} UID SEARCH UID 1:*\nS: * SEARCH\nS: {t} OK\n");
    QCOMPARE(*o.session().searchUids(), (std::vector<std::uint32_t>{3, 7, 9}));
    QVERIFY(o.session().searchUids(20)->empty()); // n:* names the last message in any case
    QVERIFY(o.session().searchUids()->empty());
}

void ImapFetchTest::searchesMessageId()
{
    OPEN(o, "ESEARCH",
         "C: {t} UID SEARCH HEADER Message-ID \"<a\\\"b@c>\"\nS: * SEARCH 4\nS: {t} OK\n"
         "C: {t} UID SEARCH HEADER Resent-Message-ID \"<d@c>\"\nS: * SEARCH 5\nS: {t} OK\n");
    QCOMPARE(*o.session().searchMessageId("a\"b@c"), (std::vector<std::uint32_t>{4}));
    QCOMPARE(*o.session().searchMessageId("d@c", ImapSession::IdField::Resent),
             (std::vector<std::uint32_t>{5}));
    VERIFY_SCRIPT(o.server);
}

void ImapFetchTest::refusesStrangeMessageIds()
{
    OPEN(o, "", "EOF:\n");
    for (const std::string id : {"", "a\r\nT9 LOGOUT", "a\xc3\xbc"})
        VERIFY_ERROR(o.session().searchMessageId(id), ErrorKind::Rejected, ErrorCode::InvalidInput);
    VERIFY_ERROR(o.session().searchMessageId(std::string(2000, 'a')), ErrorKind::Rejected,
                 ErrorCode::InvalidInput);
    o.result->reset();
    VERIFY_SCRIPT(o.server);
}

void ImapFetchTest::refusesSearchBombs_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("all UIDs that there can be") << QByteArray("* ESEARCH UID ALL 1:4294967295");
    QTest::newRow("UID over 2^32") << QByteArray("* ESEARCH UID ALL 4294967296");
    QTest::newRow("negative") << QByteArray("* SEARCH -1");
    QTest::newRow("words") << QByteArray("* SEARCH all of them");
}

void ImapFetchTest::refusesSearchBombs()
{
    QFETCH(QByteArray, answer);
    OPEN(o, "ESEARCH",
         "C: {t} UID SEARCH ...\nS: " + answer.toStdString() + "\nS: " + answer.toStdString() +
             "\nS: {t} OK\n");
    VERIFY_ERROR(o.session().searchUids(), ErrorKind::Protocol, ErrorCode::LimitExceeded);
    QVERIFY(!o.session().alive());
}

void ImapFetchTest::fetchesEnvelopesThreeInFlight()
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
    const auto done = fetchBatches(
        o.session(), ranges, [&](const UidRange& range, const std::vector<Envelope>& envelopes) {
            firsts.push_back(range.first);
            batches.push_back(uidsOf(envelopes));
            return true;
        });
    VERIFY_RESULT(done);
    QCOMPARE(firsts, (std::vector<std::uint32_t>{31, 21, 11, 10}));
    QCOMPARE(batches, (std::vector<std::vector<std::uint32_t>>{{31, 40}, {22}, {}, {10}}));
    VERIFY_SCRIPT(o.server);
}

void ImapFetchTest::sortsAnswersByUid()
{
    OPEN(o, "",
         "C: {a} UID FETCH 5:8 " + items + ")\nC: {b} UID FETCH 1:4 ...\n" + fetched(2) +
             fetched(6) + fetched(99) + "S: {a} OK\n" + fetched(3) + "S: {b} OK\n");
    std::vector<std::vector<std::uint32_t>> batches;
    const std::vector<UidRange> ranges{{5, 8}, {1, 4}};
    VERIFY_RESULT(fetchBatches(o.session(), ranges,
                               [&](const UidRange&, const std::vector<Envelope>& envelopes) {
                                   batches.push_back(uidsOf(envelopes));
                                   return true;
                               }));
    QCOMPARE(batches, (std::vector<std::vector<std::uint32_t>>{{6}, {2, 3}}));
}

void ImapFetchTest::asksForProviderIds()
{
    const auto fetchOne = [](Opened& o) {
        std::string id;
        const std::vector<UidRange> ranges{{1, 1}};
        static_cast<void>(
            fetchBatches(o.session(), ranges, [&](const UidRange&, const auto& envelopes) {
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

void ImapFetchTest::stopsFetchingWhenAsked()
{
    OPEN(o, "",
         "C: {a} UID FETCH 4 ...\nC: {b} UID FETCH 3 ...\nC: {c} UID FETCH 2 ...\n" + fetched(4) +
             "S: {a} OK\n" + fetched(3) + "S: {b} OK\n" + fetched(2) +
             "S: {c} OK\nC: {n} NOOP\nS: {n} OK\n");
    const std::vector<UidRange> ranges{{4, 4}, {3, 3}, {2, 2}, {1, 1}};
    int delivered = 0;
    VERIFY_RESULT(
        fetchBatches(o.session(), ranges, [&](const UidRange&, const std::vector<Envelope>&) {
            ++delivered;
            return false;
        }));
    QCOMPARE(delivered, 1);
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapFetchTest::reportsRefusedFetchAfterTheOthers()
{
    OPEN(o, "",
         "C: {a} UID FETCH 4 ...\nC: {b} UID FETCH 3 ...\nS: {a} NO [LIMIT] slow down\n" +
             fetched(3) + "S: {b} OK\nC: {n} NOOP\nS: {n} OK\n");
    const std::vector<UidRange> ranges{{4, 4}, {3, 3}};
    std::size_t count = 0;
    VERIFY_ERROR(fetchBatches(o.session(), ranges,
                              [&](const UidRange&, const std::vector<Envelope>& e) {
                                  count += e.size();
                                  return true;
                              }),
                 ErrorKind::Transient, ErrorCode::None);
    QCOMPARE(count, std::size_t{1});
    VERIFY_RESULT(o.session().poll());
}

void ImapFetchTest::keepsNewsThatNobodyAskedFor()
{
    OPEN(o, "",
         "C: {a} UID FETCH 4 ...\nS: * 7 EXISTS\nS: * 2 EXPUNGE\nS: * 1 FETCH (FLAGS (\\Seen))\n" +
             fetched(4) + "S: {a} OK\nC: {n} NOOP\nS: {n} OK\nC: {n} NOOP\nS: {n} OK\n");
    const std::vector<UidRange> ranges{{4, 4}};
    std::size_t count = 0;
    VERIFY_RESULT(fetchBatches(o.session(), ranges, [&](const UidRange&, const auto& envelopes) {
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

void ImapFetchTest::fetchesChangedFlags()
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

void ImapFetchTest::fetchesBodies()
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

void ImapFetchTest::tellsHowFarALargeBodyIs()
{
    const std::string large(900'000, 'x');
    OPEN(o, "",
         "C: {a} UID FETCH 5:6 ...\nR: * 1 FETCH (UID 5 BODY[] {5}\\r\\nsmall)\\r\\n\n"
         "R: * 2 FETCH (UID 6 BODY[] {900000}\\r\\n" +
             large + ")\\r\\n\nS: {a} OK\n");
    const std::vector<std::uint32_t> uids{5, 6};
    std::size_t before = 0, calls = 0, delivered = 0;
    bool rises = true;
    VERIFY_RESULT(o.session().fetchBodies(
        uids,
        [&](std::uint32_t, const std::string& body) {
            delivered += body.size();
            return true;
        },
        [&](std::size_t arrived, std::size_t length) {
            rises = rises && length == large.size() && arrived >= before && arrived <= length;
            before = arrived;
            ++calls;
        }));
    QVERIFY(rises && calls > 1);
    QCOMPARE(before, large.size());
    QCOMPARE(delivered, large.size() + 5);
    VERIFY_SCRIPT(o.server);
}

void ImapFetchTest::endsABodyThatNobodyWaitsFor()
{
    // The server stands still in the midst of it.
    OPEN(o, "",
         "C: {a} UID FETCH 6 ...\nR: * 2 FETCH (UID 6 BODY[] {900000}\\r\\n" +
             std::string(400'000, 'x') + "\nC: nothing more\n");
    const std::vector<std::uint32_t> uids{6};
    std::stop_source stop;
    VERIFY_ERROR(o.session().fetchBodies(
                     uids, [](std::uint32_t, const std::string&) { return true; },
                     [&](std::size_t arrived, std::size_t) {
                         if (arrived >= 400'000)
                             stop.request_stop();
                     },
                     stop.get_token()),
                 ErrorKind::Cancelled, ErrorCode::None);
    QVERIFY(!o.session().alive());
}

void ImapFetchTest::endsEndlessEnvelopes()
{
    for (const std::string uid : {"4", "9"}) { // of the first command, and of one behind it
        OPEN(o, "",
             "C: {a} UID FETCH 1:4 ...\nC: {b} UID FETCH 9 ...\nFLOOD: * 1 FETCH (UID " + uid +
                 " ENVELOPE NIL)\n");
        const std::vector<UidRange> ranges{{1, 4}, {9, 9}};
        VERIFY_ERROR(
            fetchBatches(o.session(), ranges, [](const UidRange&, const auto&) { return true; }),
            ErrorKind::Protocol, ErrorCode::LimitExceeded);
        QVERIFY(!o.session().alive());
    }
}

void ImapFetchTest::takesBodiesOnceAndNoOthers()
{
    OPEN(o, "",
         "C: {a} UID FETCH 2:3 (UID BODY.PEEK[])\nS: * 1 FETCH (UID 3 BODY[] \"a\")\n"
         "S: * 1 FETCH (UID 3 BODY[] \"b\")\nS: * 2 FETCH (UID 7 BODY[] \"c\")\n"
         "S: * 2 FETCH (UID 2 BODY[] \"d\")\nS: {a} OK\n");
    const std::vector<std::uint32_t> uids{3, 2};
    std::string got;
    VERIFY_RESULT(o.session().fetchBodies(uids, [&](std::uint32_t, const std::string& body) {
        got += body;
        return true;
    }));
    QCOMPARE(got, std::string("ad"));
}

void ImapFetchTest::asksForNoMoreBodiesWhereNoneAreWanted()
{
    OPEN(
        o, "",
        "C: {a} UID FETCH 401:500 ...\nC: {b} UID FETCH 301:400 ...\nC: {c} UID FETCH 201:300 ...\n"
        "S: * 1 FETCH (UID 500 BODY[] \"a\")\nS: {a} OK\n"
        "S: * 1 FETCH (UID 400 BODY[] \"b\")\nS: {b} OK\nS: {c} OK\n"
        "C: {t} NOOP\nS: {t} OK\n");
    std::vector<std::uint32_t> uids;
    for (std::uint32_t uid = 500; uid > 0; --uid)
        uids.push_back(uid);
    std::string got;
    VERIFY_RESULT(o.session().fetchBodies(uids, [&](std::uint32_t, const std::string& body) {
        got += body;
        return false;
    }));
    QCOMPARE(got, std::string("ab")); // what is on its way is paid for
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapFetchTest::tellsByeInTheMiddleOfABatch()
{
    OPEN(o, "",
         "C: {a} UID FETCH 4 ...\nC: {b} UID FETCH 3 ...\n" + fetched(4) +
             "S: {a} OK\nS: * BYE going down for maintenance\nCLOSE:\n");
    const std::vector<UidRange> ranges{{4, 4}, {3, 3}};
    int delivered = 0;
    const auto done = fetchBatches(o.session(), ranges, [&](const UidRange&, const auto&) {
        ++delivered;
        return true;
    });
    VERIFY_ERROR(done, ErrorKind::Offline, ErrorCode::ConnectionLost);
    QCOMPARE(done.error().serverText, std::string("going down for maintenance"));
    QCOMPARE(delivered, 1);
    QVERIFY(!o.session().alive());
}

QTEST_GUILESS_MAIN(ImapFetchTest)
#include "ImapFetchTest.moc"
