// SPDX-License-Identifier: GPL-3.0-or-later
// A transcript may be sent to anybody: nothing in it lets one sign in (case C1).
#include "core/protocol/ProtocolLog.h"
#include "core/protocol/ImapSession.h"
#include "tests/core/protocol/ProtocolFixture.h"

#include <QObject>

using namespace avocet;
using namespace avocet::test;

namespace {

/// "C: " and "S: " lines into a log, and what came out.
QByteArray logged(const QByteArray& transcript)
{
    std::string out;
    ProtocolLog log([&](std::string_view line) { out.append(line).append("\n"); });
    for (const QByteArray& line : transcript.split('\n')) {
        const std::string text = line.mid(3).toStdString();
        if (line.startsWith("C: "))
            log.sent("c", text);
        else
            log.received("c", text);
    }
    return QByteArray::fromStdString(out);
}

} // namespace

class ProtocolLogTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hidesSecrets_data();
    void hidesSecrets();
    void showsTheRest();
    void cutsLiteralsAndLongLines();
    void splitsPipelinedCommands();
    void keepsConnectionsApart();
    void scrubsEveryForm();
    void hidesPasswordOfWholeSession_data();
    void hidesPasswordOfWholeSession();
};

void ProtocolLogTest::hidesSecrets_data()
{
    QTest::addColumn<QByteArray>("transcript");
    const QByteArray plain = QByteArray::fromStdString(base64(std::string("\0anna\0SECRET", 12)));
    const QByteArray word = QByteArray::fromStdString(base64("SECRET"));
    QTest::newRow("LOGIN") << QByteArray("C: a1 LOGIN anna SECRET\nS: a1 OK");
    QTest::newRow("login in small letters")
        << QByteArray("C: a1 login \"anna\" \"SECRET\"\nS: a1 OK");
    QTest::newRow("LOGIN with literals")
        << QByteArray("C: a1 LOGIN {4}\nS: + go\nC: anna {6}\nS: +\nC: SECRET\nS: a1 OK");
    QTest::newRow("AUTHENTICATE PLAIN")
        << "C: a1 AUTHENTICATE PLAIN\nS: +\nC: " + plain + "\nS: a1 OK";
    QTest::newRow("AUTHENTICATE PLAIN at once")
        << "C: a1 AUTHENTICATE PLAIN " + plain + "\nS: a1 OK";
    QTest::newRow("AUTHENTICATE LOGIN, refused and again")
        << "C: a1 AUTHENTICATE LOGIN\nS: + VXNlcm5hbWU6\nC: YW5uYQ==\nS: + UGFzc3dvcmQ6\nC: " +
               word + "\nS: a1 NO\nC: a2 AUTHENTICATE PLAIN\nS: + \nC: " + plain + "\nS: a2 OK";
    QTest::newRow("untagged data in between")
        << "C: a1 AUTHENTICATE PLAIN\nS: * OK patience\nS: +\nC: " + plain + "\nS: a1 OK";
    QTest::newRow("AUTH PLAIN") << "C: AUTH PLAIN " + plain + "\nS: 235 ok";
    QTest::newRow("auth login")
        << "C: auth login\nS: 334 VXNlcm5hbWU6\nC: YW5uYQ==\nS: 334 UGFz\nC: " + word +
               "\nS: 235 ok";
    QTest::newRow("a challenge that repeats it") << "C: AUTH XOAUTH2 " + plain + "\nS: 334 " + word;
}

void ProtocolLogTest::hidesSecrets()
{
    QFETCH(QByteArray, transcript);
    const QByteArray out = logged(transcript);
    QVERIFY2(!out.contains("SECRET"), out.constData());
    QVERIFY2(!out.contains("U0VDUkVU"), out.constData());
    QVERIFY2(!out.contains("YW5uY"), out.constData());
    QVERIFY2(!out.contains("TRUNSRV"), out.constData());
    QVERIFY(out.contains("<hidden>"));
}

