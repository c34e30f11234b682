// SPDX-License-Identifier: GPL-3.0-or-later
// What the benchmarks of the store share: clocks, a place to write, giving up.
#pragma once

#include "core/store/FolderStore.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <vector>

namespace avocet::bench {

using Clock = std::chrono::steady_clock;

inline double milliseconds(Clock::time_point since)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - since).count();
}

/// CPU time of this thread: steadier than the clock on a busy machine.
inline double cpuMicroseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

inline double cpuMilliseconds(double since)
{
    return (cpuMicroseconds() - since) / 1000;
}

[[noreturn]] inline void stop(const Error& error)
{
    std::fprintf(stderr, "%s\n", error.detail.c_str());
    std::exit(1);
}

template <class T>
T check(Result<T> result)
{
    if (!result)
        stop(result.error());
    return std::move(*result);
}

inline void check(const Status& status)
{
    if (!status)
        stop(status.error());
}

/// Times of the same step.
class Worst {
public:
    void add(double time)
    {
        m_times.push_back(time);
        m_worst = std::max(m_worst, time);
    }
    std::size_t size() const { return m_times.size(); }
    double worst() const { return m_worst; }
    /// 0.5: the median.
    double part(double share)
    {
        if (m_times.empty())
            return 0;
        std::sort(m_times.begin(), m_times.end());
        return m_times[static_cast<std::size_t>(share * static_cast<double>(m_times.size() - 1))];
    }

private:
    std::vector<double> m_times;
    double m_worst = 0;
};

/// An empty directory; what was made in it goes unless the place was given, where it may be looked at.
class Directory {
public:
    Directory(const char* given, const char* name)
        : m_path(given ? std::filesystem::path(given)
                       : std::filesystem::temp_directory_path() / name)
        , m_keep(given != nullptr)
    {
        std::filesystem::remove_all(m_path / "bench");
        std::filesystem::create_directories(path());
    }
    ~Directory()
    {
        std::error_code ignored;
        if (!m_keep)
            std::filesystem::remove_all(m_path, ignored);
    }
    Directory(const Directory&) = delete;
    Directory& operator=(const Directory&) = delete;

    std::filesystem::path path() const { return m_path / "bench"; }

private:
    std::filesystem::path m_path;
    bool m_keep;
};

inline FolderId addInbox(Database& mail)
{
    FolderStore folders(mail);
    Folder inbox;
    inbox.mailbox = inbox.path = "INBOX";
    inbox.role = FolderRole::Inbox;
    check(folders.replaceAll(AccountId{1}, {inbox}));
    return check(folders.findByMailbox(AccountId{1}, "INBOX")).id;
}

} // namespace avocet::bench
