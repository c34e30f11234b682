// SPDX-License-Identifier: GPL-3.0-or-later
// Writes commands and sorts responses: tags, literals, pipelining, and what the server says without
// being asked. ImapSession's commands are built on this.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/DeflateStream.h"
#include "core/protocol/ImapReader.h"
#include "core/protocol/ImapSession.h"
#include "core/protocol/ImapStatus.h"
#include "core/protocol/SignIn.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

class CancelSignal;

/// A command's text with the literals in between.
class ImapCommand {
public:
    explicit ImapCommand(std::string text) { m_pieces.push_back({std::move(text), {}, false}); }
    ImapCommand& text(std::string_view text);
    /// Quoted where it can be, else a literal.
    ImapCommand& astring(std::string_view text);
    /// The bytes are not copied and must outlive the command.
    ImapCommand& literal(std::string_view bytes);

    struct Piece {
        std::string text;
        std::string_view literal;
        bool isLiteral;
    };
    const std::vector<Piece>& pieces() const { return m_pieces; }

private:
    std::vector<Piece> m_pieces;
};

/// Thread: the session's worker. States: alive; dead after any error but a NO or BAD, and after BYE.
class ImapConnection {
public:
    ImapConnection(SignedIn signedIn, const ConnectOptions& options);

    /// An untagged response, without "* ". Returning an error ends the connection.
    using Untagged = std::function<Status(std::string_view response)>;

    /// Sends and waits for the tagged answer. The status may be NO or BAD.
    Result<ImapStatus> run(const ImapCommand& command, const Untagged& untagged = {});
    /// run(), where anything but OK is an error: see refusal().
    Result<ImapStatus> require(const ImapCommand& command, std::string_view name,
                               const Untagged& untagged = {});

    /// The parts of run(), for pipelining. send() waits for "+" where a literal wants it; a
    /// server that refuses meanwhile leaves its answer to be found by the receive() that follows.
    Result<std::string> send(const ImapCommand& command, const Untagged& untagged = {});

    struct Response {
        std::string_view untagged; ///< without "* ", or empty
        std::string tag;           ///< of a tagged answer, else empty
        ImapStatus status;         ///< of a tagged answer
        bool continuation = false; ///< "+"
    };
    /// The next response; untagged ones are noted in change() first.
    Result<Response> receive();

    Status writeRaw(std::string_view line); ///< a line outside of any command (DONE)
    /// See ImapReader::setWatch.
    void watchLiterals(ImapReader::Watch watch) { m_reader.setWatch(std::move(watch)); }
    bool buffered() { return m_reader.buffered() || (m_deflate && m_deflate->pending()); }

    /// Behind the server's OK to COMPRESS, before anything else is sent.
    void startDeflate();
    bool compressed() const { return m_deflate != nullptr; }

    bool alive() const { return m_socket->isOpen() && !m_dead; }
    void kill();
    TlsSocket& socket() { return *m_socket; }
    const TlsSocket& socket() const { return *m_socket; }

    Capabilities& capabilities() { return m_capabilities; }
    bool has(std::string_view capability) const { return m_capabilities.has(capability); }
    /// What was said of the selected mailbox since it was last taken. Commands that ask for FETCH
    /// data put flagsChanged back afterwards.
    MailboxChange& change() { return m_change; }
    /// Forgets what concerns the selected mailbox alone.
    void forgetSelected();
    /// While a command asks for LIST or STATUS, they are no news.
    void expectListings(bool expected) { m_listingsExpected = expected; }
    /// An unsolicited STATUS: replaces what was said of that mailbox before.
    void noteStatus(ListedMailbox mailbox);

private:
    Result<Response> answered(std::string_view response);
    Status note(std::string_view untagged);
    Status checkProgress(std::string_view response);
    void noteListing(std::string_view untagged);
    Status write(std::string_view bytes);
    Status finishLiteral(const std::string& tag, const Untagged& untagged, bool& refused);
    tl::unexpected<Error> broken(Error error);
    void logReceived(std::string_view response);

    std::unique_ptr<TlsSocket> m_socket;
    std::unique_ptr<DeflateStream> m_deflate;
    ImapReader m_reader;
    ProtocolLog* m_log;
    std::string m_label;
    Capabilities m_capabilities;
    MailboxChange m_change;
    std::string m_bye;
    std::optional<Response> m_early;
    std::uint32_t m_lastTag = 0;
    std::chrono::milliseconds m_longestWait;
    std::uint32_t m_untagged = 0; ///< since the last tagged response
    std::uint32_t m_words = 0;    ///< those of them that brought no data
    std::chrono::steady_clock::time_point m_waitsSince;
    bool m_waits = false; ///< nothing but words since then
    bool m_listingsExpected = false;
    bool m_dead = false;
};

} // namespace avocet
