// SPDX-License-Identifier: GPL-3.0-or-later
// What the user answered to invitations, and to questions above a message.
#pragma once

#include "core/model/Error.h"
#include "core/model/InvitationAnswer.h"
#include "core/model/NoticeAnswer.h"
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

    /// In place of an earlier one. InvalidInput where kind or key is empty.
    Status set(const NoticeAnswer& answer);
    Result<std::optional<NoticeAnswer>> findNotice(std::string_view kind, std::string_view key);

private:
    Database& m_db;
};

} // namespace avocet
