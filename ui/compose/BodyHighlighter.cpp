// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/BodyHighlighter.h"

#include "ui/compose/Placeholders.h"
#include "ui/compose/RichDocument.h"
#include "ui/theme/Theme.h"

#include <QFontDatabase>
#include <QTextBlock>

#include <algorithm>

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

namespace {

/// The colour itself where it can be read here, else the nearest lighter or darker one: what is sent keeps its own, since
/// nobody knows on what it is read.
QColor readableInk(const QColor& ink)
{
    constexpr double readable = 4.5; // WCAG 2, 1.4.3
    const QColor ground = tokens().surface;
    const float step = ground.lightnessF() < 0.5F ? 0.04F : -0.04F;
    float hue = 0, saturation = 0, lightness = 0;
    ink.getHslF(&hue, &saturation, &lightness);
    QColor shown = ink;
    while (contrastRatio(shown, ground) < readable && lightness >= 0 && lightness <= 1) {
        lightness += step;
        shown.setHslF(hue, saturation, std::clamp(lightness, 0.F, 1.F));
    }
    return shown;
}

} // namespace

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
        const bool inked = format.hasProperty(rich::Ink);
        if (!grounded && !code && !inked && !format.isAnchor())
            continue;
        QTextCharFormat look = ground;
        if (inked)
            look.setForeground(readableInk(format.colorProperty(rich::Ink)));
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
