// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ConversationView.h"

#include "ui/reader/CardColumn.h"
#include "ui/reader/ConversationInvitations.h"
#include "ui/reader/FoldedLine.h"
#include "ui/reader/ReaderContext.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QScrollBar>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

namespace avocet {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t lookedUpAtOnce = 200; ///< of a conversation's newest
constexpr std::size_t shownAtOnce = 50;     ///< of a run that is unfolded
constexpr std::size_t longRun = 5;          ///< read messages in a row that become one line
constexpr int openAtFirst = 8;              ///< unread messages
constexpr int openedAtOnce = 25;            ///< on wish: each one's HTML takes some 13 MB
constexpr std::int64_t bytesAtOnce = 32'000'000;

} // namespace

ConversationView::ConversationView(ReaderContext& context, QWidget* parent)
    : QScrollArea(parent)
    , m_context(context)
    , m_copies(context.engine().queries())
    , m_column(new CardColumn)
{
    setWidget(m_column);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    // Always, so that nothing moves sideways between a short and a long message.
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn);
    viewport()->setBackgroundRole(QPalette::Base);
    setFocusPolicy(Qt::NoFocus);
    setAccessibleName(tr("Conversation"));
    m_readTimer.setSingleShot(true);
    connect(&m_readTimer, &QTimer::timeout, this, &ConversationView::noteSeen);
    m_layoutSoon.setSingleShot(true);
    connect(&m_layoutSoon, &QTimer::timeout, this, &ConversationView::layOut);
    connect(m_column, &CardColumn::heightsChanged, this, [this] {
        if (!m_layoutSoon.isActive()) {
            m_layoutSoon.start(0ms);
        }
    });
    connect(verticalScrollBar(), &QScrollBar::valueChanged, this, &ConversationView::noteScrolled);
    connect(qApp, &QApplication::focusChanged, this,
            [this](QWidget*, QWidget* now) { focusMoved(now); });
    followEngine();
}

ConversationView::~ConversationView()
{
    // The card with the focus goes after the members that its going would be told to.
    disconnect(qApp, nullptr, this, nullptr);
}

void ConversationView::setTabAnchor(QWidget* before)
{
    m_column->setTabAnchor(before);
}

void ConversationView::clear()
{
    m_readTimer.stop();
    m_refreshSoon.stop();
    m_column->clear();
    m_copies.clear();
    m_current = nullptr;
    m_anchor = nullptr;
    m_selected = {};
    m_folder = {};
}

std::vector<MessageSummary> ConversationView::rowsOf(std::span<const MessageId> ids) const
{
    MailQueries& queries = m_context.engine().queries();
    // As the folder that is looked at has them; the rest from wherever they lie.
    std::vector<MessageSummary> rows;
    const auto gone = [](const MessageSummary& row) { return (row.flags & Deleted) != 0; };
    if (m_folder) {
        rows = queries.rows(m_folder, ids);
        std::erase_if(rows, gone);
    }
    if (rows.size() == ids.size()) {
        return rows;
    }
    std::unordered_set<MessageId> have;
    for (const MessageSummary& row : rows) {
        have.insert(row.id);
    }
    std::vector<MessageId> rest;
    std::copy_if(ids.begin(), ids.end(), std::back_inserter(rest),
                 [&have](MessageId id) { return !have.contains(id); });
    std::unordered_set<FolderId>
        aside; // what was thrown away, or is not written yet, is no part of it
    for (const Folder& folder : queries.folders()) {
        const bool out = folder.role == FolderRole::Trash || folder.role == FolderRole::Junk ||
                         folder.role == FolderRole::Drafts;
        if (out && folder.id != m_folder) {
            aside.insert(folder.id);
        }
    }
    for (MessageSummary& row : queries.rows(rest)) {
        if (!gone(row) && !aside.contains(row.folder)) {
            rows.push_back(std::move(row));
        }
    }
    std::unordered_map<MessageId, std::size_t> order;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        order[ids[i]] = i;
    }
    std::sort(rows.begin(), rows.end(),
              [&order](const auto& a, const auto& b) { return order[a.id] < order[b.id]; });
    return rows;
}

/// The one that was chosen stays, else the one of the folder that is looked at; what is shown stays in any case.
std::vector<MessageSummary> ConversationView::withoutCopies(std::vector<MessageSummary> rows,
                                                            std::span<const MessageId> shown)
{
    m_copies.drop(rows, shown, m_folder, [this](const MessageSummary& row) {
        return row.id == m_selected ? 2 : row.folder == m_folder ? 1 : 0;
    });
    return rows;
}

