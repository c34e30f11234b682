// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageBuilder.h"
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
    void takesBccOutOfRawMessages_data();
    void takesBccOutOfRawMessages();
    void addsWhatIsMissing();
    void changesNothingElse();
    void refusesRawMessages_data();
    void refusesRawMessages();
    void answersTheRightPeople_data();
    void answersTheRightPeople();
    void answersTheList_data();
    void answersTheList();
    void prefixesSubjectsOnce_data();
    void prefixesSubjectsOnce();
    void quotesAndContinuesTheThread();
    void forwardsWithAttachments();
    void forwardsAsAFile();
    void enclosesAMessageAsAMessage_data();
    void enclosesAMessageAsAMessage();
    void foretellsItsSize_data();
    void foretellsItsSize();
    void tellsOfTheWritersComputerWhatIsWished();
    void quotesFormattedTextWithItsPictures();
    void quotesTheSelectionAlone();
    void signsWhereTheIdentityWants_data();
    void signsWhereTheIdentityWants();
    void sendsFormattedTextWithPictures();
    void takesUpWhatItBuilt();
    void redirectsWithoutChangingAByte();
    void writesHeadersThatAnybodyReads_data();
    void writesHeadersThatAnybodyReads();
    void writesInternationalAddresses();
    void asksForAReceipt();
    void makesRawMessagesFit_data();
    void makesRawMessagesFit();
    void encodesForServersOfSevenBits();
};

namespace {

constexpr std::int64_t kNow = 1'795'438'246;

Identity identity()
{
    Identity result;
    result.name = "Mara Lind";
    result.email = "mara@example.org";
    return result;
}

Draft draft()
{
    Draft result;
    result.to = {{"Otto", "otto@example.net"}};
    result.subject = "Lunch";
    result.text = "At noon?\n";
    return result;
}

QByteArray listed(const std::vector<Address>& list)
{
    QByteArrayList cells;
    for (const Address& address : list)
        cells << QByteArray::fromStdString(address.name + "|" + address.address);
    return cells.join(';');
}

/// Lines end with CRLF, none is longer than RFC 5322 allows, and the header is ASCII.
void verifyWellFormed(const std::string& bytes)
{
    std::size_t start = 0;
    bool header = true;
    while (start < bytes.size()) {
        const std::size_t end = bytes.find('\n', start);
        QVERIFY(end != std::string::npos);
        QVERIFY(end > start && bytes[end - 1] == '\r');
        QVERIFY(end - start <= 999);
        const std::string line = bytes.substr(start, end - 1 - start);
        QVERIFY(line.find('\r') == std::string::npos);
        header = header && !line.empty();
        for (const char c : line)
            QVERIFY(!header || static_cast<unsigned char>(c) < 0x80);
        start = end + 1;
    }
}

} // namespace

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

void MessageBuilderTest::takesBccOutOfRawMessages_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("kept");
    QTest::addColumn<QByteArray>("bcc");
    QTest::newRow("one field") << QByteArray("Bcc: s@example.net\r\n") << QByteArray()
                               << QByteArray("s@example.net");
    QTest::newRow("folded over lines")
        << QByteArray("BCC: s@example.net,\r\n\tt@example.net\r\n") << QByteArray()
        << QByteArray("s@example.net,\tt@example.net");
    QTest::newRow("two fields") << QByteArray(
                                       "bcc: s@example.net\r\nX-A: b\r\nBcc: t@example.net\r\n")
                                << QByteArray("X-A: b\r\n")
                                << QByteArray("s@example.net, t@example.net");
    QTest::newRow("an empty field") << QByteArray("Bcc:\r\n") << QByteArray() << QByteArray();
    QTest::newRow("resent") << QByteArray("Resent-Bcc: s@example.net\r\n") << QByteArray()
                            << QByteArray();
    QTest::newRow("a space before the colon")
        << QByteArray("Bcc : s@example.net\r\n") << QByteArray() << QByteArray("s@example.net");
}

