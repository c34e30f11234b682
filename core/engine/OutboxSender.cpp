// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/OutboxSender.h"

#include "core/engine/EngineThread.h"
#include "core/engine/RetryPolicy.h"
#include "core/mime/MessageBuilder.h"

#include <QRandomGenerator>

#include <algorithm>
#include <ctime>

namespace avocet {

namespace {

std::int64_t now()
{
    return static_cast<std::int64_t>(std::time(nullptr));
}

bool isOpen(RecipientState state)
{
    return state == RecipientState::Pending || state == RecipientState::Deferred;
}

void takeReplies(OutboxItem& item, const Submission& submission)
{
    for (const SubmittedRecipient& submitted : submission.recipients) {
        const auto recipient =
            std::find_if(item.recipients.begin(), item.recipients.end(),
                         [&](const auto& r) { return r.address == submitted.address; });
        if (recipient == item.recipients.end() || submitted.reply == 0)
            continue;
        recipient->reply = submitted.text;
        if (submitted.reply >= 500)
            recipient->state = RecipientState::Refused;
        else if (submitted.reply >= 400)
            recipient->state = RecipientState::Deferred;
        else if (submission.accepted)
            recipient->state = RecipientState::Accepted;
    }
}

bool any(const OutboxItem& item, bool (*test)(RecipientState))
{
    return std::any_of(item.recipients.begin(), item.recipients.end(),
                       [test](const OutboxRecipient& r) { return test(r.state); });
}

} // namespace

struct OutboxSender::Connection {
    std::unique_ptr<SmtpSession> session;
};

OutboxSender::OutboxSender(EngineContext& context, AccountEngine& account)
    : m_context(context)
    , m_account(account)
    , m_connection(std::make_shared<Connection>())
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &OutboxSender::wake);
    connect(&account, &AccountEngine::wentOnline, this, &OutboxSender::wake);
}

OutboxSender::~OutboxSender() = default;

void OutboxSender::stop()
{
    m_worker.reset();
    m_connection = std::make_shared<Connection>();
}

void OutboxSender::wake()
{
    if (m_account.online())
        flush({});
}

void OutboxSender::flush(AccountEngine::Done done)
{
    if (done)
        m_waiting.push_back(std::move(done));
    if (m_busy)
        return;
    m_tried.clear();
    m_status = {};
    next();
}

Status OutboxSender::save(const OutboxItem& item)
{
    auto saved = m_context.stores.outbox.save(item);
    m_context.announce([id = item.id](MailEngine& engine) { Q_EMIT engine.outboxChanged(id); });
    return saved;
}

void OutboxSender::next()
{
    m_busy = false;
    const auto items = m_context.stores.outbox.all();
    if (!items) {
        finish(tl::unexpected(items.error()));
        return;
    }
    std::int64_t soonest = 0;
    for (const OutboxItem& item : *items) {
        if (item.account != m_account.account().id || m_tried.contains(item.id))
            continue;
        if (item.state == OutboxState::Queued && item.nextTry > now()) {
            soonest = soonest == 0 ? item.nextTry : std::min(soonest, item.nextTry);
            continue;
        }
        if (item.state != OutboxState::Queued && item.state != OutboxState::Sent &&
            item.state != OutboxState::Filed && item.state != OutboxState::Uncertain)
            continue;
        m_busy = true;
        m_tried.insert(item.id);
        start(item);
        return;
    }
    if (soonest > 0 && m_account.online())
        m_timer.start(std::chrono::seconds(std::max<std::int64_t>(1, soonest - now())));
    finish(m_status);
}

void OutboxSender::finish(Status status)
{
    const auto waiting = std::exchange(m_waiting, {});
    for (const auto& done : waiting)
        done(status);
}

