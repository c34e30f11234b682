// SPDX-License-Identifier: GPL-3.0-or-later
// From "connect" to a signed-in connection without vmime: everything that happens before the
// sessions take over, in both protocols.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/Connection.h"
#include "core/protocol/TlsSocket.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace avocet {

struct SignedIn {
    std::unique_ptr<TlsSocket> socket;
    std::string leftover; ///< bytes that were read already and belong to the next reader
    /// IMAP: capabilities that the server sent with its answer to the sign-in, or empty.
    /// SMTP: the lines of the last EHLO reply, upper case, the greeting line first.
    std::vector<std::string> offers;
    std::string label; ///< names the connection in the transcript
};

/// Connects, secures (STARTTLS below vmime), and lets vmime sign in. Every refusal has its own code;
/// no credential leaves before TLS stands. Text that a server sends before TLS (ALERT
/// codes too) only ever gets into serverText of the error that ends the connection.
Result<SignedIn> signInImap(const ConnectOptions& options, const Credentials& credentials,
                            std::stop_token stop);
/// The same for submission; without AUTH where `credentials.user` is empty.
Result<SignedIn> signInSmtp(const ConnectOptions& options, const Credentials& credentials,
                            std::stop_token stop);

} // namespace avocet
