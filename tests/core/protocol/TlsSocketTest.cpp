// SPDX-License-Identifier: GPL-3.0-or-later
// Every way in which a connection may not be safe or not be there: each has its own code, and not a
// byte of the password leaves (cases S1, S2, S3, S4, S6, S7).
#include "core/protocol/TlsSocket.h"
#include "core/protocol/CertificateCheck.h"
#include "core/protocol/ImapSession.h"
#include "core/protocol/SmtpSession.h"
#include "tests/core/protocol/ProtocolFixture.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <cstring>
#include <functional>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace avocet;
using namespace avocet::test;

namespace {

constexpr const char* imapHello = "S: * OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\n";
constexpr const char* imapStartTls = "C: {p} CAPABILITY\n"
                                     "S: * CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN\n"
                                     "S: {p} OK\n"
                                     "C: {p} STARTTLS\n";
constexpr const char* smtpHello = "S: 220 ready\n"
                                  "C: EHLO [127.0.0.1]\n"
                                  "S: 250-mx\n";

enum class Which { Good, WrongHost, Expired, NotYetValid, SelfSigned, Unknown };

struct Case {
    const char* name;
    bool smtp;
    Security security;
    std::string script;
    ErrorKind kind;
    ErrorCode code;
};

} // namespace

Q_DECLARE_METATYPE(Case)

namespace {

/// A listener that never answers, on a port that is ours.
class SilentPort {
public:
    SilentPort()
        : m_fd(::socket(AF_INET, SOCK_STREAM, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        ::bind(m_fd, reinterpret_cast<sockaddr*>(&address), length);
        ::getsockname(m_fd, reinterpret_cast<sockaddr*>(&address), &length);
        port = ntohs(address.sin_port);
    }
    ~SilentPort() { ::close(m_fd); }
    void listen() { ::listen(m_fd, 4); }
    /// True as soon as somebody connects; gives up after five seconds.
    bool waitForConnection() const
    {
        pollfd knock{m_fd, POLLIN, 0};
        return ::poll(&knock, 1, 5000) == 1;
    }
    std::uint16_t port = 0;

private:
    int m_fd;
};

Status openSession(bool smtp, const ConnectOptions& options, std::stop_token stop = {})
{
    if (smtp) {
        auto session = SmtpSession::open(options, credentials(), stop);
        return session ? Status{} : tl::unexpected(session.error());
    }
    auto session = ImapSession::open(options, credentials(), stop);
    return session ? Status{} : tl::unexpected(session.error());
}

} // namespace

class TlsSocketTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesUnsafeDialogues_data();
    void refusesUnsafeDialogues();
    void refusesBadCertificates_data();
    void refusesBadCertificates();
    void acceptsPinnedCertificate_data();
    void acceptsPinnedCertificate();
    void tellsChangedCertificate();
    void ignoresPinOfAnotherPort();
    void acceptsGoodCertificateDespiteOldPin();
    void verifiesAddressByItsOwnName();
    void refusesAddressThatIsNotInTheCertificate();
    void forbidsPlaintextToOthers_data();
    void forbidsPlaintextToOthers();
    void tellsUnreadableCaFile();
    void tellsRefusedConnection();
    void tellsUnknownHost();
    void timesOutWithoutGreeting();
    void timesOutInHandshake();
    void timesOutInTheMiddleOfALine();
    void cancelsAtOnce_data();
    void cancelsAtOnce();
    void refusesConnectionWhenCancelledBefore();
    void ignoresDataBeforeLogin();
    void boundsGreeting();

private:
    QTemporaryDir m_dir;
    std::unique_ptr<TestCertificates> m_certificates;
    ServerIdentity identity(Which which) const;
};

void TlsSocketTest::initTestCase()
{
    QVERIFY(m_dir.isValid());
    m_certificates = std::make_unique<TestCertificates>(m_dir.path().toStdString());
}

ServerIdentity TlsSocketTest::identity(Which which) const
{
    CertificateText text;
    switch (which) {
    case Which::Good:
        break;
    case Which::WrongHost:
        text.names = {"mail.example.org"};
        text.addresses.clear();
        break;
    case Which::Expired:
        text.notBeforeSeconds = -20L * 86'400;
        text.notAfterSeconds = -10L * 86'400;
        break;
    case Which::NotYetValid:
        text.notBeforeSeconds = 86'400;
        text.notAfterSeconds = 2L * 86'400;
        break;
    case Which::SelfSigned:
        return TestCertificates::selfSigned();
    case Which::Unknown: {
        QTemporaryDir other;
        return TestCertificates(other.path().toStdString()).issue();
    }
    }
    return m_certificates->issue(text);
}

