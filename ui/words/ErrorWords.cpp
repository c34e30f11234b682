// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/words/ErrorWords.h"

#include <QCoreApplication>

namespace avocet {

namespace {

struct ErrorTexts {
    Q_DECLARE_TR_FUNCTIONS(avocet::ErrorWords)
};

/// `%1` is the server; each sentence has a twin for when its name is not known.
QString named(const QString& server, const QString& with, const QString& without)
{
    return server.isEmpty() ? without : with.arg(server);
}

QString nextWords(Retry retry)
{
    return QLatin1Char(' ') + (retry == Retry::ByItself
                                   ? ErrorTexts::tr("Avocet tries again by itself.")
                                   : ErrorTexts::tr("Try again in a moment."));
}

QString offlineWords(const Error& e, const QString& s, Retry retry)
{
    switch (e.code) {
    case ErrorCode::HostNotFound:
        return named(
            s, ErrorTexts::tr("No server called %1 was found. Check the name and the connection."),
            ErrorTexts::tr("The server was not found. Check the name and the connection."));
    case ErrorCode::ConnectionRefused:
        return named(
            s, ErrorTexts::tr("%1 does not answer on this port. Changes are kept and sent later."),
            ErrorTexts::tr("The server does not answer on this port. Changes are kept and sent "
                           "later."));
    case ErrorCode::ConnectionLost:
        return named(s, ErrorTexts::tr("The connection to %1 broke."),
                     ErrorTexts::tr("The connection broke.")) +
               nextWords(retry);
    default:
        return ErrorTexts::tr("You are offline. Changes are kept and sent later.");
    }
}

QString certificateWords(const Error& e, const QString& s)
{
    const QString safe = QStringLiteral(" ") + ErrorTexts::tr("No password was sent.");
    switch (e.code) {
    case ErrorCode::CertificateUnknownIssuer:
        return named(s, ErrorTexts::tr("The certificate of %1 comes from an unknown issuer."),
                     ErrorTexts::tr("The server's certificate comes from an unknown issuer.")) +
               safe;
    case ErrorCode::CertificateSelfSigned:
        return named(s, ErrorTexts::tr("%1 made its certificate itself, so nobody vouches for it."),
                     ErrorTexts::tr("The server made its certificate itself, so nobody vouches for "
                                    "it.")) +
               safe;
    case ErrorCode::CertificateWrongHost:
        return named(s, ErrorTexts::tr("The name %1 does not match the server's certificate."),
                     ErrorTexts::tr("The server name does not match its certificate.")) +
               safe;
    case ErrorCode::CertificateExpired:
        return named(s, ErrorTexts::tr("The certificate of %1 has expired."),
                     ErrorTexts::tr("The server's certificate has expired.")) +
               safe;
    case ErrorCode::CertificateNotYetValid:
        return named(s,
                     ErrorTexts::tr(
                         "The certificate of %1 is not valid yet. Check this computer's clock."),
                     ErrorTexts::tr(
                         "The server's certificate is not valid yet. Check this computer's "
                         "clock.")) +
               safe;
    case ErrorCode::CertificateChanged:
        return named(
            s, ErrorTexts::tr("The certificate you trusted for %1 has changed. Not connected."),
            ErrorTexts::tr("The certificate you trusted has changed. Not connected."));
    default:
        return named(s, ErrorTexts::tr("The certificate of %1 could not be checked."),
                     ErrorTexts::tr("The server's certificate could not be checked.")) +
               safe;
    }
}

QString tlsWords(const Error& e, const QString& s)
{
    switch (e.code) {
    case ErrorCode::StartTlsMissing:
        return named(s, ErrorTexts::tr("%1 offers no encryption. Avocet did not sign in."),
                     ErrorTexts::tr("This server offers no encryption. Avocet did not sign in."));
    case ErrorCode::StartTlsRefused:
        return named(
            s, ErrorTexts::tr("%1 refused to encrypt the connection. Avocet did not sign in."),
            ErrorTexts::tr("The server refused to encrypt the connection. Avocet did not sign "
                           "in."));
    case ErrorCode::PlaintextInjected:
    case ErrorCode::PreAuth:
        return named(
            s,
            ErrorTexts::tr("Somebody may be tampering with the connection to %1. No password was "
                           "sent."),
            ErrorTexts::tr("Somebody may be tampering with the connection. No password was "
                           "sent."));
    case ErrorCode::PlaintextForbidden:
        return named(
            s,
            ErrorTexts::tr("Mail and password would travel to %1 readable by anyone. Choose an "
                           "encrypted connection."),
            ErrorTexts::tr("Mail and password would travel readable by anyone. Choose an "
                           "encrypted connection."));
    case ErrorCode::TlsHandshake:
        return named(
            s,
            ErrorTexts::tr("%1 does not speak encryption on this port. Check the port and the kind "
                           "of encryption."),
            ErrorTexts::tr("The server does not speak encryption on this port. Check the port "
                           "and the kind of encryption."));
    default:
        return certificateWords(e, s);
    }
}

QString authWords(const Error& e, const QString& s)
{
    switch (e.code) {
    case ErrorCode::NoMechanism:
        return named(
            s,
            ErrorTexts::tr("%1 offers no way to sign in that Avocet knows. Nothing was lost; ask "
                           "your provider for an app password."),
            ErrorTexts::tr("The server offers no way to sign in that Avocet knows. Nothing was "
                           "lost; ask your provider for an app password."));
    case ErrorCode::NoPassword:
        return named(s, ErrorTexts::tr("There is no password for %1. Enter it to go on."),
                     ErrorTexts::tr("There is no password for this account. Enter it to go on."));
    default:
        return named(s, ErrorTexts::tr("%1 did not accept this password. Enter it again."),
                     ErrorTexts::tr("The server did not accept this password. Enter it again."));
    }
}

QString rejectedWords(const Error& e, const QString& s)
{
    switch (e.code) {
    case ErrorCode::NoSuchFolder:
        return ErrorTexts::tr("There is no folder of that name.");
    case ErrorCode::NotFound:
        return ErrorTexts::tr("It is not there any more.");
    case ErrorCode::NoRecipients:
        return ErrorTexts::tr("The message has no recipient. Add one to send it.");
    case ErrorCode::TooLarge:
        return named(
            s, ErrorTexts::tr("The message is larger than %1 takes. Remove attachments."),
            ErrorTexts::tr("The message is larger than the server takes. Remove attachments."));
    case ErrorCode::InvalidInput:
        return ErrorTexts::tr("Something in it is not valid. Check what was entered.");
    case ErrorCode::AlreadyExists:
        return ErrorTexts::tr("There is a folder of that name already.");
    default:
        return named(s, ErrorTexts::tr("%1 refused it. Nothing was changed."),
                     ErrorTexts::tr("The server refused it. Nothing was changed."));
    }
}

QString protocolWords(const Error& e, const QString& s)
{
    switch (e.code) {
    case ErrorCode::NotImap:
        return named(
            s, ErrorTexts::tr("%1 is no server for receiving mail. Check the name and the port."),
            ErrorTexts::tr("This is no server for receiving mail. Check the name and the "
                           "port."));
    case ErrorCode::NotSmtp:
        return named(
            s, ErrorTexts::tr("%1 is no server for sending mail. Check the name and the port."),
            ErrorTexts::tr("This is no server for sending mail. Check the name and the port."));
    case ErrorCode::LimitExceeded:
        return named(
            s, ErrorTexts::tr("%1 sent more than Avocet accepts at once. What is here is safe."),
            ErrorTexts::tr("The server sent more than Avocet accepts at once. What is here is "
                           "safe."));
    default:
        return named(
            s, ErrorTexts::tr("%1 sent an answer that makes no sense. Avocet connects anew."),
            ErrorTexts::tr("The server sent an answer that makes no sense. Avocet connects "
                           "anew."));
    }
}

QString storageWords(const Error& e)
{
    switch (e.code) {
    case ErrorCode::DiskFull:
        return ErrorTexts::tr(
            "The disk is full. Mail waiting to be sent is safe. Make room to go on.");
    case ErrorCode::Corrupt:
        return ErrorTexts::tr(
            "A file of this profile is damaged. It was left as it is; restore it from a "
            "backup.");
    case ErrorCode::NewerVersion:
        return ErrorTexts::tr("This profile was written by a newer Avocet. Update to open it.");
    case ErrorCode::ProfileBusy:
        return ErrorTexts::tr(
            "Another Avocet uses this profile and does not answer. Close it and try "
            "again.");
    default:
        return ErrorTexts::tr("The change could not be saved. Check the disk and try again.");
    }
}

} // namespace

QString errorSentence(const Error& e, const QString& s, Retry retry)
{
    if (e.code == ErrorCode::Uncertain) {
        return ErrorTexts::tr(
            "The connection broke while finishing. The message may have been sent.");
    }
    switch (e.kind) {
    case ErrorKind::Offline:
        return offlineWords(e, s, retry);
    case ErrorKind::Timeout:
        return named(s, ErrorTexts::tr("%1 does not answer."),
                     ErrorTexts::tr("The server does not answer.")) +
               nextWords(retry);
    case ErrorKind::Cancelled:
        return ErrorTexts::tr("Stopped. Nothing was changed.");
    case ErrorKind::Tls:
        return tlsWords(e, s);
    case ErrorKind::Auth:
        return authWords(e, s);
    case ErrorKind::Transient:
        return named(s, ErrorTexts::tr("%1 is busy."), ErrorTexts::tr("The server is busy.")) +
               nextWords(retry);
    case ErrorKind::Rejected:
        return rejectedWords(e, s);
    case ErrorKind::Protocol:
        return protocolWords(e, s);
    case ErrorKind::Storage:
        return storageWords(e);
    case ErrorKind::Bug:
        return ErrorTexts::tr(
            "Avocet made a mistake and stopped there. Your mail is safe; try again.");
    }
    return {};
}

QString refusalSentence(const Error& e, int count, const QString& subject)
{
    // Where the server only said no, its "nothing was changed" would say the same twice.
    const bool plain = e.kind == ErrorKind::Rejected && e.code == ErrorCode::None;
    if (count == 0) {
        const QString back = ErrorTexts::tr("The folders are back as they were.");
        return (plain ? ErrorTexts::tr("The server refused to change a folder.")
                      : errorSentence(e, {})) +
               QLatin1Char(' ') + back;
    }
    if (count == 1) {
        const QString name = subject.isEmpty()
                                 ? ErrorTexts::tr("a message")
                                 : ErrorTexts::tr("\u201c%1\u201d").arg(subject.left(60));
        return plain ? ErrorTexts::tr("The server refused to change %1. It is back where it was.")
                           .arg(name)
                     : ErrorTexts::tr("%1 The change to %2 was taken back.")
                           .arg(errorSentence(e, {}), name);
    }
    return plain ? ErrorTexts::tr(
                       "The server refused to change %1 messages. They are back where they "
                       "were.")
                       .arg(count)
                 : ErrorTexts::tr("%1 The changes to %2 messages were taken back.")
                       .arg(errorSentence(e, {}))
                       .arg(count);
}

ErrorAction errorAction(const Error& e)
{
    if (e.code == ErrorCode::Uncertain) {
        return ErrorAction::CheckAgain;
    }
    switch (e.kind) {
    case ErrorKind::Offline:
        return e.code == ErrorCode::HostNotFound ? ErrorAction::EditServers : ErrorAction::TryAgain;
    case ErrorKind::Timeout:
    case ErrorKind::Transient:
        return ErrorAction::TryAgain;
    case ErrorKind::Tls:
        return e.code == ErrorCode::PlaintextForbidden || e.code == ErrorCode::TlsHandshake ||
                       e.code == ErrorCode::StartTlsMissing
                   ? ErrorAction::EditServers
                   : ErrorAction::ShowDetails;
    case ErrorKind::Auth:
        return e.code == ErrorCode::NoMechanism ? ErrorAction::ShowDetails
                                                : ErrorAction::EnterPassword;
    case ErrorKind::Rejected:
        return e.code == ErrorCode::TooLarge || e.code == ErrorCode::NoRecipients ||
                       e.code == ErrorCode::InvalidInput
                   ? ErrorAction::EditMessage
                   : ErrorAction::ShowDetails;
    case ErrorKind::Protocol:
        return e.code == ErrorCode::NotImap || e.code == ErrorCode::NotSmtp
                   ? ErrorAction::EditServers
                   : ErrorAction::ShowDetails;
    case ErrorKind::Storage:
        return e.code == ErrorCode::DiskFull ? ErrorAction::FreeSpace : ErrorAction::ShowDetails;
    case ErrorKind::Bug:
        return ErrorAction::ShowDetails;
    case ErrorKind::Cancelled:
        return ErrorAction::None;
    }
    return ErrorAction::None;
}

QString actionLabel(ErrorAction action)
{
    switch (action) {
    case ErrorAction::TryAgain:
        return ErrorTexts::tr("Try again");
    case ErrorAction::EnterPassword:
        return ErrorTexts::tr("Enter password");
    case ErrorAction::EditServers:
        return ErrorTexts::tr("Edit servers");
    case ErrorAction::ShowDetails:
        return ErrorTexts::tr("Details");
    case ErrorAction::EditMessage:
        return ErrorTexts::tr("Edit");
    case ErrorAction::CheckAgain:
        return ErrorTexts::tr("Check again");
    case ErrorAction::None:
    case ErrorAction::FreeSpace:
        break;
    }
    return {};
}

QString errorDetails(const Error& e)
{
    QStringList lines;
    if (!e.serverText.empty()) {
        lines << ErrorTexts::tr("The server said: %1").arg(QString::fromStdString(e.serverText));
    }
    if (e.reply != 0) {
        lines << ErrorTexts::tr("Reply code: %1").arg(e.reply);
    }
    if (!e.detail.empty()) {
        lines << QString::fromStdString(e.detail);
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace avocet