void MessageBuilderTest::takesBccOutOfRawMessages()
{
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, kept);
    QFETCH(QByteArray, bcc);
    const std::string before = "From: mara@example.org\r\nTo: otto@example.net\r\n";
    const std::string after =
        "Date: Tue, 3 Nov 2026 09:15:00 +0100\r\nMessage-ID: <1@x>\r\n\r\nBcc: body\r\n";
    const auto built = prepareRaw(before + fields.toStdString() + after, kNow);
    QVERIFY(built.has_value());
    QCOMPARE(QByteArray::fromStdString(built->bytes),
             QByteArray::fromStdString(before) + kept + QByteArray::fromStdString(after));
    QCOMPARE(QByteArray::fromStdString(built->bcc), bcc);
    QCOMPARE(built->sender, std::string("mara@example.org"));
    QCOMPARE(built->messageId, std::string("1@x"));
}

void MessageBuilderTest::addsWhatIsMissing()
{
    const auto built = prepareRaw("From: mara@example.org\nCc: otto@example.net\n\nhi", kNow);
    QVERIFY(built.has_value());
    const ParsedMessage read = readMessage(built->bytes);
    QCOMPARE(read.date.value_or(0), kNow);
    QCOMPARE(read.messageId, built->messageId);
    QVERIFY(read.messageId.ends_with("@example.org"));
    QVERIFY(built->bytes.ends_with("\r\n\r\nhi\r\n"));
    const auto other = prepareRaw("From: mara@example.org\nCc: otto@example.net\n\nhi", kNow);
    QVERIFY(other->messageId != built->messageId);
}

void MessageBuilderTest::changesNothingElse()
{
    const std::string message =
        "X-Odd  : \t kept  \r\nfrom: =?utf-8?q?M=C3=A4ra?= <mara@example.org>\r\n"
        "To: Otto <otto@example.net>,\r\n  \"Two\" <two@example.net>\r\n"
        "DATE: yesterday\r\nMessage-id: <1@x>\r\n\r\n\r\n body \t\r\n\r\n";
    const auto built = prepareRaw(message, kNow);
    QVERIFY(built.has_value());
    QCOMPARE(QByteArray::fromStdString(built->bytes), QByteArray::fromStdString(message));
    QCOMPARE(built->recipients, (std::vector<std::string>{"otto@example.net", "two@example.net"}));
}

void MessageBuilderTest::refusesRawMessages_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<int>("code");
    QTest::newRow("no From") << QByteArray("To: a@b.c\n\nhi") << int(ErrorCode::InvalidInput);
    QTest::newRow("no recipient") << QByteArray("From: a@b.c\n\nTo: x@y.z")
                                  << int(ErrorCode::NoRecipients);
    QTest::newRow("only a group") << QByteArray("From: a@b.c\nTo: undisclosed:;\n\nhi")
                                  << int(ErrorCode::NoRecipients);
    QTest::newRow("nothing") << QByteArray() << int(ErrorCode::InvalidInput);
}

void MessageBuilderTest::refusesRawMessages()
{
    QFETCH(QByteArray, message);
    QFETCH(int, code);
    const auto built = prepareRaw(message.toStdString(), kNow);
    QVERIFY(!built.has_value());
    QCOMPARE(int(built.error().code), code);
}

void MessageBuilderTest::answersTheRightPeople_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<bool>("all");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("cc");
    const QByteArray base =
        "From: a@x.org\nTo: mara@example.org, b@x.org\nCc: c@x.org, MARA@example.org\n";
    QTest::newRow("a reply goes to the sender")
        << base << false << QByteArray("|a@x.org") << QByteArray();
    QTest::newRow("a reply to all leaves ourselves out")
        << base << true << QByteArray("|a@x.org") << QByteArray("|b@x.org;|c@x.org");
    QTest::newRow("Reply-To goes before From")
        << base + "Reply-To: list@x.org\n"
        << false << QByteArray("|list@x.org") << QByteArray();
    QTest::newRow("our own message is answered to its recipients")
        << QByteArray("From: mara@example.org\nTo: b@x.org\nCc: c@x.org\n") << true
        << QByteArray("|b@x.org") << QByteArray("|c@x.org");
    QTest::newRow("nobody is there twice")
        << QByteArray("From: a@x.org\nTo: a@x.org, b@x.org\nCc: b@x.org\n") << true
        << QByteArray("|a@x.org") << QByteArray("|b@x.org");
    QTest::newRow("groups without addresses are no recipients")
        << QByteArray("From: a@x.org\nTo: undisclosed-recipients:;\n") << true
        << QByteArray("|a@x.org") << QByteArray();
}

