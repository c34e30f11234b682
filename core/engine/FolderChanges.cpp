// SPDX-License-Identifier: GPL-3.0-or-later
// ChangePlanner: new, renamed, deleted and subscribed folders.
#include "core/engine/ChangePlanner.h"
#include "core/protocol/ModifiedUtf7.h"

#include <algorithm>

namespace avocet {

namespace {

tl::unexpected<Error> badName(const std::string& path)
{
    return fail(ErrorKind::Rejected, "not a folder's name: " + path, ErrorCode::InvalidInput);
}

/// Some servers keep every folder below the inbox and refuse others (RFC 2342): what all folders of the
/// account have, a new one gets as well.
std::string prefixOf(const std::vector<Folder>& folders, const std::string& path)
{
    if (folders.size() < 2 || folders.front().delimiter == 0)
        return {};
    const std::string prefix = std::string("INBOX") + folders.front().delimiter;
    const bool all = std::all_of(folders.begin(), folders.end(), [&](const Folder& folder) {
        return folder.role == FolderRole::Inbox || folder.mailbox.starts_with(prefix);
    });
    return all && !path.starts_with(prefix) ? prefix : std::string();
}

bool isFolderName(const std::string& path, char delimiter)
{
    return !path.empty() && path.size() <= 500 && isShowableUtf8(path) &&
           (delimiter == 0 || (path.front() != delimiter && path.back() != delimiter));
}

} // namespace

Status ChangePlanner::planFolder(Operation operation)
{
    Stores& stores = m_context.stores;
    if (auto planned = stores.operations.plan(operation); !planned)
        return tl::unexpected(planned.error());
    auto folders = stores.folders.ofAccount(operation.account);
    const auto changes = folders ? pending(operation.account) : tl::unexpected(folders.error());
    if (!changes)
        return tl::unexpected(changes.error());
    changes->applyTo(*folders);
    if (auto replaced = stores.folders.replaceAll(operation.account, *folders); !replaced)
        return tl::unexpected(replaced.error());
    m_context.announce([account = operation.account](MailEngine& engine) {
        Q_EMIT engine.foldersChanged(account);
    });
    return {};
}

Status ChangePlanner::createFolder(AccountId account, const std::string& path)
{
    const auto folders = m_context.stores.folders.ofAccount(account);
    if (!folders)
        return tl::unexpected(folders.error());
    const char delimiter = folders->empty() ? '\0' : folders->front().delimiter;
    const std::string mailbox = mailboxFromUtf8(prefixOf(*folders, path) + path);
    const bool taken = std::any_of(folders->begin(), folders->end(),
                                   [&](const Folder& folder) { return folder.mailbox == mailbox; });
    if (!isFolderName(path, delimiter))
        return badName(path);
    if (taken)
        return fail(ErrorKind::Rejected, "there is a folder " + path + " already",
                    ErrorCode::InvalidInput);
    Operation operation;
    operation.account = account;
    operation.kind = OperationKind::CreateFolder;
    operation.mailbox = mailbox;
    return planFolder(std::move(operation));
}

Status ChangePlanner::renameFolder(const Folder& folder, const std::string& path)
{
    Stores& stores = m_context.stores;
    const std::string mailbox = mailboxFromUtf8(path);
    if (!isFolderName(path, folder.delimiter))
        return badName(path);
    if (folder.role == FolderRole::Inbox)
        return fail(ErrorKind::Rejected, "the inbox keeps its name", ErrorCode::InvalidInput);
    if (mailbox == folder.mailbox)
        return {};
    const std::string below = folder.mailbox + folder.delimiter;
    if (stores.folders.findByMailbox(folder.account, mailbox) || mailbox.starts_with(below))
        return fail(ErrorKind::Rejected, "there is a folder " + path + " already",
                    ErrorCode::InvalidInput);
    Operation operation;
    operation.account = folder.account;
    operation.kind = OperationKind::RenameFolder;
    operation.mailbox = folder.mailbox;
    operation.target = mailbox;
    if (auto planned = stores.operations.plan(operation); !planned)
        return tl::unexpected(planned.error());
    return renameRows(operation);
}

/// The rows keep their ids and their mail; the list that the server sends finds them under their new names.
Status ChangePlanner::renameRows(const Operation& operation)
{
    Stores& stores = m_context.stores;
    const auto folders = stores.folders.ofAccount(operation.account);
    if (!folders)
        return tl::unexpected(folders.error());
    const auto renamed = stores.mail->transaction([&]() -> Status {
        for (const Folder& each : *folders) {
            const std::string name =
                renamedMailbox(each.mailbox, operation.mailbox, operation.target, each.delimiter);
            if (name == each.mailbox || stores.folders.findByMailbox(operation.account, name))
                continue;
            if (auto one = stores.folders.rename(each.id, name, mailboxToUtf8(name)); !one)
                return one;
            if (auto one = stores.windows.rename(operation.account, each.mailbox, name); !one)
                return one;
        }
        return {};
    });
    m_context.announce([account = operation.account](MailEngine& engine) {
        Q_EMIT engine.foldersChanged(account);
    });
    return renamed;
}

Status ChangePlanner::deleteFolder(const Folder& folder, std::int64_t notBefore)
{
    if (folder.role == FolderRole::Inbox)
        return fail(ErrorKind::Rejected, "the inbox cannot be deleted", ErrorCode::InvalidInput);
    Operation operation;
    operation.account = folder.account;
    operation.kind = OperationKind::DeleteFolder;
    operation.mailbox = folder.mailbox;
    operation.notBefore = notBefore;
    return planFolder(std::move(operation));
}

Status ChangePlanner::subscribeFolder(const Folder& folder, bool subscribed)
{
    Operation operation;
    operation.account = folder.account;
    operation.kind = subscribed ? OperationKind::Subscribe : OperationKind::Unsubscribe;
    operation.mailbox = folder.mailbox;
    return planFolder(std::move(operation));
}

} // namespace avocet
