// SPDX-License-Identifier: GPL-3.0-or-later
// What the databases want done when nobody waits for them: removed folders emptied, threads counted, envelopes into the
// search index, old words out of it, room given back to the disk.
#pragma once

#include "core/engine/BodyIndexer.h"
#include "core/engine/Stores.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <filesystem>
#include <functional>
#include <vector>

namespace avocet {

/// Thread: the engine's. In steps of at most 20 ms with pauses between them, so that a command never waits for longer; when
/// all is done it sleeps until wake().
class Maintenance : public QObject {
    Q_OBJECT
public:
    Maintenance(Stores& stores, std::filesystem::path bodies, BodyIndexer::Announce announce);

    /// Something came or went.
    void wake();
    /// They are to be indexed as soon as no more come; `first`: before the others.
    void bodiesStored(const std::vector<MessageId>& stored, bool first);
    /// Calls `done` when the bodies that were stored so far are found.
    void whenIndexed(std::function<void()> done) { m_indexer.whenIndexed(std::move(done)); }
    /// All envelopes at once, for a search from the command line.
    Status indexAllHeaders();

Q_SIGNALS:
    void indexed(); ///< a search would find more than before; at most once a second
    void threadsCounted(avocet::FolderId folder); ///< its folded list is complete

private:
    void step();
    Result<bool> nextStep();
    Result<bool> countThreads();
    Result<bool> addUnindexed();
    Result<bool> countCorrespondents();
    void start(std::chrono::milliseconds delay);

    Stores& m_stores;
    QElapsedTimer m_sinceTold;
    bool m_untold = false;
    QTimer m_timer;
    MessageId m_behind; ///< bodies up to this one were looked at
    std::chrono::steady_clock::time_point m_stored, m_stepped; ///< the last time
    BodyIndexer m_indexer;
};

} // namespace avocet
