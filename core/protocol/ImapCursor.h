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
    bool atEnd();
    char peek();
    bool eat(char c);
    /// As eat(), but a failure is final.
    bool want(char c);
    /// Up to a space or parenthesis.
    std::string_view atom();
    /// A FETCH item's name; brackets may hold spaces.
    std::string_view item();
    /// 0 and bad() for anything that is no number or above 2^63-1.
    std::uint64_t number();
    std::uint32_t number32();
    bool nil();
    /// nstring or astring. Quoted text with escapes is put into `store`, everything else is a
    /// view into the response.
    std::string_view string(std::string& store);
    /// string() as a copy, cut at `limit` bytes.
    void copyString(std::string& into, std::size_t limit);
    /// Any value: string, atom or list of any depth. Returns the bytes it passed.
    std::string_view skip();

private:
    void spaces();
    std::string_view literal();
    void fail();

    const char* m_at;
    const char* m_end;
    bool m_bad = false;
};

} // namespace avocet
