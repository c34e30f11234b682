// SPDX-License-Identifier: GPL-3.0-or-later
// How an account's folders come up to date: the engine's side of FolderSync, and bodies.
#include "core/engine/AccountEngine.h"
#include "core/engine/RetryPolicy.h"
#include "core/mime/MessageReader.h"

#include <algorithm>
#include <chrono>

namespace avocet {

namespace {

constexpr std::int64_t bodyChunk = 2000;
/// Without the user asking, so many of the newest bodies of a folder are kept ready.
constexpr std::int64_t readyBodies = 300;

bool endsRun(const Error& error)
{
    return error.kind != ErrorKind::Rejected && error.kind != ErrorKind::Transient;
}

} // namespace

struct AccountEngine::SyncRun {
    std::string folder;
    bool headersOnly = false;
    std::int64_t bodies = 0; ///< newest bodies to fetch for each folder; 0: all
    std::vector<FolderId> queue;
    std::size_t next = 0;
    Status status;
    Report report;
    Done done;
};

/// What one folder's sync found so far.
struct AccountEngine::FolderWork {
    Folder folder;
    std::int64_t cached = 0;
    std::int64_t exists = 0;
    FolderReport report;
};

void AccountEngine::sync(const std::string& folder, bool headersOnly, Report report, Done done)
{
    auto run = std::make_shared<SyncRun>();
    run->folder = folder;
    run->headersOnly = headersOnly;
    run->report = std::move(report);
    run->done = std::move(done);
    if (m_online && paused())
        setState(AccountStatus::State::Connecting); // asked for by the user: a pause is over
    queueRun(std::move(run));
}

void AccountEngine::startBackgroundSync()
{
    if (!m_online || !m_runs.empty() || paused())
        return;
    auto run = std::make_shared<SyncRun>();
    run->bodies = readyBodies;
    queueRun(std::move(run));
}

/// One run at a time: two would fetch the same folders twice.
void AccountEngine::queueRun(std::shared_ptr<SyncRun> run)
{
    m_runs.push_back(std::move(run));
    if (m_runs.size() == 1)
        startRun(m_runs.front());
}

void AccountEngine::startRun(std::shared_ptr<SyncRun> run)
{
    replayOperations([this, run](const Status& replayed) {
        if (!replayed && endsRun(replayed.error())) {
            finishRun(run, replayed);
            return;
        }
        refreshFolderList([this, run](const Status& listed) {
            const auto ready = listed ? queueFolders(*run) : listed;
            if (ready)
                nextFolder(run);
            else
                finishRun(run, ready);
        });
    });
}

Status AccountEngine::queueFolders(SyncRun& run)
{
    const auto folders = m_context.stores.folders.ofAccount(m_account.id);
    if (!folders)
        return tl::unexpected(folders.error());
    for (const Folder& folder : *folders)
        if (folder.selectable && (run.folder.empty() || folder.path == run.folder))
            run.queue.push_back(folder.id);
    if (run.queue.empty() && !run.folder.empty())
        return fail(ErrorKind::Rejected, "no folder " + run.folder, ErrorCode::NoSuchFolder);
    return {};
}

void AccountEngine::nextFolder(std::shared_ptr<SyncRun> run)
{
    if (run->next == run->queue.size()) {
        finishRun(run, run->status);
        return;
    }
    const FolderId folder = run->queue[run->next++];
    const auto settled = [this, run](const Status& status) {
        if (!status && endsRun(status.error())) {
            finishRun(run, status);
            return;
        }
        if (!status && run->status)
            run->status = status; // one refused folder does not stop the others
        nextFolder(run);
    };
    syncOne(Lane::Bulk, folder, run->report, [this, run, folder, settled](const Status& status) {
        if (!status || run->headersOnly)
            settled(status);
        else
            fetchBodies(Lane::Bulk, folder, run->bodies, settled);
    });
}

void AccountEngine::finishRun(std::shared_ptr<SyncRun> run, Status status)
{
    std::erase(m_runs, run);
    if (status)
        setState(m_online ? AccountStatus::State::Idle : AccountStatus::State::Offline);
    else if (!paused())
        setState(AccountStatus::State::Offline);
    if (run->done)
        run->done(std::move(status));
    if (!m_runs.empty())
        startRun(m_runs.front());
}

void AccountEngine::refreshFolderList(Done done)
{
    const auto listed = std::make_shared<std::vector<ListedMailbox>>();
    runImap(
        Lane::Bulk,
        [listed](ImapSession& session, std::stop_token) -> Status {
            auto list = session.listMailboxes();
            if (!list)
                return tl::unexpected(list.error());
            *listed = std::move(*list);
            return {};
        },
        [this, listed, done = std::move(done)](const Status& status) {
            done(status ? storeFolderList(*listed) : status);
        });
}

Status AccountEngine::storeFolderList(const std::vector<ListedMailbox>& listed)
{
    std::vector<Folder> folders;
    folders.reserve(listed.size());
    for (const ListedMailbox& mailbox : listed) {
        Folder folder;
        folder.account = m_account.id;
        folder.mailbox = mailbox.mailbox;
        folder.path = mailbox.path;
        folder.delimiter = mailbox.delimiter;
        folder.role = mailbox.role;
        folder.selectable = mailbox.selectable;
        folder.serverTotal = mailbox.messages.value_or(0);
        folders.push_back(std::move(folder));
    }
    const auto changed = m_context.stores.folders.replaceAll(m_account.id, folders);
    if (!changed)
        return tl::unexpected(changed.error());
    if (*changed) {
        (void)pruneBodies(m_context.stores);
        m_context.announce([account = m_account.id](MailEngine& engine) {
            Q_EMIT engine.foldersChanged(account);
        });
    }
    return {};
}

Status AccountEngine::overlayPending(const Folder& folder)
{
    const auto pending = m_context.stores.operations.pending(m_account.id, folder.mailbox);
    if (!pending)
        return tl::unexpected(pending.error());
    for (const FlagOperation& operation : *pending) {
        auto laid = m_context.stores.messages.overlay(folder.id, operation.uid, operation.add,
                                                      operation.remove);
        if (!laid)
            return tl::unexpected(laid.error());
    }
    return {};
}

std::shared_ptr<const FolderSyncSink>
AccountEngine::makeSink(const std::shared_ptr<FolderWork>& work)
{
    Stores& stores = m_context.stores;
    auto sink = std::make_shared<FolderSyncSink>();
    const auto announceList = [this, work](auto signal, std::vector<MessageId> ids) {
        if (ids.empty())
            return;
        m_context.announce([signal, ids = std::move(ids), folder = work->folder.id,
                            account = m_account.id](MailEngine& engine) {
            Q_EMIT(engine.*signal)(folder, ids);
            Q_EMIT engine.foldersChanged(account);
        });
    };
    sink->selected = [this, work, &stores](const SelectedMailbox& mailbox) -> Status {
        work->exists = mailbox.exists;
        Folder& folder = work->folder;
        folder.serverTotal = mailbox.exists;
        if (folder.uidValidity != mailbox.uidValidity) {
            const bool wasKnown = folder.uidValidity != 0;
            if (auto reset = stores.folders.reset(folder.id, mailbox.uidValidity); !reset)
                return reset;
            folder.uidValidity = mailbox.uidValidity;
            folder.uidNext = 0;
            folder.highestModSeq = 0;
            folder.syncedFrom = 0;
            work->cached = 0;
            if (wasKnown) {
                (void)pruneBodies(stores);
                m_context.announce(
                    [id = folder.id](MailEngine& engine) { Q_EMIT engine.folderReset(id); });
            }
        }
        return stores.folders.saveSyncState(folder);
    };
    sink->messages = [this, work, &stores,
                      announceList](std::vector<NewMessage> messages) -> Status {
        std::vector<MessageId> added;
        auto stored = stores.mail->transaction([&]() -> Status {
            auto inserted = stores.messages.insert(work->folder.id, messages);
            if (!inserted)
                return tl::unexpected(inserted.error());
            added = std::move(*inserted);
            return overlayPending(work->folder);
        });
        if (!stored)
            return stored;
        work->report.added += static_cast<std::int64_t>(added.size());
        setState(AccountStatus::State::Syncing, work->folder.id, work->cached + work->report.added,
                 work->exists);
        announceList(&MailEngine::messagesAdded, std::move(added));
        return {};
    };
    sink->flags = [this, work, &stores, announceList](std::vector<PlacementFlags> flags) -> Status {
        std::vector<MessageId> changed;
        auto stored = stores.mail->transaction([&]() -> Status {
            auto updated = stores.messages.updateFlags(work->folder.id, flags);
            if (!updated)
                return tl::unexpected(updated.error());
            changed = std::move(*updated);
            return overlayPending(work->folder);
        });
        work->report.changed += static_cast<std::int64_t>(changed.size());
        if (stored)
            announceList(&MailEngine::messagesChanged, std::move(changed));
        return stored;
    };
    sink->removed = [work, &stores, announceList](std::vector<std::uint32_t> uids) -> Status {
        auto removed = stores.messages.removeUids(work->folder.id, uids);
        if (!removed)
            return tl::unexpected(removed.error());
        work->report.removed += static_cast<std::int64_t>(removed->size());
        work->cached -= static_cast<std::int64_t>(removed->size());
        for (const MessageId message : *removed) {
            const auto elsewhere = stores.messages.placements(message);
            if (elsewhere && elsewhere->empty())
                (void)stores.bodies.remove(message);
        }
        announceList(&MailEngine::messagesRemoved, std::move(*removed));
        return {};
    };
    sink->finished = [work, &stores](const SelectedMailbox& mailbox) -> Status {
        work->folder.uidNext = mailbox.uidNext;
        work->folder.highestModSeq = mailbox.highestModSeq;
        work->folder.syncedFrom = 1;
        return stores.folders.saveSyncState(work->folder);
    };
    return sink;
}

void AccountEngine::syncOne(Lane lane, FolderId id, Report report, Done done)
{
    auto folder = m_context.stores.folders.find(id);
    if (!folder) {
        done({}); // gone meanwhile
        return;
    }
    auto cached = m_context.stores.messages.uids(id);
    if (!cached) {
        done(tl::unexpected(cached.error()));
        return;
    }
    m_syncing.insert(id);
    auto work = std::make_shared<FolderWork>();
    work->folder = *folder;
    work->cached = static_cast<std::int64_t>(cached->size());
    work->report.account = m_account.id;
    work->report.folder = folder->path;
    setState(AccountStatus::State::Syncing, id, work->cached, folder->serverTotal);

    auto input = std::make_shared<FolderSyncInput>(FolderSyncInput{*folder, std::move(*cached)});
    const auto job = [this, input, work, sink = makeSink(work)](ImapSession& session,
                                                                std::stop_token stop) -> Status {
        const auto begin = std::chrono::steady_clock::now();
        const Traffic before = session.traffic();
        auto gate = std::make_shared<Gate>(this);
        Status status = syncFolder(session, *input, sink, *gate, stop);
        using std::chrono::milliseconds;
        work->report.ms =
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin)
                .count();
        work->report.bytesIn = static_cast<std::int64_t>(session.traffic().in - before.in);
        return status;
    };
    runImap(lane, job, [this, id, work, report = std::move(report), done](const Status& status) {
        m_syncing.erase(id);
        if (status && report)
            report(work->report);
        if (m_again.erase(id) > 0)
            syncFolderNow(id, [](const Status&) {});
        done(status);
    });
}

