// SPDX-License-Identifier: GPL-3.0-or-later
// How single controls look: AvocetStyle asks here first and lets Fusion draw what is not ours.
#pragma once

#include <QSize>
#include <QStyle>

#include <optional>

class QStyleOptionSlider;

namespace avocet::controls {

/// The draw functions return false for what they leave to the base style.
bool drawPrimitive(QStyle::PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                   const QWidget* widget);
bool drawControl(const QStyle& style, QStyle::ControlElement element, const QStyleOption* option,
                 QPainter* painter, const QWidget* widget);
bool drawComplex(const QStyle& style, QStyle::ComplexControl control,
                 const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget);
std::optional<QSize> sizeOf(const QStyle& style, QStyle::ContentsType type,
                            const QStyleOption* option, const QSize& size, const QWidget* widget);
QRect scrollBarPart(const QStyleOptionSlider& bar, QStyle::SubControl part);

} // namespace avocet::controls
