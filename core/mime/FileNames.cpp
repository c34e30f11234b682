// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/FileNames.h"

#include "core/mime/Ascii.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <array>

namespace avocet::mime {
namespace {

constexpr std::size_t kLongest = 255;

/// Characters without a shape of their own, which can make one name look like another.
bool isInvisible(std::uint32_t c)
{
    return c == 0xAD || c == 0x34F || c == 0x61C || c == 0x115F || c == 0x1160 ||
           (c >= 0x17B4 && c <= 0x17B5) || (c >= 0x180B && c <= 0x180F) ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0x3164 || c == 0xFEFF || c == 0xFFA0 ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

bool isReserved(std::string_view stem)
{
    constexpr std::array<std::string_view, 6> names{"con", "prn",    "aux",
                                                    "nul", "conin$", "conout$"};
    const std::string low = lowered(trimmed(stem));
    if (std::find(names.begin(), names.end(), low) != names.end())
        return true;
    return low.size() == 4 && (low.starts_with("com") || low.starts_with("lpt")) && isDigit(low[3]);
}

std::string_view cutAt(std::string_view text, std::size_t size)
{
    if (text.size() <= size)
        return text;
    while (size > 0 && (byte(text[size]) & 0xC0) == 0x80)
        --size;
    return text.substr(0, size);
}

/// With `infix` before the extension, and the part before it cut where all would be too long.
std::string withInfix(std::string_view name, std::string_view infix)
{
    const std::size_t dot = name.rfind('.');
    const std::string_view extension =
        dot != std::string_view::npos && dot > 0 && name.size() - dot <= 20 ? name.substr(dot) : "";
    const std::string_view stem = name.substr(0, name.size() - extension.size());
    std::string result(cutAt(stem, kLongest - extension.size() - infix.size()));
    return result.append(infix).append(extension);
}

} // namespace

std::string safeFileName(std::string_view name)
{
    std::string clean;
    for (std::size_t pos = 0; pos < name.size();) {
        const std::size_t start = pos;
        const std::uint32_t c = takeCodePoint(name, pos);
        if (!isInvisible(c))
            clean.append(name.substr(start, pos - start));
    }
    clean = cleanLine(clean);
    std::string_view base = clean;
    base = base.substr(base.find_last_of("/\\") + 1);
    while (!base.empty() && (base.front() == '.' || base.front() == ' '))
        base.remove_prefix(1);
    while (!base.empty() && (base.back() == '.' || base.back() == ' '))
        base.remove_suffix(1);
    std::string result(base);
    for (char& c : result)
        if (std::string_view("<>:\"|?*").find(c) != std::string_view::npos)
            c = '_';
    if (result.starts_with('-') || result.starts_with('~') ||
        isReserved(std::string_view(result).substr(0, result.find('.'))))
        result.insert(result.begin(), '_');
    return result.size() > kLongest ? withInfix(result, {}) : result;
}

std::string numberedFileName(std::string_view name, int number)
{
    return withInfix(name, " (" + std::to_string(number) + ")");
}

std::string fileNameForType(std::string_view type)
{
    struct Row {
        std::string_view type, name;
    };
    constexpr std::array rows{Row{"image/png", "image.png"},
                              Row{"image/jpeg", "image.jpg"},
                              Row{"image/gif", "image.gif"},
                              Row{"image/webp", "image.webp"},
                              Row{"image/svg+xml", "image.svg"},
                              Row{"application/pdf", "document.pdf"},
                              Row{"text/plain", "text.txt"},
                              Row{"text/html", "page.html"},
                              Row{"text/calendar", "invite.ics"},
                              Row{"text/csv", "table.csv"},
                              Row{"text/vcard", "contact.vcf"},
                              Row{"text/x-vcard", "contact.vcf"},
                              Row{"message/rfc822", "message.eml"},
                              Row{"message/delivery-status", "delivery-status.txt"},
                              Row{"message/global-delivery-status", "delivery-status.txt"},
                              Row{"message/disposition-notification", "receipt.txt"},
                              Row{"message/global-headers", "headers.txt"},
                              Row{"text/rfc822-headers", "headers.txt"},
                              Row{"application/zip", "archive.zip"},
                              Row{"application/pgp-signature", "signature.asc"},
                              Row{"application/pkcs7-signature", "smime.p7s"},
                              Row{"application/pkcs7-mime", "smime.p7m"}};
    const auto row =
        std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.type == type; });
    return row != rows.end() ? std::string(row->name) : "attachment.bin";
}

} // namespace avocet::mime
