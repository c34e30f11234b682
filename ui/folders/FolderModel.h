// SPDX-License-Identifier: GPL-3.0-or-later
// Accounts and their folders as a tree, with the two places that are only here: drafts and outbox.
#pragma once

#include "core/model/Account.h"
#include "core/model/Folder.h"

#include <QAbstractItemModel>

#include <functional>
#include <memory>
#include <vector>

namespace avocet {

/// What the folder pane shows. Given as values (set...), so that it needs no engine. With one account its
/// drafts and outbox stand among its special folders, with several they stand on top.
class FolderModel : public QAbstractItemModel {
    Q_OBJECT
public:
    enum class Kind { AccountHeader, Folder, Drafts, Outbox };
    Q_ENUM(Kind)
    enum Role {
        KindRole = Qt::UserRole + 1,
        FolderIdRole, ///< qlonglong, 0 where it is no folder
        AccountIdRole,
        AccountIndexRole, ///< for its colour
        CountRole,        ///< the number at the right: unread, or all for Drafts and Outbox
        IconRole,         ///< QByteArray, for Icons.h
        SelectableRole,
        AttentionRole, ///< Outbox: something there needs the user
        KeyRole,       ///< QString, the same at each start: to remember selection and folds
    };

    explicit FolderModel(QObject* parent = nullptr);
    ~FolderModel() override;

    void setAccounts(const std::vector<Account>& accounts);
    void setFolders(const std::vector<Folder>& folders);
    void setAll(const std::vector<Account>& accounts, const std::vector<Folder>& folders);
    void setDraftCount(int count);
    void setOutbox(int waiting, bool needsAttention);

    QModelIndex indexOfKey(const QString& key) const;
    QModelIndex indexOfFolder(FolderId id) const;
    QModelIndex indexOfKind(Kind kind) const;
    /// The folder behind an index, or nullptr.
    const Folder* folderAt(const QModelIndex& index) const;
    /// The first account's Inbox, or what comes first.
    QModelIndex firstChoice() const;

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;

private:
    struct Node;
    void rebuild();
    std::unique_ptr<Node> build() const;
    void addAccount(Node& root, const Account& account, int index) const;
    static bool sameShape(const Node& a, const Node& b);
    void takeValues(Node& into, Node& from, const QModelIndex& at);
    QModelIndex find(const QModelIndex& under, const std::function<bool(const Node&)>& test) const;
    Node* nodeAt(const QModelIndex& index) const;

    std::vector<Account> m_accounts;
    std::vector<Folder> m_folders;
    int m_drafts = 0;
    int m_waiting = 0;
    bool m_attention = false;
    std::unique_ptr<Node> m_root;
};

/// The role's name in the user's language, else the last step of the path.
QString folderTitle(const Folder& folder);
const char* folderIconName(FolderRole role);

} // namespace avocet
