// SPDX-License-Identifier: GPL-3.0-or-later
// What takes too long for the GUI's thread, and what is done with its result. QFuture::then() of Qt 6.4 with a context object that
// is gone by then ends the program.
#pragma once

#include <QCoreApplication>
#include <QPointer>
#include <QThreadPool>

#include <memory>
#include <utility>

namespace avocet {

/// Runs `work` on a worker and hands its result to `then` on the GUI's thread, where `context` may be gone.
template <class Work, class Then>
void onWorker(QPointer<QObject> context, Work work, Then then)
{
    QThreadPool::globalInstance()->start(
        [context, work = std::move(work), then = std::move(then)]() mutable {
            auto result = std::make_shared<decltype(work())>(work());
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [context, result, then = std::move(then)]() mutable {
                    if (context)
                        then(std::move(*result));
                },
                Qt::QueuedConnection);
        });
}

} // namespace avocet
