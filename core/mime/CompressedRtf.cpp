// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/CompressedRtf.h"

#include "core/mime/Ascii.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace avocet::mime {
namespace {

// What both sides know before the first byte (MS-OXRTFCP 2.1.2.1).
constexpr std::string_view kDictionary =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern "
    "\\fscript \\fdecor MS Sans "
    "SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
static_assert(kDictionary.size() == 207);
constexpr std::size_t kWindow = 4096;
constexpr std::size_t kHeader = 16;
constexpr std::uint32_t kPacked = 0x75465A4C;
constexpr std::uint32_t kPlain = 0x414C454D;

std::uint32_t number(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = 4; i-- > 0;)
        value = value << 8 | byte(bytes[at + i]);
    return value;
}

std::string unpacked(std::string_view data)
{
    std::array<char, kWindow> window{};
    std::copy(kDictionary.begin(), kDictionary.end(), window.begin());
    std::size_t write = kDictionary.size();
    std::string out;
    const auto put = [&](char c) {
        out += c;
        window[write] = c;
        write = (write + 1) % kWindow;
    };
    for (std::size_t at = 0; at < data.size();) {
        const unsigned flags = byte(data[at++]);
        for (unsigned bit = 0; bit < 8 && at < data.size(); ++bit) {
            if ((flags >> bit & 1) == 0) {
                put(data[at++]);
                continue;
            }
            if (at + 1 >= data.size())
                return out;
            const unsigned token = byte(data[at]) << 8 | byte(data[at + 1]);
            at += 2;
            std::size_t from = token >> 4;
            if (from == write)
                return out;
            for (std::size_t left = (token & 15) + 2; left > 0; --left) {
                put(window[from]);
                from = (from + 1) % kWindow;
            }
        }
    }
    return out;
}

} // namespace

std::optional<std::string> decompressedRtf(std::string_view packed)
{
    if (packed.size() < kHeader)
        return std::nullopt;
    const std::size_t rawSize = number(packed, 4);
    const std::uint32_t kind = number(packed, 8);
    const std::string_view data = packed.substr(kHeader);
    if (kind == kPlain)
        return std::string(data.substr(0, rawSize));
    if (kind != kPacked)
        return std::nullopt;
    return unpacked(data).substr(0, rawSize);
}

} // namespace avocet::mime