void MessageBuilderTest::answersTheRightPeople()
{
    QFETCH(QByteArray, header);
    QFETCH(bool, all);
    QFETCH(QByteArray, to);
    QFETCH(QByteArray, cc);
    const std::string raw = header.toStdString() + "Subject: s\n\nhi\n";
    const Draft d = draftReply(all ? ReplyKind::ReplyAll : ReplyKind::Reply, raw, readMessage(raw),
                               identity(), {"mara@example.org"}, "They wrote:");
    QCOMPARE(listed(d.to), to);
    QCOMPARE(listed(d.cc), cc);
}

void MessageBuilderTest::answersTheList_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("to");
    QTest::newRow("its address") << QByteArray("List-Post: <mailto:list@x.org>\n")
                                 << QByteArray("|list@x.org");
    QTest::newRow("escaped, with a subject")
        << QByteArray("List-Post: <mailto:a%2Blist@x.org?subject=Re%3A%20it>\n")
        << QByteArray("|a+list@x.org");
    QTest::newRow("nobody may write to it")
        << QByteArray("List-Post: NO (moderated)\n") << QByteArray("|a@x.org");
    QTest::newRow("several addresses smuggled in")
        << QByteArray("List-Post: <mailto:a@x.org%2Cb@x.org>\n") << QByteArray("|a@x.org");
    QTest::newRow("no list") << QByteArray() << QByteArray("|a@x.org");
}

void MessageBuilderTest::answersTheList()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, to);
    const std::string raw =
        "From: a@x.org\nTo: list@x.org\nCc: c@x.org\n" + field.toStdString() + "Subject: s\n\nhi\n";
    const Draft d = draftReply(ReplyKind::ReplyList, raw, readMessage(raw), identity(),
                               {"mara@example.org"}, "They wrote:");
    QCOMPARE(listed(d.to), to);
    QCOMPARE(listed(d.cc), QByteArray());
}

void MessageBuilderTest::prefixesSubjectsOnce_data()
{
    QTest::addColumn<QByteArray>("subject");
    QTest::addColumn<bool>("forward");
    QTest::addColumn<QByteArray>("wanted");
    const auto row = [](const char* name, const char* subject, bool forward, const char* wanted) {
        QTest::newRow(name) << QByteArray(subject) << forward << QByteArray(wanted);
    };
    row("a first reply", "Lunch", false, "Re: Lunch");
    row("a reply to a reply", "RE: Lunch", false, "Re: Lunch");
    row("replies in other languages", "AW: Re: Lunch", false, "Re: Lunch");
    row("counted replies", "Re[4]: Lunch", false, "Re: Lunch");
    row("a first forward", "Lunch", true, "Fwd: Lunch");
    row("a forward of a forward", "FW: Fwd: Lunch", true, "Fwd: Lunch");
    row("a forward of a reply", "Re: Lunch", true, "Fwd: Re: Lunch");
    row("no subject", "", false, "Re:");
    row("a word that begins so", "Reality: a check", false, "Re: Reality: a check");
}

void MessageBuilderTest::prefixesSubjectsOnce()
{
    QFETCH(QByteArray, subject);
    QFETCH(bool, forward);
    QFETCH(QByteArray, wanted);
    ParsedMessage message;
    message.subject = subject.toStdString();
    const Draft d = draftReply(forward ? ReplyKind::Forward : ReplyKind::Reply, "", message,
                               identity(), {}, "");
    QCOMPARE(QByteArray::fromStdString(d.subject), wanted);
}

