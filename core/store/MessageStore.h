// SPDX-License-Identifier: GPL-3.0-or-later
// Messages, their placements in folders, threads and counts in mail.db.
#pragma once

#include "core/model/Message.h"
#include "core/model/Operation.h"
#include "core/store/Database.h"

#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace avocet {

struct PlacementFlags {
    std::uint32_t uid = 0;
    std::uint64_t modSeq = 0;
    Flags flags = 0;
    std::vector<std::string> keywords;
};

/// Changes that wait, by placement: laid over what the server says.
using PendingFlags = std::map<PlacementKey, FlagChange>;

/// What a write did to a folder's list.
struct ListChange {
    std::vector<MessageId> appeared, changed, vanished;
    std::vector<std::pair<PlacementKey, std::uint32_t>>
        named; ///< pending placements that got their UID
    bool empty() const { return appeared.empty() && changed.empty() && vanished.empty(); }
};

/// Where a walk through a folder, newest first, has got to.
struct BodyCursor {
    std::int64_t date = std::numeric_limits<std::int64_t>::max();
    MessageId message{std::numeric_limits<std::int64_t>::max()};
    bool end = false;
};

/// A row that shows nothing of its message's text yet.
struct MissingPreview {
    MessageId message;
    std::uint32_t uid = 0;
    std::string bodyStructure;
};

struct ListFilter {
    bool unread = false;
    bool starred = false;
    bool attachments = false;
    std::string text; ///< contained in subject, sender or recipients; case-insensitive
    bool empty() const { return !unread && !starred && !attachments && text.empty(); }
};

/// Writes need the engine's ReadWrite database; reads work on any connection. Statements are
/// prepared once and kept, so it goes before its database does.
class MessageStore {
public:
    explicit MessageStore(Database& mail);
    ~MessageStore();

    /// Inserts what is not there yet, keyed by (folder, uid); what is there gets its server flags
    /// updated. Same contentId: one message, another placement; twice in one folder it is two messages, so
    /// that a list never holds an id twice. What a move or copy brought here before the server named it gets its
    /// UID (same Message-ID and size). Assigns threads from references.
    /// shown flags = server flags with `pending` laid over. Folder counts are kept. `appeared` is in the order of
    /// `messages`.
    Result<ListChange> insert(FolderId folder, std::span<const NewMessage> messages,
                              const PendingFlags& pending = {});
    /// Sets server and shown flags of what is there.
    Result<ListChange> updateFlags(FolderId folder, std::span<const PlacementFlags> flags,
                                   const PendingFlags& pending = {});
    /// Removes placements; a message without any goes too. Returns the removed ids.
    Result<std::vector<MessageId>> removeUids(FolderId folder, std::span<const std::uint32_t> uids);
    /// Lays a pending change over the shown flags of one placement.
    Result<ListChange> overlay(FolderId folder, PlacementKey uid, FlagChange change);
    /// Shown = server flags with `pending` over them: a change is backed out.
    Result<ListChange> dropOverlay(FolderId folder, PlacementKey uid, FlagChange pending);

    /// Shows `message` in `folder` under a pending key, as a move or copy will bring it. False: it has a placement
    /// there already.
    Result<bool> placePending(FolderId folder, PlacementKey key, MessageId message, Flags flags,
                              std::int64_t date);
    /// The same for a message that is on no server yet. None: the key is taken.
    Result<MessageId> insertPending(FolderId folder, PlacementKey key, const NewMessage& message);
    /// The server named it. Where a sync has brought that UID already, the pending one goes.
    Status nameArrival(FolderId folder, PlacementKey key, std::uint32_t uid);
    /// It never comes. Returns the message if it was there.
    Result<std::vector<MessageId>> removePending(FolderId folder, PlacementKey key);
    Result<std::vector<PlacementKey>> pendingKeys(FolderId folder);
    Status setBody(MessageId message, bool hasBody);
    Status setPreview(MessageId message, const std::string& preview);
    /// Up to `limit` messages that are gone while their body may still be there, until bodiesGone() strikes them out.
    Result<std::vector<MessageId>> bodiesLeft(int limit);
    Status bodiesGone(std::span<const MessageId> messages);

    /// Ascending; without pending ones.
    Result<std::vector<std::uint32_t>> uids(FolderId folder, std::uint32_t first = 1);
    /// The highest UID of the folder's placements; 0: none.
    Result<std::uint32_t> lastUid(FolderId folder);
    Result<std::vector<Placement>> placements(MessageId message);
    Result<std::optional<Placement>> placementAt(FolderId folder, PlacementKey uid);
    Result<std::vector<Placement>> findByMessageIdHeader(FolderId folder,
                                                         const std::string& header);

    /// Placements whose message has no body yet and at most `largest` bytes, newest first, without messageIdHeader.
    /// Looks at the next `rows` placements behind `cursor`, which moves on: each call takes a bounded time however
    /// large the folder is.
    Result<std::vector<Placement>> withoutBody(FolderId folder, BodyCursor& cursor,
                                               std::int64_t rows, std::int64_t largest);

    /// Of `messages` those that `folder` holds without body and preview.
    Result<std::vector<MissingPreview>> withoutPreview(FolderId folder,
                                                       std::span<const MessageId> messages);

    /// Ordered newest first; limit 0: all. Covering index, never a scan of rows without a filter.
    Result<std::vector<MessageId>> list(FolderId folder, const ListFilter& filter = {},
                                        std::int64_t limit = 0);
    /// Rows by id, in the order of `ids`; ids that are gone are left out.
    Result<std::vector<MessageSummary>> rows(FolderId folder, std::span<const MessageId> ids);
    /// The message's row in whichever folder it has a placement (Rejected/NotFound where none).
    Result<MessageSummary> row(MessageId id);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace avocet
