// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/StoreGuard.h"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <cerrno>
#include <string>

namespace avocet {

namespace {

bool diskIsFull(int code, sqlite3* handle)
{
    if (code == SQLITE_FULL)
        return true;
    if (code != SQLITE_IOERR && code != SQLITE_CANTOPEN)
        return false;
    const int cause = handle ? sqlite3_system_errno(handle) : 0;
    return cause == ENOSPC || cause == EDQUOT;
}

Error make(ErrorKind kind, std::string detail, ErrorCode code = ErrorCode::None)
{
    return fail(kind, std::move(detail), code).value();
}

} // namespace

Error storageError(const SQLite::Exception& exception, sqlite3* handle)
{
    const int code = exception.getErrorCode() < 0 ? -1 : exception.getErrorCode() & 0xff;
    const std::string what = exception.what();
    if (diskIsFull(code, handle))
        return make(ErrorKind::Storage, "no space left on the disk: " + what, ErrorCode::DiskFull);
    switch (code) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return make(ErrorKind::Storage, "the database is damaged: " + what, ErrorCode::Corrupt);
    case SQLITE_INTERRUPT:
        return make(ErrorKind::Cancelled, what);
    case SQLITE_READONLY:
        return make(ErrorKind::Storage, "the database cannot be written to: " + what);
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return make(ErrorKind::Storage, "the database cannot be opened: " + what);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return make(ErrorKind::Storage, "the database is held by another connection: " + what);
    case SQLITE_CONSTRAINT:
        return make(ErrorKind::Rejected, what, ErrorCode::InvalidInput);
    case SQLITE_TOOBIG:
        return make(ErrorKind::Rejected, what, ErrorCode::TooLarge);
    case -1:
    case SQLITE_ERROR:
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
    case SQLITE_MISMATCH:
        return make(ErrorKind::Bug, what);
    default:
        return make(ErrorKind::Storage, what);
    }
}

Error storageError(const SQLite::Exception& exception, Database& database)
{
    Error error = storageError(exception, database.raw().getHandle());
    if (error.code == ErrorCode::Corrupt)
        database.noteCorruption();
    return error;
}

Error storageError(const std::exception& exception)
{
    return make(ErrorKind::Storage, exception.what());
}

} // namespace avocet
