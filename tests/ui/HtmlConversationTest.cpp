// SPDX-License-Identifier: GPL-3.0-or-later
// A conversation of HTML mail in the real view.
#include "ConversationBench.h"

#include "ui/reader/FindBar.h"
#include "ui/reader/HtmlViews.h"
#include "ui/reader/MessageBody.h"
#include "ui/reader/Sandbox.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QTest>

using namespace avocet;
using Bench = ConversationBench;

namespace {

SampleLetter letter(const std::string& html, bool seen = true)
{
    return {"Marta Nowak", "marta.nowak@polnoc.example",
            "Content-Type: text/html; charset=utf-8\r\n\r\n" + html + "\r\n", seen};
}

bool isLaidOut(Bench& bench, int index)
{
    return QTest::qWaitFor(
        [&] {
            const MessageCard* card = bench.view().card(bench.at(index));
            return card && card->body() && card->body()->isShown() && card->body()->showsHtml();
        },
        30'000);
}

} // namespace

class HtmlConversationTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        installTheme(*qApp, ThemeChoice::Light);
        if (const QString problem = sandboxProblem(); !problem.isEmpty())
            QSKIP(qPrintable(problem));
        QCOMPARE(htmlViewProblem(), QString());
    }
    void findsWordsInPagesThatAreYetToBeLaidOut();
    void findsWordsAgainInAPageThatIsLaidOutAnew();
    void goesOnByOnePlaceForEachReturn();
    void goesByKeyToTheEndOfATallPage();
    void everyPartHasANameForThoseWhoHearIt();
};

