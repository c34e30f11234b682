// SPDX-License-Identifier: GPL-3.0-or-later
// A transcript for people who look for a fault. Secrets never reach it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace avocet {

/// Thread-safe. Takes what the connection sends and receives, cuts literals and long lines, and
/// replaces credentials (LOGIN arguments, AUTHENTICATE and AUTH exchanges, in any base64 form).
class ProtocolLog {
public:
    using Sink = std::function<void(std::string_view line)>;
    explicit ProtocolLog(Sink sink);

    void sent(std::string_view connection, std::string_view line);
    void received(std::string_view connection, std::string_view line);
    void note(std::string_view connection, std::string_view text);

private:
    Sink m_sink;
};

} // namespace avocet
