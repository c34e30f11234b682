// SPDX-License-Identifier: GPL-3.0-or-later
// What MainWindow does for its user: writing, the menu, keys, settings, closing.
#include "ui/compose/ComposeActions.h"
#include "ui/compose/ComposeWindow.h"
#include "ui/compose/RecipientParser.h"
#include "ui/compose/RedirectSheet.h"
#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/DraftsView.h"
#include "ui/main/MainWindow.h"
#include "ui/main/SearchSuggestions.h"
#include "ui/main/ShortcutsOverlay.h"
#include "ui/main/TopBar.h"
#include "ui/outbox/OutboxView.h"
#include "ui/reader/ReaderContext.h"
#include "ui/reader/ReaderWarmUp.h"
#include "ui/reader/ReaderWindow.h"
#include "ui/settings/SettingsDialog.h"
#include "ui/theme/Icons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Toast.h"
#include "ui/words/ErrorWords.h"
#include "ui/words/SendTime.h"

#include <QApplication>
#include <QCloseEvent>
#include <QLineEdit>
#include <QMenu>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

namespace avocet {

void MainWindow::say(const QString& text, const QString& action, std::function<void()> run)
{
    m_toast->present(text, action, std::move(run));
}

ComposeWindow* MainWindow::compose(Draft draft)
{
    auto* window = new ComposeWindow(m_engine, std::move(draft), m_preferences.composing());
    m_composers.append(window);
    connect(window, &ComposeWindow::sent, this,
            [this](OutboxId id) { saySent(id, [this, id] { m_outbox->takeBack(id); }); });
    connect(window, &ComposeWindow::spellingChosen, this, [this](const SpellChoice& choice) {
        m_preferences.setComposing(withSpellChoice(m_preferences.composing(), choice));
    });
    connect(window, &ComposeWindow::kept, this, [this] { say(tr("Saved in Drafts")); });
    connect(window, &ComposeWindow::templatesWanted, this, [this] {
        showSettings();
        m_settings->openPage(SettingsDialog::Page::Templates);
    });
    connect(window, &ComposeWindow::discarded, this, [this](const Draft& thrown) {
        say(tr("Draft discarded"), tr("Undo"), [this, thrown] { compose(thrown); });
    });
    connect(window, &QObject::destroyed, this,
            [this] { m_composers.removeIf([](const auto& each) { return each.isNull(); }); });
    window->show();
    window->activateWindow();
    return window;
}

/// What the outbox does with it, and the way back as long as there is one.
void MainWindow::saySent(OutboxId id, const std::function<void()>& takeBack)
{
    const std::vector<OutboxItem> items = m_engine.queries().outbox();
    const auto item = std::find_if(items.rbegin(), items.rend(),
                                   [&](const OutboxItem& each) { return each.id == id; });
    if (item == items.rend() || item->hold == OutboxHold::None) {
        say(tr("Message is on its way"), tr("Show outbox"), [this] { showOutbox(); });
        return;
    }
    const QDateTime now = QDateTime::currentDateTime();
    const QDateTime time = QDateTime::fromSecsSinceEpoch(item->notBefore);
    const bool undo = item->hold == OutboxHold::Undo;
    const QString words = undo ? tr("Message sent") : tr("Sends %1").arg(sendTimeWords(time, now));
    const int shown =
        undo ? static_cast<int>(std::clamp<qint64>(now.msecsTo(time), 0, 60'000)) : 10'000;
    m_takeBack = takeBack;
    m_sentWords = words;
    m_toast->present(words, tr("Undo"), takeBack, shown);
}

ComposeContext MainWindow::composing()
{
    return composeContext(m_engine.queries(), m_list->folder(), m_preferences.composing());
}

void MainWindow::newMessage()
{
    if (isWelcome()) {
        return;
    }
    compose(newDraft(composing()));
}

void MainWindow::composeReply(ReplyKind kind, const OpenedMessage& original,
                              const QString& selection)
{
    compose(replyDraft(composing(), kind, original, {selection, false}));
}

void MainWindow::reuse(Reuse how, const OpenedMessage& original)
{
    if (isWelcome()) {
        say(tr("Add an account first, then write."));
        return;
    }
    switch (how) {
    case Reuse::ForwardAsFile:
        compose(replyDraft(composing(), ReplyKind::Forward, original, {{}, true}));
        break;
    case Reuse::EditAsNew:
        compose(draftAsNew(composing(), original));
        break;
    case Reuse::Redirect:
        redirect(original);
        break;
    }
}

void MainWindow::redirect(const OpenedMessage& original)
{
    const ComposeContext context = composing();
    const AnsweringIdentity as = answering(context, original);
    command::Redirect wish;
    wish.message = original.raw;
    wish.identity = as.identity;
    wish.from = as.from;
    wish.original = original.summary.id;
    wish.undoSeconds = context.settings.undoSeconds;
    wish.style = context.settings.style();
    const std::vector<Address>& from =
        original.parsed.from.empty() ? original.summary.from : original.parsed.from;
    const QString sender = from.empty() ? tr("its sender") : chipText(from.front());
    auto* sheet = new RedirectSheet(m_engine, std::move(wish), sender, this);
    connect(sheet, &RedirectSheet::sent, this, [this](OutboxId id) {
        saySent(id, [this, id] {
            m_engine.submit(command::CancelOutbox{id});
            say(tr("The message was not redirected"));
        });
    });
    sheet->open();
}

void MainWindow::composeAgain(const OpenedMessage& original, const QStringList& recipients)
{
    compose(draftToResend(composing(), original, recipients));
}

void MainWindow::openMailto(const QUrl& url)
{
    if (isWelcome()) {
        say(tr("Add an account first, then write."));
        return;
    }
    Result<Draft> draft = mailtoDraft(composing(), url.toEncoded(QUrl::FullyEncoded));
    if (draft)
        compose(std::move(*draft));
    else
        say(errorSentence(draft.error(), {}));
}

void MainWindow::openNew(Draft given, const QStringList& files)
{
    if (isWelcome()) {
        say(tr("Add an account first, then write."));
        return;
    }
    compose(begunDraft(composing(), std::move(given)))->attachFiles(files);
}

void MainWindow::warmUp()
{
    new ReaderWarmUp(m_engine, *m_bodies, this);
}

void MainWindow::openFile(const QString& emlPath)
{
    m_pages->setCurrentWidget(m_panes);
    m_right->setCurrentIndex(0);
    m_list->view().clearSelection();
    m_selected = {};
    m_showDelay.stop();
    m_reader->showFile(emlPath);
    showReaderAlone(true);
    activateWindow();
}

void MainWindow::openDraft(DraftId id)
{
    for (const auto& window : std::as_const(m_composers)) {
        if (window && window->draftId() == id) {
            window->raise();
            window->activateWindow();
            return;
        }
    }
    Result<Draft> draft = m_engine.queries().draft(id);
    if (draft)
        compose(std::move(*draft));
    else
        say(errorSentence(draft.error(), {}));
}

bool MainWindow::goOnWriting(MessageId message)
{
    const FolderId id = m_list->folderOf(message);
    const std::vector<Folder> folders = m_engine.queries().folders();
    const bool draft = std::any_of(folders.begin(), folders.end(), [&](const Folder& folder) {
        return folder.id == id && folder.role == FolderRole::Drafts;
    });
    if (draft) {
        m_drafts->openMessage(message);
    }
    return draft;
}

void MainWindow::discardDraft(DraftId id)
{
    Result<Draft> draft = m_engine.queries().draft(id);
    if (!draft) {
        return;
    }
    m_engine.submit(command::DiscardDraft{id});
    draft->id = {};
    say(tr("Draft discarded"), tr("Undo"),
        [this, kept = *draft] { m_engine.submit(command::SaveDraft{kept}); });
}

void MainWindow::showOutbox()
{
    m_folders->selectKey(QStringLiteral("outbox"));
    m_outbox->setFocus();
}

void MainWindow::showDrafts()
{
    m_folders->selectKey(QStringLiteral("drafts"));
    m_drafts->view().setFocus();
}

void MainWindow::showSettings()
{
    if (!m_settings) {
        m_settings = new SettingsDialog(m_engine, m_preferences, m_profile, this);
        m_settings->setAttribute(Qt::WA_DeleteOnClose);
    }
    m_settings->show();
    m_settings->raise();
    m_settings->activateWindow();
}

void MainWindow::showAccounts()
{
    showSettings();
    m_settings->openPage(SettingsDialog::Page::Accounts);
}

void MainWindow::showShortcuts()
{
    m_shortcuts->toggle();
}

void MainWindow::focusSearch()
{
    if (m_right->currentIndex() == 0 && !isWelcome()) {
        showReaderAlone(false);
        QStringList folders;
        for (const Folder& folder : m_engine.queries().folders()) {
            if (folder.selectable) {
                folders.append(folder.role == FolderRole::None ? folderTitle(folder)
                                                               : folderTitle(folder).toLower());
            }
        }
        folders.removeDuplicates();
        m_top->suggestions().setFolders(folders);
        m_top->search().setFocus(Qt::ShortcutFocusReason);
        m_top->search().selectAll();
        m_top->suggestions().refresh(true);
    }
}

void MainWindow::nextPane()
{
    const QWidget* focus = QApplication::focusWidget();
    if (focus == m_folders) {
        m_list->isVisible() ? m_list->view().setFocus(Qt::TabFocusReason) : m_reader->focusText();
    } else if (focus == &m_list->view() && m_reader->isVisible()) {
        m_reader->focusText();
    } else {
        m_folders->setFocus(Qt::TabFocusReason);
    }
}

void MainWindow::handleKey(QChar key)
{
    switch (key.unicode()) {
    case u'c':
        newMessage();
        break;
    case u'r':
        m_reader->reply(ReplyKind::Reply);
        break;
    case u'a':
        m_reader->reply(ReplyKind::ReplyAll);
        break;
    case u'f':
        m_reader->reply(ReplyKind::Forward);
        break;
    case u's':
        m_reader->toggleStar();
        break;
    case u'u':
        m_reader->toggleRead();
        break;
    case u'e':
        archive();
        break;
    case u'#':
        deleteMessages();
        break;
    case u'!':
        markJunk();
        break;
    case u'v':
        askMove();
        break;
    case u'z':
        undo();
        break;
    case u'j':
        m_list->view().step(1);
        break;
    case u'k':
        m_list->view().step(-1);
        break;
    default:
        break;
    }
}

void MainWindow::addTemplates(QMenu& menu)
{
    const std::vector<Template> templates = m_engine.queries().templates();
    if (templates.empty())
        return;
    QMenu* choices = menu.addMenu(themeIcon("file-text"), tr("New from template"));
    for (const Template& one : templates)
        choices->addAction(QString::fromStdString(one.name).replace(u'&', QStringLiteral("&&")),
                           this,
                           [this, one] { compose(newDraft(composing()))->insertTemplate(one); });
}

void MainWindow::showMenu()
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool ready = !isWelcome();
    const auto add = [&](const char* name, const QString& text, const QString& keys, auto slot) {
        QAction* action = menu->addAction(
            themeIcon(name), keys.isEmpty() ? text : text + QLatin1Char('\t') + keys, this, slot);
        return action;
    };
    add("compose", tr("New message"), QStringLiteral("Ctrl+N"), &MainWindow::newMessage)
        ->setEnabled(ready);
    if (ready)
        addTemplates(*menu);
    add("outbox", tr("Outbox"), {}, &MainWindow::showOutbox)->setEnabled(ready);
    menu->addSeparator();
    add("person", tr("Accounts"), {}, &MainWindow::showAccounts)->setEnabled(ready);
    add("settings", tr("Settings"), QStringLiteral("Ctrl+,"), &MainWindow::showSettings);
    add("keyboard", tr("Keyboard shortcuts"), QStringLiteral("?"), &MainWindow::showShortcuts);
    menu->addSeparator();
    add("power", tr("Quit"), QStringLiteral("Ctrl+Q"), &MainWindow::quit);
    const QWidget* button = m_top->menuButton();
    const bool mirrored = layoutDirection() == Qt::RightToLeft;
    const int x = mirrored ? 0 : button->width() - menu->sizeHint().width();
    menu->popup(button->mapToGlobal(QPoint(x, button->height() + metrics::space1)));
}

void MainWindow::toggleTheme()
{
    m_preferences.setTheme(currentScheme() == Scheme::Dark ? ThemeChoice::Light
                                                           : ThemeChoice::Dark);
}

bool MainWindow::askAboutOutbox()
{
    const int waiting = unsentCount();
    if (waiting == 0) {
        return false;
    }
    m_bars->show({QStringLiteral("quit"),
                  Severity::Warning,
                  waiting == 1 ? tr("1 message waits to be sent.")
                               : tr("%1 messages wait to be sent.").arg(waiting),
                  {{tr("Send and quit"),
                    [this] {
                        m_quitWhenSent = true;
                        for (const OutboxItem& item : m_engine.queries().outbox()) {
                            if (item.state == OutboxState::Queued && !waitsForItsTime(item)) {
                                m_engine.submit(command::RetryOutbox{item.id});
                            }
                        }
                        m_bars->show({QStringLiteral("quit"),
                                      Severity::Info,
                                      tr("Avocet closes once everything is sent."),
                                      {{tr("Keep for next time"),
                                        [this] {
                                            m_closingAgreed = true;
                                            close();
                                        }}},
                                      false});
                    }},
                   {tr("Keep for next time"),
                    [this] {
                        m_closingAgreed = true;
                        close();
                    }}},
                  true});
    raise();
    activateWindow();
    return true;
}

void MainWindow::quit()
{
    // Each saves itself and goes.
    for (const auto& window : std::as_const(m_composers)) {
        if (window) {
            window->close();
        }
    }
    close();
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!m_closingAgreed && askAboutOutbox()) {
        event->ignore();
        return;
    }
    saveState();
    for (const auto& window : std::as_const(m_readerWindows)) {
        if (window) {
            window->close();
        }
    }
    QMainWindow::closeEvent(event);
}

} // namespace avocet
