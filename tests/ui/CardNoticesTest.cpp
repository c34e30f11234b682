// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/CardNotices.h"
#include "core/engine/Stores.h"

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
    void saysThatAListCouldNotBeReached();
    void asksBeforeAReceiptIsSent();
    void tellsNoTimeZoneInAReceipt();
    void asksForAReceiptOnce();
    void aReceiptIsFromTheAddressThatWasWrittenTo_data();
    void aReceiptIsFromTheAddressThatWasWrittenTo();
    void noReceiptWithoutAnAddress();
    void remembersAnAnswerAboutAReceipt_data();
    void remembersAnAnswerAboutAReceipt();
    void aReceiptThatWasNotSentIsAskedForAgain();
    void remembersThatAListWasLeft();
    void remembersThatAListIsKept_data();
    void remembersThatAListIsKept();
    void saysThatAListThatWasLeftStillSends();
    void leavesAListByMailAfterAQuestion();
    void saysNothingOfAnOrdinaryMessage();
    void leavingAListWaitsBehindOtherOffers();

private:
    void show(const QByteArray& raw, std::int64_t date = 0);
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

void CardNoticesTest::show(const QByteArray& raw, std::int64_t date)
{
    auto message = std::make_shared<OpenedMessage>();
    message->summary.date = date;
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

void CardNoticesTest::saysThatAListCouldNotBeReached()
{
    QByteArray gone;
    {
        WebServer server("");
        gone = server.url();
    }
    auto message = std::make_shared<OpenedMessage>();
    message->parsed = readMessage("From: News <news@shop.example>\n\nwords\n");
    message->insight.list.unsubscribeWeb = gone.toStdString();
    message->insight.list.unsubscribesAtOnce = true;
    m_notices->setMessage(message);
    press(u"Unsubscribe"_qs);
    press(u"Unsubscribe"_qs);
    QTRY_VERIFY2(words().contains(u"could not be reached"_qs), qPrintable(words()));
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

void CardNoticesTest::aReceiptIsFromTheAddressThatWasWrittenTo_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<QByteArray>("from");
    QTest::newRow("in To") << QByteArray("To: second@example.net\n")
                           << QByteArray("second@example.net");
    QTest::newRow("in Cc, in other letters")
        << QByteArray("To: x@x.org\nCc: SECOND@example.net\n") << QByteArray("second@example.net");
    QTest::newRow("as a blind copy")
        << QByteArray("Delivered-To: second@example.net\nTo: x@x.org\n")
        << QByteArray("second@example.net");
    QTest::newRow("with a plus") << QByteArray("To: second+shop@example.net\n")
                                 << QByteArray("second+shop@example.net");
}

void CardNoticesTest::aReceiptIsFromTheAddressThatWasWrittenTo()
{
    QFETCH(QByteArray, header);
    QFETCH(QByteArray, from);
    m_profile->addAccount("first@example.org");
    const AccountId second = m_profile->addAccount("second@example.net");
    show(header + "From: Anna <anna@x.org>\nMessage-ID: <1@x.org>\n"
                  "Disposition-Notification-To: anna@x.org\n\nwords\n");
    press(u"Send receipt"_qs);
    QTRY_COMPARE(m_profile->engine().queries().outbox().size(), std::size_t(1));
    const OutboxItem item = m_profile->engine().queries().outbox().front();
    QCOMPARE(item.account, second);
    auto stores = Stores::open(m_profile->path({}).toStdString(), Access::ReadOnly);
    QVERIFY(stores.has_value());
    const QByteArray raw = QByteArray::fromStdString((*stores)->outbox.message(item.id).value());
    QVERIFY2(raw.contains("<" + from + ">"), raw.constData());
    QVERIFY2(!raw.contains("first@example.org"), raw.constData());
}

void CardNoticesTest::noReceiptWithoutAnAddress()
{
    m_profile->addAccount("first@example.org");
    show("From: Anna <anna@x.org>\nTo: x@x.org\nMessage-ID: <1@x.org>\n"
         "Disposition-Notification-To: anna@x.org\n\nwords\n");
    press(u"Send receipt"_qs);
    QVERIFY2(words().contains(u"It was sent to none of your addresses"_qs), qPrintable(words()));
    QVERIFY(!m_profile->engine().queries().noticeAnswer("receipt", "1@x.org"));
}

void CardNoticesTest::remembersAnAnswerAboutAReceipt_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QByteArray>("answer");
    QTest::newRow("sent") << u"Send receipt"_qs << QByteArray("sent");
    QTest::newRow("not sent") << u"No"_qs << QByteArray("no");
}

