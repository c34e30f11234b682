// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/ImapCursor.h"

#include <array>
#include <cstring>
#include <limits>

namespace avocet {
namespace {

constexpr std::array<bool, 256> atomEnds = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0; c < 32; ++c)
        table[c] = true;
    for (const unsigned char c : {' ', '(', ')'})
        table[c] = true;
    return table;
}();

bool endsAtom(char c)
{
    return atomEnds[static_cast<unsigned char>(c)];
}

} // namespace

void ImapCursor::fail()
{
    m_bad = true;
    m_at = m_end;
}

std::string_view ImapCursor::atom()
{
    spaces();
    const char* begin = m_at;
    while (m_at < m_end && !endsAtom(*m_at))
        ++m_at;
    if (m_at == begin)
        fail();
    return {begin, static_cast<std::size_t>(m_at - begin)};
}

std::string_view ImapCursor::item()
{
    spaces();
    const char* begin = m_at;
    while (m_at < m_end && !endsAtom(*m_at)) {
        if (*m_at++ != '[')
            continue;
        const void* close = std::memchr(m_at, ']', static_cast<std::size_t>(m_end - m_at));
        m_at = close ? static_cast<const char*>(close) + 1 : m_end;
    }
    if (m_at == begin)
        fail();
    return {begin, static_cast<std::size_t>(m_at - begin)};
}

std::uint64_t ImapCursor::number()
{
    spaces();
    const char* begin = m_at;
    constexpr std::uint64_t limit = std::numeric_limits<std::int64_t>::max();
    std::uint64_t value = 0;
    while (m_at < m_end && *m_at >= '0' && *m_at <= '9') {
        const auto digit = static_cast<std::uint64_t>(*m_at++ - '0');
        if (value > (limit - digit) / 10) {
            fail();
            return 0;
        }
        value = value * 10 + digit;
    }
    if (m_at == begin && !nil())
        fail();
    return value;
}

std::uint32_t ImapCursor::number32()
{
    const std::uint64_t value = number();
    if (value > std::numeric_limits<std::uint32_t>::max()) {
        fail();
        return 0;
    }
    return static_cast<std::uint32_t>(value);
}

bool ImapCursor::passNil()
{
    if (m_end - m_at < 3 || (m_at[1] | 32) != 'i' || (m_at[2] | 32) != 'l')
        return false;
    if (m_end - m_at > 3 && !endsAtom(m_at[3]))
        return false;
    m_at += 3;
    return true;
}

std::string_view ImapCursor::literal()
{
    if (*m_at == '~')
        ++m_at;
    ++m_at;
    const std::uint64_t length = number();
    eat('+');
    if (!want('}'))
        return {};
    if (m_at < m_end && *m_at == '\r')
        ++m_at;
    if (m_at >= m_end || *m_at != '\n' || length > static_cast<std::uint64_t>(m_end - m_at - 1)) {
        fail();
        return {};
    }
    const std::string_view result(m_at + 1, static_cast<std::size_t>(length));
    m_at += 1 + length;
    return result;
}

std::string_view ImapCursor::string(std::string& store)
{
    spaces();
    if (m_at >= m_end) {
        fail();
        return {};
    }
    if (*m_at == '{' || (*m_at == '~' && m_end - m_at > 1 && m_at[1] == '{'))
        return literal();
    if (*m_at != '"')
        return nil() ? std::string_view{} : atom();
    const char* begin = ++m_at;
    const void* quote = std::memchr(begin, '"', static_cast<std::size_t>(m_end - begin));
    const char* end = quote ? static_cast<const char*>(quote) : m_end;
    const auto length = static_cast<std::size_t>(end - begin);
    if (const void* backslash = std::memchr(begin, '\\', length)) {
        m_at = static_cast<const char*>(backslash);
        return escaped(begin, store);
    }
    if (!quote) {
        fail();
        return {};
    }
    m_at = end + 1;
    return {begin, length};
}

/// The rest of a quoted string from its first backslash on.
std::string_view ImapCursor::escaped(const char* begin, std::string& store)
{
    store.assign(begin, m_at);
    while (m_at < m_end && *m_at != '"') {
        if (*m_at == '\\' && m_end - m_at > 1)
            ++m_at;
        store += *m_at++;
    }
    if (m_at >= m_end) {
        fail();
        return {};
    }
    ++m_at;
    return store;
}

void ImapCursor::copyString(std::string& into, std::size_t limit)
{
    std::string store;
    into = string(store).substr(0, limit);
}

/// Behind an opening quote: to the closing one and past it.
bool ImapCursor::passQuoted()
{
    while (m_at < m_end && *m_at != '"') {
        if (*m_at == '\\' && m_end - m_at > 1)
            ++m_at;
        ++m_at;
    }
    if (m_at >= m_end) {
        fail();
        return false;
    }
    ++m_at;
    return true;
}

std::string_view ImapCursor::skip()
{
    spaces();
    const char* begin = m_at;
    std::size_t depth = 0;
    do {
        if (atEnd()) {
            fail();
            return {};
        }
        switch (*m_at) {
        case '(':
            ++depth;
            ++m_at;
            break;
        case ')':
            if (depth == 0) {
                fail();
                return {};
            }
            --depth;
            ++m_at;
            break;
        case '"':
            ++m_at;
            passQuoted();
            break;
        case '{':
            literal();
            break;
        case '~':
            if (m_end - m_at > 1 && m_at[1] == '{')
                literal();
            else
                atom();
            break;
        default:
            atom();
        }
    } while (depth > 0 && !m_bad);
    return m_bad ? std::string_view{}
                 : std::string_view{begin, static_cast<std::size_t>(m_at - begin)};
}

} // namespace avocet
