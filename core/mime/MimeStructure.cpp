// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MimeStructure.h"

#include "core/mime/Ascii.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/PartFields.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <optional>

namespace avocet::mime {
namespace {

bool isMessageType(std::string_view type)
{
    return type == "message/rfc822" || type == "message/global" || type == "message/news";
}

class StructureReader {
public:
    StructureReader(std::string_view message, const ReaderLimits& limits, Notes& notes)
        : m_message(message)
        , m_limits(limits)
        , m_notes(notes)
        , m_lines(message, usesBareCr(message))
    {
        m_result.bareCr = usesBareCr(message);
    }

    MimeStructure run()
    {
        std::size_t pos = openPart(-1, messageStart(), false);
        while (pos < m_message.size()) {
            const Line line = m_lines.at(pos);
            const auto match = matchBoundary(line);
            pos = match ? passBoundary(*match, line) : line.next;
        }
        closeAbove(0, m_message.size());
        return std::move(m_result);
    }

private:
    /// A container whose end has not come yet.
    struct Open {
        int part = 0;
        std::string boundary;      ///< empty: a message/rfc822
        bool started = false;      ///< its boundary has occurred
        bool closed = false;       ///< its closing boundary has occurred
        std::size_t looseFrom = 0; ///< start of its preamble or epilogue
    };
    struct Match {
        std::size_t level = 0; ///< index into m_open
        bool closing = false;
    };
    struct Header {
        std::size_t fieldsEnd = 0, bodyStart = 0;
    };

    std::string_view text(const Line& line) const
    {
        return m_message.substr(line.start, line.end - line.start);
    }
    MimePart& part(int index) { return m_result.parts[static_cast<std::size_t>(index)]; }
    PartDetail& detail(int index) { return m_result.details[static_cast<std::size_t>(index)]; }

    /// Behind a byte order mark, and behind empty lines that a header follows.
    std::size_t messageStart() const
    {
        std::size_t pos = m_message.starts_with("\xEF\xBB\xBF") ? 3 : 0;
        const std::size_t start = pos;
        while (pos < m_message.size()) {
            const Line line = m_lines.at(pos);
            const std::string_view content = text(line);
            if (content.empty()) {
                pos = line.next;
                continue;
            }
            const std::size_t name = fieldNameLength(content);
            const bool header =
                isMboxLine(content) || (name > 0 && isLikelyFieldName(content.substr(0, name)));
            return header ? pos : start;
        }
        return start;
    }

    std::optional<Match> matchBoundary(const Line& line) const
    {
        const std::string_view content = text(line);
        if (!content.starts_with("--"))
            return std::nullopt;
        const std::string_view mark = trimmedEnd(content).substr(2);
        for (std::size_t level = m_open.size(); level-- > 0;) {
            const std::string& boundary = m_open[level].boundary;
            if (boundary.empty() || !mark.starts_with(boundary))
                continue;
            const std::string_view rest = mark.substr(boundary.size());
            if (rest.empty() || rest == "--")
                return Match{level, !rest.empty()};
        }
        return std::nullopt;
    }

    std::size_t passBoundary(const Match& match, const Line& line)
    {
        // The line end before a boundary belongs to the boundary (RFC 2046 5.1.1).
        std::size_t end = line.start;
        if (end > 0 && m_message[end - 1] == '\n')
            --end;
        if (end > 0 && m_message[end - 1] == '\r' && (end < line.start || m_result.bareCr))
            --end;
        closeAbove(match.level + 1, end);
        Open& open = m_open[match.level];
        endLoose(open, line.start);
        if (match.closing) {
            open.started = true;
            open.closed = true;
            open.looseFrom = line.next;
            return line.next;
        }
        if (open.closed)
            m_notes.add("A part follows behind the closing boundary; it is shown as well.");
        open.started = true;
        open.closed = false;
        if (m_result.parts.size() >= static_cast<std::size_t>(m_limits.parts)) {
            m_notes.add("The message has more parts than can be listed; the rest is shown raw.");
            addLoose(line.start, m_message.size(), LooseRange::Kind::Rest, open.part);
            open.looseFrom = m_message.size();
            open.closed = true;
            return m_message.size();
        }
        const bool digest = part(open.part).type == "multipart/digest";
        open.looseFrom = m_message.size();
        return openPart(open.part, line.next, digest);
    }

    void addLoose(std::size_t start, std::size_t end, LooseRange::Kind kind, int owner)
    {
        if (start < end && !trimmed(m_message.substr(start, end - start)).empty())
            m_result.loose.push_back({start, end, kind, owner});
    }

    void endLoose(const Open& open, std::size_t end)
    {
        if (open.started && !open.closed)
            return;
        addLoose(open.looseFrom, end,
                 open.closed ? LooseRange::Kind::Epilogue : LooseRange::Kind::Preamble, open.part);
    }

    /// Ends the current leaf and all containers from `level` upwards.
    void closeAbove(std::size_t level, std::size_t end)
    {
        if (m_leaf >= 0) {
            // A header may reach up to the boundary, past the line end that belongs to it.
            end = std::max(part(m_leaf).bodyStart, end);
            part(m_leaf).bodyEnd = end;
        }
        m_leaf = -1;
        while (m_open.size() > level) {
            const Open& open = m_open.back();
            MimePart& container = part(open.part);
            end = std::max(container.bodyStart, end);
            container.bodyEnd = end;
            if (!open.boundary.empty() && !open.started) {
                detail(open.part).unsplit = true;
                m_notes.add("The boundary of a multipart never occurs; its body is shown raw.");
            } else if (!open.boundary.empty()) {
                if (!open.closed)
                    m_notes.add("The closing boundary of a multipart is missing.");
                endLoose(open, container.bodyEnd);
            }
            m_open.pop_back();
        }
    }

