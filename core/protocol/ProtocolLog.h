// SPDX-License-Identifier: GPL-3.0-or-later
// A transcript for people who look for a fault. Secrets never reach it.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace avocet {

/// Thread-safe. Takes what the connection sends and receives, cuts literals and long lines, and
/// replaces credentials (LOGIN arguments, AUTHENTICATE and AUTH exchanges, in any base64 form).
/// The sink is called under the log's lock, one line at a time; connections are told apart by name, so
/// two that sign in at the same time under one name hide more of each other, never less.
class ProtocolLog {
public:
    using Sink = std::function<void(std::string_view line)>;
    explicit ProtocolLog(Sink sink);

    void sent(std::string_view connection, std::string_view line);
    void received(std::string_view connection, std::string_view line);
    void note(std::string_view connection, std::string_view text);

private:
    enum class Exchange {
        None,
        Imap, ///< between AUTHENTICATE or LOGIN and its tagged answer
        Smtp, ///< between AUTH and the reply that is no challenge
    };
    struct State {
        Exchange exchange = Exchange::None;
        std::string tag; ///< of the IMAP command that signs in
    };

    std::string sentSafely(State& state, std::string_view line);
    std::string receivedSafely(State& state, std::string_view line);
    void emit(std::string_view connection, std::string_view mark, std::string_view text);

    Sink m_sink;
    std::mutex m_mutex;
    std::map<std::string, State, std::less<>> m_states;
};

} // namespace avocet
