// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposeBody.h"

#include "core/mime/SignatureText.h"
#include "ui/compose/BodyHighlighter.h"
#include "ui/compose/ComposePictures.h"
#include "ui/compose/PlainQuotes.h"
#include "ui/compose/RichDocument.h"
#include "ui/compose/SpellMarks.h"
#include "ui/theme/Theme.h"

#include <QAbstractTextDocumentLayout>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextLayout>

namespace avocet {

namespace {

constexpr int ownPadding = 20;
constexpr int ringInset = 10;
constexpr int quoteStep = 16;

} // namespace

ComposeBody::ComposeBody(QWidget* parent)
    : QTextEdit(parent)
    , m_highlighter(new BodyHighlighter(document()))
    , m_quotes(new PlainQuotes(document()))
    , m_pictures(new ComposePictures(this))
    , m_spelling(new SpellMarks(this))
{
    setFrameShape(QFrame::NoFrame);
    setAcceptRichText(false);
    setTabChangesFocus(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setAccessibleName(tr("Message text"));
    document()->setDocumentMargin(0);
    document()->setIndentWidth(24);
    document()->documentLayout()->registerHandler(QTextFormat::ImageObject, m_pictures);
    connect(m_pictures, &ComposePictures::decoded, viewport(), qOverload<>(&QWidget::update));
    applyLook();
}

ComposeBody::~ComposeBody() = default;

void ComposeBody::applyLook()
{
    setFont(themeFont(TextRole::Message));
    fitColumn();
}

/// What fills the document calls it between: no step of it can be undone.
void ComposeBody::beginText()
{
    document()->setUndoRedoEnabled(true);
    document()->setModified(false);
    moveCursor(QTextCursor::Start);
}

void ComposeBody::setText(const QString& text)
{
    m_rich = false;
    m_highlighter->setRich(false);
    document()->setUndoRedoEnabled(false);
    setPlainText(text);
    QTextCursor all(document());
    all.select(QTextCursor::Document);
    all.setBlockFormat(rich::plainBlockFormat());
    m_quotes->start();
    beginText();
}

void ComposeBody::setRichText(const RichText& text)
{
    m_rich = true;
    m_highlighter->setRich(true);
    m_quotes->stop();
    document()->setUndoRedoEnabled(false);
    clear();
    fillDocument(*document(), text);
    beginText();
}

void ComposeBody::setRich(bool rich)
{
    if (rich == m_rich)
        return;
    if (rich)
        setRichText(richFromPlain(text().toStdString()));
    else
        setText(text());
    document()->setModified(true);
}

QString ComposeBody::text() const
{
    return m_rich ? QString::fromStdString(writePlain(richText())) : toPlainText();
}

RichText ComposeBody::richText() const
{
    return m_rich ? richTextOf(*document()) : richFromPlain(toPlainText().toStdString());
}

void ComposeBody::insert(const RichText& words)
{
    if (m_rich)
        insertRich(textCursor(), words);
    else
        textCursor().insertText(QString::fromStdString(writePlain(words)));
    ensureCursorVisible();
}

bool ComposeBody::holdsBlocks(const RichText& blocks) const
{
    return findSignature(richText(), blocks).has_value();
}

void ComposeBody::replaceBlocks(const RichText& old, const RichText& fresh)
{
    const auto found = findSignature(richText(), old);
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    if (found) {
        const auto first = static_cast<int>(*found);
        const auto last = first + static_cast<int>(old.blocks.size()) - 1;
        const QTextBlock end = document()->findBlockByNumber(last);
        // With the line end before it, so that nothing is left where nothing follows.
        const int start = document()->findBlockByNumber(first).position();
        cursor.setPosition(std::max(0, start - 1));
        cursor.setPosition(end.position() + end.length() - 1, QTextCursor::KeepAnchor);
        cursor.removeSelectedText();
    } else {
        cursor.movePosition(QTextCursor::End);
    }
    if (!fresh.blocks.empty()) {
        cursor.insertBlock(rich::plainBlockFormat(), {});
        if (m_rich)
            insertRich(cursor, fresh, false);
        else
            cursor.insertText(QString::fromStdString(writePlain(fresh)));
    }
    cursor.endEditBlock();
}

void ComposeBody::setPlaceholders(std::function<bool(const QString& name)> isOne)
{
    m_highlighter->setPlaceholders(std::move(isOne));
}

void ComposeBody::refreshPlaceholders()
{
    const QSignalBlocker coloursAreNoText(this);
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next())
        if (block.text().contains(u'{'))
            m_highlighter->rehighlightBlock(block);
}

void ComposeBody::placeCursor()
{
    QTextBlock block = document()->begin();
    const auto isQuote = [this](const QTextBlock& one) {
        return m_rich ? rich::quoteDepth(one) > 0 : one.text().startsWith(u'>');
    };
    if (block.length() > 1) { // the answer goes below
        QTextBlock last;
        for (; block.isValid(); block = block.next())
            if (isQuote(block))
                last = block;
        block = last.isValid() ? last.next() : document()->begin();
        if (block.isValid() && block.length() == 1 && block.next().isValid() &&
            block.next().length() == 1)
            block = block.next();
    }
    setTextCursor(QTextCursor(block.isValid() ? block : document()->lastBlock()));
    ensureCursorVisible();
}

/// What stands beside and behind the words.
void ComposeBody::paintBlocks(QPainter& painter, const QRect& area) const
{
    const QAbstractTextDocumentLayout* layout = document()->documentLayout();
    const QPointF offset(-horizontalScrollBar()->value(), -verticalScrollBar()->value());
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    for (QTextBlock block = cursorForPosition(QPoint(0, 0)).block(); block.isValid();
         block = block.next()) {
        QRectF box = layout->blockBoundingRect(block).translated(offset);
        if (box.top() > area.bottom())
            break;
        // No gap to the next one: bars and grounds run on.
        if (const QTextBlock next = block.next(); next.isValid())
            box.setBottom(layout->blockBoundingRect(next).translated(offset).top());
        if (!m_rich) {
            PlainQuotes::paint(painter, block, box);
            continue;
        }
        const int depth = rich::quoteDepth(block);
        const double width = viewport()->width();
        for (int i = 0; i < depth; ++i) {
            const double x = mirrored ? width - i * quoteStep - quoteBar : i * quoteStep;
            painter.fillRect(QRectF(x, box.top(), quoteBar, box.height()), tokens().control);
        }
        const double left = depth * quoteStep;
        if (rich::isCode(block))
            painter.fillRect(QRectF(mirrored ? 0 : left, box.top(), width - left, box.height()),
                             tokens().hover);
        if (rich::kindOf(block) == RichBlock::Kind::Rule)
            painter.fillRect(QRectF(mirrored ? 0 : left, box.center().y(), width - left, 1),
                             tokens().border);
    }
}

void ComposeBody::paintEvent(QPaintEvent* event)
{
    {
        QPainter painter(viewport());
        paintBlocks(painter, event->rect());
    }
    QTextEdit::paintEvent(event);
    QPainter painter(viewport());
    m_spelling->paint(painter, event->rect());
}

void ComposeBody::focusInEvent(QFocusEvent* event)
{
    QTextEdit::focusInEvent(event);
    update();
}

void ComposeBody::focusOutEvent(QFocusEvent* event)
{
    QTextEdit::focusOutEvent(event);
    update();
}

bool ComposeBody::event(QEvent* event)
{
    const bool done = QTextEdit::event(event);
    // Around the text, whose own paint events are the viewport's. Not while writing with the mouse at hand: the caret says
    // enough on a page as large as this.
    if (event->type() == QEvent::Paint && hasFocus() && !m_inForm &&
        window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        QPainter painter(this);
        drawFocusRing(painter, QRectF(rect()).adjusted(ringInset, ringInset, -ringInset, -2));
    }
    return done;
}

void ComposeBody::setInForm()
{
    m_inForm = true;
    fitColumn();
}

void ComposeBody::fitColumn()
{
    const int padding = m_inForm ? metrics::space3 : ownPadding;
    const int column = fontMetrics().averageCharWidth() * metrics::messageColumns;
    const int room = width() - 2 * padding;
    const int spare = std::max(0, room - column);
    const int below = m_inForm ? 0 : metrics::space2; // for the ring
    if (layoutDirection() == Qt::RightToLeft)
        setViewportMargins(padding + spare, padding, padding, below);
    else
        setViewportMargins(padding, padding, padding + spare, below);
}

void ComposeBody::resizeEvent(QResizeEvent* event)
{
    QTextEdit::resizeEvent(event);
    fitColumn();
}

void ComposeBody::changeEvent(QEvent* event)
{
    QTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && m_highlighter) {
        const QSignalBlocker coloursAreNoText(this);
        m_highlighter->rehighlight();
    }
    if (event->type() == QEvent::LayoutDirectionChange)
        fitColumn();
}

} // namespace avocet
