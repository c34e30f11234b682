// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/Tnef.h"

#include "core/mime/Ascii.h"
#include "core/mime/Charset.h"
#include "core/mime/CompressedRtf.h"
#include "core/mime/FileNames.h"
#include "core/mime/Utf8.h"

#include <algorithm>
#include <cstdint>

namespace avocet::mime {
namespace {

constexpr std::uint32_t kSignature = 0x223E9F78;
constexpr std::size_t kMostFiles = 100;   // each is found by reading all of it again
constexpr std::size_t kMostMessages = 20; // within messages
constexpr std::size_t kLongestName = 1'000;

/// What is read beyond the end is nothing, and everything behind it as well.
class Bytes {
public:
    explicit Bytes(std::string_view bytes)
        : m_rest(bytes)
    {
    }

    std::uint32_t number(std::size_t size)
    {
        const std::string_view bytes = take(size);
        std::uint32_t value = 0;
        for (std::size_t i = bytes.size(); i-- > 0;)
            value = value << 8 | byte(bytes[i]);
        return value;
    }

    std::string_view take(std::size_t size)
    {
        if (size > m_rest.size()) {
            m_rest = {};
            m_good = false;
            return {};
        }
        const std::string_view taken = m_rest.substr(0, size);
        m_rest.remove_prefix(size);
        return taken;
    }

    std::string_view takeUpTo(std::size_t size) { return take(std::min(size, m_rest.size())); }
    bool good() const { return m_good && !m_rest.empty(); }

private:
    std::string_view m_rest;
    bool m_good = true;
};

std::string_view withoutNul(std::string_view text)
{
    return text.substr(0, text.find('\0'));
}

// MS-OXCDATA 2.11.1
enum PropertyType : unsigned {
    Short = 2,
    Long = 3,
    Float = 4,
    Double = 5,
    Currency = 6,
    AppTime = 7,
    ErrorValue = 10,
    Boolean = 11,
    Object = 13,
    Int64 = 20,
    String8 = 30,
    Unicode = 31,
    SysTime = 64,
    ClassId = 72,
    Binary = 258,
};
constexpr unsigned kMultiple = 0x1000;

/// 0: of varying size.
std::optional<std::size_t> sizeOf(unsigned type)
{
    switch (type) {
    case Short:
    case Long:
    case Float:
    case ErrorValue:
    case Boolean:
        return 4;
    case Double:
    case Currency:
    case AppTime:
    case Int64:
    case SysTime:
        return 8;
    case ClassId:
        return 16;
    case Object:
    case String8:
    case Unicode:
    case Binary:
        return 0;
    default:
        return std::nullopt;
    }
}

struct Property {
    unsigned id = 0;
    unsigned type = 0;
    std::string_view value; ///< the first, of several
};

/// MS-OXTNEF 2.1.3.4; ends at the first property that cannot be.
std::vector<Property> propertiesIn(std::string_view data)
{
    std::vector<Property> properties;
    Bytes bytes(data);
    for (std::uint32_t left = bytes.number(4); left > 0 && bytes.good(); --left) {
        const unsigned type = bytes.number(2);
        Property property{bytes.number(2), type & ~kMultiple, {}};
        if (property.id >= 0x8000) {
            bytes.take(16);
            const bool named = bytes.number(4) == 1;
            const std::size_t size = bytes.number(4);
            if (named)
                bytes.take(size + (4 - size % 4) % 4);
        }
        const auto fixed = sizeOf(property.type);
        if (!fixed)
            break;
        const std::uint32_t count = (type & kMultiple) != 0 || *fixed == 0 ? bytes.number(4) : 1;
        for (std::uint32_t i = 0; i < count && bytes.good(); ++i) {
            const std::size_t size = *fixed != 0 ? *fixed : bytes.number(4);
            const std::string_view value = bytes.take(size);
            bytes.takeUpTo((4 - size % 4) % 4);
            if (i == 0)
                property.value = value;
        }
        properties.push_back(property);
    }
    return properties;
}

class TnefReader {
public:
    TnefContent all(std::string_view whole)
    {
        m_waiting.push_back(whole);
        for (std::size_t i = 0; i < m_waiting.size(); ++i) {
            m_text.clear();
            m_html.clear();
            m_rtf = {};
            message(m_waiting[i]);
            takeText(i == 0);
        }
        finish();
        return std::move(m_content);
    }

private:
    // MS-OXTNEF 2.1.3.1: what each attribute is, with its type.
    enum Attribute : std::uint32_t {
        Body = 0x0002800C,
        AttachData = 0x0006800F,
        AttachTitle = 0x00018010,
        AttachRendData = 0x00069002,
        MessageProperties = 0x00069003,
        AttachmentProperties = 0x00069005,
        OemCodepage = 0x00069007,
    };

