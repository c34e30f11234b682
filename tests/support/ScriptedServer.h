// SPDX-License-Identifier: GPL-3.0-or-later
// A mail server that follows a transcript: tests read like the dialogue they check. Qt-free, so that
// ThreadSanitizer can run it.
#pragma once

#include "tests/support/TestCertificates.h"

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace avocet::test {

/// Listens on a free loopback port and plays one script, a step a line; blank lines and lines that begin
/// with "#" are passed over, leading spaces too.
///
///     S: * OK ready          sends the line with CRLF
///     R: * OK\r\nmore        sends raw bytes; \r \n \0 \t \\ and \xNN are known
///     C: {t} NOOP            expects this line; {t} matches a word and keeps it for later lines,
///                            "..." at the end matches any rest
///     N: 12                  expects that many bytes, whatever they are
///     DATA:                  expects everything up to CRLF.CRLF
///     TLS:                   does the server's side of the TLS handshake
///     DEFLATE:               from here on both sides are compressed (RFC 4978)
///     SYNC: name             waits until the test calls release("name")
///     FLOOD: text            sends the line again and again until the client is gone
///     EOF:                   expects the client to close without another byte
///     CLOSE:                 closes the connection
///     NEXT:                  takes the next connection
///
/// At the end it reads until the client closes. A step that goes wrong ends the script; problem()
/// says what it was.
class ScriptedServer {
public:
    explicit ScriptedServer(std::string_view script);
    /// With a certificate for "TLS:"; `implicitTls` does the handshake first of all.
    ScriptedServer(std::string_view script, ServerIdentity identity, bool implicitTls = false);
    ~ScriptedServer();
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;

    std::uint16_t port() const { return m_port; }
    void release(const std::string& name);
    /// Waits until a step was reached (SYNC does not count as passed before it is released).
    bool waitForStep(std::size_t step, int milliseconds = 5000);
    /// Waits for the end of the script, at most for the time given; then takes what has arrived
    /// and ends the connection.
    void finish(int milliseconds = 5000);

    /// Everything that clients sent, decrypted, and what came before or instead of TLS.
    std::string received() const;
    /// Empty: the client did what the script says, to its end.
    std::string problem() const;
    int connections() const;

private:
    class Peer;
    void listen();
    void run(const std::stop_token& stop);
    void play(const std::stop_token& stop);
    bool step(Peer& peer, std::string_view line, const std::stop_token& stop);
    void setProblem(const std::string& text);
    std::string substituted(std::string_view text) const;
    bool matches(std::string_view pattern, std::string_view line);

    std::vector<std::string> m_script;
    std::optional<ServerIdentity> m_identity;
    bool m_implicitTls = false;
    int m_listener = -1;
    int m_wake = -1;
    std::uint16_t m_port = 0;
    std::vector<std::pair<std::string, std::string>> m_captures;

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::string m_received;
    std::string m_problem;
    std::vector<std::string> m_released;
    std::size_t m_step = 0;
    int m_connections = 0;
    bool m_finished = false;
    std::jthread m_thread;
};

} // namespace avocet::test
