// SPDX-License-Identifier: GPL-3.0-or-later
// A message that was sent, and what came back about it: each leads to the other.
#include "SampleConversation.h"

#include "ui/reader/ConversationView.h"
#include "ui/reader/ReaderContext.h"
#include "ui/reader/ReaderPane.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace avocet;

namespace {

const std::string subject = "Offer";
const std::string sentId =
    "0.5@conversation.example"; // as addConversation() calls the first of this subject

/// Of a mail system that says nothing of what it answers but in the report itself.
std::string bounce(const std::string& about)
{
    return "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
           "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
           "Reporting-MTA: dns; mx.example\r\n\r\n"
           "Final-Recipient: rfc822; office@fjordworks.example\r\nAction: failed\r\nStatus: "
           "5.2.2\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <" +
           about + ">\r\nSubject: Offer\r\n--b--\r\n";
}

std::string receipt(const std::string& about)
{
    return "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n"
           "\r\n--b\r\n\r\nRead.\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
           "Final-Recipient: rfc822; bjorn@x.org\r\nOriginal-Message-ID: <" +
           about + ">\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n";
}

class Bench {
public:
    Bench()
    {
        qputenv("AVOCET_SECRETS", "file");
        const std::filesystem::path profile = m_directory.path().toStdString();
        SampleOptions options;
        options.inboxMessages = 5;
        const SampleProfile sample = fillProfile(profile, options);
        sent = addConversation(profile, sample,
                               {{"Anna Berg", "anna@fjordworks.example",
                                 plainBody("Here is our offer.\n"), true, true, true}},
                               subject)
                   .messages.front();
        const auto add = [&](const std::string& from, const std::string& body,
                             const std::string& title) {
            return addConversation(profile, sample, {{"System", from, body}}, title)
                .messages.front();
        };
        failure = add("MAILER-DAEMON@mx.example", bounce(sentId), "Undelivered");
        stranger = add("MAILER-DAEMON@mx.example", bounce("other@example.org"), "Undelivered mail");
        read = add("bjorn@x.org", receipt(sentId), "Read: Offer, today");
        engine = std::make_unique<MailEngine>(EngineOptions{profile, false});
        if (const Status opened = engine->open(); !opened)
            qFatal("the engine does not open: %s", opened.error().detail.c_str());
        reader = std::make_unique<ReaderPane>(*engine, m_settings);
        reader->setMarkReadAfter({});
        reader->show();
    }

    bool open(MessageId message)
    {
        reader->showMessage({}, message);
        return QTest::qWaitFor([this] { return reader->opened() != nullptr; }, 15'000);
    }
    const BarMessage* bar(const QString& key) const
    {
        const MessageCard* card = reader->conversation().current();
        auto* stack = card ? card->findChild<InfoBarStack*>() : nullptr;
        if (stack && stack->contains(key) && stack->count() > 1)
            Q_EMIT stack->findChild<InfoBar*>()->moreRequested(); // only the gravest is shown
        for (const InfoBar* each : card ? card->findChildren<InfoBar*>() : QList<InfoBar*>())
            if (!each->isHidden() && each->message().key == key)
                return &each->message();
        return nullptr;
    }
    QString words(const QString& key) const
    {
        const BarMessage* found = bar(key);
        return found ? found->text : QString();
    }
    void press(const QString& key, const QString& verb) const
    {
        const BarMessage* found = bar(key);
        QVERIFY(found);
        for (const BarAction& action : QList<BarAction>(found->actions))
            if (action.text == verb) {
                const auto run = action.run;
                run();
                return;
            }
        QFAIL(qPrintable(u"no action "_qs + verb));
    }

    MessageId sent, failure, stranger, read;
    std::unique_ptr<MailEngine> engine;
    std::unique_ptr<ReaderPane> reader;

private:
    QTemporaryDir m_directory;
    BodySettings m_settings;
};

const QString delivery = QStringLiteral("delivery");
const QString receipts = QStringLiteral("read");

} // namespace

class SentReportsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installTheme(*qApp, ThemeChoice::Light); }

    void theSentMessageTellsWhoDidNotGetIt()
    {
        Bench bench;
        QVERIFY(bench.open(bench.sent));
        QTRY_COMPARE(bench.words(delivery),
                     u"Not delivered to office@fjordworks.example: the mailbox is full."_qs);
        QSignalSpy windows(&bench.reader->context(), &ReaderContext::windowRequested);
        bench.press(delivery, u"Show report"_qs);
        QCOMPARE(windows.size(), 1);
        QCOMPARE(windows.front().at(1).value<MessageId>(), bench.failure);
    }

    void whatDidNotArriveIsSentAgainToThoseAlone()
    {
        Bench bench;
        QVERIFY(bench.open(bench.sent));
        QTRY_VERIFY(bench.bar(delivery));
        QStringList again;
        QObject::connect(&bench.reader->context(), &ReaderContext::resendRequested, &*bench.engine,
                         [&](const OpenedMessage& original, const QStringList& recipients) {
                             QCOMPARE(original.summary.id, bench.sent);
                             again = recipients;
                         });
        bench.press(delivery, u"Edit and resend"_qs);
        QCOMPARE(again, QStringList{u"office@fjordworks.example"_qs});
    }

    void theReportLeadsToWhatItIsAbout()
    {
        Bench bench;
        QVERIFY(bench.open(bench.failure));
        QSignalSpy windows(&bench.reader->context(), &ReaderContext::windowRequested);
        bench.press(delivery, u"Show message"_qs);
        QCOMPARE(windows.size(), 1);
        QCOMPARE(windows.front().at(1).value<MessageId>(), bench.sent);
    }

    void aReportAboutWhatIsNotHereOffersNothing()
    {
        Bench bench;
        QVERIFY(bench.open(bench.stranger));
        QVERIFY(bench.bar(delivery));
        QVERIFY(bench.bar(delivery)->actions.isEmpty());
    }

    void aReceiptIsTold()
    {
        Bench bench;
        QVERIFY(bench.open(bench.read));
        QVERIFY2(bench.words(receipts).startsWith(u"Read by bjorn@x.org, "_qs),
                 qPrintable(bench.words(receipts)));
        QVERIFY(bench.open(bench.sent));
        QTRY_VERIFY2(bench.words(receipts).startsWith(u"Read by bjorn@x.org, "_qs),
                     qPrintable(bench.words(receipts)));
    }
};

QTEST_MAIN(SentReportsTest)
#include "SentReportsTest.moc"
