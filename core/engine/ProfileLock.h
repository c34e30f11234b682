// SPDX-License-Identifier: GPL-3.0-or-later
// One process owns a profile. The lock says which, and where it listens.
#pragma once

#include "core/model/Error.h"

#include <filesystem>
#include <memory>
#include <string>

namespace avocet {

/// Held as long as the object lives: flock on PROFILE/lock, which the kernel lifts however the process ends. The file
/// stays; it holds the owner's process id and socket for those who come later. Thread: any.
class ProfileLock {
public:
    /// Makes the profile's folder (0700) where it is missing. Storage/ProfileBusy where another process is
    /// the owner, else Storage with the reason.
    static Result<std::unique_ptr<ProfileLock>> acquire(const std::filesystem::path& profile);
    ~ProfileLock();
    ProfileLock(const ProfileLock&) = delete;
    ProfileLock& operator=(const ProfileLock&) = delete;

    /// The canonical path of the profile.
    const std::filesystem::path& profile() const { return m_profile; }
    /// Where the owner listens: "RUNTIME/avocet-HASH.sock", HASH from the profile's canonical path, below
    /// 107 bytes. RUNTIME is $XDG_RUNTIME_DIR, or a folder of the user's own (0700) below /tmp.
    const std::string& socketName() const { return m_socketName; }

    /// The same for who has no lock: what the owner wrote down, since its $XDG_RUNTIME_DIR may be another.
    static Result<std::string> socketName(const std::filesystem::path& profile);

private:
    ProfileLock(int descriptor, std::filesystem::path profile, std::string socketName);

    int m_descriptor;
    std::filesystem::path m_profile;
    std::string m_socketName;
};

} // namespace avocet
