// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Reports.h"

#include <QtTest>

using namespace avocet;

class ReportsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsDeliveryReports_data();
    void readsDeliveryReports();
    void readsReceipts_data();
    void readsReceipts();
    void readsWhoAsksForOne_data();
    void readsWhoAsksForOne();
    void buildsAReceiptThatItReads();
    void refusesLineBreaksInAReceipt();
    void staysBounded();
};

namespace {

std::string reportOf(const std::string& status, const std::string& original = {})
{
    return "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report; "
           "report-type=delivery-status; boundary=b\n\n--b\n\n"
           "It failed.\n--b\nContent-Type: message/delivery-status\n\n" +
           status + "\n--b\n" + original + "\n--b--\n";
}

QByteArray described(const std::optional<DeliveryReport>& report)
{
    if (!report)
        return "nothing";
    QByteArrayList words;
    for (const RecipientReport& r : report->recipients)
        words << QByteArray::fromStdString(r.recipient) + '/' +
                     QByteArray::number(static_cast<int>(r.action)) + '/' +
                     QByteArray::fromStdString(r.status) + '/' +
                     QByteArray::fromStdString(r.diagnostic) + '/' +
                     QByteArray::fromStdString(r.server);
    words << QByteArray::fromStdString(report->reporter)
          << QByteArray::fromStdString(report->messageId)
          << QByteArray::fromStdString(report->subject);
    return words.join('|');
}

} // namespace

void ReportsTest::readsDeliveryReports_data()
{
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, const std::string& message, const char* expected) {
        QTest::newRow(name) << QByteArray::fromStdString(message) << QByteArray(expected);
    };
    const std::string head = "Reporting-MTA: dns; mx.example\nArrival-Date: today\n\n";
    row("one that failed, with the whole message",
        reportOf(head + "Final-Recipient: rfc822; a@x.example\nOriginal-Recipient: "
                        "rfc822;b@y.example\nAction: failed\nStatus: "
                        "5.1.1 (unknown)\nRemote-MTA: dns; mail.x.example\nDiagnostic-Code: smtp; "
                        "550 5.1.1 no such\n user\n",
                 "Content-Type: message/rfc822\n\nSubject: =?utf-8?Q?H=C3=A4?=\nMessage-ID: "
                 "<1@me.example>\n\nbody\n"),
        "b@y.example/0/5.1.1/550 5.1.1 no such user/mail.x.example|mx.example|1@me.example|Hä");
    row("several, with the header alone",
        reportOf(head + "Final-Recipient: rfc822;a@x.example\nAction: delayed\nStatus: "
                        "4.4.1\n\nFinal-Recipient: "
                        "rfc822;c@x.example\nAction: Delivered (to mailbox)\nStatus: 2.0.0\n",
                 "Content-Type: text/rfc822-headers\n\nMessage-ID: <2@me.example>\n"),
        "a@x.example/1/4.4.1//|c@x.example/2/2.0.0//|mx.example|2@me.example|");
    row("CRLF and blanks in the empty line",
        reportOf("Reporting-MTA: dns; mx.example\r\n \r\nFinal-Recipient: rfc822; "
                 "a@x.example\r\nAction: failed\r\n"),
        "a@x.example/0///|mx.example||");
    row("all fields in one block",
        reportOf("Reporting-MTA: dns;mx\nFinal-Recipient: rfc822;a@x.example\nAction: failed\n"),
        "a@x.example/0///|mx||");
    row("no action, no report",
        reportOf(head + "Final-Recipient: rfc822;a@x.example\nStatus: 5.0.0\n"), "nothing");
    row("a bounce of an older server",
        "From: Mail Delivery System <x@mx.example>\nX-Failed-Recipients: a@x.example,\n "
        "b@x.example\n\nSorry.\n",
        "a@x.example/0///|b@x.example/0///|||");
    row("an ordinary message", "Subject: x\n\nbody\n", "nothing");
    row("a report that somebody forwards",
        "Content-Type: multipart/mixed; boundary=f\n\n--f\nContent-Type: message/rfc822\n\n" +
            reportOf(head + "Final-Recipient: rfc822;a@x.example\nAction: failed\n") + "--f--\n",
        "nothing");
    row("a status that is no code, cut in the middle of a character (found by the fuzzer)",
        reportOf("Final-Recipient: rfc822;a@x.example\nAction: delayed\n"
                 "Status: 3\xD3\xD3\xD3\xD3\xD3\xD3\xD3\xD3\xD3\xD3.4.1\n"),
        "a@x.example/1///|||");
    row("control characters are taken out",
        reportOf("Final-Recipient: rfc822;a\x01@x.example\nAction: failed\nDiagnostic-Code: smtp; "
                 "\xE2\x80\xAE"
                 "evil\n"),
        "a@x.example/0//evil/|||");
}

void ReportsTest::readsDeliveryReports()
{
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, expected);
    const std::string raw = message.toStdString();
    QCOMPARE(described(readDeliveryReport(raw, readMessage(raw))), expected);
}

