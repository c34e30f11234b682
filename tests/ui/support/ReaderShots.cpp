// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReaderShots.h"

#include "SampleConversation.h"
#include "SampleParts.h"

#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/MainWindow.h"
#include "ui/reader/AttachmentViewer.h"
#include "ui/reader/FindBar.h"
#include "ui/reader/FoldedLine.h"
#include "ui/reader/ReaderWindow.h"
#include "ui/reader/SourceWindow.h"

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

std::shared_ptr<const OpenedMessage> loose(const std::string& from, const std::string& subject,
                                           const std::string& rest)
{
    return std::make_shared<const OpenedMessage>(
        looseMessage("From: " + from + "\r\nTo: anna@fjordworks.example\r\nSubject: " + subject +
                     "\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n" + rest));
}

void shootAttachment(const Shots& shots, PreviewKind kind, const QString& name,
                     const QByteArray& bytes, const QString& shot)
{
    AttachmentViewer viewer(kind, name, bytes.toStdString());
    viewer.setAttribute(Qt::WA_DeleteOnClose, false);
    viewer.show();
    QTest::qWait(600); // pictures and documents are read elsewhere
    shots.take(viewer, shot);
}

/// Messages that say more than their text does.
void shootNotices(const Shots& shots, MailEngine& engine)
{
    BodySettings bodies;
    ReaderWindow window(engine, bodies);
    window.setAttribute(Qt::WA_DeleteOnClose, false);
    window.show();
    window.showLoose(loose("Ola Nordmann <ola@fjordworks.example>", "Signing of the contract",
                           invitationBody()));
    QTest::qWait(300);
    shots.take(window, QStringLiteral("46-invitation"));
    window.showLoose(loose("\"service@bank.example\" <thief@evil.example>", "Your account",
                           plainBody("Confirm your password within 24 hours.\n")));
    QTest::qWait(300);
    shots.take(window, QStringLiteral("46-doubtful"));
    window.showLoose(
        loose("Fjell Boots <news@shop.example>", "Boots for wet autumns", newsletterBody()));
    QTest::qWait(3'000); // the engine of the HTML view starts
    shots.take(window, QStringLiteral("48-html"));
    shootAttachment(shots, PreviewKind::Text, QStringLiteral("Costs 2026.csv"),
                    "Item,Cost\nMovers,1200\nStairs,300\n", QStringLiteral("47-text-attachment"));
    shootAttachment(shots, PreviewKind::Picture, QStringLiteral("The hill.png"),
                    samplePicture(QSize(1600, 1000)), QStringLiteral("47-picture-attachment"));
    shootAttachment(shots, PreviewKind::Pdf, QStringLiteral("Lease.pdf"), samplePdf(),
                    QStringLiteral("47-pdf-attachment"));
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
    reader.showSource();
    for (QWidget* top : QApplication::topLevelWidgets()) {
        if (auto* source = qobject_cast<SourceWindow*>(top)) {
            source->findChild<FindBar*>()->begin(QStringLiteral("part"));
            QTest::keyClick(source->findChild<FindBar*>()->findChild<QLineEdit*>(), Qt::Key_Return);
            shots.take(*source, QStringLiteral("45-source"));
            source->close();
        }
    }
    shootNotices(shots, engine);
    QTest::qWait(100);
    shots.takeFocusStops(window, QStringLiteral("44-conversation-tab"));
}

} // namespace avocet
