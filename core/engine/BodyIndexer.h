// SPDX-License-Identifier: GPL-3.0-or-later
// Makes stored bodies found and previewed, behind the storing: the network need not wait for the index.
#pragma once

#include "core/engine/MailEngine.h"
#include "core/engine/Stores.h"
#include "core/engine/Worker.h"

#include <QObject>

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace avocet {

/// Thread: the engine's; Maintenance owns it and says when. A worker reads and prepares a group ahead with a connection of
/// its own, step() writes one. What waits is kept in memory alone: after a crash SearchIndex::bodiesWanted finds it again.
class BodyIndexer : public QObject {
    Q_OBJECT
public:
    using Announce = std::function<void(std::function<void(MailEngine&)>)>;

    BodyIndexer(Stores& stores, std::filesystem::path bodies, Announce announce);
    ~BodyIndexer() override;

    /// In the order in which they are given, or before all that waits.
    void add(const std::vector<MessageId>& stored, bool first);
    /// Writes some of what is prepared: for some 15 ms.
    Status step();
    /// Nothing waits, is prepared or is ready.
    bool idle() const { return m_handled == m_added; }
    /// step() has something to write.
    bool ready() const { return !m_ready.empty(); }
    /// Lets go of all that waits, after an error.
    void forget();
    /// Calls `done` when as many were indexed as wait now; at once where none does.
    void whenIndexed(std::function<void()> done);

Q_SIGNALS:
    void prepared(); ///< step() has something to write

private:
    struct Prepared {
        MessageId message;
        bool there = false; ///< false: bodies.db does not have it, or not whole
        std::string preview;
        SearchText text;
        std::string reportsAbout; ///< a Message-ID; empty: it is no report
    };
    class Reader;

    void prepare();
    Status write(const std::vector<Prepared>& group);
    void release();

    Stores& m_stores;
    Announce m_announce;
    std::shared_ptr<Reader> m_reader; ///< used by the worker alone
    std::deque<MessageId> m_waiting;
    std::deque<Prepared> m_ready;
    bool m_preparing = false;
    std::uint64_t m_generation = 0; ///< what was posted before forget() counts no more
    std::uint64_t m_added = 0, m_handled = 0;
    std::size_t m_perStep = 8;
    std::vector<std::pair<std::uint64_t, std::function<void()>>> m_waiters;
    Worker m_worker{"index"};
};

} // namespace avocet
