// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleConversation.h"

#include "ui/reader/InvitationCard.h"
#include "ui/reader/InvitationWords.h"
#include "ui/reader/ReaderContext.h"
#include "ui/reader/ReaderPane.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLabel>
#include <QLocale>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace avocet;

namespace {

constexpr const char* ola = "ola@fjordworks.example";

/// One version of a meeting that Ola organises.
struct Version {
    std::string method = "REQUEST";
    int sequence = 0;
    std::string start = "20261127T090000Z";
    std::string place = "Room 1";
    std::string more = {}; ///< further lines
    std::string organizer = ola;
};

std::string calendarOf(const Version& version)
{
    return "Content-Type: text/calendar; charset=utf-8; method=" + version.method +
           "\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\nMETHOD:" +
           version.method +
           "\r\nBEGIN:VEVENT\r\nUID:u1@x\r\nDTSTAMP:20261120T100000Z\r\nDTSTART:" + version.start +
           "\r\nSUMMARY:Signing\r\nSEQUENCE:" + std::to_string(version.sequence) +
           "\r\nLOCATION:" + version.place +
           "\r\nORGANIZER;CN=Ola Berg:mailto:" + version.organizer +
           "\r\nATTENDEE;PARTSTAT=ACCEPTED;CN=Anna:mailto:anna@fjordworks.example\r\n" +
           version.more + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

SampleLetter letterFrom(const std::string& sender, const Version& version, bool seen = false)
{
    SampleLetter letter;
    letter.name = "Ola Berg";
    letter.address = sender;
    letter.body = calendarOf(version);
    letter.seen = seen;
    return letter;
}

/// A reader over a real engine that stays offline.
class Bench {
public:
    explicit Bench(const std::vector<SampleLetter>& letters)
    {
        qputenv("AVOCET_SECRETS", "file");
        const std::filesystem::path profile = m_directory.path().toStdString();
        SampleOptions options;
        options.inboxMessages = 5;
        const SampleProfile sample = fillProfile(profile, options);
        if (!letters.empty())
            m_conversation = addConversation(profile, sample, letters);
        EngineOptions engineOptions;
        engineOptions.profile = profile;
        engineOptions.online = false;
        engine = std::make_unique<MailEngine>(engineOptions);
        if (const Status opened = engine->open(); !opened)
            qFatal("the engine does not open: %s", opened.error().detail.c_str());
        reader = std::make_unique<ReaderPane>(*engine, m_settings);
        reader->setMarkReadAfter({});
        reader->resize(700, 800);
        reader->show();
    }

    MessageCard* card(int index)
    {
        return reader->conversation().card(
            m_conversation.messages[static_cast<std::size_t>(index)]);
    }
    /// Null until it is there.
    InvitationCard* invitation(int index)
    {
        return card(index) ? card(index)->invitationCard() : nullptr;
    }
    bool open(int index)
    {
        reader->showMessage({}, m_conversation.messages[static_cast<std::size_t>(index)]);
        return QTest::qWaitFor([&] { return invitation(index) != nullptr; }, 15'000);
    }

    std::unique_ptr<MailEngine> engine;
    std::unique_ptr<ReaderPane> reader;

private:
    QTemporaryDir m_directory;
    BodySettings m_settings;
    SampleConversation m_conversation;
};

/// All that can be read on it.
QString words(const QWidget* card)
{
    QStringList lines;
    for (const QLabel* label : card->findChildren<QLabel*>())
        if (!label->isHidden())
            lines.append(label->text());
    return lines.join(u'\n');
}

QAbstractButton* button(const QWidget* card, const QString& text)
{
    for (auto* each : card->findChildren<QAbstractButton*>())
        if (each->text() == text && each->isVisibleTo(card))
            return each;
    return nullptr;
}

} // namespace

class InvitationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom));
        installTheme(*qApp, ThemeChoice::Light);
    }
    void tellsWhoReallySentIt_data();
    void tellsWhoReallySentIt();
    void saysNothingWhereItsAuthorSentIt_data();
    void saysNothingWhereItsAuthorSentIt();
    void alwaysShowsTheOrganizersAddress();
    void anEarlierVersionTakesNoAnswer_data();
    void anEarlierVersionTakesNoAnswer();
    void whatSomebodyElseSendsTakesNothingBack();
    void saysWhatAnUpdateChanged();
    void foldsPeopleAndDescription();
    void saysTheDaysOfASeries_data();
    void saysTheDaysOfASeries();
    void theAnswerIsGivenOnceTheEngineTookIt();
    void saysWhatToDoWhereTheAnswerFails();
    void saysThatNoAddressWasInvited();
};

void InvitationTest::tellsWhoReallySentIt_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("warning");
    QTest::newRow("an invitation")
        << QStringLiteral("REQUEST")
        << QStringLiteral("This is said to be by ola@fjordworks.example, but it came from "
                          "thief@evil.example.");
    QTest::newRow("a cancellation")
        << QStringLiteral("CANCEL")
        << QStringLiteral("This is said to be by ola@fjordworks.example, but it came from "
                          "thief@evil.example.");
    QTest::newRow("an answer")
        << QStringLiteral("REPLY")
        << QStringLiteral("This answer is said to be by anna@fjordworks.example, but it came from "
                          "thief@evil.example.");
}

