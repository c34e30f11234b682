// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one command of the command line: as the profile's owner, or by asking the owner.
#pragma once

#include "app/CommandLine.h"
#include "app/OwnerServer.h"
#include "core/engine/MailEngine.h"
#include "core/engine/ProfileLock.h"

#include <QElapsedTimer>
#include <QObject>

#include <memory>

namespace avocet {

/// Thread: the main one. Emits done with the exit code: 0 done, 1 failed, 2 usage, 3 uncertain.
class CommandRunner : public QObject {
    Q_OBJECT
public:
    explicit CommandRunner(Invocation invocation, QObject* parent = nullptr);
    ~CommandRunner() override;

    void start();
    /// Ends a watch as done, anything else as failed.
    void stop();

Q_SIGNALS:
    void done(int exitCode);

private:
    bool readInput();
    void findOwner();
    void runAsOwner(std::unique_ptr<ProfileLock> lock);
    void askOwner();
    void finish(const Result<QJsonObject>& reply);
    void leave();

    Invocation m_invocation;
    QElapsedTimer m_since;
    std::unique_ptr<ProfileLock> m_lock;
    std::unique_ptr<MailEngine> m_engine;
    std::unique_ptr<OwnerServer> m_server;
    RequestId m_request;
    int m_exitCode = -1;
};

} // namespace avocet
