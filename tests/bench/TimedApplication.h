// SPDX-License-Identifier: GPL-3.0-or-later
// What each event costs the GUI thread, and when a message was painted: for the benches of the reader.
#pragma once

#include "tests/bench/BenchSupport.h"

#include <QApplication>
#include <QEvent>

#include <optional>

namespace avocet::bench {

/// Sees every event of the GUI thread: what it cost, and when header and text were painted.
class TimedApplication : public QApplication {
public:
    using QApplication::QApplication;

    void begin()
    {
        m_began = Clock::now();
        header.reset();
        text.reset();
    }
    bool notify(QObject* receiver, QEvent* event) override
    {
        // The receiver may be gone afterwards.
        const bool ours = receiver->thread() == thread();
        const QObject* above = ours ? receiver->parent() : nullptr;
        const bool paints = ours && event->type() == QEvent::Paint;
        const bool isHeader = paints && receiver->inherits("avocet::MessageHeader");
        const bool isText = paints && above && above->inherits("avocet::MessageText");
        const bool outer = ours && m_depth == 0;
        const QByteArray name = outer ? receiver->metaObject()->className() : "";
        const int type = event->type();
        const double cpu = outer ? cpuMicroseconds() : 0;
        m_depth += outer ? 1 : 0;
        const bool handled = QApplication::notify(receiver, event);
        if (isHeader && !header) {
            header = milliseconds(m_began);
        }
        if (isText && !text) {
            text = milliseconds(m_began);
        }
        if (outer) {
            --m_depth;
            const double time = cpuMilliseconds(cpu);
            if (time > events.worst()) {
                worst = name + " event " + QByteArray::number(type);
            }
            events.add(time);
        }
        return handled;
    }

    std::optional<double> header, text;
    Worst events;
    QByteArray worst;

private:
    Clock::time_point m_began = Clock::now();
    int m_depth = 0;
};

} // namespace avocet::bench
