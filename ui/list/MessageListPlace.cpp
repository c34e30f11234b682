// SPDX-License-Identifier: GPL-3.0-or-later
// What stays where it is in MessageListView while its list changes.
#include "ui/list/MessageListModel.h"
#include "ui/list/MessageListView.h"

#include <QScrollBar>

#include <algorithm>
#include <utility>

namespace avocet {

void MessageListView::changeQuietly(const std::function<void()>& change)
{
    const MessageId current =
        currentIndex().isValid() ? m_messages->idAt(currentIndex().row()) : MessageId{};
    const bool single = current && selectionModel()->isSelected(currentIndex());
    m_quiet = true;
    change();
    const int row = current ? m_messages->rowOf(current) : -1;
    if (row < 0) {
        selectionModel()->clear();
    } else if (currentIndex().row() != row) {
        selectionModel()->setCurrentIndex(m_messages->index(row),
                                          single ? QItemSelectionModel::ClearAndSelect
                                                 : QItemSelectionModel::NoUpdate);
    }
    m_quiet = false;
}

void MessageListView::notePlace()
{
    m_picking = false;
    const QModelIndex current = currentIndex();
    m_place = {m_messages->folder(),
               m_messages->idAt(current.row()),
               current.isValid() && selectionModel()->isSelected(current),
               {}};
    for (int row = firstRowFrom(verticalOffset()); !isAtTop() && row < m_messages->rowCount();
         ++row) {
        const QRect card = visualRect(m_messages->index(row));
        if (card.y() > viewport()->height()) {
            break;
        }
        m_place.inView.emplace_back(m_messages->idAt(row), card.y());
    }
    // What is read now counts before what stands above it.
    std::stable_partition(m_place.inView.begin(), m_place.inView.end(),
                          [this](const auto& each) { return each.first == m_place.current; });
}

/// The rows were exchanged. Of the same folder, the first one that was in view and still is there stays where it was.
void MessageListView::returnToPlace()
{
    m_anchor = QModelIndex();
    setNewAbove(0);
    if (m_place.folder != m_messages->folder() || m_messages->rowCount() == 0) {
        return;
    }
    updateGeometries();
    for (const auto& [id, y] : m_place.inView) {
        if (const int row = m_messages->rowOf(id); row >= 0) {
            verticalScrollBar()->setValue(static_cast<int>(rowTop(row)) - y);
            break;
        }
    }
    if (const int row = m_place.current ? m_messages->rowOf(m_place.current) : -1; row >= 0) {
        const bool quiet = std::exchange(m_quiet, true);
        selectionModel()->setCurrentIndex(m_messages->index(row),
                                          m_place.selected ? QItemSelectionModel::ClearAndSelect
                                                           : QItemSelectionModel::NoUpdate);
        m_quiet = quiet;
    }
}

void MessageListView::keepAnchor()
{
    if (!m_messages) {
        return;
    }
    const int row = firstRowFrom(verticalOffset());
    m_anchor = m_messages->index(row);
    m_anchorOffset =
        row < m_messages->rowCount() ? static_cast<int>(verticalOffset() - rowTop(row)) : 0;
}

void MessageListView::restoreAnchor()
{
    if (m_anchor.isValid() && !isAtTop()) {
        verticalScrollBar()->setValue(static_cast<int>(rowTop(m_anchor.row())) + m_anchorOffset);
    }
}

void MessageListView::rowsInserted(const QModelIndex& parent, int start, int end)
{
    QAbstractItemView::rowsInserted(parent, start, end);
    const bool above = m_anchor.isValid() && !isAtTop() && start < m_anchor.row();
    updateGeometries();
    restoreAnchor();
    // What a search finds is not new mail.
    if (above && m_messages->folder()) {
        setNewAbove(m_newAbove + end - start + 1);
    }
    viewport()->update();
}

void MessageListView::rowsAboutToBeRemoved(const QModelIndex& parent, int start, int end)
{
    const QModelIndex current = currentIndex();
    if (m_picking && !m_quiet) {
        // What was picked goes, and the cursor stands elsewhere.
        const auto left = selectionModel()->selection();
        m_picking = std::any_of(left.begin(), left.end(), [&](const QItemSelectionRange& range) {
            return range.top() < start || range.bottom() > end;
        });
        if (!m_picking && (current.row() < start || current.row() > end)) {
            selectionModel()->setCurrentIndex(current, QItemSelectionModel::ClearAndSelect);
        }
    }
    // The next older one takes over, and only where there is none the next newer one.
    if (!m_quiet && current.isValid() && current.row() >= start && current.row() <= end) {
        const int next = end + 1 < m_messages->rowCount() ? end + 1 : start - 1;
        if (next >= 0) {
            selectionModel()->setCurrentIndex(m_messages->index(next),
                                              QItemSelectionModel::ClearAndSelect);
        }
    }
    QAbstractItemView::rowsAboutToBeRemoved(parent, start, end);
    viewport()->update();
}

} // namespace avocet
