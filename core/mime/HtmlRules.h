// SPDX-License-Identifier: GPL-3.0-or-later
// The list: which elements and attributes of a stranger's page come out.
#pragma once

#include "core/mime/HtmlTokens.h"

#include <string_view>
#include <vector>

namespace avocet::mime {

/// All names in lower case.
bool isKeptElement(std::string_view name);
/// Goes with all that is in it, where it is closed. Of elements that are neither kept nor dropped only the tags go.
bool isDroppedElement(std::string_view name);
bool isVoidElement(std::string_view name);
/// May have any value: it loads nothing and leads nowhere. A name is for places in the page alone, since those of pictures
/// would stand in for properties of the document ("body") before any script of ours.
bool isHarmlessAttribute(std::string_view element, std::string_view name);
/// A link that may be offered to the user.
bool isLinkAddress(std::string_view address);
/// A data: address of a picture that holds nothing but pixels.
bool isBitmapAddress(std::string_view address);
/// A picture of these attributes is hidden or at most two pixels wide and high: nobody is meant to see it.
bool isInvisible(const std::vector<HtmlAttribute>& attributes);

} // namespace avocet::mime
