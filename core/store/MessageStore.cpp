// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/MessageStore.h"

#include "core/store/AddressCodec.h"
#include "core/store/MessageStorePrivate.h"
#include "core/store/StoreGuard.h"

#include <algorithm>
#include <optional>

namespace avocet {

namespace {

std::int64_t unreadStep(Flags before, Flags after)
{
    return static_cast<std::int64_t>((before & Seen) != 0) -
           static_cast<std::int64_t>((after & Seen) != 0);
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

void MessageStore::Private::count(FolderId folder, FolderChange change)
{
    if (change.total != 0 || change.unread != 0)
        countFolder.run(raw, folder, change.total, change.unread);
}

bool MessageStore::Private::placementAt(FolderId folder, std::uint32_t uid, Flagged& found)
{
    auto row = flagsAt.begin(raw, folder, uid);
    if (!row.step())
        return false;
    found = {MessageId{row.number(0)}, row.number32(1), row.number32(2)};
    return true;
}

void MessageStore::Private::show(FolderId folder, std::uint32_t uid, Flags before, Flags after)
{
    if (before == after)
        return;
    setShown.run(raw, folder, uid, after);
    count(folder, {0, unreadStep(before, after)});
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

bool MessageStore::Private::updateOne(FolderId folder, const PlacementFlags& flags,
                                      FolderChange& change, MessageId& message)
{
    Flagged old;
    if (!placementAt(folder, flags.uid, old))
        return false;
    const std::string keywords = sql::joined(flags.keywords, ' ');
    setFlags.run(raw, folder, flags.uid, flags.flags, flags.modSeq, sql::NullIfEmpty{keywords});
    change.unread += unreadStep(old.shown, flags.flags);
    message = old.message;
    return old.shown != flags.flags;
}

void MessageStore::Private::removeIfUnplaced(MessageId message)
{
    if (anyPlacement.begin(raw, message).step())
        return;
    AccountId account;
    ThreadId thread;
    std::vector<std::string> ids;
    {
        auto row = threadIds.begin(raw, message);
        if (row.step()) {
            account.value = row.number(0);
            thread.value = row.number(1);
            ids = sql::split(row.text(4), '\n');
            ids.push_back(row.text(2));
            ids.push_back(row.text(3));
        }
    }
    removeMessage.run(raw, message);
    if (!anyInThread.begin(raw, thread).step())
        threads.forget(account, thread, ids);
}

MessageStore::MessageStore(Database& mail)
    : d(std::make_unique<Private>(mail))
{
}

MessageStore::~MessageStore() = default;

Result<std::vector<MessageId>> MessageStore::insert(FolderId folder,
                                                    std::span<const NewMessage> messages)
{
    return inTransaction(d->database, [&]() -> Result<std::vector<MessageId>> {
        const Result<AccountId> account = d->accountOf(folder);
        if (!account)
            return tl::unexpected<Error>(account.error());
        std::vector<MessageId> added;
        if (messages.empty())
            return added;
        added.reserve(messages.size());

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

        // The ids are handed out here, since a new thread is named after its first message; SQLite still
        // keeps AUTOINCREMENT's high-water mark.
        MessageId last;
        if (auto row = d->lastMessageId.begin(d->raw); row.step())
            last.value = row.number(0);

        d->threads.begin();
        Private::FolderChange change;
        for (const NewMessage& message : messages) {
            if (!present.insert(message.uid).second) {
                MessageId ignored;
                d->updateOne(folder, {message.uid, message.modSeq, message.flags, message.keywords},
                             change, ignored);
                continue;
            }
            MessageId id = d->sameContent(*account, folder, message);
            if (!id)
                id = d->insertContent(*account, MessageId{++last.value}, message);
            const std::string keywords = sql::joined(message.keywords, ' ');
            d->insertPlacement.run(d->raw, folder, message.uid, id, message.internalDate,
                                   message.flags, message.modSeq, sql::NullIfEmpty{keywords});
            ++change.total;
            change.unread += (message.flags & Seen) == 0;
            added.push_back(id);
        }
        d->count(folder, change);
        return added;
    });
}

Result<std::vector<MessageId>> MessageStore::updateFlags(FolderId folder,
                                                         std::span<const PlacementFlags> flags)
{
    return inTransaction(d->database, [&]() -> Result<std::vector<MessageId>> {
        std::vector<MessageId> changed;
        Private::FolderChange change;
        for (const PlacementFlags& one : flags) {
            MessageId message;
            if (d->updateOne(folder, one, change, message))
                changed.push_back(message);
        }
        d->count(folder, change);
        return changed;
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
            --change.total;
            change.unread -= (old.shown & Seen) == 0;
            removed.push_back(old.message);
        }
        d->count(folder, change);
        return removed;
    });
}

Status MessageStore::overlay(MessageId message, Flags add, Flags remove)
{
    return d->database.transaction([&]() -> Status {
        struct Shown {
            FolderId folder;
            std::uint32_t uid;
            Flags flags;
        };
        std::vector<Shown> all;
        for (auto row = d->placementsToShow.begin(d->raw, message); row.step();)
            all.push_back({FolderId{row.number(0)}, row.number32(1), row.number32(2)});
        if (all.empty())
            return fail(ErrorKind::Rejected, "no such message: " + std::to_string(message.value),
                        ErrorCode::NotFound);
        for (const Shown& one : all)
            d->show(one.folder, one.uid, one.flags, (one.flags | add) & ~remove);
        return {};
    });
}

Result<std::vector<MessageId>> MessageStore::overlay(FolderId folder, std::uint32_t uid, Flags add,
                                                     Flags remove)
{
    return inTransaction(d->database, [&]() -> Result<std::vector<MessageId>> {
        std::vector<MessageId> changed;
        Private::Flagged old;
        if (!d->placementAt(folder, uid, old))
            return changed;
        const Flags shown = (old.shown | add) & ~remove;
        if (shown == old.shown)
            return changed;
        d->show(folder, uid, old.shown, shown);
        changed.push_back(old.message);
        return changed;
    });
}

Status MessageStore::dropOverlay(FolderId folder, std::uint32_t uid)
{
    return d->database.transaction([&]() -> Status {
        Private::Flagged old;
        if (d->placementAt(folder, uid, old))
            d->show(folder, uid, old.shown, old.server);
        return {};
    });
}

Status MessageStore::setBody(MessageId message, bool hasBody, const std::string& preview)
{
    return guarded(d->database, [&]() -> Status {
        d->setBody.run(d->raw, message, hasBody, preview);
        return {};
    });
}

} // namespace avocet
