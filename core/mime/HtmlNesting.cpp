// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/HtmlNesting.h"

#include "core/mime/Ascii.h"

#include <algorithm>
#include <array>

namespace avocet::mime {
namespace {

constexpr std::size_t kDeepest = 512; // browsers put what is deeper side by side
constexpr long kMostBeyond = 5'000;
constexpr std::size_t kMostFormats = 500;
constexpr long kMostRepeated = 1'000'000;

// All sorted.
constexpr std::array formats =
    std::to_array<std::string_view>({"a", "b", "big", "code", "em", "font", "i", "nobr", "s",
                                     "small", "strike", "strong", "tt", "u"});
constexpr std::array inlines = std::to_array<std::string_view>(
    {"abbr", "acronym", "bdi", "bdo", "cite", "del",  "dfn",  "ins", "kbd", "label", "map",
     "mark", "q",       "rp",  "rt",  "ruby", "samp", "span", "sub", "sup", "time",  "var"});
constexpr std::array cells = std::to_array<std::string_view>({"caption", "td", "th"});
constexpr std::array tableParts = std::to_array<std::string_view>(
    {"caption", "col", "colgroup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"});

bool isBlock(std::string_view name)
{
    return !holds(formats, name) && !holds(inlines, name);
}

bool isCellOrTable(std::string_view name)
{
    return name == "table" || holds(cells, name);
}

bool isListBarrier(std::string_view name)
{
    return isCellOrTable(name) ||
           (isBlock(name) && name != "address" && name != "div" && name != "p");
}

} // namespace

void HtmlNesting::push(std::string_view name, int format)
{
    if (m_open.size() < kDeepest)
        m_open.push_back({std::string(name), format});
    else
        m_bounded = m_bounded && ++m_beyond <= kMostBeyond;
}

void HtmlNesting::popTo(std::size_t size)
{
    for (; m_open.size() > size; m_open.pop_back())
        if (m_open.back().format >= 0 &&
            static_cast<std::size_t>(m_open.back().format) < m_formats.size())
            m_formats[static_cast<std::size_t>(m_open.back().format)].open = false;
}

void HtmlNesting::reopen()
{
    std::size_t from = m_formats.size();
    while (from > 0 && !m_formats[from - 1].name.empty() && !m_formats[from - 1].open)
        --from;
    for (; from < m_formats.size(); ++from) {
        m_formats[from].open = true;
        push(m_formats[from].name, static_cast<int>(from));
        ++m_repeated;
    }
    m_bounded = m_bounded && m_repeated <= kMostRepeated;
}

/// Closes the innermost `name` and all that is open in it, where no barrier is between.
void HtmlNesting::closeIn(std::string_view name, bool (*isBarrier)(std::string_view))
{
    for (std::size_t i = m_open.size(); i-- > 0;) {
        if (m_open[i].name == name) {
            popTo(i);
            return;
        }
        if (isBarrier(m_open[i].name))
            return;
    }
}

void HtmlNesting::closeInScope(std::string_view name)
{
    closeIn(name, isCellOrTable);
}

void HtmlNesting::dropFormatsOfCell()
{
    while (!m_formats.empty() && !m_formats.back().name.empty())
        m_formats.pop_back();
    if (!m_formats.empty())
        m_formats.pop_back();
}

/// Ends a cell, a row, a section or a table with the cells in it.
void HtmlNesting::endCell(std::string_view name)
{
    std::size_t at = m_open.size();
    while (at > 0 && m_open[at - 1].name != name) {
        if (m_open[at - 1].name == "table")
            return;
        --at;
    }
    if (at == 0)
        return;
    for (std::size_t i = at - 1; i < m_open.size(); ++i)
        if (holds(cells, m_open[i].name))
            dropFormatsOfCell();
    popTo(at - 1);
}

/// At most three of the same stay in the list.
void HtmlNesting::startFormat(std::string_view name, std::string_view attributes)
{
    if (name == "a" || name == "nobr")
        endFormat(name);
    reopen();
    int same = 0;
    std::size_t earliest = 0;
    for (std::size_t i = m_formats.size(); i-- > 0 && !m_formats[i].name.empty();) {
        if (m_formats[i].name != name || m_formats[i].attributes != attributes)
            continue;
        ++same;
        earliest = i;
    }
    if (same >= 3) {
        m_formats.erase(m_formats.begin() + static_cast<std::ptrdiff_t>(earliest));
        for (Open& open : m_open)
            open.format -= open.format > static_cast<int>(earliest)    ? 1
                           : open.format == static_cast<int>(earliest) ? open.format + 1
                                                                       : 0;
    }
    m_formats.push_back({std::string(name), std::string(attributes), true});
    push(name, static_cast<int>(m_formats.size()) - 1);
    m_bounded = m_bounded && m_formats.size() <= kMostFormats;
    if (!m_bounded)
        m_formats.clear();
}

void HtmlNesting::endFormat(std::string_view name)
{
    std::size_t format = m_formats.size();
    while (format > 0 && !m_formats[format - 1].name.empty() && m_formats[format - 1].name != name)
        --format;
    if (format == 0 || m_formats[format - 1].name.empty())
        return;
    const int index = static_cast<int>(--format);
    const auto found = std::find_if(m_open.begin(), m_open.end(),
                                    [&](const Open& o) { return o.format == index; });
    if (found != m_open.end()) {
        const bool around =
            std::any_of(found, m_open.end(), [](const Open& o) { return isBlock(o.name); });
        if (around) {
            // The blocks in it stay open, and browsers put a copy of it into them.
            m_repeated += m_open.end() - found;
            m_open.erase(found);
        } else {
            popTo(static_cast<std::size_t>(found - m_open.begin()));
        }
    }
    m_formats.erase(m_formats.begin() + index);
    for (Open& open : m_open)
        open.format -= open.format > index ? 1 : 0;
}

void HtmlNesting::start(std::string_view name, std::string_view attributes)
{
    if (!m_bounded)
        return;
    if (holds(formats, name)) {
        startFormat(name, attributes);
        return;
    }
    if (name == "td" || name == "th") {
        endCell("td");
        endCell("th");
    } else if (name == "tr" || name == "tbody" || name == "thead" || name == "tfoot") {
        endCell("tr");
        if (name != "tr")
            for (const std::string_view section : {"tbody", "thead", "tfoot"})
                endCell(section);
    } else if (name == "li") {
        closeIn(name, isListBarrier);
    } else if (name == "dd" || name == "dt") {
        closeIn("dd", isListBarrier);
        closeIn("dt", isListBarrier);
    }
    if (isBlock(name) && !holds(tableParts, name))
        closeInScope("p");
    if (!isBlock(name))
        reopen();
    push(name, -1);
    if (holds(cells, name))
        m_formats.push_back({});
}

void HtmlNesting::end(std::string_view name)
{
    if (!m_bounded)
        return;
    if (holds(formats, name)) {
        endFormat(name);
    } else if (holds(tableParts, name)) {
        endCell(name);
    } else if (isBlock(name)) {
        closeInScope(name);
    } else {
        closeIn(name, isBlock);
    }
}

} // namespace avocet::mime
