// SPDX-License-Identifier: GPL-3.0-or-later
// Photographs widgets into a directory, and walks through a window by Tab as people without a mouse
// do. The tool photographs what is walked, the test judges it.
#pragma once

#include <QImage>
#include <QRect>
#include <QString>

#include <functional>

class QWidget;

namespace avocet {

/// Names say theme, size and scale, so that the runs of one directory stand side by side.
class Shots {
public:
    explicit Shots(QString directory)
        : m_directory(std::move(directory))
    {
    }

    void take(QWidget& widget, const QString& name) const;
    /// The Tab stops of `window` on one sheet, each cut out of the window with its surroundings.
    void takeFocusStops(QWidget& window, const QString& name) const;
    void save(const QImage& image, const QString& name) const;

private:
    QString m_directory;
};

/// Where a Tab stop lies in its window, with room for a ring.
QRect stopRect(const QWidget& window, const QWidget& stop);
/// Presses Tab until the focus is back where it was after the first one, and calls `visit` at each
/// stop. Returns the number of stops; -1 where the walk never comes back.
int walkTabStops(QWidget& window, const std::function<void(QWidget& stop)>& visit);

} // namespace avocet
