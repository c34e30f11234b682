// SPDX-License-Identifier: GPL-3.0-or-later
// What the composer keeps, asks and warns of on the way from the first word to the outbox.
#include "core/engine/Stores.h"
#include "tests/ui/support/ProfileFixture.h"
#include "ui/compose/AttachmentStrip.h"
#include "ui/compose/ComposeActions.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposeEditor.h"
#include "ui/compose/ComposeWindow.h"
#include "ui/compose/DraftSaver.h"
#include "ui/compose/RecipientField.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"

#include <QDateTime>
#include <QFile>
#include <QLabel>
#include <QMenu>
#include <QPointer>
#include <QSemaphore>
#include <QThreadPool>

#include <algorithm>
#include <ctime>
#include <memory>

using namespace avocet;

class ComposeSendingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void savesWhatIsTypedDuringASlowSave();
    void waitsForAFileBeforeItCloses();
    void staysOpenWhereAFileCannotBeRead();
    void keepsTheTimeOfAScheduledMessage();
    void sendsAtOnceWhereThatIsWished();
    void forgetsATimeThatIsPast();
    void storesTheFormatAndNothingElse();
    void remindsWhereADraftIsReopened_data();
    void remindsWhereADraftIsReopened();
    void asksForNothingThatWasAnswered();
    void keepsItsQuestionWhenTheColoursChange();
    void asksForReportsOfOneMessage();
    void warnsOfAMessageThatTheServerWouldRefuse();
    void showsWhoStandsInTwoFieldsOnce();
    void sendsTheDateAndTheProgramAsTheSettingsSay_data();
    void sendsTheDateAndTheProgramAsTheSettingsSay();

private:
    MailEngine& engine() { return m_profile->engine(); }
    Draft fresh(const std::string& subject = "Hello");
    void open(Draft draft, const ComposeSettings& settings = {});
    DraftId save(const Draft& draft);
    ComposeBody* body() { return m_window->findChild<ComposeBody*>(); }
    AttachmentStrip* strip() { return m_window->findChild<AttachmentStrip*>(); }
    InfoBarStack* bars() { return m_window->findChild<InfoBarStack*>(); }
    QString barText();
    void pressBar(const QString& action);
    QAction* sendAction(const QString& words);
    QString file(const QString& name, const QByteArray& content);

    std::unique_ptr<ProfileFixture> m_profile;
    QPointer<ComposeWindow> m_window;
    AccountId m_account;
};

void ComposeSendingTest::init()
{
    m_profile = std::make_unique<ProfileFixture>();
    m_account = m_profile->addAccount("anna@example.org");
}

void ComposeSendingTest::cleanup()
{
    delete m_window;
    m_profile.reset();
}

/// Ready to be sent but for its text.
Draft ComposeSendingTest::fresh(const std::string& subject)
{
    Draft draft = newDraft(composeContext(engine().queries()));
    draft.to = {{"", "bjorn@example.org"}};
    draft.subject = subject;
    return draft;
}

void ComposeSendingTest::open(Draft draft, const ComposeSettings& settings)
{
    m_window = new ComposeWindow(engine(), std::move(draft), settings);
    m_window->show();
}

DraftId ComposeSendingTest::save(const Draft& draft)
{
    const auto reply = m_profile->run(command::SaveDraft{draft});
    return DraftId{reply ? reply->value(QLatin1String("draftId")).toInteger() : 0};
}

QString ComposeSendingTest::barText()
{
    for (const InfoBar* bar : m_window->findChildren<InfoBar*>())
        if (!bar->isHidden()) // else it is on its way out
            return bar->message().text;
    return {};
}

void ComposeSendingTest::pressBar(const QString& action)
{
    for (const InfoBar* bar : m_window->findChildren<InfoBar*>())
        for (Button* button : bar->findChildren<Button*>())
            if (!bar->isHidden() && button->text() == action) {
                button->click();
                return;
            }
    QFAIL(qPrintable(u"no button "_qs + action));
}

QAction* ComposeSendingTest::sendAction(const QString& words)
{
    auto* menu = m_window->findChild<IconButton*>(u"sendMenu"_qs)->menu();
    Q_EMIT menu->aboutToShow();
    for (QAction* action : menu->actions())
        if (action->text() == words)
            return action;
    return nullptr;
}

