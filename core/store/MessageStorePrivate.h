// SPDX-License-Identifier: GPL-3.0-or-later
// What the writing and the reading half of MessageStore share: the connection and its kept statements.
#pragma once

#include "core/store/MessageStore.h"
#include "core/store/Sql.h"
#include "core/store/ThreadIndex.h"

#include <functional>
#include <unordered_set>

namespace avocet {

struct MessageStore::Private {
    explicit Private(Database& mail)
        : database(mail)
        , raw(mail.raw())
        , threads(mail.raw())
    {
    }

    struct FolderChange {
        std::int64_t cached = 0;
        std::int64_t total = 0;
        std::int64_t unread = 0;

        void add(Flags shown);
        void remove(Flags shown);
    };
    struct Flagged {
        MessageId message;
        Flags server = 0;
        Flags shown = 0;
    };

    Result<AccountId> accountOf(FolderId folder);
    PlacementKey foldedUpTo(FolderId folder);
    void count(FolderId folder, FolderChange change);
    bool placementAt(FolderId folder, PlacementKey uid, Flagged& found);
    /// Tells `list` what a reader of it would see.
    static void note(MessageId message, Flags before, Flags after, FolderChange& change,
                     ListChange& list);
    Result<ListChange> show(FolderId folder, PlacementKey uid,
                            const std::function<Flags(const Flagged&)>& wanted);
    MessageId sameContent(AccountId account, FolderId folder, const NewMessage& message);
    MessageId insertContent(AccountId account, MessageId id, const NewMessage& message);
    void placePending(FolderId folder, PlacementKey key, MessageId message, Flags flags,
                      std::int64_t date);
    void updateOne(FolderId folder, const PlacementFlags& flags, const PendingFlags& pending,
                   FolderChange& change, ListChange& list);
    /// The pending placement that `message` fulfils, or 0.
    PlacementKey arrivalOf(FolderId folder, const NewMessage& message);
    void removeIfUnplaced(MessageId message);

    Database& database;
    SQLite::Database& raw;
    ThreadIndex threads;

