// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/mime/MessageReader.h"
#include "tests/core/mime/TestFiles.h"

#include <QtTest>

#include <exception>
#include <gmime/gmime.h>
#include <map>
#include <memory>
#include <vmime/vmime.hpp>

using namespace avocet;
using namespace avocet::test;

/// Reads the corpus with vmime and GMime as well. Where one of them sees something else, a row of
/// tests/corpus/differences.tsv says why ours is right; a row that no longer holds fails, too.
class ComparisonTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void eachDifferenceIsExplained_data();
    void eachDifferenceIsExplained();
    void noExplanationIsOutOfDate();

private:
    QSet<QByteArray> m_seen;
};

namespace {

/// What all three can be asked for. Messages inside messages are one leaf: vmime does not open them.
struct View {
    QByteArray subject;
    QByteArray from;
    QByteArray types;
    QByteArray text; ///< of all text parts, as they are decoded
};

QByteArray ascii(std::string text)
{
    return QByteArray::fromStdString(text).simplified().toLower();
}

View ourView(const std::string& message)
{
    const ParsedMessage parsed = readMessage(message);
    View view;
    view.subject = QByteArray::fromStdString(parsed.subject);
    view.from =
        parsed.from.empty() ? QByteArray() : QByteArray::fromStdString(parsed.from[0].address);
    QByteArrayList types;
    for (const MimePart& part : parsed.parts) {
        bool inside = false;
        for (int up = part.parent; up >= 0; up = parsed.parts[static_cast<std::size_t>(up)].parent)
            inside = inside || parsed.parts[static_cast<std::size_t>(up)].type == "message/rfc822";
        if (inside)
            continue;
        types << ascii(part.type);
        if (part.children.empty() && part.type.starts_with("text/"))
            view.text += QByteArray::fromStdString(partText(message, part));
    }
    view.types = types.join(',');
    return view;
}

/// What the libraries leave to their caller: white space, NUL and other control characters.
QByteArray letters(const QByteArray& text)
{
    QByteArray result;
    for (const char c : text)
        if (static_cast<unsigned char>(c) > ' ' && c != 0x7F)
            result += c;
    return result.startsWith("\xEF\xBB\xBF") ? result.mid(3) : result;
}

QByteArray vmimeText(const vmime::bodyPart& part)
{
    try {
        const auto body = part.getBody();
        std::string bytes;
        vmime::utility::outputStreamStringAdapter stream(bytes);
        body->getContents()->extract(stream);
        std::string text;
        vmime::charset::convert(bytes, text, body->getCharset(), vmime::charsets::UTF_8);
        return QByteArray::fromStdString(text);
    } catch (const std::exception& error) {
        return "throws";
    }
}

void addTypes(const vmime::bodyPart& root, QByteArrayList& types, QByteArray& text)
{
    std::vector<const vmime::bodyPart*> waiting{&root};
    std::vector<std::shared_ptr<const vmime::bodyPart>> held;
    while (!waiting.empty()) {
        const vmime::bodyPart* part = waiting.back();
        waiting.pop_back();
        types << ascii(part->getBody()->getContentType().generate());
        const auto children = part->getBody()->getPartList();
        if (children.empty() && types.last().startsWith("text/"))
            text += vmimeText(*part);
        for (auto child = children.rbegin(); child != children.rend(); ++child) {
            held.push_back(*child);
            waiting.push_back(child->get());
        }
    }
}

View vmimeView(const std::string& bytes)
{
    View view;
    try {
        vmime::message message;
        message.parse(bytes);
        const auto header = message.getHeader();
        if (header->hasField(vmime::fields::SUBJECT))
            view.subject = QByteArray::fromStdString(
                header->Subject()->getValue<vmime::text>()->getConvertedText(
                    vmime::charsets::UTF_8));
        if (header->hasField(vmime::fields::FROM))
            view.from = QByteArray::fromStdString(
                header->From()->getValue<vmime::mailbox>()->getEmail().toString());
        QByteArrayList types;
        addTypes(message, types, view.text);
        view.types = types.join(',');
    } catch (const std::exception& error) {
        view.types = "throws";
    }
    return view;
}

struct Unref {
    void operator()(void* object) const { g_object_unref(object); }
};

void addTypes(GMimeObject* root, QByteArrayList& types, QByteArray& text)
{
    std::vector<GMimeObject*> waiting{root};
    while (!waiting.empty()) {
        GMimeObject* part = waiting.back();
        waiting.pop_back();
        GMimeContentType* type = g_mime_object_get_content_type(part);
        types << ascii(std::string(g_mime_content_type_get_media_type(type)) + "/" +
                       g_mime_content_type_get_media_subtype(type));
        if (GMIME_IS_TEXT_PART(part)) {
            char* decoded = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
            text += decoded != nullptr ? decoded : "";
            g_free(decoded);
        }
        if (!GMIME_IS_MULTIPART(part))
            continue;
        GMimeMultipart* multipart = GMIME_MULTIPART(part);
        for (int i = g_mime_multipart_get_count(multipart); i-- > 0;)
            waiting.push_back(g_mime_multipart_get_part(multipart, i));
    }
}

View gmimeView(const std::string& bytes)
{
    View view;
    const std::unique_ptr<GMimeStream, Unref> stream(
        g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    const std::unique_ptr<GMimeParser, Unref> parser(g_mime_parser_new_with_stream(stream.get()));
    if (bytes.starts_with("From "))
        g_mime_parser_set_format(parser.get(), GMIME_FORMAT_MBOX);
    const std::unique_ptr<GMimeMessage, Unref> message(
        g_mime_parser_construct_message(parser.get(), nullptr));
    if (!message) {
        view.types = "no message";
        return view;
    }
    if (const char* subject = g_mime_message_get_subject(message.get()))
        view.subject = subject;
    InternetAddressList* from = g_mime_message_get_from(message.get());
    if (from != nullptr && internet_address_list_length(from) > 0) {
        InternetAddress* address = internet_address_list_get_address(from, 0);
        if (INTERNET_ADDRESS_IS_MAILBOX(address))
            view.from = internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address));
    }
    QByteArrayList types;
    if (GMimeObject* root = g_mime_message_get_mime_part(message.get()))
        addTypes(root, types, view.text);
    view.types = types.join(',');
    return view;
}

