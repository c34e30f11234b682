// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/HtmlTokens.h"

#include "core/mime/Ascii.h"
#include "core/mime/HtmlEntities.h"

#include <algorithm>
#include <array>

namespace avocet::mime {
namespace {

constexpr std::size_t kMostAttributes = 100;
constexpr std::size_t kLongestName = 64; // longer ones are on no list of ours
constexpr std::size_t kLongestReference = 40;

// Sorted. Their content ends at their own end tag alone. A script's may hold another script in a comment; we end it at
// the first end tag, and what is left of it is text.
constexpr std::array rawElements = std::to_array<std::string_view>(
    {"iframe", "noembed", "noframes", "plaintext", "script", "style", "textarea", "title", "xmp"});

bool isHtmlSpace(char c)
{
    return isSpace(c) || c == '\f';
}

bool isControl(char c)
{
    return (byte(c) < 0x20 && c != '\n' && c != '\t') || byte(c) == 0x7F;
}

void appendEscaped(std::string& out, char c)
{
    switch (c) {
    case '&':
        out += "&amp;";
        break;
    case '<':
        out += "&lt;";
        break;
    case '>':
        out += "&gt;";
        break;
    case '"':
        out += "&quot;";
        break;
    default:
        if (!isControl(c))
            out += c;
    }
}

/// Length of "&name;" at `pos`, 0 where that is something else. Browsers know more names than we do.
std::size_t referenceLength(std::string_view text, std::size_t pos)
{
    std::size_t end = pos + 1;
    while (end < text.size() && end - pos < kLongestReference &&
           (isAlpha(text[end]) || isDigit(text[end])))
        ++end;
    const bool named =
        end > pos + 1 && end < text.size() && text[end] == ';' && isAlpha(text[pos + 1]);
    return named ? end + 1 - pos : 0;
}

/// Length of what appendEntity has read at `pos` and browsers read so too.
std::size_t decodedReference(std::string_view text, std::size_t pos, bool inAttribute,
                             std::string& out)
{
    const std::size_t size = out.size();
    const std::size_t length = appendEntity(text, pos, out);
    const std::size_t end = pos + length;
    // "?a=1&copy=2" in an address is no reference (HTML 13.2.5.73).
    const bool ended = length > 0 && text[end - 1] == ';';
    if (inAttribute && length > 0 && !ended && text[pos + 1] != '#' && end < text.size() &&
        (text[end] == '=' || isAlpha(text[end]) || isDigit(text[end]))) {
        out.resize(size);
        return 0;
    }
    return length;
}

} // namespace

std::string canonicalText(std::string_view text, bool inAttribute)
{
    std::string out;
    out.reserve(text.size());
    std::string decoded;
    for (std::size_t pos = 0; pos < text.size();) {
        if (text[pos] != '&') {
            appendEscaped(out, text[pos++]);
            continue;
        }
        decoded.clear();
        if (const std::size_t length = decodedReference(text, pos, inAttribute, decoded)) {
            for (const char c : decoded)
                appendEscaped(out, c);
            pos += length;
        } else if (const std::size_t unknown = referenceLength(text, pos)) {
            out += text.substr(pos, unknown);
            pos += unknown;
        } else {
            out += "&amp;";
            ++pos;
        }
    }
    return out;
}

std::string attributeText(std::string_view raw)
{
    std::string out;
    for (std::size_t pos = 0; pos < raw.size();) {
        const std::size_t length = raw[pos] == '&' ? decodedReference(raw, pos, true, out) : 0;
        if (length == 0)
            out += raw[pos];
        pos += std::max<std::size_t>(length, 1);
    }
    return out;
}

std::string escapedText(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (const char c : text)
        appendEscaped(out, c);
    return out;
}

std::size_t HtmlTokens::find(char c, std::size_t from) const
{
    return std::min(m_html.find(c, std::min(from, m_html.size())), m_html.size());
}

HtmlToken HtmlTokens::text(std::size_t length)
{
    HtmlToken token;
    token.kind = HtmlToken::Kind::Text;
    token.text = m_html.substr(m_at, length);
    m_at += token.text.size();
    return token;
}

HtmlToken HtmlTokens::next()
{
    while (m_at < m_html.size()) {
        if (m_html[m_at] != '<')
            return text(find('<', m_at) - m_at);
        if (skipComment())
            continue;
        HtmlToken token = markup();
        if (token.kind != HtmlToken::Kind::End)
            return token;
    }
    return {};
}

/// At "<". What is neither a tag nor a word is a comment to browsers (HTML 13.2.5.6, 13.2.5.41).
bool HtmlTokens::skipComment()
{
    const std::string_view rest = m_html.substr(m_at);
    if (rest.starts_with("<!-->") || rest.starts_with("<!--->")) {
        m_at = find('>', m_at) + 1;
        return true;
    }
    if (rest.starts_with("<!--")) {
        for (std::size_t at = m_html.find("--", m_at + 4); at != m_html.npos;
             at = m_html.find("--", at + 1)) {
            const std::string_view end = m_html.substr(at + 2);
            if (!end.starts_with('>') && !end.starts_with("!>"))
                continue;
            m_at = at + (end.front() == '!' ? 4 : 3);
            return true;
        }
        m_at = m_html.size();
        return true;
    }
    const char next = rest.size() > 1 ? rest[1] : ' ';
    const bool endsNothing = next == '/' && rest.size() > 2 && !isAlpha(rest[2]);
    const bool declares = next == '!' && !startsWithIgnoreCase(rest, "<!doctype");
    if (!declares && !endsNothing && next != '?')
        return false;
    m_at = std::min(find('>', m_at) + 1, m_html.size());
    return true;
}

HtmlToken HtmlTokens::markup()
{
    const std::string_view rest = m_html.substr(m_at);
    if (rest.starts_with("<!")) {
        HtmlToken token;
        token.kind = HtmlToken::Kind::Doctype;
        const std::size_t begin = m_at + std::string_view("<!doctype").size();
        const std::size_t end = find('>', begin);
        token.text = m_html.substr(begin, end - begin);
        m_at = std::min(end + 1, m_html.size());
        return token;
    }
    const std::size_t name = rest.starts_with("</") ? 2 : 1;
    if (rest.size() <= name || !isAlpha(rest[name]))
        return text(1);
    return tag();
}

/// A tag that the page ends in does not come out: End is returned.
HtmlToken HtmlTokens::tag()
{
    HtmlToken token;
    const bool closes = m_html[m_at + 1] == '/';
    m_at += closes ? 2 : 1;
    const std::size_t begin = m_at;
    while (m_at < m_html.size() && !isHtmlSpace(m_html[m_at]) && m_html[m_at] != '>' &&
           m_html[m_at] != '/')
        ++m_at;
    token.name = lowered(m_html.substr(begin, std::min(m_at - begin, kLongestName + 1)));
    for (;;) {
        while (m_at < m_html.size() && (isHtmlSpace(m_html[m_at]) || m_html[m_at] == '/'))
            ++m_at;
        if (m_at == m_html.size())
            return {};
        if (m_html[m_at] == '>')
            break;
        attribute(token);
    }
    ++m_at;
    token.kind = closes ? HtmlToken::Kind::EndTag : HtmlToken::Kind::StartTag;
    if (!closes && std::binary_search(rawElements.begin(), rawElements.end(), token.name))
        takeRawText(token);
    return token;
}

void HtmlTokens::attribute(HtmlToken& token)
{
    const std::size_t begin = m_at++; // a "=" may begin a name
    while (m_at < m_html.size() && !isHtmlSpace(m_html[m_at]) && m_html[m_at] != '>' &&
           m_html[m_at] != '/' && m_html[m_at] != '=')
        ++m_at;
    const std::string_view name = m_html.substr(begin, m_at - begin);
    std::size_t sign = m_at;
    while (sign < m_html.size() && isHtmlSpace(m_html[sign]))
        ++sign;
    std::string_view value;
    if (sign < m_html.size() && m_html[sign] == '=') {
        m_at = sign + 1;
        while (m_at < m_html.size() && isHtmlSpace(m_html[m_at]))
            ++m_at;
        const char quote = m_at < m_html.size() ? m_html[m_at] : '\0';
        const std::size_t from = quote == '"' || quote == '\'' ? m_at + 1 : m_at;
        if (from > m_at) {
            m_at = find(quote, from);
            value = m_html.substr(from, m_at - from);
            m_at = std::min(m_at + 1, m_html.size());
        } else {
            while (m_at < m_html.size() && !isHtmlSpace(m_html[m_at]) && m_html[m_at] != '>')
                ++m_at;
            value = m_html.substr(from, m_at - from);
        }
    }
    if (token.attributes.size() == kMostAttributes || name.size() > kLongestName)
        return;
    std::string known = lowered(name);
    if (std::none_of(token.attributes.begin(), token.attributes.end(),
                     [&](const HtmlAttribute& other) { return other.name == known; }))
        token.attributes.push_back({std::move(known), value});
}

void HtmlTokens::takeRawText(HtmlToken& token)
{
    const std::size_t begin = m_at;
    for (std::size_t at = m_html.find("</", begin); at != m_html.npos;
         at = m_html.find("</", at + 2)) {
        const std::size_t behind = at + 2 + token.name.size();
        if (behind >= m_html.size())
            break;
        const char c = m_html[behind];
        if (token.name == "plaintext" ||
            !equalsIgnoreCase(m_html.substr(at + 2, token.name.size()), token.name) ||
            !(isHtmlSpace(c) || c == '/' || c == '>'))
            continue;
        token.rawText = m_html.substr(begin, at - begin);
        m_at = std::min(find('>', behind) + 1, m_html.size());
        return;
    }
    token.rawText = m_html.substr(begin);
    m_at = m_html.size();
}

} // namespace avocet::mime
