// SPDX-License-Identifier: GPL-3.0-or-later
// Where passwords lie: the Secret Service, or an encrypted file where there is none.
#pragma once

#include "core/model/Account.h"
#include "core/model/Error.h"

#include <QObject>

#include <filesystem>
#include <functional>
#include <string>

namespace avocet {

/// Thread: the engine thread (needs its event loop); callbacks come on it. A locked or denied keyring is an
/// Auth/NoPassword error, never an empty password, and never falls back to the file by itself.
class CredentialStore : public QObject {
    Q_OBJECT
public:
    /// `directory`: the profile. The file is "secrets" (AES-256-GCM, mode 0600) with its key beside it in
    /// "secrets.key" (0600); that keeps passwords out of plain sight and backups of one file, no more, and says so.
    CredentialStore(std::filesystem::path directory, QObject* parent = nullptr);

    /// Whether a Secret Service answers on the session bus (environment AVOCET_SECRETS=file forces the file).
    SecretPlace preferredPlace() const;

    void write(AccountId account, SecretPlace place, const std::string& password,
               std::function<void(Status)> done);
    void read(AccountId account, SecretPlace place, std::function<void(Result<std::string>)> done);
    void remove(AccountId account, SecretPlace place, std::function<void(Status)> done);

private:
    /// Callbacks never come before the call that asked for them has returned.
    template <class Callback, class Outcome>
    void later(Callback done, Outcome outcome)
    {
        QMetaObject::invokeMethod(
            this,
            [done = std::move(done), outcome = std::move(outcome)]() mutable {
                done(std::move(outcome));
            },
            Qt::QueuedConnection);
    }

    std::filesystem::path m_directory;
};

} // namespace avocet
