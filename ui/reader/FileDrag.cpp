// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/reader/FileDrag.h"

#include <QApplication>
#include <QDrag>
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
    if (m_asked) {
        return;
    }
    m_asked = true;
    m_files.saveForOpening(m_fileName, m_content,
                           [self = QPointer(this)](const Result<QString>& path) {
                               if (self && path) {
                                   self->m_path = *path;
                               }
                           });
}

bool FileDrag::moved(const QMouseEvent& event)
{
    if (!(event.buttons() & Qt::LeftButton) || m_path.isEmpty() ||
        (event.pos() - m_from).manhattanLength() < QApplication::startDragDistance()) {
        return false;
    }
    auto* data = new QMimeData;
    data->setUrls({QUrl::fromLocalFile(m_path)});
    auto* drag = new QDrag(m_source);
    drag->setMimeData(data);
    // Qt knows no other way to drag than this loop of its own.
    drag->exec(Qt::CopyAction);
    return true;
}

} // namespace avocet