void AccountEngine::syncFolderNow(FolderId folder, Done done)
{
    if (m_syncing.contains(folder)) {
        m_again.insert(folder);
        done({});
        return;
    }
    syncOne(Lane::Quick, folder, {}, [this, folder, done = std::move(done)](const Status& status) {
        if (status && m_online && m_runs.empty())
            setState(AccountStatus::State::Idle);
        done(status);
        if (status && m_online)
            fetchBodies(Lane::Quick, folder, 20, [](const Status&) {});
    });
}

Status AccountEngine::storeBody(MessageId message, const PackedBody& body,
                                const std::string& preview)
{
    if (auto stored = m_context.stores.bodies.put(message, body); !stored)
        return stored;
    if (auto noted = m_context.stores.messages.setBody(message, true, preview); !noted)
        return noted;
    m_context.announce([message](MailEngine& engine) { Q_EMIT engine.bodyArrived(message); });
    return {};
}

void AccountEngine::fetchBodies(Lane lane, FolderId id, std::int64_t limit, Done done)
{
    const auto folder = m_context.stores.folders.find(id);
    const auto wanted = m_context.stores.messages.withoutBody(id, limit > 0 ? limit : bodyChunk);
    if (!folder || !wanted || wanted->empty()) {
        done(wanted || !folder ? Status() : tl::unexpected(wanted.error()));
        return;
    }
    auto ids = std::make_shared<std::map<std::uint32_t, MessageId>>();
    for (const Placement& placement : *wanted)
        ids->emplace(placement.uid, placement.message);
    auto stored = std::make_shared<std::size_t>(0);
    const auto job = [this, folder = *folder, ids, stored](ImapSession& session,
                                                           std::stop_token stop) -> Status {
        const auto selected = session.select(folder.mailbox, true);
        if (!selected)
            return tl::unexpected(selected.error());
        if (selected->uidValidity != folder.uidValidity)
            return {}; // the next sync sorts it out
        std::vector<std::uint32_t> uids;
        for (auto it = ids->rbegin(); it != ids->rend(); ++it)
            uids.push_back(it->first);
        auto gate = std::make_shared<Gate>(this);
        Status passed;
        Status fetched = session.fetchBodies(uids, [&](std::uint32_t uid, std::string raw) {
            const auto message = ids->find(uid);
            if (message == ids->end())
                return true;
            passed = gate->pass(
                [this, id = message->second, body = BodyStore::pack(raw),
                 preview = previewOf(readMessage(raw)), stored] {
                    ++*stored;
                    return storeBody(id, body, preview);
                },
                stop);
            return passed.has_value();
        });
        const Status drained = gate->wait(stop);
        if (!passed)
            return passed;
        return fetched ? drained : fetched;
    };
    runImap(lane, job, [this, lane, id, limit, stored, done](const Status& status) {
        if (status && limit == 0 && *stored > 0)
            fetchBodies(lane, id, 0, done);
        else
            done(status);
    });
}