void HtmlConversationTest::findsWordsInPagesThatAreYetToBeLaidOut()
{
    Bench bench({letter("<p>A need<b>le</b>"), letter("<p>hay"), letter("<p>needle, needle")});
    bench.reader->showMessage({}, bench.at(2));
    bench.reader->find(); // before anything is there
    auto* bar = bench.reader->findChild<FindBar*>();
    auto* field = bar->findChild<QLineEdit*>();
    auto* count = bar->findChild<QLabel*>();
    QTest::keyClicks(field, QStringLiteral("needle"));
    QTRY_COMPARE_WITH_TIMEOUT(count->text(), QStringLiteral("3 places"), 30'000);
    QVERIFY(isLaidOut(bench, 2));
    QTRY_COMPARE_WITH_TIMEOUT(count->text(), QStringLiteral("3 places"), 30'000);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(count->text(), QStringLiteral("2 of 3"), 30'000);
    // The first one is folded, and is looked through when its page is there.
    QVERIFY(!bench.view().card(bench.at(0))->isOpen());
    QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(count->text(), QStringLiteral("1 of 3"), 30'000);
    QVERIFY(bench.view().card(bench.at(0))->isOpen());
}

void HtmlConversationTest::findsWordsAgainInAPageThatIsLaidOutAnew()
{
    Bench bench({letter("<p>needle, needle")});
    QVERIFY(bench.open(0) && isLaidOut(bench, 0));
    bench.reader->find();
    auto* bar = bench.reader->findChild<FindBar*>();
    auto* field = bar->findChild<QLineEdit*>();
    auto* count = bar->findChild<QLabel*>();
    QTest::keyClicks(field, QStringLiteral("needle"));
    QTRY_COMPARE_WITH_TIMEOUT(count->text(), QStringLiteral("2 places"), 30'000);
    QTest::keyClick(field, Qt::Key_Return);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(count->text(), QStringLiteral("2 of 2"), 30'000);
    bench.view().card(bench.at(0))->body()->loadPictures();
    QTest::keyClick(field, Qt::Key_Return); // at once
    QTRY_COMPARE_WITH_TIMEOUT(count->text(), QStringLiteral("1 of 2"), 30'000);
}

void HtmlConversationTest::goesOnByOnePlaceForEachReturn()
{
    Bench bench({letter("<p>needle, needle, needle, needle")});
    QVERIFY(bench.open(0) && isLaidOut(bench, 0));
    bench.reader->find();
    auto* bar = bench.reader->findChild<FindBar*>();
    auto* field = bar->findChild<QLineEdit*>();
    auto* count = bar->findChild<QLabel*>();
    QTest::keyClicks(field, QStringLiteral("needle"));
    QTRY_COMPARE_WITH_TIMEOUT(count->text(), QStringLiteral("4 places"), 30'000);
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(count->text(), QStringLiteral("1 of 4"), 30'000);
    QTest::keyClick(field, Qt::Key_Return);
    QTest::keyClick(field, Qt::Key_Return); // faster than the page answers
    QTRY_COMPARE_WITH_TIMEOUT(count->text(), QStringLiteral("3 of 4"), 30'000);
    QTest::keyClick(field, Qt::Key_Return);
    QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
    QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
    QTRY_COMPARE_WITH_TIMEOUT(count->text(), QStringLiteral("2 of 4"), 30'000);
}

void HtmlConversationTest::goesByKeyToTheEndOfATallPage()
{
    Bench bench({letter("<body style='margin:0'><div style='height:40000px'>a</div>")});
    QVERIFY(bench.open(0) && isLaidOut(bench, 0));
    HtmlView* html = bench.view().card(bench.at(0))->body()->htmlView();
    QTRY_COMPARE(html->height(), 16'000);
    QScrollBar* bar = bench.view().verticalScrollBar();
    QTRY_VERIFY(bar->maximum() > 15'000);
    const auto within = [html] { // what is left below
        const int went = html->scrollWithin(100'000);
        html->scrollWithin(-went);
        return went;
    };
    const int all = within();
    QVERIFY(all >= 24'000);
    QTest::keyClick(bench.reader.get(), Qt::Key_Space);
    QVERIFY(within() < all);
    int presses = 0;
    for (; presses < 200 && bar->value() < bar->maximum(); ++presses)
        QTest::keyClick(bench.reader.get(), Qt::Key_PageDown);
    QVERIFY2(presses > 40, "pages were passed over");
    QCOMPARE(within(), 0);
    QTest::keyClick(bench.reader.get(), Qt::Key_Home);
    QCOMPARE(bar->value(), 0);
    QCOMPARE(within(), all);
    QTest::keyClick(bench.reader.get(), Qt::Key_End);
    QCOMPARE(bar->value(), bar->maximum());
    QCOMPARE(within(), 0);
    QTest::keyClick(bench.reader.get(), Qt::Key_Up);
    QVERIFY(within() > 0);
}

void HtmlConversationTest::everyPartHasANameForThoseWhoHearIt()
{
    SampleLetter parts = letter({});
    parts.body = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
                 "Content-Type: text/html\r\n\r\n"
                 "<p>words <a href='https://a.example/'>link</a>"
                 "<img src='https://127.0.0.1:9/a.png' width=90 height=90>\r\n"
                 "--x\r\nContent-Type: application/pdf\r\n"
                 "Content-Disposition: attachment; filename=\"Offer.pdf\"\r\n\r\nx\r\n"
                 "--x\r\nContent-Type: application/octet-stream\r\n"
                 "Content-Disposition: attachment; filename=\"setup.exe\"\r\n\r\nx\r\n--x--\r\n";
    Bench bench({letter("<p>before"), parts});
    QVERIFY(bench.open(1) && isLaidOut(bench, 1));
    QTRY_VERIFY(!bench.reader->findChildren<InfoBar*>().isEmpty());
    int heard = 0;
    for (QWidget* widget : bench.reader->findChildren<QWidget*>()) {
        if (!widget->isVisible() || !(widget->focusPolicy() & Qt::TabFocus)) {
            continue;
        }
        ++heard;
        const auto* button = qobject_cast<QAbstractButton*>(widget);
        QVERIFY2(
            !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
            qPrintable(QStringLiteral("%1 in %2")
                           .arg(QLatin1String(widget->metaObject()->className()),
                                QLatin1String(widget->parentWidget()->metaObject()->className()))));
    }
    QVERIFY(heard > 15);
    QWidget* taker = bench.view().card(bench.at(1))->body()->focusTaker();
    QCOMPARE(taker->accessibleName(), QStringLiteral("Message text"));
    // What takes the keyboard in its place is called the same.
    for (QWidget* at = taker->focusProxy(); at; at = at->focusProxy())
        QCOMPARE(at->accessibleName(), QStringLiteral("Message text"));
}

QTEST_MAIN(HtmlConversationTest)
#include "HtmlConversationTest.moc"
