// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposeBody.h"

#include "ui/theme/Theme.h"

#include <QAbstractTextDocumentLayout>
#include <QImage>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QScrollBar>
#include <QSyntaxHighlighter>
#include <QTextBlock>
#include <QTextLayout>
#include <QUrl>

namespace avocet {

namespace {

constexpr int padding = 20;
constexpr int barWidth = 2;
constexpr double lineHeightPercent = 145;

/// How many marks "> > >" a line begins with, and where its text starts.
struct Quote {
    int depth = 0;
    int textStart = 0;
};

Quote quoteOf(const QString& line)
{
    Quote quote;
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

} // namespace

class QuoteHighlighter : public QSyntaxHighlighter {
public:
    using QSyntaxHighlighter::QSyntaxHighlighter;

protected:
    void highlightBlock(const QString& line) override
    {
        const Quote quote = quoteOf(line);
        if (quote.depth == 0)
            return;
        QTextCharFormat marks;
        marks.setForeground(Qt::transparent); // bars are painted in their place
        setFormat(0, quote.textStart, marks);
        QTextCharFormat words;
        words.setForeground(tokens().text2);
        setFormat(quote.textStart, static_cast<int>(line.size()) - quote.textStart, words);
    }
};

ComposeBody::ComposeBody(QWidget* parent)
    : QTextEdit(parent)
    , m_highlighter(new QuoteHighlighter(document()))
{
    setFrameShape(QFrame::NoFrame);
    setAcceptRichText(false);
    setTabChangesFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setAccessibleName(tr("Message text"));
    document()->setDocumentMargin(0);
    applyLook();
}

ComposeBody::~ComposeBody() = default;

void ComposeBody::applyLook()
{
    setFont(themeFont(TextRole::Message));
    fitColumn();
}

void ComposeBody::setText(const QString& text)
{
    document()->setUndoRedoEnabled(false);
    setPlainText(text);
    QTextCursor all(document());
    all.select(QTextCursor::Document);
    QTextBlockFormat format;
    format.setLineHeight(lineHeightPercent, QTextBlockFormat::ProportionalHeight);
    all.mergeBlockFormat(format);
    document()->setUndoRedoEnabled(true);
    document()->setModified(false);
    moveCursor(QTextCursor::Start);
}

void ComposeBody::replaceText(const QString& text)
{
    // Only what differs is replaced, so that the cursor and the view stay where they are.
    const QString old = this->text();
    qsizetype head = 0;
    while (head < old.size() && head < text.size() && old[head] == text[head])
        ++head;
    qsizetype tail = 0;
    while (tail < old.size() - head && tail < text.size() - head &&
           old[old.size() - 1 - tail] == text[text.size() - 1 - tail])
        ++tail;
    QTextCursor cursor(document());
    cursor.setPosition(static_cast<int>(head));
    cursor.setPosition(static_cast<int>(old.size() - tail), QTextCursor::KeepAnchor);
    cursor.insertText(text.mid(head, text.size() - head - tail));
}

QString ComposeBody::text() const
{
    return toPlainText();
}

bool ComposeBody::canInsertFromMimeData(const QMimeData* source) const
{
    return source->hasImage() || source->hasUrls() || source->hasText();
}

void ComposeBody::insertFromMimeData(const QMimeData* source)
{
    QStringList files;
    for (const QUrl& url : source->urls())
        if (url.isLocalFile())
            files.append(url.toLocalFile());
    if (!files.isEmpty()) {
        Q_EMIT filesGiven(files);
        return;
    }
    // Word processors offer a picture of their text as well: text wins.
    if (source->hasImage() && !source->hasText()) {
        const auto image = qvariant_cast<QImage>(source->imageData());
        if (!image.isNull())
            Q_EMIT imageGiven(image);
        return;
    }
    QString text = source->text();
    text.replace(QLatin1String("\r\n"), QLatin1String("\n"));
    text.removeIf([](QChar c) { return c == QChar(0); });
    textCursor().insertText(text);
    ensureCursorVisible();
}

void ComposeBody::keyPressEvent(QKeyEvent* event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && event->modifiers() & Qt::ControlModifier) {
        event->ignore(); // sends
        return;
    }
    if (isEnter && event->modifiers() & Qt::ShiftModifier) {
        textCursor().insertBlock(); // a soft break would not survive as plain text
        ensureCursorVisible();
        return;
    }
    QTextEdit::keyPressEvent(event);
}

void ComposeBody::paintEvent(QPaintEvent* event)
{
    QTextEdit::paintEvent(event);
    QPainter painter(viewport());
    drawRing(painter);
    const QAbstractTextDocumentLayout* layout = document()->documentLayout();
    const QPointF offset(-horizontalScrollBar()->value(), -verticalScrollBar()->value());
    for (QTextBlock block = cursorForPosition(QPoint(0, 0)).block(); block.isValid();
         block = block.next()) {
        const QRectF box = layout->blockBoundingRect(block).translated(offset);
        if (box.top() > event->rect().bottom())
            break;
        const Quote quote = quoteOf(block.text());
        if (quote.depth == 0 || block.layout()->lineCount() == 0)
            continue;
        const QTextLine line = block.layout()->lineAt(0);
        // A wrapped line goes on at the margin: its bar must not run through the words.
        double height = line.height();
        const QTextBlock next = block.next();
        if (block.layout()->lineCount() == 1)
            height = next.isValid()
                         ? layout->blockBoundingRect(next).translated(offset).top() - box.top()
                         : box.height();
        const QString text = block.text();
        for (int i = 0; i < quote.textStart; ++i) {
            if (text[i] != u'>')
                continue;
            const double x = box.left() + line.cursorToX(i);
            painter.fillRect(QRectF(x, box.top(), barWidth, height), tokens().control);
        }
    }
}

void ComposeBody::focusInEvent(QFocusEvent* event)
{
    QTextEdit::focusInEvent(event);
    viewport()->update(); // the ring lies outside what the caret repaints
}

void ComposeBody::focusOutEvent(QFocusEvent* event)
{
    QTextEdit::focusOutEvent(event);
    viewport()->update();
}

void ComposeBody::drawRing(QPainter& painter) const
{
    // Not while writing with the mouse at hand: the caret says enough on a page as large as this.
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        drawFocusRing(painter, QRectF(viewport()->rect()).adjusted(4, 4, -4, -4));
    }
}

void ComposeBody::fitColumn()
{
    const int column = fontMetrics().averageCharWidth() * metrics::messageColumns;
    const int room = width() - 2 * padding;
    const int spare = std::max(0, room - column);
    if (layoutDirection() == Qt::RightToLeft)
        setViewportMargins(padding + spare, padding, padding, 0);
    else
        setViewportMargins(padding, padding, padding + spare, 0);
}

void ComposeBody::resizeEvent(QResizeEvent* event)
{
    QTextEdit::resizeEvent(event);
    fitColumn();
}

void ComposeBody::changeEvent(QEvent* event)
{
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_highlighter)
        m_highlighter->rehighlight();
    if (event->type() == QEvent::LayoutDirectionChange)
        fitColumn();
}

} // namespace avocet