void MessageBuilderTest::quotesAndContinuesTheThread()
{
    const std::string raw =
        "From: a@x.org\nMessage-ID: <3@x>\nReferences: <1@x> <2@x>\nIn-Reply-To: <2@x>\n"
        "Subject: s\n\none\n\n> two\n-- \nsignature\n";
    const Draft d =
        draftReply(ReplyKind::Reply, raw, readMessage(raw), identity(), {}, "Anna wrote:");
    QCOMPARE(d.inReplyTo, std::string("3@x"));
    QCOMPARE(d.references, (std::vector<std::string>{"1@x", "2@x", "3@x"}));
    QVERIFY2(d.text.find("Anna wrote:\n> one\n>\n>> two") != std::string::npos, d.text.c_str());
    QVERIFY(d.text.find("signature") == std::string::npos);
    QVERIFY(!d.forwards);
}

void MessageBuilderTest::forwardsWithAttachments()
{
    const std::string raw =
        "From: \"Anna B.\" <a@x.org>\nTo: b@x.org\nDate: Tue, 3 Nov 2026 09:15:00 +0100\n"
        "Subject: pictures\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nlook\n--b\n"
        "Content-Type: image/png; name=p.png\nContent-Transfer-Encoding: base64\n\nQUJD\n--b--\n";
    const Draft d =
        draftReply(ReplyKind::Forward, raw, readMessage(raw), identity(), {}, "Forwarded:");
    QVERIFY(d.forwards);
    QVERIFY(d.to.empty());
    QVERIFY2(
        d.text.find("Forwarded:\nFrom: Anna B. <a@x.org>\nDate: Tue, 3 Nov 2026 09:15:00 +0100\n"
                    "Subject: pictures\nTo: b@x.org\n\nlook") != std::string::npos,
        d.text.c_str());
    QCOMPARE(d.attachments.size(), std::size_t{1});
    QCOMPARE(d.attachments[0].name, std::string("p.png"));
    QCOMPARE(d.attachments[0].data, std::string("ABC"));
}

