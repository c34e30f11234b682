// SPDX-License-Identifier: GPL-3.0-or-later
// Cuts the server's byte stream into whole responses, in place on one buffer. A mailbox of 50,000
// messages passes through here in less than a second.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/Patience.h"
#include "core/protocol/TlsSocket.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace avocet {

/// Thread: the session's worker. The view that next() returns lives until the next call.
class ImapReader {
public:
    /// Of a line, without its literals.
    static constexpr std::size_t maxLine = std::size_t{1} << 20;
    /// Of a line of FETCH or SEARCH data, which grow with the mailbox and not by malice.
    static constexpr std::size_t maxDataLine = std::size_t{16} << 20;
    /// Of a literal behind BODY[], BODY[1.2] or RFC822.
    static constexpr std::size_t maxBody = std::size_t{64} << 20;
    /// Of any other literal.
    static constexpr std::size_t maxLiteral = std::size_t{1} << 20;
    /// Of one response with all its literals.
    static constexpr std::size_t maxResponse = maxBody + maxDataLine;

    /// `leftover`: bytes that were read before this reader took over.
    ImapReader(ByteSource& source, std::string_view leftover,
               std::chrono::milliseconds patience = Patience::usual);

    /// One response without its final line break; literals stay in it as "{n}CRLF" and n bytes.
    /// LimitExceeded beyond the bounds; nothing is ever allocated by an announced size. Timeout: see Patience.
    Result<std::string_view> next();
    /// Told of a literal that is longer than `watchedLiteral`, whenever bytes of it arrived.
    using Watch = std::function<void(std::size_t arrived, std::size_t length)>;
    static constexpr std::size_t watchedLiteral = std::size_t{256} << 10;
    void setWatch(Watch watch) { m_watch = std::move(watch); }
    /// Whether next() has at least one whole line to look at without reading.
    bool buffered() const;

    /// Takes its bytes from elsewhere from now on, and returns what it has read from here already.
    std::string changeSource(ByteSource& source);

private:
    Status fill();
    Result<bool> startsLiteral(std::size_t lineBegin, std::size_t lineEnd,
                               std::size_t& length) const;

    ByteSource* m_source;
    Patience m_patience;
    Watch m_watch;
    std::unique_ptr<char[]> m_buffer;
    std::size_t m_capacity = 0;
    std::size_t m_begin = 0;
    std::size_t m_end = 0;
};

} // namespace avocet
