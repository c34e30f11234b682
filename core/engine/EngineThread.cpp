// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/EngineThread.h"

namespace avocet {

void runOn(QObject* context, std::function<void()> work)
{
    QMetaObject::invokeMethod(context, std::move(work), Qt::QueuedConnection);
}

Status Gate::acquire(int places, const std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    if (!m_changed.wait(lock, stop, [&] { return m_free >= places || !m_status; }))
        return fail(ErrorKind::Cancelled, "stopped while storing");
    if (m_status)
        m_free -= places;
    return m_status;
}

void Gate::release(Status status)
{
    const std::lock_guard lock(m_mutex);
    if (m_status && !status)
        m_status = std::move(status);
    ++m_free;
    m_changed.notify_all();
}

Status Gate::pass(std::function<Status()> work, const std::stop_token& stop)
{
    if (auto ready = acquire(1, stop); !ready)
        return ready;
    runOn(m_context,
          [self = shared_from_this(), work = std::move(work)] { self->release(work()); });
    return {};
}

Status Gate::wait(const std::stop_token& stop)
{
    auto status = acquire(m_places, stop);
    if (status) {
        const std::lock_guard lock(m_mutex);
        m_free = m_places;
    }
    return status;
}

} // namespace avocet
