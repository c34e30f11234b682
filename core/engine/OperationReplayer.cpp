// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/OperationReplayer.h"

#include "core/engine/EngineThread.h"
#include "core/engine/RetryPolicy.h"

#include <QPointer>

#include <algorithm>
#include <ctime>
#include <set>

namespace avocet {

namespace {

constexpr std::size_t batchSize = 500;

bool alike(const Operation& a, const Operation& b)
{
    return a.kind == b.kind && a.mailbox == b.mailbox && a.uidValidity == b.uidValidity &&
           a.target == b.target && a.add == b.add && a.remove == b.remove && !a.changesFolders() &&
           a.kind != OperationKind::Append;
}

/// The first operation that may go, with those behind it that may go along: alike, and with nothing before them
/// that concerns the same placement.
std::vector<Operation> takeBatch(const std::vector<Operation>& pending, std::int64_t now)
{
    std::vector<Operation> batch;
    std::set<std::pair<std::string, PlacementKey>> passed;
    for (const Operation& operation : pending) {
        if (operation.changesFolders() && !(batch.empty() && passed.empty()))
            break;
        const std::pair place{operation.mailbox, operation.uid};
        const bool mayGo = operation.notBefore <= now && !passed.contains(place);
        if (mayGo && (batch.empty() || alike(batch.front(), operation)))
            batch.push_back(operation);
        else
            passed.insert(place);
        if (batch.size() == batchSize || (batch.size() == 1 && operation.changesFolders()))
            break;
    }
    return batch;
}

} // namespace

struct OperationReplayer::Round {
    std::vector<Done> done;
    Status refused;
    bool changedFolders = false;
    std::set<FolderId> unnamed;
};

OperationReplayer::OperationReplayer(EngineContext& context, Account account)
    : m_context(context)
    , m_account(std::move(account))
    , m_planner(context)
{
    m_held.setSingleShot(true);
    connect(&m_held, &QTimer::timeout, this, [this] { run([](const Status&) {}); });
}

void OperationReplayer::run(Done done)
{
    m_waiting.push_back(std::move(done));
    if (m_running)
        return;
    m_running = std::make_shared<Round>();
    m_running->done = std::exchange(m_waiting, {});
    next(m_running);
}

void OperationReplayer::next(std::shared_ptr<Round> round)
{
    const auto pending = m_context.stores.operations.pending(m_account.id);
    if (!pending) {
        finish(std::move(round), tl::unexpected(pending.error()));
        return;
    }
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    auto batch = takeBatch(*pending, now);
    if (!batch.empty()) {
        carryOut(std::move(round), std::move(batch));
        return;
    }
    std::int64_t first = 0;
    for (const Operation& operation : *pending)
        if (operation.notBefore > now && (first == 0 || operation.notBefore < first))
            first = operation.notBefore;
    if (first != 0)
        m_held.start(std::chrono::seconds(first - now));
    finish(std::move(round), {});
}

void OperationReplayer::carryOut(std::shared_ptr<Round> round, std::vector<Operation> batch)
{
    OperationStore& operations = m_context.stores.operations;
    const bool journalled = batch.front().bringsToTarget();
    const auto marked = m_context.stores.user->transaction([&]() -> Status {
        for (const Operation& operation : batch) {
            if (journalled && operation.state != OperationState::Planned)
                continue;
            if (auto one = operations.setState(operation.id, OperationState::InFlight); !one)
                return one;
        }
        return {};
    });
    if (!marked) {
        finish(std::move(round), marked);
        return;
    }
    std::string message;
    if (batch.front().kind == OperationKind::Append) {
        auto brought = operations.message(batch.front().id);
        if (!brought) {
            finish(std::move(round), tl::unexpected(brought.error()));
            return;
        }
        message = std::move(*brought);
    }
    auto outcome = std::make_shared<ReplayOutcome>();
    // Not `batch` itself: where a connection that stood turns out to be dead, the worker does this work again on a
    // fresh one, and what the journal holds by then must count, or a COPY is repeated blindly.
    const auto steps = std::make_shared<std::vector<Operation>>(batch);
    const auto step = [steps](OperationId id) -> Operation& {
        return *std::find_if(steps->begin(), steps->end(),
                             [id](const Operation& one) { return one.id == id; });
    };
    const auto work = [this, steps, step, outcome, message = std::move(message)](
                          ImapSession& session, std::stop_token stop) -> Status {
        const auto durably = [&](const std::function<Status()>& write) -> Status {
            auto gate = std::make_shared<Gate>(this);
            if (auto passed = gate->pass(write, stop); !passed)
                return passed;
            return gate->wait(stop);
        };
        ReplayJournal journal;
        journal.message = message;
        journal.copyBegins = [&](std::vector<OperationId> ids, std::uint32_t validity,
                                 std::uint32_t uidNext) -> Status {
            if (auto noted = durably([this, ids, validity, uidNext] {
                    return m_context.stores.operations.beginCopy(ids, validity, uidNext);
                });
                !noted)
                return noted;
            for (const OperationId id : ids) {
                step(id).state = OperationState::InFlight;
                step(id).targetValidity = validity;
                step(id).targetUidNext = uidNext;
            }
            return {};
        };
        journal.copied = [&](std::vector<OperationId> ids) -> Status {
            const auto write = [this, ids]() -> Status {
                for (const OperationId id : ids)
                    if (auto set = m_context.stores.operations.setState(id, OperationState::Copied);
                        !set)
                        return set;
                return {};
            };
            if (auto noted =
                    durably([this, write] { return m_context.stores.user->transaction(write); });
                !noted)
                return noted;
            for (const OperationId id : ids)
                step(id).state = OperationState::Copied;
            return {};
        };
        auto replayed = replayBatch(session, *steps, journal);
        if (!replayed)
            return tl::unexpected(replayed.error());
        *outcome = std::move(*replayed);
        return {};
    };
    m_account.runImap(work, [self = QPointer<OperationReplayer>(this), this, round, batch,
                             outcome](const Status& status) {
        if (!self)
            return;
        if (auto settled = settle(*round, batch, status, *outcome); !settled)
            finish(round, settled);
        else if (!status && retryVerdict(status.error().kind) != RetryVerdict::Never)
            finish(round, status);
        else
            next(round);
    });
}

Status OperationReplayer::settle(Round& round, const std::vector<Operation>& batch,
                                 const Status& status, const ReplayOutcome& outcome)
{
    round.changedFolders = round.changedFolders || batch.front().changesFolders();
    if (status)
        return settleDone(round, batch, outcome);
    if (retryVerdict(status.error().kind) == RetryVerdict::Never) {
        round.refused = round.refused ? status : round.refused;
        return refuse(batch, status.error());
    }
    if (batch.front().bringsToTarget())
        return {}; // the server may have done it
    return m_context.stores.user->transaction([&]() -> Status {
        for (const Operation& operation : batch)
            if (auto back =
                    m_context.stores.operations.setState(operation.id, OperationState::Planned);
                !back)
                return back;
        return {};
    });
}

/// The cache first: a crash before the operations are struck out leads to a repeat that changes nothing.
Status OperationReplayer::settleDone(Round& round, const std::vector<Operation>& batch,
                                     const ReplayOutcome& outcome)
{
    Stores& stores = m_context.stores;
    const auto changes = m_planner.pending(m_account.id);
    if (!changes)
        return tl::unexpected(changes.error());
    const auto cached = stores.mail->transaction([&]() -> Status {
        for (const Operation& operation : batch)
            if (auto one = settleInCache(round, operation, *changes, outcome); !one)
                return one;
        return {};
    });
    if (!cached)
        return cached;
    return stores.user->transaction([&]() -> Status {
        for (const Operation& operation : batch) {
            if (const auto arrival = outcome.arrivals.find(operation.id);
                arrival != outcome.arrivals.end())
                if (auto named = stores.operations.nameArrival(
                        m_account.id, pendingKey(operation.id), arrival->second.uidValidity,
                        arrival->second.uid);
                    !named)
                    return named;
            if (auto done = stores.operations.setState(operation.id, OperationState::Done); !done)
                return done;
        }
        return {};
    });
}

Status OperationReplayer::settleInCache(Round& round, const Operation& operation,
                                        const PendingChanges& changes, const ReplayOutcome& outcome)
{
    Stores& stores = m_context.stores;
    const auto folderOf = [&](const std::string& mailbox) {
        return stores.folders.findByMailbox(m_account.id,
                                            changes.cachedName(operation.id, mailbox));
    };
    if (operation.bringsToTarget()) {
        const auto arrival = outcome.arrivals.find(operation.id);
        const auto target = folderOf(operation.target);
        if (target && arrival == outcome.arrivals.end())
            round.unnamed.insert(target->id);
        else if (target && target->uidValidity == arrival->second.uidValidity)
            if (auto named = stores.messages.nameArrival(target->id, pendingKey(operation.id),
                                                         arrival->second.uid);
                !named)
                return named;
    }
    if (!operation.takesAway() || !outcome.expunged || operation.uid == 0 ||
        operation.uid >= firstPendingKey)
        return {};
    const auto source = folderOf(operation.mailbox);
    if (!source || source->uidValidity != operation.uidValidity)
        return {};
    const std::uint32_t uid[] = {static_cast<std::uint32_t>(operation.uid)};
    const auto removed = stores.messages.removeUids(source->id, uid);
    if (!removed)
        return tl::unexpected(removed.error());
    m_context.mailChanged();
    return {};
}

Status OperationReplayer::refuse(const std::vector<Operation>& batch, const Error& error)
{
    Stores& stores = m_context.stores;
    std::vector<MessageId> concerned;
    if (const auto changes = m_planner.pending(m_account.id))
        for (const Operation& operation : batch)
            if (const auto folder = stores.folders.findByMailbox(
                    m_account.id, changes->cachedName(operation.id, operation.mailbox)))
                if (const auto place = stores.messages.placementAt(folder->id, operation.uid);
                    place && *place)
                    concerned.push_back((*place)->message);
    const auto refused = stores.user->transaction([&]() -> Status {
        for (const Operation& operation : batch) {
            if (auto one = stores.operations.setState(operation.id, OperationState::Refused,
                                                      error.serverText);
                !one)
                return one;
            if (operation.kind == OperationKind::Append)
                if (auto one = stores.drafts.copyRefused(operation); !one)
                    return one;
        }
        return {};
    });
    if (!refused)
        return refused;
    const auto back = m_planner.takeBack(batch);
    if (concerned.empty())
        concerned.push_back(MessageId{}); // a folder's, or of a message that is gone
    m_context.announce([concerned, error](MailEngine& engine) {
        for (const MessageId message : concerned)
            Q_EMIT engine.operationRefused(message, error);
    });
    return back;
}

void OperationReplayer::finish(std::shared_ptr<Round> round, const Status& status)
{
    m_running.reset();
    for (const FolderId folder : round->unnamed)
        m_account.syncFolder(folder);
    const auto tell = [round, status] {
        for (const Done& done : round->done)
            done(status ? round->refused : status);
    };
    if (status && round->changedFolders)
        m_account.refreshFolders([tell](const Status&) { tell(); });
    else
        tell();
    if (!m_waiting.empty() && !m_running) {
        if (!status) { // what stopped this round would stop the next
            for (const Done& done : std::exchange(m_waiting, {}))
                done(status);
            return;
        }
        m_running = std::make_shared<Round>();
        m_running->done = std::exchange(m_waiting, {});
        next(m_running);
    }
}

} // namespace avocet
