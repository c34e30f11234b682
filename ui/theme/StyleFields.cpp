// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/StyleFamilies.h"

#include "ui/theme/Theme.h"

#include <QPainter>

#include <algorithm>

namespace avocet::controls {

using S = QStyle;

namespace {

constexpr int comboArrow = metrics::space8;
constexpr int spinButtons = 28;
constexpr int editInset = 6; ///< an edit without a frame keeps the other 6 of 12 free itself

/// The ground under the arrow that the pointer is on; it is no frame of its own.
void drawStep(QPainter& painter, const QStyleOptionSpinBox& box, S::SubControl part,
              const char* icon, bool possible)
{
    const Tokens& t = tokens();
    const QRect r = spinBoxPart(box, part);
    const bool enabled = possible && has(&box, S::State_Enabled);
    if (enabled && box.activeSubControls == part && has(&box, S::State_MouseOver)) {
        fillRounded(painter, QRectF(r).adjusted(2, 1, -2, -1), metrics::radiusMark,
                    has(&box, S::State_Sunken) ? t.selectionInactive : t.hover);
    }
    const QRect mark(r.center() - QPoint(5, 5), QSize(12, 12));
    paintIcon(painter, mark, icon, enabled ? t.text2 : t.border);
}

} // namespace

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

void drawComboBox(const QStyleOptionComboBox& box, QPainter& painter)
{
    if (box.frame) {
        drawField(painter, &box);
    }
    const QRect arrow(box.rect.right() - metrics::space3 - metrics::iconSmall + 1,
                      box.rect.center().y() - 7, metrics::iconSmall, metrics::iconSmall);
    paintIcon(painter, S::visualRect(box.direction, box.rect, arrow), "chevron-down",
              has(&box, S::State_Enabled) ? tokens().text2 : tokens().border);
}

void drawComboBoxLabel(const S& style, const QStyleOptionComboBox& box, QPainter& painter,
                       const QWidget* widget)
{
    if (box.editable) {
        return; // the edit inside says it
    }
    const QRect field = style.subControlRect(S::CC_ComboBox, &box, S::SC_ComboBoxEditField, widget);
    QRect text = field;
    if (!box.currentIcon.isNull()) {
        const QRect mark(field.x(), field.center().y() - metrics::iconSmall / 2 + 1,
                         metrics::iconSmall, metrics::iconSmall);
        box.currentIcon.paint(&painter, S::visualRect(box.direction, field, mark));
        text = S::visualRect(box.direction, field,
                             field.adjusted(metrics::iconSmall + metrics::space2, 0, 0, 0));
    }
    painter.setPen(has(&box, S::State_Enabled) ? tokens().text : tokens().text2);
    painter.drawText(
        text, static_cast<int>(S::visualAlignment(box.direction, Qt::AlignLeft) | Qt::AlignVCenter),
        painter.fontMetrics().elidedText(box.currentText, Qt::ElideRight, text.width()));
}

QRect comboBoxPart(const QStyleOptionComboBox& box, S::SubControl part, const QRect& fusion)
{
    if (part == S::SC_ComboBoxEditField) {
        const int start = box.editable ? editInset : metrics::space3;
        return S::visualRect(box.direction, box.rect, box.rect.adjusted(start, 1, -comboArrow, -1));
    }
    return fusion;
}

void drawSpinBox(const QStyleOptionSpinBox& box, QPainter& painter)
{
    if (box.frame) {
        drawField(painter, &box);
    }
    if (box.buttonSymbols == QAbstractSpinBox::NoButtons) {
        return;
    }
    drawStep(painter, box, S::SC_SpinBoxUp, "chevron-up",
             box.stepEnabled.testFlag(QAbstractSpinBox::StepUpEnabled));
    drawStep(painter, box, S::SC_SpinBoxDown, "chevron-down",
             box.stepEnabled.testFlag(QAbstractSpinBox::StepDownEnabled));
}

QRect spinBoxPart(const QStyleOptionSpinBox& box, S::SubControl part)
{
    const QRect r = box.rect;
    const bool buttons = box.buttonSymbols != QAbstractSpinBox::NoButtons;
    const QRect column(r.right() + 1 - spinButtons, r.y() + 2, spinButtons - 2, r.height() - 4);
    const int half = column.height() / 2;
    const auto visual = [&box](const QRect& logical) {
        return S::visualRect(box.direction, box.rect, logical);
    };
    switch (part) {
    case S::SC_SpinBoxUp:
        return buttons ? visual(QRect(column.x(), column.y(), column.width(), half)) : QRect();
    case S::SC_SpinBoxDown:
        return buttons ? visual(QRect(column.x(), column.y() + half, column.width(),
                                      column.height() - half))
                       : QRect();
    case S::SC_SpinBoxEditField:
        return visual(r.adjusted(editInset, 2, buttons ? -spinButtons : -2, -2));
    default:
        return r;
    }
}

std::optional<QSize> fieldSize(S::ContentsType type, const QSize& size, const QWidget* widget)
{
    const int text = widget ? widget->fontMetrics().height() : size.height();
    switch (type) {
    case S::CT_LineEdit:
        return QSize(size.width() + 2 * metrics::space2,
                     std::max(metrics::field, size.height() + metrics::space3));
    case S::CT_ComboBox:
        return QSize(size.width() + metrics::space3 + comboArrow,
                     std::max(metrics::field, text + metrics::space3));
    case S::CT_SpinBox:
        return QSize(size.width() + spinButtons + metrics::space4,
                     std::max(metrics::field, text + metrics::space3));
    default:
        return std::nullopt;
    }
}

} // namespace avocet::controls
