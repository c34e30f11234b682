// SPDX-License-Identifier: GPL-3.0-or-later
// Raw messages in bodies.db, compressed in chunks.
#pragma once

#include "core/model/Ids.h"
#include "core/store/Database.h"

#include <optional>
#include <string>
#include <string_view>

namespace avocet {

/// zlib in chunks of 256 KB, each behind a codec byte.
class BodyStore {
public:
    explicit BodyStore(Database& bodies) : m_db(bodies) {}

    Status put(MessageId message, std::string_view raw);
    Result<std::optional<std::string>> get(MessageId message);
    Result<bool> has(MessageId message);
    Status remove(MessageId message);

private:
    Database& m_db;
};

} // namespace avocet
