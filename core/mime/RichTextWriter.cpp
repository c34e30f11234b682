// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Ascii.h"
#include "core/mime/HtmlTokens.h"
#include "core/mime/RichText.h"
#include "core/mime/Utf8.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <optional>

namespace avocet {
namespace {

using namespace mime;
using Kind = RichBlock::Kind;

constexpr std::string_view nbsp = "\xC2\xA0";
constexpr std::string_view quoteTag = "<blockquote type=\"cite\" style=\"margin:0 0 0 8px;"
                                      "padding:0 0 0 12px;border-left:2px solid #78848c\">";

/// Characters between tags: HTML would fold spaces and drop those at the edges.
class TextWriter {
public:
    explicit TextWriter(std::string& out)
        : m_out(out)
    {
    }

    void write(std::string_view text, bool atEnd)
    {
        for (std::size_t i = 0; i < text.size(); ++i) {
            const bool last = atEnd && i + 1 == text.size();
            put(text[i], last || (i + 1 < text.size() && text[i + 1] == '\n'));
        }
    }

    /// A space folds no more.
    void afterPicture() { m_blank = false; }

private:
    void put(char c, bool atLineEnd)
    {
        if (c == ' ') {
            m_blank = !m_blank && !atLineEnd;
            m_out += m_blank ? std::string_view(" ") : nbsp;
            return;
        }
        m_blank = c == '\n';
        if (c == '\n')
            m_out += "<br>";
        else if (c == '\t')
            m_out += "<span style=\"white-space:pre\">\t</span>";
        else
            m_out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : std::string(1, c);
    }

    std::string& m_out;
    bool m_blank = true; ///< what came before ends with a space that folds, or nothing came
};

/// Browsers give headings, lists and code room of their own, and headings a size that nobody saw while writing.
constexpr std::string_view noRoom = " style=\"margin:0\"";
constexpr std::array<std::string_view, 3> headingStyles{" style=\"margin:0;font-size:1.5em\"",
                                                        " style=\"margin:0;font-size:1.2em\"",
                                                        " style=\"margin:0;font-size:1em\""};

/// By the first letter that has a direction (UAX 9, P2); none: as what is around it.
std::optional<bool> isFromRight(const RichBlock& block)
{
    for (const RichRun& run : block.runs) {
        if (!run.image.empty())
            continue;
        for (std::size_t pos = 0; pos < run.text.size();) {
            const UCharDirection direction =
                u_charDirection(static_cast<UChar32>(takeCodePoint(run.text, pos)));
            if (direction == U_LEFT_TO_RIGHT)
                return false;
            if (direction == U_RIGHT_TO_LEFT || direction == U_RIGHT_TO_LEFT_ARABIC)
                return true;
        }
    }
    return std::nullopt;
}

/// The attribute, where it is another one than around it.
std::string_view direction(bool fromRight, bool around)
{
    return fromRight == around ? "" : fromRight ? " dir=\"rtl\"" : " dir=\"ltr\"";
}

class HtmlWriter {
public:
    std::string write(const RichText& text)
    {
        for (std::size_t i = 0; i < text.blocks.size(); ++i) {
            const RichBlock& block = text.blocks[i];
            leaveFor(block);
            enter(block);
            content(block);
        }
        leaveFor({});
        return std::move(m_out);
    }

private:
    static std::string_view listTag(Kind kind) { return kind == Kind::Number ? "ol" : "ul"; }

    void closeList()
    {
        m_out.append("</li></").append(listTag(m_lists.back().kind)).append(">\n");
        m_lists.pop_back();
    }

    /// Closes what `next` is not in.
    void leaveFor(const RichBlock& next)
    {
        const bool sameQuote = next.quote == m_quote;
        if (m_code && (next.kind != Kind::Code || !sameQuote)) {
            m_out += "</pre>\n";
            m_code = false;
        }
        const std::size_t level =
            sameQuote && next.isItem() ? static_cast<std::size_t>(std::max(next.level, 1)) : 0;
        while (m_lists.size() > level)
            closeList();
        if (level > 0 && m_lists.size() == level && m_lists.back().kind != next.kind)
            closeList();
        for (; m_quote > next.quote; --m_quote)
            m_out += "</blockquote>\n";
    }

