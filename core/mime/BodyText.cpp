// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/BodyText.h"

#include "core/mime/Ascii.h"
#include "core/mime/FileNames.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/PartRoles.h"
#include "core/mime/PartText.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Utf8.h"
#include "core/mime/Uuencode.h"

#include <algorithm>
#include <array>
#include <unordered_set>

namespace avocet::mime {
namespace {

constexpr std::size_t kMostShown = 100;
constexpr int kMostUuencoded = 1000; // further ones stay text

class BodyReader {
public:
    BodyReader(std::string_view message, const MimeStructure& structure, ParsedMessage& parsed,
               Notes& notes)
        : m_message(message)
        , m_structure(structure)
        , m_parts(parsed.parts)
        , m_parsed(parsed)
        , m_notes(notes)
        , m_roles(partRoles(message, structure, parsed.parts))
    {
    }

    void run()
    {
        readInOrder();
        if (!m_hasHtml)
            m_parsed.shown.clear();
        markInline();
    }

private:
    bool isShownRaw(std::size_t index) const
    {
        return isUnsplitMultipart(m_structure, m_parts, index);
    }
    bool isReadable(std::size_t index) const { return isReadablePart(m_structure, m_parts, index); }
    bool isBlank(std::size_t index) const { return isBlankPart(m_message, m_parts[index]); }

    /// Parts and loose ranges by where they stand.
    void readInOrder()
    {
        std::size_t loose = 0;
        std::vector<LooseRange> ranges = m_structure.loose;
        std::stable_sort(ranges.begin(), ranges.end(),
                         [](const auto& a, const auto& b) { return a.start < b.start; });
        for (std::size_t i = 0; i < m_parts.size(); ++i) {
            for (; loose < ranges.size() && ranges[loose].start < m_parts[i].headerStart; ++loose)
                readLoose(ranges[loose]);
            readPart(i);
        }
        for (; loose < ranges.size(); ++loose)
            readLoose(ranges[loose]);
    }

    void readLoose(const LooseRange& range)
    {
        const PartRole& owner = m_roles[static_cast<std::size_t>(range.part)];
        if (owner.role == Role::Enclosed)
            return;
        const std::string_view bytes = m_message.substr(range.start, range.end - range.start);
        if (range.kind == LooseRange::Kind::Preamble) {
            // "This is a multi-part message in MIME format." is for programs of long ago.
            const std::string start = lowered(bytes.substr(0, 1000));
            if (bytes.size() < 1000 && (start.find("mime") != std::string::npos ||
                                        start.find("multi-part") != std::string::npos ||
                                        start.find("multipart") != std::string::npos))
                return;
            m_notes.add("Text before the first part is shown.");
        } else if (range.kind == LooseRange::Kind::Epilogue) {
            m_notes.add("Text behind the last part is shown.");
        }
        addText(rawText(bytes), range.part);
    }

    void readPart(std::size_t i)
    {
        const MimePart& part = m_parts[i];
        const PartRole& role = m_roles[i];
        if (role.role == Role::Enclosed && !(m_structure.details[i].isMessage && isOutermost(i)))
            return;
        if (m_structure.details[i].isMessage) {
            readMessagePart(i);
            return;
        }
        if (!part.children.empty() || (part.type.starts_with("multipart/") && !isShownRaw(i)))
            return;
        if (part.type.starts_with("message/") && m_structure.details[i].unsplit)
            addText(rawText(partBody(m_message, part)), static_cast<int>(i));
        const bool readable = isReadable(i);
        bool inPlace = false;
        if (readable && role.role == Role::Shown)
            inPlace = readShown(i);
        else if (readable && role.role == Role::HtmlOnly)
            inPlace = readHtmlOnly(i);
        else if (readable)
            inPlace = part.name.empty() || part.type == "text/plain" || part.type == "text/html" ||
                      isBlank(i);
        const bool named = !part.name.empty() && i > 0 && !isBlank(i);
        if (!inPlace || (named && role.role == Role::Shown))
            addAttachment(i);
    }

