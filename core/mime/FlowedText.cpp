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

namespace {

constexpr std::size_t flowWidth = 72; // characters

/// Where the line that starts `content` ends: behind the last run of spaces that fits, else behind the first.
std::size_t lineEnd(std::string_view content, std::size_t width)
{
    std::size_t best = 0;
    std::size_t characters = 0;
    for (std::size_t i = 0; i < content.size(); ++i) {
        characters += (static_cast<unsigned char>(content[i]) & 0xC0) != 0x80 ? 1 : 0;
        if (characters > width && best > 0)
            return best;
        const bool behindSpaces =
            content[i] == ' ' && i + 1 < content.size() && content[i + 1] != ' ';
        // "-- " on a line of its own would be a signature.
        if (behindSpaces && content.substr(0, i + 1) != "-- ")
            best = i + 1;
    }
    return characters > width && best > 0 ? best : content.size();
}

void appendFlowed(std::string& out, std::string_view content, std::size_t depth)
{
    const bool signature = content == "-- ";
    while (!signature && content.ends_with(' '))
        content.remove_suffix(1);
    do {
        const std::size_t used = depth + (depth > 0 ? 1 : 0);
        const std::size_t end =
            signature ? content.size()
                      : lineEnd(content, flowWidth > used + 20 ? flowWidth - used : 20);
        const std::string_view line = content.substr(0, end);
        const bool stuffed =
            depth > 0 ? !line.empty()
                      : line.starts_with(' ') || line.starts_with('>') || line.starts_with("From ");
        out.append(depth, '>').append(stuffed ? " " : "").append(line) += '\n';
        content.remove_prefix(end);
    } while (!content.empty());
}

} // namespace

std::string flowed(std::string_view text)
{
    std::string result;
    result.reserve(text.size() + text.size() / 16);
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        std::size_t depth = 0;
        std::size_t start = 0;
        for (std::size_t i = 0;
             i < line.size() && (line[i] == '>' || (depth > 0 && line[i] == ' ')); ++i)
            if (line[i] == '>') {
                ++depth;
                start = i + 1;
            }
        if (depth > 0 && line.substr(start).starts_with(' '))
            ++start;
        appendFlowed(result, line.substr(start), depth);
    }
    return result;
}

} // namespace avocet::mime
