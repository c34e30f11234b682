// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/list/ListPane.h"

#include "ui/list/ListParts.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"

#include <QApplication>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace avocet {

using namespace std::chrono_literals;

ListPane::ListPane(MailEngine& engine, QWidget* parent)
    : QWidget(parent)
    , m_engine(engine)
    , m_model(new MessageListModel(
          [this](FolderId folder, std::span<const MessageId> ids) {
              return folder ? m_engine.queries().rows(folder, ids) : m_engine.queries().rows(ids);
          },
          this))
    , m_view(new MessageListView(this))
    , m_titleLabel(makeLabel({}, TextRole::Title, Ink::Text, true, this))
    , m_countLabel(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_unread(new FilterChip(tr("Unread"), this))
    , m_starred(new FilterChip(tr("Starred"), this))
    , m_attachments(new FilterChip(tr("Attachments"), this))
    , m_scope(new QWidget(this))
    , m_everywhere(new FilterChip(tr("All mail"), m_scope))
    , m_here(new FilterChip(tr("This folder"), m_scope))
    , m_coverage(makeLabel({}, TextRole::Small, Ink::Text2, false, this))
    , m_stack(new QStackedWidget(this))
    , m_empty(new EmptyState(this))
    , m_skeleton(new SkeletonRows(this))
    , m_pill(new NewMailPill(m_view))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setAccessibleName(tr("Message list"));
    m_view->setMessages(m_model);
    m_unread->setObjectName(QStringLiteral("unread"));

    auto* head = new QHBoxLayout;
    head->setContentsMargins(readingMargins(28, 0, metrics::space4, 0));
    head->setSpacing(metrics::space2);
    head->addWidget(m_titleLabel);
    head->addStretch(1);
    head->addWidget(m_countLabel);
    auto* chips = new QHBoxLayout;
    chips->setContentsMargins(readingMargins(28, 0, metrics::space3, 0));
    chips->setSpacing(metrics::space2);
    for (FilterChip* chip : {m_unread, m_starred, m_attachments}) {
        chips->addWidget(chip);
        connect(chip, &QAbstractButton::toggled, this, [this] {
            m_filter.unread = m_unread->isChecked();
            m_filter.starred = m_starred->isChecked();
            m_filter.attachments = m_attachments->isChecked();
            request();
        });
    }
    chips->addStretch(1);

    m_stack->addWidget(m_view);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_skeleton);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, metrics::space3, 0, 0);
    layout->setSpacing(metrics::space2);
    layout->addLayout(head);
    layout->addWidget(m_scope);
    layout->addLayout(chips);
    layout->addWidget(m_coverage);
    layout->addWidget(new Hairline(Qt::Horizontal, this));
    layout->setSpacing(metrics::space2);
    auto* body = new QVBoxLayout;
    body->setContentsMargins(0, 0, 0, 0);
    body->addWidget(m_stack);
    layout->addLayout(body, 1);

    buildSearch();
    m_pill->hide();
    connect(m_pill, &QToolButton::clicked, m_view, &MessageListView::scrollToNewest);
    connect(m_view, &MessageListView::newAboveChanged, this, &ListPane::updatePill);
    connect(m_view, &MessageListView::rested, this, &ListPane::wantPreviews);
    connect(m_view, &MessageListView::readToggled, this, &ListPane::toggleRead);
    connect(m_view, &MessageListView::starToggled, this, &ListPane::toggleStar);

    m_loadingDelay.setSingleShot(true);
    m_loadingDelay.setInterval(150ms);
    connect(&m_loadingDelay, &QTimer::timeout, this, [this] {
        if (!m_listed && m_model->rowCount() == 0) {
            m_stack->setCurrentWidget(m_skeleton);
        }
    });
    m_relist.setSingleShot(true);
    connect(&m_relist, &QTimer::timeout, this, &ListPane::request);
    m_filterDelay.setSingleShot(true);
    m_filterDelay.setInterval(40ms);
    connect(&m_filterDelay, &QTimer::timeout, this, &ListPane::request);
    // "Today" becomes "Yesterday" by itself. The timer sleeps as long as the machine does, hence the second look.
    m_midnight.setSingleShot(true);
    m_midnight.setTimerType(Qt::VeryCoarseTimer);
    connect(&m_midnight, &QTimer::timeout, this, &ListPane::noteDay);
    connect(qApp, &QGuiApplication::applicationStateChanged, this, &ListPane::noteDay);
    noteDay();
    connectEngine();
}

