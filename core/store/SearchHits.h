// SPDX-License-Identifier: GPL-3.0-or-later
// The asking half of SearchIndex: a query to FTS5's words, and its hits to messages that are shown.
#pragma once

#include "core/store/Database.h"
#include "core/store/SearchQuery.h"

#include <stop_token>
#include <vector>

namespace avocet {

/// See SearchIndex::search.
Result<std::vector<MessageId>> findMessages(Database& mail, const SearchQuery& query,
                                            std::stop_token stop);

} // namespace avocet
