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

Result<QString> writeFile(const QString& path, const std::string& bytes, bool readOnly)
{
    QSaveFile file(path);
    const auto size = static_cast<qint64>(bytes.size());
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes.data(), size) != size ||
        !file.commit()) {
        const bool full = file.error() == QFileDevice::ResourceError || errno == ENOSPC;
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

void ReaderFiles::save(const QString& path, std::string bytes, Done done)
{
    write(path, std::move(bytes), false, std::move(done));
}

void ReaderFiles::saveForOpening(const QString& fileName, std::string bytes, Done done)
{
    if (!m_opened) {
        m_opened =
            std::make_unique<QTemporaryDir>(QDir::tempPath() + QStringLiteral("/avocet-XXXXXX"));
    }
    const QString folder = m_opened->filePath(QString::number(++m_count));
    if (!m_opened->isValid() || !QDir().mkpath(folder)) {
        done(fail(ErrorKind::Storage, "no temporary directory"));
        return;
    }
    write(folder + QLatin1Char('/') + fileName, std::move(bytes), true, std::move(done));
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

void ReaderFiles::write(const QString& path, std::string bytes, bool readOnly, Done done)
{
    QPointer<ReaderFiles> self(this);
    QThreadPool::globalInstance()->start(
        [self, path, bytes = std::move(bytes), readOnly, done = std::move(done)] {
            Result<QString> result = writeFile(path, bytes, readOnly);
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
