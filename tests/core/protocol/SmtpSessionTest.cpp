// SPDX-License-Identifier: GPL-3.0-or-later
// One transaction after another, and every point at which it can break (cases T1, T2, H1).
#include "core/protocol/SmtpSession.h"
#include "core/protocol/SmtpMessage.h"
#include "tests/core/protocol/ProtocolFixture.h"

#include <QElapsedTimer>
#include <QObject>
#include <thread>

using namespace avocet;
using namespace avocet::test;

namespace {

const std::string message = "Subject: x\r\n\r\nhello\r\n";

/// A script that begins behind EHLO, with these extensions.
std::string greeted(const std::string& extensions, const std::string& script)
{
    std::string result = "S: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-mx.example.org\n";
    for (std::size_t at = 0; at < extensions.size();) {
        const std::size_t end = std::min(extensions.find('|', at), extensions.size());
        result += "S: 250-" + extensions.substr(at, end - at) + "\n";
        at = end + 1;
    }
    return result + "S: 250 HELP\n" + script;
}

struct Opened {
    Opened(const std::string& extensions, const std::string& script)
        : server(greeted(extensions, script))
        , result(SmtpSession::open(optionsFor(server), Credentials{}, stop.get_token()))
    {
    }
    SmtpSession& session() { return **result; }
    Submission submit(const std::vector<std::string>& to = {"b@x.org"},
                      const std::string& text = message)
    {
        return session().submit(
            {"a@x.org", to, false, {}}, text,
            [this](const std::vector<SubmittedRecipient>& answered) {
                ++commits;
                told = answered;
                return true;
            },
            [this](std::int64_t bytes) { written = bytes; });
    }
    std::stop_source stop;
    ScriptedServer server;
    Result<std::unique_ptr<SmtpSession>> result;
    int commits = 0;
    std::vector<SubmittedRecipient> told; ///< before the end left
    std::int64_t written = 0;
};

std::string stuffed(const std::string& text)
{
    std::string result, piece;
    DotStuffer stuffer(text);
    while (stuffer.next(piece))
        result += piece;
    return result;
}

std::string describe(const Submission& submission)
{
    return submission.reply + " / " +
           (submission.error ? std::to_string(static_cast<int>(submission.error->kind)) + "/" +
                                   std::to_string(static_cast<int>(submission.error->code)) + " " +
                                   submission.error->detail
                             : "no error");
}

} // namespace

#define OPEN(name, extensions, script)                                                             \
    Opened name(extensions, script);                                                               \
    QVERIFY2(name.result.has_value(),                                                              \
             (avocet::test::describe(name.result) + name.server.problem()).c_str())

class SmtpSessionTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stuffsDots_data();
    void stuffsDots();
    void stuffsAcrossPieces();
    void countsWhatTheServerCounts();
    void submits();
    void submitsTwice();
    void pipelines();
    void asksForWhatTheBytesNeed_data();
    void asksForWhatTheBytesNeed();
    void goesOnWithTheAcceptedRecipients();
    void staysInStepAfterRefusedMail();
    void splitsManyRecipients();
    void refusesBeforeAsking_data();
    void refusesBeforeAsking();
    void tellsRefusalAtEachStage_data();
    void tellsRefusalAtEachStage();
    void tellsCutAtEachStage_data();
    void tellsCutAtEachStage();
    void isUncertainOnlyBehindTheDot_data();
    void isUncertainOnlyBehindTheDot();
    void isUncertainWhenCancelledBehindTheDot();
    void writesNothingBehindRefusedCommit();
    void holdsTheDotBackUntilCommitted();
    void sendsLargeMessagesInChunks();
    void forgetsChunksThatAreRefused();
    void asksForReportsWhereTheyAreOffered();
    void leavesAServerThatGoesAheadForNobody();
    void boundsReplies();
    void readsMaxSize();
    void quits();
};

