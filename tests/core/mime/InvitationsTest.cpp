// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Invitations.h"

#include <QtTest>

using namespace avocet;

class InvitationsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAnInvitation();
    void knowsWhenThatIs_data();
    void knowsWhenThatIs();
    void readsHowItRepeats_data();
    void readsHowItRepeats();
    void takesTheSeries();
    void readsNothingElse_data();
    void readsNothingElse();
    void findsItInAMessage();
    void answersTheOrganizer_data();
    void answersTheOrganizer();
    void letsNothingIntoTheAnswer();
};

namespace {

std::string calendar(const std::string& event, const std::string& before = {})
{
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\n" + before +
           "BEGIN:VEVENT\r\nUID:one@x.example\r\nDTSTAMP:20261101T000000Z\r\n" + event +
           "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

const std::string customZone =
    "BEGIN:VTIMEZONE\r\nTZID:Customized Time "
    "Zone\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\n"
    "TZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nBEGIN:"
    "DAYLIGHT\r\n"
    "DTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;"
    "BYMONTH=3;BYDAY=-1SU\r\n"
    "END:DAYLIGHT\r\nEND:VTIMEZONE\r\n";

} // namespace

void InvitationsTest::readsAnInvitation()
{
    const auto found = readInvitation(calendar(
        "DTSTART:20261103T091500Z\r\nDTEND:20261103T101500Z\r\nSEQUENCE:3\r\nSUMMARY:Tea\\, and\\n "
        "cake for K\xC3\xA4the and a very "
        "long lis\r\n t\r\nLOCATION:Kitchen\r\nDESCRIPTION:First "
        "line\\nsecond\r\nORGANIZER;CN=\"Lind, Mara\":MAILTO:mara@example.org\r\n"
        "ATTENDEE;PARTSTAT=ACCEPTED;ROLE=OPT-PARTICIPANT:mailto:otto@example.net\r\n"
        "ATTENDEE;CUTYPE=ROOM;CN=Room 1:mailto:room@example.org\r\nATTENDEE:urn:uuid:x\r\n"));
    QVERIFY(found);
    QVERIFY(found->method == InvitationMethod::Request);
    QVERIFY(!found->cancelled);
    QCOMPARE(found->uid, std::string("one@x.example"));
    QCOMPARE(found->sequence, 3);
    QCOMPARE(found->summary, std::string("Tea, and cake for Käthe and a very long list"));
    QCOMPARE(found->location, std::string("Kitchen"));
    QCOMPARE(found->description, std::string("First line\nsecond"));
    QCOMPARE(found->start.utc, std::int64_t{1793697300});
    QCOMPARE(found->end->utc, std::int64_t{1793700900});
    QVERIFY((found->organizer == Address{"Lind, Mara", "mara@example.org"}));
    QCOMPARE(found->attendees.size(), std::size_t{3});
    QVERIFY((found->attendees[0] ==
             Attendee{{"", "otto@example.net"}, Participation::Accepted, true, true}));
    QVERIFY((found->attendees[1] ==
             Attendee{{"Room 1", "room@example.org"}, Participation::NeedsAction, false, false}));
    QVERIFY(!found->recurrence);
}

void InvitationsTest::knowsWhenThatIs_data()
{
    QTest::addColumn<QByteArray>("start");
    QTest::addColumn<QByteArray>("zones");
    QTest::addColumn<qint64>("utc");
    QTest::addColumn<bool>("floating");
    const auto row = [](const char* name, const char* start, const std::string& zones, qint64 utc,
                        bool floating = false) {
        QTest::newRow(name) << QByteArray(start) << QByteArray::fromStdString(zones) << utc
                            << floating;
    };
    const qint64 nine = 1793696400; // 2026-11-03 09:00 UTC
    row("UTC", "DTSTART:20261103T090000Z", {}, nine);
    row("a city in winter", "DTSTART;TZID=Europe/Berlin:20261103T100000", {}, nine);
    row("a city in summer", "DTSTART;TZID=America/New_York:20260703T050000", {}, 1783069200);
    row("a name of Outlook's", "DTSTART;TZID=W. Europe Standard Time:20261103T100000", {}, nine);
    row("in quotes", "DTSTART;TZID=\"Tokyo Standard Time\":20261103T180000", {}, nine);
    row("a city behind somebody's name",
        "DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20261103T100000", {}, nine);
    row("the calendar's own zone in winter", "DTSTART;TZID=Customized Time Zone:20261103T100000",
        customZone, nine);
    row("the calendar's own zone in summer", "DTSTART;TZID=Customized Time Zone:20260703T110000",
        customZone, 1783069200);
    row("the calendar's own zone early in the year",
        "DTSTART;TZID=Customized Time Zone:20260203T100000", customZone, 1770109200);
    row("a zone that nobody knows", "DTSTART;TZID=Nowhere:20261103T090000", {}, nine, true);
    row("no zone", "DTSTART:20261103T090000", {}, nine, true);
    row("a day", "DTSTART;VALUE=DATE:20261103", {}, 1793664000);
    row("a zone that changes each second", "DTSTART;TZID=Mad:20261103T090000",
        "BEGIN:VTIMEZONE\r\nTZID:Mad\r\nBEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+"
        "0000\r\nTZOFFSETTO:+0000\r\n"
        "RRULE:FREQ=SECONDLY\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n",
        nine);
}

void InvitationsTest::knowsWhenThatIs()
{
    QFETCH(QByteArray, start);
    QFETCH(QByteArray, zones);
    QFETCH(qint64, utc);
    QFETCH(bool, floating);
    const auto found = readInvitation(
        calendar(start.toStdString() + "\r\nDURATION:PT1H30M\r\n", zones.toStdString()));
    QVERIFY(found);
    QCOMPARE(found->start.utc, utc);
    QCOMPARE(found->start.floating, floating);
    QCOMPARE(found->end->utc, utc + 5400);
}

void InvitationsTest::readsHowItRepeats_data()
{
    QTest::addColumn<QByteArray>("rule");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* rule, const char* expected) {
        QTest::newRow(rule) << QByteArray(rule) << QByteArray(expected);
    };
    row("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10", "2 every 1, 10 times, 1/0 3/0");
    row("FREQ=MONTHLY;INTERVAL=2;BYDAY=-1FR;UNTIL=20271231T000000Z",
        "3 every 2, until 1830211200, 5/-1");
    row("FREQ=DAILY", "1 every 1");
    row("FREQ=YEARLY;BYMONTHDAY=-1", "4 every 1, day -1");
    row("FREQ=SECONDLY", "none");
    row("FREQ=NEVER", "none");
    row("FREQ=WEEKLY;INTERVAL=0", "none");
}

