// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Migrations.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Transaction.h>

#include <string>

namespace avocet {

namespace {

int pragma(SQLite::Database& database, const char* name)
{
    return database.execAndGet(std::string("PRAGMA ") + name).getInt();
}

bool isEmpty(SQLite::Database& database)
{
    return database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() == 0;
}

Status checkKind(SQLite::Database& database, Schema schema)
{
    if (pragma(database, "application_id") == applicationId(schema))
        return {};
    return fail(ErrorKind::Storage, "not this kind of database: " + database.getFilename(),
                ErrorCode::Corrupt);
}

Status checkNotNewer(SQLite::Database& database, std::size_t newest)
{
    const int version = pragma(database, "user_version");
    if (version < 0)
        return fail(ErrorKind::Storage, "impossible schema version: " + database.getFilename(),
                    ErrorCode::Corrupt);
    if (static_cast<std::size_t>(version) <= newest)
        return {};
    return fail(ErrorKind::Storage,
                database.getFilename() + " has schema " + std::to_string(version) +
                    ", this program knows up to " + std::to_string(newest),
                ErrorCode::NewerVersion);
}

} // namespace

int applicationId(Schema schema)
{
    switch (schema) {
    case Schema::User:
        return 0x41765531;
    case Schema::Mail:
        return 0x41764d31;
    case Schema::Bodies:
        return 0x41764231;
    }
    return 0;
}

Status migrate(SQLite::Database& database, Schema schema, std::span<const char* const> steps)
{
    if (!isEmpty(database)) {
        if (Status kind = checkKind(database, schema); !kind)
            return kind;
        if (Status version = checkNotNewer(database, steps.size()); !version)
            return version;
    }
    for (auto version = static_cast<std::size_t>(pragma(database, "user_version"));
         version < steps.size(); ++version) {
        SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
        database.exec(steps[version]);
        database.exec("PRAGMA application_id = " + std::to_string(applicationId(schema)));
        database.exec("PRAGMA user_version = " + std::to_string(version + 1));
        transaction.commit();
    }
    return {};
}

Status checkVersion(SQLite::Database& database, Schema schema, std::size_t newest)
{
    const auto older = [&] {
        return fail(ErrorKind::Storage,
                    database.getFilename() + " has an older schema; the writer migrates it first");
    };
    if (isEmpty(database))
        return older();
    if (Status kind = checkKind(database, schema); !kind)
        return kind;
    if (Status version = checkNotNewer(database, newest); !version)
        return version;
    if (static_cast<std::size_t>(pragma(database, "user_version")) < newest)
        return older();
    return {};
}

} // namespace avocet
