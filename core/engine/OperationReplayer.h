// SPDX-License-Identifier: GPL-3.0-or-later
// Tells an account's server what the user changed, in order, and settles the cache with what came of it.
#pragma once

#include "core/engine/ChangePlanner.h"
#include "core/engine/ImapWorker.h"
#include "core/engine/ReplaySteps.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

namespace avocet {

/// Thread: the engine's. One round at a time; operations planned meanwhile are part of the next.
class OperationReplayer : public QObject {
    Q_OBJECT
public:
    using Done = std::function<void(Status)>;
    struct Account {
        AccountId id;
        std::function<void(ImapWorker::Work, Done)> runImap;
        std::function<void(FolderId)> syncFolder; ///< a UID that the server did not tell
        std::function<void(Done)> refreshFolders;
    };

    OperationReplayer(EngineContext& context, Account account);

    /// `done` after all that is planned now: the first refusal, or what ended the round (the rest stays planned).
    void run(Done done);

private:
    struct Round;

    void next(std::shared_ptr<Round> round);
    void carryOut(std::shared_ptr<Round> round, std::vector<Operation> batch);
    Status settle(Round& round, const std::vector<Operation>& batch, const Status& status,
                  const ReplayOutcome& outcome);
    Status settleDone(Round& round, const std::vector<Operation>& batch,
                      const ReplayOutcome& outcome);
    Status settleInCache(Round& round, const Operation& operation, const PendingChanges& changes,
                         const ReplayOutcome& outcome);
    Status refuse(const std::vector<Operation>& batch, const Error& error);
    void finish(std::shared_ptr<Round> round, const Status& status);

    EngineContext& m_context;
    Account m_account;
    ChangePlanner m_planner;
    std::shared_ptr<Round> m_running;
    std::vector<Done> m_waiting;
    QTimer m_held; ///< until the first operation that has to wait may go
};

} // namespace avocet
