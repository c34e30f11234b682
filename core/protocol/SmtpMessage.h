// SPDX-License-Identifier: GPL-3.0-or-later
// A message on its way into DATA: what it needs of the server, CRLF line ends, dot-stuffing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace avocet {

struct MessageNeeds {
    std::int64_t size = 0; ///< bytes with CRLF line ends, before dot-stuffing (RFC 1870)
    bool eightBit = false;
    bool eightBitHeader = false;
};

MessageNeeds examineMessage(std::string_view message);

enum class Dots { Doubled, Kept };

/// Hands the message out in pieces with CRLF line ends (bare CR and bare LF become CRLF, so that no
/// server can see a line end that we did not mean) and, for DATA, doubled leading dots. The last piece
/// ends with CRLF; the terminating dot is the caller's.
class DotStuffer {
public:
    explicit DotStuffer(std::string_view message, Dots dots = Dots::Doubled)
        : m_rest(message)
        , m_dots(dots)
    {
    }
    /// Replaces `into` with the next piece, about 64 KB; false at the end.
    bool next(std::string& into);

private:
    std::string_view m_rest;
    Dots m_dots;
    bool m_lineStart = true;
    bool m_finished = false;
};

} // namespace avocet
