// SPDX-License-Identifier: GPL-3.0-or-later
// The middle pane: which folder, quick filters, the list or what stands in its place.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/model/Folder.h"
#include "ui/list/MessageListModel.h"
#include "ui/list/MessageListView.h"

#include <QDate>
#include <QTimer>
#include <QWidget>

#include <unordered_map>
#include <unordered_set>

class QLabel;
class QStackedWidget;
class QToolButton;

namespace avocet {

class EmptyState;
class FilterChip;
class SkeletonRows;

/// Shows one folder of the engine and keeps to it as it changes. Marks through commands.
class ListPane : public QWidget {
    Q_OBJECT
public:
    explicit ListPane(MailEngine& engine, QWidget* parent = nullptr);

    void showFolder(const Folder& folder, const QString& title);
    /// Counts of the folder that is shown, as they change.
    void updateFolder(const Folder& folder);
    FolderId folder() const { return m_folder.id; }
    /// What is said of a folder whose mail is not here yet.
    void setOffline(bool offline);
    /// Looks for what was typed, in all mail or in this folder alone, as it is typed. Empty: back to the folder.
    void search(const QString& text);
    bool isSearching() const { return !m_text.isEmpty(); }
    void setSearchHere(bool here);
    /// Selects the first result, once it is there, unless one is selected.
    void takeFirst();
    const ListFilter& filter() const { return m_filter; }
    /// The folder that the rows belong to; none: each to its own (folderOf).
    FolderId listedFolder() const { return m_model->folder(); }
    FolderId folderOf(MessageId message) const;
    /// They go at once, before the engine says so; in a search they stay, and the next older one is selected.
    void leave(const std::vector<MessageId>& messages, FolderId from);
    /// Reads the list again, soon: what had left may be back.
    void reload();
    MessageListView& view() { return *m_view; }
    MessageListModel& model() { return *m_model; }
    /// Selects it once the list holds it (after a start or a search).
    void selectWhenListed(MessageId id);

    void toggleRead(const std::vector<MessageId>& messages);
    void toggleStar(const std::vector<MessageId>& messages);

Q_SIGNALS:
    void filterCleared();
    /// Not in the list any more, by whatever hand.
    void messagesLeft(const std::vector<avocet::MessageId>& messages);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void connectEngine();
    void buildSearch();
    void request();
    void requestList();
    void requestSearch();
    void wantPreviews();
    void searchArrived(const std::vector<MessageId>& ids, bool last);
    void searchGrew();
    void leaveSearch();
    void learnPlaces();
    void updateCoverage();
    void updateEmptySearch();
    void listArrived(std::vector<ListRow> rows, bool last);
    void readAgain();
    void noteDay();
    void updateState();
    void updateTitle();
    void updatePill(int count);
    void clearFilters();
    void setFlag(const std::vector<MessageId>& messages, Flag flag);

    MailEngine& m_engine;
    Folder m_folder;
    QString m_title;
    ListFilter m_filter;
    MessageListModel* m_model;
    MessageListView* m_view;
    QLabel* m_titleLabel;
    QLabel* m_countLabel;
    FilterChip* m_unread;
    FilterChip* m_starred;
    FilterChip* m_attachments;
    QWidget* m_scope;
    FilterChip* m_everywhere;
    FilterChip* m_here;
    QLabel* m_coverage;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    SkeletonRows* m_skeleton;
    QToolButton* m_pill;
    QTimer m_loadingDelay;
    bool m_offline = false;
    QTimer m_relist;
    QTimer m_showPreviews;
    std::unordered_set<MessageId> m_previewsAsked; ///< of this folder, once each
    std::vector<MessageId> m_arrived;              ///< bodies since the previews were shown
    QTimer m_filterDelay;
    QTimer m_midnight;
    QDate m_day; ///< that the words of the dates are right for
    MessageId m_wanted;
    MessageId m_before;  ///< selected when the search began
    QString m_text;      ///< what is searched for
    SearchQuery m_asked; ///< what the list shows the answer to
    QString m_searchProblem;
    bool m_takeFirst = false;
    std::unordered_map<FolderId, MessageDelegate::Place> m_places;
    bool m_again = false;  ///< mail came while the list was read
    bool m_listed = false; ///< the final call for this folder and filter came
};

} // namespace avocet
