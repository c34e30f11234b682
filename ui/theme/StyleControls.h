// SPDX-License-Identifier: GPL-3.0-or-later
// How single controls look: AvocetStyle asks here first and lets Fusion draw what is not ours.
#pragma once

#include <QRect>
#include <QSize>
#include <QStyle>

#include <optional>

namespace avocet::controls {

/// The draw functions return false for what they leave to the base style.
bool drawPrimitive(QStyle::PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                   const QWidget* widget);
bool drawControl(const QStyle& style, QStyle::ControlElement element, const QStyleOption* option,
                 QPainter* painter, const QWidget* widget);
bool drawComplex(QStyle::ComplexControl control, const QStyleOptionComplex* option,
                 QPainter* painter, const QWidget* widget);
/// Empty for what stays where the base style has it. `fusion`: its answer.
std::optional<QRect> partOf(QStyle::ComplexControl control, const QStyleOptionComplex* option,
                            QStyle::SubControl part, const QRect& fusion);
std::optional<QSize> sizeOf(QStyle::ContentsType type, const QStyleOption* option,
                            const QSize& size, const QWidget* widget);

} // namespace avocet::controls
