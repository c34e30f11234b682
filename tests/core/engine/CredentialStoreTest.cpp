// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/CredentialStore.h"

#include "core/engine/SecretFile.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <optional>
#include <sys/stat.h>
#include <unistd.h>

using namespace avocet;

namespace {

constexpr const char* password = "correct horse battery staple 🐎";

QByteArray contentOf(const QString& file)
{
    QFile input(file);
    return input.open(QIODevice::ReadOnly) ? input.readAll() : QByteArray();
}

void setContent(const QString& file, const QByteArray& content)
{
    QFile output(file);
    if (!output.open(QIODevice::WriteOnly) || output.write(content) != content.size())
        qFatal("cannot write %s", qPrintable(file));
}

} // namespace

class CredentialStoreTest : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void keepsPasswordsInTheFile();
    void callsBackLaterAndOnce();
    void dropsCallbacksWithItself();
    void hidesThePasswordOnDisk();
    void keepsFilesPrivate();
    void usesAFreshNonceForEachWrite();
    void bindsAPasswordToItsAccount();
    void reportsADamagedFile_data();
    void reportsADamagedFile();
    void takesNewPasswordsAfterDamage_data();
    void takesNewPasswordsAfterDamage();
    void survivesATemporaryFileLeftBehind();
    void neverFollowsALink();
    void saysWhenTheFolderCannotBeWritten();
    void prefersTheFileWhereItIsAskedTo();
    void prefersTheFileWithoutABus_data();
    void prefersTheFileWithoutABus();
    void refusesAnEndlessPassword();
    void saysThatThereIsNoKeyring();

private:
    QString path(const char* name) const { return m_directory->filePath(QLatin1String(name)); }
    std::filesystem::path profile() const { return m_directory->path().toStdString(); }

    std::optional<QTemporaryDir> m_directory;
    QByteArray m_bus, m_runtime;
};

void CredentialStoreTest::init()
{
    m_directory.emplace();
    QVERIFY(m_directory->isValid());
    m_bus = qgetenv("DBUS_SESSION_BUS_ADDRESS");
    m_runtime = qgetenv("XDG_RUNTIME_DIR");
}

void CredentialStoreTest::cleanup()
{
    qputenv("DBUS_SESSION_BUS_ADDRESS", m_bus);
    qputenv("XDG_RUNTIME_DIR", m_runtime);
    qunsetenv("AVOCET_SECRETS");
    m_directory.reset();
}

void CredentialStoreTest::keepsPasswordsInTheFile()
{
    {
        SecretFile file(profile());
        const auto none = file.read(AccountId{1});
        QVERIFY(!none);
        QVERIFY(none.error().kind == ErrorKind::Auth);
        QVERIFY(none.error().code == ErrorCode::NoPassword);
        QVERIFY(file.remove(AccountId{1}));
        QVERIFY(file.write(AccountId{1}, password));
        QVERIFY(file.write(AccountId{2}, ""));
        QVERIFY(file.write(AccountId{3}, std::string("\0\xff\n", 3)));
    }
    SecretFile file(profile());
    QCOMPARE(file.read(AccountId{1}).value(), std::string(password));
    QCOMPARE(file.read(AccountId{2}).value(), std::string());
    QCOMPARE(file.read(AccountId{3}).value(), std::string("\0\xff\n", 3));
    QVERIFY(file.write(AccountId{1}, "new"));
    QVERIFY(file.remove(AccountId{2}));
    QCOMPARE(file.read(AccountId{1}).value(), std::string("new"));
    QVERIFY(!file.read(AccountId{2}));
    QCOMPARE(file.read(AccountId{3}).value(), std::string("\0\xff\n", 3));
}

void CredentialStoreTest::callsBackLaterAndOnce()
{
    CredentialStore store(profile());
    int written = 0, removed = 0;
    std::vector<Result<std::string>> read;
    store.write(AccountId{1}, SecretPlace::File, password, [&](Status status) {
        QVERIFY(status);
        ++written;
    });
    store.read(AccountId{1}, SecretPlace::File,
               [&](Result<std::string> secret) { read.push_back(std::move(secret)); });
    store.remove(AccountId{1}, SecretPlace::File, [&](Status status) {
        QVERIFY(status);
        ++removed;
    });
    store.read(AccountId{1}, SecretPlace::File,
               [&](Result<std::string> secret) { read.push_back(std::move(secret)); });
    QCOMPARE(written, 0);
    QVERIFY(read.empty());
    QTRY_COMPARE(read.size(), std::size_t{2});
    QCOMPARE(written, 1);
    QCOMPARE(removed, 1);
    QCOMPARE(read[0].value(), std::string(password));
    QVERIFY(read[1].error().code == ErrorCode::NoPassword);
}

