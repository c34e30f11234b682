// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/AnswerBuilder.h"

#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MessageBuilderParts.h"
#include "core/mime/MessageId.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Utf8.h"

namespace avocet::mime {
namespace {

constexpr std::size_t kLongestLine = 78;

bool isPlain(std::string_view text)
{
    std::size_t line = 0;
    for (const char c : text) {
        line = c == '\n' ? 0 : line + 1;
        if (line > kLongestLine || (byte(c) < ' ' && !isSpace(c)))
            return false;
    }
    return isAscii(text);
}

std::string partBytes(const AnswerPart& part)
{
    std::string content = withLastCrLf(part.content);
    const bool plain = isPlain(content);
    return "Content-Type: " + part.type +
           "\r\nContent-Transfer-Encoding: " + (plain ? "7bit" : "base64") + "\r\n\r\n" +
           (plain ? content : encodeBase64(content));
}

} // namespace

BuiltMessage withAnswer(BuiltMessage words, const std::string& type,
                        const std::vector<AnswerPart>& parts)
{
    const std::string_view bytes = words.bytes;
    const std::size_t body = bytes.find("\r\n\r\n");
    const std::string_view header = bytes.substr(0, body == bytes.npos ? body : body + 2);
    std::string outer;
    std::string inner;
    for (const HeaderField& field : headerFields(header, false))
        (startsWithIgnoreCase(field.name, "content-") ? inner : outer)
            .append(header.substr(field.start, field.end - field.start));
    const std::string boundary = randomBoundary();
    const std::string mark = "--" + boundary;
    std::string made = outer + "Content-Type: " + type + ";\r\n\tboundary=\"" + boundary +
                       "\"\r\n\r\n" + mark + "\r\n" + inner + "\r\n" +
                       std::string(body == bytes.npos ? "" : bytes.substr(body + 4));
    for (const AnswerPart& part : parts)
        made += (made.ends_with("\r\n") ? "\r\n" : "\r\n\r\n") + mark + "\r\n" + partBytes(part);
    words.bytes = made + "\r\n" + mark + "--\r\n";
    return words;
}

} // namespace avocet::mime
