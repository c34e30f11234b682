// SPDX-License-Identifier: GPL-3.0-or-later
// A mailbox of the server as the cache knows it.
#pragma once

#include "core/model/Ids.h"

#include <cstdint>
#include <string>

namespace avocet {

/// RFC 6154 special use, plus INBOX.
enum class FolderRole { None, Inbox, Drafts, Sent, Archive, Junk, Trash, All, Flagged };

struct Folder {
    FolderId id;
    AccountId account;
    std::string mailbox; ///< the server's name, byte for byte (modified UTF-7 or UTF-8)
    std::string path;    ///< the same for people, UTF-8; reversible escapes where it was broken
    char delimiter = 0;  ///< 0: the server has no hierarchy
    FolderRole role = FolderRole::None;
    bool selectable = true;

    std::uint32_t uidValidity = 0; ///< 0: never selected
    std::uint32_t uidNext = 0;
    std::uint64_t highestModSeq = 0; ///< 0: no CONDSTORE
    /// All UIDs in [syncedFrom, uidNext) are in the cache; sync goes downwards from the newest.
    /// 0: nothing yet; 1: complete.
    std::uint32_t syncedFrom = 0;

    std::int64_t cached = 0; ///< placements in the cache that have a UID, shown or not
    std::int64_t total = 0;  ///< placements in the cache that are shown
    std::int64_t unread = 0;
    std::int64_t serverTotal = 0; ///< EXISTS or STATUS MESSAGES, for "1,204 of 50,000"
    bool subscribed = true;
};

} // namespace avocet