void SmtpSessionTest::stuffsDots_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("sent");
    const auto row = [](const char* name, const QByteArray& text, const QByteArray& sent) {
        QTest::newRow(name) << text << sent;
    };
    row("nothing to do", "a\r\nb\r\n", "a\r\nb\r\n");
    row("leading dots", ".a\r\n..b\r\n.\r\n", "..a\r\n...b\r\n..\r\n");
    row("dots inside a line", "a.\r\nb .c\r\n", "a.\r\nb .c\r\n");
    row("bare line feeds", "a\nb\n.\n", "a\r\nb\r\n..\r\n");
    row("bare carriage returns", "a\rb\r.\r", "a\r\nb\r\n..\r\n");
    row("smuggled end", "a\n.\r\nMAIL FROM:<x>\r\n", "a\r\n..\r\nMAIL FROM:<x>\r\n");
    row("no line end at the end", "a\r\nb", "a\r\nb\r\n");
    row("a dot at the end", "a\r\n.", "a\r\n..\r\n");
    row("empty lines", "\r\n\r\n", "\r\n\r\n");
    row("nothing", "", "");
    row("mixed line ends", "a\r\r\nb\n\r\n", "a\r\n\r\nb\r\n\r\n");
}

void SmtpSessionTest::stuffsDots()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, sent);
    QCOMPARE(QByteArray::fromStdString(stuffed(text.toStdString())), sent);
}

void SmtpSessionTest::stuffsAcrossPieces()
{
    std::string text, expected;
    for (int i = 0; i < 60'000; ++i) {
        text += i % 3 ? "line\n" : ".dot\r\n";
        expected += i % 3 ? "line\r\n" : "..dot\r\n";
    }
    QCOMPARE(stuffed(text), expected);
    const std::string one(300'000, 'x');
    QCOMPARE(stuffed(one), one + "\r\n");
}

void SmtpSessionTest::countsWhatTheServerCounts()
{
    for (const std::string text : {"a\nb", "a\r\n", ".a\r\n", "", "a\rb\r\n"}) {
        std::string plain = stuffed(text);
        if (plain.starts_with(".."))
            plain.erase(0, 1); // the added dot does not count
        QCOMPARE(examineMessage(text).size, static_cast<std::int64_t>(plain.size()));
    }
    QVERIFY(!examineMessage("a: b\r\n\r\nc\r\n").eightBit);
    QVERIFY(examineMessage("a: b\r\n\r\n\xc3\xbc\r\n").eightBit);
    QVERIFY(!examineMessage("a: b\r\n\r\n\xc3\xbc\r\n").eightBitHeader);
    QVERIFY(examineMessage("a: \xc3\xbc\r\n\r\nc\r\n").eightBitHeader);
}

void SmtpSessionTest::submits()
{
    OPEN(o, "",
         "C: MAIL FROM:<a@x.org>\nS: 250 ok\nC: RCPT TO:<b@x.org>\nS: 250-ok\nS: 250 really\n"
         "C: DATA\nS: 354 go\nC: Subject: x\nC:\nC: hello\nC: .\nS: 250 2.0.0 queued as 42\n");
    const Submission result = o.submit();
    QVERIFY2(result.accepted, describe(result).c_str());
    QVERIFY(!result.uncertain);
    QVERIFY(!result.error);
    QCOMPARE(result.reply, std::string("250 2.0.0 queued as 42"));
    QCOMPARE(result.recipients.at(0).reply, 250);
    QCOMPARE(result.recipients.at(0).text, std::string("250 ok really"));
    QCOMPARE(o.commits, 1);
    QCOMPARE(o.written, static_cast<std::int64_t>(message.size()));
    QVERIFY(o.session().alive());
    VERIFY_SCRIPT(o.server);
}

void SmtpSessionTest::submitsTwice()
{
    const std::string once = "C: MAIL FROM:<a@x.org>\nS: 250 ok\nC: RCPT TO:<b@x.org>\nS: 250 ok\n"
                             "C: DATA\nS: 354 go\nDATA:\nS: 250 ok\n";
    OPEN(o, "", once + once);
    QVERIFY(o.submit().accepted);
    QVERIFY(o.submit().accepted);
    VERIFY_SCRIPT(o.server);
}

void SmtpSessionTest::pipelines()
{
    OPEN(o, "PIPELINING",
         "C: MAIL FROM:<a@x.org>\nC: RCPT TO:<b@x.org>\nC: RCPT TO:<c@x.org>\nS: 250 ok\n"
         "S: 250 ok\nS: 250 ok\nC: DATA\nS: 354 go\nDATA:\nS: 250 ok\n");
    QVERIFY(o.submit({"b@x.org", "c@x.org"}).accepted);
    VERIFY_SCRIPT(o.server);
}

void SmtpSessionTest::asksForWhatTheBytesNeed_data()
{
    QTest::addColumn<QByteArray>("extensions");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<QByteArray>("mail");
    const QByteArray all = "SIZE 1000|8BITMIME|SMTPUTF8";
    const auto row = [](const char* name, const QByteArray& extensions, const QByteArray& text,
                        const QByteArray& to, const QByteArray& mail) {
        QTest::newRow(name) << extensions << text << to << mail;
    };
    row("ASCII", all, "a: b\n\nc\n", "b@x.org", "MAIL FROM:<a@x.org> SIZE=11");
    row("eight-bit text", all, "a: b\n\n\xc3\xbc\n", "b@x.org",
        "MAIL FROM:<a@x.org> SIZE=12 BODY=8BITMIME");
    row("eight-bit header", all, "a: \xc3\xbc\n\nc\n", "b@x.org",
        "MAIL FROM:<a@x.org> SIZE=12 BODY=8BITMIME SMTPUTF8");
    row("eight-bit address", all, "a: b\n\nc\n", "b\xc3\xbc@x.org",
        "MAIL FROM:<a@x.org> SIZE=11 SMTPUTF8");
    row("eight-bit text, server offers nothing", "", "a: b\n\n\xc3\xbc\n", "b@x.org",
        "MAIL FROM:<a@x.org>");
    row("SIZE without a number", "size", "a: b\n\nc\n", "b@x.org", "MAIL FROM:<a@x.org> SIZE=11");
}

void SmtpSessionTest::asksForWhatTheBytesNeed()
{
    QFETCH(QByteArray, extensions);
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, to);
    QFETCH(QByteArray, mail);
    OPEN(o, extensions.toStdString(),
         "C: " + mail.toStdString() + "\nS: 250 ok\nC: RCPT TO:<" + to.toStdString() +
             ">\nS: 250 ok\nC: DATA\nS: 354 go\nDATA:\nS: 250 ok\n");
    const Submission result = o.submit({to.toStdString()}, text.toStdString());
    QVERIFY2(result.accepted, (describe(result) + o.server.problem()).c_str());
}

