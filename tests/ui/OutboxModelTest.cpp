// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/outbox/OutboxModel.h"
#include "core/model/Error.h"
#include "tests/ui/support/ProfileFixture.h"
#include "ui/outbox/OutboxRow.h"
#include "ui/outbox/OutboxView.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/EmptyState.h"

#include <QAbstractItemModelTester>
#include <QLocale>

Q_DECLARE_METATYPE(avocet::OutboxItem)

using namespace avocet;

class OutboxModelTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void saysEachStateInItsWords_data();
    void saysEachStateInItsWords();
    void saysHowFarASendingIs();
    void namesRecipients_data();
    void namesRecipients();
    void changesAsLittleAsItCan();
    void keepsWhatWasSeenToLeave();
    void countsWhatWaits();
    void saysTheTimeOfAnotherDay();
    void showsAndCancelsARealMessage();
    void givesAQueuedMessageBackAsADraft();
    void asksInTheRowBeforeSendingAgain();
    void saysWhatIsKnownOfAnUncertainMessage();
};

namespace {

const QDateTime now(QDate(2026, 5, 4), QTime(14, 0));

OutboxItem item(std::int64_t id, OutboxState state)
{
    OutboxItem item;
    item.id = OutboxId{id};
    item.state = state;
    item.subject = "Subject";
    item.size = 8'000'000;
    item.created = now.toSecsSinceEpoch();
    item.recipients = {{"anna@x.org", RecipientState::Pending, {}}};
    return item;
}

std::string number(ErrorCode code)
{
    return std::to_string(static_cast<int>(code));
}

QString texts(const QList<OutboxAction>& actions)
{
    QStringList all;
    for (const OutboxAction action : actions)
        all.append(actionText(action));
    return all.join(u" | "_qs);
}

QString ids(const OutboxModel& model)
{
    QStringList all;
    for (int i = 0; i < model.rowCount(); ++i)
        all.append(QString::number(model.item(i).id.value));
    return all.join(u' ');
}

} // namespace

void OutboxModelTest::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
}

