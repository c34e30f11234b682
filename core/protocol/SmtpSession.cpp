// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/SmtpSession.h"

#include "core/protocol/ImapStatus.h"
#include "core/protocol/LineReader.h"
#include "core/protocol/ProtocolLog.h"
#include "core/protocol/SignIn.h"
#include "core/protocol/SmtpMessage.h"
#include "core/protocol/SmtpReply.h"

#include <algorithm>
#include <charconv>

namespace avocet {
namespace {

// Few enough that their replies fit into any socket buffer while we still write (RFC 2920 3.1).
constexpr std::size_t recipientsInFlight = 100;
// RFC 5321 4.5.3.2.6 gives the server ten minutes behind the final dot; the others one to five.
constexpr int finalReplyFactor = 10;
constexpr std::chrono::milliseconds quitTimeout{500};
constexpr std::size_t maxAddress = 1000;

bool isAscii(std::string_view text)
{
    return std::none_of(text.begin(), text.end(),
                        [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

/// Nothing that could end the path or the command line.
bool isPath(std::string_view address)
{
    return address.size() <= maxAddress && std::none_of(address.begin(), address.end(), [](char c) {
               return static_cast<unsigned char>(c) <= 32 || c == 127 || c == '<' || c == '>';
           });
}

Error invalid(std::string detail, ErrorCode code = ErrorCode::InvalidInput)
{
    return Error{ErrorKind::Rejected, std::move(detail), {}, code, 0};
}

} // namespace

struct SmtpSession::Private {
    Private(SignedIn signedIn, const ConnectOptions& options)
        : socket(std::move(signedIn.socket))
        , lines(*this->socket)
        , extensions(std::move(signedIn.offers))
        , log(options.log)
        , label(std::move(signedIn.label))
    {
    }

    std::unique_ptr<TlsSocket> socket;
    LineReader lines;
    std::vector<std::string> extensions;
    ProtocolLog* log;
    std::string label;

    bool has(std::string_view keyword) const;
    std::int64_t maxSize() const;
    Status write(const std::string& line);
    Result<SmtpReply> reply();
    Result<SmtpReply> command(const std::string& line);
    void reset();

    bool check(const std::string& sender, const MessageNeeds& needs, Submission& result) const;
    std::string mailCommand(const std::string& sender, const MessageNeeds& needs,
                            const Submission& result) const;
    Status envelope(const std::string& mail, Submission& result);
    Status recipients(std::size_t begin, std::size_t end, const std::string* mail,
                      std::optional<SmtpReply>& mailReply, Submission& result);
    Status content(std::string_view message, const std::function<bool()>& commit,
                   const std::function<void(std::int64_t)>& progress, Submission& result);
    void finish(Submission& result);
};

bool SmtpSession::Private::has(std::string_view keyword) const
{
    return std::any_of(extensions.begin(), extensions.end(), [&](const std::string& line) {
        return line.starts_with(keyword) &&
               (line.size() == keyword.size() || line[keyword.size()] == ' ');
    });
}

std::int64_t SmtpSession::Private::maxSize() const
{
    for (const std::string& line : extensions) {
        if (!line.starts_with("SIZE "))
            continue;
        std::int64_t size = 0;
        const char* end = line.data() + line.size();
        const auto parsed = std::from_chars(line.data() + 5, end, size);
        return parsed.ec == std::errc() && size > 0 ? size : 0;
    }
    return 0;
}

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

/// What can be refused without asking the server.
bool SmtpSession::Private::check(const std::string& sender, const MessageNeeds& needs,
                                 Submission& result) const
{
    if (!isPath(sender))
        result.error = invalid("the sender's address cannot be sent");
    for (const SubmittedRecipient& recipient : result.recipients) {
        if (recipient.address.empty() || !isPath(recipient.address))
            result.error = invalid("a recipient's address cannot be sent");
        else if (!isAscii(recipient.address) && !has("SMTPUTF8"))
            result.error = invalid("the server does not take the address " + recipient.address);
    }
    if (!isAscii(sender) && !has("SMTPUTF8"))
        result.error = invalid("the server does not take the address " + sender);
    if (result.recipients.empty())
        result.error = invalid("no recipients", ErrorCode::NoRecipients);
    if (const std::int64_t limit = maxSize(); limit > 0 && needs.size > limit)
        result.error = invalid("the message has " + std::to_string(needs.size) +
                                   " bytes, the server takes " + std::to_string(limit),
                               ErrorCode::TooLarge);
    return !result.error;
}

std::string SmtpSession::Private::mailCommand(const std::string& sender, const MessageNeeds& needs,
                                              const Submission& result) const
{
    std::string command = "MAIL FROM:<" + sender + ">";
    if (has("SIZE"))
        command += " SIZE=" + std::to_string(needs.size);
    if (needs.eightBit && has("8BITMIME"))
        command += " BODY=8BITMIME";
    const bool foreign =
        needs.eightBitHeader || !isAscii(sender) ||
        std::any_of(result.recipients.begin(), result.recipients.end(),
                    [](const SubmittedRecipient& r) { return !isAscii(r.address); });
    if (foreign && has("SMTPUTF8"))
        command += " SMTPUTF8";
    return command;
}

/// RCPT for [begin, end), pipelined behind `mail` where that is given. Every reply is read, whatever
/// the earlier ones said: that keeps the dialogue in step.
Status SmtpSession::Private::recipients(std::size_t begin, std::size_t end, const std::string* mail,
                                        std::optional<SmtpReply>& mailReply, Submission& result)
{
    std::string out = mail ? *mail + "\r\n" : std::string();
    for (std::size_t i = begin; i < end; ++i)
        out += "RCPT TO:<" + result.recipients[i].address + ">\r\n";
    out.erase(out.size() - 2);
    if (auto sent = write(out); !sent)
        return sent;
    if (mail) {
        auto answer = reply();
        if (!answer)
            return tl::unexpected(answer.error());
        mailReply = std::move(*answer);
    }
    for (std::size_t i = begin; i < end && socket->isOpen(); ++i) {
        auto answer = reply();
        if (!answer)
            return tl::unexpected(answer.error());
        result.recipients[i].reply = answer->code;
        result.recipients[i].text = answer->words();
    }
    return {};
}

Status SmtpSession::Private::envelope(const std::string& mail, Submission& result)
{
    const std::size_t count = result.recipients.size();
    const bool pipelining = has("PIPELINING");
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
        if (auto done = recipients(at, end, mailReply ? nullptr : &mail, mailReply, result); !done)
            return done;
        at = end;
    }
    if (mailReply && !mailReply->positive()) {
        // The RCPT replies behind a refused MAIL say nothing about the recipients.
        for (SubmittedRecipient& recipient : result.recipients)
            recipient = SubmittedRecipient{recipient.address, 0, {}};
        result.reply = mailReply->words();
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
    SmtpReply refused;
    refused.code = worst->reply;
    result.reply = worst->text;
    Error error = smtpRefusal(refused, "RCPT");
    error.serverText = worst->text;
    return tl::unexpected(std::move(error));
}

Status SmtpSession::Private::content(std::string_view message, const std::function<bool()>& commit,
                                     const std::function<void(std::int64_t)>& progress,
                                     Submission& result)
{
    const auto go = command("DATA");
    if (!go)
        return tl::unexpected(go.error());
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
    if (!commit || !commit()) {
        socket->close();
        return fail(ErrorKind::Storage, "the message could not be marked as being committed");
    }
    // Three bytes in one record: from the moment this returns they are the kernel's.
    if (auto sent = write("."); !sent)
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

std::int64_t SmtpSession::maxSize() const
{
    return d->maxSize();
}

Traffic SmtpSession::traffic() const
{
    return d->socket->traffic();
}

Submission SmtpSession::submit(const std::string& sender,
                               const std::vector<std::string>& recipients, std::string_view message,
                               const std::function<bool()>& commit,
                               const std::function<void(std::int64_t)>& progress)
{
    Submission result;
    for (const std::string& address : recipients)
        result.recipients.push_back(SubmittedRecipient{address, 0, {}});
    const MessageNeeds needs = examineMessage(message);
    if (!d->check(sender, needs, result))
        return result;
    auto done = d->envelope(d->mailCommand(sender, needs, result), result);
    if (done)
        done = d->content(message, commit, progress, result);
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
