// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/StyleFamilies.h"

#include "ui/theme/Theme.h"

#include <QDialogButtonBox>
#include <QPainter>

#include <algorithm>

namespace avocet::controls {

using S = QStyle;

namespace {

/// A button of Qt's own dialogs has no kind: the one that agrees is the main one. Not the default one,
/// which changes with the focus.
ButtonKind kindOf(const QStyleOption* option, const QWidget* widget)
{
    if (const auto* own = qobject_cast<const Button*>(widget)) {
        return own->kind();
    }
    if (const auto* box =
            qobject_cast<const QDialogButtonBox*>(widget ? widget->parentWidget() : nullptr)) {
        for (QAbstractButton* button : box->buttons()) {
            const auto role = box->buttonRole(button);
            if (button == widget &&
                (role == QDialogButtonBox::AcceptRole || role == QDialogButtonBox::YesRole)) {
                return ButtonKind::Primary;
            }
        }
        return ButtonKind::Secondary;
    }
    const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
    return button && (button->features & QStyleOptionButton::DefaultButton) ? ButtonKind::Primary
                                                                            : ButtonKind::Secondary;
}

QRectF indicatorSquare(const QStyleOption* option)
{
    const double side = 18;
    const QPointF centre = QRectF(option->rect).center();
    return {centre.x() - side / 2, centre.y() - side / 2, side, side};
}

} // namespace

void drawButtonPanel(const QStyleOption* option, QPainter& painter, const QWidget* widget)
{
    const Tokens& t = tokens();
    const ButtonKind kind = kindOf(option, widget);
    const bool enabled = has(option, S::State_Enabled);
    const bool pressed = has(option, S::State_Sunken) || has(option, S::State_On);
    const bool hover = has(option, S::State_MouseOver) && enabled;
    const QRectF r = option->rect;
    switch (kind) {
    case ButtonKind::Primary:
    case ButtonKind::Danger: {
        const QColor base = kind == ButtonKind::Primary ? t.accent : t.danger;
        const QColor down =
            kind == ButtonKind::Primary ? t.accentPressed : mixed(base, t.text, 0.2);
        const QColor fill = !enabled ? t.selectionInactive : pressed || hover ? down : base;
        fillRounded(painter, r, metrics::radiusControl, fill);
        break;
    }
    case ButtonKind::Secondary:
        fillRounded(painter, r, metrics::radiusControl,
                    pressed ? t.selectionInactive
                    : hover ? t.hover
                            : t.surface);
        strokeRounded(painter, r, metrics::radiusControl, enabled ? t.control : t.border);
        break;
    case ButtonKind::Quiet:
        if (pressed || hover) {
            // Mixed with the ink so that it shows on any ground: bars, panes, dialogs.
            QColor fill = t.text;
            fill.setAlphaF(pressed ? 0.12F : 0.07F);
            fillRounded(painter, r, metrics::radiusControl, fill);
        }
        break;
    }
    if (keyboardFocus(option)) {
        const bool filled = kind == ButtonKind::Primary || kind == ButtonKind::Danger;
        strokeRounded(painter, filled ? r.adjusted(2, 2, -2, -2) : r,
                      filled ? metrics::radiusMark : metrics::radiusControl,
                      filled ? t.accentText : t.accent, metrics::focusRing);
    }
}

void drawToolButtonPanel(const QStyleOption* option, QPainter& painter)
{
    const Tokens& t = tokens();
    const bool enabled = has(option, S::State_Enabled);
    const bool pressed = has(option, S::State_Sunken) || has(option, S::State_On);
    if (enabled && (pressed || has(option, S::State_MouseOver))) {
        QColor fill = t.text;
        fill.setAlphaF(pressed ? 0.12F : 0.07F);
        fillRounded(painter, option->rect, metrics::radiusControl, fill);
    }
    if (keyboardFocus(option)) {
        drawFocusRing(painter, option->rect);
    }
}

void drawCheck(const QStyleOption* option, QPainter& painter)
{
    const Tokens& t = tokens();
    const QRectF r = indicatorSquare(option);
    const bool enabled = has(option, S::State_Enabled);
    const bool on = has(option, S::State_On);
    const bool partly = has(option, S::State_NoChange);
    if (on || partly) {
        fillRounded(painter, r, metrics::radiusMark, enabled ? t.accent : t.control);
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(enabled ? t.accentText : t.surface, 2, Qt::SolidLine, Qt::RoundCap,
                            Qt::RoundJoin));
        if (partly) {
            painter.drawLine(QPointF(r.x() + 5, r.center().y()),
                             QPointF(r.right() - 5, r.center().y()));
        } else {
            const QPointF mark[] = {{r.x() + 4.5, r.y() + 9.5},
                                    {r.x() + 7.75, r.y() + 12.75},
                                    {r.x() + 13.5, r.y() + 5.75}};
            painter.drawPolyline(mark, 3);
        }
        painter.restore();
    } else {
        fillRounded(painter, r, metrics::radiusMark, t.surface);
        strokeRounded(painter, r, metrics::radiusMark, enabled ? t.control : t.border);
    }
    if (keyboardFocus(option)) {
        strokeRounded(painter, r.adjusted(-2, -2, 2, 2), metrics::radiusControl, t.accent, 2);
    }
}

