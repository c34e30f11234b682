// SPDX-License-Identifier: GPL-3.0-or-later
// Saves all attachments of a message into one folder and says so once the last one is on disk.
#pragma once

#include "core/model/Error.h"
#include "ui/reader/ReaderFiles.h"

#include <QObject>
#include <QSet>
#include <QStringList>

#include <functional>
#include <optional>

namespace avocet {

/// One after the other, so that no more than one is in memory. A failed one does not stop the rest.
/// Deletes itself after finished. Thread: the GUI's; the writing happens elsewhere.
class AttachmentSaver : public QObject {
    Q_OBJECT
public:
    using Bytes = std::function<void(Result<FileContent> content)>;
    /// Gets the attachment `index` and calls `done` with it, then or later.
    using Fetch = std::function<void(int index, Bytes done)>;

    struct Report {
        int saved = 0;
        QStringList missing;        ///< names of what is not there, in the message's order
        std::optional<Error> cause; ///< of the first one missing
        bool unwritable = false;    ///< the cause lies with the folder, not with the message
    };

    /// `names` are safe as file names; two of one name are both kept. Replaces no file.
    AttachmentSaver(ReaderFiles& files, QString directory, QStringList names, Fetch fetch,
                    QObject* parent);
    void start();

Q_SIGNALS:
    void began(int index, const std::shared_ptr<avocet::FileProgress>& progress);
    void finished(const avocet::AttachmentSaver::Report& report);

private:
    void next();
    void write(FileContent content);
    void fail(const Error& error, bool unwritable);

    ReaderFiles& m_files;
    QString m_directory;
    QStringList m_names;
    Fetch m_fetch;
    int m_index = 0;
    Report m_report;
};

/// Cause and next step, for a bar. `total`: how many were to be saved.
QString notSavedSentence(const AttachmentSaver::Report& report, int total);

} // namespace avocet
