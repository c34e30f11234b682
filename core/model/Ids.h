// SPDX-License-Identifier: GPL-3.0-or-later
// Strong types for local database ids, so that a folder's id is never taken for a message's.
#pragma once

#ifndef Q_MOC_RUN // Qt 6.4's moc cannot read libstdc++'s <concepts>
#include <compare>
#endif
#include <cstdint>
#include <functional>

namespace avocet {

/// A local row id. 0 means "none". Ids are never reused (AUTOINCREMENT).
/// On a server a message is (folder, UIDVALIDITY, UID); a sequence number is never stored.
template <class Tag>
struct Id {
    std::int64_t value = 0;

    constexpr explicit operator bool() const { return value != 0; }
    friend constexpr auto operator<=>(const Id&, const Id&) = default;
};

using AccountId = Id<struct AccountTag>;
using IdentityId = Id<struct IdentityTag>;
using FolderId = Id<struct FolderTag>;
using MessageId = Id<struct MessageTag>; ///< The local id; the header field is "messageIdHeader".
using ThreadId = Id<struct ThreadTag>;
using DraftId = Id<struct DraftTag>;
using OutboxId = Id<struct OutboxTag>;
using OperationId = Id<struct OperationTag>;
using RequestId = Id<struct RequestTag>;

} // namespace avocet

template <class Tag>
struct std::hash<avocet::Id<Tag>> {
    std::size_t operator()(const avocet::Id<Tag>& id) const noexcept
    {
        return std::hash<std::int64_t>{}(id.value);
    }
};
