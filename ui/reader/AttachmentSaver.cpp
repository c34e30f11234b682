// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/AttachmentSaver.h"

#include "ui/words/ErrorWords.h"

#include <QPointer>

namespace avocet {

AttachmentSaver::AttachmentSaver(ReaderFiles& files, QString directory, QStringList names,
                                 Fetch fetch, QObject* parent)
    : QObject(parent)
    , m_files(files)
    , m_directory(std::move(directory))
    , m_names(std::move(names))
    , m_fetch(std::move(fetch))
{
}

void AttachmentSaver::start()
{
    next();
}

void AttachmentSaver::next()
{
    if (m_index >= m_names.size()) {
        Q_EMIT finished(m_report);
        deleteLater();
        return;
    }
    m_fetch(m_index, [self = QPointer(this)](Result<FileContent> content) {
        if (!self) {
            return;
        }
        content ? self->write(std::move(*content)) : self->fail(content.error(), false);
    });
}

void AttachmentSaver::write(FileContent content)
{
    // Asked for now that the ones before it are there, so that a second "a.pdf" becomes "a (2).pdf".
    const QString path = ReaderFiles::freeName(m_directory, m_names[m_index]);
    const auto progress = std::make_shared<FileProgress>();
    Q_EMIT began(m_index, progress);
    const auto done = [self = QPointer(this)](const Result<QString>& saved) {
        if (!self) {
            return;
        }
        if (!saved) {
            self->fail(saved.error(), true);
            return;
        }
        ++self->m_report.saved;
        ++self->m_index;
        self->next();
    };
    m_files.save(path, std::move(content), done, progress);
}

void AttachmentSaver::fail(const Error& error, bool unwritable)
{
    m_report.missing.append(m_names[m_index]);
    if (!m_report.cause) {
        m_report.cause = error;
        m_report.unwritable = unwritable;
    }
    ++m_index;
    // From the event loop: a fetch may answer at once, and there may be many of them.
    QMetaObject::invokeMethod(this, &AttachmentSaver::next, Qt::QueuedConnection);
}

QString notSavedSentence(const AttachmentSaver::Report& report, int total)
{
    constexpr int named = 3;
    QStringList names = report.missing.mid(0, named);
    for (QString& name : names) {
        name = name.size() > 40 ? name.left(28) + QChar(0x2026) + name.right(11) : name;
    }
    if (report.missing.size() > named) {
        names.append(QChar(0x2026));
    }
    const QString list = names.join(QStringLiteral(", "));
    const QString what = report.missing.size() == 1
                             ? AttachmentSaver::tr("%1 was not saved.").arg(list)
                             : AttachmentSaver::tr("%1 of %2 attachments were not saved: %3.")
                                   .arg(report.missing.size())
                                   .arg(total)
                                   .arg(list);
    const Error cause = report.cause.value_or(Error{});
    const QString why =
        report.unwritable && cause.code == ErrorCode::DiskFull
            ? AttachmentSaver::tr("The disk is full. Make room or choose another folder.")
        : report.unwritable && cause.code == ErrorCode::InvalidInput
            ? AttachmentSaver::tr("The name is too long for this folder. Save it under a shorter "
                                  "name or choose another folder.")
        : report.unwritable
            ? AttachmentSaver::tr("This folder cannot be written to. Choose another one.")
        : cause.kind == ErrorKind::Cancelled ? AttachmentSaver::tr("It was called off.")
                                             : errorSentence(cause, {});
    return what + QLatin1Char(' ') + why;
}

} // namespace avocet
