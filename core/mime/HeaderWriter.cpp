// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/HeaderWriter.h"

#include "core/mime/Ascii.h"
#include "core/mime/DomainNames.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <ctime>

namespace avocet::mime {
namespace {

constexpr std::size_t kLineWidth = 76;    // RFC 2047 2, which is stricter than RFC 5322
constexpr std::size_t kEncodedWord = 75;  // the same
constexpr std::size_t kLongestPlain = 60; // words beyond it are encoded, so that they can be broken
constexpr std::string_view kHex = "0123456789ABCDEF";

bool isAtom(char c)
{
    return isAlpha(c) || isDigit(c) ||
           std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool isPrintable(char c)
{
    return c >= ' ' && c < 0x7F;
}

bool isPrintable(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return isPrintable(c); });
}

std::string quoted(std::string_view text)
{
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

/// One field, token by token.
class FieldWriter {
public:
    explicit FieldWriter(std::string_view name)
        : m_out(name)
        , m_column(name.size() + 1)
    {
        m_out += ':';
    }

    /// `spaces` come before it, the line break before these where one is needed.
    void put(std::string_view token, std::size_t spaces = 1)
    {
        if (m_started && m_column + spaces + token.size() > kLineWidth) {
            m_out += "\r\n";
            m_column = 0;
        }
        m_out.append(spaces, ' ').append(token);
        m_column += spaces + token.size();
        m_started = true;
    }
    /// Stays with the token before it.
    void glue(std::string_view token)
    {
        m_out += token;
        m_column += token.size();
    }
    /// For the next token with one space before it.
    std::size_t room() const { return m_column + 1 < kLineWidth ? kLineWidth - m_column - 1 : 0; }
    std::string take() { return std::move(m_out += "\r\n"); }

private:
    std::string m_out;
    std::size_t m_column;
    bool m_started = false;
};

// --- RFC 2047

enum class Place { Text, Phrase };

bool isPlainQ(char c, Place place)
{
    if (isAlpha(c) || isDigit(c))
        return true;
    const std::string_view allowed =
        place == Place::Phrase ? "!*+-/" : "!*+-/#$%&'(),.:;<>@[]\\^`{|}~\"";
    return allowed.find(c) != std::string_view::npos;
}

/// `text` as encoded words, each of which ends with a whole character.
void putEncoded(FieldWriter& out, std::string_view text, Place place)
{
    const std::string charset = isAscii(text) ? "us-ascii" : "utf-8";
    const auto plain = std::count_if(text.begin(), text.end(),
                                     [&](char c) { return c == ' ' || isPlainQ(c, place); });
    const std::size_t other = text.size() - static_cast<std::size_t>(plain);
    const bool base64 = other * 3 + static_cast<std::size_t>(plain) > (text.size() + 2) / 3 * 4;
    const std::string opening = "=?" + charset + (base64 ? "?B?" : "?Q?");
    const std::size_t frame = opening.size() + 2;
    while (!text.empty()) {
        // At least one character, also where the line is nearly full: then it goes into the next one.
        std::size_t room = std::min(out.room(), kEncodedWord);
        if (room < frame + 12)
            room = kEncodedWord - 1;
        std::string encoded;
        std::size_t taken = 0;
        std::size_t size = 0;
        while (taken < text.size()) {
            const std::size_t length = std::max<std::size_t>(1, sequenceLength(text, taken));
            std::string piece;
            for (const char c : text.substr(taken, length)) {
                if (c == ' ')
                    piece += '_';
                else if (isPlainQ(c, place))
                    piece += c;
                else
                    (piece += '=').append({kHex[byte(c) >> 4], kHex[byte(c) & 15]});
            }
            size = base64 ? (taken + length + 2) / 3 * 4 : size + piece.size();
            if (taken > 0 && frame + size > room)
                break;
            encoded += piece;
            taken += length;
        }
        if (base64)
            encoded = trimmedEnd(encodeBase64(text.substr(0, taken)));
        out.put(opening + encoded + "?=");
        text.remove_prefix(taken);
    }
}

/// Has to be encoded, or would be taken for something encoded.
bool needsEncoding(std::string_view word)
{
    return !isPrintable(word) || word.size() > kLongestPlain ||
           word.find("=?") != std::string_view::npos;
}

void putPhrase(FieldWriter& out, std::string_view phrase)
{
    if (needsEncoding(phrase)) {
        putEncoded(out, phrase, Place::Phrase);
        return;
    }
    const bool atoms =
        std::all_of(phrase.begin(), phrase.end(), [](char c) { return isAtom(c) || c == ' '; }) &&
        phrase == trimmed(phrase) && phrase.find("  ") == std::string_view::npos;
    if (!atoms) {
        out.put(quoted(phrase));
        return;
    }
    for (std::size_t pos = 0; pos < phrase.size();) {
        const std::size_t end = std::min(phrase.find(' ', pos), phrase.size());
        out.put(phrase.substr(pos, end - pos));
        pos = end + 1;
    }
}

bool isQuotedString(std::string_view text)
{
    if (text.size() < 2 || text.front() != '"' || text.back() != '"')
        return false;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        if (text[i] == '"' || (text[i] == '\\' && ++i + 1 == text.size()))
            return false;
    }
    return true;
}

std::string localPart(std::string_view local)
{
    const bool dotted = !local.starts_with('.') && !local.ends_with('.') &&
                        local.find("..") == std::string_view::npos &&
                        std::all_of(local.begin(), local.end(), [](char c) {
                            return isAtom(c) || c == '.' || (byte(c) & 0x80) != 0;
                        });
    return dotted || isQuotedString(local) ? std::string(local) : quoted(local);
}

// --- RFC 2231

/// Percent-encoded in sections that end with whole characters.
void putExtended(FieldWriter& out, std::string_view name, std::string_view value)
{
    const std::string opening = isAscii(value) ? "us-ascii''" : "utf-8''";
    std::vector<std::string> sections{opening};
    for (std::size_t pos = 0; pos < value.size();) {
        const std::size_t length = std::max<std::size_t>(1, sequenceLength(value, pos));
        std::string piece;
        for (const char c : value.substr(pos, length)) {
            const bool plain = isAlpha(c) || isDigit(c) ||
                               std::string_view("!#$&+-.^_`{|}~").find(c) != std::string_view::npos;
            if (plain)
                piece += c;
            else
                (piece += '%').append({kHex[byte(c) >> 4], kHex[byte(c) & 15]});
        }
        if (sections.back().size() + piece.size() > kLongestPlain)
            sections.emplace_back();
        sections.back() += piece;
        pos += length;
    }
    for (std::size_t i = 0; i < sections.size(); ++i) {
        const std::string section = sections.size() > 1 ? "*" + std::to_string(i) : std::string();
        out.glue(";");
        out.put(std::string(name) + section + "*=" + sections[i]);
    }
}

} // namespace

