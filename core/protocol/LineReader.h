// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of a dialogue, one at a time and bounded: greeting, STARTTLS, sign-in and all of SMTP.
#pragma once

#include "core/model/Error.h"
#include "core/protocol/TlsSocket.h"

#include <cstddef>
#include <string>

namespace avocet {

/// Keeps what it read beyond the line; take() hands that over to the next reader.
class LineReader {
public:
    explicit LineReader(ByteSource& source, std::size_t maxLine = 65'536)
        : m_source(source)
        , m_maxLine(maxLine)
    {
    }

    /// The next line without its line break (CRLF, or a bare LF). LimitExceeded where it is longer.
    Result<std::string> line();
    bool buffered() const { return m_begin < m_buffer.size(); }
    std::string take();

private:
    ByteSource& m_source;
    std::size_t m_maxLine;
    std::string m_buffer;
    std::size_t m_begin = 0;
};

} // namespace avocet
