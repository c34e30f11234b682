// SPDX-License-Identifier: GPL-3.0-or-later
// Style sheets of strangers: only properties that shape mail come out, and only addresses that were let through.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace avocet::mime {

/// What is written in place of the address in a url(), or nothing: the declaration goes. Given as it stands in the style
/// sheet, without quotes.
using UrlFilter = std::function<std::optional<std::string>(std::string_view url)>;

struct FilteredCss {
    std::string
        css; ///< holds neither '<' nor a backslash, so that nothing can end its element or hide a word
    bool darkRules = false; ///< asks for prefers-color-scheme
};

/// The value of a style attribute. Linear in time; any bytes.
std::string filterDeclarations(std::string_view css, const UrlFilter& url);
/// The content of a style element: rules, and @media and @supports around them (CSS Syntax Module 3). Other at-rules
/// (@import, @font-face, @keyframes) go. `media` is what the element itself is for, or empty. Rules whose selector asks for
/// more than names (:hover, :visited, ::before) may load nothing: a picture would tell of it.
FilteredCss filterStyleSheet(std::string_view css, std::string_view media, const UrlFilter& url);

} // namespace avocet::mime
