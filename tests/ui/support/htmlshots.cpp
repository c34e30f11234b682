// SPDX-License-Identifier: GPL-3.0-or-later
// Photographs HTML files as the reader shows them: htmlshots DIRECTORY WIDTH FILE.html... Run by tests/html/compare.
#include "core/mime/MessageReader.h"
#include "ui/reader/BodySettings.h"
#include "ui/reader/HtmlView.h"
#include "ui/reader/MessageBody.h"
#include "ui/theme/InfoBar.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QFile>
#include <QFileInfo>
#include <QSignalSpy>
#include <QTest>
#include <QVBoxLayout>

namespace {

using namespace avocet;

std::shared_ptr<OpenedMessage> messageOf(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("cannot read %s", qPrintable(path));
    auto opened = std::make_shared<OpenedMessage>();
    opened->raw =
        "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
        file.readAll().toStdString();
    opened->parsed = readMessage(opened->raw);
    opened->hasBody = true;
    return opened;
}

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    if (argc < 4)
        return 2;
    installTheme(app);
    const QString directory = QString::fromLocal8Bit(argv[1]);
    QWidget window;
    BodySettings settings;
    InfoBarStack bars;
    auto* body = new MessageBody(settings, bars, &window);
    auto* column = new QVBoxLayout(&window);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(body);
    window.setFixedWidth(QByteArray(argv[2]).toInt());
    window.show();
    for (int i = 3; i < argc; ++i) {
        const QString path = QString::fromLocal8Bit(argv[i]);
        QSignalSpy shown(body, &MessageBody::shown);
        body->setMessage(messageOf(path));
        if (shown.isEmpty() && !shown.wait(60'000))
            qFatal("%s is not shown", qPrintable(path));
        QTest::qWait(400);
        window.resize(window.width(),
                      body->htmlView() ? body->htmlView()->height() : body->sizeHint().height());
        QTest::qWait(400);
        window.grab().save(directory + QLatin1Char('/') + QFileInfo(path).completeBaseName() +
                           QStringLiteral(".png"));
    }
    return 0;
}
