// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/MessageText.h"

#include "ui/reader/Linkify.h"
#include "ui/reader/LongTextLayout.h"
#include "ui/theme/Theme.h"

#include <QContextMenuEvent>
#include <QEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QPainter>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>
#include <QWheelEvent>

#include <algorithm>
#include <array>
#include <chrono>

namespace avocet {

using namespace std::chrono_literals;

namespace {

/// More than the tallest window shows, and what a slice of a long text brings.
constexpr qsizetype pieceCharacters = 6'000;
constexpr int pieceLines = 120;
constexpr auto slice = 8ms;
/// Between two slices others have their turn.
constexpr auto pause = 2ms;
constexpr auto growEvery = 100ms;
/// Each takes memory of its own.
constexpr int mostLinks = 5'000;
/// Room for the focus ring; the reader lets the widget stick out by as much.
constexpr int ringRoom = MessageText::margin;
constexpr int quoteStep = metrics::space3;
constexpr int quoteBar = 2;
constexpr int quoteDepth = QTextFormat::UserProperty + 1;
constexpr int continues = QTextFormat::UserProperty + 2;
constexpr int mostRefolded = 200;
constexpr int tallest = QWIDGETSIZE_MAX - 100;
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
    auto* text = new QTextDocument(this);
    m_layout = new LongTextLayout(text);
    text->setDocumentLayout(m_layout);
    setDocument(text);
    setLineWrapMode(FixedPixelWidth);
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
    // It is as tall as its text in the end, and never scrolls by itself meanwhile.
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this,
            [this] { verticalScrollBar()->setValue(0); });
    m_goOn.setSingleShot(true);
    connect(&m_goOn, &QTimer::timeout, this, &MessageText::goOn);
    m_growth.setSingleShot(true);
    m_growth.setInterval(growEvery);
    connect(&m_growth, &QTimer::timeout, this, [this] { updateGeometry(); });
    connect(m_layout, &LongTextLayout::documentSizeChanged, this, [this] {
        if (!m_goOn.isActive()) {
            m_goOn.start(pause);
        }
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
    m_waiting.clear();
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

bool MessageText::isFolded(const ReadableLine& line) const
{
    return line.fold >= 0 && !m_opened.contains(line.fold) && !m_openedByWords.contains(line.fold);
}

void MessageText::fill()
{
    m_linksLeft = mostLinks;
    m_pieces.clear();
    document()->clear();
    document()->setDefaultFont(textFont());
    setColumn(columnFor(m_sized ? width() : QWIDGETSIZE_MAX));
    m_pieces.push_back({QTextCursor(document()), 0, m_readable.lines.size()});
    goOn();
    updateGeometry();
}

void MessageText::goOn()
{
    const bool filling = !m_pieces.empty();
    bool measured = false;
    keepPlace([this, &measured] {
        const auto end = std::chrono::steady_clock::now() + slice / 2;
        do {
            insertSome();
        } while (!m_pieces.empty() && std::chrono::steady_clock::now() < end);
        measured = m_layout->measure(slice);
    });
    if (!measured || !m_pieces.empty()) {
        m_goOn.start(pause);
    } else {
        m_goOn.stop();
    }
    if (!m_growth.isActive()) {
        m_growth.start();
    }
    if (filling && m_pieces.empty()) {
        for (const auto& then : std::exchange(m_waiting, {})) {
            then();
        }
    }
}

void MessageText::keepPlace(const std::function<void()>& change)
{
    const int above = visibleRegion().boundingRect().top();
    const QTextBlock top =
        document()->findBlockByNumber(above > 0 ? m_layout->paragraphAt(above) : 0);
    const int line = top.userState();
    const qreal before = m_layout->top(top.blockNumber());
    change();
    if (above > 0) {
        const qreal now = m_layout->top(blockOf(static_cast<std::size_t>(line)).blockNumber());
        if (const int by = qRound(now - before); by != 0) {
            Q_EMIT moved(by);
            updateGeometry();
        }
    }
}

void MessageText::insertSome()
{
    qsizetype characters = pieceCharacters;
    for (int left = pieceLines; left > 0 && characters > 0 && !m_pieces.empty();) {
        Piece& piece = m_pieces.front();
        piece.at.beginEditBlock();
        while (left > 0 && characters > 0 && piece.next < piece.behind) {
            const ReadableLine& line = m_readable.lines[piece.next];
            insertLine(piece.at, piece.next++);
            --left;
            characters -= line.length;
            while (isFolded(line) && piece.next < piece.behind &&
                   m_readable.lines[piece.next].fold == line.fold) {
                ++piece.next;
            }
        }
        piece.at.endEditBlock();
        if (piece.next >= piece.behind) {
            m_pieces.erase(m_pieces.begin());
        }
    }
}

/// Into a paragraph of its own behind the cursor; the very first paragraph is there already.
void MessageText::insertLine(QTextCursor& cursor, std::size_t number)
{
    const ReadableLine& line = m_readable.lines[number];
    const bool folded = isFolded(line);
    const TextFold* fold =
        line.fold >= 0 ? &m_readable.folds[static_cast<std::size_t>(line.fold)] : nullptr;
    const int depth = folded ? fold->depth : line.depth;
    QTextBlockFormat block;
    block.setLeftMargin(depth * quoteStep);
    block.setProperty(quoteDepth, depth);
    block.setProperty(continues, line.goesOn);
    if (number == 0) {
        cursor.setBlockFormat(block);
    } else {
        cursor.insertBlock(block);
    }
    cursor.block().setUserState(static_cast<int>(number));
    QTextCharFormat ink;
    ink.setForeground(depth > 0 || line.quiet || fold ? tokens().text2 : tokens().text);
    if (folded) {
        ink.setAnchor(true);
        ink.setAnchorHref(QStringLiteral("%1:%2").arg(foldScheme).arg(line.fold));
        cursor.insertText(fold->words(), ink);
    } else {
        insertWords(cursor, QStringView(m_text).sliced(line.start, line.length), ink);
    }
}

void MessageText::insertWords(QTextCursor& cursor, QStringView words, const QTextCharFormat& ink)
{
    qsizetype at = 0;
    for (const TextLink& link : m_linksLeft > 0 ? findLinks(words) : std::vector<TextLink>()) {
        cursor.insertText(words.sliced(at, link.start - at).toString(), ink);
        QTextCharFormat format = ink;
        format.setForeground(tokens().accent);
        format.setFontUnderline(true);
        format.setAnchor(true);
        format.setAnchorHref(link.target.toString(QUrl::FullyEncoded));
        cursor.insertText(words.sliced(link.start, link.length).toString(), format);
        at = link.start + link.length;
        --m_linksLeft;
    }
    cursor.insertText(words.sliced(at).toString(), ink);
}

/// The paragraph of a line, or of the fold that hides it; invalid where it is not there yet.
QTextBlock MessageText::blockOf(std::size_t line) const
{
    int low = 0;
    int high = document()->blockCount();
    while (high - low > 1) {
        const int middle = (low + high) / 2;
        const auto there = document()->findBlockByNumber(middle).userState();
        (there <= static_cast<int>(line) ? low : high) = middle;
    }
    return document()->findBlockByNumber(low);
}

/// Takes these paragraphs out; what stands in their place comes behind the cursor.
QTextCursor MessageText::takeOut(const QTextBlock& first, const QTextBlock& last)
{
    QTextCursor cursor(first);
    if (first.blockNumber() > 0) {
        cursor.movePosition(QTextCursor::PreviousCharacter);
    }
    const int state = cursor.block().userState();
    const QTextBlockFormat format = cursor.blockFormat();
    cursor.setPosition(last.position() + last.length() - 1, QTextCursor::KeepAnchor);
    cursor.beginEditBlock();
    cursor.removeSelectedText();
    // Of two that become one, an empty one is the one that goes.
    cursor.setBlockFormat(format);
    cursor.block().setUserState(state);
    cursor.endEditBlock();
    return cursor;
}

/// Shows this fold as it ought to be now, open or closed.
void MessageText::refold(int fold)
{
    const auto& lines = m_readable.lines;
    const auto isPart = [fold](const ReadableLine& line) { return line.fold == fold; };
    const auto begin = std::find_if(lines.begin(), lines.end(), isPart);
    const auto end = std::find_if_not(begin, lines.end(), isPart);
    const auto first = static_cast<std::size_t>(begin - lines.begin());
    const auto behind = static_cast<std::size_t>(end - lines.begin());
    // What is on its way into it comes anew.
    std::erase_if(m_pieces, [first, behind](const Piece& piece) {
        return piece.next >= first && piece.behind == behind;
    });
    for (Piece& piece : m_pieces) {
        if (piece.next > first && piece.next < behind) {
            piece.next = behind;
        }
    }
    const QTextBlock top = blockOf(first);
    if (top.userState() == static_cast<int>(first)) {
        m_pieces.insert(std::find_if(m_pieces.begin(), m_pieces.end(),
                                     [first](const Piece& piece) { return piece.next > first; }),
                        {takeOut(top, blockOf(behind - 1)), first, behind});
    }
}

void MessageText::refoldAll(const QSet<int>& folds)
{
    if (folds.size() > mostRefolded) {
        fill();
        return;
    }
    keepPlace([this, &folds] {
        for (const int fold : folds) {
            refold(fold);
        }
    });
    goOn();
}

QString MessageText::markedSelection() const
{
    const QTextCursor selection = textCursor();
    QString text;
    if (!selection.hasSelection()) {
        return text;
    }
    for (QTextBlock block = document()->findBlock(selection.selectionStart());
         block.isValid() && block.position() < std::max(selection.selectionEnd(), 1);
         block = block.next()) {
        const int from = std::max(selection.selectionStart() - block.position(), 0);
        const int to = std::min(selection.selectionEnd() - block.position(), block.length() - 1);
        const int depth = block.blockFormat().intProperty(quoteDepth);
        const bool goesOn = block.blockFormat().boolProperty(continues);
        if (!text.isEmpty() && !goesOn) {
            text += u'\n';
        }
        if (depth > 0 && from == 0 && !goesOn) {
            text += QString(depth, u'>') + u' ';
        }
        text += block.text().mid(from, to - from);
    }
    return text;
}

QMimeData* MessageText::createMimeDataFromSelection() const
{
    auto* copied = new QMimeData;
    copied->setText(markedSelection());
    return copied;
}

int MessageText::columnFor(int width) const
{
    return std::clamp(width, 100, columnWidth() + 2 * ringRoom);
}

int MessageText::wholeHeight() const
{
    return static_cast<int>(std::min(m_layout->documentSize().height(), double(tallest))) + 2;
}

void MessageText::setColumn(int column)
{
    setLineWrapColumnOrWidth(column);
    m_layout->measure(slice);
}

/// What was in view stays there.
void MessageText::takeWidth()
{
    if (const int column = columnFor(width()); column != lineWrapColumnOrWidth()) {
        keepPlace([this, column] { setColumn(column); });
        updateGeometry();
    }
}

int MessageText::heightForWidth(int width) const
{
    const int column = columnFor(width);
    const int now = lineWrapColumnOrWidth();
    if (column == now) {
        return wholeHeight();
    }
    // Layouts ask for widths that nothing ever gets. Only a short text is broken anew for each of them.
    if (m_text.size() > pieceCharacters && m_sized) {
        return static_cast<int>(std::min(double(wholeHeight()) * now / column, double(tallest)));
    }
    const_cast<MessageText*>(this)->setColumn(column);
    return wholeHeight();
}

QSize MessageText::sizeHint() const
{
    return {lineWrapColumnOrWidth(), wholeHeight()};
}

void MessageText::resizeEvent(QResizeEvent* event)
{
    m_sized = true;
    takeWidth();
    QTextBrowser::resizeEvent(event);
}

QSize MessageText::minimumSizeHint() const
{
    return {160, 40};
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
    takeWidth(); // whatever was asked for since it got that width
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
    const qreal column = document()->textWidth();
    QTextBlock block = document()->findBlockByNumber(m_layout->paragraphAt(area.top()));
    for (; block.isValid(); block = block.next()) {
        const QRectF r = m_layout->blockBoundingRect(block);
        if (r.top() > area.bottom()) {
            break;
        }
        const bool mirrored = block.textDirection() == Qt::RightToLeft;
        for (int depth = block.blockFormat().intProperty(quoteDepth); depth > 0; --depth) {
            const int x = ringRoom + (depth - 1) * quoteStep;
            painter.fillRect(
                QRectF(mirrored ? column - x - quoteBar : x, r.top(), quoteBar, r.height()),
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
        menu->addAction(tr("Copy link"), this, [this, anchor] { Q_EMIT linkCopied(QUrl(anchor)); });
    }
    menu->addAction(tr("Select all"), this, &QTextEdit::selectAll);
    menu->popup(event->globalPos());
}

void MessageText::openAnchor(const QUrl& url)
{
    if (url.scheme() == foldScheme) {
        const int fold = url.path().toInt();
        m_opened.insert(fold);
        refoldAll({fold});
        whenWhole([this] { showHits(); });
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
