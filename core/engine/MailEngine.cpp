// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/MailEngine.h"

#include "core/engine/EngineCore.h"
#include "core/engine/EngineThread.h"

#include <QDateTime>
#include <QPointer>
#include <QThread>

#include <openssl/crypto.h>

#include <map>
#include <set>

namespace avocet {

namespace {

/// What `watch` calls a state; nullptr for those that come and go in between.
const char* connectionEvent(AccountStatus::State state)
{
    switch (state) {
    case AccountStatus::State::Idle:
        return "online";
    case AccountStatus::State::Offline:
        return "offline";
    case AccountStatus::State::Paused:
        return "paused";
    case AccountStatus::State::Connecting:
    case AccountStatus::State::Syncing:
        break;
    }
    return nullptr;
}

} // namespace

struct MailEngine::Private {
    EngineOptions options;
    MailQueries queries;
    QThread thread;
    EngineCore* core = nullptr; // lives on `thread`
    std::int64_t lastRequest = 0;
    std::set<RequestId> watches;
    std::map<AccountId, AccountStatus> status;
    std::map<FolderId, QString> paths;

    QString path(FolderId folder)
    {
        if (!paths.contains(folder)) {
            paths.clear();
            for (const Folder& known : queries.folders())
                paths[known.id] = QString::fromStdString(known.path);
        }
        return paths[folder];
    }
};

MailEngine::MailEngine(EngineOptions options, QObject* parent)
    : QObject(parent)
    , d(std::make_unique<Private>())
{
    d->options = std::move(options);
    reportEvents();
}

MailEngine::~MailEngine()
{
    if (!d->thread.isRunning())
        return;
    // QThread::wait() may return before the thread's last destructors have run, and then OpenSSL's share
    // of the thread would race with the end of the program.
    const auto end = [this] {
        delete std::exchange(d->core, nullptr);
        OPENSSL_thread_stop();
    };
    QMetaObject::invokeMethod(d->core, end, Qt::BlockingQueuedConnection);
    d->thread.quit();
    d->thread.wait();
}

Status MailEngine::open()
{
    const auto announce = [self = QPointer<MailEngine>(this),
                           this](std::function<void(MailEngine&)> event) {
        runOn(this, [self, event = std::move(event)] {
            if (self)
                event(*self);
        });
    };
    d->thread.setObjectName(QStringLiteral("engine"));
    d->thread.start();
    auto* starter = new QObject;
    starter->moveToThread(&d->thread);
    Status status;
    QMetaObject::invokeMethod(
        starter,
        [&] {
            d->core = new EngineCore(d->options, announce);
            status = d->core->open();
            delete starter;
        },
        Qt::BlockingQueuedConnection);
    if (!status)
        return status;
    return d->queries.open(d->options.profile);
}

RequestId MailEngine::submit(Command command)
{
    const RequestId request{++d->lastRequest};
    if (std::holds_alternative<command::Watch>(command))
        d->watches.insert(request);
    runOn(d->core, [core = d->core, request, command = std::move(command)] {
        core->handle(request, command);
    });
    return request;
}

void MailEngine::cancel(RequestId request)
{
    d->watches.erase(request);
    runOn(d->core, [core = d->core, request] { core->cancel(request); });
}

MailQueries& MailEngine::queries()
{
    return d->queries;
}

std::vector<AccountStatus> MailEngine::accountStatus() const
{
    std::vector<AccountStatus> all;
    for (const auto& [id, status] : d->status)
        all.push_back(status);
    return all;
}

void MailEngine::noteStatus(const AccountStatus& status)
{
    d->status[status.account] = status;
    Q_EMIT accountStatusChanged(status.account);
}

/// Turns the engine's signals into the lines of `watch`.
void MailEngine::reportEvents()
{
    const auto line = [this](const char* event, std::int64_t id, const QString& folder) {
        const QJsonObject object{
            {QStringLiteral("event"), QLatin1String(event)},
            {QStringLiteral("id"), static_cast<qint64>(id)},
            {QStringLiteral("folder"), folder},
            {QStringLiteral("at"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)}};
        for (const RequestId request : d->watches)
            Q_EMIT reported(request, object);
    };
    const auto each = [this, line](const char* event) {
        return [this, line, event](FolderId folder, const std::vector<MessageId>& messages) {
            if (d->watches.empty())
                return;
            const QString path = d->path(folder);
            for (const MessageId message : messages)
                line(event, message.value, path);
        };
    };
    connect(this, &MailEngine::messagesAdded, this, each("new"));
    connect(this, &MailEngine::messagesChanged, this, each("changed"));
    connect(this, &MailEngine::messagesRemoved, this, each("removed"));
    connect(this, &MailEngine::folderReset, this,
            [this, line](FolderId folder) { line("reset", folder.value, d->path(folder)); });
    connect(this, &MailEngine::outboxChanged, this,
            [line](OutboxId item) { line("outbox", item.value, {}); });
    connect(this, &MailEngine::foldersChanged, this, [this](AccountId) { d->paths.clear(); });
    connect(this, &MailEngine::accountStatusChanged, this,
            [this, line, told = std::map<AccountId, const char*>()](AccountId account) mutable {
                const char* event = connectionEvent(d->status[account].state);
                if (event && std::exchange(told[account], event) != event)
                    line(event, account.value, {});
            });
}

} // namespace avocet
