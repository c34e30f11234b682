// SPDX-License-Identifier: GPL-3.0-or-later
// "Move to": a few letters of a folder's name and Enter.
#pragma once

#include "core/model/Folder.h"

#include <QAbstractListModel>
#include <QPointer>
#include <QStyledItemDelegate>
#include <QWidget>

#include <functional>
#include <vector>

class QLabel;
class QLineEdit;
class QListView;

namespace avocet {

/// The folders whose path contains what was typed; those that begin with it first.
class FolderChoices : public QAbstractListModel {
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;
    enum Role { PathRole = Qt::UserRole + 1, IconRole };

    void setFolders(std::vector<Folder> folders);
    void setText(const QString& text);
    const Folder& folder(int row) const;
    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

private:
    std::vector<Folder> m_all;
    std::vector<std::size_t> m_shown;
    QString m_text;
};

/// Floats over its parent, at y = 96, like the palette. Escape, a click elsewhere and losing the focus close it.
class MoveSheet : public QWidget {
    Q_OBJECT
public:
    explicit MoveSheet(QWidget* parent);

    /// `title` is the field's hint: "Move 3 messages to".
    void present(const QString& title, std::vector<Folder> folders,
                 std::function<void(FolderId)> chosen);
    QLineEdit& field() { return *m_field; }
    const FolderChoices& choices() const { return *m_choices; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& text);
    void place();
    void choose(int row);
    void hideAndReturn();

    QLineEdit* m_field;
    QListView* m_list;
    QLabel* m_none;
    FolderChoices* m_choices;
    std::function<void(FolderId)> m_chosen;
    QPointer<QWidget> m_before;
};

} // namespace avocet