void SmtpSessionTest::goesOnWithTheAcceptedRecipients()
{
    for (const std::string extension : {"PIPELINING", ""}) {
        const std::string script =
            extension.empty()
                ? "C: MAIL ...\nS: 250 ok\nC: RCPT TO:<b@x.org>\nS: 550 5.1.1 unknown\n"
                  "C: RCPT TO:<c@x.org>\nS: 250 ok\nC: RCPT TO:<d@x.org>\nS: 450 busy\n"
                : "C: MAIL ...\nC: RCPT TO:<b@x.org>\nC: RCPT TO:<c@x.org>\nC: RCPT TO:<d@x.org>\n"
                  "S: 250 ok\nS: 550 5.1.1 unknown\nS: 250 ok\nS: 450 busy\n";
        OPEN(o, extension, script + "C: DATA\nS: 354 go\nDATA:\nS: 250 ok\n");
        const Submission result = o.submit({"b@x.org", "c@x.org", "d@x.org"});
        QVERIFY2(result.accepted, describe(result).c_str());
        QCOMPARE(result.recipients.at(0).reply, 550);
        QCOMPARE(result.recipients.at(0).text, std::string("550 5.1.1 unknown"));
        QCOMPARE(result.recipients.at(1).reply, 250);
        QCOMPARE(result.recipients.at(2).reply, 450);
        QCOMPARE(o.told.size(), std::size_t(3)); // durable before anybody can have it
        QCOMPARE(o.told.at(0).reply, 550);
        QCOMPARE(o.told.at(1).reply, 250);
        QCOMPARE(o.told.at(2).reply, 450);
        VERIFY_SCRIPT(o.server);
    }
}

void SmtpSessionTest::staysInStepAfterRefusedMail()
{
    OPEN(o, "PIPELINING",
         "C: MAIL ...\nC: RCPT TO:<b@x.org>\nC: DATA\nS: 550 not you\nS: 503 MAIL first\nS: 503 "
         "MAIL first\n"
         "C: RSET\nS: 250 ok\n"
         "C: MAIL ...\nC: RCPT TO:<b@x.org>\nS: 250 ok\nS: 250 ok\nC: DATA\nS: 354 go\nDATA:\n"
         "S: 250 ok\n");
    const Submission refused = o.submit();
    QVERIFY(!refused.accepted);
    QCOMPARE(refused.error->kind, ErrorKind::Rejected);
    QCOMPARE(refused.error->reply, 550);
    QCOMPARE(refused.recipients.at(0).reply, 0);
    QVERIFY(o.submit().accepted);
    VERIFY_SCRIPT(o.server);
}

