// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/FileDrag.h"

#include <QApplication>
#include <QDrag>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMimeData>
#include <QMouseEvent>
#include <QPointer>
#include <QUrl>
#include <QWidget>

namespace avocet {

FileDrag::FileDrag(QWidget* source, ReaderFiles& files, QString fileName, FileContent content)
    : QObject(source)
    , m_source(source)
    , m_files(files)
    , m_fileName(std::move(fileName))
    , m_content(std::move(content))
{
}

void FileDrag::pressed(const QMouseEvent& event)
{
    m_from = event.pos();
}

bool FileDrag::moved(const QMouseEvent& event)
{
    if (!(event.buttons() & Qt::LeftButton) ||
        (event.pos() - m_from).manhattanLength() < QApplication::startDragDistance()) {
        return false;
    }
    if (!m_path.isEmpty() && QFileInfo::exists(m_path)) {
        drag();
    } else if (!m_writing) {
        m_writing = true;
        m_files.saveForOpening(m_fileName, m_content,
                               [self = QPointer(this)](const Result<QString>& path) {
                                   if (self) {
                                       self->written(path);
                                   }
                               });
    }
    return true;
}

void FileDrag::written(const Result<QString>& path)
{
    m_writing = false;
    m_path = path ? *path : QString();
    // Whoever let go meanwhile drags nothing any more; the file is there for the next time.
    if (path && (QGuiApplication::mouseButtons() & Qt::LeftButton)) {
        drag();
    }
}

void FileDrag::drag()
{
    auto* data = new QMimeData;
    data->setUrls({QUrl::fromLocalFile(m_path)});
    auto* drag = new QDrag(m_source);
    drag->setMimeData(data);
    // Qt knows no other way to drag than this loop of its own.
    drag->exec(Qt::CopyAction);
}

} // namespace avocet