void TlsSocketTest::refusesUnsafeDialogues_data()
{
    using enum ErrorKind;
    using enum ErrorCode;
    const std::string hello = imapHello;
    const std::string start = hello + imapStartTls;
    const std::string mail = smtpHello;
    const std::string mailStart = mail + "S: 250 STARTTLS\nC: STARTTLS\n";
    const Case cases[] = {
        {"imap: STARTTLS is not offered", false, Security::StartTls,
         hello + "C: {p} CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN\nS: {p} OK\nEOF:\n", Tls,
         StartTlsMissing},
        {"imap: STARTTLS is answered NO", false, Security::StartTls, start + "S: {p} NO\nEOF:\n",
         Tls, StartTlsRefused},
        {"imap: STARTTLS is answered BAD", false, Security::StartTls,
         start + "S: {p} BAD unknown command\nEOF:\n", Tls, StartTlsRefused},
        {"imap: PREAUTH before TLS", false, Security::StartTls, "S: * PREAUTH welcome back\nEOF:\n",
         Tls, PreAuth},
        {"imap: plaintext in the segment of the STARTTLS reply", false, Security::StartTls,
         start + "R: {p} OK go\\r\\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\\r\\n\nEOF:\n", Tls,
         PlaintextInjected},
        {"imap: TLS port speaks plainly", false, Security::Tls, hello + hello + hello, Tls,
         TlsHandshake},
        {"imap: BYE greeting", false, Security::Plain, "S: * BYE too many connections\nEOF:\n",
         Transient, None},
        {"imap: an SMTP server", false, Security::Plain, "S: 220 mx ESMTP\nEOF:\n", Protocol,
         NotImap},
        {"imap: a web server", false, Security::StartTls, "S: HTTP/1.0 400 Bad Request\nEOF:\n",
         Protocol, NotImap},
        {"imap: closed without a word", false, Security::Plain, "CLOSE:\n", Offline,
         ConnectionLost},
        {"imap: closed in the STARTTLS dialogue", false, Security::StartTls, hello + "CLOSE:\n",
         Offline, ConnectionLost},
        {"imap: no sign-in method", false, Security::Plain,
         "S: * OK [CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=GSSAPI] ready\nEOF:\n", Auth,
         NoMechanism},
        {"smtp: STARTTLS is not offered", true, Security::StartTls,
         mail + "S: 250 AUTH PLAIN\nEOF:\n", Tls, StartTlsMissing},
        {"smtp: EHLO is not known", true, Security::StartTls,
         "S: 220 ready\nC: EHLO [127.0.0.1]\nS: 500 what\nEOF:\n", Tls, StartTlsMissing},
        {"smtp: STARTTLS is answered 454", true, Security::StartTls,
         mailStart + "S: 454 not now\nEOF:\n", Tls, StartTlsRefused},
        {"smtp: STARTTLS is answered 502", true, Security::StartTls,
         mailStart + "S: 502 never\nEOF:\n", Tls, StartTlsRefused},
        {"smtp: plaintext in the segment of the STARTTLS reply", true, Security::StartTls,
         mailStart + "R: 220 go\\r\\n250-mx\\r\\n250 AUTH PLAIN\\r\\n\nEOF:\n", Tls,
         PlaintextInjected},
        {"smtp: TLS port speaks plainly", true, Security::Tls, "S: 220 a\nS: 220 b\nS: 220 c\n",
         Tls, TlsHandshake},
        {"smtp: greeting 554", true, Security::Plain, "S: 554 go away\nEOF:\n", Rejected, None},
        {"smtp: greeting 421", true, Security::Plain, "S: 421 busy\nEOF:\n", Transient, None},
        {"smtp: an IMAP server", true, Security::Plain, "S: * OK IMAP4rev1\nEOF:\n", Protocol,
         NotSmtp},
        {"smtp: AUTH is not offered", true, Security::Plain,
         "S: 220 hi\nC: EHLO [127.0.0.1]\nS: 250 mx\n", Auth, NoMechanism},
    };
    QTest::addColumn<Case>("row");
    for (const Case& row : cases)
        QTest::newRow(row.name) << row;
}

