// SPDX-License-Identifier: GPL-3.0-or-later
// Whom the user writes to and hears from, counted from the messages in mail.db.
#pragma once

#include "core/model/Contact.h"
#include "core/store/Database.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// Counts messages once, in the order of their ids, whenever the engine has time for it: nothing of this lies in the way of a
/// sync. What is deleted later stays counted. Junk and drafts are not looked at.
class CorrespondentStore {
public:
    explicit CorrespondentStore(Database& mail)
        : m_db(mail)
    {
    }

    /// Counts the next `limit` messages; how many there were. `isOwn`: whether the user writes as an address.
    Result<int> countSome(int limit, const std::function<bool(std::string_view)>& isOwn,
                          std::int64_t now);
    /// All are to be counted again: the user got another address.
    Status startOver();
    /// The message up to which all are counted; changes whenever a count does.
    Result<std::int64_t> progress();
    /// In the order of the addresses, those behind `after`.
    Result<std::vector<Correspondent>> piece(const std::string& after, int limit);

private:
    Database& m_db;
};

} // namespace avocet