/// Whatever the server keeps: this message lies on none.
void CardNoticesTest::remembersAnAnswerAboutAReceipt()
{
    QFETCH(QString, action);
    QFETCH(QByteArray, answer);
    m_profile->addAccount("me@example.org");
    const QByteArray raw = "From: Anna <anna@x.org>\nTo: me@example.org\nMessage-ID: <1@x.org>\n"
                           "Disposition-Notification-To: anna@x.org\n\nwords\n";
    show(raw);
    press(action);
    MailQueries& queries = m_profile->engine().queries();
    QTRY_VERIFY(queries.noticeAnswer("receipt", "1@x.org"));
    QCOMPARE(queries.noticeAnswer("receipt", "1@x.org")->answer, answer.toStdString());
    QCOMPARE(queries.outbox().size(), std::size_t(answer == "sent" ? 1 : 0));
    show(raw);
    QCOMPARE(words(), QString());
    show("From: Anna <anna@x.org>\nTo: me@example.org\nMessage-ID: <2@x.org>\n"
         "Disposition-Notification-To: anna@x.org\n\nwords\n");
    QVERIFY(words().contains(u"anna@x.org asks"_qs));
}

void CardNoticesTest::aReceiptThatWasNotSentIsAskedForAgain()
{
    const AccountId account = m_profile->addAccount("me@example.org");
    show("From: Anna <anna@x.org>\nTo: me@example.org\nMessage-ID: <1@x.org>\n"
         "Disposition-Notification-To: anna@x.org\n\nwords\n");
    // Before the window's own rows know that it has gone.
    m_profile->engine().submit(command::RemoveAccount{account});
    press(u"Send receipt"_qs);
    QTRY_VERIFY2(words().contains(u"The receipt could not be sent."_qs), qPrintable(words()));
    QVERIFY(!m_profile->engine().queries().noticeAnswer("receipt", "1@x.org"));
}

void CardNoticesTest::remembersThatAListWasLeft()
{
    WebServer server("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
    auto message = std::make_shared<OpenedMessage>();
    message->parsed = readMessage("From: News <news@shop.example>\n\nwords\n");
    message->insight.list.unsubscribeWeb = server.url().toStdString();
    message->insight.list.unsubscribesAtOnce = true;
    m_notices->setMessage(message);
    press(u"Unsubscribe"_qs);
    press(u"Unsubscribe"_qs);
    QTRY_VERIFY(m_profile->engine().queries().noticeAnswer("list", "news@shop.example"));
    m_notices->setMessage(message);
    QCOMPARE(words(), QString());
}

void CardNoticesTest::remembersThatAListIsKept_data()
{
    QTest::addColumn<bool>("closed");
    QTest::newRow("by its answer") << false;
    QTest::newRow("by closing the offer") << true;
}

void CardNoticesTest::remembersThatAListIsKept()
{
    QFETCH(bool, closed);
    const QByteArray raw = "From: News <news@shop.example>\nList-Id: News <News.shop.example>\n"
                           "List-Unsubscribe: <mailto:leave@shop.example>\n\nwords\n";
    show(raw);
    QVERIFY2(words().contains(u"News sends to a list."_qs), qPrintable(words()));
    if (closed) {
        Q_EMIT m_bars->closedByUser(u"list"_qs);
    } else {
        press(u"Unsubscribe"_qs);
        press(u"Keep"_qs);
    }
    QTRY_VERIFY(m_profile->engine().queries().noticeAnswer("list", "news.shop.example"));
    QCOMPARE(words(), QString());
    show(raw);
    QCOMPARE(words(), QString());
    QVERIFY(m_notices->canUnsubscribe()); // by the menu
    m_notices->askUnsubscribe();
    QVERIFY(words().contains(u"Unsubscribe from News?"_qs));
}

void CardNoticesTest::saysThatAListThatWasLeftStillSends()
{
    m_profile->run(command::RememberNotice{{"list", "news.shop.example", "left"}});
    const QByteArray raw = "From: News <news@shop.example>\nList-Id: News <news.shop.example>\n"
                           "List-Unsubscribe: <mailto:leave@shop.example>\n\nwords\n";
    const std::int64_t now = QDateTime::currentSecsSinceEpoch();
    show(raw, now + 86'400); // it may take some days
    QCOMPARE(words(), QString());
    show(raw, now + 30 * 86'400);
    QVERIFY2(words().contains(u"but it still sends."_qs), qPrintable(words()));
}

void CardNoticesTest::leavesAListByMailAfterAQuestion()
{
    m_profile->addAccount("me@example.org");
    show("From: News <news@shop.example>\nTo: me@example.org\nList-Id: News <news.shop.example>\n"
         "List-Unsubscribe: <mailto:leave@shop.example?subject=stop%20it&attach=/etc/passwd>\n\n"
         "words\n");
    QSignalSpy composed(&*m_context, &ReaderContext::mailtoRequested);
    press(u"Unsubscribe"_qs);
    QVERIFY2(words().contains(u"A message is sent to leave@shop.example."_qs), qPrintable(words()));
    QVERIFY(m_profile->engine().queries().outbox().empty());
    press(u"Unsubscribe"_qs);
    QTRY_COMPARE(m_profile->engine().queries().outbox().size(), std::size_t(1));
    const OutboxItem item = m_profile->engine().queries().outbox().front();
    QCOMPARE(item.recipients.front().address, std::string("leave@shop.example"));
    QCOMPARE(item.subject, std::string("stop it"));
    QCOMPARE(item.sender, std::string("me@example.org"));
    QCOMPARE(composed.size(), 0);
    QTRY_VERIFY(m_profile->engine().queries().noticeAnswer("list", "news.shop.example"));
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
