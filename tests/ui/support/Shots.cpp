// SPDX-License-Identifier: GPL-3.0-or-later
#include "Shots.h"

#include "ui/theme/Theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QPainter>
#include <QTest>

#include <algorithm>

namespace avocet {

void Shots::save(const QImage& image, const QString& name) const
{
    const QString theme =
        currentScheme() == Scheme::Dark ? QStringLiteral("dark") : QStringLiteral("light");
    const double ratio = image.devicePixelRatio();
    image.save(QStringLiteral("%1/%2-%3-%4x%5@%6.png")
                   .arg(m_directory, name, theme)
                   .arg(qRound(image.width() / ratio))
                   .arg(qRound(image.height() / ratio))
                   .arg(ratio));
}

void Shots::take(QWidget& widget, const QString& name) const
{
    QTest::qWait(350);
    save(widget.grab().toImage(), name);
}

void Shots::takeFocusStops(QWidget& window, const QString& name) const
{
    constexpr int columns = 4;
    constexpr QSize cell(340, 120);
    QList<QImage> cuts;
    walkTabStops(window, [&](QWidget& stop) {
        QTest::qWait(30);
        QRect wanted = stopRect(window, stop);
        if (const auto* view = qobject_cast<const QAbstractItemView*>(&stop)) {
            const QRect row = view->visualRect(view->currentIndex());
            wanted = QRect(view->viewport()->mapTo(&window, row.topLeft()), row.size());
        }
        const QPoint centre = wanted.center();
        wanted.setSize(wanted.size().boundedTo(cell).expandedTo(cell));
        wanted.moveCenter(centre);
        wanted.moveLeft(std::clamp(wanted.left(), 0, std::max(0, window.width() - cell.width())));
        wanted.moveTop(std::clamp(wanted.top(), 0, std::max(0, window.height() - cell.height())));
        cuts.append(window.grab(wanted).toImage());
    });
    if (cuts.isEmpty()) {
        return;
    }
    const int rows = (static_cast<int>(cuts.size()) + columns - 1) / columns;
    const double ratio = cuts.first().devicePixelRatio();
    QImage sheet(QSize(columns * (cell.width() + 4), rows * (cell.height() + 4)) * ratio,
                 QImage::Format_RGB32);
    sheet.setDevicePixelRatio(ratio);
    sheet.fill(Qt::magenta);
    QPainter painter(&sheet);
    for (int i = 0; i < cuts.size(); ++i) {
        painter.drawImage(
            QPoint((i % columns) * (cell.width() + 4), (i / columns) * (cell.height() + 4)),
            cuts[i]);
    }
    painter.end();
    save(sheet, name);
}

QRect stopRect(const QWidget& window, const QWidget& stop)
{
    const QRect rect(stop.mapTo(&window, QPoint(0, 0)), stop.size());
    return rect.adjusted(-4, -4, 4, 4).intersected(window.rect());
}

int walkTabStops(QWidget& window, const std::function<void(QWidget& stop)>& visit)
{
    constexpr int most = 60;
    const auto press = [&window] {
        QWidget* at = QApplication::focusWidget();
        QTest::keyClick(at ? at : &window, Qt::Key_Tab);
        return QApplication::focusWidget();
    };
    QWidget* first = press();
    if (!first) {
        return 0;
    }
    QWidget* at = first;
    for (int stops = 0; stops < most; ++stops) {
        visit(*at);
        QWidget* next = press();
        // A text has stops of its own, its links.
        for (int links = 0; next == at && links < most; ++links) {
            next = press();
        }
        if (next == first) {
            return stops + 1;
        }
        if (!next || next == at) {
            return -1;
        }
        at = next;
    }
    return -1;
}

} // namespace avocet
