// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/TextLayout.h"

#include <algorithm>

namespace avocet::mime {

TextLayout::TextLayout(std::size_t budget)
    : m_budget(budget)
{
    m_out.reserve(budget);
}

void TextLayout::word(std::string_view utf8)
{
    if (!utf8.empty())
        put(utf8);
}

void TextLayout::put(std::string_view utf8)
{
    startLine();
    if (m_space && !m_lineEmpty)
        m_out += ' ';
    m_space = false;
    m_lineEmpty = false;
    m_out.append(utf8);
}

void TextLayout::breakLine(int count)
{
    m_space = false;
    m_pending = std::max(m_pending, count);
}

void TextLayout::addLine()
{
    m_space = false;
    m_pending = std::min(m_pending + 1, 2);
}

void TextLayout::verbatim(std::string_view utf8)
{
    for (std::size_t pos = 0; pos < utf8.size();) {
        const std::size_t end = std::min(utf8.find('\n', pos), utf8.size());
        if (end > pos)
            put(utf8.substr(pos, end - pos));
        if (end < utf8.size())
            addLine();
        pos = end + 1;
    }
}

void TextLayout::quote(int by)
{
    breakLine(2);
    m_quotes = std::max(0, m_quotes + by);
}

std::string_view TextLayout::since(std::size_t pos) const
{
    return std::string_view(m_out).substr(std::min(pos, m_out.size()));
}

std::string TextLayout::take()
{
    if (!m_out.empty())
        m_out += '\n';
    return std::move(m_out);
}

void TextLayout::startLine()
{
    if (m_out.empty())
        m_pending = 0;
    const bool fresh = m_out.empty() || m_pending > 0;
    for (; m_pending > 0; --m_pending) {
        m_out += '\n';
        if (m_pending > 1)
            prefix(std::min(m_lineQuotes, m_quotes), false);
    }
    if (!fresh)
        return;
    prefix(m_quotes, true);
    m_lineQuotes = m_quotes;
    m_lineEmpty = true;
}

void TextLayout::prefix(int quotes, bool space)
{
    constexpr int deepest = 20;
    if (quotes == 0 || !mayDecorate())
        return;
    m_out.append(static_cast<std::size_t>(std::min(quotes, deepest)), '>');
    if (space)
        m_out += ' ';
}

} // namespace avocet::mime