void CredentialStoreTest::dropsCallbacksWithItself()
{
    int called = 0;
    {
        CredentialStore store(profile());
        store.write(AccountId{1}, SecretPlace::File, password, [&](Status) { ++called; });
    }
    bool later = false;
    QMetaObject::invokeMethod(
        this, [&] { later = true; }, Qt::QueuedConnection);
    QTRY_VERIFY(later);
    QCOMPARE(called, 0);
}

void CredentialStoreTest::hidesThePasswordOnDisk()
{
    SecretFile file(profile());
    QVERIFY(file.write(AccountId{1}, password));
    QVERIFY(file.write(AccountId{2}, "other"));
    const QByteArray plain(password);
    for (const QFileInfo& info : QDir(m_directory->path()).entryInfoList(QDir::Files)) {
        const QByteArray content = contentOf(info.filePath());
        QVERIFY(!content.contains(plain));
        QVERIFY(!content.contains("battery"));
        QVERIFY(!content.contains(plain.toBase64().left(20)));
    }
    QCOMPARE(contentOf(path("secrets.key")).size(), 32);
    QVERIFY(!contentOf(path("secrets")).contains(contentOf(path("secrets.key"))));
}

void CredentialStoreTest::keepsFilesPrivate()
{
    const mode_t old = ::umask(0);
    SecretFile file(profile());
    QVERIFY(file.write(AccountId{1}, password));
    QVERIFY(file.write(AccountId{1}, password));
    ::umask(old);
    const QStringList files = QDir(m_directory->path()).entryList(QDir::Files);
    QCOMPARE(files, (QStringList{QStringLiteral("secrets"), QStringLiteral("secrets.key")}));
    for (const QString& name : files) {
        struct stat info {};
        QCOMPARE(::stat(m_directory->filePath(name).toUtf8().constData(), &info), 0);
        QCOMPARE(info.st_mode & 07777, mode_t{0600});
    }
}

void CredentialStoreTest::usesAFreshNonceForEachWrite()
{
    SecretFile file(profile());
    QSet<QByteArray> nonces;
    for (int i = 0; i < 50; ++i) {
        QVERIFY(file.write(AccountId{1}, password));
        nonces.insert(contentOf(path("secrets")).mid(4 + 8, 12));
    }
    QCOMPARE(nonces.size(), 50);
}

void CredentialStoreTest::bindsAPasswordToItsAccount()
{
    SecretFile file(profile());
    QVERIFY(file.write(AccountId{1}, password));
    QByteArray content = contentOf(path("secrets"));
    QCOMPARE(static_cast<int>(content[4]), 1);
    content[4] =
        2; // whoever may write the file must not hand one account's password to another's server
    setContent(path("secrets"), content);
    QVERIFY(!file.read(AccountId{1}));
    const auto stolen = file.read(AccountId{2});
    QVERIFY(!stolen);
    QVERIFY(stolen.error().code == ErrorCode::NoPassword);
}

void CredentialStoreTest::reportsADamagedFile_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<int>("damage");
    QTest::addColumn<QString>("words");
    const auto secrets = QStringLiteral("secrets"), key = QStringLiteral("secrets.key");
    const auto damaged = QStringLiteral("damaged");
    QTest::newRow("a byte of the ciphertext changed") << secrets << 0 << damaged;
    QTest::newRow("a byte of the tag changed") << secrets << 1 << damaged;
    QTest::newRow("cut off") << secrets << 2 << damaged;
    QTest::newRow("something else") << secrets << 3 << damaged;
    QTest::newRow("an endless length") << secrets << 4 << damaged;
    QTest::newRow("far too long") << secrets << 5 << damaged;
    QTest::newRow("another key") << key << 0 << damaged;
    QTest::newRow("a cut key") << key << 2 << damaged;
    QTest::newRow("no key") << key << 6 << QStringLiteral("missing");
}

void CredentialStoreTest::reportsADamagedFile()
{
    QFETCH(QString, file);
    QFETCH(int, damage);
    QFETCH(QString, words);
    SecretFile store(profile());
    QVERIFY(store.write(AccountId{1}, password));
    const QString name = m_directory->filePath(file);
    QByteArray content = contentOf(name);
    switch (damage) {
    case 0:
        content[content.size() - 20] = static_cast<char>(content[content.size() - 20] ^ 1);
        break;
    case 1:
        content[content.size() - 1] = static_cast<char>(content[content.size() - 1] ^ 1);
        break;
    case 2:
        content.chop(5);
        break;
    case 3:
        content = "{\"password\": \"plain\"}";
        break;
    case 4:
        content.replace(4 + 8 + 12, 4, QByteArray(4, '\xff'));
        break;
    case 5:
        content.append(QByteArray(5'000'000, 'x'));
        break;
    default:
        break;
    }
    if (damage == 6)
        QVERIFY(QFile::remove(name));
    else
        setContent(name, content);
    const auto read = store.read(AccountId{1});
    QVERIFY(!read);
    QVERIFY(read.error().kind == ErrorKind::Auth);
    QVERIFY(read.error().code == ErrorCode::NoPassword);
    QVERIFY2(read.error().detail.find(words.toStdString()) != std::string::npos,
             read.error().detail.c_str());
    QVERIFY(read.error().detail.find("battery") == std::string::npos);
    QVERIFY(store.remove(AccountId{1}));
}