std::vector<MessageId> ConversationView::conversationOf(const MessageSummary& message) const
{
    std::vector<MessageId> ids;
    if (message.thread) {
        ids = m_context.engine().queries().threadMessages(message.thread);
    }
    if (std::find(ids.begin(), ids.end(), message.id) == ids.end()) {
        ids = {message.id};
    }
    return ids;
}

bool ConversationView::showMessage(FolderId folder, MessageId message)
{
    if (MessageCard* shown = m_folder == folder ? card(message) : nullptr) {
        m_selected = message;
        reveal(shown);
        return true;
    }
    clear();
    const auto found = folder ? m_context.engine().queries().rows(folder, std::span(&message, 1))
                              : m_context.engine().queries().rows(std::span(&message, 1));
    if (found.empty()) {
        return false;
    }
    m_folder = found.front().folder;
    m_selected = message;
    std::vector<MessageId> ids = conversationOf(found.front());
    std::vector<MessageId> older;
    const auto selected = std::find(ids.begin(), ids.end(), message);
    if (ids.size() > lookedUpAtOnce) {
        const auto newest = ids.end() - lookedUpAtOnce;
        const auto first = std::min(newest, selected);
        older.assign(ids.begin(), first);
        ids.erase(ids.begin(), first);
    }
    build(older, ids.size() == 1 ? found : withoutCopies(rowsOf(ids), {}));
    return true;
}

void ConversationView::build(const std::vector<MessageId>& older,
                             const std::vector<MessageSummary>& rows)
{
    int unread = 0;
    std::vector<bool> open(rows.size());
    for (std::size_t i = rows.size(); i-- > 0;) {
        open[i] = rows[i].id == m_selected || (!(rows[i].flags & Seen) && ++unread <= openAtFirst);
    }
    std::vector<MessageId> run = older;
    for (std::size_t i = 0; i < rows.size();) {
        std::size_t end = i;
        while (end < rows.size() && !open[end] && (rows[end].flags & Seen)) {
            ++end;
        }
        // The first and the last of a long run stay: how it began, and what came before what is open.
        const bool fold = end - i >= longRun;
        for (std::size_t k = i; k < std::max(end, i + 1); ++k) {
            const bool edge = k == i || k + 1 == end;
            if (fold && !edge) {
                run.push_back(rows[k].id);
                continue;
            }
            addRun(static_cast<int>(m_column->items().size()), std::exchange(run, {}));
            m_column->insert(static_cast<int>(m_column->items().size()), makeCard(rows[k]));
        }
        i = std::max(end, i + 1);
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (MessageCard* each = open[i] ? card(rows[i].id) : nullptr) {
            each->setOpen(true);
        }
    }
    updateAlone();
    if (MessageCard* selected = card(m_selected)) {
        reveal(selected);
    }
}

void ConversationView::showFile(std::shared_ptr<const OpenedMessage> message)
{
    clear();
    MessageCard* shown = makeCard(message->summary);
    m_column->insert(0, shown);
    shown->present(std::move(message));
    shown->setOpen(true);
    updateAlone();
    reveal(shown);
}

MessageCard* ConversationView::makeCard(const MessageSummary& summary)
{
    auto* made = new MessageCard(m_context, summary, m_column);
    connect(made, &MessageCard::foldWished, this, [this, made](bool open) {
        // It stays where the hand is, or comes into view where its beginning was above.
        m_anchor = made;
        m_anchorOffset = std::max(0, made->y() - verticalScrollBar()->value());
        made->setOpen(open);
        setCurrent(made);
    });
    connect(made, &MessageCard::moved, this, [this, made](int by) {
        if (m_anchor == made) {
            m_anchorOffset -= by;
        }
    });
    connect(made, &MessageCard::textShown, this, [this, made] { Q_EMIT textShown(made); });
    connect(made, &MessageCard::loaded, this, [this] {
        restartReadTimer();
        Q_EMIT changed();
    });
    connect(made, &MessageCard::invitationFound, this, [this] { relateInvitations(cards()); });
    return made;
}

void ConversationView::addRun(int at, std::vector<MessageId> messages)
{
    if (messages.empty()) {
        return;
    }
    auto* run = new RunLine(std::move(messages), m_column);
    connect(run, &QAbstractButton::clicked, this, [this, run] { unfoldRun(run); });
    m_column->insert(at, run);
}

