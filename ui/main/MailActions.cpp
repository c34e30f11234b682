// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/main/MailActions.h"

#include "ui/folders/FolderModel.h"
#include "ui/words/DateWords.h"
#include "ui/words/ErrorWords.h"

#include <algorithm>
#include <set>

namespace avocet {

using namespace std::chrono_literals;

namespace {

constexpr std::size_t askAbove = 100;
constexpr int holdSeconds = 10;

QString countOf(std::size_t count)
{
    return countWords(static_cast<std::int64_t>(count));
}

QString lastStep(const Folder& folder)
{
    const QString path = QString::fromStdString(folder.path);
    return folder.delimiter == 0 ? path : path.section(QLatin1Char(folder.delimiter), -1);
}

} // namespace

std::string topLevelPath(std::span<const Folder> folders, const std::string& name)
{
    bool below = false;
    char delimiter = 0;
    for (const Folder& folder : folders) {
        if (folder.role == FolderRole::Inbox || folder.delimiter == 0) {
            continue;
        }
        delimiter = folder.delimiter;
        below =
            QString::fromStdString(folder.path)
                .startsWith(QLatin1String("INBOX") + QLatin1Char(delimiter), Qt::CaseInsensitive);
        if (!below) {
            return name;
        }
    }
    return below ? std::string("INBOX") + delimiter + name : name;
}

MailActions::MailActions(MailEngine& engine, QObject* parent)
    : QObject(parent)
    , m_engine(engine)
    , m_undoTime(std::chrono::seconds(holdSeconds))
{
    connect(&engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                const auto found = m_requests.find(request.value);
                if (found == m_requests.end()) {
                    return;
                }
                const int step = found->second;
                m_requests.erase(found);
                if (!reply && reply.error().kind != ErrorKind::Cancelled) {
                    m_steps.erase(step);
                    Q_EMIT failed(errorSentence(reply.error(), {}));
                } else if (reply && reply->value(QStringLiteral("messages")).toInt(1) == 0) {
                    Q_EMIT failed(tr("Too late: the server has deleted it already."));
                }
            });
}

std::vector<Folder> MailActions::folders()
{
    return m_engine.queries().folders();
}

Folder MailActions::folder(FolderId id)
{
    const std::vector<Folder> all = folders();
    const auto found =
        std::find_if(all.begin(), all.end(), [id](const Folder& each) { return each.id == id; });
    return found == all.end() ? Folder{} : *found;
}

Folder MailActions::special(AccountId account, FolderRole role)
{
    Folder named;
    for (const Folder& each : folders()) {
        if (each.account != account || !each.selectable) {
            continue;
        }
        if (each.role == role) {
            return each;
        }
        // Gmail's archive is what has left the Inbox; elsewhere a folder of that name will be meant.
        const bool all = each.role == FolderRole::All;
        const QString name = lastStep(each);
        const bool called =
            each.role == FolderRole::None && (name.compare(u"Archive", Qt::CaseInsensitive) == 0 ||
                                              name.compare(u"Archives", Qt::CaseInsensitive) == 0);
        if (role == FolderRole::Archive && (all || (called && !named.id))) {
            named = each;
        }
    }
    return named;
}

std::vector<MailActions::Part> MailActions::partsOf(const Messages& messages, FolderId from)
{
    const std::vector<Folder> all = folders();
    std::map<FolderId, Messages> byFolder;
    if (from) {
        byFolder[from] = messages;
    } else {
        for (const MessageSummary& row : m_engine.queries().rows(messages)) {
            byFolder[row.folder].push_back(row.id);
        }
    }
    std::vector<Part> parts;
    for (auto& [id, ids] : byFolder) {
        const auto found = std::find_if(all.begin(), all.end(),
                                        [id = id](const Folder& each) { return each.id == id; });
        if (found != all.end() && !ids.empty()) {
            parts.push_back({*found, std::move(ids)});
        }
    }
    return parts;
}

