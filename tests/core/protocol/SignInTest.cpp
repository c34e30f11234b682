// SPDX-License-Identifier: GPL-3.0-or-later
// Signing in: which method is tried when, what the refusals mean, and that vmime's narrow view of
// the dialogue does no harm.
#include "core/protocol/ImapSession.h"
#include "core/protocol/SaslMechanisms.h"
#include "core/protocol/SmtpSession.h"
#include "tests/core/protocol/ProtocolFixture.h"

#include <QObject>

using namespace avocet;
using namespace avocet::test;

namespace {

// base64 of "\0anna\0s3cret-Passw0rd"
const std::string plainResponse = base64(std::string("\0anna\0s3cret-Passw0rd", 21));
const std::string goodImap = "* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] hi";

} // namespace

class SignInTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void choosesMechanisms_data();
    void choosesMechanisms();
    void signsInToImap_data();
    void signsInToImap();
    void signsInToSmtp_data();
    void signsInToSmtp();
    void tellsImapRefusals_data();
    void tellsImapRefusals();
    void tellsSmtpRefusals_data();
    void tellsSmtpRefusals();
    void fallsBackToPlainOnce();
    void stopsAfterTemporaryRefusal();
    void sendsTokenOnly();
    void keepsWhatCameWithTheAnswer();
    void followsNoReferral();
    void skipsSignInAfterPreAuth();
};

void SignInTest::choosesMechanisms_data()
{
    QTest::addColumn<QByteArrayList>("offered");
    QTest::addColumn<bool>("token");
    QTest::addColumn<QByteArrayList>("expected");
    using List = QByteArrayList;
    QTest::newRow("the strongest and a fallback")
        << List{"LOGIN", "PLAIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"} << false
        << List{"SCRAM-SHA-256", "PLAIN"};
    QTest::newRow("CRAM-MD5 and LOGIN")
        << List{"CRAM-MD5", "LOGIN"} << false << List{"CRAM-MD5", "LOGIN"};
    QTest::newRow("nothing we know") << List{"GSSAPI", "NTLM"} << false << List{};
    QTest::newRow("a token is never sent as a password")
        << List{"PLAIN", "LOGIN", "SCRAM-SHA-256"} << true << List{};
    QTest::newRow("a token goes by the standard")
        << List{"XOAUTH2", "OAUTHBEARER"} << true << List{"OAUTHBEARER"};
    QTest::newRow("a token by the old way") << List{"XOAUTH2"} << true << List{"XOAUTH2"};
    QTest::newRow("a password is never sent as a token")
        << List{"XOAUTH2", "OAUTHBEARER"} << false << List{};
}

void SignInTest::choosesMechanisms()
{
    QFETCH(QByteArrayList, offered);
    QFETCH(bool, token);
    QFETCH(QByteArrayList, expected);
    std::vector<std::string> names, result;
    for (const QByteArray& name : offered)
        names.push_back(name.toStdString());
    for (const QByteArray& name : expected)
        result.push_back(name.toStdString());
    QCOMPARE(chooseMechanisms(names, token), result);
}

