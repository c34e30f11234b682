// SPDX-License-Identifier: GPL-3.0-or-later
// Contacts from files, and suggestions that the user took away, in user.db.
#pragma once

#include "core/model/Contact.h"
#include "core/store/Database.h"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace avocet {

class ContactStore {
public:
    explicit ContactStore(Database& user)
        : m_db(user)
    {
    }

    /// What `source` held already of an address is written over. At most 100,000 altogether: TooLarge beyond.
    Status add(const std::string& source, std::span<const Contact> contacts);
    Status remove(std::span<const ContactId> contacts);
    /// By name, then address.
    Result<std::vector<Contact>> all();
    /// Takes an address out of the suggestions until mail is sent to it after `since`.
    Status hide(const std::string& address, std::int64_t since);
    Status unhideAll();
    Result<std::map<std::string, std::int64_t>> hidden(); ///< address in lower case -> since
    /// Changes with every write here.
    Result<std::int64_t> revision();

private:
    Database& m_db;
};

} // namespace avocet
