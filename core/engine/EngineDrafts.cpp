// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that keep drafts, here and in the account's Drafts folder.
#include "core/engine/DraftPickup.h"
#include "core/engine/EngineCore.h"

#include <ctime>

namespace avocet {

void EngineCore::run(RequestId request, const command::SaveDraft& command)
{
    Draft draft = command.draft;
    draft.changed = static_cast<std::int64_t>(std::time(nullptr));
    auto id = m_stores->drafts.save(draft);
    if (!id && id.error().code == ErrorCode::NotFound) {
        // Another device sent it or threw it away while it is written here: what is written is not lost to that.
        draft.id = {};
        id = m_stores->drafts.save(draft);
    }
    if (!id) {
        finish(request, tl::unexpected(id.error()));
        return;
    }
    m_announce([](MailEngine& engine) { Q_EMIT engine.draftsChanged(); });
    finish(request, QJsonObject{{QStringLiteral("draftId"), static_cast<qint64>(id->value)}});
}

void EngineCore::run(RequestId request, const command::FileDraft& command)
{
    std::set<AccountId> accounts;
    ChangePlanner planner(*m_context);
    const auto planned = planner.plan([&] { return planner.fileDraft(command.draft, accounts); });
    if (planned)
        replay(request, accounts, command.wait);
    else
        finish(request, planned);
}

void EngineCore::run(RequestId request, const command::DiscardDraft& command)
{
    std::set<AccountId> accounts;
    ChangePlanner planner(*m_context);
    const auto removed = planner.plan([&]() -> Status {
        const auto copy = planner.removeDraftCopy(command.draft, accounts);
        return copy ? m_stores->drafts.remove(command.draft) : copy;
    });
    m_announce([](MailEngine& engine) { Q_EMIT engine.draftsChanged(); });
    if (removed)
        replay(request, accounts, false);
    else
        finish(request, removed);
}

void EngineCore::run(RequestId request, const command::OpenDraft& command)
{
    const auto opened = [this, request](const Result<DraftId>& id) {
        if (!id) {
            finish(request, tl::unexpected(id.error()));
            return;
        }
        m_announce([](MailEngine& engine) { Q_EMIT engine.draftsChanged(); });
        finish(request, QJsonObject{{QStringLiteral("draftId"), static_cast<qint64>(id->value)}});
    };
    const auto placement = draftPlacement(command.message);
    const auto known =
        placement ? DraftPickup(*m_context).find(*placement) : tl::unexpected(placement.error());
    if (!known || *known) {
        opened(known);
        return;
    }
    const auto adopt = [this, opened, message = command.message] {
        // Looked up again: meanwhile it may have been opened, replaced or thrown away.
        DraftPickup pickup(*m_context);
        const auto now = draftPlacement(message);
        const auto draft = now ? pickup.find(*now) : tl::unexpected(now.error());
        const auto raw = draft ? m_stores->bodies.get(message) : tl::unexpected(draft.error());
        if (!raw)
            opened(tl::unexpected(raw.error()));
        else if (*draft)
            opened(draft);
        else if (!*raw)
            opened(fail(ErrorKind::Rejected, "no body of this message", ErrorCode::NotFound));
        else
            opened(pickup.adopt(*now, **raw));
    };
    const auto there = m_stores->bodies.has(command.message);
    if (there && *there) {
        adopt();
        return;
    }
    const auto folder = m_stores->folders.find(placement->folder);
    const auto found = folder ? member(folder->account) : tl::unexpected(folder.error());
    if (!found) {
        finish(request, tl::unexpected(found.error()));
        return;
    }
    fetchBody(request, *(*found)->engine, command.message, [opened, adopt](const Status& status) {
        if (status)
            adopt();
        else
            opened(tl::unexpected(status.error()));
    });
}

/// Where the message lies in a Drafts folder, else in any.
Result<Placement> EngineCore::draftPlacement(MessageId message)
{
    const auto placements = m_stores->messages.placements(message);
    if (!placements)
        return tl::unexpected(placements.error());
    const Placement* best = nullptr;
    for (const Placement& placement : *placements) {
        if (!placement.shown())
            continue;
        const auto folder = m_stores->folders.find(placement.folder);
        if (folder && folder->role == FolderRole::Drafts)
            return placement;
        if (!best)
            best = &placement;
    }
    if (!best)
        return fail(ErrorKind::Rejected, "this draft is gone", ErrorCode::NotFound);
    return *best;
}

/// A crash may have come between what was typed and its way to the server.
Status EngineCore::fileLeftDrafts()
{
    const auto left = m_stores->drafts.unfiled();
    if (!left)
        return tl::unexpected(left.error());
    for (const DraftId id : *left) {
        std::set<AccountId> accounts;
        ChangePlanner planner(*m_context);
        // One that cannot be built stays here, and says so when it is sent.
        (void)planner.plan([&] { return planner.fileDraft(id, accounts); });
    }
    return {};
}

} // namespace avocet
