// SPDX-License-Identifier: GPL-3.0-or-later
// The folder table of mail.db.
#pragma once

#include "core/model/Folder.h"
#include "core/store/Database.h"

#include <span>
#include <string>
#include <vector>

namespace avocet {

class FolderStore {
public:
    explicit FolderStore(Database& mail)
        : m_db(mail)
    {
    }

    /// Makes the account's folders equal to `listed` (matched by mailbox; path, role, delimiter,
    /// selectable, subscribed and serverTotal are taken from it, ids and sync state kept). Others are removed: from here on
    /// nothing shows them, and FolderRemoval takes what lies in them. Returns whether anything changed.
    Result<bool> replaceAll(AccountId account, const std::vector<Folder>& listed);
    Result<std::vector<Folder>>
    all(); ///< by account; special folders first (role order), then by path
    Result<std::vector<Folder>> ofAccount(AccountId account);
    Result<Folder> find(FolderId id); ///< Rejected/NotFound
    Result<Folder> findByMailbox(AccountId account, const std::string& mailbox);
    Result<Folder> findByRole(AccountId account, FolderRole role);
    /// uidValidity, uidNext, highestModSeq, syncedFrom, serverTotal of `folder`.
    Status saveSyncState(const Folder& folder);
    /// UIDVALIDITY changed: all placements go, sync state is zero, uidValidity is the new one.
    Status reset(FolderId id, std::uint32_t uidValidity);
    /// The same folder under another name; Rejected/InvalidInput where the account has one of that name.
    Status rename(FolderId id, const std::string& mailbox, const std::string& path);
    /// The folders of all other accounts are removed.
    Status removeAllBut(std::span<const AccountId> accounts);

private:
    Database& m_db;
};

} // namespace avocet
