// SPDX-License-Identifier: GPL-3.0-or-later
// A profile with a lived-in mailbox, written through the stores: for widget tests and screenshots.
#pragma once

#include "core/model/Ids.h"

#include <filesystem>
#include <vector>

namespace avocet {

struct SampleOptions {
    int inboxMessages = 4'000;
    int accounts = 1;
    bool outbox = false; ///< one failed and one waiting
    bool drafts = false;
    int imapPort = 0;     ///< of a server on this machine, without encryption; 0: none is reached
    std::int64_t now = 0; ///< seconds since 1970; 0: the clock
};

struct SampleProfile {
    AccountId account;
    FolderId inbox, sent, archive, empty;
    std::vector<MessageId> newest; ///< the inbox's first ones, newest first
};

/// Aborts the program where the stores refuse.
SampleProfile fillProfile(const std::filesystem::path& profile, const SampleOptions& options = {});

} // namespace avocet
