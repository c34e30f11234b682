// SPDX-License-Identifier: GPL-3.0-or-later
// What HTML mail costs: from setMessage() to laid out, and the memory of one and of ten open messages. Judged are the median
// and the worst of 200 messages behind the first, each in a body of its own and looked at for 0.6 s. Where the view cannot run
// nothing is measured, and the exit code is 2. Not in ctest; run as a user who is not root: HtmlBench.
#include "core/mime/MessageReader.h"
#include "ui/reader/BodySettings.h"
#include "ui/reader/HtmlViews.h"
#include "ui/reader/MessageBody.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

#include <algorithm>
#include <cstdio>
#include <string>
#include <unistd.h>

namespace {

using namespace avocet;

constexpr int rounds = 200;
constexpr double goal = 120; ///< milliseconds, for the median and the worst
constexpr int cannotRun = 2;

std::vector<std::shared_ptr<const OpenedMessage>> readLayouts()
{
    std::vector<std::shared_ptr<const OpenedMessage>> messages;
    const QDir directory(QStringLiteral(AVOCET_SOURCE_ROOT "/tests/html/layouts"));
    for (const QString& name : directory.entryList({QStringLiteral("*.html")})) {
        QFile file(directory.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            continue;
        auto opened = std::make_shared<OpenedMessage>();
        opened->raw =
            "Content-Type: text/html; charset=utf-8\r\n\r\n" + file.readAll().toStdString();
        opened->parsed = readMessage(opened->raw);
        opened->hasBody = true;
        opened->summary.subject = name.toStdString();
        messages.push_back(opened);
    }
    return messages;
}

/// Proportional memory in MB of this process and all that it started.
double memory()
{
    QHash<QByteArray, QByteArray> parents;
    for (const QString& pid : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
        if (stat.open(QIODevice::ReadOnly)) {
            const QByteArray line = stat.readAll();
            parents.insert(pid.toLatin1(), line.mid(line.lastIndexOf(')') + 4).split(' ').front());
        }
    }
    const QByteArray own = QByteArray::number(getpid());
    double sum = 0;
    for (auto it = parents.cbegin(); it != parents.cend(); ++it) {
        QByteArray above = it.key();
        while (parents.contains(above) && above != own)
            above = parents.value(above);
        QFile rollup(QStringLiteral("/proc/%1/smaps_rollup").arg(QString::fromLatin1(it.key())));
        if (above != own || !rollup.open(QIODevice::ReadOnly))
            continue;
        const QByteArray text = rollup.readAll();
        sum += text.mid(text.indexOf("\nPss:") + 5).trimmed().split(' ').front().toDouble() / 1024;
    }
    return sum;
}

struct Bench {
    Bench()
    {
        auto* column = new QVBoxLayout(&window);
        column->setContentsMargins(0, 0, 0, 0);
        column->addStretch(1);
        renew();
        window.resize(800, 900);
        window.show();
    }

    /// As the reader makes one for each message, and lets that of the one before go.
    void renew()
    {
        auto* const before = body;
        body = new MessageBody(settings, bars, &window);
        static_cast<QVBoxLayout*>(window.layout())->insertWidget(0, body);
        delete before;
    }

    double open(const std::shared_ptr<const OpenedMessage>& message)
    {
        QSignalSpy shown(body, &MessageBody::shown);
        QElapsedTimer timer;
        timer.start();
        body->setMessage(message);
        if (shown.isEmpty() && !shown.wait(60'000))
            qFatal("a message is not shown");
        return static_cast<double>(timer.nsecsElapsed()) / 1e6;
    }

    QWidget window;
    BodySettings settings;
    InfoBarStack bars;
    MessageBody* body = nullptr;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    installTheme(app, ThemeChoice::Light);
    if (const QString problem = htmlViewProblem(); !problem.isEmpty()) {
        std::fprintf(stderr, "not measured: %s\n", qPrintable(problem));
        return cannotRun;
    }
    const auto messages = readLayouts();
    if (messages.empty())
        qFatal("no layouts");
    std::printf("text only                    %7.1f MB\n", memory());
    Bench bench;
    const double first = bench.open(messages.front());
    if (!bench.body->showsHtml()) {
        std::fprintf(stderr, "not measured: %s\n", qPrintable(htmlViewProblem()));
        return cannotRun;
    }
    std::printf("first HTML mail              %7.1f ms\n", first);
    QTest::qWait(1'000);
    std::printf("one HTML mail open           %7.1f MB\n", memory());
    {
        std::vector<std::unique_ptr<Bench>> more;
        for (std::size_t i = 0; i < 9; ++i) {
            more.push_back(std::make_unique<Bench>());
            more.back()->open(messages[i]);
        }
        QTest::qWait(1'000);
        std::printf("ten HTML mails open          %7.1f MB\n", memory());
    }
    QTest::qWait(2'000);
    std::printf("one of them left             %7.1f MB\n", memory());
    std::vector<double> times;
    std::string worst;
    for (int i = 0; i < rounds; ++i) {
        const auto& message = messages[static_cast<std::size_t>(i) % messages.size()];
        QTest::qWait(600); // as for somebody who looks at each
        bench.renew();
        const double time = bench.open(message);
        if (times.empty() || time > *std::max_element(times.begin(), times.end()))
            worst = message->summary.subject;
        times.push_back(time);
    }
    QTest::qWait(1'000);
    std::printf("one, %d mails later         %7.1f MB\n", rounds, memory());
    std::sort(times.begin(), times.end());
    const double median = times[times.size() / 2];
    const auto verdict = [](double time) { return time <= goal ? "" : "  MISSED"; };
    std::printf("the next %3d, median         %7.1f ms, goal %.0f%s\n", rounds, median, goal,
                verdict(median));
    std::printf("              worst          %7.1f ms, goal %.0f%s: %s, %td of %d over it\n",
                times.back(), goal, verdict(times.back()), worst.c_str(),
                times.end() - std::upper_bound(times.begin(), times.end(), goal), rounds);
    return times.back() <= goal ? 0 : 1;
}
