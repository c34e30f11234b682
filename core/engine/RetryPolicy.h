// SPDX-License-Identifier: GPL-3.0-or-later
// When to try again: exponential back-off with jitter, decided by the kind of error alone.
#pragma once

#include "core/model/Error.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>

namespace avocet {

/// Seconds since 1970, UTC, as the stores keep them.
inline std::int64_t secondsNow()
{
    return static_cast<std::int64_t>(std::time(nullptr));
}

/// What an error means for the thing that failed.
enum class RetryVerdict {
    Again,   ///< later, by itself, and it counts as an attempt
    Paused,  ///< when the user has mended the account; uses up no attempt
    Never,   ///< refused for good
    Stopped, ///< somebody cancelled it; as if it had not been tried
};

constexpr RetryVerdict retryVerdict(ErrorKind kind)
{
    switch (kind) {
    case ErrorKind::Offline:
    case ErrorKind::Timeout:
    case ErrorKind::Transient:
    case ErrorKind::Protocol:
    case ErrorKind::Storage:
        return RetryVerdict::Again;
    case ErrorKind::Tls:
    case ErrorKind::Auth:
        return RetryVerdict::Paused;
    case ErrorKind::Cancelled:
        return RetryVerdict::Stopped;
    case ErrorKind::Rejected:
    case ErrorKind::Bug:
        return RetryVerdict::Never;
    }
    return RetryVerdict::Never;
}

/// Pause before try number `attempt` + 1 (attempt: 1 after the first failure). 5 s, 10 s, 20 s ... at most
/// `cap`, times a jitter in [0.75, 1.25) that `random` in [0, 1) chooses, so that many clients
/// do not come back at the same moment.
constexpr std::chrono::milliseconds
retryDelay(int attempt, double random, std::chrono::milliseconds cap = std::chrono::minutes(15))
{
    const int doublings = std::clamp(attempt - 1, 0, 20);
    const auto base =
        std::min<std::chrono::milliseconds>(std::chrono::milliseconds(5'000LL << doublings), cap);
    const double jittered = static_cast<double>(base.count()) * (0.75 + 0.5 * random);
    return std::chrono::milliseconds(static_cast<long long>(jittered));
}

/// Pause before account number `position` (from 0) opens its connections anew after the network came back: the
/// first one at once, and no two within the same 100 ms whatever `random` in [0, 1) says. Chance alone does not
/// promise that: of ten accounts within 2.5 s, two meet nearly always.
constexpr std::chrono::milliseconds comeBackDelay(std::size_t position, double random)
{
    constexpr std::chrono::milliseconds slot{200}, jitter{100};
    constexpr std::size_t slots = 300; // nobody waits longer than a minute
    const auto own = static_cast<long long>(position % slots) * slot.count();
    return std::chrono::milliseconds(
        own + static_cast<long long>(random * static_cast<double>(jitter.count())));
}

} // namespace avocet