QString ComposeSendingTest::file(const QString& name, const QByteArray& content)
{
    QFile file(m_profile->path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(file.fileName()));
    return file.fileName();
}

void ComposeSendingTest::savesWhatIsTypedDuringASlowSave()
{
    open(fresh());
    auto* saver = m_window->findChild<DraftSaver*>();
    const auto timersRest = [saver] {
        const auto timers = saver->findChildren<QTimer*>();
        return !timers.isEmpty() && std::none_of(timers.begin(), timers.end(),
                                                 [](QTimer* timer) { return timer->isActive(); });
    };
    auto stores = Stores::open(m_profile->path({}).toStdString(), Access::ReadWrite);
    QVERIFY(stores.has_value());
    bool typed = false;
    const Status held = (*stores)->user->transaction([&]() -> Status {
        QTest::keyClicks(body(), u"One"_qs);
        const bool saving = QTest::qWaitFor(timersRest); // does not end as long as this goes on
        QTest::keyClicks(body(), u" two"_qs);
        typed = saving && QTest::qWaitFor(timersRest);
        return {};
    });
    QVERIFY(held && typed);
    const auto text = [this] {
        const auto drafts = engine().queries().drafts();
        return drafts.empty() ? std::string() : drafts.front().text;
    };
    QTRY_COMPARE(text(), std::string("One two"));
    QTRY_VERIFY(m_window->isSaved()); // the answer comes behind what it tells of
}

void ComposeSendingTest::waitsForAFileBeforeItCloses()
{
    const QString path = file(u"slow.txt"_qs, "every byte");
    QThreadPool& pool = *QThreadPool::globalInstance();
    QSemaphore release;
    for (int i = 0; i < pool.maxThreadCount(); ++i)
        pool.start([&release] { release.acquire(); });
    open(newDraft(composeContext(engine().queries())));
    m_window->attachFiles({path});
    m_window->close();
    QTest::qWait(0); // what would close it comes with the events
    QVERIFY(m_window && m_window->isVisible());
    release.release(pool.maxThreadCount());
    QTRY_VERIFY(!m_window);
    const auto drafts = engine().queries().drafts();
    QCOMPARE(drafts.size(), std::size_t(1));
    QCOMPARE(drafts.front().attachments.size(), std::size_t(1));
}

void ComposeSendingTest::staysOpenWhereAFileCannotBeRead()
{
    open(newDraft(composeContext(engine().queries())));
    m_window->attachFiles({m_profile->path(u"missing.txt"_qs)});
    m_window->close();
    QTRY_VERIFY(barText().contains(u"missing.txt"_qs));
    QVERIFY(m_window->isVisible());
    QVERIFY(!body()->isReadOnly());
}

void ComposeSendingTest::keepsTheTimeOfAScheduledMessage()
{
    Draft draft = fresh();
    draft.sendAt = QDateTime::currentSecsSinceEpoch() + 90'000;
    draft.text = "words";
    draft.id = save(draft);
    open(*engine().queries().draft(draft.id));
    const auto* when = m_window->findChild<QLabel*>(u"sendTime"_qs);
    QVERIFY(when->isVisible());
    QVERIFY2(when->text().startsWith(u"Sends "_qs), qPrintable(when->text()));
    QTest::keyClicks(body(), u"More "_qs);
    m_window->saveNow();
    QTRY_VERIFY(m_window->isSaved());
    QCOMPARE(engine().queries().draft(draft.id)->sendAt, draft.sendAt);
    m_window->send();
    QTRY_VERIFY(!m_window);
    const auto outbox = engine().queries().outbox();
    QCOMPARE(outbox.size(), std::size_t(1));
    QVERIFY(outbox.front().hold == OutboxHold::Later);
    QCOMPARE(outbox.front().notBefore, draft.sendAt);
}

