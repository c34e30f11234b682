// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/OwnerServer.h"
#include "app/OwnerClient.h"

#include <QJsonArray>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace avocet;
using namespace Qt::StringLiterals;

class OwnerServerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void answersACommandOfAnotherInvocation();
    void passesErrorsOn();
    void servesManyAtOnce();
    void refusesNonsenseWithoutEnding();
    void handsActivationsToAWindowOnly();
    void tellsAClientThatNobodyIsThere();
    void endsAWatchWhenItsClientGoes();
    void aWatchDoesNotHoldItsOwner();

private:
    Result<QJsonObject> ask(const QJsonObject& question, int* lines = nullptr);

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MailEngine> m_engine;
    std::unique_ptr<OwnerServer> m_server;
    QString m_socket;
};

void OwnerServerTest::init()
{
    m_server.reset();
    m_engine.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_engine = std::make_unique<MailEngine>(EngineOptions{m_folder->path().toStdString(), false});
    QVERIFY(m_engine->open().has_value());
    m_server = std::make_unique<OwnerServer>(*m_engine);
    m_socket = m_folder->filePath(u"owner.sock"_qs);
    QVERIFY(m_server->listen(m_socket).has_value());
}

Result<QJsonObject> OwnerServerTest::ask(const QJsonObject& question, int* lines)
{
    OwnerClient client(question);
    Result<QJsonObject> reply = fail(ErrorKind::Bug, "no answer");
    bool done = false;
    connect(&client, &OwnerClient::line, this, [lines] {
        if (lines)
            ++*lines;
    });
    connect(&client, &OwnerClient::finished, this, [&](const Result<QJsonObject>& got) {
        reply = got;
        done = true;
    });
    connect(&client, &OwnerClient::missed, this, [&] {
        reply = fail(ErrorKind::Offline, "missed");
        done = true;
    });
    client.ask(m_socket);
    (void)QTest::qWaitFor([&] { return done; }, 10'000);
    return reply;
}

void OwnerServerTest::answersACommandOfAnotherInvocation()
{
    Draft draft;
    draft.text = "kept";
    const auto saved = ask({{u"command"_qs, toJson(Command(command::SaveDraft{draft}))}});
    QVERIFY(saved.has_value());
    QVERIFY(saved->value(u"draftId"_qs).toInteger() > 0);
}

void OwnerServerTest::passesErrorsOn()
{
    const auto reply = ask({{u"command"_qs, toJson(Command(command::ShowMessage{MessageId{99}}))}});
    QVERIFY(!reply);
    QVERIFY(reply.error().code == ErrorCode::NotFound);
}

void OwnerServerTest::servesManyAtOnce()
{
    std::vector<std::unique_ptr<OwnerClient>> clients;
    int finished = 0;
    for (int i = 0; i < 20; ++i) {
        clients.push_back(std::make_unique<OwnerClient>(
            QJsonObject{{u"command"_qs, toJson(Command(command::ListFolders{}))}}));
        connect(clients.back().get(), &OwnerClient::finished, this,
                [&](const Result<QJsonObject>& reply) { finished += reply.has_value(); });
        clients.back()->ask(m_socket);
    }
    QTRY_COMPARE_WITH_TIMEOUT(finished, 20, 10'000);
    QTRY_VERIFY(!m_server->busy());
}

void OwnerServerTest::refusesNonsenseWithoutEnding()
{
    QVERIFY(!ask({{u"command"_qs, 7}}));
    QVERIFY(!ask({}));
    QVERIFY(ask({{u"command"_qs, toJson(Command(command::ListFolders{}))}}).has_value());
}

void OwnerServerTest::handsActivationsToAWindowOnly()
{
    const QJsonObject activation{{u"activate"_qs, QJsonArray{u"mailto:a@b.c"_qs}}};
    const auto refused = ask(activation);
    QVERIFY(!refused);
    QVERIFY(refused.error().code == ErrorCode::ProfileBusy);
    m_server->setActivatable(true);
    QSignalSpy activated(m_server.get(), &OwnerServer::activated);
    QVERIFY(ask(activation).has_value());
    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated.front().front().toStringList(), QStringList{u"mailto:a@b.c"_qs});
}

void OwnerServerTest::tellsAClientThatNobodyIsThere()
{
    m_server.reset();
    const auto reply = ask({{u"command"_qs, toJson(Command(command::ListFolders{}))}});
    QVERIFY(!reply);
    QVERIFY(reply.error().kind == ErrorKind::Offline);
}

void OwnerServerTest::endsAWatchWhenItsClientGoes()
{
    auto client = std::make_unique<OwnerClient>(
        QJsonObject{{u"command"_qs, toJson(Command(command::Watch{}))}});
    bool greeted = false;
    connect(m_server.get(), &OwnerServer::becameIdle, this, [&] { greeted = true; });
    client->ask(m_socket);
    QTRY_VERIFY(greeted);
    client.reset();
    QVERIFY(ask({{u"command"_qs, toJson(Command(command::ListFolders{}))}}).has_value());
}

/// Found by the kill campaign: "outbox" had won the lock before "watch", and could never end.
void OwnerServerTest::aWatchDoesNotHoldItsOwner()
{
    OwnerClient client({{u"command"_qs, toJson(Command(command::Watch{}))}});
    QSignalSpy idle(m_server.get(), &OwnerServer::becameIdle);
    QSignalSpy finished(&client, &OwnerClient::finished);
    client.ask(m_socket);
    QTRY_COMPARE(idle.size(), 1);
    QVERIFY(!m_server->busy());
    m_server.reset();
    QTRY_COMPARE(finished.size(), 1);
}

QTEST_GUILESS_MAIN(OwnerServerTest)
#include "OwnerServerTest.moc"
