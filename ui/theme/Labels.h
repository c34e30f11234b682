// SPDX-License-Identifier: GPL-3.0-or-later
// Labels in the theme's type roles whose ink follows the palette, and hairlines.
#pragma once

#include "ui/theme/Theme.h"

#include <QLabel>
#include <QWidget>

namespace avocet {

enum class Ink { Text, Text2, Danger };

/// Plain text unless the caller changes the format.
QLabel* makeLabel(const QString& text, TextRole role, Ink ink = Ink::Text, bool strong = false,
                  QWidget* parent = nullptr);
void setInk(QLabel* label, Ink ink);

/// A label that elides at its right end (or in the middle) instead of demanding width; the whole
/// text is its tool tip while it is cut.
class ElidedLabel : public QLabel {
    Q_OBJECT
public:
    explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr,
                         Qt::TextElideMode mode = Qt::ElideRight);
    void setFullText(const QString& text);
    QString fullText() const { return m_full; }
    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QString m_full;
    Qt::TextElideMode m_mode;
};

/// Draws `text` in the direction of its own script, at the side that `visualFlags` (of
/// QStyle::visualAlignment) names: an English subject in a mirrored window keeps its full stop and
/// its ellipsis at its end.
void drawOwnDirection(QPainter& painter, const QRect& rect, int visualFlags, const QString& text);

/// Margins by reading direction; a layout's own left and right do not follow it.
QMargins readingMargins(int start, int top, int end, int bottom);

/// One pixel in the border colour.
class Hairline : public QWidget {
    Q_OBJECT
public:
    explicit Hairline(Qt::Orientation orientation = Qt::Horizontal, QWidget* parent = nullptr);

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// Up to two capitals of a name, or of the address where there is no name.
QString initialsOf(const QString& name, const QString& address);
void paintInitials(QPainter& painter, const QRect& circle, const QString& initials,
                   const QColor& fill);

} // namespace avocet
