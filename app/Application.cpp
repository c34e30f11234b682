// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Application.h"

#include "app/ComposeRequest.h"
#include "app/Output.h"
#include "app/OwnerClient.h"
#include "app/OwnerServer.h"
#include "app/PaintTrace.h"
#include "app/Signals.h"
#include "core/engine/ProfileLock.h"
#include "ui/main/MainWindow.h"
#include "ui/theme/Theme.h"
#include "ui/words/ErrorWords.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QIcon>
#include <QJsonArray>
#include <QMessageBox>
#include <QTimer>
#include <QUrl>

#include <chrono>

namespace avocet {

using namespace std::chrono_literals;

namespace {

constexpr auto ownerPatience = 10s;

bool isMailto(const QString& argument)
{
    return argument.startsWith(QLatin1String("mailto:"), Qt::CaseInsensitive);
}

/// Owns everything that a window needs, in the order in which it is made.
class WindowSession : public QObject {
public:
    WindowSession(const Invocation& invocation, std::unique_ptr<ProfileLock> lock)
        : m_lock(std::move(lock))
        , m_engine(EngineOptions{invocation.profile, true})
        , m_server(m_engine)
    {
    }

    Status open(const Invocation& invocation)
    {
        if (auto opened = m_engine.open(); !opened)
            return opened;
        if (auto listening = m_server.listen(QString::fromStdString(m_lock->socketName()));
            !listening)
            return listening;
        m_window = std::make_unique<MainWindow>(m_engine, invocation.profile);
        if (PaintTrace::isWanted())
            new PaintTrace(*m_window);
        m_server.setActivatable(true);
        connect(&m_server, &OwnerServer::activated, this, &WindowSession::activate);
        m_window->show();
        m_window->warmUp();
        if (!invocation.arguments.isEmpty())
            activate(invocation.arguments);
        return {};
    }

private:
    void activate(const QStringList& arguments)
    {
        const QString what = arguments.value(0);
        if (const auto request = ComposeRequest::fromArguments(arguments)) {
            m_window->openNew(request->draft(), request->attach);
            return;
        }
        if (isMailto(what)) {
            m_window->openMailto(QUrl(what));
            return;
        }
        m_window->show();
        m_window->raise();
        m_window->activateWindow();
        if (!what.isEmpty())
            m_window->openFile(what);
    }

    std::unique_ptr<ProfileLock> m_lock;
    MailEngine m_engine;
    OwnerServer m_server;
    std::unique_ptr<MainWindow> m_window;
};

/// Until a window is open here or elsewhere.
class Start : public QObject {
public:
    explicit Start(Invocation invocation)
        : m_invocation(std::move(invocation))
    {
        if (auto request = ComposeRequest::fromArguments(m_invocation.arguments)) {
            m_problem = request->resolve();
            m_invocation.arguments = request->arguments();
        } else if (!m_invocation.arguments.isEmpty() && !isMailto(m_invocation.arguments.front()))
            m_invocation.arguments.front() =
                QFileInfo(m_invocation.arguments.front()).absoluteFilePath();
        m_since.start();
    }

    void attempt()
    {
        if (!m_problem) {
            printProblem(errorLine(m_invocation, m_problem.error()));
            QCoreApplication::exit(1);
            return;
        }
        auto lock = ProfileLock::acquire(m_invocation.profile);
        if (!lock && lock.error().code == ErrorCode::ProfileBusy) {
            activateOther();
            return;
        }
        Status status = lock ? Status() : tl::unexpected(lock.error());
        if (status) {
            m_session = std::make_unique<WindowSession>(m_invocation, std::move(*lock));
            status = m_session->open(m_invocation);
        }
        if (!status)
            end(status.error());
    }

private:
    void activateOther()
    {
        auto* client = new OwnerClient(
            {{QStringLiteral("activate"), QJsonArray::fromStringList(m_invocation.arguments)}},
            this);
        const auto again = [this, client](const Error& error) {
            client->deleteLater();
            if (std::chrono::milliseconds(m_since.elapsed()) < ownerPatience)
                QTimer::singleShot(100ms, this, &Start::attempt);
            else
                end(error);
        };
        const Error busy{
            ErrorKind::Storage, "another avocet uses this profile", {}, ErrorCode::ProfileBusy, 0};
        connect(client, &OwnerClient::missed, this, [again, busy] { again(busy); });
        connect(client, &OwnerClient::finished, this, [again](const Result<QJsonObject>& reply) {
            if (reply)
                QCoreApplication::exit(0);
            else
                again(reply.error());
        });
        const auto socket = ProfileLock::socketName(m_invocation.profile);
        client->ask(QString::fromStdString(socket.value_or(std::string())));
    }

    /// Whoever started Avocet from an icon sees no standard error.
    void end(const Error& error)
    {
        printProblem(errorLine(m_invocation, error));
        auto* box = new QMessageBox(QMessageBox::Critical, QCoreApplication::applicationName(),
                                    errorSentence(error, QString()));
        box->setAttribute(Qt::WA_DeleteOnClose);
        box->setDetailedText(errorDetails(error));
        connect(box, &QMessageBox::finished, this, [] { QCoreApplication::exit(1); });
        box->open();
    }

    Invocation m_invocation;
    Status m_problem; ///< of a file that was named
    QElapsedTimer m_since;
    std::unique_ptr<WindowSession> m_session;
};

} // namespace

int runWindow(QApplication& application, const Invocation& invocation)
{
    installTheme(application);
    QGuiApplication::setWindowIcon(QIcon::fromTheme(QStringLiteral("org.avocet.Avocet"),
                                                    QIcon(QStringLiteral(":/app/icon.svg"))));
    Signals signals;
    QObject::connect(&signals, &Signals::stopRequested, &application, &QCoreApplication::quit);
    Start start(invocation);
    QTimer::singleShot(0ms, &start, &Start::attempt);
    return application.exec();
}

} // namespace avocet
