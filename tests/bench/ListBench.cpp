// SPDX-License-Identifier: GPL-3.0-or-later
// A folder of a million messages in the real window: what each event costs the GUI thread, and each statement where it
// runs. Not a test and not run by CI, `offscreen` will do: ListBench [messages] [directory]
#include "core/engine/Stores.h"
#include "tests/bench/BenchSupport.h"
#include "tests/ui/support/SampleProfile.h"
#include "ui/folders/FolderModel.h"
#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/MainWindow.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QScrollBar>
#include <QStandardPaths>
#include <QTest>
#include <QWheelEvent>

#include <functional>
#include <map>
#include <mutex>
#include <random>
#include <sqlite3.h>
#include <thread>

using namespace avocet;
using namespace avocet::bench;

namespace {

constexpr double frameGoal = 16;
constexpr double queryGoal = 5;

/// What every connection of this process runs, by the clock of the thread that runs it.
class Statements {
public:
    static Statements& all()
    {
        static Statements statements;
        return statements;
    }
    /// From now on each connection is listened to as it is opened.
    void listen()
    {
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(&Statements::opened));
        m_gui = std::this_thread::get_id();
    }
    /// Who is opened now is not listened to: the bench's own hand.
    void stopListening()
    {
        sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(&Statements::opened));
    }
    void forget()
    {
        const std::lock_guard lock(m_mutex);
        m_ids = m_other = m_onGui = {};
        m_slowest.clear();
    }
    /// Prints what the readers ran since forget(); whether it was quick enough.
    bool print()
    {
        const std::lock_guard lock(m_mutex);
        std::printf("    statements: %zu on the GUI thread, worst %.2f ms; %zu on the reader, "
                    "worst %.2f ms; "
                    "pieces of the ids: %zu, worst %.2f ms\n",
                    m_onGui.size(), m_onGui.worst(), m_other.size(), m_other.worst(), m_ids.size(),
                    m_ids.worst());
        const bool right = std::max(m_onGui.worst(), m_other.worst()) <= queryGoal;
        if (!right)
            std::printf("    MISSED by %s\n", m_slowest.c_str());
        return right;
    }

private:
    static int opened(sqlite3* connection, const char**, const struct sqlite3_api_routines*)
    {
        return sqlite3_trace_v2(connection, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE,
                                &Statements::heard, &all());
    }
    static int heard(unsigned what, void* self, void* statement, void*)
    {
        thread_local std::map<void*, double> begun;
        if (what == SQLITE_TRACE_STMT) {
            begun[statement] = cpuMicroseconds();
        } else if (const auto found = begun.find(statement); found != begun.end()) {
            static_cast<Statements*>(self)->add(sqlite3_sql(static_cast<sqlite3_stmt*>(statement)),
                                                cpuMilliseconds(found->second));
            begun.erase(found);
        }
        return 0;
    }
    void add(const std::string& sql, double time)
    {
        std::array<char, 16> name{};
        pthread_getname_np(pthread_self(), name.data(), name.size());
        const bool gui = std::this_thread::get_id() == m_gui;
        if (!gui && std::string_view(name.data()) != "reader")
            return; // the engine's, whose steps SearchBench and StoreBench measure
        const std::lock_guard lock(m_mutex);
        if (sql.find("SELECT message, date FROM placement") != std::string::npos) {
            m_ids.add(time);
            return;
        }
        if (time > std::max(m_onGui.worst(), m_other.worst()))
            m_slowest = sql;
        (gui ? m_onGui : m_other).add(time);
    }

    std::mutex m_mutex;
    std::thread::id m_gui;
    Worst m_ids, m_other, m_onGui;
    std::string m_slowest;
};

/// Times every event that its thread handles: painting is one of them, and so is an answer of the reader.
class TimedApplication : public QApplication {
public:
    using QApplication::QApplication;

    bool notify(QObject* receiver, QEvent* event) override
    {
        if (receiver->thread() != thread() || m_depth > 0)
            return QApplication::notify(receiver, event);
        const int type = event->type();
        const QByteArray name = receiver->metaObject()->className();
        const double cpu = cpuMicroseconds();
        const Clock::time_point began = Clock::now();
        ++m_depth;
        const bool handled = QApplication::notify(receiver, event);
        --m_depth;
        const double time = cpuMilliseconds(cpu);
        if (time > events.worst())
            worst = name + " event " + QByteArray::number(type);
        events.add(time);
        clock.add(milliseconds(began));
        return handled;
    }
    void forget()
    {
        events = clock = {};
        worst.clear();
    }

    Worst events, clock;
    QByteArray worst;

private:
    int m_depth = 0;
};