void SmtpSessionTest::splitsManyRecipients()
{
    std::string script = "C: MAIL ...\n";
    std::vector<std::string> to;
    for (int i = 0; i < 250; ++i) {
        to.push_back("r" + std::to_string(i) + "@x.org");
        script += "C: RCPT TO:<r" + std::to_string(i) + "@x.org>\n";
        if (i == 99)
            script += "S: 250 ok\n";
        if (i == 99 || i == 199 || i == 249) {
            for (int k = 0; k < (i == 249 ? 50 : 100); ++k)
                script += "S: 250 ok\n";
        }
    }
    OPEN(o, "PIPELINING", script + "C: DATA\nS: 354 go\nDATA:\nS: 250 ok\n");
    const Submission result = o.submit(to);
    QVERIFY2(result.accepted, (describe(result) + o.server.problem()).c_str());
    QCOMPARE(result.recipients.back().reply, 250);
}

void SmtpSessionTest::refusesBeforeAsking_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const QByteArray& from, const QByteArray& to, int size,
                        ErrorCode code) {
        QTest::newRow(name) << from << to << size << static_cast<int>(code);
    };
    row("line break in a recipient", "a@x.org", "b@x.org>\r\nDATA", 10, ErrorCode::InvalidInput);
    row("bare line feed in a recipient", "a@x.org", "b@x.org\n", 10, ErrorCode::InvalidInput);
    row("line break in the sender", "a@x.org\r\n", "b@x.org", 10, ErrorCode::InvalidInput);
    row("NUL in a recipient", "a@x.org", QByteArray("b\0@x.org", 8), 10, ErrorCode::InvalidInput);
    row("angle bracket in a recipient", "a@x.org", "b@x.org> SIZE=1", 10, ErrorCode::InvalidInput);
    row("empty recipient", "a@x.org", "", 10, ErrorCode::InvalidInput);
    row("endless recipient", "a@x.org", QByteArray(5000, 'b'), 10, ErrorCode::InvalidInput);
    row("eight-bit recipient without SMTPUTF8", "a@x.org", "\xc3\xbc@x.org", 10,
        ErrorCode::InvalidInput);
    row("too large", "a@x.org", "b@x.org", 2000, ErrorCode::TooLarge);
    row("nobody", "a@x.org", "-", 10, ErrorCode::NoRecipients);
}

void SmtpSessionTest::refusesBeforeAsking()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QFETCH(int, size);
    QFETCH(int, code);
    OPEN(o, "SIZE 1000", "EOF:\n");
    std::vector<std::string> recipients;
    if (to != "-")
        recipients.push_back(to.toStdString());
    const Submission result = o.session().submit({from.toStdString(), recipients, false, {}},
                                                 std::string(static_cast<std::size_t>(size), 'x'),
                                                 [](const auto&) { return true; }, {});
    QVERIFY(result.error.has_value());
    QCOMPARE(result.error->kind, ErrorKind::Rejected);
    QCOMPARE(static_cast<int>(result.error->code), code);
    QVERIFY(o.session().alive());
    o.result->reset();
    VERIFY_SCRIPT(o.server);
}

