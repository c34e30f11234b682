// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Ascii.h"
#include "core/mime/Charset.h"
#include "core/mime/HtmlElements.h"
#include "core/mime/HtmlEntities.h"
#include "core/mime/HtmlTokens.h"
#include "core/mime/MessageReader.h"
#include "core/mime/TextLayout.h"
#include "core/mime/Utf8.h"

#include <algorithm>

// It reads more tolerantly than HtmlTokens, which reads as browsers do: no word may be lost behind a quote, a comment or a
// script that never ends. A scan with a few counters stays linear whatever the page holds.

namespace avocet {
namespace {

using namespace mime;

struct Tag {
    std::string name; ///< lower case; empty: not a tag
    bool closing = false;
    std::string_view attributes;
    std::size_t end = 0; ///< behind it
};

std::string withEntities(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t length = text[pos] == '&' ? appendEntity(text, pos, result) : 0;
        if (length == 0)
            result += text[pos];
        pos += std::max<std::size_t>(length, 1);
    }
    return result;
}

std::string attribute(std::string_view attributes, std::string_view wanted)
{
    std::size_t pos = 0;
    while (pos < attributes.size()) {
        while (pos < attributes.size() && (isSpace(attributes[pos]) || attributes[pos] == '/'))
            ++pos;
        const std::size_t nameStart = pos;
        while (pos < attributes.size() && !isSpace(attributes[pos]) && attributes[pos] != '=')
            ++pos;
        const std::string_view name = attributes.substr(nameStart, pos - nameStart);
        while (pos < attributes.size() && isSpace(attributes[pos]))
            ++pos;
        std::string_view value;
        if (pos < attributes.size() && attributes[pos] == '=') {
            ++pos;
            while (pos < attributes.size() && isSpace(attributes[pos]))
                ++pos;
            const char quote = pos < attributes.size() ? attributes[pos] : '\0';
            if (quote == '"' || quote == '\'') {
                const std::size_t end =
                    std::min(attributes.find(quote, pos + 1), attributes.size());
                value = attributes.substr(pos + 1, end - pos - 1);
                pos = std::min(end + 1, attributes.size());
            } else {
                const std::size_t start = pos;
                while (pos < attributes.size() && !isSpace(attributes[pos]))
                    ++pos;
                value = attributes.substr(start, pos - start);
            }
        }
        if (equalsIgnoreCase(name, wanted))
            return cleanLine(attributeText(value));
        if (pos == nameStart)
            ++pos;
    }
    return {};
}

class HtmlReader {
public:
    explicit HtmlReader(std::string_view html)
        : m_html(html)
        , m_layout(html.size() + (64 << 10))
    {
    }

    std::string run()
    {
        while (m_pos < m_html.size()) {
            const std::size_t open = std::min(m_html.find('<', m_pos), m_html.size());
            text(m_html.substr(m_pos, open - m_pos));
            m_pos = open;
            if (m_pos < m_html.size())
                markup();
        }
        endLink();
        return m_layout.take();
    }

private:
    /// In slices, so that a page that is one long text is not there twice.
    void text(std::string_view raw)
    {
        constexpr std::size_t slice = 16 << 10;
        while (raw.size() > slice) {
            std::size_t cut = raw.find_last_of(" \n\t", slice);
            if (cut == std::string_view::npos || cut == 0) {
                // No space: at least not inside a character or a reference.
                cut = slice;
                while (cut > slice - 64 &&
                       ((byte(raw[cut]) & 0xC0) == 0x80 || isInReference(raw, cut)))
                    --cut;
                while ((byte(raw[cut]) & 0xC0) == 0x80)
                    --cut;
            }
            textSlice(raw.substr(0, cut));
            raw.remove_prefix(cut);
        }
        if (!raw.empty())
            textSlice(raw);
    }

    static bool isInReference(std::string_view raw, std::size_t pos)
    {
        const char before = raw[pos - 1];
        return isAlpha(before) || isDigit(before) || before == '&' || before == '#';
    }

