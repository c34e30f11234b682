// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a message: plain text, wrapped for reading, links that can be followed.
#pragma once

#include "ui/reader/HtmlView.h"
#include "ui/reader/ReadableText.h"

#include <QSet>
#include <QString>
#include <QTextBrowser>
#include <QUrl>

namespace avocet {

/// As tall as its text (the reader scrolls), at most 76 characters wide. Never loads anything. What is quoted stands
/// behind a bar for each time that it was quoted; copied, it has its marks again.
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
    /// Marks all places where these words stand, also in what is folded, which opens; their number.
    int markWords(const QString& words);
    /// The next or previous place of them. Empty words end the search.
    HtmlFound findWords(const QString& words, bool backward);
    /// As laid out at `width`.
    int heightForWidth(int width) const override;
    bool hasHeightForWidth() const override { return true; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void linkActivated(const QUrl& target, const QString& words);
    void linkHovered(const QUrl& target);

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
    void fill();
    QFont textFont() const;
    void insertLine(QTextCursor& cursor, QStringView line, const QTextCharFormat& ink) const;
    void openAnchor(const QUrl& url);
    void openFold(int fold);
    void paintQuoteBars(const QRect& area);
    void showHits();

    QString m_text;
    double m_zoom = 1;
    ReadableText m_readable;
    QSet<int> m_opened; ///< folds
    QSet<int> m_openedByWords;
    QString m_words; ///< that are looked for
    QList<int> m_hits;
    int m_active = -1;
    int m_laidOutWidth = -1;
};

} // namespace avocet
