// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/SmtpSession.h"

#include "core/protocol/ImapStatus.h"
#include "core/protocol/LineReader.h"
#include "core/protocol/ProtocolLog.h"
#include "core/protocol/SignIn.h"
#include "core/protocol/SmtpMessage.h"
#include "core/protocol/SmtpReply.h"

#include <algorithm>

namespace avocet {
namespace {

// Few enough that their replies fit into any socket buffer while we still write (RFC 2920 3.1).
constexpr std::size_t recipientsInFlight = 100;
// RFC 5321 4.5.3.2.6 gives the server ten minutes behind the final dot; the others one to five.
constexpr int finalReplyFactor = 10;
constexpr std::chrono::milliseconds quitTimeout{500};
// Smaller ones gain nothing by chunks, and DATA is what every server has learned best.
constexpr std::int64_t chunkedFrom = 65'536;
constexpr std::size_t chunkSize = 1 << 20;
constexpr std::size_t writeSize = 65'536;

} // namespace

struct SmtpSession::Private {
    Private(SignedIn signedIn, const ConnectOptions& options)
        : socket(std::move(signedIn.socket))
        , lines(*this->socket)
        , offers(std::move(signedIn.offers))
        , log(options.log)
        , label(std::move(signedIn.label))
    {
    }

    std::unique_ptr<TlsSocket> socket;
    LineReader lines;
    SmtpOffers offers;
    ProtocolLog* log;
    std::string label;

    Status write(const std::string& line);
    Result<SmtpReply> reply();
    Result<SmtpReply> command(const std::string& line);
    void reset();

