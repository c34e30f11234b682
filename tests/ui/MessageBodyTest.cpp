// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/MessageBody.h"
#include "BodyReader.h"
#include "ui/reader/CardColumn.h"
#include "ui/reader/MessageText.h"
#include "ui/reader/Sandbox.h"
#include "ui/theme/Theme.h"

#include <QBuffer>
#include <QClipboard>
#include <QImage>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>
#include <QWheelEvent>

#include <optional>

using namespace avocet;

namespace {

/// Keys that come as far as here.
class KeyWatch : public QObject {
public:
    bool eventFilter(QObject*, QEvent* event) override
    {
        if (event->type() == QEvent::KeyPress)
            seen.append(static_cast<QKeyEvent*>(event)->key());
        return false;
    }
    QList<int> seen;
};

} // namespace

class MessageBodyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        installTheme(*qApp, ThemeChoice::Light);
        if (const QString problem = sandboxProblem(); !problem.isEmpty())
            QSKIP(qPrintable(problem));
        QCOMPARE(htmlViewProblem(), QString());
    }

    void showsHtmlAsTallAsItIs()
    {
        BodyReader reader;
        QVERIFY(
            reader.read(message("<body style='margin:0'><div style='height:1234px'>tall</div>")));
        QVERIFY(reader.body->showsHtml());
        QTRY_COMPARE(reader.body->htmlView()->height(), 1234);
        QTRY_COMPARE(reader.below->y() - reader.body->geometry().bottom() - 1,
                     reader.below->parentWidget()->layout()->spacing());
        QVERIFY(
            reader.read(message("<body style='margin:0'><div style='height:50px'>short</div>")));
        QTRY_COMPARE(reader.body->htmlView()->height(), 50);
    }

    void opensLinksThroughSignalsAlone()
    {
        BodyReader reader;
        QVERIFY(
            reader.read(message("<body style='margin:0'><a style='display:block;height:60px' "
                                "href='https://shop.example/a?b=1&amp;c=2'>read <b>more</b></a>")));
        QSignalSpy activated(reader.body, &MessageBody::linkActivated);
        QSignalSpy hovered(reader.body, &MessageBody::linkHovered);
        QWidget* page = reader.page();
        const QUrl target(QStringLiteral("https://shop.example/a?b=1&c=2"));
        QTest::mouseMove(page, QPoint(20, 20));
        QTRY_VERIFY(!hovered.isEmpty() && hovered.last().front().toUrl() == target);
        QTest::mouseClick(page, Qt::LeftButton, {}, QPoint(20, 20));
        QTRY_COMPARE(activated.size(), 1);
        QCOMPARE(activated.first().at(0).toUrl(), target);
        QCOMPARE(activated.first().at(1).toString(), QStringLiteral("read more"));
        QCOMPARE(reader.body->htmlView()->height(), 60);
    }

    void leavesThePageBehindItsLastLink()
    {
        QWidget window;
        auto* first = new QPushButton(&window);
        auto* before = new QPushButton(&window);
        auto* column = new CardColumn(&window);
        BodySettings settings;
        auto* bars = new InfoBarStack(&window);
        auto* body = new MessageBody(settings, *bars);
        auto* behind = new QPushButton;
        column->setTabAnchor(before);
        column->insert(0, body);
        column->insert(1, behind);
        connect(column, &CardColumn::heightsChanged, column, [column] { column->layOut(600); });
        auto* layout = new QVBoxLayout(&window);
        layout->addWidget(first);
        layout->addWidget(before);
        layout->addWidget(column, 1);
        window.resize(640, 500);
        window.show();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        for (int i = 0; i < 2; ++i) { // the engine's inner widget is another one the second time
            QSignalSpy shown(body, &MessageBody::shown);
            body->setMessage(message("<a href='https://a.example/'>one</a> "
                                     "<a href='https://b.example/'>two</a>"));
            QVERIFY(!shown.isEmpty() || shown.wait(30'000));
            QTest::qWait(300);
            before->setFocus();
            for (int presses = 0; presses < 8 && !behind->hasFocus(); ++presses) {
                QVERIFY2(!first->hasFocus(), "the first stop of the window");
                QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
                QTest::qWait(200);
            }
            QVERIFY(behind->hasFocus());
        }
    }

    void loadsNothingByItselfForASenderWhomTheServerDoubts()
    {
        BodyReader reader;
        reader.settings.setConsent({[](const QString&) { return true; }, [](const QString&) {}});
        const auto read = [&reader](const char* method, AuthOutcome outcome) {
            auto opened = std::make_shared<OpenedMessage>(
                *message("<p>words</p><img src='https://127.0.0.1:9/a.png' width=90 height=90>"));
            if (method)
                opened->insight.authentication =
                    Authentication{"mx.example", {{method, outcome, "shop.example", {}}}};
            reader.read(opened);
            QString words;
            for (const InfoBar* bar : reader.bars->findChildren<InfoBar*>())
                words += bar->message().text;
            return words;
        };
        QCOMPARE(read(nullptr, AuthOutcome::None), QString());
        QCOMPARE(read("dmarc", AuthOutcome::Pass), QString());
        QVERIFY(read("dmarc", AuthOutcome::Fail)
                    .startsWith(QStringLiteral("Pictures are not loaded by themselves, since your "
                                               "server could not confirm")));
        QVERIFY(!read("spf", AuthOutcome::Fail).isEmpty());
    }

    void followsLinksByTheKeyboard()
    {
        BodyReader reader;
        QVERIFY(reader.read(message(
            "<p>a <a href='https://x.example/1'>one</a> <a href='https://x.example/2'>two</a>")));
        QSignalSpy activated(reader.body, &MessageBody::linkActivated);
        QApplication::setActiveWindow(&reader.scroll);
        reader.body->focusTaker()->setFocus(Qt::OtherFocusReason);
        QWidget* page = reader.page();
        QTest::keyClick(page, Qt::Key_Tab);
        QTest::keyClick(page, Qt::Key_Return);
        QTRY_COMPARE(activated.size(), 1);
        // Behind the last link the keyboard leaves the page.
        const auto left = [&] { return QApplication::focusWidget() != page; };
        for (int tab = 0; tab < 4 && !left(); ++tab) {
            QTest::keyClick(page, Qt::Key_Tab);
            (void)QTest::qWaitFor(left, 500);
        }
        QVERIFY(left());
    }

    void leavesWheelAndKeysToTheReader()
    {
        BodyReader reader;
        QVERIFY(
            reader.read(message("<body style='margin:0'><div style='height:3000px'>tall</div>")));
        QTRY_VERIFY(reader.scroll.verticalScrollBar()->maximum() > 2'000);
        QWidget* page = reader.page();
        QWheelEvent wheel(QPointF(50, 50), page->mapToGlobal(QPointF(50, 50)), {}, {0, -240},
                          Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QSpontaneKeyEvent::setSpontaneous(&wheel); // as from a mouse: others do not go to parents
        qApp->notify(page, &wheel);
        QTRY_VERIFY(reader.scroll.verticalScrollBar()->value() > 0);
        KeyWatch keys;
        reader.scroll.widget()->installEventFilter(&keys);
        QTest::keyClick(page, Qt::Key_R);
        QTest::keyClick(page, Qt::Key_Space);
        QTRY_COMPARE(keys.seen, QList<int>({Qt::Key_R, Qt::Key_Space}));
    }

    void findsWordsAndSaysWhere()
    {
        BodyReader reader;
        QVERIFY(
            reader.read(message("<body style='margin:0'><div style='display:none'>needle</div><div "
                                "style='height:500px'>a needle</div><p>Nee<b>dle</b> two")));
        QTRY_VERIFY(reader.body->htmlView()->height() > 500);
        std::optional<HtmlFound> found;
        const auto find = [&](bool backward) {
            found.reset();
            reader.body->htmlView()->find(QStringLiteral("needle"), backward,
                                          [&](const HtmlFound& result) { found = result; });
        };
        find(false);
        QTRY_VERIFY(found);
        QCOMPARE(found->all, 2);
        QCOMPARE(found->active, 1);
        QVERIFY(found->where.top() < 30 && found->where.height() > 5);
        find(false);
        QTRY_VERIFY(found);
        QCOMPARE(found->active, 2);
        QVERIFY(found->where.top() > 480);
        find(true);
        QTRY_VERIFY(found);
        QCOMPARE(found->active, 1);
    }

    void growsWithTheZoom()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<body style='margin:0'><div style='height:200px'>a</div>")));
        QTRY_COMPARE(reader.body->htmlView()->height(), 200);
        reader.settings.setZoom(1.5);
        QTRY_COMPARE(reader.body->htmlView()->height(), 300);
        reader.settings.setZoom(1);
        QTRY_COMPARE(reader.body->htmlView()->height(), 200);
    }

    void wrapsToItsWidth()
    {
        BodyReader reader;
        QVERIFY(reader.read(
            message("<body style='margin:0'>" + QByteArray("some words ").repeated(300))));
        QTRY_VERIFY(reader.body->htmlView()->height() > 100);
        const int wide = reader.body->htmlView()->height();
        reader.scroll.resize(360, 500);
        QTRY_VERIFY(reader.body->htmlView()->height() > wide * 3 / 2);
        reader.scroll.resize(700, 500);
        QTRY_COMPARE(reader.body->htmlView()->height(), wide);
    }

    void makesWidePagesSmallerWhereTheyStayReadable()
    {
        BodyReader reader;
        QVERIFY(reader.read(
            message("<body style='margin:0'><div style='width:750px;height:400px'>a</div>")));
        const double room = reader.body->htmlView()->width();
        QVERIFY(room < 750);
        QTRY_VERIFY(qAbs(reader.body->htmlView()->height() - 400 * room / 750) < 3);
        QVERIFY(reader.read(
            message("<body style='margin:0'><div style='width:3000px;height:400px'>a</div>")));
        QTRY_VERIFY(reader.body->htmlView()->height() >= 300 &&
                    reader.body->htmlView()->height() < 330);
        QVERIFY(reader.read(message(
            "<body style='margin:0'><div style='width:100%;padding:0 40px;height:400px'>a</div>")));
        QTRY_VERIFY(reader.body->htmlView()->height() >= 400 &&
                    reader.body->htmlView()->height() < 430);
    }

    void scrollsByItselfWhereItIsTooTall()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<body style='margin:0'><div style='height:60000px'>a</div>")));
        QTRY_VERIFY(reader.body->htmlView()->height() > 10'000);
        QVERIFY(reader.body->htmlView()->height() < 20'000);
    }

    void scrollsWithinByTheWheelAndGoesOnAtTheEnd()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<body style='margin:0'><div style='height:16200px'>a</div>")));
        QTRY_COMPARE(reader.body->htmlView()->height(), 16'000);
        QScrollBar* bar = reader.scroll.verticalScrollBar();
        QTRY_VERIFY(bar->maximum() > 15'000);
        QWidget* page = reader.page();
        const auto turn = [page](int notches) {
            QWheelEvent wheel(QPointF(50, 50), page->mapToGlobal(QPointF(50, 50)), {},
                              {0, -120 * notches}, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase,
                              false);
            QSpontaneKeyEvent::setSpontaneous(&wheel);
            qApp->notify(page, &wheel);
        };
        turn(1);
        QCOMPARE(bar->value(), 0);
        turn(20); // to its end
        QCOMPARE(bar->value(), 0);
        turn(1);
        QTRY_VERIFY(bar->value() > 0);
        QCOMPARE(reader.body->htmlView()->scrollWithin(50), 0);
        QCOMPARE(reader.body->htmlView()->scrollWithin(-50), -50);
        QCOMPARE(reader.body->htmlView()->scrollWithin(-1'000), -150);
        QCOMPARE(reader.body->htmlView()->scrollWithin(-1), 0);
    }

    void isNotTakenForTheMailBeforeIt()
    {
        BodyReader reader;
        for (int i = 0; i < 12; ++i) {
            const int tall = i % 2 == 0 ? 1'400 : 300;
            QVERIFY(reader.read(
                message(QStringLiteral("<div style='height:%1px'>A</div>").arg(tall).toUtf8())));
            const int height = reader.body->htmlView()->height();
            QVERIFY2(std::abs(height - tall) < 60, qPrintable(QString::number(height)));
        }
    }

    void showsWhereAFocusedLinkLeads()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<p>a <a href='https://x.example/1'>one</a> "
                                    "<a href='https://x.example/2'>two</a>")));
        QSignalSpy hovered(reader.body, &MessageBody::linkHovered);
        QApplication::setActiveWindow(&reader.scroll);
        // Who comes by Tab stands on the first link. The engine goes there by itself, keys do not wait for it.
        reader.body->focusTaker()->setFocus(Qt::TabFocusReason);
        const auto told = [&hovered] {
            return hovered.isEmpty() ? QUrl() : hovered.last().front().toUrl();
        };
        QTRY_COMPARE(told(), QUrl(QStringLiteral("https://x.example/1")));
        QTest::keyClick(reader.page(), Qt::Key_Tab);
        QTRY_COMPARE(told(), QUrl(QStringLiteral("https://x.example/2")));
        reader.scroll.setFocus();
        QTRY_COMPARE(told(), QUrl());
        // As after a look at another window.
        reader.body->focusTaker()->setFocus(Qt::ActiveWindowFocusReason);
        QTRY_COMPARE(told(), QUrl(QStringLiteral("https://x.example/2")));
    }

    void copiesTheLinkUnderThePointer()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<body style='margin:0;font:20px/40px sans-serif'>"
                                    "<a href='https://x.example/1'>the first of them</a><br>"
                                    "<a href='https://x.example/2'>the second one</a><br>words")));
        const auto entry = [&reader](const QPoint& at) -> QAction* {
            QTest::mouseClick(reader.page(), Qt::RightButton, {}, at);
            QMenu* menu = nullptr;
            const auto open = [&menu] {
                menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
                return menu != nullptr;
            };
            if (!QTest::qWaitFor(open, 10'000))
                return nullptr;
            menu->close();
            for (QAction* action : menu->actions()) {
                if (action->text() == u"Copy link")
                    return action;
            }
            return nullptr;
        };
        for (int line = 0; line < 2; ++line) {
            QAction* copy = entry(QPoint(40, 20 + 40 * line));
            QVERIFY(copy);
            copy->trigger();
            QCOMPARE(QGuiApplication::clipboard()->text(),
                     QStringLiteral("https://x.example/%1").arg(line + 1));
        }
        QVERIFY(!entry(QPoint(20, 100)));
        QVERIFY(!QApplication::activePopupWidget());
    }

    void showsAPageWithoutHeight()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<body style='margin:0'><div style='display:none'>a</div>")));
        QVERIFY(reader.body->showsHtml());
        QVERIFY(!reader.bars->contains(QStringLiteral("html")));
    }

    void showsAPageFullOfDigits()
    {
        BodyReader reader;
        const QByteArray line =
            "<p style='font-family:\"" + QByteArray(60'000, '1') + "v\"'>words</p>";
        QVERIFY(reader.read(message(line.repeated(40))));
        QVERIFY(reader.body->showsHtml());
    }

    void foldsWhatIsQuotedMoreThanTwice_data()
    {
        QTest::addColumn<QByteArray>("open");
        QTest::addColumn<bool>("folds");
        const auto row = [](const char* name, const QByteArray& open, bool folds) {
            QTest::newRow(name) << open << folds;
        };
        row("as most programs quote", "<blockquote type=cite>", true);
        row("as Gmail quotes",
            "<div class=gmail_quote><div class=gmail_attr>they wrote</div>"
            "<blockquote class=gmail_quote>",
            true);
        row("as Gmail quoted before", "<div class=gmail_quote>", true);
        row("what is only indented", "<blockquote style='margin:0 0 0 40px;border:none'>", false);
    }

    void foldsWhatIsQuotedMoreThanTwice()
    {
        QFETCH(QByteArray, open);
        QFETCH(bool, folds);
        BodyReader reader;
        const QByteArray deepest = "<div style='height:300px'>the beginning</div>";
        QVERIFY(reader.read(message("<body style='margin:0'><p>now</p>" + open + "<p>once</p>" +
                                    open + "<p>twice</p>" + open + deepest)));
        QTRY_COMPARE(reader.body->htmlView()->height() < 300, folds);
        if (!folds)
            return;
        const int folded = reader.body->htmlView()->height();
        // Its control works by the keyboard.
        QApplication::setActiveWindow(&reader.scroll);
        reader.body->focusTaker()->setFocus(Qt::OtherFocusReason);
        QTest::keyClick(reader.page(), Qt::Key_Tab);
        QTest::keyClick(reader.page(), Qt::Key_Return);
        QTRY_VERIFY(reader.body->htmlView()->height() >= folded + 300);
        QTest::keyClick(reader.page(), Qt::Key_Return);
        QTRY_COMPARE(reader.body->htmlView()->height(), folded);
        // Words in it are found, and it opens.
        std::optional<HtmlFound> found;
        reader.body->find(QStringLiteral("beginning"), false,
                          [&](const HtmlFound& result) { found = result; });
        QTRY_VERIFY(found);
        QCOMPARE(found->all, 1);
        QVERIFY(found->where.height() > 5);
        QTRY_VERIFY(reader.body->htmlView()->height() >= folded + 300);
    }

    void leavesQuotesOfTwoLevelsOpen()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<body style='margin:0'><blockquote><blockquote>"
                                    "<div style='height:300px'>twice</div>")));
        QTRY_VERIFY(reader.body->htmlView()->height() >= 300);
    }

    void measuresPagesThatFillTheirWindow_data()
    {
        QTest::addColumn<QByteArray>("markup");
        QTest::addColumn<int>("height");
        const auto row = [](const char* name, const QByteArray& markup, int height) {
            QTest::newRow(name) << markup << height;
        };
        row("a body of all the window",
            "<!DOCTYPE html><html style='height:100%'><body "
            "style='margin:0;height:100%'><div style='height:90px'>a",
            90);
        row("a table of all the window in an old page",
            "<body style='margin:0'><table height='100%' cellspacing=0 cellpadding=0><tr><td "
            "height=70>a</table>",
            70);
        row("heights in hundredths of the window",
            "<!DOCTYPE html><style>div{height:25vh}</style><body style='margin:0'><div></div><div "
            "style='height:10VH'></div>",
            280);
    }

    void measuresPagesThatFillTheirWindow()
    {
        QFETCH(QByteArray, markup);
        BodyReader reader;
        QVERIFY(reader.read(message(markup)));
        QVERIFY(reader.body->showsHtml());
        QFETCH(int, height);
        QTRY_COMPARE(reader.body->htmlView()->height(), height);
    }

    void showsPicturesThatCameWithTheMessage()
    {
        QImage image(30, 40, QImage::Format_RGB32);
        image.fill(Qt::darkGreen);
        QByteArray png;
        QBuffer buffer(&png);
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        const QByteArray part = "--b\r\nContent-Type: image/png\r\nContent-ID: <one@x>\r\n"
                                "Content-Transfer-Encoding: base64\r\n\r\n" +
                                png.toBase64() + "\r\n";
        BodyReader reader;
        QVERIFY(
            reader.read(message("<body style='margin:0'><img src='cid:one@x' style='display:block'>"
                                "<img style='display:block' src='data:image/png;base64," +
                                    png.toBase64() + "'>",
                                part)));
        QTRY_COMPARE(reader.body->htmlView()->height(), 80);
        QTRY_COMPARE(reader.colourAt({10, 10}), QColor(Qt::darkGreen));
        QTRY_COMPARE(reader.colourAt({10, 60}), QColor(Qt::darkGreen));
        QVERIFY(!reader.bars->contains(QStringLiteral("pictures")));
    }

    void darkensPaperButNotPictures()
    {
        QImage image(30, 40, QImage::Format_RGB32);
        image.fill(QColor(200, 40, 40));
        QByteArray png;
        QBuffer buffer(&png);
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        const QByteArray page = "<body style='margin:0' bgcolor=white><img style='display:block' "
                                "src='data:image/png;base64," +
                                png.toBase64() + "'><div style='height:99px'>";
        setThemeChoice(ThemeChoice::Dark);
        BodyReader reader;
        QVERIFY(reader.read(message(page)));
        QTRY_VERIFY(reader.colourAt({10, 80}).lightness() < 60);
        // Strong colours come back a little paler.
        QTRY_VERIFY(reader.colourAt({10, 10}).red() > 150 &&
                    reader.colourAt({10, 10}).green() < 90);
        reader.choose(QStringLiteral("Light background"));
        QTRY_VERIFY(reader.colourAt({10, 80}).lightness() > 200);

        QVERIFY(reader.read(
            message("<style>@media (prefers-color-scheme: dark){body{background:#000044}}</style>" +
                    page)));
        QTRY_COMPARE(reader.colourAt({100, 80}), QColor(0, 0, 0x44));
        setThemeChoice(ThemeChoice::Light);
        QTRY_COMPARE(reader.colourAt({100, 80}), QColor(Qt::white));
    }

    void showsTextOnWish()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<p>Hello <b>you</b></p>")));
        reader.choose(QStringLiteral("Show as text"));
        QVERIFY(!reader.body->showsHtml());
        QVERIFY(reader.body->textView()->message().contains(u"Hello you"));
        reader.choose(QStringLiteral("Show as sent"));
        QTRY_VERIFY(reader.body->showsHtml());
    }

    void countsTrackersAndLeavesThemOut()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<img src='https://shop.example/a.png'><img width=1 height=1 "
                                    "src='https://shop.list-manage.com/track/open.php?u=1'>")));
        QVERIFY(reader.bars->contains(QStringLiteral("pictures")));
        QString words;
        for (const auto* label : reader.bars->findChildren<QLabel*>())
            words += label->text();
        QVERIFY2(words.contains(u"Mailchimp"), qPrintable(words));
    }

    void printsAllOfAMail()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<p>Hello</p>" + QByteArray("<p>line</p>").repeated(120))));
        const QPageLayout a4(QPageSize(QPageSize::A4), QPageLayout::Portrait,
                             QMarginsF(36, 36, 36, 36));
        std::optional<QByteArray> pdf;
        reader.body->htmlView()->print(a4,
                                       {{QStringLiteral("From"), QStringLiteral("<b>Anna</b>")}},
                                       [&](const QByteArray& bytes) { pdf = bytes; });
        QTRY_VERIFY_WITH_TIMEOUT(pdf, 60'000);
        QVERIFY(pdf->startsWith("%PDF-"));
        QVERIFY(pdf->count("/Type /Page\n") + pdf->count("/Type /Page ") >= 3);
    }

    void handsOutWhatIsSelectedToBeQuoted()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<p>First words</p><p>Other words</p>")));
        QVERIFY(reader.body->quotedSelection().isEmpty());
        // As people do it: each part is a page of its own, and what is selected there is told at once or a moment later.
        QTRY_VERIFY((QTest::mouseDClick(reader.page(), Qt::LeftButton, {}, QPoint(24, 24)),
                     reader.body->quotedSelection().trimmed() == u"First"));
        auto quoting = std::make_shared<OpenedMessage>();
        quoting->parsed.text = "mine\n> theirs\n";
        QVERIFY(reader.read(quoting));
        reader.body->textView()->selectAll();
        QCOMPARE(reader.body->quotedSelection().trimmed(), QStringLiteral("mine\n> theirs"));
    }
};

QTEST_MAIN(MessageBodyTest)
#include "MessageBodyTest.moc"