void InvitationTest::tellsWhoReallySentIt()
{
    QFETCH(QString, method);
    QFETCH(QString, warning);
    Version version;
    version.method = method.toStdString();
    Bench bench({letterFrom("thief@evil.example", version)});
    QVERIFY(bench.open(0));
    QVERIFY2(words(bench.invitation(0)).contains(warning), qPrintable(words(bench.invitation(0))));
}

void InvitationTest::saysNothingWhereItsAuthorSentIt_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("sender");
    QTest::newRow("the organizer")
        << QStringLiteral("REQUEST") << QStringLiteral("OLA@fjordworks.example");
    QTest::newRow("the attendee") << QStringLiteral("REPLY")
                                  << QStringLiteral("anna@fjordworks.example");
}

void InvitationTest::saysNothingWhereItsAuthorSentIt()
{
    QFETCH(QString, method);
    QFETCH(QString, sender);
    Version version;
    version.method = method.toStdString();
    const auto invitation =
        readInvitation(calendarOf(version).substr(calendarOf(version).find("BEGIN:VCALENDAR")));
    QVERIFY(invitation.has_value());
    QCOMPARE(originWarning(*invitation, {{"", sender.toStdString()}}), QString());
    QVERIFY(!originWarning(*invitation, {{"", "x@y.example"}}).isEmpty());
    QVERIFY(!originWarning(*invitation, {}).isEmpty());
}

void InvitationTest::alwaysShowsTheOrganizersAddress()
{
    Bench bench({letterFrom(ola, {})});
    QVERIFY(bench.open(0));
    QVERIFY2(words(bench.invitation(0))
                 .contains(QStringLiteral("Organizer: Ola Berg <ola@fjordworks.example>")),
             qPrintable(words(bench.invitation(0))));
}

void InvitationTest::anEarlierVersionTakesNoAnswer_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<bool>("folded");
    QTest::addColumn<QString>("says");
    const QString changed =
        QStringLiteral("This was changed later; the newer invitation is below.");
    const QString calledOff = QStringLiteral("This meeting was called off later.");
    QTest::newRow("an update") << QStringLiteral("REQUEST") << false << changed;
    QTest::newRow("an update that is folded") << QStringLiteral("REQUEST") << true << changed;
    QTest::newRow("a cancellation") << QStringLiteral("CANCEL") << false << calledOff;
    QTest::newRow("a cancellation that is folded") << QStringLiteral("CANCEL") << true << calledOff;
}

void InvitationTest::anEarlierVersionTakesNoAnswer()
{
    QFETCH(QString, method);
    QFETCH(bool, folded);
    QFETCH(QString, says);
    Version later;
    later.method = method.toStdString();
    later.sequence = 1;
    Bench bench({letterFrom(ola, {}), letterFrom(ola, later, folded)});
    QVERIFY(bench.open(0));
    QCOMPARE(bench.card(1)->isOpen(), !folded);
    QTRY_VERIFY2(words(bench.invitation(0)).contains(says), qPrintable(words(bench.invitation(0))));
    QVERIFY(!button(bench.invitation(0), QStringLiteral("Accept")));
}

void InvitationTest::whatSomebodyElseSendsTakesNothingBack()
{
    Version later;
    later.method = "CANCEL";
    later.sequence = 9;
    Bench bench({letterFrom(ola, {}), letterFrom("thief@evil.example", later)});
    QVERIFY(bench.open(0));
    QTRY_VERIFY(bench.invitation(1));
    QVERIFY2(words(bench.invitation(1)).contains(QStringLiteral("but it came from")),
             qPrintable(words(bench.invitation(1))));
    QVERIFY(button(bench.invitation(0), QStringLiteral("Accept")));
}

void InvitationTest::saysWhatAnUpdateChanged()
{
    Version later;
    later.sequence = 2;
    later.start = "20261128T110000Z";
    later.place = "Room 2";
    Bench bench({letterFrom(ola, {}), letterFrom(ola, later)});
    QVERIFY(bench.open(0));
    QTRY_VERIFY(bench.invitation(1));
    QTRY_VERIFY2(words(bench.invitation(1)).contains(QStringLiteral("The place was Room 1.")),
                 qPrintable(words(bench.invitation(1))));
    QVERIFY2(words(bench.invitation(1)).contains(QStringLiteral("The time was ")),
             qPrintable(words(bench.invitation(1))));
    QVERIFY(button(bench.invitation(1), QStringLiteral("Accept")));
}

