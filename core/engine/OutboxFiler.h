// SPDX-License-Identifier: GPL-3.0-or-later
// What follows behind sending, in the account's own folders: a copy of each message in Sent, once, and a look at what became
// of those whose connection broke while finishing.
#pragma once

#include "core/engine/AccountEngine.h"
#include "core/engine/ChangePlanner.h"
#include "core/model/Outgoing.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <set>
#include <vector>

namespace avocet {

/// \Answered or $Forwarded for the message that `item` answers or forwards, in the transaction that says it is sent. Nothing
/// where there is none, or no longer. `touched` gets the accounts that have to be told.
Status planAnswered(ChangePlanner& planner, Stores& stores, const OutboxItem& item,
                    std::set<AccountId>& touched);

/// Thread: the engine's; one job at a time, several messages a job.
class OutboxFiler : public QObject {
    Q_OBJECT
public:
    OutboxFiler(EngineContext& context, AccountEngine& account);

    /// Looks for what is uncertain, then files all that was sent. `done` when nothing more can be done now.
    void run(AccountEngine::Done done);
    /// Looks for an uncertain message in Sent and the inbox. True: it is there, was accepted, and is settled.
    void check(OutboxId id, std::function<void(Result<bool>)> done);
    /// An uncertain message is known to have been accepted.
    Status settle(OutboxId id);

private:
    void step();
    void finish();
    bool checkNext();
    Result<std::vector<SentCopy>> nextBatch();
    void file(std::vector<SentCopy> batch);
    void filed(const std::vector<FiledCopy>& copies, const Status& status);
    Status take(const FiledCopy& copy);
    void learnFrom(const OutboxItem& item, FiledCopy::Fate fate);
    void retryLater();
    void lookLater();
    void announce(OutboxId id);

    EngineContext& m_context;
    AccountEngine& m_account;
    QTimer m_timer;
    QTimer m_look; ///< the next look for what is uncertain
    bool m_busy = false;
    std::set<OutboxId> m_tried; ///< in this round
    std::set<OutboxId> m_fresh; ///< tried for the first time: what is there is not ours
    int m_failures = 0;
    int m_looks = 0;
    Status m_status;
    std::vector<AccountEngine::Done> m_waiting;
};

} // namespace avocet