std::vector<AccountId> MailActions::accountsOf(const Messages& messages, FolderId from)
{
    std::set<AccountId> accounts;
    for (const Part& part : partsOf(messages, from)) {
        accounts.insert(part.from.account);
    }
    return {accounts.begin(), accounts.end()};
}

void MailActions::ask(std::size_t count, const QString& title, const QString& verb,
                      std::function<void()> run)
{
    if (count <= askAbove) {
        run();
        return;
    }
    Q_EMIT questionRaised(
        {title, tr("You can undo it for 10 seconds."), verb, false, std::move(run)});
}

void MailActions::archive(const Messages& messages, FolderId from)
{
    ask(messages.size(), tr("Archive %1 messages?").arg(countOf(messages.size())), tr("Archive"),
        [this, messages, from] { archiveNow(messages, from); });
}

void MailActions::remove(const Messages& messages, FolderId from, bool forGood)
{
    ask(messages.size(), tr("Delete %1 messages?").arg(countOf(messages.size())), tr("Delete"),
        [this, messages, from, forGood] { removeNow(messages, from, forGood); });
}

bool MailActions::isJunk(const Messages& messages, FolderId from)
{
    const std::vector<Part> parts = partsOf(messages, from);
    return !parts.empty() && std::all_of(parts.begin(), parts.end(), [](const Part& part) {
        return part.from.role == FolderRole::Junk;
    });
}

void MailActions::junk(const Messages& messages, FolderId from)
{
    const std::vector<AccountId> accounts = accountsOf(messages, from);
    if (accounts.size() != 1) {
        return;
    }
    const Folder target =
        special(accounts.front(), isJunk(messages, from) ? FolderRole::Inbox : FolderRole::Junk);
    if (target.id) {
        move(messages, from, target.id);
    } else {
        Q_EMIT done(tr("This account has no Junk folder."), 0);
    }
}

void MailActions::move(const Messages& messages, FolderId from, FolderId target, bool copy)
{
    const Folder to = folder(target);
    if (messages.empty() || !to.id || (from && from == target)) {
        return;
    }
    for (const AccountId account : accountsOf(messages, from)) {
        if (account != to.account) {
            Q_EMIT done(tr("Messages move only within their own account."), 0);
            return;
        }
    }
    const QString count = countOf(messages.size());
    ask(messages.size(),
        copy ? tr("Copy %1 messages to %2?").arg(count, folderTitle(to))
             : tr("Move %1 messages to %2?").arg(count, folderTitle(to)),
        copy ? tr("Copy") : tr("Move"),
        [this, messages, from, to, copy] { moveNow(messages, from, to, copy); });
}

int MailActions::begin(const Messages& messages, FolderId home)
{
    forget();
    Step step;
    step.until = QDeadlineTimer(m_undoTime);
    step.messages = messages;
    step.home = home;
    m_steps[++m_last] = std::move(step);
    return m_last;
}

void MailActions::forget()
{
    std::erase_if(m_steps, [](const auto& each) { return each.second.until.hasExpired(); });
}

void MailActions::tell(int step, Command command)
{
    m_requests[m_engine.submit(std::move(command)).value] = step;
}

