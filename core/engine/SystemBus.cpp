// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/SystemBus.h"

#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

#include <atomic>
#include <chrono>
#include <unistd.h>

namespace avocet {

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 5s;
constexpr qint64 longestAnswer = 1024;

const QString busService = QStringLiteral("org.freedesktop.DBus");
const QString busPath = QStringLiteral("/org/freedesktop/DBus");
const QString properties = QStringLiteral("org.freedesktop.DBus.Properties");
const QString manager = QStringLiteral("org.freedesktop.NetworkManager");
const QString managerPath = QStringLiteral("/org/freedesktop/NetworkManager");
const QString logind = QStringLiteral("org.freedesktop.login1");
const QString logindPath = QStringLiteral("/org/freedesktop/login1");
const QString logindInterface = QStringLiteral("org.freedesktop.login1.Manager");
const QString stateKey = QStringLiteral("State");
const QString primaryKey = QStringLiteral("PrimaryConnection");
const QString meteredKey = QStringLiteral("Metered");

struct SocketName {
    QString name;
    bool abstract = false;
};

/// The first entry of a D-Bus address that is a socket of this machine.
std::optional<SocketName> socketOf(const QString& address)
{
    constexpr QStringView kind = u"unix:";
    for (const QString& entry : address.split(u';', Qt::SkipEmptyParts)) {
        if (!entry.startsWith(kind))
            continue;
        for (const QString& pair : entry.mid(kind.size()).split(u',')) {
            const QString value = QString::fromLocal8Bit(
                QByteArray::fromPercentEncoding(pair.section(u'=', 1).toLatin1()));
            if (pair.startsWith(u"path="))
                return SocketName{value, false};
            if (pair.startsWith(u"abstract="))
                return SocketName{value, true};
        }
    }
    return std::nullopt;
}

} // namespace

SystemBus::SystemBus(const QString& address, QObject* parent)
    : QObject(parent)
    , m_address(address)
{
    static std::atomic<int> serial = 0;
    m_name = QStringLiteral("avocet-system-%1").arg(++serial);
    m_patience.setSingleShot(true);
    m_patience.setInterval(patience);
    connect(&m_patience, &QTimer::timeout, this, [this] { m_probe.abort(); });
    connect(&m_probe, &QLocalSocket::connected, this, [this] {
        const QByteArray user = QByteArray::number(::getuid()).toHex();
        m_probe.write(QByteArray(1, '\0') + "AUTH EXTERNAL " + user + "\r\n");
    });
    connect(&m_probe, &QLocalSocket::readyRead, this, &SystemBus::probed);
    connect(&m_probe, &QLocalSocket::errorOccurred, &m_patience, &QTimer::stop);
    connect(&m_watcher, &QDBusServiceWatcher::serviceOwnerChanged, this,
            [this](const QString& service, const QString&, const QString& owner) {
                noteOwner(service, owner);
            });
}

SystemBus::~SystemBus()
{
    disconnect(&m_probe, nullptr, this, nullptr);
    blockSignals(true); // whoever owns this is going too
    close();
}

QString SystemBus::systemAddress()
{
    const QString given = qEnvironmentVariable("DBUS_SYSTEM_BUS_ADDRESS");
    return given.isEmpty() ? QStringLiteral("unix:path=/var/run/dbus/system_bus_socket") : given;
}

void SystemBus::open()
{
    const auto socket = socketOf(m_address);
    if (m_bus || m_patience.isActive() || !socket)
        return;
    m_probe.abort();
    m_patience.start();
    m_probe.setSocketOptions(socket->abstract ? QLocalSocket::AbstractNamespaceOption
                                              : QLocalSocket::NoOptions);
    m_probe.connectToServer(socket->name);
}

void SystemBus::probed()
{
    if (!m_patience.isActive() ||
        (!m_probe.canReadLine() && m_probe.bytesAvailable() < longestAnswer))
        return;
    const bool welcome = m_probe.readLine(longestAnswer).startsWith("OK ");
    m_patience.stop();
    m_probe.abort();
    if (!welcome)
        return;
    const QDBusConnection bus = QDBusConnection::connectToBus(m_address, m_name);
    if (!bus.isConnected()) {
        QDBusConnection::disconnectFromBus(m_name);
        return;
    }
    m_bus = bus;
    connectSignals();
    askOwner(manager);
    askOwner(logind);
    Q_EMIT opened();
}

