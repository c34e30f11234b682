// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps the addresses for suggestions in memory, and follows what the databases know.
#pragma once

#include "core/engine/AddressIndex.h"
#include "core/engine/Stores.h"
#include "core/engine/Worker.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace avocet {

/// Thread: the reader's alone. It is read in pieces between which other work is done; until the first reading is over,
/// questions wait, afterwards the last whole one answers.
class AddressBook {
public:
    using Done = std::function<void(std::vector<Suggestion>)>;

    AddressBook(std::shared_ptr<Stores> stores, Worker& reader)
        : m_stores(std::move(stores))
        , m_reader(reader)
    {
    }

    static void refresh(const std::shared_ptr<AddressBook>& self);
    static void suggest(const std::shared_ptr<AddressBook>& self, const std::string& typed,
                        std::size_t limit, const Done& done);

private:
    struct Question {
        std::string typed;
        std::size_t limit;
        Done done;
    };
    /// Tells whether the databases have changed.
    using State = std::pair<std::int64_t, std::int64_t>;

    State state();
    static void read(const std::shared_ptr<AddressBook>& self);
    void finish();

    std::shared_ptr<Stores> m_stores;
    Worker& m_reader;
    bool m_ready = false, m_reading = false;
    State m_state, m_readingState;
    AddressIndex m_index;
    AddressIndex::Builder m_builder;
    std::string m_after;
    std::vector<Question> m_waiting;
};

} // namespace avocet
