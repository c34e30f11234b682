// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/ReplyBuilder.h"
#include "BuilderSamples.h"
#include "core/mime/MessageBuilder.h"
#include "core/mime/MessageReader.h"

#include <QtTest>

using namespace avocet;
using namespace avocet::test;

/// Whom an answer goes to, and what it and a forwarded message hold.
class ReplyBuilderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answersTheRightPeople_data();
    void answersTheRightPeople();
    void answersTheList_data();
    void answersTheList();
    void prefixesSubjectsOnce_data();
    void prefixesSubjectsOnce();
    void quotesAndContinuesTheThread();
    void forwardsWithAttachments();
    void forwardsAsAFile();
    void quotesFormattedTextWithItsPictures();
    void quotesTheSelectionAlone();
    void signsWhereTheIdentityWants_data();
    void signsWhereTheIdentityWants();
};

namespace {

const std::string kPage =
    "From: a@x.org\r\nTo: mara@example.org\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
    "Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n"
    "<p>Hello <b>you</b></p><p><img src=cid:cat@x alt=Cat width=20><script>x</script></p>"
    "<img src=https://t.org/p.png>\r\n--b\r\n"
    "Content-Type: image/png; name=cat.png\r\nContent-ID: <cat@x>\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b--\r\n";

} // namespace

void ReplyBuilderTest::answersTheRightPeople_data()
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

void ReplyBuilderTest::answersTheRightPeople()
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

void ReplyBuilderTest::answersTheList_data()
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

void ReplyBuilderTest::answersTheList()
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

void ReplyBuilderTest::prefixesSubjectsOnce_data()
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

void ReplyBuilderTest::prefixesSubjectsOnce()
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

void ReplyBuilderTest::quotesAndContinuesTheThread()
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

void ReplyBuilderTest::forwardsWithAttachments()
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

void ReplyBuilderTest::forwardsAsAFile()
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

void ReplyBuilderTest::quotesFormattedTextWithItsPictures()
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

void ReplyBuilderTest::quotesTheSelectionAlone()
{
    ReplyOptions options;
    options.selection = "only\nthis";
    options.below = true;
    const Draft d =
        draftReply(ReplyKind::Reply, kPage, readMessage(kPage), identity(), {}, "A:", options);
    QCOMPARE(d.text, std::string("A:\n> only\n> this\n\n"));
}

void ReplyBuilderTest::signsWhereTheIdentityWants_data()
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

void ReplyBuilderTest::signsWhereTheIdentityWants()
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

QTEST_GUILESS_MAIN(ReplyBuilderTest)
#include "ReplyBuilderTest.moc"
