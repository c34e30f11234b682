// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Uuencode.h"

#include "core/mime/Ascii.h"

#include <algorithm>

namespace avocet::mime {
namespace {

std::string_view lineAt(std::string_view text, std::size_t pos, std::size_t& next)
{
    const std::size_t lineFeed = text.find('\n', pos);
    next = lineFeed == std::string_view::npos ? text.size() : lineFeed + 1;
    std::string_view line = text.substr(pos, next - pos);
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
        line.remove_suffix(1);
    return line;
}

/// "begin 644 name"; the name, or nullopt.
std::optional<std::string_view> beginName(std::string_view line)
{
    constexpr std::string_view keyword = "begin ";
    if (!line.starts_with(keyword))
        return std::nullopt;
    line.remove_prefix(keyword.size());
    std::size_t digits = 0;
    while (digits < line.size() && line[digits] >= '0' && line[digits] <= '7')
        ++digits;
    if (digits < 3 || digits > 4 || digits + 1 >= line.size() || line[digits] != ' ')
        return std::nullopt;
    return trimmed(line.substr(digits + 1));
}

int sextet(char c)
{
    return (c - ' ') & 0x3F;
}

/// Bytes on a data line, nullopt where it is none. Trailing spaces may have been cut off.
std::optional<std::size_t> dataLength(std::string_view line)
{
    if (line.empty() || line.size() > 128)
        return std::nullopt;
    const auto inRange = [](char c) { return c >= ' ' && c <= 0x60; };
    if (!std::all_of(line.begin(), line.end(), inRange))
        return std::nullopt;
    const auto count = static_cast<std::size_t>(sextet(line.front()));
    const std::size_t needed = (count + 2) / 3 * 4;
    if (line.size() - 1 > needed + 4)
        return std::nullopt;
    return count;
}

} // namespace

std::optional<UuencodedBlock> findUuencoded(std::string_view text, std::size_t from)
{
    std::optional<UuencodedBlock> open;
    for (std::size_t pos = from; pos < text.size();) {
        std::size_t next = 0;
        const std::string_view line = lineAt(text, pos, next);
        if (open && line == "end" && open->size > 0) {
            open->end = next;
            return open;
        }
        const auto length = open && line != "end" ? dataLength(line) : std::nullopt;
        if (length) {
            open->size += *length;
        } else if (!open || !line.empty()) {
            // A begin line holds small letters, so it is never a data line: no need to go back.
            open.reset();
            if (const auto name = beginName(line))
                open = UuencodedBlock{pos, 0, *name, 0};
        }
        pos = next;
    }
    return std::nullopt;
}

std::string decodeUuencoded(std::string_view block)
{
    std::string result;
    std::size_t next = 0;
    lineAt(block, 0, next);
    for (std::size_t pos = next; pos < block.size(); pos = next) {
        const std::string_view line = lineAt(block, pos, next);
        const auto count = line == "end" ? std::nullopt : dataLength(line);
        if (!count)
            continue;
        const auto at = [&](std::size_t i) { return i < line.size() ? sextet(line[i]) : 0; };
        std::size_t left = *count;
        for (std::size_t i = 1; left > 0; i += 4) {
            const int bits = at(i) << 18 | at(i + 1) << 12 | at(i + 2) << 6 | at(i + 3);
            for (int shift = 16; shift >= 0 && left > 0; shift -= 8, --left)
                result += static_cast<char>(bits >> shift & 0xFF);
        }
    }
    return result;
}

} // namespace avocet::mime
