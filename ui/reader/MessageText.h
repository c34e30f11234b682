// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a message: plain text, wrapped for reading, links that can be followed.
#pragma once

#include <QString>
#include <QTextBrowser>
#include <QUrl>

namespace avocet {

/// As tall as its text (the reader scrolls), at most 76 characters wide. Never loads anything.
class MessageText : public QTextBrowser {
    Q_OBJECT
public:
    /// Empty space around the text within the widget.
    static constexpr int margin = 8;

    explicit MessageText(QWidget* parent = nullptr);

    void setMessage(const QString& text);
    QString message() const { return m_text; }
    int columnWidth() const;
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
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void fill();
    void openAnchor(const QUrl& url);

    QString m_text;
    int m_laidOutWidth = -1;
};

} // namespace avocet
