// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageBuilder.h"
#include "BuilderSamples.h"
#include "core/mime/DraftReader.h"
#include "core/mime/EncodedSize.h"
#include "core/mime/MessageReader.h"
#include "core/mime/ReplyBuilder.h"
#include "core/mime/SafeTransfer.h"

#include <QRegularExpression>
#include <QtTest>

#include <algorithm>
#include <ctime>

using namespace avocet;
using namespace avocet::test;

/// Building, editing and answering messages. What is built is read back by our own reader.
class MessageBuilderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void buildsWhatTheReaderReads();
    void buildsWithinRfcLimits_data();
    void buildsWithinRfcLimits();
    void sendsNoBcc();
    void refusesHeaderInjection_data();
    void refusesHeaderInjection();
    void enclosesAMessageAsAMessage_data();
    void enclosesAMessageAsAMessage();
    void foretellsItsSize_data();
    void foretellsItsSize();
    void tellsOfTheWritersComputerWhatIsWished();
    void sendsFormattedTextWithPictures();
    void takesUpWhatItBuilt();
    void writesHeadersThatAnybodyReads_data();
    void writesHeadersThatAnybodyReads();
    void writesInternationalAddresses();
    void asksForAReceipt();
};

void MessageBuilderTest::buildsWhatTheReaderReads()
{
    Draft d = draft();
    d.to = {{"Jürgen Müller-Lüdenscheidt, Dr.", "j@example.net"}, {"", "k@example.net"}};
    d.cc = {{"日本語の名前がとても長い場合はどうなりますか試してみましょう", "x@example.net"}};
    d.subject = "Grüße — eine Betreffzeile, die gefaltet werden muss, weil sie so lang ist, 日本語";
    d.text = "Hällo\n\nFrom here  \n.\nend";
    d.inReplyTo = "one@example.net";
    d.references = {"zero@example.net", "one@example.net"};
    d.attachments = {{"Bericht für März (überarbeitet) 日本語.pdf", "application/pdf",
                      std::string("%PDF\0\x01\r\n", 8)},
                     {"empty.txt", "text/plain", ""},
                     {"old.eml", "message/rfc822", "From: a@b\nSubject: inner\n\ninner words\n"}};
    const auto built = buildMessage(d, identity(), kNow);
    QVERIFY(built.has_value());
    verifyWellFormed(built->bytes);
    const ParsedMessage read = readMessage(built->bytes);
    QCOMPARE(listed(read.from), QByteArray("Mara Lind|mara@example.org"));
    QCOMPARE(read.to, d.to);
    QCOMPARE(read.cc, d.cc);
    QCOMPARE(read.subject, d.subject);
    QCOMPARE(read.date.value_or(0), kNow);
    QCOMPARE(read.messageId, built->messageId);
    QCOMPARE(read.inReplyTo, d.inReplyTo);
    QCOMPARE(read.references, d.references);
    QVERIFY(read.text.starts_with("Hällo\n\nFrom here\n.\nend"));
    QCOMPARE(read.attachments.size(), std::size_t{3});
    for (std::size_t i = 0; i < 2; ++i) {
        QCOMPARE(read.attachments[i].name, d.attachments[i].name);
        QCOMPARE(read.attachments[i].type, d.attachments[i].type);
        QCOMPARE(decodedAttachment(built->bytes, read, read.attachments[i]), d.attachments[i].data);
    }
    QVERIFY(read.text.find("inner words") == std::string::npos); // it is attached, not inline
    QVERIFY(read.notes.empty());
    QVERIFY(built->messageId.ends_with("@example.org"));
    QVERIFY(built->bytes.find("User-Agent") == std::string::npos);
}