void ProtocolLogTest::showsTheRest()
{
    QCOMPARE(
        logged("C: a1 AUTHENTICATE PLAIN x\nS: * CAPABILITY IDLE\nS: a1 OK in\nC: a2 NOOP"),
        QByteArray("c C: a1 AUTHENTICATE PLAIN <hidden>\nc S: * CAPABILITY IDLE\nc S: a1 OK in\n"
                   "c C: a2 NOOP\n"));
    QCOMPARE(
        logged("C: AUTH PLAIN x\nS: 235-a\nS: 235 b\nC: MAIL FROM:<a@b>"),
        QByteArray("c C: AUTH PLAIN <hidden>\nc S: 235-a\nc S: 235 b\nc C: MAIL FROM:<a@b>\n"));
}

void ProtocolLogTest::cutsLiteralsAndLongLines()
{
    std::string out;
    ProtocolLog log([&](std::string_view line) { out = line; });
    log.received("c", "* 1 FETCH (BODY[] {12}\r\nprivate text)");
    QCOMPARE(out, std::string("c S: * 1 FETCH (BODY[] {12} <15 more bytes>"));
    log.received("c", std::string(10'000, 'a'));
    QVERIFY(out.size() < 600);
    log.note("c", "a\x1b[2Jb");
    QCOMPARE(out, std::string("c -- a?[2Jb"));
}

void ProtocolLogTest::splitsPipelinedCommands()
{
    std::vector<std::string> lines;
    ProtocolLog log([&](std::string_view line) { lines.emplace_back(line); });
    log.sent("c", "MAIL FROM:<a@b>\r\nRCPT TO:<c@d>");
    QCOMPARE(lines, (std::vector<std::string>{"c C: MAIL FROM:<a@b>", "c C: RCPT TO:<c@d>"}));
}

void ProtocolLogTest::keepsConnectionsApart()
{
    std::vector<std::string> lines;
    ProtocolLog log([&](std::string_view line) { lines.emplace_back(line); });
    log.sent("one", "a1 AUTHENTICATE PLAIN");
    log.sent("two", "a1 NOOP");
    log.sent("one", "c2VjcmV0");
    QCOMPARE(lines.at(1), std::string("two C: a1 NOOP"));
    QCOMPARE(lines.at(2), std::string("one C: <hidden>"));
}

void ProtocolLogTest::scrubsEveryForm()
{
    const SecretScrubber scrubber(credentials());
    const std::string password = credentials().password;
    for (const std::string prefix : {"", "x", "xx", "anna", "anna1", "anna12"}) {
        const std::string text = base64(prefix + password + "tail");
        QVERIFY2(scrubber.scrub("NO " + text) != "NO " + text, text.c_str());
    }
    QCOMPARE(scrubber.scrub("BAD LOGIN anna " + password), std::string("BAD LOGIN anna ***"));
    QCOMPARE(SecretScrubber(Credentials{}).scrub("nothing to hide"),
             std::string("nothing to hide"));
}

void ProtocolLogTest::hidesPasswordOfWholeSession_data()
{
    QTest::addColumn<QByteArray>("script");
    QTest::newRow("SASL") << QByteArray(
        "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR]\nC: {v} AUTHENTICATE PLAIN {secret}\n"
        "S: {v} NO you sent {secret} and s3cret-Passw0rd\n");
    QTest::newRow("LOGIN") << QByteArray("S: * OK [CAPABILITY IMAP4rev1]\nC: {v} LOGIN ...\n"
                                         "S: {v} BAD LOGIN anna s3cret-Passw0rd\n");
}

void ProtocolLogTest::hidesPasswordOfWholeSession()
{
    QFETCH(QByteArray, script);
    ScriptedServer server(script.toStdString());
    std::string out;
    ProtocolLog log([&](std::string_view line) { out.append(line).append("\n"); });
    auto options = optionsFor(server);
    options.log = &log;
    const auto session = ImapSession::open(options, credentials(), {});
    VERIFY_ERROR(session, ErrorKind::Auth, ErrorCode::WrongPassword);
    VERIFY_SCRIPT(server);
    QVERIFY(!heldBack(server.received()));
    QVERIFY2(heldBack(out), out.c_str());
    QVERIFY(!out.empty());
    QVERIFY2(heldBack(session.error().serverText), session.error().serverText.c_str());
    QVERIFY(heldBack(session.error().detail));
}

QTEST_GUILESS_MAIN(ProtocolLogTest)
#include "ProtocolLogTest.moc"
