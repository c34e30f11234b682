// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/accounts/AccountProblem.h"

#include "ui/accounts/ProviderPresets.h"
#include "ui/words/ErrorWords.h"

#include <QCoreApplication>
#include <QRegularExpression>
#include <QStringList>

namespace avocet {

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(avocet::AccountProblem)
};

AccountField fieldFor(ErrorCode code, ErrorKind kind, SignInStep step)
{
    const bool imap = step == SignInStep::Imap;
    const AccountField host = imap ? AccountField::ImapHost : AccountField::SmtpHost;
    const AccountField port = imap ? AccountField::ImapPort : AccountField::SmtpPort;
    const AccountField security = imap ? AccountField::ImapSecurity : AccountField::SmtpSecurity;
    switch (code) {
    case ErrorCode::HostNotFound:
    case ErrorCode::CertificateUnknownIssuer:
    case ErrorCode::CertificateSelfSigned:
    case ErrorCode::CertificateWrongHost:
    case ErrorCode::CertificateExpired:
    case ErrorCode::CertificateNotYetValid:
    case ErrorCode::CertificateChanged:
    case ErrorCode::CertificateOther:
        return host;
    case ErrorCode::ConnectionRefused:
    case ErrorCode::NotImap:
    case ErrorCode::NotSmtp:
        return port;
    case ErrorCode::StartTlsMissing:
    case ErrorCode::StartTlsRefused:
    case ErrorCode::PlaintextForbidden:
    case ErrorCode::TlsHandshake:
        return security;
    case ErrorCode::PlaintextInjected:
    case ErrorCode::PreAuth:
    case ErrorCode::ConnectionLost:
        return host;
    case ErrorCode::WrongPassword:
    case ErrorCode::NoPassword:
        return AccountField::Password;
    case ErrorCode::NoMechanism:
        return AccountField::Password;
    default:
        break;
    }
    switch (kind) {
    case ErrorKind::Timeout:
        return port;
    case ErrorKind::Auth:
        return AccountField::Password;
    case ErrorKind::Tls:
    case ErrorKind::Protocol:
        return host;
    default:
        return AccountField::None;
    }
}

/// Set-up has its own words where the general ones speak of mail that waits.
QString wordsFor(const Error& error, const ServerSettings& server, const Account& account,
                 bool guessed)
{
    const QString host = QString::fromStdString(server.host);
    const QString email = QString::fromStdString(account.email);
    const auto preset = presetFor(email);
    if (guessed && error.code == ErrorCode::HostNotFound)
        return Words::tr("No mail server found at %1. Enter the server's name here.")
            .arg(email.mid(email.lastIndexOf(u'@') + 1));
    if (error.code == ErrorCode::HostNotFound)
        return Words::tr("No server called %1 was found. Check the name.").arg(host);
    if (error.code == ErrorCode::ConnectionRefused || error.kind == ErrorKind::Timeout)
        return Words::tr("%1 does not answer on port %2.").arg(host).arg(server.port);
    if (error.code == ErrorCode::ConnectionLost)
        return Words::tr("%1 closed the connection. Try again.").arg(host);
    if (error.kind == ErrorKind::Offline)
        return Words::tr("There is no connection. Try again when you are online.");
    if (error.kind == ErrorKind::Transient)
        return Words::tr("%1 is busy. Try again in a moment.").arg(host);
    if (error.code == ErrorCode::WrongPassword && preset && preset->password == PasswordKind::App)
        return Words::tr("%1 needs an app password here. Make one on its web site.")
            .arg(preset->name);
    if (error.code == ErrorCode::WrongPassword)
        return Words::tr("%1 did not accept this password.").arg(preset ? preset->name : host);
    if (error.kind == ErrorKind::Protocol && error.code == ErrorCode::None)
        return Words::tr("%1 sent an answer that makes no sense. Check the name and the port.")
            .arg(host);
    return errorSentence(error, host);
}

/// Only for errors that trusting this very certificate would mend.
bool mayTrust(ErrorCode code)
{
    switch (code) {
    case ErrorCode::CertificateUnknownIssuer:
    case ErrorCode::CertificateSelfSigned:
    case ErrorCode::CertificateWrongHost:
    case ErrorCode::CertificateExpired:
    case ErrorCode::CertificateNotYetValid:
    case ErrorCode::CertificateChanged:
        return true;
    default:
        return false;
    }
}

/// The SHA-256 fingerprint in a detail text, as 64 lower-case digits, or empty.
QString fingerprintIn(const std::string& detail)
{
    static const QRegularExpression plain(QStringLiteral("(?<![0-9A-Fa-f:])"
                                                         "([0-9A-Fa-f]{64}|"
                                                         "[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){31})"
                                                         "(?![0-9A-Fa-f:])"));
    QString found = plain.match(QString::fromStdString(detail)).captured(1).toLower();
    return found.remove(u':');
}

QString inPairs(const QString& digits)
{
    QStringList pairs;
    for (qsizetype i = 0; i < digits.size(); i += 2)
        pairs.append(digits.mid(i, 2).toUpper());
    return pairs.join(u':');
}

} // namespace

AccountProblem accountProblem(const Error& error, SignInStep step, const Account& account,
                              bool guessed)
{
    const ServerSettings& server = step == SignInStep::Imap ? account.imap : account.smtp;
    AccountProblem problem;
    problem.field = fieldFor(error.code, error.kind, step);
    problem.words = wordsFor(error, server, account, guessed);
    problem.details = errorDetails(error);
    if (mayTrust(error.code)) {
        const QString digits = fingerprintIn(error.detail);
        if (!digits.isEmpty()) {
            problem.pin =
                server.host + ":" + std::to_string(server.port) + "=" + digits.toStdString();
            problem.fingerprint = inPairs(digits);
        }
    }
    return problem;
}

} // namespace avocet
