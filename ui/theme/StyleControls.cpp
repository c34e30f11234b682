// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/StyleControls.h"

#include "ui/theme/Buttons.h"
#include "ui/theme/Theme.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPainter>
#include <QPainterPath>
#include <QStyleOption>

#include <algorithm>

namespace avocet::controls {

namespace {

using S = QStyle;

bool has(const QStyleOption* option, S::StateFlag flag)
{
    return option->state.testFlag(flag);
}

bool keyboardFocus(const QStyleOption* option)
{
    return has(option, S::State_HasFocus) && has(option, S::State_KeyboardFocusChange);
}

/// Arrow keys and Tab both count: a text field shows its ring always.
void drawField(QPainter& painter, const QStyleOption* option)
{
    const Tokens& t = tokens();
    const bool enabled = has(option, S::State_Enabled);
    fillRounded(painter, option->rect, metrics::radiusControl, enabled ? t.surface : t.window);
    if (has(option, S::State_HasFocus)) {
        drawFocusRing(painter, option->rect);
    } else {
        strokeRounded(painter, option->rect, metrics::radiusControl,
                      enabled ? t.control : t.border);
    }
}

void drawButtonPanel(const QStyleOption* option, QPainter& painter, const QWidget* widget)
{
    const Tokens& t = tokens();
    const auto* button = qobject_cast<const Button*>(widget);
    const ButtonKind kind = button ? button->kind() : ButtonKind::Secondary;
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

QRectF indicatorSquare(const QStyleOption* option)
{
    const double side = 18;
    const QPointF centre = QRectF(option->rect).center();
    return {centre.x() - side / 2, centre.y() - side / 2, side, side};
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

void drawArrow(QPainter& painter, const QRect& rect, const char* name, bool enabled)
{
    const Tokens& t = tokens();
    paintIcon(painter, rect, name, enabled ? t.text2 : t.border);
}

} // namespace

bool drawPrimitive(S::PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                   const QWidget* widget)
{
    const Tokens& t = tokens();
    switch (element) {
    case S::PE_PanelButtonCommand:
        drawButtonPanel(option, *painter, widget);
        return true;
    case S::PE_PanelButtonTool:
        drawToolButtonPanel(option, *painter);
        return true;
    case S::PE_FrameLineEdit:
    case S::PE_FrameFocusRect:
    case S::PE_FrameButtonBevel:
    case S::PE_FrameMenu:
    case S::PE_FrameStatusBarItem:
    case S::PE_FrameGroupBox:
    case S::PE_FrameTabWidget:
    case S::PE_FrameDefaultButton:
    case S::PE_PanelItemViewRow:
        return true;
    case S::PE_Frame:
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
            frame && frame->lineWidth > 0) {
            strokeRounded(*painter, option->rect, metrics::radiusControl, t.border);
        }
        return true;
    case S::PE_PanelLineEdit: {
        const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
        // Fields without a frame stand in a row that draws its own ground (compose, combo boxes).
        if (frame && frame->lineWidth > 0) {
            drawField(*painter, option);
        }
        return true;
    }
    case S::PE_IndicatorCheckBox:
    case S::PE_IndicatorItemViewItemCheck:
        drawCheck(option, *painter);
        return true;
    case S::PE_IndicatorRadioButton:
        drawRadio(option, *painter);
        return true;
    case S::PE_PanelMenu:
        drawMenuPanel(option, *painter);
        return true;
    case S::PE_PanelTipLabel:
        painter->fillRect(option->rect, t.raised);
        painter->setPen(t.border);
        painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
        return true;
    case S::PE_PanelItemViewItem: {
        if (has(option, S::State_Selected)) {
            fillRounded(*painter, option->rect, metrics::radiusMark,
                        has(option, S::State_Active) ? t.selection : t.selectionInactive);
        } else if (has(option, S::State_MouseOver)) {
            fillRounded(*painter, option->rect, metrics::radiusMark, t.hover);
        }
        return true;
    }
    case S::PE_IndicatorBranch:
        if (has(option, S::State_Children)) {
            const char* name = has(option, S::State_Open)             ? "chevron-down"
                               : option->direction == Qt::RightToLeft ? "chevron-left"
                                                                      : "chevron-right";
            const QRect r(option->rect.center() - QPoint(8, 8), QSize(16, 16));
            drawArrow(*painter, r, name, true);
        }
        return true;
    case S::PE_IndicatorArrowDown:
        drawArrow(*painter, option->rect, "chevron-down", has(option, S::State_Enabled));
        return true;
    case S::PE_IndicatorArrowUp:
        drawArrow(*painter, option->rect, "chevron-up", has(option, S::State_Enabled));
        return true;
    case S::PE_IndicatorArrowLeft:
        drawArrow(*painter, option->rect, "chevron-left", has(option, S::State_Enabled));
        return true;
    case S::PE_IndicatorArrowRight:
        drawArrow(*painter, option->rect, "chevron-right", has(option, S::State_Enabled));
        return true;
    default:
        return false;
    }
}

namespace {

void drawButtonLabel(const S& style, const QStyleOptionButton& option, QPainter& painter,
                     const QWidget* widget)
{
    const Tokens& t = tokens();
    const auto* button = qobject_cast<const Button*>(widget);
    const ButtonKind kind = button ? button->kind() : ButtonKind::Secondary;
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
    const auto visual = [&option, &style](const QRect& r) {
        Q_UNUSED(style);
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

void drawProgress(const QStyleOptionProgressBar& option, QPainter& painter)
{
    const Tokens& t = tokens();
    const QRectF track(option.rect.x(), option.rect.center().y() - 1, option.rect.width(), 4);
    fillRounded(painter, track, 2, t.border);
    const int span = option.maximum - option.minimum;
    const double share =
        span > 0 ? std::clamp(double(option.progress - option.minimum) / span, 0.0, 1.0) : 0.3;
    QRectF done = track;
    done.setWidth(track.width() * share);
    if (option.direction == Qt::RightToLeft) {
        done.moveRight(track.right());
    }
    if (done.width() >= 4) {
        fillRounded(painter, done, 2, t.accent);
    }
}

} // namespace

bool drawControl(const S& style, S::ControlElement element, const QStyleOption* option,
                 QPainter* painter, const QWidget* widget)
{
    switch (element) {
    case S::CE_PushButtonLabel:
        if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option)) {
            drawButtonLabel(style, *button, *painter, widget);
            return true;
        }
        return false;
    case S::CE_PushButtonBevel:
        drawButtonPanel(option, *painter, widget);
        return true;
    case S::CE_MenuItem:
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) {
            drawMenuItem(*item, *painter);
            return true;
        }
        return false;
    case S::CE_MenuEmptyArea:
    case S::CE_RubberBand:
        return element == S::CE_MenuEmptyArea;
    case S::CE_Splitter:
        painter->fillRect(option->rect, tokens().border);
        return true;
    case S::CE_ProgressBar:
        if (const auto* bar = qstyleoption_cast<const QStyleOptionProgressBar*>(option)) {
            drawProgress(*bar, *painter);
            return true;
        }
        return false;
    case S::CE_HeaderSection: {
        painter->fillRect(option->rect, tokens().surface);
        painter->fillRect(QRect(option->rect.x(), option->rect.bottom(), option->rect.width(), 1),
                          tokens().border);
        return true;
    }
    case S::CE_HeaderEmptyArea:
        painter->fillRect(option->rect, tokens().surface);
        return true;
    case S::CE_ComboBoxLabel:
        if (const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            const QRect field =
                style.subControlRect(S::CC_ComboBox, box, S::SC_ComboBoxEditField, widget);
            painter->setPen(has(option, S::State_Enabled) ? tokens().text : tokens().text2);
            painter->drawText(
                field, Qt::AlignVCenter | Qt::AlignLeading,
                painter->fontMetrics().elidedText(box->currentText, Qt::ElideRight, field.width()));
            return true;
        }
        return false;
    default:
        return false;
    }
}

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

} // namespace

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

