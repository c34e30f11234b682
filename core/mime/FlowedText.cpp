// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/FlowedText.h"

#include <algorithm>

namespace avocet::mime {

std::string unflowed(std::string_view text, bool delSp)
{
    std::string result;
    result.reserve(text.size() + text.size() / 16);
    bool open = false; // the last line was flowed: the next one of its depth joins it
    std::size_t openDepth = 0;
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t lineFeed = text.find('\n', pos);
        const bool ended = lineFeed != std::string_view::npos;
        std::string_view line = text.substr(pos, (ended ? lineFeed : text.size()) - pos);
        pos = ended ? lineFeed + 1 : text.size();

        const std::size_t depth = std::min(line.find_first_not_of('>'), line.size());
        std::string_view content = line.substr(depth);
        if (content.starts_with(' '))
            content.remove_prefix(1);
        const bool signature = content == "-- ";
        if (open && (depth != openDepth || signature)) {
            result += '\n';
            open = false;
        }
        if (!open && depth > 0)
            result.append(depth, '>').append(content.empty() ? "" : " ");
        const bool flows = content.ends_with(' ') && !signature;
        if (flows && delSp)
            content.remove_suffix(1);
        result.append(content);
        if (!flows && ended)
            result += '\n';
        open = flows;
        openDepth = depth;
    }
    if (open && text.ends_with('\n'))
        result += '\n';
    return result;
}

} // namespace avocet::mime
