// SPDX-License-Identifier: GPL-3.0-or-later
// The reading half of MessageStore.
#include "core/store/AddressCodec.h"
#include "core/store/MessageStore.h"
#include "core/store/MessageStorePrivate.h"
#include "core/store/StoreGuard.h"
#include "core/store/TextMatcher.h"

namespace avocet {

namespace {

Placement placementFrom(sql::Kept::Run& row)
{
    Placement placement;
    placement.message.value = row.number(0);
    placement.folder.value = row.number(1);
    placement.uidValidity = row.number32(2);
    placement.uid = row.number(3);
    placement.serverFlags = row.number32(4);
    placement.shownFlags = row.number32(5);
    placement.size = row.number(6);
    placement.messageIdHeader = row.text(7);
    placement.date = row.number(8);
    return placement;
}

MessageSummary summaryFrom(sql::Kept::Run& row)
{
    MessageSummary summary;
    summary.id.value = row.number(0);
    summary.folder.value = row.number(1);
    summary.thread.value = row.number(2);
    if (const PlacementKey key = row.number(3); key < firstPendingKey)
        summary.uid = static_cast<std::uint32_t>(key);
    summary.date = row.number(4);
    summary.from = decodeAddresses(row.text(5));
    summary.to = decodeAddresses(row.text(6));
    summary.subject = row.text(7);
    summary.preview = row.text(8);
    summary.flags = row.number32(9);
    summary.size = row.number(10);
    summary.hasAttachment = row.number(11) != 0;
    summary.hasBody = row.number(12) != 0;
    return summary;
}

} // namespace

Result<std::vector<std::uint32_t>> MessageStore::uids(FolderId folder, std::uint32_t first)
{
    return guarded(d->database, [&]() -> Result<std::vector<std::uint32_t>> {
        std::vector<std::uint32_t> found;
        for (auto row = d->uidsFrom.begin(d->raw, folder, first); row.step();)
            found.push_back(row.number32(0));
        return found;
    });
}

Result<std::uint32_t> MessageStore::lastUid(FolderId folder)
{
    return guarded(d->database, [&]() -> Result<std::uint32_t> {
        auto row = d->highestUid.begin(d->raw, folder);
        return row.step() ? row.number32(0) : 0u;
    });
}

Result<std::vector<PlacementKey>> MessageStore::pendingKeys(FolderId folder)
{
    return guarded(d->database, [&]() -> Result<std::vector<PlacementKey>> {
        std::vector<PlacementKey> keys;
        for (auto row = d->pendingIn.begin(d->raw, folder); row.step();)
            keys.push_back(row.number(0));
        return keys;
    });
}

Result<std::vector<Placement>> MessageStore::placements(MessageId message)
{
    return guarded(d->database, [&]() -> Result<std::vector<Placement>> {
        std::vector<Placement> found;
        for (auto row = d->placementsOf.begin(d->raw, message); row.step();)
            found.push_back(placementFrom(row));
        return found;
    });
}

Result<std::optional<Placement>> MessageStore::placementAt(FolderId folder, PlacementKey uid)
{
    return guarded(d->database, [&]() -> Result<std::optional<Placement>> {
        auto row = d->placementByUid.begin(d->raw, folder, uid);
        return row.step() ? std::optional(placementFrom(row)) : std::nullopt;
    });
}

/// By way of the thread that the id belongs to, which is small, so that no index on the header is needed.
Result<std::vector<Placement>> MessageStore::findByMessageIdHeader(FolderId folder,
                                                                   const std::string& header)
{
    return guarded(d->database, [&]() -> Result<std::vector<Placement>> {
        std::vector<Placement> found;
        if (header.empty())
            return found;
        const Result<AccountId> account = d->accountOf(folder);
        if (!account)
            return tl::unexpected<Error>(account.error());
        std::int64_t thread = 0;
        if (auto row = d->linkedThread.begin(d->raw, accountHash(*account, header)); row.step())
            thread = row.number(0);
        if (thread == 0)
            return found;
        for (;;) {
            auto row = d->mergedThread.begin(d->raw, thread);
            if (!row.step())
                break;
            thread = row.number(0);
        }
        for (auto row = d->byHeader.begin(d->raw, thread, folder, header); row.step();)
            found.push_back(placementFrom(row));
        return found;
    });
}

Result<std::vector<Placement>> MessageStore::withoutBody(FolderId folder, BodyCursor& cursor,
                                                         std::int64_t rows, std::int64_t largest)
{
    return guarded(d->database, [&]() -> Result<std::vector<Placement>> {
        std::vector<Placement> found;
        std::int64_t seen = 0;
        auto row = d->bodiesBehind.begin(d->raw, folder, cursor.date, cursor.message, rows);
        for (; row.step(); ++seen) {
            cursor.date = row.number(8);
            cursor.message.value = row.number(0);
            Placement placement = placementFrom(row);
            if (row.number(9) == 0 && placement.size <= largest && !placement.pending())
                found.push_back(std::move(placement));
        }
        cursor.end = seen < rows;
        return found;
    });
}

Result<std::vector<MissingPreview>>
MessageStore::withoutPreview(FolderId folder, std::span<const MessageId> messages)
{
    return guarded(d->database, [&]() -> Result<std::vector<MissingPreview>> {
        std::vector<MissingPreview> missing;
        for (const MessageId message : messages)
            if (auto row = d->previewMissing.begin(d->raw, message, folder); row.step())
                missing.push_back({message, row.number32(0), row.text(1)});
        return missing;
    });
}

Result<std::vector<MessageId>> MessageStore::list(FolderId folder, const ListFilter& filter,
                                                  std::int64_t limit)
{
    return guarded(d->database, [&]() -> Result<std::vector<MessageId>> {
        std::vector<MessageId> ids;
        if (filter.empty()) {
            for (auto row = d->listIds.begin(d->raw, folder, limit > 0 ? limit : -1); row.step();)
                ids.push_back(MessageId{row.number(0)});
            return ids;
        }
        const TextMatcher matcher(filter.text);
        auto row = d->listFiltered.begin(d->raw, folder, filter.unread, filter.starred,
                                         filter.attachments);
        while (row.step()) {
            if (!filter.text.empty() && !matcher.matches(row.text(1)) &&
                !matcher.matches(row.text(2)) && !matcher.matches(row.text(3)) &&
                !matcher.matches(row.text(4)))
                continue;
            ids.push_back(MessageId{row.number(0)});
            if (limit > 0 && static_cast<std::int64_t>(ids.size()) == limit)
                break;
        }
        return ids;
    });
}

Result<std::vector<MessageSummary>> MessageStore::rows(FolderId folder,
                                                       std::span<const MessageId> ids)
{
    return guarded(d->database, [&]() -> Result<std::vector<MessageSummary>> {
        std::vector<MessageSummary> found;
        found.reserve(ids.size());
        for (const MessageId id : ids)
            if (auto row = d->rowIn.begin(d->raw, id, folder); row.step())
                found.push_back(summaryFrom(row));
        return found;
    });
}

Result<MessageSummary> MessageStore::row(MessageId id)
{
    return guarded(d->database, [&]() -> Result<MessageSummary> {
        auto row = d->rowAnywhere.begin(d->raw, id);
        if (!row.step())
            return fail(ErrorKind::Rejected, "no such message: " + std::to_string(id.value),
                        ErrorCode::NotFound);
        return summaryFrom(row);
    });
}

} // namespace avocet