void SignInTest::signsInToImap_data()
{
    QTest::addColumn<QByteArray>("script");
    const auto row = [](const char* name, const std::string& script) {
        QTest::newRow(name) << QByteArray::fromStdString(
            script + "C: {t} CAPABILITY\nS: * CAPABILITY IMAP4rev1\nS: {t} OK\n");
    };
    const std::string greet = "S: " + goodImap + "\n";
    row("PLAIN at once", greet + "C: {v} AUTHENTICATE PLAIN " + plainResponse + "\nS: {v} OK in\n");
    row("PLAIN after a continuation",
        "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] hi\nC: {v} AUTHENTICATE PLAIN\nS: + \nC: " +
            plainResponse + "\nS: {v} OK in\n");
    row("an OK without text", greet + "C: {v} AUTHENTICATE PLAIN ...\nS: {v} OK\n");
    row("a continuation without a space",
        "S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN]\nC: {v} AUTHENTICATE PLAIN\nS: +\nC: " +
            plainResponse + "\nS: {v} OK\n");
    row("odd untagged lines in between",
        greet +
            "C: {v} AUTHENTICATE PLAIN ...\nS: * NAMESPACE ((\"\" \"/\")) NIL NIL\nS: * ID NIL\n"
            "S: * X-UNKNOWN (1 2\nS: * 5 EXISTS\nS: {v} OK [X-WHAT {7}] done\n");
    row("capabilities asked for",
        "S: * OK hi\nC: {p} CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\nS: {p} OK\n"
        "C: {v} AUTHENTICATE PLAIN ...\nS: {v} OK\n");
    row("LOGIN where there is no SASL",
        "S: * OK [CAPABILITY IMAP4rev1]\nC: {v} LOGIN anna s3cret-Passw0rd\nS: {v} OK\n");
    row("AUTHENTICATE LOGIN",
        "S: * OK [CAPABILITY IMAP4rev1 AUTH=LOGIN]\nC: {v} AUTHENTICATE LOGIN\nS: + VXNlcm5hbWU6\n"
        "C: YW5uYQ==\nS: + UGFzc3dvcmQ6\nC: " +
            base64("s3cret-Passw0rd") + "\nS: {v} OK\n");
}

void SignInTest::signsInToImap()
{
    QFETCH(QByteArray, script);
    ScriptedServer server(script.toStdString());
    auto session = ImapSession::open(optionsFor(server), credentials(), {});
    QVERIFY2(session.has_value(), (describe(session) + "; " + server.problem()).c_str());
    QVERIFY((*session)->capabilities().has("IMAP4REV1"));
    session->reset();
    VERIFY_SCRIPT(server);
}

void SignInTest::signsInToSmtp_data()
{
    QTest::addColumn<QByteArray>("script");
    const auto row = [](const char* name, const std::string& script) {
        QTest::newRow(name) << QByteArray::fromStdString("S: 220 hi\nC: EHLO [127.0.0.1]\n" +
                                                         script);
    };
    row("PLAIN", "S: 250-mx\nS: 250 AUTH PLAIN LOGIN\nC: AUTH PLAIN " + plainResponse +
                     "\nS: 235 2.7.0 in\n");
    row("PLAIN, answered in two lines",
        "S: 250-mx\nS: 250 auth plain\nC: AUTH PLAIN ...\nS: 235-2.7.0 in\nS: 235 2.7.0 really\n");
    row("LOGIN", "S: 250-mx\nS: 250 AUTH LOGIN\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YW5uYQ==\n"
                 "S: 334 UGFzc3dvcmQ6\nC: " +
                     base64("s3cret-Passw0rd") + "\nS: 235\n");
}

void SignInTest::signsInToSmtp()
{
    QFETCH(QByteArray, script);
    ScriptedServer server(script.toStdString());
    auto session = SmtpSession::open(optionsFor(server), credentials(), {});
    QVERIFY2(session.has_value(), (describe(session) + "; " + server.problem()).c_str());
    session->reset();
    VERIFY_SCRIPT(server);
}

void SignInTest::tellsImapRefusals_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const char* answer, ErrorKind kind, ErrorCode code) {
        QTest::newRow(name) << QByteArray(answer) << static_cast<int>(kind)
                            << static_cast<int>(code);
    };
    row("wrong password", "S: {v} NO [AUTHENTICATIONFAILED] wrong", ErrorKind::Auth,
        ErrorCode::WrongPassword);
    row("a bare NO", "S: {v} NO", ErrorKind::Auth, ErrorCode::WrongPassword);
    row("BAD", "S: {v} BAD no such command", ErrorKind::Auth, ErrorCode::WrongPassword);
    row("the password store is down", "S: {v} NO [UNAVAILABLE] later", ErrorKind::Transient,
        ErrorCode::None);
    row("mailbox in use", "S: {v} NO [INUSE] later", ErrorKind::Transient, ErrorCode::None);
    row("TLS is wanted", "S: {v} NO [PRIVACYREQUIRED] no", ErrorKind::Auth, ErrorCode::NoMechanism);
    row("BYE", "S: * BYE shutting down\nCLOSE:", ErrorKind::Transient, ErrorCode::None);
    row("refused and closed", "S: {v} NO wrong\nCLOSE:", ErrorKind::Auth, ErrorCode::WrongPassword);
    row("cut", "CLOSE:", ErrorKind::Offline, ErrorCode::ConnectionLost);
    row("not IMAP any more", "S: 500what", ErrorKind::Protocol, ErrorCode::None);
}

