// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/SignatureText.h"

#include <algorithm>
#include <iterator>

namespace avocet {
namespace {

std::string wordsOf(const RichBlock& block)
{
    std::string words;
    for (const RichRun& run : block.runs)
        words += run.image.empty() ? run.text : "\x01";
    return words;
}

bool isBlank(const RichBlock& block)
{
    return wordsOf(block).find_first_not_of(" \t\n") == std::string::npos &&
           block.kind == RichBlock::Kind::Paragraph;
}

} // namespace

RichText signatureText(const Identity& identity)
{
    RichText words = identity.signatureHtml.empty() ? richFromPlain(identity.signature)
                                                    : readRichText(identity.signatureHtml);
    while (!words.blocks.empty() && isBlank(words.blocks.back()))
        words.blocks.pop_back();
    if (words.blocks.empty())
        return {};
    RichText result;
    result.blocks.emplace_back();
    if (identity.signatureDashes) {
        result.blocks.emplace_back();
        result.blocks.back().runs = {{"-- "}};
    }
    std::move(words.blocks.begin(), words.blocks.end(), std::back_inserter(result.blocks));
    return result;
}

std::optional<std::size_t> findSignature(const RichText& text, const RichText& signature)
{
    const auto same = [](const RichBlock& a, const RichBlock& b) {
        return a.quote == b.quote && wordsOf(a) == wordsOf(b);
    };
    if (signature.blocks.empty())
        return std::nullopt;
    const auto found = std::find_end(text.blocks.begin(), text.blocks.end(),
                                     signature.blocks.begin(), signature.blocks.end(), same);
    if (found == text.blocks.end())
        return std::nullopt;
    return static_cast<std::size_t>(std::distance(text.blocks.begin(), found));
}

} // namespace avocet
