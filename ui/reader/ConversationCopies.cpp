// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ConversationCopies.h"

#include <algorithm>

namespace avocet {

namespace {

/// How many of what is shown already are looked at, the newest of them: copies come about when a mail is new.
constexpr std::size_t comparedWith = 200;

bool sameSender(const MessageSummary& one, const MessageSummary& other)
{
    return !one.from.empty() && !other.from.empty() &&
           one.from.front().address == other.from.front().address;
}

} // namespace

void ConversationCopies::clear()
{
    m_names.clear();
    m_contents.clear();
    m_dropped.clear();
}

const std::string& ConversationCopies::nameOf(MessageId message)
{
    const auto [known, isNew] = m_names.try_emplace(message);
    if (isNew) {
        known->second = m_queries.messageIdHeader(message);
    }
    return known->second;
}

const std::string& ConversationCopies::contentOf(MessageId message)
{
    std::string& known = m_contents[message];
    if (known.empty()) { // its body may have come since
        known = m_queries.contentDigest(message);
    }
    return known;
}

/// Of two with the same Message-ID. Anybody can repeat that of another's mail, and must not hide it by that.
bool ConversationCopies::isCopy(const MessageSummary& one, const MessageSummary& other)
{
    // What lies in one folder twice can be put away twice.
    if (one.folder == other.folder || !sameSender(one, other)) {
        return false;
    }
    const std::string& content = contentOf(one.id);
    if (!content.empty() && !contentOf(other.id).empty()) {
        return content == contentOf(other.id);
    }
    // Until both can be read: a server's own copy has the time at which the first one came.
    return one.date == other.date && one.size == other.size && one.subject == other.subject;
}

void ConversationCopies::drop(std::vector<MessageSummary>& rows, std::span<const MessageId> shown,
                              FolderId folder,
                              const std::function<int(const MessageSummary&)>& worth)
{
    if (rows.empty() || rows.size() + shown.size() < 2) {
        return;
    }
    struct Kept {
        MessageSummary row;
        bool shown;
    };
    std::unordered_multimap<std::string, Kept> kept;
    std::unordered_set<std::string> names;
    for (const MessageSummary& row : rows) {
        names.insert(nameOf(row.id));
    }
    for (const MessageId id : shown.last(std::min(shown.size(), comparedWith))) {
        if (const std::string& name = nameOf(id); !name.empty() && names.contains(name)) {
            auto found = m_queries.rows(folder, std::span(&id, 1));
            if (found.empty()) {
                found = m_queries.rows(std::span(&id, 1));
            }
            if (!found.empty()) {
                kept.emplace(name, Kept{std::move(found.front()), true});
            }
        }
    }
    std::unordered_set<MessageId> copies;
    for (const MessageSummary& row : rows) {
        const std::string& name = nameOf(row.id);
        if (name.empty()) {
            continue;
        }
        const auto [first, behind] = kept.equal_range(name);
        const auto same = std::find_if(
            first, behind, [&](const auto& each) { return isCopy(row, each.second.row); });
        if (same == behind) {
            kept.emplace(name, Kept{row, false});
            continue;
        }
        Kept& one = same->second;
        const bool better = !one.shown && worth(row) > worth(one.row);
        const MessageId out = better ? one.row.id : row.id;
        m_dropped[out] = better ? row.id : one.row.id;
        copies.insert(out);
        if (better) {
            one.row = row;
        }
    }
    std::erase_if(rows, [&copies](const MessageSummary& row) { return copies.contains(row.id); });
}

bool ConversationCopies::isStandIn(MessageId message,
                                   const std::unordered_set<MessageId>& shown) const
{
    // Of three copies the second may have been kept for a while before the third was.
    auto at = m_dropped.find(message);
    for (std::size_t steps = 0; at != m_dropped.end() && steps < m_dropped.size(); ++steps) {
        if (shown.contains(at->second)) {
            return true;
        }
        at = m_dropped.find(at->second);
    }
    return false;
}

} // namespace avocet
