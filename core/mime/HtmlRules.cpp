// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/HtmlRules.h"

#include "core/mime/Ascii.h"
#include "core/mime/CssFilter.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string>

namespace avocet::mime {
namespace {

// All sorted.
constexpr std::array kept = std::to_array<std::string_view>({
    "a",      "abbr",   "acronym",  "address",    "area",       "article", "aside",  "b",
    "bdi",    "bdo",    "big",      "blockquote", "br",         "caption", "center", "cite",
    "code",   "col",    "colgroup", "dd",         "del",        "details", "dfn",    "dir",
    "div",    "dl",     "dt",       "em",         "figcaption", "figure",  "font",   "footer",
    "h1",     "h2",     "h3",       "h4",         "h5",         "h6",      "header", "hr",
    "i",      "img",    "ins",      "kbd",        "label",      "li",      "main",   "map",
    "mark",   "menu",   "nav",      "nobr",       "ol",         "p",       "pre",    "q",
    "rp",     "rt",     "ruby",     "s",          "samp",       "section", "small",  "span",
    "strike", "strong", "sub",      "summary",    "sup",        "table",   "tbody",  "td",
    "tfoot",  "th",     "thead",    "time",       "tr",         "tt",      "u",      "ul",
    "var",    "wbr",
});
constexpr std::array dropped = std::to_array<std::string_view>(
    {"annotation", "annotation-xml", "datalist", "frameset", "select", "svg", "template"});
constexpr std::array voids =
    std::to_array<std::string_view>({"area", "br", "col", "hr", "img", "wbr"});
constexpr std::array harmless = std::to_array<std::string_view>({
    "abbr",        "align",       "alink",    "alt",      "bgcolor", "border", "bordercolor",
    "cellpadding", "cellspacing", "char",     "charoff",  "class",   "clear",  "color",
    "colspan",     "compact",     "coords",   "datetime", "dir",     "face",   "frame",
    "headers",     "height",      "hspace",   "id",       "lang",    "link",   "noshade",
    "nowrap",      "open",        "reversed", "role",     "rowspan", "rules",  "scope",
    "shape",       "size",        "span",     "start",    "summary", "text",   "title",
    "type",        "valign",      "value",    "vlink",    "vspace",  "width",  "wrap",
});
constexpr std::array bitmaps = std::to_array<std::string_view>({
    "data:image/bmp;base64,",
    "data:image/gif;base64,",
    "data:image/jpeg;base64,",
    "data:image/jpg;base64,",
    "data:image/png;base64,",
    "data:image/webp;base64,",
});
constexpr std::array linkSchemes =
    std::to_array<std::string_view>({"ftp://", "http://", "https://", "mailto:", "tel:"});

template <std::size_t Size>
bool beginsWithOneOf(const std::array<std::string_view, Size>& list, std::string_view text)
{
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view entry) { return startsWithIgnoreCase(text, entry); });
}

constexpr int unknown = -1;

/// "1", "1px"; unknown for all else.
int pixels(std::string_view text)
{
    const std::string_view value = trimmed(text);
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const std::string_view unit(end, static_cast<std::size_t>(value.data() + value.size() - end));
    const bool known =
        error == std::errc() && number >= 0 && (unit.empty() || startsWithIgnoreCase(unit, "px"));
    return known ? number : unknown;
}

struct Look {
    int width = unknown;
    int height = unknown;
    bool hidden = false;
};

/// `style` as filterDeclarations() writes it.
void applyStyle(std::string_view style, Look& look)
{
    for (std::size_t from = 0; from < style.size();) {
        const std::size_t end = std::min(style.find(';', from), style.size());
        const std::string_view declaration = style.substr(from, end - from);
        from = end + 1;
        const std::size_t colon = std::min(declaration.find(':'), declaration.size());
        const std::string_view name = declaration.substr(0, colon);
        const std::string value =
            lowered(declaration.substr(std::min(colon + 1, declaration.size())));
        if (name == "width" || name == "max-width")
            look.width = pixels(value) == unknown ? look.width : pixels(value);
        else if (name == "height" || name == "max-height")
            look.height = pixels(value) == unknown ? look.height : pixels(value);
        else if (name == "display" || name == "visibility" || name == "opacity")
            look.hidden = look.hidden || value.starts_with("none") || value.starts_with("hidden") ||
                          value == "0";
    }
}

} // namespace

bool isKeptElement(std::string_view name)
{
    return holds(kept, name);
}

bool isDroppedElement(std::string_view name)
{
    return holds(dropped, name);
}

bool isVoidElement(std::string_view name)
{
    return holds(voids, name);
}

bool isHarmlessAttribute(std::string_view element, std::string_view name)
{
    if (name == "name")
        return element == "a" || element == "map";
    const bool aria = name.starts_with("aria-") &&
                      std::all_of(name.begin(), name.end(),
                                  [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; });
    return aria || holds(harmless, name);
}

bool isLinkAddress(std::string_view address)
{
    return beginsWithOneOf(linkSchemes, address);
}

bool isBitmapAddress(std::string_view address)
{
    return beginsWithOneOf(bitmaps, address);
}

bool isInvisible(const std::vector<HtmlAttribute>& attributes)
{
    Look look;
    std::string style;
    for (const HtmlAttribute& attribute : attributes) {
        if (attribute.name == "width")
            look.width = pixels(attribute.value);
        else if (attribute.name == "height")
            look.height = pixels(attribute.value);
        else if (attribute.name == "hidden")
            look.hidden = true;
        else if (attribute.name == "style")
            style = filterDeclarations(attributeText(attribute.value), [](std::string_view) {
                return std::optional<std::string>();
            });
    }
    applyStyle(style, look);
    const int smaller = std::min(look.width, look.height);
    const int larger = std::max(look.width, look.height);
    // Of one that says a single side only, the other is as small.
    return look.hidden || look.width == 0 || look.height == 0 ||
           (smaller != unknown ? larger <= 2 : larger == 1);
}

} // namespace avocet::mime
