// SPDX-License-Identifier: GPL-3.0-or-later
// How workers hand their values to the engine thread, bounded so that a fast server cannot fill
// the memory faster than the disk takes it.
#pragma once

#include "core/model/Error.h"

#include <QObject>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>

namespace avocet {

/// Runs `work` on the thread of `context` as soon as its event loop comes to it, in order.
/// Nothing happens where `context` is gone by then.
void runOn(QObject* context, std::function<void()> work);

/// One job's way to the engine thread. Thread: pass() and wait() on the worker.
class Gate : public std::enable_shared_from_this<Gate> {
public:
    /// At most `places` works are under way; `context` lives on the engine thread.
    explicit Gate(QObject* context, int places = 3)
        : m_context(context)
        , m_free(places)
        , m_places(places)
    {
    }

    /// Waits for a free place, then posts `work`. Fails with the first error that any work returned, or
    /// Cancelled.
    Status pass(std::function<Status()> work, const std::stop_token& stop);
    /// Waits until all works are done; the first error of any.
    Status wait(const std::stop_token& stop);

private:
    Status acquire(int places, const std::stop_token& stop);
    void release(Status status);

    QObject* m_context;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    int m_free;
    int m_places;
    Status m_status;
};

} // namespace avocet
