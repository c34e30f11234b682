// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Ascii.h"
#include "core/mime/HtmlRules.h"
#include "core/mime/HtmlSanitizer.h"
#include "core/mime/HtmlTokens.h"
#include "core/mime/MessageReader.h"
#include "core/mime/RichText.h"
#include "core/mime/RichTextBuilder.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <charconv>

namespace avocet {
namespace {

using namespace mime;
using Kind = RichBlock::Kind;

constexpr std::size_t deepestElement = 1'000;
constexpr std::size_t searchedElements = 100; // for the start of what ends
constexpr int largestPicture = 4'000;         // pixels, as shown

/// An element that is open, and what was before it.
struct Open {
    std::string name;
    RichStyle style;
    bool pre = false;
    bool hidden = false;
};

std::string attribute(const HtmlToken& token, std::string_view name)
{
    for (const HtmlAttribute& one : token.attributes)
        if (one.name == name)
            return attributeText(one.value);
    return {};
}

int pixels(const std::string& value)
{
    int number = 0;
    const auto end = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool percent = end.ptr != value.data() + value.size() && *end.ptr == '%';
    return end.ec == std::errc() && !percent && number > 0 && number <= largestPicture ? number : 0;
}

bool isOneOf(std::string_view name, std::initializer_list<std::string_view> names)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool isBlock(std::string_view name)
{
    return isOneOf(name,
                   {"address", "article",   "aside", "blockquote", "body",     "caption", "center",
                    "dd",      "div",       "dl",    "dt",         "fieldset", "figure",  "footer",
                    "form",    "h1",        "h2",    "h3",         "h4",       "h5",      "h6",
                    "header",  "li",        "main",  "nav",        "ol",       "option",  "p",
                    "pre",     "section",   "table", "tbody",      "tfoot",    "thead",   "tr",
                    "ul",      "figcaption"});
}

class HtmlToRich {
public:
    HtmlToRich(const SanitizedHtml& page, const RichLimits& limits)
        : m_page(page)
        , m_tokens(page.html)
        , m_out(limits)
    {
    }

    RichText read()
    {
        using TokenKind = HtmlToken::Kind;
        for (;;) {
            const HtmlToken token = m_tokens.next();
            if (token.kind == TokenKind::End || m_out.isFull())
                break;
            if (token.kind == TokenKind::Text)
                text(attributeText(token.text));
            else if (token.kind == TokenKind::StartTag)
                start(token);
            else if (token.kind == TokenKind::EndTag)
                end(token.name);
        }
        return m_out.take();
    }

private:
    void text(std::string_view words)
    {
        if (m_now.hidden)
            return;
        if (m_now.pre)
            m_out.verbatim(words, m_now.style, m_code > 0);
        else
            m_out.words(words, m_now.style);
    }

    void start(const HtmlToken& token)
    {
        const std::string& name = token.name;
        if (isVoidElement(name)) {
            empty(token);
            return;
        }
        if (isOneOf(name, {"style", "title", "script", "head"}) && !token.rawText.empty())
            return;
        if (m_open.size() < deepestElement) {
            m_open.push_back(m_now);
            m_open.back().name = name;
        }
        apply(token);
        if (isOneOf(name, {"td", "th"}))
            m_out.cell();
        if (isBlock(name))
            block(name);
    }

    void block(std::string_view name)
    {
        m_out.endBlock();
        if (name == "p")
            m_out.gap();
        if (name == "blockquote")
            m_out.quote(1);
        else if (name == "ul" || name == "ol")
            m_out.openList(name == "ol" ? Kind::Number : Kind::Bullet);
        else if (name == "li")
            m_out.item();
        else if (name == "pre")
            m_out.setCode(++m_code > 0);
        else if (name.size() == 2 && name[0] == 'h' && isDigit(name[1]))
            m_out.setHeading(std::min(name[1] - '0', 3));
    }

    void end(const std::string& name)
    {
        std::size_t at = m_open.size();
        const std::size_t lowest = at > searchedElements ? at - searchedElements : 0;
        while (at > lowest && m_open[at - 1].name != name)
            --at;
        if (at == lowest)
            return;
        while (m_open.size() >= at) {
            leave(m_open.back().name);
            m_now = std::move(m_open.back());
            m_open.pop_back();
        }
    }

    void leave(const std::string& name)
    {
        if (!isBlock(name))
            return;
        m_out.endBlock();
        if (name == "p")
            m_out.gap();
        else if (name == "li")
            m_out.endItem();
        else if (name == "blockquote")
            m_out.quote(-1);
        else if (name == "ul" || name == "ol")
            m_out.closeList();
        else if (name == "pre")
            m_out.setCode(--m_code > 0);
        else if (name.size() == 2 && name[0] == 'h' && isDigit(name[1]))
            m_out.setHeading(0);
    }

    void empty(const HtmlToken& token)
    {
        if (m_now.hidden)
            return;
        if (token.name == "br")
            m_out.lineBreak(m_now.style);
        else if (token.name == "hr")
            m_out.rule();
        else if (token.name == "img")
            picture(token);
    }

