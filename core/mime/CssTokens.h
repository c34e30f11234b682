// SPDX-License-Identifier: GPL-3.0-or-later
// CSS cut into tokens, as far as a filter needs to tell them apart (CSS Syntax Module 3, 4).
#pragma once

#include <cstddef>
#include <string_view>

namespace avocet::mime {

struct CssToken {
    enum class Kind {
        End,
        Space, ///< comments too
        Ident,
        Function,  ///< without its parenthesis, which is open
        AtKeyword, ///< without the '@'
        String,    ///< with its quotes
        Url,       ///< what stands between the parentheses of an unquoted url()
        Other,     ///< a number, a hash or one character
        Bad, ///< a backslash, '<', a lone '@', a string or url() that does not end: what a mail never needs
    };
    Kind kind = Kind::End;
    std::string_view text;

    bool is(char c) const { return kind == Kind::Other && text.size() == 1 && text[0] == c; }
};

/// Over text that outlives it. Never fails; takes time linear in the text.
class CssTokens {
public:
    explicit CssTokens(std::string_view css)
        : m_css(css)
    {
    }

    CssToken next();
    std::size_t position() const { return m_at; }

private:
    CssToken token(CssToken::Kind kind, std::size_t from) const;
    CssToken space();
    std::size_t commentMark() const;
    CssToken string();
    CssToken word();
    CssToken url();
    bool startsWord(std::size_t at) const;

    std::string_view m_css;
    std::size_t m_at = 0;
};

} // namespace avocet::mime
