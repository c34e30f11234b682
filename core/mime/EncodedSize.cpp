// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/EncodedSize.h"

#include "core/mime/Ascii.h"

#include <algorithm>
#include <string_view>

namespace avocet {
namespace {

constexpr std::int64_t kPartHeader = 260; // boundary, type, encoding, disposition
constexpr std::int64_t kHeader = 500;     // what every message has

std::int64_t lengthOf(std::string_view text)
{
    return static_cast<std::int64_t>(text.size());
}

/// Lines of 76 for each 57 bytes, and their ends.
std::int64_t inBase64(std::int64_t bytes)
{
    return (bytes + 2) / 3 * 4 + (bytes + 56) / 57 * 2;
}

std::int64_t lineEnds(std::string_view text)
{
    return std::count(text.begin(), text.end(), '\n');
}

std::int64_t textSize(std::string_view text)
{
    if (text.empty())
        return 0;
    const std::int64_t high =
        std::count_if(text.begin(), text.end(), [](char c) { return (mime::byte(c) & 0x80) != 0; });
    const std::int64_t length = lengthOf(text) + lineEnds(text);
    if (high * 3 > lengthOf(text))
        return kPartHeader + inBase64(length);
    const std::int64_t quoted = high == 0 ? length : length + 2 * high;
    return kPartHeader + quoted + quoted / 70 * 3; // lines are broken
}

std::int64_t listSize(const std::vector<Address>& addresses)
{
    std::int64_t size = 0;
    for (const Address& address : addresses)
        size += lengthOf(address.address) + 3 * lengthOf(address.name) / 2 + 8;
    return size;
}

} // namespace

std::int64_t encodedSize(const DraftAttachment& attachment)
{
    const std::int64_t names = kPartHeader + 4 * lengthOf(attachment.name);
    if (attachment.type == "message/rfc822") // as it is
        return names + lengthOf(attachment.data);
    return names + inBase64(lengthOf(attachment.data));
}

std::int64_t encodedSize(const Draft& draft)
{
    std::int64_t size = kHeader + listSize(draft.to) + listSize(draft.cc) +
                        2 * lengthOf(draft.subject) + textSize(draft.text) + textSize(draft.html);
    for (const std::string& id : draft.references)
        size += lengthOf(id) + 4;
    for (const DraftAttachment& attachment : draft.attachments)
        size += encodedSize(attachment);
    return size;
}

} // namespace avocet
