// SPDX-License-Identifier: GPL-3.0-or-later
// How much of each folder's bodies the user wants here, in user.db: it outlives the cache.
#pragma once

#include "core/model/Ids.h"
#include "core/store/Database.h"

#include <optional>
#include <string>

namespace avocet {

class FolderWindowStore {
public:
    explicit FolderWindowStore(Database& user)
        : m_db(user)
    {
    }

    /// Months back from today; 0: headers only; nullopt: all.
    Result<std::optional<int>> find(AccountId account, const std::string& mailbox);
    Status set(AccountId account, const std::string& mailbox, std::optional<int> months);
    Status rename(AccountId account, const std::string& from, const std::string& to);

private:
    Database& m_db;
};

} // namespace avocet
