// SPDX-License-Identifier: GPL-3.0-or-later
// Messages being written, in user.db, so that closing a window loses no word.
#pragma once

#include "core/model/Outgoing.h"
#include "core/store/Database.h"

#include <vector>

namespace avocet {

class DraftStore {
public:
    explicit DraftStore(Database& user)
        : m_db(user)
    {
    }

    Result<DraftId> save(const Draft& draft); ///< adds where draft.id is none, else replaces
    Result<std::vector<Draft>> all();         ///< newest first, attachments without data
    Result<Draft> find(DraftId id);           ///< with attachment data; Rejected/NotFound
    Status remove(DraftId id);

private:
    Database& m_db;
};

} // namespace avocet
