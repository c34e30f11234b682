// SPDX-License-Identifier: GPL-3.0-or-later
// Connections, states and waiting changes of an account. What a sync does: AccountSync.cpp.
#include "core/engine/AccountEngine.h"

#include "core/engine/EngineThread.h"
#include "core/engine/EnvelopeMapper.h"
#include "core/engine/RetryPolicy.h"
#include "core/mime/MessageBuilder.h"

#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <ctime>
#include <limits>
#include <string_view>

namespace avocet {

using namespace std::chrono_literals;

namespace {

constexpr auto idleRenewal = 9min; // Gmail drops an idle connection at about ten
constexpr auto pollInterval = 5min;

/// Providers whose submission server puts the copy into Sent itself (measured per provider; Gmail is
/// recognised by its capability).
bool filesSentItself(const ConnectOptions& imap, const Capabilities& capabilities)
{
    if (capabilities.has("X-GM-EXT-1"))
        return true;
    constexpr std::array<std::string_view, 2> domains{".office365.com", ".outlook.com"};
    return std::any_of(domains.begin(), domains.end(),
                       [&](std::string_view domain) { return imap.server.host.ends_with(domain); });
}

Result<std::string> sentMailbox(ImapSession& session)
{
    auto listed = session.listMailboxes();
    if (!listed)
        return tl::unexpected(listed.error());
    for (const ListedMailbox& mailbox : *listed)
        if (mailbox.role == FolderRole::Sent && mailbox.selectable)
            return mailbox.mailbox;
    // Some servers keep every folder below a prefix, RFC 2342.
    const auto spaces = session.namespaces();
    if (!spaces && !session.alive())
        return tl::unexpected(spaces.error());
    const bool prefixed = spaces && !spaces->personal.empty();
    const std::string made = (prefixed ? spaces->personal.front().prefix : std::string()) + "Sent";
    if (auto created = session.createMailbox(made); !created)
        return tl::unexpected(created.error());
    return made;
}

/// What was sent on keeps its writer's Message-ID, and has ours in a field of its own.
ImapSession::IdField idFieldOf(std::string_view message)
{
    return isRedirect(message) ? ImapSession::IdField::Resent : ImapSession::IdField::Own;
}

Result<bool> holds(ImapSession& session, const std::string& mailbox, const std::string& id,
                   ImapSession::IdField field)
{
    if (auto selected = session.select(mailbox, true); !selected)
        return tl::unexpected(selected.error());
    auto found = session.searchMessageId(id, field);
    if (!found)
        return tl::unexpected(found.error());
    return !found->empty();
}

/// A try that was cut may have filed some: never append before looking. All looks come first, since the mailbox is left for
/// an APPEND. A provider that files by itself gets its time, and is not believed beyond that: mail may have left by another
/// server than its own.
Status fileAll(ImapSession& session, const std::string& mailbox,
               const std::vector<SentCopy>& copies, bool byProvider, std::set<OutboxId>& begun,
               std::vector<FiledCopy>& filed)
{
    if (const auto selected = session.select(mailbox, true); !selected)
        return tl::unexpected(selected.error());
    std::vector<const SentCopy*> missing;
    for (const SentCopy& copy : copies) {
        const auto there = session.searchMessageId(copy.messageIdHeader, idFieldOf(copy.message));
        if (!there)
            return tl::unexpected(there.error());
        if (!there->empty())
            filed.push_back({copy.item, begun.contains(copy.item) ? FiledCopy::Fate::Appended
                                                                  : FiledCopy::Fate::WasThere});
        else if (copy.append && (copy.late || !byProvider))
            missing.push_back(&copy);
        else
            filed.push_back({copy.item, FiledCopy::Fate::Missing});
    }
    for (const SentCopy* copy : missing) {
        begun.insert(copy->item);
        const auto appended = session.append(mailbox, copy->message, Flag::Seen,
                                             static_cast<std::int64_t>(std::time(nullptr)));
        if (!appended)
            return tl::unexpected(appended.error());
        filed.push_back({copy->item, FiledCopy::Fate::Appended});
    }
    return {};
}

} // namespace

AccountEngine::AccountEngine(EngineContext& context, Account account)
    : m_context(context)
    , m_account(std::move(account))
{
    m_status.account = m_account.id;
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, [this] {
        startIdle();
        startBackgroundSync();
    });
    m_poll.setInterval(pollInterval);
    connect(&m_poll, &QTimer::timeout, this, &AccountEngine::startBackgroundSync);
}

