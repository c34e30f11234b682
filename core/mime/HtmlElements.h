// SPDX-License-Identifier: GPL-3.0-or-later
// Which HTML elements shape plain text, and how.
#pragma once

#include <string_view>

namespace avocet::mime {

/// What an element does to the text; all others do nothing.
enum class Element {
    Other,
    Block,
    Break,
    Cell,
    Dropped,
    Image,
    Item,
    Link,
    List,
    Paragraph,
    Preformatted,
    Quote,
    Rule,
};

/// `name` in lower case.
Element elementFor(std::string_view name);

} // namespace avocet::mime