    /// Returns false where the part should be listed as well.
    bool readShown(std::size_t i)
    {
        const MimePart& part = m_parts[i];
        if (isShownRaw(i)) {
            addText(rawText(partBody(m_message, part)), static_cast<int>(i));
            return true;
        }
        if (part.type != "text/html") {
            readPlain(i);
            return true;
        }
        std::string html = readPartText(m_message, part, m_notes);
        joinText(htmlToText(html));
        return showHtml(i, std::move(html));
    }

    bool readHtmlOnly(std::size_t i)
    {
        if (m_parts[i].type == "text/plain") {
            if (m_roles[i].textOnly)
                return true;
            const std::string text = readPartText(m_message, m_parts[i], m_notes);
            if (!trimmed(text).empty())
                showText(i, text);
            return true;
        }
        if (m_parts[i].type != "text/html")
            return false;
        return showHtml(i, readPartText(m_message, m_parts[i], m_notes));
    }

    /// Each page is a document for the view, so further ones are files to be opened.
    bool showHtml(std::size_t i, std::string html)
    {
        if (isBlank(i))
            return true;
        if (m_parsed.shown.size() >= kMostShown)
            return false;
        m_hasHtml = true;
        m_parsed.shown.push_back({static_cast<int>(i), true, std::move(html)});
        return true;
    }

    void showText(std::size_t i, const std::string& text)
    {
        std::vector<ShownPart>& shown = m_parsed.shown;
        if (shown.size() >= kMostShown && !shown.back().isHtml)
            shown.back().content.append("\n\n").append(text);
        else
            shown.push_back({static_cast<int>(i), false, text});
    }

    void readPlain(std::size_t i)
    {
        const MimePart& part = m_parts[i];
        const std::string_view body = partBody(m_message, part);
        const bool identity = transferEncoding(part.encoding) == TransferEncoding::Identity;
        const auto nextBlock = [&](std::size_t from) {
            return m_uuencoded < kMostUuencoded ? findUuencoded(body, from) : std::nullopt;
        };
        auto block =
            identity && body.find("begin ") != std::string_view::npos ? nextBlock(0) : std::nullopt;
        if (!block) {
            addText(readPartText(m_message, part, m_notes), static_cast<int>(i));
            return;
        }
        std::size_t pos = 0;
        MimePart piece = part;
        for (; block; block = nextBlock(pos)) {
            piece.bodyStart = part.bodyStart + pos;
            piece.bodyEnd = part.bodyStart + block->start;
            addText(readPartText(m_message, piece, m_notes), static_cast<int>(i));
            addUuencoded(part.bodyStart, *block);
            pos = block->end;
        }
        piece.bodyStart = part.bodyStart + pos;
        piece.bodyEnd = part.bodyEnd;
        addText(readPartText(m_message, piece, m_notes), static_cast<int>(i));
        m_notes.add("A uuencoded file in the text is listed as an attachment.");
    }

    void addUuencoded(std::size_t bodyStart, const UuencodedBlock& block)
    {
        ++m_uuencoded;
        ParsedAttachment attachment;
        attachment.name = safeFileName(decodeHeaderText(block.name));
        attachment.type = "application/octet-stream";
        attachment.size = static_cast<std::int64_t>(block.size);
        attachment.start = bodyStart + block.start;
        attachment.end = bodyStart + block.end;
        if (attachment.name.empty())
            attachment.name = fileNameForType(attachment.type);
        m_parsed.attachments.push_back(std::move(attachment));
    }

    bool isOutermost(std::size_t i) const { return m_roles[i].nested == 0; }

