// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compose/AttachmentFile.h"

#include <QFile>
#include <QFileInfo>
#include <QMimeDatabase>

namespace avocet {

namespace {

constexpr qsizetype longestName = 255;

} // namespace

QString attachmentName(const QString& fileName)
{
    QString name = fileName.mid(fileName.lastIndexOf(u'/') + 1);
    name.removeIf([](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format ||
               c.category() == QChar::Separator_Line || c.category() == QChar::Separator_Paragraph;
    });
    const qsizetype dot = name.lastIndexOf(u'.');
    const QString ending = dot > 0 && name.size() - dot <= 16 ? name.mid(dot) : QString();
    QString stem = name.left(name.size() - ending.size());
    while (stem.toUtf8().size() + ending.toUtf8().size() > longestName)
        stem.chop(stem.size() > 1 && stem.back().isLowSurrogate() ? 2 : 1);
    name = stem + ending;
    return name.trimmed().isEmpty() ? QStringLiteral("file") : name.trimmed();
}

Result<DraftAttachment> readAttachment(const QString& path)
{
    const QFileInfo info(path);
    if (!info.isFile())
        return fail(ErrorKind::Rejected, "not a file", ErrorCode::InvalidInput);
    if (info.size() > largestAttachment)
        return fail(ErrorKind::Rejected, "the file is too large", ErrorCode::TooLarge);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorKind::Storage, file.errorString().toStdString());
    // One byte more than allowed shows a file that grew while it was read.
    const QByteArray data = file.read(largestAttachment + 1);
    if (file.error() != QFileDevice::NoError)
        return fail(ErrorKind::Storage, file.errorString().toStdString());
    if (data.size() > largestAttachment)
        return fail(ErrorKind::Rejected, "the file is too large", ErrorCode::TooLarge);
    DraftAttachment attachment;
    attachment.name = attachmentName(info.fileName()).toStdString();
    attachment.type = QMimeDatabase().mimeTypeForFileNameAndData(path, data).name().toStdString();
    attachment.data = data.toStdString();
    return attachment;
}

} // namespace avocet
