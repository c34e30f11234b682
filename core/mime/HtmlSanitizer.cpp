// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/HtmlSanitizer.h"

#include "core/mime/Ascii.h"
#include "core/mime/Charset.h"
#include "core/mime/CssFilter.h"
#include "core/mime/HtmlNesting.h"
#include "core/mime/HtmlRules.h"
#include "core/mime/HtmlTokens.h"
#include "core/mime/Trackers.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <unordered_set>

// What comes out is written anew from a list: tags with quoted values, escaped text, and style elements without "<". So its
// tokens are the same wherever and however a page is parsed, whatever tree they make: there is no foreign content, no raw
// text and no comment in it that a parser could leave early or enter late.

namespace avocet {

namespace {

using namespace mime;

constexpr std::size_t maxHtml = std::size_t{8} << 20;
constexpr std::size_t maxStyles = std::size_t{1} << 20; // of all style elements
constexpr std::size_t maxMerged = 100; // attributes of body, whatever the number of its tags
constexpr std::size_t maxLinks = 10'000;
constexpr std::size_t maxLinkText = 500;
constexpr std::size_t maxAddress = 8'192;
constexpr std::size_t maxValue =
    4'096; // of other attributes; browsers cut alternative texts as well

/// An address as an engine reads it: without line ends and tabs, without blanks around it (URL Standard, 4.4).
std::string plainAddress(std::string_view raw)
{
    std::string address;
    for (const char c : raw) {
        if (c == ' ' && !address.empty())
            address += "%20";
        else if (byte(c) > 0x20 && byte(c) != 0x7F)
            address += c;
    }
    while (address.ends_with("%20") && raw.ends_with(' '))
        address.resize(address.size() - 3);
    // Whatever scheme the page itself came by.
    return address.starts_with("//") ? "https:" + address : address;
}

bool isWebAddress(std::string_view address)
{
    return startsWithIgnoreCase(address, "http://") || startsWithIgnoreCase(address, "https://");
}

/// Base64 has no blanks, wherever its lines were broken.
std::string withoutBlanks(std::string_view address)
{
    std::string result;
    for (std::size_t i = 0; i < address.size(); ++i) {
        if (address.substr(i).starts_with("%20"))
            i += 2;
        else
            result += address[i];
    }
    return result;
}

/// The engine lays a page out as its DOCTYPE says, by the public identifier and whether there is a system one (HTML
/// 13.2.6.4.1): ours says the same and names no address.
std::string doctypeFor(std::string_view text)
{
    const std::string_view name = trimmed(text);
    if (!startsWithIgnoreCase(name, "html"))
        return {};
    std::string_view rest = trimmed(name.substr(4));
    if (!startsWithIgnoreCase(rest, "public"))
        return rest.empty() || startsWithIgnoreCase(rest, "system") ? "<!DOCTYPE html>"
                                                                    : std::string();
    rest = trimmed(rest.substr(6));
    const std::size_t end = rest.empty() ? rest.npos : rest.find(rest.front(), 1);
    if (end == rest.npos || (rest.front() != '"' && rest.front() != '\''))
        return {};
    const std::string_view identifier = rest.substr(1, end - 1);
    constexpr std::string_view special = " -/.,:+()_'";
    const bool plain = std::all_of(identifier.begin(), identifier.end(), [&](char c) {
        return isAlpha(c) || isDigit(c) || special.find(c) != special.npos;
    });
    if (!plain || identifier.size() > 200)
        return {};
    const bool system = !trimmed(rest.substr(end + 1)).empty();
    return "<!DOCTYPE html PUBLIC \"" + std::string(identifier) + (system ? "\" \"\">" : "\">");
}

class Writer {
public:
    Writer(std::string_view html, const HtmlPolicy& policy)
        : m_tokens(html)
        , m_policy(policy)
        , m_url([this](std::string_view url) { return pictureAddress(url); })
    {
    }

    std::optional<SanitizedHtml> page()
    {
        using Kind = HtmlToken::Kind;
        for (;;) {
            const HtmlToken token = m_tokens.next();
            if (token.kind == Kind::End && !resume())
                break;
            if (token.kind == Kind::Doctype && m_body.empty() && m_doctype.empty())
                m_doctype = doctypeFor(token.text);
            else if (token.kind == Kind::Text && m_skipped.empty())
                text(token.text);
            else if (token.kind == Kind::StartTag)
                startTag(token);
            else if (token.kind == Kind::EndTag)
                endTag(token.name);
            if (!m_nesting.isBounded())
                return std::nullopt;
        }
        endLink();
        std::string& out = m_result.html;
        out = m_doctype + "<html" + m_rootAttributes.text + "><head><meta charset=\"utf-8\">" +
              m_policy.head + m_styles + "</head><body" + m_bodyAttributes.text + ">" + m_body +
              "</body></html>";
        return std::move(m_result);
    }

private:
    /// Of html and body, whose tags may come again: the first value of each counts.
    struct Merged {
        std::string text;
        std::vector<std::string> names;
    };

