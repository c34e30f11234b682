// SPDX-License-Identifier: GPL-3.0-or-later
// Archive, delete, move, undo, folders and search through the window over a real engine that stays offline.
#include "SampleProfile.h"

#include "core/engine/Stores.h"
#include "ui/accounts/FormField.h"
#include "ui/folders/FolderPane.h"
#include "ui/list/DraggedMessages.h"
#include "ui/list/ListPane.h"
#include "ui/list/ListParts.h"
#include "ui/main/FolderSheets.h"
#include "ui/main/MailActions.h"
#include "ui/main/MainWindow.h"
#include "ui/main/MoveSheet.h"
#include "ui/main/SearchSuggestions.h"
#include "ui/main/TopBar.h"
#include "ui/reader/ReaderPane.h"
#include "ui/theme/Buttons.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"
#include "ui/theme/Toast.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <memory>

using namespace avocet;
using namespace std::chrono_literals;

namespace {

constexpr int inbox = 300;

class Bench {
public:
    explicit Bench(int accounts = 1, bool archive = true)
    {
        qputenv("AVOCET_SECRETS", "file");
        EngineOptions options;
        options.profile = m_directory.path().toStdString();
        options.online = false;
        SampleOptions mail;
        mail.inboxMessages = inbox;
        mail.accounts = accounts;
        sample = fillProfile(options.profile, mail);
        if (!archive) {
            auto stores = Stores::open(options.profile, Access::ReadWrite);
            auto folders = *(*stores)->folders.ofAccount(sample.account);
            std::erase_if(folders,
                          [](const Folder& each) { return each.role == FolderRole::Archive; });
            if (!(*stores)->folders.replaceAll(sample.account, folders)) {
                qFatal("the folders cannot be written");
            }
        }
        engine = std::make_unique<MailEngine>(options);
        if (!engine->open()) {
            qFatal("the engine does not open");
        }
        window = std::make_unique<MainWindow>(*engine, options.profile);
        window->show();
        QApplication::setActiveWindow(window.get());
        if (!QTest::qWaitFor([this] { return list().model().rowCount() == inbox; }, 15'000)) {
            qFatal("the list does not come");
        }
        view().setFocus();
    }

    ListPane& list() { return window->listPane(); }
    MessageListView& view() { return list().view(); }
    QString said() { return window->toast().text(); }
    Folder folder(const QString& path, AccountId account = {})
    {
        for (const Folder& each : engine->queries().folders()) {
            if (QString::fromStdString(each.path) == path &&
                (!account || each.account == account)) {
                return each;
            }
        }
        return {};
    }
    bool holds(const QString& path, MessageId message)
    {
        return !engine->queries().rows(folder(path).id, std::span(&message, 1)).empty();
    }
    /// Whether the engine comes to it.
    bool comesTo(const QString& path, MessageId message)
    {
        return QTest::qWaitFor([&] { return holds(path, message); }, 10'000);
    }
    void show(const QString& path)
    {
        window->folderPane().selectKey(QStringLiteral("folder/%1").arg(folder(path).id.value));
    }
    /// Through the search field, as it is typed.
    void type(const QString& text)
    {
        // An engine without accounts online indexes only when it is told to search.
        bool indexed = false;
        RequestId request;
        const auto connection = QObject::connect(
            engine.get(), &MailEngine::finished, engine.get(),
            [&](RequestId done, const auto&) { indexed = indexed || done == request; });
        request = engine->submit(command::Search{"plan", {}, {}, 1});
        QVERIFY(QTest::qWaitFor([&indexed] { return indexed; }, 15'000));
        QObject::disconnect(connection);
        window->focusSearch();
        QTest::keyClicks(&window->topBar().search(), text);
    }

    std::filesystem::path profile() const { return m_directory.path().toStdString(); }

    SampleProfile sample;
    std::unique_ptr<MailEngine> engine;
    std::unique_ptr<MainWindow> window;

private:
    QTemporaryDir m_directory;
};

/// The dialog that is open over the window.
template <class Sheet>
Sheet* sheetOf(MainWindow& window)
{
    for (Sheet* sheet : window.findChildren<Sheet*>()) {
        if (sheet->isVisible()) {
            return sheet;
        }
    }
    return nullptr;
}

} // namespace

class ChangesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installTheme(*qApp, ThemeChoice::Light); }

    void archivesByKeyAndSelectsTheNextOlder();
    void archivesSeveralAndUndoesThemWithOneKey();
    void makesAnArchiveWhereThereIsNone();
    void deletesToTheTrashAndBackByTheToast();
    void deletesForGoodInTheTrashAndCallsItOff();
    void bringsBackWhatIsNoJunk();
    void leavesUndoAloneAfterItsTime();
    void keepsUndoInATextField();
    void asksOverAHundredMessages();
    void movesByTypingAFoldersName();
    void copiesAndTakesTheCopyAway();
    void movesWhatIsDroppedOnAFolder();
    void hoverButtonsArchiveAndDelete();
    void readerActsOnWhatItShows();
    void showsNothingAfterTheLastOneLeft();
    void makesRenamesAndDeletesFolders();
    void refusesFolderNamesInPlainWords_data();
    void refusesFolderNamesInPlainWords();
    void emptiesTheTrashAfterAQuestion();
    void marksAllReadAndUndoesIt();
    void searchesAllMailWhileTyping();
    void searchesOneFolderByItsChip();
    void escapeReturnsToTheFolder();
    void saysWhatOfTheMailWasSearched();
    void resultsGrowWithTheIndex();
    void newResultsLeaveTheListWhereItIs();
    void archivesFromSearchResults();
    void suggestsOperators_data();
    void suggestsOperators();
    void completesByTab();
    void tellsWhatWasRefused();
    void choicesFollowTheModelRules();
};

void ChangesTest::archivesByKeyAndSelectsTheNextOlder()
{
    Bench bench;
    const MessageId first = bench.sample.newest[4];
    QVERIFY(bench.view().selectMessage(first));
    QTest::keyClick(&bench.view(), Qt::Key_E);
    // At once, before the engine has answered.
    QCOMPARE(bench.list().model().rowOf(first), -1);
    QCOMPARE(bench.view().selectedMessages(), std::vector{bench.sample.newest[5]});
    QTest::keyClick(&bench.view(), Qt::Key_E);
    QCOMPARE(bench.view().selectedMessages(), std::vector{bench.sample.newest[6]});
    QVERIFY(bench.comesTo(QStringLiteral("Archive"), bench.sample.newest[5]));
    QVERIFY(bench.holds(QStringLiteral("Archive"), first));
    QCOMPARE(bench.list().model().rowCount(), inbox - 2);
    QCOMPARE(bench.said(), QStringLiteral("Message archived"));
    QTRY_COMPARE(bench.window->readerPane().message(), bench.sample.newest[6]);
}

void ChangesTest::archivesSeveralAndUndoesThemWithOneKey()
{
    Bench bench;
    QVERIFY(bench.view().selectMessage(bench.sample.newest[2]));
    QTest::keyClick(&bench.view(), Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(&bench.view(), Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(&bench.view(), Qt::Key_E);
    QCOMPARE(bench.said(), QStringLiteral("3 messages archived"));
    QVERIFY(bench.comesTo(QStringLiteral("Archive"), bench.sample.newest[4]));
    QCOMPARE(bench.view().selectedMessages(), std::vector{bench.sample.newest[5]});
    QTest::keyClick(bench.window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_COMPARE(bench.list().model().rowCount(), inbox);
    QTRY_VERIFY(bench.holds(QStringLiteral("INBOX"), bench.sample.newest[4]));
    QVERIFY(!bench.holds(QStringLiteral("Archive"), bench.sample.newest[4]));
    QCOMPARE(bench.said(), QStringLiteral("3 messages are back"));
    QTRY_COMPARE(bench.view().selectedMessages(), std::vector{bench.sample.newest[2]});
}

void ChangesTest::makesAnArchiveWhereThereIsNone()
{
    Bench bench(1, false);
    QVERIFY(!bench.folder(QStringLiteral("Archive")).id);
    QVERIFY(bench.view().selectMessage(bench.sample.newest[0]));
    bench.window->archive();
    QVERIFY(bench.comesTo(QStringLiteral("Archive"), bench.sample.newest[0]));
    bench.window->undo();
    QVERIFY(bench.comesTo(QStringLiteral("INBOX"), bench.sample.newest[0]));
    QTRY_COMPARE(bench.list().model().rowCount(), inbox);
}

void ChangesTest::deletesToTheTrashAndBackByTheToast()
{
    Bench bench;
    const MessageId gone = bench.sample.newest[7];
    QVERIFY(bench.view().selectMessage(gone));
    QTest::keyClick(&bench.view(), Qt::Key_Delete);
    QVERIFY(bench.comesTo(QStringLiteral("Trash"), gone));
    QCOMPARE(bench.said(), QStringLiteral("Message moved to Trash"));
    bench.window->toast().findChild<QPushButton*>()->click();
    QVERIFY(bench.comesTo(QStringLiteral("INBOX"), gone));
    QTRY_VERIFY(bench.list().model().rowOf(gone) >= 0);
}

void ChangesTest::deletesForGoodInTheTrashAndCallsItOff()
{
    Bench bench;
    const MessageId gone = bench.sample.newest[1];
    QVERIFY(bench.view().selectMessage(gone));
    QTest::keyClicks(&bench.view(), QStringLiteral("#"));
    QVERIFY(bench.comesTo(QStringLiteral("Trash"), gone));
    bench.show(QStringLiteral("Trash"));
    QTRY_COMPARE(bench.list().model().rowCount(), 1);
    QVERIFY(bench.view().selectMessage(gone));
    QTest::keyClicks(&bench.view(), QStringLiteral("#"));
    QCOMPARE(bench.said(), QStringLiteral("Message deleted for good"));
    QTRY_COMPARE(bench.folder(QStringLiteral("Trash")).total, 0);
    bench.window->undo();
    QTRY_COMPARE(bench.folder(QStringLiteral("Trash")).total, 1);
    QTRY_COMPARE(bench.list().model().rowOf(gone), 0);
}

void ChangesTest::bringsBackWhatIsNoJunk()
{
    Bench bench;
    const MessageId first = bench.sample.newest[4];
    QVERIFY(bench.view().selectMessage(first));
    QTest::keyClicks(&bench.view(), QStringLiteral("!"));
    QVERIFY(bench.comesTo(QStringLiteral("Junk"), first));
    bench.show(QStringLiteral("Junk"));
    QTRY_VERIFY(bench.view().selectMessage(first));
    QTest::keyClicks(&bench.view(), QStringLiteral("!"));
    QVERIFY(bench.comesTo(QStringLiteral("INBOX"), first));
    QTRY_VERIFY(!bench.holds(QStringLiteral("Junk"), first));
}

void ChangesTest::leavesUndoAloneAfterItsTime()
{
    Bench bench;
    bench.window->actions().setUndoTime(0ms);
    QVERIFY(bench.view().selectMessage(bench.sample.newest[0]));
    bench.window->archive();
    QVERIFY(!bench.window->actions().canUndo());
    QCOMPARE(bench.said(), QStringLiteral("Message archived"));
    bench.window->undo();
    QVERIFY(bench.comesTo(QStringLiteral("Archive"), bench.sample.newest[0]));
    QCOMPARE(bench.said(), QStringLiteral("Nothing is left to undo"));
}

void ChangesTest::keepsUndoInATextField()
{
    Bench bench;
    QVERIFY(bench.view().selectMessage(bench.sample.newest[0]));
    bench.window->archive();
    bench.type(QStringLiteral("x"));
    QTest::keyClick(&bench.window->topBar().search(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(bench.window->topBar().search().text().isEmpty());
    QVERIFY(bench.window->actions().canUndo());
}

void ChangesTest::asksOverAHundredMessages()
{
    Bench bench;
    bench.view().selectAll();
    QTest::keyClick(&bench.view(), Qt::Key_E);
    auto* question = sheetOf<QuestionSheet>(*bench.window);
    QVERIFY(question);
    QCOMPARE(question->windowTitle(), QStringLiteral("Archive 300 messages?"));
    QCOMPARE(bench.list().model().rowCount(), inbox);
    QTest::keyClick(question, Qt::Key_Escape);
    QCOMPARE(bench.list().model().rowCount(), inbox);
    QTest::keyClick(&bench.view(), Qt::Key_E);
    question = sheetOf<QuestionSheet>(*bench.window);
    QVERIFY(question);
    question->answer().click();
    QCOMPARE(bench.list().model().rowCount(), 0);
    QTRY_COMPARE_WITH_TIMEOUT(bench.folder(QStringLiteral("Archive")).total, inbox, 30'000);
}

void ChangesTest::movesByTypingAFoldersName()
{
    Bench bench;
    const MessageId moved = bench.sample.newest[3];
    QVERIFY(bench.view().selectMessage(moved));
    QTest::keyClick(&bench.view(), Qt::Key_V);
    MoveSheet& sheet = bench.window->moveSheet();
    QVERIFY(sheet.isVisible() && sheet.field().hasFocus());
    QTest::keyClicks(&sheet.field(), QStringLiteral("zzz"));
    QCOMPARE(sheet.choices().rowCount(), 0);
    QTest::keyClick(&sheet.field(), Qt::Key_Return);
    QVERIFY(sheet.isVisible());
    sheet.field().clear();
    QTest::keyClicks(&sheet.field(), QStringLiteral("rec"));
    QCOMPARE(sheet.choices().index(0).data().toString(), QStringLiteral("Receipts"));
    QTest::keyClick(&sheet.field(), Qt::Key_Return);
    QVERIFY(!sheet.isVisible() && bench.view().hasFocus());
    QVERIFY(bench.comesTo(QStringLiteral("Receipts"), moved));
    QCOMPARE(bench.said(), QStringLiteral("Message moved to Receipts"));
    QTest::keyClick(&bench.view(), Qt::Key_V);
    QCOMPARE(sheet.choices().index(0).data().toString(), QStringLiteral("Receipts"));
    QTest::keyClick(&sheet.field(), Qt::Key_Escape);
    QVERIFY(!sheet.isVisible() && bench.view().hasFocus());
}

void ChangesTest::copiesAndTakesTheCopyAway()
{
    Bench bench;
    const MessageId copied = bench.sample.newest[3];
    bench.window->actions().move({copied}, bench.sample.inbox,
                                 bench.folder(QStringLiteral("Receipts")).id, true);
    QVERIFY(bench.comesTo(QStringLiteral("Receipts"), copied));
    QVERIFY(bench.list().model().rowOf(copied) >= 0);
    bench.window->undo();
    QTRY_COMPARE(bench.folder(QStringLiteral("Receipts")).total, 0);
    QVERIFY(bench.holds(QStringLiteral("INBOX"), copied));
}

void ChangesTest::movesWhatIsDroppedOnAFolder()
{
    Bench bench(2);
    FolderPane& pane = bench.window->folderPane();
    const auto drop = [&](const Folder& folder, MessageId message, Qt::KeyboardModifiers keys) {
        const DraggedMessages dragged({message}, bench.sample.inbox);
        const auto* model = qobject_cast<FolderModel*>(pane.model());
        const QPoint at = pane.visualRect(model->indexOfFolder(folder.id)).center();
        QDragEnterEvent enter(at, Qt::MoveAction | Qt::CopyAction, &dragged, Qt::LeftButton, keys);
        QApplication::sendEvent(pane.viewport(), &enter);
        QDragMoveEvent move(at, Qt::MoveAction | Qt::CopyAction, &dragged, Qt::LeftButton, keys);
        QApplication::sendEvent(pane.viewport(), &move);
        QDropEvent event(at, Qt::MoveAction | Qt::CopyAction, &dragged, Qt::LeftButton, keys);
        QApplication::sendEvent(pane.viewport(), &event);
        return move.isAccepted();
    };
    const Folder receipts = bench.folder(QStringLiteral("Receipts"), bench.sample.account);
    QVERIFY(drop(receipts, bench.sample.newest[0], Qt::NoModifier));
    const auto lies = [&](MessageId message, FolderId in) {
        return !bench.engine->queries().rows(in, std::span(&message, 1)).empty();
    };
    QTRY_VERIFY(lies(bench.sample.newest[0], receipts.id));
    QCOMPARE(bench.list().model().rowOf(bench.sample.newest[0]), -1);
    QVERIFY(drop(receipts, bench.sample.newest[1], Qt::ControlModifier));
    QTRY_VERIFY(lies(bench.sample.newest[1], receipts.id));
    QVERIFY(bench.list().model().rowOf(bench.sample.newest[1]) >= 0);
    // Not where they are already, and not into another account.
    QVERIFY(!drop(bench.folder(QStringLiteral("INBOX"), bench.sample.account),
                  bench.sample.newest[2], Qt::NoModifier));
    for (const Account& account : bench.engine->queries().accounts()) {
        if (account.id != bench.sample.account) {
            QVERIFY(!drop(bench.folder(QStringLiteral("Receipts"), account.id),
                          bench.sample.newest[2], Qt::NoModifier));
        }
    }
}

void ChangesTest::hoverButtonsArchiveAndDelete()
{
    Bench bench;
    MessageListView& view = bench.view();
    const auto click = [&view](MessageDelegate::HoverAction action) {
        const QRect card = view.visualRect(view.model()->index(1, 0));
        QTest::mouseClick(view.viewport(), Qt::LeftButton, {},
                          MessageDelegate::hoverRect(card, action, Qt::LeftToRight).center());
    };
    click(MessageDelegate::HoverAction::Archive);
    QVERIFY(bench.comesTo(QStringLiteral("Archive"), bench.sample.newest[1]));
    click(MessageDelegate::HoverAction::Delete);
    QVERIFY(bench.comesTo(QStringLiteral("Trash"), bench.sample.newest[2]));
    QCOMPARE(bench.list().model().rowCount(), inbox - 2);
}

void ChangesTest::readerActsOnWhatItShows()
{
    Bench bench;
    QVERIFY(bench.view().selectMessage(bench.sample.newest[0]));
    ReaderPane& reader = bench.window->readerPane();
    QTRY_VERIFY(reader.opened() != nullptr);
    reader.focusText();
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_E);
    QVERIFY(bench.comesTo(QStringLiteral("Archive"), bench.sample.newest[0]));
    QTRY_COMPARE(reader.message(), bench.sample.newest[1]);
    for (QToolButton* button : reader.findChildren<QToolButton*>()) {
        if (button->accessibleName() == u"Delete") {
            QVERIFY(button->isVisible());
            button->click();
        }
    }
    QVERIFY(bench.comesTo(QStringLiteral("Trash"), bench.sample.newest[1]));
}

void ChangesTest::showsNothingAfterTheLastOneLeft()
{
    Bench bench;
    bench.window->actions().move({bench.sample.newest[0]}, bench.sample.inbox,
                                 bench.folder(QStringLiteral("Receipts")).id);
    QVERIFY(bench.comesTo(QStringLiteral("Receipts"), bench.sample.newest[0]));
    bench.show(QStringLiteral("Receipts"));
    QTRY_COMPARE(bench.list().model().rowCount(), 1);
    QVERIFY(bench.view().selectMessage(bench.sample.newest[0]));
    QTRY_COMPARE(bench.window->readerPane().message(), bench.sample.newest[0]);
    bench.window->archive();
    QTRY_VERIFY(!bench.window->readerPane().message());
    auto* empty = bench.list().findChild<EmptyState*>();
    QTRY_VERIFY(empty->isVisible());
}

void ChangesTest::makesRenamesAndDeletesFolders()
{
    Bench bench;
    bench.window->newFolder(bench.sample.account, bench.folder(QStringLiteral("Projects")).id);
    auto* sheet = sheetOf<FolderNameSheet>(*bench.window);
    QVERIFY(sheet);
    QTest::keyClicks(&sheet->edit(), QStringLiteral("Harbour"));
    QTest::keyClick(&sheet->edit(), Qt::Key_Return);
    QTRY_VERIFY(bench.folder(QStringLiteral("Projects/Harbour")).id);
    bench.window->renameFolder(bench.folder(QStringLiteral("Projects/Harbour")).id);
    sheet = sheetOf<FolderNameSheet>(*bench.window);
    QVERIFY(sheet);
    QCOMPARE(sheet->name(), QStringLiteral("Harbour"));
    QTest::keyClicks(&sheet->edit(), QStringLiteral("Port"));
    QTest::keyClick(&sheet->edit(), Qt::Key_Return);
    QTRY_VERIFY(bench.folder(QStringLiteral("Projects/Port")).id);
    bench.window->undo();
    QTRY_VERIFY(bench.folder(QStringLiteral("Projects/Harbour")).id);
    bench.window->deleteFolder(bench.folder(QStringLiteral("Projects")).id);
    auto* question = sheetOf<QuestionSheet>(*bench.window);
    QVERIFY(question);
    bool counted = false;
    for (const QLabel* label : question->findChildren<QLabel*>()) {
        counted = counted || label->text().contains(QStringLiteral("12 messages"));
    }
    QVERIFY(counted);
    QVERIFY(!question->answer().isDefault());
    question->reject();
    QVERIFY(bench.folder(QStringLiteral("Projects")).id);
    bench.window->deleteFolder(bench.folder(QStringLiteral("Travel")).id);
    question = sheetOf<QuestionSheet>(*bench.window);
    QVERIFY(question);
    question->answer().click();
    QTRY_VERIFY(!bench.folder(QStringLiteral("Travel")).id);
    // The Inbox keeps its name, and stays.
    bench.window->renameFolder(bench.sample.inbox);
    QVERIFY(!sheetOf<FolderNameSheet>(*bench.window) ||
            sheetOf<FolderNameSheet>(*bench.window) == sheet);
}

void ChangesTest::refusesFolderNamesInPlainWords_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("words");
    QTest::newRow("nothing") << QString() << QStringLiteral("Enter a name");
    QTest::newRow("the delimiter") << QStringLiteral("a/b") << QStringLiteral("\u201c/\u201d");
    QTest::newRow("a wildcard") << QStringLiteral("a*") << QStringLiteral("cannot contain");
    QTest::newRow("a name that is taken, in other letters")
        << QStringLiteral("receipts") << QStringLiteral("already");
}

void ChangesTest::refusesFolderNamesInPlainWords()
{
    QFETCH(QString, name);
    QFETCH(QString, words);
    Bench bench;
    bench.window->newFolder(bench.sample.account);
    auto* sheet = sheetOf<FolderNameSheet>(*bench.window);
    QVERIFY(sheet);
    sheet->edit().setText(name);
    QTest::keyClick(&sheet->edit(), Qt::Key_Return);
    QVERIFY(sheet->isVisible());
    QVERIFY2(sheet->problem().contains(words), qPrintable(sheet->problem()));
    sheet->reject();
}

void ChangesTest::emptiesTheTrashAfterAQuestion()
{
    Bench bench;
    bench.window->actions().remove({bench.sample.newest.begin(), bench.sample.newest.begin() + 20},
                                   bench.sample.inbox);
    QTRY_COMPARE(bench.folder(QStringLiteral("Trash")).total, 20);
    bench.window->actions().empty(bench.folder(QStringLiteral("Trash")).id);
    QTRY_VERIFY(sheetOf<QuestionSheet>(*bench.window));
    sheetOf<QuestionSheet>(*bench.window)->answer().click();
    QTRY_COMPARE(bench.folder(QStringLiteral("Trash")).total, 0);
    QCOMPARE(bench.said(), QStringLiteral("20 messages deleted for good"));
    bench.window->undo();
    QTRY_COMPARE(bench.folder(QStringLiteral("Trash")).total, 20);
}

void ChangesTest::marksAllReadAndUndoesIt()
{
    Bench bench;
    const std::int64_t unread = bench.folder(QStringLiteral("INBOX")).unread;
    QVERIFY(unread > 0);
    bench.window->actions().markAllRead(bench.sample.inbox);
    QTRY_COMPARE(bench.folder(QStringLiteral("INBOX")).unread, 0);
    bench.window->undo();
    QTRY_COMPARE(bench.folder(QStringLiteral("INBOX")).unread, unread);
}

void ChangesTest::searchesAllMailWhileTyping()
{
    Bench bench;
    bench.type(QStringLiteral("build farm"));
    // Of the Inbox, and the twelve of a project's folder.
    QTRY_VERIFY(!bench.list().listedFolder());
    const auto places = [&] {
        QSet<qint64> found;
        for (const MessageId id : bench.list().model().ids()) {
            found.insert(bench.list().folderOf(id).value);
        }
        return found;
    };
    QTRY_COMPARE_WITH_TIMEOUT(places().size(), 2, 20'000);
    QVERIFY(places().contains(bench.folder(QStringLiteral("Projects/Release 2.4")).id.value));
    QTest::keyClicks(&bench.window->topBar().search(), QStringLiteral("zzz"));
    auto* empty = bench.list().findChild<EmptyState*>();
    QTRY_VERIFY(empty->isVisible() && empty->title().contains(QStringLiteral("farmzzz")));
    empty->findChild<QPushButton*>()->click();
    QTRY_COMPARE(bench.list().model().rowCount(), inbox);
    QVERIFY(bench.window->topBar().search().text().isEmpty());
}

void ChangesTest::searchesOneFolderByItsChip()
{
    Bench bench;
    bench.type(QStringLiteral("from:build"));
    QTRY_VERIFY(!bench.list().listedFolder() && bench.list().model().rowCount() > 22);
    const int all = bench.list().model().rowCount();
    bench.list().setSearchHere(true);
    QTRY_COMPARE(bench.list().model().rowCount(), all - 12);
    for (const MessageId id : bench.list().model().ids()) {
        QCOMPARE(bench.list().folderOf(id), bench.sample.inbox);
    }
}

void ChangesTest::escapeReturnsToTheFolder()
{
    Bench bench;
    QVERIFY(bench.view().selectMessage(bench.sample.newest[9]));
    bench.type(QStringLiteral("office"));
    QTRY_VERIFY(!bench.list().listedFolder() && bench.list().model().rowCount() > 0);
    QTest::keyClicks(&bench.window->topBar().search(), QStringLiteral(" plan"));
    // Before the answer is there.
    QTest::keyClick(&bench.window->topBar().search(), Qt::Key_Return);
    QVERIFY(bench.view().hasFocus());
    QTRY_COMPARE(bench.view().selectedMessages(), std::vector{bench.sample.newest[0]});
    QTRY_COMPARE(bench.window->readerPane().message(), bench.sample.newest[0]);
    bench.window->focusSearch();
    QTest::keyClick(&bench.window->topBar().search(), Qt::Key_Escape);
    QCOMPARE(bench.list().listedFolder(), bench.sample.inbox);
    QTRY_COMPARE(bench.list().model().rowCount(), inbox);
    QCOMPARE(bench.view().selectedMessages(), std::vector{bench.sample.newest[9]});
    QVERIFY(bench.view().hasFocus());
}

void ChangesTest::saysWhatOfTheMailWasSearched()
{
    Bench bench;
    bench.type(QStringLiteral("office"));
    QTRY_VERIFY(!bench.list().listedFolder());
    // 100 of the 312 have no body yet, nor have the twelve of the project.
    bool said = false;
    for (const QLabel* label : bench.list().findChildren<QLabel*>()) {
        said = said || (label->isVisible() && label->text().contains(u'%'));
    }
    QVERIFY(said);
}

void ChangesTest::resultsGrowWithTheIndex()
{
    Bench bench;
    // Typed before anything was indexed: the engine begins some seconds after its start.
    bench.window->focusSearch();
    QTest::keyClicks(&bench.window->topBar().search(), QStringLiteral("from:build"));
    QTRY_VERIFY(!bench.list().listedFolder());
    QTRY_VERIFY_WITH_TIMEOUT(bench.list().model().rowCount() > 22, 20'000);
    QTRY_COMPARE_WITH_TIMEOUT(bench.engine->queries().coverage().headersOnly +
                                  bench.engine->queries().coverage().whole,
                              inbox + 12, 20'000);
}

void ChangesTest::newResultsLeaveTheListWhereItIs()
{
    Bench bench;
    bench.type(QStringLiteral("from:build"));
    QTRY_VERIFY(!bench.list().listedFolder() && bench.list().model().rowCount() > 22);
    const int before = bench.list().model().rowCount();
    const MessageId chosen = bench.list().model().idAt(15);
    QVERIFY(bench.view().selectMessage(chosen));
    bench.view().scrollTo(bench.view().currentIndex(), QAbstractItemView::PositionAtTop);
    QVERIFY(!bench.view().isAtTop());
    const QRect place = bench.view().visualRect(bench.view().currentIndex());
    QSignalSpy opened(&bench.view(), &MessageListView::messageSelected);
    QSignalSpy changed(&bench.list().model(), &QAbstractItemModel::rowsInserted);

    std::vector<NewMessage> more(3);
    for (std::size_t i = 0; i < more.size(); ++i) {
        more[i].uid = static_cast<std::uint32_t>(9'000 + i);
        more[i].internalDate = more[i].date = QDateTime::currentSecsSinceEpoch();
        more[i].from = {{"Build farm", "noreply@builds.example"}};
    }
    auto stores = Stores::open(bench.profile(), Access::ReadWrite);
    QVERIFY((*stores)->messages.insert(bench.sample.inbox, more));
    while ((*stores)->search.indexHeaders(100).value_or(0) > 0) {
    }
    for (int i = 0; i < 20; ++i) {
        Q_EMIT bench.engine->searchGrew();
    }
    QTRY_COMPARE(bench.list().model().rowCount(), before + 3);
    QCOMPARE(changed.size(), 1); // once for all that came
    QCOMPARE(bench.view().selectedMessages(), std::vector{chosen});
    QCOMPARE(bench.view().visualRect(bench.view().currentIndex()), place);
    QCOMPARE(bench.view().newAbove(), 0);
    QVERIFY(opened.isEmpty());
}

void ChangesTest::archivesFromSearchResults()
{
    Bench bench;
    bench.type(QStringLiteral("from:build"));
    QTRY_VERIFY(!bench.list().listedFolder() && bench.list().model().rowCount() > 22);
    QTest::keyClick(&bench.window->topBar().search(), Qt::Key_Return);
    bench.view().clearSelection();
    const MessageId inProject = [&] {
        for (const MessageId id : bench.list().model().ids()) {
            if (bench.list().folderOf(id) != bench.sample.inbox) {
                return id;
            }
        }
        return MessageId{};
    }();
    QVERIFY(bench.view().selectMessage(inProject));
    QTest::keyClick(&bench.view(), Qt::Key_E);
    QVERIFY(bench.comesTo(QStringLiteral("Archive"), inProject));
    QTRY_COMPARE(bench.list().folderOf(inProject), bench.folder(QStringLiteral("Archive")).id);
    QVERIFY(bench.view().selectedMessages() != std::vector{inProject});
    bench.window->undo();
    QVERIFY(bench.comesTo(QStringLiteral("Projects/Release 2.4"), inProject));
}

void ChangesTest::suggestsOperators_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("suggested");
    QTest::newRow("one letter is a word as well") << QStringLiteral("f") << QStringList();
    QTest::newRow("the beginning of one")
        << QStringLiteral("fr") << QStringList{QStringLiteral("from:")};
    QTest::newRow("behind other words")
        << QStringLiteral("plan HAS") << QStringList{QStringLiteral("has:attachment")};
    QTest::newRow("its values") << QStringLiteral("is:")
                                << QStringList{QStringLiteral("is:unread"),
                                               QStringLiteral("is:read"),
                                               QStringLiteral("is:starred")};
    QTest::newRow("a folder, in quotes where it has a space")
        << QStringLiteral("in:off") << QStringList{QStringLiteral("in:\"Office move\"")};
    QTest::newRow("nothing for what is whole") << QStringLiteral("has:attachment") << QStringList();
    QTest::newRow("nothing for an ordinary word") << QStringLiteral("hello") << QStringList();
}

void ChangesTest::suggestsOperators()
{
    QFETCH(QString, text);
    QFETCH(QStringList, suggested);
    QStringList found;
    for (const SearchSuggestion& each :
         searchSuggestions(text, {QStringLiteral("inbox"), QStringLiteral("Office move")})) {
        found.append(each.text);
    }
    QCOMPARE(found, suggested);
}

void ChangesTest::completesByTab()
{
    Bench bench;
    QLineEdit& field = bench.window->topBar().search();
    bench.type(QStringLiteral("su"));
    QVERIFY(bench.window->topBar().suggestions().isVisible());
    QTest::keyClick(&field, Qt::Key_Tab);
    QCOMPARE(field.text(), QStringLiteral("subject:"));
    QVERIFY(field.hasFocus());
    QTest::keyClicks(&field, QStringLiteral("minutes is"));
    QTest::keyClick(&field, Qt::Key_Down);
    QTest::keyClick(&field, Qt::Key_Return);
    QCOMPARE(field.text(), QStringLiteral("subject:minutes is:unread "));
    QTest::keyClick(&field, Qt::Key_Tab);
    QVERIFY(!field.hasFocus());
}

void ChangesTest::tellsWhatWasRefused()
{
    Bench bench;
    const Error no{ErrorKind::Rejected, "", "NO [NOPERM]", ErrorCode::None, 0};
    // The account's own bar, that it has no password, is graver and would stand before it.
    bench.window->bars().dismiss(QStringLiteral("account/%1").arg(bench.sample.account.value));
    Q_EMIT bench.engine->operationRefused(bench.sample.newest[0], no);
    QVERIFY(bench.window->bars().contains(QStringLiteral("refused")));
    const auto says = [&](const QString& words) {
        for (const QLabel* label : bench.window->bars().findChildren<QLabel*>()) {
            if (label->text().contains(words)) {
                return true;
            }
        }
        return false;
    };
    QVERIFY(says(QStringLiteral("Floor plan for the new office")));
    Q_EMIT bench.engine->operationRefused(bench.sample.newest[1], no);
    QVERIFY(says(QStringLiteral("2 messages")));
    Q_EMIT bench.engine->operationRefused(MessageId{}, no);
    QVERIFY(says(QStringLiteral("folders are back")));
}

void ChangesTest::choicesFollowTheModelRules()
{
    FolderChoices choices;
    const QAbstractItemModelTester tester(&choices,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    Folder one;
    one.id = {1};
    one.path = "Projects/Office move";
    one.delimiter = '/';
    Folder two = one;
    two.id = {2};
    two.path = "Offers";
    choices.setFolders({one, two});
    choices.setText(QStringLiteral("proj"));
    QCOMPARE(choices.rowCount(), 1); // by its path
    choices.setText(QStringLiteral("off"));
    QCOMPARE(choices.rowCount(), 2);
    choices.setText(QStringLiteral("move"));
    QCOMPARE(choices.folder(0).id, FolderId{1});
}

QTEST_MAIN(ChangesTest)
#include "ChangesTest.moc"
