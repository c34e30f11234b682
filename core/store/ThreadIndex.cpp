// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/ThreadIndex.h"

#include <algorithm>

namespace avocet {

namespace {

/// A References field may be as long as its sender likes. The ends matter: the oldest names the conversation, the
/// newest are the likeliest to be here.
constexpr std::size_t maxReferences = 64;

constexpr std::uint64_t mixed(std::uint64_t value)
{
    value ^= value >> 33;
    value *= 0xff51afd7ed558ccdULL;
    value ^= value >> 33;
    value *= 0xc4ceb9fe1a85ec53ULL;
    value ^= value >> 33;
    return value;
}

} // namespace

std::int64_t accountHash(AccountId account, std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL ^ mixed(static_cast<std::uint64_t>(account.value));
    for (const char byte : text) {
        hash ^= static_cast<unsigned char>(byte);
        hash *= 0x100000001b3ULL;
    }
    return static_cast<std::int64_t>(mixed(hash));
}

ThreadId ThreadIndex::resolved(std::int64_t thread)
{
    std::int64_t root = thread;
    int steps = 0;
    for (;; ++steps) {
        auto found = m_mergedInto.begin(m_db, root);
        if (!found.step())
            break;
        root = found.number(0);
    }
    if (steps > 1)
        m_shortenMerges.run(m_db, thread, root);
    return ThreadId{root};
}

ThreadId ThreadIndex::find(std::int64_t hash)
{
    if (const auto known = m_known.find(hash); known != m_known.end())
        return known->second;
    std::int64_t linked = 0;
    if (auto row = m_find.begin(m_db, hash); row.step())
        linked = row.number(0);
    if (linked == 0)
        return {};
    return m_known.emplace(hash, resolved(linked)).first->second;
}

void ThreadIndex::merge(ThreadId from, ThreadId into)
{
    m_moveMessages.run(m_db, from, into);
    m_noteMerge.run(m_db, from, into);
    m_known.clear();
}

ThreadId ThreadIndex::assign(AccountId account, MessageId id, const NewMessage& message)
{
    m_hashes.clear();
    m_unknown.clear();
    const auto add = [&](const std::string& text) {
        if (text.empty())
            return;
        const std::int64_t hash = accountHash(account, text);
        if (std::find(m_hashes.begin(), m_hashes.end(), hash) == m_hashes.end())
            m_hashes.push_back(hash);
    };
    add(message.messageIdHeader);
    add(message.inReplyTo);
    const auto& references = message.references;
    for (std::size_t i = 0; i < references.size(); ++i)
        if (i == 0 || i + maxReferences > references.size())
            add(references[i]);

    ThreadId thread;
    for (const std::int64_t hash : m_hashes) {
        const ThreadId found = find(hash);
        if (!found) {
            m_unknown.push_back(hash);
            continue;
        }
        if (!thread || found == thread) {
            thread = found;
            continue;
        }
        merge(std::max(thread, found), std::min(thread, found));
        thread = std::min(thread, found);
    }
    if (!thread)
        thread.value = id.value;
    for (const std::int64_t hash : m_unknown) {
        m_link.run(m_db, hash, thread);
        m_known.emplace(hash, thread);
    }
    return thread;
}

void ThreadIndex::removeMessage(MessageId message)
{
    AccountId account;
    ThreadId thread;
    std::vector<std::string> ids;
    if (auto row = m_idsOf.begin(m_db, message); row.step()) {
        account.value = row.number(0);
        thread.value = row.number(1);
        ids = sql::split(row.text(4), '\n');
        ids.push_back(row.text(2));
        ids.push_back(row.text(3));
    }
    m_removeMessage.run(m_db, message);
    if (!m_anyInThread.begin(m_db, thread).step())
        forget(account, thread, ids);
}

void ThreadIndex::forget(AccountId account, ThreadId thread, const std::vector<std::string>& ids)
{
    for (const std::string& id : ids) {
        const std::int64_t hash = accountHash(account, id);
        if (find(hash) != thread)
            continue;
        m_unlink.run(m_db, hash);
        m_known.erase(hash);
    }
}

} // namespace avocet
