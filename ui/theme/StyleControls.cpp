// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/StyleControls.h"

#include "ui/theme/StyleFamilies.h"
#include "ui/theme/Theme.h"

#include <QFrame>
#include <QPainter>
#include <QWidget>

#include <algorithm>

namespace avocet::controls {

namespace {

using S = QStyle;

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
    case S::PE_FrameButtonBevel:
    case S::PE_FrameMenu:
    case S::PE_FrameStatusBarItem:
    case S::PE_FrameGroupBox:
    case S::PE_FrameTabWidget:
    case S::PE_FrameDefaultButton:
    case S::PE_PanelItemViewRow:
        return true;
    case S::PE_FrameFocusRect:
        // Buttons draw theirs with their panel; only the rows of Qt's own views ask for it here.
        if (has(option, S::State_Item) && widget &&
            widget->window()->testAttribute(Qt::WA_KeyboardFocusChange) &&
            !widget->inherits("QComboBoxListView")) {
            drawFocusRing(*painter, option->rect, metrics::radiusMark);
        }
        return true;
    case S::PE_Frame:
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
            frame && frame->lineWidth > 0) {
            fillRounded(*painter, option->rect, metrics::radiusControl, t.surface);
            if (has(option, S::State_HasFocus) && widget &&
                widget->window()->testAttribute(Qt::WA_KeyboardFocusChange)) {
                drawFocusRing(*painter, option->rect);
            } else {
                strokeRounded(*painter, option->rect, metrics::radiusControl, t.border);
            }
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
    case S::PE_IndicatorHeaderArrow:
        if (const auto* header = qstyleoption_cast<const QStyleOptionHeader*>(option)) {
            const QRect r(option->rect.center() - QPoint(5, 5), QSize(12, 12));
            drawArrow(*painter, r,
                      header->sortIndicator == QStyleOptionHeader::SortUp ? "chevron-down"
                                                                          : "chevron-up",
                      true);
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
            drawButtonLabel(*button, *painter, widget);
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
    case S::CE_SizeGrip:
        return true;
    case S::CE_ShapedFrame:
        if (const auto* frame = qstyleoption_cast<const QStyleOptionFrame*>(option);
            frame && (frame->frameShape == QFrame::HLine || frame->frameShape == QFrame::VLine)) {
            const QRect r = option->rect;
            painter->fillRect(frame->frameShape == QFrame::HLine
                                  ? QRect(r.x(), r.center().y(), r.width(), 1)
                                  : QRect(r.center().x(), r.y(), 1, r.height()),
                              tokens().border);
            return true;
        }
        return false;
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
            drawComboBoxLabel(style, *box, *painter, widget);
            return true;
        }
        return false;
    default:
        return false;
    }
}

bool drawComplex(S::ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                 const QWidget* widget)
{
    switch (control) {
    case S::CC_ScrollBar:
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            drawScrollBar(*bar, *painter, widget);
            return true;
        }
        return false;
    case S::CC_ComboBox:
        if (const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            drawComboBox(*box, *painter);
            return true;
        }
        return false;
    case S::CC_SpinBox:
        if (const auto* box = qstyleoption_cast<const QStyleOptionSpinBox*>(option)) {
            drawSpinBox(*box, *painter);
            return true;
        }
        return false;
    case S::CC_ToolButton:
        // Fusion asks for a panel only under the pointer; the ring must not depend on that.
        if (keyboardFocus(option)) {
            drawFocusRing(*painter, option->rect);
        }
        return false;
    default:
        return false;
    }
}

std::optional<QRect> partOf(S::ComplexControl control, const QStyleOptionComplex* option,
                            S::SubControl part, const QRect& fusion)
{
    if (control == S::CC_ScrollBar) {
        if (const auto* bar = qstyleoption_cast<const QStyleOptionSlider*>(option)) {
            return scrollBarPart(*bar, part);
        }
    } else if (control == S::CC_ComboBox) {
        if (const auto* box = qstyleoption_cast<const QStyleOptionComboBox*>(option)) {
            return comboBoxPart(*box, part, fusion);
        }
    } else if (control == S::CC_SpinBox) {
        if (const auto* box = qstyleoption_cast<const QStyleOptionSpinBox*>(option)) {
            return spinBoxPart(*box, part);
        }
    }
    return std::nullopt;
}

std::optional<QSize> sizeOf(S::ContentsType type, const QStyleOption* option, const QSize& size,
                            const QWidget* widget)
{
    if (type == S::CT_PushButton) {
        if (const auto* button = qstyleoption_cast<const QStyleOptionButton*>(option)) {
            return buttonSize(*button, widget);
        }
    } else if (type == S::CT_MenuItem) {
        if (const auto* item = qstyleoption_cast<const QStyleOptionMenuItem*>(option)) {
            return menuItemSize(*item, size);
        }
    }
    return fieldSize(type, size, widget);
}

} // namespace avocet::controls
