// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/CardNotices.h"
#include "core/engine/Stores.h"

#include "tests/ui/support/ProfileFixture.h"
#include "ui/reader/ReaderContext.h"
#include "ui/theme/InfoBar.h"

#include <QTcpServer>
#include <QTcpSocket>

#include <ctime>

using namespace avocet;

namespace {

/// Answers each request with `answer` and keeps what was asked.
class WebServer {
public:
    explicit WebServer(const QByteArray& answer)
    {
        QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this, answer] {
            QTcpSocket* socket = m_server.nextPendingConnection();
            QObject::connect(socket, &QTcpSocket::readyRead, socket, [this, socket, answer] {
                asked += socket->readAll();
                if (asked.endsWith("One-Click")) {
                    socket->write(answer);
                    socket->disconnectFromHost();
                }
            });
        });
        m_server.listen(QHostAddress::LocalHost);
    }
    QByteArray url() const
    {
        return "http://localhost:" + QByteArray::number(m_server.serverPort()) + "/leave?who=7";
    }
    QByteArray asked;

private:
    QTcpServer m_server;
};

} // namespace

class CardNoticesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void saysWhatIsDoubtful_data();
    void saysWhatIsDoubtful();
    void saysWhyAMessageDidNotArrive();
    void leavesANewsletterByOneRequestAfterAQuestion();
    void aRedirectIsNoUnsubscription();
    void asksBeforeAReceiptIsSent();
    void tellsNoTimeZoneInAReceipt();
    void asksForAReceiptOnce();
    void saysNothingOfAnOrdinaryMessage();
    void leavingAListWaitsBehindOtherOffers();

private:
    void show(const QByteArray& raw);
    QString words() const
    {
        QStringList all;
        for (const InfoBar* bar : m_bars->findChildren<InfoBar*>())
            if (!bar->isHidden()) // else it is on its way out
                all.append(bar->message().text);
        return all.join(u'\n');
    }
    void press(const QString& text)
    {
        for (const InfoBar* bar : m_bars->findChildren<InfoBar*>())
            for (const BarAction& action : bar->message().actions)
                if (action.text == text) {
                    const auto run = action.run; // the bar goes
                    run();
                    return;
                }
        QFAIL(qPrintable(u"no action "_qs + text + u" in "_qs + words()));
    }

    QWidget m_window;
    BodySettings m_bodies;
    std::unique_ptr<ProfileFixture> m_profile;
    std::unique_ptr<ReaderContext> m_context;
    std::unique_ptr<InfoBarStack> m_bars;
    std::unique_ptr<CardNotices> m_notices;
};

void CardNoticesTest::init()
{
    m_profile = std::make_unique<ProfileFixture>();
    m_context = std::make_unique<ReaderContext>(m_profile->engine(), m_bodies, nullptr);
    m_context->unsubscriber().allowPrivateAddresses();
    m_bars = std::make_unique<InfoBarStack>(&m_window);
    m_notices = std::make_unique<CardNotices>(*m_context, *m_bars, nullptr);
}

void CardNoticesTest::cleanup()
{
    m_notices.reset();
    m_bars.reset();
    m_context.reset();
    m_profile.reset();
}

void CardNoticesTest::show(const QByteArray& raw)
{
    auto message = std::make_shared<OpenedMessage>();
    message->raw = raw.toStdString();
    message->parsed = readMessage(message->raw);
    message->hasBody = true;
    message->insight = insightInto(message->raw, message->parsed);
    message->insight.receiptWish = receiptRequest(message->raw, message->parsed);
    m_notices->setMessage(message);
}

void CardNoticesTest::saysWhatIsDoubtful_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QString>("words");
    QTest::newRow("a name that is another's address")
        << QByteArray("From: \"boss@bank.example\" <thief@evil.test>\n")
        << u"The name shows boss@bank.example, but the message comes from thief@evil.test."_qs;
    QTest::newRow("letters that look like others")
        << QByteArray("From: Apple <a@xn--pple-43d.com>\n") << u"It is really xn--pple-43d.com"_qs;
    QTest::newRow("replies that go elsewhere")
        << QByteArray("From: a@example.org\nReply-To: b@evil.test\n")
        << u"Replies go to b@evil.test, not to the sender a@example.org."_qs;
    QTest::newRow("no sender") << QByteArray("Subject: x\n") << u"does not say who sent it"_qs;
}

void CardNoticesTest::saysWhatIsDoubtful()
{
    QFETCH(QByteArray, header);
    QFETCH(QString, words);
    show(header + "\nwords\n");
    QVERIFY2(this->words().contains(words), qPrintable(this->words()));
}

void CardNoticesTest::saysWhyAMessageDidNotArrive()
{
    show("From: MAILER-DAEMON@mx.example\nTo: me@example.org\nSubject: Undelivered\n"
         "MIME-Version: 1.0\n"
         "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
         "--b\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\n"
         "Reporting-MTA: dns; mx.example\n\n"
         "Final-Recipient: rfc822; anna@x.org\nAction: failed\nStatus: 5.2.2\n"
         "Diagnostic-Code: smtp; 552 5.2.2 over quota\n--b--\n");
    QVERIFY2(words().contains(u"Not delivered to anna@x.org: the mailbox is full."_qs),
             qPrintable(words()));
}

