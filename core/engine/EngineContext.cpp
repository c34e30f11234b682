// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/EngineContext.h"

namespace avocet {

void announceList(const EngineContext& context, FolderId folder, AccountId account,
                  ListChange change)
{
    if (change.empty())
        return;
    context.announce([folder, account, change = std::move(change)](MailEngine& engine) {
        if (!change.vanished.empty())
            Q_EMIT engine.messagesRemoved(folder, change.vanished);
        if (!change.appeared.empty())
            Q_EMIT engine.messagesAdded(folder, change.appeared);
        if (!change.changed.empty())
            Q_EMIT engine.messagesChanged(folder, change.changed);
        Q_EMIT engine.foldersChanged(account);
    });
}

} // namespace avocet
