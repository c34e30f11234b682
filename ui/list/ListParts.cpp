// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/ListParts.h"

#include "ui/list/MessageDelegate.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"

#include <QPainter>

namespace avocet {

namespace {

constexpr int chipHeight = 24;

bool keyboardFocus(const QWidget* widget)
{
    return widget->hasFocus() && widget->window()->testAttribute(Qt::WA_KeyboardFocusChange);
}

} // namespace

FilterChip::FilterChip(const QString& text, QWidget* parent)
    : QAbstractButton(parent)
{
    setText(text);
    setAccessibleName(text);
    setCheckable(true);
    setFont(themeFont(TextRole::Small));
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

QSize FilterChip::sizeHint() const
{
    const QFontMetrics fm(themeFont(TextRole::Small, true));
    return {fm.horizontalAdvance(text()) + 2 * metrics::space3 - 2,
            std::max(chipHeight, fm.height() + metrics::space2)};
}

void FilterChip::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    const double radius = height() / 2.0;
    if (isChecked()) {
        fillRounded(painter, rect(), radius, t.selection);
        strokeRounded(painter, rect(), radius, t.accent);
    } else {
        fillRounded(painter, rect(), radius, underMouse() ? t.selectionInactive : t.surface);
        strokeRounded(painter, rect(), radius, t.border);
    }
    painter.setFont(themeFont(TextRole::Small, isChecked()));
    painter.setPen(isChecked() ? t.text : t.text2);
    painter.drawText(rect(), Qt::AlignCenter, text());
    if (keyboardFocus(this)) {
        drawFocusRing(painter, rect(), radius);
    }
}

SkeletonRows::SkeletonRows(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Loading messages"));
}

void SkeletonRows::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    painter.fillRect(rect(), t.surface);
    const int row = MessageDelegate::cardHeight();
    const auto bar = [&](int y, double share, int height) {
        const QRect r(28, y, static_cast<int>((width() - 40) * share), height);
        fillRounded(painter, QStyle::visualRect(layoutDirection(), rect(), r), metrics::radiusMark,
                    t.selectionInactive);
    };
    int i = 0;
    for (int y = metrics::space2; y < height(); y += row, ++i) {
        bar(y + 14, i % 3 == 0 ? 0.42 : 0.34, 10);
        bar(y + 33, i % 2 == 0 ? 0.7 : 0.58, 10);
        bar(y + 52, i % 3 == 1 ? 0.92 : 0.84, 8);
    }
}

NewMailPill::NewMailPill(QWidget* parent)
    : QToolButton(parent)
{
    setFocusPolicy(Qt::TabFocus);
    setFont(themeFont(TextRole::Small, true));
    setAttribute(Qt::WA_Hover);
}

QSize NewMailPill::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(text()) + metrics::iconSmall + 2 * metrics::space3 +
                metrics::space1,
            28};
}

void NewMailPill::paintEvent(QPaintEvent*)
{
    const Tokens& t = tokens();
    QPainter painter(this);
    fillRounded(painter, rect(), height() / 2.0,
                underMouse() || isDown() ? t.accentPressed : t.accent);
    const QRect mark(metrics::space2 + 2, (height() - metrics::iconSmall) / 2, metrics::iconSmall,
                     metrics::iconSmall);
    paintIcon(painter, QStyle::visualRect(layoutDirection(), rect(), mark), "chevron-up",
              t.accentText);
    painter.setPen(t.accentText);
    const QRect words = rect().adjusted(mark.right() + 1 + metrics::space1, 0, 0, 0);
    painter.drawText(QStyle::visualRect(layoutDirection(), rect(), words),
                     Qt::AlignVCenter | Qt::AlignLeading, text());
    if (keyboardFocus(this)) {
        strokeRounded(painter, QRectF(rect()).adjusted(2, 2, -2, -2), height() / 2.0 - 2,
                      t.accentText, 2);
    }
}

} // namespace avocet
