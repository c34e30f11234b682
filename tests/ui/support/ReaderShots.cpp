// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReaderShots.h"

#include "SampleConversation.h"

#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/MainWindow.h"
#include "ui/reader/FindBar.h"
#include "ui/reader/FoldedLine.h"
#include "ui/reader/ReaderPane.h"

#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>

namespace avocet {

namespace {

void menuOf(const Shots& shots, QWidget& within, const QString& button, const QString& name)
{
    for (QToolButton* each : within.findChildren<QToolButton*>()) {
        if (each->accessibleName() == button && each->isVisible()) {
            each->click();
            break;
        }
    }
    QTest::qWait(100);
    if (QWidget* menu = QApplication::activePopupWidget()) {
        shots.take(*menu, name);
        menu->close();
    }
}

} // namespace

void shootReader(const Shots& shots, const QSize& size)
{
    QTemporaryDir directory;
    const std::filesystem::path profile = directory.path().toStdString();
    SampleOptions sampleOptions;
    sampleOptions.inboxMessages = 400;
    const SampleProfile sample = fillProfile(profile, sampleOptions);
    const SampleConversation conversation = addConversation(profile, sample);
    EngineOptions options;
    options.profile = profile;
    options.online = false;
    MailEngine engine(options);
    if (!engine.open()) {
        qFatal("the engine does not open");
    }
    MainWindow window(engine, profile);
    window.resize(size);
    window.show();
    QApplication::setActiveWindow(&window);
    ReaderPane& reader = window.readerPane();
    reader.setMarkReadAfter({});
    window.folderPane().selectKey(QStringLiteral("folder/%1").arg(conversation.folder.value));
    QTest::qWait(500);
    window.listPane().view().selectMessage(conversation.messages.back());
    QTest::qWait(300);
    shots.take(window, QStringLiteral("40-conversation"));
    menuOf(shots, reader, QStringLiteral("More"), QStringLiteral("41-conversation-menu"));
    menuOf(shots, reader, QStringLiteral("More for this message"),
           QStringLiteral("41-message-menu"));
    reader.conversation().scrollToEnd(true);
    shots.take(window, QStringLiteral("42-conversation-end"));
    reader.find();
    QTest::keyClicks(reader.findChild<FindBar*>()->findChild<QLineEdit*>(),
                     QStringLiteral("stairs"));
    QTest::qWait(300);
    QTest::keyClick(reader.findChild<FindBar*>()->findChild<QLineEdit*>(), Qt::Key_Return);
    QTest::qWait(100);
    shots.take(window, QStringLiteral("42-conversation-find"));
    QTest::keyClick(reader.findChild<FindBar*>(), Qt::Key_Escape);
    if (auto* run = reader.findChild<RunLine*>()) {
        run->click();
    }
    window.listPane().view().selectMessage(conversation.messages[6]);
    QTest::qWait(300);
    shots.take(window, QStringLiteral("43-conversation-unfolded"));
    QTest::qWait(100);
    shots.takeFocusStops(window, QStringLiteral("44-conversation-tab"));
}

} // namespace avocet
