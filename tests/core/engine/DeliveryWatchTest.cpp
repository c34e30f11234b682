// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/DeliveryWatch.h"

#include <QTemporaryDir>
#include <QTest>

using namespace avocet;

class DeliveryWatchTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void aReportTellsWhoDidNotGetIt();
    void aReportOfSuccessIsNoBounce();
    void strangersWordsChangeNothing_data();
    void strangersWordsChangeNothing();
    void whatArrivesProvesThatAnUncertainMessageLeft_data();
    void whatArrivesProvesThatAnUncertainMessageLeft();

private:
    static std::string report(const char* recipient, const char* action, const char* messageId,
                              const char* from = "MAILER-DAEMON@mx.test");
    void arrive(const std::string& raw, const char* from = "MAILER-DAEMON@mx.test",
                const std::string& messageId = {});
    void becomeUncertain(RecipientState second);
    OutboxItem sent() { return m_stores->outbox.find(m_item).value(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<Stores> m_stores;
    FolderId m_inbox;
    OutboxId m_item;
    std::uint32_t m_uid = 0;
    int m_told = 0;
    std::vector<OutboxId> m_proven;
};

void DeliveryWatchTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    auto stores = Stores::open(m_folder->path().toStdString(), Access::ReadWrite);
    QVERIFY(stores.has_value());
    m_stores = std::move(*stores);
    Account account;
    account.fullName = "Anna";
    account.email = account.user = "anna@example.org";
    account.id = m_stores->accounts.add(account).value();
    Folder inbox;
    inbox.account = account.id;
    inbox.mailbox = inbox.path = "INBOX";
    inbox.role = FolderRole::Inbox;
    QVERIFY(m_stores->folders.replaceAll(account.id, {inbox}).has_value());
    m_inbox = m_stores->folders.findByRole(account.id, FolderRole::Inbox)->id;
    OutboxItem item;
    item.account = account.id;
    item.messageIdHeader = "sent-1@example.org";
    item.sender = "anna@example.org";
    item.subject = "Hello";
    item.recipients = {{"bo@x.org", RecipientState::Pending, {}},
                       {"cy@x.org", RecipientState::Pending, {}}};
    m_item = m_stores->outbox.add(item, "bytes").value();
    item.id = m_item;
    for (auto& recipient : item.recipients)
        recipient.state = RecipientState::Accepted;
    for (const OutboxState state :
         {OutboxState::Sending, OutboxState::Committing, OutboxState::Sent, OutboxState::Done}) {
        item.state = state;
        QVERIFY(m_stores->outbox.save(item).has_value());
    }
    m_told = 0;
    m_proven.clear();
}

void DeliveryWatchTest::cleanup()
{
    m_stores.reset();
    m_folder.reset();
}

std::string DeliveryWatchTest::report(const char* recipient, const char* action,
                                      const char* messageId, const char* from)
{
    return std::string("From: ") + from +
           "\r\nTo: anna@example.org\r\nSubject: Report\r\nMIME-Version: 1.0\r\n"
           "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
           "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
           "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
           "Reporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; " +
           recipient + "\r\nAction: " + action +
           "\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
           "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <" +
           messageId + ">\r\nSubject: Hello\r\n\r\n--b--\r\n";
}

void DeliveryWatchTest::arrive(const std::string& raw, const char* from,
                               const std::string& messageId)
{
    NewMessage row;
    row.uid = ++m_uid;
    row.messageIdHeader = messageId.empty() ? std::to_string(m_uid) + "@mx.test" : messageId;
    row.from = {{"", from}};
    const auto inserted = m_stores->messages.insert(m_inbox, std::span(&row, 1));
    QVERIFY(inserted.has_value());
    const MessageId message = inserted->appeared.front();
    QVERIFY(m_stores->bodies.put(message, raw).has_value());
    DeliveryWatch watch(
        *m_stores, [this](const auto&) { ++m_told; },
        [this](OutboxId item) {
            m_proven.push_back(item);
            OutboxItem known = *m_stores->outbox.find(item);
            settleUncertain(known);
            QVERIFY(m_stores->outbox.save(known).has_value());
        });
    watch.look({message});
}

