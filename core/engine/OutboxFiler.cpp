// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/OutboxFiler.h"

#include "core/engine/RetryPolicy.h"
#include "core/mime/MessageBuilder.h"

#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <ctime>

namespace avocet {

namespace {

// One round trip of the engine for so many; no more than this lies in memory twice.
constexpr std::size_t batchMessages = 25;
constexpr std::size_t batchBytes = 8 << 20;
/// A provider that files by itself needs a moment; after that we do it, and believe it no more.
constexpr std::int64_t providerPatience = 300;

} // namespace

OutboxFiler::OutboxFiler(EngineContext& context, AccountEngine& account)
    : m_context(context)
    , m_account(account)
{
    m_timer.setSingleShot(true);
    m_look.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] { run({}); });
    connect(&m_look, &QTimer::timeout, this, [this] { run({}); });
}

void OutboxFiler::announce(OutboxId id)
{
    m_context.announce([id](MailEngine& engine) { Q_EMIT engine.outboxChanged(id); });
}

void OutboxFiler::run(AccountEngine::Done done)
{
    if (done)
        m_waiting.push_back(std::move(done));
    if (m_busy)
        return; // what came meanwhile is found by the next step
    m_tried.clear();
    m_status = {};
    step();
}

void OutboxFiler::step()
{
    m_busy = true;
    if (checkNext())
        return;
    auto batch = nextBatch();
    if (!batch)
        m_status = tl::unexpected(batch.error());
    if (batch && !batch->empty())
        file(std::move(*batch));
    else
        finish();
}

void OutboxFiler::finish()
{
    m_busy = false;
    lookLater();
    const auto waiting = std::exchange(m_waiting, {});
    for (const auto& done : waiting)
        done(m_status);
}

bool OutboxFiler::checkNext()
{
    const auto uncertain =
        m_context.stores.outbox.inState(m_account.account().id, std::array{OutboxState::Uncertain});
    if (!uncertain)
        return false;
    const auto next = std::find_if(uncertain->begin(), uncertain->end(),
                                   [&](const auto& item) { return !m_tried.contains(item.id); });
    if (next == uncertain->end())
        return false;
    m_tried.insert(next->id);
    check(next->id, [this, id = next->id](const Result<bool>& found) {
        if (found && *found)
            m_tried.erase(id); // it is sent now, and its copy may be missing
        step();
    });
    return true;
}

/// Durable before it is handed out: what is tried now may be in Sent by us from here on.
Result<std::vector<SentCopy>> OutboxFiler::nextBatch()
{
    OutboxStore& outbox = m_context.stores.outbox;
    const AccountId account = m_account.account().id;
    const auto items = outbox.inState(account, std::array{OutboxState::Sent, OutboxState::Filed});
    const auto facts =
        items ? m_context.stores.outboxPolicy.facts(account) : tl::unexpected(items.error());
    if (!facts)
        return tl::unexpected(facts.error());
    std::vector<SentCopy> batch;
    std::size_t bytes = 0;
    const Status prepared = m_context.stores.user->transaction([&]() -> Status {
        for (OutboxItem item : *items) {
            if (m_tried.contains(item.id))
                continue;
            if (batch.size() == batchMessages || bytes > batchBytes)
                return {};
            m_tried.insert(item.id);
            if (item.state == OutboxState::Filed) {
                item.state = OutboxState::Done;
                if (auto saved = outbox.save(item); !saved)
                    return saved;
                continue;
            }
            auto message = outbox.message(item.id);
            if (!message)
                return tl::unexpected(message.error());
            SentCopy copy{item.id, item.messageIdHeader, withBcc(*message, item.bcc), true, false};
            copy.late = secondsNow() - item.settled > providerPatience;
            copy.append = !facts->filesSent || item.filing || copy.late;
            bytes += copy.message.size();
            if (copy.append && !item.filing) {
                item.filing = true;
                if (auto saved = outbox.save(item); !saved)
                    return saved;
                m_fresh.insert(item.id);
            }
            batch.push_back(std::move(copy));
        }
        return {};
    });
    if (!prepared)
        return tl::unexpected(prepared.error());
    return batch;
}

void OutboxFiler::file(std::vector<SentCopy> batch)
{
    std::vector<OutboxId> ids;
    for (const SentCopy& copy : batch)
        ids.push_back(copy.item);
    m_account.fileSentCopies(
        std::move(batch), [this, ids](const std::vector<FiledCopy>& copies, const Status& status) {
            filed(copies, status);
            if (!status)
                for (const OutboxId id : ids)
                    if (auto item = m_context.stores.outbox.find(id);
                        item && item->state == OutboxState::Sent) {
                        item->errorCode = std::to_string(static_cast<int>(status.error().code));
                        (void)m_context.stores.outbox.save(
                            *item); // the copy is tried again, the message never
                        announce(id);
                    }
            for (const OutboxId id : ids)
                m_fresh.erase(id);
            if (status)
                step();
            else
                finish();
        });
}