void ListPane::connectEngine()
{
    // Many come at once while a folder is filled, so they are shown together.
    m_showPreviews.setSingleShot(true);
    m_showPreviews.setInterval(100);
    connect(&m_showPreviews, &QTimer::timeout, this,
            [this] { m_model->refresh(std::exchange(m_arrived, {})); });
    connect(&m_engine, &MailEngine::previewsArrived, this,
            [this](const std::vector<MessageId>& ids) {
                searchGrew();
                m_arrived.insert(m_arrived.end(), ids.begin(), ids.end());
                if (!m_showPreviews.isActive()) {
                    m_showPreviews.start();
                }
            });
    connect(&m_engine, &MailEngine::messagesAdded, this,
            [this](FolderId folder, const std::vector<MessageId>& ids) {
                if (folder != listedFolder()) {
                    return;
                }
                // A filter may leave them out, and only the store can tell.
                if (!m_listed) {
                    m_again = true;
                } else if (!m_filter.empty() || !m_model->add(ids)) {
                    readAgain();
                } else if (m_wanted && m_view->selectMessage(m_wanted)) {
                    m_wanted = {};
                }
                updateState();
            });
    connect(&m_engine, &MailEngine::messagesChanged, this,
            [this](FolderId folder, const std::vector<MessageId>& ids) {
                if (!listedFolder() || folder == listedFolder()) {
                    m_model->refresh(ids);
                }
            });
    connect(&m_engine, &MailEngine::messagesRemoved, this,
            [this](FolderId folder, const std::vector<MessageId>& ids) {
                if (!listedFolder()) {
                    m_model->refresh(ids); // it may lie in another folder now
                    reload();
                } else if (folder == listedFolder()) {
                    m_model->remove(ids);
                    updateState();
                    Q_EMIT messagesLeft(ids);
                }
            });
    connect(&m_engine, &MailEngine::searchGrew, this, &ListPane::searchGrew);
    connect(&m_engine, &MailEngine::folderReset, this, [this](FolderId folder) {
        if (!listedFolder() || folder == listedFolder()) {
            request();
        }
    });
}

void ListPane::showFolder(const Folder& folder, const QString& title)
{
    const bool other = folder.id != m_folder.id;
    m_folder = folder;
    m_title = title;
    updateTitle();
    m_here->setText(tr("In %1").arg(title));
    if (!other) {
        return;
    }
    m_text.clear();
    leaveSearch();
    m_view->cards().setOutgoing(folder.role == FolderRole::Sent ||
                                folder.role == FolderRole::Drafts);
    m_view->clearSelection();
    m_model->reset(folder.id);
    m_previewsAsked.clear();
    m_wanted = {};
    requestList();
}

/// Of what is looked at now; the engine leaves what was asked for before.
void ListPane::wantPreviews()
{
    if (!listedFolder() || isSearching()) {
        return;
    }
    std::vector<MessageId> missing;
    const auto [first, end] = m_view->visibleRows();
    for (int at = first; at < end; ++at) {
        const MessageSummary* row = m_model->summary(at);
        if (row && !row->hasBody && row->preview.empty() &&
            m_previewsAsked.insert(row->id).second) {
            missing.push_back(row->id);
        }
    }
    if (!missing.empty()) {
        m_engine.submit(command::FetchPreviews{listedFolder(), std::move(missing)});
    }
}

void ListPane::updateFolder(const Folder& folder)
{
    if (folder.id == m_folder.id) {
        m_folder = folder;
        updateTitle();
        if (m_stack->currentWidget() == m_skeleton) {
            updateState();
        }
    }
}

void ListPane::selectWhenListed(MessageId id)
{
    if (!m_view->selectMessage(id)) {
        m_wanted = id;
    }
}

void ListPane::requestList()
{
    if (!m_folder.id) {
        return;
    }
    m_listed = false;
    m_again = false;
    m_loadingDelay.start();
    m_engine.queries().list(this, m_folder.id, m_filter,
                            [this, folder = m_folder.id](std::vector<ListRow> rows, bool last) {
                                if (folder == m_folder.id && !isSearching()) {
                                    listArrived(std::move(rows), last);
                                }
                            });
}

void ListPane::reload()
{
    // Not pushed away by what comes meanwhile: a folder that is being filled shows it.
    if (!m_relist.isActive()) {
        m_relist.start(isSearching() ? 1s : 300ms);
    }
}

void ListPane::noteDay()
{
    const QDateTime now = QDateTime::currentDateTime();
    if (std::exchange(m_day, now.date()) != now.date()) {
        m_model->refreshAll();
    }
    const qint64 left = now.msecsTo(now.date().addDays(1).startOfDay());
    m_midnight.start(std::chrono::milliseconds(std::max<qint64>(left, 0)) + 1s);
}

