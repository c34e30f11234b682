// SPDX-License-Identifier: GPL-3.0-or-later
// How long one response may take from its first byte to its last. The socket's time-out alone never strikes where a
// byte drips in now and then.
#pragma once

#include "core/model/Error.h"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace avocet {

/// Begins with the first bytes of a response. A response may take `least` however short it is, and 4 ms more for each
/// byte: slower than 250 bytes a second no line is on which mail can be read.
class Patience {
public:
    static constexpr std::chrono::milliseconds usual{60'000};

    explicit Patience(std::chrono::milliseconds least)
        : m_least(least)
    {
    }

    void begin() { m_began = {}; }
    /// After each read, with all that has come of this response.
    Status check(std::size_t bytes)
    {
        const auto now = Clock::now();
        if (m_began == Clock::time_point())
            m_began = now;
        if (now - m_began >
            m_least + std::chrono::milliseconds(4 * static_cast<std::int64_t>(bytes)))
            return fail(ErrorKind::Timeout, "the server's answer drips in too slowly");
        return {};
    }

private:
    using Clock = std::chrono::steady_clock;
    std::chrono::milliseconds m_least;
    Clock::time_point m_began;
};

} // namespace avocet
