// SPDX-License-Identifier: GPL-3.0-or-later
// The left pane: folders as a list of quiet rows that folds to a rail of icons.
#pragma once

#include "ui/folders/FolderModel.h"

#include <QSet>
#include <QStyledItemDelegate>
#include <QTreeView>

namespace avocet {

/// One row of 32: icon at x = 20, text at 48, indent 16, the count at the right.
class FolderDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    explicit FolderDelegate(QObject* parent = nullptr);
    void setRail(bool rail) { m_rail = rail; }
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
    void chosen(const QModelIndex& index); ///< by the user or by selectKey

protected:
    void currentChanged(const QModelIndex& current, const QModelIndex& previous) override;
    void mousePressEvent(QMouseEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void drawBranches(QPainter* painter, const QRect& rect,
                      const QModelIndex& index) const override;
    void paintEvent(QPaintEvent* event) override;

private:
    void restore();

    FolderDelegate* m_delegate;
    FolderModel* m_folders = nullptr;
    QString m_selectedKey;
    QSet<QString> m_folded;
    bool m_rail = false;
    bool m_restoring = false;
};

} // namespace avocet
