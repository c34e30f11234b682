// SPDX-License-Identifier: GPL-3.0-or-later
// Walks over one IMAP response: atoms, numbers, strings, literals and lists, without copying where it
// can be helped. Never reads past its end and never throws.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace avocet {

/// A failed step sets bad() and leaves the cursor at the end, so that loops end by themselves.
class ImapCursor {
public:
    explicit ImapCursor(std::string_view text)
        : m_at(text.data())
        , m_end(text.data() + text.size())
    {
    }

    bool bad() const { return m_bad; }
    bool atEnd()
    {
        spaces();
        return m_at >= m_end;
    }
    char peek()
    {
        spaces();
        return m_at < m_end ? *m_at : '\0';
    }
    bool eat(char c)
    {
        spaces();
        if (m_at >= m_end || *m_at != c)
            return false;
        ++m_at;
        return true;
    }
    /// As eat(), but a failure is final.
    bool want(char c)
    {
        if (eat(c))
            return true;
        fail();
        return false;
    }
    /// Up to a space or parenthesis.
    std::string_view atom();
    /// A FETCH item's name; brackets may hold spaces.
    std::string_view item();
    /// 0 and bad() for anything that is no number or above 2^63-1.
    std::uint64_t number();
    std::uint32_t number32();
    bool nil()
    {
        spaces();
        return m_at < m_end && (*m_at | 32) == 'n' && passNil();
    }
    /// nstring or astring. Quoted text with escapes is put into `store`, everything else is a
    /// view into the response.
    std::string_view string(std::string& store);
    /// string() as a copy, cut at `limit` bytes.
    void copyString(std::string& into, std::size_t limit);
    /// Any value: string, atom or list of any depth. Returns the bytes it passed.
    std::string_view skip();
    /// The same from `begin`, where an earlier copy of this cursor stood, to here.
    std::string_view since(const ImapCursor& begin) const
    {
        return {begin.m_at, static_cast<std::size_t>(m_at - begin.m_at)};
    }

private:
    void spaces()
    {
        while (m_at < m_end && *m_at == ' ')
            ++m_at;
    }
    bool passNil();
    bool passQuoted();
    std::string_view literal();
    std::string_view escaped(const char* begin, std::string& store);
    void fail();

    const char* m_at;
    const char* m_end;
    bool m_bad = false;
};

} // namespace avocet