std::string textField(std::string_view name, std::string_view text)
{
    struct Word {
        std::size_t start, end;
    };
    std::vector<Word> words; // with the spaces before them
    for (std::size_t pos = 0; pos < text.size();) {
        const std::size_t start = std::min(text.find_first_not_of(' ', pos), text.size());
        const std::size_t end = std::min(text.find(' ', start), text.size());
        words.push_back({pos, end});
        pos = end;
    }
    const auto spacesOf = [&](const Word& word) {
        return std::min(text.find_first_not_of(' ', word.start), word.end) - word.start;
    };
    // Spaces at either end, and more than one beside what is encoded, would not survive.
    const auto encodes = [&](std::size_t i) {
        const std::size_t spaces = spacesOf(words[i]);
        return (i == 0 && spaces > 0) || spaces + words[i].start == words[i].end || spaces > 8 ||
               needsEncoding(
                   text.substr(words[i].start + spaces, words[i].end - words[i].start - spaces));
    };
    std::size_t first = 0;
    while (first < words.size() && !encodes(first))
        ++first;
    std::size_t last = words.size();
    while (last > first && !encodes(last - 1))
        --last;
    FieldWriter out(name);
    for (std::size_t i = 0; i < first; ++i) {
        const std::size_t spaces = spacesOf(words[i]);
        out.put(text.substr(words[i].start + spaces, words[i].end - words[i].start - spaces),
                i == 0 ? 1 : spaces);
    }
    if (first < last) {
        const std::size_t skipped = first > 0 ? 1 : 0; // this space stands between the words
        const std::size_t start = words[first].start + skipped;
        std::size_t end = words[last - 1].end;
        if (last < words.size())
            end = words[last].start + spacesOf(words[last]) - 1;
        putEncoded(out, text.substr(start, end - start), Place::Text);
    }
    for (std::size_t i = last; i < words.size() && first < words.size(); ++i) {
        const std::size_t spaces = spacesOf(words[i]);
        out.put(text.substr(words[i].start + spaces, words[i].end - words[i].start - spaces),
                i == last ? 1 : spaces);
    }
    if (words.empty())
        out.glue(" ");
    return out.take();
}

