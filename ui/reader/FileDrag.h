// SPDX-License-Identifier: GPL-3.0-or-later
// Drags what is not a file yet out of the window as one: it is written once a drag begins, and not by every click.
#pragma once

#include "ui/reader/ReaderFiles.h"

#include <QObject>
#include <QPoint>
#include <QString>

class QMouseEvent;
class QWidget;

namespace avocet {

/// Thread: the GUI's. The widget passes its mouse events on.
class FileDrag : public QObject {
    Q_OBJECT
public:
    FileDrag(QWidget* source, ReaderFiles& files, QString fileName, FileContent content);

    void pressed(const QMouseEvent& event);
    /// True: a drag is made of it, as soon as the file is written.
    bool moved(const QMouseEvent& event);

private:
    void written(const Result<QString>& path);
    void drag();

    QWidget* m_source;
    ReaderFiles& m_files;
    QString m_fileName;
    FileContent m_content;
    QPoint m_from;
    QString m_path; ///< empty until it is written
    bool m_writing = false;
};

} // namespace avocet
