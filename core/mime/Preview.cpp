// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Ascii.h"
#include "core/mime/MessageReader.h"
#include "core/mime/Utf8.h"

namespace avocet {
namespace {

using namespace mime;

/// Takes the line at `pos` and moves behind it.
std::string_view takeLine(std::string_view text, std::size_t& pos)
{
    const std::size_t end = std::min(text.find('\n', pos), text.size());
    const std::string_view line = text.substr(pos, end - pos);
    pos = end + 1;
    return line;
}

/// "Anna wrote:" right before a quote says nothing without the quote.
bool introducesQuote(std::string_view line, std::string_view text, std::size_t next)
{
    if (!trimmedEnd(line).ends_with(':'))
        return false;
    while (next < text.size()) {
        const std::string_view following = trimmed(takeLine(text, next));
        if (!following.empty())
            return following.starts_with('>');
    }
    return false;
}

std::string firstCharacters(std::string_view text, std::size_t limit)
{
    std::size_t pos = 0;
    for (std::size_t count = 0; pos < text.size() && count < limit; ++count)
        takeCodePoint(text, pos);
    return std::string(trimmedEnd(text.substr(0, pos)));
}

} // namespace

std::string previewOf(const ParsedMessage& message, std::size_t limit)
{
    // Enough for `limit` characters even where most of it is quoted.
    constexpr std::size_t mostRead = 64 << 10;
    const std::string_view text = message.text;
    std::string collected;
    for (std::size_t pos = 0;
         pos < text.size() && pos < mostRead && collected.size() < limit * 4;) {
        const std::string_view line = takeLine(text, pos);
        if (line == "-- " || line == "--")
            break;
        const std::string_view content = trimmed(line);
        if (content.empty() || content.starts_with('>') || introducesQuote(line, text, pos))
            continue;
        collected.append(content.substr(0, mostRead)) += ' ';
    }
    // A line cut at the bound may end inside a character.
    while (!collected.empty() &&
           !isValidUtf8(std::string_view(collected).substr(
               collected.size() > 8 ? collected.size() - 8 : 0)) &&
           !isValidUtf8(collected))
        collected.pop_back();
    return firstCharacters(cleanLine(collected), limit);
}

} // namespace avocet
