// SPDX-License-Identifier: GPL-3.0-or-later
// How an account's folders come up to date. Bodies: AccountBodies.cpp.
#include "core/engine/AccountEngine.h"
#include "core/engine/RetryPolicy.h"

#include <algorithm>
#include <chrono>

namespace avocet {

namespace {

/// Where a server counts no changes, flags are compared in full each time that so many rounds have passed.
constexpr int fullRound = 6;

} // namespace

bool AccountEngine::endsRun(const Error& error)
{
    return error.kind != ErrorKind::Rejected && error.kind != ErrorKind::Transient;
}

struct AccountEngine::SyncRun {
    std::string folder;
    bool bodies = false; ///< all, before it is done
    bool thorough =
        true; ///< also where nothing seems to have changed, on servers that count no changes
    std::vector<FolderId> queue;
    std::size_t next = 0;
    bool listed = false; ///< the list of folders is asked for, or here
    bool headersDone = false;
    Status postponed; ///< changes that the server does not take just now; the sync itself goes on
    Status status;
    Report report;
    Refused refused;
    Done done;
};

/// A run that has not come to the list of folders yet.
bool AccountEngine::listsSoon() const
{
    return !m_runs.empty() && !m_runs.front()->listed;
}

void AccountEngine::sync(const std::string& folder, bool headersOnly, Report report,
                         Refused refused, Done done)
{
    auto run = std::make_shared<SyncRun>();
    run->folder = folder;
    run->bodies = !headersOnly;
    run->report = std::move(report);
    run->refused = std::move(refused);
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
    run->thorough = m_round++ % fullRound == 0;
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
        if (!replayed && retryVerdict(replayed.error().kind) != RetryVerdict::Never)
            run->postponed = replayed;
        else if (!replayed && run->refused)
            run->refused(replayed.error());
        run->listed = true;
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

/// All headers first, then the bodies.
void AccountEngine::nextFolder(std::shared_ptr<SyncRun> run)
{
    if (run->next == run->queue.size()) {
        if (run->headersDone || !run->bodies || run->queue.empty()) {
            finishRun(run, run->status);
            return;
        }
        run->headersDone = true;
        run->next = 0;
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
    if (run->headersDone)
        fetchFolderBodies(folder, run->report, settled);
    else if (isUpToDate(folder, run->thorough))
        reportUnchanged(folder, run->report, settled);
    else
        syncOne(Lane::Bulk, folder, run->report, settled);
}

/// By the list that the run began with.
bool AccountEngine::isUpToDate(FolderId id, bool thorough)
{
    const auto folder = m_context.stores.folders.find(id);
    const auto listed = m_listed.find(id);
    const auto arriving = m_context.stores.messages.pendingKeys(id);
    if (!folder || listed == m_listed.end() || !arriving || !arriving->empty())
        return false;
    const ListedMailbox& now = listed->second;
    if (isUnchanged(now, *folder))
        return true;
    return !thorough && !now.highestModSeq && folder->syncedFrom == 1 && now.messages &&
           now.uidNext == folder->uidNext && now.uidValidity == folder->uidValidity &&
           std::int64_t{*now.messages} == folder->cached &&
           std::int64_t{now.unseen.value_or(0)} == folder->unread;
}

void AccountEngine::reportUnchanged(FolderId id, const Report& report, const Done& done)
{
    if (const auto folder = m_context.stores.folders.find(id); folder && report) {
        FolderReport nothing;
        nothing.account = m_account.id;
        nothing.folder = folder->path;
        report(nothing);
    }
    // By way of the event loop: there may be thousands of folders.
    runOn(this, [done] { done({}); });
}

void AccountEngine::finishRun(std::shared_ptr<SyncRun> run, Status status)
{
    std::erase(m_runs, run);
    if (status)
        setState(m_online ? AccountStatus::State::Idle : AccountStatus::State::Offline);
    else if (!paused())
        setState(AccountStatus::State::Offline);
    if (status)
        continueBodies();
    if (run->done)
        run->done(status ? run->postponed : status);
    if (!m_runs.empty())
        startRun(m_runs.front());
}

void AccountEngine::refreshFolderList(Done done)
{
    const auto listed = std::make_shared<std::vector<ListedMailbox>>();
    const auto known = m_context.stores.folders.ofAccount(m_account.id);
    if (!known) {
        done(tl::unexpected(known.error()));
        return;
    }
    std::vector<std::string> selectable;
    for (const Folder& folder : *known)
        if (folder.selectable)
            selectable.push_back(folder.mailbox);
    // The first time each folder is opened anyway, and somebody waits for the newest mail.
    const bool withStatus = !known->empty();
    runImap(
        Lane::Bulk,
        [listed, withStatus, selectable = std::move(selectable)](ImapSession& session,
                                                                 std::stop_token) -> Status {
            auto list = session.listMailboxes(withStatus, selectable);
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
        folder.subscribed = mailbox.subscribed.value_or(true);
        folders.push_back(std::move(folder));
    }
    const auto pending = ChangePlanner(m_context).pending(m_account.id);
    if (!pending)
        return tl::unexpected(pending.error());
    pending->applyTo(folders);
    const auto before = m_context.stores.folders.ofAccount(m_account.id);
    const auto changed = before ? m_context.stores.folders.replaceAll(m_account.id, folders)
                                : tl::unexpected(before.error());
    if (!changed)
        return tl::unexpected(changed.error());
    m_listed.clear();
    for (const ListedMailbox& mailbox : listed)
        if (const auto folder =
                m_context.stores.folders.findByMailbox(m_account.id, mailbox.mailbox))
            m_listed[folder->id] = mailbox;
    const bool lostOne = std::any_of(before->begin(), before->end(), [&](const Folder& folder) {
        return !m_context.stores.folders.find(folder.id);
    });
    if (lostOne)
        m_context.mailChanged();
    if (*changed) {
        m_context.announce([account = m_account.id](MailEngine& engine) {
            Q_EMIT engine.foldersChanged(account);
        });
    }
    return {};
}

void AccountEngine::syncOne(Lane lane, FolderId id, Report report, Done done)
{
    const auto folder = m_context.stores.folders.find(id);
    if (!folder) {
        done({}); // gone meanwhile
        return;
    }
    const auto lastUid = m_context.stores.messages.lastUid(id);
    if (!lastUid) {
        done(tl::unexpected(lastUid.error()));
        return;
    }
    m_syncing.insert(id);
    const auto progress = [this, id](std::int64_t here, std::int64_t total) {
        setState(AccountStatus::State::Syncing, id, here, total);
    };
    auto writer = std::make_shared<FolderWriter>(m_context, *folder, progress);
    progress(folder->cached, folder->serverTotal);
    const auto input = std::make_shared<FolderSyncInput>(FolderSyncInput{*folder, *lastUid});
    const auto job = [this, input, writer, sink = sinkOf(writer)](ImapSession& session,
                                                                  std::stop_token stop) -> Status {
        const auto begin = std::chrono::steady_clock::now();
        const Traffic before = session.traffic();
        auto gate = std::make_shared<Gate>(this);
        Status status = syncFolder(session, *input, sink, *gate, stop);
        using std::chrono::milliseconds;
        writer->report().ms =
            std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin)
                .count();
        writer->report().bytesIn = static_cast<std::int64_t>(session.traffic().in - before.in);
        return status;
    };
    runImap(lane, job, [this, id, writer, report = std::move(report), done](const Status& status) {
        m_syncing.erase(id);
        if (writer->report().added > 0)
            m_bodyCursors.erase(id);
        if (status && report)
            report(writer->report());
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
            newestBodies(folder);
    });
}

} // namespace avocet
