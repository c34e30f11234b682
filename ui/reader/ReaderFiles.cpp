// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ReaderFiles.h"

#include "core/mime/FileNames.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QPointer>
#include <QTemporaryFile>
#include <QThreadPool>

#include <cerrno>
#include <cstdio>
#include <unistd.h>

namespace avocet {

namespace {

Error writeError(const QFileDevice& file, int problem)
{
    const bool full = file.error() == QFileDevice::ResourceError || problem == ENOSPC ||
                      problem == EDQUOT || problem == EFBIG;
    const ErrorCode code = full                      ? ErrorCode::DiskFull
                           : problem == ENAMETOOLONG ? ErrorCode::InvalidInput
                                                     : ErrorCode::None;
    return {ErrorKind::Storage, file.errorString().toStdString(), {}, code, 0};
}

/// In place of what `path` is, all at once, whole on disk before.
bool putInPlace(QTemporaryFile& file, const QString& path)
{
    const QByteArray from = QFile::encodeName(file.fileName());
    if (::fsync(file.handle()) != 0 ||
        std::rename(from.constData(), QFile::encodeName(path).constData()) != 0) {
        return false;
    }
    file.setAutoRemove(false);
    return true;
}

/// Beside its place first, so that what was there stays until all of it is written; under a short name, since one that is
/// made of the long ones that mail may bring would be too long for the disk.
Result<QString> writeFile(const QString& wished, const FileContent& content, bool readOnly,
                          FileProgress& progress)
{
    const QFileInfo there(wished);
    const QString path = there.isSymLink() && there.exists() ? there.canonicalFilePath() : wished;
    QTemporaryFile file(QFileInfo(path).path() + QStringLiteral("/.avocet-XXXXXX"));
    errno = 0;
    bool right = (!there.exists() || there.isWritable()) && file.open();
    int problem = errno;
    if (right) {
        content.writeTo([&](std::string_view piece) {
            const auto size = static_cast<qint64>(piece.size());
            // Unbuffered, so that a full disk shows here.
            right = file.write(piece.data(), size) == size && file.flush();
            problem = errno;
            progress.written += size;
            return right && !progress.cancelled;
        });
    }
    if (progress.cancelled) {
        return fail(ErrorKind::Cancelled, "saving was called off");
    }
    const auto own = QFileDevice::ReadOwner;
    if (right) {
        right = file.setPermissions(readOnly ? own : own | QFileDevice::WriteOwner) &&
                putInPlace(file, path);
        problem = errno;
    }
    if (!right) {
        return tl::unexpected(writeError(file, problem));
    }
    return path;
}

} // namespace

ReaderFiles::ReaderFiles(QObject* parent)
    : QObject(parent)
{
}

void ReaderFiles::save(const QString& path, FileContent content, Done done,
                       std::shared_ptr<FileProgress> progress)
{
    write(path, std::move(content), false, std::move(done), std::move(progress));
}

void ReaderFiles::saveForOpening(const QString& fileName, FileContent content, Done done,
                                 std::shared_ptr<FileProgress> progress)
{
    const QString path = placeForOpening(fileName);
    if (path.isEmpty()) {
        done(fail(ErrorKind::Storage, "no temporary directory"));
        return;
    }
    write(path, std::move(content), true, std::move(done), std::move(progress));
}

QString ReaderFiles::placeForOpening(const QString& fileName)
{
    if (!m_opened) {
        m_opened =
            std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/avocet-XXXXXX"));
    }
    const QString folder = m_opened->filePath(QString::number(++m_count));
    return m_opened->isValid() && QDir().mkpath(folder) ? folder + QLatin1Char('/') + fileName
                                                        : QString();
}

QString ReaderFiles::freeName(const QString& directory, const QString& fileName)
{
    const QDir dir(directory);
    QString name = fileName;
    for (int i = 2; QFileInfo::exists(dir.filePath(name)) && i < 10'000; ++i) {
        name = QString::fromStdString(mime::numberedFileName(fileName.toStdString(), i));
    }
    return dir.filePath(name);
}

void ReaderFiles::write(const QString& path, FileContent content, bool readOnly, Done done,
                        std::shared_ptr<FileProgress> progress)
{
    if (!progress) {
        progress = std::make_shared<FileProgress>();
    }
    QPointer<ReaderFiles> self(this);
    QThreadPool::globalInstance()->start(
        [self, path, content = std::move(content), readOnly, done = std::move(done), progress] {
            Result<QString> result = writeFile(path, content, readOnly, *progress);
            progress->ended = true;
            // The application object outlives the pool's work; self is looked at on its thread only.
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [self, done, result] {
                    if (self) {
                        done(result);
                    }
                },
                Qt::QueuedConnection);
        });
}

} // namespace avocet
