// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/integration/Program.h"

#include <QFile>
#include <QJsonDocument>
#include <QMap>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>

#include <memory>

using namespace avocet::integration;
using namespace Qt::Literals::StringLiterals;

namespace {

const QByteArray password = "a-rather-long-secret-of-the-dunes";

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// tests/faults/hostile.py with one fault, or none.
class HostileServer {
public:
    HostileServer(const QString& mode, const QString& protocol, const QString& security)
    {
        m_process.start(u"python3"_s, {sourcePath(u"tests/faults/hostile.py"_s), u"--mode"_s, mode,
                                       u"--protocol"_s, protocol, u"--security"_s, security});
        while (!m_line.contains('\n') && m_process.waitForReadyRead(20'000))
            m_line += m_process.readAllStandardOutput();
        m_about = QJsonDocument::fromJson(m_line).object();
    }
    ~HostileServer()
    {
        m_process.closeWriteChannel();
        if (!m_process.waitForFinished(10'000))
            m_process.kill();
    }
    bool runs() const { return !m_about.isEmpty(); }
    int port() const { return m_about.value(u"port"_s).toInt(); }
    QByteArray ca() const { return contentOf(m_about.value(u"caFile"_s).toString()); }
    QByteArray raw() const { return contentOf(m_about.value(u"raw"_s).toString()); }
    QByteArray clear() const { return contentOf(m_about.value(u"clear"_s).toString()); }
    int connections() const
    {
        return static_cast<int>(
            contentOf(m_about.value(u"events"_s).toString()).count("connection\n"));
    }

private:
    QProcess m_process;
    QByteArray m_line;
    QJsonObject m_about;
};

/// The secret as it stands in a LOGIN, and in base64 at each of the three alignments.
QByteArrayList formsOf(const QByteArray& secret)
{
    QByteArrayList forms{secret};
    for (int shift = 0; shift < 3; ++shift) {
        const QByteArray encoded = QByteArray(shift, 'x').append(secret).toBase64();
        forms.append(encoded.mid(4, encoded.size() - 8));
    }
    return forms;
}

bool holdsTheSecret(const QByteArray& bytes)
{
    for (const QByteArray& form : formsOf(password))
        if (bytes.contains(form))
            return true;
    return false;
}

} // namespace

/// Each way in which a connection can be unsafe is refused, in words of its own, and the password stays
/// here. The server that hears the client writes down every byte.
class TlsRefusalTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void signsInWhereNothingIsWrong_data();
    void signsInWhereNothingIsWrong();
    void refusesWithoutAByteOfThePassword_data();
    void refusesWithoutAByteOfThePassword();
    void eachRefusalHasItsOwnWords();

private:
    Outcome addAccount(const HostileServer& imap, const QString& imapScheme,
                       const HostileServer& smtp, const QString& smtpScheme);

    QMap<QString, QMap<QString, QByteArray>> m_words; ///< protocol, fault, what was said
};

void TlsRefusalTest::initTestCase()
{
    if (QStandardPaths::findExecutable(u"openssl"_s).isEmpty())
        QSKIP("openssl is not installed: no certificates can be made");
}

Outcome TlsRefusalTest::addAccount(const HostileServer& imap, const QString& imapScheme,
                                   const HostileServer& smtp, const QString& smtpScheme)
{
    const Program program;
    const QString roots = program.file(u"roots.pem"_s, imap.ca() + smtp.ca());
    return program.run({u"account"_s, u"add"_s, u"--name"_s, u"N"_s, u"--email"_s,
                        u"someone@example.org"_s, u"--imap"_s,
                        imapScheme + u"://localhost:%1"_s.arg(imap.port()), u"--smtp"_s,
                        smtpScheme + u"://localhost:%1"_s.arg(smtp.port()), u"--ca-file"_s, roots,
                        u"--password-stdin"_s},
                       password + '\n', 40'000);
}

void TlsRefusalTest::signsInWhereNothingIsWrong_data()
{
    QTest::addColumn<QString>("security");
    QTest::newRow("TLS from the first byte") << u"tls"_s;
    QTest::newRow("STARTTLS") << u"starttls"_s;
}

void TlsRefusalTest::signsInWhereNothingIsWrong()
{
    QFETCH(QString, security);
    const bool implicit = security == u"tls"_s;
    const HostileServer imap(u"good"_s, u"imap"_s, security);
    const HostileServer smtp(u"good"_s, u"smtp"_s, security);
    QVERIFY(imap.runs() && smtp.runs());
    const Outcome added = addAccount(imap, implicit ? u"imaps"_s : u"imap+starttls"_s, smtp,
                                     implicit ? u"smtps"_s : u"smtp+starttls"_s);
    QVERIFY2(added.code == 0, added.words().constData());
    QVERIFY2(holdsTheSecret(imap.clear()), "the judge does not see a password that was sent");
    QVERIFY2(holdsTheSecret(smtp.clear()), "the judge does not see a password that was sent");
    QVERIFY(!holdsTheSecret(imap.raw()) && !holdsTheSecret(smtp.raw()));
}

void TlsRefusalTest::refusesWithoutAByteOfThePassword_data()
{
    QTest::addColumn<QString>("protocol");
    QTest::addColumn<QString>("mode");
    QTest::addColumn<QString>("security");
    const QStringList everywhere{u"unknown-issuer"_s, u"self-signed"_s, u"wrong-host"_s,
                                 u"expired"_s};
    const QStringList starttls{u"starttls-missing"_s, u"starttls-refused"_s, u"injected"_s,
                               u"preauth"_s};
    for (const QString& protocol : {u"imap"_s, u"smtp"_s}) {
        for (const QString& security : {u"tls"_s, u"starttls"_s})
            for (const QString& mode : everywhere)
                QTest::addRow("%s, %s, %s", qPrintable(protocol), qPrintable(mode),
                              qPrintable(security))
                    << protocol << mode << security;
        for (const QString& mode : starttls)
            if (protocol == u"imap"_s || mode != u"preauth"_s)
                QTest::addRow("%s, %s", qPrintable(protocol), qPrintable(mode))
                    << protocol << mode << u"starttls"_s;
        QTest::addRow("%s, not-tls", qPrintable(protocol)) << protocol << u"not-tls"_s << u"tls"_s;
    }
}

void TlsRefusalTest::refusesWithoutAByteOfThePassword()
{
    QFETCH(QString, protocol);
    QFETCH(QString, mode);
    QFETCH(QString, security);
    const bool isImap = protocol == u"imap"_s;
    const QString scheme = protocol + (security == u"tls"_s ? u"s"_s : u"+starttls"_s);
    const HostileServer hostile(mode, protocol, security);
    const HostileServer friendly(u"good"_s, isImap ? u"smtp"_s : u"imap"_s, u"tls"_s);
    QVERIFY(hostile.runs() && friendly.runs());
    const Outcome added = isImap ? addAccount(hostile, scheme, friendly, u"smtps"_s)
                                 : addAccount(friendly, u"imaps"_s, hostile, scheme);
    QVERIFY2(added.code == 1, added.words().constData());
    QVERIFY2(added.saysOnePlainLine(), added.words().constData());
    QVERIFY2(hostile.connections() > 0, "the client never came");
    const QByteArray heard = hostile.raw() + hostile.clear();
    QVERIFY2(!holdsTheSecret(heard), heard.constData());
    static const QRegularExpression signIn(u"(^|\\s)(LOGIN|AUTHENTICATE|AUTH)\\s"_s,
                                           QRegularExpression::CaseInsensitiveOption |
                                               QRegularExpression::MultilineOption);
    QVERIFY2(!signIn.match(QString::fromLatin1(hostile.clear())).hasMatch(), "it began to sign in");
    m_words[protocol].insert(mode, added.err);
}

void TlsRefusalTest::eachRefusalHasItsOwnWords()
{
    static const QRegularExpression digits(u"\\d+"_s);
    for (auto protocol = m_words.cbegin(); protocol != m_words.cend(); ++protocol) {
        QMap<QString, QString> seen;
        for (auto fault = protocol->cbegin(); fault != protocol->cend(); ++fault) {
            const QString words = QString::fromUtf8(fault.value()).replace(digits, u"N"_s);
            QVERIFY2(!seen.contains(words),
                     qPrintable(protocol.key() + u": "_s + fault.key() + u" and "_s +
                                seen.value(words) + u" both say: "_s + words));
            seen.insert(words, fault.key());
        }
    }
}

QTEST_GUILESS_MAIN(TlsRefusalTest)
#include "TlsRefusalTest.moc"