    Status envelope(const SmtpEnvelope& envelope, const std::string& mail, bool thenData,
                    std::optional<SmtpReply>& dataReply, Submission& result);
    Status envelopeGroup(const SmtpEnvelope& envelope, std::size_t begin, std::size_t end,
                         const std::string& before, const std::string& behind,
                         std::optional<SmtpReply>& mailReply, std::optional<SmtpReply>& dataReply,
                         Submission& result);
    Status verdict(const std::optional<SmtpReply>& mailReply,
                   const std::optional<SmtpReply>& dataReply, Submission& result);
    using Commit = SmtpSession::Commit;
    using Progress = std::function<void(std::int64_t)>;
    Status content(std::string_view message, std::optional<SmtpReply> go, const Commit& commit,
                   const Progress& progress, Submission& result);
    Status chunks(std::string_view message, const Commit& commit, const Progress& progress,
                  Submission& result);
    Status committed(const Commit& commit, const Submission& result);
    void finish(Submission& result);
};

Status SmtpSession::Private::write(const std::string& line)
{
    if (log)
        log->sent(label, line);
    return socket->write(line + "\r\n");
}

Result<SmtpReply> SmtpSession::Private::reply()
{
    auto result = readSmtpReply(lines, log, label);
    if (!result || result->code == 421)
        socket->close();
    return result;
}

Result<SmtpReply> SmtpSession::Private::command(const std::string& line)
{
    if (auto sent = write(line); !sent)
        return tl::unexpected(sent.error());
    return reply();
}

/// Back to where MAIL can be said again; a server that does not even take RSET is left.
void SmtpSession::Private::reset()
{
    if (!socket->isOpen())
        return;
    const auto done = command("RSET");
    if (done && !done->positive())
        socket->close();
}

/// RCPT for [begin, end), pipelined between `before` (MAIL) and `behind` (DATA) where those are given. Every reply is read,
/// whatever the earlier ones said: that keeps the dialogue in step.
Status SmtpSession::Private::envelopeGroup(const SmtpEnvelope& envelope, std::size_t begin,
                                           std::size_t end, const std::string& before,
                                           const std::string& behind,
                                           std::optional<SmtpReply>& mailReply,
                                           std::optional<SmtpReply>& dataReply, Submission& result)
{
    std::string out = before.empty() ? before : before + "\r\n";
    for (std::size_t i = begin; i < end; ++i)
        out += rcptCommand(envelope, envelope.recipients[i], offers) + "\r\n";
    out += behind;
    if (behind.empty())
        out.erase(out.size() - 2);
    if (auto sent = write(out); !sent)
        return sent;
    const auto take = [this](std::optional<SmtpReply>& into) -> Status {
        auto answer = reply();
        if (!answer)
            return tl::unexpected(answer.error());
        into = std::move(*answer);
        return {};
    };
    if (!before.empty())
        if (auto read = take(mailReply); !read)
            return read;
    for (std::size_t i = begin; i < end && socket->isOpen(); ++i) {
        const auto answer = reply();
        if (!answer)
            return tl::unexpected(answer.error());
        result.recipients[i].reply = answer->code;
        result.recipients[i].text = answer->words();
    }
    return behind.empty() || !socket->isOpen() ? Status() : take(dataReply);
}

Status SmtpSession::Private::envelope(const SmtpEnvelope& envelope, const std::string& mail,
                                      bool thenData, std::optional<SmtpReply>& dataReply,
                                      Submission& result)
{
    const std::size_t count = result.recipients.size();
    const bool pipelining = offers.has("PIPELINING");
    std::optional<SmtpReply> mailReply;
    if (!pipelining) {
        auto answer = command(mail);
        if (!answer)
            return tl::unexpected(answer.error());
        mailReply = std::move(*answer);
    }
    for (std::size_t at = 0; at < count && socket->isOpen();) {
        if (mailReply && !mailReply->positive())
            break;
        const std::size_t end = std::min(count, at + (pipelining ? recipientsInFlight : 1));
        const bool last = pipelining && thenData && end == count;
        if (auto done = envelopeGroup(envelope, at, end, mailReply ? "" : mail, last ? "DATA" : "",
                                      mailReply, dataReply, result);
            !done)
            return done;
        at = end;
    }
    return verdict(mailReply, dataReply, result);
}

/// Whether there is anybody to send the message to.
Status SmtpSession::Private::verdict(const std::optional<SmtpReply>& mailReply,
                                     const std::optional<SmtpReply>& dataReply, Submission& result)
{
    // "Go ahead" for nobody: a dot now might send to nobody knows whom (RFC 2920 3.1).
    const auto leave = [&] {
        if (dataReply && dataReply->code < 400)
            socket->close();
    };
    if (mailReply && !mailReply->positive()) {
        // The RCPT replies behind a refused MAIL say nothing about the recipients.
        for (SubmittedRecipient& recipient : result.recipients)
            recipient = SubmittedRecipient{recipient.address, 0, {}};
        result.reply = mailReply->words();
        leave();
        return tl::unexpected(smtpRefusal(*mailReply, "MAIL"));
    }
    const SubmittedRecipient* worst = nullptr;
    for (const SubmittedRecipient& recipient : result.recipients) {
        if (recipient.reply == 421)
            worst = &recipient;
        else if (recipient.reply >= 200 && recipient.reply < 300 && socket->isOpen())
            return {};
        // One that may work later makes the whole message worth another attempt.
        else if (!worst || (recipient.reply >= 400 && recipient.reply < 500 && worst->reply != 421))
            worst = &recipient;
    }
    leave();
    if (worst->reply >= 200 && worst->reply < 300 && dataReply) { // 421 came for DATA
        result.reply = dataReply->words();
        return tl::unexpected(smtpRefusal(*dataReply, "DATA"));
    }
    SmtpReply refused;
    refused.code = worst->reply;
    result.reply = worst->text;
    Error error = smtpRefusal(refused, "RCPT");
    error.serverText = worst->text;
    return tl::unexpected(std::move(error));
}

Status SmtpSession::Private::committed(const Commit& commit, const Submission& result)
{
    if (commit && commit(result.recipients))
        return {};
    socket->close();
    return fail(ErrorKind::Storage, "the message could not be marked as being committed");
}

Status SmtpSession::Private::content(std::string_view message, std::optional<SmtpReply> go,
                                     const Commit& commit, const Progress& progress,
                                     Submission& result)
{
    if (!go) {
        auto answer = command("DATA");
        if (!answer)
            return tl::unexpected(answer.error());
        go = std::move(*answer);
    }
    if (go->code != 354) {
        result.reply = go->words();
        // 2xx is no answer to DATA, and nobody knows what state the server is in.
        if (go->code < 400)
            socket->close();
        return tl::unexpected(smtpRefusal(*go, "DATA"));
    }
    DotStuffer stuffer(message);
    std::string piece;
    std::int64_t written = 0;
    while (stuffer.next(piece)) {
        if (auto sent = socket->write(piece); !sent)
            return sent;
        written += static_cast<std::int64_t>(piece.size());
        if (progress)
            progress(written);
    }
    if (auto durable = committed(commit, result); !durable)
        return durable;
    // Three bytes in one record: from the moment this returns they are the kernel's.
    if (auto sent = write("."); !sent)
        return sent;
    finish(result);
    return {};
}

/// RFC 3030. An empty last chunk is the point of no return: all before it can still be forgotten.
Status SmtpSession::Private::chunks(std::string_view message, const Commit& commit,
                                    const Progress& progress, Submission& result)
{
    DotStuffer pieces(message, Dots::Kept);
    std::string piece, chunk;
    std::int64_t written = 0;
    for (bool more = true; more;) {
        chunk.clear();
        while (chunk.size() < chunkSize && (more = pieces.next(piece)))
            chunk += piece;
        if (chunk.empty())
            break;
        if (auto sent = write("BDAT " + std::to_string(chunk.size())); !sent)
            return sent;
        for (std::size_t at = 0; at < chunk.size(); at += writeSize) {
            const std::string_view slice = std::string_view(chunk).substr(at, writeSize);
            if (auto sent = socket->write(slice); !sent)
                return sent;
            written += static_cast<std::int64_t>(slice.size());
            if (progress)
                progress(written);
        }
        const auto taken = reply();
        if (!taken)
            return tl::unexpected(taken.error());
        if (!taken->positive()) {
            result.reply = taken->words();
            return tl::unexpected(smtpRefusal(*taken, "BDAT"));
        }
    }
    if (auto durable = committed(commit, result); !durable)
        return durable;
    if (auto sent = write("BDAT 0 LAST"); !sent)
        return sent;
    finish(result);
    return {};
}

/// Behind the final dot: only a complete reply tells what became of the message.
void SmtpSession::Private::finish(Submission& result)
{
    const auto usual = socket->ioTimeout();
    socket->setIoTimeout(usual * finalReplyFactor);
    const auto last = reply();
    socket->setIoTimeout(usual);
    if (!last) {
        result.uncertain = true;
        result.error = last.error();
        result.error->code = ErrorCode::Uncertain;
        return;
    }
    result.reply = last->words();
    result.accepted = last->code >= 200 && last->code < 300;
    if (!result.accepted)
        result.error = smtpRefusal(*last, "the message");
}

SmtpSession::SmtpSession(std::unique_ptr<Private> p)
    : d(std::move(p))
{
}

SmtpSession::~SmtpSession() = default;

Result<std::unique_ptr<SmtpSession>> SmtpSession::open(const ConnectOptions& options,
                                                       const Credentials& credentials,
                                                       std::stop_token stop)
{
    auto signedIn = signInSmtp(options, credentials, std::move(stop));
    if (!signedIn)
        return tl::unexpected(signedIn.error());
    if (!signedIn->leftover.empty())
        return fail(ErrorKind::Protocol, "the server spoke without being asked");
    return std::unique_ptr<SmtpSession>(
        new SmtpSession(std::make_unique<Private>(std::move(*signedIn), options)));
}

bool SmtpSession::alive() const
{
    return d->socket->isOpen();
}

const SmtpOffers& SmtpSession::offers() const
{
    return d->offers;
}

Traffic SmtpSession::traffic() const
{
    return d->socket->traffic();
}

Submission SmtpSession::submit(const SmtpEnvelope& envelope, std::string_view message,
                               const Commit& commit,
                               const std::function<void(std::int64_t)>& progress)
{
    Submission result;
    for (const std::string& address : envelope.recipients)
        result.recipients.push_back(SubmittedRecipient{address, 0, {}});
    const MessageNeeds needs = examineMessage(message);
    result.error = checkEnvelope(envelope, needs, d->offers);
    if (result.error)
        return result;
    const bool chunked = needs.size >= chunkedFrom && d->offers.has("CHUNKING");
    std::optional<SmtpReply> go;
    auto done =
        d->envelope(envelope, mailCommand(envelope, needs, d->offers), !chunked, go, result);
    if (done)
        done = chunked ? d->chunks(message, commit, progress, result)
                       : d->content(message, std::move(go), commit, progress, result);
    if (!done) {
        result.error = done.error();
        if (d->socket->isOpen())
            d->reset();
    }
    return result;
}

void SmtpSession::quit()
{
    if (!d->socket->isOpen())
        return;
    d->socket->setIoTimeout(quitTimeout);
    static_cast<void>(d->command("QUIT"));
    d->socket->close();
}

} // namespace avocet
