// SPDX-License-Identifier: GPL-3.0-or-later
// How an account's message bodies come into the cache: all in the background, newest first, and at once what the
// user opens.
#include "core/engine/AccountEngine.h"
#include "core/engine/BodyIngest.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <limits>

namespace avocet {

namespace {

/// So many messages are looked at in one step.
constexpr std::int64_t rowsPerStep = 500;
constexpr std::int64_t newestRows = 20;
/// Bodies are written in transactions of about this much, so that none holds the engine for long.
constexpr std::size_t bytesPerWrite = 1 << 20;
constexpr std::size_t bodiesPerWrite = 100;
/// Larger messages are fetched when they are opened: one of them holds up hundreds of others.
constexpr std::int64_t largestUnasked = 25 << 20;

/// YYYYMMDD, as the user's calendar has it.
int today()
{
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    return (local.tm_year + 1900) * 10000 + (local.tm_mon + 1) * 100 + local.tm_mday;
}

/// On the worker: tells the window now and then.
std::function<void(std::size_t, std::size_t)> progressOf(const EngineContext& context,
                                                         MessageId message)
{
    return [announce = context.announce, message, told = std::chrono::steady_clock::time_point()](
               std::size_t arrived, std::size_t length) mutable {
        const auto time = std::chrono::steady_clock::now();
        if (time - told < progressInterval)
            return;
        told = time;
        announce([=](MailEngine& engine) {
            Q_EMIT engine.bodyProgress(message, static_cast<qint64>(arrived),
                                       static_cast<qint64>(length));
        });
    };
}

/// Packs on the worker, writes on the engine thread in groups.
class BodyBatch {
public:
    BodyBatch(EngineContext& context, Gate& gate, bool asked, std::shared_ptr<FolderReport> report,
              std::stop_token stop)
        : m_context(context)
        , m_gate(gate)
        , m_asked(asked)
        , m_report(std::move(report))
        , m_stop(std::move(stop))
    {
    }

    Status add(MessageId message, const std::string& raw)
    {
        m_bodies.push_back({message, BodyStore::pack(raw)});
        m_bytes += raw.size();
        return m_bytes < bytesPerWrite && m_bodies.size() < bodiesPerWrite ? Status() : flush();
    }