void MessageBuilderTest::buildsWithinRfcLimits_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("an empty text") << QByteArray();
    QTest::newRow("a line of 5000 characters") << QByteArray("word ").repeated(1000) + "end";
    QTest::newRow("a line of 5000 letters") << QByteArray("a").repeated(5000);
    QTest::newRow("only umlauts") << QByteArray("äöüß\n").repeated(100);
    QTest::newRow("mixed line ends") << QByteArray("one\r\ntwo\nthree");
    QTest::newRow("dots and From at line starts") << QByteArray(".\n..\nFrom me\n-- \nx\n");
    QTest::newRow("a tab at a line's end") << QByteArray("one \t\ntwo\n");
    QTest::newRow("spaces at line starts") << QByteArray("  one\n    two\n");
    QTest::newRow("quotes") << QByteArray("> one\n>> two\n>\n> three\n") + "> " +
                                   QByteArray("long ").repeated(100) + "end\n";
    QTest::newRow("a signature") << QByteArray("text\n\n-- \nMara\n");
}

void MessageBuilderTest::buildsWithinRfcLimits()
{
    QFETCH(QByteArray, text);
    Draft d = draft();
    d.text = text.toStdString();
    const auto built = buildMessage(d, identity(), kNow);
    QVERIFY(built.has_value());
    verifyWellFormed(built->bytes);
    QByteArray wanted = text;
    wanted.replace("\r\n", "\n");
    if (!wanted.isEmpty() && !wanted.endsWith('\n'))
        wanted += '\n';
    QByteArray found = QByteArray::fromStdString(readMessage(built->bytes).text);
    if (!found.isEmpty() && !found.endsWith('\n'))
        found += '\n';
    QCOMPARE(found, wanted);
}

void MessageBuilderTest::sendsNoBcc()
{
    Draft d = draft();
    d.bcc = {
        {"Geheim Ä", "secret@example.net"}, {"", "OTTO@EXAMPLE.NET"}, {"", "otto@example.net"}};
    const auto built = buildMessage(d, identity(), kNow);
    QVERIFY(built.has_value());
    QVERIFY(built->bytes.find("secret@example.net") == std::string::npos);
    QVERIFY(!headerField(built->bytes, "Bcc"));
    QCOMPARE(built->recipients, (std::vector<std::string>{"otto@example.net", "secret@example.net",
                                                          "OTTO@EXAMPLE.NET"}));
    const std::string filed = withBcc(built->bytes, built->bcc);
    QCOMPARE(listed(readMessage(filed).bcc),
             QByteArray("Geheim Ä|secret@example.net;|OTTO@EXAMPLE.NET;|otto@example.net"));
    // Taken out again, it is what was sent.
    const auto again = prepareRaw(filed, kNow);
    QVERIFY(again.has_value());
    QCOMPARE(again->bytes, built->bytes);
}

void MessageBuilderTest::refusesHeaderInjection_data()
{
    QTest::addColumn<int>("field");
    QTest::addColumn<QByteArray>("value");
    const QByteArray fields[] = {"subject",   "name",      "address",
                                 "file name", "file type", "reference"};
    const std::pair<QByteArray, QByteArray> values[] = {{"CR LF", "x\r\nBcc: v@example.net"},
                                                        {"LF", "x\nBcc: v@example.net"},
                                                        {"CR", "x\rBcc: v@example.net"},
                                                        {"NUL", QByteArray("x\0y", 3)}};
    for (int field = 0; field < 6; ++field)
        for (const auto& [name, value] : values)
            QTest::newRow((name + " in the " + fields[field]).constData()) << field << value;
}

void MessageBuilderTest::refusesHeaderInjection()
{
    QFETCH(int, field);
    QFETCH(QByteArray, value);
    Draft d = draft();
    const std::string bad = value.toStdString();
    d.attachments = {{"a.txt", "text/plain", "x"}};
    d.inReplyTo = "id@example.net";
    std::string* targets[] = {&d.subject,
                              &d.to[0].name,
                              &d.to[0].address,
                              &d.attachments[0].name,
                              &d.attachments[0].type,
                              &d.inReplyTo};
    *targets[field] = bad;
    const auto built = buildMessage(d, identity(), kNow);
    QVERIFY(!built.has_value());
    QCOMPARE(built.error().code, ErrorCode::InvalidInput);
    QCOMPARE(built.error().kind, ErrorKind::Rejected);
}

