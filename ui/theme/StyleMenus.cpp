// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/StyleFamilies.h"

#include "ui/theme/Theme.h"

#include <QPainter>

#include <algorithm>

namespace avocet::controls {

using S = QStyle;

void drawMenuPanel(const QStyleOption* option, QPainter& painter)
{
    const Tokens& t = tokens();
    painter.save();
    painter.setCompositionMode(QPainter::CompositionMode_Source);
    painter.fillRect(option->rect, Qt::transparent);
    painter.restore();
    fillRounded(painter, option->rect, metrics::radiusCard, t.raised);
    strokeRounded(painter, option->rect, metrics::radiusCard, t.border);
}

void drawMenuItem(const QStyleOptionMenuItem& option, QPainter& painter)
{
    const Tokens& t = tokens();
    if (option.menuItemType == QStyleOptionMenuItem::Separator) {
        painter.fillRect(QRect(option.rect.x() + metrics::space2, option.rect.center().y(),
                               option.rect.width() - 2 * metrics::space2, 1),
                         t.border);
        return;
    }
    const bool enabled = has(&option, S::State_Enabled);
    if (has(&option, S::State_Selected) && enabled) {
        fillRounded(painter, option.rect, metrics::radiusMark, t.hover);
    }
    const auto visual = [&option](const QRect& r) {
        return QStyle::visualRect(option.direction, option.rect, r);
    };
    const QRect r = option.rect.adjusted(metrics::space2, 0, -metrics::space2, 0);
    const QRect iconRect(r.x(), r.center().y() - 7, metrics::iconSmall, metrics::iconSmall);
    if (option.checkType != QStyleOptionMenuItem::NotCheckable) {
        if (option.checked) {
            paintIcon(painter, visual(iconRect), "check", t.accent);
        }
    } else if (!option.icon.isNull()) {
        option.icon.paint(&painter, visual(iconRect), Qt::AlignCenter,
                          enabled ? QIcon::Normal : QIcon::Disabled);
    }
    painter.setFont(option.font);
    const qsizetype tab = option.text.indexOf(QLatin1Char('\t'));
    const QString text = option.text.left(tab);
    const QRect textRect = r.adjusted(metrics::iconSmall + metrics::space2, 0, 0, 0);
    painter.setPen(enabled ? t.text : mixed(t.raised, t.text2, 0.6));
    painter.drawText(visual(textRect),
                     static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft) |
                                      Qt::AlignVCenter) |
                         Qt::TextHideMnemonic | Qt::TextSingleLine,
                     text);
    if (tab >= 0) {
        painter.setPen(t.text2);
        painter.drawText(
            visual(textRect),
            static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignRight) |
                             Qt::AlignVCenter),
            option.text.mid(tab + 1));
    }
    if (option.menuItemType == QStyleOptionMenuItem::SubMenu) {
        const QRect arrow(r.right() - metrics::iconSmall, r.center().y() - 7, metrics::iconSmall,
                          metrics::iconSmall);
        paintIcon(painter, visual(arrow),
                  option.direction == Qt::RightToLeft ? "chevron-left" : "chevron-right", t.text2);
    }
}

QSize menuItemSize(const QStyleOptionMenuItem& item, const QSize& size)
{
    if (item.menuItemType == QStyleOptionMenuItem::Separator) {
        return QSize(size.width(), 9);
    }
    const QFontMetrics fm(item.font);
    const qsizetype tab = item.text.indexOf(QLatin1Char('\t'));
    int width = fm.size(Qt::TextShowMnemonic, item.text.left(tab)).width();
    if (tab >= 0) {
        width += metrics::space8 + fm.horizontalAdvance(item.text.mid(tab + 1));
    }
    if (item.menuItemType == QStyleOptionMenuItem::SubMenu) {
        width += metrics::iconSmall + metrics::space2;
    }
    return QSize(width + metrics::iconSmall + 3 * metrics::space2 + metrics::space2,
                 std::max(metrics::button, fm.height() + metrics::space3));
}

} // namespace avocet::controls
