// SPDX-License-Identifier: GPL-3.0-or-later
// QRESYNC against transcripts (RFC 7162): the server that has it, the one that does not, and lies.
#include "tests/core/protocol/ImapFixture.h"

#include <QObject>

using namespace avocet;
using namespace avocet::test;

namespace {

const KnownState known{67890007, 20050715194045000, 9000};
const std::string resync =
    "C: {t} SELECT \"INBOX\" (QRESYNC (67890007 20050715194045000 1:9000))\n";
const std::string state =
    "S: * 314 EXISTS\nS: * OK [UIDVALIDITY 67890007] ok\nS: * OK [UIDNEXT 9600] next\n"
    "S: * OK [HIGHESTMODSEQ 90060115205545359] ok\n";

std::string shown(const std::vector<UidRange>& ranges)
{
    std::string text;
    for (const UidRange& range : ranges)
        text += std::to_string(range.first) + "-" + std::to_string(range.last) + ";";
    return text;
}

} // namespace

class ImapResyncTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void enablesWhereOffered_data();
    void enablesWhereOffered();
    void tellsNameAndEnablesTogether();
    void learnsAllInOneSelect();
    void asksWithoutQresyncWhereNothingIsKnown_data();
    void asksWithoutQresyncWhereNothingIsKnown();
    void distrustsIncompleteAnswers_data();
    void distrustsIncompleteAnswers();
    void selectsPlainlyWhereResyncIsNotUnderstood();
    void forgetsWhatBelongsToTheMailboxLeft();
    void keepsHugeRanges();
    void takesVanishedAsNews();
    void hearsOfVanishedDuringPipelines();
    void diesOfHostileAnswers_data();
    void diesOfHostileAnswers();
    void endsEndlessVanished();
    void tellsByeDuringResync();
};

void ImapResyncTest::enablesWhereOffered_data()
{
    QTest::addColumn<QByteArray>("capabilities");
    QTest::addColumn<QByteArray>("dialogue");
    QTest::addColumn<bool>("expected");
    const auto row = [](const char* name, const std::string& capabilities,
                        const std::string& dialogue, bool on) {
        QTest::newRow(name) << QByteArray::fromStdString(capabilities)
                            << QByteArray::fromStdString(dialogue) << on;
    };
    row("offered", resyncing, enabled, true);
    row("not offered", "CONDSTORE ENABLE", "", false);
    row("offered without ENABLE", "CONDSTORE QRESYNC", "", false);
    row("OK that enables nothing", resyncing, "C: {e} ENABLE QRESYNC\nS: {e} OK\n", false);
    row("OK that enables something else", resyncing,
        "C: {e} ENABLE QRESYNC\nS: * ENABLED CONDSTORE\nS: {e} OK\n", false);
    row("refused", resyncing, "C: {e} ENABLE QRESYNC\nS: {e} BAD no\n", false);
}