void InvitationsTest::readsHowItRepeats()
{
    QFETCH(QByteArray, rule);
    QFETCH(QByteArray, expected);
    const auto found = readInvitation(
        calendar("DTSTART:20261103T090000Z\r\nRRULE:" + rule.toStdString() + "\r\n"));
    QVERIFY(found);
    QByteArray text = "none";
    if (const auto& recurrence = found->recurrence) {
        text = QByteArray::number(static_cast<int>(recurrence->frequency)) + " every " +
               QByteArray::number(recurrence->interval);
        if (recurrence->count > 0)
            text += ", " + QByteArray::number(recurrence->count) + " times";
        if (recurrence->until)
            text += ", until " + QByteArray::number(static_cast<qlonglong>(*recurrence->until));
        QByteArrayList days;
        for (const auto& [day, position] : recurrence->weekdays)
            days << QByteArray::number(day) + '/' + QByteArray::number(position);
        if (!days.isEmpty())
            text += ", " + days.join(' ');
        for (const int day : recurrence->monthDays)
            text += ", day " + QByteArray::number(day);
    }
    QCOMPARE(text, expected);
}

void InvitationsTest::takesTheSeries()
{
    const std::string changed =
        "RECURRENCE-ID:20261110T090000Z\r\nDTSTART:20261110T110000Z\r\nSUMMARY:later\r\n";
    const std::string series =
        "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:one@x.example\r\nDTSTART:20261103T090000Z\r\n"
        "RRULE:FREQ=WEEKLY\r\nSUMMARY:each week\r\n";
    QCOMPARE(readInvitation(calendar(changed + series))->summary, std::string("each week"));
    const auto single = readInvitation(calendar(changed));
    QCOMPARE(single->summary, std::string("later"));
    QCOMPARE(single->recurrenceId->utc, std::int64_t{1794301200});
}

