// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/VCard.h"

#include "core/mime/Ascii.h"
#include "core/mime/Charset.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Utf8.h"
#include "core/model/IdentityMatch.h"

#include <algorithm>
#include <optional>
#include <string>

namespace avocet {

namespace {

using namespace mime;

constexpr std::size_t largestFile = 64 * 1024 * 1024;
constexpr std::size_t mostContacts = 50'000;
constexpr std::size_t mostOfACard = 50;
constexpr std::size_t longestProperty = 4096; ///< of those that are looked at; pictures are longer
constexpr std::size_t longestText = 500;
constexpr int mostHeadLines = 8; ///< that the part before the colon is folded into

/// Physical lines, whatever ends them.
class Lines {
public:
    explicit Lines(std::string_view text)
        : m_rest(text)
    {
    }

    bool atEnd() const { return m_rest.empty(); }
    std::string_view peek() const { return m_rest.substr(0, m_rest.find_first_of("\r\n")); }
    std::string_view take()
    {
        const std::string_view line = peek();
        m_rest.remove_prefix(line.size());
        if (m_rest.starts_with("\r\n"))
            m_rest.remove_prefix(2);
        else if (!m_rest.empty())
            m_rest.remove_prefix(1);
        return line;
    }

private:
    std::string_view m_rest;
};

/// One property: "item1.EMAIL;TYPE=work:anna@example.org".
struct Property {
    std::string name; ///< in lower case, without its group
    std::string charset;
    bool quotedPrintable = false;
    bool binary = false;
    std::string value;
};

/// Where the value begins: the first colon outside quotes.
std::size_t colonOf(std::string_view line)
{
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '"')
            quoted = !quoted;
        else if (line[i] == ':' && !quoted)
            return i;
    }
    return line.find(':');
}

/// The part of a line before the colon.
Property headOf(std::string_view head)
{
    Property property;
    std::size_t at = std::min(head.find(';'), head.size());
    std::string_view name = head.substr(0, at);
    if (const std::size_t dot = name.rfind('.'); dot != std::string_view::npos)
        name.remove_prefix(dot + 1);
    property.name = lowered(trimmed(name));
    while (at < head.size()) {
        const std::size_t end = std::min(head.find(';', at + 1), head.size());
        const std::string parameter = lowered(trimmed(head.substr(at + 1, end - at - 1)));
        const std::size_t equals = parameter.find('=');
        const std::string value =
            equals == std::string::npos ? parameter : parameter.substr(equals + 1);
        if (parameter.starts_with("charset="))
            property.charset = value;
        else if (value == "quoted-printable") // 2.1 leaves "ENCODING=" out
            property.quotedPrintable = true;
        else if (value == "base64" || value == "b")
            property.binary = true;
        at = end;
    }
    return property;
}

void appendBounded(std::string& value, std::string_view more)
{
    value += more.substr(0, longestProperty - std::min(value.size(), longestProperty));
}

/// The next property, unfolded; empty name: nothing that can be read.
Property nextProperty(Lines& lines)
{
    std::string first(lines.take().substr(0, 2 * longestProperty));
    const auto isFolded = [&] {
        return !lines.atEnd() && (lines.peek().starts_with(' ') || lines.peek().starts_with('\t'));
    };
    // A head may be folded, too.
    for (int i = 0; i < mostHeadLines && isFolded() && colonOf(first) == std::string::npos; ++i)
        first += lines.take().substr(1, longestProperty);
    const std::size_t colon = colonOf(first);
    if (colon == std::string::npos)
        return {};
    Property property = headOf(std::string_view(first).substr(0, colon));
    appendBounded(property.value, std::string_view(first).substr(colon + 1));
    while (!lines.atEnd()) {
        if (property.quotedPrintable && property.value.ends_with('=')) {
            property.value.pop_back(); // a soft line end: the next line goes on without a space
            appendBounded(property.value, lines.take());
        } else if (isFolded()) {
            appendBounded(property.value, lines.take().substr(1));
        } else {
            break;
        }
    }
    return property;
}

/// Decoded, in UTF-8, backslashes still in place.
std::string textOf(const Property& property)
{
    const std::string bytes =
        property.quotedPrintable ? decodeQuotedPrintable(property.value) : property.value;
    return toUtf8(bytes, property.charset);
}

/// Components that `separator` divides, escapes resolved.
std::vector<std::string> components(std::string_view text, char separator)
{
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) {
            ++i;
            parts.back() += text[i] == 'n' || text[i] == 'N' ? ' ' : text[i];
        } else if (separator != 0 && text[i] == separator) {
            parts.emplace_back();
        } else {
            parts.back() += text[i];
        }
    }
    return parts;
}

