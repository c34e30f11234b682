// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/ComposePictures.h"

#include "ui/OnWorker.h"
#include "ui/theme/Icons.h"
#include "ui/theme/Theme.h"

#include <QBuffer>
#include <QImageReader>
#include <QPainter>
#include <QTextDocument>
#include <QTextFormat>
#include <QUuid>

namespace avocet {

namespace {

constexpr int placeholderSide = 48;
constexpr int sharpestSide = 1600; // more is not shown in a text of this width
constexpr qint64 mostPixels = 100'000'000;

QString nameOf(const std::string& contentId)
{
    return QLatin1String("cid:") + QString::fromStdString(contentId);
}

QByteArray bytesOf(const DraftAttachment& file)
{
    return QByteArray::fromStdString(file.data);
}

QSize sizeOf(const DraftAttachment& file)
{
    QByteArray bytes = QByteArray::fromRawData(file.data.data(), qsizetype(file.data.size()));
    QBuffer buffer(&bytes);
    QImageReader reader(&buffer);
    const QSize size = reader.size();
    const bool turned = reader.transformation() & QImageIOHandler::TransformationRotate90;
    return turned ? size.transposed() : size;
}

QImage decodedImage(const QByteArray& bytes)
{
    QBuffer buffer;
    buffer.setData(bytes);
    QImageReader reader(&buffer);
    reader.setAutoTransform(true);
    const QSize size = reader.size();
    if (!size.isValid() || qint64(size.width()) * size.height() > mostPixels)
        return {};
    if (std::max(size.width(), size.height()) > sharpestSide)
        reader.setScaledSize(size.scaled(sharpestSide, sharpestSide, Qt::KeepAspectRatio));
    return reader.read();
}

} // namespace

std::string newContentId()
{
    return (QUuid::createUuid().toString(QUuid::Id128) + QLatin1String("@picture")).toStdString();
}

ComposePictures::ComposePictures(QObject* parent)
    : QObject(parent)
{
}

void ComposePictures::add(DraftAttachment file)
{
    const QString name = nameOf(file.contentId);
    Picture picture;
    picture.natural = sizeOf(file);
    picture.file = std::move(file);
    m_pictures.insert(name, std::move(picture));
    m_order.push_back(name);
}

void ComposePictures::replace(const QString& contentId, std::string type, std::string data)
{
    const auto found = m_pictures.find(nameOf(contentId.toStdString()));
    if (found == m_pictures.end())
        return;
    found->file.type = std::move(type);
    found->file.data = std::move(data);
    found->natural = sizeOf(found->file);
    found->asked = false;
    Q_EMIT decoded();
}

const DraftAttachment* ComposePictures::find(const QString& contentId) const
{
    const auto found = m_pictures.constFind(nameOf(contentId.toStdString()));
    return found == m_pictures.constEnd() ? nullptr : &found->file;
}

QSize ComposePictures::naturalSize(const QString& contentId) const
{
    return m_pictures.value(nameOf(contentId.toStdString())).natural;
}

std::vector<DraftAttachment> ComposePictures::shownIn(const std::string& html) const
{
    std::vector<DraftAttachment> shown;
    for (const QString& name : m_order)
        if (html.find("\"" + name.toStdString() + "\"") != std::string::npos)
            shown.push_back(m_pictures[name].file);
    return shown;
}

RichText ComposePictures::withData(RichText text) const
{
    for (RichBlock& block : text.blocks)
        for (RichRun& run : block.runs) {
            const DraftAttachment* file = run.image.starts_with("cid:")
                                              ? find(QString::fromStdString(run.image.substr(4)))
                                              : nullptr;
            if (file)
                run.image =
                    "data:" + file->type + ";base64," + bytesOf(*file).toBase64().toStdString();
        }
    return text;
}

QSizeF ComposePictures::intrinsicSize(QTextDocument* document, int, const QTextFormat& format)
{
    const QTextImageFormat image = format.toImageFormat();
    QSizeF size(m_pictures.value(image.name()).natural);
    if (!size.isValid() || size.isEmpty())
        size = QSizeF(placeholderSide, placeholderSide);
    if (image.width() > 0 && image.height() > 0)
        size = QSizeF(image.width(), image.height());
    else if (image.width() > 0)
        size = QSizeF(image.width(), size.height() * image.width() / size.width());
    else if (image.height() > 0)
        size = QSizeF(size.width() * image.height() / size.height(), image.height());
    const double room = document->textWidth();
    if (room > placeholderSide && size.width() > room)
        size *= room / size.width();
    return size;
}

void ComposePictures::drawObject(QPainter* painter, const QRectF& rect, QTextDocument*, int,
                                 const QTextFormat& format)
{
    const QString name = format.toImageFormat().name();
    const auto found = m_pictures.constFind(name);
    if (found != m_pictures.constEnd() && !found->asked)
        decode(name);
    if (found != m_pictures.constEnd() && !found->shown.isNull()) {
        painter->setRenderHint(QPainter::SmoothPixmapTransform);
        painter->drawImage(rect, found->shown);
        return;
    }
    fillRounded(*painter, rect.adjusted(1, 1, -1, -1), metrics::radiusMark, tokens().hover);
    const int side = metrics::icon;
    const QPoint middle = rect.center().toPoint();
    paintIcon(*painter, QRect(middle.x() - side / 2, middle.y() - side / 2, side, side),
              "file-image", tokens().text2);
}

void ComposePictures::decode(const QString& name)
{
    Picture& picture = m_pictures[name];
    picture.asked = true;
    onWorker(
        this, [bytes = bytesOf(picture.file)] { return decodedImage(bytes); },
        [this, name](const QImage& image) {
            if (const auto found = m_pictures.find(name); found != m_pictures.end())
                found->shown = image;
            Q_EMIT decoded();
        });
}

} // namespace avocet
