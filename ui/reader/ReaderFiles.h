// SPDX-License-Identifier: GPL-3.0-or-later
// Writes attachments and messages to files off the GUI thread, never as executables.
#pragma once

#include "core/model/Error.h"

#include <QObject>
#include <QString>
#include <QTemporaryDir>

#include <functional>
#include <memory>
#include <string>

namespace avocet {

/// Thread: the GUI's; the writing happens on the thread pool.
class ReaderFiles : public QObject {
    Q_OBJECT
public:
    using Done = std::function<void(Result<QString> path)>;

    explicit ReaderFiles(QObject* parent = nullptr);

    /// Replaces `path`. Readable and writable for the user alone at first, never executable.
    void save(const QString& path, std::string bytes, Done done);
    /// Into a private directory that goes with this object; read-only, since changes would be lost.
    void saveForOpening(const QString& fileName, std::string bytes, Done done);
    /// A name in `directory` that is not taken: "a.pdf", "a (2).pdf".
    static QString freeName(const QString& directory, const QString& fileName);

private:
    void write(const QString& path, std::string bytes, bool readOnly, Done done);

    std::unique_ptr<QTemporaryDir> m_opened;
    int m_count = 0;
};

} // namespace avocet
