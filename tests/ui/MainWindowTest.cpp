// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleProfile.h"

#include "ui/compose/ComposeWindow.h"
#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/list/ListParts.h"
#include "ui/main/DraftsView.h"
#include "ui/main/MainWindow.h"
#include "ui/main/ShortcutsOverlay.h"
#include "ui/main/StatusLine.h"
#include "ui/main/TopBar.h"
#include "ui/outbox/OutboxView.h"
#include "ui/reader/MessageText.h"
#include "ui/reader/ReaderPane.h"
#include "ui/theme/EmptyState.h"
#include "ui/theme/InfoBar.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace avocet;

namespace {

/// A window over a real engine that stays offline.
class Bench {
public:
    explicit Bench(bool mail = true, SampleOptions options = {})
    {
        qputenv("AVOCET_SECRETS", "file");
        m_profile = m_directory.path().toStdString();
        if (mail) {
            sample = fillProfile(m_profile, options);
        }
        start();
    }

    void start()
    {
        EngineOptions options;
        options.profile = m_profile;
        options.online = false;
        engine = std::make_unique<MailEngine>(options);
        if (const Status opened = engine->open(); !opened) {
            qFatal("the engine does not open: %s", opened.error().detail.c_str());
        }
        window = std::make_unique<MainWindow>(*engine, m_profile);
        window->show();
    }

    void stop()
    {
        window.reset();
        engine.reset();
    }

