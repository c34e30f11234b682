// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/BodyStore.h"

#include "core/store/Sql.h"
#include "core/store/StoreGuard.h"
#include "core/store/Zstd.h"

#include <zlib.h>

#include <algorithm>

namespace avocet {

namespace {

constexpr std::size_t chunkBytes = 256 * 1024;
/// Beyond what any server takes; also keeps a damaged size from being believed.
constexpr std::int64_t maxBodyBytes = std::int64_t{1} << 30;

constexpr char codecStored = 0;
constexpr char codecZlib = 1; ///< read, and no longer written
constexpr char codecZstd = 2;
/// The codec byte and a CRC-32 of the raw bytes; the other codecs end in a check of their own.
constexpr std::size_t storedHeader = 5;

std::string checksum(std::string_view raw)
{
    const auto crc = static_cast<std::uint32_t>(
        crc32(0, reinterpret_cast<const Bytef*>(raw.data()), static_cast<uInt>(raw.size())));
    std::string bytes(4, '\0');
    for (std::size_t i = 0; i < 4; ++i)
        bytes[i] = static_cast<char>(crc >> (8 * i));
    return bytes;
}

std::string packedChunk(std::string_view raw)
{
    std::string packed(1, codecZstd);
    if (appendZstd(raw, packed))
        return packed;
    packed.front() = codecStored;
    packed += checksum(raw);
    packed += raw;
    return packed;
}

bool unpackZlib(std::string_view stream, std::size_t expected, std::string& raw)
{
    const std::size_t before = raw.size();
    raw.resize(before + expected);
    uLongf size = static_cast<uLongf>(expected);
    const int outcome = uncompress(reinterpret_cast<Bytef*>(raw.data() + before), &size,
                                   reinterpret_cast<const Bytef*>(stream.data()),
                                   static_cast<uLong>(stream.size()));
    return outcome == Z_OK && size == expected;
}

/// Appends exactly `expected` bytes, or says no. Never makes more than that, whatever the chunk claims.
bool unpackChunk(std::string_view chunk, std::size_t expected, std::string& raw)
{
    if (chunk.empty())
        return false;
    if (chunk.front() == codecStored) {
        if (chunk.size() != expected + storedHeader)
            return false;
        const std::string_view bytes = chunk.substr(storedHeader);
        if (checksum(bytes) != chunk.substr(1, 4))
            return false;
        raw += bytes;
        return true;
    }
    if (chunk.front() == codecZstd)
        return appendUnzstd(chunk.substr(1), expected, raw);
    return chunk.front() == codecZlib && unpackZlib(chunk.substr(1), expected, raw);
}

tl::unexpected<Error> damaged(MessageId message)
{
    return fail(ErrorKind::Storage,
                "the stored body of message " + std::to_string(message.value) + " is damaged",
                ErrorCode::Corrupt);
}

} // namespace

PackedBody BodyStore::pack(std::string_view raw)
{
    PackedBody body;
    body.size = static_cast<std::int64_t>(raw.size());
    for (std::size_t start = 0; start < raw.size(); start += chunkBytes)
        body.chunks.push_back(packedChunk(raw.substr(start, chunkBytes)));
    return body;
}

Status BodyStore::put(MessageId message, std::string_view raw)
{
    if (raw.size() > static_cast<std::size_t>(maxBodyBytes))
        return fail(ErrorKind::Rejected, "the message is too large to be kept",
                    ErrorCode::TooLarge);
    return guarded(m_db, [&]() -> Status { return put(message, pack(raw)); });
}

Status BodyStore::put(MessageId message, const PackedBody& body)
{
    if (body.size > maxBodyBytes)
        return fail(ErrorKind::Rejected, "the message is too large to be kept",
                    ErrorCode::TooLarge);
    return m_db.transaction([&]() -> Status {
        m_removeBody.run(m_db.raw(), message);
        m_addBody.run(m_db.raw(), message, body.size);
        for (std::size_t number = 0; number < body.chunks.size(); ++number)
            m_addChunk.run(m_db.raw(), message, number, sql::Blob{body.chunks[number]});
        return {};
    });
}

Result<std::optional<std::string>> BodyStore::get(MessageId message)
{
    return read(message, 0, maxBodyBytes);
}

Result<std::optional<std::string>> BodyStore::getRange(MessageId message, std::int64_t offset,
                                                       std::int64_t length)
{
    if (offset < 0 || length < 0)
        return fail(ErrorKind::Rejected, "a negative range", ErrorCode::InvalidInput);
    return read(message, std::min(offset, maxBodyBytes), std::min(length, maxBodyBytes));
}

Result<std::optional<std::string>> BodyStore::read(MessageId message, std::int64_t offset,
                                                   std::int64_t length)
{
    return guarded(m_db, [&]() -> Result<std::optional<std::string>> {
        SQLite::Statement head(m_db.raw(), "SELECT size FROM body WHERE message = ?1");
        sql::bindAll(head, message);
        if (!head.executeStep())
            return std::optional<std::string>{};
        const std::int64_t size = head.getColumn(0).getInt64();
        if (size < 0 || size > maxBodyBytes)
            return damaged(message);
        const std::int64_t end = std::min(size, offset + length);
        if (offset >= end)
            return std::optional<std::string>{std::string{}};

        const auto chunk = static_cast<std::int64_t>(chunkBytes);
        const std::int64_t first = offset / chunk;
        const std::int64_t last = (end - 1) / chunk;
        std::string raw; // in one piece: growing would take twice the memory
        raw.reserve(static_cast<std::size_t>(std::min(size, (last + 1) * chunk) - first * chunk));
        SQLite::Statement rows(m_db.raw(), R"sql(
            SELECT number, data FROM body_chunk
            WHERE message = ?1 AND number BETWEEN ?2 AND ?3 ORDER BY number)sql");
        sql::bindAll(rows, message, first, last);
        for (std::int64_t number = first; number <= last; ++number) {
            if (!rows.executeStep() || rows.getColumn(0).getInt64() != number)
                return damaged(message);
            const SQLite::Column data = rows.getColumn(1);
            const std::string_view bytes(static_cast<const char*>(data.getBlob()),
                                         static_cast<std::size_t>(data.getBytes()));
            const std::int64_t expected = std::min(chunk, size - number * chunk);
            if (!unpackChunk(bytes, static_cast<std::size_t>(expected), raw))
                return damaged(message);
        }
        raw.erase(0, static_cast<std::size_t>(offset - first * chunk));
        raw.resize(static_cast<std::size_t>(end - offset));
        return std::optional<std::string>{std::move(raw)};
    });
}

Result<bool> BodyStore::has(MessageId message)
{
    return guarded(m_db, [&]() -> Result<bool> {
        SQLite::Statement statement(m_db.raw(), "SELECT 1 FROM body WHERE message = ?1");
        sql::bindAll(statement, message);
        return statement.executeStep();
    });
}

Status BodyStore::remove(std::span<const MessageId> messages)
{
    return m_db.transaction([&]() -> Status {
        int removed = 0;
        for (const MessageId message : messages)
            removed += sql::run(m_db.raw(), "DELETE FROM body WHERE message = ?1", message);
        // A bounded bite each time, so that the file shrinks even if nobody is ever idle.
        if (removed > 0)
            vacuum(64);
        return {};
    });
}

void BodyStore::vacuum(int pages)
{
    SQLite::Statement statement(m_db.raw(),
                                "PRAGMA incremental_vacuum(" + std::to_string(pages) + ")");
    while (statement.executeStep()) {
    }
}

Result<bool> BodyStore::vacuumStep(int pages)
{
    return inTransaction(m_db, [&]() -> Result<bool> {
        // 0 would mean all there are.
        vacuum(std::max(pages, 1));
        return m_db.raw().execAndGet("PRAGMA freelist_count").getInt64() > 0;
    });
}

} // namespace avocet
