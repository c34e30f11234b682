// SPDX-License-Identifier: GPL-3.0-or-later
// Walks each window by Tab, as people without a mouse do, and looks at what is painted.
#include "SampleProfile.h"
#include "Shots.h"

#include "ui/accounts/AccountSetup.h"
#include "ui/compose/ComposeWindow.h"
#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/MainWindow.h"
#include "ui/outbox/OutboxRow.h"
#include "ui/outbox/OutboxView.h"
#include "ui/reader/ReaderPane.h"
#include "ui/settings/AccountsPage.h"
#include "ui/settings/Preferences.h"
#include "ui/settings/SettingsDialog.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QDateTimeEdit>
#include <QLayout>
#include <QMessageBox>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace avocet;

namespace {

/// Pixels that the focus turned into the ring's colour: the accent, or what is written on it where
/// the ground is the accent.
int ringPixels(const QImage& focused, const QImage& plain)
{
    const QRgb accent = tokens().accent.rgb();
    const QRgb onAccent = tokens().accentText.rgb();
    int count = 0;
    for (int y = 0; y < focused.height(); ++y) {
        for (int x = 0; x < focused.width(); ++x) {
            const QRgb now = focused.pixel(x, y) | 0xff000000U;
            const QRgb before = plain.pixel(x, y) | 0xff000000U;
            const bool ring = now == accent || (now == onAccent && before == accent);
            count += ring && now != before ? 1 : 0;
        }
    }
    return count;
}

/// What of `widget` its ancestors leave to be seen.
QRect seenPart(const QWidget& widget)
{
    QRect seen = widget.rect();
    for (const QWidget* at = &widget; at && !at->isWindow(); at = at->parentWidget()) {
        seen = seen.translated(at->pos()).intersected(at->parentWidget()->rect());
    }
    return seen;
}

QImage picture(QWidget& window, const QRect& rect)
{
    return window.grab(rect).toImage().convertToFormat(QImage::Format_RGB32);
}

QString nameOf(const QWidget& widget)
{
    return QStringLiteral("%1 \"%2\"")
        .arg(QLatin1String(widget.metaObject()->className()), widget.accessibleName());
}

struct Stop {
    QPointer<QWidget> widget;
    QRect rect;
    QImage focused;
};

/// What is wrong with the Tab stops of `window`, a line each.
QStringList faults(QWidget& window, int least)
{
    QStringList wrong;
    QList<Stop> stops;
    const int count = walkTabStops(window, [&](QWidget& widget) {
        if (!widget.isVisible() || seenPart(widget).isEmpty()) {
            wrong.append(nameOf(widget) + QStringLiteral(" has the focus, but cannot be seen"));
            return;
        }
        if (widget.window() != &window) {
            return;
        }
        const QRect rect = stopRect(window, widget);
        stops.append({&widget, rect, picture(window, rect)});
    });
    if (count < least) {
        wrong.append(QStringLiteral("%1 stops, fewer than %2").arg(count).arg(least));
    }
    for (const Stop& stop : std::as_const(stops)) {
        if (!stop.widget) {
            continue;
        }
        if (QWidget* now = QApplication::focusWidget()) {
            now->clearFocus();
        }
        const QImage plain = picture(window, stop.rect);
        // A caret is some 20 pixels; a ring of 2 around the smallest mark is well over 60.
        const int ring = ringPixels(stop.focused, plain);
        if (ring < 60) {
            wrong.append(nameOf(*stop.widget) +
                         QStringLiteral(" gains only %1 pixels of ring").arg(ring));
        }
    }
    return wrong;
}

/// Gaps and insets of layouts that are no multiple of 4, a line each.
QStringList oddGaps(const QWidget& window)
{
    QStringList odd;
    for (const QLayout* layout : window.findChildren<QLayout*>()) {
        const QWidget* owner = layout->parentWidget();
        const QString where = owner ? nameOf(*owner) : QString();
        const QMargins m = layout->contentsMargins();
        for (const int gap : {m.left(), m.top(), m.right(), m.bottom(), layout->spacing()}) {
            // 1 is a hairline's own place.
            if (gap > 1 && gap % 4 != 0) {
                odd.append(QStringLiteral("%1: %2").arg(where).arg(gap));
            }
        }
    }
    return odd;
}

} // namespace

class FocusTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void showsTheFocusAtEveryStop_data();
    void showsTheFocusAtEveryStop();
    void spacesEverythingByFour_data() { showsTheFocusAtEveryStop_data(); }
    void spacesEverythingByFour();

private:
    std::unique_ptr<QWidget> make(const QString& what);

    QTemporaryDir m_directory;
    SampleProfile m_sample;
    std::unique_ptr<MailEngine> m_engine;
    std::unique_ptr<Preferences> m_preferences;
};

void FocusTest::initTestCase()
{
    qputenv("AVOCET_SECRETS", "file");
    installTheme(*qApp, ThemeChoice::Light);
    SampleOptions options;
    options.inboxMessages = 300;
    options.drafts = options.outbox = true;
    EngineOptions engine;
    engine.profile = m_directory.path().toStdString();
    engine.online = false;
    m_sample = fillProfile(engine.profile, options);
    m_engine = std::make_unique<MailEngine>(engine);
    QVERIFY(m_engine->open());
    m_preferences = std::make_unique<Preferences>(m_directory.filePath(QStringLiteral("s.ini")));
}

