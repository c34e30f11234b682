// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageReader.h"

#include "core/mime/Ascii.h"
#include "core/mime/BodyText.h"
#include "core/mime/HeaderFields.h"
#include "core/mime/MimeStructure.h"
#include "core/mime/PartText.h"
#include "core/mime/Tnef.h"
#include "core/mime/TransferEncoding.h"
#include "core/mime/Uuencode.h"

#include <algorithm>

namespace avocet {
namespace {

using namespace mime;

/// Reads the root's own fields.
class EnvelopeReader {
public:
    EnvelopeReader(ParsedMessage& parsed, const ReaderLimits& limits, Notes& notes)
        : m_parsed(parsed)
        , m_limit(limits.addressField)
        , m_notes(notes)
    {
    }

    void run(const std::vector<HeaderField>& fields)
    {
        readAddresses(fields, "From", m_parsed.from);
        readAddresses(fields, "Sender", m_parsed.sender);
        readAddresses(fields, "Reply-To", m_parsed.replyTo);
        readAddresses(fields, "To", m_parsed.to);
        readAddresses(fields, "Cc", m_parsed.cc);
        readAddresses(fields, "Bcc", m_parsed.bcc);
        noteMisleadingNames();
        if (const auto* subject = first(fields, "Subject"))
            m_parsed.subject = decodeHeaderText(bounded(*subject));
        if (const auto* date = first(fields, "Date")) {
            m_parsed.date = parseMailDate(date->value, &m_parsed.dateOffset);
            if (!m_parsed.date)
                m_notes.add("The date cannot be read: " +
                            decodeHeaderText(date->value.substr(0, 200)));
        }
        readIds(fields);
    }

    /// What is longer than is read of a field, to be shown raw.
    const std::string& rest() const { return m_rest; }

private:
    static const HeaderField* first(const std::vector<HeaderField>& fields, std::string_view name)
    {
        const auto found = std::find_if(fields.begin(), fields.end(), [&](const HeaderField& f) {
            return equalsIgnoreCase(f.name, name);
        });
        return found == fields.end() ? nullptr : &*found;
    }

    /// The part of a field within the limit; an address is not cut in two.
    std::string_view bounded(const HeaderField& field)
    {
        if (field.value.size() <= m_limit)
            return field.value;
        std::string_view value = field.value.substr(0, m_limit);
        const std::size_t cut = value.find_last_of(",\n ");
        if (cut != std::string_view::npos && cut > 0)
            value = value.substr(0, cut);
        m_notes.add("The field \"" + std::string(field.name) +
                    "\" is larger than can be read; its rest is shown raw.");
        m_rest.append(field.name).append(": ");
        m_rest.append(rawText(field.value.substr(value.size()))) += '\n';
        return value;
    }

    void readAddresses(const std::vector<HeaderField>& fields, std::string_view name,
                       std::vector<Address>& out)
    {
        int count = 0;
        std::size_t size = 0;
        for (const HeaderField& field : fields) {
            if (!equalsIgnoreCase(field.name, name))
                continue;
            if (++count > 1)
                m_notes.add("There is more than one field \"" + std::string(name) + "\".");
            size += field.value.size();
            if (size > m_limit && count > 1) {
                m_rest.append(name).append(": ").append(rawText(field.value)) += '\n';
                continue;
            }
            std::vector<Address> list = parseAddressList(bounded(field));
            std::move(list.begin(), list.end(), std::back_inserter(out));
        }
    }

    void noteMisleadingNames()
    {
        for (const Address& address : m_parsed.from) {
            const bool shows = address.name.find('@') != std::string::npos;
            if (shows && lowered(address.name).find(lowered(address.address)) == std::string::npos)
                m_notes.add("The sender's name shows another address than the real one.");
        }
    }

    void readIds(const std::vector<HeaderField>& fields)
    {
        const auto ids = [&](std::string_view name) {
            const auto* field = first(fields, name);
            return field != nullptr ? parseMessageIds(field->value) : std::vector<std::string>();
        };
        if (auto own = ids("Message-ID"); !own.empty())
            m_parsed.messageId = std::move(own.front());
        if (auto parents = ids("In-Reply-To"); !parents.empty())
            m_parsed.inReplyTo = std::move(parents.front());
        m_parsed.references = ids("References");
    }

