// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that are being written, newest first; opening one goes on writing it.
#pragma once

#include "core/engine/MailEngine.h"

#include <QAbstractListModel>
#include <QListView>
#include <QStyledItemDelegate>
#include <QWidget>

class QStackedWidget;

namespace avocet {

class EmptyState;

class DraftsModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { IdRole = Qt::UserRole + 1, RecipientsRole, PreviewRole, DateRole };
    using QAbstractListModel::QAbstractListModel;

    void setDrafts(std::vector<Draft> drafts);
    const Draft& draft(int row) const { return m_drafts[static_cast<std::size_t>(row)]; }
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<Draft> m_drafts;
};

class DraftDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
};

class DraftsView : public QWidget {
    Q_OBJECT
public:
    explicit DraftsView(MailEngine& engine, QWidget* parent = nullptr);
    void reload();
    DraftsModel& model() { return *m_model; }
    QListView& view() { return *m_list; }

Q_SIGNALS:
    void openRequested(avocet::DraftId draft);
    void discardRequested(avocet::DraftId draft);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    MailEngine& m_engine;
    DraftsModel* m_model;
    QListView* m_list;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
};

} // namespace avocet
