// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/DraftPickup.h"

#include "core/mime/DraftReader.h"
#include "core/model/IdentityMatch.h"

#include <ctime>

namespace avocet {

namespace {

bool liesThere(const FiledDraft& filed, const std::string& mailbox)
{
    return filed.copy.mailbox == mailbox && filed.copy.uid != 0;
}

} // namespace

Result<std::map<MessageId, DraftId>> draftCopiesIn(Stores& stores, const Folder& folder)
{
    const auto drafts = stores.drafts.filed(folder.account);
    if (!drafts)
        return tl::unexpected(drafts.error());
    std::map<MessageId, DraftId> copies;
    for (const FiledDraft& filed : *drafts) {
        if (!liesThere(filed, folder.mailbox))
            continue;
        const auto there = stores.messages.placementAt(folder.id, filed.copy.uid);
        if (!there)
            return tl::unexpected(there.error());
        if (*there)
            copies.emplace((*there)->message, filed.draft);
        if (filed.copy.uid < firstPendingKey)
            continue;
        // A sync may have brought it before its operation has learned which UID it got.
        const auto named =
            stores.messages.findByMessageIdHeader(folder.id, filed.copy.messageIdHeader);
        if (!named)
            return tl::unexpected(named.error());
        for (const Placement& placement : *named)
            copies.emplace(placement.message, filed.draft);
    }
    return copies;
}

Status DraftPickup::follow(const Folder& folder)
{
    const auto drafts = m_context.stores.drafts.filed(folder.account);
    if (!drafts)
        return tl::unexpected(drafts.error());
    bool gone = false;
    for (const FiledDraft& filed : *drafts) {
        // What is on its way there settles by its operation.
        if (!liesThere(filed, folder.mailbox) || filed.copy.uid >= firstPendingKey)
            continue;
        const auto went = followOne(folder, filed);
        if (!went)
            return tl::unexpected(went.error());
        gone = gone || *went;
    }
    if (gone)
        m_context.announce([](MailEngine& engine) { Q_EMIT engine.draftsChanged(); });
    return {};
}

/// True: the draft is gone.
Result<bool> DraftPickup::followOne(const Folder& folder, const FiledDraft& filed)
{
    Stores& stores = m_context.stores;
    const bool renumbered = filed.copy.uidValidity != folder.uidValidity;
    if (renumbered) {
        const auto again =
            stores.messages.findByMessageIdHeader(folder.id, filed.copy.messageIdHeader);
        if (!again)
            return tl::unexpected(again.error());
        if (!again->empty() && !again->front().pending()) {
            const auto moved =
                stores.drafts.moveCopy(filed.draft, folder.uidValidity, again->front().uid);
            return moved ? Result<bool>(false) : tl::unexpected(moved.error());
        }
    } else {
        const auto there = stores.messages.placementAt(folder.id, filed.copy.uid);
        if (!there)
            return tl::unexpected(there.error());
        if (*there)
            return false;
    }
    // Renumbered and not found proves nothing: the server may have lost the folder.
    const bool goes = !filed.changed && !renumbered;
    const auto done = goes ? stores.drafts.remove(filed.draft)
                           : stores.drafts.moveCopy(filed.draft, folder.uidValidity, 0);
    return done ? Result<bool>(goes) : tl::unexpected(done.error());
}

Result<DraftId> DraftPickup::find(const Placement& placement)
{
    const auto folder = m_context.stores.folders.find(placement.folder);
    const auto copies =
        folder ? draftCopiesIn(m_context.stores, *folder) : tl::unexpected(folder.error());
    if (!copies)
        return tl::unexpected(copies.error());
    const auto found = copies->find(placement.message);
    return found == copies->end() ? DraftId{} : found->second;
}

Result<DraftId> DraftPickup::adopt(const Placement& placement, std::string_view raw)
{
    Stores& stores = m_context.stores;
    const auto folder = stores.folders.find(placement.folder);
    const auto identities = folder ? stores.accounts.identities() : tl::unexpected(folder.error());
    if (!identities)
        return tl::unexpected(identities.error());
    const ParsedMessage message = readMessage(raw);
    Draft draft = draftFromMessage(raw, message);
    std::vector<Identity> own = *identities;
    std::erase_if(own, [&](const Identity& one) { return one.account != folder->account; });
    const std::vector<std::string> writer =
        message.from.empty() ? std::vector<std::string>()
                             : std::vector<std::string>{message.from.front().address};
    if (const auto writes = answeringIdentity(own, folder->account, {}, writer)) {
        draft.identity = writes->identity;
        draft.from = writes->from;
    } else if (!own.empty()) {
        draft.identity = own.front().id;
    }
    draft.changed = message.date.value_or(static_cast<std::int64_t>(std::time(nullptr)));
    Result<DraftId> adopted;
    const Status stored = stores.user->transaction([&]() -> Status {
        adopted = stores.drafts.save(draft);
        return adopted ? stores.drafts.setCopy(*adopted, {folder->account, folder->mailbox,
                                                          placement.uidValidity, placement.uid,
                                                          placement.messageIdHeader})
                       : tl::unexpected(adopted.error());
    });
    return stored ? adopted : tl::unexpected(stored.error());
}

} // namespace avocet
