// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that change messages and folders.
#include "core/engine/EngineCore.h"
#include "core/engine/Gathering.h"

#include <ctime>

namespace avocet {

namespace {

std::int64_t holdUntil(int seconds)
{
    return seconds > 0 ? static_cast<std::int64_t>(std::time(nullptr)) + seconds : 0;
}

} // namespace

void EngineCore::replay(RequestId request, const std::set<AccountId>& accounts, bool wait)
{
    auto gathering = std::make_shared<Gathering>();
    gathering->open = 1;
    gathering->done = [this, request, wait](const Status& status) {
        if (wait)
            finish(request, status);
    };
    for (const AccountId account : accounts) {
        const auto found = member(account);
        if (!found || (!wait && !(*found)->engine->online()))
            continue;
        ++gathering->open;
        (*found)->engine->replayOperations(
            [gathering](const Status& status) { gathering->add(status); });
    }
    if (!wait)
        finish(request, QJsonObject());
    gathering->add({});
}

void EngineCore::planAll(RequestId request, const std::vector<MessageId>& messages, bool wait,
                         const PlanOne& planOne)
{
    ChangePlanner planner(*m_context);
    std::set<AccountId> accounts;
    const auto planned = planner.plan([&]() -> Status {
        for (const MessageId message : messages)
            if (auto one = planOne(planner, message, accounts); !one)
                return one;
        return {};
    });
    if (planned)
        replay(request, accounts, wait);
    else
        finish(request, planned);
}

void EngineCore::run(RequestId request, const command::Mark& command)
{
    planAll(request, command.messages, command.wait,
            [&](ChangePlanner& planner, MessageId message, std::set<AccountId>& accounts) {
                return planner.mark(message, {command.add, command.remove}, accounts);
            });
}

void EngineCore::run(RequestId request, const command::Move& command)
{
    planAll(
        request, command.messages, command.wait,
        [&](ChangePlanner& planner, MessageId message, std::set<AccountId>& accounts) -> Status {
            const auto target = targetOf(message, command);
            return target ? planner.move(message, command.from, *target, command.copy, accounts)
                          : tl::unexpected(target.error());
        });
}

/// The folder that was chosen, or the one of that name in the message's own account.
Result<Folder> EngineCore::targetOf(MessageId message, const command::Move& command)
{
    if (command.target)
        return m_stores->folders.find(command.target);
    const auto row = m_stores->messages.row(message);
    const auto folder = row ? m_stores->folders.find(row->folder) : tl::unexpected(row.error());
    if (!folder)
        return folder;
    const auto folders = m_stores->folders.ofAccount(folder->account);
    if (!folders)
        return tl::unexpected(folders.error());
    for (const Folder& each : *folders)
        if (each.path == command.path)
            return each;
    return fail(ErrorKind::Rejected, "no folder " + command.path, ErrorCode::NoSuchFolder);
}

void EngineCore::run(RequestId request, const command::Delete& command)
{
    const std::int64_t notBefore = holdUntil(command.holdSeconds);
    planAll(request, command.messages, command.wait,
            [&](ChangePlanner& planner, MessageId message, std::set<AccountId>& accounts) {
                return planner.remove(message, command.from, command.forGood, notBefore, accounts);
            });
}

void EngineCore::run(RequestId request, const command::CancelDelete& command)
{
    ChangePlanner planner(*m_context);
    qint64 back = 0;
    const auto planned = planner.plan([&]() -> Status {
        for (const MessageId message : command.messages) {
            const auto cancelled = planner.cancelRemoval(message, command.from);
            if (!cancelled)
                return tl::unexpected(cancelled.error());
            back += *cancelled ? 1 : 0;
        }
        return {};
    });
    if (planned)
        finish(request, QJsonObject{{QStringLiteral("messages"), back}});
    else
        finish(request, planned);
}

Result<Folder> EngineCore::folderOf(FolderId id, AccountId account, const std::string& name)
{
    if (id)
        return m_stores->folders.find(id);
    const auto folders = m_stores->folders.all();
    if (!folders)
        return tl::unexpected(folders.error());
    std::vector<Folder> found;
    for (const Folder& folder : *folders)
        if (folder.path == name && (!account || folder.account == account))
            found.push_back(folder);
    if (found.empty())
        return fail(ErrorKind::Rejected, "no folder " + name, ErrorCode::NoSuchFolder);
    if (found.size() > 1)
        return fail(ErrorKind::Rejected, "several accounts have a folder " + name,
                    ErrorCode::InvalidInput);
    return found.front();
}

void EngineCore::settleChange(RequestId request, const Status& planned, AccountId account,
                              bool wait)
{
    if (planned)
        replay(request, {account}, wait);
    else
        finish(request, planned);
}

void EngineCore::run(RequestId request, const command::CreateFolder& command)
{
    AccountId account = command.account;
    if (!account && m_members.size() == 1)
        account = m_members.begin()->first;
    const auto found = member(account);
    settleChange(request,
                 found ? ChangePlanner(*m_context).createFolder(account, command.path)
                       : tl::unexpected(found.error()),
                 account, command.wait);
}

void EngineCore::run(RequestId request, const command::RenameFolder& command)
{
    const auto folder = folderOf(command.folder, command.account, command.name);
    if (!folder)
        finish(request, tl::unexpected(folder.error()));
    else
        settleChange(request, ChangePlanner(*m_context).renameFolder(*folder, command.path),
                     folder->account, command.wait);
}

void EngineCore::run(RequestId request, const command::DeleteFolder& command)
{
    const auto folder = folderOf(command.folder, command.account, command.name);
    if (!folder) {
        finish(request, tl::unexpected(folder.error()));
        return;
    }
    const Status planned =
        ChangePlanner(*m_context).deleteFolder(*folder, holdUntil(command.holdSeconds));
    if (planned)
        m_context->mailChanged();
    settleChange(request, planned, folder->account, command.wait);
}

void EngineCore::run(RequestId request, const command::SubscribeFolder& command)
{
    const auto folder = folderOf(command.folder, command.account, command.name);
    if (!folder)
        finish(request, tl::unexpected(folder.error()));
    else
        settleChange(request,
                     ChangePlanner(*m_context).subscribeFolder(*folder, command.subscribed),
                     folder->account, command.wait);
}

void EngineCore::run(RequestId request, const command::SetFolderWindow& command)
{
    const auto folder = folderOf(command.folder, command.account, command.name);
    if (!folder) {
        finish(request, tl::unexpected(folder.error()));
        return;
    }
    const Status set =
        m_stores->windows.set(folder->account, folder->mailbox,
                              command.months < 0 ? std::nullopt : std::optional(command.months));
    if (const auto found = member(folder->account); set && found)
        (*found)->engine->windowChanged(folder->id);
    finish(request, set);
}

void EngineCore::run(RequestId request, const command::SetBodyBudget& command)
{
    const auto found = member(command.account);
    if (!found) {
        finish(request, tl::unexpected(found.error()));
        return;
    }
    const Status set = m_stores->budgets.set(command.account, command.bytes);
    if (set)
        (*found)->engine->budgetChanged();
    finish(request, set);
}

void EngineCore::run(RequestId request, const command::RememberAnswer& command)
{
    finish(request, m_stores->answers.set(command.answer));
}

void EngineCore::run(RequestId request, const command::RememberNotice& command)
{
    NoticeAnswer answer = command.answer;
    answer.answered = static_cast<std::int64_t>(std::time(nullptr));
    finish(request, m_stores->answers.set(answer));
}

void EngineCore::run(RequestId request, const command::TrustSender& command)
{
    const Status set = m_stores->trust.set(command.pattern, command.trusted);
    if (set)
        m_announce([](MailEngine& engine) { Q_EMIT engine.trustChanged(); });
    finish(request, set);
}

} // namespace avocet
