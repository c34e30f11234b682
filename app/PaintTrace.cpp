// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/PaintTrace.h"

#include "ui/list/ListPane.h"
#include "ui/main/MainWindow.h"

#include <QEvent>
#include <QLoggingCategory>

#include <chrono>
#include <utility>

namespace avocet {

namespace {

Q_LOGGING_CATEGORY(paints, "avocet.paint", QtWarningMsg)

double now()
{
    using namespace std::chrono;
    return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

bool PaintTrace::isWanted()
{
    return paints().isDebugEnabled();
}

PaintTrace::PaintTrace(MainWindow& window)
    : QObject(&window)
    , m_window(window)
{
    window.installEventFilter(this);
    window.listPane().view().viewport()->installEventFilter(this);
}

bool PaintTrace::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Paint) {
        // The lines are written behind the painting of everything that is due now, and its flush.
        if (watched != &m_window) {
            QMetaObject::invokeMethod(this, &PaintTrace::listPainted, Qt::QueuedConnection);
        } else if (!std::exchange(m_windowShown, true)) {
            QMetaObject::invokeMethod(
                this, [] { qCDebug(paints, "%.3f window", now()); }, Qt::QueuedConnection);
        }
    }
    return QObject::eventFilter(watched, event);
}

void PaintTrace::listPainted()
{
    const MessageListModel& model = m_window.listPane().model();
    const int rows = model.rowCount();
    const qint64 newest = model.idAt(0).value;
    if (rows == m_rows && newest == m_newest) {
        return;
    }
    m_rows = rows;
    m_newest = newest;
    qCDebug(paints, "%.3f list rows=%d newest=%lld", now(), rows, newest);
}

} // namespace avocet