void FocusTest::cleanupTestCase()
{
    m_engine.reset();
}

void FocusTest::showsTheFocusAtEveryStop_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<bool>("dark");
    QTest::addColumn<int>("least");
    const QList<std::pair<QString, int>> windows{
        {QStringLiteral("a message"), 12},
        {QStringLiteral("the outbox"), 6},
        {QStringLiteral("the drafts"), 6},
        {QStringLiteral("the bars"), 14},
        {QStringLiteral("settings"), 4},
        {QStringLiteral("appearance"), 3},
        {QStringLiteral("reading"), 3},
        {QStringLiteral("an account's form"), 8},
        {QStringLiteral("set-up"), 5},
        {QStringLiteral("a new message"), 6},
        {QStringLiteral("attachments"), 8},
        {QStringLiteral("an error box"), 1},
        {QStringLiteral("numbers and dates"), 2},
    };
    for (const auto& [what, least] : windows) {
        QTest::newRow(qPrintable(what + QStringLiteral(", light"))) << what << false << least;
        QTest::newRow(qPrintable(what + QStringLiteral(", dark"))) << what << true << least;
    }
}

std::unique_ptr<QWidget> FocusTest::make(const QString& what)
{
    if (what == u"a message" || what == u"the outbox" || what == u"the drafts" ||
        what == u"the bars") {
        auto window = std::make_unique<MainWindow>(*m_engine, m_directory.path().toStdString());
        window->show();
        window->folderPane().selectKey(QStringLiteral("folder/%1").arg(m_sample.inbox.value));
        if (!QTest::qWaitFor([&] { return window->listPane().model().rowCount() == 300; },
                             15'000)) {
            qFatal("the list does not come");
        }
        window->listPane().view().selectMessage(m_sample.newest.front());
        if (!QTest::qWaitFor([&] { return window->readerPane().opened() != nullptr; }, 15'000)) {
            qFatal("the message does not come");
        }
        if (what == u"the outbox") {
            window->showOutbox();
        } else if (what == u"the drafts") {
            window->showDrafts();
        } else if (what == u"the bars") {
            window->bars().show({QStringLiteral("a"),
                                 Severity::Danger,
                                 QStringLiteral("The server did not accept the password."),
                                 {{QStringLiteral("Enter password"), {}}},
                                 true});
            window->bars().show(
                {QStringLiteral("b"), Severity::Info, QStringLiteral("Offline."), {}, true});
        }
        return window;
    }
    if (what == u"settings" || what == u"appearance" || what == u"reading" ||
        what == u"an account's form") {
        auto dialog =
            std::make_unique<SettingsDialog>(*m_engine, *m_preferences, m_directory.path());
        using Page = SettingsDialog::Page;
        dialog->openPage(what == u"appearance" ? Page::Appearance
                         : what == u"reading"  ? Page::Reading
                                               : Page::Accounts);
        if (what == u"an account's form") {
            dialog->accounts()->editAccount(m_sample.account);
        }
        return dialog;
    }
    if (what == u"set-up") {
        auto setup = std::make_unique<AccountSetup>(*m_engine);
        setup->resize(600, 1000);
        return setup;
    }
    if (what == u"a new message" || what == u"attachments") {
        Draft draft;
        if (what == u"attachments") {
            draft.to = {{"Anna Berg", "anna@x.example"}};
            draft.attachments = {{"a.pdf", "application/pdf", "x"}};
        }
        return std::make_unique<ComposeWindow>(*m_engine, draft);
    }
    if (what == u"an error box") {
        return std::make_unique<QMessageBox>(QMessageBox::Critical, QStringLiteral("Avocet"),
                                             QStringLiteral("The profile is damaged."),
                                             QMessageBox::Ok | QMessageBox::Help);
    }
    auto page = std::make_unique<QWidget>();
    auto* column = new QVBoxLayout(page.get());
    column->addWidget(new QSpinBox(page.get()));
    column->addWidget(new QDateTimeEdit(page.get()));
    return page;
}

void FocusTest::showsTheFocusAtEveryStop()
{
    QFETCH(QString, what);
    QFETCH(bool, dark);
    QFETCH(int, least);
    setThemeChoice(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    m_preferences->setTheme(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    const std::unique_ptr<QWidget> window = make(what);
    setThemeChoice(dark ? ThemeChoice::Dark : ThemeChoice::Light);
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->show();
    QApplication::setActiveWindow(window.get());
    QVERIFY(QTest::qWaitForWindowActive(window.get()));
    QTest::qWait(50); // until the layouts that were asked for have been made
    const QStringList wrong = faults(*window, least);
    QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join(QStringLiteral("\n"))));
}

void FocusTest::spacesEverythingByFour()
{
    QFETCH(QString, what);
    QFETCH(bool, dark);
    if (dark) {
        return;
    }
    const std::unique_ptr<QWidget> window = make(what);
    window->setAttribute(Qt::WA_DeleteOnClose, false);
    window->show();
    const QStringList odd = oddGaps(*window);
    QVERIFY2(odd.isEmpty(), qPrintable(odd.join(QStringLiteral("\n"))));
}

QTEST_MAIN(FocusTest)
#include "FocusTest.moc"
