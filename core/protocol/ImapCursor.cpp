// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/ImapCursor.h"

#include <algorithm>
#include <limits>

namespace avocet {
namespace {

bool endsAtom(char c)
{
    return c == ' ' || c == '(' || c == ')' || static_cast<unsigned char>(c) < 32;
}

} // namespace

void ImapCursor::fail()
{
    m_bad = true;
    m_at = m_end;
}

void ImapCursor::spaces()
{
    while (m_at < m_end && *m_at == ' ')
        ++m_at;
}

bool ImapCursor::atEnd()
{
    spaces();
    return m_at >= m_end;
}

char ImapCursor::peek()
{
    spaces();
    return m_at < m_end ? *m_at : '\0';
}

bool ImapCursor::eat(char c)
{
    spaces();
    if (m_at >= m_end || *m_at != c)
        return false;
    ++m_at;
    return true;
}

bool ImapCursor::want(char c)
{
    if (eat(c))
        return true;
    fail();
    return false;
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
    bool inBrackets = false;
    while (m_at < m_end && (inBrackets || !endsAtom(*m_at))) {
        if (*m_at == '[')
            inBrackets = true;
        else if (*m_at == ']')
            inBrackets = false;
        ++m_at;
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

bool ImapCursor::nil()
{
    spaces();
    if (m_end - m_at < 3 || (m_at[0] | 32) != 'n' || (m_at[1] | 32) != 'i' || (m_at[2] | 32) != 'l')
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
    while (m_at < m_end && *m_at != '"' && *m_at != '\\')
        ++m_at;
    if (m_at < m_end && *m_at == '"')
        return {begin, static_cast<std::size_t>(m_at++ - begin)};
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

std::string_view ImapCursor::skip()
{
    spaces();
    const char* begin = m_at;
    std::string store;
    std::size_t depth = 0;
    do {
        if (atEnd()) {
            fail();
            return {};
        }
        if (*m_at == '(') {
            ++depth;
            ++m_at;
        } else if (*m_at == ')') {
            if (depth == 0) {
                fail();
                return {};
            }
            --depth;
            ++m_at;
        } else if (*m_at == '"' || *m_at == '{' || *m_at == '~') {
            string(store);
        } else {
            atom();
        }
    } while (depth > 0 && !m_bad);
    return m_bad ? std::string_view{}
                 : std::string_view{begin, static_cast<std::size_t>(m_at - begin)};
}

} // namespace avocet