    void message(std::string_view data)
    {
        Bytes bytes(data);
        if (bytes.number(4) != kSignature)
            return;
        bytes.take(2);
        m_codepage = "windows-1252";
        m_file = nullptr;
        while (bytes.good()) {
            bytes.take(1);
            const std::uint32_t id = bytes.number(4);
            const std::size_t size = bytes.number(4);
            const std::string_view value = bytes.takeUpTo(size);
            bytes.takeUpTo(2);
            attribute(id, value);
        }
    }

    void attribute(std::uint32_t id, std::string_view value)
    {
        switch (id) {
        case OemCodepage:
            if (const std::uint32_t page = Bytes(value).number(4); page > 0 && page < 66'000)
                m_codepage = page == 65'001 ? "utf-8" : "windows-" + std::to_string(page);
            break;
        case Body:
            if (m_text.empty())
                m_text = text(value);
            break;
        case MessageProperties:
            messageProperties(value);
            break;
        case AttachRendData:
            m_file = nullptr;
            if (m_content.files.size() < kMostFiles)
                m_file = &m_content.files.emplace_back();
            break;
        case AttachTitle:
            if (m_file && m_file->name.empty())
                m_file->name = text(value.substr(0, kLongestName));
            break;
        case AttachData:
            if (m_file)
                m_file->data = value;
            break;
        case AttachmentProperties:
            if (m_file)
                fileProperties(value);
            break;
        default:
            break;
        }
    }

    std::string text(std::string_view bytes) const
    {
        return cleanText(toUtf8(withoutNul(bytes), m_codepage));
    }

    std::string text(const Property& property) const
    {
        if (property.type != Unicode)
            return text(property.value);
        std::string_view value = property.value.substr(0, property.value.size() / 2 * 2);
        while (value.size() >= 2 && value[value.size() - 1] == '\0' &&
               value[value.size() - 2] == '\0')
            value.remove_suffix(2);
        return cleanText(toUtf8(value, "utf-16le"));
    }

    std::string line(Property property) const
    {
        property.value = property.value.substr(0, kLongestName);
        return cleanLine(text(property));
    }

    void messageProperties(std::string_view value)
    {
        for (const Property& property : propertiesIn(value)) {
            if (property.id == 0x1000 && m_text.empty())
                m_text = text(property);
            else if (property.id == 0x1013)
                m_html = text(property);
            else if (property.id == 0x1009)
                m_rtf = property.value;
        }
    }

    void fileProperties(std::string_view value)
    {
        for (const Property& property : propertiesIn(value)) {
            switch (property.id) {
            case 0x3707: // the long name
            case 0x3001:
                if (property.id == 0x3707 || m_file->name.empty())
                    m_file->name = line(property);
                break;
            case 0x370E:
                m_file->type = lowered(line(property));
                break;
            case 0x3712:
                m_file->contentId = line(property);
                break;
            case 0x3701:
                object(property.value);
                break;
            default:
                break;
            }
        }
    }

    /// A message within: an interface's identifier, then TNEF again.
    void object(std::string_view value)
    {
        constexpr std::size_t identifier = 16;
        if (value.size() <= identifier)
            return;
        const std::string_view inner = value.substr(identifier);
        if (Bytes(inner).number(4) == kSignature && m_waiting.size() < kMostMessages)
            m_waiting.push_back(inner);
        else if (m_file->data.empty())
            m_file->data = inner;
    }

    /// That of a message within becomes a file. Where rich text is all there is, it is one as well.
    void takeText(bool outermost)
    {
        const bool onlyRich = m_text.empty() && m_html.empty();
        if (outermost) {
            m_content.text = m_text;
            m_content.html = m_html;
        } else if (!m_text.empty()) {
            addFile("message.txt", "text/plain", std::move(m_text));
        } else if (!m_html.empty()) {
            addFile("message.html", "text/html", std::move(m_html));
        }
        if (auto rtf = onlyRich ? decompressedRtf(m_rtf) : std::nullopt; rtf && !rtf->empty())
            addFile("message.rtf", "application/rtf", std::move(*rtf));
    }

    void addFile(const char* name, const char* type, std::string data)
    {
        if (m_content.files.size() < kMostFiles)
            m_content.files.push_back({name, type, {}, std::move(data)});
    }

    void finish()
    {
        std::erase_if(m_content.files, [](const TnefFile& file) { return file.data.empty(); });
        const auto isPlain = [](char c) {
            return isAlpha(c) || isDigit(c) || c == '/' || c == '-' || c == '+' || c == '.';
        };
        for (TnefFile& file : m_content.files) {
            if (file.type.find('/') == file.type.npos ||
                !std::all_of(file.type.begin(), file.type.end(), isPlain))
                file.type = "application/octet-stream";
            if (file.contentId.starts_with('<') && file.contentId.ends_with('>'))
                file.contentId = file.contentId.substr(1, file.contentId.size() - 2);
            file.name = safeFileName(cleanLine(file.name));
            if (file.name.empty())
                file.name = fileNameForType(file.type);
        }
    }

    TnefContent m_content;
    std::vector<std::string_view> m_waiting;
    std::string m_codepage;
    std::string m_text, m_html;
    std::string_view m_rtf;
    TnefFile* m_file = nullptr; ///< the one that is read; valid until the next is begun
};

bool isTnef(const ParsedMessage& parsed, const ParsedAttachment& attachment)
{
    if (attachment.part < 0 ||
        !parsed.parts[static_cast<std::size_t>(attachment.part)].children.empty())
        return false;
    return attachment.type == "application/ms-tnef" ||
           attachment.type == "application/vnd.ms-tnef" ||
           equalsIgnoreCase(attachment.name, "winmail.dat");
}

} // namespace

std::optional<TnefContent> readTnef(std::string_view bytes)
{
    if (Bytes(bytes).number(4) != kSignature)
        return std::nullopt;
    return TnefReader().all(bytes);
}

void unpackTnef(std::string_view message, ParsedMessage& parsed)
{
    std::vector<ParsedAttachment> unpacked;
    for (ParsedAttachment& attachment : parsed.attachments) {
        auto content = isTnef(parsed, attachment)
                           ? readTnef(decodedPart(
                                 message, parsed.parts[static_cast<std::size_t>(attachment.part)]))
                           : std::nullopt;
        if (!content ||
            (content->files.empty() && content->text.empty() && content->html.empty())) {
            unpacked.push_back(std::move(attachment));
            continue;
        }
        for (std::size_t i = 0; i < content->files.size(); ++i) {
            TnefFile& file = content->files[i];
            ParsedAttachment& added = unpacked.emplace_back();
            added.part = attachment.part;
            added.file = static_cast<int>(i);
            added.name = std::move(file.name);
            added.type = std::move(file.type);
            added.contentId = std::move(file.contentId);
            added.size = static_cast<std::int64_t>(file.data.size());
        }
        if (!parsed.text.empty() || (content->text.empty() && content->html.empty()))
            continue;
        parsed.text = content->text.empty() ? htmlToText(content->html) : std::move(content->text);
        if (!content->html.empty())
            parsed.shown.push_back({attachment.part, true, std::move(content->html)});
    }
    parsed.attachments = std::move(unpacked);
}

} // namespace avocet::mime
