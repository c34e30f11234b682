// SPDX-License-Identifier: GPL-3.0-or-later
// The left pane: folders as a list of quiet rows that folds to a rail of icons.
#pragma once

#include "core/engine/MailEngine.h" // the meta types of ids in signals
#include "ui/folders/FolderModel.h"

#include <QSet>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QTreeView>

#include <vector>

namespace avocet {

/// One row of 32: icon at x = 20, text at 48, indent 16, the count at the right.
class FolderDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit FolderDelegate(QObject* parent = nullptr);
    void setRail(bool rail) { m_rail = rail; }
    /// The row that would take what is dragged.
    void setDropRow(const QModelIndex& index) { m_drop = index; }
    const QPersistentModelIndex& dropRow() const { return m_drop; }
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    /// Where the fold arrow of a folder with children stands.
    static QRect arrowRect(const QRect& row, const QModelIndex& index,
                           Qt::LayoutDirection direction);

private:
    void paintHeader(QPainter& painter, const QStyleOptionViewItem& option,
                     const QModelIndex& index) const;
    void paintRail(QPainter& painter, const QStyleOptionViewItem& option,
                   const QModelIndex& index) const;

    QPersistentModelIndex m_drop;
    bool m_rail = false;
};

class FolderPane : public QTreeView {
    Q_OBJECT
public:
    explicit FolderPane(QWidget* parent = nullptr);

    void setFolders(FolderModel* model);
    void setRail(bool rail);
    bool isRail() const { return m_rail; }
    /// Selects what `key` (FolderModel::KeyRole) names, else the first Inbox.
    void selectKey(const QString& key);
    QString selectedKey() const { return m_selectedKey; }
    QStringList foldedKeys() const { return QStringList(m_folded.begin(), m_folded.end()); }
    void setFoldedKeys(const QStringList& keys);

Q_SIGNALS:
    void chosen(const QModelIndex& index);                          ///< by the user or by selectKey
    void menuRequested(const QModelIndex& index, const QPoint& at); ///< global
    void renameRequested(const QModelIndex& index);
    void deleteRequested(const QModelIndex& index);
    /// `from` none: each from its own folder.
    void messagesDropped(const std::vector<avocet::MessageId>& messages, avocet::FolderId from,
                         avocet::FolderId target, bool copy);

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void mousePressEvent(QMouseEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;
    void dragLeaveEvent(QDragLeaveEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void drawBranches(QPainter* painter, const QRect& rect,
                      const QModelIndex& index) const override;
    void paintEvent(QPaintEvent* event) override;

private:
    void restore();
    /// The folder under a drag, if the messages may go there.
    const Folder* dropTarget(const QDropEvent& event) const;
    void setDropRow(const QModelIndex& index);

    FolderDelegate* m_delegate;
    FolderModel* m_folders = nullptr;
    QString m_selectedKey;
    QSet<QString> m_folded;
    bool m_rail = false;
    QTimer m_unfold; ///< a folded folder opens under a drag that rests on it
    bool m_restoring = false;
};

} // namespace avocet
