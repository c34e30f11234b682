// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a message: plain text, wrapped for reading, links that can be followed.
#pragma once

#include "ui/reader/HtmlView.h"
#include "ui/reader/ReadableText.h"

#include <QSet>
#include <QString>
#include <QTextBrowser>
#include <QTextCursor>
#include <QTimer>
#include <QUrl>

#include <functional>
#include <vector>

namespace avocet {

class LongTextLayout;

/// As tall as its text (the reader scrolls), at most 76 characters wide. Never loads anything. What is quoted stands
/// behind a bar for each time that it was quoted; copied, it has its marks again. The beginning is there at once, the rest
/// of a long text comes in pieces, between which the window goes on.
class MessageText : public QTextBrowser {
    Q_OBJECT
public:
    /// Empty space around the text within the widget.
    static constexpr int margin = 8;

    explicit MessageText(QWidget* parent = nullptr);

    void setMessage(const QString& text);
    QString message() const { return m_text; }
    void setZoom(double factor);
    int columnWidth() const;
    /// All of it is there.
    bool isWhole() const { return m_pieces.empty(); }
    /// Marks all places where these words stand, also in what is folded, which opens; tells their number once all of the
    /// text is there.
    void markWords(const QString& words, std::function<void(int count)> done);
    /// The next or previous place of them. Empty words end the search.
    void findWords(const QString& words, bool backward, std::function<void(const HtmlFound&)> done);
    /// What is selected, with the marks of what is quoted.
    QString markedSelection() const;
    /// As laid out at `width`.
    int heightForWidth(int width) const override;
    bool hasHeightForWidth() const override { return true; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void linkActivated(const QUrl& target, const QString& words);
    void linkHovered(const QUrl& target);
    void linkCopied(const QUrl& target); ///< is to be
    void moved(int by);                  ///< what is in view lies so much lower now

protected:
    QVariant loadResource(int type, const QUrl& name) override;
    QMimeData* createMimeDataFromSelection() const override;
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    /// Lines that are still to be put in at a place.
    struct Piece {
        QTextCursor at;
        std::size_t next = 0, behind = 0; ///< indexes into ReadableText::lines
    };

    void fill();
    void goOn();
    void insertSome();
    void insertLine(QTextCursor& cursor, std::size_t number);
    void insertWords(QTextCursor& cursor, QStringView words, const QTextCharFormat& ink);
    bool isFolded(const ReadableLine& line) const;
    QFont textFont() const;
    void openAnchor(const QUrl& url);
    QTextCursor takeOut(const QTextBlock& first, const QTextBlock& last);
    void refold(int fold);
    void refoldAll(const QSet<int>& folds);
    QTextBlock blockOf(std::size_t line) const;
    int columnFor(int width) const;
    int wholeHeight() const;
    void setColumn(int column);
    void takeWidth();
    void paintQuoteBars(const QRect& area);
    void whenWhole(std::function<void()> then);
    void showHits();
    void keepPlace(const std::function<void()>& change);

    LongTextLayout* m_layout;
    QString m_text;
    double m_zoom = 1;
    ReadableText m_readable;
    std::vector<Piece> m_pieces; ///< in their order
    bool m_sized = false;        ///< its width is one that it was given
    QTimer m_goOn;
    QTimer m_growth;
    int m_linksLeft = 0;
    QSet<int> m_opened; ///< folds
    QSet<int> m_openedByWords;
    QString m_words; ///< that are looked for
    std::vector<std::function<void()>> m_waiting;
    QList<int> m_hits;
    int m_active = -1;
};

} // namespace avocet
