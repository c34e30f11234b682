// SPDX-License-Identifier: GPL-3.0-or-later
// The read side of the door: rows by id at once, everything longer on one reader thread.
#pragma once

#include "core/engine/MessageInsight.h"
#include "core/mime/MessageReader.h"
#include "core/model/Account.h"
#include "core/model/Contact.h"
#include "core/model/Error.h"
#include "core/model/Folder.h"
#include "core/model/InvitationAnswer.h"
#include "core/model/ListRow.h"
#include "core/model/Message.h"
#include "core/model/NoticeAnswer.h"
#include "core/model/Outgoing.h"
#include "core/model/Template.h"
#include "core/store/MessageStore.h"
#include "core/store/SearchIndex.h"
#include "core/store/ThreadFolders.h"

#include <QObject>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace avocet {

/// A message with its body, read on the reader thread.
struct OpenedMessage {
    MessageSummary summary;
    bool hasBody = false; ///< false: only the envelope is known, fetch it
    std::string raw;
    ParsedMessage parsed;
    MessageInsight insight; ///< where it has a body
};

/// What a mail system or a reader told about a message that was sent.
struct ReportOnSent {
    MessageId report;
    std::int64_t date = 0; ///< seconds since 1970, UTC
    std::optional<DeliveryReport> delivery;
    std::optional<ReadReceipt> receipt;
};

/// A message that is in no cache, of its bytes. Any thread; reads all of it.
OpenedMessage looseMessage(std::string raw);

/// Thread: the owner's. Functions that return a value touch only indexed rows on a read-only
/// connection. Functions with a callback run on the reader thread and call back on the owner's
/// thread while `context` lives. list(), threads() and search() read in pieces of some milliseconds each, and what the user
/// opens meanwhile goes between two of them; a new request for the same context replaces the old one of the same
/// function, which then calls back no more.
class MailQueries : public QObject {
    Q_OBJECT
public:
    explicit MailQueries(QObject* parent = nullptr);
    ~MailQueries() override;
    Status open(const std::filesystem::path& profile);

    std::vector<Account> accounts();
    std::vector<Identity> identities();
    std::vector<Folder> folders();
    std::vector<MessageSummary> rows(FolderId folder, std::span<const MessageId> ids);
    /// Each in a folder that shows it, whichever that is: what search() and threadMessages() found.
    std::vector<MessageSummary> rows(std::span<const MessageId> ids);
    /// A conversation, oldest first, over all folders of its account.
    std::vector<MessageId> threadMessages(ThreadId thread);
    bool threadsComplete(FolderId folder);
    SearchCoverage coverage(); ///< how much of the mail search() knows
    std::vector<OutboxItem> outbox();
    std::vector<Draft> drafts(); ///< without attachment data
    Result<Draft> draft(DraftId id);
    bool hasDraft(DraftId id); ///< true where it cannot be told
    /// The newest in the servers' Drafts folders that no draft here is a copy of: what other devices wrote.
    std::vector<MessageSummary> draftsElsewhere();
    /// Whether pictures from the internet are loaded without asking; false where it cannot be told.
    bool isTrusted(const std::string& address);
    std::vector<std::string> trusted(); ///< addresses, and domains behind @
    /// What the user answered to this invitation, or to this one of a series.
    std::optional<InvitationAnswer> answerTo(const std::string& uid, std::int64_t occurrence);
    /// What the user answered to a question above a message, by kind and key; nothing where that cannot be told.
    std::optional<NoticeAnswer> noticeAnswer(const std::string& kind, const std::string& key);
    /// What its Message-ID field says, without <>; empty: nothing.
    std::string messageIdHeader(MessageId message);
    /// What the copies of one mail have in common wherever they lie: a digest of its sender, date and body as they came.
    /// Empty: its body is not here, or is longer than 256 KB.
    std::string contentDigest(MessageId message);

    std::vector<Template> templates(); ///< by name
    /// A message that is called so (its Message-ID without <>), of whichever account; none: not here.
    MessageId messageCalled(const std::string& messageIdHeader);

    /// How many addresses the user took out of the suggestions.
    std::size_t hiddenSuggestions();

    /// Brings suggest() up to what is there now, in pieces behind everything else; nothing where nothing changed.
    void refreshSuggestions();
    /// The best `limit` addresses for what was typed (AddressIndex::find), of what the last refresh found; waits for the
    /// first one.
    void suggest(QObject* context, const std::string& typed, std::size_t limit,
                 std::function<void(std::vector<Suggestion>)> done);
    /// All of the user's cards, by name.
    void contacts(QObject* context, std::function<void(std::vector<Contact>)> done);

    /// `folder`'s rows, newest first: the head (200) at once, then all; `last` marks the final call.
    void list(QObject* context, FolderId folder, const ListFilter& filter,
              std::function<void(std::vector<ListRow> rows, bool last)> done);
    /// The threads of a folded list, newest first: the head (100) at once, then all. Of a folder that the engine has yet to
    /// count (threadsComplete), those counted so far; MailEngine::threadsCounted says when to ask again.
    void threads(QObject* context, FolderId folder,
                 std::function<void(std::vector<ThreadSummary> threads, bool last)> done);
    /// The newest 50 as soon as they are found, then all up to the query's limit; by relevance in one call. An empty query
    /// finds nothing. An error is final.
    void search(QObject* context, const SearchQuery& query,
                std::function<void(Result<std::vector<MessageId>> found, bool last)> done);
    void cancelSearch(QObject* context);
    void openMessage(QObject* context, MessageId id,
                     std::function<void(Result<OpenedMessage>)> done);
    /// What was reported about the message that is called so, newest first; at most twenty, of those whose body is here.
    void reportsAbout(QObject* context, const std::string& messageIdHeader,
                      std::function<void(std::vector<ReportOnSent>)> done);
    /// Whether another message of `address` is here, or one that was sent to it by one of the user's identities: as far as
    /// the search index knows. `except` is the message that is looked at.
    void isKnownSender(QObject* context, const std::string& address, MessageId except,
                       std::function<void(bool known)> done);

private:
    /// Does `work` on the reader thread before anything that waits there.
    template <class Work, class Done>
    void answer(QObject* context, Done done, Work work);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace avocet