void drawRadio(const QStyleOption* option, QPainter& painter)
{
    const Tokens& t = tokens();
    const QRectF r = indicatorSquare(option);
    const bool enabled = has(option, S::State_Enabled);
    fillRounded(painter, r, r.width() / 2, t.surface);
    const bool on = has(option, S::State_On);
    const QColor ink = !enabled ? t.border : on ? t.accent : t.control;
    strokeRounded(painter, r, r.width() / 2, ink, on ? 2 : 1);
    if (on) {
        fillRounded(painter, r.adjusted(5, 5, -5, -5), 4, enabled ? t.accent : t.control);
    }
    if (keyboardFocus(option)) {
        strokeRounded(painter, r.adjusted(-2, -2, 2, 2), r.width() / 2 + 2, t.accent, 2);
    }
}

void drawButtonLabel(const QStyleOptionButton& option, QPainter& painter, const QWidget* widget)
{
    const Tokens& t = tokens();
    const ButtonKind kind = kindOf(&option, widget);
    const bool filled = kind == ButtonKind::Primary || kind == ButtonKind::Danger;
    const bool enabled = has(&option, S::State_Enabled);
    painter.save();
    QFont f = painter.font();
    if (filled) {
        f.setWeight(QFont::DemiBold);
        painter.setFont(f);
    }
    painter.setPen(!enabled ? mixed(t.surface, t.text2, 0.6) : filled ? t.accentText : t.text);
    const QFontMetrics fm(f);
    const int textWidth = fm.size(Qt::TextShowMnemonic, option.text).width();
    const bool hasIcon = !option.icon.isNull();
    const int gap = hasIcon && !option.text.isEmpty() ? metrics::space2 : 0;
    const int iconWidth = hasIcon ? option.iconSize.width() : 0;
    const bool menu = option.features & QStyleOptionButton::HasMenu;
    const int menuWidth = menu ? metrics::iconSmall + metrics::space1 : 0;
    int x = option.rect.x() +
            std::max(metrics::space2,
                     (option.rect.width() - iconWidth - gap - textWidth - menuWidth) / 2);
    const auto visual = [&option](const QRect& r) {
        return QStyle::visualRect(option.direction, option.rect, r);
    };
    if (hasIcon) {
        const QRect r(x, option.rect.center().y() - option.iconSize.height() / 2 + 1, iconWidth,
                      option.iconSize.height());
        option.icon.paint(&painter, visual(r), Qt::AlignCenter,
                          enabled ? QIcon::Normal : QIcon::Disabled);
        x += iconWidth + gap;
    }
    const QRect textRect(x, option.rect.y(), textWidth + 2, option.rect.height());
    painter.drawText(visual(textRect), Qt::AlignVCenter | Qt::AlignLeft | Qt::TextHideMnemonic,
                     option.text);
    if (menu) {
        const QRect r(x + textWidth + metrics::space1, option.rect.center().y() - 7,
                      metrics::iconSmall, metrics::iconSmall);
        paintIcon(painter, visual(r), "chevron-down", painter.pen().color());
    }
    painter.restore();
}

QSize buttonSize(const QStyleOptionButton& option, const QWidget* widget)
{
    QFont f = widget ? widget->font() : QFont();
    f.setWeight(QFont::DemiBold);
    const QFontMetrics fm(f);
    int width = fm.size(Qt::TextShowMnemonic, option.text).width() + 2 * metrics::space3;
    if (!option.icon.isNull()) {
        width += option.iconSize.width() + (option.text.isEmpty() ? 0 : metrics::space2);
    }
    if (option.features & QStyleOptionButton::HasMenu) {
        width += metrics::iconSmall + metrics::space1;
    }
    const auto* own = qobject_cast<const Button*>(widget);
    const int least = own && own->isTall() ? metrics::buttonMain : metrics::button;
    return QSize(std::max(width, least), std::max(least, fm.height() + metrics::space3));
}

} // namespace avocet::controls
