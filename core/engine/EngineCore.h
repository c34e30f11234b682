// SPDX-License-Identifier: GPL-3.0-or-later
// What is behind the door: carries out commands on the engine thread.
#pragma once

#include "core/engine/AccountEngine.h"
#include "core/engine/ChangePlanner.h"
#include "core/engine/Command.h"
#include "core/engine/DeliveryWatch.h"
#include "core/engine/MailEngine.h"
#include "core/engine/Maintenance.h"
#include "core/engine/NetworkWatch.h"
#include "core/engine/OutboxSender.h"
#include "core/engine/Stores.h"
#include "core/mime/MessageBuilder.h"
#include "core/protocol/SmtpEnvelope.h"

#include <QObject>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>

namespace avocet {

/// Thread: the engine's, where it is made and destroyed. The only writer of the databases.
class EngineCore : public QObject {
    Q_OBJECT
public:
    EngineCore(EngineOptions options,
               std::function<void(std::function<void(MailEngine&)>)> announce);
    ~EngineCore() override;

    Status open();
    void handle(RequestId request, const Command& command);
    void cancel(RequestId request);

private:
    struct Member {
        std::unique_ptr<AccountEngine> engine;
        std::unique_ptr<OutboxSender> sender;
    };

    using Reply = Result<QJsonObject>;
    void finish(RequestId request, Reply reply);
    void finish(RequestId request, const Status& status);
    void finish(RequestId request, tl::unexpected<Error> error);
    void report(RequestId request, QJsonObject line);

    void run(RequestId request, const command::AddAccount& command);
    void run(RequestId request, const command::UpdateAccount& command);
    void run(RequestId request, const command::RemoveAccount& command);
    void run(RequestId request, const command::TestAccount& command);
    void run(RequestId request, const command::TestSettings& command);
    void run(RequestId request, const command::ListAccounts& command);
    void run(RequestId request, const command::Sync& command);
    void run(RequestId request, const command::Watch& command);
    void run(RequestId request, const command::ListFolders& command);
    void run(RequestId request, const command::ListMessages& command);
    void run(RequestId request, const command::ShowMessage& command);
    void run(RequestId request, const command::FetchBody& command);
    void run(RequestId request, const command::FetchPreviews& command);
    void run(RequestId request, const command::Mark& command);
    void run(RequestId request, const command::Move& command);
    void run(RequestId request, const command::Delete& command);
    void run(RequestId request, const command::CancelDelete& command);
    void run(RequestId request, const command::CreateFolder& command);
    void run(RequestId request, const command::RenameFolder& command);
    void run(RequestId request, const command::DeleteFolder& command);
    void run(RequestId request, const command::SubscribeFolder& command);
    void run(RequestId request, const command::SetFolderWindow& command);
    void run(RequestId request, const command::SetBodyBudget& command);
    void run(RequestId request, const command::TrustSender& command);
    void run(RequestId request, const command::RememberAnswer& command);
    void run(RequestId request, const command::RememberNotice& command);
    void run(RequestId request, const command::SaveIdentity& command);
    void run(RequestId request, const command::SetIdentityFormat& command);
    void run(RequestId request, const command::RemoveIdentity& command);
    void run(RequestId request, const command::OrderIdentities& command);
    void run(RequestId request, const command::AddContacts& command);
    void run(RequestId request, const command::RemoveContacts& command);
    void run(RequestId request, const command::HideSuggestion& command);
    void run(RequestId request, const command::SaveTemplate& command);
    void run(RequestId request, const command::RemoveTemplate& command);
    void run(RequestId request, const command::ListTemplates& command);
    void run(RequestId request, const command::Search& command);
    void run(RequestId request, const command::SendRaw& command);
    void run(RequestId request, const command::SaveDraft& command);
    void run(RequestId request, const command::FileDraft& command);
    void run(RequestId request, const command::OpenDraft& command);
    void run(RequestId request, const command::DiscardDraft& command);
    void run(RequestId request, const command::SendDraft& command);
    void run(RequestId request, const command::Redirect& command);
    void run(RequestId request, const command::ListOutbox& command);
    void run(RequestId request, const command::RetryOutbox& command);
    void run(RequestId request, const command::CancelOutbox& command);
    void run(RequestId request, const command::EditOutbox& command);
    void run(RequestId request, const command::CheckUncertain& command);
    void run(RequestId request, const command::SettleUncertain& command);
    void run(RequestId request, const command::RescheduleOutbox& command);
    void run(RequestId request, const command::SetOutboxPolicy& command);
    void run(RequestId request, const command::SyncFolderNow& command);

