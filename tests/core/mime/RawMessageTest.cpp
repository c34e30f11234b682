// SPDX-License-Identifier: GPL-3.0-or-later
#include "BuilderSamples.h"
#include "core/mime/MessageBuilder.h"
#include "core/mime/MessageReader.h"
#include "core/mime/SafeTransfer.h"

#include <QtTest>

using namespace avocet;
using namespace avocet::test;

/// Messages that others built: what is taken out, what is added, and how they fit a server.
class RawMessageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesBccOutOfRawMessages_data();
    void takesBccOutOfRawMessages();
    void addsWhatIsMissing();
    void changesNothingElse();
    void refusesRawMessages_data();
    void refusesRawMessages();
    void redirectsWithoutChangingAByte();
    void makesRawMessagesFit_data();
    void makesRawMessagesFit();
    void encodesForServersOfSevenBits();
};

void RawMessageTest::takesBccOutOfRawMessages_data()
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

void RawMessageTest::takesBccOutOfRawMessages()
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

void RawMessageTest::addsWhatIsMissing()
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

void RawMessageTest::changesNothingElse()
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

void RawMessageTest::refusesRawMessages_data()
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

void RawMessageTest::refusesRawMessages()
{
    QFETCH(QByteArray, message);
    QFETCH(int, code);
    const auto built = prepareRaw(message.toStdString(), kNow);
    QVERIFY(!built.has_value());
    QCOMPARE(int(built.error().code), code);
}

void RawMessageTest::redirectsWithoutChangingAByte()
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

void RawMessageTest::makesRawMessagesFit_data()
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

void RawMessageTest::makesRawMessagesFit()
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

void RawMessageTest::encodesForServersOfSevenBits()
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

QTEST_GUILESS_MAIN(RawMessageTest)
#include "RawMessageTest.moc"
