// SPDX-License-Identifier: GPL-3.0-or-later
// Messages, their placements in folders, threads and counts in mail.db.
#pragma once

#include "core/model/Message.h"
#include "core/store/Database.h"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace avocet {

struct PlacementFlags {
    std::uint32_t uid = 0;
    std::uint64_t modSeq = 0;
    Flags flags = 0;
    std::vector<std::string> keywords;
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
    /// that a list never holds an id twice. Assigns threads from references.
    /// shown flags = server flags. Folder counts are kept. Returns the ids of the messages that are new in this
    /// folder, in the order of `messages`.
    Result<std::vector<MessageId>> insert(FolderId folder, std::span<const NewMessage> messages);
    /// Sets server and shown flags of what is there; returns ids whose shown flags changed.
    Result<std::vector<MessageId>> updateFlags(FolderId folder,
                                               std::span<const PlacementFlags> flags);
    /// Removes placements; a message without any goes too. Returns the removed ids.
    Result<std::vector<MessageId>> removeUids(FolderId folder, std::span<const std::uint32_t> uids);
    /// Lays a pending change over the shown flags of every placement of the message.
    Status overlay(MessageId message, Flags add, Flags remove);
    /// The same for one placement, by server coordinates; ids of messages changed.
    Result<std::vector<MessageId>> overlay(FolderId folder, std::uint32_t uid, Flags add,
                                           Flags remove);
    /// Shown = server flags again (a refused operation is backed out).
    Status dropOverlay(FolderId folder, std::uint32_t uid);
    Status setBody(MessageId message, bool hasBody, const std::string& preview);

    Result<std::vector<std::uint32_t>> uids(FolderId folder,
                                            std::uint32_t first = 1); ///< ascending
    Result<std::vector<Placement>> placements(MessageId message);
    Result<std::vector<Placement>> findByMessageIdHeader(FolderId folder,
                                                         const std::string& header);

    /// Placements of `folder` whose message has no body yet, newest first; without messageIdHeader.
    Result<std::vector<Placement>> withoutBody(FolderId folder, std::int64_t limit);

    /// Ordered newest first; limit 0: all. Covering index, never a scan of rows without a filter.
    Result<std::vector<MessageId>> list(FolderId folder, const ListFilter& filter = {},
                                        std::int64_t limit = 0);
    /// Rows by id, in the order of `ids`; ids that are gone are left out.
    Result<std::vector<MessageSummary>> rows(FolderId folder, std::span<const MessageId> ids);
    /// The message's row in whichever folder it has a placement (Rejected/NotFound where none).
    Result<MessageSummary> row(MessageId id);
    /// All messages of a thread in the account of `message`, oldest first.
    Result<std::vector<MessageId>> threadOf(MessageId message);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace avocet
