// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/SearchFeed.h"

#include <set>
#include <string>
#include <vector>

namespace avocet {

namespace {

/// A part of this size is a table of figures rather than something to read, and decoding it would cost more than the rest.
constexpr std::size_t largestPart = 4 << 20;

bool isText(const MimePart& part)
{
    return part.type.starts_with("text/") && part.children.empty() &&
           part.bodyEnd - part.bodyStart <= largestPart;
}

/// Texts that the message encloses and does not show by itself. The other side of an alternative says the same again.
std::vector<std::string> enclosedTexts(std::string_view raw, const ParsedMessage& message)
{
    std::set<int> attached;
    for (const ParsedAttachment& attachment : message.attachments)
        attached.insert(attachment.part);
    std::vector<std::string> texts;
    std::size_t size = 0;
    for (std::size_t i = 0; i < message.parts.size() && size < maxSearchedText; ++i) {
        const MimePart& part = message.parts[i];
        bool enclosed = attached.contains(static_cast<int>(i));
        for (int above = part.parent; above >= 0 && !enclosed;
             above = message.parts[static_cast<std::size_t>(above)].parent)
            enclosed = attached.contains(above);
        if (!enclosed || !isText(part))
            continue;
        std::string text = partText(raw, part);
        if (part.type == "text/html")
            text = htmlToText(text);
        size += text.size();
        texts.push_back(std::move(text));
    }
    return texts;
}

} // namespace

SearchText searchTextOf(std::string_view raw, const ParsedMessage& message)
{
    const std::vector<std::string> enclosed = enclosedTexts(raw, message);
    SearchFields fields;
    fields.subject = message.subject;
    fields.from = message.from;
    for (const auto* people : {&message.to, &message.cc, &message.bcc})
        fields.to.insert(fields.to.end(), people->begin(), people->end());
    fields.texts.emplace_back(message.text);
    fields.texts.insert(fields.texts.end(), enclosed.begin(), enclosed.end());
    for (const ParsedAttachment& attachment : message.attachments)
        fields.names.push_back(attachment.name);
    fields.whole = true;
    return prepareSearchText(fields);
}

} // namespace avocet