void InvitationsTest::readsNothingElse_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const std::string& text) {
        QTest::newRow(name) << QByteArray::fromStdString(text);
    };
    const auto repeated = [](const std::string& text, int times) {
        std::string all;
        for (int i = 0; i < times; ++i)
            all += text;
        return all;
    };
    row("no text", "");
    row("no calendar", "BEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n");
    row("no start", calendar("SUMMARY:x\r\n"));
    row("a start that is none", calendar("DTSTART:yesterday\r\n"));
    row("a start long ago", calendar("DTSTART:00010101T000000Z\r\n"));
    row("no event", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
    row("NUL", calendar("DTSTART:20261103T090000Z\r\n") + std::string(1, '\0'));
    row("no UTF-8", calendar("DTSTART:20261103T090000Z\r\nSUMMARY:\xFF\r\n"));
    row("components without end", repeated("BEGIN:VEVENT\r\n", 100'000));
    row("folded components without end", repeated("BEG\r\n IN:VEVENT\r\n", 100'000));
    row("components behind a lone CR", repeated("BEGIN:VEVENT\r", 100'000));
    row("many components", repeated("BEGIN:VEVENT\r\nEND:VEVENT\r\n", 100'000));
    row("3 MB",
        calendar("DTSTART:20261103T090000Z\r\nSUMMARY:" + std::string(3 << 20, 'x') + "\r\n"));
}

void InvitationsTest::readsNothingElse()
{
    QFETCH(QByteArray, text);
    QVERIFY(!readInvitation(text.toStdString()));
}

void InvitationsTest::findsItInAMessage()
{
    const std::string part = "Content-Type: text/calendar; method=REQUEST; charset=iso-8859-1\n\n" +
                             calendar("DTSTART:20261103T090000Z\r\nSUMMARY:T\xFCr\r\n");
    const std::string raw =
        "Content-Type: multipart/alternative; boundary=b\n\n--b\n\nwords\n--b\n" + part +
        "\n--b--\n";
    const auto found = invitationIn(raw, readMessage(raw));
    QVERIFY(found);
    QCOMPARE(found->summary, std::string("Tür"));
    const std::string forwarded =
        "Content-Type: multipart/mixed; boundary=f\n\n--f\nContent-Type: message/rfc822\n\n" + raw +
        "--f--\n";
    QVERIFY(!invitationIn(forwarded, readMessage(forwarded)));
}

void InvitationsTest::answersTheOrganizer_data()
{
    QTest::addColumn<int>("answer");
    QTest::addColumn<QByteArray>("start");
    for (const Participation answer :
         {Participation::Accepted, Participation::Tentative, Participation::Declined}) {
        QTest::addRow("%d at a time", static_cast<int>(answer))
            << static_cast<int>(answer)
            << QByteArray("DTSTART;TZID=Europe/Berlin:20261103T100000\r\n");
        QTest::addRow("%d on a day", static_cast<int>(answer))
            << static_cast<int>(answer)
            << QByteArray("DTSTART;VALUE=DATE:20261103\r\nDTEND;VALUE=DATE:20261104\r\n");
        QTest::addRow("%d for one of a series", static_cast<int>(answer))
            << static_cast<int>(answer)
            << QByteArray("RECURRENCE-ID:20261103T090000Z\r\nDTSTART:20261103T110000\r\n");
    }
}

void InvitationsTest::answersTheOrganizer()
{
    QFETCH(int, answer);
    QFETCH(QByteArray, start);
    const auto participation = static_cast<Participation>(answer);
    const auto invitation = readInvitation(calendar(
        start.toStdString() + "SEQUENCE:2\r\nSUMMARY:Tea; cake\\, and "
                              "\xC3\xA4\r\nORGANIZER;CN=Mara:mailto:mara@example.org\r\n"));
    QVERIFY(invitation);
    Identity me;
    me.name = "Otto";
    me.email = "otto@example.net";
    const auto built = buildInvitationReply(*invitation, participation, me, "Accepted: Tea",
                                            "Otto says something.", 1'793'000'000);
    QVERIFY(built);
    QCOMPARE(built->recipients, std::vector<std::string>{"mara@example.org"});
    const ParsedMessage message = readMessage(built->bytes);
    QVERIFY(message.notes.empty());
    QCOMPARE(message.text, std::string("Otto says something.\n"));
    const auto reply = invitationIn(built->bytes, message);
    QVERIFY(reply);
    QVERIFY(reply->method == InvitationMethod::Reply);
    QCOMPARE(reply->uid, invitation->uid);
    QCOMPARE(reply->sequence, 2);
    QCOMPARE(reply->summary, invitation->summary);
    QVERIFY(reply->start.utc == invitation->start.utc &&
            reply->start.isDay == invitation->start.isDay);
    QCOMPARE(reply->recurrenceId.has_value(), invitation->recurrenceId.has_value());
    QVERIFY(reply->organizer == invitation->organizer);
    QCOMPARE(reply->attendees.size(), std::size_t{1});
    QVERIFY((reply->attendees[0] ==
             Attendee{{"Otto", "otto@example.net"}, participation, false, true}));
    for (const MimePart& part : message.parts)
        if (part.type == "text/calendar")
            for (const auto& line :
                 QByteArray::fromStdString(decodedPart(built->bytes, part)).split('\n'))
                QVERIFY(line.size() <= 76);
}

void InvitationsTest::letsNothingIntoTheAnswer()
{
    auto invitation =
        readInvitation(calendar("DTSTART:20261103T090000Z\r\nSUMMARY:x\\nMETHOD:"
                                "CANCEL\r\nORGANIZER;CN=\"a^nb\":mailto:mara@example.org\r\n"));
    QVERIFY(invitation);
    invitation->uid = "u\r\nMETHOD:CANCEL";
    Identity me;
    me.name = "O\"tto;X=Y:z";
    me.email = "otto@example.net";
    const auto built = buildInvitationReply(*invitation, Participation::Accepted, me, "x", "y", 0);
    QVERIFY(built);
    const auto reply = invitationIn(built->bytes, readMessage(built->bytes));
    QVERIFY(reply);
    QVERIFY(reply->method == InvitationMethod::Reply);
    QCOMPARE(reply->attendees.front().who.address, me.email);
    invitation->organizer.address.clear();
    QVERIFY(!buildInvitationReply(*invitation, Participation::Accepted, me, "x", "y", 0));
}

QTEST_GUILESS_MAIN(InvitationsTest)
#include "InvitationsTest.moc"
