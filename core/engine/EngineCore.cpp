// SPDX-License-Identifier: GPL-3.0-or-later
// Start, dispatch and accounts. Messages: EngineMessages.cpp, sending: EngineSending.cpp.
#include "core/engine/EngineCore.h"

#include "core/engine/EngineThread.h"
#include "core/engine/RetryPolicy.h"

#include <QDateTime>
#include <QRandomGenerator>
#include <QStringList>

#include <algorithm>

namespace avocet {

namespace {

Status checkServer(const ServerSettings& server, const char* what)
{
    if (server.host.empty() || server.port == 0)
        return fail(ErrorKind::Rejected, std::string("no host or port for ") + what,
                    ErrorCode::InvalidInput);
    if (server.security == Security::Plain && !isThisMachine(server.host))
        return fail(ErrorKind::Tls, "plain text to " + server.host + " is refused",
                    ErrorCode::PlaintextForbidden);
    return {};
}

Status checkAccount(const Account& account)
{
    const auto at = account.email.find('@');
    const bool control = std::any_of(account.email.begin(), account.email.end(),
                                     [](unsigned char c) { return c <= ' ' || c == 127; });
    if (at == std::string::npos || at == 0 || at + 1 == account.email.size() || control)
        return fail(ErrorKind::Rejected, "not a mail address: " + account.email,
                    ErrorCode::InvalidInput);
    if (auto imap = checkServer(account.imap, "incoming mail"); !imap)
        return imap;
    return checkServer(account.smtp, "outgoing mail");
}

QString serverUrl(const ServerSettings& server, const char* protocol)
{
    QString scheme = QLatin1String(protocol);
    if (server.security == Security::Tls)
        scheme += QLatin1Char('s');
    else if (server.security == Security::StartTls)
        scheme += QLatin1String("+starttls");
    return QStringLiteral("%1://%2:%3")
        .arg(scheme, QString::fromStdString(server.host), QString::number(server.port));
}

const char* stateName(AccountStatus::State state)
{
    switch (state) {
    case AccountStatus::State::Offline:
        return "offline";
    case AccountStatus::State::Connecting:
        return "connecting";
    case AccountStatus::State::Syncing:
        return "syncing";
    case AccountStatus::State::Idle:
        return "online";
    case AccountStatus::State::Paused:
        return "paused";
    }
    return "";
}

/// Reports of what could not be delivered come within days; a server gives up after five.
constexpr std::int64_t outboxMemory = 30LL * 86400;

} // namespace

EngineCore::EngineCore(EngineOptions options,
                       std::function<void(std::function<void(MailEngine&)>)> announce)
    : m_options(std::move(options))
    , m_announce(std::move(announce))
{
}

EngineCore::~EngineCore()
{
    for (auto& [request, worker] : m_tests)
        worker->requestStop();
    for (auto& [id, member] : m_members)
        member.sender->stop();
}

Status EngineCore::open()
{
    auto stores = Stores::open(m_options.profile, Access::ReadWrite);
    if (!stores)
        return tl::unexpected(stores.error());
    m_stores = std::move(*stores);
    m_credentials = std::make_unique<CredentialStore>(m_options.profile);
    m_context = std::make_unique<EngineContext>(
        EngineContext{*m_stores, *m_credentials, m_announce, [this] { m_maintenance->wake(); },
                      [this](const std::set<AccountId>& accounts) {
                          for (const AccountId account : accounts)
                              if (const auto found = member(account))
                                  (*found)->engine->replayOperations([](const Status&) {});
                      },
                      [this](const std::vector<MessageId>& stored, bool asked) {
                          m_maintenance->bodiesStored(stored, asked);
                          m_deliveries->look(stored);
                      }});
    m_deliveries = std::make_unique<DeliveryWatch>(
        *m_stores, m_announce, [this](OutboxId item) { (void)settleAsAccepted(item); });
    m_maintenance =
        std::make_unique<Maintenance>(*m_stores, bodiesDatabase(m_options.profile), m_announce);
    connect(m_maintenance.get(), &Maintenance::threadsCounted, this, [this](FolderId folder) {
        m_announce([folder](MailEngine& engine) { Q_EMIT engine.threadsCounted(folder); });
    });
    connect(m_maintenance.get(), &Maintenance::indexed, this,
            [this] { m_announce([](MailEngine& engine) { Q_EMIT engine.searchGrew(); }); });
    m_maintenance->wake();
    if (auto recovered = m_stores->outbox.recoverAfterRestart(); !recovered)
        return tl::unexpected(recovered.error());
    if (auto forgot =
            m_stores->outbox.forgetBefore(QDateTime::currentSecsSinceEpoch() - outboxMemory);
        !forgot)
        return forgot;
    if (auto recovered = m_stores->operations.recoverAfterRestart(); !recovered)
        return recovered;
    // A crash may have come between an account and its folders.
    if (auto removed = removeLostFolders(); !removed)
        return removed;
    if (auto filed = fileLeftDrafts(); !filed)
        return filed;
    const auto accounts = m_stores->accounts.all();
    if (!accounts)
        return tl::unexpected(accounts.error());
    for (const Account& account : *accounts) {
        if (auto laid = ChangePlanner(*m_context).layPending(account.id); !laid)
            return laid;
        Member& added = addMember(account);
        if (m_options.online && account.enabled)
            goOnline(added);
    }
    return {};
}

/// Accounts come back one after another; a server on this machine is there without any network.
void EngineCore::watchNetwork()
{
    if (m_network)
        return;
    m_network = std::make_unique<NetworkWatch>();
    const auto tell = [this](bool available) {
        std::size_t place = 0;
        for (auto& [id, member] : m_members) {
            AccountEngine& engine = *member.engine;
            if (isThisMachine(engine.account().imap.host))
                continue;
            if (!available) {
                engine.networkChanged(false);
                continue;
            }
            const auto delay = comeBackDelay(place++, QRandomGenerator::global()->generateDouble());
            QTimer::singleShot(delay, &engine, [this, id = id] {
                const auto found = m_members.find(id);
                if (found == m_members.end() || !m_network->available())
                    return;
                found->second.engine->networkChanged(true);
                found->second.sender->wake();
            });
        }
    };
    connect(m_network.get(), &NetworkWatch::wentAway, this, [tell] { tell(false); });
    connect(m_network.get(), &NetworkWatch::cameBack, this, [tell] { tell(true); });
    // Servers on this machine too: a bridge or a tunnel fetches what we fetch.
    connect(m_network.get(), &NetworkWatch::meteredChanged, this, [this](bool metered) {
        for (auto& [id, member] : m_members)
            member.engine->setMetered(metered);
    });
    m_network->start();
}

EngineCore::Member& EngineCore::addMember(const Account& account)
{
    Member& added = m_members[account.id];
    added.engine = std::make_unique<AccountEngine>(*m_context, account);
    added.sender = std::make_unique<OutboxSender>(*m_context, *added.engine);
    return added;
}

void EngineCore::goOnline(Member& member)
{
    watchNetwork();
    member.engine->setMetered(m_network->metered());
    member.engine->setOnline(true);
    member.sender->wake(); // sending does not depend on the IMAP server's health
}

void EngineCore::handle(RequestId request, const Command& command)
{
    m_open.insert(request);
    std::visit([&](const auto& c) { run(request, c); }, command);
}

void EngineCore::cancel(RequestId request)
{
    if (const auto test = m_tests.find(request); test != m_tests.end())
        test->second->requestStop();
    if (const auto fetch = m_fetches.find(request); fetch != m_fetches.end())
        fetch->second.request_stop();
    if (m_watches.erase(request) > 0 && m_watches.empty() && !m_options.online)
        for (auto& [id, member] : m_members)
            member.engine->setOnline(false);
    finish(request, fail(ErrorKind::Cancelled, "cancelled"));
}

void EngineCore::finish(RequestId request, Reply reply)
{
    if (m_open.erase(request) == 0)
        return; // cancelled meanwhile
    m_announce([request, reply = std::move(reply)](MailEngine& engine) {
        Q_EMIT engine.finished(request, reply);
    });
}

void EngineCore::finish(RequestId request, const Status& status)
{
    finish(request, status ? Reply(QJsonObject()) : Reply(tl::unexpected(status.error())));
}

void EngineCore::finish(RequestId request, tl::unexpected<Error> error)
{
    finish(request, Reply(std::move(error)));
}

void EngineCore::report(RequestId request, QJsonObject line)
{
    if (m_open.contains(request))
        m_announce([request, line = std::move(line)](MailEngine& engine) {
            Q_EMIT engine.reported(request, line);
        });
}

Result<EngineCore::Member*> EngineCore::member(AccountId account)
{
    const auto found = m_members.find(account);
    if (found == m_members.end())
        return fail(ErrorKind::Rejected, "no account " + std::to_string(account.value),
                    ErrorCode::NotFound);
    return &found->second;
}

void EngineCore::run(RequestId request, const command::AddAccount& command)
{
    Account account = command.account;
    if (account.user.empty())
        account.user = account.email;
    if (auto valid = checkAccount(account); !valid) {
        finish(request, valid);
        return;
    }
    for (const auto& [id, member] : m_members)
        if (member.engine->account().email == account.email &&
            member.engine->account().imap == account.imap) {
            finish(request, fail(ErrorKind::Rejected, "this account is there already",
                                 ErrorCode::InvalidInput));
            return;
        }
    if (!command.verify) {
        saveNew(request, account, command.password, {});
        return;
    }
    testSignIn(
        request, account, command.password,
        [this, request, account, password = command.password](const Result<SmtpOffers>& offers) {
            if (offers)
                saveNew(request, account, password, *offers);
            else
                finish(request, tl::unexpected(offers.error()));
        });
}

void EngineCore::saveNew(RequestId request, Account account, const std::string& password,
                         const std::optional<SmtpOffers>& offers)
{
    account.secretPlace = m_credentials->preferredPlace();
    const auto id = m_stores->accounts.add(account);
    if (!id) {
        finish(request, tl::unexpected(id.error()));
        return;
    }
    account.id = *id;
    m_credentials->write(account.id, account.secretPlace, password,
                         [this, request, account, password, offers](Status written) {
                             if (!written) {
                                 (void)m_stores->accounts.remove(account.id);
                                 finish(request, written);
                                 return;
                             }
                             Member& added = addMember(account);
                             added.engine->setPassword(password);
                             if (offers)
                                 learnOffers(account.id, *offers);
                             if (m_options.online || !m_watches.empty())
                                 goOnline(added);
                             m_announce(
                                 [](MailEngine& engine) { Q_EMIT engine.accountsChanged(); });
                             finish(request, QJsonObject{{QStringLiteral("accountId"),
                                                          static_cast<qint64>(account.id.value)}});
                         });
}

void EngineCore::run(RequestId request, const command::UpdateAccount& command)
{
    const auto existing = member(command.account.id);
    const Status valid =
        existing ? checkAccount(command.account) : tl::unexpected(existing.error());
    if (!valid) {
        finish(request, valid);
        return;
    }
    if (!command.verify) {
        saveChanged(request, command.account, command.password, {});
        return;
    }
    const auto verify = [this, request, account = command.account](const std::string& used,
                                                                   const std::string& changed) {
        testSignIn(request, account, used,
                   [this, request, account, changed](const Result<SmtpOffers>& offers) {
                       if (offers)
                           saveChanged(request, account, changed, *offers);
                       else
                           finish(request, tl::unexpected(offers.error()));
                   });
    };
    if (!command.password.empty()) {
        verify(command.password, command.password);
        return;
    }
    (*existing)->engine->withCredentials(
        [this, request, verify](const Result<Credentials>& stored) {
            if (stored)
                verify(stored->password, {});
            else
                finish(request, tl::unexpected(stored.error()));
        });
}

void EngineCore::saveChanged(RequestId request, Account account, const std::string& password,
                             const std::optional<SmtpOffers>& offers)
{
    const auto apply = [this, request, account, offers](const Status& written) {
        const auto found = member(account.id);
        const bool moved = found && (*found)->engine->account().email != account.email;
        const Status status = written ? updateAccount(account) : written;
        if (status && found) {
            (*found)->sender->stop();
            (*found)->engine->reconfigure(account);
            if (offers)
                learnOffers(account.id, *offers);
            identitiesChanged(moved);
        }
        finish(request, status);
    };
    if (password.empty())
        apply({});
    else
        m_credentials->write(account.id, account.secretPlace, password, apply);
}

/// The composer warns of what the server would refuse, before anything was sent.
void EngineCore::learnOffers(AccountId account, const SmtpOffers& offers)
{
    auto facts = m_stores->outboxPolicy.facts(account);
    if (!facts)
        return;
    facts->maxSize = offers.maxSize();
    facts->takesReports = offers.has("DSN");
    (void)m_stores->outboxPolicy.setFacts(account, *facts);
}

/// The account's own identity follows its name and address.
Status EngineCore::updateAccount(const Account& account)
{
    const auto before = m_stores->accounts.find(account.id);
    const auto identities = m_stores->accounts.identities();
    if (!before || !identities)
        return tl::unexpected(before ? identities.error() : before.error());
    return m_stores->user->transaction([&]() -> Status {
        for (Identity identity : *identities) {
            if (identity.account != account.id || identity.email != before->email)
                continue;
            identity.name = account.fullName;
            identity.email = account.email;
            if (auto updated = m_stores->accounts.updateIdentity(identity); !updated)
                return updated;
        }
        return m_stores->accounts.update(account);
    });
}

/// Those of accounts that are gone.
Status EngineCore::removeLostFolders()
{
    const auto accounts = m_stores->accounts.all();
    if (!accounts)
        return tl::unexpected(accounts.error());
    std::vector<AccountId> ids;
    for (const Account& account : *accounts)
        ids.push_back(account.id);
    return m_stores->folders.removeAllBut(ids);
}

void EngineCore::run(RequestId request, const command::RemoveAccount& command)
{
    const auto found = member(command.account);
    const Status removed =
        found ? m_stores->accounts.remove(command.account) : tl::unexpected(found.error());
    if (!removed) {
        finish(request, removed);
        return;
    }
    const Account account = (*found)->engine->account();
    (*found)->sender->stop();
    m_members.erase(command.account);
    const Status cleared = removeLostFolders();
    m_maintenance->wake();
    m_announce([](MailEngine& engine) { Q_EMIT engine.accountsChanged(); });
    m_credentials->remove(account.id, account.secretPlace, [this, request, cleared](const Status&) {
        finish(request, cleared); // a secret that is gone already is no failure
    });
}

void EngineCore::run(RequestId request, const command::TestAccount& command)
{
    const auto found = member(command.account);
    if (!found) {
        finish(request, tl::unexpected(found.error()));
        return;
    }
    (*found)->engine->withCredentials(
        [this, request, account = (*found)->engine->account()](const Result<Credentials>& stored) {
            if (!stored) {
                finish(request, tl::unexpected(stored.error()));
                return;
            }
            testSignIn(request, account, stored->password,
                       [this, request, id = account.id](const Result<SmtpOffers>& offers) {
                           if (offers)
                               learnOffers(id, *offers);
                           finish(request, offers ? Status() : tl::unexpected(offers.error()));
                       });
        });
}

void EngineCore::run(RequestId request, const command::TestSettings& command)
{
    if (auto valid = checkAccount(command.account); !valid) {
        finish(request, valid);
        return;
    }
    testSignIn(request, command.account, command.password,
               [this, request](const Result<SmtpOffers>& offers) {
                   finish(request, offers ? Status() : tl::unexpected(offers.error()));
               });
}

void EngineCore::testSignIn(RequestId request, const Account& account, const std::string& password,
                            std::function<void(Result<SmtpOffers>)> done)
{
    ConnectOptions imap;
    imap.server = account.imap;
    imap.caFile = account.caFile;
    imap.pins = account.pins;
    ConnectOptions smtp = imap;
    smtp.server = account.smtp;
    const Credentials credentials{
        account.user.empty() ? account.email : account.user, password, {}};
    const auto step = [this, request](const char* name, bool finished) {
        runOn(this, [this, request, name, finished] {
            report(request, {{QStringLiteral("step"), QLatin1String(name)},
                             {QStringLiteral("done"), finished}});
        });
    };
    auto worker = std::make_shared<Worker>("sign-in");
    m_tests[request] = worker;
    worker->post([this, request, imap, smtp, credentials, step, done](std::stop_token stop) {
        Result<SmtpOffers> offers;
        step("imap", false);
        if (auto session = ImapSession::open(imap, credentials, stop)) {
            (*session)->logout();
            step("imap", true);
            step("smtp", false);
            if (auto submission = SmtpSession::open(smtp, credentials, stop)) {
                offers = (*submission)->offers();
                (*submission)->quit();
                step("smtp", true);
            } else {
                offers = tl::unexpected(submission.error());
            }
        } else {
            offers = tl::unexpected(session.error());
        }
        runOn(this, [this, request, done, offers] {
            m_tests.erase(request);
            if (m_open.contains(request))
                done(offers);
        });
    });
}

void EngineCore::run(RequestId request, const command::ListAccounts&)
{
    for (const auto& [id, member] : m_members) {
        const Account& account = member.engine->account();
        report(request,
               {{QStringLiteral("id"), static_cast<qint64>(id.value)},
                {QStringLiteral("name"), QString::fromStdString(account.fullName)},
                {QStringLiteral("email"), QString::fromStdString(account.email)},
                {QStringLiteral("user"), QString::fromStdString(account.user)},
                {QStringLiteral("imap"), serverUrl(account.imap, "imap")},
                {QStringLiteral("smtp"), serverUrl(account.smtp, "smtp")},
                {QStringLiteral("state"), QLatin1String(stateName(member.engine->status().state))},
                {QStringLiteral("bodiesWait"), member.engine->status().bodiesWait}});
    }
    finish(request, QJsonObject());
}

void EngineCore::run(RequestId request, const command::Watch&)
{
    m_watches.insert(request);
    for (auto& [id, member] : m_members)
        goOnline(member);
}

} // namespace avocet