void MailActions::archiveNow(const Messages& messages, FolderId from)
{
    const std::vector<Part> parts = partsOf(messages, from);
    const int step = begin(messages, from);
    std::set<AccountId> made;
    std::size_t count = 0;
    for (const Part& part : parts) {
        const AccountId account = part.from.account;
        const Folder target = special(account, FolderRole::Archive);
        if (target.id == part.from.id) {
            continue;
        }
        count += part.messages.size();
        Q_EMIT leaving(part.messages, part.from.id);
        command::Move move{part.messages, part.from.id, target.id, {}, false, false};
        if (!target.id) {
            std::vector<Folder> own = folders();
            std::erase_if(own, [account](const Folder& each) { return each.account != account; });
            move.path = topLevelPath(own, "Archive");
            if (made.insert(account).second) {
                tell(step, command::CreateFolder{account, move.path, false});
            }
        }
        tell(step, move);
        m_steps[step].back.push_back([this, step, part, account] {
            const Folder there = special(account, FolderRole::Archive);
            tell(step, command::Move{part.messages, there.id, part.from.id, {}, false, false});
        });
    }
    if (count == 0) {
        m_steps.erase(step);
        Q_EMIT done(tr("Archived already"), 0);
        return;
    }
    m_steps[step].undone =
        count == 1 ? tr("Message is back") : tr("%1 messages are back").arg(countOf(count));
    Q_EMIT done(
        count == 1 ? tr("Message archived") : tr("%1 messages archived").arg(countOf(count)), step);
}

void MailActions::removeNow(const Messages& messages, FolderId from, bool forGood)
{
    const std::vector<Part> parts = partsOf(messages, from);
    const int step = begin(messages, from);
    std::size_t gone = 0;
    std::size_t count = 0;
    for (const Part& part : parts) {
        const Folder trash = special(part.from.account, FolderRole::Trash);
        const bool good = forGood || !trash.id || trash.id == part.from.id;
        count += part.messages.size();
        gone += good ? part.messages.size() : 0;
        Q_EMIT leaving(part.messages, part.from.id);
        tell(step, command::Delete{part.messages, part.from.id, good, holdSeconds, false});
        m_steps[step].back.push_back([this, step, part, trash, good] {
            if (good) {
                tell(step, command::CancelDelete{part.messages, part.from.id});
            } else {
                tell(step, command::Move{part.messages, trash.id, part.from.id, {}, false, false});
            }
        });
    }
    if (count == 0) {
        m_steps.erase(step);
        return;
    }
    m_steps[step].undone =
        count == 1 ? tr("Message is back") : tr("%1 messages are back").arg(countOf(count));
    const bool all = gone == count;
    Q_EMIT done(count == 1 ? (all ? tr("Message deleted for good") : tr("Message moved to Trash"))
                           : (all ? tr("%1 messages deleted for good").arg(countOf(count))
                                  : tr("%1 messages moved to Trash").arg(countOf(count))),
                step);
}

void MailActions::moveNow(const Messages& messages, FolderId from, const Folder& target, bool copy)
{
    std::vector<Part> parts = partsOf(messages, from);
    std::erase_if(parts, [&target](const Part& part) { return part.from.id == target.id; });
    if (parts.empty()) {
        return;
    }
    const int step = begin(messages, from);
    std::size_t count = 0;
    for (const Part& part : parts) {
        count += part.messages.size();
        if (!copy) {
            Q_EMIT leaving(part.messages, part.from.id);
        }
        tell(step, command::Move{part.messages, part.from.id, target.id, {}, copy, false});
        m_steps[step].back.push_back([this, step, part, target, copy] {
            if (copy) {
                tell(step, command::Delete{part.messages, target.id, true, 0, false});
            } else {
                tell(step, command::Move{part.messages, target.id, part.from.id, {}, false, false});
            }
        });
    }
    const QString title = folderTitle(target);
    const QString words = countOf(count);
    m_steps[step].undone = copy         ? tr("The copy is gone again")
                           : count == 1 ? tr("Message is back")
                                        : tr("%1 messages are back").arg(words);
    Q_EMIT done(copy ? (count == 1 ? tr("Message copied to %1").arg(title)
                                   : tr("%1 messages copied to %2").arg(words, title))
                     : (count == 1 ? tr("Message moved to %1").arg(title)
                                   : tr("%1 messages moved to %2").arg(words, title)),
                step);
}

