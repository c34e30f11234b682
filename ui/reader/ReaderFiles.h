// SPDX-License-Identifier: GPL-3.0-or-later
// Writes attachments and messages to files off the GUI thread, never as executables.
#pragma once

#include "core/model/Error.h"

#include <QObject>
#include <QString>
#include <QTemporaryDir>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace avocet {

/// What a file is to hold, made piece by piece where it is written.
class FileContent {
public:
    using Take = std::function<bool(std::string_view piece)>; ///< false: enough
    using Pieces = std::function<void(const Take&)>;

    FileContent(std::string bytes)
        : m_pieces([bytes = std::move(bytes)](const Take& take) { take(bytes); })
    {
    }
    FileContent(Pieces pieces)
        : m_pieces(std::move(pieces))
    {
    }
    void writeTo(const Take& take) const { m_pieces(take); }

private:
    Pieces m_pieces;
};

/// How far a file is. Any thread.
struct FileProgress {
    std::atomic<qint64> written = 0;
    std::atomic<bool> ended = false;
    std::atomic<bool> cancelled = false; ///< by whoever waits: nothing is left of the file
};

/// Thread: the GUI's; the writing happens on the thread pool.
class ReaderFiles : public QObject {
    Q_OBJECT
public:
    using Done = std::function<void(Result<QString> path)>;

    explicit ReaderFiles(QObject* parent = nullptr);

    /// Replaces `path`. Readable and writable for the user alone at first, never executable.
    /// Cancelled: ErrorKind::Cancelled. Storage with InvalidInput: no name as long as that is possible there.
    void save(const QString& path, FileContent content, Done done,
              std::shared_ptr<FileProgress> progress = {});
    /// Into a private directory that goes with this object; read-only, since changes would be lost.
    void saveForOpening(const QString& fileName, FileContent content, Done done,
                        std::shared_ptr<FileProgress> progress = {});
    /// A place in that directory for a file that is yet to be saved; empty: there is none.
    QString placeForOpening(const QString& fileName);
    /// A name in `directory` that is not taken: "a.pdf", "a (2).pdf"; at most 255 bytes.
    static QString freeName(const QString& directory, const QString& fileName);

private:
    void write(const QString& path, FileContent content, bool readOnly, Done done,
               std::shared_ptr<FileProgress> progress);

    std::unique_ptr<QTemporaryDir> m_opened;
    int m_count = 0;
};

} // namespace avocet
