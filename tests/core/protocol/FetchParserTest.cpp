// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/FetchParser.h"
#include "core/protocol/BodyStructure.h"
#include "tests/core/protocol/ProtocolFixture.h"

#include <QObject>

using namespace avocet;

namespace {

Envelope parsed(const std::string& text, bool* good = nullptr)
{
    Envelope envelope;
    FetchContents contents;
    const bool result = parseFetch(text, envelope, contents);
    if (good)
        *good = result;
    return envelope;
}

} // namespace

class FetchParserTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsTheFirstText_data();
    void findsTheFirstText();
    void readsWholeResponse();
    void keepsItemsBehindStrangeOnes_data();
    void keepsItemsBehindStrangeOnes();
    void refuses_data();
    void refuses();
    void findsAttachments_data();
    void findsAttachments();
    void readsInternalDates_data();
    void readsInternalDates();
    void writesInternalDates_data();
    void writesInternalDates();
    void boundsWhatItKeeps();
    void leavesNothingOfTheMessageBefore();
    void tellsMissingBodyFromEmptyOne();
    void namesFlags();
};

void FetchParserTest::readsWholeResponse()
{
    const std::string text =
        "(UID 4711 FLAGS (\\Seen \\Answered $Forwarded Work \\Recent) MODSEQ (123456789012) "
        "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4286 "
        "ENVELOPE (\"Wed, 17 Jul 1996 02:23:25 -0700\" \"A \\\"quoted\\\" word\" "
        "((\"Terry\" NIL \"gray\" \"cac.example\")) NIL ((NIL NIL \"reply\" \"x.example\")) "
        "((NIL NIL \"group\" NIL)(\"J\" NIL {2}\r\nkl \"d.example\")(NIL NIL NIL NIL)) NIL NIL "
        "\"<in-reply>\" \"<id@x>\") "
        "BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 12 1)"
        "(\"application\" \"pdf\" (\"name\" \"a.pdf\") NIL NIL \"base64\" 400 NIL "
        "(\"attachment\" (\"filename\" \"a.pdf\")) NIL NIL) \"mixed\" (\"boundary\" \"b\")) "
        "BODY[HEADER.FIELDS (FROM \"LIST-ID\")] {14}\r\nList-Id: <a>\r\n X-GM-MSGID 18 EMAILID "
        "(M1))";
    bool good = false;
    const Envelope e = parsed(text, &good);
    QVERIFY(good);
    QCOMPARE(e.uid, 4711u);
    QCOMPARE(e.flags, Flags(Flag::Seen | Flag::Answered | Flag::Forwarded));
    QCOMPARE(e.keywords, std::vector<std::string>{"Work"});
    QCOMPARE(e.modSeq, std::uint64_t{123456789012});
    QCOMPARE(e.internalDate, std::int64_t{837596665});
    QCOMPARE(e.size, std::int64_t{4286});
    QCOMPARE(e.subject, std::string("A \"quoted\" word"));
    QCOMPARE(e.from.size(), std::size_t{1});
    QCOMPARE(e.from[0].name, std::string("Terry"));
    QCOMPARE(e.from[0].host, std::string("cac.example"));
    QVERIFY(e.sender.empty());
    QCOMPARE(e.replyTo[0].mailbox, std::string("reply"));
    QCOMPARE(e.to.size(), std::size_t{3});
    QCOMPARE(e.to[1].mailbox, std::string("kl"));
    QCOMPARE(e.inReplyTo, std::string("<in-reply>"));
    QCOMPARE(e.messageId, std::string("<id@x>"));
    QVERIFY(e.hasAttachment);
    QVERIFY(e.bodyStructure.starts_with("((\"text\""));
    QVERIFY(e.bodyStructure.ends_with("\"b\"))"));
    QCOMPARE(e.headerFields, std::string("List-Id: <a>\r\n"));
    QCOMPARE(e.contentId, std::string("18"));
}

