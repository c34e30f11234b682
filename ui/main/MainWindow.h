// SPDX-License-Identifier: GPL-3.0-or-later
// The window: folders, list, reader, and everything that leads from them to elsewhere.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/mime/ReplyBuilder.h"
#include "ui/settings/Preferences.h"

#include <QElapsedTimer>
#include <QHash>
#include <QMainWindow>
#include <QPointer>
#include <QTimer>
#include <QUrl>

#include <filesystem>
#include <functional>

class QMenu;
class QSplitter;
class QStackedWidget;

namespace avocet {

class AccountSetup;
class BodySettings;
class Button;
class ComposeWindow;
enum class Reuse;
struct ComposeContext;
class DraftsView;
class FolderModel;
class FolderPane;
class IconButton;
class InfoBarStack;
class ListPane;
class MailActions;
class MoveSheet;
class OutboxView;
class ReaderPane;
class ReaderWindow;
class SettingsDialog;
class ShortcutsOverlay;
class StatusLine;
class Toast;
class TopBar;

/// Thread: the GUI's. Owner: the application. Everything goes through the engine's commands and
/// events; nothing here waits. Remembers itself in PROFILE/settings.ini.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// How the panes share the width.
    enum class Layout { Wide, Rail, OnePane };

    MainWindow(MailEngine& engine, const std::filesystem::path& profile);
    ~MainWindow() override;

    void openMailto(const QUrl& url);
    /// A new message that begins with `given`; the files are attached.
    void openNew(Draft given, const QStringList& files);
    void openFile(const QString& emlPath);
    /// So that the first message is there as fast as those behind it. Once, when the window has been shown.
    void warmUp();

    FolderPane& folderPane() { return *m_folders; }
    ListPane& listPane() { return *m_list; }
    ReaderPane& readerPane() { return *m_reader; }
    TopBar& topBar() { return *m_top; }
    InfoBarStack& bars() { return *m_bars; }
    MailActions& actions() { return *m_actions; }
    MoveSheet& moveSheet() { return *m_move; }
    Toast& toast() { return *m_toast; }
    bool isWelcome() const;
    Layout paneLayout() const { return m_layout; }

public Q_SLOTS:
    void newMessage();
    void getMail();
    void showOutbox();
    void showDrafts();
    void showSettings();
    void showAccounts();
    void showShortcuts();
    void focusSearch();
    void archive();
    void deleteMessages(bool forGood = false);
    void markJunk();
    void askMove(bool copy = false);
    void undo();
    void newFolder(avocet::AccountId account, avocet::FolderId under = {});
    void renameFolder(avocet::FolderId folder);
    void deleteFolder(avocet::FolderId folder);
    void quit();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void build();
    QWidget* buildFolderColumn();
    void buildShortcuts();
    void connectPanes();
    void connectEngine();
    void connectChanges();
    void restoreState();
    void saveState();

    void reloadAccounts();
    void reloadFolders();
    void reloadOutbox();
    void updateStatus();
    void updateAccountBars();
    void accountBar(const AccountStatus& status);
    void runErrorAction(int action, AccountId account, const QString& details);
    void showDetails(const QString& title, const QString& details);
    void chooseFolder(const QModelIndex& index);
    void selectMessage(MessageId id);
    void openSelected();
    /// True: it is a draft, and its window opens.
    bool goOnWriting(MessageId message);
    void handleKey(QChar key);
    void applyLayout(bool force = false);
    void showReaderAlone(bool reader);
    void nextPane();
    void addTemplates(QMenu& menu);
    void showMenu();
    void toggleTheme();

    /// What an action touches, and from where: the message that the reader has the focus in, else the list's selection,
    /// else what the reader shows.
    std::pair<std::vector<MessageId>, FolderId> acted() const;
    bool isReading() const; ///< the reader has the focus
    void connectReader(ReaderPane& reader);
    ReaderWindow* makeReaderWindow();
    void openInWindow(FolderId folder, MessageId message);
    void askMoveOf(const std::vector<MessageId>& messages, FolderId from, bool copy);
    Folder folderOf(FolderId id);
    void showMessageMenu(const QPoint& at);
    void showFolderMenu(const QModelIndex& index, const QPoint& at);
    void ask(const QString& title, const QString& text, const QString& verb, bool danger,
             std::function<void()> run);
    /// What is wrong with a folder's name, where its path would be `path`; empty: nothing.
    QString folderNameProblem(AccountId account, char delimiter, const QString& name,
                              const std::string& path);
    void noteRefusal(MessageId message, const Error& error);
    void search(const QString& text);

    ComposeWindow* compose(Draft draft);
    /// `takeBack` undoes it as long as it has not left.
    void saySent(OutboxId id, const std::function<void()>& takeBack);
    ComposeContext composing();
    QList<QUrl> filesOf(const std::vector<MessageSummary>& messages);
    void composeReply(ReplyKind kind, const OpenedMessage& original, const QString& selection);
    void reuse(Reuse how, const OpenedMessage& original);
    void redirect(const OpenedMessage& original);
    void composeAgain(const OpenedMessage& original, const QStringList& recipients);
    void openDraft(DraftId id);
    void discardDraft(DraftId id);
    void say(const QString& text, const QString& action = {}, std::function<void()> run = {});
    bool askAboutOutbox();
    int unsentCount();

    MailEngine& m_engine;
    QString m_profile;
    Preferences m_preferences;
    std::function<void()> m_takeBack; ///< what was sent, as long as its toast is there
    QString m_sentWords;              ///< of that toast
    BodySettings* m_bodies;
    FolderModel* m_folderModel;
    TopBar* m_top = nullptr;
    InfoBarStack* m_bars = nullptr;
    QStackedWidget* m_pages = nullptr; ///< welcome or panes
    AccountSetup* m_setup = nullptr;
    QWidget* m_panes = nullptr;
    QSplitter* m_outer = nullptr;
    QSplitter* m_inner = nullptr;
    QWidget* m_column = nullptr;
    Button* m_new = nullptr;
    FolderPane* m_folders = nullptr;
    StatusLine* m_status = nullptr;
    QStackedWidget* m_right = nullptr; ///< mail, outbox or drafts
    ListPane* m_list = nullptr;
    ReaderPane* m_reader = nullptr;
    OutboxView* m_outbox = nullptr;
    DraftsView* m_drafts = nullptr;
    Toast* m_toast = nullptr;
    MailActions* m_actions = nullptr;
    MoveSheet* m_move = nullptr;
    std::vector<FolderId> m_targets;  ///< of moves, the latest first
    std::vector<MessageId> m_refused; ///< what the bar about refusals speaks of
    ShortcutsOverlay* m_shortcuts = nullptr;
    QPointer<SettingsDialog> m_settings;
    QList<QPointer<ComposeWindow>> m_composers;
    QList<QPointer<ReaderWindow>> m_readerWindows;
    QTimer m_showDelay;
    QTimer m_news; ///< folders or states changed
    QElapsedTimer m_sinceSelected;
    MessageId m_selected;
    RequestId m_getMail;
    Layout m_layout = Layout::Wide;
    QHash<QString, int> m_shownErrors; ///< a bar's key to the code it spoke of
    QHash<QString, int> m_closedBars;  ///< closed by the user: stay away until the error is another
    int m_selectionSize = 0;
    int m_columnWidth = 0;
    int m_listWidth = 0;
    bool m_readerAlone = false;
    bool m_closingAgreed = false;
    bool m_quitWhenSent = false;
};

} // namespace avocet