    void startTag(const HtmlToken& token)
    {
        if (!m_skipped.empty()) {
            // As in browsers, page elements end a picture that was left open.
            if (m_skipped != "svg" || !isKeptElement(token.name) || token.name == "a") {
                m_skippedDepth += token.name == m_skipped;
                return;
            }
            m_skipped.clear();
        }
        if (token.name == "style")
            styleSheet(token);
        else if (token.name == "html")
            merge(token, m_rootAttributes);
        else if (token.name == "body")
            merge(token, m_bodyAttributes);
        else if (isDroppedElement(token.name))
            skip(token.name);
        else if (isKeptElement(token.name))
            element(token);
        else if (token.name == "plaintext" || token.name == "textarea" || token.name == "xmp")
            m_body.append("<pre>").append(canonicalText(token.rawText, false)).append("</pre>");
        else if (token.name == "image")
            element({token.kind, "img", {}, token.attributes, {}});
    }

    void skip(const std::string& name)
    {
        if (std::find(m_neverClosed.begin(), m_neverClosed.end(), name) != m_neverClosed.end())
            return;
        m_skipped = name;
        m_skippedDepth = 1;
        m_skippedFrom = m_tokens.position();
    }

    /// What was never closed does not swallow the rest of the page.
    bool resume()
    {
        if (m_skipped.empty())
            return false;
        m_neverClosed.push_back(std::move(m_skipped));
        m_skipped.clear();
        m_tokens.rewind(m_skippedFrom);
        return true;
    }

    void endTag(const std::string& name)
    {
        if (!m_skipped.empty()) {
            if (name == m_skipped && --m_skippedDepth == 0)
                m_skipped.clear();
            return;
        }
        if (name == "br")
            m_body += "<br>";
        if (!isKeptElement(name) || isVoidElement(name))
            return;
        if (name == "a")
            endLink();
        m_nesting.end(name);
        m_body.append("</").append(name).append(">");
    }

    void text(std::string_view raw)
    {
        m_nesting.text();
        const std::string text = canonicalText(raw, false);
        m_body += text;
        if (m_link && m_result.links[*m_link].text.size() < maxLinkText)
            m_result.links[*m_link].text += attributeText(cut(raw, maxLinkText * 4));
    }

    /// At most `size` bytes, and no half character.
    static std::string_view cut(std::string_view text, std::size_t size)
    {
        if (text.size() <= size)
            return text;
        while (size > 0 && (byte(text[size]) & 0xC0) == 0x80)
            --size;
        return text.substr(0, size);
    }

    void element(const HtmlToken& token)
    {
        const std::size_t links = m_result.links.size();
        if (token.name == "a")
            endLink();
        std::string written;
        m_invisible = token.name == "img" && isInvisible(token.attributes);
        for (const HtmlAttribute& attribute : token.attributes)
            writeAttribute(token.name, attribute, written);
        m_invisible = false;
        m_body.append("<").append(token.name).append(written).append(">");
        if (!isVoidElement(token.name))
            m_nesting.start(token.name, written);
        if (token.name == "a" && m_result.links.size() > links)
            m_link = links;
    }

    void endLink()
    {
        if (!m_link)
            return;
        std::string& text = m_result.links[*m_link].text;
        m_link.reset();
        text = cut(cleanLine(text), maxLinkText);
    }

    void merge(const HtmlToken& token, Merged& merged)
    {
        if (merged.names.size() >= maxMerged)
            return;
        for (const HtmlAttribute& attribute : token.attributes) {
            if (std::find(merged.names.begin(), merged.names.end(), attribute.name) !=
                merged.names.end())
                continue;
            const std::size_t size = merged.text.size();
            writeAttribute(token.name, attribute, merged.text);
            if (merged.text.size() > size)
                merged.names.push_back(attribute.name);
            if (merged.names.size() >= maxMerged)
                return;
        }
    }

