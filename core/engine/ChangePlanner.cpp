// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/ChangePlanner.h"

#include <algorithm>

namespace avocet {

namespace {

Operation operationOn(const Placement& place, const Folder& folder, OperationKind kind)
{
    Operation operation;
    operation.account = folder.account;
    operation.kind = kind;
    operation.mailbox = folder.mailbox;
    operation.uidValidity = place.pending() ? 0 : place.uidValidity;
    operation.uid = place.uid;
    operation.messageIdHeader = place.messageIdHeader;
    operation.size = place.size;
    operation.internalDate = place.date;
    return operation;
}

tl::unexpected<Error> noSuchMessage(MessageId message)
{
    return fail(ErrorKind::Rejected, "no message " + std::to_string(message.value),
                ErrorCode::NotFound);
}

} // namespace

void ChangePlanner::noteList(const Folder& folder, ListChange change)
{
    auto& [account, all] = m_lists[folder.id];
    account = folder.account;
    const auto append = [](std::vector<MessageId>& to, const std::vector<MessageId>& from) {
        to.insert(to.end(), from.begin(), from.end());
    };
    append(all.appeared, change.appeared);
    append(all.changed, change.changed);
    append(all.vanished, change.vanished);
}

void ChangePlanner::announceAll()
{
    for (auto& [folder, list] : std::exchange(m_lists, {}))
        announceList(m_context, folder, list.first, std::move(list.second));
}

Status ChangePlanner::plan(const std::function<Status()>& work, Durable durable)
{
    const auto planned = m_context.stores.user->transaction(work, durable);
    if (!planned) {
        m_shown.clear();
        m_waiting.clear();
        return planned;
    }
    return showAll();
}

Status ChangePlanner::showAll()
{
    m_waiting.clear(); // the operations have changed
    const auto shown = m_context.stores.mail->transaction([&]() -> Status {
        for (const auto& show : m_shown)
            if (auto one = show(); !one)
                return one;
        return {};
    });
    m_shown.clear();
    m_waiting.clear();
    if (!shown) {
        m_lists.clear();
        m_appended.clear();
    }
    storeAppended();
    announceAll();
    return shown;
}

Result<const PendingChanges*> ChangePlanner::waiting(AccountId account)
{
    if (const auto known = m_waiting.find(account); known != m_waiting.end())
        return &known->second;
    auto changes = pending(account);
    if (!changes)
        return tl::unexpected(changes.error());
    return &m_waiting.emplace(account, std::move(*changes)).first->second;
}

Status ChangePlanner::mark(MessageId message, FlagChange change, std::set<AccountId>& touched)
{
    Stores& stores = m_context.stores;
    const auto placements = stores.messages.placements(message);
    if (!placements)
        return tl::unexpected(placements.error());
    if (placements->empty())
        return noSuchMessage(message);
    for (const Placement& place : *placements) {
        if (!place.shown() || change.appliedTo(place.shownFlags) == place.shownFlags)
            continue;
        const auto folder = stores.folders.find(place.folder);
        if (!folder)
            return tl::unexpected(folder.error());
        Operation operation = operationOn(place, *folder, OperationKind::Mark);
        operation.add = change.add;
        operation.remove = change.remove;
        if (auto planned = stores.operations.plan(operation); !planned)
            return tl::unexpected(planned.error());
        (void)showLater(operation, *folder, place);
        touched.insert(folder->account);
    }
    return {};
}

Status ChangePlanner::showLater(const Operation& operation, const Folder& folder,
                                const Placement& place, std::optional<Folder> target)
{
    m_shown.push_back(
        [this, operation, folder, message = place.message, flags = place.shownFlags,
         target = std::move(target)] { return show(operation, folder, message, flags, target); });
    return {};
}

/// The operation's effect on the cache; may be repeated.
Status ChangePlanner::show(const Operation& operation, const Folder& folder, MessageId message,
                           Flags flags, const std::optional<Folder>& target)
{
    Stores& stores = m_context.stores;
    auto source = stores.messages.overlay(folder.id, operation.uid, shownChange(operation));
    if (!source)
        return tl::unexpected(source.error());
    noteList(folder, std::move(*source));
    if (!operation.bringsToTarget() || !target)
        return {}; // without a target here, the server says whether there is such a folder
    auto placed = stores.messages.placePending(target->id, pendingKey(operation.id), message,
                                               flags & ~Deleted, operation.internalDate);
    if (!placed)
        return tl::unexpected(placed.error());
    if (*placed)
        noteList(*target, {{message}, {}, {}, {}});
    return {};
}

/// Where nobody says from which folder: the one that shows it. Folders that collect what lies in others (RFC 6154 \All and
/// \Flagged, Gmail's labels) count only where there is no other.
Result<Placement> ChangePlanner::source(MessageId message, FolderId from)
{
    Stores& stores = m_context.stores;
    const auto placements = stores.messages.placements(message);
    if (!placements)
        return tl::unexpected(placements.error());
    std::vector<Placement> own, collected;
    for (const Placement& place : *placements) {
        if (!place.shown() || (from && place.folder != from))
            continue;
        const auto folder = stores.folders.find(place.folder);
        if (!folder)
            return tl::unexpected(folder.error());
        const bool collects =
            folder->role == FolderRole::All || folder->role == FolderRole::Flagged;
        (collects ? collected : own).push_back(place);
    }
    const std::vector<Placement>& shown = own.empty() ? collected : own;
    if (shown.empty())
        return noSuchMessage(message);
    if (shown.size() > 1)
        return fail(ErrorKind::Rejected,
                    "message " + std::to_string(message.value) + " lies in several folders",
                    ErrorCode::InvalidInput);
    return shown.front();
}

Status ChangePlanner::move(MessageId message, FolderId from, const Folder& target, bool copy,
                           std::set<AccountId>& touched)
{
    Stores& stores = m_context.stores;
    const auto place = source(message, from);
    const auto folder = place ? stores.folders.find(place->folder) : tl::unexpected(place.error());
    if (!folder)
        return tl::unexpected(folder.error());
    if (folder->account != target.account)
        return fail(ErrorKind::Rejected, target.path + " belongs to another account",
                    ErrorCode::InvalidInput);
    if (!target.selectable)
        return fail(ErrorKind::Rejected, target.path + " cannot hold messages",
                    ErrorCode::InvalidInput);
    if (folder->id == target.id)
        return {};
    touched.insert(folder->account);
    if (!copy && place->pending()) {
        const auto redirected = redirect(*place, *folder, target);
        if (!redirected)
            return tl::unexpected(redirected.error());
        if (*redirected)
            return {};
    }
    Operation operation =
        operationOn(*place, *folder, copy ? OperationKind::Copy : OperationKind::Move);
    operation.target = target.mailbox;
    const auto planned = stores.operations.plan(operation);
    if (!planned)
        return tl::unexpected(planned.error());
    operation.id = *planned;
    return showLater(operation, *folder, *place, target);
}

/// A move A to B to C becomes A to C, and A to B to A nothing at all, as long as nobody has tried it.
Result<bool> ChangePlanner::redirect(const Placement& place, const Folder& folder,
                                     const Folder& target)
{
    OperationStore& operations = m_context.stores.operations;
    const auto planned = operations.find(operationOf(place.uid));
    if (!planned || planned->state != OperationState::Planned)
        return false;
    const auto changes = waiting(folder.account);
    if (!changes)
        return tl::unexpected(changes.error());
    const bool home = planned->kind == OperationKind::Move &&
                      (*changes)->cachedName(planned->id, planned->mailbox) == target.mailbox;
    Status told = operations.redirectArrival(folder.account, place.uid, target.mailbox);
    if (told && home) {
        told = operations.nameArrival(folder.account, place.uid, planned->uidValidity,
                                      static_cast<std::uint32_t>(planned->uid));
        if (told)
            told = operations.cancel(planned->id);
        m_shown.push_back([this, operation = *planned] { return takeOneBack(operation); });
    } else if (told) {
        told = operations.retarget(planned->id, target.mailbox);
        m_shown.push_back(
            [this, place, folder, target] { return showElsewhere(place, folder, target); });
    }
    return told ? Result<bool>(true) : tl::unexpected(told.error());
}

Status ChangePlanner::showElsewhere(const Placement& place, const Folder& folder,
                                    const Folder& target)
{
    MessageStore& messages = m_context.stores.messages;
    auto removed = messages.removePending(folder.id, place.uid);
    if (!removed)
        return tl::unexpected(removed.error());
    noteList(folder, {{}, {}, std::move(*removed), {}});
    const auto placed =
        messages.placePending(target.id, place.uid, place.message, place.shownFlags, place.date);
    if (!placed)
        return tl::unexpected(placed.error());
    if (*placed)
        noteList(target, {{place.message}, {}, {}, {}});
    return {};
}

Status ChangePlanner::remove(MessageId message, FolderId from, bool forGood, std::int64_t notBefore,
                             std::set<AccountId>& touched)
{
    Stores& stores = m_context.stores;
    const auto place = source(message, from);
    const auto folder = place ? stores.folders.find(place->folder) : tl::unexpected(place.error());
    if (!folder)
        return tl::unexpected(folder.error());
    const auto trash = stores.folders.findByRole(folder->account, FolderRole::Trash);
    if (!forGood && trash && trash->id != folder->id)
        return move(message, folder->id, *trash, false, touched);
    Operation operation = operationOn(*place, *folder, OperationKind::Delete);
    operation.notBefore = notBefore;
    touched.insert(folder->account);
    if (auto planned = stores.operations.plan(operation); !planned)
        return tl::unexpected(planned.error());
    return showLater(operation, *folder, *place);
}

Result<bool> ChangePlanner::cancelRemoval(MessageId message, FolderId from)
{
    Stores& stores = m_context.stores;
    const auto placements = stores.messages.placements(message);
    if (!placements)
        return tl::unexpected(placements.error());
    for (const Placement& place : *placements) {
        if (place.shown() || (from && place.folder != from))
            continue;
        const auto folder = stores.folders.find(place.folder);
        const auto changes = folder ? waiting(folder->account) : tl::unexpected(folder.error());
        if (!changes)
            return tl::unexpected(changes.error());
        const Operation* removal = (*changes)->plannedRemoval(folder->mailbox, place.uid);
        if (!removal)
            continue;
        if (auto cancelled = stores.operations.cancel(removal->id); !cancelled)
            return tl::unexpected(cancelled.error());
        m_shown.push_back([this, operation = *removal] { return takeOneBack(operation); });
        return true;
    }
    return false;
}

Result<PendingChanges> ChangePlanner::pending(AccountId account)
{
    Stores& stores = m_context.stores;
    auto operations = stores.operations.pending(account);
    if (!operations)
        return tl::unexpected(operations.error());
    char delimiter = 0;
    if (!operations->empty())
        if (const auto inbox = stores.folders.findByRole(account, FolderRole::Inbox))
            delimiter = inbox->delimiter;
    return PendingChanges(std::move(*operations), delimiter);
}

Status ChangePlanner::layPending(AccountId account)
{
    Stores& stores = m_context.stores;
    const auto operations = stores.operations.pending(account);
    const auto changes = operations ? pending(account) : tl::unexpected(operations.error());
    if (!changes)
        return tl::unexpected(changes.error());
    for (const Operation& operation : *operations)
        if (operation.kind == OperationKind::RenameFolder)
            if (auto renamed = renameRows(operation); !renamed)
                return renamed;
    for (const Operation& operation : *operations) {
        if (operation.changesFolders())
            continue;
        if (operation.kind == OperationKind::Append) {
            const auto message = stores.operations.message(operation.id);
            if (!message)
                return tl::unexpected(message.error());
            m_shown.push_back(
                [this, operation, message = *message] { return showAppended(operation, message); });
            continue;
        }
        const auto folder = stores.folders.findByMailbox(
            account, changes->cachedName(operation.id, operation.mailbox));
        const bool named = operation.uid < firstPendingKey;
        if (!folder || (named && folder->uidValidity != operation.uidValidity))
            continue;
        const auto place = stores.messages.placementAt(folder->id, operation.uid);
        if (!place)
            return tl::unexpected(place.error());
        if (!*place)
            continue;
        const auto target = stores.folders.findByMailbox(
            account, changes->cachedName(operation.id, operation.target));
        (void)showLater(operation, *folder, **place,
                        target ? std::optional(*target) : std::nullopt);
    }
    return showAll();
}

Status ChangePlanner::takeBack(const std::vector<Operation>& operations)
{
    for (const Operation& operation : operations)
        m_shown.push_back([this, operation] { return takeOneBack(operation); });
    return showAll();
}

Status ChangePlanner::takeOneBack(const Operation& operation)
{
    Stores& stores = m_context.stores;
    const auto waits = waiting(operation.account);
    if (!waits)
        return tl::unexpected(waits.error());
    const PendingChanges* changes = *waits;
    const auto folder = stores.folders.findByMailbox(
        operation.account, changes->cachedName(operation.id, operation.mailbox));
    if (folder) {
        const PendingFlags flags = changes->flagsIn(folder->mailbox, folder->uidValidity);
        const auto left = flags.find(operation.uid);
        auto shown = stores.messages.dropOverlay(folder->id, operation.uid,
                                                 left == flags.end() ? FlagChange{} : left->second);
        if (!shown)
            return tl::unexpected(shown.error());
        noteList(*folder, std::move(*shown));
    }
    if (!operation.bringsToTarget())
        return {};
    const auto target = stores.folders.findByMailbox(
        operation.account, changes->cachedName(operation.id, operation.target));
    if (!target)
        return {};
    auto removed = stores.messages.removePending(target->id, pendingKey(operation.id));
    if (!removed)
        return tl::unexpected(removed.error());
    noteList(*target, {{}, {}, std::move(*removed), {}});
    return {};
}

} // namespace avocet