void AccountEngine::fetchBody(MessageId message, Done done)
{
    const auto placements = m_context.stores.messages.placements(message);
    if (!placements || placements->empty()) {
        done(fail(ErrorKind::Rejected, "no message with this id", ErrorCode::NotFound));
        return;
    }
    const Placement place = placements->front();
    const auto folder = m_context.stores.folders.find(place.folder);
    if (!folder) {
        done(tl::unexpected(folder.error()));
        return;
    }
    auto body = std::make_shared<std::optional<PackedBody>>();
    auto preview = std::make_shared<std::string>();
    const auto job = [place, mailbox = folder->mailbox, body, preview](ImapSession& session,
                                                                       std::stop_token) -> Status {
        const auto selected = session.select(mailbox, true);
        if (!selected)
            return tl::unexpected(selected.error());
        const std::uint32_t uids[] = {place.uid};
        auto fetched = session.fetchBodies(uids, [&](std::uint32_t, std::string bytes) {
            *body = BodyStore::pack(bytes);
            *preview = previewOf(readMessage(bytes));
            return true;
        });
        if (!fetched)
            return fetched;
        if (!*body || selected->uidValidity != place.uidValidity)
            return fail(ErrorKind::Rejected, "the message is no longer on the server",
                        ErrorCode::NotFound);
        return {};
    };
    runImap(Lane::Quick, job,
            [this, message, body, preview, done = std::move(done)](const Status& status) {
                done(status ? storeBody(message, **body, *preview) : status);
            });
}

} // namespace avocet
