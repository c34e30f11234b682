// SPDX-License-Identifier: GPL-3.0-or-later
// One attachment of a received message: type, name, size; open and save on hover or focus.
#pragma once

#include "core/mime/MessageReader.h"

#include <QTimer>
#include <QWidget>

#include <memory>

namespace avocet {

class FileDrag;
class IconButton;
struct FileProgress;

/// 240 x 56. Its name is the one it is saved under.
class ReceivedAttachmentCard : public QWidget {
    Q_OBJECT
public:
    ReceivedAttachmentCard(int index, const ParsedAttachment& attachment,
                           QWidget* parent = nullptr);
    int index() const { return m_index; }
    QString name() const { return m_name; }
    /// What dragging the card does.
    void setDrag(FileDrag* drag) { m_drag = drag; }
    /// Shows how far it is on its way to disk, with a button that calls that off.
    void follow(std::shared_ptr<FileProgress> progress);

Q_SIGNALS:
    void openRequested(int index);
    void saveRequested(int index);

protected:
    void paintEvent(QPaintEvent* event) override;
    void enterEvent(QEnterEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;

private:
    void showButtons(bool shown);
    void showProgress();

    int m_index;
    QString m_name;
    QString m_about;
    const char* m_iconName;
    IconButton* m_open;
    IconButton* m_save;
    IconButton* m_cancel;
    FileDrag* m_drag = nullptr;
    qint64 m_size;
    std::shared_ptr<FileProgress> m_progress; ///< null: it is not being saved
    QTimer m_progressTimer;
};

/// What may be written to disk: a base name without control and direction marks, at most 255 bytes.
QString safeFileName(const QString& name);
/// "PDF", "Image", "Archive" ... for people.
QString fileTypeWords(const QString& mediaType, const QString& fileName);
/// Whether opening it could run code: then it is only ever saved.
bool mayRunCode(const QString& fileName);

} // namespace avocet