AccountEngine::~AccountEngine()
{
    dropConnections();
}

void AccountEngine::reconfigure(Account account)
{
    m_account = std::move(account);
    m_password.reset();
    dropConnections();
    m_replayer.reset();
    m_failures = 0;
    m_status.hasError = false;
    m_status.error = {};
    setState(AccountStatus::State::Offline);
    if (std::exchange(m_online, false))
        runOn(this, [this] { setOnline(true); }); // behind the ends of what was cancelled
}

/// All are asked first, so that they end side by side; whatever was under way ends as Cancelled.
void AccountEngine::dropConnections()
{
    for (const auto& worker : m_workers)
        if (worker)
            worker->requestStop();
    for (auto& worker : m_workers)
        worker.reset();
}

void AccountEngine::networkChanged(bool available)
{
    if (!m_online)
        return;
    m_retry.stop();
    dropConnections();
    if (paused())
        return;
    setState(AccountStatus::State::Offline);
    if (!available)
        return;
    m_failures = 0;
    // Behind the ends of what was cancelled: a run that is not over yet would stand in the way of the next.
    runOn(this, [this] {
        startIdle();
        startBackgroundSync();
    });
}

void AccountEngine::setOnline(bool online)
{
    if (m_online == online)
        return;
    m_online = online;
    if (online) {
        m_poll.start();
        startIdle();
        startBackgroundSync();
        return;
    }
    m_poll.stop();
    m_retry.stop();
    m_workers[Lane::Idle].reset();
    setState(AccountStatus::State::Offline);
}

void AccountEngine::withCredentials(std::function<void(Result<Credentials>)> done)
{
    if (m_password) {
        done(Credentials{m_account.user, *m_password, {}});
        return;
    }
    m_context.credentials.read(
        m_account.id, m_account.secretPlace,
        [this, self = QPointer<AccountEngine>(this), done](Result<std::string> password) {
            if (!self)
                return;
            if (!password) {
                done(tl::unexpected(password.error()));
                return;
            }
            m_password = std::move(*password);
            done(Credentials{m_account.user, *m_password, {}});
        });
}

ConnectOptions AccountEngine::imapOptions() const
{
    ConnectOptions options;
    options.server = m_account.imap;
    options.caFile = m_account.caFile;
    options.pins = m_account.pins;
    return options;
}

ConnectOptions AccountEngine::smtpOptions() const
{
    ConnectOptions options = imapOptions();
    options.server = m_account.smtp;
    return options;
}

ImapWorker& AccountEngine::worker(Lane lane)
{
    constexpr std::array<const char*, 3> names{"imap-idle", "imap-sync", "imap-user"};
    auto& worker = m_workers[lane];
    if (!worker)
        worker = std::make_unique<ImapWorker>(names[lane], this);
    return *worker;
}

void AccountEngine::runImap(Lane lane, ImapWorker::Work work, Done done)
{
    withCredentials([this, lane, work = std::move(work),
                     done = std::move(done)](Result<Credentials> credentials) {
        if (!credentials) {
            noteError(credentials.error());
            done(tl::unexpected(credentials.error()));
            return;
        }
        worker(lane).run(imapOptions(), *credentials, work, [this, done](Status status) {
            if (!status)
                noteError(status.error());
            done(std::move(status));
        });
    });
}

void AccountEngine::noteError(const Error& error)
{
    if (error.kind == ErrorKind::Cancelled || error.kind == ErrorKind::Rejected ||
        error.kind == ErrorKind::Bug)
        return;
    m_status.error = error;
    m_status.hasError = true;
    if (retryVerdict(error.kind) == RetryVerdict::Paused) {
        m_retry.stop();
        setState(AccountStatus::State::Paused);
    } else {
        announceStatus();
    }
}