    void enter(const RichBlock& block)
    {
        for (; m_quote < block.quote; ++m_quote)
            m_out.append(quoteTag).append("\n");
        if (!block.isItem())
            return;
        const auto level = static_cast<std::size_t>(std::max(block.level, 1));
        const bool around = !m_lists.empty() && m_lists.back().fromRight;
        if (m_lists.size() == level) {
            List& list = m_lists.back();
            list.itemFromRight = isFromRight(block).value_or(around);
            m_out.append("</li>\n<li").append(direction(list.itemFromRight, around)).append(">");
            return;
        }
        while (m_lists.size() < level) {
            const bool outside = !m_lists.empty() && m_lists.back().itemFromRight;
            const bool fromRight = isFromRight(block).value_or(outside);
            m_lists.push_back({block.kind, fromRight, fromRight});
            m_out.append("<").append(listTag(block.kind)).append(direction(fromRight, outside));
            m_out.append(noRoom).append("><li>");
        }
    }

    void content(const RichBlock& block)
    {
        if (block.kind == Kind::Rule) {
            m_out += "<hr>\n";
            return;
        }
        if (block.kind == Kind::Code) {
            m_out += m_code ? "\n" : "<pre style=\"margin:0;white-space:pre-wrap\">";
            // A parser drops the line end behind the tag.
            if (!m_code && isEmpty(block))
                m_out += "\n";
            m_code = true;
            for (const RichRun& run : block.runs)
                m_out += escapedText(run.text);
            return;
        }
        if (block.isItem()) {
            runs(block);
            return;
        }
        const std::string tag = block.heading > 0 ? "h" + std::to_string(block.heading) : "div";
        m_out.append("<").append(tag).append(direction(isFromRight(block).value_or(false), false));
        if (block.heading > 0)
            m_out += headingStyles[static_cast<std::size_t>(std::clamp(block.heading, 1, 3)) - 1];
        m_out += ">";
        if (isEmpty(block))
            m_out += "<br>";
        else
            runs(block);
        m_out += "</" + tag + ">\n";
    }

    static bool isEmpty(const RichBlock& block)
    {
        return std::all_of(block.runs.begin(), block.runs.end(), [](const RichRun& run) {
            return run.text.empty() && run.image.empty();
        });
    }

    void runs(const RichBlock& block)
    {
        TextWriter text(m_out);
        RichStyle plain;
        for (std::size_t i = 0; i < block.runs.size(); ++i) {
            const RichRun& run = block.runs[i];
            open(run.style);
            if (run.image.empty()) {
                text.write(run.text, i + 1 == block.runs.size());
            } else {
                picture(run);
                text.afterPicture();
            }
            close(run.style);
        }
        // A line break at the end is not shown but for the one behind it.
        if (!block.runs.empty() && block.runs.back().text.ends_with('\n') &&
            block.runs.back().image.empty())
            m_out += "<br>";
    }

    void open(const RichStyle& style)
    {
        if (!style.link.empty())
            m_out.append("<a href=\"").append(escapedText(style.link)).append("\">");
        for (const auto& [on, tag] : marks(style))
            if (on)
                m_out.append("<").append(tag).append(">");
        if (!style.colour.empty())
            m_out.append("<span style=\"color:").append(style.colour).append("\">");
    }

    void close(const RichStyle& style)
    {
        if (!style.colour.empty())
            m_out += "</span>";
        const auto all = marks(style);
        for (auto mark = all.rbegin(); mark != all.rend(); ++mark)
            if (mark->first)
                m_out.append("</").append(mark->second).append(">");
        if (!style.link.empty())
            m_out += "</a>";
    }