void MailActions::empty(FolderId id)
{
    const Folder which = folder(id);
    auto* context = new QObject(this);
    m_engine.queries().list(
        context, id, {}, [=, this](const std::vector<ListRow>& rows, bool last) {
            if (!last) {
                return;
            }
            context->deleteLater();
            const Messages messages = idsOf(rows);
            if (messages.empty()) {
                Q_EMIT done(tr("%1 is empty").arg(folderTitle(which)), 0);
                return;
            }
            // Always asked: a slip of the pointer would take all of it.
            Q_EMIT questionRaised(
                {tr("Empty %1?").arg(folderTitle(which)),
                 messages.size() == 1
                     ? tr("1 message is deleted for good. You can undo it for 10 "
                          "seconds.")
                     : tr("%1 messages are deleted for good. You can undo it for 10 "
                          "seconds.")
                           .arg(countOf(messages.size())),
                 tr("Empty"), true, [this, messages, id] { removeNow(messages, id, true); }});
        });
}

void MailActions::markAllRead(FolderId id)
{
    auto* context = new QObject(this);
    ListFilter unread;
    unread.unread = true;
    m_engine.queries().list(
        context, id, unread, [=, this](const std::vector<ListRow>& rows, bool last) {
            if (!last) {
                return;
            }
            context->deleteLater();
            const Messages messages = idsOf(rows);
            if (messages.empty()) {
                Q_EMIT done(tr("All messages are read already"), 0);
                return;
            }
            ask(messages.size(), tr("Mark %1 messages read?").arg(countOf(messages.size())),
                tr("Mark read"), [this, messages] { readNow(messages); });
        });
}

void MailActions::readNow(const Messages& messages)
{
    const int step = begin(messages, {});
    tell(step, command::Mark{messages, Seen, 0, false});
    m_steps[step].back.push_back([this, step, messages] {
        tell(step, command::Mark{messages, 0, Seen, false});
    });
    m_steps[step].messages.clear();
    m_steps[step].undone = tr("Unread again");
    Q_EMIT done(messages.size() == 1 ? tr("Message marked read")
                                     : tr("%1 messages marked read").arg(countOf(messages.size())),
                step);
}

void MailActions::createFolder(AccountId account, const std::string& path, const QString& name)
{
    tell(0, command::CreateFolder{account, path, false});
    Q_EMIT done(tr("Folder \u201c%1\u201d created").arg(name), 0);
}

void MailActions::renameFolder(const Folder& folder, const std::string& path, const QString& name)
{
    const int step = begin({}, {});
    tell(step, command::RenameFolder{folder.id, {}, {}, path, false});
    m_steps[step].back.push_back([this, step, folder] {
        tell(step, command::RenameFolder{folder.id, {}, {}, folder.path, false});
    });
    m_steps[step].undone = tr("The folder has its old name back");
    Q_EMIT done(tr("Folder renamed to \u201c%1\u201d").arg(name), step);
}

void MailActions::deleteFolder(const Folder& folder)
{
    tell(0, command::DeleteFolder{folder.id, {}, {}, 0, false});
    Q_EMIT done(tr("Folder \u201c%1\u201d deleted").arg(folderTitle(folder)), 0);
}

bool MailActions::canUndo() const
{
    return std::any_of(m_steps.begin(), m_steps.end(),
                       [](const auto& each) { return !each.second.until.hasExpired(); });
}

void MailActions::undo(int step)
{
    if (step == 0) {
        forget(); // a toast that the pointer holds may still be answered
    }
    const auto found = step != 0         ? m_steps.find(step)
                       : m_steps.empty() ? m_steps.end()
                                         : std::prev(m_steps.end());
    if (found == m_steps.end()) {
        return;
    }
    const Step taken = std::move(found->second);
    m_steps.erase(found);
    for (const auto& back : taken.back) {
        back();
    }
    if (!taken.messages.empty()) {
        Q_EMIT returning(taken.messages, taken.home);
    }
    Q_EMIT done(taken.undone, 0);
}

} // namespace avocet
