// SPDX-License-Identifier: GPL-3.0-or-later
// Decides what each part of a message is to its reader: which of alternatives is the text and which the page.
#pragma once

#include "core/mime/MimeStructure.h"

#include <string_view>
#include <vector>

namespace avocet::mime {

/// What a part is to the reader of the message.
enum class Role {
    Shown,    ///< its text is part of the text
    HtmlOnly, ///< the HTML of an alternative whose text is another part
    Unchosen, ///< an alternative that was not taken
    Enclosed, ///< inside an attached message
};

struct PartRole {
    Role role = Role::Shown;
    int nested = 0;        ///< message/rfc822 around it
    bool textOnly = false; ///< its like in HTML is shown in its place
};

/// One for each part.
std::vector<PartRole> partRoles(std::string_view message, const MimeStructure& structure,
                                const std::vector<MimePart>& parts);

bool isAttachedPart(const MimePart& part);
/// A multipart that could not be taken apart.
bool isUnsplitMultipart(const MimeStructure& structure, const std::vector<MimePart>& parts,
                        std::size_t index);
/// Text that is read in place rather than opened.
bool isReadablePart(const MimeStructure& structure, const std::vector<MimePart>& parts,
                    std::size_t index);
bool isBlankPart(std::string_view message, const MimePart& part);

} // namespace avocet::mime