void SmtpSessionTest::tellsRefusalAtEachStage_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("reply");
    QTest::addColumn<bool>("alive");
    const QByteArray mail = "C: MAIL ...\nS: 250 ok\n";
    const QByteArray rcpt = mail + "C: RCPT ...\nS: 250 ok\n";
    const QByteArray data = rcpt + "C: DATA\nS: 354 go\nDATA:\n";
    const QByteArray reset = "C: RSET\nS: 250 ok\nC: QUIT\nS: 221\n";
    const QByteArray quit = "C: QUIT\nS: 221\n";
    const auto row = [](const char* name, const QByteArray& script, ErrorKind kind, int reply,
                        bool alive) {
        QTest::newRow(name) << script << static_cast<int>(kind) << reply << alive;
    };
    row("MAIL 4xx", "C: MAIL ...\nS: 451 later\n" + reset, ErrorKind::Transient, 451, true);
    row("MAIL 5xx", "C: MAIL ...\nS: 553 no\n" + reset, ErrorKind::Rejected, 553, true);
    row("MAIL 421", "C: MAIL ...\nS: 421 bye\n", ErrorKind::Transient, 421, false);
    row("RCPT 4xx", mail + "C: RCPT ...\nS: 450 later\n" + reset, ErrorKind::Transient, 450, true);
    row("RCPT 5xx", mail + "C: RCPT ...\nS: 550 no\n" + reset, ErrorKind::Rejected, 550, true);
    row("RCPT 421", mail + "C: RCPT ...\nS: 421 bye\n", ErrorKind::Transient, 421, false);
    row("DATA 4xx", rcpt + "C: DATA\nS: 451 later\n" + reset, ErrorKind::Transient, 451, true);
    row("DATA 5xx", rcpt + "C: DATA\nS: 554 no\n" + reset, ErrorKind::Rejected, 554, true);
    row("DATA 250", rcpt + "C: DATA\nS: 250 what\n", ErrorKind::Protocol, 250, false);
    row("dot 4xx", data + "S: 452 full\n" + quit, ErrorKind::Transient, 452, true);
    row("dot 5xx", data + "S: 554 spam\n" + quit, ErrorKind::Rejected, 554, true);
    row("dot 421", data + "S: 421 bye\n", ErrorKind::Transient, 421, false);
}

void SmtpSessionTest::tellsRefusalAtEachStage()
{
    QFETCH(QByteArray, script);
    QFETCH(int, kind);
    QFETCH(int, reply);
    QFETCH(bool, alive);
    OPEN(o, "", script.toStdString());
    const Submission result = o.submit();
    QVERIFY(!result.accepted);
    QVERIFY(!result.uncertain);
    QVERIFY(result.error.has_value());
    QVERIFY2(static_cast<int>(result.error->kind) == kind, describe(result).c_str());
    QCOMPARE(result.error->reply, reply);
    QVERIFY(result.reply.starts_with(std::to_string(reply)));
    QCOMPARE(o.session().alive(), alive);
    if (alive)
        o.session().quit();
    VERIFY_SCRIPT(o.server);
}

void SmtpSessionTest::tellsCutAtEachStage_data()
{
    QTest::addColumn<QByteArray>("script");
    const QByteArray mail = "C: MAIL ...\nS: 250 ok\n";
    const QByteArray rcpt = mail + "C: RCPT ...\nS: 250 ok\n";
    QTest::newRow("behind MAIL") << QByteArray("C: MAIL ...\nCLOSE:\n");
    QTest::newRow("behind RCPT") << mail + "C: RCPT ...\nCLOSE:\n";
    QTest::newRow("in the middle of a reply") << mail + "C: RCPT ...\nR: 250-a\\r\\n250\nCLOSE:\n";
    QTest::newRow("behind DATA") << rcpt + "C: DATA\nCLOSE:\n";
    QTest::newRow("no SMTP reply") << rcpt + "C: DATA\nS: what?\n";
}

void SmtpSessionTest::tellsCutAtEachStage()
{
    QFETCH(QByteArray, script);
    OPEN(o, "", script.toStdString());
    const Submission result = o.submit();
    QVERIFY(!result.accepted);
    QVERIFY(!result.uncertain);
    QVERIFY(result.error.has_value());
    QCOMPARE(o.commits, 0);
    QVERIFY(!o.session().alive());
    QVERIFY2(result.error->kind == ErrorKind::Offline || result.error->kind == ErrorKind::Protocol,
             describe(result).c_str());
}

void SmtpSessionTest::isUncertainOnlyBehindTheDot_data()
{
    QTest::addColumn<QByteArray>("behindGo");
    QTest::addColumn<bool>("large");
    QTest::addColumn<bool>("uncertain");
    QTest::newRow("cut in the middle of the message")
        << QByteArray("N: 70000\nCLOSE:\n") << true << false;
    QTest::newRow("cut behind the dot") << QByteArray("DATA:\nCLOSE:\n") << false << true;
    QTest::newRow("cut in the middle of the last reply")
        << QByteArray("DATA:\nR: 250-almost\\r\\n250 o\nCLOSE:\n") << false << true;
    QTest::newRow("no reply at all behind the dot")
        << QByteArray("DATA:\nS: hm\n") << false << true;
}

