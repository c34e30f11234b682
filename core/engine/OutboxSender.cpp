// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/OutboxSender.h"

#include "core/engine/EngineThread.h"
#include "core/engine/RetryPolicy.h"
#include "core/mime/HeaderWriter.h"
#include "core/mime/SafeTransfer.h"

#include <QCoreApplication>
#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <chrono>
#include <ctime>

namespace avocet {

namespace {

using namespace std::chrono_literals;

/// No more: the next envelope would be said before it is written that this message was accepted, and a crash between the
/// two would leave it uncertain although its 250 was read.
constexpr std::size_t mostHanded = 1;
/// So long a power cut, and nothing else, could make of a message whose 250 was read one that is looked for in Sent.
constexpr auto syncPatience = 20ms;
/// A timer counts in 31 bits of milliseconds, and clocks are set.
constexpr std::int64_t longestSleep = 600;

std::chrono::milliseconds until(std::int64_t time)
{
    const auto wait = std::chrono::system_clock::time_point(std::chrono::seconds(time)) -
                      std::chrono::system_clock::now();
    return std::clamp<std::chrono::milliseconds>(std::chrono::ceil<std::chrono::milliseconds>(wait),
                                                 1ms, std::chrono::seconds(longestSleep));
}

/// The composer writes ASCII; what was written elsewhere may have to be encoded for a server that takes no more.
Result<std::string> fitFor(const SmtpOffers& offers, const std::string& message)
{
    return offers.has("8BITMIME") ? message
                                  : mime::safeForTransfer(message, mime::Transfer::SevenBit);
}

void takeReplies(OutboxItem& item, const Submission& submission)
{
    for (const SubmittedRecipient& submitted : submission.recipients) {
        const auto recipient =
            std::find_if(item.recipients.begin(), item.recipients.end(), [&](const auto& r) {
                return mime::wireAddress(r.address) == submitted.address;
            });
        if (recipient == item.recipients.end() || submitted.reply == 0)
            continue;
        recipient->reply = submitted.text;
        if (submitted.reply >= 500)
            recipient->state = RecipientState::Refused;
        else if (submitted.reply >= 400)
            recipient->state = RecipientState::Deferred;
        else if (submission.accepted)
            recipient->state = RecipientState::Accepted;
        else if (submission.uncertain)
            recipient->state = RecipientState::Uncertain;
    }
}

bool any(const OutboxItem& item, bool (*test)(RecipientState))
{
    return std::any_of(item.recipients.begin(), item.recipients.end(),
                       [test](const OutboxRecipient& r) { return test(r.state); });
}

bool isAccepted(RecipientState state)
{
    return state == RecipientState::Accepted;
}

/// On the worker: tells the window now and then.
std::function<void(std::int64_t)> progressOf(const EngineContext& context, const OutboxItem& item)
{
    return [announce = context.announce, id = item.id, total = item.size,
            told = std::chrono::steady_clock::time_point()](std::int64_t written) mutable {
        const auto time = std::chrono::steady_clock::now();
        if (time - told < progressInterval)
            return;
        told = time;
        announce([=](MailEngine& engine) { Q_EMIT engine.outboxProgress(id, written, total); });
    };
}

} // namespace

struct OutboxSender::Connection {
    std::unique_ptr<SmtpSession> session;
};

OutboxSender::OutboxSender(EngineContext& context, AccountEngine& account)
    : m_context(context)
    , m_account(account)
    , m_filer(context, account)
    , m_connection(std::make_shared<Connection>())
{
    m_timer.setSingleShot(true);
    m_holds.setSingleShot(true);
    m_holds.setTimerType(Qt::PreciseTimer);
    m_sync.setSingleShot(true);
    connect(&m_sync, &QTimer::timeout, this, &OutboxSender::sync);
    connect(&m_timer, &QTimer::timeout, this, &OutboxSender::wake);
    connect(&m_holds, &QTimer::timeout, this, &OutboxSender::wake);
    connect(&account, &AccountEngine::wentOnline, this, &OutboxSender::comeBack);
}

OutboxSender::~OutboxSender() = default;

void OutboxSender::stop()
{
    m_stopping = true;
    m_worker.reset();
    // What the server said last must not be lost with the thread that heard it.
    QCoreApplication::sendPostedEvents(this, QEvent::MetaCall);
    sync();
    m_connection = std::make_shared<Connection>();
    m_stopping = false;
}

/// A connection stands again: what waits only because there was none need not wait longer.
void OutboxSender::comeBack()
{
    m_noTryBefore = 0;
    wake();
}

void OutboxSender::wake()
{
    releaseHolds();
    if (m_account.online())
        flush({});
}

void OutboxSender::flush(AccountEngine::Done done)
{
    if (done)
        m_waiting.push_back(std::move(done));
    if (m_busy)
        return;
    releaseHolds();
    m_tried.clear();
    m_queue.clear();
    m_status = {};
    m_lineDown = false;
    m_busy = true;
    pump();
}

Status OutboxSender::save(const OutboxItem& item)
{
    auto saved = m_context.stores.outbox.save(item);
    m_context.announce(
        [id = item.id, back = item.state == OutboxState::Cancelled](MailEngine& engine) {
            Q_EMIT engine.outboxChanged(id);
            if (back)
                Q_EMIT engine.draftsChanged();
        });
    return saved;
}

// --- what waits for its time

void OutboxSender::releaseHolds()
{
    const auto items = m_context.stores.outbox.held(m_account.account().id);
    if (!items)
        return;
    const std::int64_t time = secondsNow();
    std::int64_t soonest = 0;
    for (const OutboxItem& item : *items) {
        if (item.notBefore <= time)
            (void)release(item, time);
        else
            soonest = soonest == 0 ? item.notBefore : std::min(soonest, item.notBefore);
    }
    if (soonest > 0 && m_account.online())
        m_holds.start(until(soonest));
}

Status OutboxSender::release(OutboxItem item, std::int64_t time)
{
    OverduePolicy policy = OverduePolicy::Send;
    if (item.hold == OutboxHold::Later && time - item.notBefore > overdueAfter)
        policy = m_context.stores.outboxPolicy.overdue().value_or(OverduePolicy::Ask);
    const auto draft = m_context.stores.drafts.inOutbox(item.id);
    if (policy == OverduePolicy::Draft && draft && *draft) {
        item.state = OutboxState::Cancelled;
    } else if (policy == OverduePolicy::Send) {
        item.hold = OutboxHold::None;
        item.notBefore = 0;
    } else {
        item.hold = OutboxHold::Overdue;
    }
    return save(item);
}

// --- the queue

/// True where something is due.
bool OutboxSender::refill()
{
    const auto items =
        m_context.stores.outbox.inState(m_account.account().id, std::array{OutboxState::Queued});
    if (!items) {
        m_status = tl::unexpected(items.error());
        return false;
    }
    std::int64_t soonest = 0;
    for (const OutboxItem& item : *items) {
        if (item.hold != OutboxHold::None || m_tried.contains(item.id))
            continue;
        const std::int64_t time = std::max(item.nextTry, m_noTryBefore);
        if (time <= secondsNow())
            m_queue.push_back(item.id);
        else
            soonest = soonest == 0 ? time : std::min(soonest, time);
    }
    if (soonest > 0 && m_account.online())
        m_timer.start(until(soonest));
    return !m_queue.empty();
}

bool OutboxSender::isPaused()
{
    return m_context.stores.outboxPolicy.paused().value_or(false);
}

/// The next one that is due, durably "sending".
std::optional<OutboxSender::Outgoing> OutboxSender::takeNext()
{
    while (!m_stopping && !m_lineDown && !isPaused() && (!m_queue.empty() || refill())) {
        const OutboxId id = m_queue.front();
        m_queue.pop_front();
        auto item = m_context.stores.outbox.find(id);
        if (!item || item->state != OutboxState::Queued || item->hold != OutboxHold::None)
            continue; // taken back, or put off, meanwhile
        m_tried.insert(id);
        auto message = m_context.stores.outbox.message(id);
        item->state = OutboxState::Sending;
        ++item->attempts;
        const Status saved = message ? save(*item) : tl::unexpected(message.error());
        if (saved)
            return Outgoing{std::move(*item), std::move(*message)};
        m_status = saved;
    }
    return std::nullopt;
}

void OutboxSender::pump()
{
    while (m_handed.size() < mostHanded) {
        auto next = takeNext();
        if (!next)
            break;
        begin(std::move(*next));
    }
    if (m_handed.empty() && m_busy)
        endOfQueue();
}

void OutboxSender::begin(Outgoing next)
{
    m_handed.push_back(next.item.id);
    m_account.withCredentials([this, self = QPointer<OutboxSender>(this),
                               next = std::move(next)](Result<Credentials> credentials) mutable {
        if (!self)
            return;
        if (credentials) {
            transmit(std::move(next.item), std::move(next.message), std::move(*credentials));
            return;
        }
        // Not at once: who hands out the next one is still at it.
        runOn(this, [this, item = std::move(next.item), error = credentials.error()] {
            Submission submission;
            submission.error = error;
            settle(item, submission, false);
        });
    });
}

void OutboxSender::endOfQueue()
{
    m_busy = false;
    if (m_worker)
        m_worker->post([connection = m_connection](std::stop_token) {
            if (connection->session)
                connection->session->quit();
            connection->session.reset();
        });
    if (m_filing)
        return;
    if (m_stopping) {
        finish(); // who waits is told that it waits
        return;
    }
    m_filing = true;
    m_filer.run([this](const Status& filed) {
        m_filing = false;
        if (m_status && !filed)
            m_status = filed;
        if (m_busy)
            return;
        finish();
        if (!isPaused() && refill()) // uncertain for some, and to be tried again for others
            runOn(this, [this] { wake(); });
    });
}

void OutboxSender::finish()
{
    const auto waiting = std::exchange(m_waiting, {});
    for (const auto& done : waiting)
        done(m_status);
}

// --- one message

void OutboxSender::transmit(OutboxItem item, std::string message, Credentials credentials)
{
    if (!m_worker || std::exchange(m_interrupted, false)) {
        m_worker = std::make_unique<Worker>("smtp");
        m_connection = std::make_shared<Connection>(); // the old one hears the old worker's stop
    }
    SmtpEnvelope envelope{
        mime::wireAddress(item.sender), {}, item.reportDelivery, item.messageIdHeader};
    for (const OutboxRecipient& recipient : item.recipients)
        if (isOpen(recipient.state))
            envelope.recipients.push_back(mime::wireAddress(recipient.address));
    m_worker->post([this, connection = m_connection, options = m_account.smtpOptions(),
                    credentials = std::move(credentials), envelope = std::move(envelope),
                    item = std::move(item), message = std::move(message),
                    progress = progressOf(m_context, item)](std::stop_token stop) {
        Submission submission;
        bool connected = false;
        const auto open = [&]() -> bool {
            auto opened = SmtpSession::open(options, credentials, stop);
            if (!opened) {
                submission.error = opened.error();
                return false;
            }
            connection->session = std::move(*opened);
            runOn(this, [this, offers = connection->session->offers()] { noteOffers(offers); });
            return true;
        };
        bool asked = false;
        const auto commit = [&](const std::vector<SubmittedRecipient>& answered) {
            asked = true;
            return makeCommitting(item.id, answered, stop);
        };
        const auto submit = [&] {
            connected = true;
            const auto fit = fitFor(connection->session->offers(), message);
            if (fit)
                submission = connection->session->submit(envelope, *fit, commit, progress);
            else
                submission.error = fit.error();
        };
        const bool reused = connection->session && connection->session->alive();
        if (reused || open())
            submit();
        // A server may leave between two messages, as it may leave at any time: that is no failure of the second one.
        const bool left = reused && !asked && !submission.accepted && !connection->session->alive();
        if (left && !stop.stop_requested() && open())
            submit();
        // What the server said is on disk before anything else takes time.
        runOn(this, [this, item, submission, connected] { settle(item, submission, connected); });
    });
}

/// On the worker: returns once the engine thread has the state on disk, and with it who of the recipients was taken.
bool OutboxSender::makeCommitting(OutboxId id, const std::vector<SubmittedRecipient>& answered,
                                  const std::stop_token& stop)
{
    auto gate = std::make_shared<Gate>(this, 1);
    Submission submission;
    submission.recipients = answered;
    submission.uncertain = true;
    const auto commit = [this, id, submission]() -> Status {
        if (m_takenBack.contains(id))
            return fail(ErrorKind::Cancelled, "taken back by the user");
        auto item = m_context.stores.outbox.find(id);
        if (!item)
            return tl::unexpected(item.error());
        item->state = OutboxState::Committing;
        item->settled = secondsNow();
        takeReplies(*item, submission);
        return save(*item);
    };
    return gate->pass(commit, stop) && gate->wait(stop);
}

/// One transaction says what became of this message and that the next one is under way. The disk need not have it before the
/// server hears the next envelope: makeCommitting() brings both there, before that one's dot. A server that takes its time
/// is not waited for.
void OutboxSender::settle(OutboxItem item, const Submission& submission, bool connected)
{
    std::erase(m_handed, item.id);
    std::optional<Outgoing> next;
    ChangePlanner planner(m_context);
    std::set<AccountId> touched;
    const auto outcome = [&]() -> Status {
        takeOutcome(item, submission, connected);
        if (auto saved = save(item); !saved)
            return saved;
        if (m_handed.size() < mostHanded)
            next = takeNext();
        return planAnswered(planner, m_context.stores, item, touched);
    };
    const Status stored = planner.plan(outcome, Durable::Soon);
    if (!stored)
        m_status = stored;
    else
        m_context.changesPlanned(touched);
    if (m_takenBack.erase(item.id) > 0 && item.state == OutboxState::Queued)
        (void)cancel(item.id);
    if (stored && next) {
        begin(std::move(*next));
        m_sync.start(syncPatience);
    } else {
        sync();
    }
    pump();
}

void OutboxSender::sync()
{
    m_sync.stop();
    if (const Status synced = m_context.stores.user->sync(); !synced)
        m_status = synced;
}

void OutboxSender::takeOutcome(OutboxItem& item, const Submission& submission, bool connected)
{
    if (const auto current = m_context.stores.outbox.find(item.id)) {
        item.state = current->state; // Sending, or Committing where the dot was near
        item.settled = current->settled;
    }
    takeReplies(item, submission);
    item.reply = submission.reply;
    item.errorCode.clear();
    if (submission.accepted) {
        settleAccepted(item);
        return;
    }
    Error error = submission.error.value_or(
        Error{ErrorKind::Bug, "a submission ended without a reason", {}, ErrorCode::None, 0});
    if (!connected && error.kind == ErrorKind::Rejected)
        error.kind = ErrorKind::Transient; // the server wants nobody, whatever the message
    if (submission.uncertain) {
        item.state = OutboxState::Uncertain;
        m_status = fail(error.kind, error.detail, ErrorCode::Uncertain, error.serverText);
    } else {
        settleError(item, error);
        m_status = tl::unexpected(error);
    }
    m_lineDown = m_lineDown || !connected;
    if (m_lineDown && item.state == OutboxState::Queued)
        m_noTryBefore = item.nextTry;
}

void OutboxSender::settleAccepted(OutboxItem& item)
{
    item.settled = secondsNow();
    if (any(item, isOpen)) { // some are to be tried again, and only those
        queueAgain(item);
        return;
    }
    item.state = OutboxState::Sent;
    item.nextTry = 0;
}

void OutboxSender::settleError(OutboxItem& item, const Error& error)
{
    if (any(item, isAccepted) && !any(item, isOpen)) { // the rest was refused on a later try
        settleAccepted(item);
        return;
    }
    item.errorCode = std::to_string(static_cast<int>(error.code));
    if (item.reply.empty())
        item.reply = error.serverText.empty() ? error.detail : error.serverText;
    m_account.noteError(error);
    switch (retryVerdict(error.kind)) {
    case RetryVerdict::Stopped:
        if (!m_takenBack.contains(item.id))
            m_tried.erase(item.id); // another one was taken back
        [[fallthrough]];
    case RetryVerdict::Paused:
        --item.attempts;
        item.state = OutboxState::Queued;
        item.nextTry = 0;
        break;
    case RetryVerdict::Again:
        queueAgain(item);
        break;
    case RetryVerdict::Never:
        settleRefused(item);
    }
}

/// The message itself was refused for good, whatever was said of single recipients. An earlier try may have been accepted for
/// some: for them it stays sent.
void OutboxSender::settleRefused(OutboxItem& item)
{
    if (!any(item, isAccepted)) {
        item.state = OutboxState::Failed;
        return;
    }
    for (OutboxRecipient& recipient : item.recipients)
        if (isOpen(recipient.state)) {
            recipient.state = RecipientState::Refused;
            recipient.reply = item.reply;
        }
    settleAccepted(item);
}

void OutboxSender::queueAgain(OutboxItem& item)
{
    item.state = OutboxState::Queued;
    const auto delay = retryDelay(item.attempts, QRandomGenerator::global()->generateDouble());
    item.nextTry = secondsNow() + std::chrono::ceil<std::chrono::seconds>(delay).count();
}

/// The composer warns of what the server would refuse, before there is a connection.
void OutboxSender::noteOffers(const SmtpOffers& offers)
{
    OutboxPolicy& policy = m_context.stores.outboxPolicy;
    auto facts = policy.facts(m_account.account().id);
    if (!facts || (facts->maxSize == offers.maxSize() && facts->takesReports == offers.has("DSN")))
        return;
    facts->maxSize = offers.maxSize();
    facts->takesReports = offers.has("DSN");
    (void)policy.setFacts(m_account.account().id, *facts);
}

// --- what the user wishes

void OutboxSender::checkUncertain(OutboxId id, std::function<void(Result<bool>)> done)
{
    m_filer.check(id, std::move(done));
}

Status OutboxSender::retry(OutboxId id)
{
    auto item = m_context.stores.outbox.find(id);
    if (!item)
        return tl::unexpected(item.error());
    if (item->state == OutboxState::Sent)
        return {};
    if (!mayFollow(item->state, OutboxState::Queued) || item->state == OutboxState::Sending ||
        item->state == OutboxState::Committing)
        return fail(ErrorKind::Rejected, "this message is on its way or finished",
                    ErrorCode::InvalidInput);
    const bool failed = item->state == OutboxState::Failed;
    for (OutboxRecipient& recipient : item->recipients)
        if (recipient.state == RecipientState::Uncertain ||
            (failed && recipient.state == RecipientState::Refused))
            recipient.state = RecipientState::Pending;
    item->state = OutboxState::Queued;
    item->nextTry = 0;
    item->hold = OutboxHold::None;
    item->notBefore = 0;
    m_noTryBefore = 0;
    m_tried.erase(id);
    return save(*item);
}

Status OutboxSender::reschedule(OutboxId id, std::int64_t sendAt)
{
    auto item = m_context.stores.outbox.find(id);
    if (!item)
        return tl::unexpected(item.error());
    if (item->state != OutboxState::Queued)
        return fail(ErrorKind::Rejected, "this message is on its way or finished",
                    ErrorCode::InvalidInput);
    item->hold = sendAt > secondsNow() ? OutboxHold::Later : OutboxHold::None;
    item->notBefore = item->hold == OutboxHold::Later ? sendAt : 0;
    item->nextTry = 0;
    m_tried.erase(id);
    return save(*item);
}

Status OutboxSender::cancel(OutboxId id)
{
    auto item = m_context.stores.outbox.find(id);
    if (!item)
        return tl::unexpected(item.error());
    if (item->state == OutboxState::Sending && m_worker) {
        // Before the final dot the server forgets what is cut off; settle() takes it back then.
        m_takenBack.insert(id);
        if (!m_handed.empty() && m_handed.front() == id) {
            m_interrupted = true;
            m_worker->requestStop();
        }
        return {};
    }
    const bool partly = any(*item, isAccepted);
    const OutboxState target = partly ? OutboxState::Sent : OutboxState::Cancelled;
    if (item->state == OutboxState::Sent || !mayFollow(item->state, target))
        return fail(ErrorKind::Rejected, "this message is on its way or finished",
                    ErrorCode::InvalidInput);
    item->state = target;
    if (partly)
        for (OutboxRecipient& recipient : item->recipients)
            if (isOpen(recipient.state) || recipient.state == RecipientState::Refused ||
                recipient.state == RecipientState::Uncertain)
                recipient.state = RecipientState::Withdrawn;
    ChangePlanner planner(m_context);
    std::set<AccountId> touched;
    const Status saved = planner.plan([&]() -> Status {
        if (auto stored = save(*item); !stored)
            return stored;
        return planAnswered(planner, m_context.stores, *item, touched);
    });
    if (saved)
        m_context.changesPlanned(touched);
    return saved;
}

Status OutboxSender::settleAsAccepted(OutboxId id)
{
    return m_filer.settle(id);
}

} // namespace avocet
