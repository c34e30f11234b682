// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/SafeTransfer.h"

#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MessageBuilderParts.h"
#include "core/mime/MimeStructure.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace avocet::mime {
namespace {

constexpr std::size_t kLongestWireLine = 998; // without its line end
constexpr std::size_t kFoldedLine = 78;

struct Edit {
    std::size_t start = 0, end = 0;
    std::string text;
};

bool hasLongLine(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        if (line.size() - (line.ends_with('\r') ? 1 : 0) > kLongestWireLine)
            return true;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return false;
}

bool isUnfit(std::string_view text, Transfer transfer)
{
    return hasLongLine(text) || (transfer == Transfer::SevenBit && !isAscii(text));
}

class Repair {
public:
    Repair(std::string_view message, Transfer transfer)
        : m_message(message)
        , m_transfer(transfer)
        , m_notes(m_noteTexts)
        , m_structure(readStructure(message, {}, m_notes))
    {
    }

    Result<std::string> run()
    {
        for (std::size_t i = 0; i < m_structure.parts.size(); ++i) {
            const MimePart& part = m_structure.parts[i];
            const bool changed = foldHeader(part);
            const bool encoded = part.children.empty() ? encode(part) : relabel(part);
            if ((changed || encoded) && isSigned(part))
                return invalid("What is signed has lines that are too long, or is not ASCII, and "
                               "changing it would break its signature");
        }
        std::string result = edited();
        if (isUnfit(result, m_transfer))
            return invalid(hasLongLine(result)
                               ? "The message has a line of more than 998 bytes that cannot be "
                                 "broken"
                               : "The message is not ASCII where it cannot be encoded");
        return result;
    }

private:
    std::string_view between(std::size_t start, std::size_t end) const
    {
        return m_message.substr(start, end - start);
    }

    std::vector<HeaderField> fields(const MimePart& part) const
    {
        return headerFields(between(part.headerStart, part.bodyStart), false);
    }

    bool hasField(const MimePart& part, std::string_view name) const
    {
        const auto all = fields(part);
        return std::any_of(all.begin(), all.end(), [&](const HeaderField& field) {
            return equalsIgnoreCase(field.name, name);
        });
    }

    /// By somebody around it, so that its bytes must stay.
    bool isSigned(const MimePart& part) const
    {
        for (const MimePart* one = &part;;) {
            if (one->type == "multipart/signed" || hasField(*one, "DKIM-Signature"))
                return true;
            if (one->parent < 0)
                return false;
            one = &m_structure.parts[static_cast<std::size_t>(one->parent)];
        }
    }

    /// Breaks lines that are too long at spaces, which says the same (RFC 5322 2.2.3).
    bool foldHeader(const MimePart& part)
    {
        const std::size_t before = m_edits.size();
        const LineCutter lines(m_message, false);
        for (std::size_t pos = part.headerStart; pos < part.bodyStart && pos < m_message.size();) {
            const Line line = lines.at(pos);
            pos = line.next;
            if (line.end - line.start <= kLongestWireLine)
                continue;
            std::size_t lineStart = line.start;
            // Not behind the colon: a line of nothing but spaces would be no continuation.
            std::size_t fold = m_message.find_first_of(": ", line.start + 1) + 2;
            for (; fold < line.end; ++fold) {
                const bool space = m_message[fold] == ' ' && m_message[fold - 1] != ' ';
                const std::size_t next = std::min(m_message.find(' ', fold + 1), line.end);
                if (!space || next - lineStart <= kFoldedLine)
                    continue;
                m_edits.push_back({fold, fold, "\r\n"});
                lineStart = fold;
            }
        }
        return m_edits.size() != before;
    }

    /// A container says of what it holds that it is 8-bit (RFC 2045 6.4).
    bool relabel(const MimePart& part)
    {
        if (m_transfer != Transfer::SevenBit ||
            (part.encoding != "8bit" && part.encoding != "binary"))
            return false;
        setEncoding(part, "7bit");
        return false; // the parts within decide whether anything was changed
    }

