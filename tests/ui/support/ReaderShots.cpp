// SPDX-License-Identifier: GPL-3.0-or-later
#include "ReaderShots.h"

#include "SampleConversation.h"

#include "ui/folders/FolderPane.h"
#include "ui/list/ListPane.h"
#include "ui/main/MainWindow.h"
#include "ui/reader/AttachmentViewer.h"
#include "ui/reader/FindBar.h"
#include "ui/reader/FoldedLine.h"
#include "ui/reader/ReaderWindow.h"
#include "ui/reader/SourceWindow.h"

#include <QApplication>
#include <QBuffer>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QPdfWriter>
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

QByteArray picture(const QSize& size)
{
    QImage image(size, QImage::Format_RGB32);
    image.fill(QColor(0x1d4ed8));
    QPainter painter(&image);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(QColor(0xfbbf24));
    painter.drawEllipse(QPointF(size.width() * 0.75, size.height() * 0.3), size.height() * 0.15,
                        size.height() * 0.15);
    painter.setBrush(QColor(0x14532d));
    painter.drawPolygon(
        QPolygonF({QPointF(0, size.height()), QPointF(size.width() * 0.4, size.height() * 0.4),
                   QPointF(size.width() * 0.8, size.height())}));
    QByteArray png;
    QBuffer buffer(&png);
    image.save(&buffer, "PNG");
    return png;
}

QByteArray pdf()
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageSize(QPageSize(QPageSize::A4));
    QPainter painter(&writer);
    for (int page = 1; page <= 3; ++page) {
        painter.drawText(600, 900,
                         QStringLiteral("Lease of the new office, page %1 of 3").arg(page));
        for (int line = 0; line < 30; ++line) {
            painter.drawText(
                600, 1500 + 300 * line,
                QStringLiteral("§ %1  The tenant keeps the stairs free.").arg(line + 1));
        }
        if (page < 3) {
            writer.newPage();
        }
    }
    painter.end();
    return bytes;
}

/// As shops write: tables in tables, a picture that came along, one on the shop's server, a tracker.
std::string newsletter()
{
    const std::string html =
        "<body style='margin:0;background:#f3f4f6'><table width='100%' cellpadding='0' "
        "cellspacing='0'><tr><td align='center'><table width='560' cellpadding='24' "
        "cellspacing='0' style='background:#ffffff;font-family:Arial,sans-serif;color:#374151'>"
        "<tr><td><img src='cid:hill@shop.example' width='512' height='200' alt='The hill'><h1 "
        "style='font-size:22px;color:#111827'>Boots for wet autumns</h1><p>The new range is in the "
        "shop: resoled, waxed, and repaired for as long as you wear them.</p><img "
        "src='https://pictures.shop.example/boots.jpg' width='512' height='120' alt='Three pairs "
        "of boots'><p><a href='https://shop.example/autumn?utm_source=mail' style='display:"
        "inline-block;background:#b91c1c;color:#ffffff;padding:12px 24px;text-decoration:none'>See "
        "the range</a></p><p style='font-size:12px;color:#6b7280'>You get this because you bought "
        "from us.</p><img src='https://track.mailchimp.com/open.gif?u=1' width='1' height='1'>"
        "</td></tr></table></td></tr></table></body>";
    return "List-Unsubscribe: <https://shop.example/off>\r\nList-Unsubscribe-Post: "
           "List-Unsubscribe=One-Click\r\nContent-Type: multipart/related; "
           "boundary=r\r\n\r\n--r\r\n"
           "Content-Type: text/html; charset=utf-8\r\n\r\n" +
           html +
           "\r\n--r\r\nContent-Type: image/png\r\nContent-ID: <hill@shop.example>\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\n" +
           picture(QSize(512, 200)).toBase64().toStdString() + "\r\n--r--\r\n";
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
                           "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n" +
                               plainBody("We meet at the notary's. Bring your passport.\n") +
                               "\r\n--b\r\nContent-Type: text/calendar; method=REQUEST; "
                               "charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
                               "PRODID:-//x//y//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:u@x\r\n"
                               "DTSTAMP:20261120T100000Z\r\nDTSTART:20261127T090000Z\r\n"
                               "DTEND:20261127T100000Z\r\nSUMMARY:Signing of the contract\r\n"
                               "LOCATION:Notary Berg\\, Strandgata 12\r\n"
                               "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=5\r\n"
                               "ORGANIZER;CN=Ola Nordmann:mailto:ola@fjordworks.example\r\n"
                               "ATTENDEE:mailto:anna@fjordworks.example\r\n"
                               "ATTENDEE:mailto:marta@polnoc.example\r\n"
                               "END:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n"));
    QTest::qWait(300);
    shots.take(window, QStringLiteral("46-invitation"));
    window.showLoose(loose("\"service@bank.example\" <thief@evil.example>", "Your account",
                           plainBody("Confirm your password within 24 hours.\n")));
    QTest::qWait(300);
    shots.take(window, QStringLiteral("46-doubtful"));
    window.showLoose(
        loose("Fjell Boots <news@shop.example>", "Boots for wet autumns", newsletter()));
    QTest::qWait(3'000); // the engine of the HTML view starts
    shots.take(window, QStringLiteral("48-html"));
    shootAttachment(shots, PreviewKind::Text, QStringLiteral("Costs 2026.csv"),
                    "Item,Cost\nMovers,1200\nStairs,300\n", QStringLiteral("47-text-attachment"));
    shootAttachment(shots, PreviewKind::Picture, QStringLiteral("The hill.png"),
                    picture(QSize(1600, 1000)), QStringLiteral("47-picture-attachment"));
    shootAttachment(shots, PreviewKind::Pdf, QStringLiteral("Lease.pdf"), pdf(),
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