void TlsSocketTest::refusesUnsafeDialogues()
{
    QFETCH(Case, row);
    ScriptedServer server(row.script, identity(Which::Good));
    const auto options = optionsFor(server, row.security, m_certificates->caFile());
    const auto opened = openSession(row.smtp, options);
    VERIFY_ERROR(opened, row.kind, row.code);
    server.finish(1000);
    QVERIFY2(heldBack(server.received()), server.received().c_str());
    QVERIFY(server.received().find("LOGIN") == std::string::npos);
    QVERIFY(server.received().find("AUTH") == std::string::npos);
    if (row.code != ErrorCode::TlsHandshake)
        QVERIFY2(server.problem().empty(), server.problem().c_str());
}

void TlsSocketTest::refusesBadCertificates_data()
{
    QTest::addColumn<int>("which");
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("security");
    const auto row = [](const char* name, Which which, ErrorCode code) {
        for (const auto security : {Security::Tls, Security::StartTls})
            QTest::addRow("%s, %s", name, security == Security::Tls ? "implicit" : "STARTTLS")
                << static_cast<int>(which) << static_cast<int>(code) << static_cast<int>(security);
    };
    row("wrong host", Which::WrongHost, ErrorCode::CertificateWrongHost);
    row("expired", Which::Expired, ErrorCode::CertificateExpired);
    row("not yet valid", Which::NotYetValid, ErrorCode::CertificateNotYetValid);
    row("self-signed", Which::SelfSigned, ErrorCode::CertificateSelfSigned);
    row("unknown issuer", Which::Unknown, ErrorCode::CertificateUnknownIssuer);
}

void TlsSocketTest::refusesBadCertificates()
{
    QFETCH(int, which);
    QFETCH(int, code);
    QFETCH(int, security);
    const ServerIdentity bad = identity(static_cast<Which>(which));
    for (const bool smtp : {false, true}) {
        const bool implicitTls = static_cast<Security>(security) == Security::Tls;
        const std::string dialogue =
            smtp ? std::string(smtpHello) + "S: 250 STARTTLS\nC: STARTTLS\nS: 220 go\nTLS:\n"
                 : std::string(imapHello) + imapStartTls + "S: {p} OK\nTLS:\n";
        ScriptedServer server(implicitTls ? std::string() : dialogue, bad, implicitTls);
        const auto options =
            optionsFor(server, static_cast<Security>(security), m_certificates->caFile());
        const auto opened = openSession(smtp, options);
        VERIFY_ERROR(opened, ErrorKind::Tls, static_cast<ErrorCode>(code));
        const auto facts = certificateFacts(opened.error());
        QVERIFY2(facts.has_value(), opened.error().detail.c_str());
        QCOMPARE(facts->sha256, bad.sha256());
        QCOMPARE(opened.error().detail.substr(opened.error().detail.size() - 10), facts->notAfter);
        const auto expiry = QDate::fromString(QString::fromStdString(facts->notAfter), Qt::ISODate);
        QVERIFY(expiry.isValid());
        if (static_cast<Which>(which) == Which::Expired)
            QCOMPARE(QDateTime::currentDateTimeUtc().addDays(-10).date(), expiry);
        server.finish(1000);
        QVERIFY(heldBack(server.received()));
    }
}

void TlsSocketTest::acceptsPinnedCertificate_data()
{
    QTest::addColumn<int>("which");
    QTest::newRow("self-signed") << static_cast<int>(Which::SelfSigned);
    QTest::newRow("expired") << static_cast<int>(Which::Expired);
    QTest::newRow("wrong host") << static_cast<int>(Which::WrongHost);
    QTest::newRow("unknown issuer") << static_cast<int>(Which::Unknown);
}

void TlsSocketTest::acceptsPinnedCertificate()
{
    QFETCH(int, which);
    const ServerIdentity pinned = identity(static_cast<Which>(which));
    ScriptedServer server("S: hello", pinned, true);
    auto options = optionsFor(server, Security::Tls);
    options.pins = {makePin("LOCALHOST", server.port(), pinned.sha256())};
    auto socket = TlsSocket::connect(options, {});
    VERIFY_RESULT(socket);
    char bytes[64];
    const auto got = (*socket)->read(bytes, sizeof bytes);
    VERIFY_RESULT(got);
    QCOMPARE(std::string(bytes, *got), std::string("hello\r\n"));
}

void TlsSocketTest::tellsChangedCertificate()
{
    ScriptedServer server("", identity(Which::SelfSigned), true);
    auto options = optionsFor(server, Security::Tls);
    options.pins = {makePin("localhost", server.port(), identity(Which::SelfSigned).sha256())};
    const auto opened = openSession(false, options);
    VERIFY_ERROR(opened, ErrorKind::Tls, ErrorCode::CertificateChanged);
    QVERIFY(certificateFacts(opened.error()).has_value());
    server.finish(1000);
    QVERIFY(heldBack(server.received()));
}