void DeliveryWatchTest::aReportTellsWhoDidNotGetIt()
{
    arrive(report("BO@x.org", "failed", "sent-1@example.org"));
    const OutboxItem item = sent();
    QVERIFY(item.state == OutboxState::Done);
    QVERIFY(item.recipients[0].state == RecipientState::Bounced);
    QVERIFY(item.recipients[0].reply.find("no such user") != std::string::npos);
    QVERIFY(item.recipients[1].state == RecipientState::Accepted);
    QCOMPARE(m_told, 1);
    arrive(report("bo@x.org", "failed", "sent-1@example.org")); // once is enough
    QCOMPARE(m_told, 1);
}

void DeliveryWatchTest::aReportOfSuccessIsNoBounce()
{
    arrive(report("cy@x.org", "delivered", "sent-1@example.org"));
    QVERIFY(sent().recipients[1].state == RecipientState::Delivered);
    arrive(report("bo@x.org", "delayed", "sent-1@example.org"));
    QVERIFY(sent().recipients[0].state == RecipientState::Accepted);
}

void DeliveryWatchTest::strangersWordsChangeNothing_data()
{
    QTest::addColumn<QString>("raw");
    QTest::addColumn<QString>("from");
    const auto daemon = QStringLiteral("MAILER-DAEMON@mx.test");
    QTest::newRow("another message")
        << QString::fromStdString(report("bo@x.org", "failed", "other@example.org")) << daemon;
    QTest::newRow("somebody who was no recipient")
        << QString::fromStdString(report("di@x.org", "failed", "sent-1@example.org")) << daemon;
    QTest::newRow("a person") << QString::fromStdString(
                                     report("bo@x.org", "failed", "sent-1@example.org"))
                              << QStringLiteral("mallory@x.org");
    QTest::newRow("no report") << QStringLiteral("Subject: hi\r\n\r\nhi\r\n") << daemon;
}

void DeliveryWatchTest::strangersWordsChangeNothing()
{
    QFETCH(QString, raw);
    QFETCH(QString, from);
    arrive(raw.toStdString(), from.toUtf8().constData());
    for (const OutboxRecipient& recipient : sent().recipients)
        QVERIFY(recipient.state == RecipientState::Accepted);
    QCOMPARE(m_told, 0);
}

/// Another message to the same two, of which nobody knows whether it left.
void DeliveryWatchTest::becomeUncertain(RecipientState second)
{
    OutboxItem item = sent();
    item.state = OutboxState::Queued;
    item.messageIdHeader = "sent-2@example.org";
    item.recipients = {{"bo@x.org", RecipientState::Pending, {}},
                       {"cy@x.org", RecipientState::Pending, {}}};
    m_item = m_stores->outbox.add(item, "bytes").value();
    item.id = m_item;
    item.recipients[0].state = RecipientState::Uncertain;
    item.recipients[1].state = second;
    for (const OutboxState state :
         {OutboxState::Sending, OutboxState::Committing, OutboxState::Uncertain}) {
        item.state = state;
        QVERIFY(m_stores->outbox.save(item).has_value());
    }
}

void DeliveryWatchTest::whatArrivesProvesThatAnUncertainMessageLeft_data()
{
    QTest::addColumn<QString>("second");
    QTest::addColumn<QString>("arrives");
    QTest::addColumn<QString>("becomes");
    QTest::newRow("the message itself") << u"uncertain"_qs << u"copy"_qs << u"sent"_qs;
    QTest::newRow("the message, and one was told to wait")
        << u"deferred"_qs << u"copy"_qs << u"queued"_qs;
    QTest::newRow("the message, and one has it from before")
        << u"accepted"_qs << u"copy"_qs << u"uncertain"_qs;
    QTest::newRow("a report about it") << u"uncertain"_qs << u"report"_qs << u"sent"_qs;
    QTest::newRow("another message") << u"uncertain"_qs << u"other"_qs << u"uncertain"_qs;
}

void DeliveryWatchTest::whatArrivesProvesThatAnUncertainMessageLeft()
{
    QFETCH(QString, second);
    QFETCH(QString, arrives);
    becomeUncertain(*recipientStateFromName(second.toStdString()));
    if (arrives == u"report")
        arrive(report("bo@x.org", "failed", "sent-2@example.org"));
    else
        arrive("From: anna@example.org\r\n\r\nHello\r\n", "anna@example.org",
               arrives == u"copy" ? "sent-2@example.org" : "sent-3@example.org");
    QTEST(QString::fromLatin1(name(sent().state)), "becomes");
    if (arrives == u"report")
        QVERIFY(sent().recipients[0].state == RecipientState::Bounced);
}

QTEST_GUILESS_MAIN(DeliveryWatchTest)
#include "DeliveryWatchTest.moc"
