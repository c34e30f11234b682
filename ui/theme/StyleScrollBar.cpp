// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/StyleFamilies.h"

#include "ui/theme/Theme.h"

#include <QPainter>

#include <algorithm>

namespace avocet::controls {

using S = QStyle;

namespace {

/// The bar's ground: that of its view, or the folders' where the view says so.
QColor scrollGround(const QStyleOptionSlider& bar, const QWidget* widget)
{
    for (const QWidget* above = widget; above; above = above->parentWidget()) {
        if (above->property("avocetSidebar").toBool()) {
            return tokens().sidebar;
        }
        if (above->isWindow()) {
            break;
        }
    }
    return bar.palette.color(QPalette::Base);
}

} // namespace

void drawScrollBar(const QStyleOptionSlider& bar, QPainter& painter, const QWidget* widget)
{
    const Tokens& t = tokens();
    // No column of its own.
    painter.fillRect(bar.rect, scrollGround(bar, widget));
    if (bar.maximum <= bar.minimum) {
        return;
    }
    QRectF slider = scrollBarPart(bar, S::SC_ScrollBarSlider);
    const bool wide = bar.state.testFlag(S::State_MouseOver) || bar.state.testFlag(S::State_Sunken);
    const double inset = wide ? 2 : 4;
    slider = bar.orientation == Qt::Vertical ? slider.adjusted(inset, 2, -2, -2)
                                             : slider.adjusted(2, inset, -2, -2);
    const double radius = std::min(slider.width(), slider.height()) / 2;
    fillRounded(painter, slider, radius, wide ? t.control : mixed(t.surface, t.control, 0.55));
}

QRect scrollBarPart(const QStyleOptionSlider& bar, S::SubControl part)
{
    const QRect r = bar.rect;
    const bool vertical = bar.orientation == Qt::Vertical;
    const int length = vertical ? r.height() : r.width();
    switch (part) {
    case S::SC_ScrollBarGroove:
        return r;
    case S::SC_ScrollBarSlider:
    case S::SC_ScrollBarAddPage:
    case S::SC_ScrollBarSubPage:
        break;
    default:
        return {};
    }
    const std::int64_t range = std::int64_t(bar.maximum) - bar.minimum;
    int size = length;
    if (range > 0) {
        size = static_cast<int>(std::int64_t(bar.pageStep) * length / (range + bar.pageStep));
        size = std::clamp(size, std::min(32, length), length);
    }
    const int start = QStyle::sliderPositionFromValue(bar.minimum, bar.maximum, bar.sliderPosition,
                                                      length - size, bar.upsideDown);
    const auto span = [&](int from, int to) {
        return vertical ? QRect(r.x(), r.y() + from, r.width(), to - from)
                        : QRect(r.x() + from, r.y(), to - from, r.height());
    };
    if (part == S::SC_ScrollBarSlider) {
        return span(start, start + size);
    }
    return part == S::SC_ScrollBarSubPage ? span(0, start) : span(start + size, length);
}

} // namespace avocet::controls