void OutboxModelTest::saysEachStateInItsWords_data()
{
    QTest::addColumn<OutboxItem>("message");
    QTest::addColumn<bool>("seen");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("actions");
    const auto row = [](const char* name, const OutboxItem& message, const QString& words,
                        const QString& actions, bool seen = true) {
        QTest::newRow(name) << message << seen << words << actions;
    };
    OutboxItem message = item(1, OutboxState::Queued);
    row("queued", message, u"Waiting for a connection"_qs, u"Edit"_qs);
    message.attempts = 1;
    message.nextTry = now.addSecs(300).toSecsSinceEpoch();
    message.reply = "451 4.7.1 greylisted";
    row("waiting for a busy server", message,
        u"Waiting: the server lets new senders wait. Next try 14:05"_qs,
        u"Try now | Edit | Details"_qs);
    message.reply = "450 not now";
    row("waiting for nobody knows what", message, u"Server busy. Next try 14:05"_qs,
        u"Try now | Edit | Details"_qs);
    message.reply = "452 4.3.1 Insufficient system storage";
    row("waiting for a full disk", message,
        u"Waiting: the mail server's disk is full. Next try 14:05"_qs,
        u"Try now | Edit | Details"_qs);
    message.reply = "250 2.0.0 Ok: queued";
    message.recipients = {{"anna@x.org", RecipientState::Accepted, "250 ok"},
                          {"bo@x.org", RecipientState::Deferred, "452 4.2.2 over quota"}};
    row("waiting for one of two", message,
        u"Waiting for bo@x.org: the mailbox is full. Next try 14:05"_qs,
        u"Try now | Edit | Details"_qs);
    message.recipients.push_back({"cy@x.org", RecipientState::Deferred, "450 4.1.9 odd"});
    row("waiting for two of three", message,
        u"bo@x.org and cy@x.org could not be reached yet. Next try 14:05"_qs,
        u"Try now | Edit | Details"_qs);
    message.reply = "no route";
    message.errorCode = number(ErrorCode::HostNotFound);
    row("waiting for a connection after one was told to wait", message,
        u"No connection. Next try 14:05"_qs, u"Try now | Edit | Details"_qs);
    message.recipients = item(1, OutboxState::Queued).recipients;
    message.reply = "no route";
    message.errorCode = number(ErrorCode::HostNotFound);
    row("waiting for a connection", message, u"No connection. Next try 14:05"_qs,
        u"Try now | Edit | Details"_qs);
    message.errorCode = number(ErrorCode::WrongPassword);
    message.nextTry = 0;
    row("paused by a wrong password", message,
        u"Waiting: the server did not accept the password"_qs, u"Try now | Edit | Details"_qs);
    message.errorCode = number(ErrorCode::CertificateExpired);
    row("paused by a certificate", message, u"Waiting: the connection to the server is not safe"_qs,
        u"Try now | Edit | Details"_qs);
    row("sending", item(1, OutboxState::Sending), u"Sending, 8.0 MB"_qs, u"Cancel"_qs);
    row("committing", item(1, OutboxState::Committing), u"Finishing"_qs, QString());
    row("uncertain", item(1, OutboxState::Uncertain), u"May already have been sent"_qs,
        u"Check again | Send again…"_qs);
    message = item(1, OutboxState::Failed);
    message.recipients[0] = {"anna@x.org", RecipientState::Refused, "550 no such user"};
    row("failed, one refused", message,
        u"Not sent: anna@x.org was refused: the mailbox is not available"_qs, u"Edit | Details"_qs);
    message.recipients.push_back({"bo@x.org", RecipientState::Refused, "550 5.1.1 no"});
    row("failed, two refused", message, u"Not sent: anna@x.org and bo@x.org were refused"_qs,
        u"Edit | Details"_qs);
    message = item(1, OutboxState::Failed);
    message.reply = "552 too big";
    message.errorCode = number(ErrorCode::TooLarge);
    row("failed, too large", message, u"Not sent: 8.0 MB is more than the server takes"_qs,
        u"Edit | Details"_qs);
    message.errorCode.clear();
    message.reply = "554 5.7.1 looks like spam";
    row("failed, by the server's rules", message, u"Not sent: the server's rules forbid it"_qs,
        u"Edit | Details"_qs);
    message.reply = "550 no";
    row("failed, without a reason", message, u"Not sent: the server refused this message"_qs,
        u"Edit | Details"_qs);
    row("failed, nothing known", item(1, OutboxState::Failed),
        u"Not sent: the server refused this message"_qs, u"Edit"_qs);
    row("sent", item(1, OutboxState::Sent), u"Accepted 14:00. Saving to Sent"_qs, QString());
    row("sent before the start", item(1, OutboxState::Sent), u"Accepted. Saving to Sent"_qs,
        QString(), false);
    row("filed", item(1, OutboxState::Filed), u"Sent 14:00"_qs, QString());
    row("done", item(1, OutboxState::Done), u"Sent 14:00"_qs, QString());
    message = item(1, OutboxState::Done);
    message.recipients = {{"anna@x.org", RecipientState::Refused, "550 no such user"},
                          {"bo@x.org", RecipientState::Accepted, "250 ok"}};
    row("sent to some", message,
        u"anna@x.org was refused: the mailbox is not available. The others were accepted."_qs,
        u"Edit and resend | Details"_qs);
    message.recipients = {{"anna@x.org", RecipientState::Bounced, "5.2.2 over quota"}};
    row("came back", message, u"Not delivered to anna@x.org: the mailbox is full"_qs,
        u"Edit and resend | Details"_qs);
    message = item(1, OutboxState::Queued);
    message.hold = OutboxHold::Undo;
    message.notBefore = now.addSecs(8).toSecsSinceEpoch();
    row("held", message, u"Sends in 8 s"_qs, u"Undo | Send now"_qs);
    message.hold = OutboxHold::Later;
    message.notBefore = now.addSecs(19 * 3600).toSecsSinceEpoch();
    row("later", message, u"Sends Tuesday 09:00"_qs, u"Send now | Another time… | Edit"_qs);
    message.hold = OutboxHold::Overdue;
    message.notBefore = now.addSecs(-3600).toSecsSinceEpoch();
    row("overdue", message, u"Was to be sent 13:00, when Avocet was closed"_qs,
        u"Send now | Another time… | Keep as draft"_qs);
}

