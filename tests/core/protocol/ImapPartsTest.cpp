// SPDX-License-Identifier: GPL-3.0-or-later
// Parts of messages and the server's previews against transcripts.
#include "tests/core/protocol/ImapFixture.h"

#include <QObject>
#include <map>

using namespace avocet;
using namespace avocet::test;

using Uids = std::vector<std::uint32_t>;

class ImapPartsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fetchesPart();
    void fetchesTheSamePartOfMany();
    void fetchesRange();
    void takesServersThatIgnoreTheRange_data();
    void takesServersThatIgnoreTheRange();
    void saysWhereNothingIs_data();
    void saysWhereNothingIs();
    void refusesStrangeRequests();
    void takesLargeParts();
    void diesOfHugeParts();
    void fetchesPreviews();
    void fetchesPreviewsOfTheDraft();
    void boundsPreviews();
    void saysWhereThereAreNoPreviews();
};

void ImapPartsTest::fetchesPart()
{
    OPEN(o, "",
         "C: {t} UID FETCH 7 (UID BODY.PEEK[1.2])\nS: * 9 FETCH (FLAGS (\\Seen))\n"
         "R: * 3 FETCH (UID 7 BODY[1.2] {5}\\r\\na\\r\\n)b)\\r\\n\nS: {t} OK\n"
         "C: {t} UID FETCH 7 (UID BODY.PEEK[])\nS: * 3 FETCH (BODY[] \"whole \\\"x\\\"\" UID 7)\n"
         "S: {t} OK\nC: {t} UID FETCH 7 (UID BODY.PEEK[1.MIME])\n"
         "S: * 3 FETCH (UID 7 BODY[1.mime] \"\")\nS: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    const auto part = section(o.session(), 7, {"1.2", 0, 0});
    VERIFY_RESULT(part);
    QCOMPARE(*part, std::string("a\r\n)b"));
    const auto whole = section(o.session(), 7, {"", 0, 0});
    VERIFY_RESULT(whole);
    QCOMPARE(*whole, std::string("whole \"x\""));
    const auto empty = section(o.session(), 7, {"1.MIME", 0, 0});
    VERIFY_RESULT(empty);
    QVERIFY(empty->empty());
    QVERIFY(o.session().poll()->flagsChanged); // of message 9
    VERIFY_SCRIPT(o.server);
}

void ImapPartsTest::fetchesTheSamePartOfMany()
{
    OPEN(o, "",
         "C: {t} UID FETCH 3:4,9 (UID BODY.PEEK[1]<0.5>)\n"
         "S: * 1 FETCH (UID 3 BODY[1]<0> \"abcde\")\nS: * 7 FETCH (UID 8 BODY[1]<0> \"no\")\n"
         "S: * 9 FETCH (UID 9 BODY[1]<0> \"z\")\nS: {t} OK\n");
    std::map<std::uint32_t, std::string> parts;
    VERIFY_RESULT(o.session().fetchSections(
        Uids{9, 3, 4}, {"1", 0, 5},
        [&](std::uint32_t uid, std::string text) { parts[uid] = std::move(text); }));
    QVERIFY(parts == (std::map<std::uint32_t, std::string>{{3, "abcde"}, {9, "z"}}));
    VERIFY_SCRIPT(o.server);
}

void ImapPartsTest::fetchesRange()
{
    OPEN(o, "",
         "C: {t} UID FETCH 7 (UID BODY.PEEK[2]<1000.4>)\n"
         "S: * 3 FETCH (UID 7 BODY[2]<1000> \"abcd\")\nS: {t} OK\n"
         "C: {t} UID FETCH 7 (UID BODY.PEEK[]<0.4>)\nS: * 3 FETCH (UID 7 BODY[]<0> \"ab\")\n"
         "S: {t} OK\nC: {t} UID FETCH 7 (UID BODY.PEEK[2]<5.67108864>)\n"
         "S: * 3 FETCH (UID 7 BODY[2]<5> \"rest\")\nS: {t} OK\n");
    QCOMPARE(section(o.session(), 7, {"2", 1000, 4}).value_or("?"), std::string("abcd"));
    QCOMPARE(section(o.session(), 7, {"", 0, 4}).value_or("?"), std::string("ab"));
    QCOMPARE(section(o.session(), 7, {"2", 5, 0}).value_or("?"), std::string("rest"));
    VERIFY_SCRIPT(o.server);
}

void ImapPartsTest::takesServersThatIgnoreTheRange_data()
{
    QTest::addColumn<QByteArray>("item");
    QTest::addColumn<QByteArray>("expected"); // empty: the dialogue is broken
    QTest::newRow("all of it, without an origin")
        << QByteArray("BODY[1] \"0123456789\"") << QByteArray("3456");
    QTest::newRow("more than was asked for")
        << QByteArray("BODY[1]<3> \"3456789\"") << QByteArray("3456");
    QTest::newRow("another origin") << QByteArray("BODY[1]<0> \"0123\"") << QByteArray();
}

void ImapPartsTest::takesServersThatIgnoreTheRange()
{
    QFETCH(QByteArray, item);
    QFETCH(QByteArray, expected);
    OPEN(o, "",
         "C: {t} UID FETCH ...\nS: * 1 FETCH (UID 7 " + item.toStdString() + ")\nS: {t} OK\n");
    const auto part = section(o.session(), 7, {"1", 3, 4});
    QCOMPARE(part.has_value(), !expected.isEmpty());
    if (part)
        QCOMPARE(QByteArray::fromStdString(*part), expected);
    else
        VERIFY_ERROR(part, ErrorKind::Protocol, ErrorCode::None);
}

void ImapPartsTest::saysWhereNothingIs_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("no message") << QByteArray("");
    QTest::newRow("no part") << QByteArray("S: * 1 FETCH (UID 7 BODY[1] NIL)\n");
    QTest::newRow("another part") << QByteArray("S: * 1 FETCH (UID 7 BODY[2] \"x\")\n");
    QTest::newRow("another message") << QByteArray("S: * 1 FETCH (UID 8 BODY[1] \"x\")\n");
    QTest::newRow("no UID") << QByteArray("S: * 1 FETCH (BODY[1] \"x\")\n");
}