    sql::Kept folderAccount{"SELECT account FROM folder WHERE id = ?1 AND account <> 0"};
    sql::Kept countFolder{
        "UPDATE folder SET total = total + ?2, unread = unread + ?3, cached = cached + ?4 "
        "WHERE id = ?1"};
    sql::Kept lastMessageId{"SELECT seq FROM sqlite_sequence WHERE name = 'message'"};
    sql::Kept uidsBetween{"SELECT uid FROM placement WHERE folder = ?1 AND uid BETWEEN ?2 AND ?3"};
    sql::Kept byContent{R"sql(
        SELECT m.id FROM message AS m JOIN message_header AS h ON h.message = m.id
        WHERE m.content = ?1 AND m.account = ?2 AND h.content_id = ?3
          AND NOT EXISTS (SELECT 1 FROM placement WHERE message = m.id AND folder = ?4)
        ORDER BY m.id LIMIT 1)sql"};
    sql::Kept insertMessage{R"sql(
        INSERT INTO message(id, account, thread, content, size, has_attachment, from_addresses,
                            to_addresses, subject)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9))sql"};
    sql::Kept insertHeader{R"sql(
        INSERT INTO message_header(message, date, message_id, in_reply_to, reference_ids, sender,
                                   reply_to, cc, bcc, list_id, list_unsubscribe,
                                   list_unsubscribe_post, authentication_results, content_id,
                                   body_structure)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15))sql"};
    sql::Kept insertPlacement{R"sql(
        INSERT INTO placement(folder, uid, message, date, server_flags, shown_flags, hidden, mod_seq,
                              keywords)
        VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6 >> 3 & 1, ?7, ?8))sql"};
    sql::Kept threadProgress{"SELECT up_to FROM thread_progress WHERE folder = ?1"};
    sql::Kept countInThread{R"sql(
        INSERT INTO thread_change SELECT ?1, thread, id, ?3, ?4, 1 FROM message WHERE id = ?2)sql"};
    sql::Kept flagsAt{R"sql(
        SELECT message, server_flags, shown_flags FROM placement
        WHERE folder = ?1 AND uid = ?2)sql"};
    sql::Kept setFlags{R"sql(
        UPDATE placement SET server_flags = ?3, shown_flags = ?4, hidden = ?4 >> 3 & 1, mod_seq = ?5, keywords = ?6
        WHERE folder = ?1 AND uid = ?2)sql"};
    sql::Kept setShown{"UPDATE placement SET shown_flags = ?3, hidden = ?3 >> 3 & 1 WHERE folder = "
                       "?1 AND uid = ?2"};
    sql::Kept removePlacement{"DELETE FROM placement WHERE folder = ?1 AND uid = ?2"};
    sql::Kept pendingIn{
        "SELECT uid FROM placement WHERE folder = ?1 AND uid >= 4294967296 ORDER BY uid"};
    sql::Kept arrival{R"sql(
        SELECT p.uid FROM placement AS p JOIN message AS m ON m.id = p.message
             JOIN message_header AS h ON h.message = p.message
        WHERE p.folder = ?1 AND p.uid >= 4294967296 AND m.size = ?2
          AND (h.message_id = ?3 OR (h.message_id IS NULL AND ?3 IS NULL AND p.date = ?4))
        ORDER BY p.uid LIMIT 1)sql"};
    sql::Kept rename{"UPDATE placement SET uid = ?3 WHERE folder = ?1 AND uid = ?2"};
    sql::Kept inFolder{"SELECT 1 FROM placement WHERE message = ?1 AND folder = ?2"};
    sql::Kept highestUid{"SELECT max(uid) FROM placement WHERE folder = ?1 AND uid < 4294967296"};
    sql::Kept anyPlacement{"SELECT 1 FROM placement WHERE message = ?1 LIMIT 1"};
    sql::Kept setBody{"UPDATE message SET has_body = ?2 WHERE id = ?1"};
    sql::Kept setPreview{"UPDATE message SET preview = ?2 WHERE id = ?1"};

    sql::Kept bodiesLeft{"SELECT message FROM body_left ORDER BY message LIMIT ?1"};
    sql::Kept bodyGone{"DELETE FROM body_left WHERE message = ?1"};

    sql::Kept uidsFrom{"SELECT uid FROM placement WHERE folder = ?1 AND uid >= ?2 "
                       "AND uid < 4294967296 ORDER BY uid"};
    sql::Kept placementsOf{R"sql(
        SELECT p.message, p.folder, f.uid_validity, p.uid, p.server_flags, p.shown_flags, m.size,
               h.message_id, p.date
        FROM placement AS p JOIN folder AS f ON f.id = p.folder
             JOIN message AS m ON m.id = p.message
             JOIN message_header AS h ON h.message = p.message
        WHERE p.message = ?1 AND f.account <> 0 ORDER BY p.folder, p.uid)sql"};
    sql::Kept placementByUid{R"sql(
        SELECT p.message, p.folder, f.uid_validity, p.uid, p.server_flags, p.shown_flags, m.size,
               h.message_id, p.date
        FROM placement AS p JOIN folder AS f ON f.id = p.folder
             JOIN message AS m ON m.id = p.message
             JOIN message_header AS h ON h.message = p.message
        WHERE p.folder = ?1 AND p.uid = ?2)sql"};
    sql::Kept bodiesBehind{R"sql(
        SELECT d.message, d.folder, f.uid_validity, d.uid, 0, 0, m.size, '', d.date, m.has_body
        FROM (SELECT folder, uid, message, date FROM placement
              WHERE folder = ?1 AND hidden = 0 AND (date, message) < (?2, ?3)
              ORDER BY date DESC, message DESC LIMIT ?4) AS d
             CROSS JOIN message AS m ON m.id = d.message
             CROSS JOIN folder AS f ON f.id = d.folder)sql"};
    sql::Kept previewMissing{R"sql(
        SELECT p.uid, h.body_structure
        FROM placement AS p JOIN message AS m ON m.id = p.message
             JOIN message_header AS h ON h.message = p.message
        WHERE p.message = ?1 AND p.folder = ?2 AND p.uid < 4294967296 AND m.has_body = 0
          AND m.preview = '')sql"};
    sql::Kept linkedThread{"SELECT thread FROM thread_link WHERE hash = ?1"};
    sql::Kept mergedThread{"SELECT into_thread FROM thread_merge WHERE thread = ?1"};
    sql::Kept byHeader{R"sql(
        SELECT p.message, p.folder, f.uid_validity, p.uid, p.server_flags, p.shown_flags, m.size,
               h.message_id, p.date
        FROM message AS m JOIN message_header AS h ON h.message = m.id
             JOIN placement AS p ON p.message = m.id AND p.folder = ?2
             JOIN folder AS f ON f.id = p.folder
        WHERE m.thread = ?1 AND h.message_id = ?3 ORDER BY p.uid)sql"};
    sql::Kept listIds{R"sql(
        SELECT message FROM placement WHERE folder = ?1 AND hidden = 0
        ORDER BY date DESC, message DESC LIMIT ?2)sql"};
    sql::Kept listFiltered{R"sql(
        SELECT d.message, m.subject, m.from_addresses, m.to_addresses, h.cc
        FROM placement AS d CROSS JOIN message AS m ON m.id = d.message
             CROSS JOIN message_header AS h ON h.message = d.message
        WHERE d.folder = ?1 AND d.hidden = 0 AND (NOT ?2 OR d.shown_flags & 1 = 0)
          AND (NOT ?3 OR d.shown_flags & 4 <> 0) AND (NOT ?4 OR m.has_attachment)
        ORDER BY d.date DESC, d.message DESC)sql"};
    sql::Kept rowIn{R"sql(
        SELECT p.message, p.folder, m.thread, p.uid, p.date, m.from_addresses, m.to_addresses,
               m.subject, m.preview, p.shown_flags, m.size, m.has_attachment, m.has_body
        FROM placement AS p JOIN message AS m ON m.id = p.message
        WHERE p.message = ?1 AND p.folder = ?2)sql"};
    sql::Kept rowAnywhere{R"sql(
        SELECT p.message, p.folder, m.thread, p.uid, p.date, m.from_addresses, m.to_addresses,
               m.subject, m.preview, p.shown_flags, m.size, m.has_attachment, m.has_body
        FROM placement AS p JOIN message AS m ON m.id = p.message
             JOIN folder AS f ON f.id = p.folder
        WHERE p.message = ?1 AND f.account <> 0 ORDER BY p.hidden, p.folder LIMIT 1)sql"};
};

} // namespace avocet