void OutboxModelTest::saysEachStateInItsWords()
{
    QFETCH(OutboxItem, message);
    QFETCH(bool, seen);
    const OutboxWords words = outboxWords(message, now, seen ? now : QDateTime());
    QTEST(words.state, "words");
    QTEST(texts(words.actions), "actions");
}

void OutboxModelTest::saysHowFarASendingIs()
{
    OutboxModel model(nullptr, [] { return now; });
    model.setItems({item(1, OutboxState::Sending)});
    model.setProgress(OutboxId{1}, {3'200'000, 8'000'000});
    QCOMPARE(model.words(0).state, u"Sending, 3.2 MB of 8.0 MB"_qs);
    model.setItems({item(1, OutboxState::Queued)});
    model.setPaused(true);
    QCOMPARE(model.words(0).state, u"Waiting: sending is paused"_qs);
}

void OutboxModelTest::namesRecipients_data()
{
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("words");
    QTest::newRow("none") << 0 << u"No recipients"_qs;
    QTest::newRow("one") << 1 << u"a0@x.org"_qs;
    QTest::newRow("three") << 3 << u"a0@x.org, a1@x.org and a2@x.org"_qs;
    QTest::newRow("many") << 9 << u"a0@x.org, a1@x.org and 7 others"_qs;
}

void OutboxModelTest::namesRecipients()
{
    QFETCH(int, count);
    OutboxItem message = item(1, OutboxState::Queued);
    message.recipients.clear();
    for (int i = 0; i < count; ++i)
        message.recipients.push_back(
            {"a" + std::to_string(i) + "@x.org", RecipientState::Pending, {}});
    QTEST(recipientsLine(message), "words");
}

void OutboxModelTest::changesAsLittleAsItCan()
{
    OutboxModel model(nullptr, [] { return now; });
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setItems(
        {item(1, OutboxState::Queued), item(2, OutboxState::Queued), item(4, OutboxState::Failed)});
    QCOMPARE(ids(model), u"4 2 1"_qs);
    QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
    QSignalSpy removed(&model, &QAbstractItemModel::rowsRemoved);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setItems({item(1, OutboxState::Sending), item(3, OutboxState::Queued),
                    item(4, OutboxState::Failed), item(5, OutboxState::Queued)});
    QCOMPARE(ids(model), u"5 4 3 1"_qs);
    QCOMPARE(inserted.size(), 2);
    QCOMPARE(removed.size(), 1);
    QVERIFY(reset.isEmpty());
    QCOMPARE(model.rowOf(OutboxId{3}), 2);
    QCOMPARE(model.rowOf(OutboxId{2}), -1);
    model.setItems({});
    QCOMPARE(model.rowCount(), 0);
}

void OutboxModelTest::keepsWhatWasSeenToLeave()
{
    OutboxModel model(nullptr, [] { return now; });
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setItems({item(1, OutboxState::Done), item(2, OutboxState::Sending)});
    QCOMPARE(ids(model), u"2"_qs); // 1 was done before this list was watched
    model.setItems({item(1, OutboxState::Done), item(2, OutboxState::Done)});
    QCOMPARE(ids(model), u"2"_qs);
    QCOMPARE(model.index(0).data(OutboxModel::StateRole).toString(), u"Sent 14:00"_qs);
    model.setItems({item(2, OutboxState::Cancelled)});
    QCOMPARE(model.rowCount(), 0);
}

void OutboxModelTest::countsWhatWaits()
{
    OutboxModel model(nullptr, [] { return now; });
    model.setItems({item(1, OutboxState::Queued), item(2, OutboxState::Sent),
                    item(3, OutboxState::Committing)});
    QCOMPARE(model.waiting(), 2);
    QVERIFY(!model.needsAttention());
    model.setItems({item(1, OutboxState::Uncertain)});
    QVERIFY(model.needsAttention());
    QVERIFY(model.index(0)
                .data(Qt::AccessibleTextRole)
                .toString()
                .contains(u"May already have been sent"_qs));
}