std::string addressField(std::string_view name, const std::vector<Address>& addresses)
{
    FieldWriter out(name);
    for (const Address& address : addresses) {
        if (&address != &addresses.front())
            out.glue(",");
        const std::string wire = wireAddress(address.address);
        const std::size_t at = std::min(wire.rfind('@'), wire.size());
        const std::string full = localPart(wire.substr(0, at)) + wire.substr(at);
        if (address.name.empty()) {
            out.put(full);
        } else {
            putPhrase(out, address.name);
            out.put("<" + full + ">");
        }
    }
    return out.take();
}

std::string idsField(std::string_view name, const std::vector<std::string>& ids)
{
    FieldWriter out(name);
    for (const std::string& id : ids)
        out.put("<" + id + ">");
    return out.take();
}

std::string parameterField(std::string_view name, std::string_view value,
                           const std::vector<std::pair<std::string_view, std::string>>& parameters)
{
    FieldWriter out(name);
    out.put(value);
    for (const auto& [parameter, text] : parameters) {
        if (!isPrintable(text) || text.size() > kLongestPlain ||
            text.find("=?") != std::string::npos) {
            putExtended(out, parameter, text);
            continue;
        }
        const bool token = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
            return isAlpha(c) || isDigit(c) || c == '-' || c == '_' || c == '.';
        });
        out.glue(";");
        out.put(std::string(parameter) + "=" + (token ? text : quoted(text)));
    }
    return out.take();
}

std::string dateField(std::int64_t now, bool utc)
{
    // Our own because strftime follows the locale.
    constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::time_t time = now;
    std::tm local{};
    utc ? gmtime_r(&time, &local) : localtime_r(&time, &local);
    const auto twoDigits = [](long value) {
        return std::string(value < 10 ? "0" : "") + std::to_string(value);
    };
    const long offset = local.tm_gmtoff / 60;
    const long absolute = offset < 0 ? -offset : offset;
    return "Date: " + std::string(days[static_cast<std::size_t>(local.tm_wday)]) + ", " +
           std::to_string(local.tm_mday) + " " +
           std::string(months[static_cast<std::size_t>(local.tm_mon)]) + " " +
           std::to_string(local.tm_year + 1900) + " " + twoDigits(local.tm_hour) + ":" +
           twoDigits(local.tm_min) + ":" + twoDigits(local.tm_sec) + (offset < 0 ? " -" : " +") +
           twoDigits(absolute / 60) + twoDigits(absolute % 60) + "\r\n";
}

std::string wireAddress(std::string_view address)
{
    const std::size_t at = address.rfind('@');
    if (at == std::string_view::npos || isAscii(address.substr(at)))
        return std::string(address);
    return std::string(address.substr(0, at + 1)) + asciiDomain(address.substr(at + 1));
}

} // namespace avocet::mime
