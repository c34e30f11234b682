// SPDX-License-Identifier: GPL-3.0-or-later
// The processes behind the view of HTML: how they are locked in, end and are used again.
#include "BodyReader.h"
#include "ui/reader/MessageText.h"
#include "ui/reader/Sandbox.h"
#include "ui/theme/Theme.h"

#include <QAbstractButton>
#include <QDir>
#include <QFile>
#include <QTest>
#include <QTimer>

#include <csignal>

#include <unistd.h>

using namespace avocet;

namespace {

QByteArray field(const QByteArray& status, const QByteArray& name)
{
    const qsizetype at = status.indexOf('\n' + name + ":\t");
    return at < 0 ? QByteArray() : status.mid(at + name.size() + 3).split('\n').front();
}

/// /proc/PID/status of every process that this one started, and those started.
QList<QByteArray> processesBelow()
{
    QHash<QByteArray, QByteArray> all;
    for (const QString& pid : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        QFile file(QStringLiteral("/proc/%1/status").arg(pid));
        if (file.open(QIODevice::ReadOnly))
            all.insert(pid.toLatin1(), file.readAll());
    }
    const QByteArray own = QByteArray::number(getpid());
    QList<QByteArray> found;
    for (const QByteArray& status : std::as_const(all)) {
        QByteArray parent = field(status, "PPid");
        while (all.contains(parent) && parent != own)
            parent = field(all.value(parent), "PPid");
        if (parent == own)
            found.append(status);
    }
    return found;
}

/// To what draws pages.
void signalPages(int number)
{
    for (const QByteArray& status : processesBelow()) {
        if (field(status, "Seccomp") == "2")
            kill(field(status, "Pid").toInt(), number);
    }
}

void endPages()
{
    signalPages(SIGKILL); // as where it crashes
}

} // namespace

class HtmlProcessTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        installTheme(*qApp, ThemeChoice::Light);
        if (const QString problem = sandboxProblem(); !problem.isEmpty())
            QSKIP(qPrintable(problem));
        QCOMPARE(htmlViewProblem(), QString());
    }

    void readsTextWithoutTheEngine()
    {
        BodyReader reader;
        auto opened = std::make_shared<OpenedMessage>();
        opened->parsed.text = "plain words\n";
        QVERIFY(reader.read(opened));
        QVERIFY(reader.body->textView()->isVisible());
        reader.settings.setSimpleView(true);
        QVERIFY(reader.read(message("<p>Hello <b>you</b></p>")));
        QVERIFY(!reader.body->showsHtml());
        QVERIFY(reader.body->textView()->message().contains(u"Hello you"));
        QVERIFY(processesBelow().isEmpty());
    }

    void fallsBackToTextWhereTheEngineEnds()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<p>Hello <b>you</b></p>")));
        endPages();
        QTRY_VERIFY(!reader.body->isShown());
        QTRY_VERIFY_WITH_TIMEOUT(reader.body->isShown(), 30'000);
        QVERIFY(reader.body->showsHtml()); // it may have been another mail's fault, once
        endPages();
        QTRY_VERIFY(!reader.body->showsHtml());
        QVERIFY(reader.bars->contains(QStringLiteral("html")));
        QVERIFY(reader.body->textView()->isVisible());
        QSignalSpy shown(reader.body, &MessageBody::shown);
        for (auto* button : reader.bars->findChildren<QAbstractButton*>()) {
            if (button->text() == u"Try again")
                button->click();
        }
        QTRY_VERIFY_WITH_TIMEOUT(!shown.isEmpty() && reader.body->showsHtml(), 30'000);
        QVERIFY(!reader.body->textView()->isVisible());
    }

    void aPageThatDoesNotAnswerTakesNoOtherAlong()
    {
        BodyReader shown;
        QVERIFY(shown.read(message("<p>Hello <b>you</b></p>")));
        QSignalSpy again(shown.body, &MessageBody::shown);
        signalPages(SIGSTOP); // as where a layout has no end
        BodyReader stuck;
        stuck.body->setMessage(message("<p>For <b>ever</b></p>"));
        QTRY_VERIFY(stuck.body->htmlView());
        auto* patience = stuck.body->htmlView()->findChild<QTimer*>(QStringLiteral("patience"));
        QVERIFY(patience && patience->isActive());
        patience->setInterval(200);
        QTRY_VERIFY(stuck.bars->contains(QStringLiteral("html")));
        QVERIFY(stuck.body->textView()->isVisible());
        QTRY_VERIFY_WITH_TIMEOUT(!again.isEmpty() && shown.body->showsHtml(), 30'000);
        QVERIFY(!shown.bars->contains(QStringLiteral("html")));
    }

    void aViewThatIsUsedAgainKeepsNothing()
    {
        const auto tall = [](int height, const QByteArray& words) {
            return message("<div style='height:" + QByteArray::number(height) + "px'>" + words +
                           "</div>");
        };
        const HtmlView* first = nullptr;
        bool told = false;
        {
            BodyReader reader;
            reader.settings.setZoom(2);
            QVERIFY(reader.read(tall(900, "secret words")));
            first = reader.body->htmlView();
            QTRY_VERIFY((QTest::mouseDClick(reader.page(), Qt::LeftButton, {}, QPoint(40, 40)),
                         reader.body->selectedText().trimmed() == u"secret"));
            reader.body->find(QStringLiteral("secret"), false,
                              [&told](const HtmlFound&) { told = true; });
        }
        BodyReader reader;
        QVERIFY(reader.read(tall(300, "other")));
        QCOMPARE(reader.body->htmlView(), first);
        QVERIFY(std::abs(reader.body->htmlView()->height() - 300) < 60);
        QVERIFY(!reader.body->selectedText().contains(u"secret"));
        int all = -1;
        reader.body->mark(QStringLiteral("secret"), [&all](int count) { all = count; });
        QTRY_COMPARE(all, 0);
        QVERIFY(!told);
    }

    void survivesTheEndOfTheEngineWithoutAMail()
    {
        {
            BodyReader reader;
            QVERIFY(reader.read(message("<p>Hello <b>you</b></p>")));
        }
        endPages();
        BodyReader reader;
        QVERIFY(reader.read(message("<p>Hello <b>again</b></p>")));
        QTRY_VERIFY_WITH_TIMEOUT(
            reader.body->showsHtml() || reader.bars->contains(QStringLiteral("html")), 30'000);
    }

    void givesItsMemoryBackWhileHidden()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<body style='margin:0'><div style='height:321px'>a</div>")));
        QTRY_COMPARE(reader.body->htmlView()->height(), 321);
        reader.body->hide();
        QTRY_VERIFY_WITH_TIMEOUT(!reader.body->showsHtml(), 60'000);
        reader.body->show();
        QTRY_VERIFY_WITH_TIMEOUT(
            reader.body->htmlView() && reader.body->htmlView()->height() == 321, 30'000);
    }

    void staysWithinItsSandbox()
    {
        BodyReader reader;
        QVERIFY(reader.read(message("<p>Hello")));
        // Of the processes that page engines start, one is a page's: it filters system calls, lives in namespaces of its
        // own and cannot be given rights.
        int pages = 0;
        for (const QByteArray& status : processesBelow()) {
            if (field(status, "Seccomp") != "2")
                continue;
            ++pages;
            QVERIFY(field(status, "NSpid").split('\t').size() > 1);
            QCOMPARE(field(status, "NoNewPrivs"), QByteArray("1"));
        }
        QCOMPARE(pages, 1);
    }
};

QTEST_MAIN(HtmlProcessTest)
#include "HtmlProcessTest.moc"