void OutboxFiler::filed(const std::vector<FiledCopy>& copies, const Status& status)
{
    bool missing = false;
    const Status saved = m_context.stores.user->transaction([&]() -> Status {
        for (const FiledCopy& copy : copies) {
            missing = missing || copy.fate == FiledCopy::Fate::Missing;
            if (auto taken = take(copy); !taken)
                return taken;
        }
        return {};
    });
    for (const FiledCopy& copy : copies)
        announce(copy.item);
    if (!status)
        m_status = status;
    else if (!saved)
        m_status = saved;
    m_failures = m_status && !missing ? 0 : m_failures + 1;
    if (!m_status || missing)
        retryLater();
}

Status OutboxFiler::take(const FiledCopy& copy)
{
    auto item = m_context.stores.outbox.find(copy.item);
    if (!item)
        return tl::unexpected(item.error());
    learnFrom(*item, copy.fate);
    if (copy.fate == FiledCopy::Fate::Missing || item->state != OutboxState::Sent)
        return {};
    item->state = OutboxState::Done;
    item->errorCode.clear();
    return m_context.stores.outbox.save(*item);
}

/// There before our first try: somebody else filed it, and will again. What we had to file in spite of that says no.
void OutboxFiler::learnFrom(const OutboxItem& item, FiledCopy::Fate fate)
{
    OutboxPolicy& policy = m_context.stores.outboxPolicy;
    auto facts = policy.facts(item.account);
    if (!facts)
        return;
    const bool byProvider =
        fate == FiledCopy::Fate::WasThere && (facts->filesSent || m_fresh.contains(item.id));
    if (fate == FiledCopy::Fate::Missing || byProvider == facts->filesSent ||
        (fate == FiledCopy::Fate::WasThere && !byProvider))
        return;
    facts->filesSent = byProvider;
    (void)policy.setFacts(item.account, *facts);
}

void OutboxFiler::retryLater()
{
    if (m_account.online())
        m_timer.start(retryDelay(m_failures, QRandomGenerator::global()->generateDouble()));
}

/// What arrives late is found late: the server may still have been at it, and folders have their own delays.
void OutboxFiler::lookLater()
{
    const auto uncertain =
        m_context.stores.outbox.inState(m_account.account().id, std::array{OutboxState::Uncertain});
    if (!uncertain || uncertain->empty() || !m_account.online()) {
        m_looks = 0;
        return;
    }
    if (!m_look.isActive())
        m_look.start(retryDelay(++m_looks, QRandomGenerator::global()->generateDouble()));
}

void OutboxFiler::check(OutboxId id, std::function<void(Result<bool>)> done)
{
    const auto item = m_context.stores.outbox.find(id);
    if (!item || item->state != OutboxState::Uncertain || !isProvenByCopy(*item)) {
        done(item ? Result<bool>(false) : tl::unexpected(item.error()));
        return;
    }
    const auto message = m_context.stores.outbox.message(id);
    if (!message) {
        done(tl::unexpected(message.error()));
        return;
    }
    m_account.findByMessageId(item->messageIdHeader, *message,
                              [this, id, done](const Result<bool>& found) {
                                  const Status settled = found && *found ? settle(id) : Status();
                                  done(settled ? found : tl::unexpected(settled.error()));
                              });
}

Status OutboxFiler::settle(OutboxId id)
{
    auto item = m_context.stores.outbox.find(id);
    if (!item)
        return tl::unexpected(item.error());
    if (item->state != OutboxState::Uncertain)
        return {};
    settleUncertain(*item);
    if (item->state == OutboxState::Queued)
        item->nextTry = secondsNow();
    ChangePlanner planner(m_context);
    std::set<AccountId> touched;
    const Status saved = planner.plan([&]() -> Status {
        if (auto stored = m_context.stores.outbox.save(*item); !stored)
            return stored;
        return planAnswered(planner, m_context.stores, *item, touched);
    });
    if (saved)
        m_context.changesPlanned(touched);
    announce(id);
    return saved;
}

Status planAnswered(ChangePlanner& planner, Stores& stores, const OutboxItem& item,
                    std::set<AccountId>& touched)
{
    if (!item.original || item.state != OutboxState::Sent || !stores.messages.row(item.original))
        return {};
    return planner.mark(item.original, {item.forwards ? Flag::Forwarded : Flag::Answered, 0},
                        touched);
}

} // namespace avocet