void MessageBuilderTest::forwardsAsAFile()
{
    const std::string raw = "From: a@x.org\r\nSubject: s: t\r\n\r\nlook\r\n";
    ReplyOptions options;
    options.asAttachment = true;
    Draft d = draftReply(ReplyKind::Forward, raw, readMessage(raw), identity(), {}, "Fwd", options);
    QCOMPARE(d.attachments.size(), std::size_t{1});
    QCOMPARE(d.attachments[0].data, raw);
    QVERIFY(QByteArray::fromStdString(d.attachments[0].name).endsWith(".eml"));
    d.to = {{"", "b@x.org"}};
    const auto built = buildMessage(d, identity(), kNow);
    QVERIFY(built && built->bytes.find(raw) != std::string::npos);
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

namespace {

const std::string kPage =
    "From: a@x.org\r\nTo: mara@example.org\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
    "<p>Hello <b>you</b></p><p><img src=cid:cat@x alt=Cat width=20><script>x</script></p>"
    "<img src=https://t.org/p.png>\r\n--b\r\n"
    "Content-Type: image/png; name=cat.png\r\nContent-ID: <cat@x>\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b--\r\n";

} // namespace

void MessageBuilderTest::quotesFormattedTextWithItsPictures()
{
    ReplyOptions options;
    options.rich = true;
    const Draft d = draftReply(ReplyKind::Reply, kPage, readMessage(kPage), identity(), {},
                               "Anna wrote:", options);
    QCOMPARE(d.attachments.size(), std::size_t{1});
    QCOMPARE(d.attachments[0].data, std::string("ABC"));
    QVERIFY(!d.attachments[0].contentId.empty() && d.attachments[0].contentId != "cat@x");
    QVERIFY2(d.html.find("<div>Anna wrote:</div>\n<blockquote") != d.html.npos, d.html.c_str());
    QVERIFY(d.html.find("<div>Hello <b>you</b></div>") != d.html.npos);
    QVERIFY(d.html.find("<img src=\"cid:" + d.attachments[0].contentId +
                        "\" alt=\"Cat\" width=\"20\">") != d.html.npos);
    QVERIFY(d.html.find("t.org") == d.html.npos && d.html.find("script") == d.html.npos);
    QVERIFY2(d.text.find("Anna wrote:\n> Hello you\n>\n> [Cat]") != d.text.npos, d.text.c_str());
    // In plain text no picture is shown: none comes along.
    const Draft plain = draftReply(ReplyKind::Reply, kPage, readMessage(kPage), identity(), {}, "");
    QVERIFY(plain.attachments.empty() && plain.html.empty());
}

void MessageBuilderTest::quotesTheSelectionAlone()
{
    ReplyOptions options;
    options.selection = "only\nthis";
    options.below = true;
    const Draft d =
        draftReply(ReplyKind::Reply, kPage, readMessage(kPage), identity(), {}, "A:", options);
    QCOMPARE(d.text, std::string("A:\n> only\n> this\n\n"));
}

void MessageBuilderTest::signsWhereTheIdentityWants_data()
{
    QTest::addColumn<bool>("above");
    QTest::addColumn<bool>("below");
    QTest::addColumn<bool>("dashes");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("under the quote")
        << false << false << true << QByteArray("\n\nA:\n> x\n\n-- \nMara");
    QTest::newRow("above the quote")
        << true << false << true << QByteArray("\n\n-- \nMara\n\nA:\n> x");
    QTest::newRow("under the answer")
        << true << true << true << QByteArray("A:\n> x\n\n\n\n-- \nMara");
    QTest::newRow("without dashes") << true << false << false << QByteArray("\n\nMara\n\nA:\n> x");
}

void MessageBuilderTest::signsWhereTheIdentityWants()
{
    QFETCH(bool, above);
    QFETCH(bool, below);
    QFETCH(bool, dashes);
    QFETCH(QByteArray, text);
    Identity mara = identity();
    mara.signature = "Mara\n";
    mara.signatureAbove = above;
    mara.signatureDashes = dashes;
    ReplyOptions options;
    options.sign = true;
    options.below = below;
    options.selection = "x";
    const Draft d =
        draftReply(ReplyKind::Reply, kPage, readMessage(kPage), mara, {}, "A:", options);
    QCOMPARE(QByteArray::fromStdString(d.text), text);
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

void MessageBuilderTest::redirectsWithoutChangingAByte()
{
    const std::string body = "DKIM-Signature: x\r\nFrom: a@x.org\r\nTo: mara@example.org\r\n"
                             "Message-ID: <1@x>\r\nSubject: s\r\n\r\nwords \r\n";
    const auto built =
        buildRedirect("Return-Path: <a@x.org>\r\nBcc: s@x.org\r\n" + body, identity(),
                      {{"Otto", "otto@example.net"}}, {}, {{"", "blind@example.net"}}, kNow);
    QVERIFY(built.has_value());
    verifyWellFormed(built->bytes);
    QVERIFY(built->bytes.ends_with("\r\n" + body));
    const std::string resent = built->bytes.substr(0, built->bytes.size() - body.size());
    QVERIFY2(resent.find("Resent-To: Otto <otto@example.net>\r\n") != resent.npos, resent.c_str());
    QVERIFY(headerField(resent, "Resent-Date") && headerField(resent, "Resent-From"));
    QVERIFY(resent.find("<" + built->messageId + ">") != resent.npos);
    QVERIFY(built->messageId != "1@x");
    QVERIFY(resent.find("s@x.org") == resent.npos && resent.find("blind@") == resent.npos);
    QCOMPARE(built->recipients,
             (std::vector<std::string>{"otto@example.net", "blind@example.net"}));
    QCOMPARE(built->sender, identity().email);
    QVERIFY(withBcc(built->bytes, built->bcc).starts_with("Resent-Bcc: blind@example.net\r\n"));
    QVERIFY(!buildRedirect(body, identity(), {}, {}, {}, kNow));
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

void MessageBuilderTest::makesRawMessagesFit_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("wanted"); ///< empty: refused
    const QByteArray head = "From: a@b.c\nTo: x@y.z\nDate: yesterday\nMessage-ID: <1@x>\n";
    const QByteArray longLine = QByteArray("word ").repeated(400) + "end\n";
    QTest::newRow("a long line of a plain text")
        << head + "\n" + longLine << QByteArray("charset=us-ascii\r\n\r\nword word");
    QTest::newRow("a long line of 8-bit text")
        << head +
               "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: "
               "8bit\n\n\xc3\xa4" +
               longLine
        << QByteArray("Content-Transfer-Encoding: quoted-printable\r\nMIME-Version: "
                      "1.0\r\n\r\n=C3=A4word");
    QTest::newRow("a header of many addresses on one line")
        << head + "Cc: " + QByteArray("person@example.org, ").repeated(90) +
               "last@example.org\n\nhi\n"
        << QByteArray(",\r\n person@example.org");
    QTest::newRow("one word of 2,000 letters in a header")
        << head + "Subject: " + QByteArray(2000, 's') + "\n\nhi\n"
        << QByteArray();
    QTest::newRow("a long line in what is signed")
        << head + "Content-Type: multipart/signed; boundary=b\n\n--b\n\n" + longLine + "--b--\n"
        << QByteArray();
    QTest::newRow("a long line behind a DKIM signature")
        << "DKIM-Signature: v=1\n" + head + "\n" + longLine << QByteArray();
    QTest::newRow("a long line in one of two parts")
        << head + "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nshort \n--b\n\n" + longLine +
               "\n--b--\n"
        << QByteArray("--b\r\n\r\nshort \r\n--b\r\nContent-Transfer-Encoding: "
                      "quoted-printable\r\n\r\nword");
}

void MessageBuilderTest::makesRawMessagesFit()
{
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, wanted);
    const auto built = prepareRaw(message.toStdString(), kNow);
    QCOMPARE(built.has_value(), !wanted.isEmpty());
    if (!built) {
        QCOMPARE(built.error().code, ErrorCode::InvalidInput);
        return;
    }
    const QByteArray bytes = QByteArray::fromStdString(built->bytes);
    for (const QByteArray& line : bytes.split('\n'))
        QVERIFY(line.size() <= 999);
    QVERIFY2(bytes.contains(wanted), bytes.constData());
    const ParsedMessage before = readMessage(message.toStdString());
    const ParsedMessage after = readMessage(built->bytes);
    QCOMPARE(QByteArray::fromStdString(after.text), QByteArray::fromStdString(before.text));
    QCOMPARE(after.cc.size(), before.cc.size());
}

void MessageBuilderTest::encodesForServersOfSevenBits()
{
    const std::string head = "From: a@b.c\r\nTo: x@y.z\r\n";
    const std::string text =
        head + "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 8bit\r\n"
               "\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\ngr\xc3\xbc\xc3\x9f"
               "e and more words\r\n--b--\r\n";
    const auto safe = mime::safeForTransfer(text, mime::Transfer::SevenBit);
    QVERIFY(safe.has_value());
    QVERIFY(safe->find("boundary=b\r\nContent-Transfer-Encoding: 7bit\r\n") != std::string::npos);
    QVERIFY(safe->find("gr=C3=BC=C3=9Fe and more words\r\n--b--") != std::string::npos);
    QCOMPARE(readMessage(*safe).text, readMessage(text).text);
    QCOMPARE(mime::safeForTransfer(text, mime::Transfer::ShortLines).value(), text);
    QVERIFY(!mime::safeForTransfer("Subject: gr\xc3\xbc\r\n\r\nhi\r\n", mime::Transfer::SevenBit));
}

QTEST_GUILESS_MAIN(MessageBuilderTest)
#include "MessageBuilderTest.moc"