    void textSlice(std::string_view raw)
    {
        if (m_pre > 0) {
            m_layout.verbatim(cleanText(withEntities(raw)));
            return;
        }
        const std::string decoded = withEntities(raw);
        std::size_t wordStart = 0;
        const auto endWord = [&](std::size_t end) {
            m_layout.word(std::string_view(decoded).substr(wordStart, end - wordStart));
        };
        for (std::size_t pos = 0; pos < decoded.size();) {
            const std::size_t start = pos;
            const std::uint32_t c = takeCodePoint(decoded, pos);
            const bool blank = c <= ' ' || c == 0xA0 || c == 0x2007 || c == 0x202F || c == 0x3000;
            // Fillers that newsletters put behind their preview text.
            const bool filler = c == 0x200B || c == 0x34F || c == 0xAD || c == 0xFEFF || c == 0x7F;
            if (!blank && !filler)
                continue;
            endWord(start);
            wordStart = pos;
            if (blank && c != 0)
                m_layout.space();
        }
        endWord(decoded.size());
    }

    /// At a "<": a comment, a tag, or a character like any other.
    void markup()
    {
        if (m_html.substr(m_pos, 4) == "<!--" && skipTo("-->", 4, m_commentsEnd))
            return;
        const char next = m_pos + 1 < m_html.size() ? m_html[m_pos + 1] : ' ';
        if ((next == '!' || next == '?') && skipTo(">", 2, m_bracketsEnd))
            return;
        const Tag tag = isAlpha(next) || next == '/' ? takeTag() : Tag{};
        if (tag.name.empty()) {
            text("&lt;");
            ++m_pos;
            return;
        }
        m_pos = tag.end;
        element(tag);
    }

    /// Moves behind the next `mark`. `exhausted` remembers that there is none, so that no page can
    /// make us look for it again and again.
    bool skipTo(std::string_view mark, std::size_t from, bool& exhausted)
    {
        const std::size_t end =
            exhausted ? std::string_view::npos : m_html.find(mark, m_pos + from);
        exhausted = end == std::string_view::npos;
        if (!exhausted)
            m_pos = end + mark.size();
        return !exhausted;
    }

    Tag takeTag()
    {
        Tag tag;
        std::size_t pos = m_pos + 1;
        tag.closing = m_html[pos] == '/';
        pos += tag.closing ? 1 : 0;
        const std::size_t nameStart = pos;
        while (pos < m_html.size() && pos - nameStart < 40 &&
               (isAlpha(m_html[pos]) || isDigit(m_html[pos]) || m_html[pos] == ':' ||
                m_html[pos] == '-'))
            ++pos;
        if (pos == nameStart)
            return tag;
        const std::size_t end = tagEnd(pos);
        if (end == std::string_view::npos)
            return tag;
        tag.name = lowered(m_html.substr(nameStart, pos - nameStart));
        tag.attributes = m_html.substr(pos, end - pos);
        tag.end = end + 1;
        return tag;
    }

    /// The ">" that ends the tag, not one in a quoted value. Once a quote was never closed, quotes no
    /// longer count: the page would be swallowed, and each tag would search it to its end.
    std::size_t tagEnd(std::size_t pos)
    {
        if (!m_quotesBroken) {
            for (std::size_t i = pos; i < m_html.size(); ++i) {
                const char c = m_html[i];
                if (c == '>')
                    return i;
                if ((c == '"' || c == '\'') && m_html[i - 1] == '=') {
                    i = m_html.find(c, i + 1);
                    if (i == std::string_view::npos)
                        break;
                }
            }
            m_quotesBroken = true;
        }
        if (m_noMoreTags)
            return std::string_view::npos;
        const std::size_t end = m_html.find('>', pos);
        m_noMoreTags = end == std::string_view::npos;
        return end;
    }

    void element(const Tag& tag)
    {
        switch (elementFor(tag.name)) {
        case Element::Other:
            break;
        case Element::Block:
            m_layout.breakLine(1);
            break;
        case Element::Break:
            m_layout.addLine();
            break;
        case Element::Cell:
            m_layout.space();
            break;
        case Element::Dropped:
            if (!tag.closing)
                dropElement(tag.name);
            break;
        case Element::Image:
            image(tag);
            break;
        case Element::Item:
            if (!tag.closing)
                listItem();
            break;
        case Element::Link:
            link(tag);
            break;
        case Element::List:
            list(tag);
            break;
        case Element::Paragraph:
            m_layout.breakLine(2);
            break;
        case Element::Preformatted:
            preformatted(tag);
            break;
        case Element::Quote:
            quote(tag);
            break;
        case Element::Rule:
            rule();
            break;
        }
    }