    void watchNetwork();
    Member& addMember(const Account& account);
    void goOnline(Member& member);
    using PlanOne = std::function<Status(ChangePlanner&, MessageId, std::set<AccountId>&)>;
    void planAll(RequestId request, const std::vector<MessageId>& messages, bool wait,
                 const PlanOne& planOne);
    Result<Folder> targetOf(MessageId message, const command::Move& command);
    Result<Folder> folderOf(FolderId id, AccountId account, const std::string& name);
    void settleChange(RequestId request, const Status& planned, AccountId account, bool wait);
    Result<Member*> member(AccountId account);
    Result<Member*> memberForItem(OutboxId item);
    Status settleAsAccepted(OutboxId item);
    Status keepAsDraft(OutboxId item);
    Result<Identity> identityOf(IdentityId id);
    Result<Identity> identityFor(AccountId account, const std::string& from);
    void testSignIn(RequestId request, const Account& account, const std::string& password,
                    std::function<void(Result<SmtpOffers>)> done);
    void learnOffers(AccountId account, const SmtpOffers& offers);
    void saveNew(RequestId request, Account account, const std::string& password,
                 const std::optional<SmtpOffers>& offers);
    void saveChanged(RequestId request, Account account, const std::string& password,
                     const std::optional<SmtpOffers>& offers);
    Status updateAccount(const Account& account);
    bool hasAddressesOf(const Identity& identity);
    void identitiesChanged(bool addresses);
    void finishContacts(RequestId request, const Status& changed);
    Status removeLostFolders();
    void syncMember(RequestId request, AccountId account, const command::Sync& command,
                    std::function<void(const Error&)> refused, std::function<void(Status)> done);
    /// Tells the servers what was planned; `wait`: `request` ends when they confirmed.
    void replay(RequestId request, const std::set<AccountId>& accounts, bool wait);
    Result<OutboxItem> enqueue(const BuiltMessage& built, const Identity& identity,
                               const Draft& draft, std::int64_t sendAt, int undoSeconds);
    Result<Draft> draftOf(const OutboxItem& item);
    Result<std::string> sentCopy(const OutboxItem& item);
    void afterEnqueue(RequestId request, const OutboxItem& item, bool wait);
    Result<Placement> draftPlacement(MessageId message);
    Status fileLeftDrafts();
    void fetchBody(RequestId request, AccountEngine& account, MessageId message,
                   std::function<void(const Status&)> done);
    void replyWithMessage(RequestId request, MessageId message);

    EngineOptions m_options;
    std::unique_ptr<Stores> m_stores;
    std::unique_ptr<CredentialStore> m_credentials;
    std::unique_ptr<EngineContext> m_context;
    std::unique_ptr<Maintenance> m_maintenance;
    std::unique_ptr<DeliveryWatch> m_deliveries;
    std::unique_ptr<NetworkWatch> m_network;
    std::function<void(std::function<void(MailEngine&)>)> m_announce;
    std::map<AccountId, Member> m_members;
    std::set<RequestId> m_open;
    std::set<RequestId> m_watches;
    std::map<RequestId, std::shared_ptr<Worker>> m_tests; ///< sign-ins under way
    std::map<RequestId, std::stop_source> m_fetches;      ///< of single messages
};

} // namespace avocet
