// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/PendingChanges.h"

#include "core/protocol/ModifiedUtf7.h"

#include <algorithm>

namespace avocet {

PendingChanges::PendingChanges(std::vector<Operation> operations, char delimiter)
    : m_operations(std::move(operations))
    , m_delimiter(delimiter)
{
}

/// Backwards, since `mailbox` is the name behind all renames.
template <class Visit>
void PendingChanges::eachIn(const std::string& mailbox, bool asTarget, Visit visit) const
{
    std::string name = mailbox;
    for (auto operation = m_operations.rbegin(); operation != m_operations.rend(); ++operation) {
        if (operation->kind == OperationKind::RenameFolder)
            name = renamedMailbox(name, operation->target, operation->mailbox, m_delimiter);
        else if ((asTarget ? operation->target : operation->mailbox) == name)
            visit(*operation);
    }
}

PendingFlags PendingChanges::flagsIn(const std::string& mailbox, std::uint32_t uidValidity) const
{
    PendingFlags flags;
    eachIn(mailbox, false, [&](const Operation& operation) {
        const bool named = operation.uid < firstPendingKey;
        if (operation.uid == 0 || (named && operation.uidValidity != uidValidity))
            return;
        const FlagChange change = shownChange(operation);
        if (change.add == 0 && change.remove == 0)
            return;
        // From the last to the first: what is in `later` wins.
        FlagChange& later = flags[operation.uid];
        later = {later.add | (change.add & ~later.remove),
                 later.remove | (change.remove & ~later.add)};
    });
    return flags;
}

std::set<PlacementKey> PendingChanges::arrivalsIn(const std::string& mailbox) const
{
    std::set<PlacementKey> keys;
    eachIn(mailbox, true, [&](const Operation& operation) {
        if (operation.bringsToTarget())
            keys.insert(pendingKey(operation.id));
    });
    return keys;
}

std::string PendingChanges::cachedName(OperationId id, std::string mailbox) const
{
    for (const Operation& operation : m_operations) {
        if (operation.id <= id)
            continue;
        if (operation.kind == OperationKind::RenameFolder)
            mailbox = renamedMailbox(mailbox, operation.mailbox, operation.target, m_delimiter);
        else if (operation.kind == OperationKind::DeleteFolder && operation.mailbox == mailbox)
            return {};
    }
    return mailbox;
}

const Operation* PendingChanges::plannedRemoval(const std::string& mailbox, PlacementKey uid) const
{
    for (const Operation& operation : m_operations)
        if (operation.kind == OperationKind::Delete && operation.uid == uid &&
            operation.state == OperationState::Planned &&
            cachedName(operation.id, operation.mailbox) == mailbox)
            return &operation;
    return nullptr;
}

void PendingChanges::applyTo(std::vector<Folder>& listed) const
{
    const auto find = [&](const std::string& mailbox) {
        return std::find_if(listed.begin(), listed.end(),
                            [&](const Folder& folder) { return folder.mailbox == mailbox; });
    };
    for (const Operation& operation : m_operations) {
        const auto at = find(operation.mailbox);
        switch (operation.kind) {
        case OperationKind::CreateFolder:
            if (at == listed.end()) {
                Folder made;
                made.account = operation.account;
                made.mailbox = operation.mailbox;
                made.path = mailboxToUtf8(operation.mailbox);
                made.delimiter = m_delimiter;
                listed.push_back(std::move(made));
            }
            break;
        case OperationKind::DeleteFolder:
            if (at != listed.end())
                listed.erase(at);
            break;
        case OperationKind::RenameFolder:
            for (Folder& folder : listed) {
                const std::string renamed = renamedMailbox(folder.mailbox, operation.mailbox,
                                                           operation.target, m_delimiter);
                if (renamed != folder.mailbox) {
                    folder.mailbox = renamed;
                    folder.path = mailboxToUtf8(renamed);
                }
            }
            break;
        case OperationKind::Subscribe:
        case OperationKind::Unsubscribe:
            if (at != listed.end())
                at->subscribed = operation.kind == OperationKind::Subscribe;
            break;
        default:
            break;
        }
    }
}

} // namespace avocet
