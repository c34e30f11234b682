// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/PlainQuotes.h"

#include "ui/compose/BodyHighlighter.h"
#include "ui/theme/Theme.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextDocument>
#include <QTextLayout>

#include <algorithm>
#include <chrono>
#include <utility>

namespace avocet {

using namespace std::chrono_literals;

namespace {

/// Of the marks before the words; 0 where the words run from the right, and go on at the margin.
double widthOfMarks(const QTextBlock& block, const QFontMetricsF& metrics)
{
    const QString text = block.text();
    const LineQuote quote = quoteOf(text);
    if (quote.depth == 0 || block.textDirection() == Qt::RightToLeft)
        return 0;
    const bool space = text.mid(quote.textStart, 1) == u" ";
    return metrics.horizontalAdvance(text.left(quote.textStart + (space ? 1 : 0)));
}

} // namespace

PlainQuotes::PlainQuotes(QTextDocument* document)
    : QObject(document)
    , m_document(document)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(0ms);
    connect(&m_soon, &QTimer::timeout, this, &PlainQuotes::indent);
    connect(document, &QTextDocument::contentsChange, this, &PlainQuotes::noteChange);
}

void PlainQuotes::start()
{
    m_active = true;
    noteChange(0, 0, m_document->characterCount());
    indent();
}

void PlainQuotes::stop()
{
    m_active = false;
    m_soon.stop();
}

void PlainQuotes::noteChange(int position, int removed, int added)
{
    if (!m_active)
        return;
    const bool first = m_to < 0;
    m_from = first ? position : std::min(m_from, position);
    m_to = std::max(first ? 0 : m_to + added - removed, position + added);
    m_soon.start();
}

void PlainQuotes::indent()
{
    m_soon.stop();
    const QFontMetricsF metrics(m_document->defaultFont());
    QTextCursor cursor(m_document);
    bool begun = false;
    for (QTextBlock block = m_document->findBlock(m_from);
         block.isValid() && block.position() <= m_to; block = block.next()) {
        const double width = widthOfMarks(block, metrics);
        QTextBlockFormat format = block.blockFormat();
        if (format.leftMargin() == width)
            continue;
        // Goes with the change that brought it about, and so comes back with it: undone text finds nothing to mend here.
        if (!std::exchange(begun, true))
            cursor.joinPreviousEditBlock();
        format.setLeftMargin(width);
        format.setTextIndent(-width);
        cursor.setPosition(block.position());
        cursor.setBlockFormat(format);
    }
    if (begun)
        cursor.endEditBlock();
    m_soon.stop(); // that was this
    m_to = -1;
}

void PlainQuotes::paint(QPainter& painter, const QTextBlock& block, const QRectF& box)
{
    const QString text = block.text();
    const LineQuote quote = quoteOf(text);
    if (quote.depth == 0 || block.layout()->lineCount() == 0)
        return;
    const QTextLine line = block.layout()->lineAt(0);
    const bool beside = block.layout()->lineCount() == 1 || block.blockFormat().leftMargin() > 0;
    const double height = beside ? box.height() : line.height();
    for (int i = 0; i < quote.textStart; ++i)
        if (text[i] == u'>')
            painter.fillRect(QRectF(box.left() + line.cursorToX(i), box.top(), quoteBar, height),
                             tokens().control);
}

} // namespace avocet
