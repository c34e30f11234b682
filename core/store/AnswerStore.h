// SPDX-License-Identifier: GPL-3.0-or-later
// What the user answered to invitations.
#pragma once

#include "core/model/Error.h"
#include "core/model/InvitationAnswer.h"
#include "core/store/Database.h"

#include <optional>
#include <string_view>

namespace avocet {

class AnswerStore {
public:
    explicit AnswerStore(Database& user)
        : m_db(user)
    {
    }

    /// In place of an earlier one. InvalidInput where its uid is empty or endless.
    Status set(const InvitationAnswer& answer);
    Result<std::optional<InvitationAnswer>> find(std::string_view uid, std::int64_t occurrence);

private:
    Database& m_db;
};

} // namespace avocet
