// SPDX-License-Identifier: GPL-3.0-or-later
// Takes an account's messages from queued to done, and never sends one twice by itself.
#pragma once

#include "core/engine/AccountEngine.h"
#include "core/engine/OutboxFiler.h"
#include "core/engine/Worker.h"
#include "core/model/Outgoing.h"
#include "core/protocol/SmtpSession.h"

#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

namespace avocet {

/// Thread: the engine's; one message at a time on one worker, all that are due on one connection. The order of steps is
/// the promise (design, journey 4): sending is written before a byte leaves, committing on the disk before the final
/// dot, sent before the copy is filed.
class OutboxSender : public QObject {
    Q_OBJECT
public:
    OutboxSender(EngineContext& context, AccountEngine& account);
    ~OutboxSender() override;

    /// Sends what is due now, files what is sent and looks for what is uncertain. `done` when nothing more is
    /// under way. The status is the first failure that keeps mail waiting.
    void flush(AccountEngine::Done done);
    /// The same without being asked: used while the account is online.
    void wake();
    /// At once, whatever its next try was; an uncertain or failed one by the user's explicit wish.
    Status retry(OutboxId id);
    /// Takes back what has not left. While it is being sent the connection is cut; where the final dot was
    /// quicker, it stays sent or uncertain. Refused behind the dot. Where some have it already, it is taken back from
    /// the others.
    Status cancel(OutboxId id);
    /// Another time for what has not left; 0: now.
    Status reschedule(OutboxId id, std::int64_t sendAt);
    void checkUncertain(OutboxId id, std::function<void(Result<bool>)> done);
    /// An uncertain message is known to have been accepted: a report or the user says so.
    Status settleAsAccepted(OutboxId id);
    /// Stops a transaction under way; the message is queued again, or uncertain behind its final dot.
    void stop();

private:
    struct Connection;
    struct Outgoing {
        OutboxItem item;
        std::string message;
    };

    void comeBack();
    void releaseHolds();
    Status release(OutboxItem item, std::int64_t time);
    bool refill();
    bool isPaused();
    std::optional<Outgoing> takeNext();
    void pump();
    void begin(Outgoing next);
    void transmit(OutboxItem item, std::string message, Credentials credentials);
    bool makeCommitting(OutboxId id, const std::vector<SubmittedRecipient>& answered,
                        const std::stop_token& stop);
    void settle(OutboxItem item, const Submission& submission, bool connected);
    void sync();
    void takeOutcome(OutboxItem& item, const Submission& submission, bool connected);
    void settleError(OutboxItem& item, const Error& error);
    void settleAccepted(OutboxItem& item);
    void settleRefused(OutboxItem& item);
    void queueAgain(OutboxItem& item);
    void noteOffers(const SmtpOffers& offers);
    void endOfQueue();
    void finish();
    Status save(const OutboxItem& item);

    EngineContext& m_context;
    AccountEngine& m_account;
    OutboxFiler m_filer;
    QTimer m_timer; ///< the next try
    QTimer m_holds; ///< the next message whose time comes
    QTimer m_sync;  ///< what the disk does not have yet
    bool m_busy = false;
    std::deque<OutboxId> m_handed; ///< to the worker; the first one is on the wire
    bool m_filing = false;
    bool m_stopping = false;
    bool m_lineDown = false;        ///< this flush could not connect: the rest need not try
    std::int64_t m_noTryBefore = 0; ///< the same for the next flushes
    std::deque<OutboxId> m_queue;   ///< due
    std::set<OutboxId> m_tried;     ///< in this flush, so that one failure does not repeat at once
    std::set<OutboxId> m_takenBack; ///< cancelled while being sent
    bool m_interrupted = false;     ///< the worker was stopped for that
    Status m_status;
    std::vector<AccountEngine::Done> m_waiting;
    std::shared_ptr<Connection> m_connection; // used by the worker's thread alone
    std::unique_ptr<Worker> m_worker;         // last: joined first
};

} // namespace avocet
