// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Generation.h"

#include "core/store/StoreGuard.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <initializer_list>
#include <string>

namespace avocet {

namespace {

Status follow(Database& database, const std::string& generation,
              std::initializer_list<const char*> forget)
{
    return guarded(database, [&]() -> Status {
        SQLite::Database& raw = database.raw();
        if (raw.execAndGet("SELECT value FROM mail_generation").getString() == generation)
            return {};
        return database.transaction([&]() -> Status {
            for (const char* statement : forget)
                raw.exec(statement);
            SQLite::Statement note(raw, "UPDATE mail_generation SET value = ?");
            note.bind(1, generation);
            note.exec();
            return {};
        });
    });
}

} // namespace

Status matchGenerations(Database& user, Database& mail, Database& bodies)
{
    const auto generation = guarded(mail, [&]() -> Result<std::string> {
        return mail.raw().execAndGet("SELECT value FROM generation").getString();
    });
    if (!generation)
        return tl::unexpected<Error>(generation.error());
    if (auto followed = follow(bodies, *generation, {"DELETE FROM body"}); !followed)
        return followed;
    return follow(user, *generation,
                  {"UPDATE draft SET original = 0", "UPDATE outbox SET original = 0"});
}

} // namespace avocet