    ParsedMessage& m_parsed;
    std::size_t m_limit;
    Notes& m_notes;
    std::string m_rest;
};

} // namespace

ParsedMessage readMessage(std::string_view message, const ReaderLimits& limits)
{
    ParsedMessage parsed;
    Notes notes(parsed.notes);
    MimeStructure structure = readStructure(message, limits, notes);
    parsed.parts = std::move(structure.parts);
    const std::size_t start = parsed.parts.front().headerStart;
    const std::size_t end = structure.details.front().headerEnd;
    EnvelopeReader envelope(parsed, limits, notes);
    envelope.run(headerFields(message.substr(start, end - start), structure.bareCr));
    readBodies(message, structure, parsed, notes);
    unpackTnef(message, parsed);
    if (!envelope.rest().empty()) {
        parsed.text += parsed.text.empty() ? "" : "\n\n";
        parsed.text += envelope.rest();
    }
    return parsed;
}

int partByContentId(const ParsedMessage& message, int from, std::string_view contentId)
{
    const std::vector<MimePart>& parts = message.parts;
    if (from < 0 || static_cast<std::size_t>(from) >= parts.size() || contentId.empty())
        return -1;
    const auto parent = [&](int part) { return parts[static_cast<std::size_t>(part)].parent; };
    int root = from;
    for (int up = parent(from); up >= 0; up = parent(up)) {
        const std::string& type = parts[static_cast<std::size_t>(up)].type;
        if (type == "message/rfc822" || type == "message/global")
            break;
        root = up;
    }
    // How far up from `from` each part around it stands; what is below shares that distance.
    std::vector<int> distance(parts.size(), -1);
    int steps = 0;
    for (int up = from; up != parent(root); up = parent(up))
        distance[static_cast<std::size_t>(up)] = steps++;
    int best = -1;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].contentId != contentId)
            continue;
        int up = static_cast<int>(i);
        while (up >= 0 && distance[static_cast<std::size_t>(up)] < 0)
            up = parent(up);
        if (up >= 0 && distance[static_cast<std::size_t>(up)] < steps) {
            best = static_cast<int>(i);
            steps = distance[static_cast<std::size_t>(up)];
        }
    }
    return best;
}

std::string decodedPart(std::string_view message, const MimePart& part)
{
    const std::string_view body = partBody(message, part);
    if (!part.children.empty())
        return std::string(body);
    return decodeTransfer(transferEncoding(part.encoding), body);
}

std::int64_t decodedPartSize(std::string_view message, const MimePart& part)
{
    const std::string_view body = partBody(message, part);
    const TransferEncoding encoding =
        part.children.empty() ? transferEncoding(part.encoding) : TransferEncoding::Identity;
    return static_cast<std::int64_t>(decodedSize(encoding, body));
}

std::string decodedAttachment(std::string_view message, const ParsedMessage& parsed,
                              const ParsedAttachment& attachment)
{
    const auto index = static_cast<std::size_t>(attachment.part);
    if (attachment.part >= 0 && index < parsed.parts.size() && attachment.file >= 0) {
        auto content = readTnef(decodedPart(message, parsed.parts[index]));
        const auto file = static_cast<std::size_t>(attachment.file);
        return content && file < content->files.size() ? std::move(content->files[file].data)
                                                       : std::string();
    }
    if (attachment.part >= 0 && index < parsed.parts.size())
        return decodedPart(message, parsed.parts[index]);
    if (attachment.start > message.size() || attachment.end < attachment.start)
        return {};
    return decodeUuencoded(message.substr(attachment.start, attachment.end - attachment.start));
}

std::string partText(std::string_view message, const MimePart& part)
{
    std::vector<std::string> ignored;
    Notes notes(ignored);
    return readPartText(message, part, notes);
}

} // namespace avocet