void ReportsTest::readsReceipts_data()
{
    QTest::addColumn<QByteArray>("fields");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("shown, by a person")
        << QByteArray(
               "Final-Recipient: rfc822;a@x.example\nOriginal-Message-ID: <1@me>\nDisposition: "
               "manual-action/MDN-sent-manually; displayed\n")
        << QByteArray("a@x.example 1@me shown person");
    QTest::newRow("deleted unseen, by a program")
        << QByteArray("Final-Recipient: rfc822;a@x.example\nDisposition: "
                      "automatic-action/MDN-sent-automatically;deleted\n")
        << QByteArray("a@x.example ");
    QTest::newRow("no disposition")
        << QByteArray("Final-Recipient: rfc822;a@x.example\n") << QByteArray("nothing");
}

void ReportsTest::readsReceipts()
{
    QFETCH(QByteArray, fields);
    QFETCH(QByteArray, expected);
    const std::string raw =
        "Content-Type: multipart/report; boundary=b\n\n--b\n\nseen\n--b\nContent-Type: "
        "message/disposition-notification\n\n" +
        fields.toStdString() + "\n--b--\n";
    const auto receipt = readReadReceipt(raw, readMessage(raw));
    QByteArray found = "nothing";
    if (receipt)
        found = QByteArray::fromStdString(receipt->recipient) + ' ' +
                QByteArray::fromStdString(receipt->messageId) +
                (receipt->displayed ? " shown" : "") + (receipt->bySomebody ? " person" : "");
    QCOMPARE(found, expected);
}

void ReportsTest::readsWhoAsksForOne_data()
{
    QTest::addColumn<QByteArray>("field");
    QTest::addColumn<QByteArray>("expected");
    QTest::newRow("nobody") << QByteArray("X: y\n") << QByteArray();
    QTest::newRow("the sender") << QByteArray(
                                       "Disposition-Notification-To: Mara <Mara@example.org>\n")
                                << QByteArray("Mara@example.org");
    QTest::newRow("somebody else") << QByteArray("Disposition-Notification-To: x@evil.example\n")
                                   << QByteArray("x@evil.example elsewhere");
    QTest::newRow("no address") << QByteArray("Disposition-Notification-To: yes\n") << QByteArray();
    QTest::newRow("in the body") << QByteArray("\nDisposition-Notification-To: a@b.example\n")
                                 << QByteArray();
}

void ReportsTest::readsWhoAsksForOne()
{
    QFETCH(QByteArray, field);
    QFETCH(QByteArray, expected);
    const std::string raw = "From: mara@example.org\n" + field.toStdString() + "\nbody\n";
    const auto request = receiptRequest(raw, readMessage(raw));
    QByteArray found;
    if (request)
        found = QByteArray::fromStdString(request->to.front().address) +
                (request->elsewhere ? " elsewhere" : "");
    QCOMPARE(found, expected);
}

void ReportsTest::buildsAReceiptThatItReads()
{
    const ParsedMessage seen = readMessage("Message-ID: <1@example.org>\nSubject: x\n\n");
    Identity identity;
    identity.name = "Otto Größe";
    identity.email = "otto@example.net";
    const auto built =
        buildReadReceipt({{{"Mara", "mara@example.org"}}, false}, seen, identity, "Gelesen: ä",
                         "Ihre Nachricht wurde geöffnet.\n", 1'700'000'000);
    QVERIFY(built);
    QCOMPARE(built->sender, std::string());
    QCOMPARE(built->recipients, std::vector<std::string>{"mara@example.org"});
    QCOMPARE(built->bytes.find('\n'), built->bytes.find("\r\n") + 1);
    const ParsedMessage message = readMessage(built->bytes);
    QVERIFY(message.notes.empty());
    QCOMPARE(message.subject, std::string("Gelesen: ä"));
    QCOMPARE(message.from.front().name, identity.name);
    QCOMPARE(message.text, std::string("Ihre Nachricht wurde geöffnet.\n"));
    QCOMPARE(message.parts.size(), std::size_t{3});
    QCOMPARE(message.parts[0].type, std::string("multipart/report"));
    const auto receipt = readReadReceipt(built->bytes, message);
    QVERIFY(receipt);
    QCOMPARE(receipt->recipient, identity.email);
    QCOMPARE(receipt->messageId, std::string("1@example.org"));
    QVERIFY(receipt->displayed && receipt->bySomebody);
}

void ReportsTest::refusesLineBreaksInAReceipt()
{
    Identity identity;
    identity.email = "otto@example.net";
    const ParsedMessage seen = readMessage("Message-ID: <1@example.org>\n\n");
    QVERIFY(!buildReadReceipt({{{"Mara", "mara@example.org\r\nBcc: x@y.example"}}, false}, seen,
                              identity, "x", "y", 0));
    QVERIFY(!buildReadReceipt({{{"Mara", "mara@example.org"}}, false}, seen, identity,
                              "x\nBcc: x@y.example", "y", 0));
}

void ReportsTest::staysBounded()
{
    std::string many = "Reporting-MTA: dns; mx\n\n";
    for (int i = 0; i < 50'000; ++i)
        many += "Final-Recipient: rfc822;a@x.example\nAction: failed\n\n";
    const std::string raw = reportOf(many);
    const auto report = readDeliveryReport(raw, readMessage(raw));
    QVERIFY(report);
    QCOMPARE(report->recipients.size(), std::size_t{1000});
}

QTEST_GUILESS_MAIN(ReportsTest)
#include "ReportsTest.moc"
