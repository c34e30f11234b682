// SPDX-License-Identifier: GPL-3.0-or-later
// B1-15 in the real reader: the longest event of the GUI thread and the memory of each, as it is opened, its source shown,
// words looked for and the window resized. As root mail is text alone, else the HTML view takes part. Not in ctest,
// `offscreen` will do: BombBench [NUMBER...]
#include "core/engine/MailEngine.h"
#include "tests/bench/TimedApplication.h"
#include "tests/support/Bombs.h"
#include "ui/reader/BodySettings.h"
#include "ui/reader/HtmlViews.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/MessageCard.h"
#include "ui/reader/ReaderPane.h"
#include "ui/reader/SourceWindow.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QFile>
#include <QStandardPaths>
#include <QTest>

#include <sys/resource.h>

using namespace avocet;
using namespace avocet::bench;

namespace {

constexpr double eventGoal = 100;

long peakMegabytes()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

/// Forgets the peak so far.
void forgetPeak()
{
    QFile file(QStringLiteral("/proc/self/clear_refs"));
    if (file.open(QIODevice::WriteOnly))
        file.write("5");
}

bool open(TimedApplication& application, ReaderPane& reader, const QString& file, int number)
{
    forgetPeak();
    application.events = {};
    application.worst.clear();
    const auto began = Clock::now();
    reader.showFile(file);
    const auto here = [&reader] { return reader.opened() != nullptr; };
    if (!QTest::qWaitFor(here, 60'000)) {
        std::printf("B%-3d is not shown\n", number);
        return false;
    }
    const double shown = milliseconds(began);
    QTest::qWait(1'500);
    const double opening = application.events.worst();
    reader.find();
    reader.conversation().scrollToEnd(true);
    reader.resize(700, reader.height());
    QTest::qWait(500);
    reader.resize(900, reader.height());
    for (auto* button : reader.findChildren<QAbstractButton*>()) {
        if (button->isVisible() && button->text() == u"Show the rest")
            button->click();
    }
    QTest::qWait(1'000);
    reader.showSource();
    QTest::qWait(500);
    for (QWidget* window : QApplication::topLevelWidgets()) {
        if (qobject_cast<SourceWindow*>(window))
            window->close();
    }
    const MessageCard* card = reader.conversation().current();
    const bool html = card && card->body() && card->body()->showsHtml();
    const double worst = application.events.worst();
    std::printf("B%-3d %-5s here after %6.0f ms, one event %6.1f ms as it opens, %6.1f ms in all, "
                "peak %4ld MB%s %s\n",
                number, html ? "HTML" : "text", shown, opening, worst, peakMegabytes(),
                worst > eventGoal ? "  MISSED" : "",
                worst > eventGoal ? application.worst.constData() : "");
    std::fflush(stdout);
    reader.showNothing();
    QTest::qWait(200);
    return worst <= eventGoal;
}

} // namespace

int main(int argc, char** argv)
{
    qputenv("AVOCET_SECRETS", "file");
    QStandardPaths::setTestModeEnabled(true);
    TimedApplication application(argc, argv);
    installTheme(application, ThemeChoice::Light);
    const Directory directory(nullptr, "avocet-bomb-bench");
    MailEngine engine(EngineOptions{directory.path(), false});
    check(engine.open());
    BodySettings bodies;
    ReaderPane reader(engine, bodies);
    reader.resize(900, 900);
    reader.show();
    std::vector<int> numbers;
    for (int i = 1; i < argc; ++i)
        numbers.push_back(std::atoi(argv[i]));
    for (int i = 1; argc == 1 && i <= 15; ++i)
        numbers.push_back(i);
    bool right = true;
    for (const int number : numbers) {
        const QString file = QString::fromStdString((directory.path() / "bomb.eml").string());
        QFile out(file);
        const std::string message = test::bomb(number);
        if (!out.open(QIODevice::WriteOnly) ||
            out.write(message.data(), static_cast<qint64>(message.size())) < 0)
            return 1;
        out.close();
        right = open(application, reader, file, number) && right;
    }
    return right ? 0 : 1;
}
