// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that happens for one account: its connections, its sync, its waiting changes.
#pragma once

#include "core/engine/EngineContext.h"
#include "core/engine/FolderWriter.h"
#include "core/engine/ImapWorker.h"
#include "core/engine/OperationReplayer.h"

#include <QObject>
#include <QPointer>
#include <QTimer>

#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <vector>

namespace avocet {

/// What is to be filed in Sent.
struct SentCopy {
    OutboxId item;
    std::string messageIdHeader;
    std::string message;
    bool append = true; ///< false: only looked for, the provider puts it there
    bool late = false;  ///< a provider that files by itself had time enough
};

/// What became of it.
struct FiledCopy {
    enum class Fate { Missing, Appended, WasThere };
    OutboxId item;
    Fate fate = Fate::Missing;
};

/// Thread: the engine's. Three connections at most: one idles on the inbox, one syncs, one serves what the
/// user waits for. State: offline -> connecting -> syncing <-> idle; paused on Auth and Tls until the user
/// mends the account.
class AccountEngine : public QObject {
    Q_OBJECT
public:
    using Done = std::function<void(Status)>;
    using Report = std::function<void(const FolderReport&)>;
    using Refused = std::function<void(const Error&)>;

    AccountEngine(EngineContext& context, Account account);
    ~AccountEngine() override;

    const Account& account() const { return m_account; }
    const AccountStatus& status() const { return m_status; }
    /// New settings or password: connections are dropped, a pause ends.
    void reconfigure(Account account);
    void setPassword(std::string password) { m_password = std::move(password); }

    /// Stays connected: syncs, idles on the inbox, polls the rest, comes back by itself.
    void setOnline(bool online);
    bool online() const { return m_online; }
    /// The network went, or came back or is another one: connections that stood are as good as dead.
    void networkChanged(bool available);

    /// Folder list, then `folder` (a path; empty: all), waiting changes first. `report` for each folder. `refused` where
    /// the server refused a waiting change for good, which is no failure of the sync: it is taken back.
    void sync(const std::string& folder, bool headersOnly, Report report, Refused refused,
              Done done);
    /// The one folder, on the quick connection; a folder under way is done once more behind that.
    void syncFolderNow(FolderId folder, Done done);
    /// `stop`: what is on its way is given up, and its connection with it.
    void fetchBody(MessageId message, std::stop_token stop, Done done);
    /// The first words of those rows of `folder` that have none and no body, by PREVIEW (RFC 8970) or from the beginning of
    /// the text. Another call ends the one before as Cancelled.
    void fetchPreviews(FolderId folder, std::vector<MessageId> messages, Done done);
    /// More or fewer of the folder's bodies are wanted.
    void windowChanged(FolderId folder);
    /// On a metered line bodies come by themselves only as far as the account's budget of the day goes.
    void setMetered(bool metered);
    void budgetChanged();
    /// Sends planned operations to the server.
    void replayOperations(Done done);

    /// Copies in Sent, each unless it is there already or the provider files it. Safe to repeat.
    void fileSentCopies(std::vector<SentCopy> copies,
                        std::function<void(std::vector<FiledCopy>, Status)> done);
    /// Whether Sent or the inbox holds the message that is called so and whose bytes are these.
    void findByMessageId(const std::string& messageIdHeader, const std::string& message,
                         std::function<void(Result<bool>)> done);

    void withCredentials(std::function<void(Result<Credentials>)> done);
    ConnectOptions imapOptions() const;
    ConnectOptions smtpOptions() const;
    /// Takes note of an error: pauses on Auth and Tls.
    void noteError(const Error& error);
    bool paused() const { return m_status.state == AccountStatus::State::Paused; }

Q_SIGNALS:
    void wentOnline(); ///< a connection stands: waiting mail may be tried

private:
    struct SyncRun;
    struct PreviewWish;
    enum Lane { Idle, Bulk, Quick };

    ImapWorker& worker(Lane lane);
    void runImap(Lane lane, ImapWorker::Work work, Done done);
    void refreshFolderList(Done done);
    Status storeFolderList(const std::vector<ListedMailbox>& listed);
    void queueRun(std::shared_ptr<SyncRun> run);
    void startRun(std::shared_ptr<SyncRun> run);
    Status queueFolders(SyncRun& run);
    void nextFolder(std::shared_ptr<SyncRun> run);
    bool listsSoon() const;
    bool isUpToDate(FolderId folder, bool thorough);
    void reportUnchanged(FolderId folder, const Report& report, const Done& done);
    void finishRun(std::shared_ptr<SyncRun> run, Status status);
    void syncOne(Lane lane, FolderId folder, Report report, Done done);
    void fetchBodies(Lane lane, FolderId folder, std::shared_ptr<BodyCursor> cursor,
                     std::int64_t rows, std::shared_ptr<FolderReport> report, Done done);
    void fetchAllBodies(FolderId folder, std::shared_ptr<BodyCursor> cursor,
                        std::shared_ptr<FolderReport> report, Done done);
    void fetchFolderBodies(FolderId folder, const Report& report, Done done);
    std::int64_t wantedSince(const Folder& folder);
    void fetchBodyFrom(std::vector<Placement> places, std::stop_token stop, Done done);
    void newestBodies(FolderId folder);
    void continueBodies();
    void nextPreviews();
    Status storePreviews(FolderId folder, const std::vector<MissingPreview>& wanted,
                         const std::map<std::uint32_t, std::string>& previews);
    Status keepToBudget(std::vector<Placement>& wanted, BodyCursor before, BodyCursor& cursor);
    void endBodyWait();
    static bool endsRun(const Error& error);

    void dropConnections();
    void startIdle();
    Status takeArrivals(ImapSession& session, std::uint32_t uidValidity, std::uint32_t& nextUid,
                        std::stop_token stop);
    Status storeArrivals(std::uint32_t uidValidity, const std::vector<NewMessage>& messages);
    void noteChanges(const MailboxChange& change);
    void idleEnded(const Status& status);
    void startBackgroundSync();
    void setState(AccountStatus::State state, FolderId folder = {}, std::int64_t done = 0,
                  std::int64_t total = 0);
    void announceStatus();

    EngineContext& m_context;
    Account m_account;
    AccountStatus m_status;
    std::optional<std::string> m_password;
    bool m_online = false;
    int m_failures = 0;
    std::set<FolderId> m_syncing, m_again;
    std::map<FolderId, ListedMailbox> m_listed; ///< as the server last listed them
    std::map<FolderId, std::shared_ptr<BodyCursor>> m_bodyCursors;
    bool m_fetchingBodies = false;
    std::shared_ptr<PreviewWish> m_previewWish; ///< the newest
    bool m_previewing = false;
    bool m_metered = false;
    std::shared_ptr<std::atomic<bool>> m_unmeteredStep; ///< false: asks for no more bodies
    int m_bodyWaitDay = 0;                              ///< the day whose budget is used up
    int m_round = 0;                                    ///< of background syncs
    QTimer m_retry;
    QTimer m_poll;
    std::deque<std::shared_ptr<SyncRun>> m_runs; ///< the first one runs
    std::unique_ptr<OperationReplayer> m_replayer;
    // Last: joined first.
    std::array<std::unique_ptr<ImapWorker>, 3> m_workers;
};

} // namespace avocet
