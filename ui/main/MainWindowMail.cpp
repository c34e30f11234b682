// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow and the engine: accounts, folders, states, and the bars that speak of them.
#include "ui/accounts/AccountSetup.h"
#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/DraftsView.h"
#include "ui/main/MainWindow.h"
#include "ui/main/StatusLine.h"
#include "ui/main/TopBar.h"
#include "ui/outbox/OutboxView.h"
#include "ui/reader/MessageCard.h"
#include "ui/reader/ReaderPane.h"
#include "ui/settings/AccountsPage.h"
#include "ui/settings/SettingsDialog.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Toast.h"
#include "ui/words/ErrorWords.h"

#include <QDialog>
#include <QLineEdit>
#include <QStackedWidget>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace avocet {

using namespace std::chrono_literals;

void MainWindow::connectEngine()
{
    connect(&m_engine, &MailEngine::accountsChanged, this, &MainWindow::reloadAccounts);
    // A sync tells of both with each of its batches, and there may be thousands of folders.
    m_news.setSingleShot(true);
    connect(&m_news, &QTimer::timeout, this, &MainWindow::reloadFolders);
    const auto noteNews = [this] {
        if (!m_news.isActive()) {
            m_news.start(m_list->folder() ? 50ms : 0ms);
        }
    };
    connect(&m_engine, &MailEngine::accountStatusChanged, this, noteNews);
    connect(&m_engine, &MailEngine::foldersChanged, this, noteNews);
    connect(&m_engine, &MailEngine::outboxChanged, this, &MainWindow::reloadOutbox);
    connect(&m_engine, &MailEngine::operationRefused, this, &MainWindow::noteRefusal);
    connect(&m_engine, &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (m_getMail && request == m_getMail) {
                    m_getMail = {};
                    m_top->setBusy(false);
                    if (!reply && reply.error().kind != ErrorKind::Cancelled) {
                        say(errorSentence(reply.error(), {}));
                    }
                }
            });
}

void MainWindow::reloadAccounts()
{
    const bool none = m_engine.queries().accounts().empty();
    m_pages->setCurrentWidget(none ? static_cast<QWidget*>(m_setup) : m_panes);
    m_top->setSearchEnabled(!none);
    m_top->setMailVisible(!none);
    reloadFolders();
    updateStatus();
}

void MainWindow::reloadFolders()
{
    const std::vector<Folder> folders = m_engine.queries().folders();
    m_folderModel->setAll(m_engine.queries().accounts(), folders);
    for (const Folder& folder : folders) {
        if (folder.id == m_list->folder()) {
            m_list->updateFolder(folder);
        }
    }
    updateStatus();
}

int MainWindow::unsentCount()
{
    const std::vector<OutboxItem> items = m_engine.queries().outbox();
    return static_cast<int>(std::count_if(items.begin(), items.end(), [](const OutboxItem& item) {
        // What is to leave later does so at the next start as well.
        return (item.state == OutboxState::Queued && !waitsForItsTime(item)) ||
               item.state == OutboxState::Sending || item.state == OutboxState::Committing;
    }));
}

void MainWindow::reloadOutbox()
{
    const std::vector<OutboxItem> items = m_engine.queries().outbox();
    int waiting = 0;
    bool attention = false;
    for (const OutboxItem& item : items) {
        attention = attention || needsAttention(item);
        switch (item.state) {
        case OutboxState::Failed:
        case OutboxState::Uncertain:
        case OutboxState::Queued:
        case OutboxState::Sending:
        case OutboxState::Committing:
            ++waiting;
            break;
        default:
            break;
        }
    }
    m_folderModel->setOutbox(waiting, attention);
    m_folderModel->setDraftCount(m_drafts->model().rowCount());
    if (m_quitWhenSent && unsentCount() == 0) {
        m_closingAgreed = true;
        close();
    }
}

void MainWindow::updateStatus()
{
    const std::vector<AccountStatus> all = m_engine.accountStatus();
    m_status->setWords(statusWords(all, m_engine.queries().folders()));
    const bool offline =
        !all.empty() && std::all_of(all.begin(), all.end(), [](const AccountStatus& status) {
            return status.state == AccountStatus::State::Offline ||
                   status.state == AccountStatus::State::Paused;
        });
    m_list->setOffline(offline);
    m_reader->setOffline(offline);
    updateAccountBars();
}

void MainWindow::updateAccountBars()
{
    for (const AccountStatus& status : m_engine.accountStatus()) {
        const QString key = QStringLiteral("account/%1").arg(status.account.value);
        if (status.hasError) {
            accountBar(status);
        } else {
            m_closedBars.remove(key);
            m_bars->dismiss(key);
        }
    }
}

