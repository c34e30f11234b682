// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/Database.h"

#include "core/store/Migrations.h"
#include "core/store/StoreGuard.h"

#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace avocet {

namespace fs = std::filesystem;

namespace {

constexpr int busyTimeoutMs = 5000;
/// Up to this size every page of user.db is checked at each start: some 20 ms.
constexpr std::uintmax_t alwaysCheckedBytes = 16u << 20;

fs::path beside(const fs::path& file, const std::string& suffix)
{
    fs::path other = file;
    other += suffix;
    return other;
}

std::int64_t secondsSince1970()
{
    using namespace std::chrono;
    return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

/// With mode 0600 from its first moment; SQLite gives -wal and -shm the same mode. An existing file is never
/// opened here: closing it again would drop the POSIX locks of this process's connections.
Status createPrivate(const fs::path& file)
{
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
        ::close(descriptor);
        return {};
    }
    const int cause = errno;
    if (cause == EEXIST) {
        // Failing on a read-only disk is no reason to refuse: opening says what is wrong.
        [[maybe_unused]] const int ignored = ::chmod(file.c_str(), 0600);
        return {};
    }
    return fail(ErrorKind::Storage, "cannot create " + file.string() + ": " + std::strerror(cause),
                cause == ENOSPC || cause == EDQUOT ? ErrorCode::DiskFull : ErrorCode::None);
}

/// SQLite counts its memory behind one lock for all threads, at each allocation; nobody reads the count.
void countNoMemory()
{
    [[maybe_unused]] static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

void configure(SQLite::Database& database, Schema schema, Access access)
{
    database.exec("PRAGMA foreign_keys = ON");
    database.exec("PRAGMA temp_store = MEMORY");
    database.exec(schema == Schema::Mail ? "PRAGMA cache_size = -6000"
                                         : "PRAGMA cache_size = -2000");
    if (access == Access::ReadOnly)
        return;
    // Both only mean something in an empty file, and would write into another one.
    if (schema == Schema::Bodies && database.execAndGet("PRAGMA page_count").getInt() == 0) {
        database.exec("PRAGMA page_size = 16384");
        database.exec("PRAGMA auto_vacuum = INCREMENTAL");
    }
    // Debian's SQLite overwrites what is deleted; where the content is a cache, only as far as that is free.
    if (schema != Schema::User)
        database.exec("PRAGMA secure_delete = FAST");
    database.exec("PRAGMA journal_mode = WAL");
    database.exec(schema == Schema::User ? "PRAGMA synchronous = FULL"
                                         : "PRAGMA synchronous = NORMAL");
    database.exec("PRAGMA journal_size_limit = 16777216");
}

bool everyPageIsSound(SQLite::Database& database)
{
    return database.execAndGet("PRAGMA quick_check(1)").getString() == "ok";
}

} // namespace

struct Database::Private {
    Private(const fs::path& path, Schema kind, int flags)
        : file(path)
        , schema(kind)
        , database(path, flags, busyTimeoutMs)
    {
    }

