// SPDX-License-Identifier: GPL-3.0-or-later
// ChangePlanner: drafts on their way into the server's Drafts folder.
#include "core/engine/BodyIngest.h"
#include "core/engine/ChangePlanner.h"
#include "core/mime/MessageBuilder.h"
#include "core/mime/MessageReader.h"

#include <algorithm>
#include <ctime>

namespace avocet {

namespace {

/// Packing more would hold the engine for too long; it comes back with the bodies of the folder.
constexpr std::size_t largestShownAtOnce = 1 << 20;

constexpr Flags draftFlags = Flag::Seen | Flag::DraftFlag;

/// From the header alone: what is attached may be large.
NewMessage rowOf(const Operation& append, std::string_view message)
{
    ParsedMessage read = readMessage(message.substr(0, message.find("\r\n\r\n")));
    NewMessage row;
    row.flags = draftFlags;
    row.internalDate = append.internalDate;
    row.date = read.date.value_or(append.internalDate);
    row.size = static_cast<std::int64_t>(message.size());
    row.subject = std::move(read.subject);
    row.from = std::move(read.from);
    row.sender = std::move(read.sender);
    row.replyTo = std::move(read.replyTo);
    row.to = std::move(read.to);
    row.cc = std::move(read.cc);
    row.bcc = std::move(read.bcc);
    row.messageIdHeader = append.messageIdHeader;
    row.inReplyTo = std::move(read.inReplyTo);
    row.references = std::move(read.references);
    row.hasAttachment = !read.parts.empty() && read.parts.front().type == "multipart/mixed";
    return row;
}

} // namespace

Status ChangePlanner::fileDraft(DraftId id, std::set<AccountId>& touched)
{
    Stores& stores = m_context.stores;
    const auto draft = stores.drafts.find(id);
    const auto identities = draft ? stores.accounts.identities() : tl::unexpected(draft.error());
    const auto copy = identities ? stores.drafts.copyOf(id) : tl::unexpected(identities.error());
    if (!copy)
        return tl::unexpected(copy.error());
    const auto identity =
        std::find_if(identities->begin(), identities->end(),
                     [&](const Identity& one) { return one.id == draft->identity; });
    if (identity == identities->end())
        return {};
    const auto folder = stores.folders.findByRole(identity->account, FolderRole::Drafts);
    if (!folder || (*copy && (*copy)->refused))
        return {};
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    const auto built = buildDraft(*draft, *identity, now);
    if (!built)
        return tl::unexpected(built.error());

    Operation append;
    append.account = identity->account;
    append.kind = OperationKind::Append;
    append.messageIdHeader = built->messageId;
    append.internalDate = now;
    append.target = folder->mailbox;
    if (*copy && (*copy)->account != append.account) {
        if (auto removed = planCopyRemoval(**copy); !removed)
            return removed;
        touched.insert((*copy)->account);
    } else if (*copy) {
        if (const auto took = takeOver(**copy, append); !took)
            return tl::unexpected(took.error());
    }
    const std::string message = withBcc(built->bytes, built->bcc);
    const auto planned = stores.operations.planAppend(append, message);
    if (!planned)
        return tl::unexpected(planned.error());
    append.id = *planned;
    touched.insert(append.account);
    m_shown.push_back([this, append, message] { return showAppended(append, message); });
    return stores.drafts.setCopy(
        id, {append.account, append.target, 0, pendingKey(append.id), append.messageIdHeader});
}

/// `append` replaces the copy; one that nobody has tried to bring yet is called off, and `append` replaces what that one
/// would have replaced. True: it was called off.
Result<bool> ChangePlanner::takeOver(const DraftCopy& copy, Operation& append)
{
    OperationStore& operations = m_context.stores.operations;
    if (copy.uid >= firstPendingKey)
        if (const auto before = operations.find(operationOf(copy.uid));
            before && before->state == OperationState::Planned) {
            append.mailbox = before->mailbox;
            append.uidValidity = before->uidValidity;
            append.uid = before->uid;
            append.replaces = before->replaces;
            if (auto cancelled = operations.cancel(before->id); !cancelled)
                return tl::unexpected(cancelled.error());
            m_shown.push_back([this, before = *before] { return takeOneBack(before); });
            return true;
        }
    if (copy.uid != 0) {
        append.mailbox = copy.mailbox;
        append.uidValidity = copy.uidValidity;
        append.uid = copy.uid;
        append.replaces = copy.messageIdHeader;
    }
    return false;
}

Status ChangePlanner::removeDraftCopy(DraftId draft, std::set<AccountId>& touched)
{
    Stores& stores = m_context.stores;
    const auto copy = stores.drafts.copyOf(draft);
    if (!copy || !*copy)
        return copy ? Status() : tl::unexpected(copy.error());
    touched.insert((*copy)->account);
    const auto planned = planCopyRemoval(**copy);
    // The draft itself may stay, to come back from the outbox: then the copy's end is not the draft's.
    return planned ? stores.drafts.forgetCopy(draft) : planned;
}

Status ChangePlanner::planCopyRemoval(const DraftCopy& copy)
{
    Stores& stores = m_context.stores;
    Operation removal;
    if (const auto took = takeOver(copy, removal); !took)
        return tl::unexpected(took.error());
    if (removal.uid == 0)
        return {};
    removal.kind = OperationKind::Delete;
    removal.account = copy.account;
    removal.messageIdHeader = std::exchange(removal.replaces, {});
    const auto planned = stores.operations.plan(removal);
    if (!planned)
        return tl::unexpected(planned.error());
    removal.id = *planned;
    m_shown.push_back([this, removal]() -> Status {
        const auto waits = waiting(removal.account);
        if (!waits)
            return tl::unexpected(waits.error());
        const auto folder = m_context.stores.folders.findByMailbox(
            removal.account, (*waits)->cachedName(removal.id, removal.mailbox));
        return folder ? show(removal, *folder, {}, 0, {}) : Status();
    });
    return {};
}

/// May be repeated.
Status ChangePlanner::showAppended(const Operation& append, const std::string& message)
{
    Stores& stores = m_context.stores;
    const auto waits = waiting(append.account);
    if (!waits)
        return tl::unexpected(waits.error());
    const auto folderOf = [&](const std::string& mailbox) {
        return stores.folders.findByMailbox(append.account,
                                            (*waits)->cachedName(append.id, mailbox));
    };
    if (const auto before = folderOf(append.mailbox); before && append.uid != 0)
        if (auto hidden = show(append, *before, {}, 0, {}); !hidden)
            return hidden;
    const auto target = folderOf(append.target);
    if (!target)
        return {};
    const auto placed =
        stores.messages.insertPending(target->id, pendingKey(append.id), rowOf(append, message));
    if (!placed)
        return tl::unexpected(placed.error());
    if (!*placed)
        return {};
    noteList(*target, {{*placed}, {}, {}, {}});
    if (message.size() <= largestShownAtOnce)
        m_appended.emplace_back(*placed, message);
    return {};
}

/// Behind the transaction of their rows: an id that was rolled back is given to another message.
void ChangePlanner::storeAppended()
{
    std::vector<ArrivedBody> bodies;
    for (const auto& [id, message] : std::exchange(m_appended, {}))
        bodies.push_back({id, BodyStore::pack(message)});
    if (!bodies.empty())
        (void)storeBodies(m_context, bodies, true); // else it comes from the server
}

} // namespace avocet
