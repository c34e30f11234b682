// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/HeaderFields.h"

#include "core/mime/Ascii.h"
#include "core/mime/MessageReader.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace avocet::mime {

bool usesBareCr(std::string_view message)
{
    const std::size_t first = message.find_first_of("\r\n");
    return first != std::string_view::npos && message[first] == '\r' &&
           (first + 1 >= message.size() || message[first + 1] != '\n');
}

LineCutter::LineCutter(std::string_view bytes, bool bareCr)
    : m_bytes(bytes)
    , m_bareCr(bareCr)
{
}

Line LineCutter::at(std::size_t pos) const
{
    const std::size_t lineEnd =
        m_bareCr ? m_bytes.find_first_of("\r\n", pos) : m_bytes.find('\n', pos);
    if (lineEnd == std::string_view::npos)
        return Line{pos, m_bytes.size(), m_bytes.size()};
    if (m_bareCr) {
        const bool pair = m_bytes[lineEnd] == '\r' && lineEnd + 1 < m_bytes.size() &&
                          m_bytes[lineEnd + 1] == '\n';
        return Line{pos, lineEnd, lineEnd + (pair ? 2 : 1)};
    }
    const bool pair = lineEnd > pos && m_bytes[lineEnd - 1] == '\r';
    return Line{pos, pair ? lineEnd - 1 : lineEnd, lineEnd + 1};
}

std::size_t fieldNameLength(std::string_view line)
{
    constexpr std::size_t longest = 200;
    std::size_t length = 0;
    while (length < line.size() && length < longest && line[length] > ' ' && line[length] < 0x7F &&
           line[length] != ':')
        ++length;
    std::size_t colon = length;
    while (colon < line.size() && (line[colon] == ' ' || line[colon] == '\t'))
        ++colon;
    return length > 0 && colon < line.size() && line[colon] == ':' ? length : 0;
}

bool isLikelyFieldName(std::string_view name)
{
    constexpr std::array<std::string_view, 19> known{
        "from",       "to",         "cc",           "bcc",        "subject",
        "date",       "received",   "sender",       "references", "comments",
        "keywords",   "status",     "organization", "lines",      "priority",
        "precedence", "importance", "sensitivity",  "path"};
    return name.find('-') != std::string_view::npos ||
           std::any_of(known.begin(), known.end(),
                       [&](std::string_view k) { return equalsIgnoreCase(k, name); });
}

bool isMboxLine(std::string_view line)
{
    return line.starts_with("From ") || line.starts_with(">From ");
}

std::string unfolded(std::string_view value)
{
    constexpr std::string_view replaced("\r\n\0", 3);
    if (value.find_first_of(replaced) == value.npos)
        return std::string(trimmed(value));
    std::string result;
    result.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
        const char c = value[i];
        if (c == '\r' || c == '\n') {
            // The white space that made the line a continuation stands for the fold.
            const bool continues = i + 1 < value.size() && isSpace(value[i + 1]);
            if (!continues)
                result += ' ';
        } else {
            result += c == '\0' ? ' ' : c;
        }
    }
    return std::string(trimmed(result));
}

std::vector<HeaderField> headerFields(std::string_view block, bool bareCr)
{
    std::vector<HeaderField> fields;
    const LineCutter lines(block, bareCr);
    for (std::size_t pos = 0; pos < block.size();) {
        const Line line = lines.at(pos);
        const std::string_view text = block.substr(line.start, line.end - line.start);
        if (text.empty())
            break;
        if ((text.front() == ' ' || text.front() == '\t') && !fields.empty()) {
            HeaderField& field = fields.back();
            field.end = line.next;
            const auto valueStart = static_cast<std::size_t>(field.value.data() - block.data());
            field.value = block.substr(valueStart, line.end - valueStart);
        } else if (const std::size_t length = fieldNameLength(text)) {
            const std::size_t colon = text.find(':', length);
            fields.push_back(
                {text.substr(0, length), text.substr(colon + 1), line.start, line.next});
        }
        pos = line.next;
    }
    return fields;
}

} // namespace avocet::mime

namespace avocet {

std::optional<std::string> headerField(std::string_view block, std::string_view name)
{
    const std::vector<mime::HeaderField> fields =
        mime::headerFields(block, mime::usesBareCr(block));
    const auto field = std::find_if(fields.begin(), fields.end(), [&](const auto& f) {
        return mime::equalsIgnoreCase(f.name, name);
    });
    if (field == fields.end())
        return std::nullopt;
    return mime::unfolded(field->value);
}

} // namespace avocet