void SystemBus::connectSignals()
{
    // Without a sender's name, since QtDBus would wait for the daemon to resolve it; every slot looks at the
    // sender instead, or any user of this machine could make us reconnect.
    const QString anyone;
    m_bus->connect(anyone, managerPath, manager, QStringLiteral("StateChanged"), this,
                   SLOT(takeState(uint, QDBusMessage)));
    m_bus->connect(anyone, managerPath, properties, QStringLiteral("PropertiesChanged"), this,
                   SLOT(takeProperties(QString, QVariantMap, QStringList, QDBusMessage)));
    m_bus->connect(anyone, logindPath, logindInterface, QStringLiteral("PrepareForSleep"), this,
                   SLOT(takeSleep(bool, QDBusMessage)));
    m_bus->connect(anyone, QStringLiteral("/org/freedesktop/DBus/Local"),
                   QStringLiteral("org.freedesktop.DBus.Local"), QStringLiteral("Disconnected"),
                   this, SLOT(close()));
    m_watcher.setConnection(*m_bus);
    m_watcher.setWatchMode(QDBusServiceWatcher::WatchForOwnerChange);
    m_watcher.setWatchedServices({manager, logind});
}

void SystemBus::close()
{
    m_patience.stop();
    if (!m_bus)
        return;
    m_watcher.setWatchedServices({});
    m_bus.reset();
    QDBusConnection::disconnectFromBus(m_name);
    m_networkManager.clear();
    m_logind.clear();
    m_managerAnswered = false;
    m_primary.clear();
    Q_EMIT closed();
}

void SystemBus::askOwner(const QString& service)
{
    auto question = QDBusMessage::createMethodCall(busService, busPath, busService,
                                                   QStringLiteral("GetNameOwner"));
    question << service;
    auto* answer = new QDBusPendingCallWatcher(m_bus->asyncCall(question), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this, [this, service, answer] {
        const QDBusPendingReply<QString> owner = *answer;
        answer->deleteLater();
        if (m_bus && owner.isValid())
            noteOwner(service, owner.value());
    });
}

void SystemBus::noteOwner(const QString& service, const QString& owner)
{
    if (service == logind) {
        m_logind = owner;
        return;
    }
    if (std::exchange(m_networkManager, owner) == owner)
        return;
    m_managerAnswered = false;
    m_primary.clear();
    if (owner.isEmpty()) {
        Q_EMIT meteredChanged(false);
        Q_EMIT networkStateChanged(Unknown);
    } else {
        askNetworkManager();
    }
}

void SystemBus::askNetworkManager()
{
    auto question = QDBusMessage::createMethodCall(m_networkManager, managerPath, properties,
                                                   QStringLiteral("GetAll"));
    question.setAutoStartService(false);
    question << manager;
    auto* answer = new QDBusPendingCallWatcher(m_bus->asyncCall(question), this);
    connect(answer, &QDBusPendingCallWatcher::finished, this,
            [this, owner = m_networkManager, answer] {
                const QDBusPendingReply<QVariantMap> all = *answer;
                answer->deleteLater();
                if (m_bus && all.isValid() && owner == m_networkManager) {
                    m_managerAnswered = true;
                    takeNetworkManager(all.value());
                }
            });
}

void SystemBus::takeNetworkManager(const QVariantMap& values)
{
    // Before the state, which may have bodies fetched. NMMetered: 1 is yes, 3 guessed yes.
    if (const auto metered = values.constFind(meteredKey); metered != values.cend())
        Q_EMIT meteredChanged(metered->toUInt() == 1 || metered->toUInt() == 3);
    if (const auto state = values.constFind(stateKey); state != values.cend())
        Q_EMIT networkStateChanged(state->toUInt());
    const auto primary = values.constFind(primaryKey);
    if (primary == values.cend())
        return;
    const QString path = qvariant_cast<QDBusObjectPath>(*primary).path();
    const QString before = std::exchange(m_primary, path);
    // "/" is none; what is known for the first time is no change.
    if (!before.isEmpty() && before != path && path != u"/")
        Q_EMIT primaryConnectionChanged();
}

void SystemBus::takeState(uint state, const QDBusMessage& message)
{
    if (!m_networkManager.isEmpty() && message.service() == m_networkManager)
        Q_EMIT networkStateChanged(state);
}

void SystemBus::takeProperties(const QString& interface, const QVariantMap& changed,
                               const QStringList&, const QDBusMessage& message)
{
    if (!m_networkManager.isEmpty() && message.service() == m_networkManager &&
        interface == manager)
        takeNetworkManager(changed);
}

void SystemBus::takeSleep(bool falling, const QDBusMessage& message)
{
    if (!falling && !m_logind.isEmpty() && message.service() == m_logind)
        Q_EMIT wokeUp();
}

} // namespace avocet
