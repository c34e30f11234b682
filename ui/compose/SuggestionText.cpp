// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/SuggestionText.h"

#include <QStringList>

#include <algorithm>

namespace avocet {

namespace {

/// A letter without case and accent; characters keep their places.
QChar bare(QChar c)
{
    switch (c.unicode()) { // those that Unicode does not take apart
    case 0xD8:
    case 0xF8:
        return u'o';
    case 0x110:
    case 0x111:
        return u'd';
    case 0x131:
        return u'i';
    case 0x141:
    case 0x142:
        return u'l';
    default:
        break;
    }
    const QString parts = c.decomposition();
    const bool isLetter = !parts.isEmpty() && c.decompositionTag() == QChar::Canonical;
    return (isLetter ? parts.front() : c).toCaseFolded();
}

QString bare(QString text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](QChar c) { return bare(c); });
    return text;
}

QStringList wordsOf(const QString& text)
{
    QStringList words(QString{});
    for (const QChar c : text) {
        if (c.isLetterOrNumber() || c.isSurrogate())
            words.back().append(c);
        else if (!c.isMark() && !words.back().isEmpty())
            words.append(QString());
    }
    words.removeAll(QString());
    return words;
}

/// In scripts without spaces a word begins anywhere.
bool isUnspaced(QChar c)
{
    switch (c.script()) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Hangul:
    case QChar::Script_Thai:
        return true;
    default:
        return false;
    }
}

bool beginsWord(const QString& text, qsizetype at)
{
    return at == 0 || !text[at - 1].isLetterOrNumber() || isUnspaced(text[at]);
}

} // namespace

QList<TextPart> matchedParts(const QString& text, const QString& typed)
{
    const QString folded = bare(text);
    QList<TextPart> parts;
    for (const QString& word : wordsOf(bare(typed)))
        for (qsizetype at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + 1))
            if (beginsWord(folded, at))
                parts.append({at, word.size()});
    std::sort(parts.begin(), parts.end(), [](const TextPart& a, const TextPart& b) {
        return a.begin != b.begin ? a.begin < b.begin : a.length > b.length;
    });
    QList<TextPart> apart;
    for (const TextPart& part : parts)
        if (apart.isEmpty() || part.begin >= apart.back().begin + apart.back().length)
            apart.append(part);
    return apart;
}

} // namespace avocet
