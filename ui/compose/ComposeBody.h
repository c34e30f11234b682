// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a message being written, formatted or plain, with the room, line height and quotes that make it
// pleasant to write.
#pragma once

#include "core/mime/RichText.h"
#include "core/model/Outgoing.h"

#include <QTextEdit>

#include <functional>
#include <vector>

namespace avocet {

class BodyHighlighter;
class ComposePictures;
class PlainQuotes;
class SpellMarks;

/// At 145 % line height (which QPlainTextEdit cannot do), at most 76 characters wide; quotes in the second ink with bars.
/// In plain text the marks ">" are in the text, and bars are painted in their place. Thread: the GUI's.
///
/// Files that are pasted or dropped are handed on; pictures go into formatted text by the window, which may make them smaller.
class ComposeBody : public QTextEdit {
    Q_OBJECT
public:
    enum class Mark { Bold, Italic, Underline, Strike, Code };

    explicit ComposeBody(QWidget* parent = nullptr);
    ~ComposeBody() override;

    bool isRich() const { return m_rich; }
    /// These are not undoable: this is where the text begins.
    void setText(const QString& text);
    void setRichText(const RichText& text);
    /// The other kind of text. Not undoable by itself: who asks keeps what it was.
    void setRich(bool rich);

    QString text() const;
    RichText richText() const;
    /// Undoable; `words` at the cursor.
    void insert(const RichText& words);
    /// The same of text that brings its pictures as data; such of other messages go.
    void insertForeign(RichText words);
    /// Takes `old` away where it stands unchanged, and puts `fresh` in its place, else at the end. Undoable.
    void replaceBlocks(const RichText& old, const RichText& fresh);
    bool holdsBlocks(const RichText& blocks) const;
    /// Where one begins to write: the first empty line, or the one under a quote that comes first.
    void placeCursor();

    ComposePictures& pictures() { return *m_pictures; }
    const ComposePictures& pictures() const { return *m_pictures; }
    /// At the cursor, at most `width` pixels wide.
    void insertPicture(DraftAttachment file, int width);
    /// The pixels that a text of this width shows.
    int pictureWidth() const;

    // Formatting, all undoable; of the selection, or of what is typed next. Nothing in plain text.
    void toggle(Mark mark);
    void setHeading(int level);
    void toggleList(RichBlock::Kind kind);
    void indent(int by);
    void toggleQuote();
    void toggleCodeBlock();
    void setInk(const QString& colour); ///< "#rrggbb", empty: the text's own
    void setLink(const QString& words, const QString& address);
    void removeLink();
    void clearFormatting();
    bool has(Mark mark) const;
    int heading() const;
    RichBlock::Kind blockKind() const;
    bool isQuoted() const;
    /// The link at the cursor with its words selected in the result; a null cursor where there is none.
    QTextCursor linkAtCursor() const;

    /// Words in braces for which this is true are marked, until somebody fills them in.
    void setPlaceholders(std::function<bool(const QString& name)> isOne);
    void refreshPlaceholders();

    /// In a form: less room around it, and no ring of its own.
    void setInForm();

    void pastePlain();
    SpellMarks& spelling() { return *m_spelling; }

Q_SIGNALS:
    void filesGiven(const QStringList& paths);
    void imageGiven(const QImage& image);
    /// Files hang over the text; `pictures`: they would go into it.
    void filesHover(bool on, bool pictures);
    void linkWanted();
    void cutShort(); ///< what was pasted was more than a message can hold

protected:
    bool canInsertFromMimeData(const QMimeData* source) const override;
    void insertFromMimeData(const QMimeData* source) override;
    QMimeData* createMimeDataFromSelection() const override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    bool focusNextPrevChild(bool next) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void paintBlocks(QPainter& painter, const QRect& area) const;
    void fitColumn();
    void applyLook();
    void beginText();
    bool handleEnter(QKeyEvent* event);
    bool handleBackspace();
    bool handleTab(QKeyEvent* event);
    void leaveLinkBehind();
    void mergeFormat(const QTextCharFormat& format);
    void forBlocks(const std::function<void(QTextCursor&)>& change);
    void takePictures(RichText& words);
    void setPictureWidth(int position, int width);
    void addPictureActions(QMenu& menu, const QPoint& place);

    bool m_rich = false;
    bool m_inForm = false;
    BodyHighlighter* m_highlighter;
    PlainQuotes* m_quotes;
    ComposePictures* m_pictures;
    SpellMarks* m_spelling;
};

} // namespace avocet
