// SPDX-License-Identifier: GPL-3.0-or-later
// One answer out of several.
#pragma once

#include "core/model/Error.h"

#include <functional>

namespace avocet {

/// Waits for several answers and passes on the first failure.
struct Gathering {
    int open = 0;
    Status status;
    std::function<void(Status)> done;

    void add(const Status& one)
    {
        if (status && !one)
            status = one;
        if (--open == 0)
            done(status);
    }
};

} // namespace avocet
