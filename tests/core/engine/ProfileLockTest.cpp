// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/ProfileLock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <optional>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace avocet;
namespace fs = std::filesystem;

namespace {

/// A child that owns the profile until it is killed.
class Owner {
public:
    explicit Owner(const fs::path& profile)
    {
        int ready[2];
        if (::pipe(ready) != 0)
            qFatal("no pipe");
        m_pid = ::fork();
        if (m_pid == 0) {
            ::close(ready[0]);
            const auto lock = ProfileLock::acquire(profile);
            const char answer = lock ? 'y' : 'n';
            if (::write(ready[1], &answer, 1) != 1)
                ::_exit(1);
            ::pause();
            ::_exit(0);
        }
        ::close(ready[1]);
        char answer = 0;
        owns = ::read(ready[0], &answer, 1) == 1 && answer == 'y';
        ::close(ready[0]);
    }
    ~Owner() { kill(); }
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;

    void kill()
    {
        if (m_pid <= 0)
            return;
        ::kill(m_pid, SIGKILL);
        ::waitpid(m_pid, nullptr, 0);
        m_pid = 0;
    }
    pid_t pid() const { return m_pid; }

    bool owns = false;

private:
    pid_t m_pid = 0;
};

mode_t modeOf(const fs::path& path)
{
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

bool isBusy(const Result<std::unique_ptr<ProfileLock>>& lock)
{
    return !lock && lock.error().kind == ErrorKind::Storage &&
           lock.error().code == ErrorCode::ProfileBusy;
}

} // namespace

class ProfileLockTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void makesAPrivateProfile_data();
    void makesAPrivateProfile();
    void hasOneOwner();
    void isFreedWhenTheOwnerIsKilled();
    void isFreedWithTheObject();
    void namesOneSocketForEachProfile();
    void keepsSocketNamesShort();
    void fallsBackToAPrivateFolder_data();
    void fallsBackToAPrivateFolder();
    void findsTheOwnersSocketFromAnotherSession();
    void neverTrustsANoteOfAnotherProfile_data();
    void neverTrustsANoteOfAnotherProfile();
    void saysWhyAProfileCannotBeUsed();

private:
    fs::path profile() const { return fs::path(m_directory->path().toStdString()) / "profile"; }
    fs::path runtime() const { return fs::path(m_directory->path().toStdString()) / "run"; }

    std::optional<QTemporaryDir> m_directory;
    QByteArray m_runtime;
};

void ProfileLockTest::init()
{
    m_directory.emplace();
    m_runtime = qgetenv("XDG_RUNTIME_DIR");
    fs::create_directory(runtime());
    qputenv("XDG_RUNTIME_DIR", runtime().c_str());
}

void ProfileLockTest::cleanup()
{
    qputenv("XDG_RUNTIME_DIR", m_runtime);
    m_directory.reset();
}

void ProfileLockTest::makesAPrivateProfile_data()
{
    QTest::addColumn<QByteArray>("below");
    QTest::newRow("one folder") << QByteArray("one");
    QTest::newRow("several folders") << QByteArray("a/b/c");
    QTest::newRow("with a slash behind") << QByteArray("one/");
}

void ProfileLockTest::makesAPrivateProfile()
{
    QFETCH(QByteArray, below);
    const mode_t old = ::umask(0);
    const fs::path path = fs::path(m_directory->path().toStdString()) / below.toStdString();
    const auto lock = ProfileLock::acquire(path);
    ::umask(old);
    QVERIFY(lock);
    QCOMPARE(modeOf((*lock)->profile()), mode_t{0700});
    QCOMPARE(modeOf((*lock)->profile() / "lock"), mode_t{0600});
}

void ProfileLockTest::hasOneOwner()
{
    Owner owner(profile());
    QVERIFY(owner.owns);
    QVERIFY(isBusy(ProfileLock::acquire(profile())));
    fs::create_directory_symlink(profile(), profile().parent_path() / "link");
    QVERIFY(isBusy(ProfileLock::acquire(profile().parent_path() / "link")));
    QVERIFY(ProfileLock::acquire(profile().parent_path() / "another"));
}

void ProfileLockTest::isFreedWhenTheOwnerIsKilled()
{
    for (int round = 0; round < 5; ++round) {
        Owner owner(profile());
        QVERIFY(owner.owns);
        QVERIFY(isBusy(ProfileLock::acquire(profile())));
        owner.kill();
        QVERIFY(ProfileLock::acquire(profile()));
    }
}

void ProfileLockTest::isFreedWithTheObject()
{
    {
        const auto first = ProfileLock::acquire(profile());
        QVERIFY(first);
        QVERIFY(isBusy(ProfileLock::acquire(profile())));
    }
    QVERIFY(ProfileLock::acquire(profile()));
}

