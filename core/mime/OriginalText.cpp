// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/OriginalText.h"

#include "core/mime/FileNames.h"
#include "core/mime/MessageId.h"
#include "core/mime/TransferEncoding.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace avocet {
namespace {

using namespace mime;

constexpr std::size_t mostPictureBytes = 20 << 20; // all together

bool isBitmap(std::string_view type)
{
    constexpr std::array<std::string_view, 6> types{"image/png",  "image/jpeg", "image/gif",
                                                    "image/webp", "image/bmp",  "image/jpg"};
    return std::find(types.begin(), types.end(), type) != types.end();
}

std::string newContentId(const ParsedMessage& message)
{
    return newMessageId(message.to.empty() ? std::string() : message.to.front().address);
}

/// Gives the pictures of one shown part a place in the draft.
class PictureTaker {
public:
    PictureTaker(std::string_view raw, const ParsedMessage& message, OriginalText& out)
        : m_raw(raw)
        , m_message(message)
        , m_out(out)
    {
    }

    void take(RichText& text, int from)
    {
        for (RichBlock& block : text.blocks)
            for (RichRun& run : block.runs)
                if (!run.image.empty()) {
                    const std::string id = run.image.starts_with("cid:")
                                               ? fromPart(run.image.substr(4), from)
                                               : fromAddress(run.image);
                    run.image = id.empty() ? std::string() : "cid:" + id;
                }
    }

private:
    std::string fromPart(const std::string& contentId, int from)
    {
        const int index = partByContentId(m_message, from, contentId);
        if (index < 0)
            return {};
        const MimePart& part = m_message.parts[static_cast<std::size_t>(index)];
        const auto known = std::find(m_out.shownParts.begin(), m_out.shownParts.end(), index);
        if (known != m_out.shownParts.end())
            return m_out
                .pictures[static_cast<std::size_t>(std::distance(m_out.shownParts.begin(), known))]
                .contentId;
        if (!isBitmap(part.type) || m_bytes + (part.bodyEnd - part.bodyStart) > mostPictureBytes)
            return {};
        return add(part.name, part.type, decodedPart(m_raw, part), index);
    }

    std::string fromAddress(std::string_view address)
    {
        const std::size_t comma = address.find(',');
        const std::size_t typeEnd = std::min(address.find(';'), comma);
        if (comma == address.npos || address.size() < 5 ||
            m_bytes + address.size() > mostPictureBytes)
            return {};
        const std::string type(address.substr(5, typeEnd - 5));
        return isBitmap(type) ? add({}, type, decodeBase64(address.substr(comma + 1)), -1)
                              : std::string();
    }

    std::string add(const std::string& name, const std::string& type, std::string data, int part)
    {
        m_bytes += data.size();
        const std::string id = newContentId(m_message);
        m_out.pictures.push_back(
            {name.empty() ? fileNameForType(type) : name, type, std::move(data), id});
        m_out.shownParts.push_back(part);
        return id;
    }

    std::string_view m_raw;
    const ParsedMessage& m_message;
    OriginalText& m_out;
    std::size_t m_bytes = 0;
};

} // namespace

OriginalText originalText(std::string_view raw, const ParsedMessage& message, bool rich,
                          const RichLimits& limits)
{
    OriginalText result;
    const bool pages = rich && std::any_of(message.shown.begin(), message.shown.end(),
                                           [](const ShownPart& part) { return part.isHtml; });
    if (!pages) {
        result.text = richFromPlain(message.text, limits);
        return result;
    }
    PictureTaker pictures(raw, message, result);
    RichLimits left = limits;
    for (const ShownPart& part : message.shown) {
        RichText text =
            part.isHtml ? readRichText(part.content, left) : richFromPlain(part.content, left);
        pictures.take(text, part.part);
        std::size_t bytes = 0;
        for (const RichBlock& block : text.blocks)
            for (const RichRun& run : block.runs)
                bytes += run.text.size();
        left.text -= std::min(left.text, bytes);
        left.blocks -= std::min(left.blocks, text.blocks.size());
        std::move(text.blocks.begin(), text.blocks.end(), std::back_inserter(result.text.blocks));
        result.text.cut = result.text.cut || text.cut;
        if (left.text == 0 || left.blocks < 3)
            break;
    }
    return result;
}

} // namespace avocet
