// SPDX-License-Identifier: GPL-3.0-or-later
// What MainWindow does with messages and folders: archive, delete, move, undo, and their menus.
#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/FolderSheets.h"
#include "ui/main/MailActions.h"
#include "ui/main/MainWindow.h"
#include "ui/main/MoveSheet.h"
#include "ui/main/TopBar.h"
#include "ui/outbox/OutboxView.h"
#include "ui/reader/ReaderContext.h"
#include "ui/reader/ReaderWindow.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/Icons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Toast.h"
#include "ui/words/DateWords.h"
#include "ui/words/ErrorWords.h"

#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QStackedWidget>

#include <algorithm>
#include <utility>

namespace avocet {

void MainWindow::connectChanges()
{
    MessageListView& view = m_list->view();
    connect(&view, &MessageListView::archiveRequested, this,
            [this](const std::vector<MessageId>& messages) {
                m_actions->archive(messages, m_list->listedFolder());
            });
    connect(&view, &MessageListView::deleteRequested, this,
            [this](const std::vector<MessageId>& messages, bool forGood) {
                m_actions->remove(messages, m_list->listedFolder(), forGood);
            });
    connect(&view, &MessageListView::menuRequested, this, &MainWindow::showMessageMenu);
    connect(m_folders, &FolderPane::menuRequested, this, &MainWindow::showFolderMenu);
    connect(m_folders, &FolderPane::messagesDropped, m_actions, &MailActions::move);
    connect(m_folders, &FolderPane::renameRequested, this, [this](const QModelIndex& index) {
        if (const Folder* folder = m_folderModel->folderAt(index)) {
            renameFolder(folder->id);
        }
    });
    connect(m_folders, &FolderPane::deleteRequested, this, [this](const QModelIndex& index) {
        if (const Folder* folder = m_folderModel->folderAt(index)) {
            deleteFolder(folder->id);
        }
    });
    // The folder that is shown already, while its place is taken by what was searched for.
    connect(m_folders, &QAbstractItemView::clicked, this, [this] { m_top->search().clear(); });

    connect(m_list, &ListPane::messagesLeft, this, [this](const std::vector<MessageId>& messages) {
        const bool shown = std::any_of(messages.begin(), messages.end(), [this](MessageId id) {
            return m_reader->conversation().card(id) != nullptr;
        });
        if (shown && m_list->view().selectedMessages().empty()) {
            m_selected = {};
            m_showDelay.stop();
            m_reader->showNothing();
            showReaderAlone(false);
        }
    });
    connect(m_actions, &MailActions::leaving, m_list, &ListPane::leave);
    connect(m_actions, &MailActions::returning, this,
            [this](const std::vector<MessageId>& messages, FolderId to) {
                if (to && to == m_list->listedFolder()) {
                    m_list->selectWhenListed(messages.front());
                }
            });
    connect(m_actions, &MailActions::failed, this, [this](const QString& words) {
        m_list->reload();
        say(words);
    });
    connect(m_actions, &MailActions::done, this, [this](const QString& words, int step) {
        if (step == 0) {
            say(words);
        } else {
            say(words, tr("Undo"), [this, step] { m_actions->undo(step); });
        }
    });
    connect(m_actions, &MailActions::questionRaised, this,
            [this](const MailActions::Question& question) {
                ask(question.title, question.text, question.verb, question.danger, question.run);
            });
}

void MainWindow::connectReader(ReaderPane& reader)
{
    using Messages = std::vector<MessageId>;
    ReaderContext* context = &reader.context();
    context->setSendingStyle([this] { return m_preferences.composing().style(); });
    connect(context, &ReaderContext::replyRequested, this, &MainWindow::composeReply);
    connect(context, &ReaderContext::reuseRequested, this, &MainWindow::reuse);
    connect(context, &ReaderContext::resendRequested, this, &MainWindow::composeAgain);
    connect(context, &ReaderContext::mailtoRequested, this, &MainWindow::openMailto);
    connect(context, &ReaderContext::windowRequested, this, &MainWindow::openInWindow);
    connect(context, &ReaderContext::looseRequested, this,
            [this](const std::shared_ptr<const OpenedMessage>& message) {
                makeReaderWindow()->showLoose(message);
            });
    connect(context, &ReaderContext::archiveRequested, this,
            [this](const Messages& messages, FolderId from) {
                messages.empty() ? archive() : m_actions->archive(messages, from);
            });
    connect(context, &ReaderContext::deleteRequested, this,
            [this](const Messages& messages, FolderId from) {
                messages.empty() ? deleteMessages() : m_actions->remove(messages, from);
            });
    connect(context, &ReaderContext::junkRequested, m_actions, &MailActions::junk);
    connect(context, &ReaderContext::moveRequested, this,
            [this](const Messages& messages, FolderId from, bool copy) {
                messages.empty() ? askMove(copy) : askMoveOf(messages, from, copy);
            });
}

ReaderWindow* MainWindow::makeReaderWindow()
{
    auto* window = new ReaderWindow(m_engine, *m_bodies);
    connectReader(window->reader());
    window->reader().setMarkReadAfter(m_preferences.markReadAfter());
    m_readerWindows.removeIf([](const auto& each) { return each.isNull(); });
    m_readerWindows.append(window);
    window->show();
    return window;
}

void MainWindow::openInWindow(FolderId folder, MessageId message)
{
    makeReaderWindow()->showMessage(folder, message);
}

bool MainWindow::isReading() const
{
    const QWidget* focus = QApplication::focusWidget();
    return focus && (focus == m_reader || m_reader->isAncestorOf(focus));
}

std::pair<std::vector<MessageId>, FolderId> MainWindow::acted() const
{
    if (m_right->currentIndex() != 0) {
        return {};
    }
    const std::vector<MessageId> selected = m_list->view().selectedMessages();
    if (m_reader->message() && (isReading() || selected.empty())) {
        return {{m_reader->message()}, m_reader->folder()};
    }
    return {selected, m_list->listedFolder()};
}

void MainWindow::archive()
{
    if (const auto& [messages, from] = acted(); !messages.empty()) {
        m_actions->archive(messages, from);
    }
}

void MainWindow::deleteMessages(bool forGood)
{
    if (const auto& [messages, from] = acted(); !messages.empty()) {
        m_actions->remove(messages, from, forGood);
    }
}

void MainWindow::markJunk()
{
    if (const auto& [messages, from] = acted(); !messages.empty()) {
        m_actions->junk(messages, from);
    }
}

void MainWindow::undo()
{
    // What was done last is what its toast still speaks of.
    if (m_takeBack && m_toast->isVisible() && m_toast->text() == m_sentWords) {
        m_toast->dismiss();
        std::exchange(m_takeBack, {})();
        return;
    }
    if (m_actions->canUndo()) {
        m_actions->undo();
    } else {
        say(tr("Nothing is left to undo"));
    }
}

void MainWindow::askMove(bool copy)
{
    if (const auto& [messages, from] = acted(); !messages.empty()) {
        askMoveOf(messages, from, copy);
    }
}

void MainWindow::askMoveOf(const std::vector<MessageId>& messages, FolderId from, bool copy)
{
    const std::vector<AccountId> accounts = m_actions->accountsOf(messages, from);
    if (accounts.size() != 1) {
        say(tr("These messages belong to several accounts. Choose those of one."));
        return;
    }
    std::vector<Folder> targets;
    // In the order of the folder pane, which people know.
    std::function<void(const QModelIndex&)> collect = [&](const QModelIndex& under) {
        for (int row = 0; row < m_folderModel->rowCount(under); ++row) {
            const QModelIndex index = m_folderModel->index(row, 0, under);
            const Folder* folder = m_folderModel->folderAt(index);
            if (folder && folder->selectable && folder->account == accounts.front() &&
                folder->id != from) {
                targets.push_back(*folder);
            }
            collect(index);
        }
    };
    collect({});
    // Where one moved to before, and last what nobody moves mail to.
    const auto rank = [this](const Folder& folder) {
        const auto recent = std::find(m_targets.begin(), m_targets.end(), folder.id);
        return recent != m_targets.end() ? recent - m_targets.begin() - 100
               : folder.role == FolderRole::Drafts || folder.role == FolderRole::Sent ? 1
                                                                                      : 0;
    };
    std::stable_sort(targets.begin(), targets.end(),
                     [&rank](const Folder& a, const Folder& b) { return rank(a) < rank(b); });
    const QString count = countWords(static_cast<std::int64_t>(messages.size()));
    const QString title =
        copy
            ? (messages.size() == 1 ? tr("Copy message to") : tr("Copy %1 messages to").arg(count))
            : (messages.size() == 1 ? tr("Move message to") : tr("Move %1 messages to").arg(count));
    m_move->present(title, std::move(targets), [this, messages, from, copy](FolderId target) {
        std::erase(m_targets, target);
        m_targets.insert(m_targets.begin(), target);
        m_targets.resize(std::min<std::size_t>(m_targets.size(), 3));
        m_actions->move(messages, from, target, copy);
    });
}

void MainWindow::showMessageMenu(const QPoint& at)
{
    const std::vector<MessageId> messages = m_list->view().selectedMessages();
    if (messages.empty()) {
        return;
    }
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [&](const char* icon, const QString& text, const QString& keys, auto slot) {
        menu->addAction(themeIcon(icon), keys.isEmpty() ? text : text + QLatin1Char('\t') + keys,
                        this, slot);
    };
    if (messages.size() == 1) {
        add("reply", tr("Reply"), QStringLiteral("R"),
            [this] { m_reader->reply(ReplyKind::Reply); });
        add("reply-all", tr("Reply all"), QStringLiteral("A"),
            [this] { m_reader->reply(ReplyKind::ReplyAll); });
        if (const OpenedMessage* opened = m_reader->opened();
            opened && m_reader->message() == messages.front() &&
            !opened->insight.list.post.empty() && !opened->insight.list.postingClosed) {
            add("reply-all", tr("Reply to list"), QStringLiteral("Ctrl+Shift+L"),
                [this] { m_reader->reply(ReplyKind::ReplyList); });
        }
        add("forward", tr("Forward"), QStringLiteral("F"),
            [this] { m_reader->reply(ReplyKind::Forward); });
        add("attach", tr("Forward as attachment"), QStringLiteral("Ctrl+Shift+F"),
            [this] { m_reader->reuse(Reuse::ForwardAsFile); });
        add("send", tr("Redirect\u2026"), QStringLiteral("Ctrl+Shift+E"),
            [this] { m_reader->reuse(Reuse::Redirect); });
        add("edit", tr("Edit as new"), QStringLiteral("Ctrl+E"),
            [this] { m_reader->reuse(Reuse::EditAsNew); });
        menu->addSeparator();
    }
    add("archive", tr("Archive"), QStringLiteral("E"), [this] { archive(); });
    add("trash", tr("Delete"), QStringLiteral("#"), [this] { deleteMessages(); });
    const auto& [chosen, from] = acted();
    add("junk", m_actions->isJunk(chosen, from) ? tr("Not junk") : tr("Mark as junk"),
        QStringLiteral("!"), [this] { markJunk(); });
    add("folder", tr("Move to\u2026"), QStringLiteral("V"), [this] { askMove(); });
    add("copy", tr("Copy to\u2026"), {}, [this] { askMove(true); });
    menu->addSeparator();
    const MessageListModel& model = m_list->model();
    const MessageSummary* first = model.summary(model.rowOf(messages.front()));
    const Flags flags = first ? first->flags : Flags(0);
    const bool read = flags & Seen;
    const bool starred = flags & Flagged;
    add(read ? "mail-unread" : "mail-read", read ? tr("Mark unread") : tr("Mark read"),
        QStringLiteral("U"), [this, messages] { m_list->toggleRead(messages); });
    add(starred ? "star" : "star-filled", starred ? tr("Remove star") : tr("Add star"),
        QStringLiteral("S"), [this, messages] { m_list->toggleStar(messages); });
    menu->popup(at);
}

void MainWindow::ask(const QString& title, const QString& text, const QString& verb, bool danger,
                     std::function<void()> run)
{
    auto* sheet = new QuestionSheet(title, text, verb, danger, this);
    connect(sheet, &QDialog::accepted, this, [run = std::move(run)] { run(); });
    sheet->open();
}

void MainWindow::noteRefusal(MessageId message, const Error& error)
{
    const QString key = QStringLiteral("refused");
    if (!m_bars->contains(key)) {
        m_refused.clear();
    }
    QString subject;
    if (message) {
        m_refused.push_back(message);
        const auto rows = m_engine.queries().rows(std::span(&message, 1));
        subject = rows.empty() ? QString() : subjectWords(rows.front());
    }
    m_bars->show({key,
                  Severity::Warning,
                  refusalSentence(error, message ? static_cast<int>(m_refused.size()) : 0, subject),
                  {{tr("Details"),
                    [this, details = errorDetails(error)] {
                        showDetails(tr("What the server said"), details);
                    }}},
                  true});
}

} // namespace avocet
