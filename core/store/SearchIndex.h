// SPDX-License-Identifier: GPL-3.0-or-later
// The full-text index in mail.db: fed as envelopes and bodies arrive, asked by the reader thread.
#pragma once

#include "core/store/Database.h"
#include "core/store/SearchQuery.h"
#include "core/store/SearchText.h"

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace avocet {

struct SearchEntry {
    MessageId message;
    const SearchText* text = nullptr;
};

struct SearchCoverage {
    std::int64_t total = 0;       ///< messages there are
    std::int64_t whole = 0;       ///< found by all of their text
    std::int64_t headersOnly = 0; ///< found by subject and people
};

/// FTS5 without content of its own over what SearchText normalised.
///
/// Feeding. Envelopes are not indexed where they are inserted, since a first header sync would take half as long again:
/// whoever is idle calls indexHeaders() until it returns 0. Bodies come by put(), prepared by a worker once they are
/// stored. A message that is deleted, in whatever way, is not found from that transaction on (a trigger cuts it off); its
/// words go later, in the steps of purge(), so that emptying a folder costs no more than before. Each step stays
/// below 20 ms with the limits named beside it.
///
/// Threads: writing needs the engine's ReadWrite database, everything else works on any connection. Statements are kept, so
/// it goes before its database does.
class SearchIndex {
public:
    explicit SearchIndex(Database& mail);
    ~SearchIndex();

    /// Indexes the messages anew, in the caller's transaction where there is one. Many at once (about 12 of ordinary
    /// size for 20 ms): each call writes one segment of the index, and its cost is shared. What has no row in
    /// message, any more, is left out, and so is an envelope where the whole is indexed already.
    Status put(std::span<const SearchEntry> entries);
    /// Takes messages out of the index that stay in the store.
    Status remove(std::span<const MessageId> messages);

    /// Indexes the envelopes of up to `limit` (60 for 20 ms) messages that are not indexed at all, oldest ids
    /// first. Returns how many it looked at; 0: all are.
    Result<int> indexHeaders(int limit);
    /// Takes the words of up to `limit` (12 for 20 ms) messages that are gone out of the index; returns how many went.
    Result<int> purge(int limit);
    /// Messages whose body is in the cache while only their envelope is indexed (bodies from before the index was there, or
    /// from before it was cleared), to be read, prepared and put(). Up to `limit` of them behind `cursor`, a message's id,
    /// which moves on; it looks at 2,000 messages at most. False in `more`: there are no further ones.
    struct Wanted {
        std::vector<MessageId> bodies;
        bool more = false;
    };
    Result<Wanted> bodiesWanted(MessageId& cursor, int limit);
    /// Joins segments of the index, at most about `pages` pages of it, which keeps searching fast. False: there is
    /// nothing to join.
    Result<bool> merge(int pages);
    /// Empties the index; what the steps above do fills it again. For an index that says Storage/Corrupt.
    Status clear();

    Result<SearchCoverage> coverage();

    /// Ids of messages that are shown somewhere in the query's scope, each once. Ends with Cancelled soon after
    /// `stop` was asked for. An empty query finds nothing.
    Result<std::vector<MessageId>> search(const SearchQuery& query, std::stop_token stop = {});

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace avocet
