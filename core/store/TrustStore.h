// SPDX-License-Identifier: GPL-3.0-or-later
// Whose mail may load pictures from the internet without being asked about.
#pragma once

#include "core/model/Error.h"
#include "core/store/Database.h"

#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// A pattern is an address ("anna@example.org") or a whole domain ("@example.org"); ASCII case does not matter.
class TrustStore {
public:
    explicit TrustStore(Database& user)
        : m_db(user)
    {
    }

    /// InvalidInput where it is no pattern. Safe to repeat.
    Status set(std::string_view pattern, bool trusted);
    /// By its address or its domain; a domain does not speak for those below it.
    Result<bool> isTrusted(std::string_view address);
    Result<std::vector<std::string>> all(); ///< sorted

private:
    Database& m_db;
};

} // namespace avocet
