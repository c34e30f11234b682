// SPDX-License-Identifier: GPL-3.0-or-later
// SIGINT and SIGTERM as an event of Qt's loop, so that stopping is orderly.
#pragma once

#include <QObject>

namespace avocet {

/// Thread: the main one; one instance.
class Signals : public QObject {
    Q_OBJECT
public:
    /// Before anything starts a thread (QApplication does): each thread inherits that they are blocked, so
    /// that they come here and nowhere else.
    static void block();

    explicit Signals(QObject* parent = nullptr);
    ~Signals() override;

Q_SIGNALS:
    void stopRequested();

private:
    int m_fd = -1;
};

} // namespace avocet
