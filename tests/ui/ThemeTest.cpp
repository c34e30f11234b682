// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Theme.h"
#include "ui/theme/Icons.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Labels.h"
#include "ui/theme/Toast.h"

#include <QAbstractButton>
#include <QDirIterator>
#include <QFileInfo>
#include <QLineEdit>
#include <QMessageBox>
#include <QPainter>
#include <QPushButton>
#include <QSpinBox>
#include <QSvgRenderer>
#include <QTest>

using namespace avocet;

/// The numbers that visual.md promises, calculated from the tokens.
class ThemeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { installTheme(*qApp, ThemeChoice::Light); }

    void smileysAreInColour()
    {
        QImage image(60, 60, QImage::Format_RGB32);
        image.fill(Qt::white);
        QPainter painter(&image);
        painter.setFont(themeFont(TextRole::Display, true));
        painter.drawText(image.rect(), Qt::AlignCenter, QString::fromUtf16(u"\U0001F600"));
        painter.end();
        bool yellow = false;
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                yellow = yellow || image.pixelColor(x, y).saturation() > 100;
        QVERIFY(yellow);
    }

    void textIsReadable_data()
    {
        QTest::addColumn<QColor>("ink");
        QTest::addColumn<QColor>("ground");
        QTest::addColumn<double>("least");
        for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
            const Tokens& t = tokensOf(scheme);
            const QByteArray name = scheme == Scheme::Dark ? "dark: " : "light: ";
            const auto row = [&](const char* what, const QColor& ink, const QColor& ground,
                                 double least) {
                QTest::newRow(name + what) << ink << ground << least;
            };
            row("text on surface", t.text, t.surface, scheme == Scheme::Dark ? 9.5 : 12.5);
            row("text on window", t.text, t.window, 9.5);
            row("text on sidebar", t.text, t.sidebar, 9.5);
            row("text on selection", t.text, t.selection, 7);
            row("secondary text on surface", t.text2, t.surface, 4.9);
            row("secondary text on window", t.text2, t.window, 4.9);
            row("secondary text on sidebar", t.text2, t.sidebar, 4.9);
            row("secondary text on selection", t.text2, t.selection, 4.5);
            row("secondary text on inactive selection", t.text2, t.selectionInactive, 4.5);
            row("secondary text on raised", t.text2, t.raised, 4.9);
            row("text on accent", t.accentText, t.accent, 4.5);
            row("text on pressed accent", t.accentText, t.accentPressed, 4.5);
            row("link on surface", t.accent, t.surface, 4.5);
            row("text on toast", t.toastText, t.toast, 4.5);
            row("action on toast", t.toastAction, t.toast, 4.5);
            row("text on information bar", t.text, t.barInfo, 7);
            row("text on warning bar", t.text, t.barWarning, 7);
            row("text on danger bar", t.text, t.barDanger, 7);
            row("text on success bar", t.text, t.barSuccess, 7);
            row("danger words on surface", t.danger, t.surface, 4.5);
            for (std::size_t i = 0; i < t.accounts.size(); ++i) {
                QTest::addRow("%sinitials %d", name.constData(), int(i))
                    << t.accentText << t.accounts[i] << 4.5;
            }
        }
    }

    void textIsReadable()
    {
        QFETCH(QColor, ink);
        QFETCH(QColor, ground);
        QFETCH(double, least);
        const double ratio = contrastRatio(ink, ground);
        QVERIFY2(ratio >= least, QByteArray::number(ratio).constData());
    }

    void marksAreVisible()
    {
        for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
            const Tokens& t = tokensOf(scheme);
            for (const QColor& mark :
                 {t.unread, t.star, t.warning, t.success, t.danger, t.control}) {
                QVERIFY2(contrastRatio(mark, t.surface) >= 3, mark.name().toLatin1().constData());
            }
            QVERIFY(contrastRatio(t.accent, t.selection) >= 3);
        }
    }

    void hasFourSizesAndTwoWeights()
    {
        const double base = QApplication::font().pointSizeF();
        QCOMPARE(themeFont(TextRole::Small).pointSizeF(), std::max(base - 1, 9.0));
        QCOMPARE(themeFont(TextRole::Body).pointSizeF(), base);
        QCOMPARE(themeFont(TextRole::Title).pointSizeF(), base + 2);
        QCOMPARE(themeFont(TextRole::Display).pointSizeF(), base + 5);
        QCOMPARE(themeFont(TextRole::Body).weight(), QFont::Normal);
        QCOMPARE(themeFont(TextRole::Body, true).weight(), QFont::DemiBold);
    }

    void changesEveryPaletteRoleWithTheScheme()
    {
        setThemeChoice(ThemeChoice::Dark);
        QCOMPARE(currentScheme(), Scheme::Dark);
        QCOMPARE(QApplication::palette().color(QPalette::Window), tokensOf(Scheme::Dark).window);
        QCOMPARE(QApplication::palette().color(QPalette::ToolTipBase),
                 tokensOf(Scheme::Dark).raised);
        setThemeChoice(ThemeChoice::Light);
        QCOMPARE(QApplication::palette().color(QPalette::Window), tokensOf(Scheme::Light).window);
    }

    void drawsEveryIconInItsColour()
    {
        int icons = 0;
        QDirIterator all(QStringLiteral(":/icons"));
        while (all.hasNext()) {
            const QString file = all.next();
            ++icons;
            QSvgRenderer renderer(file);
            QVERIFY2(renderer.isValid(), qPrintable(file));
            QCOMPARE(renderer.viewBox(), QRect(0, 0, 20, 20));
            const QString name = QFileInfo(file).baseName();
            const QImage image = iconPixmap(name, 20, Qt::red, 2).toImage();
            QCOMPARE(image.width(), 40);
            bool inked = false;
            for (int y = 0; y < image.height(); ++y) {
                for (int x = 0; x < image.width(); ++x) {
                    const QColor c = image.pixelColor(x, y);
                    inked = inked || c.alpha() > 200;
                    QVERIFY2(c.alpha() < 200 || (c.red() > 200 && c.green() < 60),
                             qPrintable(file));
                }
            }
            QVERIFY2(inked, qPrintable(file));
        }
        QVERIFY(icons > 40);
    }

    void givesAnAddressAlwaysTheSameColour()
    {
        QCOMPARE(colorForKey(QStringLiteral("Anna@x.org")),
                 colorForKey(QStringLiteral("anna@x.org")));
    }

    void makesInitialsOfAnyScript()
    {
        QCOMPARE(initialsOf(QStringLiteral("Anna Berg"), {}), QStringLiteral("AB"));
        QCOMPARE(initialsOf({}, QStringLiteral("anna@x.org")), QStringLiteral("A"));
        QCOMPARE(initialsOf(QStringLiteral("\u5c71\u7530\u592a\u90ce"), {}),
                 QStringLiteral("\u5c71"));
        QCOMPARE(initialsOf(QStringLiteral("\"!\" <>"), {}), QStringLiteral("?"));
    }

    void showsTheGravestBarAndCountsTheRest()
    {
        InfoBarStack stack;
        stack.show({QStringLiteral("a"), Severity::Info, QStringLiteral("info"), {}, true});
        stack.show({QStringLiteral("b"), Severity::Danger, QStringLiteral("danger"), {}, true});
        stack.show({QStringLiteral("c"), Severity::Warning, QStringLiteral("warning"), {}, true});
        auto bars = stack.findChildren<InfoBar*>();
        QCOMPARE(bars.size(), 1);
        QCOMPARE(bars.first()->message().text, QStringLiteral("danger"));
        stack.dismiss(QStringLiteral("b"));
        QCOMPARE(bars.first()->message().text, QStringLiteral("warning"));
        stack.dismiss(QStringLiteral("c"));
        stack.dismiss(QStringLiteral("a"));
        QVERIFY(!stack.isVisibleTo(nullptr));
    }

    void barsKeepTheKeyboardToThemselves()
    {
        QWidget host;
        host.setFocusPolicy(Qt::StrongFocus);
        auto* column = new QVBoxLayout(&host);
        auto* bars = new InfoBarStack(&host);
        auto* mail = new QPushButton(QStringLiteral("Link of a stranger"), &host);
        column->addWidget(bars);
        column->addWidget(mail);
        host.show();
        QApplication::setActiveWindow(&host);
        bool mailHadIt = false;
        QObject watch; // goes before what it looks at
        connect(qApp, &QApplication::focusChanged, &watch,
                [&](QWidget*, QWidget* now) { mailHadIt = mailHadIt || now == mail; });
        const auto words = [] {
            auto* button = qobject_cast<QAbstractButton*>(QApplication::focusWidget());
            return button ? button->text() : QString();
        };
        const BarAction leave{QStringLiteral("Leave"), [bars] {
                                  bars->show({QStringLiteral("list"),
                                              Severity::Info,
                                              QStringLiteral("Really?"),
                                              {{QStringLiteral("Yes"), {}}},
                                              false});
                              }};
        bars->show({QStringLiteral("trackers"), Severity::Info, QStringLiteral("One"), {}, true});
        bars->show(
            {QStringLiteral("list"), Severity::Info, QStringLiteral("A list"), {leave}, false});
        for (auto* button : bars->findChildren<QPushButton*>())
            button->setFocus(); // "1 more"
        QCOMPARE(words(), QStringLiteral("1 more"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        QCOMPARE(words(), QStringLiteral("Leave"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        QCOMPARE(words(), QStringLiteral("Yes"));
        bars->clear();
        QCOMPARE(QApplication::focusWidget(), &host);
        QVERIFY(!mailHadIt);
    }

    void toastTakesNoFocusAndRunsItsAction()
    {
        QWidget window;
        window.resize(600, 400);
        window.show();
        Toast toast(&window);
        bool undone = false;
        toast.present(QStringLiteral("Moved"), QStringLiteral("Undo"),
                      [&undone] { undone = true; });
        QVERIFY(toast.isVisible());
        QCOMPARE(toast.focusPolicy(), Qt::NoFocus);
        toast.findChild<QAbstractButton*>()->click();
        QVERIFY(undone);
        QVERIFY(!toast.isVisible());
    }

    void drawsEachTextInTheDirectionOfItsScript()
    {
        const QRect rect(0, 0, 200, 20);
        const auto drawn = [&rect](Qt::LayoutDirection window, const QString& text) {
            QImage image(rect.size(), QImage::Format_RGB32);
            image.fill(Qt::white);
            QPainter painter(&image);
            painter.setLayoutDirection(window);
            const auto right = static_cast<int>(Qt::AlignRight | Qt::AlignAbsolute);
            drawOwnDirection(painter, rect, right, text);
            return image;
        };
        // In the direction of a mirrored window the full stop would come first.
        const QString english = QStringLiteral("The end.");
        QCOMPARE(drawn(Qt::RightToLeft, english), drawn(Qt::LeftToRight, english));
        const QString arabic = QString::fromUtf8("\xd9\x85\xd8\xb1\xd8\xad\xd8\xa8\xd8\xa7.");
        QCOMPARE(drawn(Qt::LeftToRight, arabic), drawn(Qt::RightToLeft, arabic));
        QVERIFY(drawn(Qt::LeftToRight, english) != drawn(Qt::LeftToRight, QString()));
    }

    void fillsOneButtonOfAQuestion()
    {
        // Which one Enter presses changes with the focus; which one agrees does not.
        QMessageBox box(QMessageBox::Critical, QStringLiteral("a"), QStringLiteral("b"),
                        QMessageBox::Ok | QMessageBox::Cancel | QMessageBox::Help);
        box.show();
        for (QAbstractButton* each : box.buttons()) {
            auto* button = qobject_cast<QPushButton*>(each);
            button->setDefault(true);
            const QImage image = button->grab().toImage();
            const QRgb ground = image.pixel(image.width() / 2, 4) | 0xff000000U;
            const bool agrees = box.buttonRole(button) == QMessageBox::AcceptRole;
            QCOMPARE(ground == tokens().accent.rgb(), agrees);
        }
    }

    void keepsAFieldsTextAtTwelve_data()
    {
        QTest::addColumn<bool>("mirrored");
        QTest::newRow("read from the left") << false;
        QTest::newRow("mirrored") << true;
    }

    void keepsAFieldsTextAtTwelve()
    {
        QFETCH(bool, mirrored);
        QSpinBox box;
        box.setLayoutDirection(mirrored ? Qt::RightToLeft : Qt::LeftToRight);
        box.resize(box.sizeHint().width() + 40, box.sizeHint().height());
        box.show();
        QCOMPARE(box.height() % 4, 0);
        QVERIFY(box.height() >= metrics::field);
        const QRect edit = box.findChild<QLineEdit*>()->geometry();
        QCOMPARE(mirrored ? box.width() - 1 - edit.right() : edit.left(), 6);
        // The step buttons stand at the other end and do not lie over the number.
        QVERIFY((mirrored ? edit.left() : box.width() - 1 - edit.right()) >= 24);
    }
};

QTEST_MAIN(ThemeTest)
#include "ThemeTest.moc"
