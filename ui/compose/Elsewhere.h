// SPDX-License-Identifier: GPL-3.0-or-later
// Work on another thread whose result is wanted only while somebody is there to take it. QFuture::then() of Qt 6.4 with a context
// object that is gone by then ends the program.
#pragma once

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <utility>

namespace avocet {

/// Runs `work` on the pool, then `done` with its result on the GUI's thread, unless `owner` is gone.
template <class Work, class Done>
void runElsewhere(QObject* owner, Work work, Done done)
{
    QThreadPool::globalInstance()->start([owner = QPointer<QObject>(owner), work = std::move(work),
                                          done = std::move(done)]() mutable {
        auto result = work();
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [owner, done = std::move(done), result = std::move(result)]() mutable {
                if (owner)
                    done(std::move(result));
            },
            Qt::QueuedConnection);
    });
}

} // namespace avocet