void SignInTest::tellsImapRefusals()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    QFETCH(int, code);
    ScriptedServer server("S: " + goodImap + "\nC: {v} AUTHENTICATE PLAIN ...\n" +
                          answer.toStdString() + "\n");
    const auto session = ImapSession::open(optionsFor(server), credentials(), {});
    VERIFY_ERROR(session, static_cast<ErrorKind>(kind), static_cast<ErrorCode>(code));
    server.finish(1000);
}

void SignInTest::tellsSmtpRefusals_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<int>("kind");
    QTest::addColumn<int>("code");
    const auto row = [](const char* name, const char* answer, ErrorKind kind, ErrorCode code) {
        QTest::newRow(name) << QByteArray(answer) << static_cast<int>(kind)
                            << static_cast<int>(code);
    };
    row("535", "S: 535 5.7.8 wrong", ErrorKind::Auth, ErrorCode::WrongPassword);
    row("454", "S: 454 4.7.0 later", ErrorKind::Transient, ErrorCode::None);
    row("421", "S: 421 too many\nCLOSE:", ErrorKind::Transient, ErrorCode::None);
    row("538", "S: 538 encryption required", ErrorKind::Auth, ErrorCode::NoMechanism);
    row("cut", "CLOSE:", ErrorKind::Offline, ErrorCode::ConnectionLost);
    row("535 and cut", "S: 535 wrong\nCLOSE:", ErrorKind::Auth, ErrorCode::WrongPassword);
    row("endless", "FLOOD: 535-and another thing", ErrorKind::Protocol, ErrorCode::LimitExceeded);
}

void SignInTest::tellsSmtpRefusals()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, kind);
    QFETCH(int, code);
    ScriptedServer server("S: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-mx\nS: 250 AUTH PLAIN\n"
                          "C: AUTH PLAIN ...\n" +
                          answer.toStdString() + "\n");
    const auto session = SmtpSession::open(optionsFor(server), credentials(), {});
    VERIFY_ERROR(session, static_cast<ErrorKind>(kind), static_cast<ErrorCode>(code));
    server.finish(1000);
}

void SignInTest::fallsBackToPlainOnce()
{
    ScriptedServer server(
        "S: * OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5 AUTH=PLAIN AUTH=LOGIN SASL-IR]\n"
        "C: {v} AUTHENTICATE CRAM-MD5\nS: + PDEyMzQ1QGV4YW1wbGUub3JnPg==\n"
        "C: {response}\nS: {v} NO this account has another hash\n"
        "C: {v} AUTHENTICATE PLAIN " +
        plainResponse + "\nS: {v} NO wrong\n");
    const auto session = ImapSession::open(optionsFor(server), credentials(), {});
    VERIFY_ERROR(session, ErrorKind::Auth, ErrorCode::WrongPassword);
    VERIFY_SCRIPT(server);
    QVERIFY(server.received().find("LOGIN") == std::string::npos);
}