void ImapResyncTest::enablesWhereOffered()
{
    QFETCH(QByteArray, capabilities);
    QFETCH(QByteArray, dialogue);
    QFETCH(bool, expected);
    OPEN(o, capabilities.toStdString(), dialogue.toStdString() + "C: {t} NOOP\nS: {t} OK\n");
    QCOMPARE(o.session().qresync(), expected);
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

void ImapResyncTest::tellsNameAndEnablesTogether()
{
    // Both are read before either is answered, so that they cost one round trip.
    OPEN(o, resyncing + " ID",
         "C: {i} ID (\"name\" \"Avocet\")\nC: {e} ENABLE QRESYNC\nS: * ID NIL\nS: {i} BAD no\n"
         "S: * ENABLED QRESYNC CONDSTORE\nS: {e} OK\n");
    QVERIFY(o.session().qresync());
    VERIFY_SCRIPT(o.server);
}

void ImapResyncTest::learnsAllInOneSelect()
{
    OPEN(o, resyncing,
         enabled + resync + "S: * OK [CLOSED]\n" + state +
             "S: * VANISHED (EARLIER) 41,43:116,118,9100:9200\n"
             "S: * 49 FETCH (UID 117 FLAGS (\\Seen \\Answered) MODSEQ (90060115194045001))\n"
             "S: * 50 FETCH (UID 119 FLAGS (\\Draft $MDNSent Later) MODSEQ (90060115194045308))\n"
             "S: * 99 FETCH (UID 9001 FLAGS () MODSEQ (90060115194045309))\n"
             "S: {t} OK [READ-WRITE] selected\nC: {t} NOOP\nS: {t} OK\n");
    const auto selected = o.session().select("INBOX", false, &known);
    VERIFY_RESULT(selected);
    QVERIFY(selected->resynced);
    QCOMPARE(selected->exists, 314u);
    QCOMPARE(selected->uidNext, 9600u);
    QCOMPARE(selected->highestModSeq, std::uint64_t{90060115205545359});
    QCOMPARE(shown(selected->vanished), std::string("41-41;43-116;118-118;"));
    QCOMPARE(selected->changed.size(), std::size_t{2}); // what lies above lastUid is fetched anyway
    QCOMPARE(selected->changed[0].uid, 117u);
    QCOMPARE(selected->changed[0].flags, Flags(Flag::Seen | Flag::Answered));
    QCOMPARE(selected->changed[0].modSeq, std::uint64_t{90060115194045001});
    QCOMPARE(selected->changed[1].keywords, std::vector<std::string>{"Later"});
    QVERIFY(o.session().poll()->empty());
    VERIFY_SCRIPT(o.server);
}

void ImapResyncTest::asksWithoutQresyncWhereNothingIsKnown_data()
{
    QTest::addColumn<QByteArray>("capabilities");
    QTest::addColumn<uint>("uidValidity");
    QTest::addColumn<qulonglong>("modSeq");
    QTest::addColumn<uint>("lastUid");
    const QByteArray rich = QByteArray::fromStdString(resyncing);
    QTest::newRow("no QRESYNC") << QByteArray("CONDSTORE") << 1u << qulonglong{1} << 1u;
    QTest::newRow("no UIDVALIDITY") << rich << 0u << qulonglong{1} << 1u;
    QTest::newRow("no MODSEQ") << rich << 1u << qulonglong{0} << 1u;
    QTest::newRow("no message") << rich << 1u << qulonglong{1} << 0u;
}

void ImapResyncTest::asksWithoutQresyncWhereNothingIsKnown()
{
    QFETCH(QByteArray, capabilities);
    QFETCH(uint, uidValidity);
    QFETCH(qulonglong, modSeq);
    QFETCH(uint, lastUid);
    const bool rich = capabilities.contains("QRESYNC");
    OPEN(o, capabilities.toStdString(),
         (rich ? enabled : std::string()) + "C: {t} EXAMINE \"INBOX\" (CONDSTORE)\n" + state +
             "S: * VANISHED (EARLIER) 1\nS: {t} OK\n");
    const KnownState little{uidValidity, modSeq, lastUid};
    const auto selected = o.session().select("INBOX", true, &little);
    VERIFY_RESULT(selected);
    QVERIFY(!selected->resynced);
    QVERIFY(selected->vanished.empty());
    QCOMPARE(selected->exists, 314u);
    VERIFY_SCRIPT(o.server);
}

void ImapResyncTest::distrustsIncompleteAnswers_data()
{
    QTest::addColumn<QByteArray>("answer");
    const QByteArray modSeq("S: * OK [HIGHESTMODSEQ 90060115205545359]\n");
    const QByteArray validity("S: * OK [UIDVALIDITY 67890007]\n");
    QTest::newRow("another UIDVALIDITY") << "S: * OK [UIDVALIDITY 67890008]\n" + modSeq;
    QTest::newRow("no UIDVALIDITY") << modSeq;
    QTest::newRow("no MODSEQ in this mailbox") << validity + "S: * OK [NOMODSEQ] none\n";
    QTest::newRow("no HIGHESTMODSEQ") << validity;
    QTest::newRow("a HIGHESTMODSEQ from a backup")
        << validity + "S: * OK [HIGHESTMODSEQ 20050715194044999]\n";
    QTest::newRow("flags without a UID")
        << validity + modSeq + "S: * 7 FETCH (FLAGS (\\Seen) MODSEQ (90060115205545359))\n";
}

void ImapResyncTest::distrustsIncompleteAnswers()
{
    QFETCH(QByteArray, answer);
    OPEN(o, resyncing,
         enabled + resync + "S: * 3 EXISTS\n" + answer.toStdString() +
             "S: * VANISHED (EARLIER) 5\nS: * 1 FETCH (UID 4 FLAGS () MODSEQ (20050715194045001))\n"
             "S: {t} OK\n");
    const auto selected = o.session().select("INBOX", false, &known);
    VERIFY_RESULT(selected);
    QVERIFY(!selected->resynced);
    QVERIFY(selected->vanished.empty());
    QVERIFY(selected->changed.empty());
}

void ImapResyncTest::selectsPlainlyWhereResyncIsNotUnderstood()
{
    OPEN(o, resyncing,
         enabled + resync + "S: * VANISHED (EARLIER) 5\nS: {t} BAD what\n" +
             "C: {t} SELECT \"INBOX\" (CONDSTORE)\n" + state + "S: {t} OK\n");
    const auto selected = o.session().select("INBOX", false, &known);
    VERIFY_RESULT(selected);
    QVERIFY(!selected->resynced);
    QVERIFY(selected->vanished.empty());
    QCOMPARE(selected->exists, 314u);
    VERIFY_SCRIPT(o.server);
}

void ImapResyncTest::forgetsWhatBelongsToTheMailboxLeft()
{
    OPEN(o, resyncing,
         enabled + "C: {t} SELECT \"Old\" (CONDSTORE)\nS: {t} OK\n" + resync +
             "S: * 5 EXISTS\nS: * VANISHED (EARLIER) 3\nS: * VANISHED 4\n"
             "S: * 1 FETCH (UID 7 FLAGS (\\Seen) MODSEQ (90060115205545350))\n"
             "S: * OK [CLOSED] left\n" +
             state + "S: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_RESULT(o.session().select("Old"));
    const auto selected = o.session().select("INBOX", false, &known);
    VERIFY_RESULT(selected);
    QVERIFY(selected->resynced);
    QCOMPARE(selected->exists, 314u);
    QVERIFY(selected->vanished.empty());
    QVERIFY(selected->changed.empty());
    QVERIFY(o.session().poll()->empty());
}

void ImapResyncTest::keepsHugeRanges()
{
    const KnownState all{67890007, 20050715194045000, 4294967295};
    OPEN(o, resyncing,
         enabled + "C: {t} SELECT ...\n" + state +
             "S: * VANISHED (EARLIER) 1:4294967295\nS: {t} OK\n");
    const auto selected = o.session().select("INBOX", false, &all);
    VERIFY_RESULT(selected);
    QCOMPARE(shown(selected->vanished), std::string("1-4294967295;"));
}

void ImapResyncTest::takesVanishedAsNews()
{
    OPEN(o, resyncing + " IDLE",
         enabled + "C: {t} NOOP\nS: * VANISHED (EARLIER) 7\nS: {t} OK\n"
                   "C: {t} IDLE\nS: + idling\nS: * VANISHED 5:6\nC: DONE\nS: {t} OK\n");
    QVERIFY(o.session().poll()->empty());
    const auto change = o.session().idle(std::chrono::seconds(20), {});
    VERIFY_RESULT(change);
    QVERIFY(change->expunged);
    VERIFY_SCRIPT(o.server);
}

void ImapResyncTest::hearsOfVanishedDuringPipelines()
{
    OPEN(o, resyncing,
         enabled +
             "C: {a} UID FETCH 3 ...\nC: {b} UID FETCH 2 ...\nS: * VANISHED 2\nS: * 4 EXPUNGE\n"
             "S: * 2 FETCH (UID 3 FLAGS () ENVELOPE NIL)\nS: {a} OK\nS: {b} OK\n"
             "C: {t} NOOP\nS: {t} OK\n");
    const std::vector<UidRange> ranges{{3, 3}, {2, 2}};
    std::vector<std::size_t> counts;
    VERIFY_RESULT(fetchBatches(o.session(), ranges, [&](const UidRange&, const auto& envelopes) {
        counts.push_back(envelopes.size());
        return true;
    }));
    QCOMPARE(counts, (std::vector<std::size_t>{1, 0}));
    QVERIFY(o.session().poll()->expunged);
    VERIFY_SCRIPT(o.server);
}

void ImapResyncTest::diesOfHostileAnswers_data()
{
    QTest::addColumn<QByteArray>("answer");
    for (const char* answer :
         {"* VANISHED (EARLIER) 4294967296", "* VANISHED (EARLIER) -1", "* VANISHED (EARLIER) 1:*",
          "* VANISHED (EARLIER) all", "* VANISHED (EARLIER) 1,,2",
          "* 1 FETCH (UID 4294967296 FLAGS ())", "* 1 FETCH (UID 0 FLAGS ())",
          "* 4294967296 FETCH (UID 1 FLAGS ())", "* 1 FETCH (UID 5"})
        QTest::addRow("%s", answer) << QByteArray(answer);
}

void ImapResyncTest::diesOfHostileAnswers()
{
    QFETCH(QByteArray, answer);
    OPEN(o, resyncing, enabled + resync + state + "S: " + answer.toStdString() + "\nS: {t} OK\n");
    VERIFY_ERROR(o.session().select("INBOX", false, &known), ErrorKind::Protocol,
                 ErrorCode::LimitExceeded);
    QVERIFY(!o.session().alive());
}

void ImapResyncTest::endsEndlessVanished()
{
    std::string set = "1";
    for (int uid = 3; uid < 9'000; uid += 2)
        set += "," + std::to_string(uid);
    OPEN(o, resyncing, enabled + resync + state + "FLOOD: * VANISHED (EARLIER) " + set + "\n");
    VERIFY_ERROR(o.session().select("INBOX", false, &known), ErrorKind::Protocol,
                 ErrorCode::LimitExceeded);
}

void ImapResyncTest::tellsByeDuringResync()
{
    const std::string bye = "S: * BYE maintenance\nCLOSE:\n";
    OPEN(o, resyncing, enabled + resync + "S: * VANISHED (EARLIER) 3\n" + bye);
    const auto selected = o.session().select("INBOX", false, &known);
    VERIFY_ERROR(selected, ErrorKind::Offline, ErrorCode::ConnectionLost);
    QCOMPARE(selected.error().serverText, std::string("maintenance"));

    Opened early(resyncing, "C: {e} ENABLE QRESYNC\n" + bye);
    VERIFY_ERROR(early.result, ErrorKind::Offline, ErrorCode::ConnectionLost);
}

QTEST_GUILESS_MAIN(ImapResyncTest)
#include "ImapResyncTest.moc"
