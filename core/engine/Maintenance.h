// SPDX-License-Identifier: GPL-3.0-or-later
// What the databases want done when nobody waits for them: removed folders emptied, threads counted, envelopes into the
// search index, old words out of it, room given back to the disk.
#pragma once

#include "core/engine/Stores.h"
#include "core/engine/Worker.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <memory>

namespace avocet {

/// Thread: the engine's. In steps of at most 20 ms with pauses between them, so that a command never waits for longer; when
/// all is done it sleeps until wake().
class Maintenance : public QObject {
    Q_OBJECT
public:
    explicit Maintenance(Stores& stores);

    /// Something came or went.
    void wake();
    /// All envelopes at once, for a search from the command line.
    Status indexAllHeaders();

Q_SIGNALS:
    void indexed(); ///< a search would find more than before; at most once a second
    void threadsCounted(avocet::FolderId folder); ///< its folded list is complete

private:
    void step();
    Result<bool> nextStep();
    Result<bool> countThreads();
    Result<bool> indexBodies();

    Stores& m_stores;
    QElapsedTimer m_sinceTold;
    bool m_untold = false;
    QTimer m_timer;
    MessageId m_behind; ///< bodies up to this one were looked at
    bool m_indexing = false;
    Worker m_worker{"index"};
};

} // namespace avocet