void TlsSocketTest::ignoresPinOfAnotherPort()
{
    const ServerIdentity own = identity(Which::SelfSigned);
    ScriptedServer server("", own, true);
    auto options = optionsFor(server, Security::Tls);
    options.pins = {makePin("localhost", 1, own.sha256()),
                    makePin("example.org", server.port(), own.sha256())};
    VERIFY_ERROR(openSession(false, options), ErrorKind::Tls, ErrorCode::CertificateSelfSigned);
}

void TlsSocketTest::acceptsGoodCertificateDespiteOldPin()
{
    ScriptedServer server("", identity(Which::Good), true);
    auto options = optionsFor(server, Security::Tls, m_certificates->caFile());
    options.pins = {makePin("localhost", server.port(), identity(Which::Good).sha256())};
    VERIFY_RESULT(TlsSocket::connect(options, {}));
}

void TlsSocketTest::verifiesAddressByItsOwnName()
{
    ScriptedServer server("", identity(Which::Good), true);
    auto options = optionsFor(server, Security::Tls, m_certificates->caFile());
    options.server.host = "127.0.0.1";
    auto socket = TlsSocket::connect(options, {});
    VERIFY_RESULT(socket);
    QVERIFY((*socket)->encrypted());
    QCOMPARE((*socket)->localAddressLiteral(), std::string("[127.0.0.1]"));
}

void TlsSocketTest::refusesAddressThatIsNotInTheCertificate()
{
    CertificateText text;
    text.addresses = {"127.0.0.2"};
    ScriptedServer server("", m_certificates->issue(text), true);
    auto options = optionsFor(server, Security::Tls, m_certificates->caFile());
    options.server.host = "127.0.0.1";
    VERIFY_ERROR(openSession(true, options), ErrorKind::Tls, ErrorCode::CertificateWrongHost);
}

void TlsSocketTest::forbidsPlaintextToOthers_data()
{
    QTest::addColumn<QByteArray>("host");
    for (const char* host : {"imap.example.org", "10.0.0.1", "::2", "[::2]",
                             "localhost.example.org", "128.0.0.1", "127.0.0.1.example.org", ""})
        QTest::addRow("\"%s\"", host) << QByteArray(host);
}

void TlsSocketTest::forbidsPlaintextToOthers()
{
    QFETCH(QByteArray, host);
    ConnectOptions options;
    options.server = {Security::Plain, host.toStdString(), 143};
    VERIFY_ERROR(openSession(false, options), ErrorKind::Tls, ErrorCode::PlaintextForbidden);
    VERIFY_ERROR(openSession(true, options), ErrorKind::Tls, ErrorCode::PlaintextForbidden);
}

void TlsSocketTest::tellsUnreadableCaFile()
{
    ScriptedServer server("", identity(Which::Good), true);
    const auto options = optionsFor(server, Security::Tls, "/nonexistent/ca.pem");
    VERIFY_ERROR(openSession(false, options), ErrorKind::Tls, ErrorCode::CertificateOther);
}

void TlsSocketTest::tellsRefusedConnection()
{
    const SilentPort closed; // bound, but nobody listens
    ConnectOptions options;
    options.server = {Security::Tls, "localhost", closed.port};
    VERIFY_ERROR(openSession(false, options), ErrorKind::Offline, ErrorCode::ConnectionRefused);
}

void TlsSocketTest::tellsUnknownHost()
{
    ConnectOptions options;
    options.server = {Security::Tls, "no-such-host.invalid", 993};
    VERIFY_ERROR(openSession(false, options), ErrorKind::Offline, ErrorCode::HostNotFound);
    options.server.host = std::string(300, 'a');
    VERIFY_ERROR(openSession(false, options), ErrorKind::Offline, ErrorCode::HostNotFound);
}

void TlsSocketTest::timesOutWithoutGreeting()
{
    SilentPort silent;
    silent.listen();
    ConnectOptions options;
    options.connectTimeout = std::chrono::milliseconds(200);
    options.ioTimeout = std::chrono::milliseconds(200);
    for (const auto security : {Security::Plain, Security::StartTls}) {
        options.server = {security, "localhost", silent.port};
        VERIFY_ERROR(openSession(false, options), ErrorKind::Timeout, ErrorCode::None);
    }
}

