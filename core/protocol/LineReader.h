// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of a dialogue, one at a time and bounded: greeting, STARTTLS, sign-in and all of SMTP.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/Patience.h"
#include "core/protocol/TlsSocket.h"

#include <cstddef>
#include <string>

namespace avocet {

/// Keeps what it read beyond the line; take() hands that over to the next reader.
class LineReader {
public:
    static constexpr std::size_t maxLine = 65'536;

    explicit LineReader(ByteSource& source, std::chrono::milliseconds patience = Patience::usual)
        : m_source(source)
        , m_patience(patience)
    {
    }

    /// The next line without its line break (CRLF, or a bare LF). LimitExceeded where it is longer, Timeout: see
    /// Patience.
    Result<std::string> line();
    bool buffered() const { return m_begin < m_buffer.size(); }
    std::string take();

private:
    ByteSource& m_source;
    Patience m_patience;
    std::string m_buffer;
    std::size_t m_begin = 0;
};

} // namespace avocet
