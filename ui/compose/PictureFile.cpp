// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/PictureFile.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImageReader>

#include <algorithm>
#include <array>

namespace avocet {

namespace {

constexpr qsizetype largePng = 1'000'000;
constexpr qint64 mostPixels = 100'000'000;
constexpr int jpegQuality = 88;

QByteArray written(const QImage& image, const char* format, int quality)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    return image.save(&buffer, format, quality) ? bytes : QByteArray();
}

} // namespace

DraftAttachment encodedPicture(const QImage& image)
{
    QByteArray bytes = written(image, "PNG", -1);
    const char* type = "image/png";
    const char* name = QT_TRANSLATE_NOOP("avocet::PictureFile", "Picture.png");
    if (bytes.size() > largePng && !image.hasAlphaChannel()) {
        const QByteArray jpeg = written(image, "JPEG", jpegQuality);
        if (!jpeg.isEmpty() && jpeg.size() < bytes.size() / 2) {
            bytes = jpeg;
            type = "image/jpeg";
            name = QT_TRANSLATE_NOOP("avocet::PictureFile", "Picture.jpg");
        }
    }
    return {QCoreApplication::translate("avocet::PictureFile", name).toStdString(), type,
            bytes.toStdString()};
}

DraftAttachment smallerPicture(const DraftAttachment& file)
{
    QBuffer buffer;
    buffer.setData(QByteArray::fromStdString(file.data));
    QImageReader reader(&buffer);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (!size.isValid() || qint64(size.width()) * size.height() > mostPixels)
        return {};
    reader.setScaledSize(size.scaled(smallerSide, smallerSide, Qt::KeepAspectRatio));
    DraftAttachment made = encodedPicture(reader.read());
    if (made.data.size() >= file.data.size())
        made.data.clear();
    return made;
}

bool isShownType(const std::string& type)
{
    static const std::array<std::string, 4> types{"image/png", "image/jpeg", "image/gif",
                                                  "image/webp"};
    return std::find(types.begin(), types.end(), type) != types.end();
}

} // namespace avocet
