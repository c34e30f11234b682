// SPDX-License-Identifier: GPL-3.0-or-later
// One authenticated submission connection. vmime connects, says EHLO and authenticates; the
// transaction is ours, so that each recipient has its own result and nothing is finished before
// the caller has made "committing" durable.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/Connection.h"
#include "core/protocol/SmtpEnvelope.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

struct SubmittedRecipient {
    std::string address;
    int reply = 0;    ///< 250, 4xx, 5xx; 0: not reached
    std::string text; ///< the server's words with the code
};

/// What became of one transaction.
struct Submission {
    std::vector<SubmittedRecipient> recipients;
    bool accepted = false; ///< 250 after the final dot
    /// The last byte of the final dot (or BDAT LAST) was handed to the kernel and no reply was read:
    /// nobody knows (RFC 1047). Then `error` says what broke.
    bool uncertain = false;
    std::string reply;          ///< the final reply, or the one that ended the transaction
    std::optional<Error> error; ///< set where not accepted
};

/// Thread, cancellation and liveness as in ImapSession.
class SmtpSession {
public:
    using Commit = std::function<bool(const std::vector<SubmittedRecipient>&)>;

    /// Connects, TLS as asked, EHLO with an address literal (never the machine's name), AUTH
    /// unless `credentials.user` is empty.
    static Result<std::unique_ptr<SmtpSession>>
    open(const ConnectOptions& options, const Credentials& credentials, std::stop_token stop);
    ~SmtpSession();
    SmtpSession(const SmtpSession&) = delete;
    SmtpSession& operator=(const SmtpSession&) = delete;

    bool alive() const;
    const SmtpOffers& offers() const;
    Traffic traffic() const;

    /// MAIL FROM, RCPT TO for each and DATA (pipelined where offered) with dot-stuffing and CRLF line ends, or for large
    /// messages BDAT where that is offered. Goes on with the accepted recipients where some were refused; where none is
    /// accepted nothing of the message is committed. SMTPUTF8 and 8BITMIME are asked for only where the bytes need them.
    /// Before the last line break and dot (or BDAT LAST) leave, `commit` is called on this thread with what each recipient was
    /// answered, and must return true once that and the state "committing" are durable; false aborts by closing the connection, with nothing sent.
    /// `progress` gets bytes written so far, may be empty. The session may be used for the next message.
    Submission submit(const SmtpEnvelope& envelope, std::string_view message, const Commit& commit,
                      const std::function<void(std::int64_t)>& progress);

    void quit();

private:
    struct Private;
    explicit SmtpSession(std::unique_ptr<Private> d);
    std::unique_ptr<Private> d;
};

} // namespace avocet
