// SPDX-License-Identifier: GPL-3.0-or-later
// Our own icons, tinted from the tokens when they are painted, so that a theme change needs no
// reloading.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QString>

class QPainter;
class QRect;

namespace avocet {

/// Which token tints an icon. OnToast and OnAccent stand on those grounds.
enum class Tint { Text, Text2, Accent, OnAccent, Star, Danger, Warning, Success, OnToast };

QColor tintColor(Tint tint);

/// The icon `name` (a file of resources/icons without ".svg"). Disabled states are paler.
QIcon themeIcon(const char* name, Tint tint = Tint::Text);

/// Paints it sharply into a square of `rect`, at the device's scale. Icons that point along the
/// line of reading (reply, send, back ...) are mirrored where `mirror` is set.
void paintIcon(QPainter& painter, const QRect& rect, const char* name, const QColor& color,
               bool mirror = false);

/// `logicalSize` pixels square at `scale`; from a cache.
QPixmap iconPixmap(const QString& name, int logicalSize, const QColor& color, double scale);

/// The icon for a media type or file name: "file-image", "file-text", "file-archive" ...
const char* fileIconName(const QString& mediaType, const QString& fileName);

} // namespace avocet
