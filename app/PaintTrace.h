// SPDX-License-Identifier: GPL-3.0-or-later
// Says when what was on the screen, for benchmarks: QT_LOGGING_RULES="avocet.paint.debug=true".
#pragma once

#include <QObject>

namespace avocet {

class MainWindow;

/// Writes a line, with the monotonic clock's milliseconds, when the window was painted first, and whenever its list was
/// painted with another number of rows or another newest one. Owner: the window. Only made where somebody reads it.
class PaintTrace : public QObject {
    Q_OBJECT
public:
    static bool isWanted();
    explicit PaintTrace(MainWindow& window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void listPainted();

    MainWindow& m_window;
    bool m_windowShown = false;
    int m_rows = -1;
    qint64 m_newest = 0;
};

} // namespace avocet