void FetchParserTest::keepsItemsBehindStrangeOnes_data()
{
    QTest::addColumn<QByteArray>("item");
    QTest::newRow("an unknown atom") << QByteArray("X-FOO bar");
    QTest::newRow("an unknown list") << QByteArray("X-FOO ((a {3}\r\n)() \"(\") NIL)");
    QTest::newRow("PREVIEW NIL") << QByteArray("PREVIEW NIL");
    QTest::newRow("a literal8") << QByteArray("BINARY[1] ~{2}\r\n()");
    QTest::newRow("an envelope that stops early")
        << QByteArray("ENVELOPE (\"date\" \"subject\" NIL)");
    QTest::newRow("an envelope of nothing") << QByteArray("ENVELOPE NIL");
    QTest::newRow("an envelope with text for a list")
        << QByteArray("ENVELOPE (NIL NIL \"\" \"\" NIL NIL NIL NIL NIL NIL)");
    QTest::newRow("a structure of nothing") << QByteArray("BODYSTRUCTURE NIL");
    QTest::newRow("an empty structure") << QByteArray("BODYSTRUCTURE ()");
    QTest::newRow("a structure without end of a leaf")
        << QByteArray("BODYSTRUCTURE (\"text\" \"plain\")");
    QTest::newRow("a multipart without parts") << QByteArray("BODYSTRUCTURE (\"mixed\" NIL)");
    QTest::newRow("a structure 10,000 deep")
        << QByteArray("BODYSTRUCTURE ") + QByteArray(10'000, '(') + QByteArray(10'000, ')');
    QTest::newRow("a partial body") << QByteArray("BODY[1]<0> {2}\r\nab");
}

void FetchParserTest::keepsItemsBehindStrangeOnes()
{
    QFETCH(QByteArray, item);
    bool good = false;
    const Envelope e = parsed("(" + item.toStdString() + " UID 9 FLAGS (\\Seen))", &good);
    QVERIFY(good);
    QCOMPARE(e.uid, 9u);
    QCOMPARE(e.flags, Flags(Flag::Seen));
}

void FetchParserTest::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("UID 0") << QByteArray("(UID 0)");
    QTest::newRow("UID over 2^32") << QByteArray("(UID 4294967296)");
    QTest::newRow("negative UID") << QByteArray("(UID -7)");
    QTest::newRow("negative size") << QByteArray("(UID 7 RFC822.SIZE -1)");
    QTest::newRow("MODSEQ over 2^63") << QByteArray("(UID 7 MODSEQ (99999999999999999999))");
    QTest::newRow("no end") << QByteArray("(UID 7");
    QTest::newRow("no beginning") << QByteArray("UID 7)");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("flags without end") << QByteArray("(FLAGS (\\Seen");
    QTest::newRow("list without end") << QByteArray("(X ((((");
    QTest::newRow("literal longer than the response") << QByteArray("(BODY[] {100}\r\nabc)");
    QTest::newRow("NUL") << QByteArray("(\0 UID 7)", 9);
}

void FetchParserTest::refuses()
{
    QFETCH(QByteArray, text);
    bool good = true;
    parsed(text.toStdString(), &good);
    QVERIFY(!good);
}

void FetchParserTest::findsAttachments_data()
{
    QTest::addColumn<QByteArray>("structure");
    QTest::addColumn<bool>("attachment");
    const QByteArray text = "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 1)";
    const QByteArray html = "(\"text\" \"html\" NIL NIL NIL \"7bit\" 1 1)";
    QTest::newRow("text alone") << text << false;
    QTest::newRow("text and HTML") << "(" + text + html + " \"alternative\")" << false;
    QTest::newRow("image in HTML")
        << "(" + html +
               "(\"image\" \"png\" (\"name\" \"logo.png\") \"<logo>\" NIL \"base64\" 1 NIL "
               "(\"inline\" (\"filename\" \"logo.png\"))) \"related\")"
        << false;
    QTest::newRow("image with an id and no disposition")
        << "(" + html +
               "(\"image\" \"png\" (\"name\" \"l.png\") \"<l>\" NIL \"base64\" 1) \"related\")"
        << false;
    QTest::newRow("image without an id")
        << "(" + text + "(\"image\" \"png\" (\"name\" \"l.png\") NIL NIL \"base64\" 1) \"mixed\")"
        << true;
    QTest::newRow("attached text")
        << "(" + text +
               "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 1 NIL (\"attachment\" NIL)) \"mixed\")"
        << true;
    QTest::newRow("file name in RFC 2231 form")
        << "(" + text +
               "(\"application\" \"pdf\" (\"name*0*\" \"utf-8''a\") NIL NIL \"base64\" 1) "
               "\"mixed\")"
        << true;
    QTest::newRow("forwarded message") << "(" + text +
                                              "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 1 (NIL "
                                              "NIL NIL NIL NIL NIL NIL NIL NIL "
                                              "NIL) " +
                                              text + " 3) \"mixed\")"
                                       << true;
    QTest::newRow("signature")
        << "(" + text +
               "(\"application\" \"pgp-signature\" (\"name\" \"signature.asc\") NIL NIL \"7bit\" 1 "
               "NIL (\"attachment\" NIL)) \"signed\")"
        << false;
    QTest::newRow("two levels down")
        << "((" + text + "(\"a\" \"b\" (\"name\" \"x\") NIL NIL \"base64\" 1) \"mixed\")" + html +
               " \"mixed\")"
        << true;
}

