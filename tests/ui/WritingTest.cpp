// SPDX-License-Identifier: GPL-3.0-or-later
// A message from the first key to the outbox, through the real main window and without the mouse.
#include "SampleProfile.h"

#include "core/engine/Stores.h"
#include "ui/compose/ComposeWindow.h"
#include "ui/compose/RecipientField.h"
#include "ui/compose/RedirectSheet.h"
#include "ui/compose/SendLaterSheet.h"
#include "ui/compose/SuggestionList.h"
#include "ui/list/ListPane.h"
#include "ui/main/MainWindow.h"
#include "ui/reader/ConversationView.h"
#include "ui/reader/MessageCard.h"
#include "ui/reader/MessageText.h"
#include "ui/reader/ReaderPane.h"
#include "ui/theme/Buttons.h"

#include <QApplication>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTextEdit>

#include <algorithm>

using namespace avocet;

class WritingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void writesAMessageByKeysAlone();
    void writesAMessageAnewByKeys();
    void forwardsAMessageAsAFileByKeys();
    void quotesWhatIsSelected();
    void redirectsAMessageByKeysAndTakesItBack();
    void offersThemInBothMenus_data();
    void offersThemInBothMenus();

private:
    /// The newest message, in the reader.
    void openNewest();
    std::string openedRaw() { return m_window->readerPane().opened()->raw; }
    /// To whatever has the focus, as a keyboard does.
    static void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    static void type(const QString& text);
    /// What a window manager does.
    static bool activate(QWidget& window);
    template <class W>
    static W* topLevel();
    void chooseBySuggestion(ComposeWindow& composer, const QString& typed);

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<MailEngine> m_engine;
    std::unique_ptr<MainWindow> m_window;
};

void WritingTest::init()
{
    qputenv("AVOCET_SECRETS", "file");
    installTheme(*qApp, ThemeChoice::Light);
    // Not the desktop's: this one can be driven by keys wherever the test runs.
    QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    m_directory = std::make_unique<QTemporaryDir>();
    const std::filesystem::path profile = m_directory->path().toStdString();
    SampleOptions few;
    few.inboxMessages = 50;
    fillProfile(profile, few);
    const auto stores = std::move(*Stores::open(profile, Access::ReadWrite));
    const std::vector<Contact> people{{{}, "anna@example.org", "Anna Quist", "", ""},
                                      {{}, "bo@example.org", "Bo Quist", "", ""},
                                      {{}, "cleo@example.org", "Cleo Quist", "", ""}};
    QVERIFY(stores->contacts.add("people.vcf", people).has_value());
    m_engine = std::make_unique<MailEngine>(EngineOptions{profile, false});
    QVERIFY(m_engine->open().has_value());
    m_window = std::make_unique<MainWindow>(*m_engine, profile);
    m_window->show();
    QApplication::setActiveWindow(m_window.get());
    QTRY_VERIFY(m_window->listPane().model().rowCount() > 0);
    m_window->listPane().view().setFocus();
}

void WritingTest::cleanup()
{
    m_window.reset();
    m_engine.reset();
}

void WritingTest::press(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QWidget* focus = QApplication::focusWidget();
    QVERIFY(focus);
    QTest::keyClick(focus, key, modifiers);
}

void WritingTest::type(const QString& text)
{
    QWidget* focus = QApplication::focusWidget();
    QVERIFY(focus);
    QTest::keyClicks(focus, text);
}

bool WritingTest::activate(QWidget& window)
{
    return QTest::qWaitFor([&window] {
        QApplication::setActiveWindow(&window);
        window.activateWindow();
        const QWidget* focus = QApplication::focusWidget();
        return focus && window.isAncestorOf(focus);
    });
}

template <class W>
W* WritingTest::topLevel()
{
    W* found = nullptr;
    const auto look = [&found] {
        for (QWidget* top : QApplication::topLevelWidgets())
            if (auto* window = qobject_cast<W*>(top); window && window->isVisible())
                found = window;
        return found != nullptr;
    };
    return QTest::qWaitFor(look) ? found : nullptr;
}

