// SPDX-License-Identifier: GPL-3.0-or-later
// The only door to the core: commands in, replies and past-tense events out.
#pragma once

#include "core/engine/Command.h"
#include "core/engine/MailQueries.h"
#include "core/model/Error.h"
#include "core/model/Ids.h"

#include <QJsonObject>
#include <QObject>

#include <filesystem>
#include <memory>
#include <vector>

namespace avocet {

/// What an account is doing, for the status line and the folder pane.
struct AccountStatus {
    enum class State { Offline, Connecting, Syncing, Idle, Paused };
    AccountId account;
    State state = State::Offline;
    Error error; ///< where Paused or Offline: why (kind, code)
    bool hasError = false;
    FolderId folder; ///< where Syncing
    std::int64_t done = 0, total = 0;
    bool bodiesWait = false; ///< today's budget for a metered line is used up
};

struct EngineOptions {
    std::filesystem::path profile;
    /// Connect by itself and stay online (window, watch); otherwise only for commands.
    bool online = true;
};

/// Thread: made and used on one thread with an event loop (the GUI's); the engine's own thread, workers and
/// databases live behind it. Signals come on the owner's thread. Destroying it stops within a second.
class MailEngine : public QObject {
    Q_OBJECT
public:
    explicit MailEngine(EngineOptions options, QObject* parent = nullptr);
    ~MailEngine() override;

    /// Opens the databases and starts the engine thread. The caller holds the profile's lock. Blocking, at start only.
    Status open();

    RequestId submit(Command command);
    void cancel(RequestId request);

    /// Read side for the owner's thread.
    MailQueries& queries();

    /// The last known state of each account.
    std::vector<AccountStatus> accountStatus() const;
    /// For the engine's own parts: keeps the status and emits accountStatusChanged.
    void noteStatus(const AccountStatus& status);

Q_SIGNALS:
    void finished(avocet::RequestId request, avocet::Result<QJsonObject> reply);
    void reported(avocet::RequestId request, const QJsonObject& line);

    void accountsChanged();
    void trustChanged();    ///< MailQueries::isTrusted() answers otherwise for somebody
    void contactsChanged(); ///< or the suggestions that are hidden
    void templatesChanged();
    void accountStatusChanged(avocet::AccountId account);
    void foldersChanged(avocet::AccountId account); ///< list or counts
    void messagesAdded(avocet::FolderId folder, const std::vector<avocet::MessageId>& messages);
    void messagesChanged(avocet::FolderId folder, const std::vector<avocet::MessageId>& messages);
    void messagesRemoved(avocet::FolderId folder, const std::vector<avocet::MessageId>& messages);
    void folderReset(avocet::FolderId folder);
    /// MailQueries::threads() of this folder gives all of them from here on.
    void threadsCounted(avocet::FolderId folder);
    void bodyArrived(avocet::MessageId message);
    /// Of a large one that a command waits for, some times a second; bytes.
    void bodyProgress(avocet::MessageId message, qint64 received, qint64 total);
    /// They are indexed now, and have their previews.
    void previewsArrived(const std::vector<avocet::MessageId>& messages);
    /// A search finds more than before: envelopes were indexed. At most once a second; previewsArrived says it of bodies.
    void searchGrew();
    void outboxChanged(avocet::OutboxId item); ///< none: what holds for all of them
    /// While it is being sent, some times a second.
    void outboxProgress(avocet::OutboxId item, qint64 written, qint64 total);
    void draftsChanged();
    /// A change was refused by the server and taken back.
    void operationRefused(avocet::MessageId message, const avocet::Error& error);

private:
    void reportEvents();

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace avocet

Q_DECLARE_METATYPE(avocet::RequestId)
Q_DECLARE_METATYPE(avocet::AccountId)
Q_DECLARE_METATYPE(avocet::FolderId)
Q_DECLARE_METATYPE(avocet::MessageId)
Q_DECLARE_METATYPE(avocet::OutboxId)
