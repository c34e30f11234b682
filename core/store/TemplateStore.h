// SPDX-License-Identifier: GPL-3.0-or-later
// Texts that are used again, in user.db.
#pragma once

#include "core/model/Template.h"
#include "core/store/Database.h"

#include <vector>

namespace avocet {

class TemplateStore {
public:
    explicit TemplateStore(Database& user)
        : m_db(user)
    {
    }

    /// Adds it where it has no id. InvalidInput for a name that is empty, longer than 240 bytes or no line; AlreadyExists
    /// where another one has it; TooLarge for more than a message should hold, or more than 500 of them.
    Result<TemplateId> save(const Template& one);
    Status remove(TemplateId id);
    /// By name.
    Result<std::vector<Template>> all();

private:
    Database& m_db;
};

} // namespace avocet
