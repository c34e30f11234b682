// SPDX-License-Identifier: GPL-3.0-or-later
// What an account may fetch by itself on a metered line and has fetched today, in user.db: a restart gives no new budget.
#pragma once

#include "core/model/Message.h"
#include "core/store/Database.h"

#include <cstdint>
#include <vector>

namespace avocet {

class BodyBudgetStore {
public:
    static constexpr std::int64_t standard = 50 << 20;
    static constexpr std::int64_t unlimited = -1;

    explicit BodyBudgetStore(Database& user)
        : m_db(user)
    {
    }

    /// Bytes a day, or `unlimited`.
    Status set(AccountId account, std::int64_t bytes);
    /// How many of the first of `wanted` the budget of `day` (YYYYMMDD, local) covers, by their announced sizes. The
    /// last may go beyond it, or one that is larger than a day's budget would never come. They are counted as used
    /// before they are asked for: a crash must not make them free.
    Result<std::size_t> take(AccountId account, int day, const std::vector<Placement>& wanted);

private:
    std::int64_t left(AccountId account, int day);

    Database& m_db;
};

} // namespace avocet