void ListPane::listArrived(std::vector<ListRow> rows, bool last)
{
    m_listed = last;
    // The head of a list that is there already would throw the rest away for a moment.
    if (last || std::ssize(rows) >= m_model->rowCount()) {
        m_view->changeQuietly([&] { m_model->setRows(std::move(rows)); });
    }
    if (m_wanted && m_view->selectMessage(m_wanted)) {
        m_wanted = {};
    }
    updateState();
    if (last && std::exchange(m_again, false)) {
        readAgain();
    }
}

/// Nobody is to wait before an empty list.
void ListPane::readAgain()
{
    m_model->rowCount() == 0 && m_filter.empty() ? requestList() : reload();
}

void ListPane::updateTitle()
{
    if (isSearching()) {
        m_titleLabel->setText(tr("Search"));
        const int count = m_model->rowCount();
        m_countLabel->setText(!m_listed || listedFolder() ? QString()
                              : count == 1                ? tr("1 result")
                              : count >= m_asked.limit
                                  ? tr("The newest %1 results").arg(countWords(count))
                                  : tr("%1 results").arg(countWords(count)));
        return;
    }
    m_titleLabel->setText(m_title);
    if (!m_filter.empty() && m_listed) {
        m_countLabel->setText(tr("%1 found").arg(countWords(m_model->rowCount())));
    } else if (m_folder.unread > 0) {
        m_countLabel->setText(
            tr("%1 unread of %2").arg(countWords(m_folder.unread), countWords(m_folder.total)));
    } else {
        m_countLabel->setText(m_folder.total > 0
                                  ? (m_folder.total == 1
                                         ? tr("1 message")
                                         : tr("%1 messages").arg(countWords(m_folder.total)))
                                  : QString());
    }
}

void ListPane::clearFilters()
{
    for (FilterChip* chip : {m_unread, m_starred, m_attachments}) {
        const QSignalBlocker quiet(chip);
        chip->setChecked(false);
    }
    m_filter = {};
    search({});
    Q_EMIT filterCleared();
    request();
}

void ListPane::setOffline(bool offline)
{
    if (std::exchange(m_offline, offline) != offline)
        updateState();
}

void ListPane::updateState()
{
    updateTitle();
    if (m_model->rowCount() > 0) {
        m_stack->setCurrentWidget(m_view);
        return;
    }
    if (!m_listed) {
        return;
    }
    m_empty->clearButtons();
    if (isSearching()) {
        updateEmptySearch();
        m_stack->setCurrentWidget(m_empty);
        return;
    }
    if (m_filter.empty()) {
        const bool inbox = m_folder.role == FolderRole::Inbox;
        // Of a folder that was never opened nobody knows yet whether it is empty.
        const bool unknown = m_folder.serverTotal > 0 || m_folder.uidValidity == 0;
        if (unknown && !m_offline) {
            m_stack->setCurrentWidget(m_skeleton);
            return;
        }
        if (unknown)
            m_empty->setContent("download", tr("Not downloaded yet"),
                                tr("You are offline. The mail comes once you are connected."));
        else
            m_empty->setContent(inbox ? "inbox" : "folder", tr("%1 is empty").arg(m_title),
                                inbox ? tr("New mail appears here by itself.") : QString());
    } else {
        m_empty->setContent("filter", m_filter.unread && !m_filter.starred && !m_filter.attachments
                                          ? tr("No unread messages")
                                          : tr("No such messages"));
    }
    if (!m_filter.empty()) {
        connect(m_empty->addButton(tr("Show all")), &QPushButton::clicked, this,
                &ListPane::clearFilters);
    }
    m_stack->setCurrentWidget(m_empty);
}

void ListPane::updatePill(int count)
{
    m_pill->setVisible(count > 0);
    if (count > 0) {
        m_pill->setText(count == 1 ? tr("1 new message")
                                   : tr("%1 new messages").arg(countWords(count)));
        m_pill->setAccessibleName(m_pill->text());
        m_pill->resize(m_pill->sizeHint());
        m_pill->move((m_view->viewport()->width() - m_pill->width()) / 2, metrics::space2);
        m_pill->raise();
    }
}

void ListPane::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    updatePill(m_view->newAbove());
}

void ListPane::toggleRead(const std::vector<MessageId>& messages)
{
    setFlag(messages, Seen);
}

void ListPane::toggleStar(const std::vector<MessageId>& messages)
{
    setFlag(messages, Flagged);
}

void ListPane::setFlag(const std::vector<MessageId>& messages, Flag flag)
{
    if (messages.empty()) {
        return;
    }
    const MessageSummary* first = m_model->summary(m_model->rowOf(messages.front()));
    if (!first) {
        return;
    }
    // The first one decides, so that a mixed selection ends in one state.
    const bool on = (first->flags & flag) != 0;
    m_engine.submit(
        command::Mark{messages, on ? Flags(0) : Flags(flag), on ? Flags(flag) : Flags(0), false});
}

} // namespace avocet