    Status flush()
    {
        if (m_bodies.empty())
            return {};
        m_bytes = 0;
        return m_gate.pass(
            [&context = m_context, asked = m_asked, report = m_report,
             bodies = std::exchange(m_bodies, {})] {
                if (report)
                    report->bodies += std::ssize(bodies);
                return storeBodies(context, bodies, asked);
            },
            m_stop);
    }

private:
    EngineContext& m_context;
    Gate& m_gate;
    bool m_asked;
    std::shared_ptr<FolderReport> m_report;
    std::stop_token m_stop;
    std::vector<ArrivedBody> m_bodies;
    std::size_t m_bytes = 0;
};

} // namespace

/// One step: of the next placements behind the cursor those without a body.
void AccountEngine::fetchBodies(Lane lane, FolderId id, std::shared_ptr<BodyCursor> cursor,
                                std::int64_t rows, std::shared_ptr<FolderReport> report, Done done)
{
    const auto folder = m_context.stores.folders.find(id);
    const BodyCursor before = *cursor;
    auto wanted = m_context.stores.messages.withoutBody(id, *cursor, rows, largestUnasked);
    // Newest first: what lies behind the window's edge is not wanted, nor anything after it.
    if (folder && wanted) {
        const std::int64_t since = wantedSince(*folder);
        cursor->end = cursor->end || cursor->date < since;
        std::erase_if(*wanted, [&](const Placement& place) { return place.date < since; });
        // Without a report it is nobody's command.
        if (m_metered && lane == Lane::Bulk && !report) {
            if (auto kept = keepToBudget(*wanted, before, *cursor); !kept) {
                done(kept);
                return;
            }
        }
    }
    if (!folder || !wanted || wanted->empty()) {
        if (!folder)
            cursor->end = true;
        done(wanted || !folder ? Status() : tl::unexpected(wanted.error()));
        return;
    }
    auto ids = std::make_shared<std::map<std::uint32_t, MessageId>>();
    for (const Placement& placement : *wanted)
        ids->emplace(static_cast<std::uint32_t>(placement.uid), placement.message);
    const auto goesOn = std::make_shared<std::atomic<bool>>(true);
    if (lane == Lane::Bulk && !report && !m_metered)
        m_unmeteredStep = goesOn;
    const auto job = [this, folder = *folder, ids, report, goesOn, asked = lane == Lane::Quick](
                         ImapSession& session, std::stop_token stop) -> Status {
        const auto selected = session.select(folder.mailbox, true);
        if (!selected)
            return tl::unexpected(selected.error());
        if (selected->uidValidity != folder.uidValidity)
            return {}; // the next sync sorts it out
        std::vector<std::uint32_t> uids;
        for (auto it = ids->rbegin(); it != ids->rend(); ++it)
            uids.push_back(it->first);
        // What the user waits for stands behind two groups at most.
        auto gate = std::make_shared<Gate>(this, 2);
        BodyBatch batch(m_context, *gate, asked, report, stop);
        Status passed;
        Status fetched = session.fetchBodies(uids, [&](std::uint32_t uid, std::string raw) {
            const auto message = ids->find(uid);
            if (passed && message != ids->end())
                passed = batch.add(message->second, raw);
            return passed.has_value() && *goesOn;
        });
        if (passed)
            passed = batch.flush(); // also what came before a cut
        const Status drained = gate->wait(stop);
        if (!passed)
            return passed;
        return fetched ? drained : fetched;
    };
    runImap(lane, job, [cursor, before, goesOn, done = std::move(done)](const Status& status) {
        if (!*goesOn)
            *cursor = before;
        done(status);
    });
}

/// Leaves of `wanted`, newest first, what today's budget covers, and sets `cursor` back to there.
Status AccountEngine::keepToBudget(std::vector<Placement>& wanted, BodyCursor before,
                                   BodyCursor& cursor)
{
    const int day = today();
    const auto count = m_context.stores.budgets.take(m_account.id, day, wanted);
    if (count && *count == wanted.size())
        return {};
    cursor = before;
    if (!count)
        return tl::unexpected(count.error());
    wanted.resize(*count);
    if (!wanted.empty()) {
        cursor.date = wanted.back().date;
        cursor.message = wanted.back().message;
    }
    m_bodyWaitDay = day;
    m_status.bodiesWait = true;
    announceStatus();
    return {};
}

void AccountEngine::endBodyWait()
{
    m_bodyWaitDay = 0;
    if (std::exchange(m_status.bodiesWait, false))
        announceStatus();
}

void AccountEngine::setMetered(bool metered)
{
    if (std::exchange(m_metered, metered) == metered)
        return;
    if (metered && m_unmeteredStep)
        *m_unmeteredStep = false; // what it has asked for still comes, and nothing else
    budgetChanged();
}

void AccountEngine::budgetChanged()
{
    endBodyWait();
    continueBodies();
}

/// Seconds since 1970, by INTERNALDATE.
std::int64_t AccountEngine::wantedSince(const Folder& folder)
{
    constexpr std::int64_t month = 30 * 24 * 3600 + 12 * 3600;
    const auto months = m_context.stores.windows.find(m_account.id, folder.mailbox);
    if (!months || !*months)
        return std::numeric_limits<std::int64_t>::min();
    if (**months == 0)
        return std::numeric_limits<std::int64_t>::max();
    return static_cast<std::int64_t>(std::time(nullptr)) - **months * month;
}

void AccountEngine::windowChanged(FolderId folder)
{
    m_bodyCursors.erase(folder);
    continueBodies();
}

void AccountEngine::fetchAllBodies(FolderId folder, std::shared_ptr<BodyCursor> cursor,
                                   std::shared_ptr<FolderReport> report, Done done)
{
    fetchBodies(Lane::Bulk, folder, cursor, rowsPerStep, report,
                [this, folder, cursor, report, done = std::move(done)](const Status& status) {
                    if (!status || cursor->end)
                        done(status);
                    else
                        // By way of the event loop: a folder that is complete is walked through without a pause
                        // for the network.
                        runOn(this, [this, folder, cursor, report, done] {
                            fetchAllBodies(folder, cursor, report, done);
                        });
                });
}

void AccountEngine::fetchFolderBodies(FolderId id, const Report& report, Done done)
{
    using std::chrono::steady_clock;
    auto counted = std::make_shared<FolderReport>();
    counted->account = m_account.id;
    if (const auto folder = m_context.stores.folders.find(id))
        counted->folder = folder->path;
    fetchAllBodies(id, std::make_shared<BodyCursor>(), counted,
                   [counted, report, begin = steady_clock::now(),
                    done = std::move(done)](const Status& status) {
                       counted->ms = std::chrono::duration_cast<std::chrono::milliseconds>(
                                         steady_clock::now() - begin)
                                         .count();
                       if (report && counted->bodies > 0)
                           report(*counted);
                       done(status);
                   });
}

void AccountEngine::newestBodies(FolderId folder)
{
    fetchBodies(Lane::Quick, folder, std::make_shared<BodyCursor>(), newestRows, {},
                [](const Status&) {});
}

/// In steps on the sync connection, so that a sync that is due goes between two of them. Each round of the poll
/// ends here, so that a new day's budget is noticed without a timer.
void AccountEngine::continueBodies()
{
    if (!m_online || paused() || m_fetchingBodies)
        return;
    if (m_bodyWaitDay != 0) {
        if (m_bodyWaitDay == today())
            return;
        endBodyWait();
    }
    const auto folders = m_context.stores.folders.ofAccount(m_account.id);
    if (!folders)
        return;
    for (const Folder& folder : *folders) {
        auto& cursor = m_bodyCursors[folder.id];
        if (!cursor)
            cursor = std::make_shared<BodyCursor>();
        if (!folder.selectable || folder.cached == 0 || cursor->end)
            continue;
        m_fetchingBodies = true;
        fetchBodies(Lane::Bulk, folder.id, cursor, rowsPerStep, {}, [this](const Status& status) {
            m_fetchingBodies = false;
            if (status || !endsRun(status.error()))
                runOn(this, [this] { continueBodies(); });
        });
        return;
    }
}

/// From any of its folders: another client may have taken it out of one of them meanwhile.
void AccountEngine::fetchBody(MessageId message, std::stop_token stop, Done done)
{
    auto placements = m_context.stores.messages.placements(message);
    if (!placements) {
        done(tl::unexpected(placements.error()));
        return;
    }
    std::erase_if(*placements, [](const Placement& one) { return one.pending(); });
    fetchBodyFrom(std::move(*placements), std::move(stop), std::move(done));
}

void AccountEngine::fetchBodyFrom(std::vector<Placement> places, std::stop_token stop, Done done)
{
    if (places.empty()) {
        done(fail(ErrorKind::Rejected, "no message with this id", ErrorCode::NotFound));
        return;
    }
    const Placement place = places.front();
    places.erase(places.begin());
    const auto folder = m_context.stores.folders.find(place.folder);
    if (!folder) {
        done(tl::unexpected(folder.error()));
        return;
    }
    auto body = std::make_shared<std::vector<ArrivedBody>>();
    const auto job = [place, mailbox = folder->mailbox, body, stop,
                      progress = progressOf(m_context, place.message)](ImapSession& session,
                                                                       std::stop_token) -> Status {
        if (stop.stop_requested())
            return fail(ErrorKind::Cancelled, "cancelled");
        const auto selected = session.select(mailbox, true);
        if (!selected)
            return tl::unexpected(selected.error());
        const std::uint32_t uids[] = {static_cast<std::uint32_t>(place.uid)};
        auto fetched = session.fetchBodies(
            uids,
            [&](std::uint32_t, std::string bytes) {
                body->push_back({place.message, BodyStore::pack(bytes)});
                return true;
            },
            progress, stop);
        if (!fetched)
            return fetched;
        if (body->empty() || selected->uidValidity != place.uidValidity)
            return fail(ErrorKind::Rejected, "the message is no longer on the server",
                        ErrorCode::NotFound);
        return {};
    };
    runImap(Lane::Quick, job,
            [this, body, places = std::move(places), stop,
             done = std::move(done)](const Status& status) {
                if (!status && status.error().kind == ErrorKind::Rejected && !places.empty())
                    fetchBodyFrom(places, stop, done);
                else
                    done(status ? storeBodies(m_context, *body, true) : status);
            });
}

} // namespace avocet
