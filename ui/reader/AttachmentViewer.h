// SPDX-License-Identifier: GPL-3.0-or-later
// Shows pictures, text and PDF files of a message without another program.
#pragma once

#include "ui/reader/ReaderFiles.h"

#include <QPointer>
#include <QWidget>

#include <optional>
#include <string>

namespace avocet {

class InfoBarStack;

enum class PreviewKind { None, Picture, Text, Pdf, Message };

/// By type and name. What could run as a program is never shown, nor is SVG, which can hold scripts.
PreviewKind previewKind(const QString& mediaType, const QString& fileName);

/// Its own window; deletes itself once closed. Pictures and PDFs are read on a worker; of text the first 2 MB are shown.
class AttachmentViewer : public QWidget {
    Q_OBJECT
public:
    /// `bytes`: of text its UTF-8.
    AttachmentViewer(PreviewKind kind, const QString& fileName, std::string bytes);

    /// With a button that saves `content`, whatever became of the message that it was opened from.
    void offerSaving(ReaderFiles& files, FileContent content);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makePicture(std::string bytes);
    QWidget* makeText(const std::string& utf8);
    QWidget* makePdf(std::string bytes);
    void save();
    void saveInto(const QString& path);

    QString m_name;
    InfoBarStack* m_bars = nullptr;
    QWidget* m_save = nullptr;
    QPointer<ReaderFiles> m_files;
    std::optional<FileContent> m_content;
};

} // namespace avocet
