// SPDX-License-Identifier: GPL-3.0-or-later
// What an account will look like once the server has heard of all that waits. Pure.
#pragma once

#include "core/model/Folder.h"
#include "core/model/Operation.h"
#include "core/store/MessageStore.h"

#include <set>
#include <string>
#include <vector>

namespace avocet {

/// An operation names mailboxes as they are called when its turn comes; folders of the cache already have the names
/// that they will have in the end. This translates between the two.
class PendingChanges {
public:
    /// `operations`: of one account, in order, without refused ones.
    PendingChanges(std::vector<Operation> operations, char delimiter);

    /// What lies over the server's flags in the folder that the cache calls `mailbox`.
    PendingFlags flagsIn(const std::string& mailbox, std::uint32_t uidValidity) const;
    /// The pending placements that the folder may still hold.
    std::set<PlacementKey> arrivalsIn(const std::string& mailbox) const;
    /// The cache's name of what operation `id` calls `mailbox`; empty: it will be deleted.
    std::string cachedName(OperationId id, std::string mailbox) const;
    /// The removal for good of this placement that nobody has tried yet, or null.
    const Operation* plannedRemoval(const std::string& mailbox, PlacementKey uid) const;
    /// Makes of the server's folders those that will be.
    void applyTo(std::vector<Folder>& listed) const;

private:
    template <class Visit>
    void eachIn(const std::string& mailbox, bool asTarget, Visit visit) const;

    std::vector<Operation> m_operations;
    char m_delimiter;
};

} // namespace avocet
