// SPDX-License-Identifier: GPL-3.0-or-later
// Drafts that other devices wrote, went on with, sent or threw away.
#pragma once

#include "core/engine/EngineContext.h"
#include "core/model/Folder.h"
#include "core/model/Outgoing.h"

#include <map>
#include <string_view>

namespace avocet {

/// The messages of `folder` that are copies of drafts here. Any thread, with stores of its own.
Result<std::map<MessageId, DraftId>> draftCopiesIn(Stores& stores, const Folder& folder);

/// Thread: the engine's.
class DraftPickup {
public:
    explicit DraftPickup(EngineContext& context)
        : m_context(context)
    {
    }

    /// Behind a complete sync of `folder`, within its transaction: a draft whose copy is gone there was sent, thrown away
    /// or gone on with elsewhere, and goes here, too. Where it has words that are in no copy it stays, and gets a
    /// copy of its own: what another device made of it lies beside it.
    Status follow(const Folder& folder);

    /// The draft whose copy lies there; none: nobody here has opened it yet.
    Result<DraftId> find(const Placement& placement);
    /// A draft of what lies there.
    Result<DraftId> adopt(const Placement& placement, std::string_view raw);

private:
    Result<bool> followOne(const Folder& folder, const FiledDraft& filed);

    EngineContext& m_context;
};

} // namespace avocet
