// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/PartPreview.h"

#include "core/mime/MessageReader.h"

namespace avocet {

namespace {

/// A name that can stand in a header field, whatever the server said.
std::string token(std::string_view text)
{
    std::string kept;
    for (const char c : text)
        if ((c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') ||
            std::string_view("-_.:+").find(c) != std::string_view::npos)
            kept += c;
    return kept;
}

std::string asMessage(const TextPart& part, std::string_view encoding, std::string_view bytes)
{
    std::string message = part.html ? "Content-Type: text/html" : "Content-Type: text/plain";
    if (const std::string charset = token(part.charset); !charset.empty())
        message += "; charset=\"" + charset + '"';
    message.append("\r\nContent-Transfer-Encoding: ").append(encoding).append("\r\n\r\n");
    return message.append(bytes);
}

} // namespace

std::uint64_t previewLength(const TextPart& part)
{
    return part.html ? 8192 : 2048;
}

std::string previewOfPart(const TextPart& part, std::string_view bytes)
{
    const std::string encoded = asMessage(part, token(part.encoding), bytes);
    const ParsedMessage read = readMessage(encoded);
    if (read.parts.empty())
        return {};
    std::string text = decodedPart(encoded, read.parts.front());
    // A character that was cut in half would make the charset look wrong. In those that take several bytes, spaces and line
    // ends are never a part of another character.
    if (bytes.size() >= previewLength(part))
        if (const std::size_t end = text.find_last_of(" \n"); end != std::string::npos)
            text.erase(end);
    return previewOf(readMessage(asMessage(part, "8bit", text)));
}

std::string previewOfServer(std::string_view text)
{
    ParsedMessage message;
    message.text = text;
    return previewOf(message);
}

} // namespace avocet