void MessageBuilderTest::enclosesAMessageAsAMessage_data()
{
    QTest::addColumn<QByteArray>("inner");
    QTest::addColumn<QByteArray>("encoding");
    QTest::addColumn<bool>("unchanged");
    const QByteArray head = "From: a@x.org\r\nSubject: s\r\nMIME-Version: 1.0\r\n";
    QTest::newRow("ASCII") << head + "\r\nlook\r\n" << QByteArray("7bit") << true;
    QTest::newRow("text that flows, and a From") << head + "\r\nflows \r\nFrom here\r\n"
                                                 << QByteArray("7bit") << true;
    QTest::newRow("eight bits")
        << head + "Content-Type: text/plain; charset=utf-8\r\n"
                  "Content-Transfer-Encoding: 8bit\r\n\r\nGr\xc3\xbc\xc3\x9f\x65\r\n"
        << QByteArray("8bit") << true;
    QTest::newRow("a long line")
        << head +
               "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
               "\r\n<p>\xc3\xbc = " +
               QByteArray(3000, 'x') + " \r\nend</p>\r\n"
        << QByteArray("7bit") << false;
    QTest::newRow("a long line in one part of several")
        << head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" +
               QByteArray(3000, 'y') +
               "\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
               "\r\nQUJD\r\n--b--\r\n"
        << QByteArray("7bit") << false;
}

void MessageBuilderTest::enclosesAMessageAsAMessage()
{
    QFETCH(QByteArray, inner);
    QFETCH(QByteArray, encoding);
    QFETCH(bool, unchanged);
    const std::string raw = inner.toStdString();
    Draft d = draft();
    d.attachments = {{"s.eml", "message/rfc822", raw, {}}};
    const auto built = buildMessage(d, identity(), kNow);
    QVERIFY(built.has_value());
    verifyWellFormed(built->bytes);
    const ParsedMessage read = readMessage(built->bytes);
    const auto part = std::find_if(read.parts.begin(), read.parts.end(), [](const MimePart& one) {
        return one.type == "message/rfc822";
    });
    QVERIFY(part != read.parts.end());
    QCOMPARE(part->encoding.empty() ? std::string("7bit") : part->encoding, encoding.toStdString());
    // What holds it says so, too (RFC 2045 6.4).
    QCOMPARE(read.parts.front().encoding == "8bit", encoding == "8bit");
    QCOMPARE(built->bytes.find(raw) != std::string::npos, unchanged);
    // Whatever was done to it, it says the same.
    const std::string sent = built->bytes.substr(part->bodyStart, part->bodyEnd - part->bodyStart);
    const ParsedMessage before = readMessage(raw);
    const ParsedMessage after = readMessage(sent);
    QCOMPARE(QByteArray::fromStdString(after.text).trimmed(),
             QByteArray::fromStdString(before.text).trimmed());
    QCOMPARE(after.attachments.size(), before.attachments.size());
    QVERIFY(after.notes.empty());
}

void MessageBuilderTest::foretellsItsSize_data()
{
    QTest::addColumn<int>("text");
    QTest::addColumn<bool>("high");
    QTest::addColumn<int>("file");
    QTest::newRow("words") << 3000 << false << 0;
    QTest::newRow("words of other letters") << 30'000 << true << 0;
    QTest::newRow("a small file") << 100 << false << 10'000;
    QTest::newRow("a large file") << 100 << true << 4'000'000;
}

void MessageBuilderTest::foretellsItsSize()
{
    QFETCH(int, text);
    QFETCH(bool, high);
    QFETCH(int, file);
    Draft d = draft();
    for (int i = 0; i < text; i += 50)
        d.text += high ? "Gr\xc3\xbc\xc3\x9f\x65 aus M\xc3\xbcnchen, wo es heute sehr warm ist.\n"
                       : "Greetings from a town where it is very warm today.\n";
    if (file > 0)
        d.attachments = {{"f.bin",
                          "application/octet-stream",
                          std::string(static_cast<std::size_t>(file), '\x81'),
                          {}}};
    const auto built = buildMessage(d, identity(), kNow);
    QVERIFY(built.has_value());
    const auto real = static_cast<double>(built->bytes.size());
    const auto told = static_cast<double>(encodedSize(d));
    QVERIFY2(told > real * 0.98 - 300 && told < real * 1.05 + 600,
             qPrintable(QString::number(told) + u" for "_qs + QString::number(real)));
}

