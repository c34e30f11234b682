// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/Worker.h"

#include <pthread.h>

namespace avocet {

Worker::Worker(const char* name)
    : m_thread([this](std::stop_token stop) { run(stop); })
{
    pthread_setname_np(m_thread.native_handle(), name);
}

Worker::~Worker()
{
    requestStop();
    m_thread.join();
}

void Worker::post(Job job)
{
    const std::lock_guard lock(m_mutex);
    m_jobs.push_back(std::move(job));
    m_wake.notify_one();
}

void Worker::postFirst(Job job)
{
    const std::lock_guard lock(m_mutex);
    m_jobs.push_front(std::move(job));
    m_wake.notify_one();
}

void Worker::requestStop()
{
    m_thread.request_stop();
}

void Worker::run(std::stop_token stop)
{
    for (;;) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            m_wake.wait(lock, stop, [this] { return !m_jobs.empty(); });
            if (m_jobs.empty())
                return; // stopped
            job = std::move(m_jobs.front());
            m_jobs.pop_front();
        }
        job(stop);
    }
}

} // namespace avocet
