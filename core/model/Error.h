// SPDX-License-Identifier: GPL-3.0-or-later
// The one error type of the core and the Result that carries it.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace avocet {

/// What the caller may do about it. Retry decisions read this alone.
enum class ErrorKind {
    Offline,   ///< no route, name not found, refused, connection lost: try again later
    Timeout,   ///< the peer did not answer in time: try again later
    Cancelled, ///< somebody asked for it to stop
    Tls,       ///< the connection is not safe: pauses the account, uses up no attempt
    Auth,      ///< the server does not accept the sign-in: pauses the account
    Transient, ///< the server said "not now" (SMTP 4xx, IMAP NO with a temporary code)
    Rejected,  ///< the server said "never" (SMTP 5xx, IMAP NO), or the request itself is invalid
    Protocol,  ///< the peer broke the protocol: the connection is dropped
    Storage,   ///< disk or database
    Bug,       ///< a broken promise inside Avocet
};

/// The exact reason where the interface has words for it. Nothing decides on text.
enum class ErrorCode {
    None,
    // Offline
    HostNotFound,
    ConnectionRefused,
    ConnectionLost,
    // Tls
    CertificateUnknownIssuer,
    CertificateSelfSigned,
    CertificateWrongHost,
    CertificateExpired,
    CertificateNotYetValid,
    CertificateChanged, ///< differs from the pinned fingerprint
    CertificateOther,
    StartTlsMissing,    ///< not offered although the account requires it
    StartTlsRefused,    ///< offered, then answered NO, BAD or 4xx/5xx
    PlaintextInjected,  ///< bytes behind the STARTTLS reply
    PreAuth,            ///< PREAUTH greeting before TLS
    PlaintextForbidden, ///< a plaintext scheme to another host than this one
    TlsHandshake,       ///< e.g. the port does not speak TLS
    // Auth
    WrongPassword,
    NoMechanism, ///< the server offers no sign-in method that we take
    NoPassword,  ///< the keyring has no password for this account, or denied it
    // Protocol
    NotImap,
    NotSmtp,
    LimitExceeded, ///< literal, line, nesting or reply over its bound
    // Rejected
    NoSuchFolder,
    NotFound, ///< no local object with this id
    NoRecipients,
    TooLarge,
    InvalidInput,
    // Storage
    DiskFull,
    Corrupt,
    NewerVersion, ///< written by a newer Avocet
    ProfileBusy,  ///< another process owns the profile and does not answer
    // Transient / uncertain
    Uncertain, ///< the message may or may not have been accepted (RFC 1047)
    // Rejected. The outbox stores these numbers, so that new ones stand at the end.
    Unsupported,   ///< the server lacks the extension that this needs
    AlreadyExists, ///< a mailbox of this name is there
};

/// detail: for the log and "Details", in English, without secrets.
/// serverText: the server's own words, at most 1,000 bytes, control characters removed.
/// reply: the SMTP reply code, or 0.
struct Error {
    ErrorKind kind = ErrorKind::Bug;
    std::string detail;
    std::string serverText;
    ErrorCode code = ErrorCode::None;
    int reply = 0;

    friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string detail,
                                  ErrorCode code = ErrorCode::None, std::string serverText = {},
                                  int reply = 0)
{
    return tl::unexpected<Error>(
        Error{kind, std::move(detail), std::move(serverText), code, reply});
}

} // namespace avocet