void InvitationTest::foldsPeopleAndDescription()
{
    Version version;
    version.more = "ATTENDEE;PARTSTAT=DECLINED;CN=Bo:mailto:bo@x.example\r\n"
                   "DESCRIPTION:<b>Bring</b> the contract\\, please.\r\n";
    Bench bench({letterFrom(ola, version)});
    QVERIFY(bench.open(0));
    InvitationCard* card = bench.invitation(0);
    QVERIFY(!words(card).contains(QStringLiteral("bo@x.example")));
    auto* unfold = button(card, QStringLiteral("People and details"));
    QVERIFY(unfold);
    unfold->click();
    const QString shown = words(card);
    QVERIFY2(shown.contains(QStringLiteral("Anna <anna@fjordworks.example>, accepted\n"
                                           "Bo <bo@x.example>, declined")),
             qPrintable(shown));
    QVERIFY2(shown.contains(QStringLiteral("<b>Bring</b> the contract, please.")),
             qPrintable(shown));
    unfold->click();
    QVERIFY(!words(card).contains(QStringLiteral("bo@x.example")));
}

void InvitationTest::saysTheDaysOfASeries_data()
{
    QTest::addColumn<QByteArray>("rule");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* rule, const char* words) {
        QTest::newRow(words) << QByteArray(rule) << QString::fromLatin1(words);
    };
    row("FREQ=WEEKLY;BYDAY=MO,WE", "Every week on Monday and Wednesday");
    row("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;COUNT=5", "Every 2 weeks on Sunday, 5 times");
    row("FREQ=MONTHLY;BYDAY=2FR", "Every month on the second Friday");
    row("FREQ=MONTHLY;BYDAY=-1TH", "Every month on the last Thursday");
    row("FREQ=MONTHLY;BYMONTHDAY=15", "Every month on day 15");
    row("FREQ=MONTHLY;BYDAY=-3TH", "Every month");
    row("FREQ=DAILY", "Every day");
}

void InvitationTest::saysTheDaysOfASeries()
{
    QFETCH(QByteArray, rule);
    QFETCH(QString, words);
    Version version;
    version.more = "RRULE:" + rule.toStdString() + "\r\n";
    const std::string text = calendarOf(version);
    const auto invitation = readInvitation(text.substr(text.find("BEGIN:VCALENDAR")));
    QVERIFY(invitation.has_value());
    QCOMPARE(recurrenceWords(*invitation), words);
}

void InvitationTest::theAnswerIsGivenOnceTheEngineTookIt()
{
    Bench bench({letterFrom(ola, {})});
    QVERIFY(bench.open(0));
    QSignalSpy said(&bench.reader->context(), &ReaderContext::toastRequested);
    auto* accept = button(bench.invitation(0), QStringLiteral("Accept"));
    accept->click();
    QVERIFY(!words(bench.invitation(0)).contains(QStringLiteral("You accepted.")));
    QVERIFY(!accept->isEnabled());
    QCOMPARE(said.size(), 0);
    QTRY_VERIFY(words(bench.invitation(0)).contains(QStringLiteral("You accepted.")));
    QVERIFY(accept->isEnabled());
    QCOMPARE(said.size(), 1);
    QCOMPARE(bench.engine->queries().outbox().back().subject, std::string("Accepted: Signing"));
}

void InvitationTest::saysWhatToDoWhereTheAnswerFails()
{
    Version version;
    version.organizer = "nobody";
    Bench bench({letterFrom(ola, version)});
    QVERIFY(bench.open(0));
    const std::size_t waiting = bench.engine->queries().outbox().size();
    button(bench.invitation(0), QStringLiteral("Accept"))->click();
    const auto bar = [&] {
        const auto* shown = bench.card(0)->findChild<InfoBar*>();
        return shown ? shown->message().text : QString();
    };
    QTRY_VERIFY2(bar().startsWith(QStringLiteral("The answer could not be sent.")),
                 qPrintable(bar()));
    QVERIFY(button(bench.invitation(0), QStringLiteral("Accept"))->isEnabled());
    QVERIFY(!words(bench.invitation(0)).contains(QStringLiteral("You accepted.")));
    QCOMPARE(bench.engine->queries().outbox().size(), waiting);
}

void InvitationTest::saysThatNoAddressWasInvited()
{
    Bench bench({});
    std::string calendar = calendarOf({});
    const std::size_t at = calendar.find("anna@fjordworks.example");
    calendar.replace(at, std::string("anna@fjordworks.example").size(), "someone@else.example");
    bench.reader->showLoose(std::make_shared<const OpenedMessage>(
        looseMessage("From: Ola <" + std::string(ola) +
                     ">\r\nTo: someone@else.example\r\nMIME-Version: 1.0\r\n" + calendar)));
    QTRY_VERIFY(bench.reader->findChild<InvitationCard*>());
    auto* card = bench.reader->findChild<InvitationCard*>();
    const std::size_t waiting = bench.engine->queries().outbox().size();
    button(card, QStringLiteral("Accept"))->click();
    QStringList bars;
    for (const auto* bar : bench.reader->findChildren<InfoBar*>())
        bars.append(bar->message().text);
    QVERIFY2(bars.join(u'\n').contains(QStringLiteral("None of your addresses was invited")),
             qPrintable(bars.join(u'\n')));
    QCOMPARE(bench.engine->queries().outbox().size(), waiting);
}

QTEST_MAIN(InvitationTest)
#include "InvitationTest.moc"