    void picture(const HtmlToken& token)
    {
        RichRun run;
        run.image = attribute(token, "src");
        run.text = cleanLine(attribute(token, "alt"));
        run.width = pixels(attribute(token, "width"));
        run.height = pixels(attribute(token, "height"));
        run.style.link = m_now.style.link;
        if (!run.image.empty())
            m_out.picture(std::move(run));
        else if (!run.text.empty() && !isInvisible(token.attributes))
            m_out.words(run.text, m_now.style);
    }

    void apply(const HtmlToken& token)
    {
        const std::string& name = token.name;
        RichStyle& style = m_now.style;
        style.bold = style.bold || isOneOf(name, {"b", "strong", "th"});
        style.italic = style.italic || isOneOf(name, {"i", "em", "cite", "dfn", "var"});
        style.underline = style.underline || isOneOf(name, {"u", "ins"});
        style.strike = style.strike || isOneOf(name, {"s", "strike", "del"});
        style.code = style.code || isOneOf(name, {"code", "tt", "kbd", "samp"});
        m_now.pre = m_now.pre || name == "pre";
        if (name == "a") {
            style.link = target(attribute(token, "href"));
            if (!style.link.empty()) { // it has a look of its own
                style.colour.clear();
                style.underline = false;
            }
        }
        if (name == "font")
            setColour(attribute(token, "color"));
        const std::string css = attribute(token, "style");
        for (std::size_t pos = 0; pos < css.size();) {
            const std::size_t stop = std::min(css.find(';', pos), css.size());
            const std::string_view rule = std::string_view(css).substr(pos, stop - pos);
            const std::size_t colon = rule.find(':');
            if (colon != rule.npos)
                declare(lowered(trimmed(rule.substr(0, colon))),
                        lowered(trimmed(rule.substr(colon + 1))));
            pos = stop + 1;
        }
    }

    void declare(const std::string& property, const std::string& value)
    {
        RichStyle& style = m_now.style;
        if (property == "font-weight")
            style.bold = isOneOf(value, {"bold", "bolder", "600", "700", "800", "900"});
        else if (property == "font-style")
            style.italic = value == "italic" || value == "oblique";
        else if (property.starts_with("text-decoration"))
            decorate(value);
        else if (property == "color")
            setColour(value);
        else if (property == "white-space")
            m_now.pre = m_now.pre || value.starts_with("pre");
        else if ((property == "display" && value == "none") ||
                 (property == "visibility" && value == "hidden") ||
                 (property == "font-size" && (value == "0" || value == "0px")) ||
                 (property == "mso-hide" && value == "all"))
            m_now.hidden = true;
    }

    void decorate(const std::string& value)
    {
        RichStyle& style = m_now.style;
        // A link is underlined by itself.
        style.underline =
            style.underline || (value.find("underline") != value.npos && style.link.empty());
        style.strike = style.strike || value.find("line-through") != value.npos;
    }

    void setColour(std::string_view value)
    {
        if (m_now.style.link.empty())
            m_now.style.colour = inkOf(value);
    }

    std::string target(const std::string& number) const
    {
        std::size_t at = 0;
        const auto end = std::from_chars(number.data(), number.data() + number.size(), at);
        return end.ec == std::errc() && at < m_page.links.size() ? m_page.links[at].target
                                                                 : std::string();
    }

    const SanitizedHtml& m_page;
    HtmlTokens m_tokens;
    RichTextBuilder m_out;
    Open m_now;
    std::vector<Open> m_open;
    int m_code = 0;
};

} // namespace

RichText readRichText(std::string_view html, const RichLimits& limits)
{
    // A page far over what is kept is not worth the time that formatting it takes.
    constexpr std::size_t largestPage = 2 << 20;
    HtmlPolicy policy;
    policy.picture = [](const HtmlPicture& picture) -> std::optional<std::string> {
        if (picture.place == HtmlPicture::Place::Remote)
            return std::nullopt;
        const bool cid = picture.place == HtmlPicture::Place::Message;
        if (picture.where.find_first_of("\"'<>\\\r\n") != std::string::npos)
            return std::nullopt;
        return (cid ? "cid:" : "") + picture.where;
    };
    const auto page = html.size() <= largestPage ? sanitizeHtml(html, policy) : std::nullopt;
    if (!page)
        return richFromPlain(htmlToText(html), limits);
    return HtmlToRich(*page, limits).read();
}

RichText richFromPlain(std::string_view text, const RichLimits& limits)
{
    RichText result;
    std::size_t bytes = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        RichBlock block;
        while (!line.empty() && (line.front() == '>' || (block.quote > 0 && line.front() == ' '))) {
            const bool mark = line.front() == '>';
            if (!mark && !line.substr(1).starts_with('>')) {
                line.remove_prefix(1);
                break;
            }
            block.quote = std::min(block.quote + (mark ? 1 : 0), deepestQuote);
            line.remove_prefix(1);
        }
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        bytes += line.size();
        if (result.blocks.size() >= limits.blocks || bytes > limits.text) {
            result.cut = true;
            break;
        }
        if (!line.empty())
            block.runs.push_back({std::string(line)});
        result.blocks.push_back(std::move(block));
    }
    return result;
}

} // namespace avocet
