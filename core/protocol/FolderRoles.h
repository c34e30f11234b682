// SPDX-License-Identifier: GPL-3.0-or-later
// What a mailbox is for: by RFC 6154 attribute, else by the names that mail programs give.
#pragma once

#include "core/protocol/ImapSession.h"

#include <optional>
#include <string_view>
#include <vector>

namespace avocet {

/// "\Sent" and its like; nothing for any other attribute.
std::optional<FolderRole> roleOfAttribute(std::string_view attribute);

/// Gives each role that no mailbox has yet to the best mailbox by its name: at the top level or right
/// below INBOX, in the usual languages. INBOX is INBOX by definition.
void assignRolesByName(std::vector<ListedMailbox>& mailboxes);

} // namespace avocet