bool drawComplex(const S& style, S::ComplexControl control, const QStyleOptionComplex* option,
                 QPainter* painter, const QWidget* widget)
{
    Q_UNUSED(style);
    if (control == S::CC_ScrollBar) {
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            drawScrollBar(*bar, *painter, widget);
            return true;
        }
    }
    if (control == S::CC_ComboBox) {
        const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option);
        if (!box) {
            return false;
        }
        if (box->frame) {
            drawField(*painter, option);
        }
        const QRect arrow(option->rect.right() - metrics::space3 - metrics::iconSmall + 1,
                          option->rect.center().y() - 7, metrics::iconSmall, metrics::iconSmall);
        paintIcon(*painter, QStyle::visualRect(option->direction, option->rect, arrow),
                  "chevron-down", tokens().text2);
        return true;
    }
    return false;
}

std::optional<QSize> sizeOf(const S& style, S::ContentsType type, const QStyleOption* option,
                            const QSize& size, const QWidget* widget)
{
    Q_UNUSED(style);
    switch (type) {
    case S::CT_PushButton: {
        const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option);
        if (!button) {
            return std::nullopt;
        }
        QFont f = widget ? widget->font() : QFont();
        f.setWeight(QFont::DemiBold);
        const QFontMetrics fm(f);
        int width = fm.size(Qt::TextShowMnemonic, button->text).width() + 2 * metrics::space3;
        if (!button->icon.isNull()) {
            width += button->iconSize.width() + (button->text.isEmpty() ? 0 : metrics::space2);
        }
        if (button->features & QStyleOptionButton::HasMenu) {
            width += metrics::iconSmall + metrics::space1;
        }
        const auto* own = qobject_cast<const Button*>(widget);
        const int least = own && own->isTall() ? metrics::buttonMain : metrics::button;
        return QSize(std::max(width, least), std::max(least, fm.height() + metrics::space3));
    }
    case S::CT_LineEdit:
        return QSize(size.width() + 2 * metrics::space2,
                     std::max(metrics::field, size.height() + metrics::space3));
    case S::CT_ComboBox: {
        const int height = widget ? widget->fontMetrics().height() : size.height();
        return QSize(size.width() + metrics::space3 + metrics::space8,
                     std::max(metrics::field, height + metrics::space3));
    }
    case S::CT_MenuItem: {
        const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option);
        if (!item) {
            return std::nullopt;
        }
        if (item->menuItemType == QStyleOptionMenuItem::Separator) {
            return QSize(size.width(), 9);
        }
        const QFontMetrics fm(item->font);
        const qsizetype tab = item->text.indexOf(QLatin1Char('\t'));
        int width = fm.size(Qt::TextShowMnemonic, item->text.left(tab)).width();
        if (tab >= 0) {
            width += metrics::space8 + fm.horizontalAdvance(item->text.mid(tab + 1));
        }
        if (item->menuItemType == QStyleOptionMenuItem::SubMenu) {
            width += metrics::iconSmall + metrics::space2;
        }
        return QSize(width + metrics::iconSmall + 3 * metrics::space2 + metrics::space2,
                     std::max(metrics::button, fm.height() + metrics::space3));
    }
    default:
        return std::nullopt;
    }
}

} // namespace avocet::controls
