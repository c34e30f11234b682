// SPDX-License-Identifier: GPL-3.0-or-later
// Messages that are being written, newest first; opening one goes on writing it.
#pragma once

#include "core/engine/MailEngine.h"

#include <QAbstractListModel>
#include <QListView>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QWidget>

#include <set>
#include <vector>

class QStackedWidget;

namespace avocet {

class EmptyState;

/// A draft that is here, or one that another device left on the server.
struct DraftEntry {
    DraftId draft;     ///< none: it is on the server alone
    MessageId message; ///< then
    FolderId folder;   ///< then
    std::vector<Address> people;
    QString subject, preview;
    std::int64_t changed = 0; ///< seconds since 1970, UTC
};

class DraftsModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { RecipientsRole = Qt::UserRole + 1, PreviewRole, DateRole };
    using QAbstractListModel::QAbstractListModel;

    void setEntries(std::vector<DraftEntry> entries);
    const DraftEntry& entry(int row) const { return m_entries[static_cast<std::size_t>(row)]; }
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<DraftEntry> m_entries;
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
    /// Makes a draft of a message in a Drafts folder, or finds the one that it is a copy of; openRequested() or
    /// openFailed() follows.
    void openMessage(MessageId message);
    DraftsModel& model() { return *m_model; }
    QListView& view() { return *m_list; }

Q_SIGNALS:
    void openRequested(avocet::DraftId draft);
    void openFailed(const avocet::Error& error);
    void discardRequested(avocet::DraftId draft);
    void discardMessageRequested(avocet::FolderId folder, avocet::MessageId message);
    void countChanged(int count);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void open(const QModelIndex& index);
    void discard(const QModelIndex& index);
    void followFolders();
    void reloadSoon(FolderId folder);
    void fetchPreviews();

    MailEngine& m_engine;
    DraftsModel* m_model;
    QListView* m_list;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    std::set<FolderId> m_folders; ///< the accounts' Drafts folders
    QTimer m_soon;
    RequestId m_opening;
};

} // namespace avocet
