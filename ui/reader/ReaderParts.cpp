// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ReaderParts.h"

#include "ui/theme/Theme.h"

#include <QPainter>
#include <QStyle>

namespace avocet {

FlowRow::FlowRow(QWidget* parent)
    : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void FlowRow::add(QWidget* card)
{
    card->setParent(this);
    m_cards.append(card);
    card->show();
    place(width(), true);
    updateGeometry();
}

void FlowRow::clear()
{
    for (QWidget* card : std::as_const(m_cards)) {
        card->hide();
        card->deleteLater();
    }
    m_cards.clear();
    updateGeometry();
}

int FlowRow::place(int width, bool move) const
{
    int x = 0;
    int y = 0;
    int row = 0;
    for (QWidget* card : m_cards) {
        const QSize size = card->size();
        if (x > 0 && x + size.width() > width) {
            x = 0;
            y += row + metrics::space2;
            row = 0;
        }
        if (move) {
            const QRect r(QPoint(x, y), size);
            card->move(
                QStyle::visualRect(layoutDirection(), QRect(0, 0, width, height()), r).topLeft());
        }
        x += size.width() + metrics::space2;
        row = std::max(row, size.height());
    }
    return y + row;
}

int FlowRow::heightForWidth(int width) const
{
    return place(width, false);
}

QSize FlowRow::sizeHint() const
{
    return {240, place(std::max(240, width()), false)};
}

void FlowRow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    place(width(), true);
    setMinimumHeight(place(width(), false));
}

TextSkeleton::TextSkeleton(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Loading message"));
}

void TextSkeleton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    static constexpr double shares[] = {0.92, 0.86, 0.95, 0.4, 0, 0.9, 0.72};
    int y = metrics::space1;
    for (const double share : shares) {
        if (share > 0) {
            const QRect r(0, y, static_cast<int>(std::min(width(), 560) * share), 10);
            fillRounded(painter, QStyle::visualRect(layoutDirection(), rect(), r),
                        metrics::radiusMark, tokens().selectionInactive);
        }
        y += 22;
    }
}

} // namespace avocet
