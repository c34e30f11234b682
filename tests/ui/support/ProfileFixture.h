// SPDX-License-Identifier: GPL-3.0-or-later
// A real engine on a fresh profile, offline, for tests of windows that write.
#pragma once

#include "core/engine/MailEngine.h"

#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

namespace avocet {

/// Connects to nothing: accounts are added without signing in.
class ProfileFixture {
public:
    ProfileFixture()
    {
        qputenv("AVOCET_SECRETS", "file");
        EngineOptions options;
        options.profile = m_directory.path().toStdString();
        options.online = false;
        m_engine.emplace(options);
        const Status opened = m_engine->open();
        if (!opened)
            qFatal("the engine does not open: %s", opened.error().detail.c_str());
    }

    MailEngine& engine() { return *m_engine; }
    QString path(const QString& name) const { return m_directory.filePath(name); }

    /// The reply of `command`; fails the test where none comes.
    Result<QJsonObject> run(Command command)
    {
        std::optional<Result<QJsonObject>> reply;
        QObject context;
        RequestId request;
        QObject::connect(&*m_engine, &MailEngine::finished, &context,
                         [&](RequestId done, const Result<QJsonObject>& result) {
                             if (done == request)
                                 reply = result;
                         });
        request = m_engine->submit(std::move(command));
        if (!QTest::qWaitFor([&] { return reply.has_value(); }, 20'000))
            qFatal("the engine did not answer");
        return *reply;
    }

    AccountId addAccount(const std::string& email, const std::string& name = "Anna Berg")
    {
        Account account;
        account.fullName = name;
        account.email = account.user = email;
        account.imap = {Security::Tls, "imap.invalid", 993};
        account.smtp = {Security::Tls, "smtp.invalid", 465};
        const auto reply = run(command::AddAccount{account, "secret", false});
        if (!reply)
            qFatal("the account was not added: %s", reply.error().detail.c_str());
        return AccountId{reply->value(QLatin1String("accountId")).toInteger()};
    }

private:
    QTemporaryDir m_directory;
    std::optional<MailEngine> m_engine; // closed before its directory goes
};

} // namespace avocet