void CredentialStoreTest::takesNewPasswordsAfterDamage_data()
{
    QTest::addColumn<QString>("file");
    QTest::newRow("the secrets") << QStringLiteral("secrets");
    QTest::newRow("their key") << QStringLiteral("secrets.key");
}

void CredentialStoreTest::takesNewPasswordsAfterDamage()
{
    QFETCH(QString, file);
    SecretFile store(profile());
    QVERIFY(store.write(AccountId{1}, password));
    setContent(m_directory->filePath(file), "damaged");
    QVERIFY(store.write(AccountId{2}, "two"));
    QCOMPARE(store.read(AccountId{2}).value(), std::string("two"));
    QVERIFY(!store.read(AccountId{1}));
    QVERIFY(QFile::exists(path("secrets.damaged")));
}

void CredentialStoreTest::survivesATemporaryFileLeftBehind()
{
    SecretFile store(profile());
    QVERIFY(store.write(AccountId{1}, "old"));
    setContent(path("secrets.new"), "half of what a killed process wro");
    QCOMPARE(store.read(AccountId{1}).value(), std::string("old"));
    QVERIFY(store.write(AccountId{1}, "new"));
    QCOMPARE(store.read(AccountId{1}).value(), std::string("new"));
    QVERIFY(!QFile::exists(path("secrets.new")));
}

void CredentialStoreTest::neverFollowsALink()
{
    QTemporaryDir elsewhere;
    const QString target = elsewhere.filePath(QStringLiteral("target"));
    setContent(target, "precious");
    QVERIFY(QFile::link(target, path("secrets.new")));
    SecretFile store(profile());
    QVERIFY(store.write(AccountId{1}, password));
    QCOMPARE(contentOf(target), QByteArray("precious"));
    QVERIFY(!QFileInfo(path("secrets")).isSymLink());
}

void CredentialStoreTest::saysWhenTheFolderCannotBeWritten()
{
    SecretFile store(profile() / "missing");
    const Status status = store.write(AccountId{1}, password);
    QVERIFY(!status);
    QVERIFY(status.error().kind == ErrorKind::Storage);
    QVERIFY(!status.error().detail.empty());
}

void CredentialStoreTest::prefersTheFileWhereItIsAskedTo()
{
    qputenv("AVOCET_SECRETS", "file");
    QVERIFY(CredentialStore(profile()).preferredPlace() == SecretPlace::File);
}

void CredentialStoreTest::prefersTheFileWithoutABus_data()
{
    QTest::addColumn<QByteArray>("address");
    QTest::newRow("no bus at all") << QByteArray();
    QTest::newRow("a bus that is gone") << QByteArray("unix:path=/nonexistent/bus");
}

void CredentialStoreTest::prefersTheFileWithoutABus()
{
    QFETCH(QByteArray, address);
    qunsetenv("XDG_RUNTIME_DIR");
    qputenv("DBUS_SESSION_BUS_ADDRESS", address);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(CredentialStore(profile()).preferredPlace() == SecretPlace::File);
    QVERIFY(timer.elapsed() < 2000);
}

void CredentialStoreTest::refusesAnEndlessPassword()
{
    SecretFile store(profile());
    const Status status = store.write(AccountId{1}, std::string(100'000, 'x'));
    QVERIFY(!status);
    QVERIFY(status.error().code == ErrorCode::TooLarge);
}

/// Recorded as in the keyring: never looked for in the file, never taken for an empty password.
void CredentialStoreTest::saysThatThereIsNoKeyring()
{
    qunsetenv("XDG_RUNTIME_DIR");
    qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    CredentialStore store(profile());
    QVERIFY(SecretFile(profile()).write(AccountId{1}, password));
    std::optional<Result<std::string>> read;
    std::optional<Status> written;
    store.read(AccountId{1}, SecretPlace::Keyring,
               [&](Result<std::string> secret) { read = std::move(secret); });
    store.write(AccountId{7}, SecretPlace::Keyring, password,
                [&](Status status) { written = status; });
    QVERIFY(!read && !written);
    QTRY_VERIFY_WITH_TIMEOUT(read && written, 20'000);
    QVERIFY(!*read);
    QVERIFY(read->error().kind == ErrorKind::Auth);
    QVERIFY(read->error().code == ErrorCode::NoPassword);
    QVERIFY(!*written);
    QVERIFY(written->error().code == ErrorCode::NoPassword);
    QVERIFY(!SecretFile(profile()).read(AccountId{7}));
}

QTEST_GUILESS_MAIN(CredentialStoreTest)
#include "CredentialStoreTest.moc"