void insertMessages(Stores& stores, FolderId folder, int count)
{
    const auto now = static_cast<std::int64_t>(std::time(nullptr));
    for (int batch = 0; batch < count; batch += 1000) {
        std::vector<NewMessage> rows;
        for (int i = batch; i < batch + 1000; ++i) {
            NewMessage& message = rows.emplace_back();
            message.uid = static_cast<std::uint32_t>(count - i);
            message.flags = i % 5 == 0 ? 0u : Flags{Seen};
            message.internalDate = message.date = now - 60 - i * 600LL;
            message.size = 4000 + i % 30'000;
            message.subject = "Re: A subject of the usual length, number " + std::to_string(i);
            message.from = {{"Some Sender " + std::to_string(i % 500),
                             "sender" + std::to_string(i % 500) + "@example.org"}};
            message.to = {{"The Reader", "reader@example.net"}};
            message.messageIdHeader = std::to_string(i) + "@bench.example.org";
            if (i % 3 != 0)
                message.references = {std::to_string(i - i % 3) + "@bench.example.org"};
            message.hasAttachment = i % 7 == 0;
        }
        check(stores.messages.insert(folder, rows));
    }
    while (!check(stores.threads.build(folder, 5000)))
        ;
    Folder synced = check(stores.folders.find(folder));
    synced.uidValidity = 1;
    synced.uidNext = static_cast<std::uint32_t>(count + 1);
    synced.syncedFrom = 1;
    synced.serverTotal = count;
    check(stores.folders.saveSyncState(synced));
}

class ListBench {
public:
    ListBench(TimedApplication& application, const std::filesystem::path& profile, FolderId folder,
              int count)
        : m_application(application)
        , m_folder(folder)
        , m_count(count)
        , m_engine(EngineOptions{profile, false})
    {
        check(m_engine.open());
        m_window = std::make_unique<MainWindow>(m_engine, profile);
        m_window->show();
        settle([this] { return pane().model().rowCount() > 0; });
        Statements::all().stopListening();
        m_writer = check(Stores::open(profile, Access::ReadWrite));
    }

    bool run()
    {
        step("open the folder", [this] {
            m_window->folderPane().selectKey(QStringLiteral("folder/%1").arg(m_folder.value));
            settle([this] { return pane().model().rowCount() == m_count; });
        });
        step("jump by the scroll bar, 50 times", [this] { jump(); });
        step("scroll by the wheel, 300 steps", [this] { wheel(); });
        step("drag the scroll bar, 300 steps", [this] { drag(); });
        step("page down, 100 times", [this] { keys(Qt::Key_PageDown, 100); });
        step("select down with J, 100 times", [this] { keys(Qt::Key_J, 100); });
        step("select all", [this] { asEvent([this] { pane().view().selectAll(); }); });
        pane().view().clearSelection();
        step("20 messages arrive, one by one", [this] { arrive(20, 1); });
        step("100 messages arrive at once", [this] { arrive(1, 100); });
        step("5,000 flags change", [this] { change(5000); });
        step("one message goes, 20 times", [this] { remove(20, 1); });
        step("200 messages go, here and there", [this] { remove(1, 200); });
        step("read the list again", [this] { readAgain(); });
        step("leave for another folder and come back", [this] { comeBack(); });
        step("folded list: head, then all", [this] { folded(); });
        return m_right;
    }

private:
    ListPane& pane() { return m_window->listPane(); }
    QScrollBar& bar() { return *pane().view().verticalScrollBar(); }