void ComposeSendingTest::sendsAtOnceWhereThatIsWished()
{
    Draft draft = fresh();
    draft.sendAt = QDateTime::currentSecsSinceEpoch() + 90'000;
    open(draft);
    QAction* now = sendAction(u"Send now"_qs);
    QVERIFY(now);
    now->trigger();
    QTRY_VERIFY(!m_window);
    QVERIFY(engine().queries().outbox().front().hold == OutboxHold::None);
}

void ComposeSendingTest::forgetsATimeThatIsPast()
{
    Draft draft = fresh();
    draft.sendAt = QDateTime::currentSecsSinceEpoch() - 60;
    open(draft);
    QVERIFY(!m_window->findChild<QLabel*>(u"sendTime"_qs)->isVisible());
    QVERIFY(!sendAction(u"Send now"_qs));
    QCOMPARE(m_window->draft().sendAt, 0);
}

void ComposeSendingTest::storesTheFormatAndNothingElse()
{
    open(fresh());
    Identity changed = engine().queries().identities().front();
    changed.name = "Anna Berg-Lund";
    changed.signature = "new";
    QVERIFY(m_profile->run(command::SaveIdentity{changed}));
    Q_EMIT m_window->findChild<ComposeEditor*>()->richChosen(false);
    const auto stored = [this] { return engine().queries().identities().front(); };
    QTRY_VERIFY(stored().format == TextFormat::Plain);
    QCOMPARE(stored().name, changed.name);
    QCOMPARE(stored().signature, changed.signature);
}

void ComposeSendingTest::remindsWhereADraftIsReopened_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("forwards");
    QTest::addColumn<bool>("reminds");
    QTest::newRow("the user's own words") << u"It is attached."_qs << false << true;
    QTest::newRow("words that were quoted")
        << u"Yes\n\nAnhang GmbH wrote:\n> It is attached."_qs << false << false;
    QTest::newRow("words in the signature") << u"Yes\n\n-- \nAttachment Ltd"_qs << false << false;
    QTest::newRow("words that were forwarded")
        << u"See below\n\nFrom: a@x.org\nSubject: s\n\nIt is attached."_qs << true << false;
    QTest::newRow("words above what is forwarded")
        << u"It is attached.\n\nFrom: a@x.org\nSubject: s\n\nHello"_qs << true << true;
}

void ComposeSendingTest::remindsWhereADraftIsReopened()
{
    QFETCH(QString, text);
    QFETCH(bool, forwards);
    QFETCH(bool, reminds);
    Draft draft = fresh();
    draft.text = text.toStdString();
    draft.html.clear();
    draft.forwards = forwards;
    draft.id = save(draft);
    open(*engine().queries().draft(draft.id));
    m_window->send();
    if (reminds)
        QCOMPARE(barText(), u"You mention an attachment."_qs);
    else
        QTRY_VERIFY(!m_window);
}

void ComposeSendingTest::asksForNothingThatWasAnswered()
{
    open(fresh({}));
    QTest::keyClicks(body(), u"See the attached invoice"_qs);
    m_window->send();
    QCOMPARE(barText(), u"There is no subject, and you mention an attachment."_qs);
    pressBar(u"Attach"_qs);
    strip()->add({"a.txt", "text/plain", "x", {}}); // what the dialog would bring
    m_window->send();
    QTRY_VERIFY(!m_window);
    QCOMPARE(engine().queries().outbox().size(), std::size_t(1));
}

void ComposeSendingTest::keepsItsQuestionWhenTheColoursChange()
{
    open(fresh({}));
    QTest::keyClicks(body(), u"See you"_qs);
    m_window->send();
    QCOMPARE(barText(), u"This message has no subject."_qs);
    QPalette palette = body()->palette();
    palette.setColor(QPalette::Text, Qt::darkGreen);
    body()->setPalette(palette);
    QCOMPARE(barText(), u"This message has no subject."_qs);
}