std::string line(std::string_view text)
{
    std::string clean = cleanLine(text);
    if (clean.size() <= longestText)
        return clean;
    std::size_t end = longestText;
    while (end > 0 && (byte(clean[end]) & 0xC0) == 0x80)
        --end;
    clean.resize(end);
    return clean;
}

/// "Berg;Anna;Maria;Dr.;" is Dr. Anna Maria Berg.
std::string nameFromParts(const std::vector<std::string>& parts)
{
    std::string name;
    for (const std::size_t i : {3U, 1U, 2U, 0U, 4U})
        if (i < parts.size() && !parts[i].empty())
            name += (name.empty() ? "" : " ") + parts[i];
    return name;
}

struct Card {
    std::string fullName, parts, organisation, nickname;
    std::vector<std::string> addresses;
    bool isGroup = false;
};

std::optional<std::string> addressOf(const Property& property)
{
    std::string text = components(textOf(property), 0).front();
    text = trimmed(text);
    if (startsWithIgnoreCase(text, "mailto:"))
        text.erase(0, 7);
    const std::size_t open = text.rfind('<');
    if (open != std::string::npos && text.ends_with('>'))
        text = text.substr(open + 1, text.size() - open - 2);
    if (!isPlainAddress(text) || cleanLine(text) != text)
        return std::nullopt;
    return text;
}

void take(Card& card, const Property& property)
{
    if (property.binary)
        return;
    if (property.name == "email") {
        if (const auto address = addressOf(property);
            address && card.addresses.size() < mostOfACard)
            card.addresses.push_back(*address);
    } else if (property.name == "fn" && card.fullName.empty()) {
        card.fullName = line(components(textOf(property), 0).front());
    } else if (property.name == "n" && card.parts.empty()) {
        card.parts = line(nameFromParts(components(textOf(property), ';')));
    } else if (property.name == "nickname" && card.nickname.empty()) {
        card.nickname = line(components(textOf(property), ',').front());
    } else if (property.name == "org" && card.organisation.empty()) {
        card.organisation = line(components(textOf(property), ';').front());
    } else if (property.name == "kind") {
        card.isGroup = equalsIgnoreCase(trimmed(property.value), "group");
    }
}

void keep(VCards& read, const Card& card)
{
    ++read.cards;
    if (card.isGroup)
        return;
    std::string name = card.fullName;
    for (const std::string* other : {&card.parts, &card.nickname, &card.organisation})
        if (name.empty())
            name = *other;
    if (name.find('@') != std::string::npos) // programs repeat the address where there is no name
        name.clear();
    for (const std::string& address : card.addresses) {
        if (read.contacts.size() == mostContacts) {
            read.cut = true;
            return;
        }
        read.contacts.push_back({{}, address, name, card.organisation, {}});
    }
}

bool isMark(std::string_view line, std::string_view mark)
{
    return equalsIgnoreCase(trimmed(line), mark);
}

} // namespace

Result<VCards> readVCards(std::string_view bytes)
{
    if (bytes.size() > largestFile)
        return fail(ErrorKind::Rejected, "the file is too large", ErrorCode::TooLarge);
    std::string wide;
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
        wide = toUtf8(bytes, "utf-16");
        bytes = wide;
    }
    if (bytes.starts_with("\xEF\xBB\xBF"))
        bytes.remove_prefix(3);
    VCards read;
    Lines lines(bytes);
    std::optional<Card> card;
    int nested = 0; // 2.1 puts the card of an agent into another
    while (!lines.atEnd() && !read.cut) {
        if (isMark(lines.peek(), "BEGIN:VCARD")) {
            lines.take();
            // Damaged files leave ends out; what is open and says who, stands.
            if (card && nested == 0 && !card->addresses.empty()) {
                keep(read, *card);
                card.reset();
            }
            nested += card ? 1 : 0;
            if (!card)
                card.emplace();
        } else if (isMark(lines.peek(), "END:VCARD")) {
            lines.take();
            if (nested > 0) {
                --nested;
            } else if (card) {
                keep(read, *card);
                card.reset();
            }
        } else if (card && nested == 0 && !lines.peek().empty()) {
            take(*card, nextProperty(lines));
        } else {
            lines.take();
        }
    }
    if (card && !read.cut)
        keep(read, *card);
    if (read.cards == 0)
        return fail(ErrorKind::Rejected, "no card in this file", ErrorCode::InvalidInput);
    return read;
}

} // namespace avocet
