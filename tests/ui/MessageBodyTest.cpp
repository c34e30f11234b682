// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/MessageBody.h"
#include "core/mime/MessageReader.h"
#include "ui/reader/BodySettings.h"
#include "ui/reader/HtmlViews.h"
#include "ui/reader/MessageText.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QDir>
#include <QFile>
#include <QMenu>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

#include <unistd.h>

using namespace avocet;

namespace {

std::shared_ptr<const OpenedMessage> message(const QByteArray& html, const QByteArray& more = {})
{
    auto opened = std::make_shared<OpenedMessage>();
    opened->raw =
        ("From: Shop <news@shop.example>\r\nTo: anna@fjordworks.example\r\nSubject: News\r\n"
         "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"b\"\r\n\r\n"
         "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
         html + "\r\n" + more + "--b--\r\n")
            .toStdString();
    opened->parsed = readMessage(opened->raw);
    opened->hasBody = true;
    return opened;
}

/// A body as it stands in the reader: in a column that scrolls.
struct Reader {
    Reader()
    {
        auto* content = new QWidget;
        bars = new InfoBarStack(content);
        body = new MessageBody(settings, *bars, content);
        below = new QWidget(content);
        below->setFixedHeight(20);
        auto* column = new QVBoxLayout(content);
        column->addWidget(bars);
        column->addWidget(body);
        column->addWidget(below);
        column->addStretch(1);
        scroll.setWidget(content);
        scroll.setWidgetResizable(true);
        scroll.resize(700, 500);
        scroll.show();
    }

    bool read(const std::shared_ptr<const OpenedMessage>& what)
    {
        QSignalSpy shown(body, &MessageBody::shown);
        body->setMessage(what);
        return !shown.isEmpty() || shown.wait(30'000);
    }

    BodySettings settings;
    QScrollArea scroll;
    InfoBarStack* bars;
    MessageBody* body;
    QWidget* below;
};

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

} // namespace

class MessageBodyTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        installTheme(*qApp, ThemeChoice::Light);
        if (geteuid() == 0)
            QSKIP("the sandbox of the HTML view does not work as root");
        QCOMPARE(htmlViewProblem(), QString());
    }

    void readsTextWithoutTheEngine()
    {
        Reader reader;
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

    void showsHtmlAsTallAsItIs()
    {
        Reader reader;
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

    void staysWithinItsSandbox()
    {
        Reader reader;
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

QTEST_MAIN(MessageBodyTest)
#include "MessageBodyTest.moc"
