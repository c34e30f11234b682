// SPDX-License-Identifier: GPL-3.0-or-later
// The one place where exceptions of SQLiteCpp end and become a Result.
#pragma once

#include "core/model/Error.h"
#include "core/store/Database.h"

#include <SQLiteCpp/Exception.h>

#include <exception>
#include <type_traits>

struct sqlite3;

namespace avocet {

/// FULL -> Storage/DiskFull, CORRUPT and NOTADB -> Storage/Corrupt, INTERRUPT -> Cancelled, a violated
/// constraint -> Rejected/InvalidInput, a statement that can never work -> Bug, else Storage.
/// `handle` may be null.
Error storageError(const SQLite::Exception& exception, sqlite3* handle);
/// The same; corruption is noted so that the next start deals with it.
Error storageError(const SQLite::Exception& exception, Database& database);
/// What is thrown besides: no memory, in the main.
Error storageError(const std::exception& exception);

/// Runs `work`, which returns a Result, and turns what it throws into the Result's error.
template <class Work>
auto guarded(Database& database, Work&& work) -> std::invoke_result_t<Work>
{
    try {
        return work();
    } catch (const SQLite::Exception& exception) {
        return tl::unexpected<Error>(storageError(exception, database));
    } catch (const std::exception& exception) {
        return tl::unexpected<Error>(storageError(exception));
    }
}

/// Runs `work` in Database::transaction and hands its value out.
template <class Work>
auto inTransaction(Database& database, Work&& work) -> std::invoke_result_t<Work>
{
    using Outcome = std::invoke_result_t<Work>;
    Outcome outcome = fail(ErrorKind::Bug, "the transaction did not run");
    Status committed = database.transaction([&]() -> Status {
        outcome = work();
        if (!outcome)
            return tl::unexpected<Error>(outcome.error());
        return {};
    });
    if (!committed)
        return tl::unexpected<Error>(std::move(committed.error()));
    return outcome;
}

} // namespace avocet
