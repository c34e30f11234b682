// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/CommandRunner.h"

#include "app/Output.h"
#include "app/OwnerClient.h"

#include <QFile>
#include <QTimer>

#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <termios.h>
#include <unistd.h>

namespace avocet {

using namespace std::chrono_literals;

namespace {

constexpr auto greetingPatience = 10s;
constexpr auto ownerRetry = 50ms;

/// Reads a line from the terminal without showing it.
std::string askPassword()
{
    std::fputs("Password: ", stderr);
    termios before{};
    const bool terminal = tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        termios silent = before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    std::string line;
    std::getline(std::cin, line);
    if (terminal)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::fputs("\n", stderr);
    return line;
}

} // namespace

CommandRunner::CommandRunner(Invocation invocation, QObject* parent)
    : QObject(parent)
    , m_invocation(std::move(invocation))
{
}

CommandRunner::~CommandRunner() = default;

void CommandRunner::start()
{
    if (!readInput()) {
        Q_EMIT done(1);
        return;
    }
    m_since.start();
    findOwner();
}

bool CommandRunner::readInput()
{
    using Input = Invocation::Input;
    if (m_invocation.input == Input::PasswordLine || m_invocation.input == Input::PasswordPrompt) {
        std::string password;
        if (m_invocation.input == Input::PasswordPrompt)
            password = askPassword();
        else
            std::getline(std::cin, password);
        if (!password.empty() && password.back() == '\r')
            password.pop_back();
        if (password.empty()) {
            printProblem(QStringLiteral("No password was given."));
            return false;
        }
        std::get<command::AddAccount>(m_invocation.command).password = std::move(password);
    }
    if (m_invocation.input == Input::Message || m_invocation.input == Input::MessageFile) {
        QFile file(m_invocation.inputFile);
        const bool opened = m_invocation.input == Input::Message
                                ? file.open(stdin, QIODevice::ReadOnly)
                                : file.open(QIODevice::ReadOnly);
        if (!opened) {
            printProblem(QStringLiteral("Cannot read %1: %2")
                             .arg(m_invocation.inputFile, file.errorString()));
            return false;
        }
        std::get<command::SendRaw>(m_invocation.command).message = file.readAll().toStdString();
    }
    return true;
}

void CommandRunner::findOwner()
{
    auto lock = ProfileLock::acquire(m_invocation.profile);
    if (lock)
        runAsOwner(std::move(*lock));
    else if (lock.error().code == ErrorCode::ProfileBusy)
        askOwner();
    else
        finish(tl::unexpected(lock.error()));
}

void CommandRunner::runAsOwner(std::unique_ptr<ProfileLock> lock)
{
    m_lock = std::move(lock);
    m_engine = std::make_unique<MailEngine>(EngineOptions{m_invocation.profile, false});
    if (auto opened = m_engine->open(); !opened) {
        finish(tl::unexpected(opened.error()));
        return;
    }
    m_server = std::make_unique<OwnerServer>(*m_engine);
    if (auto listening = m_server->listen(QString::fromStdString(m_lock->socketName()));
        !listening) {
        finish(tl::unexpected(listening.error()));
        return;
    }
    connect(m_server.get(), &OwnerServer::becameIdle, this, &CommandRunner::leave);
    connect(m_engine.get(), &MailEngine::reported, this,
            [this](RequestId request, const QJsonObject& line) {
                if (request == m_request)
                    printLine(m_invocation, line);
            });
    connect(m_engine.get(), &MailEngine::finished, this,
            [this](RequestId request, const Result<QJsonObject>& reply) {
                if (request == m_request)
                    finish(reply);
            });
    m_request = m_engine->submit(m_invocation.command);
}

void CommandRunner::askOwner()
{
    auto* client =
        new OwnerClient({{QStringLiteral("command"), toJson(m_invocation.command)}}, this);
    connect(client, &OwnerClient::line, this,
            [this](const QJsonObject& line) { printLine(m_invocation, line); });
    connect(client, &OwnerClient::finished, this, [this](const Result<QJsonObject>& reply) {
        const bool watching = std::holds_alternative<command::Watch>(m_invocation.command);
        if (watching && !reply && reply.error().code == ErrorCode::Uncertain) {
            m_since.restart(); // the owner went: somebody else's turn, or ours
            findOwner();
        } else {
            finish(reply);
        }
    });
    connect(client, &OwnerClient::missed, this, [this, client] {
        client->deleteLater();
        if (std::chrono::milliseconds(m_since.elapsed()) < greetingPatience)
            QTimer::singleShot(ownerRetry, this, &CommandRunner::findOwner);
        else
            finish(fail(ErrorKind::Storage, "the profile's owner does not answer",
                        ErrorCode::ProfileBusy));
    });
    const auto socket = ProfileLock::socketName(m_invocation.profile);
    client->ask(QString::fromStdString(socket.value_or(std::string())));
}

void CommandRunner::stop()
{
    if (m_exitCode < 0)
        m_exitCode = std::holds_alternative<command::Watch>(m_invocation.command) ? 0 : 1;
    Q_EMIT done(m_exitCode);
}

void CommandRunner::finish(const Result<QJsonObject>& reply)
{
    if (m_exitCode >= 0)
        return;
    if (reply) {
        printReply(m_invocation, *reply);
        const QString refused = refusedLine(*reply);
        if (!refused.isEmpty())
            printProblem(refused);
        m_exitCode = refused.isEmpty() ? 0 : 4;
    } else {
        printProblem(errorLine(m_invocation, reply.error()));
        m_exitCode = reply.error().code == ErrorCode::Uncertain ? 3 : 1;
    }
    leave();
}

/// Others whose commands this owner took are served to the end.
void CommandRunner::leave()
{
    if (m_exitCode >= 0 && (!m_server || !m_server->busy()))
        Q_EMIT done(m_exitCode);
}

} // namespace avocet
