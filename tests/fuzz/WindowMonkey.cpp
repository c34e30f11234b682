// SPDX-License-Identifier: GPL-3.0-or-later
// Somebody who works in the real window without a plan: clicks, keys, wheels, menus, sizes, over a mailbox with everything in it.
// What it looks for is a crash, and what a sanitizer says. The same seed does the same things, as far as threads let it; each is
// written to standard error before it is done. Not in ctest: WindowMonkey SEED STEPS, best of the asan build and offscreen.
#include "tests/ui/support/SampleConversation.h"
#include "tests/ui/support/SampleParts.h"

#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/MainWindow.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QDesktopServices>
#include <QDir>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QWheelEvent>

#include <cstdio>

using namespace avocet;

namespace {

constexpr int mostWindows = 6;
constexpr const char* schemes[] = {"http", "https", "file", "mailto"};

std::string part(const std::string& fields, const QByteArray& bytes)
{
    return "--m\r\n" + fields + "\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
           bytes.toBase64().toStdString() + "\r\n";
}

std::string withAttachments()
{
    const auto named = [](const char* type, const char* name) {
        return std::string("Content-Type: ") + type +
               "\r\nContent-Disposition: attachment; filename=\"" + name + '"';
    };
    return "Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\n" +
           plainBody("All of it, see https://plans.example/office\n> quoted\n>> twice\n") + "\r\n" +
           part(named("application/pdf", "Lease.pdf"), samplePdf()) +
           part(named("image/png", "hill.png"), samplePicture(QSize(900, 600))) +
           part(named("text/csv", "costs.csv"), "Item,Cost\nMovers,1200\n") +
           part(named("application/zip", "plans.zip"), QByteArray(20'000, 'z')) +
           part(named("message/rfc822", "earlier.eml"),
                "From: a@x.example\r\nSubject: earlier\r\n\r\nwords\r\n") +
           part(named("application/x-msdownload", "setup.exe"), "MZ") + "--m--\r\n";
}

/// Where links lead.
class Nowhere : public QObject {
    Q_OBJECT
public Q_SLOTS:
    void open(const QUrl& url) { std::fprintf(stderr, "opens %s\n", qPrintable(url.toString())); }
};

class Monkey : public QObject {
    Q_OBJECT
public:
    Monkey(MainWindow& window, SampleConversation richest, quint32 seed, int steps)
        : m_window(window)
        , m_richest(std::move(richest))
        , m_random(seed)
        , m_steps(steps)
    {
        connect(&m_timer, &QTimer::timeout, this, &Monkey::step);
        m_timer.start(0);
    }

private:
    int below(int limit) { return m_random.bounded(std::max(1, limit)); }
    bool once(int in) { return below(in) == 0; }

    void step()
    {
        if (m_done++ == m_steps)
            return QApplication::exit(0);
        m_timer.start(once(20) ? 400 : once(3) ? 60 : 5);
        if (once(60))
            openRichest();
        QWidget* top = someWindow();
        switch (below(20)) {
        case 0:
            return resize(*top);
        case 1:
            return wheel(*top);
        case 2:
        case 3:
            return act(*top);
        case 4:
        case 5:
        case 6:
        case 7:
        case 8:
            return key();
        default:
            return click(*top);
        }
    }

    /// Where there is most to be clicked.
    void openRichest()
    {
        say("goes to", m_window);
        m_window.folderPane().selectKey(QStringLiteral("folder/%1").arg(m_richest.folder.value));
        m_window.listPane().view().selectMessage(
            m_richest.messages[below(static_cast<int>(m_richest.messages.size()))]);
    }

    /// What is in front is dealt with first, mostly.
    QWidget* someWindow()
    {
        if (!m_window.isVisible())
            m_window.show();
        if (QWidget* popup = QApplication::activePopupWidget(); popup && !once(20))
            return popup;
        if (QWidget* modal = QApplication::activeModalWidget(); modal && !once(20))
            return modal;
        QWidgetList tops;
        for (QWidget* top : QApplication::topLevelWidgets())
            if (top->isVisible() && top->windowType() != Qt::ToolTip)
                tops.append(top);
        if (tops.size() > mostWindows)
            for (QWidget* top : std::as_const(tops))
                if (top != &m_window && top != tops.last())
                    say("close", *top), QTimer::singleShot(0, top, &QWidget::close);
        QWidget* chosen = tops.isEmpty() ? &m_window : tops[below(static_cast<int>(tops.size()))];
        if (once(4))
            QApplication::setActiveWindow(chosen);
        return chosen;
    }

    void say(const char* what, const QWidget& widget, const QString& more = {})
    {
        std::fprintf(stderr, "%d %s %s %s %s\n", m_done, what, widget.metaObject()->className(),
                     qPrintable(widget.accessibleName()), qPrintable(more));
    }

    /// Posted, not sent: what opens a loop of its own must not stop the timer.
    static void post(QWidget& widget, QEvent* event) { QApplication::postEvent(&widget, event); }

    void click(QWidget& top)
    {
        QWidgetList all;
        const bool buttonsOnly = once(2);
        for (QWidget* each : top.findChildren<QWidget*>())
            if (each->isVisible() && each->isEnabled() && each->window() == &top &&
                (!buttonsOnly || qobject_cast<QAbstractButton*>(each)))
                all.append(each);
        QWidget* chosen = all.isEmpty() ? &top : all[below(static_cast<int>(all.size()))];
        QPoint at(below(chosen->width()), below(chosen->height()));
        // What lies on it takes it, as under a real pointer.
        if (QWidget* above = chosen->childAt(at)) {
            at = above->mapFrom(chosen, at);
            chosen = above;
        }
        const Qt::MouseButton button = once(8) ? Qt::RightButton : Qt::LeftButton;
        const Qt::KeyboardModifiers held = once(10)   ? Qt::ControlModifier
                                           : once(10) ? Qt::ShiftModifier
                                                      : Qt::NoModifier;
        say(button == Qt::LeftButton ? "click" : "menu of", *chosen);
        const auto mouse = [&](QEvent::Type type, const QPoint& where, Qt::MouseButtons buttons) {
            post(*chosen,
                 new QMouseEvent(type, where, chosen->mapToGlobal(where),
                                 type == QEvent::MouseMove ? Qt::NoButton : button, buttons, held));
        };
        mouse(QEvent::MouseMove, at, Qt::NoButton);
        mouse(QEvent::MouseButtonPress, at, button);
        if (once(8)) {
            at += QPoint(below(200) - 100, below(200) - 100);
            mouse(QEvent::MouseMove, at, button);
        }
        mouse(QEvent::MouseButtonRelease, at, Qt::NoButton);
        if (button == Qt::RightButton)
            post(*chosen, new QContextMenuEvent(QContextMenuEvent::Mouse, at,
                                                chosen->mapToGlobal(at), held));
        else if (once(8))
            mouse(QEvent::MouseButtonDblClick, at, button);
    }

    void key()
    {
        static constexpr Qt::Key keys[] = {
            Qt::Key_Return, Qt::Key_Escape,    Qt::Key_Tab,   Qt::Key_Backtab,  Qt::Key_Up,
            Qt::Key_Down,   Qt::Key_Left,      Qt::Key_Right, Qt::Key_Space,    Qt::Key_Delete,
            Qt::Key_Home,   Qt::Key_Backspace, Qt::Key_End,   Qt::Key_PageDown, Qt::Key_F5,
            Qt::Key_F6,     Qt::Key_F10,       Qt::Key_Menu};
        QWidget* to = QApplication::focusWidget();
        if (!to)
            to = &m_window;
        int code = keys[below(std::size(keys))];
        QString text;
        if (once(2)) {
            code = once(4) ? Qt::Key_0 + below(10) : Qt::Key_A + below(26);
            text = QChar(code).toLower();
        }
        Qt::KeyboardModifiers held;
        if (once(4))
            held |= Qt::ControlModifier;
        if (once(8))
            held |= Qt::ShiftModifier;
        if (once(16))
            held |= Qt::AltModifier;
        if ((held & Qt::ControlModifier) && code == Qt::Key_Q)
            return; // it would only end what is to go on
        say("key", *to, QKeySequence(static_cast<int>(held) | code).toString());
        // As a window system gives it, so that shortcuts are looked for as well.
        QTimer::singleShot(0, to, [to, code, held, text] {
            QTest::sendKeyEvent(QTest::Click, to, static_cast<Qt::Key>(code), text, held);
        });
    }

    void act(QWidget& top)
    {
        QList<QAction*> all;
        for (QAction* action : top.findChildren<QAction*>() + top.actions())
            if (action->isEnabled() && !action->isSeparator() && action->text() != u"Quit")
                all.append(action);
        if (all.isEmpty())
            return;
        QAction* action = all[below(static_cast<int>(all.size()))];
        say("action", top, action->text());
        QMetaObject::invokeMethod(action, "trigger", Qt::QueuedConnection);
    }

    void wheel(QWidget& top)
    {
        const QPoint at(below(top.width()), below(top.height()));
        QWidget* under = top.childAt(at);
        QWidget& to = under ? *under : top;
        say("wheel", to);
        const QPoint turned(0, (below(21) - 10) * 120);
        post(to, new QWheelEvent(to.mapFrom(&top, at), top.mapToGlobal(at), {}, turned,
                                 Qt::NoButton, once(6) ? Qt::ControlModifier : Qt::NoModifier,
                                 Qt::NoScrollPhase, false));
    }

    void resize(QWidget& top)
    {
        if (once(4))
            return installTheme(*qApp, once(2) ? ThemeChoice::Light : ThemeChoice::Dark);
        const QSize size(300 + below(1'300), 200 + below(900));
        say("size", top, QStringLiteral("%1x%2").arg(size.width()).arg(size.height()));
        top.resize(size);
    }

    MainWindow& m_window;
    SampleConversation m_richest;
    QRandomGenerator m_random;
    QTimer m_timer;
    int m_steps;
    int m_done = 0;
};

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3) {
        std::fputs("usage: WindowMonkey SEED STEPS\n", stderr);
        return 2;
    }
    qputenv("AVOCET_SECRETS", "file");
    const QTemporaryDir directory;
    qputenv("HOME", directory.path().toLocal8Bit()); // what it saves stays here
    QDir::setCurrent(directory.path());
    QApplication::setAttribute(Qt::AA_DontUseNativeDialogs);
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    installTheme(application, ThemeChoice::Light);
    Nowhere nowhere;
    for (const char* scheme : schemes)
        QDesktopServices::setUrlHandler(QLatin1String(scheme), &nowhere, "open");
    const std::filesystem::path profile =
        directory.filePath(QStringLiteral("profile")).toStdString();
    std::filesystem::create_directory(profile);
    SampleOptions options;
    options.inboxMessages = 400;
    options.accounts = 2;
    options.drafts = options.outbox = true;
    const SampleProfile sample = fillProfile(profile, options);
    const SampleConversation all = addConversation(
        profile, sample,
        {{"Ola Nordmann", "ola@fjordworks.example", invitationBody()},
         {"Fjell Boots", "news@shop.example", newsletterBody()},
         {"Marta Nowak", "marta@polnoc.example", withAttachments(), false, true, false},
         {"Bank <service@bank.example>", "thief@evil.example", plainBody("Your password?\n")},
         {"Anna Berg", "anna@fjordworks.example", plainBody("words\n"), true, true, true}},
        "Everything");
    addConversation(profile, sample);
    MailEngine engine(EngineOptions{profile, false});
    if (!engine.open())
        return 1;
    MainWindow window(engine, profile);
    window.show();
    QApplication::setActiveWindow(&window);
    Monkey monkey(window, all, QByteArray(argv[1]).toUInt(), QByteArray(argv[2]).toInt());
    const int code = QApplication::exec();
    for (const char* scheme : schemes)
        QDesktopServices::unsetUrlHandler(QLatin1String(scheme));
    std::fprintf(stderr, "ended with %d\n", code);
    return code;
}

#include "WindowMonkey.moc"
