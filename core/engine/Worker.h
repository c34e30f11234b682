// SPDX-License-Identifier: GPL-3.0-or-later
// A thread that runs network jobs one after the other and never touches a database.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace avocet {

/// Owner: the engine thread. Jobs get the worker's stop token, which ends every session call within half
/// a second; the destructor requests it and joins. Jobs that still wait then are run as well, so that whoever
/// waits for their end hears of it.
class Worker {
public:
    using Job = std::function<void(std::stop_token)>;

    explicit Worker(const char* name);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    void post(Job job);
    /// Before everything that waits: what the user waits for.
    void postFirst(Job job);
    /// Asks the running job to end; does not wait.
    void requestStop();

private:
    void run(std::stop_token stop);

    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    std::deque<Job> m_jobs;
    std::jthread m_thread; // last: starts when all else exists
};

} // namespace avocet