void SignInTest::stopsAfterTemporaryRefusal()
{
    ScriptedServer server("S: * OK [CAPABILITY IMAP4rev1 AUTH=CRAM-MD5 AUTH=PLAIN SASL-IR]\n"
                          "C: {v} AUTHENTICATE CRAM-MD5\nS: + PDEyMzQ1QGV4YW1wbGUub3JnPg==\n"
                          "C: {response}\nS: {v} NO [UNAVAILABLE] database down\nEOF:\n");
    const auto session = ImapSession::open(optionsFor(server), credentials(), {});
    VERIFY_ERROR(session, ErrorKind::Transient, ErrorCode::None);
    QCOMPARE(session.error().serverText, std::string("database down"));
    VERIFY_SCRIPT(server);
}

void SignInTest::sendsTokenOnly()
{
    Credentials withToken{"anna", "s3cret-Passw0rd", "token-1234567"};
    const std::string bearer = base64("n,a=anna,\x01"
                                      "auth=Bearer token-1234567\x01\x01");
    ScriptedServer imap("S: * OK [CAPABILITY IMAP4rev1 AUTH=PLAIN AUTH=OAUTHBEARER SASL-IR]\n"
                        "C: {v} AUTHENTICATE OAUTHBEARER " +
                        bearer + "\nS: + eyJzdGF0dXMiOiI0MDEifQ==\nC: AQ==\nS: {v} NO expired\n");
    VERIFY_ERROR(ImapSession::open(optionsFor(imap), withToken, {}), ErrorKind::Auth,
                 ErrorCode::WrongPassword);
    VERIFY_SCRIPT(imap);
    QVERIFY(heldBack(imap.received()));

    const std::string old = base64("user=anna\x01"
                                   "auth=Bearer token-1234567\x01\x01");
    ScriptedServer smtp("S: 220 hi\nC: EHLO [127.0.0.1]\nS: 250-mx\nS: 250 AUTH XOAUTH2 PLAIN\n"
                        "C: AUTH XOAUTH2 " +
                        old + "\nS: 235 in\n");
    VERIFY_RESULT(SmtpSession::open(optionsFor(smtp), withToken, {}));
    VERIFY_SCRIPT(smtp);
    QVERIFY(heldBack(smtp.received()));
}

void SignInTest::keepsWhatCameWithTheAnswer()
{
    // The answer and what follows it in one segment: the second line belongs to our own reader.
    ScriptedServer server("S: " + goodImap +
                          "\nC: {v} AUTHENTICATE PLAIN ...\n"
                          "R: {v} OK [CAPABILITY IMAP4rev1 IDLE] in\\r\\n* 7 EXISTS\\r\\n\n"
                          "C: {t} NOOP\nS: {t} OK\n");
    auto session = ImapSession::open(optionsFor(server), credentials(), {});
    VERIFY_RESULT(session);
    QVERIFY((*session)->capabilities().has("IDLE"));
    const auto change = (*session)->poll();
    VERIFY_RESULT(change);
    QCOMPARE(change->exists.value_or(0), 7u);
}

void SignInTest::followsNoReferral()
{
    ScriptedServer other("S: * OK hi\n");
    const std::string url = "imap://anna@127.0.0.1:" + std::to_string(other.port()) + "/";
    ScriptedServer server("S: " + goodImap +
                          "\nC: {v} AUTHENTICATE PLAIN ...\nS: {v} NO [REFERRAL " + url +
                          "] try there\n");
    VERIFY_ERROR(ImapSession::open(optionsFor(server), credentials(), {}), ErrorKind::Auth,
                 ErrorCode::WrongPassword);
    QCOMPARE(other.connections(), 0);
}

void SignInTest::skipsSignInAfterPreAuth()
{
    ScriptedServer server("S: * PREAUTH [CAPABILITY IMAP4rev1] welcome\nC: {t} CAPABILITY\n"
                          "S: * CAPABILITY IMAP4rev1\nS: {t} OK\n");
    VERIFY_RESULT(ImapSession::open(optionsFor(server), credentials(), {}));
    VERIFY_SCRIPT(server);
    QVERIFY(heldBack(server.received()));
}

QTEST_GUILESS_MAIN(SignInTest)
#include "SignInTest.moc"
