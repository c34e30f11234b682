// SPDX-License-Identifier: GPL-3.0-or-later
// A message as lists show it, and as a header sync delivers it.
#pragma once

#include "core/model/Ids.h"

#include <cstdint>
#include <string>
#include <vector>

namespace avocet {

/// Names a placement in its folder: the server's UID, or from firstPendingKey on a number of our own as long as the
/// server has not said which UID a message that was moved or copied here has got.
using PlacementKey = std::int64_t;
inline constexpr PlacementKey firstPendingKey = PlacementKey{1} << 32;

/// name: decoded UTF-8, control characters removed; may be empty.
struct Address {
    std::string name;
    std::string address;

    friend bool operator==(const Address&, const Address&) = default;
};

/// System flags (RFC 3501 2.3.2) as bits; keywords that Avocet gives a meaning follow.
enum Flag : std::uint32_t {
    Seen = 1 << 0,
    Answered = 1 << 1,
    Flagged = 1 << 2,
    Deleted = 1 << 3,
    DraftFlag = 1 << 4,
    Forwarded = 1 << 5, ///< $Forwarded
    Junk = 1 << 6,      ///< $Junk
    MdnSent = 1 << 7,   ///< $MDNSent
};
using Flags = std::uint32_t;

/// One row for the store, made by a worker from a FETCH. All text is decoded UTF-8.
struct NewMessage {
    std::uint32_t uid = 0;
    std::uint64_t modSeq = 0;
    Flags flags = 0;
    std::vector<std::string> keywords; ///< other keywords, as the server sent them
    std::int64_t internalDate = 0;     ///< seconds since 1970, UTC
    std::int64_t date = 0;             ///< from Date:, else internalDate
    std::int64_t size = 0;             ///< RFC822.SIZE, bytes
    std::string subject;
    std::vector<Address> from, sender, replyTo, to, cc,
        bcc;                             ///< sender, replyTo: empty where they are from
    std::string messageIdHeader;         ///< without <>, may be empty
    std::string inReplyTo;               ///< first id of the field, without <>
    std::vector<std::string> references; ///< ids without <>, oldest first
    std::string listId, listUnsubscribe, listUnsubscribePost, authenticationResults;
    std::string contentId;     ///< X-GM-MSGID or EMAILID: same content, same id; else empty
    std::string bodyStructure; ///< as the server sent it, for part-wise fetching
    bool hasAttachment = false;
};

/// One row of a list.
struct MessageSummary {
    MessageId id;
    FolderId folder;
    ThreadId thread;
    std::uint32_t uid = 0; ///< 0: the server has yet to say it
    std::int64_t date = 0; ///< what the list is ordered by: internalDate
    std::vector<Address> from, to;
    std::string subject;
    std::string preview; ///< first words of the text, or empty while there is no body
    Flags flags = 0;     ///< as shown: server flags with pending operations laid over
    std::int64_t size = 0;
    bool hasAttachment = false;
    bool hasBody = false;
};

/// Where a message lies on its server.
struct Placement {
    MessageId message;
    FolderId folder;
    std::uint32_t uidValidity = 0;
    PlacementKey uid = 0;
    Flags serverFlags = 0;
    Flags shownFlags = 0; ///< with Deleted: not in any list
    std::int64_t size = 0;
    std::string messageIdHeader;
    std::int64_t date = 0; ///< INTERNALDATE

    bool pending() const { return uid >= firstPendingKey; }
    bool shown() const { return (shownFlags & Deleted) == 0; }
};

} // namespace avocet
