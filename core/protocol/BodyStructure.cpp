// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/protocol/BodyStructure.h"

#include "core/protocol/ImapCursor.h"
#include "core/protocol/ImapStatus.h"

#include <string>
#include <string_view>

namespace avocet {
namespace {

/// Whether a parameter list (or NIL) names a file; RFC 2231 forms ("name*0*") count.
bool passParameters(ImapCursor& cursor)
{
    if (cursor.nil())
        return false;
    if (cursor.peek() != '(') {
        cursor.skip();
        return false;
    }
    cursor.want('(');
    bool named = false;
    std::string store;
    while (!cursor.bad() && !cursor.eat(')')) {
        std::string_view key = cursor.string(store);
        key = key.substr(0, key.find('*'));
        named = named || equalsNoCase(key, "name") || equalsNoCase(key, "filename");
        if (cursor.peek() != ')')
            cursor.string(store);
    }
    return named;
}

struct LeafFacts {
    bool text = false;
    bool image = false;
    bool signature = false;
    bool message = false;
    bool named = false;
    bool attachment = false;
    bool inlined = false;
};

bool isAttachment(const LeafFacts& leaf)
{
    if (leaf.signature)
        return false;
    if (leaf.attachment || leaf.message)
        return true;
    return leaf.named && !leaf.text && !(leaf.image && leaf.inlined);
}

void passDisposition(ImapCursor& cursor, LeafFacts& leaf)
{
    if (cursor.nil())
        return;
    if (cursor.peek() != '(') {
        cursor.skip();
        return;
    }
    cursor.want('(');
    std::string store;
    const std::string_view kind = cursor.string(store);
    leaf.attachment = equalsNoCase(kind, "attachment");
    leaf.inlined = equalsNoCase(kind, "inline");
    if (cursor.peek() != ')')
        leaf.named = passParameters(cursor) || leaf.named;
    while (!cursor.bad() && !cursor.eat(')'))
        cursor.skip();
}

/// Behind the opening parenthesis of a leaf.
bool parseLeaf(ImapCursor& cursor)
{
    LeafFacts leaf;
    std::string store;
    std::string typeStore;
    const std::string_view type = cursor.string(typeStore);
    const std::string_view subtype = cursor.string(store);
    leaf.text = equalsNoCase(type, "text");
    leaf.image = equalsNoCase(type, "image");
    leaf.message = equalsNoCase(type, "message") && equalsNoCase(subtype, "rfc822");
    leaf.signature = equalsNoCase(subtype, "pgp-signature") ||
                     equalsNoCase(subtype, "pkcs7-signature") ||
                     equalsNoCase(subtype, "x-pkcs7-signature");
    leaf.named = passParameters(cursor);
    const bool hasId = cursor.peek() != ')' && !cursor.skip().starts_with('N');
    for (int i = 0; i < 3 && !cursor.bad() && cursor.peek() != ')'; ++i)
        cursor.skip(); // description, encoding, size
    if (leaf.message && cursor.peek() == '(') {
        cursor.skip(); // envelope
        cursor.skip(); // structure
        cursor.skip(); // lines
    } else if (leaf.text && cursor.peek() != ')') {
        cursor.skip(); // lines
    }
    if (!cursor.bad() && cursor.peek() != ')') {
        cursor.skip(); // MD5
        if (cursor.peek() != ')')
            passDisposition(cursor, leaf);
    }
    // An image that the HTML refers to is part of the text, whatever its disposition forgot.
    leaf.inlined = leaf.inlined || (hasId && leaf.image);
    while (!cursor.bad() && !cursor.eat(')'))
        cursor.skip();
    return isAttachment(leaf);
}

bool parseStructure(ImapCursor& cursor, int depth)
{
    if (depth > maxStructureDepth) {
        cursor.skip();
        return false;
    }
    if (!cursor.want('('))
        return false;
    if (cursor.peek() != '(')
        return parseLeaf(cursor);
    bool found = false;
    while (!cursor.bad() && cursor.peek() == '(')
        found = parseStructure(cursor, depth + 1) || found;
    while (!cursor.bad() && !cursor.eat(')'))
        cursor.skip();
    return found;
}

} // namespace

bool passStructure(ImapCursor& cursor)
{
    return parseStructure(cursor, 0);
}

namespace {

constexpr std::size_t maxDescription = 100;

/// Behind the opening parenthesis of a leaf; passes it whole.
std::optional<TextPart> textLeaf(ImapCursor& cursor, std::string section)
{
    TextPart part;
    part.section = std::move(section);
    std::string store;
    const bool text = equalsNoCase(cursor.string(store), "text");
    std::string_view subtype = cursor.string(store);
    part.html = equalsNoCase(subtype, "html");
    const bool shown = text && (part.html || equalsNoCase(subtype, "plain"));
    if (cursor.peek() == '(') {
        cursor.want('(');
        while (!cursor.bad() && !cursor.eat(')')) {
            const bool charset = equalsNoCase(cursor.string(store), "charset");
            if (cursor.peek() == ')')
                continue;
            if (charset)
                cursor.copyString(part.charset, maxDescription);
            else
                cursor.skip();
        }
    } else {
        cursor.skip();
    }
    cursor.skip(); // id
    cursor.skip(); // description
    cursor.copyString(part.encoding, maxDescription);
    bool attachment = false;
    while (!cursor.bad() && !cursor.eat(')')) {
        const std::string_view rest = cursor.skip();
        attachment = attachment || startsNoCase(rest, "(\"attachment\"");
    }
    return shown && !attachment && !cursor.bad() ? std::optional(std::move(part)) : std::nullopt;
}

std::optional<TextPart> textIn(ImapCursor& cursor, const std::string& section, int depth)
{
    if (depth > maxStructureDepth) {
        cursor.skip();
        return std::nullopt;
    }
    if (!cursor.want('('))
        return std::nullopt;
    if (cursor.peek() != '(')
        return textLeaf(cursor, section.empty() ? "1" : section);
    for (int number = 1; !cursor.bad() && cursor.peek() == '('; ++number) {
        const std::string child =
            (section.empty() ? section : section + '.') + std::to_string(number);
        if (auto found = textIn(cursor, child, depth + 1))
            return found;
    }
    while (!cursor.bad() && !cursor.eat(')'))
        cursor.skip();
    return std::nullopt;
}

} // namespace

std::optional<TextPart> firstText(std::string_view bodyStructure)
{
    ImapCursor cursor(bodyStructure);
    return textIn(cursor, {}, 0);
}

} // namespace avocet
