// SPDX-License-Identifier: GPL-3.0-or-later
// Shows pictures, text and PDF files of a message without another program.
#pragma once

#include <QByteArray>
#include <QWidget>

#include <string>

namespace avocet {

enum class PreviewKind { None, Picture, Text, Pdf, Message };

/// By type and name. What could run as a program is never shown, nor is SVG, which can hold scripts.
PreviewKind previewKind(const QString& mediaType, const QString& fileName);

/// Its own window; deletes itself once closed. Pictures are read on a worker and scaled to the window, of text the first
/// 2 MB are shown.
class AttachmentViewer : public QWidget {
    Q_OBJECT
public:
    AttachmentViewer(PreviewKind kind, const QString& fileName, std::string bytes);

Q_SIGNALS:
    void saveRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makePicture(std::string bytes);
    QWidget* makeText(const std::string& bytes);
    QWidget* makePdf(const std::string& bytes);
};

} // namespace avocet