void OutboxSender::start(OutboxItem item)
{
    if (item.state == OutboxState::Sent) {
        fileCopy(std::move(item));
        return;
    }
    if (item.state == OutboxState::Filed) {
        item.state = OutboxState::Done;
        (void)save(item);
        next();
        return;
    }
    if (item.state == OutboxState::Uncertain) {
        checkUncertain(item.id, [this, id = item.id](const Result<bool>& found) {
            if (found && *found)
                m_tried.erase(id); // it is sent now, and its copy may be missing
            next();
        });
        return;
    }
    auto message = m_context.stores.outbox.message(item.id);
    item.state = OutboxState::Sending;
    ++item.attempts;
    const Status saved = message ? save(item) : tl::unexpected(message.error());
    if (!saved) {
        m_status = saved;
        next();
        return;
    }
    m_account.withCredentials(
        [this, self = QPointer<OutboxSender>(this), item = std::move(item),
         message = std::move(*message)](Result<Credentials> credentials) mutable {
            if (!self)
                return;
            if (credentials) {
                transmit(std::move(item), std::move(message), std::move(*credentials));
                return;
            }
            Submission submission;
            submission.error = credentials.error();
            settle(std::move(item), submission);
        });
}

void OutboxSender::transmit(OutboxItem item, std::string message, Credentials credentials)
{
    if (!m_worker || std::exchange(m_interrupted, false))
        m_worker = std::make_unique<Worker>("smtp");
    std::vector<std::string> recipients;
    for (const OutboxRecipient& recipient : item.recipients)
        if (isOpen(recipient.state))
            recipients.push_back(recipient.address);
    m_worker->post([this, connection = m_connection, options = m_account.smtpOptions(),
                    credentials = std::move(credentials), recipients = std::move(recipients),
                    item = std::move(item), message = std::move(message)](std::stop_token stop) {
        Submission submission;
        if (!connection->session || !connection->session->alive()) {
            auto opened = SmtpSession::open(options, credentials, stop);
            if (opened)
                connection->session = std::move(*opened);
            else
                submission.error = opened.error();
        }
        if (!submission.error) {
            const auto commit = [&] { return makeCommitting(item.id, stop); };
            submission = connection->session->submit(item.sender, recipients, message, commit, {});
        }
        // What the server said is on disk before anything else takes time.
        auto gate = std::make_shared<Gate>(this, 1);
        (void)gate->pass(
            [this, item, submission]() -> Status {
                settle(item, submission);
                return {};
            },
            stop);
        (void)gate->wait(stop);
        // A connection kept open between messages gains little and is often found dead.
        if (connection->session && connection->session->alive())
            connection->session->quit();
        connection->session.reset();
    });
}

/// On the worker: returns once the engine thread has the state on disk.
bool OutboxSender::makeCommitting(OutboxId id, const std::stop_token& stop)
{
    auto gate = std::make_shared<Gate>(this, 1);
    const auto commit = [this, id]() -> Status {
        auto item = m_context.stores.outbox.find(id);
        if (!item)
            return tl::unexpected(item.error());
        item->state = OutboxState::Committing;
        return save(*item);
    };
    return gate->pass(commit, stop) && gate->wait(stop);
}

void OutboxSender::settle(OutboxItem item, const Submission& submission)
{
    if (const auto current = m_context.stores.outbox.find(item.id))
        item.state = current->state; // Sending, or Committing where the dot was near
    takeReplies(item, submission);
    item.reply = submission.reply;
    item.errorCode.clear();
    if (submission.accepted) {
        settleAccepted(item);
    } else {
        const Error error = submission.error.value_or(
            Error{ErrorKind::Bug, "a submission ended without a reason", {}, ErrorCode::None, 0});
        if (submission.uncertain) {
            item.state = OutboxState::Uncertain;
            m_status = fail(error.kind, error.detail, ErrorCode::Uncertain, error.serverText);
        } else {
            settleError(item, error);
            m_status = tl::unexpected(error);
        }
    }
    if (auto saved = save(item); !saved)
        m_status = saved;
    if (m_takenBack.erase(item.id) > 0 && item.state == OutboxState::Queued)
        (void)cancel(item.id);
    if (item.state == OutboxState::Sent)
        fileCopy(std::move(item));
    else
        next();
}

void OutboxSender::settleAccepted(OutboxItem& item)
{
    if (any(item, isOpen)) { // some are to be tried again, and only those
        queueAgain(item);
        return;
    }
    item.state = OutboxState::Sent;
    item.nextTry = 0;
    markOriginal(item);
}

