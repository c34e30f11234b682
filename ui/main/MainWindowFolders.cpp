// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow's menu of a folder, and how folders are made, renamed and deleted.
#include "ui/folders/FolderPane.h"
#include "ui/main/FolderSheets.h"
#include "ui/main/MailActions.h"
#include "ui/main/MainWindow.h"
#include "ui/theme/Icons.h"
#include "ui/words/DateWords.h"

#include <QMenu>

#include <algorithm>

namespace avocet {

namespace {

std::string parentPath(const Folder& folder)
{
    const auto cut = folder.delimiter ? folder.path.rfind(folder.delimiter) : std::string::npos;
    return cut == std::string::npos ? std::string() : folder.path.substr(0, cut + 1);
}

} // namespace

Folder MainWindow::folderOf(FolderId id)
{
    const std::vector<Folder> all = m_engine.queries().folders();
    const auto found =
        std::find_if(all.begin(), all.end(), [id](const Folder& each) { return each.id == id; });
    return found == all.end() ? Folder{} : *found;
}

void MainWindow::showFolderMenu(const QModelIndex& index, const QPoint& at)
{
    const AccountId account{index.data(FolderModel::AccountIdRole).toLongLong()};
    const Folder* folder = m_folderModel->folderAt(index);
    if (!account) {
        return; // drafts and outbox are no folders of the server
    }
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (folder && folder->selectable) {
        const FolderId id = folder->id;
        menu->addAction(themeIcon("mail-read"), tr("Mark all read"), this,
                        [this, id] { m_actions->markAllRead(id); })
            ->setEnabled(folder->unread > 0);
        menu->addSeparator();
    }
    menu->addAction(themeIcon("plus"), tr("New folder\u2026"), this,
                    [this, account] { newFolder(account); });
    if (folder) {
        const FolderId id = folder->id;
        const bool own = folder->role == FolderRole::None;
        if (folder->delimiter != 0 && (own || folder->role == FolderRole::Inbox)) {
            menu->addAction(themeIcon("folder"),
                            tr("New folder in %1\u2026").arg(folderTitle(*folder).left(40)), this,
                            [this, account, id] { newFolder(account, id); });
        }
        if (own) {
            menu->addAction(themeIcon("edit"), tr("Rename\u2026\tF2"), this,
                            [this, id] { renameFolder(id); });
            menu->addAction(themeIcon("trash"), tr("Delete\u2026\tDelete"), this,
                            [this, id] { deleteFolder(id); });
        }
        if (folder->role == FolderRole::Trash || folder->role == FolderRole::Junk) {
            menu->addSeparator();
            menu->addAction(themeIcon("trash"), tr("Empty %1\u2026").arg(folderTitle(*folder)),
                            this, [this, id] { m_actions->empty(id); })
                ->setEnabled(folder->total > 0);
        }
    }
    menu->popup(at);
}

QString MainWindow::folderNameProblem(AccountId account, char delimiter, const QString& name,
                                      const std::string& path)
{
    if (name.isEmpty()) {
        return tr("Enter a name.");
    }
    if (delimiter != 0 && name.contains(QLatin1Char(delimiter))) {
        return tr("A name cannot contain \u201c%1\u201d on this server.")
            .arg(QLatin1Char(delimiter));
    }
    const bool control =
        std::any_of(name.begin(), name.end(), [](QChar c) { return c.unicode() < 32; });
    if (control || name.contains(u'*') || name.contains(u'%')) {
        return tr("A name cannot contain \u201c*\u201d or \u201c%\u201d.");
    }
    for (const Folder& folder : m_engine.queries().folders()) {
        if (folder.account == account &&
            QString::fromStdString(folder.path)
                    .compare(QString::fromStdString(path), Qt::CaseInsensitive) == 0) {
            return tr("There is a folder called \u201c%1\u201d already.").arg(name);
        }
    }
    return {};
}

void MainWindow::newFolder(AccountId account, FolderId under)
{
    std::vector<Folder> own = m_engine.queries().folders();
    std::erase_if(own, [account](const Folder& each) { return each.account != account; });
    const Folder parent = under ? folderOf(under) : Folder{};
    const char delimiter = own.empty() ? '\0' : own.front().delimiter;
    const auto pathOf = [parent, delimiter, own](const QString& name) {
        return parent.id ? parent.path + delimiter + name.toStdString()
                         : topLevelPath(own, name.toStdString());
    };
    const QString title =
        parent.id ? tr("New folder in %1").arg(folderTitle(parent).left(60)) : tr("New folder");
    auto* sheet = new FolderNameSheet(
        title, tr("Create"), {},
        [this, account, delimiter, pathOf](const QString& name) {
            return folderNameProblem(account, delimiter, name, pathOf(name));
        },
        this);
    connect(sheet, &FolderNameSheet::named, this, [this, account, pathOf](const QString& name) {
        m_actions->createFolder(account, pathOf(name), name);
    });
    sheet->open();
}

void MainWindow::renameFolder(FolderId id)
{
    const Folder folder = folderOf(id);
    if (!folder.id || folder.role != FolderRole::None) {
        return;
    }
    const QString before = folderTitle(folder);
    const auto pathOf = [folder](const QString& name) {
        return parentPath(folder) + name.toStdString();
    };
    auto* sheet = new FolderNameSheet(
        tr("Rename \u201c%1\u201d").arg(before.left(60)), tr("Rename"), before,
        [this, folder, before, pathOf](const QString& name) {
            return name == before
                       ? QString()
                       : folderNameProblem(folder.account, folder.delimiter, name, pathOf(name));
        },
        this);
    connect(sheet, &FolderNameSheet::named, this,
            [this, folder, before, pathOf](const QString& name) {
                if (name != before) {
                    m_actions->renameFolder(folder, pathOf(name), name);
                }
            });
    sheet->open();
}

void MainWindow::deleteFolder(FolderId id)
{
    const Folder folder = folderOf(id);
    if (!folder.id || folder.role != FolderRole::None) {
        return;
    }
    std::int64_t messages = 0;
    int below = 0;
    const std::string prefix = folder.path + folder.delimiter;
    for (const Folder& each : m_engine.queries().folders()) {
        const bool inside = folder.delimiter != 0 && each.account == folder.account &&
                            each.path.starts_with(prefix);
        if (each.id == id || inside) {
            messages += std::max(each.total, each.serverTotal);
            below += inside ? 1 : 0;
        }
    }
    QString text =
        messages == 0 ? tr("It is empty.")
        : messages == 1
            ? tr("Its message is deleted on the server too.")
            : tr("Its %1 messages are deleted on the server too.").arg(countWords(messages));
    if (below > 0) {
        text = below == 1 ? tr("It and the folder in it hold %1 messages, which are deleted on the "
                               "server too.")
                                .arg(countWords(messages))
                          : tr("It and the %1 folders in it hold %2 messages, which are deleted on "
                               "the server too.")
                                .arg(countWords(below), countWords(messages));
    }
    ask(tr("Delete the folder \u201c%1\u201d?").arg(folderTitle(folder).left(60)),
        text + QLatin1Char(' ') + tr("This cannot be undone."), tr("Delete folder"), true,
        [this, folder] { m_actions->deleteFolder(folder); });
}

} // namespace avocet
