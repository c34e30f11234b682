// SPDX-License-Identifier: GPL-3.0-or-later
// The families of controls that StyleControls leads to, a file each: buttons and marks, fields, menus,
// scroll bars.
#pragma once

#include "ui/theme/Buttons.h"

#include <QStyle>
#include <QStyleOption>

#include <optional>

namespace avocet::controls {

inline bool has(const QStyleOption* option, QStyle::StateFlag flag)
{
    return option->state.testFlag(flag);
}

/// The ring of all but fields, which show theirs always.
inline bool keyboardFocus(const QStyleOption* option)
{
    return has(option, QStyle::State_HasFocus) && has(option, QStyle::State_KeyboardFocusChange);
}

// StyleButtons.cpp
void drawButtonPanel(const QStyleOption* option, QPainter& painter, const QWidget* widget);
void drawButtonLabel(const QStyleOptionButton& option, QPainter& painter, const QWidget* widget);
void drawToolButtonPanel(const QStyleOption* option, QPainter& painter);
void drawCheck(const QStyleOption* option, QPainter& painter);
void drawRadio(const QStyleOption* option, QPainter& painter);
QSize buttonSize(const QStyleOptionButton& option, const QWidget* widget);

// StyleFields.cpp
void drawField(QPainter& painter, const QStyleOption* option);
void drawComboBox(const QStyleOptionComboBox& box, QPainter& painter);
void drawComboBoxLabel(const QStyle& style, const QStyleOptionComboBox& box, QPainter& painter,
                       const QWidget* widget);
QRect comboBoxPart(const QStyleOptionComboBox& box, QStyle::SubControl part, const QRect& fusion);
void drawSpinBox(const QStyleOptionSpinBox& box, QPainter& painter);
QRect spinBoxPart(const QStyleOptionSpinBox& box, QStyle::SubControl part);
std::optional<QSize> fieldSize(QStyle::ContentsType type, const QSize& size, const QWidget* widget);

// StyleMenus.cpp
void drawMenuPanel(const QStyleOption* option, QPainter& painter);
void drawMenuItem(const QStyleOptionMenuItem& option, QPainter& painter);
QSize menuItemSize(const QStyleOptionMenuItem& item, const QSize& size);

// StyleScrollBar.cpp
void drawScrollBar(const QStyleOptionSlider& bar, QPainter& painter, const QWidget* widget);
QRect scrollBarPart(const QStyleOptionSlider& bar, QStyle::SubControl part);

} // namespace avocet::controls
