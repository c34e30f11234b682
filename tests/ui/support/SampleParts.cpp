// SPDX-License-Identifier: GPL-3.0-or-later
#include "SampleParts.h"

#include "SampleConversation.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QPolygonF>

namespace avocet {

QByteArray samplePicture(const QSize& size)
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

QByteArray samplePdf()
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

std::string newsletterBody()
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
           samplePicture(QSize(512, 200)).toBase64().toStdString() + "\r\n--r--\r\n";
}

std::string invitationBody()
{
    return "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n" +
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
           "END:VEVENT\r\nEND:VCALENDAR\r\n--b--\r\n";
}

} // namespace avocet
