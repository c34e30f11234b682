// SPDX-License-Identifier: GPL-3.0-or-later
// The read side of the door: rows by id at once, everything longer on one reader thread.
#pragma once

#include "core/mime/MessageReader.h"
#include "core/model/Account.h"
#include "core/model/Error.h"
#include "core/model/Folder.h"
#include "core/model/Message.h"
#include "core/model/Outgoing.h"
#include "core/store/MessageStore.h"

#include <QObject>

#include <functional>
#include <memory>
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
};

/// Thread: the owner's. Functions that return a value touch only indexed rows on a read-only
/// connection. Functions with a callback run on the reader thread and call back on the owner's
/// thread while `context` lives; a new list request for the same context replaces the old one.
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
    std::vector<OutboxItem> outbox();
    std::vector<Draft> drafts(); ///< without attachment data
    Result<Draft> draft(DraftId id);

    /// `folder`'s ids, newest first: the head (200) at once, then all; `last` marks the final call.
    void list(QObject* context, FolderId folder, const ListFilter& filter,
              std::function<void(std::vector<MessageId> ids, bool last)> done);
    void openMessage(QObject* context, MessageId id,
                     std::function<void(Result<OpenedMessage>)> done);
    /// Decoded bytes of an attachment of a cached message.
    void attachment(QObject* context, MessageId id, int attachmentIndex,
                    std::function<void(Result<std::string>)> done);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace avocet
