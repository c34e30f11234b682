// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/SmtpMessage.h"

namespace avocet {
namespace {

constexpr std::size_t pieceSize = 65'536;

} // namespace

MessageNeeds examineMessage(std::string_view message)
{
    MessageNeeds needs;
    bool inHeader = true;
    bool lineStart = true;
    for (std::size_t i = 0; i < message.size(); ++i) {
        const char c = message[i];
        if (c == '\r' || c == '\n') {
            if (c == '\r' && i + 1 < message.size() && message[i + 1] == '\n')
                ++i;
            if (lineStart)
                inHeader = false;
            lineStart = true;
            needs.size += 2;
            continue;
        }
        lineStart = false;
        ++needs.size;
        if (static_cast<unsigned char>(c) >= 0x80) {
            needs.eightBit = true;
            needs.eightBitHeader = needs.eightBitHeader || inHeader;
        }
    }
    if (!lineStart)
        needs.size += 2;
    return needs;
}

bool DotStuffer::next(std::string& into)
{
    into.clear();
    if (m_finished)
        return false;
    while (!m_rest.empty() && into.size() < pieceSize) {
        const std::size_t end = m_rest.find_first_of("\r\n");
        const std::string_view text = m_rest.substr(0, end);
        if (m_dots == Dots::Doubled && m_lineStart && text.starts_with('.'))
            into += '.';
        into.append(text);
        m_lineStart = m_lineStart && text.empty();
        if (end == m_rest.npos) {
            m_rest = {};
            break;
        }
        const bool pair = m_rest[end] == '\r' && end + 1 < m_rest.size() && m_rest[end + 1] == '\n';
        m_rest.remove_prefix(end + (pair ? 2 : 1));
        into += "\r\n";
        m_lineStart = true;
    }
    if (m_rest.empty()) {
        m_finished = true;
        if (!m_lineStart)
            into += "\r\n";
    }
    return !into.empty();
}

} // namespace avocet