void MessageBuilderTest::tellsOfTheWritersComputerWhatIsWished()
{
    qputenv("TZ", "Pacific/Chatham");
    tzset();
    const auto local = buildMessage(draft(), identity(), kNow);
    QVERIFY(local->bytes.find(" +1345\r\n") != std::string::npos);
    QVERIFY(local->bytes.find("User-Agent") == std::string::npos);
    const auto hidden = buildMessage(draft(), identity(), kNow, {true, true});
    QVERIFY(hidden->bytes.find(" +0000\r\n") != std::string::npos);
    QVERIFY(hidden->bytes.find("\r\nUser-Agent: Avocet/") != std::string::npos);
    QCOMPARE(readMessage(hidden->bytes).date.value_or(0), kNow);
    const auto resent = buildRedirect(local->bytes, identity(), {{"", "o@example.net"}}, {}, {},
                                      kNow, {true, true});
    QVERIFY(headerField(resent->bytes, "Resent-Date").value_or("").ends_with("+0000"));
    QVERIFY(resent->bytes.ends_with(local->bytes));
    qunsetenv("TZ");
    tzset();
}

void MessageBuilderTest::sendsFormattedTextWithPictures()
{
    Draft d = draft();
    d.html = "<div>At <b>noon</b>? <img src=\"cid:p@x\" alt=\"\"></div>\n";
    d.attachments = {{"p.png", "image/png", "ABC", "p@x"},
                     {"left.png", "image/png", "DEF", "left@x"},
                     {"a.txt", "text/plain", "GHI"}};
    const auto built = buildMessage(d, identity(), kNow);
    QVERIFY(built.has_value());
    verifyWellFormed(built->bytes);
    const ParsedMessage read = readMessage(built->bytes);
    QByteArrayList types;
    for (const MimePart& part : read.parts)
        types << QByteArray::fromStdString(part.type);
    QCOMPARE(types.join(' '), QByteArray("multipart/mixed multipart/alternative text/plain "
                                         "multipart/related text/html image/png image/png "
                                         "text/plain"));
    QVERIFY(read.parts[2].flowed);
    QCOMPARE(read.parts[5].contentId, std::string("p@x"));
    QCOMPARE(read.parts[5].disposition, std::string("inline"));
    QCOMPARE(read.parts[6].disposition, std::string("attachment"));
    QVERIFY(partText(built->bytes, read.parts[4]).find(d.html) != std::string::npos);
    QVERIFY(read.notes.empty());
}

void MessageBuilderTest::takesUpWhatItBuilt()
{
    Draft d = draft();
    d.html = "<div>At <b>noon</b>? <img src=\"cid:p@x\" alt=\"\"></div>\n";
    d.text = "At noon? []";
    d.references = {"1@x"};
    d.inReplyTo = "1@x";
    d.attachments = {{"p.png", "image/png", "ABC", "p@x"}, {"a.txt", "text/plain", "GHI"}};
    const auto built = buildMessage(d, identity(), kNow);
    QVERIFY(built.has_value());
    const Draft again = draftFromMessage(built->bytes, readMessage(built->bytes));
    QCOMPARE(again.attachments.size(), std::size_t{2});
    QCOMPARE(again.attachments[0].data, std::string("ABC"));
    QCOMPARE(again.attachments[1].data, std::string("GHI"));
    QVERIFY(again.attachments[1].contentId.empty());
    QString html = QString::fromStdString(again.html);
    html.replace(QString::fromStdString(again.attachments[0].contentId), u"p@x"_qs);
    QCOMPARE(html, QString::fromStdString(d.html));
    QCOMPARE(again.text, d.text);
    QVERIFY(again.to == d.to && again.references == d.references && again.inReplyTo == d.inReplyTo);
}

