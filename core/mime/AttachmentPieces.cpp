// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/AttachmentPieces.h"

#include "core/mime/PartText.h"
#include "core/mime/TransferEncoding.h"

#include <algorithm>

namespace avocet {
namespace {

using namespace mime;

constexpr std::size_t pieceBytes = std::size_t{1} << 20; ///< as they are encoded

bool isBase64(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/';
}

/// Where whole groups of four letters end, near the piece's end; all of it where there is no such place.
std::size_t base64Cut(std::string_view body)
{
    std::size_t letters = 0;
    std::size_t cut = 0;
    for (std::size_t i = 0; i < body.size(); ++i) {
        if (body[i] == '=')
            return body.size(); // begins anew behind it
        if (isBase64(body[i]) && ++letters % 4 == 0) {
            cut = i + 1;
            if (cut >= pieceBytes - 4)
                return cut;
        }
        if (i >= 2 * pieceBytes && cut > 0)
            return cut;
    }
    return body.size();
}

std::size_t lineCut(std::string_view body)
{
    if (body.size() <= pieceBytes)
        return body.size();
    std::size_t end = body.rfind('\n', pieceBytes);
    if (end == std::string_view::npos)
        end = body.find('\n', pieceBytes);
    return end == std::string_view::npos ? body.size() : end + 1;
}

} // namespace

void decodeInPieces(std::string_view message, const ParsedMessage& parsed,
                    const ParsedAttachment& attachment,
                    const std::function<bool(std::string_view piece)>& take)
{
    const auto index = static_cast<std::size_t>(attachment.part);
    const bool plain = attachment.part >= 0 && index < parsed.parts.size() && attachment.file < 0;
    TransferEncoding encoding = TransferEncoding::Uuencode;
    std::string_view body;
    if (plain) {
        const MimePart& part = parsed.parts[index];
        body = partBody(message, part);
        encoding =
            part.children.empty() ? transferEncoding(part.encoding) : TransferEncoding::Identity;
    }
    if (!plain || encoding == TransferEncoding::Uuencode) {
        take(decodedAttachment(message, parsed, attachment));
        return;
    }
    while (!body.empty()) {
        std::size_t cut = std::min(body.size(), pieceBytes);
        if (encoding == TransferEncoding::Base64)
            cut = base64Cut(body);
        else if (encoding == TransferEncoding::QuotedPrintable)
            cut = lineCut(body);
        if (!take(decodeTransfer(encoding, body.substr(0, cut))))
            return;
        body.remove_prefix(cut);
    }
}

} // namespace avocet
