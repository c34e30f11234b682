// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/CssRules.h"

#include <algorithm>
#include <array>

namespace avocet::mime {
namespace {

// Sorted: looked up by binary search.
constexpr std::array properties = std::to_array<std::string_view>({
    "-webkit-text-size-adjust",
    "aspect-ratio",
    "border-collapse",
    "border-spacing",
    "bottom",
    "box-shadow",
    "box-sizing",
    "caption-side",
    "clear",
    "color",
    "color-scheme",
    "column-count",
    "column-gap",
    "column-width",
    "columns",
    "content",
    "direction",
    "display",
    "empty-cells",
    "float",
    "gap",
    "height",
    "hyphens",
    "inset",
    "left",
    "letter-spacing",
    "line-break",
    "line-height",
    "max-height",
    "max-width",
    "min-height",
    "min-width",
    "object-fit",
    "object-position",
    "opacity",
    "order",
    "orphans",
    "position",
    "right",
    "row-gap",
    "tab-size",
    "table-layout",
    "top",
    "unicode-bidi",
    "vertical-align",
    "visibility",
    "white-space",
    "widows",
    "width",
    "word-break",
    "word-spacing",
    "word-wrap",
    "writing-mode",
    "z-index",
});
// A property of its own, or with what follows a hyphen.
constexpr std::array families = std::to_array<std::string_view>({
    "align",
    "background",
    "border",
    "break",
    "flex",
    "font",
    "grid",
    "justify",
    "list-style",
    "margin",
    "outline",
    "overflow",
    "padding",
    "page-break",
    "place",
    "text",
});
constexpr std::array valueFunctions = std::to_array<std::string_view>({
    "calc",
    "clamp",
    "fit-content",
    "hsl",
    "hsla",
    "linear-gradient",
    "max",
    "min",
    "minmax",
    "radial-gradient",
    "repeat",
    "repeating-linear-gradient",
    "rgb",
    "rgba",
    "url",
});
constexpr std::array selectorFunctions = std::to_array<std::string_view>({
    "is",
    "lang",
    "not",
    "nth-child",
    "nth-last-child",
    "nth-last-of-type",
    "nth-of-type",
    "where",
});

} // namespace

bool isShapingProperty(std::string_view name)
{
    return holds(properties, name) ||
           std::any_of(families.begin(), families.end(), [&](std::string_view family) {
               return name == family || (name.starts_with(family) && name[family.size()] == '-');
           });
}

bool isValueFunction(std::string_view name)
{
    return holds(valueFunctions, name);
}

bool isSelectorFunction(std::string_view name)
{
    return holds(selectorFunctions, name);
}

} // namespace avocet::mime
