// SPDX-License-Identifier: GPL-3.0-or-later
// All addresses that can be suggested, in memory and in the order of their rank: an answer is the first few that match.
#pragma once

#include "core/model/Contact.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace avocet {

/// Ranked by how often and how recently they were written to; then those from contact files, then who wrote, then who was
/// merely named beside the user, and behind all lists, newsletters and addresses that nobody reads. Immutable; any thread.
class AddressIndex {
public:
    /// The first `limit` of which a word of the name, the local part or the domain begins with each word of `typed`,
    /// whatever its case and accents. Nothing for nothing.
    std::vector<Suggestion> find(std::string_view typed, std::size_t limit) const;
    std::size_t size() const { return m_people.size(); }

    /// Gathers what an index is made of. Thread: one.
    class Builder {
    public:
        void add(const Correspondent& person);
        void add(const Contact& contact);
        /// Not suggested unless written to after `since`. `address` in lower case.
        void hide(const std::string& address, std::int64_t since) { m_hidden[address] = since; }
        /// `now`: seconds since 1970, UTC.
        AddressIndex build(std::int64_t now);

    private:
        struct Person {
            Correspondent counted;
            std::string name;    ///< of a contact file, which goes before what mail says
            std::string address; ///< the same
        };
        std::unordered_map<std::string, Person> m_people;
        std::map<std::string, std::int64_t> m_hidden;
    };

private:
    struct Entry {
        std::uint32_t begin = 0; ///< in m_text: words, name, address
        std::uint16_t words = 0, name = 0, address = 0;
    };

    std::string m_text;
    std::vector<Entry> m_people;
};

} // namespace avocet
