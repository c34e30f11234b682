// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Icons.h"

#include "ui/theme/Theme.h"

#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

#include <cmath>
#include <utility>

namespace avocet {

namespace {

QByteArray svgSource(const QString& name)
{
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Paints with the tint's colour of the moment instead of keeping pixels of one theme.
class TintedIconEngine : public QIconEngine {
public:
    TintedIconEngine(QString name, Tint tint)
        : m_name(std::move(name))
        , m_tint(tint)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const int side = std::min(rect.width(), rect.height());
        const double scale = painter->device()->devicePixelRatioF();
        const QRect square(rect.x() + (rect.width() - side) / 2,
                           rect.y() + (rect.height() - side) / 2, side, side);
        painter->drawPixmap(square, iconPixmap(m_name, side, color(mode), scale));
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override
    {
        return iconPixmap(m_name, std::min(size.width(), size.height()), color(mode), 1);
    }

    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        // `size` is in device pixels here.
        const int device = std::min(size.width(), size.height());
        QPixmap made = iconPixmap(m_name, device, color(mode), 1);
        made.setDevicePixelRatio(scale);
        return made;
    }

    QIconEngine* clone() const override { return new TintedIconEngine(m_name, m_tint); }
    bool isNull() override { return false; }
    QString key() const override { return QStringLiteral("avocet-tinted"); }

private:
    QColor color(QIcon::Mode mode) const
    {
        const QColor plain = tintColor(m_tint);
        return mode == QIcon::Disabled ? mixed(tokens().surface, plain, 0.45) : plain;
    }

    QString m_name;
    Tint m_tint;
};

} // namespace

QColor tintColor(Tint tint)
{
    const Tokens& t = tokens();
    switch (tint) {
    case Tint::Text:
        return t.text;
    case Tint::Text2:
        return t.text2;
    case Tint::Accent:
        return t.accent;
    case Tint::OnAccent:
        return t.accentText;
    case Tint::Star:
        return t.star;
    case Tint::Danger:
        return t.danger;
    case Tint::Warning:
        return t.warning;
    case Tint::Success:
        return t.success;
    case Tint::OnToast:
        return t.toastText;
    }
    return t.text;
}

QPixmap iconPixmap(const QString& name, int logicalSize, const QColor& color, double scale)
{
    const QString key = QStringLiteral("avocet/%1/%2/%3/%4")
                            .arg(name)
                            .arg(logicalSize)
                            .arg(color.rgba(), 0, 16)
                            .arg(scale);
    QPixmap made;
    if (QPixmapCache::find(key, &made)) {
        return made;
    }
    const int device = std::max(1, static_cast<int>(std::lround(logicalSize * scale)));
    made = QPixmap(device, device);
    made.fill(Qt::transparent);
    QByteArray svg = svgSource(name);
    svg.replace("#000", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    QPainter painter(&made);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter, QRectF(0, 0, device, device));
    painter.end();
    made.setDevicePixelRatio(scale);
    QPixmapCache::insert(key, made);
    return made;
}

QIcon themeIcon(const char* name, Tint tint)
{
    return QIcon(new TintedIconEngine(QString::fromLatin1(name), tint));
}

void paintIcon(QPainter& painter, const QRect& rect, const char* name, const QColor& color,
               bool mirror)
{
    const int side = std::min(rect.width(), rect.height());
    const QPixmap pixmap =
        iconPixmap(QString::fromLatin1(name), side, color, painter.device()->devicePixelRatioF());
    const QRect square(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2,
                       side, side);
    if (!mirror) {
        painter.drawPixmap(square, pixmap);
        return;
    }
    painter.save();
    painter.translate(square.x() + square.width(), square.y());
    painter.scale(-1, 1);
    painter.drawPixmap(QRect(0, 0, side, side), pixmap);
    painter.restore();
}

const char* fileIconName(const QString& mediaType, const QString& fileName)
{
    const QString type = mediaType.toLower();
    const QString suffix = fileName.section(QLatin1Char('.'), -1).toLower();
    if (type.startsWith(u"image/")) {
        return "file-image";
    }
    if (type.startsWith(u"audio/")) {
        return "file-audio";
    }
    if (type.startsWith(u"video/")) {
        return "file-video";
    }
    if (type == u"message/rfc822" || suffix == u"eml") {
        return "file-mail";
    }
    if (type == u"text/calendar" || suffix == u"ics") {
        return "calendar";
    }
    static constexpr const char* archives[] = {"zip", "gz", "tgz", "xz", "bz2", "7z", "tar", "zst"};
    for (const char* archive : archives) {
        if (suffix == QLatin1String(archive)) {
            return "file-archive";
        }
    }
    static constexpr const char* texts[] = {"pdf", "doc", "docx", "odt", "txt", "md", "rtf"};
    for (const char* text : texts) {
        if (suffix == QLatin1String(text)) {
            return "file-text";
        }
    }
    return type.startsWith(u"text/") || type == u"application/pdf" ? "file-text" : "file";
}

} // namespace avocet