    /// A message inside the message: its heading is shown, its text follows by itself, and the
    /// outermost one is listed to be opened or saved.
    void readMessagePart(std::size_t i)
    {
        const MimePart& part = m_parts[i];
        const std::size_t inner =
            part.children.empty() ? i : static_cast<std::size_t>(part.children[0]);
        const std::size_t start = m_parts[inner].headerStart;
        const std::vector<HeaderField> fields =
            headerFields(m_message.substr(start, m_structure.details[inner].headerEnd - start),
                         m_structure.bareCr);
        constexpr std::array<std::string_view, 5> shown{"From", "To", "Cc", "Date", "Subject"};
        constexpr std::size_t longest = 64 << 10;
        std::string heading;
        std::string subject;
        for (const std::string_view name : shown) {
            const auto field = std::find_if(fields.begin(), fields.end(), [&](const auto& f) {
                return equalsIgnoreCase(f.name, name);
            });
            if (field == fields.end())
                continue;
            const std::string value = decodeHeaderText(field->value.substr(0, longest));
            heading.append(name).append(": ").append(value) += '\n';
            if (name == "Subject")
                subject = value;
        }
        if (m_roles[i].role == Role::Shown && !heading.empty())
            addText(std::move(heading), static_cast<int>(i));
        if (isOutermost(i) && i > 0)
            addAttachment(i, subject);
    }

    void addAttachment(std::size_t i, const std::string& subject = {})
    {
        const MimePart& part = m_parts[i];
        ParsedAttachment attachment;
        attachment.part = static_cast<int>(i);
        attachment.name = part.name;
        if (attachment.name.empty() && !subject.empty())
            attachment.name = safeFileName(subject + ".eml");
        if (attachment.name.empty())
            attachment.name = fileNameForType(part.type);
        attachment.type = part.type;
        attachment.size = decodedPartSize(m_message, part);
        attachment.contentId = part.contentId;
        attachment.isInline = part.disposition == "inline";
        if (transferEncoding(part.encoding) == TransferEncoding::Unknown)
            m_notes.add("The transfer encoding \"" + part.encoding.substr(0, 60) +
                        "\" is unknown; the part is kept raw.");
        m_parsed.attachments.push_back(std::move(attachment));
    }

    void addText(std::string text, int part)
    {
        text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
        if (trimmed(text).empty())
            return;
        if (!m_roles[static_cast<std::size_t>(part)].textOnly)
            showText(static_cast<std::size_t>(part), text);
        joinText(std::move(text));
    }

    void joinText(std::string text)
    {
        text.erase(0, std::min(text.find_first_not_of('\n'), text.size()));
        if (trimmed(text).empty())
            return;
        std::string& out = m_parsed.text;
        if (out.empty()) {
            out = std::move(text);
            return;
        }
        out += out.back() == '\n' ? "\n" : "\n\n";
        out += text;
    }

    /// A part whose Content-ID the HTML asks for is shown there.
    void markInline()
    {
        std::unordered_set<std::string> wanted;
        for (const ShownPart& page : m_parsed.shown) {
            const std::string_view html =
                page.isHtml ? std::string_view(page.content) : std::string_view();
            for (std::size_t at = html.find("cid:"); at != std::string_view::npos;
                 at = html.find("cid:", at + 4)) {
                const std::size_t end =
                    std::min(html.find_first_of("\"'<> )\n", at + 4), html.size());
                wanted.insert(percentDecoded(html.substr(at + 4, end - at - 4)));
            }
        }
        for (ParsedAttachment& attachment : m_parsed.attachments)
            if (!attachment.contentId.empty() && wanted.count(attachment.contentId) > 0)
                attachment.isInline = true;
    }

    std::string_view m_message;
    const MimeStructure& m_structure;
    const std::vector<MimePart>& m_parts;
    ParsedMessage& m_parsed;
    Notes& m_notes;
    std::vector<PartRole> m_roles;
    int m_uuencoded = 0;
    bool m_hasHtml = false;
};

} // namespace

void readBodies(std::string_view message, const MimeStructure& structure, ParsedMessage& parsed,
                Notes& notes)
{
    BodyReader(message, structure, parsed, notes).run();
}

} // namespace avocet::mime