    ListPane& list() { return window->listPane(); }
    bool listed(int rows)
    {
        return QTest::qWaitFor([this, rows] { return list().model().rowCount() == rows; }, 15'000);
    }

    SampleProfile sample;
    std::unique_ptr<MailEngine> engine;
    std::unique_ptr<MainWindow> window;

private:
    QTemporaryDir m_directory;
    std::filesystem::path m_profile;
};

SampleOptions few()
{
    SampleOptions options;
    options.inboxMessages = 300;
    return options;
}

} // namespace

class MainWindowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installTheme(*qApp, ThemeChoice::Light); }

    void welcomesWhereThereIsNoAccount()
    {
        Bench bench(false);
        QVERIFY(bench.window->isWelcome());
        QVERIFY(!bench.window->topBar().search().isEnabled());
        bench.window->newMessage();
        QVERIFY(bench.window->isWelcome());
    }

    void startsInTheInboxAndShowsWhatIsSelected()
    {
        Bench bench(true, few());
        QVERIFY(!bench.window->isWelcome());
        QCOMPARE(bench.list().folder(), bench.sample.inbox);
        QVERIFY(bench.listed(300));
        bench.list().view().setFocus();
        QTest::keyClick(&bench.list().view(), Qt::Key_J);
        QTRY_VERIFY(bench.window->readerPane().opened());
        auto* text = bench.window->readerPane().findChild<MessageText*>();
        QVERIFY(text->toPlainText().contains(QStringLiteral("architect")));
    }

    void saysThatAFolderIsEmptyOnceItIsKnown()
    {
        Bench bench(true, few());
        QVERIFY(bench.listed(300));
        const auto* empty = bench.list().findChild<EmptyState*>();
        const auto* loading = bench.list().findChild<SkeletonRows*>();
        const auto show = [&bench](FolderId folder) {
            bench.window->folderPane().selectKey(QStringLiteral("folder/%1").arg(folder.value));
        };
        show(bench.sample.sent); // never opened
        QTRY_VERIFY(empty->isVisible());
        QCOMPARE(empty->title(), QStringLiteral("Not downloaded yet"));
        bench.list().setOffline(false);
        QVERIFY(loading->isVisible());
        bench.list().setOffline(true);
        show(bench.sample.empty);
        QTRY_COMPARE(empty->title(), QStringLiteral("Travel is empty"));
    }

    void followsTheWidth()
    {
        Bench bench(true, few());
        MainWindow& window = *bench.window;
        window.resize(1'400, 900);
        QTRY_COMPARE(window.paneLayout(), MainWindow::Layout::Wide);
        QVERIFY(!window.folderPane().isRail());
        const int list = window.listPane().width();
        window.resize(1'000, 700);
        QTRY_COMPARE(window.paneLayout(), MainWindow::Layout::Rail);
        QVERIFY(window.folderPane().isRail());
        QVERIFY(window.listPane().isVisible() && window.readerPane().isVisible());
        window.resize(800, 600);
        QTRY_COMPARE(window.paneLayout(), MainWindow::Layout::OnePane);
        QVERIFY(window.listPane().isVisible() && !window.readerPane().isVisible());
        QVERIFY(bench.listed(300));
        QVERIFY(window.listPane().view().selectMessage(bench.sample.newest[4]));
        window.listPane().view().setFocus();
        QTest::keyClick(&window.listPane().view(), Qt::Key_Return);
        QVERIFY(!window.listPane().isVisible() && window.readerPane().isVisible());
        QTest::keyClick(&window.readerPane(), Qt::Key_Escape);
        QVERIFY(window.listPane().isVisible());
        window.resize(1'400, 900);
        QTRY_VERIFY(window.listPane().isVisible() && window.readerPane().isVisible());
        QTRY_COMPARE(window.listPane().width(), list);
        // Who reads goes on reading.
        QApplication::setActiveWindow(&window);
        window.readerPane().focusText();
        window.resize(800, 600);
        QTRY_COMPARE(window.paneLayout(), MainWindow::Layout::OnePane);
        QVERIFY(!window.listPane().isVisible() && window.readerPane().isVisible());
    }

    void filtersTheFolderByFlags()
    {
        Bench bench(true, few());
        QVERIFY(bench.listed(300));
        auto* unread = bench.list().findChild<FilterChip*>(QStringLiteral("unread"));
        unread->click();
        QTRY_VERIFY(bench.list().model().rowCount() < 30);
        QVERIFY(bench.list().model().index(0).data(MessageListModel::UnreadRole).toBool());
    }

    void marksThroughTheEngine()
    {
        Bench bench(true, few());
        QVERIFY(bench.listed(300));
        MessageListView& view = bench.list().view();
        QVERIFY(view.selectMessage(bench.sample.newest[5]));
        const QModelIndex row = view.currentIndex();
        QVERIFY(!row.data(MessageListModel::StarredRole).toBool());
        QTest::keyClick(&view, Qt::Key_S);
        QTRY_VERIFY(row.data(MessageListModel::StarredRole).toBool());
        QTest::keyClick(&view, Qt::Key_U);
        QTRY_VERIFY(row.data(MessageListModel::UnreadRole).toBool());
    }

    void becomesReadAfterAWhileInView()
    {
        Bench bench(true, few());
        QVERIFY(bench.listed(300));
        bench.window->readerPane().setMarkReadAfter(std::chrono::milliseconds(50));
        QVERIFY(bench.list().view().selectMessage(bench.sample.newest[0]));
        const QModelIndex row = bench.list().view().currentIndex();
        QVERIFY(row.data(MessageListModel::UnreadRole).toBool());
        QTRY_VERIFY(!row.data(MessageListModel::UnreadRole).toBool());
    }

    void showsSeveralSelectedWithoutOpeningAny()
    {
        Bench bench(true, few());
        QVERIFY(bench.listed(300));
        bench.list().view().selectAll();
        auto* empty = bench.window->readerPane().findChild<EmptyState*>();
        QTRY_VERIFY(empty->title().contains(QStringLiteral("300")));
    }

    void answersInAComposer()
    {
        Bench bench(true, few());
        QVERIFY(bench.listed(300));
        QVERIFY(bench.list().view().selectMessage(bench.sample.newest[0]));
        QTRY_VERIFY(bench.window->readerPane().opened() != nullptr);
        bench.list().view().setFocus();
        QTest::keyClick(&bench.list().view(), Qt::Key_R);
        ComposeWindow* composer = nullptr;
        const auto find = [&composer] {
            for (QWidget* top : QApplication::topLevelWidgets()) {
                composer = composer ? composer : qobject_cast<ComposeWindow*>(top);
            }
            return composer != nullptr;
        };
        QTRY_VERIFY(find());
        QCOMPARE(composer->draft().subject, "Re: Floor plan for the new office");
        QCOMPARE(composer->draft().to.front().address, "bjorn@fjordworks.example");
        delete composer;
    }

    void showsDraftsAndOutboxInPlaceOfTheList()
    {
        SampleOptions options = few();
        options.drafts = options.outbox = true;
        Bench bench(true, options);
        bench.window->showDrafts();
        auto* drafts = bench.window->findChild<DraftsView*>();
        QTRY_VERIFY(drafts->isVisible());
        QCOMPARE(drafts->model().rowCount(), 2);
        bench.window->showOutbox();
        auto* outbox = bench.window->findChild<OutboxView*>();
        QTRY_VERIFY(outbox->isVisible());
        QVERIFY(!bench.list().isVisible());
    }

    void goesOnWithADraftOfAnotherDevice()
    {
        SampleOptions options = few();
        options.drafts = true;
        Bench bench(true, options);
        bench.window->showDrafts();
        auto* drafts = bench.window->findChild<DraftsView*>();
        QTRY_VERIFY(drafts->isVisible());
        QTRY_COMPARE(drafts->model().rowCount(), 2);
        const QModelIndex other = drafts->model().index(1, 0);
        QCOMPARE(other.data().toString(), u"Minutes of Monday");
        QCOMPARE(other.data(DraftsModel::PreviewRole).toString(), u"We began at nine.");
        drafts->view().setCurrentIndex(other);
        QTest::keyClick(&drafts->view(), Qt::Key_O);
        ComposeWindow* composer = nullptr;
        const auto find = [&composer] {
            for (QWidget* top : QApplication::topLevelWidgets()) {
                composer = composer ? composer : qobject_cast<ComposeWindow*>(top);
            }
            return composer != nullptr;
        };
        QTRY_VERIFY(find());
        QCOMPARE(composer->draft().subject, "Minutes of Monday");
        QVERIFY(composer->draftId());
        QTRY_COMPARE(drafts->model().rowCount(), 2);
        delete composer;
    }

    void asksBeforeClosingWithMailToSend()
    {
        SampleOptions options = few();
        options.outbox = true;
        Bench bench(true, options);
        QVERIFY(!bench.window->close());
        QVERIFY(bench.window->bars().contains(QStringLiteral("quit")));
        QVERIFY(!QApplication::activeModalWidget());
        for (QAbstractButton* button : bench.window->bars().findChildren<QAbstractButton*>()) {
            if (button->text() == u"Keep for next time") {
                button->click();
                break;
            }
        }
        QTRY_VERIFY(!bench.window->isVisible());
    }

    void leavesWhatHasItsTimeWhereItQuits()
    {
        Bench bench(true, few());
        const auto items = [&bench] { return bench.engine->queries().outbox(); };
        const qint64 nextWeek = QDateTime::currentSecsSinceEpoch() + 7 * 86'400;
        command::SendRaw raw;
        raw.message =
            "From: anna@fjordworks.example\r\nTo: b@x.example\r\nSubject: later\r\n\r\nwords\r\n";
        raw.account = bench.sample.account;
        raw.sendAt = nextWeek;
        bench.engine->submit(raw);
        QTRY_COMPARE(items().size(), std::size_t(1));
        QVERIFY(bench.window->close()); // without a question
        QVERIFY(!bench.window->isVisible());
        QVERIFY(items().front().state == OutboxState::Queued);
        QCOMPARE(items().front().notBefore, nextWeek);
        QCOMPARE(items().front().attempts, 0);
    }

    void remembersFolderAndMessage()
    {
        Bench bench(true, few());
        QVERIFY(bench.listed(300));
        QVERIFY(bench.list().view().selectMessage(bench.sample.newest[20]));
        QVERIFY(bench.window->close());
        bench.stop();
        bench.start();
        QVERIFY(bench.listed(300));
        QTRY_COMPARE(bench.window->readerPane().message(), bench.sample.newest[20]);
    }

    void questionMarkShowsTheKeys()
    {
        Bench bench(true, few());
        QVERIFY(QTest::qWaitForWindowActive(bench.window.get()));
        QTest::keyClick(bench.window.get(), Qt::Key_Question);
        auto* overlay = bench.window->findChild<ShortcutsOverlay*>();
        QTRY_VERIFY(overlay->isVisible());
        QTest::keyClick(overlay, Qt::Key_Escape);
        QVERIFY(!overlay->isVisible());
    }

    void everyButtonHasAName()
    {
        Bench bench(true, few());
        for (const QAbstractButton* button : bench.window->findChildren<QAbstractButton*>()) {
            if (!button->isVisibleTo(bench.window.get())) {
                continue;
            }
            const QString name =
                button->accessibleName().isEmpty() ? button->text() : button->accessibleName();
            const QWidget* above = button->parentWidget();
            QVERIFY2(!name.isEmpty() || above->inherits("QLineEdit"),
                     above->metaObject()->className());
        }
    }

    void tabVisitsEveryPane()
    {
        Bench bench(true, few());
        QVERIFY(bench.listed(300));
        bench.window->topBar().search().setFocus();
        QSet<const QWidget*> visited;
        for (int i = 0; i < 60; ++i) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            visited.insert(QApplication::focusWidget());
        }
        QVERIFY(visited.contains(&bench.window->folderPane()));
        QVERIFY(visited.contains(&bench.list().view()));
    }

    void wordsTheStatus()
    {
        AccountStatus status;
        status.account = {1};
        QCOMPARE(statusWords({status}, {}).text, QStringLiteral("Offline"));
        status.state = AccountStatus::State::Idle;
        QCOMPARE(statusWords({status}, {}).text, QStringLiteral("Up to date"));
        status.bodiesWait = true;
        QCOMPARE(statusWords({status}, {}).text,
                 QStringLiteral(
                     "Metered connection: older mail waits until tomorrow or another network"));
        status.state = AccountStatus::State::Syncing;
        status.folder = {7};
        status.done = 1'204;
        status.total = 50'000;
        Folder folder;
        folder.id = {7};
        folder.role = FolderRole::Inbox;
        QCOMPARE(statusWords({status}, {folder}).text,
                 QStringLiteral("Syncing Inbox, 1,204 of 50,000"));
        status.state = AccountStatus::State::Paused;
        QCOMPARE(statusWords({status}, {}).text, QStringLiteral("An account needs you"));
    }
};

QTEST_MAIN(MainWindowTest)
#include "MainWindowTest.moc"