void MainWindow::accountBar(const AccountStatus& status)
{
    const QString key = QStringLiteral("account/%1").arg(status.account.value);
    const int reason =
        static_cast<int>(status.error.kind) * 1'000 + static_cast<int>(status.error.code);
    if (m_closedBars.value(key, -1) == reason) {
        return;
    }
    m_closedBars.remove(key);
    m_shownErrors.insert(key, reason);
    const std::vector<Account> accounts = m_engine.queries().accounts();
    const auto account = std::find_if(accounts.begin(), accounts.end(), [&](const Account& each) {
        return each.id == status.account;
    });
    const QString server = account == accounts.end() ? QString()
                           : status.error.kind == ErrorKind::Auth
                               ? QString::fromStdString(account->email)
                               : QString::fromStdString(account->imap.host);
    const bool grave = status.state == AccountStatus::State::Paused;
    BarMessage bar{key,
                   grave ? Severity::Danger : Severity::Info,
                   status.error.kind == ErrorKind::Auth &&
                           status.error.code != ErrorCode::NoPassword &&
                           status.error.code != ErrorCode::NoMechanism
                       ? tr("The server did not accept the password of %1.").arg(server)
                       : errorSentence(status.error, server, Retry::ByItself),
                   {},
                   true};
    const ErrorAction action = errorAction(status.error);
    const QString details = errorDetails(status.error);
    if (const QString label = actionLabel(action); !label.isEmpty()) {
        bar.actions.append({label, [this, action, id = status.account, details] {
                                runErrorAction(static_cast<int>(action), id, details);
                            }});
    }
    if (action != ErrorAction::ShowDetails && grave && !details.isEmpty()) {
        bar.actions.append(
            {tr("Details"), [this, text = bar.text, details] { showDetails(text, details); }});
    }
    m_bars->show(bar);
}

void MainWindow::runErrorAction(int action, AccountId account, const QString& details)
{
    switch (static_cast<ErrorAction>(action)) {
    case ErrorAction::TryAgain:
        m_engine.submit(command::Sync{account, {}, true});
        break;
    case ErrorAction::EnterPassword:
    case ErrorAction::EditServers:
        showAccounts();
        m_settings->accounts()->editAccount(account);
        break;
    default:
        showDetails(tr("What the server said"), details);
        break;
    }
}

void MainWindow::showDetails(const QString& title, const QString& details)
{
    auto* dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Details"));
    auto* layout = new QVBoxLayout(dialog);
    layout->setContentsMargins(metrics::space6, metrics::space6, metrics::space6, metrics::space4);
    layout->setSpacing(metrics::space3);
    QLabel* head = makeLabel(title, TextRole::Title, Ink::Text, true, dialog);
    head->setWordWrap(true);
    QLabel* body = makeLabel(details.isEmpty() ? tr("The server gave no reason.") : details,
                             TextRole::Body, Ink::Text2, false, dialog);
    body->setWordWrap(true);
    body->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    auto* shut = new Button(tr("Close"), ButtonKind::Secondary, dialog);
    connect(shut, &QPushButton::clicked, dialog, &QDialog::accept);
    layout->addWidget(head);
    layout->addWidget(body);
    layout->addSpacing(metrics::space2);
    layout->addWidget(shut, 0, Qt::AlignRight);
    dialog->setMinimumWidth(420);
    dialog->open();
}

void MainWindow::chooseFolder(const QModelIndex& index)
{
    const auto kind = index.data(FolderModel::KindRole).value<FolderModel::Kind>();
    const QString title = index.data().toString();
    setWindowTitle(tr("%1 \u2014 Avocet", "folder").arg(title));
    if (kind == FolderModel::Kind::Outbox) {
        m_right->setCurrentIndex(1);
        m_top->setSearchEnabled(false);
        return;
    }
    if (kind == FolderModel::Kind::Drafts) {
        m_right->setCurrentWidget(m_drafts);
        m_top->setSearchEnabled(false);
        return;
    }
    const Folder* folder = m_folderModel->folderAt(index);
    if (!folder) {
        return;
    }
    m_top->setSearchEnabled(true);
    m_right->setCurrentIndex(0);
    const bool other = m_list->folder() != folder->id;
    m_top->search().clear();
    if (other) {
        m_reader->showNothing();
        showReaderAlone(false);
    }
    m_list->showFolder(*folder, title);
    if (other) {
        m_engine.submit(command::SyncFolderNow{folder->id});
    }
}

void MainWindow::search(const QString& text)
{
    if (!text.trimmed().isEmpty()) {
        showReaderAlone(false);
    }
    m_list->search(text);
}

void MainWindow::selectMessage(MessageId id)
{
    m_selected = id;
    const bool running = m_sinceSelected.isValid() && m_sinceSelected.elapsed() < 120;
    m_sinceSelected.start();
    m_showDelay.start(running ? 90ms : 0ms);
}

void MainWindow::openSelected()
{
    if (!m_selected) {
        return;
    }
    m_showDelay.stop();
    m_reader->showMessage(m_list->folderOf(m_selected), m_selected);
    showReaderAlone(true);
    m_reader->focusText();
}

void MainWindow::getMail()
{
    if (m_getMail || isWelcome()) {
        return;
    }
    m_top->setBusy(true);
    m_getMail = m_engine.submit(command::Sync{{}, {}, true});
}

QList<QUrl> MainWindow::filesOf(const std::vector<MessageSummary>& messages)
{
    QList<QUrl> urls;
    ReaderFiles& files = m_reader->context().files();
    for (const MessageSummary& each : messages) {
        const QString path =
            each.hasBody ? files.placeForOpening(messageFileName(each)) : QString();
        if (path.isEmpty()) {
            continue;
        }
        urls.append(QUrl::fromLocalFile(path));
        m_engine.queries().openMessage(
            this, each.id, [&files, path](Result<OpenedMessage> message) {
                if (message && message->hasBody) {
                    files.save(path, std::move(message->raw), [](const Result<QString>&) {});
                }
            });
    }
    return urls;
}

} // namespace avocet
