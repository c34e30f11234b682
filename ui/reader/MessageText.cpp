// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/MessageText.h"

#include "ui/reader/Linkify.h"
#include "ui/theme/Theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QTextBlock>
#include <QTextCursor>
#include <QWheelEvent>

#include <algorithm>

namespace avocet {

namespace {

constexpr double lineHeightPercent = 145;
/// Room for the focus ring; the reader lets the widget stick out by as much.
constexpr int ringRoom = MessageText::margin;

int quoteDepth(QStringView line)
{
    int depth = 0;
    for (const QChar c : line) {
        if (c == u'>') {
            ++depth;
        } else if (c != u' ') {
            break;
        }
    }
    return depth;
}

} // namespace

MessageText::MessageText(QWidget* parent)
    : QTextBrowser(parent)
{
    setOpenLinks(false);
    setOpenExternalLinks(false);
    setFrameShape(NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTextInteractionFlags(Qt::TextBrowserInteraction);
    setUndoRedoEnabled(false);
    setAccessibleName(tr("Message text"));
    document()->setDocumentMargin(ringRoom);
    viewport()->setAutoFillBackground(false);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    connect(this, &QTextBrowser::anchorClicked, this, &MessageText::openAnchor);
    connect(this, &QTextBrowser::highlighted, this,
            [this](const QUrl& url) { Q_EMIT linkHovered(url); });
}

QVariant MessageText::loadResource(int, const QUrl&)
{
    return {};
}

void MessageText::setMessage(const QString& text)
{
    m_text = text;
    fill();
}

int MessageText::columnWidth() const
{
    return QFontMetrics(themeFont(TextRole::Message)).averageCharWidth() * metrics::messageColumns;
}

void MessageText::fill()
{
    const Tokens& t = tokens();
    document()->clear();
    document()->setDefaultFont(themeFont(TextRole::Message));
    QTextBlockFormat block;
    block.setLineHeight(lineHeightPercent, QTextBlockFormat::ProportionalHeight);
    QTextCharFormat plain;
    plain.setForeground(t.text);
    QTextCharFormat quoted;
    quoted.setForeground(t.text2);
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    cursor.setBlockFormat(block);
    bool first = true;
    for (const QStringView line : QStringView(m_text).split(u'\n')) {
        if (!first) {
            cursor.insertBlock();
        }
        first = false;
        const QTextCharFormat& ink = quoteDepth(line) > 0 ? quoted : plain;
        qsizetype at = 0;
        for (const TextLink& link : findLinks(line)) {
            cursor.insertText(line.sliced(at, link.start - at).toString(), ink);
            QTextCharFormat format = ink;
            format.setForeground(t.accent);
            format.setFontUnderline(true);
            format.setAnchor(true);
            format.setAnchorHref(link.target.toString(QUrl::FullyEncoded));
            cursor.insertText(line.sliced(link.start, link.length).toString(), format);
            at = link.start + link.length;
        }
        cursor.insertText(line.sliced(at).toString(), ink);
    }
    cursor.endEditBlock();
    m_laidOutWidth = -1;
    updateGeometry();
}

int MessageText::heightForWidth(int width) const
{
    const int column = std::min(width, columnWidth() + 2 * ringRoom);
    document()->setTextWidth(std::max(100, column));
    return static_cast<int>(document()->size().height()) + 2;
}

QSize MessageText::sizeHint() const
{
    return {columnWidth() + 2 * ringRoom, heightForWidth(std::max(width(), 100))};
}

QSize MessageText::minimumSizeHint() const
{
    return {160, 40};
}

void MessageText::resizeEvent(QResizeEvent* event)
{
    QTextBrowser::resizeEvent(event);
    if (m_laidOutWidth != width()) {
        m_laidOutWidth = width();
        updateGeometry();
    }
}

void MessageText::changeEvent(QEvent* event)
{
    QTextBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        fill();
    }
}

void MessageText::paintEvent(QPaintEvent* event)
{
    QTextBrowser::paintEvent(event);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        QPainter painter(viewport());
        drawFocusRing(painter, viewport()->rect());
    }
}

void MessageText::wheelEvent(QWheelEvent* event)
{
    // The reader scrolls as a whole.
    event->ignore();
}

void MessageText::keyPressEvent(QKeyEvent* event)
{
    const bool edits =
        event->matches(QKeySequence::Copy) || event->matches(QKeySequence::SelectAll);
    const bool links = event->key() == Qt::Key_Tab || event->key() == Qt::Key_Backtab ||
                       event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (edits || (links && textCursor().charFormat().isAnchor())) {
        QTextBrowser::keyPressEvent(event);
    } else {
        event->ignore();
    }
}

void MessageText::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const QString anchor = anchorAt(event->pos());
    QAction* copy = menu->addAction(tr("Copy"), this, &QTextEdit::copy);
    copy->setEnabled(textCursor().hasSelection());
    if (!anchor.isEmpty()) {
        menu->addAction(tr("Copy link"), this,
                        [anchor] { QGuiApplication::clipboard()->setText(anchor); });
    }
    menu->addAction(tr("Select all"), this, &QTextEdit::selectAll);
    menu->popup(event->globalPos());
}

void MessageText::openAnchor(const QUrl& url)
{
    // The words under the pointer or the text cursor; the same address may stand there twice.
    QString words;
    for (QTextBlock block = document()->begin(); block.isValid() && words.isEmpty();
         block = block.next()) {
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextFragment fragment = it.fragment();
            if (fragment.charFormat().isAnchor() &&
                fragment.charFormat().anchorHref() == url.toString(QUrl::FullyEncoded)) {
                words = fragment.text();
                break;
            }
        }
    }
    Q_EMIT linkActivated(url, words);
}

} // namespace avocet
