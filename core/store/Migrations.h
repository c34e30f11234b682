// SPDX-License-Identifier: GPL-3.0-or-later
// Brings a database file to the newest schema, step by step.
#pragma once

#include "core/model/Error.h"
#include "core/store/Database.h"

#include <span>

namespace avocet {

/// The SQL of each step, embedded at build time from core/store/schema. Step n leads to
/// `PRAGMA user_version` n + 1.
std::span<const char* const> migrations(Schema schema);

/// `PRAGMA application_id`: which of the three a file is, "AvU1", "AvM1", "AvB1".
int applicationId(Schema schema);

/// Runs what is missing, each step in a transaction of its own. Storage/NewerVersion where the file knows more
/// steps than we do, Storage/Corrupt where it is another kind of database. Throws SQLite::Exception.
Status migrate(SQLite::Database& database, Schema schema, std::span<const char* const> steps);

/// The same checks without a change: for readers.
Status checkVersion(SQLite::Database& database, Schema schema, std::size_t newest);

} // namespace avocet
