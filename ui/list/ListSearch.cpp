// SPDX-License-Identifier: GPL-3.0-or-later
// ListPane while it shows what was searched for, and what leaves the list.
#include "ui/folders/FolderModel.h"
#include "ui/list/ListPane.h"
#include "ui/list/ListParts.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Theme.h"
#include "ui/words/DateWords.h"
#include "ui/words/ErrorWords.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>

#include <algorithm>

namespace avocet {

void ListPane::buildSearch()
{
    auto* row = new QHBoxLayout(m_scope);
    row->setContentsMargins(readingMargins(28, 0, metrics::space3, 0));
    row->setSpacing(metrics::space2);
    row->addWidget(m_everywhere);
    row->addWidget(m_here);
    row->addStretch(1);
    m_everywhere->setChecked(true);
    m_everywhere->setAccessibleName(tr("Search all mail"));
    m_here->setAccessibleName(tr("Search this folder only"));
    connect(m_everywhere, &QAbstractButton::clicked, this, [this] { setSearchHere(false); });
    connect(m_here, &QAbstractButton::clicked, this, [this] { setSearchHere(true); });
    m_scope->hide();
    m_coverage->setContentsMargins(readingMargins(28, 0, metrics::space3, 0));
    m_coverage->setWordWrap(true);
    m_coverage->hide();
}

void ListPane::setSearchHere(bool here)
{
    m_everywhere->setChecked(!here);
    m_here->setChecked(here);
    request();
}

void ListPane::takeFirst()
{
    m_takeFirst = isSearching();
    const bool here = !listedFolder() && !m_filterDelay.isActive() && m_model->rowCount() > 0;
    if (m_takeFirst && here) {
        m_takeFirst = false;
        if (m_view->selectedMessages().empty()) {
            m_view->selectMessage(m_model->idAt(0));
        }
    }
}

void ListPane::search(const QString& text)
{
    const QString wanted = text.trimmed().isEmpty() ? QString() : text;
    if (wanted == m_text) {
        return;
    }
    const bool began = m_text.isEmpty();
    m_text = wanted;
    m_takeFirst = false;
    if (wanted.isEmpty()) {
        leaveSearch();
        m_view->cards().setOutgoing(m_folder.role == FolderRole::Sent ||
                                    m_folder.role == FolderRole::Drafts);
        m_view->clearSelection();
        m_model->reset(m_folder.id);
        m_wanted = m_before;
        requestList();
        return;
    }
    if (began) {
        const std::vector<MessageId> selected = m_view->selectedMessages();
        m_before = selected.size() == 1 ? selected.front() : MessageId{};
        learnPlaces();
        updateCoverage();
        m_scope->show();
    }
    m_filterDelay.start();
}

void ListPane::leaveSearch()
{
    m_engine.queries().cancelSearch(this);
    m_filterDelay.stop();
    m_asked = {};
    m_searchProblem.clear();
    m_scope->hide();
    m_coverage->hide();
    m_view->cards().setPlaces({});
    m_everywhere->setChecked(true);
    m_here->setChecked(false);
}

void ListPane::request()
{
    isSearching() ? requestSearch() : requestList();
}

void ListPane::requestSearch()
{
    SearchQuery query =
        parseSearchQuery(m_text.toStdString(), QDateTime::currentDateTime().offsetFromUtc());
    const bool words = !query.empty();
    if (m_here->isChecked()) {
        query.folder = m_folder.id;
    }
    if (m_filter.unread) {
        query.unread = true;
    }
    if (m_filter.starred) {
        query.starred = true;
    }
    if (m_filter.attachments) {
        query.attachment = true;
    }
    // Where only more of the same arrived, the head of the answer would throw the rest away for a moment.
    const bool again = query == m_asked;
    m_asked = query;
    if (!again) {
        m_listed = false;
        m_loadingDelay.start();
    }
    if (!words) {
        m_engine.queries().cancelSearch(this);
        searchArrived({}, true);
        return;
    }
    m_engine.queries().search(
        this, query, [this, again](const Result<std::vector<MessageId>>& found, bool last) {
            if (!isSearching() || (!found && found.error().kind == ErrorKind::Cancelled)) {
                return;
            }
            m_searchProblem = found ? QString() : errorSentence(found.error(), {});
            if (!found) {
                searchArrived({}, true);
            } else if (last || !again || std::ssize(*found) >= m_model->rowCount()) {
                searchArrived(*found, last);
            }
        });
}

void ListPane::searchArrived(const std::vector<MessageId>& ids, bool last)
{
    m_listed = last;
    m_view->changeQuietly([&] {
        if (listedFolder()) {
            m_view->cards().setOutgoing(false);
            m_view->cards().setPlaces([this](FolderId folder) {
                const auto found = m_places.find(folder);
                return found == m_places.end() ? MessageDelegate::Place() : found->second;
            });
            m_model->reset({});
        }
        m_model->setIds(ids);
    });
    if (m_wanted && m_view->selectMessage(m_wanted)) {
        m_wanted = {};
    }
    if (m_takeFirst) {
        takeFirst();
    }
    updateCoverage();
    updateState();
}

/// More can be found than when the answer came. Calmly: the list is not to run while it is read.
void ListPane::searchGrew()
{
    if (isSearching()) {
        reload();
    }
}

void ListPane::learnPlaces()
{
    const std::vector<Account> accounts = m_engine.queries().accounts();
    m_places.clear();
    for (const Folder& folder : m_engine.queries().folders()) {
        const auto account =
            std::find_if(accounts.begin(), accounts.end(),
                         [&folder](const Account& each) { return each.id == folder.account; });
        m_places[folder.id] = {folderTitle(folder),
                               accounts.size() < 2 ? -1
                                                   : static_cast<int>(account - accounts.begin())};
    }
}

void ListPane::updateCoverage()
{
    const SearchCoverage coverage = m_engine.queries().coverage();
    const bool part = coverage.total > 0 && coverage.whole < coverage.total;
    m_coverage->setVisible(isSearching() && part);
    if (part) {
        // Rounded down: 100 would be a promise.
        m_coverage->setText(tr("Searched %1% of the text, the rest by subject and people.")
                                .arg(coverage.whole * 100 / coverage.total));
    }
}

void ListPane::updateEmptySearch()
{
    if (!m_searchProblem.isEmpty()) {
        m_empty->setContent("error", tr("The search did not work"), m_searchProblem);
        return;
    }
    if (parseSearchQuery(m_text.toStdString()).empty()) {
        m_empty->setContent("search", tr("Search all mail"),
                            tr("Words, or from:anna, has:attachment, before:2026-03-01"));
        return;
    }
    const bool here = m_here->isChecked();
    m_empty->setContent("search",
                        tr("No mail matches \u201c%1\u201d").arg(m_text.trimmed().left(60)),
                        here                     ? tr("Only %1 was searched.").arg(m_title)
                        : m_coverage->isHidden() ? tr("All mail on this computer was searched.")
                                                 : QString());
    if (here) {
        connect(m_empty->addButton(tr("Search all mail")), &QPushButton::clicked, this,
                [this] { setSearchHere(false); });
    }
    connect(m_empty->addButton(tr("Clear search")), &QPushButton::clicked, this,
            &ListPane::clearFilters);
}

FolderId ListPane::folderOf(MessageId message) const
{
    if (listedFolder()) {
        return listedFolder();
    }
    const MessageSummary* summary = m_model->summary(m_model->rowOf(message));
    return summary ? summary->folder : FolderId{};
}

void ListPane::leave(const std::vector<MessageId>& messages, FolderId from)
{
    if (!listedFolder()) {
        if (m_view->selectedMessages() == messages) {
            m_view->step(1);
        }
        return;
    }
    if (from != listedFolder()) {
        return;
    }
    m_model->remove(messages);
    updateState();
    Q_EMIT messagesLeft(messages);
}

} // namespace avocet
