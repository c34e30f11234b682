// SPDX-License-Identifier: GPL-3.0-or-later
// Everything that can be asked of the engine, as values. Window, command line and socket use this
// same set; toJson and fromJson are exact inverses.
#pragma once

#include "core/model/Account.h"
#include "core/model/Contact.h"
#include "core/model/Error.h"
#include "core/model/Ids.h"
#include "core/model/InvitationAnswer.h"
#include "core/model/Message.h"
#include "core/model/NoticeAnswer.h"
#include "core/model/Outgoing.h"
#include "core/model/Template.h"

#include <QJsonObject>

#include <string>
#include <variant>
#include <vector>

namespace avocet {

/// Replies are JSON objects; the comment behind each command names them. "lines" are streamed by
/// MailEngine::reported before the command finishes.
namespace command {

/// Adds after a sign-in at both servers (unless !verify). -> {accountId}
struct AddAccount {
    Account account;
    std::string password;
    bool verify = true;
};
/// Saves changed settings; an empty password keeps the stored one. -> {}
struct UpdateAccount {
    Account account;
    std::string password;
    bool verify = true;
};
struct RemoveAccount {
    AccountId account;
};
/// Signs in to both with the stored password. -> {imap:true, smtp:true}; lines {step}
struct TestAccount {
    AccountId account;
};
/// The same for settings that are not saved. lines {step:"imap"|"smtp", done:bool}
struct TestSettings {
    Account account;
    std::string password;
};
struct ListAccounts {}; ///< lines {id,name,email,user,imap,smtp,state}
struct Sync {
    AccountId account;
    std::string folder;
    bool headersOnly = false;
};                     ///< none: all. lines as --json
struct Watch {};       ///< until cancelled; lines {event,id,folder,at}
struct ListFolders {}; ///< lines {id,account,path,role,total,unread}
struct ListMessages {
    std::string folder;
    AccountId account;
    int limit = 0;
}; ///< lines as --json
/// `query` as in the search field (parseSearchQuery), newest first. lines as those of ListMessages
struct Search {
    std::string query;
    AccountId account;
    std::string folder;
    int limit = 100;
};
/// Gets the body first if it is not here. -> {raw: base64}
struct ShowMessage {
    MessageId message;
};
/// Fetches the body into the cache if it is not there; overtakes sync. -> {}
struct FetchBody {
    MessageId message;
};
/// The first words of rows that are looked at, as far as bodies are missing; another one ends the one before. Told by
/// messagesChanged. -> {}
struct FetchPreviews {
    FolderId folder;
    std::vector<MessageId> messages;
};
/// Durable on return; with wait after the server confirmed. -> {}
struct Mark {
    std::vector<MessageId> messages;
    Flags add = 0;
    Flags remove = 0;
    bool wait = false;
};
/// Moves (or copies) to `target`, or where that is none to the folder that its account calls `path`. From `from`, or
/// from the one folder that shows each message. Durable on return; with wait after the server confirmed. -> {}
struct Move {
    std::vector<MessageId> messages;
    FolderId from;
    FolderId target;
    std::string path;
    bool copy = false;
    bool wait = false;
};
/// To the Trash; for good from there, and where `forGood`. What no server can undo is told to it `holdSeconds`
/// later. -> {}
struct Delete {
    std::vector<MessageId> messages;
    FolderId from;
    bool forGood = false;
    int holdSeconds = 0;
    bool wait = false;
};
/// Calls a Delete for good off that is still held, in `from`, or wherever it waits. -> {messages: how many came back}
struct CancelDelete {
    std::vector<MessageId> messages;
    FolderId from;
};
/// `path` in UTF-8, levels separated as in the account's other folders. -> {}
struct CreateFolder {
    AccountId account;
    std::string path;
    bool wait = false;
};
/// With all that lies below it. The folder by its id, or by account (none: where there is but one of that name) and
/// name. -> {}
struct RenameFolder {
    FolderId folder;
    AccountId account;
    std::string name;
    std::string path;
    bool wait = false;
};
/// With its messages. -> {}
struct DeleteFolder {
    FolderId folder;
    AccountId account;
    std::string name;
    int holdSeconds = 0;
    bool wait = false;
};
struct SubscribeFolder {
    FolderId folder;
    AccountId account;
    std::string name;
    bool subscribed = true;
    bool wait = false;
};
/// How many months back the folder's bodies are kept here: 0 headers only, -1 all. What is here stays. -> {}
struct SetFolderWindow {
    FolderId folder;
    AccountId account;
    std::string name;
    int months = -1;
};
/// Bytes of bodies a day that come by themselves on a metered line: 0 none, -1 no limit. -> {}
struct SetBodyBudget {
    AccountId account;
    std::int64_t bytes = -1;
};
/// Whose pictures from the internet are loaded without asking: an address, or @ and a domain. -> {}
struct TrustSender {
    std::string pattern;
    bool trusted = true;
};
/// What the user answered to an invitation, to be shown again. -> {}
struct RememberAnswer {
    InvitationAnswer answer;
};
/// What the user answered to a question above a message, which is asked no more; at the time when this runs. -> {}
struct RememberNotice {
    NoticeAnswer answer;
};
/// Adds it where it has no id. InvalidInput where its address or an alias is none. -> {identityId}
struct SaveIdentity {
    Identity identity;
};
/// What its messages begin as, and nothing else of it. -> {}
struct SetIdentityFormat {
    IdentityId identity;
    TextFormat format = TextFormat::Default;
};
/// An account keeps at least one. -> {}
struct RemoveIdentity {
    IdentityId identity;
};
/// The first is the one that the account writes as. -> {}
struct OrderIdentities {
    AccountId account;
    std::vector<IdentityId> identities;
};
/// From a file that the user brought along. At most some thousand at a time. -> {}
struct AddContacts {
    std::string source;
    std::vector<Contact> contacts;
};
struct RemoveContacts {
    std::vector<ContactId> contacts;
};
/// An address is suggested no more until it is written to again; all that were, again, where it is empty. -> {}
struct HideSuggestion {
    std::string address;
};
/// Adds it where it has no id. AlreadyExists where another one has its name, InvalidInput for a bad one. -> {templateId}
struct SaveTemplate {
    Template one;
};
struct RemoveTemplate {
    TemplateId one;
};
struct ListTemplates {}; ///< lines {id,name,subject,text,html}
/// -> {outboxId,messageId}; with wait: ends when Sent/Filed/Done, Failed or Uncertain.
struct SendRaw {
    std::string message;
    AccountId account;
    bool wait = false;
    bool nullSender = false; ///< a report, which nobody may answer by a report (RFC 5321 4.5.5)
    std::int64_t sendAt = 0; ///< not before, seconds since 1970, UTC
};
struct SaveDraft {
    Draft draft;
}; ///< -> {draftId}
/// The draft as it was saved goes to its account's Drafts folder, in place of its version there; it stays here, too.
/// Durable on return; with wait after the server confirmed. -> {}
struct FileDraft {
    DraftId draft;
    bool wait = false;
};
/// What lies in a Drafts folder becomes a draft here, which its next version replaces there. Gets the body first if it is
/// not here. -> {draftId}
struct OpenDraft {
    MessageId message;
};
/// With its copy in the Drafts folder. -> {}
struct DiscardDraft {
    DraftId draft;
};
/// Held until `sendAt` (seconds since 1970, UTC), or else for `undoSeconds`, through a restart too. The draft waits with it
/// and is removed once it has left. -> {outboxId,messageId}
struct SendDraft {
    DraftId draft;
    std::int64_t sendAt = 0;
    int undoSeconds = 0;
    SendingStyle style = {};
};
/// A message goes on as it is (RFC 5322 3.6.6), from `from`, or else the identity's own address. `original`: marked as
/// forwarded once it has left. -> {outboxId,messageId}
struct Redirect {
    std::string message;
    IdentityId identity;
    std::string from;
    std::vector<Address> to, cc, bcc;
    MessageId original;
    int undoSeconds = 0;
    SendingStyle style = {};
};
/// Another time for what has not left: 0 now. -> {}
struct RescheduleOutbox {
    OutboxId item;
    std::int64_t sendAt = 0;
};
/// What holds for the whole outbox; each is left as it is where it is not named ("" and -1). -> {paused,overdue}
struct SetOutboxPolicy {
    int paused = -1;     ///< 1: nothing leaves
    std::string overdue; ///< "ask", "send" or "draft"
};
struct ListOutbox {}; ///< lines as --json
struct RetryOutbox {
    OutboxId item;
}; ///< at once; an uncertain one only by this explicit wish
struct CancelOutbox {
    OutboxId item;
}; ///< it is a draft again
struct EditOutbox {
    OutboxId item;
}; ///< back to a draft for those who have not got it: what has not left, or was refused or bounced -> {draftId}; what was
    ///< redirected has none: it is taken back as long as that can be undone, else refused
struct CheckUncertain {
    OutboxId item;
}; ///< looks for the message in Sent and the inbox -> {found}
struct SettleUncertain {
    OutboxId item;
}; ///< the user knows that an uncertain message was accepted
struct SyncFolderNow {
    FolderId folder;
}; ///< the folder that the window shows; quick

} // namespace command

using Command = std::variant<
    command::AddAccount, command::UpdateAccount, command::RemoveAccount, command::TestAccount,
    command::TestSettings, command::ListAccounts, command::Sync, command::Watch,
    command::ListFolders, command::ListMessages, command::Search, command::ShowMessage,
    command::FetchBody, command::Mark, command::Move, command::Delete, command::CreateFolder,
    command::RenameFolder, command::DeleteFolder, command::SubscribeFolder,
    command::SetFolderWindow, command::SendRaw, command::SaveDraft, command::DiscardDraft,
    command::SendDraft, command::ListOutbox, command::RetryOutbox, command::CancelOutbox,
    command::EditOutbox, command::CheckUncertain, command::SettleUncertain, command::SyncFolderNow,
    command::CancelDelete, command::FetchPreviews, command::FileDraft, command::SetBodyBudget,
    command::TrustSender, command::SaveIdentity, command::RemoveIdentity, command::OrderIdentities,
    command::AddContacts, command::RemoveContacts, command::HideSuggestion,
    command::RescheduleOutbox, command::SetOutboxPolicy, command::OpenDraft,
    command::RememberAnswer, command::SetIdentityFormat, command::Redirect, command::SaveTemplate,
    command::RemoveTemplate, command::ListTemplates, command::RememberNotice>;

QJsonObject toJson(const Command& command);
Result<Command> commandFromJson(const QJsonObject& object);

QJsonObject toJson(const Error& error);
Error errorFromJson(const QJsonObject& object);

} // namespace avocet
