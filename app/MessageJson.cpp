// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/MessageJson.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QDateTime>
#include <QJsonDocument>
#include <QTimeZone>

#include <vector>

namespace avocet {
namespace {

/// Writes UTF-8 straight away: a large text would be there three times over as a QJsonDocument.
class JsonWriter {
public:
    explicit JsonWriter(const std::function<void(std::string_view)>& write)
        : m_write(write)
    {
    }

    void open(char bracket)
    {
        separate();
        m_out += bracket;
        m_first = true;
    }
    void close(char bracket)
    {
        m_out += bracket;
        m_first = false;
    }
    void key(std::string_view name)
    {
        separate();
        quoted(name);
        m_out += ':';
        m_first = true;
    }
    void text(std::string_view value)
    {
        separate();
        quoted(value);
    }
    void number(std::int64_t value)
    {
        separate();
        m_out += std::to_string(value);
    }
    void null()
    {
        separate();
        m_out += "null";
    }
    void textField(std::string_view name, std::string_view value)
    {
        key(name);
        text(value);
    }
    void finish()
    {
        m_write(m_out);
        m_out.clear();
    }

private:
    static constexpr std::size_t kEnough = 64 << 10;

    void separate()
    {
        if (m_out.size() > kEnough)
            finish();
        if (!m_first)
            m_out += ',';
        m_first = false;
    }

    void plain(std::string_view piece)
    {
        if (m_out.size() + piece.size() <= kEnough) {
            m_out.append(piece);
            return;
        }
        finish();
        m_write(piece);
    }

    void quoted(std::string_view value)
    {
        constexpr std::string_view hex = "0123456789abcdef";
        m_out += '"';
        std::size_t kept = 0;
        for (std::size_t i = 0; i < value.size(); ++i) {
            const auto c = static_cast<unsigned char>(value[i]);
            if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F)
                continue;
            plain(value.substr(kept, i - kept));
            kept = i + 1;
            m_out += '\\';
            switch (c) {
            case '"':
            case '\\':
                m_out += value[i];
                break;
            case '\n':
                m_out += 'n';
                break;
            case '\t':
                m_out += 't';
                break;
            default:
                m_out += "u00";
                m_out += hex[c >> 4];
                m_out += hex[c & 15];
                break;
            }
        }
        plain(value.substr(kept));
        m_out += '"';
    }

    const std::function<void(std::string_view)>& m_write;
    std::string m_out;
    bool m_first = true;
};

void writeAddresses(JsonWriter& json, std::string_view name, const std::vector<Address>& list)
{
    json.key(name);
    json.open('[');
    for (const Address& address : list) {
        json.open('{');
        json.textField("name", address.name);
        json.textField("address", address.address);
        json.close('}');
    }
    json.close(']');
}

void writeDate(JsonWriter& json, const ParsedMessage& message)
{
    json.key("date");
    if (!message.date) {
        json.null();
        return;
    }
    const QDateTime date =
        QDateTime::fromSecsSinceEpoch(*message.date, Qt::OffsetFromUTC, message.dateOffset * 60);
    json.text(date.toString(Qt::ISODate).toStdString());
}

/// A walk with a stack of its own, like the reader's.
void writeStructure(JsonWriter& json, std::string_view raw, const ParsedMessage& message)
{
    struct Level {
        std::size_t part;
        std::size_t nextChild;
    };
    std::vector<Level> levels;
    const auto enter = [&](std::size_t index) {
        const MimePart& part = message.parts[index];
        json.open('{');
        json.textField("type", part.type);
        json.textField("charset", part.charset);
        json.textField("encoding", part.encoding);
        json.textField("name", part.name);
        json.textField("disposition", part.disposition);
        json.key("size");
        json.number(decodedPartSize(raw, part));
        json.key("children");
        json.open('[');
        levels.push_back({index, 0});
    };
    json.key("structure");
    if (message.parts.empty()) {
        json.null();
        return;
    }
    enter(0);
    while (!levels.empty()) {
        Level& level = levels.back();
        const std::vector<int>& children = message.parts[level.part].children;
        if (level.nextChild < children.size()) {
            enter(static_cast<std::size_t>(children[level.nextChild++]));
            continue;
        }
        json.close(']');
        json.close('}');
        levels.pop_back();
    }
}

void writeAttachments(JsonWriter& json, std::string_view raw, const ParsedMessage& message)
{
    json.key("attachments");
    json.open('[');
    for (const ParsedAttachment& attachment : message.attachments) {
        const std::string data = decodedAttachment(raw, message, attachment);
        QCryptographicHash hash(QCryptographicHash::Sha256);
        hash.addData(QByteArrayView(data.data(), static_cast<qsizetype>(data.size())));
        json.open('{');
        json.textField("name", attachment.name);
        json.textField("type", attachment.type);
        json.key("size");
        json.number(attachment.size);
        json.textField("sha256", hash.result().toHex().toStdString());
        json.close('}');
    }
    json.close(']');
}

/// The message's own HTML, not that of a message within it.
std::string firstPage(const ParsedMessage& message)
{
    for (const ShownPart& shown : message.shown) {
        bool inside = false;
        for (int up = shown.part; up >= 0; up = message.parts[static_cast<std::size_t>(up)].parent)
            inside = inside || message.parts[static_cast<std::size_t>(up)].type == "message/rfc822";
        if (shown.isHtml && !inside)
            return shown.content;
    }
    return {};
}

} // namespace

void writeMessageJson(const QString& file, std::string_view raw, const ParsedMessage& message,
                      const std::function<void(std::string_view)>& write)
{
    JsonWriter json(write);
    json.open('{');
    if (!file.isNull())
        json.textField("file", file.toStdString());
    json.textField("subject", message.subject);
    writeAddresses(json, "from", message.from);
    writeAddresses(json, "to", message.to);
    writeAddresses(json, "cc", message.cc);
    writeDate(json, message);
    json.textField("messageId", message.messageId);
    json.textField("text", message.text);
    json.textField("html", firstPage(message));
    writeStructure(json, raw, message);
    writeAttachments(json, raw, message);
    json.key("notes");
    json.open('[');
    for (const std::string& note : message.notes)
        json.text(note);
    json.close(']');
    json.close('}');
    json.finish();
}

std::string messageJsonLine(const QString& file, std::string_view raw, const ParsedMessage& message)
{
    std::string line;
    writeMessageJson(file, raw, message, [&line](std::string_view piece) { line += piece; });
    return line;
}

QJsonObject messageJson(std::string_view raw, const ParsedMessage& message)
{
    const std::string line = messageJsonLine(QString(), raw, message);
    return QJsonDocument::fromJson(
               QByteArray::fromRawData(line.data(), static_cast<qsizetype>(line.size())))
        .object();
}

} // namespace avocet