    fs::path file;
    Schema schema;
    SQLite::Database database;
    bool setAside = false;
    int depth = 0;
    bool doomed = false;
    Error doom;
};

namespace {

struct Opening {
    const fs::path& file;
    Schema schema;
    bool suspect;
};

Status checkPages(SQLite::Database& database, const Opening& opening)
{
    if (opening.schema != Schema::User)
        return {};
    std::error_code ignored;
    const std::uintmax_t size = fs::file_size(opening.file, ignored);
    if (!opening.suspect && (ignored || size > alwaysCheckedBytes))
        return {};
    if (everyPageIsSound(database))
        return {};
    return fail(ErrorKind::Storage, "the database is damaged: " + opening.file.string(),
                ErrorCode::Corrupt);
}

Status prepareForWriting(SQLite::Database& database, const Opening& opening)
{
    if (Status version = migrate(database, opening.schema, migrations(opening.schema)); !version)
        return version;
    return checkPages(database, opening);
}

/// What cannot be read is kept once, for a look at it; the one before goes, since bodies can be gigabytes.
Status setFileAside(const fs::path& file)
{
    std::error_code error;
    const std::string prefix = file.filename().string() + ".corrupt-";
    for (const fs::directory_entry& entry : fs::directory_iterator(file.parent_path(), error))
        if (entry.path().filename().string().starts_with(prefix))
            fs::remove(entry.path(), error);

    const fs::path aside = beside(file, ".corrupt-" + std::to_string(secondsSince1970()));
    fs::rename(file, aside, error);
    if (error)
        return fail(ErrorKind::Storage,
                    "cannot set " + file.string() + " aside: " + error.message());
    // The log follows under the name that belongs to the file; it must never meet the new one.
    fs::rename(beside(file, "-wal"), beside(aside, "-wal"), error);
    fs::remove(beside(file, "-shm"), error);
    fs::remove(beside(file, ".suspect"), error);
    return {};
}

} // namespace

Database::Database(std::unique_ptr<Private> data)
    : d(std::move(data))
{
}

Database::~Database() = default;

Result<std::unique_ptr<Database>> Database::openOnce(const fs::path& file, Schema schema,
                                                     Access access)
{
    countNoMemory();
    const bool writes = access == Access::ReadWrite;
    std::error_code ignored;
    const Opening opening{file, schema, fs::exists(beside(file, ".suspect"), ignored)};
    if (writes)
        if (Status created = createPrivate(file); !created)
            return tl::unexpected<Error>(created.error());
    if (writes && opening.suspect && schema != Schema::User)
        return fail(ErrorKind::Storage, "met a damaged page in " + file.string() + " before",
                    ErrorCode::Corrupt);

    std::unique_ptr<Private> data;
    try {
        data = std::make_unique<Private>(
            file, schema,
            SQLITE_OPEN_NOMUTEX | (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY));
        SQLite::Database& database = data->database;
        configure(database, schema, access);
        Status ready = writes ? prepareForWriting(database, opening)
                              : checkVersion(database, schema, migrations(schema).size());
        if (!ready)
            return tl::unexpected<Error>(ready.error());
        if (writes)
            fs::remove(beside(file, ".suspect"), ignored);
        return std::unique_ptr<Database>(new Database(std::move(data)));
    } catch (const SQLite::Exception& exception) {
        Error error = storageError(exception, data ? data->database.getHandle() : nullptr);
        error.detail = file.string() + ": " + error.detail;
        return tl::unexpected<Error>(std::move(error));
    } catch (const std::exception& exception) {
        return tl::unexpected<Error>(storageError(exception));
    }
}

Result<std::unique_ptr<Database>> Database::open(const fs::path& file, Schema schema, Access access)
{
    auto opened = openOnce(file, schema, access);
    if (opened || opened.error().code != ErrorCode::Corrupt || schema == Schema::User ||
        access == Access::ReadOnly)
        return opened;

    if (Status aside = setFileAside(file); !aside)
        return tl::unexpected<Error>(aside.error());
    auto anew = openOnce(file, schema, access);
    if (anew)
        (*anew)->d->setAside = true;
    return anew;
}

bool Database::wasSetAside() const
{
    return d->setAside;
}

SQLite::Database& Database::raw()
{
    return d->database;
}

Status Database::transaction(const std::function<Status()>& work, Durable durable)
{
    sqlite3* handle = d->database.getHandle();
    const bool outermost = d->depth == 0;
    const bool later = outermost && durable == Durable::Soon && d->schema == Schema::User;
    const auto syncAgain = [&] {
        if (later)
            d->database.tryExec("PRAGMA synchronous = FULL");
    };
    if (outermost) {
        d->doomed = false;
        if (Status begun = guarded(*this,
                                   [&]() -> Status {
                                       if (later)
                                           d->database.exec("PRAGMA synchronous = NORMAL");
                                       d->database.exec("BEGIN IMMEDIATE");
                                       return {};
                                   });
            !begun) {
            syncAgain();
            return begun;
        }
    }

    const std::int64_t changesBefore = sqlite3_total_changes64(handle);
    ++d->depth;
    Status status = guarded(*this, work);
    --d->depth;

    if (!outermost) {
        // Half of a nested step must not be committed, whatever the caller makes of its error.
        if (!status && !d->doomed && sqlite3_total_changes64(handle) != changesBefore) {
            d->doomed = true;
            d->doom = status.error();
        }
        return status;
    }
    if (status && d->doomed)
        status = tl::unexpected<Error>(d->doom);
    if (status)
        status = guarded(*this, [&]() -> Status {
            d->database.exec("COMMIT");
            return {};
        });
    // SQLite has rolled back by itself after some errors.
    if (!status && sqlite3_get_autocommit(handle) == 0)
        d->database.tryExec("ROLLBACK");
    syncAgain();
    return status;
}

/// SQLite has no statement for it: what lies in the log is on the disk once the log's file is.
Status Database::sync()
{
    sqlite3* handle = d->database.getHandle();
    sqlite3_file* log = nullptr;
    int result = sqlite3_file_control(handle, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
    if (result == SQLITE_OK && log && log->pMethods)
        result = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
    return result == SQLITE_OK
               ? Status()
               : fail(ErrorKind::Storage,
                      "cannot write " + d->file.string() + " to disk: " + sqlite3_errstr(result));
}

void Database::noteCorruption() noexcept
{
    std::string marker = d->file.native() + ".suspect";
    const int descriptor = ::open(marker.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (descriptor >= 0)
        ::close(descriptor);
}

void Database::interrupt()
{
    sqlite3_interrupt(d->database.getHandle());
}

} // namespace avocet
