// SPDX-License-Identifier: GPL-3.0-or-later
// One mail that lies in two folders, such as what was sent and came back from a list: shown once, where the server does
// not tell that they are the same.
#pragma once

#include "core/engine/MailQueries.h"

#include <functional>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace avocet {

/// Of one conversation. Thread: the GUI's.
class ConversationCopies {
public:
    explicit ConversationCopies(MailQueries& queries)
        : m_queries(queries)
    {
    }

    void clear();
    /// Takes those out of `rows` that are copies of each other, of which the one with the most `worth` stays, or of one
    /// that is shown already.
    /// `folder`: in which those are looked at first.
    void drop(std::vector<MessageSummary>& rows, std::span<const MessageId> shown, FolderId folder,
              const std::function<int(const MessageSummary&)>& worth);
    /// It was taken out, and what it is a copy of is among `shown`.
    bool isStandIn(MessageId message, const std::unordered_set<MessageId>& shown) const;

private:
    const std::string& nameOf(MessageId message);
    const std::string& contentOf(MessageId message);
    bool isCopy(const MessageSummary& one, const MessageSummary& other);

    MailQueries& m_queries;
    std::unordered_map<MessageId, std::string> m_names; ///< Message-ID fields
    std::unordered_map<MessageId, std::string>
        m_contents;                                     ///< digests, of those that were asked for
    std::unordered_map<MessageId, MessageId> m_dropped; ///< each with the one that it is a copy of
};

} // namespace avocet
