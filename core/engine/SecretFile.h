// SPDX-License-Identifier: GPL-3.0-or-later
// The encrypted file for passwords, for machines without a Secret Service.
#pragma once

#include "core/model/Error.h"
#include "core/model/Ids.h"

#include <filesystem>
#include <string>
#include <vector>

namespace avocet {

/// DIRECTORY/secrets: AES-256-GCM, one entry an account, a fresh nonce for each write, the account's id
/// authenticated with it; DIRECTORY/secrets.key: the random key. Both 0600, replaced atomically and fsynced.
/// No state is kept between calls. Thread: one at a time, in the one process that owns the profile.
///
/// Layout: "AVS1", then for each entry: account id (8 bytes), nonce (12), length (4), ciphertext, tag (16);
/// integers little-endian.
class SecretFile {
public:
    explicit SecretFile(std::filesystem::path directory);

    /// A file that cannot be read any more is set aside as "secrets.damaged": its passwords are lost either way.
    Status write(AccountId account, const std::string& secret);
    /// Auth/NoPassword where there is none, where the file or its key is damaged or foreign.
    Result<std::string> read(AccountId account) const;
    /// No error where there was none.
    Status remove(AccountId account);

private:
    struct Entry {
        std::int64_t account = 0;
        std::string nonce, ciphertext, tag;
    };
    using Entries = std::vector<Entry>;

    Result<Entries> load() const;
    Status store(const Entries& entries) const;
    Result<std::string> key() const;
    Result<std::string> keyOrNew() const;

    std::filesystem::path m_directory;
};

} // namespace avocet