/// "file library aspect" of all rows.
QSet<QByteArray> explained()
{
    QSet<QByteArray> keys;
    for (const auto& row : tableRows(QStringLiteral("tests/corpus/differences.tsv")))
        keys.insert(row.value(0) + ' ' + row.value(1) + ' ' + row.value(2));
    return keys;
}

} // namespace

void ComparisonTest::initTestCase()
{
    g_mime_init();
}

void ComparisonTest::eachDifferenceIsExplained_data()
{
    QTest::addColumn<QByteArray>("file");
    for (const auto& row : tableRows(QStringLiteral("tests/corpus/expected.tsv")))
        QTest::newRow(row.value(0).constData()) << row.value(0);
}

void ComparisonTest::eachDifferenceIsExplained()
{
    QFETCH(QByteArray, file);
    const std::string bytes =
        toStd(fileBytes(sourcePath(QStringLiteral("tests/corpus/") + QString::fromUtf8(file))));
    const View ours = ourView(bytes);
    const QSet<QByteArray> known = explained();
    QByteArray unexplained;
    const auto compare = [&](const QByteArray& library, const QByteArray& aspect,
                             const QByteArray& our, const QByteArray& their) {
        if (our.simplified() == their.simplified())
            return;
        const QByteArray key = file + ' ' + library + ' ' + aspect;
        m_seen.insert(key);
        if (!known.contains(key))
            unexplained += key + "\n  ours: " + our + "\n  theirs: " + their + '\n';
    };
    const std::pair<QByteArray, View> others[] = {{"vmime", vmimeView(bytes)},
                                                  {"gmime", gmimeView(bytes)}};
    for (const auto& [library, view] : others) {
        compare(library, "subject", ours.subject, view.subject);
        compare(library, "from", ours.from, view.from);
        compare(library, "types", ours.types, view.types);
        // Where the parts are others, so are their texts.
        if (ours.types == view.types)
            compare(library, "text", letters(ours.text), letters(view.text));
    }
    QVERIFY2(unexplained.isEmpty(), unexplained.constData());
}

void ComparisonTest::noExplanationIsOutOfDate()
{
    const QSet<QByteArray> stale = explained() - m_seen;
    QVERIFY2(stale.isEmpty(), QByteArrayList(stale.begin(), stale.end()).join('\n').constData());
    for (const auto& row : tableRows(QStringLiteral("tests/corpus/differences.tsv")))
        QVERIFY2(row.value(3).size() > 10, row.value(0).constData());
}

QTEST_GUILESS_MAIN(ComparisonTest)
#include "ComparisonTest.moc"
