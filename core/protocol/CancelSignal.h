// SPDX-License-Identifier: GPL-3.0-or-later
// Turns a std::stop_token into something that poll() can wait for, so that a blocked read ends at
// once when its job is cancelled.
#pragma once

#include <functional>
#include <stop_token>

namespace avocet {

/// Owned by the thread that waits; requested from any thread. The descriptor becomes readable
/// when the token is stopped and stays so.
class CancelSignal {
public:
    explicit CancelSignal(std::stop_token stop);
    CancelSignal(const CancelSignal&) = delete;
    CancelSignal& operator=(const CancelSignal&) = delete;

    int fd() const { return m_descriptor.fd; }
    bool raised() const { return m_stop.stop_requested(); }

private:
    // Declared before the callback: it closes only after the callback can no longer run.
    struct Descriptor {
        Descriptor();
        ~Descriptor();
        Descriptor(const Descriptor&) = delete;
        Descriptor& operator=(const Descriptor&) = delete;
        int fd;
    };
    Descriptor m_descriptor;
    std::stop_token m_stop;
    std::stop_callback<std::function<void()>> m_callback;
};

} // namespace avocet
