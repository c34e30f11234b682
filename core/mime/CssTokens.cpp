// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/CssTokens.h"

#include "core/mime/Ascii.h"

namespace avocet::mime {

namespace {

bool isCssSpace(char c)
{
    return isSpace(c) || c == '\f';
}

bool isWordByte(char c)
{
    return isAlpha(c) || isDigit(c) || c == '-' || c == '_' || byte(c) >= 0x80;
}

bool isBad(char c)
{
    return c == '\\' || c == '<' || c == '\0';
}

} // namespace

CssToken CssTokens::token(CssToken::Kind kind, std::size_t from) const
{
    return {kind, m_css.substr(from, m_at - from)};
}

/// A comment that does not end swallows the rest. "<!--" and "-->" of old pages count as space.
CssToken CssTokens::space()
{
    const std::size_t from = m_at;
    for (;;) {
        if (m_at < m_css.size() && isCssSpace(m_css[m_at])) {
            ++m_at;
        } else if (m_css.substr(m_at).starts_with("/*")) {
            const std::size_t end = m_css.find("*/", m_at + 2);
            m_at = end == m_css.npos ? m_css.size() : end + 2;
        } else if (const std::size_t mark = commentMark()) {
            m_at += mark;
        } else {
            return token(CssToken::Kind::Space, from);
        }
    }
}

std::size_t CssTokens::commentMark() const
{
    const std::string_view rest = m_css.substr(m_at);
    return rest.starts_with("<!--") ? 4 : rest.starts_with("-->") ? 3 : 0;
}

CssToken CssTokens::string()
{
    const std::size_t from = m_at;
    const char quote = m_css[m_at++];
    bool bad = false;
    for (; m_at < m_css.size(); ++m_at) {
        const char c = m_css[m_at];
        if (c == quote) {
            ++m_at;
            return token(bad ? CssToken::Kind::Bad : CssToken::Kind::String, from);
        }
        if (c == '\n' || c == '\r' || c == '\f')
            break;
        bad = bad || isBad(c);
        if (c == '\\' && m_at + 1 < m_css.size())
            ++m_at;
    }
    return token(CssToken::Kind::Bad, from);
}

/// Behind "url(": the whole token is bad where anything but an address stands there (4.3.6).
CssToken CssTokens::url()
{
    while (m_at < m_css.size() && isCssSpace(m_css[m_at]))
        ++m_at;
    const std::size_t from = m_at;
    bool bad = false;
    std::size_t end = m_css.npos;
    for (; m_at < m_css.size() && m_css[m_at] != ')'; ++m_at) {
        const char c = m_css[m_at];
        if (isCssSpace(c))
            end = end == m_css.npos ? m_at : end;
        else
            bad = bad || end != m_css.npos || isBad(c) || byte(c) < 0x20 || c == '"' || c == '\'' ||
                  c == '(';
        if (c == '\\' && m_at + 1 < m_css.size())
            ++m_at;
    }
    if (m_at == m_css.size())
        bad = true;
    end = end == m_css.npos ? m_at : end;
    if (m_at < m_css.size())
        ++m_at;
    return {bad ? CssToken::Kind::Bad : CssToken::Kind::Url, m_css.substr(from, end - from)};
}

bool CssTokens::startsWord(std::size_t at) const
{
    while (at < m_css.size() && m_css[at] == '-')
        ++at;
    return at < m_css.size() && isWordByte(m_css[at]) && !isDigit(m_css[at]);
}

CssToken CssTokens::word()
{
    const std::size_t from = m_at;
    bool bad = false;
    // An escape continues the word: url( can be hidden so.
    for (; m_at < m_css.size() && (isWordByte(m_css[m_at]) || isBad(m_css[m_at])); ++m_at) {
        bad = bad || isBad(m_css[m_at]);
        if (m_css[m_at] == '\\' && m_at + 1 < m_css.size())
            ++m_at;
    }
    if (bad)
        return token(CssToken::Kind::Bad, from);
    const CssToken ident = token(CssToken::Kind::Ident, from);
    if (m_at == m_css.size() || m_css[m_at] != '(')
        return ident;
    ++m_at;
    if (!equalsIgnoreCase(ident.text, "url"))
        return {CssToken::Kind::Function, ident.text};
    std::size_t behind = m_at;
    while (behind < m_css.size() && isCssSpace(m_css[behind]))
        ++behind;
    if (behind < m_css.size() && (m_css[behind] == '"' || m_css[behind] == '\''))
        return {CssToken::Kind::Function, ident.text};
    return url();
}

CssToken CssTokens::next()
{
    using Kind = CssToken::Kind;
    if (m_at == m_css.size())
        return {};
    const std::size_t from = m_at;
    const char c = m_css[m_at];
    if (isCssSpace(c) || m_css.substr(m_at).starts_with("/*") || commentMark() > 0)
        return space();
    if (c == '"' || c == '\'')
        return string();
    if (startsWord(m_at) || isBad(c))
        return word();
    ++m_at;
    if (c == '@' && startsWord(m_at)) {
        const CssToken name = word();
        return {name.kind == Kind::Ident ? Kind::AtKeyword : Kind::Bad, name.text};
    }
    constexpr std::string_view punctuation = "!#$%&()*+,-./:;=>[]^{|}~";
    if (!isDigit(c) && punctuation.find(c) == punctuation.npos)
        return token(Kind::Bad, from);
    // Numbers with their unit, hashes with their name.
    const auto digitAt = [&](std::size_t at) { return at < m_css.size() && isDigit(m_css[at]); };
    if (isDigit(c) || c == '#' || (c == '.' && digitAt(m_at)))
        while (m_at < m_css.size() &&
               (isWordByte(m_css[m_at]) || (c != '#' && m_css[m_at] == '.' && digitAt(m_at + 1))))
            ++m_at;
    const bool calls = m_at > from + 1 && m_at < m_css.size() && m_css[m_at] == '(';
    return token(calls ? Kind::Bad : Kind::Other, from);
}

} // namespace avocet::mime
