// SPDX-License-Identifier: GPL-3.0-or-later
// Raw messages in bodies.db, compressed in chunks.
#pragma once

#include "core/model/Ids.h"
#include "core/store/Database.h"
#include "core/store/Sql.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace avocet {

/// A message as bodies.db keeps it.
struct PackedBody {
    std::int64_t size = 0; ///< bytes of the raw message
    std::vector<std::string> chunks;
};

/// zstd (and zlib, as older ones are) in chunks of 256 KB, each behind a codec byte. A damaged body is an error (Storage/Corrupt): remove it
/// and fetch it again. At most 1 GB a message.
class BodyStore {
public:
    explicit BodyStore(Database& bodies)
        : m_db(bodies)
    {
    }

    /// The compressing half of put(), for any thread.
    static PackedBody pack(std::string_view raw);

    Status put(MessageId message, std::string_view raw);
    Status put(MessageId message, const PackedBody& body);
    Result<std::optional<std::string>> get(MessageId message);
    /// The bytes [offset, offset + length) as far as there are any; unpacks only the chunks that hold them.
    Result<std::optional<std::string>> getRange(MessageId message, std::int64_t offset,
                                                std::int64_t length);
    Result<bool> has(MessageId message);
    Status remove(MessageId message) { return remove({&message, 1}); }
    Status remove(std::span<const MessageId> messages);
    /// Gives up to `pages` (of 16 KB) of the space of removed bodies back to the disk; 256 stay below 20 ms. False: there is
    /// none left to give back.
    Result<bool> vacuumStep(int pages);

private:
    Result<std::optional<std::string>> read(MessageId message, std::int64_t offset,
                                            std::int64_t length);
    void vacuum(int pages);

    Database& m_db;
    sql::Kept m_removeBody{"DELETE FROM body WHERE message = ?1"};
    sql::Kept m_addBody{"INSERT INTO body(message, size) VALUES(?1, ?2)"};
    sql::Kept m_addChunk{"INSERT INTO body_chunk(message, number, data) VALUES(?1, ?2, ?3)"};
};

} // namespace avocet