void FetchParserTest::findsAttachments()
{
    QFETCH(QByteArray, structure);
    QFETCH(bool, attachment);
    bool good = false;
    const Envelope e = parsed("(UID 1 BODYSTRUCTURE " + structure.toStdString() + ")", &good);
    QVERIFY(good);
    QCOMPARE(e.hasAttachment, attachment);
    QCOMPARE(e.bodyStructure, structure.toStdString());
}

void FetchParserTest::readsInternalDates_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("seconds");
    QTest::newRow("UTC") << QByteArray("01-Jan-1970 00:00:00 +0000") << qint64(0);
    QTest::newRow("space for a zero") << QByteArray(" 1-Jan-1970 00:00:01 +0000") << qint64(1);
    QTest::newRow("east") << QByteArray("01-Jan-2024 01:00:00 +0100") << qint64(1704067200);
    QTest::newRow("west") << QByteArray("31-Dec-2023 14:30:00 -0930") << qint64(1704067200);
    QTest::newRow("leap day") << QByteArray("29-Feb-2024 12:00:00 +0000") << qint64(1709208000);
    QTest::newRow("before 1970") << QByteArray("31-Dec-1969 23:59:59 +0000") << qint64(-1);
    QTest::newRow("no month") << QByteArray("01-Foo-2024 01:00:00 +0100") << qint64(0);
    QTest::newRow("month out of step") << QByteArray("01-anF-2024 01:00:00 +0100") << qint64(0);
    QTest::newRow("letters") << QByteArray("aa-Jan-2024 bb:cc:dd +0100") << qint64(0);
    QTest::newRow("too short") << QByteArray("1-Jan-2024") << qint64(0);
}

void FetchParserTest::readsInternalDates()
{
    QFETCH(QByteArray, text);
    QFETCH(qint64, seconds);
    QCOMPARE(parseInternalDate(text.toStdString()), std::int64_t{seconds});
}

void FetchParserTest::writesInternalDates_data()
{
    QTest::addColumn<qint64>("seconds");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("epoch") << qint64(0) << QByteArray("01-Jan-1970 00:00:00 +0000");
    QTest::newRow("leap day") << qint64(1709208000) << QByteArray("29-Feb-2024 12:00:00 +0000");
    QTest::newRow("last second of a year")
        << qint64(1704067199) << QByteArray("31-Dec-2023 23:59:59 +0000");
    QTest::newRow("before 1970") << qint64(-1) << QByteArray("31-Dec-1969 23:59:59 +0000");
    QTest::newRow("absurdly late")
        << qint64(1) * (1LL << 60) << QByteArray("31-Dec-9999 23:59:59 +0000");
    QTest::newRow("absurdly early")
        << -qint64(1) * (1LL << 60) << QByteArray("01-Jan-0001 00:00:00 +0000");
}

void FetchParserTest::writesInternalDates()
{
    QFETCH(qint64, seconds);
    QFETCH(QByteArray, text);
    QCOMPARE(QByteArray::fromStdString(formatInternalDate(seconds)), text);
    for (std::int64_t at = -40'000'000'000; at < 40'000'000'000; at += 777'777'777)
        QCOMPARE(parseInternalDate(formatInternalDate(at)), at);
}

