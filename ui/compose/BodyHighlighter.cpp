// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/BodyHighlighter.h"

#include "ui/compose/Placeholders.h"
#include "ui/compose/RichDocument.h"
#include "ui/theme/Theme.h"

#include <QFontDatabase>
#include <QTextBlock>

namespace avocet {

LineQuote quoteOf(const QString& line)
{
    LineQuote quote;
    for (int i = 0; i < line.size(); ++i) {
        if (line[i] == u'>') {
            ++quote.depth;
            quote.textStart = i + 1;
        } else if (line[i] != u' ' || quote.depth == 0) {
            break;
        }
    }
    return quote;
}

void BodyHighlighter::highlightBlock(const QString& line)
{
    if (m_rich) {
        highlightRich();
        if (rich::quoteDepth(currentBlock()) == 0)
            highlightPlaceholders(line);
        return;
    }
    const LineQuote quote = quoteOf(line);
    if (quote.depth == 0) {
        highlightPlaceholders(line);
        return;
    }
    QTextCharFormat marks;
    marks.setForeground(Qt::transparent); // bars are painted in their place
    setFormat(0, quote.textStart, marks);
    QTextCharFormat words;
    words.setForeground(tokens().text2);
    setFormat(quote.textStart, static_cast<int>(line.size()) - quote.textStart, words);
}

void BodyHighlighter::highlightPlaceholders(const QString& line)
{
    if (!m_isPlaceholder)
        return;
    for (const PlaceholderSpot& spot : placeholdersIn(line)) {
        if (!m_isPlaceholder(spot.name))
            continue;
        QTextCharFormat mark;
        mark.setBackground(tokens().searchHit);
        mark.setForeground(tokens().text);
        setFormat(spot.start, spot.length, mark);
    }
}

void BodyHighlighter::highlightRich()
{
    const QTextBlock block = currentBlock();
    static const QStringList fixed = QFontDatabase::systemFont(QFontDatabase::FixedFont).families();
    QTextCharFormat ground;
    if (rich::quoteDepth(block) > 0)
        ground.setForeground(tokens().text2);
    if (rich::isCode(block))
        ground.setFontFamilies(fixed);
    const bool grounded = ground.propertyCount() > 0;
    for (auto part = block.begin(); !part.atEnd(); ++part) {
        const QTextFragment fragment = part.fragment();
        const QTextCharFormat format = fragment.charFormat();
        const bool code = format.boolProperty(rich::Code);
        if (!grounded && !code && !format.isAnchor())
            continue;
        QTextCharFormat look = ground;
        if (format.hasProperty(rich::Ink))
            look.clearForeground();
        if (code) {
            look.setFontFamilies(fixed);
            look.setBackground(tokens().hover);
        }
        if (format.isAnchor()) {
            look.setForeground(tokens().accent);
            look.setFontUnderline(true);
        }
        setFormat(fragment.position() - block.position(), fragment.length(), look);
    }
}

} // namespace avocet
