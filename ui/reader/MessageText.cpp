// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/MessageText.h"

#include "ui/reader/Linkify.h"
#include "ui/theme/Theme.h"

#include <QAbstractTextDocumentLayout>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QTextBlock>
#include <QTextCursor>
#include <QWheelEvent>

#include <algorithm>
#include <array>

namespace avocet {

namespace {

constexpr double lineHeightPercent = 145;
/// Room for the focus ring; the reader lets the widget stick out by as much.
constexpr int ringRoom = MessageText::margin;
constexpr int quoteStep = metrics::space3;
constexpr int quoteBar = 2;
constexpr int mostHits = 1'000;
constexpr int quoteDepth = QTextFormat::UserProperty + 1;
const QString foldScheme = QStringLiteral("avocet-fold");

/// Another one for each time that a text was quoted.
QColor quoteColor(int depth)
{
    static constexpr std::array<std::size_t, 4> colors = {0, 2, 4, 6};
    return tokens().accounts[colors[static_cast<std::size_t>(depth - 1) % colors.size()]];
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
    connect(this, &QTextBrowser::highlighted, this, [this](const QUrl& url) {
        Q_EMIT linkHovered(url.scheme() == foldScheme ? QUrl() : url);
    });
}

QVariant MessageText::loadResource(int, const QUrl&)
{
    return {};
}

void MessageText::setMessage(const QString& text)
{
    m_text = text;
    m_readable = readableText(m_text);
    m_opened.clear();
    m_openedByWords.clear();
    m_words.clear();
    m_hits.clear();
    fill();
}

void MessageText::setZoom(double factor)
{
    if (std::exchange(m_zoom, factor) != factor) {
        fill();
    }
}

QFont MessageText::textFont() const
{
    QFont font = themeFont(TextRole::Message);
    font.setPointSizeF(font.pointSizeF() * m_zoom);
    return font;
}

int MessageText::columnWidth() const
{
    return QFontMetrics(textFont()).averageCharWidth() * metrics::messageColumns;
}

void MessageText::fill()
{
    const Tokens& t = tokens();
    document()->clear();
    document()->setDefaultFont(textFont());
    QTextBlockFormat block;
    block.setLineHeight(lineHeightPercent, QTextBlockFormat::ProportionalHeight);
    QTextCharFormat plain;
    plain.setForeground(t.text);
    QTextCharFormat quiet;
    quiet.setForeground(t.text2);
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    int folded = -1;
    bool first = true;
    for (const ReadableLine& line : m_readable.lines) {
        const bool hidden =
            line.fold >= 0 && !m_opened.contains(line.fold) && !m_openedByWords.contains(line.fold);
        if (hidden && line.fold == folded) {
            continue;
        }
        folded = hidden ? line.fold : -1;
        const int depth =
            hidden ? m_readable.folds[static_cast<std::size_t>(line.fold)].depth : line.depth;
        block.setLeftMargin(depth * quoteStep);
        block.setProperty(quoteDepth, depth);
        if (first) {
            cursor.setBlockFormat(block);
        } else {
            cursor.insertBlock(block);
        }
        first = false;
        if (hidden) {
            QTextCharFormat link = quiet;
            link.setAnchor(true);
            link.setAnchorHref(QStringLiteral("%1:%2").arg(foldScheme).arg(line.fold));
            cursor.insertText(m_readable.folds[static_cast<std::size_t>(line.fold)].words(), link);
        } else {
            insertLine(cursor, QStringView(m_text).sliced(line.start, line.length),
                       depth > 0 || line.quiet || line.fold >= 0 ? quiet : plain);
        }
    }
    cursor.endEditBlock();
    m_laidOutWidth = -1;
    updateGeometry();
}

void MessageText::insertLine(QTextCursor& cursor, QStringView line,
                             const QTextCharFormat& ink) const
{
    qsizetype at = 0;
    for (const TextLink& link : findLinks(line)) {
        cursor.insertText(line.sliced(at, link.start - at).toString(), ink);
        QTextCharFormat format = ink;
        format.setForeground(tokens().accent);
        format.setFontUnderline(true);
        format.setAnchor(true);
        format.setAnchorHref(link.target.toString(QUrl::FullyEncoded));
        cursor.insertText(line.sliced(link.start, link.length).toString(), format);
        at = link.start + link.length;
    }
    cursor.insertText(line.sliced(at).toString(), ink);
}

void MessageText::openFold(int fold)
{
    m_opened.insert(fold);
    fill();
    showHits();
}

QMimeData* MessageText::createMimeDataFromSelection() const
{
    const QTextCursor selection = textCursor();
    QString text;
    for (QTextBlock block = document()->findBlock(selection.selectionStart());
         block.isValid() && block.position() < std::max(selection.selectionEnd(), 1);
         block = block.next()) {
        const int from = std::max(selection.selectionStart() - block.position(), 0);
        const int to = std::min(selection.selectionEnd() - block.position(), block.length() - 1);
        const int depth = block.blockFormat().intProperty(quoteDepth);
        if (!text.isEmpty()) {
            text += u'\n';
        }
        if (depth > 0 && from == 0) {
            text += QString(depth, u'>') + u' ';
        }
        text += block.text().mid(from, to - from);
    }
    auto* copied = new QMimeData;
    copied->setText(text);
    return copied;
}

int MessageText::markWords(const QString& words)
{
    m_words = words;
    m_active = -1;
    // As the words are typed, what only their beginning opened closes again; at the end all stays as it is.
    QSet<int> wanted;
    for (const ReadableLine& line : m_readable.lines) {
        if (line.fold >= 0 && !words.isEmpty() && !m_opened.contains(line.fold) &&
            QStringView(m_text)
                .sliced(line.start, line.length)
                .contains(words, Qt::CaseInsensitive)) {
            wanted.insert(line.fold);
        }
    }
    if (words.isEmpty()) {
        m_opened += std::exchange(m_openedByWords, {});
    } else if (m_openedByWords != wanted) {
        m_openedByWords = wanted;
        fill();
    }
    showHits();
    return static_cast<int>(m_hits.size());
}

HtmlFound MessageText::findWords(const QString& words, bool backward)
{
    if (words != m_words) {
        markWords(words);
    }
    if (m_hits.isEmpty()) {
        return {};
    }
    const auto all = static_cast<int>(m_hits.size());
    m_active =
        m_active < 0 ? (backward ? all - 1 : 0) : (m_active + (backward ? all - 1 : 1)) % all;
    showHits();
    QTextCursor at(document());
    at.setPosition(m_hits[m_active]);
    return {m_active + 1, all, cursorRect(at)};
}

void MessageText::showHits()
{
    m_hits.clear();
    QList<ExtraSelection> marks;
    if (!m_words.isEmpty()) {
        for (QTextCursor at = document()->find(m_words); !at.isNull() && m_hits.size() < mostHits;
             at = document()->find(m_words, at)) {
            ExtraSelection mark;
            mark.cursor = at;
            const bool active = m_hits.size() == m_active;
            mark.format.setBackground(active ? tokens().accent : tokens().searchHit);
            mark.format.setForeground(active ? tokens().accentText : tokens().text);
            marks.append(mark);
            m_hits.append(at.selectionStart());
        }
    }
    setExtraSelections(marks);
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
    paintQuoteBars(event->rect());
    QTextBrowser::paintEvent(event);
    if (hasFocus() && window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
        QPainter painter(viewport());
        drawFocusRing(painter, viewport()->rect());
    }
}

void MessageText::paintQuoteBars(const QRect& area)
{
    QPainter painter(viewport());
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const auto* layout = document()->documentLayout();
    QTextBlock block = cursorForPosition(area.topLeft()).block();
    block = block.previous().isValid() ? block.previous() : block;
    for (; block.isValid(); block = block.next()) {
        const QRectF r = layout->blockBoundingRect(block);
        if (r.top() > area.bottom()) {
            break;
        }
        for (int depth = block.blockFormat().intProperty(quoteDepth); depth > 0; --depth) {
            const int x = ringRoom + (depth - 1) * quoteStep;
            const QTextBlock next = block.next();
            const bool goesOn =
                next.isValid() && next.blockFormat().intProperty(quoteDepth) >= depth;
            const qreal bottom = goesOn ? layout->blockBoundingRect(next).top() : r.bottom();
            painter.fillRect(QRectF(mirrored ? viewport()->width() - x - quoteBar : x, r.top(),
                                    quoteBar, bottom - r.top()),
                             quoteColor(depth));
        }
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
    if (!anchor.isEmpty() && !anchor.startsWith(foldScheme)) {
        menu->addAction(tr("Copy link"), this,
                        [anchor] { QGuiApplication::clipboard()->setText(anchor); });
    }
    menu->addAction(tr("Select all"), this, &QTextEdit::selectAll);
    menu->popup(event->globalPos());
}

void MessageText::openAnchor(const QUrl& url)
{
    if (url.scheme() == foldScheme) {
        openFold(url.path().toInt());
        return;
    }
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