void MessageBuilderTest::writesHeadersThatAnybodyReads_data()
{
    QTest::addColumn<QString>("words");
    QTest::newRow("plain") << u"Plain words"_qs;
    QTest::newRow("one word of 900 letters") << QString(900, u's');
    QTest::newRow("900 letters of small words") << u"small words "_qs.repeated(74) + u"end"_qs;
    QTest::newRow("900 letters of Greek") << u"ψυχοφθόρα "_qs.repeated(90) + u"end"_qs;
    QTest::newRow("emoji in a row") << u"👩‍👩‍👧‍👦"_qs.repeated(30);
    QTest::newRow("ASCII around other words") << u"Re: grüße an  alle (all)"_qs;
    QTest::newRow("what looks encoded") << u"=?utf-8?q?a=0D=0ABcc:_b?= and =?"_qs;
    QTest::newRow("quotes, commas and backslashes") << u"\"Doe\", Jane \\ <a@b> (c); x"_qs;
}

void MessageBuilderTest::writesHeadersThatAnybodyReads()
{
    QFETCH(QString, words);
    Draft d = draft();
    d.subject = words.toStdString();
    d.to = {{words.toStdString(), "otto@example.net"}};
    d.attachments = {{words.left(60).toStdString() + ".txt", "text/plain", "x"}};
    const auto built = buildMessage(d, identity(), kNow);
    QVERIFY(built.has_value());
    const QByteArray bytes = QByteArray::fromStdString(built->bytes);
    const QByteArray header = bytes.left(bytes.indexOf("\r\n\r\n"));
    for (const QByteArray& line : bytes.split('\n')) {
        QVERIFY2(line.size() <= 79, line.constData());
        // RFC 2047 2, and a character stays whole.
        const QRegularExpression word(u"=\\?[^?]*\\?[BQ]\\?[^?]*\\?="_qs);
        for (const auto& match : word.globalMatch(QString::fromLatin1(line))) {
            QVERIFY2(match.capturedLength() <= 75, line.constData());
            const std::string one = decodeHeaderText(match.captured().toStdString());
            QVERIFY(one.find("\xEF\xBF\xBD") == std::string::npos);
        }
    }
    const ParsedMessage read = readMessage(built->bytes);
    QCOMPARE(QByteArray::fromStdString(read.to.front().address), QByteArray("otto@example.net"));
    QCOMPARE(read.to.size(), std::size_t(1));
    QCOMPARE(QString::fromStdString(read.subject).simplified(), words.simplified());
    QCOMPARE(QString::fromStdString(read.to.front().name).simplified(), words.simplified());
    QVERIFY(!header.contains("utf-8") || !words.toLatin1().contains("Plain"));
}

void MessageBuilderTest::writesInternationalAddresses()
{
    Draft d = draft();
    d.to = {{"J\xc3\xb6rg", "j\xc3\xb6rg@b\xc3\xbc"
                            "cher.example"},
            {"", "a,b@example.net"}};
    Identity from = identity();
    from.email = "mara@b\xc3\xbc"
                 "cher.example";
    const auto built = buildMessage(d, from, kNow);
    QVERIFY(built.has_value());
    QVERIFY(built->bytes.find("<j\xc3\xb6rg@xn--bcher-kva.example>") != std::string::npos);
    QVERIFY(built->bytes.find("\"a,b\"@example.net") != std::string::npos);
    QVERIFY(built->messageId.ends_with("@xn--bcher-kva.example"));
    d.to = {{"", "a@example.net,evil@example.org,b"}};
    QVERIFY(!buildMessage(d, identity(), kNow));
}

void MessageBuilderTest::asksForAReceipt()
{
    Draft d = draft();
    d.readReceipt = true;
    const auto built = buildMessage(d, identity(), kNow);
    QVERIFY(built.has_value());
    QVERIFY(built->bytes.find("Disposition-Notification-To: Mara Lind <mara@example.org>\r\n") !=
            std::string::npos);
}

QTEST_GUILESS_MAIN(MessageBuilderTest)
#include "MessageBuilderTest.moc"
