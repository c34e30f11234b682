// SPDX-License-Identifier: GPL-3.0-or-later
// The first words of rows that somebody looks at while their bodies are not here.
#include "core/engine/AccountEngine.h"
#include "core/engine/PartPreview.h"

#include <algorithm>
#include <tuple>

namespace avocet {

namespace {

/// One screenful; a longer wish is fulfilled in several steps, so that what is opened goes in between.
constexpr std::size_t previewsPerStep = 30;

using Previews = std::map<std::uint32_t, std::string>; ///< by UID

/// One small FETCH for all that have their text in the same place.
Status partPreviews(ImapSession& session, const std::vector<MissingPreview>& wanted,
                    Previews& found)
{
    std::map<std::tuple<std::string, std::uint64_t>, std::map<std::uint32_t, TextPart>> groups;
    for (const MissingPreview& one : wanted)
        if (auto part = firstText(one.bodyStructure))
            groups[{part->section, previewLength(*part)}].emplace(one.uid, std::move(*part));
    for (const auto& [place, parts] : groups) {
        std::vector<std::uint32_t> uids;
        for (const auto& [uid, part] : parts)
            uids.push_back(uid);
        const auto& [section, length] = place;
        const auto take = [&found, &parts = parts](std::uint32_t uid, const std::string& bytes) {
            if (const auto part = parts.find(uid); part != parts.end())
                found[uid] = previewOfPart(part->second, bytes);
        };
        const auto fetched = session.fetchSections(uids, {section, 0, length}, take);
        if (!fetched && (!session.alive() || fetched.error().kind != ErrorKind::Rejected))
            return fetched;
    }
    return {};
}

Status previews(ImapSession& session, const std::vector<MissingPreview>& wanted, Previews& found)
{
    std::vector<std::uint32_t> uids;
    for (const MissingPreview& one : wanted)
        uids.push_back(one.uid);
    const auto asked = session.fetchPreviews(uids, [&](std::uint32_t uid, const std::string& text) {
        found[uid] = previewOfServer(text);
    });
    const bool refused = !asked && asked.error().kind == ErrorKind::Rejected && session.alive();
    return refused ? partPreviews(session, wanted, found) : asked;
}

} // namespace

struct AccountEngine::PreviewWish {
    FolderId folder;
    std::vector<MessageId> messages;
    Done done;
};

void AccountEngine::fetchPreviews(FolderId folder, std::vector<MessageId> messages, Done done)
{
    auto wish =
        std::make_shared<PreviewWish>(PreviewWish{folder, std::move(messages), std::move(done)});
    // Who scrolled on does not look at the rows before any more.
    if (const auto before = std::exchange(m_previewWish, std::move(wish)))
        before->done(fail(ErrorKind::Cancelled, "other rows are looked at"));
    if (!m_previewing)
        nextPreviews();
}

void AccountEngine::nextPreviews()
{
    const auto wish = m_previewWish;
    if (!wish)
        return;
    const auto end = [this, &wish](const Status& status) {
        m_previewWish.reset();
        wish->done(status);
    };
    if (m_online && m_status.state == AccountStatus::State::Offline) {
        end(fail(ErrorKind::Offline, "not connected"));
        return;
    }
    const auto folder = m_context.stores.folders.find(wish->folder);
    auto& left = wish->messages;
    const auto count = static_cast<std::ptrdiff_t>(std::min(left.size(), previewsPerStep));
    const std::vector<MessageId> step(left.begin(), left.begin() + count);
    left.erase(left.begin(), left.begin() + count);
    auto wanted = folder ? m_context.stores.messages.withoutPreview(folder->id, step)
                         : tl::unexpected(folder.error());
    if (!wanted || (wanted->empty() && left.empty())) {
        end(wanted ? Status() : tl::unexpected(wanted.error()));
        return;
    }
    if (wanted->empty()) {
        nextPreviews();
        return;
    }
    const auto list = std::make_shared<const std::vector<MissingPreview>>(std::move(*wanted));
    const auto found = std::make_shared<Previews>();
    const auto job = [folder = *folder, list, found](ImapSession& session,
                                                     std::stop_token) -> Status {
        const auto selected = session.select(folder.mailbox, true);
        if (!selected)
            return tl::unexpected(selected.error());
        found->clear();
        return selected->uidValidity == folder.uidValidity ? previews(session, *list, *found)
                                                           : Status();
    };
    m_previewing = true;
    runImap(Lane::Quick, job, [this, wish, folder = folder->id, list, found](const Status& status) {
        m_previewing = false;
        const Status stored = storePreviews(folder, *list, *found);
        if (wish == m_previewWish && (!status || !stored)) {
            m_previewWish.reset();
            wish->done(status ? stored : status);
        }
        nextPreviews();
    });
}

Status AccountEngine::storePreviews(FolderId folder, const std::vector<MissingPreview>& wanted,
                                    const std::map<std::uint32_t, std::string>& previews)
{
    std::vector<MessageId> messages;
    for (const MissingPreview& one : wanted)
        messages.push_back(one.message);
    ListChange change;
    const auto stored = m_context.stores.mail->transaction([&]() -> Status {
        // A body may have come meanwhile, which brings its own.
        const auto missing = m_context.stores.messages.withoutPreview(folder, messages);
        if (!missing)
            return tl::unexpected(missing.error());
        for (const MissingPreview& one : *missing) {
            const auto preview = previews.find(one.uid);
            if (preview == previews.end() || preview->second.empty())
                continue;
            if (auto set = m_context.stores.messages.setPreview(one.message, preview->second); !set)
                return set;
            change.changed.push_back(one.message);
        }
        return {};
    });
    if (stored)
        announceList(m_context, folder, m_account.id, std::move(change));
    return stored;
}

} // namespace avocet
