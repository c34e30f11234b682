// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/ImapConnection.h"

#include "core/protocol/ImapCursor.h"
#include "core/protocol/ImapListing.h"
#include "core/protocol/ProtocolLog.h"
#include "core/protocol/UidSets.h"

#include <algorithm>

namespace avocet {
namespace {

// RFC 7888: LITERAL- sends small literals at once only.
constexpr std::size_t smallLiteral = 4096;
constexpr std::size_t maxLogged = 2000;
// Of mailboxes that are reported without being asked for; beyond it, "list again" says it all.
constexpr std::size_t maxStatuses = 5'000;
// Of responses between two tagged ones: ten times the largest mailbox that is planned for.
constexpr std::uint32_t maxUntagged = 10'000'000;
// Of those that bring no data.
constexpr std::uint32_t maxWords = 100'000;
// So many time-outs long a server may say that it is still at it, and nothing else.
constexpr int waitingTimeouts = 10;

} // namespace

ImapCommand& ImapCommand::text(std::string_view text)
{
    if (m_pieces.back().isLiteral)
        m_pieces.push_back({std::string(text), {}, false});
    else
        m_pieces.back().text.append(text);
    return *this;
}

ImapCommand& ImapCommand::astring(std::string_view text)
{
    return isQuotable(text) && text.size() < 1000 ? this->text(quoted(text)) : literal(text);
}

ImapCommand& ImapCommand::literal(std::string_view bytes)
{
    m_pieces.push_back({{}, bytes, true});
    return *this;
}

ImapConnection::ImapConnection(SignedIn signedIn, const ConnectOptions& options)
    : m_socket(std::move(signedIn.socket))
    , m_reader(*m_socket, signedIn.leftover, options.ioTimeout)
    , m_log(options.log)
    , m_label(std::move(signedIn.label))
    , m_capabilities{std::move(signedIn.offers)}
    , m_longestWait(waitingTimeouts * options.ioTimeout)
{
}

void ImapConnection::kill()
{
    m_dead = true;
    m_socket->close();
}

tl::unexpected<Error> ImapConnection::broken(Error error)
{
    if (error.kind == ErrorKind::Offline && !m_bye.empty())
        error.serverText = m_bye;
    kill();
    return tl::unexpected(std::move(error));
}

void ImapConnection::logReceived(std::string_view response)
{
    if (m_log)
        m_log->received(m_label, response.substr(0, maxLogged));
}

Status ImapConnection::note(std::string_view untagged)
{
    if (!untagged.empty() && untagged.front() >= '0' && untagged.front() <= '9') {
        ImapCursor cursor(untagged);
        const std::uint32_t number = cursor.number32();
        if (cursor.bad())
            return fail(ErrorKind::Protocol, "a message number out of range",
                        ErrorCode::LimitExceeded);
        const std::string_view word = cursor.atom();
        if (equalsNoCase(word, "EXISTS")) {
            m_change.exists = number;
        } else if (equalsNoCase(word, "EXPUNGE")) {
            m_change.expunged = true;
        } else if (equalsNoCase(word, "FETCH")) {
            m_change.flagsChanged = true;
        }
        return {};
    }
    if (startsNoCase(untagged, "CAPABILITY ")) {
        m_capabilities.names = parseCapabilities(untagged.substr(11));
    } else if (const auto vanished = vanishedOf(untagged)) {
        m_change.expunged = m_change.expunged || !vanished->earlier;
    } else if (startsNoCase(untagged, "BYE")) {
        const auto status = parseImapStatus(untagged);
        m_bye = printable(status ? status->text : std::string());
        if (m_bye.empty())
            m_bye = "BYE";
    } else if (!m_listingsExpected) {
        noteListing(untagged);
    }
    return {};
}

void ImapConnection::noteListing(std::string_view untagged)
{
    ListedMailbox mailbox;
    if (startsNoCase(untagged, "LIST ") || startsNoCase(untagged, "LSUB "))
        m_change.mailboxesChanged = true;
    else if (startsNoCase(untagged, "STATUS ") && parseStatus(untagged.substr(7), mailbox))
        noteStatus(std::move(mailbox));
}

void ImapConnection::noteStatus(ListedMailbox mailbox)
{
    auto& statuses = m_change.statuses;
    const auto known = std::find_if(statuses.begin(), statuses.end(), [&](const auto& entry) {
        return entry.mailbox == mailbox.mailbox;
    });
    if (known == statuses.end() && statuses.size() >= maxStatuses) {
        m_change.mailboxesChanged = true;
        return;
    }
    if (known == statuses.end()) {
        statuses.push_back(std::move(mailbox));
        return;
    }
    // A later STATUS may name fewer items.
    const auto take = [](auto& into, auto& from) {
        if (from)
            into = from;
    };
    take(known->messages, mailbox.messages);
    take(known->unseen, mailbox.unseen);
    take(known->uidNext, mailbox.uidNext);
    take(known->uidValidity, mailbox.uidValidity);
    take(known->highestModSeq, mailbox.highestModSeq);
    if (!mailbox.mailboxId.empty())
        known->mailboxId = std::move(mailbox.mailboxId);
}

void ImapConnection::forgetSelected()
{
    m_change.exists.reset();
    m_change.expunged = m_change.flagsChanged = false;
}

void ImapConnection::startDeflate()
{
    // The reader needs the stream, the stream what the reader has read: the source in between is the
    // one that it has.
    m_deflate = std::make_unique<DeflateStream>(*m_socket, m_reader.changeSource(*m_socket));
    m_reader.changeSource(*m_deflate);
}

Status ImapConnection::write(std::string_view bytes)
{
    auto done = m_deflate ? m_deflate->write(bytes) : m_socket->write(bytes);
    if (!done)
        return broken(done.error());
    return done;
}

Result<ImapConnection::Response> ImapConnection::answered(std::string_view response)
{
    const std::size_t space = response.find(' ');
    Response result;
    result.tag = response.substr(0, space);
    const auto status =
        space == response.npos ? std::nullopt : parseImapStatus(response.substr(space + 1));
    const bool ours = result.tag.size() > 1 && result.tag[0] == 'T' &&
                      std::all_of(result.tag.begin() + 1, result.tag.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
    if (!ours || !status || result.tag.size() > 11)
        return broken(Error{ErrorKind::Protocol, "a response that belongs to no command",
                            printable(response), ErrorCode::None, 0});
    result.status = *status;
    m_untagged = m_words = 0;
    m_waits = false;
    if (status->code == "CAPABILITY")
        m_capabilities.names = parseCapabilities(status->arguments);
    return result;
}

Result<ImapConnection::Response> ImapConnection::receive()
{
    if (m_early) {
        Response response = std::move(*m_early);
        m_early.reset();
        return response;
    }
    if (!alive())
        return tl::unexpected(
            Error{ErrorKind::Offline, "not connected", m_bye, ErrorCode::ConnectionLost, 0});
    auto next = m_reader.next();
    if (!next)
        return broken(next.error());
    logReceived(*next);
    Response response;
    if (next->starts_with("* ")) {
        response.untagged = next->substr(2);
        if (auto bearable = checkProgress(response.untagged); !bearable)
            return broken(bearable.error());
        if (auto noted = note(response.untagged); !noted)
            return broken(noted.error());
        return response;
    }
    if (next->starts_with('+')) {
        response.continuation = true;
    }
    if (response.continuation || next->empty()) { // or a stray line break between two responses
        if (auto bearable = checkProgress(*next); !bearable)
            return broken(bearable.error());
        return response;
    }
    return answered(*next);
}

/// What is no data is believed for a while only: "OK still at it" may come for ever.
Status ImapConnection::checkProgress(std::string_view response)
{
    const bool data = !response.empty() && response.front() != '+' && !parseImapStatus(response);
    m_words += data ? 0 : 1;
    if (++m_untagged > maxUntagged || m_words > maxWords)
        return fail(ErrorKind::Protocol, "the server's reply does not end",
                    ErrorCode::LimitExceeded);
    if (data) {
        m_waits = false;
        return {};
    }
    const auto now = std::chrono::steady_clock::now();
    if (!std::exchange(m_waits, true))
        m_waitsSince = now;
    if (now - m_waitsSince > m_longestWait)
        return fail(ErrorKind::Timeout, "the server only says that it is still at it");
    return {};
}

/// Until the "+" that a synchronising literal waits for.
Status ImapConnection::finishLiteral(const std::string& tag, const Untagged& untagged,
                                     bool& refused)
{
    for (;;) {
        auto response = receive();
        if (!response)
            return tl::unexpected(response.error());
        if (response->continuation)
            return {};
        if (response->tag == tag) {
            m_early = std::move(*response);
            refused = true;
            return {};
        }
        if (!response->tag.empty())
            return broken(
                Error{ErrorKind::Protocol, "an answer to another command", {}, ErrorCode::None, 0});
        if (!response->untagged.empty() && untagged) {
            if (auto taken = untagged(response->untagged); !taken)
                return broken(taken.error());
        }
    }
}

Result<std::string> ImapConnection::send(const ImapCommand& command, const Untagged& untagged)
{
    if (!alive())
        return tl::unexpected(
            Error{ErrorKind::Offline, "not connected", m_bye, ErrorCode::ConnectionLost, 0});
    const std::string tag = "T" + std::to_string(++m_lastTag);
    std::string out = tag + " ";
    for (const ImapCommand::Piece& piece : command.pieces()) {
        if (!piece.isLiteral) {
            out += piece.text;
            continue;
        }
        const bool atOnce = has("LITERAL+") || ((has("LITERAL-") || has("IMAP4REV2")) &&
                                                piece.literal.size() <= smallLiteral);
        out += "{" + std::to_string(piece.literal.size()) + (atOnce ? "+}" : "}");
        if (m_log)
            m_log->sent(m_label, out);
        if (auto done = write(out + "\r\n"); !done)
            return tl::unexpected(done.error());
        out.clear();
        bool refused = false;
        if (!atOnce) {
            if (auto done = finishLiteral(tag, untagged, refused); !done)
                return tl::unexpected(done.error());
        }
        if (refused)
            return tag;
        if (auto done = write(piece.literal); !done)
            return tl::unexpected(done.error());
    }
    if (m_log)
        m_log->sent(m_label, out);
    if (auto done = write(out + "\r\n"); !done)
        return tl::unexpected(done.error());
    return tag;
}

Status ImapConnection::writeRaw(std::string_view line)
{
    if (m_log)
        m_log->sent(m_label, line);
    return write(std::string(line) + "\r\n");
}

Result<ImapStatus> ImapConnection::run(const ImapCommand& command, const Untagged& untagged)
{
    const auto tag = send(command, untagged);
    if (!tag)
        return tl::unexpected(tag.error());
    for (;;) {
        auto response = receive();
        if (!response)
            return tl::unexpected(response.error());
        if (response->tag == *tag)
            return std::move(response->status);
        if (!response->tag.empty())
            return broken(
                Error{ErrorKind::Protocol, "an answer to another command", {}, ErrorCode::None, 0});
        if (!response->untagged.empty() && untagged) {
            if (auto taken = untagged(response->untagged); !taken)
                return broken(taken.error());
        }
    }
}

Result<ImapStatus> ImapConnection::require(const ImapCommand& command, std::string_view name,
                                           const Untagged& untagged)
{
    auto status = run(command, untagged);
    if (status && status->condition != ImapStatus::Condition::Ok)
        return tl::unexpected(refusal(*status, name));
    return status;
}

} // namespace avocet
