// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the reports (bounces, read receipts) about a message, and the message that a report is about.
#pragma once

#include "core/model/Error.h"
#include "core/model/Ids.h"
#include "core/store/Database.h"

#include <optional>
#include <string>
#include <vector>

namespace avocet {

/// Message-IDs without <>. Nothing here reads more than a few rows, however much mail there is.
class ReportStore {
public:
    explicit ReportStore(Database& mail)
        : m_db(mail)
    {
    }

    /// Nothing where `about` is empty or longer than a line may be. Safe to repeat.
    Status add(MessageId report, const std::string& about);
    /// The newest twenty, newest first, of those that a folder shows.
    Result<std::vector<MessageId>> about(const std::string& messageIdHeader);
    /// A message of the account that is called so and that a folder shows.
    Result<std::optional<MessageId>> messageCalled(AccountId account,
                                                   const std::string& messageIdHeader);

private:
    Database& m_db;
};

} // namespace avocet