    /// Opens the part whose header starts at `pos`, and where that is a message what it holds;
    /// returns where its body goes on.
    std::size_t openPart(int parent, std::size_t pos, bool digest)
    {
        for (;;) {
            const int index = static_cast<int>(m_result.parts.size());
            m_result.parts.emplace_back();
            m_result.details.emplace_back();
            if (parent >= 0)
                part(parent).children.push_back(index);
            const Header header = scanHeader(pos, index);
            MimePart& current = part(index);
            current.parent = parent;
            current.headerStart = pos;
            current.bodyStart = current.bodyEnd = header.bodyStart;
            detail(index).headerEnd = header.fieldsEnd;
            std::string boundary = readPartFields(
                headerFields(m_message.substr(pos, header.fieldsEnd - pos), m_result.bareCr),
                digest, current, m_notes);
            const bool multipart = current.type.starts_with("multipart/");
            const bool message = isMessageType(current.type) &&
                                 transferEncoding(current.encoding) == TransferEncoding::Identity;
            if (!multipart && !message) {
                m_leaf = index;
                return header.bodyStart;
            }
            if (!mayOpen(index, multipart, boundary)) {
                m_leaf = index;
                return header.bodyStart;
            }
            m_open.push_back({index, std::move(boundary), false, false, header.bodyStart});
            if (multipart)
                return header.bodyStart;
            detail(index).isMessage = true;
            parent = index;
            pos = header.bodyStart;
            digest = false;
        }
    }

    bool mayOpen(int index, bool multipart, const std::string& boundary)
    {
        if (multipart && boundary.empty()) {
            detail(index).unsplit = true;
            m_notes.add("A multipart names no boundary; its body is shown raw.");
            return false;
        }
        const bool deep = m_open.size() >= static_cast<std::size_t>(std::max(m_limits.depth, 0));
        const bool many = m_result.parts.size() >= static_cast<std::size_t>(m_limits.parts);
        if (!deep && !many)
            return true;
        detail(index).unsplit = true;
        m_notes.add(deep ? "The parts are nested too deeply; what lies deeper is shown raw."
                         : "The message has more parts than can be listed; the rest is shown raw.");
        return false;
    }

    /// Whether one of the next lines is a field again, so that a line which is none is only a
    /// damaged one.
    bool headerGoesOn(std::size_t pos) const
    {
        for (int i = 0; i < 3 && pos < m_message.size(); ++i) {
            const Line line = m_lines.at(pos);
            const std::string_view content = text(line);
            if (content.empty() || content.starts_with("--"))
                return false;
            const std::size_t name = fieldNameLength(content);
            if (name > 0 && isLikelyFieldName(content.substr(0, name)))
                return true;
            pos = line.next;
        }
        return false;
    }

    /// Finds the end of a header: its empty line, or, where that is missing, the last line that
    /// is a field beyond doubt.
    Header scanHeader(std::size_t start, int index)
    {
        const std::size_t limit = start + std::min(m_limits.headerBlock, m_message.size() - start);
        std::size_t sureEnd = start; // behind the last field that mail headers do have
        bool sure = false;
        std::size_t pos = start;
        while (pos < m_message.size()) {
            const Line line = m_lines.at(pos);
            const std::string_view content = text(line);
            if (content.empty())
                return headerUpTo(limit, line.start, line.next, index);
            if (matchBoundary(line))
                break;
            const bool folded = content.front() == ' ' || content.front() == '\t';
            const std::size_t name = folded ? 0 : fieldNameLength(content);
            if (name > 0)
                sure = isLikelyFieldName(content.substr(0, name));
            else if (folded && pos > start && trimmed(content).empty() && !headerGoesOn(line.next))
                return headerUpTo(limit, line.start, line.next, index);
            else if (!folded && isMboxLine(content) && pos == start)
                sure = true;
            else if ((!folded || pos == start) && !(pos > start && headerGoesOn(line.next)))
                break;
            else if (!folded)
                m_notes.add("A line in the header is no header field: " +
                            cleanLine(isValidUtf8(content.substr(0, 200)) ? content.substr(0, 200)
                                                                          : "(unreadable)"));
            pos = line.next;
            if (sure)
                sureEnd = pos;
        }
        if (sureEnd > start && sureEnd < m_message.size())
            m_notes.add("The empty line behind a header is missing.");
        return headerUpTo(limit, sureEnd, sureEnd, index);
    }

    Header headerUpTo(std::size_t limit, std::size_t end, std::size_t body, int index)
    {
        if (end <= limit)
            return {end, body};
        m_notes.add("A header is larger than can be read; its rest is shown raw.");
        addLoose(limit, end, LooseRange::Kind::HeaderRest, index);
        return {limit, body};
    }

    std::string_view m_message;
    ReaderLimits m_limits;
    Notes& m_notes;
    LineCutter m_lines;
    MimeStructure m_result;
    std::vector<Open> m_open;
    int m_leaf = -1; ///< the part whose body is being passed, -1 between parts
};

} // namespace

void Notes::add(std::string_view note)
{
    constexpr std::size_t most = 100;
    if (m_notes.size() < most && std::find(m_notes.begin(), m_notes.end(), note) == m_notes.end())
        m_notes.emplace_back(note);
}

MimeStructure readStructure(std::string_view message, const ReaderLimits& limits, Notes& notes)
{
    return StructureReader(message, limits, notes).run();
}

} // namespace avocet::mime
