// SPDX-License-Identifier: GPL-3.0-or-later
// Photographs every window in its states: uishots DIRECTORY [small]. Theme, scale, the user's font and
// the direction of reading come from outside (AVOCET_THEME, QT_SCALE_FACTOR, UISHOTS_POINTS,
// UISHOTS_MIRRORED), so that each run sees a fresh program. UISHOTS_ONLY=reader photographs the reader alone.
#include "ReaderShots.h"
#include "SampleProfile.h"
#include "Shots.h"
#include "WindowShots.h"

#include "ui/accounts/FormField.h"
#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/FolderSheets.h"
#include "ui/main/MainWindow.h"
#include "ui/main/MoveSheet.h"
#include "ui/main/TopBar.h"
#include "ui/reader/ReaderPane.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"
#include "ui/theme/Toast.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QContextMenuEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMouseEvent>
#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

#include <functional>

namespace {

using namespace avocet;

void hover(MessageListView& view, int row, const QPoint& from)
{
    const QRect card = view.visualRect(view.model()->index(row, 0));
    const QPoint at = card.topLeft() + from;
    QMouseEvent move(QEvent::MouseMove, at, view.viewport()->mapToGlobal(at), Qt::NoButton,
                     Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(view.viewport(), &move);
}

/// What is open over the window.
void popup(const Shots& shots, const QString& name)
{
    QTest::qWait(100);
    if (QWidget* menu = QApplication::activePopupWidget()) {
        shots.take(*menu, name);
        menu->close();
    }
}

template <class Sheet>
void sheet(const Shots& shots, MainWindow& window, const QString& name)
{
    QTest::qWait(100);
    for (Sheet* each : window.findChildren<Sheet*>()) {
        if (each->isVisible()) {
            shots.take(*each, name);
            each->reject();
        }
    }
}

void menuAt(QAbstractItemView& view, const QModelIndex& index)
{
    const QPoint at = view.visualRect(index).center();
    QContextMenuEvent event(QContextMenuEvent::Mouse, at, view.viewport()->mapToGlobal(at));
    QApplication::sendEvent(view.viewport(), &event);
}

/// Menus, sheets and toasts of what changes messages and folders.
void changes(const Shots& shots, MainWindow& window, const SampleProfile& sample)
{
    MessageListView& view = window.listPane().view();
    view.selectMessage(sample.newest[4]);
    QTest::qWait(200);
    menuAt(view, view.currentIndex());
    popup(shots, QStringLiteral("30-message-menu"));
    window.askMove();
    shots.take(window, QStringLiteral("31-move"));
    QTest::keyClicks(&window.moveSheet().field(), QStringLiteral("re"));
    shots.take(window, QStringLiteral("31-move-typed"));
    QTest::keyClick(&window.moveSheet().field(), Qt::Key_Escape);
    window.archive();
    QTest::qWait(300);
    shots.take(window, QStringLiteral("32-archived"));
    window.undo();
    QTest::qWait(300);
    shots.take(window, QStringLiteral("32-undone"));
    window.toast().dismiss();
    view.selectAll();
    window.deleteMessages();
    sheet<QuestionSheet>(shots, window, QStringLiteral("33-question"));
    view.selectMessage(sample.newest.front());
    FolderPane& folders = window.folderPane();
    const auto* model = qobject_cast<FolderModel*>(folders.model());
    for (int row = 0; row < model->rowCount(model->index(0, 0)); ++row) {
        const QModelIndex index = model->index(row, 0, model->index(0, 0));
        const Folder* folder = model->folderAt(index);
        if (folder && folder->path == "Trash") {
            menuAt(folders, index);
            popup(shots, QStringLiteral("34-trash-menu"));
        } else if (index.data().toString() == u"Projects") {
            menuAt(folders, index);
            popup(shots, QStringLiteral("34-folder-menu"));
            window.deleteFolder(folder->id);
            sheet<QuestionSheet>(shots, window, QStringLiteral("35-delete-folder"));
            window.renameFolder(folder->id);
            for (FolderNameSheet* each : window.findChildren<FolderNameSheet*>()) {
                each->edit().setText(QStringLiteral("Receipts"));
                QTest::keyClick(&each->edit(), Qt::Key_Return);
            }
            sheet<FolderNameSheet>(shots, window, QStringLiteral("35-rename"));
        }
    }
}

void searching(const Shots& shots, MailEngine& engine, MainWindow& window)
{
    engine.submit(command::Search{"office", {}, {}, 1}); // which indexes what is here
    QTest::qWait(3'000);
    QApplication::setActiveWindow(&window);
    window.focusSearch();
    shots.take(window, QStringLiteral("6-search-begin"));
    QTest::keyClicks(&window.topBar().search(), QStringLiteral("build is"));
    QTest::qWait(300);
    shots.take(window, QStringLiteral("6-search-operators"));
    window.topBar().search().setText(QStringLiteral("build"));
    QTest::keyClick(&window.topBar().search(), Qt::Key_Return);
    QTest::qWait(300);
    shots.take(window, QStringLiteral("6-search"));
    window.topBar().search().setText(QStringLiteral("zebra"));
    QTest::qWait(300);
    shots.take(window, QStringLiteral("7-no-hit"));
    window.topBar().search().clear();
    QTest::qWait(300);
}

void mailStates(const Shots& shots, const QSize& size, int accounts)
{
    QTemporaryDir directory;
    const std::filesystem::path profile = directory.path().toStdString();
    SampleOptions options;
    options.accounts = accounts;
    options.drafts = options.outbox = true;
    const SampleProfile sample = fillProfile(profile, options);
    EngineOptions engineOptions;
    engineOptions.profile = profile;
    engineOptions.online = false;
    MailEngine engine(engineOptions);
    if (!engine.open()) {
        qFatal("the engine does not open");
    }
    for (const Account& account : engine.queries().accounts()) {
        engine.submit(command::UpdateAccount{account, "secret", false});
    }
    MainWindow window(engine, profile);
    window.resize(size);
    window.show();
    QApplication::setActiveWindow(&window);
    QTest::qWait(600);
    const QString tag = accounts > 1 ? QStringLiteral("two-") : QString();
    shots.take(window, tag + QStringLiteral("1-start"));
    if (accounts > 1) {
        return;
    }
    window.listPane().view().selectMessage(sample.newest.front());
    window.listPane().view().setFocus();
    shots.take(window, QStringLiteral("2-message"));
    hover(window.listPane().view(), 3, QPoint(window.listPane().width() - 40, 20));
    shots.take(window, QStringLiteral("3-hover"));
    window.listPane().view().selectAll();
    shots.take(window, QStringLiteral("4-many"));
    window.listPane().view().selectMessage(sample.newest[2]);
    window.listPane().view().scrollTo(window.listPane().view().currentIndex());
    window.bars().show({QStringLiteral("a"),
                        Severity::Danger,
                        QStringLiteral("The server did not accept the password of "
                                       "anna@fjordworks.example."),
                        {{QStringLiteral("Enter password"), {}}, {QStringLiteral("Details"), {}}},
                        true});
    window.bars().show({QStringLiteral("b"),
                        Severity::Info,
                        QStringLiteral("You are offline. Changes are kept and sent later."),
                        {{QStringLiteral("Try again"), {}}},
                        true});
    shots.take(window, QStringLiteral("5-bars"));
    window.bars().clear();
    changes(shots, window, sample);
    searching(shots, engine, window);
    window.folderPane().selectKey(QStringLiteral("folder/%1").arg(sample.empty.value));
    shots.take(window, QStringLiteral("8-empty"));
    window.showDrafts();
    shots.take(window, QStringLiteral("9-drafts"));
    window.showOutbox();
    shots.take(window, QStringLiteral("10-outbox"));
    window.folderPane().selectKey(QStringLiteral("folder/%1").arg(sample.inbox.value));
    QTest::qWait(300);
    window.listPane().view().selectMessage(sample.newest[300]);
    shots.take(window, QStringLiteral("11-not-downloaded"));
    window.folderPane().selectKey(QStringLiteral("folder/%1").arg(sample.archive.value));
    shots.take(window, QStringLiteral("14-not-synced"));
    window.folderPane().selectKey(QStringLiteral("folder/%1").arg(sample.inbox.value));
    QTest::qWait(300);
    window.listPane().view().selectMessage(sample.newest.front());
    QTest::qWait(300);
    shots.takeFocusStops(window, QStringLiteral("15-main-tab"));
    window.showOutbox();
    QTest::qWait(100);
    shots.takeFocusStops(window, QStringLiteral("15-outbox-tab"));
    window.showDrafts();
    QTest::qWait(100);
    shots.takeFocusStops(window, QStringLiteral("15-drafts-tab"));
    window.folderPane().selectKey(QStringLiteral("folder/%1").arg(sample.inbox.value));
    QTest::qWait(300);
    window.showShortcuts();
    shots.take(window, QStringLiteral("12-shortcuts"));
    window.showShortcuts();
    QTest::keyClick(&window, Qt::Key_F10);
    for (QWidget* top : QApplication::topLevelWidgets()) {
        if (auto* menu = qobject_cast<QMenu*>(top); menu && menu->isVisible()) {
            shots.take(*menu, QStringLiteral("13-menu"));
            menu->close();
        }
    }
    shootSettings(shots, engine, directory.path());
    shootSetUp(shots, engine);
    shootCompose(shots, engine);
    shootOutboxStates(shots, engine,
                      QSize(size.width() - metrics::folderPane, size.height() - 100));
    shootControls(shots, window);
}

/// A server that takes the connection and says nothing: the list and the reader have to wait.
void loading(const Shots& shots, const QSize& size)
{
    QTcpServer silent;
    if (!silent.listen(QHostAddress::LocalHost)) {
        qFatal("no port for the silent server");
    }
    QTemporaryDir directory;
    const std::filesystem::path profile = directory.path().toStdString();
    SampleOptions options;
    options.inboxMessages = 400;
    options.imapPort = silent.serverPort();
    const SampleProfile sample = fillProfile(profile, options);
    EngineOptions engineOptions;
    engineOptions.profile = profile;
    MailEngine engine(engineOptions);
    if (!engine.open()) {
        qFatal("the engine does not open");
    }
    for (const Account& account : engine.queries().accounts()) {
        engine.submit(command::UpdateAccount{account, "secret", false});
    }
    MainWindow window(engine, profile);
    window.resize(size);
    window.show();
    QTest::qWait(600);
    window.listPane().view().selectMessage(sample.newest[300]);
    shots.take(window, QStringLiteral("16-loading-message"));
    window.folderPane().selectKey(QStringLiteral("folder/%1").arg(sample.archive.value));
    shots.take(window, QStringLiteral("16-loading-list"));
}

void welcome(const Shots& shots, const QSize& size)
{
    QTemporaryDir directory;
    EngineOptions options;
    options.profile = directory.path().toStdString();
    options.online = false;
    MailEngine engine(options);
    if (!engine.open()) {
        qFatal("the engine does not open");
    }
    MainWindow window(engine, options.profile);
    window.resize(size);
    window.show();
    QApplication::setActiveWindow(&window);
    shots.take(window, QStringLiteral("0-welcome"));
    shots.takeFocusStops(window, QStringLiteral("0-welcome-tab"));
}

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    if (argc < 2) {
        return 2;
    }
    if (const int points = qEnvironmentVariableIntValue("UISHOTS_POINTS")) {
        QFont font = QApplication::font();
        font.setFamily(QStringLiteral("Inter"));
        font.setPointSize(points);
        QApplication::setFont(font);
    }
    if (qEnvironmentVariableIsSet("UISHOTS_MIRRORED")) {
        QApplication::setLayoutDirection(Qt::RightToLeft);
    }
    qputenv("AVOCET_SECRETS", "file");
    installTheme(app);
    const Shots shots(QString::fromLocal8Bit(argv[1]));
    const bool small = argc > 2;
    const QSize size = small ? QSize(900, 600) : QSize(1400, 900);
    const QString only = qEnvironmentVariable("UISHOTS_ONLY");
    if (only == u"reader") {
        shootReader(shots, size);
        return 0;
    }
    welcome(shots, size);
    mailStates(shots, size, 1);
    mailStates(shots, size, 2);
    loading(shots, size);
    shootReader(shots, size);
    return 0;
}