void ComposeSendingTest::asksForReportsOfOneMessage()
{
    open(fresh());
    QVERIFY(!sendAction(u"Ask for a read receipt"_qs)->isChecked());
    sendAction(u"Tell me when it is delivered"_qs)->trigger();
    sendAction(u"Ask for a read receipt"_qs)->trigger();
    QVERIFY(sendAction(u"Ask for a read receipt"_qs)->isChecked());
    m_window->saveNow();
    QTRY_VERIFY(m_window->isSaved() && m_window->draftId());
    const auto stored = engine().queries().draft(m_window->draftId());
    QVERIFY(stored->reportDelivery && stored->readReceipt);
    m_window->send();
    QTRY_VERIFY(!m_window);
    const OutboxItem item = engine().queries().outbox().front();
    QVERIFY(item.reportDelivery);
    const auto back = m_profile->run(command::EditOutbox{item.id});
    QVERIFY(back);
    open(*engine().queries().draft(DraftId{back->value(QLatin1String("draftId")).toInteger()}));
    QVERIFY(sendAction(u"Tell me when it is delivered"_qs)->isChecked());
    QVERIFY(sendAction(u"Ask for a read receipt"_qs)->isChecked());
}

void ComposeSendingTest::warnsOfAMessageThatTheServerWouldRefuse()
{
    {
        auto stores = Stores::open(m_profile->path({}).toStdString(), Access::ReadWrite);
        SendingFacts facts;
        facts.maxSize = 2'000'000;
        QVERIFY((*stores)->outboxPolicy.setFacts(m_account, facts).has_value());
    }
    open(fresh());
    strip()->add({"a.bin", "application/octet-stream", std::string(1'400'000, 'a'), {}});
    QVERIFY(bars()->isHidden()); // encoded it is 1.9 MB
    strip()->add({"b.bin", "application/octet-stream", std::string(2'100'000, 'b'), {}});
    QTRY_COMPARE(barText(), u"This message is 5 MB; the server takes 2 MB."_qs);
    pressBar(u"Remove attachments"_qs);
    QVERIFY(strip()->attachments().empty());
    QVERIFY(!bars()->contains(u"size"_qs));
    pressBar(u"Put back"_qs);
    QCOMPARE(strip()->attachments().size(), std::size_t(2));
    QVERIFY(bars()->contains(u"size"_qs));
}

void ComposeSendingTest::showsWhoStandsInTwoFieldsOnce()
{
    Draft draft = fresh();
    draft.to = {{"", "a@X.org"}};
    draft.cc = {{"", "a@x.org"}, {"", "c@x.org"}};
    draft.bcc = {{"", "C@x.org"}};
    open(draft);
    const Draft shown = m_window->draft();
    QCOMPARE(shown.to.size(), std::size_t(1));
    QCOMPARE(shown.cc.size(), std::size_t(1));
    QCOMPARE(shown.cc.front().address, std::string("c@x.org"));
    QVERIFY(shown.bcc.empty());
}

void ComposeSendingTest::sendsTheDateAndTheProgramAsTheSettingsSay_data()
{
    QTest::addColumn<bool>("wanted");
    QTest::newRow("nothing was said") << false;
    QTest::newRow("the zone is hidden and the program named") << true;
}

void ComposeSendingTest::sendsTheDateAndTheProgramAsTheSettingsSay()
{
    QFETCH(bool, wanted);
    qputenv("TZ", "Pacific/Chatham");
    tzset();
    ComposeSettings settings;
    settings.hideTimeZone = settings.userAgent = wanted;
    open(fresh(), settings);
    QTest::keyClicks(body(), u"Hello"_qs);
    m_window->send();
    QTRY_VERIFY(!m_window);
    auto stores = Stores::open(m_profile->path({}).toStdString(), Access::ReadOnly);
    const auto raw = (*stores)->outbox.message(engine().queries().outbox().front().id);
    QVERIFY(raw.has_value());
    const QByteArray bytes = QByteArray::fromStdString(*raw);
    QCOMPARE(bytes.contains("\r\nUser-Agent: Avocet/"), wanted);
    const qsizetype date = bytes.indexOf("\r\nDate: ");
    const QByteArray line = bytes.mid(date + 2, bytes.indexOf("\r\n", date + 2) - date - 2);
    QCOMPARE(line.endsWith(" +0000"), wanted);
    QVERIFY2(wanted || line.endsWith(" +1245") || line.endsWith(" +1345"), line.constData());
}

QTEST_MAIN(ComposeSendingTest)
#include "ComposeSendingTest.moc"
