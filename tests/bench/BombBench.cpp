// SPDX-License-Identifier: GPL-3.0-or-later
// B1-15 in the real window: they lie in a profile as a server would have brought them, and are opened through list, engine
// and body store. Of each: when it is shown, how far the memory grows, the longest event of the GUI's thread as it is
// opened, its source shown, words looked for and the window resized. As root mail is text alone, else the HTML view takes
// part. Not in ctest, `offscreen` will do: BombBench [NUMBER...]
#include "core/engine/EnvelopeMapper.h"
#include "core/engine/MailEngine.h"
#include "core/engine/Stores.h"
#include "tests/bench/TimedApplication.h"
#include "tests/support/Bombs.h"
#include "tests/ui/support/SampleProfile.h"
#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/MainWindow.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/MessageText.h"
#include "ui/reader/ReaderPane.h"
#include "ui/reader/SourceWindow.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QFile>
#include <QPointer>
#include <QStandardPaths>
#include <QTest>

#include <malloc.h>

#include <memory>
#include <span>
#include <utility>

using namespace avocet;
using namespace avocet::bench;

namespace {

constexpr double timeGoal = 2'000;
constexpr double eventGoal = 100;
constexpr long memoryGoal = 300;
constexpr int patience = 60'000;
constexpr double restsFor = 10'000;

using Bombs = std::vector<std::pair<int, MessageId>>;

/// A line of /proc/self/status in megabytes.
long megabytes(const char* name)
{
    QFile file(QStringLiteral("/proc/self/status"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QByteArray all = file.readAll();
    const qsizetype at = all.indexOf(QByteArray("\n") + name + ':');
    return at < 0
               ? 0
               : all.mid(at + qsizetype(qstrlen(name)) + 2).trimmed().split(' ').front().toLong() /
                     1024;
}

/// How far the memory of this process grows from here on.
class Growth {
public:
    Growth()
    {
        malloc_trim(0);
        QFile file(QStringLiteral("/proc/self/clear_refs"));
        if (file.open(QIODevice::WriteOnly))
            file.write("5"); // forgets the peak so far
        m_before = megabytes("VmRSS");
    }
    long soFar() const { return megabytes("VmHWM") - m_before; }

private:
    long m_before = 0;
};

std::string rawField(const std::string& raw, const char* name)
{
    return headerField(std::string_view(raw).substr(0, 8 * test::kMegabyte), name)
        .value_or(std::string());
}

/// As a sync leaves them: the envelope from the server's words, the body packed.
Bombs addBombs(const std::filesystem::path& profile, AccountId account, FolderId& folder,
               const std::vector<int>& numbers)
{
    auto stores = check(Stores::open(profile, Access::ReadWrite));
    folder = check(stores->folders.findByMailbox(account, "Receipts")).id;
    Bombs made;
    for (const int number : numbers) {
        const std::string raw = test::bomb(number);
        Envelope envelope;
        envelope.uid = static_cast<std::uint32_t>(number);
        envelope.internalDate = std::time(nullptr) - number * 60;
        envelope.flags = Seen;
        envelope.size = static_cast<std::int64_t>(raw.size());
        envelope.subject = rawField(raw, "Subject");
        envelope.from.push_back({"", "a", "example.org"});
        if (const std::string to = rawField(raw, "To"); !to.empty())
            envelope.to.push_back({to, "b", "example.org"});
        envelope.messageId = "<bomb" + std::to_string(number) + "@example.org>";
        const NewMessage row = mapEnvelope(envelope);
        check(stores->mail->transaction([&]() -> Status {
            auto inserted = stores->messages.insert(folder, std::span(&row, 1));
            if (!inserted)
                return tl::unexpected(inserted.error());
            made.emplace_back(number, inserted->appeared.front());
            return stores->messages.setBody(made.back().second, true);
        }));
        check(stores->bodies.put(made.back().second, raw));
    }
    return made;
}

class BombBench {
public:
    BombBench(TimedApplication& application, const std::filesystem::path& profile)
        : m_application(application)
        , m_engine(EngineOptions{profile, false})
    {
        check(m_engine.open());
        m_window = std::make_unique<MainWindow>(m_engine, profile);
        m_window->resize(1'400, 900);
        m_window->show();
        m_window->readerPane().setMarkReadAfter({});
    }

    /// The words of all of them, which the engine takes in by itself.
    bool index()
    {
        const Growth growth;
        begin();
        // Not all of the sample has bodies: it is done when nothing more comes.
        std::int64_t whole = -1;
        double since = 0;
        const auto rests = [&] {
            const std::int64_t known = m_engine.queries().coverage().whole;
            const double now = milliseconds(m_began);
            if (std::exchange(whole, known) != known)
                since = now;
            return known > 0 && now - since > restsFor;
        };
        const bool done = QTest::qWaitFor(rests, 300'000);
        QTest::qWait(300);
        return judge("indexed", "", since, 300'000, growth.soFar()) && done;
    }

    bool list(FolderId folder, int count)
    {
        const Growth growth;
        begin();
        m_window->folderPane().selectKey(QStringLiteral("folder/%1").arg(folder.value));
        const auto listed = [this, count] {
            return m_window->listPane().model().rowCount() == count;
        };
        if (!QTest::qWaitFor(listed, patience)) {
            std::printf("the bombs are not listed\n");
            return false;
        }
        m_window->listPane().view().viewport()->repaint();
        const double shown = milliseconds(m_began);
        QTest::qWait(500);
        return judge("listed", "", shown, timeGoal, growth.soFar());
    }

    bool open(int number, MessageId message)
    {
        reader().showNothing();
        QTest::qWait(300);
        const Growth growth;
        begin();
        const QByteArray name = "B" + QByteArray::number(number);
        m_window->listPane().view().selectMessage(message);
        if (!QTest::qWaitFor([this, message] { return isShown(message); }, patience)) {
            std::printf("%s is not shown\n", name.constData());
            return false;
        }
        const double shown = milliseconds(m_began);
        QTest::qWait(1'500);
        const MessageCard* card = reader().conversation().current();
        const bool html = card && card->body() && card->body()->showsHtml();
        bool right = judge(name + (html ? " HTML" : " text"), "as it opens", shown, timeGoal,
                           growth.soFar());
        m_application.worst.clear();
        m_application.events = {};
        use();
        return judge(name + (html ? " HTML" : " text"), "as it is used", 0, timeGoal,
                     growth.soFar()) &&
               right;
    }

private:
    ReaderPane& reader() { return m_window->readerPane(); }

    void begin()
    {
        m_application.events = {};
        m_application.worst.clear();
        m_began = Clock::now();
    }

    /// Its text, or that it has none.
    bool isShown(MessageId message)
    {
        MessageCard* card = reader().conversation().card(message);
        if (!card || !card->opened() || !card->body())
            return false;
        if (m_body != card->body()) {
            m_body = card->body();
            m_bodyShown = !m_body->textView()->isHidden() || m_body->isEmpty();
            QObject::connect(m_body, &MessageBody::shown, m_body, [this] { m_bodyShown = true; });
        }
        return m_bodyShown || !m_body->textView()->isHidden() || m_body->isEmpty();
    }

    /// What people do with a message.
    void use()
    {
        reader().find();
        reader().conversation().scrollToEnd(true);
        m_window->resize(1'200, m_window->height());
        QTest::qWait(500);
        m_window->resize(1'400, m_window->height());
        for (auto* button : reader().findChildren<QAbstractButton*>()) {
            if (button->isVisible() && button->text() == u"Show the rest")
                button->click();
        }
        QTest::qWait(1'000);
        reader().showSource();
        QTest::qWait(500);
        for (QWidget* window : QApplication::topLevelWidgets()) {
            if (qobject_cast<SourceWindow*>(window))
                window->close();
        }
        QTest::qWait(100);
    }

    bool judge(const QByteArray& what, const char* when, double shown, double mostTime, long memory)
    {
        const double event = m_application.events.worst();
        const bool right = shown <= mostTime && event <= eventGoal && memory <= memoryGoal;
        std::printf("%-9s %-13s", what.constData(), when);
        shown > 0 ? void(std::printf(" after %6.0f ms,", shown)) : void(std::printf("%17s", ""));
        std::printf(" one event %6.1f ms, memory grew by %4ld MB%s%s\n", event, memory,
                    right ? "" : "  MISSED ",
                    event > eventGoal ? m_application.worst.constData() : "");
        std::fflush(stdout);
        return right;
    }

    TimedApplication& m_application;
    MailEngine m_engine;
    std::unique_ptr<MainWindow> m_window;
    Clock::time_point m_began;
    QPointer<MessageBody> m_body;
    bool m_bodyShown = false;
};

} // namespace

int main(int argc, char** argv)
{
    qputenv("AVOCET_SECRETS", "file");
    QStandardPaths::setTestModeEnabled(true);
    TimedApplication application(argc, argv);
    installTheme(application, ThemeChoice::Light);
    const Directory directory(nullptr, "avocet-bomb-bench");
    std::vector<int> numbers;
    for (int i = 1; i < argc; ++i)
        numbers.push_back(std::atoi(argv[i]));
    for (int i = 1; argc == 1 && i <= 15; ++i)
        numbers.push_back(i);
    SampleOptions options;
    options.inboxMessages = 200;
    const SampleProfile sample = fillProfile(directory.path(), options);
    FolderId folder;
    const Bombs bombs = addBombs(directory.path(), sample.account, folder, numbers);
    std::printf("goals: %.0f ms, one event %.0f ms, memory %ld MB\n", timeGoal, eventGoal,
                memoryGoal);
    BombBench bench(application, directory.path());
    bool right = bench.index();
    right = bench.list(folder, static_cast<int>(bombs.size())) && right;
    for (const auto& [number, message] : bombs)
        right = bench.open(number, message) && right;
    return right ? 0 : 1;
}
