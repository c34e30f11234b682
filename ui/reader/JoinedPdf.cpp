// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/JoinedPdf.h"

#include <QRegularExpression>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

namespace avocet {

namespace {

constexpr qsizetype mostObjects = 1'000'000;

/// One file: its objects by number, from "N 0 obj" to "endobj", and which of them is the root of its pages.
struct PdfFile {
    std::map<int, QByteArray> objects;
    int pages = 0;
    int count = 0; ///< of pages
    int size = 0;  ///< numbers are below it
};

int numberBehind(const QByteArray& text, const char* key)
{
    const QRegularExpression pattern(QLatin1String(key) + QStringLiteral("\\s*(\\d+)"));
    const auto match = pattern.match(QString::fromLatin1(text));
    return match.hasMatch() ? match.captured(1).toInt() : -1;
}

/// Where each object begins, by the file's table (ISO 32000 7.5.4).
std::map<qsizetype, int> objectPlaces(const QByteArray& file, qsizetype table)
{
    std::map<qsizetype, int> places;
    const qsizetype trailer = file.indexOf("trailer", table);
    if (trailer < 0)
        return places;
    const QList<QByteArray> words =
        file.mid(table + 4, trailer - table - 4).simplified().split(' ');
    for (qsizetype at = 0; at + 1 < words.size();) {
        const int first = words[at].toInt();
        const qsizetype count = words[at + 1].toInt();
        at += 2;
        for (qsizetype i = 0; i < count && at + 2 < words.size(); ++i, at += 3)
            if (words[at + 2] == "n" && i < mostObjects && words[at].toLongLong() > 0)
                places[words[at].toLongLong()] = first + static_cast<int>(i);
    }
    return places;
}

std::optional<PdfFile> readPdf(const QByteArray& bytes)
{
    const qsizetype start = bytes.lastIndexOf("startxref");
    const qsizetype table =
        start < 0 ? -1 : bytes.mid(start + 9).trimmed().split('\n').front().toLongLong();
    if (table <= 0 || table >= bytes.size() || bytes.mid(table, 4) != "xref")
        return std::nullopt;
    PdfFile file;
    std::map<qsizetype, int> places = objectPlaces(bytes, table);
    for (auto place = places.begin(); place != places.end(); ++place) {
        const auto behind = std::next(place);
        const qsizetype end = behind == places.end() ? table : behind->first;
        const qsizetype body = bytes.indexOf("obj", place->first);
        if (body < 0 || body > end)
            return std::nullopt;
        file.objects[place->second] = bytes.mid(body + 3, end - body - 3);
        file.size = std::max(file.size, place->second + 1);
    }
    const qsizetype trailer = bytes.indexOf("trailer", table);
    const auto catalog = file.objects.find(numberBehind(bytes.mid(trailer), "/Root"));
    if (catalog == file.objects.end())
        return std::nullopt;
    file.pages = numberBehind(catalog->second, "/Pages");
    const auto pages = file.objects.find(file.pages);
    file.count = pages == file.objects.end() ? -1 : numberBehind(pages->second, "/Count");
    return file.count < 0 ? std::nullopt : std::optional(std::move(file));
}

bool endsToken(char c)
{
    return QByteArrayView("()<>[]{}/% \t\r\n\f").contains(c) || c == '\0';
}

/// The end of the string, comment, name, number or word that begins at `at`; anything else is one character.
qsizetype tokenEnd(const QByteArray& text, qsizetype at)
{
    if (text[at] == '(') {
        int depth = 0;
        for (; at < text.size(); ++at) {
            if (text[at] == '\\')
                ++at;
            else if (text[at] == '(')
                ++depth;
            else if (text[at] == ')' && --depth == 0)
                return at + 1;
        }
        return text.size();
    }
    if (text[at] == '%') {
        const qsizetype end = text.indexOf('\n', at);
        return end < 0 ? text.size() : end;
    }
    const bool single = endsToken(text[at]) && text[at] != '/';
    ++at;
    while (!single && at < text.size() && !endsToken(text[at]))
        ++at;
    return at;
}

/// Where the reference ("7 0 R") that begins at `at` ends, and what it refers to; nothing: it is none.
std::optional<std::pair<qsizetype, int>> referenceAt(const QByteArray& text, qsizetype at)
{
    const qsizetype numberEnd = tokenEnd(text, at);
    bool isNumber = false;
    const int number = text.mid(at, numberEnd - at).toInt(&isNumber);
    const QByteArray rest =
        text.mid(numberEnd, 8).simplified(); // " 0 R" and what may stand behind it
    if (!isNumber || !rest.startsWith("0 R") || (rest.size() > 3 && !endsToken(rest[3])))
        return std::nullopt;
    return std::pair(text.indexOf('R', numberEnd) + 1, number);
}

/// An object whose references lead `shift` further. What a stream holds is left alone.
QByteArray shifted(const QByteArray& object, int shift)
{
    QByteArray out;
    out.reserve(object.size() + 64);
    for (qsizetype at = 0; at < object.size();) {
        const char c = object[at];
        const auto reference = c >= '0' && c <= '9' ? referenceAt(object, at) : std::nullopt;
        if (reference) {
            out += QByteArray::number(reference->second + shift) + " 0 R";
            at = reference->first;
            continue;
        }
        const qsizetype end = tokenEnd(object, at);
        const QByteArray token = object.mid(at, end - at);
        out += token;
        at = end;
        if (token == "stream") {
            out += object.mid(at);
            break;
        }
    }
    return out;
}

} // namespace

QByteArray joinedPdf(const QList<QByteArray>& files)
{
    QByteArray out = "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";
    QList<qsizetype> places{0, 0, 0}; // by number: 1 is the catalog, 2 the root of all pages
    QByteArray kids;
    int count = 0;
    for (const QByteArray& bytes : files) {
        std::optional<PdfFile> file = readPdf(bytes);
        if (!file)
            return {};
        const int shift = static_cast<int>(places.size());
        places.resize(places.size() + file->size);
        QByteArray& pages = file->objects[file->pages];
        for (auto& [number, object] : file->objects) {
            object = shifted(object, shift);
            if (number == file->pages)
                pages.insert(pages.indexOf("<<") + 2, "\n/Parent 2 0 R\n");
            places[number + shift] = out.size();
            out += QByteArray::number(number + shift) + " 0 obj" + object;
            if (!object.trimmed().endsWith("endobj"))
                return {};
            out += '\n';
        }
        kids += QByteArray::number(file->pages + shift) + " 0 R ";
        count += file->count;
    }
    places[1] = out.size();
    out += "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n";
    places[2] = out.size();
    out += "2 0 obj\n<< /Type /Pages /Kids [ " + kids + "] /Count " + QByteArray::number(count) +
           " >>\nendobj\n";
    const qsizetype table = out.size();
    out += "xref\n0 " + QByteArray::number(places.size()) + "\n0000000000 65535 f \n";
    for (qsizetype i = 1; i < places.size(); ++i)
        out += QByteArray::number(places[i]).rightJustified(10, '0') +
               (places[i] > 0 ? " 00000 n \n" : " 65535 f \n");
    out += "trailer\n<< /Size " + QByteArray::number(places.size()) +
           " /Root 1 0 R >>\nstartxref\n" + QByteArray::number(table) + "\n%%EOF\n";
    return count > 0 ? out : QByteArray();
}

} // namespace avocet