void ConversationView::unfoldRun(RunLine* run)
{
    std::vector<MessageId> hidden = run->messages();
    const std::size_t shown = std::min(shownAtOnce, hidden.size());
    const std::vector<MessageId> ids(hidden.end() - static_cast<std::ptrdiff_t>(shown),
                                     hidden.end());
    hidden.resize(hidden.size() - shown);
    const bool focused = run->hasFocus();
    int at = static_cast<int>(m_column->items().indexOf(run)) + 1;
    run->setMessages(hidden);
    MessageCard* first = nullptr;
    for (const MessageSummary& row : withoutCopies(rowsOf(ids), messages())) {
        MessageCard* made = makeCard(row);
        first = first ? first : made;
        m_column->insert(at++, made);
    }
    // What was asked for comes into view; the rest moves down.
    m_anchor = hidden.empty() && first ? static_cast<QWidget*>(first) : run;
    m_anchorOffset = run->y() - verticalScrollBar()->value();
    if (hidden.empty()) {
        m_column->remove(run);
    }
    if (focused && first) {
        first->setFocus(Qt::OtherFocusReason);
    }
    layOut();
}

QList<MessageCard*> ConversationView::cards() const
{
    QList<MessageCard*> found;
    for (QWidget* item : m_column->items()) {
        if (auto* each = qobject_cast<MessageCard*>(item)) {
            found.append(each);
        }
    }
    return found;
}

std::vector<MessageId> ConversationView::messages() const
{
    std::vector<MessageId> ids;
    for (QWidget* item : m_column->items()) {
        if (const auto* run = qobject_cast<RunLine*>(item)) {
            ids.insert(ids.end(), run->messages().begin(), run->messages().end());
        } else if (const auto* each = qobject_cast<MessageCard*>(item)) {
            ids.push_back(each->message());
        }
    }
    return ids;
}

MessageCard* ConversationView::open(MessageId id)
{
    const QList<QWidget*> items = m_column->items(); // unfolding changes it
    for (QWidget* item : items) {
        auto* run = qobject_cast<RunLine*>(item);
        while (run && std::find(run->messages().begin(), run->messages().end(), id) !=
                          run->messages().end()) {
            const bool last = run->messages().size() <= shownAtOnce;
            unfoldRun(run);
            run = last ? nullptr : run;
        }
    }
    MessageCard* found = card(id);
    if (found) {
        reveal(found);
    }
    return found;
}

MessageCard* ConversationView::card(MessageId id) const
{
    for (QWidget* item : m_column->items()) {
        if (auto* each = qobject_cast<MessageCard*>(item); each && each->message() == id) {
            return each;
        }
    }
    return nullptr;
}

int ConversationView::count() const
{
    std::size_t count = 0;
    for (QWidget* item : m_column->items()) {
        const auto* run = qobject_cast<RunLine*>(item);
        count += run ? run->messages().size() : 1;
    }
    return static_cast<int>(count);
}

std::vector<MessageId> ConversationView::messagesIn(FolderId folder) const
{
    std::vector<MessageId> there;
    for (const MessageSummary& row : m_context.engine().queries().rows(folder, messages())) {
        if (!(row.flags & Deleted)) {
            there.push_back(row.id);
        }
    }
    return there;
}

void ConversationView::step(int by)
{
    const QList<MessageCard*> all = cards();
    const qsizetype at = all.indexOf(m_current);
    const qsizetype next = std::clamp<qsizetype>(at + by, 0, all.size() - 1);
    if (all.isEmpty() || next == at) {
        return;
    }
    reveal(all[next]);
    all[next]->setFocus(Qt::OtherFocusReason);
}

int ConversationView::openMore()
{
    const auto newestFolded = [this]() -> QWidget* {
        for (qsizetype i = m_column->items().size(); i-- > 0;) {
            QWidget* item = m_column->items()[i];
            const auto* each = qobject_cast<MessageCard*>(item);
            if (!each || !each->isOpen()) {
                return item;
            }
        }
        return nullptr;
    };
    std::int64_t bytes = 0;
    for (int opened = 0; opened < openedAtOnce;) {
        QWidget* item = newestFolded();
        if (auto* run = qobject_cast<RunLine*>(item)) {
            unfoldRun(run);
            continue;
        }
        auto* next = qobject_cast<MessageCard*>(item);
        bytes += next ? next->summary().size : 0;
        if (!next || (opened > 0 && bytes > bytesAtOnce)) {
            break;
        }
        next->setOpen(true);
        ++opened;
    }
    const QList<MessageCard*> all = cards();
    return count() - static_cast<int>(std::count_if(
                         all.begin(), all.end(), [](const auto* each) { return each->isOpen(); }));
}

void ConversationView::foldOthers()
{
    for (MessageCard* each : cards()) {
        each->setOpen(each == m_current);
    }
}

void ConversationView::setCurrent(MessageCard* now)
{
    m_current = now;
    Q_EMIT changed();
}

void ConversationView::updateAlone()
{
    const bool alone = count() == 1;
    for (MessageCard* each : cards()) {
        each->setAlone(alone);
        if (alone) {
            each->setOpen(true);
        }
    }
}

} // namespace avocet
