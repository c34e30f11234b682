// SPDX-License-Identifier: GPL-3.0-or-later
// The middle pane: which folder, quick filters, the list or what stands in its place.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/model/Folder.h"
#include "ui/list/MessageListModel.h"
#include "ui/list/MessageListView.h"

#include <QTimer>
#include <QWidget>

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
    /// Text that subject or people must contain.
    void setFilterText(const QString& text);
    const ListFilter& filter() const { return m_filter; }
    MessageListView& view() { return *m_view; }
    MessageListModel& model() { return *m_model; }
    /// Selects it once the list holds it (after a start or a search).
    void selectWhenListed(MessageId id);

    void toggleRead(const std::vector<MessageId>& messages);
    void toggleStar(const std::vector<MessageId>& messages);

Q_SIGNALS:
    void filterCleared();

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void connectEngine();
    void requestList();
    void listArrived(std::vector<MessageId> ids, bool last);
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
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    SkeletonRows* m_skeleton;
    QToolButton* m_pill;
    QTimer m_loadingDelay;
    QTimer m_relist;
    QTimer m_showPreviews;
    std::vector<MessageId> m_arrived; ///< bodies since the previews were shown
    QTimer m_filterDelay;
    QTimer m_midnight;
    MessageId m_wanted;
    bool m_listed = false; ///< the final call for this folder and filter came
};

} // namespace avocet
