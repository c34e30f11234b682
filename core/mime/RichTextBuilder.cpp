// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/RichTextBuilder.h"

#include "core/mime/Ascii.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace avocet::mime {
namespace {

using Kind = RichBlock::Kind;

constexpr std::string_view nbsp = "\xC2\xA0";

/// Blanks that do not fold stand for spaces where a space would have folded: at an edge, or beside another blank.
void unfoldBlanks(std::vector<RichRun>& runs)
{
    std::string all;
    for (const RichRun& run : runs)
        all += run.image.empty() ? run.text : "\x01";
    const auto isEdge = [&all](std::size_t pos) { return pos >= all.size() || all[pos] == '\n'; };
    const auto isBlank = [&](std::size_t pos) {
        return pos < all.size() && (all[pos] == ' ' || all.compare(pos, 2, nbsp) == 0);
    };
    std::size_t at = 0;
    bool blankBefore = true;
    for (RichRun& run : runs) {
        if (!run.image.empty()) {
            ++at;
            blankBefore = false;
            continue;
        }
        std::string text;
        for (std::size_t i = 0; i < run.text.size();) {
            const bool fixed = run.text.compare(i, 2, nbsp) == 0;
            const std::size_t length = fixed ? 2 : 1;
            const std::size_t next = at + i + length;
            if (fixed && (blankBefore || isEdge(next) || isBlank(next)))
                text += ' ';
            else
                text.append(run.text, i, length);
            blankBefore = fixed || run.text[i] == ' ' || run.text[i] == '\n';
            i += length;
        }
        at += run.text.size();
        run.text = std::move(text);
    }
}

int clamped(double value)
{
    return static_cast<int>(std::clamp(value, 0.0, 255.0));
}

std::string hex(int red, int green, int blue)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string result = "#";
    for (const int part : {red, green, blue}) {
        result += digits[static_cast<std::size_t>(part) / 16];
        result += digits[static_cast<std::size_t>(part) % 16];
    }
    return result;
}

/// "rgb(1, 2, 3)" and the like, in what follows the parenthesis.
std::array<int, 3> channels(std::string_view text, bool& valid)
{
    std::array<int, 3> result{};
    std::size_t pos = 0;
    for (int& channel : result) {
        while (pos < text.size() && (isSpace(text[pos]) || text[pos] == ','))
            ++pos;
        int value = 0;
        const auto end = std::from_chars(text.data() + pos, text.data() + text.size(), value);
        valid = valid && end.ec == std::errc();
        pos = static_cast<std::size_t>(end.ptr - text.data());
        const bool percent = pos < text.size() && text[pos] == '%';
        channel = clamped(percent ? value * 2.55 : value);
        while (pos < text.size() && text[pos] != ',' && !isSpace(text[pos]))
            ++pos;
    }
    return result;
}

std::array<int, 3> parsed(std::string_view colour, bool& valid)
{
    struct Name {
        std::string_view name;
        std::array<int, 3> value;
    };
    static constexpr std::array<Name, 14> names{{{"red", {255, 0, 0}},
                                                 {"green", {0, 128, 0}},
                                                 {"blue", {0, 0, 255}},
                                                 {"navy", {0, 0, 128}},
                                                 {"maroon", {128, 0, 0}},
                                                 {"purple", {128, 0, 128}},
                                                 {"teal", {0, 128, 128}},
                                                 {"olive", {128, 128, 0}},
                                                 {"orange", {255, 165, 0}},
                                                 {"gray", {128, 128, 128}},
                                                 {"grey", {128, 128, 128}},
                                                 {"darkred", {139, 0, 0}},
                                                 {"darkblue", {0, 0, 139}},
                                                 {"darkgreen", {0, 100, 0}}}};
    const std::string name = lowered(trimmed(colour));
    for (const Name& one : names)
        if (one.name == name)
            return one.value;
    const std::string_view text = name;
    if (text.starts_with("rgb"))
        return channels(text.substr(std::min(text.find('(') + 1, text.size())), valid);
    std::array<int, 3> result{};
    const bool longForm = text.size() == 7;
    valid = (longForm || text.size() == 4) && text[0] == '#' &&
            std::all_of(text.begin() + 1, text.end(), [](char c) { return hexValue(c) >= 0; });
    for (std::size_t i = 0; valid && i < 3; ++i)
        result[i] = longForm ? hexValue(text[1 + 2 * i]) * 16 + hexValue(text[2 + 2 * i])
                             : hexValue(text[1 + i]) * 17;
    return result;
}

} // namespace

std::string inkOf(std::string_view colour)
{
    bool valid = true;
    const auto [red, green, blue] = parsed(colour, valid);
    const int most = std::max({red, green, blue});
    const int least = std::min({red, green, blue});
    const bool neutral = most - least < 0x28;
    if (!valid || (neutral && most < 0x60) || least > 0xB0)
        return {};
    return hex(red, green, blue);
}

void RichTextBuilder::put(std::string_view text, const RichStyle& style)
{
    const std::size_t room = m_limits.text - std::min(m_bytes, m_limits.text);
    if (text.size() > room) {
        m_result.cut = true;
        std::size_t size = room;
        while (size > 0 && (byte(text[size]) & 0xC0) == 0x80)
            --size;
        text = text.substr(0, size);
    }
    m_bytes += text.size();
    if (!m_runs.empty() && m_runs.back().image.empty() && m_runs.back().style == style)
        m_runs.back().text += text;
    else if (!text.empty())
        m_runs.push_back({std::string(text), style});
}