void AccountEngine::setState(AccountStatus::State state, FolderId folder, std::int64_t done,
                             std::int64_t total)
{
    if (state == AccountStatus::State::Idle) {
        m_status.hasError = false;
        m_status.error = {};
    }
    m_status.state = state;
    m_status.folder = folder;
    m_status.done = done;
    m_status.total = total;
    announceStatus();
}

void AccountEngine::startIdle()
{
    if (!m_online)
        return;
    if (!paused() && m_status.state == AccountStatus::State::Offline)
        setState(AccountStatus::State::Connecting);
    m_workers[Lane::Idle].reset(); // a connection that may be half dead is not used again
    const auto work = [this](ImapSession& session, std::stop_token stop) -> Status {
        const auto selected = session.select("INBOX", true);
        if (!selected)
            return tl::unexpected(selected.error());
        std::uint32_t nextUid = selected->uidNext;
        const auto syncInbox = [this] {
            if (auto inbox = m_context.stores.folders.findByRole(m_account.id, FolderRole::Inbox))
                syncFolderNow(inbox->id, [](const Status&) {});
        };
        runOn(this, [this, syncInbox] {
            m_failures = 0;
            Q_EMIT wentOnline();
            // What came between the last sync and this SELECT is never announced by IDLE.
            syncInbox();
        });
        // Without NOTIFY the rounds of the poll find what happens in other folders.
        if (auto notified = session.notifyPersonal();
            !notified && notified.error().kind != ErrorKind::Rejected)
            return notified;
        for (;;) {
            auto change = session.idle(idleRenewal, stop);
            if (!change)
                return tl::unexpected(change.error());
            const bool onlyNew = change->exists && !change->expunged && !change->flagsChanged;
            if (onlyNew && nextUid != 0) {
                if (auto taken = takeArrivals(session, selected->uidValidity, nextUid, stop);
                    !taken)
                    return taken;
            } else if (change->exists || change->expunged || change->flagsChanged) {
                runOn(this, syncInbox);
            }
            if (!change->statuses.empty() || change->mailboxesChanged)
                runOn(this, [this, change = *change] { noteChanges(change); });
        }
    };
    runImap(Lane::Idle, work, [this](const Status& status) { idleEnded(status); });
}

/// New mail comes over the connection that was told of it, since the mailbox is open there: to open it anew on another
/// takes a server hundreds of milliseconds where it is large. On the idle worker.
Status AccountEngine::takeArrivals(ImapSession& session, std::uint32_t uidValidity,
                                   std::uint32_t& nextUid, std::stop_token stop)
{
    const UidRange range[] = {{nextUid, std::numeric_limits<std::uint32_t>::max()}};
    auto gate = std::make_shared<Gate>(this);
    Status stored;
    std::vector<NewMessage> messages;
    const auto take = [&](const UidRange&, const Envelope& envelope) {
        nextUid = std::max(nextUid, envelope.uid + 1);
        messages.push_back(mapEnvelope(envelope));
    };
    const auto store = [&](const UidRange&) {
        stored = gate->pass(
            [this, uidValidity, messages = std::exchange(messages, {})] {
                return storeArrivals(uidValidity, messages);
            },
            stop);
        return stored.has_value();
    };
    auto fetched = session.fetchEnvelopes(range, take, store);
    const Status drained = gate->wait(stop);
    if (!fetched)
        return fetched;
    return stored ? drained : stored;
}

Status AccountEngine::storeArrivals(std::uint32_t uidValidity,
                                    const std::vector<NewMessage>& messages)
{
    const auto inbox = m_context.stores.folders.findByRole(m_account.id, FolderRole::Inbox);
    if (!inbox || messages.empty())
        return {};
    if (inbox->uidValidity != uidValidity || inbox->syncedFrom != 1) {
        syncFolderNow(inbox->id, [](const Status&) {}); // the first sync, or one anew, sorts it out
        return {};
    }
    FolderWriter writer(m_context, *inbox, [](std::int64_t, std::int64_t) {});
    if (auto written = writer.messages(messages); !written)
        return written;
    newestBodies(inbox->id);
    return {};
}