void CardNoticesTest::leavesANewsletterByOneRequestAfterAQuestion()
{
    WebServer server("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
    auto message = std::make_shared<OpenedMessage>();
    message->parsed = readMessage("From: News <news@shop.example>\n\nwords\n");
    message->insight.list.unsubscribeWeb = server.url().toStdString();
    message->insight.list.unsubscribesAtOnce = true;
    m_notices->setMessage(message);
    press(u"Unsubscribe"_qs);
    QVERIFY(server.asked.isEmpty());
    QVERIFY2(words().contains(u"localhost is told so"_qs), qPrintable(words()));
    press(u"Unsubscribe"_qs);
    QTRY_VERIFY2(words().contains(u"Unsubscribed from News."_qs), qPrintable(words()));
    QVERIFY2(server.asked.startsWith("POST /leave?who=7 HTTP/1.1\r\n"), server.asked.constData());
    QVERIFY(server.asked.endsWith("\r\n\r\nList-Unsubscribe=One-Click"));
    const QByteArray lower = server.asked.toLower();
    QVERIFY(lower.contains("content-type: application/x-www-form-urlencoded"));
    for (const char* told : {"cookie", "authorization", "referer", "accept-language: e"})
        QVERIFY2(!lower.contains(told), server.asked.constData());
}

void CardNoticesTest::aRedirectIsNoUnsubscription()
{
    WebServer server("HTTP/1.1 302 Found\r\nLocation: http://localhost:1/\r\n"
                     "Content-Length: 0\r\n\r\n");
    auto message = std::make_shared<OpenedMessage>();
    message->parsed = readMessage("From: News <news@shop.example>\n\nwords\n");
    message->insight.list.unsubscribeWeb = server.url().toStdString();
    message->insight.list.unsubscribesAtOnce = true;
    m_notices->setMessage(message);
    press(u"Unsubscribe"_qs);
    press(u"Unsubscribe"_qs);
    QTRY_VERIFY2(words().contains(u"News did not take it."_qs), qPrintable(words()));
}

void CardNoticesTest::asksBeforeAReceiptIsSent()
{
    m_profile->addAccount("me@example.org");
    show("From: Anna <anna@x.org>\nTo: me@example.org\nSubject: Plans\nMessage-ID: <1@x.org>\n"
         "Disposition-Notification-To: anna@x.org\n\nwords\n");
    QVERIFY2(words().contains(u"anna@x.org asks to be told that you have read this."_qs),
             qPrintable(words()));
    QVERIFY(m_profile->engine().queries().outbox().empty());
    press(u"Send receipt"_qs);
    QTRY_COMPARE(m_profile->engine().queries().outbox().size(), std::size_t(1));
    const OutboxItem item = m_profile->engine().queries().outbox().front();
    QCOMPARE(item.subject, std::string("Read: Plans"));
    QCOMPARE(item.sender, std::string());
    QCOMPARE(item.recipients.front().address, std::string("anna@x.org"));
    QVERIFY(words().isEmpty());
}

void CardNoticesTest::tellsNoTimeZoneInAReceipt()
{
    qputenv("TZ", "Pacific/Chatham");
    tzset();
    m_profile->addAccount("me@example.org");
    m_context->setSendingStyle([] { return SendingStyle{true, false}; });
    show("From: Anna <anna@x.org>\nTo: me@example.org\nSubject: Plans\nMessage-ID: <1@x.org>\n"
         "Disposition-Notification-To: anna@x.org\n\nwords\n");
    press(u"Send receipt"_qs);
    QTRY_COMPARE(m_profile->engine().queries().outbox().size(), std::size_t(1));
    auto stores = Stores::open(m_profile->path({}).toStdString(), Access::ReadOnly);
    const auto raw = (*stores)->outbox.message(m_profile->engine().queries().outbox().front().id);
    QVERIFY(raw.has_value());
    const ParsedMessage read = readMessage(*raw);
    QCOMPARE(read.dateOffset, 0);
    QVERIFY2(read.text.find("UTC") != std::string::npos, read.text.c_str());
}

void CardNoticesTest::asksForAReceiptOnce()
{
    m_profile->addAccount("me@example.org");
    auto message = std::make_shared<OpenedMessage>();
    message->raw = "From: Anna <anna@x.org>\nTo: me@example.org\nMessage-ID: <1@x.org>\n"
                   "Disposition-Notification-To: anna@x.org\n\nwords\n";
    message->parsed = readMessage(message->raw);
    message->insight = insightInto(message->raw, message->parsed);
    message->insight.receiptWish = receiptRequest(message->raw, message->parsed);
    message->hasBody = true;
    m_notices->setMessage(message);
    QVERIFY(words().contains(u"anna@x.org asks"_qs));
    auto answered = std::make_shared<OpenedMessage>(*message);
    answered->summary.flags = MdnSent;
    m_notices->setMessage(answered);
    QCOMPARE(words(), QString());
}

void CardNoticesTest::saysNothingOfAnOrdinaryMessage()
{
    show("From: Anna <anna@x.org>\nTo: me@example.org\nSubject: Plans\n\nwords\n");
    QCOMPARE(words(), QString());
}

void CardNoticesTest::leavingAListWaitsBehindOtherOffers()
{
    show("From: News <news@shop.example>\nList-Unsubscribe: "
         "<https://shop.example/leave>\n\nwords\n");
    QCOMPARE(words(), u"News sends to a list."_qs);
    m_bars->show({u"pictures"_qs, Severity::Info, u"Pictures were not loaded"_qs, {}, true});
    QVERIFY2(words().startsWith(u"Pictures were not loaded"_qs), qPrintable(words()));
}

QTEST_MAIN(CardNoticesTest)
#include "CardNoticesTest.moc"
