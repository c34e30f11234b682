// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/words/SendTime.h"
#include "ui/words/SmtpWords.h"

#include <QTest>

using namespace avocet;

class SendTimeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsTimes_data();
    void readsTimes();
    void refusesWhatIsNoTimeToCome_data();
    void refusesWhatIsNoTimeToCome();
    void offersTimesThatAreStillToCome();
    void saysWhatANumberMeans_data();
    void saysWhatANumberMeans();
};

namespace {

const QDateTime now(QDate(2026, 11, 24), QTime(14, 0)); // a Tuesday

} // namespace

void SendTimeTest::readsTimes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QDateTime>("time");
    const auto row = [](const char* text, const QDateTime& time) {
        QTest::newRow(text) << QString::fromUtf8(text) << time;
    };
    const QDate today = now.date();
    row("2026-11-24T18:30", QDateTime(today, QTime(18, 30)));
    row("2026-11-24 18:30", QDateTime(today, QTime(18, 30)));
    row("2026-12-01T08:00:05Z", QDateTime(QDate(2026, 12, 1), QTime(8, 0, 5), Qt::UTC));
    row("2026-12-01T08:00+02:00", QDateTime(QDate(2026, 12, 1), QTime(6, 0), Qt::UTC));
    row("18:30", QDateTime(today, QTime(18, 30)));
    row("9:15", QDateTime(today.addDays(1), QTime(9, 15)));
    row("today 18:30", QDateTime(today, QTime(18, 30)));
    row("Tomorrow  08:00", QDateTime(today.addDays(1), QTime(8, 0)));
    row("tomorrow", QDateTime(today.addDays(1), QTime(8, 0)));
    row("monday 9:00", QDateTime(QDate(2026, 11, 30), QTime(9, 0)));
    row("tue 9:00", QDateTime(QDate(2026, 12, 1), QTime(9, 0)));
    row("in 2 hours", now.addSecs(7200));
    row("in 1 day", now.addDays(1));
}

void SendTimeTest::readsTimes()
{
    QFETCH(QString, text);
    QFETCH(QDateTime, time);
    const auto read = parseSendTime(text, now);
    QVERIFY(read.has_value());
    QCOMPARE(read->toUTC(), time.toUTC());
}

void SendTimeTest::refusesWhatIsNoTimeToCome_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "soon", "25:00", "today 13:00", "2026-11-24T13:59", "tomorrow 8",
                             "in -1 hours", "2026-13-01T00:00", "2026-11-25", "someday 9:00"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void SendTimeTest::refusesWhatIsNoTimeToCome()
{
    QFETCH(QString, text);
    QVERIFY(!parseSendTime(text, now));
}

void SendTimeTest::offersTimesThatAreStillToCome()
{
    const QList<SendTimeChoice> choices = sendTimeChoices(now);
    QCOMPARE(choices.size(), 4);
    QCOMPARE(choices[1].time, QDateTime(now.date(), QTime(18, 0)));
    QCOMPARE(choices[3].time, QDateTime(QDate(2026, 11, 30), QTime(8, 0)));
    // In the evening there is no "this evening", and on a Sunday tomorrow is Monday.
    QCOMPARE(sendTimeChoices(QDateTime(QDate(2026, 11, 29), QTime(20, 0))).size(), 2);
}

void SendTimeTest::saysWhatANumberMeans_data()
{
    QTest::addColumn<QString>("reply");
    QTest::addColumn<QString>("words");
    QTest::newRow("enhanced") << QStringLiteral("550 5.1.1 <a@b> unknown")
                              << QStringLiteral("there is no such address");
    QTest::newRow("alone") << QStringLiteral("5.2.2") << QStringLiteral("the mailbox is full");
    QTest::newRow("three digits") << QStringLiteral("450 try later")
                                  << QStringLiteral("the mailbox is busy");
    QTest::newRow("a server that waits")
        << QStringLiteral("450 4.2.0 <a@b>: Recipient address rejected: Greylisted")
        << QStringLiteral("the server lets new senders wait");
    QTest::newRow("an address that is being looked up")
        << QStringLiteral("450 4.1.1 <a@b>: unverified address: Address verification in progress")
        << QStringLiteral("the mailbox is busy");
    QTest::newRow("later, for whatever reason")
        << QStringLiteral("451 4.7.1 Try again later")
        << QStringLiteral("the server wants us to try again later");
    QTest::newRow("an address is no code")
        << QStringLiteral("554 from 10.5.1.1 blocked") << QString();
    QTest::newRow("nothing") << QString() << QString();
}

void SendTimeTest::saysWhatANumberMeans()
{
    QFETCH(QString, reply);
    QFETCH(QString, words);
    QCOMPARE(smtpReason(reply), words);
}

QTEST_GUILESS_MAIN(SendTimeTest)
#include "SendTimeTest.moc"
