// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/FakeSystemBus.h"

#include <QDBusMessage>
#include <QFile>
#include <QStandardPaths>

#include <csignal>

namespace avocet::test {

bool PrivateBus::isInstalled()
{
    return !QStandardPaths::findExecutable(QStringLiteral("dbus-daemon")).isEmpty();
}

bool PrivateBus::start()
{
    QFile config(m_directory.filePath(QStringLiteral("bus.conf")));
    if (!config.open(QIODevice::WriteOnly))
        return false;
    config.write("<busconfig><type>session</type><listen>unix:path=" + socket().toLocal8Bit() +
                 "</listen><auth>EXTERNAL</auth><policy context=\"default\">"
                 "<allow send_destination=\"*\"/><allow receive_sender=\"*\"/>"
                 "<allow own=\"*\"/></policy></busconfig>");
    config.close();
    m_daemon.start(QStringLiteral("dbus-daemon"),
                   {QStringLiteral("--config-file=") + config.fileName(),
                    QStringLiteral("--print-address=1"), QStringLiteral("--nofork")});
    return m_daemon.waitForStarted() && m_daemon.waitForReadyRead();
}

void PrivateBus::stop()
{
    m_daemon.terminate();
    m_daemon.waitForFinished();
}

void PrivateBus::signal(int number)
{
    ::kill(static_cast<pid_t>(m_daemon.processId()), number);
}

Speaker::Speaker(const PrivateBus& bus, const QString& service)
    : m_name(QStringLiteral("speaker-%1").arg(++s_serial))
    , m_connection(QDBusConnection::connectToBus(bus.address(), m_name))
{
    if (!service.isEmpty())
        m_connection.registerService(service);
}

void Speaker::say(const QString& path, const QString& interface, const char* name,
                  const QVariantList& arguments)
{
    auto message = QDBusMessage::createSignal(path, interface, QString::fromLatin1(name));
    message.setArguments(arguments);
    m_connection.send(message);
}

void Speaker::fallAsleep(bool falling)
{
    say(logindPath, QStringLiteral("org.freedesktop.login1.Manager"), "PrepareForSleep", {falling});
}

FakeNetworkManager::FakeNetworkManager(const PrivateBus& bus, uint state)
    : m_speaker(bus, QString())
    , m_state(state)
{
    m_speaker.connection().registerObject(managerPath, this, QDBusConnection::ExportAllProperties);
    m_speaker.connection().registerService(managerName);
}

void FakeNetworkManager::setState(uint state)
{
    m_state = state;
    m_speaker.say(managerPath, managerName, "StateChanged", {state});
}

void FakeNetworkManager::setPrimary(const QString& path)
{
    m_primary = path;
    change({{QStringLiteral("PrimaryConnection"), QVariant::fromValue(primary())}});
}

void FakeNetworkManager::setMetered(uint metered)
{
    m_metered = metered;
    change({{QStringLiteral("Metered"), metered}});
}

void FakeNetworkManager::change(const QVariantMap& changed)
{
    m_speaker.say(managerPath, QStringLiteral("org.freedesktop.DBus.Properties"),
                  "PropertiesChanged", {managerName, changed, QStringList()});
}

} // namespace avocet::test
