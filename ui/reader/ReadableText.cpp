// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ReadableText.h"

#include <QCoreApplication>

#include <algorithm>
#include <array>

namespace avocet {

namespace {

constexpr int shownDepth = 2; ///< deeper quotes are folded
constexpr int deepest = 20;
/// A paragraph is laid out in one go.
constexpr qsizetype longest = 4'000;

struct Armour {
    QStringView begin, end;
    TextFold::Kind kind;
};

/// A signed text begins with a few lines of header and goes on as text.
constexpr std::array<Armour, 4> armours = {{
    {u"-----BEGIN PGP SIGNED MESSAGE-----", u"", TextFold::Kind::PgpSigned},
    {u"-----BEGIN PGP SIGNATURE-----", u"-----END PGP SIGNATURE-----",
     TextFold::Kind::PgpSignature},
    {u"-----BEGIN PGP MESSAGE-----", u"-----END PGP MESSAGE-----", TextFold::Kind::PgpMessage},
    {u"-----BEGIN PGP PUBLIC KEY BLOCK-----", u"-----END PGP PUBLIC KEY BLOCK-----",
     TextFold::Kind::PgpKey},
}};

ReadableLine measured(QStringView text, qsizetype start, qsizetype end)
{
    ReadableLine line;
    qsizetype at = start;
    qsizetype marks = start;
    while (at < end && line.depth < deepest && (text[at] == u'>' || text[at] == u' ')) {
        if (text[at++] == u'>') {
            ++line.depth;
            marks = at;
        }
    }
    if (line.depth > 0 && marks < end && text[marks] == u' ') {
        ++marks;
    }
    line.start = marks;
    line.length = end - marks;
    return line;
}

/// Marks from `first` on as one fold and returns the line behind it; `first` where the armour never ends.
std::size_t foldArmour(QStringView text, ReadableText& result, std::size_t first,
                       const Armour& armour)
{
    const auto& lines = result.lines;
    std::size_t end = first + 1;
    for (;; ++end) {
        if (end >= lines.size()) {
            return first;
        }
        const QStringView words = text.sliced(lines[end].start, lines[end].length).trimmed();
        if (armour.end.isEmpty() ? words.isEmpty() : words == armour.end) {
            break;
        }
    }
    ++end;
    for (std::size_t i = first; i < end; ++i) {
        result.lines[i].fold = static_cast<int>(result.folds.size());
    }
    result.folds.push_back({armour.kind, static_cast<int>(end - first), lines[first].depth});
    return end;
}

void foldArmours(QStringView text, ReadableText& result)
{
    std::array<bool, armours.size()>
        endless{}; // no end was found behind an earlier one, so none is here
    for (std::size_t i = 0; i < result.lines.size();) {
        const ReadableLine& line = result.lines[i];
        const QStringView words = text.sliced(line.start, line.length).trimmed();
        std::size_t next = i;
        if (words.startsWith(u"-----BEGIN PGP ")) {
            for (std::size_t k = 0; k < armours.size(); ++k) {
                if (words == armours[k].begin && !endless[k]) {
                    next = foldArmour(text, result, i, armours[k]);
                    endless[k] = next == i;
                }
            }
        }
        i = std::max(next, i + 1);
    }
}

void foldQuotes(ReadableText& result)
{
    auto& lines = result.lines;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (lines[i].depth <= shownDepth || lines[i].fold >= 0) {
            continue;
        }
        // Empty lines between two of them belong to them.
        std::size_t end = i;
        for (std::size_t k = i; k < lines.size() && lines[k].fold < 0; ++k) {
            if (lines[k].depth > shownDepth) {
                end = k + 1;
            } else if (lines[k].length > 0 || lines[k].depth < shownDepth) {
                break;
            }
        }
        if (end - i > 1) { // one line is no longer than what would stand in its place
            for (std::size_t k = i; k < end; ++k) {
                lines[k].fold = static_cast<int>(result.folds.size());
            }
            result.folds.push_back({TextFold::Kind::Quote, static_cast<int>(end - i), shownDepth});
        }
        i = end - 1;
    }
}

void addBroken(QStringView text, ReadableLine line, ReadableText& result)
{
    while (line.length > longest) {
        const QStringView words = text.sliced(line.start, longest);
        const qsizetype space = words.lastIndexOf(u' ');
        const qsizetype whole = words.back().isHighSurrogate() ? longest - 1 : longest;
        ReadableLine first = line;
        first.length = space > longest / 2 ? space + 1 : whole;
        line.start += first.length;
        line.length -= first.length;
        line.goesOn = true;
        result.lines.push_back(first);
    }
    result.lines.push_back(line);
}

} // namespace

QString TextFold::words() const
{
    const auto tr = [](const char* text) {
        return QCoreApplication::translate("avocet::ReadableText", text);
    };
    switch (kind) {
    case Kind::PgpSigned:
        return tr("Signed with OpenPGP, not checked");
    case Kind::PgpSignature:
        return tr("\u2026 OpenPGP signature");
    case Kind::PgpMessage:
        return tr("\u2026 Encrypted with OpenPGP, which Avocet cannot read");
    case Kind::PgpKey:
        return tr("\u2026 OpenPGP key");
    case Kind::Quote:
        break;
    }
    return tr("\u2026 %1 quoted lines").arg(lines);
}

ReadableText readableText(QStringView text)
{
    ReadableText result;
    bool signature = false;
    for (qsizetype start = 0; start <= text.size();) {
        qsizetype end = text.indexOf(u'\n', start);
        end = end < 0 ? text.size() : end;
        ReadableLine line = measured(text, start, end);
        signature = signature || (line.depth == 0 && text.sliced(start, end - start) == u"-- ");
        line.quiet = signature;
        addBroken(text, line, result);
        start = end + 1;
    }
    foldArmours(text, result);
    foldQuotes(result);
    return result;
}

} // namespace avocet
