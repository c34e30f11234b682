// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/HtmlElements.h"

#include <algorithm>
#include <array>

namespace avocet::mime {

Element elementFor(std::string_view name)
{
    struct Row {
        std::string_view name;
        Element element;
    };
    using enum Element;
    // Sorted by name for the binary search.
    static constexpr std::array<Row, 58> rows{{{"a", Link},           {"address", Block},
                                               {"article", Block},    {"aside", Block},
                                               {"blockquote", Quote}, {"body", Block},
                                               {"br", Break},         {"caption", Block},
                                               {"center", Block},     {"dd", Block},
                                               {"details", Block},    {"div", Block},
                                               {"dl", Block},         {"dt", Block},
                                               {"fieldset", Block},   {"figcaption", Block},
                                               {"figure", Block},     {"footer", Block},
                                               {"form", Block},       {"h1", Paragraph},
                                               {"h2", Paragraph},     {"h3", Paragraph},
                                               {"h4", Paragraph},     {"h5", Paragraph},
                                               {"h6", Paragraph},     {"head", Block},
                                               {"header", Block},     {"hgroup", Block},
                                               {"hr", Rule},          {"html", Block},
                                               {"img", Image},        {"legend", Block},
                                               {"li", Item},          {"main", Block},
                                               {"menu", List},        {"nav", Block},
                                               {"ol", List},          {"option", Block},
                                               {"p", Paragraph},      {"pre", Preformatted},
                                               {"script", Dropped},   {"section", Block},
                                               {"select", Block},     {"style", Dropped},
                                               {"summary", Block},    {"table", Block},
                                               {"tbody", Block},      {"td", Cell},
                                               {"template", Dropped}, {"textarea", Preformatted},
                                               {"tfoot", Block},      {"th", Cell},
                                               {"thead", Block},      {"title", Dropped},
                                               {"tr", Block},         {"ul", List},
                                               {"video", Block},      {"xmp", Preformatted}}};
    static_assert(std::is_sorted(rows.begin(), rows.end(),
                                 [](const Row& x, const Row& y) { return x.name < y.name; }));
    const auto row = std::lower_bound(rows.begin(), rows.end(), name,
                                      [](const Row& r, std::string_view n) { return r.name < n; });
    return row != rows.end() && row->name == name ? row->element : Other;
}

} // namespace avocet::mime
