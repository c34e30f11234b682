// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/CredentialStore.h"

#include "core/engine/SecretFile.h"

#include <QCryptographicHash>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QFile>
#include <QLibrary>
#include <QStringList>
#include <QTimer>

#include <openssl/crypto.h>
#include <qt6keychain/keychain.h>

#include <memory>
#include <system_error>
#include <utility>

namespace avocet {

namespace {

constexpr int busTimeoutMs = 500;
/// Long enough for a person to find the dialog that unlocks the keyring.
constexpr int keyringTimeoutMs = 120'000;

/// The address is looked at first: without one the bus library would start a bus of its own.
bool hasSessionBus()
{
    if (!qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS"))
        return true;
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return !runtime.isEmpty() && QFile::exists(runtime + QStringLiteral("/bus"));
}

QDBusMessage askBus(const QDBusConnection& bus, const QString& method,
                    const QVariantList& arguments)
{
    QDBusMessage message = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.DBus"), QStringLiteral("/org/freedesktop/DBus"),
        QStringLiteral("org.freedesktop.DBus"), method);
    message.setArguments(arguments);
    return bus.call(message, QDBus::Block, busTimeoutMs);
}

bool isOffered(const QDBusConnection& bus, const QString& service)
{
    const QDBusMessage owned = askBus(bus, QStringLiteral("NameHasOwner"), {service});
    if (owned.type() != QDBusMessage::ReplyMessage)
        return false;
    if (owned.arguments().value(0).toBool())
        return true;
    const QDBusMessage activatable = askBus(bus, QStringLiteral("ListActivatableNames"), {});
    return activatable.type() == QDBusMessage::ReplyMessage &&
           activatable.arguments().value(0).toStringList().contains(service);
}

bool isPlasma()
{
    return qEnvironmentVariable("XDG_CURRENT_DESKTOP").contains(QStringLiteral("KDE"));
}

QString serviceName()
{
    return QStringLiteral("Avocet");
}

/// Account ids count from 1 in each profile, the keyring is the user's: so the profile is part of the name.
QString keyFor(const std::filesystem::path& profile, AccountId account)
{
    std::error_code error;
    const std::filesystem::path canonical = std::filesystem::weakly_canonical(profile, error);
    const std::string& path = error ? profile.native() : canonical.native();
    const QByteArray hash =
        QCryptographicHash::hash(QByteArrayView(path.data(), static_cast<qsizetype>(path.size())),
                                 QCryptographicHash::Sha256);
    return QStringLiteral("%1/account-%2")
        .arg(QString::fromLatin1(hash.toHex().left(16)))
        .arg(account.value);
}

Error keyringError(const QKeychain::Job& job)
{
    const std::string said = job.errorString().toStdString();
    const auto because = [&](const char* reason) {
        return fail(ErrorKind::Auth, std::string(reason) + (said.empty() ? "" : ": " + said),
                    ErrorCode::NoPassword)
            .value();
    };
    switch (job.error()) {
    case QKeychain::EntryNotFound:
        return because("the keyring has no password for this account");
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return because("the keyring denied access");
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return because("there is no keyring");
    case QKeychain::NoError:
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::OtherError:
        break;
    }
    return because("the keyring failed");
}

/// Starts the job and calls `finished` once while `context` lives: with the job, or with null where the keyring did
/// not answer in time. The job is nobody's child: the bus library still holds it when it answers late, so it
/// ends by itself.
template <class KeyringJob>
void start(KeyringJob* job, QObject* context, const QString& key,
           std::function<void(KeyringJob*)> finished)
{
    job->setAutoDelete(true);
    job->setInsecureFallback(false);
    job->setKey(key);
    auto once = std::make_shared<std::function<void(KeyringJob*)>>(std::move(finished));
    const auto call = [once](KeyringJob* outcome) {
        if (const auto callback = std::exchange(*once, nullptr))
            callback(outcome);
    };
    QObject::connect(job, &QKeychain::Job::finished, context, [job, call] { call(job); });
    QTimer::singleShot(keyringTimeoutMs, context, [call] { call(nullptr); });
    job->start();
}

Error keyringSilent()
{
    return fail(ErrorKind::Auth, "the keyring did not answer", ErrorCode::NoPassword).value();
}

} // namespace

CredentialStore::CredentialStore(std::filesystem::path directory, QObject* parent)
    : QObject(parent)
    , m_directory(std::move(directory))
{
}

SecretPlace CredentialStore::preferredPlace() const
{
    if (qEnvironmentVariable("AVOCET_SECRETS") == QStringLiteral("file") || !hasSessionBus())
        return SecretPlace::File;
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return SecretPlace::File;
    if (isPlasma() && isOffered(bus, QStringLiteral("org.kde.kwalletd5")))
        return SecretPlace::Keyring;
    // The keychain library loads libsecret when it is needed and has nothing to offer without it.
    QLibrary secret(QStringLiteral("secret-1"), 0);
    if (secret.load() && isOffered(bus, QStringLiteral("org.freedesktop.secrets")))
        return SecretPlace::Keyring;
    return SecretPlace::File;
}

void CredentialStore::write(AccountId account, SecretPlace place, const std::string& password,
                            std::function<void(Status)> done)
{
    if (place == SecretPlace::File) {
        later(std::move(done), SecretFile(m_directory).write(account, password));
        return;
    }
    auto* job = new QKeychain::WritePasswordJob(serviceName());
    QByteArray bytes(password.data(), static_cast<qsizetype>(password.size()));
    job->setTextData(QString::fromUtf8(bytes));
    OPENSSL_cleanse(bytes.data(), static_cast<std::size_t>(bytes.size()));
    start<QKeychain::WritePasswordJob>(job, this, keyFor(m_directory, account),
                                       [done](auto* ended) {
                                           if (!ended)
                                               done(tl::unexpected<Error>(keyringSilent()));
                                           else if (ended->error() != QKeychain::NoError)
                                               done(tl::unexpected<Error>(keyringError(*ended)));
                                           else
                                               done({});
                                       });
}

void CredentialStore::read(AccountId account, SecretPlace place,
                           std::function<void(Result<std::string>)> done)
{
    if (place == SecretPlace::File) {
        later(std::move(done), SecretFile(m_directory).read(account));
        return;
    }
    auto* job = new QKeychain::ReadPasswordJob(serviceName());
    start<QKeychain::ReadPasswordJob>(job, this, keyFor(m_directory, account), [done](auto* ended) {
        if (!ended)
            done(tl::unexpected<Error>(keyringSilent()));
        else if (ended->error() != QKeychain::NoError)
            done(tl::unexpected<Error>(keyringError(*ended)));
        else
            done(ended->textData().toStdString());
    });
}

void CredentialStore::remove(AccountId account, SecretPlace place, std::function<void(Status)> done)
{
    if (place == SecretPlace::File) {
        later(std::move(done), SecretFile(m_directory).remove(account));
        return;
    }
    auto* job = new QKeychain::DeletePasswordJob(serviceName());
    start<QKeychain::DeletePasswordJob>(job, this, keyFor(m_directory, account),
                                        [done](auto* ended) {
                                            if (!ended)
                                                done(tl::unexpected<Error>(keyringSilent()));
                                            else if (ended->error() != QKeychain::NoError &&
                                                     ended->error() != QKeychain::EntryNotFound)
                                                done(tl::unexpected<Error>(keyringError(*ended)));
                                            else
                                                done({});
                                        });
}

} // namespace avocet
