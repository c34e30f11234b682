// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/ProtocolLog.h"

#include "core/protocol/ImapStatus.h"

namespace avocet {
namespace {

constexpr std::size_t maxShown = 500;
constexpr std::string_view hidden = "<hidden>";

std::string_view firstWord(std::string_view text)
{
    return text.substr(0, text.find(' '));
}

std::string_view behindWord(std::string_view text)
{
    const std::size_t space = text.find(' ');
    return space == text.npos ? std::string_view{} : text.substr(space + 1);
}

/// One line of printable text; literals and what does not fit are named by their size.
std::string shown(std::string_view text)
{
    std::size_t end = text.find_first_of("\r\n");
    if (end == text.npos)
        end = text.size();
    end = std::min(end, maxShown);
    std::string result;
    for (const char c : text.substr(0, end))
        result += static_cast<unsigned char>(c) < 32 || c == 127 ? '?' : c;
    if (end < text.size())
        result += " <" + std::to_string(text.size() - end) + " more bytes>";
    return result;
}

} // namespace

ProtocolLog::ProtocolLog(Sink sink)
    : m_sink(std::move(sink))
{
}

std::string ProtocolLog::sentSafely(State& state, std::string_view line)
{
    if (state.exchange != Exchange::None)
        return std::string(hidden);
    const std::string_view first = firstWord(line);
    const std::string_view rest = behindWord(line);
    const std::string_view second = firstWord(rest);
    if (equalsNoCase(first, "AUTH")) {
        state.exchange = Exchange::Smtp;
        return "AUTH " + shown(second) + (behindWord(rest).empty() ? "" : " ") +
               (behindWord(rest).empty() ? "" : std::string(hidden));
    }
    const bool login = equalsNoCase(second, "LOGIN");
    if (!login && !equalsNoCase(second, "AUTHENTICATE"))
        return shown(line);
    state.exchange = Exchange::Imap;
    state.tag = first;
    const std::string_view arguments = behindWord(rest);
    std::string result = shown(first) + " " + shown(second);
    if (login)
        return result + " " + std::string(hidden);
    result += " " + shown(firstWord(arguments));
    return behindWord(arguments).empty() ? result : result + " " + std::string(hidden);
}

std::string ProtocolLog::receivedSafely(State& state, std::string_view line)
{
    if (state.exchange == Exchange::Smtp) {
        if (line.starts_with("334"))
            return "334 " + std::string(hidden);
        if (line.size() < 4 || line[3] != '-')
            state.exchange = Exchange::None;
    } else if (state.exchange == Exchange::Imap) {
        if (line.starts_with('+'))
            return "+ " + std::string(hidden);
        if (firstWord(line) == state.tag)
            state.exchange = Exchange::None;
    }
    return shown(line);
}

void ProtocolLog::emit(std::string_view connection, std::string_view mark, std::string_view text)
{
    if (m_sink)
        m_sink(std::string(connection) + std::string(mark) + std::string(text));
}

void ProtocolLog::sent(std::string_view connection, std::string_view line)
{
    const std::lock_guard lock(m_mutex);
    State& state = m_states[std::string(connection)];
    // Pipelined commands come in one piece; each is judged for itself.
    do {
        const std::size_t end = line.find("\r\n");
        emit(connection, " C: ", sentSafely(state, line.substr(0, end)));
        line = end == line.npos ? std::string_view{} : line.substr(end + 2);
    } while (!line.empty());
}

void ProtocolLog::received(std::string_view connection, std::string_view line)
{
    const std::lock_guard lock(m_mutex);
    emit(connection, " S: ", receivedSafely(m_states[std::string(connection)], line));
}

void ProtocolLog::note(std::string_view connection, std::string_view text)
{
    const std::lock_guard lock(m_mutex);
    emit(connection, " -- ", shown(text));
}

} // namespace avocet
