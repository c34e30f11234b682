// SPDX-License-Identifier: GPL-3.0-or-later
// Drags what is not a file yet out of the window as one: it is written while the button goes down.
#pragma once

#include "core/model/Error.h"

#include <QObject>
#include <QPoint>
#include <QString>

#include <functional>
#include <string>

class QMouseEvent;
class QWidget;

namespace avocet {

class ReaderFiles;

/// Thread: the GUI's. The widget passes its mouse events on.
class FileDrag : public QObject {
    Q_OBJECT
public:
    using Bytes = std::function<void(Result<std::string> bytes)>;
    using Fetch = std::function<void(Bytes done)>;

    FileDrag(QWidget* source, ReaderFiles& files, QString fileName, Fetch fetch);

    void pressed(const QMouseEvent& event);
    /// True: a drag was made of it.
    bool moved(const QMouseEvent& event);

private:
    QWidget* m_source;
    ReaderFiles& m_files;
    QString m_fileName;
    Fetch m_fetch;
    QPoint m_from;
    QString m_path; ///< empty until it is written
    bool m_asked = false;
};

} // namespace avocet
