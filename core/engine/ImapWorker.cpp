// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/ImapWorker.h"

#include "core/engine/EngineThread.h"
#include "core/engine/NetworkState.h"

namespace avocet {

namespace {

bool connectionBroke(const Error& error)
{
    return error.kind == ErrorKind::Offline || error.kind == ErrorKind::Timeout ||
           error.kind == ErrorKind::Protocol;
}

Status runOnce(std::unique_ptr<ImapSession>& session, const ConnectOptions& options,
               const Credentials& credentials, const ImapWorker::Work& work, std::stop_token stop)
{
    const bool reused = session && session->alive();
    if (!reused) {
        auto opened = ImapSession::open(options, credentials, stop);
        if (!opened)
            return tl::unexpected(opened.error());
        session = std::move(*opened);
        // Headers shrink to a quarter; on this machine the work would cost more than the bytes.
        if (!isThisMachine(options.server.host))
            if (auto on = session->startCompression(); !on && !session->alive())
                return on;
    }
    Status status = work(*session, stop);
    if (status || session->alive())
        return status;
    session.reset();
    if (reused && connectionBroke(status.error()))
        return runOnce(session, options, credentials, work, stop);
    return status;
}

} // namespace

ImapWorker::ImapWorker(const char* name, QObject* context)
    : m_context(context)
    , m_session(std::make_shared<std::unique_ptr<ImapSession>>())
    , m_worker(name)
{
}

ImapWorker::~ImapWorker() = default;

void ImapWorker::run(ConnectOptions options, Credentials credentials, Work work, Done done)
{
    m_worker.post([session = m_session, context = m_context, options = std::move(options),
                   credentials = std::move(credentials), work = std::move(work),
                   done = std::move(done)](std::stop_token stop) {
        Status status = runOnce(*session, options, credentials, work, stop);
        runOn(context, [done, status = std::move(status)] { done(status); });
    });
}

} // namespace avocet