void ImapPartsTest::saysWhereNothingIs()
{
    QFETCH(QByteArray, answer);
    OPEN(o, "",
         "C: {t} UID FETCH ...\n" + answer.toStdString() + "S: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    VERIFY_ERROR(section(o.session(), 7, {"1", 0, 0}), ErrorKind::Rejected, ErrorCode::NotFound);
    VERIFY_RESULT(o.session().poll());
}

void ImapPartsTest::refusesStrangeRequests()
{
    OPEN(o, "", "EOF:\n");
    const std::vector<SectionRequest> requests{{"1]", 0, 0},
                                               {"1\r\nT9 LOGOUT", 0, 0},
                                               {"HEADER.FIELDS (FROM)", 0, 0},
                                               {std::string(501, '1'), 0, 0},
                                               {"1", 4294967296, 1},
                                               {"1", 0, 4294967296}};
    for (const SectionRequest& request : requests)
        VERIFY_ERROR(section(o.session(), 1, request), ErrorKind::Rejected,
                     ErrorCode::InvalidInput);
    o.result->reset();
    VERIFY_SCRIPT(o.server);
}

void ImapPartsTest::takesLargeParts()
{
    // Above the bound of other literals.
    const std::string large(3'000'000, 'x');
    OPEN(o, "",
         "C: {t} UID FETCH ...\nS: * 1 FETCH (UID 7 BODY[1.2.TEXT] {3000000}\nR: " + large +
             ")\\r\\n\nS: {t} OK\n");
    const auto part = section(o.session(), 7, {"1.2.TEXT", 0, 0});
    VERIFY_RESULT(part);
    QCOMPARE(part->size(), large.size());
}

void ImapPartsTest::diesOfHugeParts()
{
    OPEN(o, "", "C: {t} UID FETCH ...\nS: * 1 FETCH (UID 7 BODY[1] {4294967295}\n");
    VERIFY_ERROR(section(o.session(), 7, {"1", 0, 0}), ErrorKind::Protocol,
                 ErrorCode::LimitExceeded);
}

void ImapPartsTest::fetchesPreviews()
{
    OPEN(
        o, "PREVIEW PREVIEW=FUZZY",
        "C: {t} UID FETCH 3:4,9 (UID PREVIEW)\nS: * 1 FETCH (UID 3 PREVIEW \"Hello \\\"you\\\"\")\n"
        "S: * 2 FETCH (UID 4 PREVIEW NIL)\nR: * 3 FETCH (PREVIEW {4}\\r\\na\\xc3\\xbcb UID "
        "9)\\r\\n\n"
        "S: * 4 FETCH (UID 5 PREVIEW \"not asked for\")\nS: {t} OK\nC: {t} NOOP\nS: {t} OK\n");
    std::map<std::uint32_t, std::string> previews;
    VERIFY_RESULT(o.session().fetchPreviews(
        Uids{9, 3, 4}, [&](std::uint32_t uid, std::string text) { previews[uid] = text; }));
    QCOMPARE(previews.size(), std::size_t{2});
    QCOMPARE(previews[3], std::string("Hello \"you\""));
    QCOMPARE(previews[9], std::string("a\xc3\xbc"
                                      "b"));
    QVERIFY(o.session().poll()->empty());
    VERIFY_SCRIPT(o.server);
}

void ImapPartsTest::fetchesPreviewsOfTheDraft()
{
    OPEN(o, "PREVIEW=FUZZY",
         "C: {t} UID FETCH 3 (UID PREVIEW (FUZZY))\n"
         "S: * 1 FETCH (UID 3 PREVIEW (FUZZY \"Hello\"))\nS: {t} OK\n");
    std::string preview;
    VERIFY_RESULT(o.session().fetchPreviews(
        Uids{3}, [&](std::uint32_t, std::string text) { preview = std::move(text); }));
    QCOMPARE(preview, std::string("Hello"));
    VERIFY_SCRIPT(o.server);
}

void ImapPartsTest::boundsPreviews()
{
    std::string text(999, 'a');
    OPEN(o, "PREVIEW",
         "C: {t} UID FETCH ...\nR: * 1 FETCH (UID 3 PREVIEW \"" + text +
             "\\xc3\\xbc and more\")\\r\\n\nS: {t} OK\n");
    std::string preview;
    VERIFY_RESULT(o.session().fetchPreviews(
        Uids{3}, [&](std::uint32_t, std::string got) { preview = std::move(got); }));
    QCOMPARE(preview, text); // never half a character
}

void ImapPartsTest::saysWhereThereAreNoPreviews()
{
    OPEN(o, "", "C: {t} NOOP\nS: {t} OK\n");
    VERIFY_ERROR(o.session().fetchPreviews(Uids{3}, [](std::uint32_t, std::string) {}),
                 ErrorKind::Rejected, ErrorCode::Unsupported);
    VERIFY_RESULT(o.session().poll());
    VERIFY_SCRIPT(o.server);
}

QTEST_GUILESS_MAIN(ImapPartsTest)
#include "ImapPartsTest.moc"
