// SPDX-License-Identifier: GPL-3.0-or-later
// A system bus of the test's own, with as much of NetworkManager and logind on it as a client sees.
#pragma once

#include <QDBusConnection>
#include <QDBusObjectPath>
#include <QObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QVariant>

namespace avocet::test {

inline const QString managerName = QStringLiteral("org.freedesktop.NetworkManager");
inline const QString managerPath = QStringLiteral("/org/freedesktop/NetworkManager");
inline const QString logindName = QStringLiteral("org.freedesktop.login1");
inline const QString logindPath = QStringLiteral("/org/freedesktop/login1");

/// A real dbus-daemon on a fresh address.
class PrivateBus {
public:
    ~PrivateBus() { stop(); }
    static bool isInstalled();
    bool start();
    void stop();
    void signal(int number);
    QString socket() const { return m_directory.filePath(QStringLiteral("bus")); }
    QString address() const { return QStringLiteral("unix:path=") + socket(); }

private:
    QTemporaryDir m_directory;
    QProcess m_daemon;
};

/// Speaks as `service` on the bus.
class Speaker {
public:
    Speaker(const PrivateBus& bus, const QString& service);
    ~Speaker() { QDBusConnection::disconnectFromBus(m_name); }
    QDBusConnection& connection() { return m_connection; }
    void say(const QString& path, const QString& interface, const char* name,
             const QVariantList& arguments);
    void fallAsleep(bool falling);

private:
    static inline int s_serial = 0;
    QString m_name;
    QDBusConnection m_connection;
};

class FakeNetworkManager : public QObject {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.NetworkManager")
    Q_PROPERTY(uint State READ state)
    Q_PROPERTY(QDBusObjectPath PrimaryConnection READ primary)
    Q_PROPERTY(uint Metered READ metered)
public:
    FakeNetworkManager(const PrivateBus& bus, uint state);
    uint state() const { return m_state; }
    uint metered() const { return m_metered; }
    QDBusObjectPath primary() const { return QDBusObjectPath(m_primary); }
    void setState(uint state);
    void setPrimary(const QString& path);
    /// NMMetered: 1 yes, 2 no, 3 guessed yes, 4 guessed no.
    void setMetered(uint metered);

private:
    void change(const QVariantMap& changed);

    Speaker m_speaker;
    uint m_state;
    uint m_metered = 4;
    QString m_primary = QStringLiteral("/org/freedesktop/NetworkManager/ActiveConnection/1");
};

} // namespace avocet::test