void OutboxModelTest::saysTheTimeOfAnotherDay()
{
    OutboxItem message = item(1, OutboxState::Queued);
    message.attempts = 1;
    message.reply = "421 later";
    message.nextTry = now.addDays(1).toSecsSinceEpoch();
    QCOMPARE(outboxWords(message, now, {}).state,
             u"Waiting: the mail server is closing. Next try Tuesday 14:00"_qs);
}

void OutboxModelTest::showsAndCancelsARealMessage()
{
    ProfileFixture profile;
    profile.addAccount("anna@example.org");
    OutboxView view(profile.engine());
    view.resize(600, 400);
    view.show();
    QVERIFY(view.findChild<EmptyState*>()->isVisible());
    const std::string raw = "From: anna@example.org\r\nTo: bo@x.org\r\nSubject: Hi\r\n\r\nText\r\n";
    QVERIFY(profile.run(command::SendRaw{raw, {}, false}));
    QTRY_COMPARE(view.model().rowCount(), 1); // by outboxChanged alone
    QVERIFY(!view.findChild<EmptyState*>()->isVisible());
    QVERIFY(view.row(0));
    const OutboxId id = view.model().item(0).id;
    QVERIFY(profile.run(command::CancelOutbox{id}));
    QTRY_COMPARE(view.model().rowCount(), 0);
    QTRY_VERIFY(view.findChild<EmptyState*>()->isVisible());
}

void OutboxModelTest::givesAQueuedMessageBackAsADraft()
{
    ProfileFixture profile;
    profile.addAccount("anna@example.org");
    const std::string raw = "From: anna@example.org\r\nTo: bo@x.org\r\nSubject: Hi\r\n\r\nText\r\n";
    QVERIFY(profile.run(command::SendRaw{raw, {}, false}));
    OutboxView view(profile.engine());
    view.resize(600, 400);
    view.show();
    QCOMPARE(view.model().rowCount(), 1);
    QSignalSpy edit(&view, &OutboxView::editRequested);
    Q_EMIT view.row(0)->triggered(OutboxAction::Edit);
    QTRY_COMPARE(edit.size(), 1);
    const auto draft = profile.engine().queries().draft(edit[0][0].value<DraftId>());
    QVERIFY(draft);
    QCOMPARE(draft->subject, std::string("Hi"));
    QTRY_COMPARE(view.model().rowCount(), 0);
}

void OutboxModelTest::asksInTheRowBeforeSendingAgain()
{
    OutboxModel model(nullptr, [] { return now; });
    model.setItems({item(1, OutboxState::Uncertain)});
    OutboxRow row;
    row.setContent(model, 0);
    row.show();
    QSignalSpy confirmed(&row, &OutboxRow::sendAgainConfirmed);
    const int height = row.sizeHint().height();
    row.askSendAgain(u"What is known."_qs);
    QVERIFY(row.sizeHint().height() > height);
    QVERIFY(confirmed.isEmpty());
    const auto* waiting = qobject_cast<Button*>(row.focusWidget());
    QVERIFY(waiting && waiting->text() == u"Keep as it is"); // Enter changes nothing
    for (Button* button : row.findChildren<Button*>())
        if (button->text() == u"Send again"_qs)
            button->click();
    QCOMPARE(confirmed.size(), 1);
    QCOMPARE(row.sizeHint().height(), height);
}

void OutboxModelTest::saysWhatIsKnownOfAnUncertainMessage()
{
    OutboxItem message = item(1, OutboxState::Uncertain);
    message.settled = now.addSecs(-300).toSecsSinceEpoch();
    message.recipients = {{"bo@x.org", RecipientState::Uncertain, {}},
                          {"cy@x.org", RecipientState::Refused, {}}};
    const QString looked = uncertainFacts(message, now, true);
    QVERIFY(looked.contains(u"13:55"));
    QVERIFY(looked.contains(u"neither in Sent nor in the inbox"));
    QVERIFY(looked.contains(u"bo@x.org may get it twice"));
    QVERIFY(!looked.contains(u"cy@x.org"));
    QVERIFY(uncertainFacts(message, now, false).contains(u"could not be looked into"));
    message.recipients[1].state = RecipientState::Accepted;
    QVERIFY(uncertainFacts(message, now, true).contains(u"proves nothing"));
}

QTEST_MAIN(OutboxModelTest)
#include "OutboxModelTest.moc"
