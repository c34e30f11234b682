// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a message being written: plain text with the room, line height and quotes that make it
// pleasant to write.
#pragma once

#include <QTextEdit>

#include <memory>

namespace avocet {

class QuoteHighlighter;

/// Plain text at 145 % line height (which QPlainTextEdit cannot do), at most 76 characters wide; quoted
/// lines in the second ink with bars in place of their marks. Files and images that are pasted or
/// dropped are handed on, never inserted.
class ComposeBody : public QTextEdit {
    Q_OBJECT
public:
    explicit ComposeBody(QWidget* parent = nullptr);
    ~ComposeBody() override;

    /// Not undoable: this is where the text begins.
    void setText(const QString& text);
    /// Undoable, the cursor stays.
    void replaceText(const QString& text);
    QString text() const;

Q_SIGNALS:
    void filesGiven(const QStringList& paths);
    void imageGiven(const QImage& image);

protected:
    bool canInsertFromMimeData(const QMimeData* source) const override;
    void insertFromMimeData(const QMimeData* source) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void drawRing(QPainter& painter) const;
    void fitColumn();
    void applyLook();

    QuoteHighlighter* m_highlighter;
};

} // namespace avocet
