// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/Outgoing.h"

#include <QTest>

#include <array>
#include <string>

using namespace avocet;

namespace {

using enum OutboxState;

constexpr std::array allStates{Queued, Sending, Committing, Uncertain, Sent,
                               Filed,  Done,    Failed,     Cancelled};

/// Written out a second time on purpose: row = from, column = to, in the order of allStates.
constexpr std::array<const char*, 9> expected{
    /* queued     */ "yynnynnyy",
    /* sending    */ "ynynynnyn",
    /* committing */ "ynnyynnyn",
    /* uncertain  */ "ynnnynnyy",
    /* sent       */ "nnnnyyynn",
    /* filed      */ "nnnnnnynn",
    /* done       */ "nnnnnnynn",
    /* failed     */ "ynnnynnny",
    /* cancelled  */ "nnnnnnnnn",
};

} // namespace

class OutgoingTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void knowsEveryStepBetweenStates_data();
    void knowsEveryStepBetweenStates();
    void namesEveryState();
    void namesEveryRecipientState();
    void resumesSafelyAfterARestart();
    void neverLeavesTheEnd();
    void whatWasUncertainIsSentToNobodyTwice_data();
    void whatWasUncertainIsSentToNobodyTwice();
};

void OutgoingTest::knowsEveryStepBetweenStates_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    QTest::addColumn<bool>("allowed");
    for (std::size_t from = 0; from < allStates.size(); ++from)
        for (std::size_t to = 0; to < allStates.size(); ++to)
            QTest::addRow("%s to %s", name(allStates[from]), name(allStates[to]))
                << static_cast<int>(from) << static_cast<int>(to) << (expected[from][to] == 'y');
}

void OutgoingTest::knowsEveryStepBetweenStates()
{
    QFETCH(int, from);
    QFETCH(int, to);
    QFETCH(bool, allowed);
    QCOMPARE(mayFollow(allStates[static_cast<std::size_t>(from)],
                       allStates[static_cast<std::size_t>(to)]),
             allowed);
}

void OutgoingTest::namesEveryState()
{
    for (const OutboxState state : allStates) {
        QVERIFY(*name(state) != 0);
        QVERIFY(outboxStateFromName(name(state)) == state);
    }
    QVERIFY(!outboxStateFromName("Queued"));
    QVERIFY(!outboxStateFromName(""));
    QCOMPARE(std::string(name(static_cast<OutboxState>(99))), std::string());
}

void OutgoingTest::namesEveryRecipientState()
{
    using enum RecipientState;
    for (const RecipientState state :
         {Pending, Accepted, Refused, Deferred, Withdrawn, Bounced, Delivered})
        QVERIFY(recipientStateFromName(name(state)) == state);
    QVERIFY(!recipientStateFromName("lost"));
}

void OutgoingTest::resumesSafelyAfterARestart()
{
    for (const OutboxState state : allStates) {
        const OutboxState next = afterRestart(state);
        if (state == Sending)
            QVERIFY(next == Queued);
        else if (state == Committing)
            QVERIFY(next == Uncertain);
        else
            QVERIFY(next == state);
        QVERIFY(next == state || mayFollow(state, next));
    }
}

void OutgoingTest::neverLeavesTheEnd()
{
    for (const OutboxState state : allStates) {
        QVERIFY(state == Done || !mayFollow(Done, state));
        QVERIFY(!mayFollow(Cancelled, state));
        // What was accepted is never sent a second time.
        if (state == Queued || state == Sending || state == Committing) {
            QVERIFY(!mayFollow(Sent, state));
            QVERIFY(!mayFollow(Filed, state));
        }
    }
}

void OutgoingTest::whatWasUncertainIsSentToNobodyTwice_data()
{
    QTest::addColumn<QStringList>("before");
    QTest::addColumn<QStringList>("after");
    QTest::addColumn<QString>("state");
    QTest::addColumn<bool>("proven");
    const auto row = [](const char* title, const char* before, const char* after, const char* state,
                        bool proven) {
        QTest::newRow(title) << QString::fromLatin1(before).split(u' ')
                             << QString::fromLatin1(after).split(u' ') << QString::fromLatin1(state)
                             << proven;
    };
    row("all were taken", "uncertain uncertain", "accepted accepted", "sent", true);
    row("one was told to wait", "uncertain deferred", "accepted deferred", "queued", true);
    row("one was refused", "uncertain refused", "accepted refused", "sent", true);
    row("one has it from before: a copy may be of then", "uncertain accepted", "accepted accepted",
        "sent", false);
    row("one has it from before, and it bounced", "uncertain bounced", "accepted bounced", "sent",
        false);
}

void OutgoingTest::whatWasUncertainIsSentToNobodyTwice()
{
    QFETCH(QStringList, before);
    OutboxItem item;
    item.state = Uncertain;
    for (const QString& state : before)
        item.recipients.push_back({"a@x.org", *recipientStateFromName(state.toStdString()), {}});
    QTEST(isProvenByCopy(item), "proven");
    settleUncertain(item);
    QStringList after;
    for (const OutboxRecipient& recipient : item.recipients)
        after << QLatin1String(name(recipient.state));
    QTEST(after, "after");
    QTEST(QString::fromLatin1(name(item.state)), "state");
}

QTEST_APPLESS_MAIN(OutgoingTest)
#include "OutgoingTest.moc"