void OutboxSender::settleError(OutboxItem& item, const Error& error)
{
    const bool deferred = any(item, [](RecipientState s) { return s == RecipientState::Deferred; });
    const bool open = any(item, isOpen);
    const bool accepted = any(item, [](RecipientState s) { return s == RecipientState::Accepted; });
    if (accepted && !open) { // the rest was refused on a later try
        settleAccepted(item);
        return;
    }
    item.errorCode = std::to_string(static_cast<int>(error.code));
    if (item.reply.empty())
        item.reply = error.serverText.empty() ? error.detail : error.serverText;
    m_account.noteError(error);
    const RetryVerdict verdict = retryVerdict(error.kind);
    if (verdict == RetryVerdict::Paused || verdict == RetryVerdict::Stopped) {
        --item.attempts;
        item.state = OutboxState::Queued;
        item.nextTry = 0;
    } else if (verdict == RetryVerdict::Again || deferred) {
        queueAgain(item);
    } else {
        item.state = OutboxState::Failed;
    }
}

void OutboxSender::queueAgain(OutboxItem& item)
{
    item.state = OutboxState::Queued;
    const auto delay = retryDelay(item.attempts, QRandomGenerator::global()->generateDouble());
    item.nextTry = now() + std::chrono::ceil<std::chrono::seconds>(delay).count();
}

void OutboxSender::markOriginal(const OutboxItem& item)
{
    if (!item.original)
        return;
    m_context.announce([item](MailEngine& engine) {
        engine.submit(command::Mark{
            {item.original}, item.forwards ? Flag::Forwarded : Flag::Answered, 0, false});
    });
}

void OutboxSender::fileCopy(OutboxItem item)
{
    auto message = m_context.stores.outbox.message(item.id);
    if (!message) {
        m_status = tl::unexpected(message.error());
        next();
        return;
    }
    m_account.fileSentCopy(
        item.messageIdHeader, withBcc(*message, item.bcc),
        [this, item](const Status& status) mutable {
            if (status) {
                item.state = OutboxState::Filed;
                item.errorCode.clear();
                Status saved = save(item);
                item.state = OutboxState::Done;
                if (saved)
                    saved = save(item);
                if (!saved)
                    m_status = saved;
            } else {
                item.errorCode = std::to_string(static_cast<int>(status.error().code));
                (void)save(item); // still Sent: the copy is tried again, the message never
                m_status = status;
                if (m_account.online())
                    m_timer.start(
                        retryDelay(++item.attempts, QRandomGenerator::global()->generateDouble()));
            }
            next();
        });
}

void OutboxSender::checkUncertain(OutboxId id, std::function<void(Result<bool>)> done)
{
    const auto item = m_context.stores.outbox.find(id);
    if (!item || item->state != OutboxState::Uncertain) {
        done(item ? Result<bool>(false) : tl::unexpected(item.error()));
        return;
    }
    m_account.findByMessageId(item->messageIdHeader,
                              [this, item = *item, done](Result<bool> found) mutable {
                                  if (found && *found) {
                                      for (OutboxRecipient& recipient : item.recipients)
                                          if (isOpen(recipient.state))
                                              recipient.state = RecipientState::Accepted;
                                      item.state = OutboxState::Sent;
                                      if (auto saved = save(item); !saved) {
                                          done(tl::unexpected(saved.error()));
                                          return;
                                      }
                                  }
                                  done(found);
                              });
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
    if (item->state == OutboxState::Failed)
        for (OutboxRecipient& recipient : item->recipients)
            if (recipient.state == RecipientState::Refused)
                recipient.state = RecipientState::Pending;
    item->state = OutboxState::Queued;
    item->nextTry = 0;
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
    item->hold = sendAt > now() ? OutboxHold::Later : OutboxHold::None;
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
        m_interrupted = true;
        m_worker->requestStop();
        return {};
    }
    if (!mayFollow(item->state, OutboxState::Cancelled))
        return fail(ErrorKind::Rejected, "this message is on its way or finished",
                    ErrorCode::InvalidInput);
    item->state = OutboxState::Cancelled;
    return save(*item);
}

} // namespace avocet
