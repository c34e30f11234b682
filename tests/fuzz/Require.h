// SPDX-License-Identifier: GPL-3.0-or-later
// How a fuzz target says that a promise was broken.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace avocet::fuzz {

inline void require(bool condition, const char* promise, const std::string& found = {})
{
    if (condition)
        return;
    std::fprintf(stderr, "Broken promise: %s\n%s\n", promise, found.c_str());
    std::abort();
}

} // namespace avocet::fuzz