void RichTextBuilder::words(std::string_view text, const RichStyle& style)
{
    for (std::size_t pos = 0; pos < text.size();) {
        const auto blank = [&](std::size_t at) {
            return at < text.size() && (isSpace(text[at]) || text[at] == '\f');
        };
        if (blank(pos)) {
            if (!m_space)
                m_spaceStyle = style;
            m_space = true;
            while (blank(pos))
                ++pos;
            continue;
        }
        std::size_t end = pos;
        while (end < text.size() && !blank(end))
            ++end;
        if (m_space && !m_runs.empty() && !m_runs.back().text.ends_with('\n'))
            put(" ", m_spaceStyle);
        m_space = false;
        put(text.substr(pos, end - pos), style);
        pos = end;
    }
}

void RichTextBuilder::verbatim(std::string_view text, const RichStyle& style, bool code)
{
    m_space = false;
    if (m_codeStart && text.starts_with('\n'))
        text.remove_prefix(1);
    m_codeStart = false;
    while (!text.empty() && !isFull()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        put(line, code ? RichStyle{} : style);
        m_codeLine = m_codeLine || (code && !line.empty());
        if (end < text.size()) {
            lineBreak(style);
            m_codeLine = code;
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
}

void RichTextBuilder::picture(RichRun run)
{
    if (++m_images > m_limits.images) {
        m_result.cut = true;
        return;
    }
    if (m_space && !m_runs.empty())
        put(" ", m_spaceStyle);
    m_space = false;
    m_runs.push_back(std::move(run));
}

void RichTextBuilder::lineBreak(const RichStyle& style)
{
    m_space = false;
    if (m_code || m_lists.empty())
        finish();
    else
        put("\n", style);
}

void RichTextBuilder::rule()
{
    endBlock();
    RichBlock block;
    block.kind = Kind::Rule;
    block.quote = std::min(m_quote, deepestQuote);
    add(std::move(block));
}

void RichTextBuilder::cell()
{
    if (m_runs.empty())
        return;
    m_space = false;
    put("\t", {});
}

void RichTextBuilder::endBlock()
{
    m_space = false;
    if (!m_runs.empty() || (m_code && m_codeLine))
        finish();
    m_codeLine = false;
}

RichBlock RichTextBuilder::started() const
{
    RichBlock block;
    block.quote = std::clamp(m_quote, 0, deepestQuote);
    block.heading = m_heading;
    if (m_code) {
        block.kind = Kind::Code;
        block.heading = 0;
    } else if (!m_lists.empty()) {
        block.kind = m_lists.back();
        block.level = std::min(static_cast<int>(m_lists.size()), deepestList);
        block.heading = 0;
    }
    return block;
}

/// What was collected is a paragraph, be it empty.
void RichTextBuilder::finish()
{
    RichBlock block = started();
    if (!m_code)
        unfoldBlanks(m_runs);
    if (block.isItem() && !m_runs.empty() && m_runs.back().image.empty() &&
        m_runs.back().text.ends_with('\n')) {
        m_runs.back().text.pop_back();
        if (m_runs.back().text.empty())
            m_runs.pop_back();
    }
    const bool goesOn = block.isItem() && !m_item;
    m_item = false;
    if (goesOn && !m_result.blocks.empty() && m_result.blocks.back().kind == block.kind &&
        m_result.blocks.back().level == block.level &&
        m_result.blocks.back().quote == block.quote) {
        std::vector<RichRun>& before = m_result.blocks.back().runs;
        if (before.empty() || !before.back().image.empty())
            before.push_back({"\n"});
        else
            before.back().text += '\n';
        before.insert(before.end(), std::make_move_iterator(m_runs.begin()),
                      std::make_move_iterator(m_runs.end()));
        m_runs.clear();
        return;
    }
    if (goesOn)
        block = {Kind::Paragraph, block.quote};
    block.runs = std::exchange(m_runs, {});
    add(std::move(block));
}

void RichTextBuilder::add(RichBlock block)
{
    std::vector<RichBlock>& blocks = m_result.blocks;
    const bool apart = std::exchange(m_gap, false) && !block.isItem() && !blocks.empty() &&
                       blocks.back().quote == block.quote && !blocks.back().runs.empty() &&
                       !block.runs.empty();
    if (blocks.size() + 1 >= m_limits.blocks) {
        m_result.cut = true;
        return;
    }
    if (apart)
        blocks.push_back({Kind::Paragraph, block.quote});
    blocks.push_back(std::move(block));
}

void RichTextBuilder::quote(int by)
{
    m_quote = std::max(0, m_quote + by);
    m_gap = false;
}

void RichTextBuilder::openList(Kind kind)
{
    m_lists.push_back(kind);
}

void RichTextBuilder::closeList()
{
    if (!m_lists.empty())
        m_lists.pop_back();
    m_item = false;
}

void RichTextBuilder::endItem()
{
    if (m_item && !m_lists.empty())
        finish();
}

void RichTextBuilder::setCode(bool code)
{
    m_codeStart = m_codeLine = code && !m_code;
    m_code = code;
}

RichText RichTextBuilder::take()
{
    endBlock();
    return std::move(m_result);
}

} // namespace avocet::mime
