// SPDX-License-Identifier: GPL-3.0-or-later
// What the user changes: written down durably, then shown, then (by OperationReplayer) told to the server.
#pragma once

#include "core/engine/EngineContext.h"
#include "core/engine/PendingChanges.h"
#include "core/model/Operation.h"

#include <cstdint>
#include <set>
#include <string>

namespace avocet {

/// Thread: the engine's. Each call writes the operation first: a crash between the two shows it again at the start
/// (layPending).
class ChangePlanner {
public:
    explicit ChangePlanner(EngineContext& context)
        : m_context(context)
    {
    }

    /// In every folder that shows the message. `touched` gets the accounts with something to replay.
    Status mark(MessageId message, FlagChange change, std::set<AccountId>& touched);
    /// From `from`, or from the one folder that shows it. A move that was only planned is redirected, and called off where
    /// it leads back. Rejected/InvalidInput for a folder of another account.
    Status move(MessageId message, FolderId from, const Folder& target, bool copy,
                std::set<AccountId>& touched);
    /// To the account's Trash; for good where it lies there already, where there is no Trash, and on request.
    /// `notBefore`: see Operation.
    Status remove(MessageId message, FolderId from, bool forGood, std::int64_t notBefore,
                  std::set<AccountId>& touched);

    /// False: no removal for good waits for it in `from` (none: anywhere), or the server may have heard of it.
    Result<bool> cancelRemoval(MessageId message, FolderId from);

    /// `path` in UTF-8, with the account's delimiter.
    Status createFolder(AccountId account, const std::string& path);
    Status renameFolder(const Folder& folder, const std::string& path);
    Status deleteFolder(const Folder& folder, std::int64_t notBefore);
    Status subscribeFolder(const Folder& folder, bool subscribed);

    /// Shows everything that waits, whatever of it had reached mail.db.
    Status layPending(AccountId account);
    Result<PendingChanges> pending(AccountId account);
    /// The operation is over: backs out what is shown of it.
    Status takeBack(const Operation& operation);

private:
    Result<Placement> source(MessageId message, FolderId from);
    Status show(const Operation& operation, const Folder& folder, MessageId message, Flags flags);
    Result<bool> redirect(const Placement& place, const Folder& folder, const Folder& target);
    Status renameRows(const Operation& operation);
    Status planFolder(Operation operation);
    void announceList(const Folder& folder, ListChange change);

    EngineContext& m_context;
};

} // namespace avocet