void WritingTest::chooseBySuggestion(ComposeWindow& composer, const QString& typed)
{
    type(typed);
    const auto isOpen = [&] {
        const auto* list = composer.findChild<SuggestionList*>();
        return list && list->isVisible() && list->count() == 1;
    };
    QTRY_VERIFY(isOpen());
    press(Qt::Key_Return);
}

void WritingTest::writesAMessageByKeysAlone()
{
    QFile file(m_directory->filePath(QStringLiteral("plan.txt")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("The plan.");
    file.close();

    press(Qt::Key_N, Qt::ControlModifier);
    auto* composer = topLevel<ComposeWindow>();
    QVERIFY(composer);
    QVERIFY(activate(*composer));
    for (const char* typed : {"anna q", "bo qu", "cleo"})
        chooseBySuggestion(*composer, QLatin1String(typed));
    press(Qt::Key_Tab); // past what adds Cc and Bcc, which have keys of their own
    QCOMPARE(QApplication::focusWidget()->accessibleName(), QStringLiteral("Subject"));
    type(QStringLiteral("The plan"));
    press(Qt::Key_Return);
    QVERIFY2(qobject_cast<QTextEdit*>(QApplication::focusWidget()),
             QApplication::focusWidget()->metaObject()->className());
    type(QStringLiteral("It is attached."));

    press(Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    const QPointer<QFileDialog> dialog = topLevel<QFileDialog>();
    QVERIFY(dialog);
    auto* name = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
    QVERIFY(name);
    // At once: typed letter by letter its completer would open lists of its own.
    name->setText(file.fileName());
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(!dialog || !dialog->isVisible());
    QVERIFY(activate(*composer));
    QTRY_COMPARE(composer->draft().attachments.size(), std::size_t{1});
    QCOMPARE(composer->draft().attachments.front().data, std::string("The plan."));

    const Draft written = composer->draft();
    QCOMPARE(written.to.size(), std::size_t{3});
    QVERIFY((written.to.at(2) == Address{"Cleo Quist", "cleo@example.org"}));
    QCOMPARE(written.subject, std::string("The plan"));

    QSignalSpy sent(composer, &ComposeWindow::sent);
    QSignalSpy gone(composer, &QObject::destroyed);
    press(Qt::Key_Return, Qt::ControlModifier | Qt::ShiftModifier);
    auto* later = composer->findChild<SendLaterSheet*>();
    QVERIFY(later);
    auto* first = later->findChild<Button*>(); // the focus is on it
    QTest::keyClick(first, Qt::Key_1);
    QTRY_COMPARE(sent.size(), 1);
    QTRY_COMPARE(gone.size(), 1);
    const std::vector<OutboxItem> held = m_engine->queries().outbox();
    QCOMPARE(held.size(), std::size_t{1});
    QVERIFY(held.front().hold == OutboxHold::Later);
    QVERIFY(held.front().notBefore > QDateTime::currentSecsSinceEpoch());
    QCOMPARE(held.front().recipients.size(), std::size_t{3});

    // Back in the window, undo brings the message back with all that was written.
    QApplication::setActiveWindow(m_window.get());
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    auto* again = topLevel<ComposeWindow>();
    QVERIFY(again);
    const Draft back = again->draft();
    QVERIFY(back.to == written.to);
    QCOMPARE(back.subject, written.subject);
    QCOMPARE(back.text, written.text);
    QCOMPARE(back.attachments.size(), std::size_t{1});
    QCOMPARE(back.attachments.front().data, written.attachments.front().data);
    const auto isHeld = [&] {
        const std::vector<OutboxItem> items = m_engine->queries().outbox();
        return std::any_of(items.begin(), items.end(), [](const OutboxItem& item) {
            return item.state == OutboxState::Queued;
        });
    };
    QTRY_VERIFY(!isHeld());
    QSignalSpy closed(again, &QObject::destroyed);
    again->close();
    QTRY_COMPARE(closed.size(), 1);
}

void WritingTest::openNewest()
{
    m_window->resize(1400, 900); // list and reader side by side
    press(Qt::Key_J);
    QTRY_VERIFY(m_window->readerPane().opened());
}

void WritingTest::writesAMessageAnewByKeys()
{
    openNewest();
    const OpenedMessage original = *m_window->readerPane().opened();
    press(Qt::Key_E, Qt::ControlModifier);
    const auto* composer = topLevel<ComposeWindow>();
    QVERIFY(composer);
    const Draft draft = composer->draft();
    QCOMPARE(draft.subject, original.parsed.subject);
    QVERIFY(draft.to == original.parsed.to);
    QVERIFY(draft.inReplyTo.empty() && draft.references.empty());
    delete composer;
}

void WritingTest::forwardsAMessageAsAFileByKeys()
{
    openNewest();
    press(Qt::Key_F, Qt::ControlModifier | Qt::ShiftModifier);
    const auto* composer = topLevel<ComposeWindow>();
    QVERIFY(composer);
    const Draft draft = composer->draft();
    QCOMPARE(draft.attachments.size(), std::size_t{1});
    QCOMPARE(draft.attachments.front().type, std::string("message/rfc822"));
    QCOMPARE(draft.attachments.front().data, openedRaw());
    QVERIFY(draft.forwards);
    delete composer;
}

void WritingTest::quotesWhatIsSelected()
{
    openNewest();
    auto* text = m_window->readerPane().findChild<MessageText*>();
    QVERIFY(text);
    QTextCursor cursor = text->document()->find(QStringLiteral("architect"));
    QVERIFY(!cursor.isNull());
    text->setTextCursor(cursor);
    press(Qt::Key_R, Qt::ControlModifier);
    const auto* composer = topLevel<ComposeWindow>();
    QVERIFY(composer);
    const std::string written = composer->draft().text;
    QVERIFY2(written.find("wrote:\n> architect") != std::string::npos, written.c_str());
    QCOMPARE(std::count(written.begin(), written.end(), '>'), 1);
    delete composer;
}

void WritingTest::redirectsAMessageByKeysAndTakesItBack()
{
    openNewest();
    const std::string raw = openedRaw();
    press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
    auto* sheet = topLevel<RedirectSheet>();
    QVERIFY(sheet);
    QVERIFY(activate(*sheet));
    press(Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(m_engine->queries().outbox().empty()); // to nobody
    type(QStringLiteral("dora@example.net"));      // nobody who is suggested
    QSignalSpy sent(sheet, &RedirectSheet::sent);
    press(Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(sent.size(), 1);
    const OutboxItem item = m_engine->queries().outbox().back();
    QCOMPARE(item.recipients.size(), std::size_t{1});
    QCOMPARE(item.recipients.front().address, std::string("dora@example.net"));
    QVERIFY(item.hold == OutboxHold::Undo);
    {
        const auto stores =
            std::move(*Stores::open(m_directory->path().toStdString(), Access::ReadOnly));
        const std::string bytes = stores->outbox.message(item.id).value_or("");
        QVERIFY(bytes.starts_with("Resent-From:"));
        QVERIFY(bytes.find("\r\nResent-To: dora@example.net\r\n") != std::string::npos);
    }
    QApplication::setActiveWindow(m_window.get());
    QTest::keyClick(m_window.get(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(m_engine->queries().outbox().back().state == OutboxState::Cancelled);
    QVERIFY(m_engine->queries().drafts().empty());
}

void WritingTest::offersThemInBothMenus_data()
{
    QTest::addColumn<QString>("words");
    QTest::newRow("edit as new") << QStringLiteral("Edit as new");
    QTest::newRow("forward as attachment") << QStringLiteral("Forward as attachment");
    QTest::newRow("redirect") << QStringLiteral("Redirect\u2026");
}

void WritingTest::offersThemInBothMenus()
{
    QFETCH(QString, words);
    openNewest();
    const auto has = [&words](const QMenu& menu) {
        const QList<QAction*> actions = menu.actions();
        return std::any_of(actions.begin(), actions.end(), [&words](const QAction* action) {
            return action->text().section(u'\t', 0, 0) == words && action->isEnabled();
        });
    };
    QMenu reader;
    m_window->readerPane().conversation().current()->addActions(reader);
    QVERIFY(has(reader));
    Q_EMIT m_window->listPane().view().menuRequested(m_window->mapToGlobal(QPoint(40, 40)));
    QMenu* list = nullptr;
    QTRY_VERIFY((list = qobject_cast<QMenu*>(QApplication::activePopupWidget())));
    QVERIFY(has(*list));
    list->close();
}

QTEST_MAIN(WritingTest)
#include "WritingTest.moc"