void ProfileLockTest::namesOneSocketForEachProfile()
{
    const auto lock = ProfileLock::acquire(profile());
    QVERIFY(lock);
    const auto other = ProfileLock::acquire(profile().parent_path() / "another");
    QVERIFY(other);
    const std::string& name = (*lock)->socketName();
    QVERIFY(name != (*other)->socketName());
    QVERIFY(name.starts_with(runtime().string() + "/avocet-"));
    QVERIFY(name.ends_with(".sock"));
    QCOMPARE(fs::path(name).filename().string().size(), std::string("avocet-.sock").size() + 16);
    QCOMPARE(ProfileLock::socketName(profile()).value(), name);
    QCOMPARE(ProfileLock::socketName(profile() / ".." / "profile" / "").value(), name);
    fs::create_directory_symlink(profile(), profile().parent_path() / "link");
    QCOMPARE(ProfileLock::socketName(profile().parent_path() / "link").value(), name);
}

void ProfileLockTest::keepsSocketNamesShort()
{
    const fs::path deep = profile() / std::string(200, 'd') / std::string(200, 'e');
    const auto lock = ProfileLock::acquire(deep);
    QVERIFY(lock);
    QVERIFY((*lock)->socketName().size() < 107);
    const fs::path longRuntime = runtime() / std::string(90, 'r');
    fs::create_directory(longRuntime);
    qputenv("XDG_RUNTIME_DIR", longRuntime.c_str());
    const auto other = ProfileLock::acquire(profile() / "other");
    QVERIFY(other);
    QVERIFY((*other)->socketName().size() < 107);
    QVERIFY((*other)->socketName().starts_with("/tmp/avocet-"));
}

void ProfileLockTest::fallsBackToAPrivateFolder_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("unset") << QByteArray();
    QTest::newRow("relative") << QByteArray("run");
    QTest::newRow("missing") << QByteArray("/nonexistent/run");
    QTest::newRow("not a folder") << QByteArray("/dev/null");
}

void ProfileLockTest::fallsBackToAPrivateFolder()
{
    QFETCH(QByteArray, value);
    if (value.isEmpty())
        qunsetenv("XDG_RUNTIME_DIR");
    else
        qputenv("XDG_RUNTIME_DIR", value);
    const auto lock = ProfileLock::acquire(profile());
    QVERIFY(lock);
    const fs::path folder = fs::path((*lock)->socketName()).parent_path();
    QCOMPARE(folder.string(), "/tmp/avocet-" + std::to_string(::geteuid()));
    QCOMPARE(modeOf(folder), mode_t{0700});
}

void ProfileLockTest::findsTheOwnersSocketFromAnotherSession()
{
    const auto lock = ProfileLock::acquire(profile());
    QVERIFY(lock);
    qunsetenv("XDG_RUNTIME_DIR");
    QCOMPARE(ProfileLock::socketName(profile()).value(), (*lock)->socketName());
}

void ProfileLockTest::neverTrustsANoteOfAnotherProfile_data()
{
    QTest::addColumn<QByteArray>("note");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no lines") << QByteArray("4711");
    QTest::newRow("an empty name") << QByteArray("4711\n\n");
    QTest::newRow("another profile's") << QByteArray("4711\n/tmp/avocet-0123456789abcdef.sock\n");
    QTest::newRow("binary") << QByteArray("\0\xff\n\0\n", 5);
    QTest::newRow("endless") << QByteArray("1\n") + QByteArray(5000, 'x');
}

void ProfileLockTest::neverTrustsANoteOfAnotherProfile()
{
    QFETCH(QByteArray, note);
    fs::create_directory(profile());
    QFile file(QString::fromStdString((profile() / "lock").string()));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(note);
    file.close();
    const auto name = ProfileLock::socketName(profile());
    QVERIFY(name);
    QVERIFY(name->starts_with(runtime().string() + "/avocet-"));
    QVERIFY(ProfileLock::acquire(profile()));
    QCOMPARE(ProfileLock::socketName(profile()).value(), *name);
}

void ProfileLockTest::saysWhyAProfileCannotBeUsed()
{
    const auto file = ProfileLock::acquire("/dev/null/profile");
    QVERIFY(!file);
    QVERIFY(file.error().kind == ErrorKind::Storage);
    QVERIFY(file.error().code != ErrorCode::ProfileBusy);
    QVERIFY(!ProfileLock::acquire("/dev/null"));
    QVERIFY(!ProfileLock::socketName(profile() / "missing"));
    fs::create_directories(profile() / "lock");
    QVERIFY(!ProfileLock::acquire(profile()));
}

QTEST_APPLESS_MAIN(ProfileLockTest)
#include "ProfileLockTest.moc"
