// SPDX-License-Identifier: GPL-3.0-or-later
// One virtualised list for any number of messages. QListView lays out every row; this one
// calculates positions from one row height and the date headers alone.
#pragma once

#include "core/model/Ids.h"
#include "core/model/Message.h"
#include "ui/list/MessageDelegate.h"

#include <QAbstractItemView>
#include <QTimer>
#include <QUrl>

#include <functional>
#include <utility>
#include <vector>

namespace avocet {

class MessageListModel;

/// Keeps the visible rows where they are when mail arrives above them, and says so.
class MessageListView : public QAbstractItemView {
    Q_OBJECT
public:
    explicit MessageListView(QWidget* parent = nullptr);

    void setMessages(MessageListModel* model);
    MessageDelegate& cards() { return *m_delegate; }

    QRect visualRect(const QModelIndex& index) const override;
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    QModelIndex indexAt(const QPoint& point) const override;

    std::vector<MessageId> selectedMessages() const;
    /// The rows that are in view, at least in part: the first and the one behind the last.
    std::pair<int, int> visibleRows() const;
    /// Selects it alone and makes it visible; false where it is not in the list.
    bool selectMessage(MessageId id);
    /// Another filter is no wish to read something else: runs `change`, keeps what was selected where it is
    /// still there, and emits nothing.
    void changeQuietly(const std::function<void()>& change);
    /// The n-th older (+1) or newer (-1) one becomes the selected one.
    void step(int by);
    int newAbove() const { return m_newAbove; }
    void scrollToNewest();
    /// Whether the first row is in view: then new mail just appears.
    bool isAtTop() const;

    /// Writes these messages to files while they are dragged, for whoever is not this window, and says where they will be.
    using Files = std::function<QList<QUrl>(const std::vector<MessageSummary>& messages)>;
    void setFiles(Files files) { m_files = std::move(files); }

Q_SIGNALS:
    void messageSelected(avocet::MessageId message); ///< it alone is selected now
    void selectionSizeChanged(int count);
    void openRequested(avocet::MessageId message);   ///< Enter, o
    void windowRequested(avocet::MessageId message); ///< Ctrl+Enter, double click
    void readToggled(const std::vector<avocet::MessageId>& messages);
    void starToggled(const std::vector<avocet::MessageId>& messages);
    void archiveRequested(const std::vector<avocet::MessageId>& messages);
    void deleteRequested(const std::vector<avocet::MessageId>& messages, bool forGood);
    void menuRequested(const QPoint& at); ///< global; for what is selected
    void keyPressed(QChar key);           ///< r, a, f, /: not the list's own business
    void newAboveChanged(int count);
    void rested(); ///< nothing has moved for a moment: somebody may look at what is visible

protected:
    void paintEvent(QPaintEvent* event) override;
    void updateGeometries() override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void startDrag(Qt::DropActions actions) override;
    QModelIndexList selectedIndexes() const override;
    bool viewportEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    QItemSelectionModel::SelectionFlags selectionCommand(const QModelIndex& index,
                                                         const QEvent* event) const override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    int horizontalOffset() const override { return 0; }
    int verticalOffset() const override;
    bool isIndexHidden(const QModelIndex&) const override { return false; }
    void setSelection(const QRect& rect, QItemSelectionModel::SelectionFlags flags) override;
    QRegion visualRegionForSelection(const QItemSelection& selection) const override;
    void rowsInserted(const QModelIndex& parent, int start, int end) override;
    void rowsAboutToBeRemoved(const QModelIndex& parent, int start, int end) override;
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void selectionChanged(const QItemSelection& selected,
                          const QItemSelection& deselected) override;
    void keyboardSearch(const QString&) override {} // single keys are commands here

private:
    /// Top of the row in content coordinates, its date header not included.
    qint64 rowTop(int row) const;
    /// The row at a content position; -1 above a header's first row and below the end.
    int rowAt(qint64 y) const;
    int firstRowFrom(qint64 y) const;
    qint64 contentHeight() const;
    void paintHeader(QPainter& painter, const QRect& rect, const QString& title) const;
    void pick();
    void setHover(const QModelIndex& index, MessageDelegate::HoverAction action);
    void keepAnchor();
    void restoreAnchor();
    void notePlace();
    void returnToPlace();
    void setNewAbove(int count);

    MessageListModel* m_messages = nullptr;
    MessageDelegate* m_delegate;
    /// What was where before the rows were exchanged.
    struct Place {
        FolderId folder;
        MessageId current;
        bool selected = false;
        std::vector<std::pair<MessageId, int>> inView; ///< and their tops
    };

    Place m_place;
    QPersistentModelIndex m_hovered;
    QPersistentModelIndex m_anchor; ///< topmost visible row and how far it is scrolled
    int m_anchorOffset = 0;
    int m_newAbove = 0;
    int m_rowHeight = 0;
    bool m_quiet = false;
    bool m_picking = false; ///< the cursor goes about without selecting, and takes rows in by a key
    QTimer m_rest;
    Files m_files;
};

} // namespace avocet
