// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine's parts share.
#pragma once

#include "core/engine/CredentialStore.h"
#include "core/engine/MailEngine.h"
#include "core/engine/Stores.h"

#include <chrono>
#include <functional>
#include <set>
#include <vector>

namespace avocet {

/// How often the window hears how far something is.
inline constexpr std::chrono::milliseconds progressInterval{200};

/// `announce` runs its argument on the owner's thread with the door.
struct EngineContext {
    Stores& stores;
    CredentialStore& credentials;
    std::function<void(std::function<void(MailEngine&)>)> announce;
    std::function<void()> mailChanged; ///< messages came or went: the index has something to do
    /// Changes of these accounts wait to be told to the server.
    std::function<void(const std::set<AccountId>&)> changesPlanned;
    /// Bodies are on the disk and not yet indexed; true: the user waits for them.
    std::function<void(const std::vector<MessageId>&, bool)> bodiesStored;
};

/// Tells the owner what happened to a folder's list; nothing where it is the same.
void announceList(const EngineContext& context, FolderId folder, AccountId account,
                  ListChange change);

} // namespace avocet