void FetchParserTest::boundsWhatItKeeps()
{
    std::string words = "\\Seen " + std::string(maxKeyword + 1, 'k');
    for (std::size_t i = 0; i < 2 * maxKeywords; ++i)
        words += " w" + std::to_string(i);
    bool known = false;
    const Envelope marked = parsed("(UID 1 FLAGS (" + words + " \\Flagged))", &known);
    QVERIFY(known);
    QCOMPARE(marked.keywords.size(), maxKeywords);
    QCOMPARE(marked.keywords.front(), std::string("w0"));
    QCOMPARE(marked.flags, Flags(Flag::Seen | Flag::Flagged));

    std::string addresses;
    for (int i = 0; i < 5000; ++i)
        addresses += "(NIL NIL a b)";
    const std::string subject(200'000, 's');
    std::string structure = "(";
    for (int i = 0; i < 2000; ++i)
        structure += "(\"text\" \"plain\" NIL NIL NIL \"7bit\" 1 1)";
    structure += " \"mixed\")";
    bool good = false;
    const Envelope e = parsed("(UID 3 ENVELOPE (NIL {200000}\r\n" + subject + " (" + addresses +
                                  ") NIL NIL NIL NIL NIL NIL NIL) BODYSTRUCTURE " + structure + ")",
                              &good);
    QVERIFY(good);
    QCOMPARE(e.subject.size(), maxEnvelopeText);
    QCOMPARE(e.from.size(), maxAddresses);
    QVERIFY(e.bodyStructure.empty());
}

void FetchParserTest::leavesNothingOfTheMessageBefore()
{
    const std::string list = "((\"N\" NIL \"m\" \"h\")(NIL NIL \"n\" \"h\"))";
    const std::string full =
        "(UID 7 MODSEQ (9) FLAGS (\\Seen Work) RFC822.SIZE 5 EMAILID (M1) "
        "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" ENVELOPE (\"d\" \"s\" " +
        list + list + list + list + list + list +
        " \"<r>\" \"<i>\") BODYSTRUCTURE ((\"application\" \"pdf\" NIL NIL NIL "
        "\"base64\" 4 NIL (\"attachment\" NIL) NIL NIL) \"mixed\") "
        "BODY[HEADER.FIELDS (FROM)] \"List-Id: <a>\")";
    const Envelope first = parsed(full);
    QVERIFY(first.hasAttachment && first.bcc.size() == 2 && !first.headerFields.empty());
    for (const std::string next :
         {"(UID 8)", "(UID 8 ENVELOPE NIL)", "(UID 8 ENVELOPE (NIL NIL", "(FLAGS ()",
          "(UID 8 ENVELOPE (NIL NIL ((NIL NIL \"x\" \"y\")) NIL NIL \"\" NIL NIL NIL NIL))",
          "(UID 8 ENVELOPE (NIL \"t\" NIL NIL NIL NIL NIL ((NIL NIL \"x\" \"y\")) NIL 4 5 6))"}) {
        Envelope reused = first;
        FetchContents contents;
        parseFetch(next, reused, contents);
        QVERIFY2(reused == parsed(next), next.c_str());
    }
}

void FetchParserTest::tellsMissingBodyFromEmptyOne()
{
    Envelope envelope;
    FetchContents missing;
    QVERIFY(parseFetch("(UID 1 BODY[] NIL)", envelope, missing));
    QVERIFY(!missing.body);
    FetchContents empty;
    QVERIFY(parseFetch("(UID 1 BODY[] {0}\r\n)", envelope, empty));
    QVERIFY(empty.body);
    FetchContents quoted;
    QVERIFY(parseFetch("(UID 1 BODY[] \"a\\\"b\")", envelope, quoted));
    QCOMPARE(quoted.bodyBytes, std::string_view("a\"b"));
}

void FetchParserTest::namesFlags()
{
    QCOMPARE(flagNames(Flag::Seen | Flag::Forwarded), std::string("\\Seen $Forwarded"));
    QCOMPARE(flagNames(0), std::string());
}

void FetchParserTest::findsTheFirstText_data()
{
    QTest::addColumn<QByteArray>("structure");
    QTest::addColumn<QByteArray>("found"); // section, kind, charset, encoding
    const auto row = [](const char* name, const char* structure, const char* found) {
        QTest::newRow(name) << QByteArray(structure) << QByteArray(found);
    };
    row("a text alone", R"(("text" "plain" ("charset" "UTF-8") NIL NIL "base64" 9 1))",
        "1 plain UTF-8 base64");
    row("no parameters", R"(("TEXT" "HTML" NIL NIL NIL "7BIT" 9 1 NIL NIL NIL NIL))",
        "1 html  7BIT");
    row("the first of two ways",
        R"((("text" "plain" NIL NIL NIL "8bit" 9 1)("text" "html" NIL NIL NIL "8bit" 9 1) "alternative"))",
        "1 plain  8bit");
    row("behind an attached text",
        R"((("text" "plain" NIL NIL NIL "8bit" 9 1 NIL ("attachment" ("filename" "a.txt")) NIL)("text" "plain" NIL NIL NIL "8bit" 9 1) "mixed"))",
        "2 plain  8bit");
    row("deep", R"((((("text" "plain" NIL NIL NIL "8bit" 9 1) "a") "b") "c"))",
        "1.1.1 plain  8bit");
    row("not that of an attached message",
        R"((("message" "rfc822" NIL NIL NIL "7bit" 9 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("text" "plain" NIL NIL NIL "7bit" 9 1) 3) "mixed"))",
        "");
    row("encrypted", R"((("application" "pgp-encrypted" NIL NIL NIL "7bit" 9) "encrypted"))", "");
    row("nothing", "", "");
    row("cut", R"((("text" "plain" ("charset)", "");
    QTest::newRow("without an end") << QByteArray(100'000, '(') << QByteArray();
}

void FetchParserTest::findsTheFirstText()
{
    QFETCH(QByteArray, structure);
    QFETCH(QByteArray, found);
    const auto part = firstText(structure.toStdString());
    const std::string said = part ? part->section + (part->html ? " html " : " plain ") +
                                        part->charset + ' ' + part->encoding
                                  : std::string();
    QCOMPARE(said, found.toStdString());
}

QTEST_GUILESS_MAIN(FetchParserTest)
#include "FetchParserTest.moc"