    static std::array<std::pair<bool, std::string_view>, 5> marks(const RichStyle& style)
    {
        return {{{style.bold, "b"},
                 {style.italic, "i"},
                 {style.underline, "u"},
                 {style.strike, "s"},
                 {style.code, "code"}}};
    }

    void picture(const RichRun& run)
    {
        m_out.append("<img src=\"").append(escapedText(run.image)).append("\" alt=\"");
        m_out.append(escapedText(run.text)).append("\"");
        if (run.width > 0)
            m_out += " width=\"" + std::to_string(run.width) + "\"";
        if (run.height > 0)
            m_out += " height=\"" + std::to_string(run.height) + "\"";
        m_out += ">";
    }

    std::string m_out;
    int m_quote = 0;
    bool m_code = false;
    struct List {
        Kind kind;
        bool fromRight, itemFromRight;
    };
    std::vector<List> m_lists;
};

/// What a link's words do not say already.
std::string_view addressBehind(std::string_view link, std::string_view words)
{
    std::string_view address = link;
    if (startsWithIgnoreCase(address, "mailto:"))
        address.remove_prefix(7);
    const auto bare = [](std::string_view url) {
        for (const std::string_view scheme : {"https://", "http://"})
            if (startsWithIgnoreCase(url, scheme))
                url.remove_prefix(scheme.size());
        while (url.ends_with('/'))
            url.remove_suffix(1);
        return url;
    };
    return equalsIgnoreCase(bare(address), bare(trimmed(words))) ? std::string_view() : address;
}

std::string plainRuns(const RichBlock& block)
{
    std::string line;
    for (std::size_t i = 0; i < block.runs.size(); ++i) {
        const RichRun& run = block.runs[i];
        if (!run.image.empty())
            line.append("[").append(run.text).append("]");
        else
            line += run.text;
        const std::string& link = run.style.link;
        if (link.empty() || (i + 1 < block.runs.size() && block.runs[i + 1].style.link == link))
            continue;
        std::string words;
        for (std::size_t k = i + 1; k > 0 && block.runs[k - 1].style.link == link; --k)
            words.insert(0, block.runs[k - 1].text);
        if (const std::string_view address = addressBehind(link, words); !address.empty())
            line.append(" <").append(address).append(">");
    }
    return line;
}

} // namespace

std::string writeHtml(const RichText& text)
{
    return HtmlWriter().write(text);
}

std::string writePlain(const RichText& text)
{
    std::string out;
    std::vector<int> numbers; // of the lists that are open, outermost first
    int quote = 0;
    for (const RichBlock& block : text.blocks) {
        if (block.quote != quote)
            numbers.clear();
        quote = block.quote;
        numbers.resize(block.isItem() ? static_cast<std::size_t>(std::max(block.level, 1)) : 0);
        std::string first;
        std::string rest; // of further lines
        if (block.isItem()) {
            const std::string indent((numbers.size() - 1) * 2, ' ');
            const bool counted = block.kind == Kind::Number;
            numbers.back() = counted ? numbers.back() + 1 : 0;
            first = indent + (counted ? std::to_string(numbers.back()) + ". " : "- ");
            rest = std::string(first.size(), ' ');
        }
        const std::string content =
            block.kind == Kind::Rule ? std::string(24, '-') : plainRuns(block);
        const std::string marks(static_cast<std::size_t>(std::max(block.quote, 0)), '>');
        for (std::size_t pos = 0; pos <= content.size();) {
            const std::size_t end = std::min(content.find('\n', pos), content.size());
            std::string line = (pos == 0 ? first : rest) + content.substr(pos, end - pos);
            out += marks + (marks.empty() || line.empty() ? "" : " ") + line + "\n";
            pos = end + 1;
        }
    }
    if (!out.empty())
        out.pop_back();
    return out;
}

void quoteDeeper(RichText& text, int by)
{
    for (RichBlock& block : text.blocks)
        block.quote = std::min(block.quote + by, deepestQuote);
}

} // namespace avocet
