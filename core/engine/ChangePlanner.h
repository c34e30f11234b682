// SPDX-License-Identifier: GPL-3.0-or-later
// What the user changes (folders: FolderChanges.cpp, drafts: DraftChanges.cpp): written down durably, then shown, then (by OperationReplayer)
// told to the server.
#pragma once

#include "core/engine/EngineContext.h"
#include "core/engine/PendingChanges.h"
#include "core/model/Operation.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace avocet {

/// Thread: the engine's. The operations are on disk before anything of them is shown: a crash between the two shows
/// them again at the start (layPending).
class ChangePlanner {
public:
    explicit ChangePlanner(EngineContext& context)
        : m_context(context)
    {
    }

    /// Runs `work`, which calls the functions of the next block for as many messages as it likes: all their operations
    /// are one transaction and all that is shown another, announced once a folder. An error leaves all as it was.
    Status plan(const std::function<Status()>& work, Durable durable = Durable::AtOnce);

    /// In every folder that shows the message. `touched` gets the accounts with something to replay.
    Status mark(MessageId message, FlagChange change, std::set<AccountId>& touched);
    /// From `from`, or from the one folder that shows it (besides those that collect, as Gmail's All Mail). A move that was only planned is redirected, and called off where
    /// it leads back. Rejected/InvalidInput for a folder of another account.
    Status move(MessageId message, FolderId from, const Folder& target, bool copy,
                std::set<AccountId>& touched);
    /// To the account's Trash; for good where it lies there already, where there is no Trash, and on request.
    /// `notBefore`: see Operation.
    Status remove(MessageId message, FolderId from, bool forGood, std::int64_t notBefore,
                  std::set<AccountId>& touched);

    /// False: no removal for good waits for it in `from` (none: anywhere), or the server may have heard of it.
    Result<bool> cancelRemoval(MessageId message, FolderId from);

    /// The draft as it is stored goes to the account's Drafts folder, in place of its version before. Does nothing where
    /// there is no such folder, or where the server refused this draft before.
    Status fileDraft(DraftId draft, std::set<AccountId>& touched);
    /// The draft is sent or given up: so is its copy. Before the draft is removed.
    Status removeDraftCopy(DraftId draft, std::set<AccountId>& touched);

    // Each of these by itself.
    /// `path` in UTF-8, with the account's delimiter.
    Status createFolder(AccountId account, const std::string& path);
    Status renameFolder(const Folder& folder, const std::string& path);
    Status deleteFolder(const Folder& folder, std::int64_t notBefore);
    Status subscribeFolder(const Folder& folder, bool subscribed);

    /// Shows everything that waits, whatever of it had reached mail.db.
    Status layPending(AccountId account);
    Result<PendingChanges> pending(AccountId account);
    /// The operations are over: backs out what is shown of them.
    Status takeBack(const std::vector<Operation>& operations);

private:
    Result<Placement> source(MessageId message, FolderId from);
    Status showLater(const Operation& operation, const Folder& folder, const Placement& place,
                     std::optional<Folder> target = {});
    Status show(const Operation& operation, const Folder& folder, MessageId message, Flags flags,
                const std::optional<Folder>& target);
    Status showAll();
    Status takeOneBack(const Operation& operation);
    /// What waits, read once a batch.
    Result<const PendingChanges*> waiting(AccountId account);
    Result<bool> redirect(const Placement& place, const Folder& folder, const Folder& target);
    Status showElsewhere(const Placement& place, const Folder& folder, const Folder& target);
    Status renameRows(const Operation& operation);
    Result<bool> takeOver(const DraftCopy& copy, Operation& append);
    Status planCopyRemoval(const DraftCopy& copy);
    Status showAppended(const Operation& append, const std::string& message);
    void storeAppended();
    Status planFolder(Operation operation);
    void noteList(const Folder& folder, ListChange change);
    void announceAll();

    EngineContext& m_context;
    std::vector<std::function<Status()>> m_shown; ///< of the operations planned so far
    std::map<AccountId, PendingChanges> m_waiting;
    std::map<FolderId, std::pair<AccountId, ListChange>> m_lists; ///< not announced yet
    std::vector<std::pair<MessageId, std::string>>
        m_appended; ///< bodies to be stored once their rows are there
};

} // namespace avocet
