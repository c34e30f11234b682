// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/OwnIdentity.h"

#include "core/mime/DeliveredTo.h"
#include "core/model/IdentityMatch.h"

#include <algorithm>

namespace avocet {

std::optional<Identity> identityWrittenTo(MailQueries& queries, FolderId folder,
                                          const OpenedMessage& message)
{
    const std::vector<Identity> all = queries.identities();
    AccountId account;
    for (const Folder& each : queries.folders()) {
        if (folder && each.id == folder) {
            account = each.account;
        }
    }
    std::vector<std::string> visible;
    for (const auto* list : {&message.parsed.to, &message.parsed.cc}) {
        for (const Address& person : *list) {
            visible.push_back(person.address);
        }
    }
    const auto match = answeringIdentity(all, account, deliveredTo(message.raw), visible);
    const auto found = std::find_if(all.begin(), all.end(), [&](const Identity& each) {
        return match ? each.id == match->identity : account && each.account == account;
    });
    if (found == all.end()) {
        return std::nullopt;
    }
    Identity identity = *found;
    if (match && !match->from.empty()) {
        identity.email = match->from;
    }
    return identity;
}

} // namespace avocet