    bool encode(const MimePart& part)
    {
        const std::string_view body = between(part.bodyStart, part.bodyEnd);
        const TransferEncoding was = transferEncoding(part.encoding);
        const bool fixed = part.type.starts_with("multipart/") ||
                           part.type.starts_with("message/") || was == TransferEncoding::Unknown ||
                           was == TransferEncoding::Uuencode;
        if (!isUnfit(body, m_transfer) || fixed)
            return false;
        const std::string data = decodeTransfer(was, body);
        const auto high =
            std::count_if(data.begin(), data.end(), [](char c) { return (byte(c) & 0x80) != 0; });
        const bool isText = part.type.empty() || part.type.starts_with("text/");
        const bool base64 = !isText || static_cast<std::size_t>(high) * 3 > data.size() ||
                            was == TransferEncoding::Base64;
        std::string encoded = base64 ? encodeBase64(data) : encodeQuotedPrintable(data);
        // What is in a multipart ends before the line end that belongs to the boundary.
        if (base64 && part.parent >= 0 && encoded.ends_with("\r\n"))
            encoded.resize(encoded.size() - 2);
        else if (part.parent < 0 && !encoded.ends_with("\r\n"))
            encoded += "\r\n";
        setEncoding(part, base64 ? "base64" : "quoted-printable");
        if (part.parent < 0)
            declare(part, data);
        m_edits.push_back({part.bodyStart, part.bodyEnd, std::move(encoded)});
        return true;
    }

    std::size_t endOfHeader(const MimePart& part) const
    {
        const std::string_view header = between(part.headerStart, part.bodyStart);
        return part.bodyStart - (header.ends_with("\r\n") ? 2 : 0);
    }

    void setEncoding(const MimePart& part, std::string_view encoding)
    {
        const std::string line = "Content-Transfer-Encoding: " + std::string(encoding) + "\r\n";
        bool written = false;
        for (const HeaderField& field : fields(part)) {
            if (!equalsIgnoreCase(field.name, "Content-Transfer-Encoding"))
                continue;
            m_edits.push_back({part.headerStart + field.start, part.headerStart + field.end,
                               written ? std::string() : line});
            written = true;
        }
        if (!written)
            m_edits.push_back({endOfHeader(part), endOfHeader(part), line});
    }

    /// An encoding means nothing in a message that is none of MIME (RFC 2045 4).
    void declare(const MimePart& part, std::string_view data)
    {
        std::string lines;
        if (!hasField(part, "MIME-Version"))
            lines += "MIME-Version: 1.0\r\n";
        if (!hasField(part, "Content-Type")) // unknown-8bit: RFC 1428
            lines += std::string("Content-Type: text/plain; charset=") +
                     (isAscii(data)       ? "us-ascii"
                      : isValidUtf8(data) ? "utf-8"
                                          : "unknown-8bit") +
                     "\r\n";
        if (!lines.empty())
            m_edits.push_back({endOfHeader(part), endOfHeader(part), lines});
    }

    std::string edited()
    {
        std::stable_sort(m_edits.begin(), m_edits.end(),
                         [](const Edit& a, const Edit& b) { return a.start < b.start; });
        std::string result;
        std::size_t kept = 0;
        for (const Edit& edit : m_edits) {
            result.append(m_message, kept, edit.start - kept).append(edit.text);
            kept = edit.end;
        }
        return result.append(m_message.substr(kept));
    }

    std::string_view m_message;
    Transfer m_transfer;
    std::vector<std::string> m_noteTexts;
    Notes m_notes;
    MimeStructure m_structure;
    std::vector<Edit> m_edits;
};

} // namespace

Result<std::string> safeForTransfer(std::string_view message, Transfer transfer)
{
    if (!isUnfit(message, transfer))
        return std::string(message);
    return Repair(message, transfer).run();
}

} // namespace avocet::mime
