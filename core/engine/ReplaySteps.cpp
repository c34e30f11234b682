// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/ReplaySteps.h"

#include "core/engine/EnvelopeMapper.h"
#include "core/engine/FolderSync.h"

#include <algorithm>
#include <optional>

namespace avocet {

namespace {

using Uids = std::vector<std::uint32_t>;

/// An operation with the UID that it means today.
struct Target {
    const Operation* operation;
    std::uint32_t uid;
};

/// The same UID, or found again by Message-ID after the mailbox was renumbered or while nobody said which UID a
/// moved message has got. None: it is gone, or cannot be told from others.
Result<std::optional<std::uint32_t>> uidToday(ImapSession& session, const SelectedMailbox& mailbox,
                                              const Operation& operation)
{
    const bool named = operation.uid > 0 && operation.uid < firstPendingKey;
    if (named && operation.uidValidity == mailbox.uidValidity)
        return static_cast<std::uint32_t>(operation.uid);
    const std::string& header =
        operation.kind == OperationKind::Append ? operation.replaces : operation.messageIdHeader;
    if (header.empty())
        return std::nullopt;
    const auto found = session.searchMessageId(header);
    if (!found && found.error().kind != ErrorKind::Rejected)
        return tl::unexpected(found.error());
    if (!found || found->empty())
        return std::nullopt;
    return found->back();
}

Result<std::vector<Target>> targetsOf(ImapSession& session, const SelectedMailbox& mailbox,
                                      std::span<const Operation* const> operations)
{
    std::vector<Target> targets;
    for (const Operation* operation : operations) {
        const auto uid = uidToday(session, mailbox, *operation);
        if (!uid)
            return tl::unexpected(uid.error());
        if (*uid)
            targets.push_back({operation, **uid});
    }
    return targets;
}

Uids uidsOf(const std::vector<Target>& targets)
{
    Uids uids;
    for (const Target& target : targets)
        uids.push_back(target.uid);
    return uids;
}

std::vector<OperationId> idsOf(const std::vector<Target>& targets)
{
    std::vector<OperationId> ids;
    for (const Target& target : targets)
        ids.push_back(target.operation->id);
    return ids;
}

void noteArrivals(const std::vector<Target>& targets, const CopiedUids& copied,
                  ReplayOutcome& outcome)
{
    if (copied.uidValidity == 0)
        return;
    for (std::size_t i = 0; i < copied.from.size() && i < copied.to.size(); ++i)
        for (const Target& target : targets)
            if (target.uid == copied.from[i])
                outcome.arrivals[target.operation->id] = {copied.uidValidity, copied.to[i]};
}

/// \Deleted, and away where that can be done to these alone.
Status removeOriginals(ImapSession& session, const Uids& uids, ReplayOutcome& outcome)
{
    if (uids.empty())
        return {};
    if (auto marked = session.storeFlags(uids, Deleted, 0); !marked)
        return marked;
    if (!session.capabilities().has("UIDPLUS") && !session.capabilities().has("IMAP4REV2"))
        return {};
    outcome.expunged = true;
    return session.expungeUids(uids);
}

bool sameMessage(const Operation& operation, const NewMessage& arrived)
{
    if (operation.size != 0 && operation.size != arrived.size)
        return false;
    return operation.messageIdHeader.empty() ? operation.internalDate == arrived.internalDate
                                             : operation.messageIdHeader == arrived.messageIdHeader;
}

/// Which of the copies that may have been made before a cut are there. Those found are `copied`.
Result<std::map<OperationId, Arrival>> findCopies(ImapSession& session,
                                                  std::span<const Operation* const> tried)
{
    std::map<OperationId, Arrival> found;
    const Operation& first = *tried.front();
    const auto mailbox = openMailbox(session, first.target, true);
    if (!mailbox)
        return tl::unexpected(mailbox.error());
    std::vector<NewMessage> arrived;
    std::uint32_t from = 0;
    for (const Operation* operation : tried)
        if (operation->targetValidity == mailbox->uidValidity && operation->targetUidNext != 0 &&
            (from == 0 || operation->targetUidNext < from))
            from = operation->targetUidNext;
    if (from != 0) {
        const auto uids = session.searchUids(from);
        if (!uids)
            return tl::unexpected(uids.error());
        if (!uids->empty()) {
            const UidRange range[] = {{uids->front(), uids->back()}};
            const auto take = [&](const UidRange&, const Envelope& envelope) {
                arrived.push_back(mapEnvelope(envelope));
            };
            auto fetched =
                session.fetchEnvelopes(range, take, [](const UidRange&) { return true; });
            if (!fetched)
                return tl::unexpected(fetched.error());
        }
    }
    for (const Operation* operation : tried) {
        const auto copy = std::find_if(arrived.begin(), arrived.end(), [&](const NewMessage& one) {
            return operation->targetValidity == mailbox->uidValidity &&
                   operation->targetUidNext != 0 && one.uid >= operation->targetUidNext &&
                   sameMessage(*operation, one);
        });
        if (copy == arrived.end())
            continue;
        found[operation->id] = {mailbox->uidValidity, copy->uid};
        arrived.erase(copy);
    }
    return found;
}

Status copyFresh(ImapSession& session, const std::string& mailbox, const std::string& target,
                 std::span<const Operation* const> fresh, const ReplayJournal& journal,
                 ReplayOutcome& outcome)
{
    if (fresh.empty())
        return {};
    const auto before = session.status(target);
    if (!before)
        return tl::unexpected(before.error());
    const auto selected = openMailbox(session, mailbox);
    if (!selected)
        return tl::unexpected(selected.error());
    const auto targets = targetsOf(session, *selected, fresh);
    if (!targets)
        return tl::unexpected(targets.error());
    if (targets->empty())
        return {};
    if (auto noted = journal.copyBegins(idsOf(*targets), before->uidValidity.value_or(0),
                                        before->uidNext.value_or(0));
        !noted)
        return noted;
    const auto copied = session.copyMessages(uidsOf(*targets), target);
    if (!copied)
        return tl::unexpected(copied.error());
    noteArrivals(*targets, *copied, outcome);
    return journal.copied(idsOf(*targets));
}

/// Copies what was not copied yet. Afterwards all of `batch` are copied or gone.
Status copyBatch(ImapSession& session, const std::vector<Operation>& batch,
                 const ReplayJournal& journal, ReplayOutcome& outcome)
{
    std::vector<const Operation*> fresh;
    std::vector<const Operation*> tried;
    for (const Operation& operation : batch)
        if (operation.state == OperationState::InFlight)
            tried.push_back(&operation);
        else if (operation.state != OperationState::Copied)
            fresh.push_back(&operation);
    if (!tried.empty()) {
        const auto found = findCopies(session, tried);
        if (!found)
            return tl::unexpected(found.error());
        std::vector<OperationId> there;
        for (const Operation* operation : tried) {
            if (found->contains(operation->id))
                there.push_back(operation->id);
            else
                fresh.push_back(operation);
        }
        outcome.arrivals.insert(found->begin(), found->end());
        if (!there.empty())
            if (auto noted = journal.copied(there); !noted)
                return noted;
    }
    return copyFresh(session, batch.front().mailbox, batch.front().target, fresh, journal, outcome);
}

Result<std::vector<Target>> selectTargets(ImapSession& session, const std::vector<Operation>& batch)
{
    const auto mailbox = openMailbox(session, batch.front().mailbox);
    if (!mailbox)
        return tl::unexpected(mailbox.error());
    std::vector<const Operation*> all;
    for (const Operation& operation : batch)
        all.push_back(&operation);
    return targetsOf(session, *mailbox, all);
}

Status moveBatch(ImapSession& session, const std::vector<Operation>& batch,
                 const ReplayJournal& journal, ReplayOutcome& outcome)
{
    const bool copiedBefore = std::any_of(batch.begin(), batch.end(), [](const Operation& one) {
        return one.state == OperationState::Copied;
    });
    // UID MOVE leaves out what is no longer there: to repeat it does no harm.
    if (session.capabilities().has("MOVE") && !copiedBefore) {
        const auto targets = selectTargets(session, batch);
        if (!targets)
            return tl::unexpected(targets.error());
        outcome.expunged = true;
        if (targets->empty())
            return {};
        const auto moved = session.moveMessages(uidsOf(*targets), batch.front().target);
        if (!moved)
            return tl::unexpected(moved.error());
        noteArrivals(*targets, *moved, outcome);
        return {};
    }
    if (auto copied = copyBatch(session, batch, journal, outcome); !copied)
        return copied;
    const auto targets = selectTargets(session, batch);
    if (!targets)
        return tl::unexpected(targets.error());
    return removeOriginals(session, uidsOf(*targets), outcome);
}

/// Where a try that was cut has brought it; none: nowhere.
Result<std::optional<Arrival>> findAppended(ImapSession& session, const Operation& operation)
{
    const auto mailbox = session.select(operation.target, true);
    if (!mailbox)
        return tl::unexpected(mailbox.error());
    const auto found = session.searchMessageId(operation.messageIdHeader);
    if (!found)
        return tl::unexpected(found.error());
    if (found->empty())
        return std::nullopt;
    return Arrival{mailbox->uidValidity, found->back()};
}

Status bring(ImapSession& session, const Operation& operation, const ReplayJournal& journal,
             ReplayOutcome& outcome)
{
    if (operation.state == OperationState::InFlight) {
        const auto there = findAppended(session, operation);
        if (!there)
            return tl::unexpected(there.error());
        if (*there) {
            outcome.arrivals[operation.id] = **there;
            return journal.copied({operation.id});
        }
    }
    if (auto noted = journal.copyBegins({operation.id}, 0, 0); !noted)
        return noted;
    const auto appended = session.append(operation.target, journal.message,
                                         Flag::Seen | Flag::DraftFlag, operation.internalDate);
    if (!appended)
        return tl::unexpected(appended.error());
    if (appended->uidValidity != 0)
        outcome.arrivals[operation.id] = {appended->uidValidity, appended->uid};
    return journal.copied({operation.id});
}

/// The new version first: whatever is cut, one of the two is there.
Status appendOne(ImapSession& session, const Operation& operation, const ReplayJournal& journal,
                 ReplayOutcome& outcome)
{
    if (operation.state != OperationState::Copied)
        if (auto brought = bring(session, operation, journal, outcome); !brought)
            return brought;
    if (operation.uid == 0)
        return {};
    const std::vector<Operation> alone{operation};
    const auto before = selectTargets(session, alone);
    return before ? removeOriginals(session, uidsOf(*before), outcome)
                  : tl::unexpected(before.error());
}

Status changeFolder(ImapSession& session, const Operation& operation)
{
    switch (operation.kind) {
    case OperationKind::CreateFolder: {
        if (auto made = session.createMailbox(operation.mailbox); !made)
            return made;
        // Others show only what is subscribed; a server that knows no subscriptions does no harm.
        const auto subscribed = session.subscribeMailbox(operation.mailbox, true);
        return subscribed || session.alive() ? Status() : subscribed;
    }
    case OperationKind::RenameFolder:
        return session.renameMailbox(operation.mailbox, operation.target);
    case OperationKind::DeleteFolder:
        return session.deleteMailbox(operation.mailbox);
    default:
        return session.subscribeMailbox(operation.mailbox,
                                        operation.kind == OperationKind::Subscribe);
    }
}

/// A cut may have come behind the change: then the server's list says that it is done.
Status changeFolderOnce(ImapSession& session, const Operation& operation)
{
    const auto changed = changeFolder(session, operation);
    if (changed || changed.error().kind != ErrorKind::Rejected)
        return changed;
    const auto listed = session.listMailboxes();
    if (!listed)
        return tl::unexpected(listed.error());
    const auto there = [&](const std::string& mailbox) {
        return std::any_of(listed->begin(), listed->end(),
                           [&](const ListedMailbox& one) { return one.mailbox == mailbox; });
    };
    const bool done = operation.kind == OperationKind::CreateFolder ? there(operation.mailbox)
                      : operation.kind == OperationKind::RenameFolder
                          ? there(operation.target) && !there(operation.mailbox)
                      : operation.kind == OperationKind::DeleteFolder ? !there(operation.mailbox)
                                                                      : false;
    return done ? Status() : changed;
}

Status replay(ImapSession& session, const std::vector<Operation>& batch,
              const ReplayJournal& journal, ReplayOutcome& outcome)
{
    const Operation& first = batch.front();
    if (first.changesFolders())
        return changeFolderOnce(session, first);
    if (first.kind == OperationKind::Move)
        return moveBatch(session, batch, journal, outcome);
    if (first.kind == OperationKind::Append)
        return appendOne(session, first, journal, outcome);
    if (first.kind == OperationKind::Copy)
        return copyBatch(session, batch, journal, outcome);
    const auto targets = selectTargets(session, batch);
    if (!targets)
        return tl::unexpected(targets.error());
    if (first.kind == OperationKind::Delete)
        return removeOriginals(session, uidsOf(*targets), outcome);
    return targets->empty() ? Status()
                            : session.storeFlags(uidsOf(*targets), first.add, first.remove);
}

} // namespace

Result<ReplayOutcome> replayBatch(ImapSession& session, const std::vector<Operation>& batch,
                                  const ReplayJournal& journal)
{
    ReplayOutcome outcome;
    if (auto done = replay(session, batch, journal, outcome); !done)
        return tl::unexpected(done.error());
    return outcome;
}

} // namespace avocet
