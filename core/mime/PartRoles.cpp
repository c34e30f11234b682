// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/PartRoles.h"

#include "core/mime/Ascii.h"
#include "core/mime/PartText.h"

#include <algorithm>
#include <array>

namespace avocet::mime {
namespace {

class RoleFinder {
public:
    RoleFinder(std::string_view message, const MimeStructure& structure,
               const std::vector<MimePart>& parts)
        : m_message(message)
        , m_structure(structure)
        , m_parts(parts)
        , m_summaries(parts.size())
        , m_roles(parts.size())
    {
    }

    std::vector<PartRole> all()
    {
        summarize();
        assignRoles();
        return std::move(m_roles);
    }

private:
    struct Summary {
        bool plain = false, html = false; ///< readable text of that kind in it or below
        bool simple = false;              ///< some of it text/plain itself
    };

    /// Children come behind their parents, so one walk backwards sees each subtree whole.
    void summarize()
    {
        for (std::size_t i = m_parts.size(); i-- > 0;) {
            Summary& summary = m_summaries[i];
            if (m_parts[i].children.empty() && isReadablePart(m_structure, m_parts, i) &&
                !isBlankPart(m_message, m_parts[i])) {
                summary.html = m_parts[i].type == "text/html";
                summary.plain = !summary.html;
                summary.simple = m_parts[i].type == "text/plain";
            }
            if (m_parts[i].parent >= 0 && !m_structure.details[i].isMessage) {
                Summary& parent = m_summaries[static_cast<std::size_t>(m_parts[i].parent)];
                parent.plain = parent.plain || summary.plain;
                parent.html = parent.html || summary.html;
                parent.simple = parent.simple || summary.simple;
            }
        }
    }

    void assignRoles()
    {
        for (std::size_t i = 0; i < m_parts.size(); ++i) {
            const MimePart& part = m_parts[i];
            PartRole& own = m_roles[i];
            if (m_structure.details[i].isMessage && isAttachedPart(part) && i > 0)
                own.role = Role::Enclosed;
            const bool alternative = part.type == "multipart/alternative";
            const Chosen chosen = alternative ? chooseAlternative(part) : Chosen{};
            for (const int index : part.children) {
                PartRole& child = m_roles[static_cast<std::size_t>(index)];
                child.nested = own.nested + (m_structure.details[i].isMessage ? 1 : 0);
                child.textOnly = own.textOnly;
                child.role = own.role;
                const bool taken = own.role == Role::Shown || own.role == Role::HtmlOnly;
                if (!alternative || !taken || (chosen.plain < 0 && chosen.html < 0))
                    continue;
                if (index == chosen.html && (index != chosen.plain))
                    child.role = chosen.plain >= 0 ? Role::HtmlOnly : own.role;
                else if (index != chosen.plain)
                    child.role = Role::Unchosen;
                else if (chosen.html >= 0)
                    child.textOnly = child.textOnly || index != chosen.html;
            }
        }
    }

    struct Chosen {
        int plain = -1, html = -1;
    };

    /// The last one that can be read is the richest (RFC 2046 5.1.4); of texts the plain one, since enriched text and pages
    /// for watches are markup.
    Chosen chooseAlternative(const MimePart& part) const
    {
        Chosen chosen;
        for (const int index : part.children) {
            const Summary& child = m_summaries[static_cast<std::size_t>(index)];
            const bool worse = chosen.plain >= 0 && !child.simple &&
                               m_summaries[static_cast<std::size_t>(chosen.plain)].simple;
            if (child.plain && !(child.html && chosen.plain >= 0) && !worse)
                chosen.plain = index;
            if (child.html)
                chosen.html = index;
        }
        return chosen;
    }

    std::string_view m_message;
    const MimeStructure& m_structure;
    const std::vector<MimePart>& m_parts;
    std::vector<Summary> m_summaries;
    std::vector<PartRole> m_roles;
};

} // namespace

bool isAttachedPart(const MimePart& part)
{
    return !part.disposition.empty() && part.disposition != "inline";
}

bool isUnsplitMultipart(const MimeStructure& structure, const std::vector<MimePart>& parts,
                        std::size_t index)
{
    return structure.details[index].unsplit && parts[index].type.starts_with("multipart/");
}

bool isReadablePart(const MimeStructure& structure, const std::vector<MimePart>& parts,
                    std::size_t index)
{
    const MimePart& part = parts[index];
    if (isUnsplitMultipart(structure, parts, index))
        return true;
    if (isAttachedPart(part) || !part.type.starts_with("text/"))
        return false;
    constexpr std::array<std::string_view, 5> opened{"text/calendar", "text/vcard", "text/x-vcard",
                                                     "text/directory", "text/rfc822-headers"};
    if (std::find(opened.begin(), opened.end(), part.type) != opened.end())
        return false;
    return part.type == "text/plain" || part.type == "text/html" || part.name.empty();
}

bool isBlankPart(std::string_view message, const MimePart& part)
{
    const std::string_view body = partBody(message, part);
    return std::all_of(body.begin(), body.end(), isSpace);
}

std::vector<PartRole> partRoles(std::string_view message, const MimeStructure& structure,
                                const std::vector<MimePart>& parts)
{
    return RoleFinder(message, structure, parts).all();
}

} // namespace avocet::mime
