// SPDX-License-Identifier: GPL-3.0-or-later
// SIGINT and SIGTERM as an event of Qt's loop, so that stopping is orderly.
#pragma once

#include <QObject>

namespace avocet {

/// Thread: the main one; one instance, made before other threads so that they inherit the blocked signals.
class Signals : public QObject {
    Q_OBJECT
public:
    explicit Signals(QObject* parent = nullptr);
    ~Signals() override;

Q_SIGNALS:
    void stopRequested();

private:
    int m_fd = -1;
};

} // namespace avocet