    void styleSheet(const HtmlToken& token)
    {
        std::string media;
        for (const HtmlAttribute& attribute : token.attributes) {
            const std::string value = attributeText(attribute.value);
            if (attribute.name == "media")
                media = value;
            else if (attribute.name == "type" && !value.empty() &&
                     !equalsIgnoreCase(value, "text/css"))
                return;
        }
        m_styleBytes += token.rawText.size();
        if (m_styleBytes > maxStyles)
            return;
        const FilteredCss filtered = filterStyleSheet(token.rawText, media, m_url);
        m_result.darkRules = m_result.darkRules || filtered.darkRules;
        if (!filtered.css.empty())
            m_styles.append("<style>").append(filtered.css).append("</style>");
    }

    void writeAttribute(std::string_view tag, const HtmlAttribute& attribute, std::string& out)
    {
        const std::string& name = attribute.name;
        std::optional<std::string> value;
        if (name == "style") {
            std::string style = filterDeclarations(attributeText(attribute.value), m_url);
            if (!style.empty())
                value = escapedText(style);
        } else if ((name == "src" && tag == "img") || name == "background") {
            if (const auto address = pictureAddress(attributeText(attribute.value)))
                value = escapedText(*address);
        } else if (name == "href") {
            if (tag == "a" || tag == "area")
                value = linkAddress(attributeText(attribute.value));
        } else if (name == "usemap") {
            if (attribute.value.starts_with('#') && attribute.value.size() <= maxValue)
                value = canonicalText(attribute.value, true);
        } else if (isHarmlessAttribute(tag, name) && attribute.value.size() <= maxValue) {
            value = canonicalText(attribute.value, true);
        }
        if (value)
            out.append(" ").append(name).append("=\"").append(*value).append("\"");
    }

    std::optional<std::string> pictureAddress(std::string_view raw)
    {
        std::string address = plainAddress(raw);
        HtmlPicture picture;
        if (startsWithIgnoreCase(address, "cid:"))
            picture = {HtmlPicture::Place::Message,
                       percentDecoded(std::string_view(address).substr(4)),
                       {}};
        else if (isBitmapAddress(address))
            picture = {HtmlPicture::Place::Data, withoutBlanks(address), {}};
        else if (isWebAddress(address) && address.size() <= maxAddress)
            picture = {HtmlPicture::Place::Remote, std::move(address), {}};
        else
            return std::nullopt;
        if (picture.place == HtmlPicture::Place::Remote)
            report(picture);
        return m_policy.picture ? m_policy.picture(picture) : std::nullopt;
    }

    void report(HtmlPicture& picture)
    {
        picture.tracker = trackerCompany(picture.where);
        if (picture.tracker.empty() && m_invisible)
            picture.tracker = hostOf(picture.where);
        if (m_reported.insert(picture.where).second)
            m_result.remotePictures.push_back(picture);
    }

    /// Written into the page: our own number for it, or a place in the page.
    std::optional<std::string> linkAddress(std::string_view raw)
    {
        std::string address = plainAddress(raw);
        if (address.size() > 1 && address.size() < maxValue && address.front() == '#')
            return escapedText(address);
        if (!isLinkAddress(address) || address.size() > maxAddress ||
            m_result.links.size() >= maxLinks)
            return std::nullopt;
        m_result.links.push_back({std::move(address), {}});
        return escapedText(m_policy.linkPrefix + std::to_string(m_result.links.size() - 1));
    }

    HtmlTokens m_tokens;
    const HtmlPolicy& m_policy;
    UrlFilter m_url;
    HtmlNesting m_nesting;
    SanitizedHtml m_result;
    std::string m_doctype, m_styles, m_body;
    Merged m_rootAttributes, m_bodyAttributes;
    bool m_invisible = false; ///< the picture whose attributes are written
    std::unordered_set<std::string> m_reported;
    std::size_t m_styleBytes = 0;
    std::optional<std::size_t> m_link; ///< that the text belongs to
    std::string m_skipped;             ///< the element whose content goes, empty where none is open
    std::size_t m_skippedDepth = 0;
    std::size_t m_skippedFrom = 0;
    std::vector<std::string> m_neverClosed;
};

} // namespace

std::optional<SanitizedHtml> sanitizeHtml(std::string_view html, const HtmlPolicy& policy)
{
    if (html.size() > maxHtml)
        return std::nullopt;
    if (isValidUtf8(html))
        return Writer(html, policy).page();
    const std::string guessed = guessedUtf8(html);
    return Writer(guessed, policy).page();
}

} // namespace avocet
