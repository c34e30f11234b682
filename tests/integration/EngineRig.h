// SPDX-License-Identifier: GPL-3.0-or-later
// A MailEngine on a fresh profile with an account on a test's server, and its commands as calls.
#pragma once

#include "core/engine/MailEngine.h"
#include "tests/core/engine/RunCommand.h"
#include "tests/integration/MailServers.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace avocet::integration {

class EngineRig {
public:
    explicit EngineRig(bool online = false)
        : m_online(online)
    {
        qputenv("AVOCET_SECRETS", "file");
        restart();
    }

    MailEngine& engine() { return *m_engine; }
    std::filesystem::path profile() const { return m_folder.path().toStdString(); }

    /// As after a crash: what was not on disk is gone.
    void restart()
    {
        m_engine.reset();
        m_engine = std::make_unique<MailEngine>(EngineOptions{profile(), m_online});
        if (!m_engine->open())
            qFatal("the profile does not open");
    }
    void stop() { m_engine.reset(); }
    void setOnline(bool online) { m_online = online; } ///< from the next restart on

    Result<QJsonObject> run(Command command)
    {
        return test::runCommand(*m_engine, std::move(command));
    }

    AccountId addAccount(const MailServers& servers, quint16 imapPort = 0)
    {
        const MailUser user = servers.sender();
        command::AddAccount add;
        add.account.email = user.address.toStdString();
        add.account.imap = {Security::Plain, "localhost",
                            imapPort ? imapPort : servers.port("imap")};
        add.account.smtp = {Security::Plain, "localhost", 1};
        add.password = user.password.toStdString();
        add.verify = false;
        const auto reply = run(add);
        return AccountId{reply ? reply->value(QLatin1String("accountId")).toInteger() : 0};
    }

    Folder folder(const std::string& path)
    {
        for (const Folder& each : m_engine->queries().folders())
            if (each.path == path)
                return each;
        return {};
    }

    /// The folder's rows, newest first.
    std::vector<MessageSummary> rows(const std::string& path)
    {
        const FolderId id = folder(path).id;
        std::vector<MessageId> ids;
        bool done = false;
        m_engine->queries().list(m_engine.get(), id, {}, [&](std::vector<ListRow> all, bool last) {
            ids.clear();
            for (const ListRow& row : all)
                ids.push_back(row.id);
            done = last;
        });
        (void)QTest::qWaitFor([&] { return done; }, 20'000);
        return m_engine->queries().rows(id, ids);
    }

private:
    QTemporaryDir m_folder;
    bool m_online;
    std::unique_ptr<MailEngine> m_engine;
};

} // namespace avocet::integration
