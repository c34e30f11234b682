// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer target: whatever a page, a clipboard or a file of cards holds, what is written from it is clean and stays as it
// is. Built and started by tests/fuzz/run.
#include "core/mime/MessageBuilder.h"
#include "core/mime/MessageReader.h"
#include "core/mime/RichText.h"
#include "core/mime/Utf8.h"
#include "core/mime/VCard.h"
#include "tests/fuzz/Require.h"

#include <algorithm>
#include <array>
#include <cstdint>

using namespace avocet;
using fuzz::require;

namespace {

/// Text is escaped, so that each < begins a tag of the writer's.
void requireOwnTags(const std::string& html)
{
    constexpr std::array<std::string_view, 19> tags{
        "div", "br", "span", "b",  "i",  "u",          "s",  "code", "pre", "a",
        "img", "hr", "ul",   "ol", "li", "blockquote", "h1", "h2",   "h3"};
    for (std::size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
        const std::size_t name = at + (html.compare(at, 2, "</") == 0 ? 2 : 1);
        const std::size_t end = html.find_first_of(" >", name);
        require(end != std::string::npos && std::find(tags.begin(), tags.end(),
                                                      html.substr(name, end - name)) != tags.end(),
                "only tags of the list are written", html.substr(at, 40));
    }
    require(html.find("<a href=\"javascript:") == std::string::npos, "no link runs anything", html);
}

void checkText(std::string_view html)
{
    const RichText text = readRichText(html);
    const std::string written = writeHtml(text);
    require(mime::isValidUtf8(written), "what is written is UTF-8", written);
    requireOwnTags(written);
    const std::string again = writeHtml(readRichText(written));
    require(again == written, "what was written stays as it is", written + "\n---\n" + again);
    require(mime::isValidUtf8(writePlain(text)), "the plain text is UTF-8", {});
    (void)writeHtml(richFromPlain(html));
}

/// Whatever stands in the text, a message stays one: short lines, no field from outside, its text back again.
void checkMessage(std::string_view html)
{
    Identity identity;
    identity.email = "ada@example.org";
    Draft draft;
    draft.to = {{"Bo", "bo@example.org"}};
    const RichText text = readRichText(html);
    draft.html = writeHtml(text);
    draft.text = writePlain(text);
    draft.subject = draft.text.substr(0, 200);
    const auto built = buildMessage(draft, identity, 1'700'000'000);
    if (!built)
        return;
    std::size_t line = 0;
    for (const char c : built->bytes) {
        line = c == '\n' ? 0 : line + 1;
        require(line <= 999, "no line is over 998 (RFC 5322 2.1.1)", built->bytes);
    }
    const ParsedMessage read = readMessage(built->bytes);
    require(read.from.size() == 1 && read.from.front().address == "ada@example.org" &&
                read.to.size() == 1 && read.bcc.empty(),
            "the fields are ours", built->bytes);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    checkText(bytes);
    checkMessage(bytes);
    if (const auto cards = readVCards(bytes))
        for (const Contact& contact : cards->contacts)
            require(mime::isValidUtf8(contact.name) && mime::isValidUtf8(contact.address) &&
                        contact.address.find_first_of("\r\n") == std::string::npos,
                    "a card's address is one line of UTF-8", contact.address);
    return 0;
}