void SmtpSessionTest::isUncertainOnlyBehindTheDot()
{
    QFETCH(QByteArray, behindGo);
    QFETCH(bool, large);
    QFETCH(bool, uncertain);
    OPEN(o, "",
         "C: MAIL ...\nS: 250 ok\nC: RCPT ...\nS: 250 ok\nC: DATA\nS: 354 go\n" +
             behindGo.toStdString());
    const Submission result = o.submit({"b@x.org"}, large ? std::string(50'000'000, 'x') : message);
    QVERIFY(!result.accepted);
    QCOMPARE(result.uncertain, uncertain);
    QVERIFY(result.error.has_value());
    QCOMPARE(result.error->code == ErrorCode::Uncertain, uncertain);
    QCOMPARE(o.commits, uncertain ? 1 : 0);
    QVERIFY(!o.session().alive());
}

void SmtpSessionTest::isUncertainWhenCancelledBehindTheDot()
{
    OPEN(
        o, "",
        "C: MAIL ...\nS: 250 ok\nC: RCPT ...\nS: 250 ok\nC: DATA\nS: 354 go\nDATA:\nSYNC: never\n");
    QElapsedTimer sinceStop;
    Submission result;
    std::jthread worker([&] { result = o.submit(); });
    QVERIFY(o.server.waitForStep(11));
    sinceStop.start();
    o.stop.request_stop();
    worker.join();
    QVERIFY(sinceStop.elapsed() < 500);
    QVERIFY(result.uncertain);
    QCOMPARE(result.error->kind, ErrorKind::Cancelled);
}

void SmtpSessionTest::writesNothingBehindRefusedCommit()
{
    OPEN(o, "",
         "C: MAIL ...\nS: 250 ok\nC: RCPT ...\nS: 250 ok\nC: DATA\nS: 354 go\nC: Subject: x\nC:\n"
         "C: hello\nEOF:\n");
    const Submission result = o.session().submit({"a@x.org", {"b@x.org"}, false, {}}, message,
                                                 [](const auto&) { return false; }, {});
    QVERIFY(!result.accepted);
    QVERIFY(!result.uncertain);
    QCOMPARE(result.error->kind, ErrorKind::Storage);
    QVERIFY(!o.session().alive());
    VERIFY_SCRIPT(o.server);
}

void SmtpSessionTest::holdsTheDotBackUntilCommitted()
{
    OPEN(o, "",
         "C: MAIL ...\nS: 250 ok\nC: RCPT ...\nS: 250 ok\nC: DATA\nS: 354 go\nC: Subject: x\nC:\n"
         "C: hello\nC: .\nS: 250 ok\n");
    bool ended = true;
    const Submission result =
        o.session().submit({"a@x.org", {"b@x.org"}, false, {}}, message,
                           [&](const auto&) {
                               // The server has the whole text and waits for the dot's line.
                               if (!o.server.waitForStep(13))
                                   return false;
                               ended = o.server.received().ends_with("\r\n.\r\n");
                               return o.server.received().ends_with("hello\r\n");
                           },
                           {});
    QVERIFY2(result.accepted, describe(result).c_str());
    QVERIFY(!ended);
    VERIFY_SCRIPT(o.server);
}

