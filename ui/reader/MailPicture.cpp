// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/MailPicture.h"

#include <QBuffer>
#include <QColorSpace>
#include <QImageReader>

namespace avocet {

namespace {

constexpr qsizetype maxBytes = 30'000'000;
constexpr int maxSide = 20'000;
constexpr qint64 maxPixels = 50'000'000;
/// Wider than any window: drawn smaller while it is read.
constexpr int sideShown = 3'200;
constexpr int jpegQuality = 90;
/// Quick, since the result lives as long as the mail is open.
constexpr int pngQuality = 90;

} // namespace

QByteArray reencodedPicture(const QByteArray& bytes)
{
    if (bytes.isEmpty() || bytes.size() > maxBytes)
        return {};
    QBuffer source;
    source.setData(bytes);
    source.open(QIODevice::ReadOnly);
    QImageReader reader(&source);
    // By the bytes alone: SVG and whatever else a plugin might read is never tried.
    const QByteArray format = QImageReader::imageFormat(&source);
    static const QList<QByteArray> bitmaps{"png", "jpeg", "gif", "webp", "bmp", "ico"};
    if (!bitmaps.contains(format))
        return {};
    reader.setFormat(format);
    reader.setAutoDetectImageFormat(false);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (size.isEmpty() || size.width() > maxSide || size.height() > maxSide ||
        qint64(size.width()) * size.height() > maxPixels)
        return {};
    if (size.width() > sideShown || size.height() > sideShown)
        reader.setScaledSize(size.scaled(sideShown, sideShown, Qt::KeepAspectRatio));
    QImage image = reader.read();
    if (image.isNull())
        return {};
    if (image.colorSpace().isValid())
        image.convertToColorSpace(QColorSpace::SRgb);
    // The pixels alone: what is told about the picture stays behind.
    const bool opaque = !image.hasAlphaChannel();
    image.convertTo(opaque ? QImage::Format_RGB32 : QImage::Format_ARGB32);
    const QImage plain(image.constBits(), image.width(), image.height(), image.bytesPerLine(),
                       image.format());
    QByteArray result;
    QBuffer target(&result);
    target.open(QIODevice::WriteOnly);
    const bool photo = opaque && (format == "jpeg" || format == "webp");
    const bool written =
        photo ? plain.save(&target, "JPEG", jpegQuality) : plain.save(&target, "PNG", pngQuality);
    return written ? result : QByteArray();
}

} // namespace avocet
