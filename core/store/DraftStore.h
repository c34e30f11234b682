// SPDX-License-Identifier: GPL-3.0-or-later
// Messages being written, in user.db, so that closing a window loses no word.
#pragma once

#include "core/model/Operation.h"
#include "core/model/Outgoing.h"
#include "core/store/Database.h"

#include <optional>
#include <vector>

namespace avocet {

class DraftStore {
public:
    explicit DraftStore(Database& user)
        : m_db(user)
    {
    }

    Result<DraftId> save(const Draft& draft); ///< adds where draft.id is none, else replaces
    /// Newest first, attachments without data; without those that wait in the outbox.
    Result<std::vector<Draft>> all();
    Result<Draft> find(DraftId id); ///< with attachment data; Rejected/NotFound
    Result<bool> exists(DraftId id);
    Status remove(DraftId id);

    /// It waits in the outbox as `item` and is shown nowhere else; none: it is a draft as before.
    Status setOutbox(DraftId id, OutboxId item);
    Result<bool> waits(DraftId id); ///< in the outbox
    /// What `item` was made of, where that is kept.
    Result<std::optional<DraftId>> inOutbox(OutboxId item);

    Result<std::optional<DraftCopy>> copyOf(DraftId id);
    /// The draft as it is stored now has this copy.
    Status setCopy(DraftId id, const DraftCopy& copy);
    Status forgetCopy(DraftId id);
    /// The copy lies elsewhere now; the draft may have changed since it was made.
    Status moveCopy(DraftId id, std::uint32_t uidValidity, PlacementKey uid);
    /// Drafts of this account that have a copy, or are to have one.
    Result<std::vector<FiledDraft>> filed(AccountId account);
    /// Drafts whose last words are in no copy, nor on the way to one; without those that the server refused.
    Result<std::vector<DraftId>> unfiled();
    /// The server refused what `append` would have brought: the version before it is the draft's copy again, and lacks
    /// what was written since.
    Status copyRefused(const Operation& append);

private:
    Database& m_db;
};

} // namespace avocet
