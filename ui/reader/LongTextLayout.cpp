// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/LongTextLayout.h"

#include <QFontMetricsF>
#include <QPainter>
#include <QTextDocument>
#include <QTextLayout>
#include <QTextOption>

#include <algorithm>
#include <cmath>

namespace avocet {

namespace {

constexpr double lineHeightFactor = 1.45;
constexpr std::size_t summed = 256;
constexpr std::size_t keptLaidOut = 2'000;
constexpr int asked = 800; ///< characters between two looks at the clock
/// What kerning may add to the widths of single letters.
constexpr double kerned = 1.03;

QList<QTextLayout::FormatRange>
marksIn(const QTextBlock& block, const QList<QAbstractTextDocumentLayout::Selection>& selections)
{
    QList<QTextLayout::FormatRange> marks;
    for (const auto& selection : selections) {
        const int from = std::max(selection.cursor.selectionStart() - block.position(), 0);
        const int to = std::min(selection.cursor.selectionEnd() - block.position(), block.length());
        if (from < to)
            marks.append({from, to - from, selection.format});
    }
    return marks;
}

} // namespace

LongTextLayout::Face LongTextLayout::measured(const QFont& font, QPaintDevice* device)
{
    Face face;
    const QFontMetricsF metrics(font, device);
    for (std::size_t i = 0; i < face.advances.size(); ++i)
        face.advances[i] = metrics.horizontalAdvance(QChar(static_cast<char16_t>(i)));
    QTextLayout scratch(QStringLiteral("x"), font, device);
    scratch.beginLayout();
    QTextLine line = scratch.createLine();
    line.setLineWidth(1'000); // it has no height before
    face.line = std::ceil(line.height());
    scratch.endLayout();
    return face;
}

LongTextLayout::LongTextLayout(QTextDocument* document)
    : QAbstractTextDocumentLayout(document)
{
}

void LongTextLayout::documentChanged(int from, int removed, int added)
{
    const int count = document()->blockCount();
    const int before = static_cast<int>(m_paragraphs.size());
    const qreal width = document()->textWidth();
    const QFont font = document()->defaultFont();
    const bool whole = from == 0 && removed == 0 && added >= document()->characterCount() - 1;
    const bool same = width == m_width && font == m_font && before == count &&
                      m_characters == document()->characterCount();
    m_characters = document()->characterCount();
    if (whole && same)
        return; // the same page size once more
    if (whole || before == 0) {
        m_width = width;
        setFont(font);
        m_laidOut.clear();
        m_paragraphs.assign(static_cast<std::size_t>(count), {});
        guess(0, count);
        m_measured = 0;
    } else {
        const int first = document()->findBlock(from).blockNumber();
        const QTextBlock last = document()->findBlock(from + added);
        const int behind = last.isValid() ? last.blockNumber() + 1 : count;
        const int old = std::clamp(behind - first - (count - before), 0, before - first);
        const auto at = m_paragraphs.begin() + first;
        m_paragraphs.insert(m_paragraphs.erase(at, at + old),
                            static_cast<std::size_t>(behind - first), {});
        m_paragraphs.resize(static_cast<std::size_t>(count));
        m_laidOut.clear(); // under other numbers now
        guess(first, behind);
        m_measured = std::min(m_measured, first);
    }
    sumUp();
    tellFrom(whole ? 0 : document()->findBlock(from).blockNumber());
}

void LongTextLayout::tellFrom(int paragraph)
{
    Q_EMIT documentSizeChanged(documentSize());
    Q_EMIT update(QRectF(0, top(paragraph), std::max(m_width, 0.0), m_height));
}

void LongTextLayout::setFont(const QFont& font)
{
    m_font = font;
    // To measure it takes a millisecond, and one message after the other has the same.
    static QFont known;
    static int knownDpi = 0;
    static Face face;
    const int dpi = paintDevice() ? paintDevice()->logicalDpiY() : -1;
    if (known != font || knownDpi != dpi) {
        known = font;
        knownDpi = dpi;
        face = measured(font, paintDevice());
    }
    m_face = face;
}

/// Whether these words surely stand in one line of the usual height: most of all lines do, and shaping them to learn
/// just that takes long.
bool LongTextLayout::fitsOneLine(const QString& words, qreal width) const
{
    qreal advance = 0;
    for (const QChar c : words) {
        if (c < u' ' || c > u'~')
            return false;
        advance += m_face.advances[c.unicode()];
    }
    return advance * kerned < width;
}

void LongTextLayout::guess(int first, int behind)
{
    const double line = m_face.line * lineHeightFactor;
    const double letter = std::max(QFontMetricsF(m_font, paintDevice()).averageCharWidth(), 1.0);
    QTextBlock block = document()->findBlockByNumber(first);
    for (int i = first; i < behind && block.isValid(); ++i, block = block.next()) {
        const double fit = std::max(1.0, std::floor(lineWidth(block) / letter));
        const double lines = std::max(1.0, std::ceil((block.length() - 1) / fit));
        m_paragraphs[static_cast<std::size_t>(i)] = {static_cast<float>(lines * line), false};
    }
}

void LongTextLayout::sumUp()
{
    m_sums.assign(m_paragraphs.size() / summed + 1, 0);
    m_height = 0;
    for (std::size_t i = 0; i < m_paragraphs.size(); ++i) {
        m_sums[i / summed] += m_paragraphs[i].height;
        m_height += m_paragraphs[i].height;
    }
}

void LongTextLayout::setHeight(int paragraph, qreal height) const
{
    Paragraph& known = m_paragraphs[static_cast<std::size_t>(paragraph)];
    const double change = static_cast<float>(height) - known.height;
    known = {static_cast<float>(height), true};
    m_sums[static_cast<std::size_t>(paragraph) / summed] += change;
    m_height += change;
    m_grew = m_grew || std::abs(change) > 0.01;
}

qreal LongTextLayout::lineWidth(const QTextBlock& block) const
{
    return std::max(40.0,
                    m_width - 2 * document()->documentMargin() - block.blockFormat().leftMargin());
}

qreal LongTextLayout::breakLines(QTextLayout& layout, const QTextBlock& block) const
{
    const bool mirrored = block.textDirection() == Qt::RightToLeft;
    QTextOption option = document()->defaultTextOption();
    option.setTextDirection(block.textDirection());
    option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    layout.setTextOption(option);
    const qreal width = lineWidth(block);
    const qreal x =
        document()->documentMargin() + (mirrored ? 0 : block.blockFormat().leftMargin());
    qreal y = 0;
    layout.beginLayout();
    for (QTextLine line = layout.createLine(); line.isValid(); line = layout.createLine()) {
        line.setLineWidth(width);
        const qreal tall = std::ceil(line.height());
        line.setPosition({x, y + tall * (lineHeightFactor - 1) / 2});
        y += tall * lineHeightFactor;
    }
    layout.endLayout();
    return y;
}

void LongTextLayout::layOut(const QTextBlock& block, int paragraph) const
{
    QTextLayout* layout = block.layout();
    // Lines may still be broken for a width of before: to measure anew does not touch them.
    const bool broken =
        layout->lineCount() > 0 && std::abs(layout->lineAt(0).width() - lineWidth(block)) < 0.5;
    if (m_paragraphs[static_cast<std::size_t>(paragraph)].measured && broken)
        return;
    setHeight(paragraph, breakLines(*layout, block));
    m_laidOut.push_back(paragraph);
    if (m_laidOut.size() > keptLaidOut) {
        document()->findBlockByNumber(m_laidOut.front()).layout()->clearLayout();
        m_laidOut.pop_front();
    }
}

bool LongTextLayout::measure(std::chrono::milliseconds time)
{
    const auto end = std::chrono::steady_clock::now() + time;
    const auto count = static_cast<int>(m_paragraphs.size());
    QTextBlock block = document()->findBlockByNumber(m_measured);
    const int first = m_measured;
    for (int done = 0; m_measured < count && block.isValid(); ++m_measured, block = block.next()) {
        if (m_paragraphs[static_cast<std::size_t>(m_measured)].measured)
            continue;
        if (done > asked) {
            done = 0;
            if (std::chrono::steady_clock::now() > end)
                break;
        }
        const QString words = block.text();
        if (fitsOneLine(words, lineWidth(block))) {
            setHeight(m_measured, m_face.line * lineHeightFactor);
            done += 20;
        } else {
            QTextLayout scratch(words, m_font, paintDevice());
            setHeight(m_measured, breakLines(scratch, block));
            done += block.length();
        }
    }
    if (std::exchange(m_grew, false))
        tellFrom(first);
    return m_measured >= count;
}

qreal LongTextLayout::top(int paragraph) const
{
    const auto number = static_cast<std::size_t>(std::max(paragraph, 0));
    double y = document()->documentMargin();
    const std::size_t sums = std::min(number / summed, m_sums.size());
    for (std::size_t i = 0; i < sums; ++i)
        y += m_sums[i];
    for (std::size_t i = sums * summed; i < std::min(number, m_paragraphs.size()); ++i)
        y += m_paragraphs[i].height;
    return y;
}

int LongTextLayout::paragraphAt(qreal y) const
{
    double left = y - document()->documentMargin();
    std::size_t i = 0;
    for (std::size_t sum = 0; sum + 1 < m_sums.size() && left >= m_sums[sum]; ++sum) {
        left -= m_sums[sum];
        i += summed;
    }
    while (i + 1 < m_paragraphs.size() && left >= m_paragraphs[i].height)
        left -= m_paragraphs[i++].height;
    return static_cast<int>(i);
}

void LongTextLayout::draw(QPainter* painter, const PaintContext& context)
{
    const QRectF clip =
        context.clip.isValid() ? context.clip : QRectF(QPointF(0, 0), documentSize());
    int number = paragraphAt(clip.top());
    qreal y = top(number);
    painter->setPen(context.palette.color(QPalette::Text));
    for (QTextBlock block = document()->findBlockByNumber(number);
         block.isValid() && y < clip.bottom(); block = block.next(), ++number) {
        layOut(block, number);
        block.layout()->draw(painter, {0, y}, marksIn(block, context.selections), clip);
        y += m_paragraphs[static_cast<std::size_t>(number)].height;
    }
}

int LongTextLayout::hitTest(const QPointF& point, Qt::HitTestAccuracy accuracy) const
{
    const int number = paragraphAt(point.y());
    const QTextBlock block = document()->findBlockByNumber(number);
    if (!block.isValid())
        return accuracy == Qt::ExactHit ? -1 : 0;
    layOut(block, number);
    const QPointF at = point - QPointF(0, top(number));
    const QTextLayout* layout = block.layout();
    int found = 0;
    for (int i = 0; i < layout->lineCount(); ++i) {
        const QTextLine line = layout->lineAt(i);
        found = i;
        if (at.y() < line.y() + line.height() * (lineHeightFactor + 1) / 2)
            break;
    }
    const QTextLine line = layout->lineAt(found);
    if (!line.isValid())
        return accuracy == Qt::ExactHit ? -1 : block.position();
    if (accuracy == Qt::ExactHit && !line.naturalTextRect().contains(at))
        return -1;
    return block.position() + line.xToCursor(at.x());
}

QSizeF LongTextLayout::documentSize() const
{
    return {std::max(m_width, 0.0), m_height + 2 * document()->documentMargin()};
}

QRectF LongTextLayout::frameBoundingRect(QTextFrame*) const
{
    return {QPointF(0, 0), documentSize()};
}

QRectF LongTextLayout::blockBoundingRect(const QTextBlock& block) const
{
    const int number = block.isValid() ? block.blockNumber() : -1;
    if (number < 0 || number >= static_cast<int>(m_paragraphs.size()))
        return {};
    layOut(block, number);
    return {0, top(number), std::max(m_width, 0.0),
            qreal(m_paragraphs[static_cast<std::size_t>(number)].height)};
}

} // namespace avocet
