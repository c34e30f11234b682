// SPDX-License-Identifier: GPL-3.0-or-later
// Writing an answer of 200 KB in the real compose window, spelling on: what a key costs the GUI thread until it is painted, at
// the start, in the middle and at the end, formatted and plain; and how long the window takes to open. `offscreen` will do.
#include "core/mime/ReplyBuilder.h"
#include "tests/bench/BenchSupport.h"
#include "tests/ui/support/ProfileFixture.h"
#include "ui/compose/ComposeBody.h"
#include "ui/compose/ComposeWindow.h"
#include "ui/compose/SpellMarks.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QTest>

#include <algorithm>

using namespace avocet;
using namespace avocet::bench;

namespace {

constexpr double keyGoal = 16;
constexpr double openGoal = 100;
constexpr int keys = 120;
constexpr int openings = 10;
constexpr std::size_t answerSize = 200'000;

/// Half of it quoted, in paragraphs as people write them, some words bold, some items, some links.
RichText answer()
{
    const std::string words = "The quick brown fox jumps over the lazy dog while teh others wait. ";
    RichText text;
    text.blocks.emplace_back();
    std::size_t size = 0;
    for (int i = 0; size < answerSize; ++i) {
        RichBlock block;
        block.quote = size > answerSize / 2 ? 1 + i % 3 : 0;
        block.kind = i % 7 == 3 ? RichBlock::Kind::Bullet : RichBlock::Kind::Paragraph;
        block.level = block.isItem() ? 1 : 0;
        for (int k = 0; k <= i % 5; ++k) {
            RichRun run{words};
            run.style.bold = k == 1;
            run.style.link = k == 3 ? "https://example.org/" : "";
            size += words.size();
            block.runs.push_back(std::move(run));
        }
        text.blocks.push_back(std::move(block));
    }
    return text;
}

Draft draftOf(const RichText& text, bool rich)
{
    Draft draft;
    draft.to = {{"", "anna@example.org"}};
    draft.subject = "Re: figures";
    setText(draft, text, rich);
    return draft;
}

struct Figures {
    double median = 0, worst = 0;
};

Figures figuresOf(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return {values[values.size() / 2], values.back()};
}

bool print(const char* what, const Figures& figures, double goal)
{
    const bool met = figures.worst <= goal;
    std::printf("%-44s %9.2f ms %9.2f ms   goal %5.0f ms  %s\n", what, figures.median,
                figures.worst, goal, met ? "met" : "MISSED");
    return met;
}

void show(ComposeWindow& window)
{
    window.show();
    QApplication::setActiveWindow(&window);
    (void)QTest::qWaitForWindowExposed(&window);
}

Figures typed(ComposeBody& body, QTextCursor at)
{
    body.setTextCursor(at);
    body.setFocus();
    QTest::qWait(300);
    std::vector<double> costs;
    const char letters[] = "some words are typed here ";
    for (int i = 0; i < keys; ++i) {
        const double before = cpuMicroseconds();
        QTest::keyClick(&body, letters[i % (sizeof letters - 1)]);
        body.viewport()->repaint();
        QTest::qWait(0);
        costs.push_back(cpuMilliseconds(before));
    }
    return figuresOf(std::move(costs));
}

bool benchTyping(MailEngine& engine, const RichText& text, bool rich)
{
    auto* window = new ComposeWindow(engine, draftOf(text, rich));
    show(*window);
    auto* body = window->findChild<ComposeBody*>();
    QTest::qWait(800); // the dictionary
    std::printf("%s, %zu KB, language %s\n", rich ? "Formatted" : "Plain",
                writePlain(text).size() / 1000, qPrintable(body->spelling().languageAt(0)));
    QTextCursor start(body->document());
    QTextCursor middle(start);
    middle.setPosition(body->document()->characterCount() / 3);
    middle.movePosition(QTextCursor::EndOfBlock);
    QTextCursor end(start);
    end.movePosition(QTextCursor::End);
    bool right = print("  a key at the start", typed(*body, start), keyGoal);
    right = print("  a key in the middle", typed(*body, middle), keyGoal) && right;
    right = print("  a key at the end", typed(*body, end), keyGoal) && right;
    const double before = cpuMicroseconds();
    const Draft saved = window->draft();
    std::printf("%-44s %9.2f ms   (each second at most, %zu KB of HTML)\n",
                "  the draft as it is saved", cpuMilliseconds(before), saved.html.size() / 1000);
    delete window;
    return right;
}

bool benchOpening(MailEngine& engine, const char* what, const Draft& draft)
{
    std::vector<double> costs;
    for (int i = 0; i < openings; ++i) {
        const double before = cpuMicroseconds();
        auto* window = new ComposeWindow(engine, draft);
        show(*window);
        costs.push_back(cpuMilliseconds(before));
        delete window;
    }
    return print(what, figuresOf(std::move(costs)), openGoal);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    installTheme(app);
    ProfileFixture profile;
    profile.addAccount("anna@example.org");
    std::printf("%-44s %12s %12s   (CPU time)\n", "", "median", "worst");
    const RichText long200 = answer();
    RichText usual;
    usual.blocks.assign(long200.blocks.begin(), long200.blocks.begin() + 40);
    bool right =
        benchOpening(profile.engine(), "The window opens, new", draftOf({{RichBlock{}}}, true));
    right = benchOpening(profile.engine(), "The window opens, an answer of 10 KB",
                         draftOf(usual, true)) &&
            right;
    right = benchOpening(profile.engine(), "The window opens, an answer of 200 KB",
                         draftOf(long200, true)) &&
            right;
    right = benchTyping(profile.engine(), long200, true) && right;
    right = benchTyping(profile.engine(), long200, false) && right;
    return right ? 0 : 1;
}
