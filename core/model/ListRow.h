// SPDX-License-Identifier: GPL-3.0-or-later
// What a list knows of each of its messages before they are looked up: enough to keep them in order.
#pragma once

#include "core/model/Ids.h"

#include <cstdint>
#include <span>
#include <vector>

namespace avocet {

struct ListRow {
    MessageId id;
    std::int64_t date =
        0; ///< seconds since 1970, what the list is ordered by; then by id, both newest first

    friend bool operator==(const ListRow&, const ListRow&) = default;
};

/// Whether `a` stands above `b`.
inline bool isAbove(const ListRow& a, const ListRow& b)
{
    return a.date != b.date ? a.date > b.date : a.id > b.id;
}

inline std::vector<MessageId> idsOf(std::span<const ListRow> rows)
{
    std::vector<MessageId> ids;
    ids.reserve(rows.size());
    for (const ListRow& row : rows)
        ids.push_back(row.id);
    return ids;
}

} // namespace avocet
