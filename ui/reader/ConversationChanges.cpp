// SPDX-License-Identifier: GPL-3.0-or-later
// How a conversation keeps up: new mail of it, changed flags, messages that go.
#include "ui/reader/CardColumn.h"
#include "ui/reader/ConversationView.h"
#include "ui/reader/FoldedLine.h"
#include "ui/reader/ReaderContext.h"

#include <algorithm>
#include <unordered_set>

namespace avocet {

using namespace std::chrono_literals;

void ConversationView::followEngine()
{
    MailEngine& engine = m_context.engine();
    // A sync tells of every batch, and what it brings may belong to any conversation.
    m_refreshSoon.setSingleShot(true);
    m_refreshSoon.setInterval(100ms);
    connect(&m_refreshSoon, &QTimer::timeout, this, &ConversationView::refresh);
    const auto soon = [this] {
        if (m_selected && !m_refreshSoon.isActive()) {
            m_refreshSoon.start();
        }
    };
    connect(&engine, &MailEngine::messagesAdded, this, soon);
    connect(&engine, &MailEngine::messagesRemoved, this, soon);
    connect(&engine, &MailEngine::folderReset, this, soon);
    connect(&engine, &MailEngine::messagesChanged, this,
            [this](FolderId, const std::vector<MessageId>& ids) { refreshRows(ids); });
    connect(&engine, &MailEngine::previewsArrived, this,
            [this](const std::vector<MessageId>& ids) { refreshRows(ids); });
}

void ConversationView::refreshRows(std::span<const MessageId> ids)
{
    std::vector<MessageId> ours;
    for (const MessageCard* each : cards()) {
        if (each->message() && std::find(ids.begin(), ids.end(), each->message()) != ids.end()) {
            ours.push_back(each->message());
        }
    }
    if (ours.empty()) {
        return;
    }
    for (const MessageSummary& row : rowsOf(ours)) {
        card(row.id)->setSummary(row);
    }
    Q_EMIT changed();
}

void ConversationView::refresh()
{
    if (!m_selected) {
        return;
    }
    // The selected one may have gone, and any other still knows the conversation.
    std::vector<MessageId> now;
    for (const MessageCard* each : cards()) {
        const MessageId id = each->message();
        const auto rows = m_context.engine().queries().rows(std::span(&id, 1));
        if (!rows.empty()) {
            now = conversationOf(rows.front());
            break;
        }
    }
    dropMissing(now);
    appendNew(now);
    updateAlone();
    if (m_column->items().isEmpty()) {
        clear();
        Q_EMIT emptied();
        return;
    }
    layOut();
    Q_EMIT changed();
}

void ConversationView::dropMissing(const std::vector<MessageId>& now)
{
    const std::unordered_set<MessageId> there(now.begin(), now.end());
    std::vector<MessageId> shown;
    for (const MessageCard* each : cards()) {
        if (there.contains(each->message())) {
            shown.push_back(each->message());
        }
    }
    std::unordered_set<MessageId> stay;
    for (const MessageSummary& row : rowsOf(shown)) {
        stay.insert(row.id);
        card(row.id)->setSummary(row);
    }
    const QList<MessageCard*> all = cards();
    for (qsizetype i = 0; i < all.size(); ++i) {
        if (stay.contains(all[i]->message())) {
            continue;
        }
        if (m_current == all[i]) {
            m_current = i + 1 < all.size() ? all[i + 1] : i > 0 ? all[i - 1] : nullptr;
        }
        m_column->remove(all[i]);
    }
    const QList<QWidget*> items = m_column->items();
    for (QWidget* item : items) {
        if (auto* run = qobject_cast<RunLine*>(item)) {
            std::vector<MessageId> hidden = run->messages();
            std::erase_if(hidden, [&there](MessageId id) { return !there.contains(id); });
            if (hidden.empty()) {
                m_column->remove(run);
            } else if (hidden.size() != run->messages().size()) {
                run->setMessages(std::move(hidden));
            }
        }
    }
}

void ConversationView::appendNew(const std::vector<MessageId>& now)
{
    const std::vector<MessageId> shown = messages();
    const std::unordered_set<MessageId> have(shown.begin(), shown.end());
    std::vector<MessageId> fresh;
    std::copy_if(now.begin(), now.end(), std::back_inserter(fresh),
                 [&](MessageId id) { return !have.contains(id) && !m_copies.isStandIn(id, have); });
    for (const MessageSummary& row : withoutCopies(rowsOf(fresh), shown)) {
        // By its date: an older one may be found later, when its folder is synced.
        int at = static_cast<int>(m_column->items().size());
        while (at > 0) {
            const auto* before = qobject_cast<MessageCard*>(m_column->items()[at - 1]);
            if (!before || before->summary().date <= row.date) {
                break;
            }
            --at;
        }
        m_column->insert(at, makeCard(row));
    }
}

} // namespace avocet
