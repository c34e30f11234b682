// SPDX-License-Identifier: GPL-3.0-or-later
// A worker that keeps one IMAP connection and opens it again when it is gone.
#pragma once

#include "core/engine/Worker.h"
#include "core/protocol/ImapSession.h"

#include <QObject>

#include <functional>
#include <memory>

namespace avocet {

/// Owner: an AccountEngine, on the engine thread.
class ImapWorker {
public:
    /// Runs on the worker. Must be safe to run again from its start: where a connection that had been idle
    /// turns out to be dead, it is run once more on a new one.
    using Work = std::function<Status(ImapSession&, std::stop_token)>;
    using Done = std::function<void(Status)>;

    /// `context` lives on the engine thread; `done` is called there while it lives.
    ImapWorker(const char* name, QObject* context);
    ~ImapWorker();

    void run(ConnectOptions options, Credentials credentials, Work work, Done done);
    void requestStop() { m_worker.requestStop(); }

private:
    QObject* m_context;
    std::shared_ptr<std::unique_ptr<ImapSession>> m_session; // used by the worker's thread alone
    Worker m_worker;
};

} // namespace avocet
