// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/ReaderFiles.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QPointer>
#include <QSaveFile>
#include <QThreadPool>

#include <cerrno>

namespace avocet {

namespace {

/// Beside its place first, so that what was there stays until all of it is written.
Result<QString> writeFile(const QString& path, const FileContent& content, bool readOnly,
                          FileProgress& progress)
{
    QSaveFile file(path);
    bool right = file.open(QIODevice::WriteOnly);
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
        file.cancelWriting();
        return fail(ErrorKind::Cancelled, "saving was called off");
    }
    if (right) {
        right = file.commit();
        problem = errno;
    }
    if (!right) {
        file.cancelWriting();
        const bool full = file.error() == QFileDevice::ResourceError || problem == ENOSPC ||
                          problem == EDQUOT || problem == EFBIG;
        return fail(ErrorKind::Storage, file.errorString().toStdString(),
                    full ? ErrorCode::DiskFull : ErrorCode::None);
    }
    const auto own = QFileDevice::ReadOwner;
    QFile::setPermissions(path, readOnly ? own : own | QFileDevice::WriteOwner);
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
    const QFileInfo info(fileName);
    const QString suffix = info.suffix().isEmpty() ? QString() : QLatin1Char('.') + info.suffix();
    QString name = fileName;
    for (int i = 2; QFileInfo::exists(dir.filePath(name)) && i < 10'000; ++i) {
        name = QStringLiteral("%1 (%2)%3").arg(info.completeBaseName()).arg(i).arg(suffix);
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
