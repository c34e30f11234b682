// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/LineReader.h"

#include <utility>

namespace avocet {

Result<std::string> LineReader::line()
{
    m_patience.begin();
    std::size_t scan = m_begin;
    for (;;) {
        const std::size_t end = m_buffer.find('\n', scan);
        if (end != std::string::npos) {
            std::size_t length = end - m_begin;
            if (length > 0 && m_buffer[end - 1] == '\r')
                --length;
            std::string result = m_buffer.substr(m_begin, length);
            m_begin = end + 1;
            if (m_begin == m_buffer.size()) {
                m_buffer.clear();
                m_begin = 0;
            }
            return result;
        }
        scan = m_buffer.size();
        if (scan - m_begin > maxLine)
            return fail(ErrorKind::Protocol, "the server sent an endless line",
                        ErrorCode::LimitExceeded);
        m_buffer.erase(0, m_begin);
        scan -= m_begin;
        m_begin = 0;
        char chunk[4096];
        const auto got = m_source.read(chunk, sizeof chunk);
        if (!got)
            return tl::unexpected(got.error());
        m_buffer.append(chunk, *got);
        if (auto quick = m_patience.check(m_buffer.size()); !quick)
            return tl::unexpected(quick.error());
    }
}

std::string LineReader::take()
{
    std::string rest = m_buffer.substr(m_begin);
    m_buffer.clear();
    m_begin = 0;
    return rest;
}

} // namespace avocet
