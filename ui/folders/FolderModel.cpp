// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/folders/FolderModel.h"

#include <algorithm>
#include <functional>
#include <map>

namespace avocet {

struct FolderModel::Node {
    Kind kind = Kind::Folder;
    QString key;
    QString title;
    AccountId account;
    int accountIndex = 0;
    Folder folder; ///< id 0: a step of the path that is no folder itself
    QByteArray icon;
    std::int64_t count = 0;
    bool attention = false;
    Node* parent = nullptr;
    std::vector<std::unique_ptr<Node>> children;

    Node* add(std::unique_ptr<Node> child)
    {
        child->parent = this;
        children.push_back(std::move(child));
        return children.back().get();
    }
    int row() const
    {
        if (!parent) {
            return 0;
        }
        const auto& all = parent->children;
        const auto found = std::find_if(all.begin(), all.end(),
                                        [this](const auto& each) { return each.get() == this; });
        return static_cast<int>(found - all.begin());
    }
};

namespace {

/// Inbox first, then what people look into most.
int roleOrder(FolderRole role)
{
    switch (role) {
    case FolderRole::Inbox:
        return 0;
    case FolderRole::Flagged:
        return 1;
    case FolderRole::Drafts:
        return 2;
    case FolderRole::Sent:
        return 3;
    case FolderRole::Archive:
        return 4;
    case FolderRole::All:
        return 5;
    case FolderRole::Junk:
        return 6;
    case FolderRole::Trash:
        return 7;
    case FolderRole::None:
        break;
    }
    return 8;
}

QStringList stepsOf(const Folder& folder)
{
    const QString path = QString::fromStdString(folder.path);
    if (folder.delimiter == 0) {
        return {path};
    }
    QStringList steps = path.split(QLatin1Char(folder.delimiter), Qt::SkipEmptyParts);
    // Some servers keep every folder below the Inbox; that level tells people nothing.
    if (steps.size() > 1 && steps.first().compare(u"INBOX", Qt::CaseInsensitive) == 0) {
        steps.removeFirst();
    }
    return steps;
}

/// Counts that ask for no attention would only be noise.
std::int64_t countOf(const Folder& folder)
{
    switch (folder.role) {
    case FolderRole::Sent:
    case FolderRole::Trash:
    case FolderRole::All:
        return 0;
    default:
        return folder.unread;
    }
}

} // namespace

QString folderTitle(const Folder& folder)
{
    switch (folder.role) {
    case FolderRole::Inbox:
        return FolderModel::tr("Inbox");
    case FolderRole::Drafts:
        return FolderModel::tr("Drafts");
    case FolderRole::Sent:
        return FolderModel::tr("Sent");
    case FolderRole::Archive:
        return FolderModel::tr("Archive");
    case FolderRole::Junk:
        return FolderModel::tr("Junk");
    case FolderRole::Trash:
        return FolderModel::tr("Trash");
    case FolderRole::All:
        return FolderModel::tr("All mail");
    case FolderRole::Flagged:
        return FolderModel::tr("Starred");
    case FolderRole::None:
        break;
    }
    const QStringList steps = stepsOf(folder);
    return steps.isEmpty() ? QString::fromStdString(folder.path) : steps.last();
}

const char* folderIconName(FolderRole role)
{
    switch (role) {
    case FolderRole::Inbox:
        return "inbox";
    case FolderRole::Drafts:
        return "drafts";
    case FolderRole::Sent:
        return "sent";
    case FolderRole::Archive:
        return "archive";
    case FolderRole::Junk:
        return "junk";
    case FolderRole::Trash:
        return "trash";
    case FolderRole::All:
        return "all-mail";
    case FolderRole::Flagged:
        return "star";
    case FolderRole::None:
        break;
    }
    return "folder";
}

FolderModel::FolderModel(QObject* parent)
    : QAbstractItemModel(parent)
    , m_root(std::make_unique<Node>())
{
}

FolderModel::~FolderModel() = default;

void FolderModel::setAccounts(const std::vector<Account>& accounts)
{
    m_accounts = accounts;
    rebuild();
}

void FolderModel::setFolders(const std::vector<Folder>& folders)
{
    m_folders = folders;
    rebuild();
}

void FolderModel::setAll(const std::vector<Account>& accounts, const std::vector<Folder>& folders)
{
    m_accounts = accounts;
    m_folders = folders;
    rebuild();
}

void FolderModel::setDraftCount(int count)
{
    m_drafts = count;
    rebuild();
}

void FolderModel::setOutbox(int waiting, bool needsAttention)
{
    m_waiting = waiting;
    m_attention = needsAttention;
    rebuild();
}

std::unique_ptr<FolderModel::Node> FolderModel::build() const
{
    auto root = std::make_unique<Node>();
    const auto addLocal = [this](Node& under) {
        auto drafts = std::make_unique<Node>();
        drafts->kind = Kind::Drafts;
        drafts->key = QStringLiteral("drafts");
        drafts->title = tr("Drafts");
        drafts->icon = "drafts";
        drafts->count = m_drafts;
        under.add(std::move(drafts));
        auto outbox = std::make_unique<Node>();
        outbox->kind = Kind::Outbox;
        outbox->key = QStringLiteral("outbox");
        outbox->title = tr("Outbox");
        outbox->icon = "outbox";
        outbox->count = m_waiting;
        outbox->attention = m_attention;
        under.add(std::move(outbox));
    };
    const bool single = m_accounts.size() == 1;
    if (m_accounts.size() > 1) {
        addLocal(*root);
    }
    int index = 0;
    for (const Account& account : m_accounts) {
        addAccount(*root, account, index++);
    }
    if (single) {
        // Behind the Inbox, where one account's drafts and outbox are looked for.
        Node& account = *root->children.front();
        addLocal(account);
        auto& all = account.children;
        const bool inboxFirst =
            !all.empty() && all.front()->folder.role == FolderRole::Inbox && all.size() > 2;
        std::rotate(all.begin() + (inboxFirst ? 1 : 0), all.end() - 2, all.end());
    }
    return root;
}

void FolderModel::addAccount(Node& root, const Account& account, int index) const
{
    auto header = std::make_unique<Node>();
    header->kind = Kind::AccountHeader;
    header->key = QStringLiteral("account/%1").arg(account.id.value);
    header->title = QString::fromStdString(account.email);
    header->account = account.id;
    header->accountIndex = index;
    header->icon = "person";
    Node* top = root.add(std::move(header));

    std::vector<Folder> own;
    for (const Folder& folder : m_folders) {
        // What lies in the server's Drafts folder stands among the drafts.
        if (folder.account == account.id && folder.role != FolderRole::Drafts) {
            own.push_back(folder);
        }
    }
    std::stable_sort(own.begin(), own.end(), [](const Folder& a, const Folder& b) {
        const int one = roleOrder(a.role);
        const int two = roleOrder(b.role);
        if (one != two) {
            return one < two;
        }
        return QString::localeAwareCompare(QString::fromStdString(a.path),
                                           QString::fromStdString(b.path)) < 0;
    });
    std::map<QStringList, Node*> byPath;
    const auto makeNode = [&](const QString& key, const QString& title) {
        auto node = std::make_unique<Node>();
        node->key = key;
        node->title = title;
        node->account = account.id;
        node->accountIndex = index;
        node->icon = "folder";
        return node;
    };
    for (const Folder& folder : own) {
        const QStringList steps = stepsOf(folder);
        Node* under = top;
        if (folder.role == FolderRole::None) {
            for (qsizetype depth = 1; depth < steps.size(); ++depth) {
                const QStringList prefix = steps.first(depth);
                Node*& step = byPath[prefix];
                if (!step) {
                    step = under->add(makeNode(QStringLiteral("path/%1/%2")
                                                   .arg(account.id.value)
                                                   .arg(prefix.join(QLatin1Char('/'))),
                                               prefix.last()));
                    step->folder.selectable = false;
                }
                under = step;
            }
        }
        auto node = makeNode(QStringLiteral("folder/%1").arg(folder.id.value), folderTitle(folder));
        node->folder = folder;
        node->icon = folderIconName(folder.role);
        node->count = countOf(folder);
        byPath[steps] = under->add(std::move(node));
    }
}

bool FolderModel::sameShape(const Node& a, const Node& b)
{
    if (a.key != b.key || a.children.size() != b.children.size()) {
        return false;
    }
    for (std::size_t i = 0; i < a.children.size(); ++i) {
        if (!sameShape(*a.children[i], *b.children[i])) {
            return false;
        }
    }
    return true;
}

void FolderModel::takeValues(Node& into, Node& from, const QModelIndex& at)
{
    const bool changed = into.title != from.title || into.count != from.count ||
                         into.attention != from.attention || into.icon != from.icon ||
                         into.folder.selectable != from.folder.selectable;
    into.title = from.title;
    into.count = from.count;
    into.attention = from.attention;
    into.icon = from.icon;
    into.folder = from.folder;
    into.accountIndex = from.accountIndex;
    if (changed && at.isValid()) {
        Q_EMIT dataChanged(at, at);
    }
    for (std::size_t i = 0; i < into.children.size(); ++i) {
        takeValues(*into.children[i], *from.children[i], index(static_cast<int>(i), 0, at));
    }
}

void FolderModel::rebuild()
{
    std::unique_ptr<Node> wanted = build();
    if (sameShape(*m_root, *wanted)) {
        takeValues(*m_root, *wanted, {});
        return;
    }
    beginResetModel();
    m_root = std::move(wanted);
    endResetModel();
}

FolderModel::Node* FolderModel::nodeAt(const QModelIndex& at) const
{
    return at.isValid() ? static_cast<Node*>(at.internalPointer()) : m_root.get();
}

QModelIndex FolderModel::find(const QModelIndex& under,
                              const std::function<bool(const Node&)>& test) const
{
    const Node* node = nodeAt(under);
    for (std::size_t i = 0; i < node->children.size(); ++i) {
        const QModelIndex child = index(static_cast<int>(i), 0, under);
        if (test(*node->children[i])) {
            return child;
        }
        const QModelIndex deeper = find(child, test);
        if (deeper.isValid()) {
            return deeper;
        }
    }
    return {};
}

QModelIndex FolderModel::indexOfKey(const QString& key) const
{
    return find({}, [&key](const Node& node) { return node.key == key; });
}

QModelIndex FolderModel::indexOfFolder(FolderId id) const
{
    return find({}, [id](const Node& node) { return id && node.folder.id == id; });
}

QModelIndex FolderModel::indexOfKind(Kind kind) const
{
    return find({}, [kind](const Node& node) { return node.kind == kind; });
}

QModelIndex FolderModel::firstChoice() const
{
    const QModelIndex inbox = find({}, [](const Node& node) {
        return node.folder.id && node.folder.role == FolderRole::Inbox;
    });
    return inbox.isValid() ? inbox : find({}, [](const Node& node) {
        return node.folder.id && node.folder.selectable;
    });
}

const Folder* FolderModel::folderAt(const QModelIndex& at) const
{
    const Node* node = at.isValid() ? nodeAt(at) : nullptr;
    return node && node->folder.id ? &node->folder : nullptr;
}

QModelIndex FolderModel::index(int row, int column, const QModelIndex& under) const
{
    if (column != 0 || row < 0) {
        return {};
    }
    const Node* node = nodeAt(under);
    if (row >= static_cast<int>(node->children.size())) {
        return {};
    }
    return createIndex(row, 0, node->children[static_cast<std::size_t>(row)].get());
}

QModelIndex FolderModel::parent(const QModelIndex& child) const
{
    if (!child.isValid()) {
        return {};
    }
    Node* above = nodeAt(child)->parent;
    return !above || above == m_root.get() ? QModelIndex() : createIndex(above->row(), 0, above);
}

int FolderModel::rowCount(const QModelIndex& under) const
{
    return under.column() > 0 ? 0 : static_cast<int>(nodeAt(under)->children.size());
}

int FolderModel::columnCount(const QModelIndex&) const
{
    return 1;
}

Qt::ItemFlags FolderModel::flags(const QModelIndex& at) const
{
    if (!at.isValid()) {
        return Qt::NoItemFlags;
    }
    const Node* node = nodeAt(at);
    const bool folder = node->kind != Kind::AccountHeader && node->folder.selectable;
    return folder ? Qt::ItemIsEnabled | Qt::ItemIsSelectable : Qt::ItemIsEnabled;
}

QVariant FolderModel::data(const QModelIndex& at, int role) const
{
    if (!at.isValid()) {
        return {};
    }
    const Node* node = nodeAt(at);
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        return node->title;
    case Qt::AccessibleTextRole:
        if (node->count == 0) {
            return node->title;
        }
        return node->kind == Kind::Folder ? tr("%1, %2 unread").arg(node->title).arg(node->count)
                                          : tr("%1, %2 messages").arg(node->title).arg(node->count);
    case KindRole:
        return QVariant::fromValue(node->kind);
    case FolderIdRole:
        return QVariant::fromValue<qlonglong>(node->folder.id.value);
    case AccountIdRole:
        return QVariant::fromValue<qlonglong>(node->account.value);
    case AccountIndexRole:
        return node->accountIndex;
    case CountRole:
        return QVariant::fromValue<qlonglong>(node->count);
    case IconRole:
        return node->icon;
    case SelectableRole:
        return flags(at).testFlag(Qt::ItemIsSelectable);
    case AttentionRole:
        return node->attention;
    case KeyRole:
        return node->key;
    default:
        return {};
    }
}

} // namespace avocet