void TlsSocketTest::timesOutInHandshake()
{
    SilentPort silent;
    silent.listen();
    ConnectOptions options;
    options.server = {Security::Tls, "localhost", silent.port};
    options.connectTimeout = std::chrono::milliseconds(200);
    QElapsedTimer timer;
    timer.start();
    VERIFY_ERROR(openSession(false, options), ErrorKind::Timeout, ErrorCode::None);
    QVERIFY(timer.elapsed() < 3000);
}

void TlsSocketTest::timesOutInTheMiddleOfALine()
{
    ScriptedServer server("R: * OK rea\nEOF:\n");
    auto options = optionsFor(server);
    options.connectTimeout = std::chrono::milliseconds(200);
    VERIFY_ERROR(openSession(false, options), ErrorKind::Timeout, ErrorCode::None);
}

void TlsSocketTest::cancelsAtOnce_data()
{
    QTest::addColumn<int>("security");
    QTest::newRow("waiting for the greeting") << static_cast<int>(Security::Plain);
    QTest::newRow("in the handshake") << static_cast<int>(Security::Tls);
}

void TlsSocketTest::cancelsAtOnce()
{
    QFETCH(int, security);
    SilentPort silent;
    silent.listen();
    ConnectOptions options;
    options.server = {static_cast<Security>(security), "localhost", silent.port};
    std::stop_source stop;
    QElapsedTimer sinceStop;
    Status opened;
    std::jthread worker([&] { opened = openSession(false, options, stop.get_token()); });
    QVERIFY(silent.waitForConnection());
    sinceStop.start();
    stop.request_stop();
    worker.join();
    QVERIFY2(sinceStop.elapsed() < 500, "took longer than half a second");
    VERIFY_ERROR(opened, ErrorKind::Cancelled, ErrorCode::None);
}

void TlsSocketTest::refusesConnectionWhenCancelledBefore()
{
    ScriptedServer server("S: * OK hi\n");
    std::stop_source stop;
    stop.request_stop();
    VERIFY_ERROR(openSession(false, optionsFor(server), stop.get_token()), ErrorKind::Cancelled,
                 ErrorCode::None);
    auto unknown = optionsFor(server, Security::Tls);
    unknown.server.host = "no-such-host.invalid";
    VERIFY_ERROR(openSession(false, unknown, stop.get_token()), ErrorKind::Cancelled,
                 ErrorCode::None);
}

void TlsSocketTest::ignoresDataBeforeLogin()
{
    // The server of before TLS offers what the real one does not: none of it may count.
    const std::string script =
        std::string("S: * OK [ALERT] your password has expired\n") +
        "S: * LIST (\\Sent) \"/\" Planted\nS: * 77 EXISTS\nC: {p} CAPABILITY\n"
        "S: * 1 FETCH (FLAGS (\\Seen))\n"
        "S: * CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN IDLE PLANTED\nS: {p} OK\n"
        "C: {p} STARTTLS\nS: {p} OK\nTLS:\n"
        "C: {p} CAPABILITY\nS: * CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\nS: {p} OK\n"
        "S: * LIST (\\Sent) \"/\" Planted\nS: * 78 EXISTS\n"
        "C: {v} AUTHENTICATE PLAIN ...\n"
        "S: * 79 EXISTS\nS: * 3 FETCH (FLAGS (\\Seen))\n"
        "S: {v} OK [CAPABILITY IMAP4rev1]\n"
        "C: {t} NOOP\nS: {t} OK\n";
    ScriptedServer server(script, identity(Which::Good));
    auto session = ImapSession::open(
        optionsFor(server, Security::StartTls, m_certificates->caFile()), credentials(), {});
    VERIFY_RESULT(session);
    QVERIFY(!(*session)->capabilities().has("PLANTED"));
    QVERIFY(!(*session)->capabilities().has("IDLE"));
    const auto change = (*session)->poll();
    VERIFY_RESULT(change);
    QVERIFY(change->empty());
}

void TlsSocketTest::boundsGreeting()
{
    ScriptedServer endless("S: 220-hello\nFLOOD: 220-and more\n");
    const auto smtp = openSession(true, optionsFor(endless));
    VERIFY_ERROR(smtp, ErrorKind::Protocol, ErrorCode::LimitExceeded);
    const std::string longLine(100'000, 'a');
    ScriptedServer lines("S: * OK " + longLine + longLine + "\n");
    VERIFY_ERROR(openSession(false, optionsFor(lines)), ErrorKind::Protocol,
                 ErrorCode::LimitExceeded);
}

QTEST_GUILESS_MAIN(TlsSocketTest)
#include "TlsSocketTest.moc"
