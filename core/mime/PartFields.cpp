// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/PartFields.h"

#include "core/mime/Ascii.h"
#include "core/mime/FileNames.h"
#include "core/mime/Parameters.h"
#include "core/mime/Utf8.h"

#include <algorithm>

namespace avocet::mime {
namespace {

constexpr std::size_t kLongestBoundary = 1000; // RFC 2046 says 70
constexpr std::size_t kLongestToken = 255;

bool isToken(std::string_view text)
{
    constexpr std::string_view special = "()<>@,;:\\\"/[]?=";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return c > ' ' && c < 0x7F && special.find(c) == std::string_view::npos;
    });
}

/// "type/subtype" as it is to be read; empty where it says nothing that can be read.
std::string readableType(const std::string& value)
{
    if (value == "text" || value == "plain")
        return "text/plain";
    if (value == "html")
        return "text/html";
    const std::size_t slash = value.find('/');
    if (slash == std::string::npos || value.size() > kLongestToken)
        return {};
    const std::string_view view = value;
    return isToken(view.substr(0, slash)) && isToken(view.substr(slash + 1)) ? value
                                                                             : std::string();
}

/// First word of a field, lower case: Content-Transfer-Encoding as it comes with comments and ";".
std::string firstToken(std::string_view value)
{
    const std::string_view text = trimmed(value);
    const std::size_t end = std::min({text.find_first_of(" \t;("), text.size(), kLongestToken});
    std::string token =
        cleanLine(isAscii(text.substr(0, end)) ? text.substr(0, end) : "x-unreadable");
    std::erase(token, '"');
    return lowered(token);
}

/// Returns the name, which stands in for the disposition's where that has none.
std::string readTypeParameters(const ParameterizedValue& type, MimePart& part)
{
    const std::string charset = type.text("charset");
    part.charset = lowered(cleanLine(charset).substr(0, charset.find_first_of(" (")));
    if (part.charset.size() > kLongestToken || !isAscii(part.charset))
        part.charset = "x-unknown";
    if (type.value() == "text/plain") {
        part.flowed = equalsIgnoreCase(type.text("format"), "flowed");
        part.delSp = part.flowed && equalsIgnoreCase(type.text("delsp"), "yes");
    }
    return safeFileName(type.text("name"));
}

void readDisposition(const ParameterizedValue& disposition, MimePart& part)
{
    part.disposition =
        isToken(disposition.value()) ? disposition.value().substr(0, kLongestToken) : "attachment";
    part.name = safeFileName(disposition.text("filename"));
}

} // namespace

std::string readPartFields(const std::vector<HeaderField>& fields, bool inDigest, MimePart& part,
                           Notes& notes)
{
    std::string type;
    std::string boundary;
    std::string nameOfType;
    bool sawType = false;
    bool sawEncoding = false;
    for (const HeaderField& field : fields) {
        if (!startsWithIgnoreCase(field.name, "content-"))
            continue;
        const std::string value = unfolded(field.value);
        if (equalsIgnoreCase(field.name, "content-type") && !sawType) {
            sawType = true;
            const ParameterizedValue parsed(value);
            type = readableType(parsed.value());
            boundary = std::string(trimmedEnd(parsed.raw("boundary")));
            nameOfType = readTypeParameters(parsed, part);
        } else if (equalsIgnoreCase(field.name, "content-disposition") &&
                   part.disposition.empty()) {
            readDisposition(ParameterizedValue(value), part);
        } else if (equalsIgnoreCase(field.name, "content-transfer-encoding") && !sawEncoding) {
            sawEncoding = true;
            part.encoding = firstToken(value);
        } else if (equalsIgnoreCase(field.name, "content-id") && part.contentId.empty()) {
            const auto ids = parseMessageIds(value);
            part.contentId = ids.empty() ? std::string() : ids.front();
        }
    }
    if (sawType && type.empty())
        notes.add("A Content-Type cannot be read; its part is shown as text.");
    if (part.name.empty())
        part.name = std::move(nameOfType);
    part.type = !type.empty() ? type : inDigest && !sawType ? "message/rfc822" : "text/plain";
    if (boundary.size() > kLongestBoundary)
        boundary.clear();
    return boundary;
}

} // namespace avocet::mime
