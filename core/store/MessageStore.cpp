// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/MessageStore.h"

#include "core/store/AddressCodec.h"
#include "core/store/MessageStorePrivate.h"
#include "core/store/StoreGuard.h"

#include <algorithm>
#include <optional>

namespace avocet {

namespace {

bool isShown(Flags flags)
{
    return (flags & Deleted) == 0;
}

bool isUnread(Flags flags)
{
    return (flags & (Deleted | Seen)) == 0;
}

FlagChange changeOf(const PendingFlags& pending, PlacementKey uid)
{
    const auto found = pending.find(uid);
    return found == pending.end() ? FlagChange{} : found->second;
}

/// NULL where the server names no content.
struct ContentHash {
    std::optional<std::int64_t> value;
};

void bind(SQLite::Statement& statement, int index, ContentHash hash)
{
    if (hash.value)
        statement.bind(index, *hash.value);
    else
        statement.bind(index);
}

} // namespace

Result<AccountId> MessageStore::Private::accountOf(FolderId folder)
{
    auto row = folderAccount.begin(raw, folder);
    if (!row.step())
        return fail(ErrorKind::Rejected, "no such folder: " + std::to_string(folder.value),
                    ErrorCode::NotFound);
    return AccountId{row.number(0)};
}

void MessageStore::Private::FolderChange::add(Flags shown)
{
    total += isShown(shown);
    unread += isUnread(shown);
}

void MessageStore::Private::FolderChange::remove(Flags shown)
{
    total -= isShown(shown);
    unread -= isUnread(shown);
}

/// Placements up to this key are in thread_folder. Insertions keep it themselves, since a trigger would cost each message of a
/// first sync a fifth more; every other change is the triggers' (004_threads.sql).
PlacementKey MessageStore::Private::foldedUpTo(FolderId folder)
{
    auto row = threadProgress.begin(raw, folder);
    return row.step() ? row.number(0) : 0;
}

void MessageStore::Private::count(FolderId folder, FolderChange change)
{
    if (change.total != 0 || change.unread != 0 || change.cached != 0)
        countFolder.run(raw, folder, change.total, change.unread, change.cached);
}

bool MessageStore::Private::placementAt(FolderId folder, PlacementKey uid, Flagged& found)
{
    auto row = flagsAt.begin(raw, folder, uid);
    if (!row.step())
        return false;
    found = {MessageId{row.number(0)}, row.number32(1), row.number32(2)};
    return true;
}

void MessageStore::Private::note(MessageId message, Flags before, Flags after, FolderChange& change,
                                 ListChange& list)
{
    if (before == after)
        return;
    change.remove(before);
    change.add(after);
    if (isShown(before) && isShown(after))
        list.changed.push_back(message);
    else if (isShown(after))
        list.appeared.push_back(message);
    else if (isShown(before))
        list.vanished.push_back(message);
}

Result<ListChange> MessageStore::Private::show(FolderId folder, PlacementKey uid,
                                               const std::function<Flags(const Flagged&)>& wanted)
{
    return inTransaction(database, [&]() -> Result<ListChange> {
        ListChange list;
        Flagged old;
        if (!placementAt(folder, uid, old))
            return list;
        const Flags shown = wanted(old);
        if (shown == old.shown)
            return list;
        setShown.run(raw, folder, uid, shown);
        FolderChange change;
        note(old.message, old.shown, shown, change, list);
        count(folder, change);
        return list;
    });
}

PlacementKey MessageStore::Private::arrivalOf(FolderId folder, const NewMessage& message)
{
    auto row = arrival.begin(raw, folder, message.size, sql::NullIfEmpty{message.messageIdHeader},
                             message.internalDate);
    return row.step() ? row.number(0) : 0;
}

/// A folder may hold one content twice (RFC 8474 gives both the same EMAILID). Those are two rows to the user, each
/// to be read and deleted by itself, so the second is a message of its own.
MessageId MessageStore::Private::sameContent(AccountId account, FolderId folder,
                                             const NewMessage& message)
{
    if (message.contentId.empty())
        return {};
    auto row = byContent.begin(raw, accountHash(account, message.contentId), account,
                               message.contentId, folder);
    return row.step() ? MessageId{row.number(0)} : MessageId{};
}

MessageId MessageStore::Private::insertContent(AccountId account, MessageId id,
                                               const NewMessage& message)
{
    const ThreadId thread = threads.assign(account, id, message);
    ContentHash content;
    if (!message.contentId.empty())
        content.value = accountHash(account, message.contentId);
    insertMessage.run(raw, id, account, thread, content, message.size, message.hasAttachment,
                      encodeAddresses(message.from), encodeAddresses(message.to), message.subject);

    const std::string references = sql::joined(message.references, '\n');
    const std::string sender =
        message.sender == message.from ? "" : encodeAddresses(message.sender);
    const std::string replyTo = encodeAddresses(message.replyTo);
    const std::string cc = encodeAddresses(message.cc);
    const std::string bcc = encodeAddresses(message.bcc);
    using Text = sql::NullIfEmpty;
    insertHeader.run(raw, id, message.date, Text{message.messageIdHeader}, Text{message.inReplyTo},
                     Text{references}, Text{sender}, Text{replyTo}, Text{cc}, Text{bcc},
                     Text{message.listId}, Text{message.listUnsubscribe},
                     Text{message.listUnsubscribePost}, Text{message.authenticationResults},
                     Text{message.contentId}, Text{message.bodyStructure});
    return id;
}

void MessageStore::Private::placePending(FolderId folder, PlacementKey key, MessageId message,
                                         Flags flags, std::int64_t date)
{
    insertPlacement.run(raw, folder, key, message, date, flags, flags, 0,
                        sql::NullIfEmpty{std::string()});
    if (key <= foldedUpTo(folder) && isShown(flags))
        countInThread.run(raw, folder, message, date, (flags & Seen) == 0);
    FolderChange change;
    change.add(flags);
    count(folder, change);
}

void MessageStore::Private::updateOne(FolderId folder, const PlacementFlags& flags,
                                      const PendingFlags& pending, FolderChange& change,
                                      ListChange& list)
{
    Flagged old;
    if (!placementAt(folder, flags.uid, old))
        return;
    const std::string keywords = sql::joined(flags.keywords, ' ');
    const Flags shown = changeOf(pending, flags.uid).appliedTo(flags.flags);
    setFlags.run(raw, folder, flags.uid, flags.flags, shown, flags.modSeq,
                 sql::NullIfEmpty{keywords});
    note(old.message, old.shown, shown, change, list);
}

void MessageStore::Private::removeIfUnplaced(MessageId message)
{
    if (!anyPlacement.begin(raw, message).step())
        threads.removeMessage(message);
}

MessageStore::MessageStore(Database& mail)
    : d(std::make_unique<Private>(mail))
{
}

MessageStore::~MessageStore() = default;

Result<ListChange> MessageStore::insert(FolderId folder, std::span<const NewMessage> messages,
                                        const PendingFlags& pending)
{
    return inTransaction(d->database, [&]() -> Result<ListChange> {
        const Result<AccountId> account = d->accountOf(folder);
        if (!account)
            return tl::unexpected<Error>(account.error());
        ListChange list;
        if (messages.empty())
            return list;
        list.appeared.reserve(messages.size());

        // One range scan instead of a look-up a message: on a first sync it is empty.
        const auto [lowest, highest] = std::minmax_element(
            messages.begin(), messages.end(),
            [](const NewMessage& a, const NewMessage& b) { return a.uid < b.uid; });
        if (lowest->uid == 0)
            return fail(ErrorKind::Rejected, "a message without a UID", ErrorCode::InvalidInput);
        std::unordered_set<std::uint32_t> present;
        for (auto row = d->uidsBetween.begin(d->raw, folder, lowest->uid, highest->uid);
             row.step();)
            present.insert(row.number32(0));
        const bool expected = d->pendingIn.begin(d->raw, folder).step();

        // The ids are handed out here, since a new thread is named after its first message; SQLite still
        // keeps AUTOINCREMENT's high-water mark.
        MessageId last;
        if (auto row = d->lastMessageId.begin(d->raw); row.step())
            last.value = row.number(0);

        d->threads.begin();
        const PlacementKey foldedUpTo = d->foldedUpTo(folder);
        Private::FolderChange change;
        for (const NewMessage& message : messages) {
            const PlacementFlags flags{message.uid, message.modSeq, message.flags,
                                       message.keywords};
            if (!present.insert(message.uid).second) {
                d->updateOne(folder, flags, pending, change, list);
                continue;
            }
            if (const PlacementKey key = expected ? d->arrivalOf(folder, message) : 0) {
                d->rename.run(d->raw, folder, key, message.uid);
                ++change.cached;
                list.named.emplace_back(key, message.uid);
                d->updateOne(folder, flags, pending, change, list);
                continue;
            }
            MessageId id = d->sameContent(*account, folder, message);
            if (!id)
                id = d->insertContent(*account, MessageId{++last.value}, message);
            const std::string keywords = sql::joined(message.keywords, ' ');
            const Flags shown = changeOf(pending, message.uid).appliedTo(message.flags);
            d->insertPlacement.run(d->raw, folder, message.uid, id, message.internalDate,
                                   message.flags, shown, message.modSeq,
                                   sql::NullIfEmpty{keywords});
            ++change.cached;
            change.add(shown);
            if (!isShown(shown))
                continue;
            list.appeared.push_back(id);
            if (message.uid <= foldedUpTo)
                d->countInThread.run(d->raw, folder, id, message.internalDate, (shown & Seen) == 0);
        }
        d->count(folder, change);
        return list;
    });
}

Result<ListChange> MessageStore::updateFlags(FolderId folder, std::span<const PlacementFlags> flags,
                                             const PendingFlags& pending)
{
    return inTransaction(d->database, [&]() -> Result<ListChange> {
        ListChange list;
        Private::FolderChange change;
        for (const PlacementFlags& one : flags)
            d->updateOne(folder, one, pending, change, list);
        d->count(folder, change);
        return list;
    });
}

Result<std::vector<MessageId>> MessageStore::removeUids(FolderId folder,
                                                        std::span<const std::uint32_t> uids)
{
    return inTransaction(d->database, [&]() -> Result<std::vector<MessageId>> {
        std::vector<MessageId> removed;
        d->threads.begin();
        Private::FolderChange change;
        for (const std::uint32_t uid : uids) {
            Private::Flagged old;
            if (!d->placementAt(folder, uid, old))
                continue;
            d->removePlacement.run(d->raw, folder, uid);
            d->removeIfUnplaced(old.message);
            --change.cached;
            change.remove(old.shown);
            removed.push_back(old.message);
        }
        d->count(folder, change);
        return removed;
    });
}

Result<ListChange> MessageStore::overlay(FolderId folder, PlacementKey uid, FlagChange change)
{
    return d->show(folder, uid,
                   [&](const Private::Flagged& old) { return change.appliedTo(old.shown); });
}

Result<ListChange> MessageStore::dropOverlay(FolderId folder, PlacementKey uid, FlagChange pending)
{
    return d->show(folder, uid,
                   [&](const Private::Flagged& old) { return pending.appliedTo(old.server); });
}

Result<bool> MessageStore::placePending(FolderId folder, PlacementKey key, MessageId message,
                                        Flags flags, std::int64_t date)
{
    return inTransaction(d->database, [&]() -> Result<bool> {
        if (d->inFolder.begin(d->raw, message, folder).step())
            return false;
        d->placePending(folder, key, message, flags, date);
        return true;
    });
}

Result<MessageId> MessageStore::insertPending(FolderId folder, PlacementKey key,
                                              const NewMessage& message)
{
    return inTransaction(d->database, [&]() -> Result<MessageId> {
        const Result<AccountId> account = d->accountOf(folder);
        if (!account)
            return tl::unexpected<Error>(account.error());
        Private::Flagged there;
        if (d->placementAt(folder, key, there))
            return MessageId{};
        MessageId last;
        if (auto row = d->lastMessageId.begin(d->raw); row.step())
            last.value = row.number(0);
        d->threads.begin();
        const MessageId id = d->insertContent(*account, MessageId{last.value + 1}, message);
        d->placePending(folder, key, id, message.flags, message.internalDate);
        return id;
    });
}

Status MessageStore::nameArrival(FolderId folder, PlacementKey key, std::uint32_t uid)
{
    return d->database.transaction([&]() -> Status {
        Private::Flagged there;
        if (!d->placementAt(folder, key, there))
            return {};
        Private::FolderChange change;
        Private::Flagged named;
        if (d->placementAt(folder, uid, named)) {
            d->removePlacement.run(d->raw, folder, key);
            d->removeIfUnplaced(there.message);
            change.remove(there.shown);
        } else {
            d->rename.run(d->raw, folder, key, uid);
            ++change.cached;
        }
        d->count(folder, change);
        return {};
    });
}

Result<std::vector<MessageId>> MessageStore::removePending(FolderId folder, PlacementKey key)
{
    return inTransaction(d->database, [&]() -> Result<std::vector<MessageId>> {
        Private::Flagged there;
        if (!d->placementAt(folder, key, there))
            return std::vector<MessageId>{};
        d->removePlacement.run(d->raw, folder, key);
        d->removeIfUnplaced(there.message);
        Private::FolderChange change;
        change.remove(there.shown);
        d->count(folder, change);
        return std::vector<MessageId>{there.message};
    });
}

Status MessageStore::setBody(MessageId message, bool hasBody)
{
    return guarded(d->database, [&]() -> Status {
        d->setBody.run(d->raw, message, hasBody);
        return {};
    });
}

Status MessageStore::setPreview(MessageId message, const std::string& preview)
{
    return guarded(d->database, [&]() -> Status {
        d->setPreview.run(d->raw, message, preview);
        return {};
    });
}

Result<std::vector<MessageId>> MessageStore::bodiesLeft(int limit)
{
    return guarded(d->database, [&]() -> Result<std::vector<MessageId>> {
        std::vector<MessageId> left;
        for (auto row = d->bodiesLeft.begin(d->raw, limit); row.step();)
            left.push_back(MessageId{row.number(0)});
        return left;
    });
}

Status MessageStore::bodiesGone(std::span<const MessageId> messages)
{
    return d->database.transaction([&]() -> Status {
        for (const MessageId message : messages)
            d->bodyGone.run(d->raw, message);
        return {};
    });
}

} // namespace avocet
