// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/ImapReader.h"

#include "core/protocol/ImapStatus.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace avocet {
namespace {

constexpr std::size_t usualCapacity = std::size_t{256} << 10;
constexpr std::size_t shrinkAbove = std::size_t{4} << 20;
constexpr std::size_t minRead = std::size_t{16} << 10;

tl::unexpected<Error> tooLong(const char* what)
{
    return fail(ErrorKind::Protocol, std::string("the server sent too much: ") + what,
                ErrorCode::LimitExceeded);
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Only data responses hold literals; a status text may well end with "{3}".
bool mayHoldLiterals(std::string_view response)
{
    if (!response.starts_with("* "))
        return false;
    response.remove_prefix(2);
    return !parseImapStatus(response.substr(0, response.find(' ')));
}

bool isSectionByte(char c)
{
    return isDigit(c) || c == '.' || (c >= 'A' && c <= 'Z');
}

bool isBodyItem(std::string_view before)
{
    while (before.ends_with(' ') || before.ends_with('~'))
        before.remove_suffix(1);
    if (before.ends_with('>'))
        before = before.substr(0, before.rfind('<'));
    if (before.ends_with(']')) {
        before.remove_suffix(1);
        // "1.2.TEXT", "HEADER"; a list of header fields is none.
        while (!before.empty() && isSectionByte(before.back()))
            before.remove_suffix(1);
        return before.size() >= 5 && (equalsNoCase(before.substr(before.size() - 5), "BODY[") ||
                                      equalsNoCase(before.substr(before.size() - 5), "NARY["));
    }
    return before.size() >= 6 && equalsNoCase(before.substr(before.size() - 6), "RFC822");
}

/// FETCH, VANISHED, SEARCH and ESEARCH lines grow with the mailbox.
bool isDataLine(std::string_view response)
{
    if (!response.starts_with("* "))
        return false;
    response.remove_prefix(2);
    if (startsNoCase(response, "SEARCH") || startsNoCase(response, "ESEARCH") ||
        startsNoCase(response, "VANISHED"))
        return true;
    while (!response.empty() && isDigit(response.front()))
        response.remove_prefix(1);
    return startsNoCase(response, " FETCH");
}

} // namespace

ImapReader::ImapReader(ByteSource& source, std::string_view leftover,
                       std::chrono::milliseconds patience)
    : m_source(&source)
    , m_patience(patience)
    , m_buffer(new char[std::max(usualCapacity, leftover.size())])
    , m_capacity(std::max(usualCapacity, leftover.size()))
    , m_end(leftover.size())
{
    std::copy(leftover.begin(), leftover.end(), m_buffer.get());
}

bool ImapReader::buffered() const
{
    return m_begin < m_end && std::memchr(m_buffer.get() + m_begin, '\n', m_end - m_begin);
}

std::string ImapReader::changeSource(ByteSource& source)
{
    std::string rest(m_buffer.get() + m_begin, m_end - m_begin);
    m_begin = m_end = 0;
    m_source = &source;
    return rest;
}

Status ImapReader::fill()
{
    if (m_begin == m_end)
        m_begin = m_end = 0;
    if (m_begin == m_end && m_capacity > shrinkAbove) {
        m_buffer.reset(new char[usualCapacity]);
        m_capacity = usualCapacity;
    }
    if (m_capacity - m_end < minRead) {
        const std::size_t used = m_end - m_begin;
        if (m_begin >= m_capacity / 2) {
            std::memmove(m_buffer.get(), m_buffer.get() + m_begin, used);
        } else {
            // Doubled by what has really arrived, whatever was announced.
            std::unique_ptr<char[]> larger(new char[m_capacity * 2]);
            std::memcpy(larger.get(), m_buffer.get() + m_begin, used);
            m_buffer = std::move(larger);
            m_capacity *= 2;
        }
        m_begin = 0;
        m_end = used;
    }
    const auto got = m_source->read(m_buffer.get() + m_end, m_capacity - m_end);
    if (!got)
        return tl::unexpected(got.error());
    m_end += *got;
    return m_patience.check(m_end - m_begin);
}

/// Offsets are relative to m_begin, since fill() may move the bytes.
Result<bool> ImapReader::startsLiteral(std::size_t lineBegin, std::size_t lineEnd,
                                       std::size_t& length) const
{
    const char* bytes = m_buffer.get() + m_begin;
    if (lineEnd == lineBegin || bytes[lineEnd - 1] != '}')
        return false;
    std::size_t digits = lineEnd - 1;
    if (digits > lineBegin && bytes[digits - 1] == '+')
        --digits;
    const std::size_t digitsEnd = digits;
    while (digits > lineBegin && isDigit(bytes[digits - 1]))
        --digits;
    if (digits == lineBegin || digits == digitsEnd || bytes[digits - 1] != '{')
        return false;
    if (!mayHoldLiterals({bytes, std::min<std::size_t>(lineEnd, 64)}))
        return false;
    if (digitsEnd - digits > 12)
        return tooLong("a literal");
    std::uint64_t announced = 0;
    for (std::size_t i = digits; i < digitsEnd; ++i)
        announced = announced * 10 + static_cast<std::uint64_t>(bytes[i] - '0');
    const std::size_t limit =
        announced <= maxLiteral || !isBodyItem({bytes + lineBegin, digits - 1 - lineBegin})
            ? maxLiteral
            : maxBody;
    if (announced > limit)
        return tooLong("a literal");
    length = static_cast<std::size_t>(announced);
    return true;
}

Result<std::string_view> ImapReader::next()
{
    m_patience.begin();
    std::size_t lineBegin = 0; // of the line after the last literal
    std::size_t scan = 0;
    std::size_t lineBytes = 0; // of the lines before, without literals
    for (;;) {
        const std::size_t available = m_end - m_begin;
        const char* bytes = m_buffer.get() + m_begin;
        const void* found =
            scan < available ? std::memchr(bytes + scan, '\n', available - scan) : nullptr;
        if (!found) {
            const std::size_t line = lineBytes + (available - lineBegin);
            if (line > maxLine &&
                (line > maxDataLine || !isDataLine({bytes, std::min<std::size_t>(available, 64)})))
                return tooLong("a line");
            if (auto more = fill(); !more)
                return tl::unexpected(more.error());
            scan = available;
            continue;
        }
        const auto newline = static_cast<std::size_t>(static_cast<const char*>(found) - bytes);
        std::size_t end = newline;
        if (end > lineBegin && bytes[end - 1] == '\r')
            --end;
        std::size_t length = 0;
        const auto literal = startsLiteral(lineBegin, end, length);
        if (!literal)
            return tl::unexpected(literal.error());
        if (!*literal) {
            m_begin += newline + 1;
            return std::string_view(bytes, end);
        }
        lineBytes += newline - lineBegin;
        lineBegin = newline + 1 + length;
        if (lineBegin > maxResponse)
            return tooLong("a response");
        while (m_end - m_begin < lineBegin) {
            if (auto more = fill(); !more)
                return tl::unexpected(more.error());
            const std::size_t missing = lineBegin - std::min(lineBegin, m_end - m_begin);
            if (m_watch && length > watchedLiteral)
                m_watch(length - std::min(length, missing), length);
        }
        scan = lineBegin;
    }
}

} // namespace avocet
