// SPDX-License-Identifier: GPL-3.0-or-later
// Opening cached messages in the real window: when header and text are painted, and what each event costs the GUI thread
// while somebody runs through the list. Not a test and not run by CI, `offscreen` will do: ReaderBench [directory]
#include "tests/bench/TimedApplication.h"
#include "tests/ui/support/SampleConversation.h"
#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/MainWindow.h"
#include "ui/reader/MessageText.h"
#include "ui/reader/ReaderPane.h"
#include "ui/reader/ReaderWarmUp.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>

using namespace avocet;
using namespace avocet::bench;

namespace {

constexpr double headerGoal = 16;
constexpr double textGoal = 30;
constexpr double blockGoal = 50;
constexpr double bombGoal = 100;
constexpr int opened = 200;

bool print(const char* what, Worst& times, double goal)
{
    const bool right = times.worst() <= goal;
    std::printf("  %-44s median %6.1f ms, worst %6.1f ms, goal %3.0f%s\n", what, times.part(0.5),
                times.worst(), goal, right ? "" : "  MISSED");
    return right;
}

class ReaderBench {
public:
    ReaderBench(TimedApplication& application, const std::filesystem::path& profile,
                const SampleProfile& sample)
        : m_application(application)
        , m_sample(sample)
        , m_engine(EngineOptions{profile, false})
    {
        check(m_engine.open());
        m_window = std::make_unique<MainWindow>(m_engine, profile);
        m_window->show();
        m_window->warmUp();
        m_window->folderPane().selectKey(QStringLiteral("folder/%1").arg(sample.inbox.value));
        settle([this] {
            return m_window->listPane().model().rowCount() > opened &&
                   !m_window->findChild<ReaderWarmUp*>();
        });
        m_window->readerPane().setMarkReadAfter({});
    }

    bool open(const char* what, FolderId folder, const std::vector<MessageId>& messages)
    {
        Worst headers, texts;
        m_application.events = {};
        for (const MessageId id : messages) {
            m_window->readerPane().showNothing();
            QTest::qWait(5);
            m_application.begin();
            m_window->readerPane().showMessage(folder, id);
            settle([this] { return m_application.text.has_value(); });
            headers.add(m_application.header.value_or(*m_application.text));
            texts.add(*m_application.text);
        }
        std::printf("%s, %zu times\n", what, messages.size());
        bool right = print("header painted", headers, headerGoal);
        right = print("text painted", texts, textGoal) && right;
        return print("one event, CPU", m_application.events, blockGoal) && right;
    }

    /// A text that was made to stall its reader: as it opens, and with all of it asked for.
    bool bomb(const char* what, FolderId folder, MessageId message)
    {
        m_window->readerPane().showNothing();
        QTest::qWait(5);
        m_application.events = {};
        m_application.begin();
        m_window->readerPane().showMessage(folder, message);
        settle([this] { return m_application.text.has_value(); });
        const auto* text = m_window->readerPane().findChild<MessageText*>();
        settle([text] { return text->isWhole(); });
        for (auto* button : m_window->readerPane().findChildren<QAbstractButton*>()) {
            if (button->isVisible() && button->text() == u"Show the rest") {
                button->click();
                settle([text] { return text->isWhole(); });
            }
        }
        m_window->readerPane().conversation().scrollToEnd(true);
        m_window->resize(m_window->width() - 60, m_window->height());
        QTest::qWait(1'000);
        m_window->resize(m_window->width() + 60, m_window->height());
        QTest::qWait(1'000);
        std::printf("%s, text painted after %.1f ms\n", what, *m_application.text);
        const bool right = print("one event, CPU", m_application.events, bombGoal);
        if (!right)
            std::printf("    %s\n", m_application.worst.constData());
        return right;
    }

    bool runThrough()
    {
        MessageListView& view = m_window->listPane().view();
        view.selectMessage(m_sample.newest.front());
        view.setFocus();
        QTest::qWait(300);
        m_application.events = {};
        for (int i = 1; i < opened; ++i) {
            QTest::keyClick(&view, Qt::Key_Down);
            QTest::qWait(i % 4 == 0 ? 100 : 30); // now and then somebody looks
        }
        QTest::qWait(300);
        std::printf("%d messages by arrow key\n", opened);
        const bool right = print("one event, CPU", m_application.events, blockGoal);
        if (!right) {
            std::printf("    %s\n", m_application.worst.constData());
        }
        return right;
    }

private:
    /// In the loop of a program: QTest's own sleeps for 10 ms wherever nothing is to be done, which was most of what was measured.
    template <class Ready>
    void settle(Ready ready)
    {
        const auto began = Clock::now();
        QTimer guard; // or nothing might wake it
        guard.start(1'000);
        while (!ready()) {
            if (milliseconds(began) > 30'000) {
                std::fprintf(stderr, "the window does not get there\n");
                std::exit(1);
            }
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        }
    }

    TimedApplication& m_application;
    SampleProfile m_sample;
    MailEngine m_engine;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace

int main(int argc, char** argv)
{
    qputenv("AVOCET_SECRETS", "file");
    QStandardPaths::setTestModeEnabled(true);
    TimedApplication application(argc, argv);
    installTheme(application, ThemeChoice::Light);
    const Directory directory(argc > 1 ? argv[1] : nullptr, "avocet-reader-bench");
    const SampleProfile sample = fillProfile(directory.path());
    const SampleConversation conversation = addConversation(directory.path(), sample);
    std::string words;
    while (words.size() < 60'000) {
        words +=
            "A line of the usual length, with https://plans.example/office in it.\n> Quoted.\n";
    }
    const SampleConversation large = addConversation(
        directory.path(), sample,
        {{"Ola", "ola@fjordworks.example", plainBody(words), true, true, false}}, "Large");
    const auto repeated = [](std::string_view unit) {
        std::string all;
        while (all.size() < 5'000'000)
            all += unit;
        return all;
    };
    const std::pair<const char*, std::string> texts[] = {
        {"5 MB of lines",
         repeated("A line of the usual length, with some words in it, and more.\n")},
        {"5 MB in one line", repeated("words without an end ")},
        {"5 MB in one word", repeated("x")},
        {"5 MB of empty lines", repeated("\n") + "."},
        {"5 MB of links", repeated("a@b.example www.c.example ")},
        {"5 MB of quotes of quotes", repeated(">>>> a\n>>>> b\n> c\n")},
    };
    std::vector<SampleConversation> bombs;
    for (const auto& [what, text] : texts)
        bombs.push_back(addConversation(
            directory.path(), sample,
            {{"Ola", "ola@fjordworks.example", plainBody(text), true, true, false}},
            std::string(40 + bombs.size(), 'b'))); // it tells conversations apart by their lengths
    ReaderBench bench(application, directory.path(), sample);
    const std::vector<MessageId> newest(sample.newest.begin(), sample.newest.begin() + opened);
    bool right = bench.open("Cached messages", sample.inbox, newest);
    right = bench.open("A conversation of nine, three of them open", conversation.folder,
                       std::vector<MessageId>(20, conversation.messages.back())) &&
            right;
    right = bench.open("60 KB of text", large.folder,
                       std::vector<MessageId>(20, large.messages.front())) &&
            right;
    right = bench.runThrough() && right;
    for (std::size_t i = 0; i < bombs.size(); ++i)
        right = bench.bomb(texts[i].first, bombs[i].folder, bombs[i].messages.front()) && right;
    return right ? 0 : 1;
}