    void settle(const std::function<bool()>& done = [] { return true; })
    {
        if (!QTest::qWaitFor(done, 60'000))
            stop({ErrorKind::Timeout, "what was waited for did not come", {}, ErrorCode::None, 0});
        QCoreApplication::sendPostedEvents();
        QCoreApplication::processEvents();
    }

    /// So that it is timed like everything that comes from elsewhere.
    void asEvent(const std::function<void()>& work)
    {
        bool done = false;
        QMetaObject::invokeMethod(
            qApp,
            [&] {
                work();
                done = true;
            },
            Qt::QueuedConnection);
        settle([&done] { return done; });
    }

    void step(const char* what, const std::function<void()>& work)
    {
        settle();
        m_application.forget();
        Statements::all().forget();
        const Clock::time_point began = Clock::now();
        work();
        settle();
        const double took = milliseconds(began);
        const bool right = m_application.events.worst() <= frameGoal;
        std::printf(
            "  %-40s worst %6.2f ms of CPU (%.1f by the clock), 99 %% %.2f, in all %.0f ms   goal "
            "%.0f %s\n",
            what, m_application.events.worst(), m_application.clock.worst(),
            m_application.events.part(0.99), took, frameGoal,
            right ? "met" : ("MISSED by " + m_application.worst).constData());
        m_right = Statements::all().print() && right && m_right;
    }

    void jump()
    {
        std::mt19937 random(1);
        bar().setValue(bar().maximum() / 2);
        settle();
        for (int i = 0; i < 50; ++i) {
            bar().setValue(static_cast<int>(random() % static_cast<unsigned>(bar().maximum())));
            settle();
        }
    }

    void wheel()
    {
        QWidget* viewport = pane().view().viewport();
        const QPointF at(100, 200);
        for (int i = 0; i < 300; ++i) {
            QWheelEvent event(at, viewport->mapToGlobal(at), {}, {0, -120}, Qt::NoButton,
                              Qt::NoModifier, Qt::NoScrollPhase, false);
            QApplication::sendEvent(viewport, &event);
            settle();
        }
    }

    void drag()
    {
        bar().setValue(0);
        settle();
        const QPoint handle(bar().width() / 2, 6);
        QTest::mousePress(&bar(), Qt::LeftButton, {}, handle);
        for (int i = 1; i <= 300; ++i) {
            QTest::mouseMove(&bar(), handle + QPoint(0, i * (bar().height() - 12) / 300));
            settle();
        }
        QTest::mouseRelease(&bar(), Qt::LeftButton, {}, {bar().width() / 2, bar().height() - 6});
    }

    void keys(Qt::Key key, int times)
    {
        pane().view().setFocus();
        for (int i = 0; i < times; ++i) {
            QTest::keyClick(&pane().view(), key);
            settle();
        }
    }

    /// As the engine does it: written, then told.
    void arrive(int times, int each)
    {
        for (int i = 0; i < times; ++i) {
            std::vector<NewMessage> rows(static_cast<std::size_t>(each));
            for (NewMessage& message : rows) {
                message.uid = static_cast<std::uint32_t>(m_count + ++m_added);
                message.internalDate = message.date = std::time(nullptr) + m_added;
                message.subject = "New";
            }
            const std::vector<MessageId> ids =
                check(m_writer->messages.insert(m_folder, rows)).appeared;
            asEvent([this, &ids] { Q_EMIT m_engine.messagesAdded(m_folder, ids); });
            settle([this, &ids] { return pane().model().idAt(0) == ids.back(); });
        }
    }

    void change(int count)
    {
        std::vector<PlacementFlags> flags;
        for (int i = 1; i <= count; ++i)
            flags.push_back({static_cast<std::uint32_t>(m_count - i), 0, Flagged, {}});
        const ListChange changed = check(m_writer->messages.updateFlags(m_folder, flags));
        asEvent([&] { Q_EMIT m_engine.messagesChanged(m_folder, changed.changed); });
    }

    void remove(int times, int each)
    {
        std::mt19937 random(3);
        for (int i = 0; i < times; ++i) {
            std::vector<std::uint32_t> uids;
            for (int k = 0; k < each; ++k)
                uids.push_back(1 + static_cast<std::uint32_t>(random()) %
                                       static_cast<std::uint32_t>(m_count));
            std::sort(uids.begin(), uids.end());
            const auto gone = check(m_writer->messages.removeUids(m_folder, uids));
            asEvent([&] { Q_EMIT m_engine.messagesRemoved(m_folder, gone); });
        }
    }

    void readAgain()
    {
        bool done = false;
        pane().reload();
        QObject context;
        m_engine.queries().list(&context, m_folder, {},
                                [&](const std::vector<ListRow>&, bool last) { done = last; });
        settle([&] { return done; });
        QTest::qWait(1500); // the pane's own begins a little later
    }

    void comeBack()
    {
        m_window->folderPane().selectKey({});
        settle(
            [this] { return pane().listedFolder() != m_folder && pane().model().rowCount() > 0; });
        m_window->folderPane().selectKey(QStringLiteral("folder/%1").arg(m_folder.value));
        settle([this] { return pane().model().rowCount() > m_count / 2; });
    }

    void folded()
    {
        bool done = false;
        QObject context;
        m_engine.queries().threads(&context, m_folder,
                                   [&](const std::vector<ThreadSummary>& all, bool last) {
                                       done = last;
                                       m_threads = all.size();
                                   });
        settle([&] { return done; });
    }

    TimedApplication& m_application;
    FolderId m_folder;
    int m_count;
    int m_added = 0;
    std::size_t m_threads = 0;
    MailEngine m_engine;
    std::unique_ptr<MainWindow> m_window;
    std::unique_ptr<Stores> m_writer;
    bool m_right = true;
};

} // namespace

int main(int argc, char** argv)
{
    const int count = std::max(argc > 1 ? std::atoi(argv[1]) / 1000 * 1000 : 1'000'000, 1000);
    const Directory directory(argc > 2 ? argv[2] : nullptr, "avocet-list-bench");
    qputenv("AVOCET_SECRETS", "file");
    TimedApplication application(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    installTheme(application, ThemeChoice::Light);
    const Clock::time_point began = Clock::now();
    SampleOptions options;
    options.inboxMessages = 300;
    const SampleProfile sample = fillProfile(directory.path(), options);
    insertMessages(*check(Stores::open(directory.path(), Access::ReadWrite)), sample.archive,
                   count);
    std::printf("window: %d messages in a folder (made in %.0f s)\n", count,
                milliseconds(began) / 1000);
    Statements::all().listen();
    ListBench bench(application, directory.path(), sample.archive, count);
    return bench.run() ? 0 : 1;
}