    void dropElement(const std::string& name)
    {
        const std::string close = "</" + name;
        std::size_t at = m_pos;
        for (;;) {
            at = m_droppedBroken ? std::string_view::npos : m_html.find("</", at);
            if (at == std::string_view::npos) {
                // Never closed: better its words than none of those behind it.
                m_droppedBroken = true;
                return;
            }
            if (startsWithIgnoreCase(m_html.substr(at), close))
                break;
            at += 2;
        }
        m_pos = at;
    }

    void list(const Tag& tag)
    {
        m_layout.breakLine(m_lists > (tag.closing ? 1 : 0) ? 1 : 2);
        m_lists = std::max(0, m_lists + (tag.closing ? -1 : 1));
        m_item = !tag.closing && tag.name == "ol" ? 1 : 0;
    }

    void quote(const Tag& tag)
    {
        if (tag.closing && m_quotes == 0)
            return;
        m_quotes += tag.closing ? -1 : 1;
        m_layout.quote(tag.closing ? -1 : 1);
    }

    void preformatted(const Tag& tag)
    {
        m_layout.breakLine(tag.name == "pre" ? 2 : 1);
        m_pre = std::max(0, m_pre + (tag.closing ? -1 : 1));
        // A line end right behind <pre> is not part of it.
        if (!tag.closing && m_pos < m_html.size() && m_html[m_pos] == '\n')
            ++m_pos;
    }

    void listItem()
    {
        m_layout.breakLine(1);
        if (!m_layout.mayDecorate())
            return;
        const std::string indent(static_cast<std::size_t>(std::clamp(m_lists - 1, 0, 8)) * 2, ' ');
        m_layout.word(indent + (m_item > 0 ? std::to_string(m_item++) + "." : "*"));
        m_layout.space();
    }

    void rule()
    {
        m_layout.breakLine(1);
        if (m_layout.mayDecorate())
            m_layout.word("----------");
        m_layout.breakLine(1);
    }

    void image(const Tag& tag)
    {
        const std::string alt = attribute(tag.attributes, "alt");
        if (!alt.empty() && m_layout.mayDecorate())
            m_layout.word("[" + alt.substr(0, alt.size() < 300 ? alt.size() : 0) + "]");
    }

    void link(const Tag& tag)
    {
        endLink();
        if (tag.closing)
            return;
        constexpr std::size_t longest = 2000;
        std::string target = attribute(tag.attributes, "href");
        const bool wanted = startsWithIgnoreCase(target, "http://") ||
                            startsWithIgnoreCase(target, "https://") ||
                            startsWithIgnoreCase(target, "mailto:");
        if (!wanted || target.size() > longest)
            return;
        m_link = std::move(target);
        m_linkStart = m_layout.size();
    }

    /// "text <target>", unless the text already says where it goes.
    void endLink()
    {
        if (m_link.empty())
            return;
        const std::string target = std::move(m_link);
        m_link.clear();
        if (!m_layout.mayDecorate())
            return;
        const std::string_view shown = trimmed(m_layout.since(m_linkStart));
        std::string_view bare = target;
        if (startsWithIgnoreCase(bare, "mailto:"))
            bare.remove_prefix(7);
        const auto isSame = [&](std::string_view address) {
            while (address.ends_with('/'))
                address.remove_suffix(1);
            return equalsIgnoreCase(shown, address) ||
                   equalsIgnoreCase(shown, std::string(address) + "/");
        };
        const std::size_t slashes = bare.find("://");
        if (shown.empty() || isSame(bare) ||
            (slashes != std::string_view::npos && isSame(bare.substr(slashes + 3))))
            return;
        m_layout.space();
        m_layout.word("<" + std::string(bare) + ">");
    }

    std::string_view m_html;
    std::size_t m_pos = 0;
    TextLayout m_layout;
    bool m_commentsEnd = false;
    bool m_bracketsEnd = false;
    bool m_quotesBroken = false;
    bool m_noMoreTags = false;
    bool m_droppedBroken = false;
    int m_pre = 0;
    int m_lists = 0;
    int m_item = 0;
    int m_quotes = 0;
    std::string m_link;
    std::size_t m_linkStart = 0;
};

} // namespace

std::string htmlToText(std::string_view html)
{
    // Callers hand us UTF-8; anything else would break the promise that the text is.
    if (isValidUtf8(html))
        return HtmlReader(html).run();
    const std::string guessed = guessedUtf8(html);
    return HtmlReader(guessed).run();
}

} // namespace avocet
