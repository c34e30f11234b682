// SPDX-License-Identifier: GPL-3.0-or-later
// ComposeBody: formatting, and the keys that lists, quotes and code have.
#include "ui/compose/ComposeBody.h"
#include "ui/compose/RichDocument.h"

#include <QKeyEvent>
#include <QTextBlock>
#include <QTextList>

#include <algorithm>

namespace avocet {

namespace {

using Kind = RichBlock::Kind;

bool isItem(const QTextBlock& block)
{
    return block.textList() != nullptr;
}

void leaveList(QTextCursor& cursor)
{
    if (QTextList* list = cursor.block().textList())
        list->remove(cursor.block());
    QTextBlockFormat format = cursor.blockFormat();
    format.setIndent(0);
    cursor.setBlockFormat(format);
}

void joinList(QTextCursor& cursor, Kind kind, int level)
{
    leaveList(cursor);
    QTextListFormat format;
    format.setIndent(std::clamp(level, 1, deepestList));
    format.setStyle(rich::listStyle(kind, format.indent()));
    // One list with those above it of the same kind and level, past deeper ones.
    for (QTextBlock above = cursor.block().previous(); above.isValid() && isItem(above);
         above = above.previous()) {
        QTextList* list = above.textList();
        if (list->format().indent() < format.indent())
            break;
        if (list->format().indent() == format.indent()) {
            if (list->format().style() == format.style()) {
                list->add(cursor.block());
                return;
            }
            break;
        }
    }
    cursor.createList(format);
}

void indentItem(QTextCursor& cursor, int by)
{
    const QTextBlock block = cursor.block();
    const int level = block.textList()->format().indent() + by;
    if (level < 1)
        leaveList(cursor);
    else
        joinList(cursor, rich::kindOf(block), level);
}

void setQuote(QTextCursor& cursor, int depth)
{
    QTextBlockFormat format = cursor.blockFormat();
    if (depth > 0)
        format.setProperty(rich::QuoteDepth, depth);
    else
        format.clearProperty(rich::QuoteDepth);
    cursor.setBlockFormat(format);
    rich::refreshBlock(cursor);
}

void setCode(QTextCursor& cursor, bool code)
{
    if (code)
        leaveList(cursor);
    QTextBlockFormat format = cursor.blockFormat();
    if (code)
        format.setProperty(rich::CodeBlock, true);
    else
        format.clearProperty(rich::CodeBlock);
    format.clearProperty(QTextFormat::HeadingLevel);
    cursor.setBlockFormat(format);
    rich::refreshBlock(cursor);
}

QTextCursor wholeBlock(const QTextBlock& block)
{
    QTextCursor cursor(block);
    cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    return cursor;
}

} // namespace

void ComposeBody::mergeFormat(const QTextCharFormat& format)
{
    if (m_rich)
        mergeCurrentCharFormat(format);
}

void ComposeBody::forBlocks(const std::function<void(QTextCursor&)>& change)
{
    if (!m_rich)
        return;
    QTextCursor all = textCursor();
    const int start = document()->findBlock(all.selectionStart()).blockNumber();
    int end = document()->findBlock(all.selectionEnd()).blockNumber();
    // A selection that ends before a paragraph's first letter does not mean it.
    if (end > start && document()->findBlockByNumber(end).position() == all.selectionEnd())
        --end;
    all.beginEditBlock();
    for (int number = start; number <= end; ++number) {
        QTextCursor cursor(document()->findBlockByNumber(number));
        change(cursor);
    }
    all.endEditBlock();
    Q_EMIT cursorPositionChanged(); // what the format bar shows
}

bool ComposeBody::has(Mark mark) const
{
    const QTextCharFormat format = currentCharFormat();
    const RichStyle style = rich::styleOf(format, heading() > 0);
    switch (mark) {
    case Mark::Bold:
        return style.bold;
    case Mark::Italic:
        return style.italic;
    case Mark::Underline:
        return style.underline;
    case Mark::Strike:
        return style.strike;
    case Mark::Code:
        return style.code;
    }
    return false;
}

void ComposeBody::toggle(Mark mark)
{
    const bool on = !has(mark);
    QTextCharFormat format;
    if (mark == Mark::Bold)
        format.setFontWeight(on ? QFont::DemiBold : QFont::Normal);
    else if (mark == Mark::Italic)
        format.setFontItalic(on);
    else if (mark == Mark::Underline)
        format.setFontUnderline(on);
    else if (mark == Mark::Strike)
        format.setFontStrikeOut(on);
    else
        format.setProperty(rich::Code, on);
    mergeFormat(format);
}

int ComposeBody::heading() const
{
    return textCursor().blockFormat().headingLevel();
}

void ComposeBody::setHeading(int level)
{
    const int wanted = heading() == level ? 0 : level;
    forBlocks([wanted](QTextCursor& cursor) {
        leaveList(cursor);
        setCode(cursor, false);
        QTextBlockFormat format = cursor.blockFormat();
        format.setHeadingLevel(wanted);
        cursor.setBlockFormat(format);
        QTextCharFormat look = rich::headingFormat(wanted);
        if (wanted == 0) {
            look.setFontWeight(QFont::Normal);
            look.setProperty(QTextFormat::FontSizeAdjustment, 0);
        }
        wholeBlock(cursor.block()).mergeCharFormat(look);
        cursor.mergeBlockCharFormat(look);
    });
}

RichBlock::Kind ComposeBody::blockKind() const
{
    return rich::kindOf(textCursor().block());
}

bool ComposeBody::isQuoted() const
{
    return rich::quoteDepth(textCursor().block()) > 0;
}

void ComposeBody::toggleList(Kind kind)
{
    const bool off = blockKind() == kind;
    forBlocks([off, kind](QTextCursor& cursor) {
        const int level = isItem(cursor.block()) ? cursor.currentList()->format().indent() : 1;
        setCode(cursor, false);
        if (off)
            leaveList(cursor);
        else
            joinList(cursor, kind, level);
    });
}

void ComposeBody::indent(int by)
{
    forBlocks([by](QTextCursor& cursor) {
        const QTextBlock block = cursor.block();
        if (isItem(block))
            indentItem(cursor, by);
        else
            setQuote(cursor, std::clamp(rich::quoteDepth(block) + by, 0, deepestQuote));
    });
}

void ComposeBody::toggleQuote()
{
    const bool off = isQuoted();
    forBlocks([off](QTextCursor& cursor) {
        setQuote(cursor, off ? 0 : std::min(rich::quoteDepth(cursor.block()) + 1, deepestQuote));
    });
}

void ComposeBody::toggleCodeBlock()
{
    const bool on = blockKind() != Kind::Code;
    forBlocks([on](QTextCursor& cursor) { setCode(cursor, on); });
}

void ComposeBody::setInk(const QString& colour)
{
    if (!m_rich)
        return;
    QTextCharFormat format;
    if (!colour.isEmpty()) {
        format.setProperty(rich::Ink, QColor(colour));
        format.setForeground(QColor(colour));
        mergeFormat(format);
        return;
    }
    // Properties can be merged in, not out: each run is written again.
    QTextCursor cursor = textCursor();
    cursor.beginEditBlock();
    const int start = cursor.selectionStart();
    const int end = cursor.selectionEnd();
    for (QTextBlock block = document()->findBlock(start); block.isValid() && block.position() < end;
         block = block.next())
        for (auto part = block.begin(); !part.atEnd(); ++part) {
            const QTextFragment fragment = part.fragment();
            QTextCursor run(document());
            run.setPosition(std::max(start, fragment.position()));
            const int stop = std::min(end, fragment.position() + fragment.length());
            if (run.position() >= stop)
                continue;
            run.setPosition(stop, QTextCursor::KeepAnchor);
            QTextCharFormat plain = fragment.charFormat();
            plain.clearProperty(rich::Ink);
            plain.clearForeground();
            run.setCharFormat(plain);
        }
    cursor.endEditBlock();
    if (cursor.hasSelection())
        return; // it would be set for all of it
    QTextCharFormat next = currentCharFormat();
    next.clearProperty(rich::Ink);
    next.clearForeground();
    setCurrentCharFormat(next);
}

QTextCursor ComposeBody::linkAtCursor() const
{
    const QTextCursor cursor = textCursor();
    const QTextBlock block = document()->findBlock(cursor.selectionStart());
    int start = -1;
    int end = -1;
    QString address;
    for (auto part = block.begin(); !part.atEnd(); ++part) {
        const QTextFragment fragment = part.fragment();
        const QTextCharFormat format = fragment.charFormat();
        if (!format.isAnchor() || (start >= 0 && format.anchorHref() != address)) {
            if (start >= 0 && cursor.selectionStart() <= end)
                break;
            start = -1;
        }
        if (format.isAnchor()) {
            start = start < 0 ? fragment.position() : start;
            end = fragment.position() + fragment.length();
            address = format.anchorHref();
        }
    }
    if (start < 0 || cursor.selectionStart() < start || cursor.selectionStart() > end)
        return {};
    QTextCursor link(document());
    link.setPosition(start);
    link.setPosition(end, QTextCursor::KeepAnchor);
    return link;
}

void ComposeBody::setLink(const QString& words, const QString& address)
{
    if (!m_rich)
        return;
    QTextCursor cursor = linkAtCursor().isNull() ? textCursor() : linkAtCursor();
    QTextCharFormat format;
    format.setAnchor(true);
    format.setAnchorHref(address);
    cursor.beginEditBlock();
    if (cursor.hasSelection() && cursor.selectedText() == words) {
        cursor.mergeCharFormat(format);
    } else {
        QTextCharFormat whole = cursor.charFormat();
        whole.merge(format);
        cursor.insertText(words.isEmpty() ? address : words, whole);
    }
    cursor.endEditBlock();
    cursor.setPosition(cursor.selectionEnd());
    setTextCursor(cursor);
}

void ComposeBody::removeLink()
{
    QTextCursor link = linkAtCursor();
    if (link.isNull())
        return;
    QTextCharFormat format;
    format.setAnchor(false);
    format.setAnchorHref({});
    link.mergeCharFormat(format);
}

void ComposeBody::clearFormatting()
{
    QTextCursor cursor = textCursor();
    if (!m_rich)
        return;
    cursor.beginEditBlock();
    if (cursor.hasSelection()) {
        const int start = cursor.selectionStart();
        const int end = cursor.selectionEnd();
        for (QTextBlock block = document()->findBlock(start);
             block.isValid() && block.position() < end; block = block.next())
            for (auto part = block.begin(); !part.atEnd(); ++part) {
                const QTextFragment fragment = part.fragment();
                if (fragment.charFormat().isImageFormat())
                    continue;
                QTextCursor run(document());
                run.setPosition(std::clamp(fragment.position(), start, end));
                run.setPosition(std::clamp(fragment.position() + fragment.length(), start, end),
                                QTextCursor::KeepAnchor);
                run.setCharFormat({});
            }
    }
    forBlocks([](QTextCursor& block) {
        leaveList(block);
        block.setBlockFormat(rich::plainBlockFormat());
        block.setBlockCharFormat({});
    });
    cursor.endEditBlock();
    if (!cursor.hasSelection())
        setCurrentCharFormat({});
}

/// Letters typed behind a link are no part of it.
void ComposeBody::leaveLinkBehind()
{
    const QTextCharFormat now = currentCharFormat();
    if (!m_rich || !now.isAnchor() || textCursor().hasSelection())
        return;
    QTextCursor next = textCursor();
    if (next.movePosition(QTextCursor::NextCharacter) && !next.atBlockStart() &&
        next.charFormat().anchorHref() == now.anchorHref())
        return;
    QTextCharFormat plain = now;
    plain.setAnchor(false);
    plain.clearProperty(QTextFormat::AnchorHref);
    plain.clearProperty(QTextFormat::IsAnchor);
    setCurrentCharFormat(plain);
}

bool ComposeBody::handleEnter(QKeyEvent* event)
{
    if (event->modifiers() & Qt::ControlModifier) {
        event->ignore(); // sends
        return true;
    }
    if (event->modifiers() & (Qt::AltModifier | Qt::MetaModifier))
        return false;
    leaveLinkBehind();
    QTextCursor cursor = textCursor();
    const QTextBlock block = cursor.block();
    const bool shift = event->modifiers() & Qt::ShiftModifier;
    if (m_rich && shift && isItem(block))
        return false; // a line within the item
    if (m_rich && !shift && block.length() == 1 && !cursor.hasSelection() &&
        (isItem(block) || rich::isCode(block) || rich::quoteDepth(block) > 0))
        return handleBackspace(); // an empty one ends what it is in
    // Never QTextEdit's own: in an empty paragraph that has a format, as all have here, it takes the format away and makes no
    // new one (Qt 6.4).
    if (m_rich && !shift && heading() > 0 && cursor.atBlockEnd()) {
        cursor.insertBlock(rich::plainBlockFormat(), {});
        setTextCursor(cursor);
        setCurrentCharFormat({});
    } else {
        QTextBlockFormat format = cursor.blockFormat();
        format.clearProperty(rich::Rule);
        cursor.insertBlock(format); // with Shift too: a soft break would not survive as plain text
        setTextCursor(cursor);
    }
    ensureCursorVisible();
    return true;
}

/// At the start of a paragraph: one thing less that it is.
bool ComposeBody::handleBackspace()
{
    QTextCursor cursor = textCursor();
    if (!m_rich || cursor.hasSelection() || !cursor.atBlockStart())
        return false;
    const QTextBlock block = cursor.block();
    if (isItem(block))
        indent(-1);
    else if (rich::isCode(block))
        toggleCodeBlock();
    else if (heading() > 0)
        setHeading(0);
    else if (rich::quoteDepth(block) > 0)
        indent(-1);
    else
        return false;
    return true;
}

bool ComposeBody::handleTab(QKeyEvent* event)
{
    const bool back = event->key() == Qt::Key_Backtab;
    const QTextBlock block = textCursor().block();
    if (event->modifiers() & Qt::ControlModifier) // the way out of a list
        return QTextEdit::focusNextPrevChild(!back);
    if (!m_rich || isReadOnly())
        return false;
    if (isItem(block)) {
        forBlocks([back](QTextCursor& cursor) {
            if (isItem(cursor.block()))
                indentItem(cursor, back ? -1 : 1);
        });
        return true;
    }
    if (rich::isCode(block) && !back) {
        const QString step = QStringLiteral("    ");
        if (!textCursor().hasSelection())
            textCursor().insertText(step);
        else
            forBlocks([&step](QTextCursor& cursor) {
                if (rich::isCode(cursor.block()))
                    cursor.insertText(step);
            });
        return true;
    }
    return false;
}

/// Tab means something in lists and code, where Ctrl+Tab goes on to the next field; elsewhere it does so itself.
bool ComposeBody::focusNextPrevChild(bool next)
{
    const QTextBlock block = textCursor().block();
    const bool taken = m_rich && !isReadOnly() && (isItem(block) || (next && rich::isCode(block)));
    return !taken && QTextEdit::focusNextPrevChild(next);
}

void ComposeBody::inputMethodEvent(QInputMethodEvent* event)
{
    if (!isReadOnly() && !(event->commitString().isEmpty() && event->preeditString().isEmpty()))
        leaveLinkBehind();
    QTextEdit::inputMethodEvent(event);
}

void ComposeBody::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    if (isReadOnly()) {
        QTextEdit::keyPressEvent(event);
        return;
    }
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && handleEnter(event))
        return;
    if (key == Qt::Key_Backspace && event->modifiers() == Qt::NoModifier && handleBackspace())
        return;
    if ((key == Qt::Key_Tab || key == Qt::Key_Backtab) && handleTab(event))
        return;
    if (!event->text().isEmpty())
        leaveLinkBehind();
    QTextEdit::keyPressEvent(event);
}

} // namespace avocet