/// What NOTIFY told of other folders.
void AccountEngine::noteChanges(const MailboxChange& change)
{
    for (const ListedMailbox& status : change.statuses) {
        const auto folder = m_context.stores.folders.findByMailbox(m_account.id, status.mailbox);
        if (!folder)
            continue;
        m_listed[folder->id] = status;
        if (folder->selectable && !isUpToDate(folder->id, true))
            syncFolderNow(folder->id, [](const Status&) {});
    }
    if (change.mailboxesChanged && m_runs.empty())
        refreshFolderList([](const Status&) {});
}

void AccountEngine::idleEnded(const Status& status)
{
    if (!m_online || status || paused())
        return;
    if (status.error().kind == ErrorKind::Cancelled)
        return;
    ++m_failures;
    if (m_status.state != AccountStatus::State::Offline)
        setState(AccountStatus::State::Offline);
    m_retry.start(retryDelay(m_failures, QRandomGenerator::global()->generateDouble(), 5min));
}

void AccountEngine::replayOperations(Done done)
{
    if (!m_replayer)
        m_replayer = std::make_unique<OperationReplayer>(
            m_context, OperationReplayer::Account{
                           m_account.id,
                           [this](ImapWorker::Work work, Done finished) {
                               runImap(Lane::Quick, std::move(work), std::move(finished));
                           },
                           [this](FolderId folder) { syncFolderNow(folder, [](const Status&) {}); },
                           [this](Done finished) {
                               if (listsSoon())
                                   finished({});
                               else
                                   refreshFolderList(std::move(finished));
                           }});
    m_replayer->run(std::move(done));
}

void AccountEngine::fileSentCopies(std::vector<SentCopy> copies,
                                   std::function<void(std::vector<FiledCopy>, Status)> done)
{
    const auto filed = std::make_shared<std::vector<FiledCopy>>();
    const auto begun = std::make_shared<std::set<OutboxId>>(); // the work may be run again
    const auto work = [filed, begun, copies = std::move(copies),
                       options = imapOptions()](ImapSession& session, std::stop_token) -> Status {
        filed->clear();
        const auto mailbox = sentMailbox(session);
        if (!mailbox)
            return tl::unexpected(mailbox.error());
        return fileAll(session, *mailbox, copies, filesSentItself(options, session.capabilities()),
                       *begun, *filed);
    };
    runImap(Lane::Quick, work, [this, filed, done = std::move(done)](const Status& status) {
        if (!filed->empty())
            if (auto sent = m_context.stores.folders.findByRole(m_account.id, FolderRole::Sent))
                syncFolderNow(sent->id, [](const Status&) {});
        done(*filed, status);
    });
}

void AccountEngine::findByMessageId(const std::string& messageIdHeader, const std::string& message,
                                    std::function<void(Result<bool>)> done)
{
    const auto found = std::make_shared<bool>(false);
    const auto work = [messageIdHeader, field = idFieldOf(message),
                       found](ImapSession& session, std::stop_token) -> Status {
        const auto sent = sentMailbox(session);
        if (!sent)
            return tl::unexpected(sent.error());
        for (const std::string& mailbox : {*sent, std::string("INBOX")}) {
            const auto there = holds(session, mailbox, messageIdHeader, field);
            if (!there)
                return tl::unexpected(there.error());
            *found = *found || *there;
        }
        return {};
    };
    runImap(Lane::Quick, work, [found, done = std::move(done)](const Status& status) {
        done(status ? Result<bool>(*found) : tl::unexpected(status.error()));
    });
}

void AccountEngine::announceStatus()
{
    m_context.announce([status = m_status](MailEngine& engine) { engine.noteStatus(status); });
}

} // namespace avocet
