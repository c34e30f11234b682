// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/ProfileLock.h"

#include "core/engine/SystemError.h"

#include <QByteArray>
#include <QCryptographicHash>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace avocet {

namespace fs = std::filesystem;

namespace {

/// sockaddr_un::sun_path has 108 bytes, one of them for the end.
constexpr std::size_t maxSocketName = 106;

bool isOwnFolder(const std::string& path, bool privately)
{
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::geteuid())
        return false;
    return !privately || (info.st_mode & 077) == 0;
}

Status makeFolder(fs::path profile)
{
    std::error_code error;
    if (!profile.has_filename()) // "name/": the last folder is the one to be private
        profile = profile.parent_path();
    fs::create_directories(profile.parent_path(), error);
    if (::mkdir(profile.c_str(), 0700) == 0)
        return {};
    const int cause = errno;
    if (cause == EEXIST && fs::is_directory(profile, error))
        return {};
    return systemError("cannot create the profile " + profile.string(), cause);
}

Result<fs::path> resolved(const fs::path& profile)
{
    std::error_code error;
    fs::path path = fs::canonical(profile, error);
    if (error)
        return systemError("cannot open the profile " + profile.string(), error.value());
    return path;
}

std::string fileName(const fs::path& profile)
{
    const std::string& path = profile.native();
    const QByteArray hash =
        QCryptographicHash::hash(QByteArrayView(path.data(), static_cast<qsizetype>(path.size())),
                                 QCryptographicHash::Sha256);
    return "/avocet-" + hash.toHex().left(16).toStdString() + ".sock";
}

Result<std::string> nameFor(const fs::path& profile)
{
    const std::string file = fileName(profile);
    const char* runtime = std::getenv("XDG_RUNTIME_DIR");
    if (runtime && *runtime == '/' && std::strlen(runtime) + file.size() <= maxSocketName &&
        isOwnFolder(runtime, false))
        return runtime + file;

    // Anybody may have made it first: it is only used where nobody else can write into it.
    const std::string folder = "/tmp/avocet-" + std::to_string(::geteuid());
    ::mkdir(folder.c_str(), 0700);
    if (!isOwnFolder(folder, true))
        return fail(ErrorKind::Storage, folder + " is not a private folder of this user");
    return folder + file;
}

std::string readSome(int descriptor)
{
    char buffer[512];
    const ssize_t count = ::pread(descriptor, buffer, sizeof buffer, 0);
    return count > 0 ? std::string(buffer, static_cast<std::size_t>(count)) : std::string{};
}

/// "PID\nSOCKET\n", or empty.
std::string socketIn(const std::string& content, const fs::path& profile)
{
    const std::size_t start = content.find('\n');
    const std::size_t end = start == std::string::npos ? start : content.find('\n', start + 1);
    if (end == std::string::npos)
        return {};
    std::string name = content.substr(start + 1, end - start - 1);
    // A profile that was copied or moved brings the note of another one along.
    const bool fits =
        name.size() <= maxSocketName && name.ends_with(fileName(profile)) && name.front() == '/';
    return fits ? name : std::string{};
}

} // namespace

ProfileLock::ProfileLock(int descriptor, fs::path profile, std::string socketName)
    : m_descriptor(descriptor)
    , m_profile(std::move(profile))
    , m_socketName(std::move(socketName))
{
}

ProfileLock::~ProfileLock()
{
    ::close(m_descriptor);
}

Result<std::unique_ptr<ProfileLock>> ProfileLock::acquire(const fs::path& profile)
{
    if (Status made = makeFolder(profile); !made)
        return tl::unexpected<Error>(made.error());
    const Result<fs::path> path = resolved(profile);
    if (!path)
        return tl::unexpected<Error>(path.error());
    const Result<std::string> socket = nameFor(*path);
    if (!socket)
        return tl::unexpected<Error>(socket.error());

    const fs::path file = *path / "lock";
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0)
        return systemError("cannot open " + file.string(), errno);
    int locked = 0;
    do {
        locked = ::flock(descriptor, LOCK_EX | LOCK_NB);
    } while (locked != 0 && errno == EINTR);
    if (locked != 0) {
        const int cause = errno;
        ::close(descriptor);
        if (cause == EWOULDBLOCK)
            return fail(ErrorKind::Storage, "another process owns " + path->string(),
                        ErrorCode::ProfileBusy);
        return systemError("cannot lock " + file.string(), cause);
    }
    std::unique_ptr<ProfileLock> lock(new ProfileLock(descriptor, *path, *socket));
    const std::string note = std::to_string(::getpid()) + '\n' + *socket + '\n';
    // Only a help to others: on a full disk the lock holds all the same.
    [[maybe_unused]] const bool written =
        ::ftruncate(descriptor, 0) == 0 &&
        ::pwrite(descriptor, note.data(), note.size(), 0) == static_cast<ssize_t>(note.size());
    return lock;
}

Result<std::string> ProfileLock::socketName(const fs::path& profile)
{
    const Result<fs::path> path = resolved(profile);
    if (!path)
        return tl::unexpected<Error>(path.error());
    const int descriptor = ::open((*path / "lock").c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor >= 0) {
        const std::string content = readSome(descriptor);
        ::close(descriptor);
        if (std::string noted = socketIn(content, *path); !noted.empty())
            return noted;
    }
    return nameFor(*path);
}

} // namespace avocet
