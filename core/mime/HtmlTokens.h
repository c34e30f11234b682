// SPDX-License-Identifier: GPL-3.0-or-later
// HTML cut into tags and text as browsers cut it (HTML 13.2.5), in linear time and without a tree: libgumbo recurses, is
// quadratic in attributes and open elements, and has no maintainer.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace avocet::mime {

struct HtmlAttribute {
    std::string name;       ///< lower case
    std::string_view value; ///< references not yet decoded
};

struct HtmlToken {
    enum class Kind { End, Text, StartTag, EndTag, Doctype };
    Kind kind = Kind::End;
    std::string name;      ///< of a tag, lower case
    std::string_view text; ///< references not decoded; of a Doctype what follows the word
    std::vector<HtmlAttribute> attributes; ///< at most 100, each name once
    std::string_view rawText;              ///< of a start tag whose content is no markup: all of it
};

/// Over a page that outlives it. Comments do not come out. Elements of raw text (script, style, title, ...) come as one
/// start tag with their content. Never fails.
class HtmlTokens {
public:
    explicit HtmlTokens(std::string_view html)
        : m_html(html)
    {
    }

    HtmlToken next();
    std::size_t position() const { return m_at; }
    void rewind(std::size_t position) { m_at = position; }

private:
    HtmlToken text(std::size_t length);
    bool skipComment();
    HtmlToken markup();
    HtmlToken tag();
    void attribute(HtmlToken& token);
    void takeRawText(HtmlToken& token);
    std::size_t find(char c, std::size_t from) const;

    std::string_view m_html;
    std::size_t m_at = 0;
};

/// `text` as it may be written into a page, whether between tags or as a quoted value: references decoded where they are
/// known, and only such written again that mean the same.
std::string canonicalText(std::string_view text, bool inAttribute);
/// The characters that a quoted value stands for.
std::string attributeText(std::string_view raw);
/// Plain characters as they are written into a page.
std::string escapedText(std::string_view text);

} // namespace avocet::mime