void SmtpSessionTest::sendsLargeMessagesInChunks()
{
    std::string text = "Subject: x\r\n\r\n";
    while (text.size() < 70'000)
        text += ".dots stay as they are in a chunk\r\n";
    const QByteArray size = QByteArray::number(static_cast<qlonglong>(text.size()));
    QByteArray script =
        "C: MAIL FROM:<a@x.org>\nS: 250 ok\nC: RCPT TO:<b@x.org>\nS: 250 ok\nC: BDAT " + size +
        "\n";
    for (const QByteArray& line : QByteArray::fromStdString(text).split('\n'))
        if (!line.isEmpty())
            script += "C: " + line.chopped(1) + "\n";
    script += "S: 250 so far\nC: BDAT 0 LAST\nS: 250 2.0.0 taken\n";
    OPEN(o, "CHUNKING", script.constData());
    const Submission result = o.submit({"b@x.org"}, text);
    QVERIFY2(result.accepted, (describe(result) + o.server.problem()).c_str());
    QCOMPARE(o.commits, 1);
    QCOMPARE(o.written, static_cast<std::int64_t>(text.size()));
    VERIFY_SCRIPT(o.server);
}

void SmtpSessionTest::forgetsChunksThatAreRefused()
{
    const std::string text(65'534, 'x');
    OPEN(o, "CHUNKING",
         ("C: MAIL FROM:<a@x.org>\nS: 250 ok\nC: RCPT TO:<b@x.org>\nS: 250 ok\n"
          "C: BDAT 65536\nC: " +
          text + "\nS: 452 4.3.1 no room\nC: RSET\nS: 250 ok\n")
             .c_str());
    const Submission result = o.submit({"b@x.org"}, text);
    QVERIFY(!result.accepted);
    QVERIFY(!result.uncertain);
    QCOMPARE(result.error->kind, ErrorKind::Transient);
    QCOMPARE(o.commits, 0);
    VERIFY_SCRIPT(o.server);
}

void SmtpSessionTest::asksForReportsWhereTheyAreOffered()
{
    OPEN(o, "DSN",
         "C: MAIL FROM:<a@x.org> RET=HDRS ENVID=12+2B3+3D@x.org\nS: 250 ok\n"
         "C: RCPT TO:<b@x.org> NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;b@x.org\nS: 250 ok\n"
         "C: DATA\nS: 354 go\nC: Subject: x\nC:\nC: hello\nC: .\nS: 250 ok\n"
         "C: MAIL FROM:<>\nS: 250 ok\nC: RCPT TO:<b@x.org>\nS: 250 ok\n"
         "C: DATA\nS: 354 go\nC: Subject: x\nC:\nC: hello\nC: .\nS: 250 ok\n");
    const auto send = [&](const std::string& sender) {
        return o.session().submit({sender, {"b@x.org"}, true, "12+3=@x.org"}, message,
                                  [](const auto&) { return true; }, {});
    };
    QVERIFY2(send("a@x.org").accepted, o.server.problem().c_str());
    QVERIFY2(send("").accepted, o.server.problem().c_str()); // reports have no sender to report to
    OPEN(without, "", "C: MAIL FROM:<a@x.org>\nS: 550 no\nC: RSET\nS: 250 ok\n");
    QVERIFY(!without.session()
                 .submit({"a@x.org", {"b@x.org"}, true, "1"}, message,
                         [](const auto&) { return true; }, {})
                 .accepted);
    VERIFY_SCRIPT(without.server);
}

void SmtpSessionTest::leavesAServerThatGoesAheadForNobody()
{
    OPEN(
        o, "PIPELINING",
        "C: MAIL FROM:<a@x.org>\nC: RCPT TO:<b@x.org>\nC: DATA\nS: 250 ok\nS: 550 no\nS: 354 go\n");
    const Submission result = o.submit();
    QVERIFY(!result.accepted);
    QVERIFY(!result.uncertain);
    QCOMPARE(result.recipients.at(0).reply, 550);
    QCOMPARE(result.error->kind, ErrorKind::Rejected);
    QCOMPARE(o.commits, 0);
    QVERIFY(!o.session().alive());
}

void SmtpSessionTest::boundsReplies()
{
    OPEN(o, "", "C: MAIL ...\nFLOOD: 250-and so on\n");
    const Submission result = o.submit();
    QCOMPARE(result.error->kind, ErrorKind::Protocol);
    QCOMPARE(result.error->code, ErrorCode::LimitExceeded);
    QVERIFY(!o.session().alive());
}

void SmtpSessionTest::readsMaxSize()
{
    OPEN(limited, "SIZE 35882577", "");
    QCOMPARE(limited.session().offers().maxSize(), std::int64_t{35882577});
    OPEN(unlimited, "SIZE 0", "");
    QCOMPARE(unlimited.session().offers().maxSize(), std::int64_t{0});
    OPEN(silent, "", "");
    QCOMPARE(silent.session().offers().maxSize(), std::int64_t{0});
    OPEN(strange, "SIZE 99999999999999999999999", "");
    QCOMPARE(strange.session().offers().maxSize(), std::int64_t{0});
}

void SmtpSessionTest::quits()
{
    OPEN(o, "", "C: QUIT\nS: 221 bye\nEOF:\n");
    o.session().quit();
    QVERIFY(!o.session().alive());
    const Submission late = o.submit();
    QCOMPARE(late.error->kind, ErrorKind::Offline);
    QVERIFY(!late.uncertain);
    VERIFY_SCRIPT(o.server);
}

QTEST_GUILESS_MAIN(SmtpSessionTest)
#include "SmtpSessionTest.moc"
